package demo

import (
	"cmp"
	"fmt"
	"slices"

	"kith/internal/kit/period"
)

// begin makes the children who are in need on the day before the story starts.
func (p *population) begin() {
	for range opening.lookedAfter {
		p.beginInCare()
	}
	for range opening.onPlans {
		k := p.beginInNeed(700)
		p.plan(k, before.AddDays(-p.dice.between(10, 500)))
		p.moveReferral(k, k.protection.start.AddDays(-p.dice.between(30, 60)))
	}
	for range 29 {
		k := p.beginInNeed(900)
		k.child.dob = before.AddDays(-p.dice.between(1900, 4400))
		k.child.disabilities = someOf(p.dice, disabilities, 2)
		k.need = "N2"
		k.shortBreaks = []stay{{"V4", k.referral.AddDays(p.dice.between(60, 90)), period.Date{}}}
	}
	for len(p.open) < opening.inNeed {
		p.beginInNeed(1300)
	}
}

// beginInNeed makes a case that has been open for up to so many days before the
// start.
func (p *population) beginInNeed(days int) *inNeed {
	at := before.AddDays(-p.dice.between(120, days))
	c := p.newChild(at)
	if c.dob.AddYears(18).Before(before.AddDays(2)) {
		c.dob = c.dob.AddYears(4)
	}
	k := p.refer(c, at)
	p.assess(k)
	p.open = append(p.open, k)
	return k
}

// moveReferral has a case begin earlier than it was first said to.
func (p *population) moveReferral(k *inNeed, at period.Date) {
	if at.Before(k.referral) {
		k.referral = at
		p.assess(k)
	}
}

// beginInCare makes a child who has been looked after for up to nine years.
func (p *population) beginInCare() {
	d := p.dice
	days := draw(d, []share[int]{{40, d.between(20, 500)}, {35, d.between(500, 1500)}, {25, d.between(1500, 3300)}})
	begin := before.AddDays(-days)
	age := d.between(0, max(60, 6400-days)) // days old when care began; nobody is 18 yet
	c := p.childBorn(begin.AddDays(-age))
	k := p.refer(c, begin.AddDays(-d.between(0, min(60, age))))
	p.assess(k)
	if age > 5700 && d.chance(200) {
		c.asylum, k.need = true, "N8"
	}
	k.care = &care{start: begin}
	p.open = append(p.open, k)
}

// play plays one year, so that it ends with exactly what its target says.
func (p *population) play(y period.Year, t target) {
	year := y.Span()
	p.referrals(year, t.referrals)
	p.startPlans(year, t.startPlans)
	p.shortBreaks(year, t)
	p.startCare(year, t.startCare)
	p.endCare(year, t.lookedAfter)
	p.endPlans(year, t.onPlans)
	p.otherEnquiries(year)
	p.closeCases(year, t.inNeed)
}

// referrals brings a year's referrals, about a fifth of them of children who had
// been referred within the twelve months before.
func (p *population) referrals(year period.Span, n int) {
	d := p.dice
	known := p.closedBefore(year.From)
	days := make([]period.Date, n)
	for i := range days {
		days[i] = d.workday(year.From, year.To)
	}
	slices.SortFunc(days, period.Date.Compare)
	for _, at := range days {
		c := p.returning(&known, at)
		if c == nil {
			c = p.newChild(at)
		}
		k := p.refer(c, at)
		if d.chance(68) {
			k.nfa, k.need = true, ""
			known = append(known, c)
			continue
		}
		p.assess(k)
		if d.chance(330) {
			k.closed = awayFromYearEnd(k.assessed.authorised.AddDays(d.between(0, 3)))
			k.reason = "RC8"
			if year.From.Year >= 2022 && d.chance(420) {
				k.reason = "RC9"
			}
			known = append(known, c)
			p.open = append(p.open, k)
			continue
		}
		p.open = append(p.open, k)
	}
}

// closedBefore lists the children whose last case closed in the year before a day.
func (p *population) closedBefore(at period.Date) []*child {
	var out []*child
	for _, c := range p.children {
		k := c.cases[len(c.cases)-1]
		if !k.closed.IsZero() && k.closed.After(at.AddYears(-1)) {
			out = append(out, c)
		}
	}
	return out
}

// returning takes, one time in five, a child who is known from the twelve months
// before, not in need now and young enough; otherwise none.
func (p *population) returning(known *[]*child, at period.Date) *child {
	d := p.dice
	if len(*known) == 0 || !d.chance(205) {
		return nil
	}
	for range 80 {
		i := d.below(len(*known))
		c := (*known)[i]
		k := c.cases[len(c.cases)-1]
		ended := k.closed
		if k.nfa {
			ended = k.referral
		}
		if ended.IsZero() || ended.AddDays(10).After(at) || k.referral.AddDays(360).Before(at) ||
			c.dob.AddYears(17).Before(at) ||
			k.reason == "RC1" || c.dob.After(at) {
			continue
		}
		(*known)[i] = (*known)[len(*known)-1]
		*known = (*known)[:len(*known)-1]
		return c
	}
	return nil
}

// awayFromYearEnd moves an ending on 31 March a day on: whether something that
// ends that day is open that day is a question to keep out of a demonstration.
func awayFromYearEnd(at period.Date) period.Date {
	if at.Month == 3 && at.Day == 31 {
		return at.AddDays(1)
	}
	return at
}

// choose gives n of the cases that fit, by chance. Tidewell is large enough that
// there always are as many; where not, its targets are wrong.
func (p *population) choose(what string, n int, fits func(*inNeed) bool) []*inNeed {
	var out []*inNeed
	for _, k := range p.open {
		if fits(k) {
			out = append(out, k)
		}
	}
	if len(out) < n || n < 0 {
		panic(fmt.Sprintf("the demonstration cannot %s %d of %d", what, n, len(out)))
	}
	shuffle(p.dice, out)
	return out[:n]
}

// plan puts a case on a child protection plan from a conference on about that day.
func (p *population) plan(k *inNeed, at period.Date) {
	d := p.dice
	days := d.between(6, 15)
	if d.chance(215) {
		days = d.between(16, 27)
	}
	begin := at
	conference := period.AddWorkingDays(begin, days)
	k.enquiries = append(k.enquiries, enquiry{start: begin, target: period.AddWorkingDays(begin, 15),
		conference: conference})
	first := draw(d, categories)
	latest := first
	if d.chance(60) {
		latest = draw(d, categories)
	}
	k.protection = &protection{start: conference, initial: first, latest: latest, previous: k.child.plansBefore}
	k.child.plansBefore++
}

// startPlans begins child protection plans in cases that have none.
func (p *population) startPlans(year period.Span, n int) {
	d := p.dice
	fits := func(k *inNeed) bool {
		return k.closed.IsZero() && k.protection == nil && k.care == nil && len(k.shortBreaks) == 0 &&
			k.referral.Before(year.To.AddDays(-50)) && k.child.dob.AddYears(16).After(year.To)
	}
	for _, k := range p.choose("put on plans", n, fits) {
		from := k.referral
		if from.Before(year.From) {
			from = year.From
		}
		to := from.AddDays(20)
		if k.referral.Before(year.From) || d.chance(300) {
			to = year.To.AddDays(-45)
		}
		p.plan(k, d.workday(from, earlier(to, year.To.AddDays(-45))))
	}
}

// otherEnquiries adds the enquiries under section 47 that led to no plan; about
// one in nine had a conference all the same.
func (p *population) otherEnquiries(year period.Span) {
	d := p.dice
	for _, k := range p.open {
		if !year.Contains(k.referral) || len(k.enquiries) > 0 || len(k.shortBreaks) > 0 || !d.chance(290) {
			continue
		}
		begin := period.AddWorkingDays(k.referral, d.between(0, 5))
		e := enquiry{start: begin, target: period.AddWorkingDays(begin, 15), notRequired: true}
		if k.reason == "" && d.chance(110) {
			e.notRequired, e.conference = false, period.AddWorkingDays(begin, d.between(8, 15))
		}
		k.enquiries = append(k.enquiries, e)
	}
}

// closeCases closes cases until target children are in need at the year's end,
// the grown-up and the adopted first.
func (p *population) closeCases(year period.Span, target int) {
	d := p.dice
	idle := func(k *inNeed) bool { return k.closed.IsZero() && !k.busyAt(year.To) }
	due := func(k *inNeed) bool {
		return idle(k) && (!k.child.dob.AddYears(18).After(year.To) || k.care != nil && ending[k.care.reason] != "")
	}
	now := p.count(func(k *inNeed) bool { return k.openAt(year.To) })
	must := p.choose("close the due cases of", p.count(due), due)
	closing := append(must, p.choose("close cases of", now-len(must)-target,
		func(k *inNeed) bool { return idle(k) && !due(k) })...)
	for _, k := range closing {
		from := later(year.From, k.lastEvent().AddDays(1))
		k.closed = later(from, earlier(year.To.AddDays(-1), d.day(from, later(from, year.To.AddDays(-1)))))
		k.reason = draw(d, []share[string]{{90, "RC7"}, {5, "RC5"}, {3, "RC3"}, {2, "RC4"}})
		if k.care != nil && ending[k.care.reason] != "" {
			k.closed, k.reason = later(year.From, k.lastEvent()), ending[k.care.reason]
		}
	}
	p.open = slices.DeleteFunc(p.open, func(k *inNeed) bool { return !k.closed.IsZero() && !k.closed.After(year.To) })
}

// ending gives the reason for closing the case of a child who left care so.
var ending = map[string]string{"E11": "RC1", "E12": "RC1", "E45": "RC4", "E46": "RC4", "E7": "RC6", "E41": "RC3"}

func (p *population) count(fits func(*inNeed) bool) int {
	n := 0
	for _, k := range p.open {
		if fits(k) {
			n++
		}
	}
	return n
}

// finish adds what follows from the rest: the reviews of plans. Children are put
// in the order of their numbers.
func (p *population) finish() {
	d := diceFor("plan reviews")
	slices.SortFunc(p.children, func(a, b *child) int { return cmp.Compare(a.number, b.number) })
	for _, c := range p.children {
		for _, k := range c.cases {
			if k.protection == nil {
				continue
			}
			last := k.protection.end
			if last.IsZero() {
				last = after.AddDays(1)
			}
			at := period.AddWorkingDays(k.protection.start.AddDays(d.between(70, 84)), 1)
			for at.Before(last) {
				k.protection.reviews = append(k.protection.reviews, at)
				gap := d.between(140, 181)
				if d.chance(35) {
					gap = d.between(186, 215)
				}
				at = period.AddWorkingDays(at.AddDays(gap-1), 1)
			}
		}
	}
}

func later(a, b period.Date) period.Date {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b period.Date) period.Date {
	if a.Before(b) {
		return a
	}
	return b
}
