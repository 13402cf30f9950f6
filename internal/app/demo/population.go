package demo

import (
	"fmt"
	"slices"

	"kith/internal/kit/period"
)

// A target is what a year must count at its 31 March, and how much happens in it.
type target struct {
	referrals         int
	inNeed            int // at 31 March, each child once
	onPlans           int // at 31 March
	lookedAfter       int // at 31 March, short breaks left out
	startCare         int
	startPlans        int
	shortBreaksBegin  int
	shortBreaksFinish int
}

// before is the 31 March from which Tidewell is played forward, to the 31 March
// of after. The first and the last year are played and not written: the one gives
// the first written year its carried-over cases and its re-referrals, the other
// gives what is under way on the last written day, such as an adoption, its end.
var (
	before = period.Date{Year: 2020, Month: 3, Day: 31}
	after  = period.Date{Year: 2025, Month: 3, Day: 31}
)

// lastDay is the last day of which the files know.
var lastDay = period.Year(2023).End()

var (
	opening = target{inNeed: 2588, onPlans: 347, lookedAfter: 824}
	targets = []struct {
		year period.Year
		target
	}{
		{2020, target{referrals: 3874, inNeed: 2607, onPlans: 352, lookedAfter: 821, startCare: 251, startPlans: 438,
			shortBreaksBegin: 5, shortBreaksFinish: 4}},
		{2021, target{referrals: 4021, inNeed: 2644, onPlans: 341, lookedAfter: 812, startCare: 262, startPlans: 441,
			shortBreaksBegin: 6, shortBreaksFinish: 5}},
		{2022, target{referrals: 4318, inNeed: 2731, onPlans: 389, lookedAfter: 794, startCare: 243, startPlans: 467,
			shortBreaksBegin: 4, shortBreaksFinish: 6}},
		{2023, target{referrals: 4147, inNeed: 2819, onPlans: 372, lookedAfter: 777, startCare: 236, startPlans: 449,
			shortBreaksBegin: 7, shortBreaksFinish: 5}},
		{2024, target{referrals: 4176, inNeed: 2804, onPlans: 366, lookedAfter: 770, startCare: 240, startPlans: 452,
			shortBreaksBegin: 5, shortBreaksFinish: 6}},
	}
)

// A child is known to children's social care at some time between 2020 and 2024.
type child struct {
	id           string
	number       int
	sex          int // 1 male, 2 female, as the census codes them
	dob          period.Date
	ethnicity    string
	upn          string // empty when unknown
	upnUnknown   string // why, when it is
	disabilities []string
	plansBefore  int // child protection plans before the first in the files
	asylum       bool
	cases        []*inNeed // oldest first; they do not overlap
}

// inNeed is one time that a child was referred and what came of it: the census's
// "CIN details".
type inNeed struct {
	child       *child
	referral    period.Date
	source      string
	need        string
	nfa         bool        // no further action at referral
	assessed    assessment  // absent for nfa
	closed      period.Date // zero while open
	reason      string
	enquiries   []enquiry
	protection  *protection
	care        *care
	shortBreaks []stay // V4 or V3, which DfE does not count as looked after
}

// An assessment is a social worker's, with what was found.
type assessment struct {
	start, authorised period.Date
	factors           []string
}

// An enquiry is one under section 47, and the conference it may have led to.
type enquiry struct {
	start, target, conference period.Date
	notRequired               bool
}

// protection is a child protection plan.
type protection struct {
	start, end      period.Date
	initial, latest string
	previous        int
	reviews         []period.Date
}

// care is one period of being looked after.
type care struct {
	start, end period.Date
	reason     string // how it ended
}

// A stay is a short break: one stay (V3) or an agreed series of them (V4).
type stay struct {
	status     string
	start, end period.Date
}

// population is every child there is, and chance.
type population struct {
	dice     *dice
	children []*child
	open     []*inNeed // the cases that may still be open
}

// newPopulation plays Tidewell forward, year by year.
func newPopulation() *population {
	p := &population{dice: diceFor("children")}
	p.begin()
	for _, t := range targets {
		p.play(t.year, t.target)
	}
	p.finish()
	return p
}

// newChild makes up a child who is referred on a day, between 22 weeks before
// birth and the 17th birthday.
func (p *population) newChild(referred period.Date) *child {
	d := p.dice
	days := draw(d, []share[func() int]{
		{4, func() int { return -d.between(14, 154) }},
		{14, func() int { return d.between(1, 720) }},
		{24, func() int { return d.between(721, 1825) }},
		{34, func() int { return d.between(1826, 4015) }},
		{28, func() int { return d.between(4016, 6200) }},
	})()
	c := p.childBorn(referred.AddDays(-days))
	return c
}

// childBorn makes up a child with a birthday.
func (p *population) childBorn(dob period.Date) *child {
	d := p.dice
	if dob.Month == 3 && dob.Day >= 30 || dob.Month == 2 && dob.Day == 29 {
		dob = dob.AddDays(-4) // an 18th birthday at the very end of a year would make "open at 31 March" a matter of opinion
	}
	n := 100001 + 7*len(p.children)
	c := &child{
		id: fmt.Sprintf("DEMO%d", n), number: n, sex: 1 + d.below(2), dob: dob,
		ethnicity: draw(d, ethnicities), disabilities: []string{"NONE"},
	}
	if d.chance(110) {
		c.disabilities = someOf(d, disabilities, d.between(1, 2))
	}
	if d.chance(180) {
		c.plansBefore = draw(d, []share[int]{{8, 1}, {2, 2}})
	}
	switch {
	case dob.AddYears(4).After(lastDay):
		c.upnUnknown = "UN1"
	case d.chance(40):
		c.upnUnknown = "UN3"
	default:
		c.upn = pupilNumber(n, dob)
	}
	p.children = append(p.children, c)
	return c
}

// pupilNumber makes a unique pupil number with its right check letter.
func pupilNumber(n int, dob period.Date) string {
	const letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
	digits := fmt.Sprintf("%s%04d%02d%03d", lea, 1000+n/1000%1000, (dob.Year+4)%100, n%1000)
	sum := 0
	for i, r := range digits {
		sum += (i + 2) * int(r-'0')
	}
	return string(letters[sum%len(letters)]) + digits
}

// someOf gives n different ones of the items, in the items' order.
func someOf(d *dice, items []string, n int) []string {
	at := make([]int, len(items))
	for i := range at {
		at[i] = i
	}
	shuffle(d, at)
	at = at[:n]
	slices.Sort(at)
	var out []string
	for _, i := range at {
		out = append(out, items[i])
	}
	return out
}

// refer opens a case for a child.
func (p *population) refer(c *child, at period.Date) *inNeed {
	d := p.dice
	k := &inNeed{child: c, referral: at, source: draw(d, sources), need: draw(d, needs)}
	c.cases = append(c.cases, k)
	return k
}

// assess gives a case its assessment: 45 working days are allowed, and about one
// in six takes longer.
func (p *population) assess(k *inNeed) {
	d := p.dice
	begin := period.AddWorkingDays(k.referral, d.between(0, 3))
	days := d.between(12, 44)
	if d.chance(165) {
		days = d.between(46, 70)
	}
	k.assessed = assessment{start: begin, authorised: period.AddWorkingDays(begin, days),
		factors: someOf(d, factors, d.between(1, 4))}
}

// openAt reports whether a child with this case is in need on a day as DfE counts.
func (k *inNeed) openAt(at period.Date) bool {
	return !k.nfa && !k.referral.After(at) && (k.closed.IsZero() || k.closed.After(at))
}

// busyAt reports whether something keeps the case open on a day.
func (k *inNeed) busyAt(at period.Date) bool {
	last := len(k.shortBreaks) - 1
	return k.care != nil && k.care.end.IsZero() ||
		k.protection != nil && k.protection.end.IsZero() ||
		last >= 0 && k.shortBreaks[last].end.IsZero() ||
		!k.lastEvent().Before(at.AddDays(-3))
}

// lastEvent gives the last day on which something is known to happen in a case.
func (k *inNeed) lastEvent() period.Date {
	last := k.assessed.authorised
	see := func(at period.Date) {
		if at.After(last) {
			last = at
		}
	}
	for _, e := range k.enquiries {
		see(e.start.AddDays(1))
		see(e.conference)
	}
	if k.protection != nil {
		see(k.protection.start)
		see(k.protection.end)
	}
	if k.care != nil {
		see(k.care.start)
		see(k.care.end)
	}
	for _, s := range k.shortBreaks {
		see(s.end)
	}
	return last
}

var (
	ethnicities = []share[string]{
		{842, "WBRI"}, {7, "WIRI"}, {3, "WIRT"}, {27, "WOTH"}, {5, "WROM"}, {11, "MWBC"}, {12, "MWBA"}, {13, "MWAS"},
		{14, "MOTH"}, {6, "AIND"}, {4, "APKN"}, {7, "ABAN"}, {7, "AOTH"}, {3, "BCRB"}, {14, "BAFR"}, {5, "BOTH"},
		{3, "CHNE"}, {9, "OOTH"}, {2, "REFU"}, {6, "NOBT"},
	}
	disabilities = []string{"MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"}
	sources      = []share[string]{
		{60, "1A"}, {12, "1B"}, {8, "1C"}, {20, "1D"}, {190, "2A"}, {15, "2B"}, {28, "3A"}, {34, "3B"}, {62, "3C"},
		{30, "3D"}, {14, "3E"}, {9, "3F"}, {16, "4"}, {130, "5A"}, {28, "5B"}, {20, "5C"}, {280, "6"}, {32, "7"},
		{45, "8"}, {22, "9"}, {7, "10"},
	}
	needs = []share[string]{
		{560, "N1"}, {70, "N2"}, {38, "N3"}, {105, "N4"}, {150, "N5"}, {30, "N6"}, {7, "N7"}, {20, "N8"}, {20, "N0"},
	}
	factors = []string{
		"1B", "2B", "3A", "3B", "4A", "4B", "5A", "6A", "6B", "7A", "10A", "11A", "14A", "15A", "16A", "17A", "18C",
		"19C", "20", "24A",
	}
	categories = []share[string]{{46, "NEG"}, {40, "EMO"}, {9, "PHY"}, {5, "SAB"}}
)
