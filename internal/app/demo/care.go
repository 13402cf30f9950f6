package demo

import (
	"cmp"
	"fmt"
	"slices"

	"kith/internal/kit/period"
)

// An episode is a row of the SSDA903's episodes table: a time in care during
// which neither the legal status nor the placement changed.
type episode struct {
	begin    period.Date
	why      string // RNE: S started, L legal status changed, P placement, B both
	legal    string
	place    placement
	end      period.Date
	ceased   string // REC; X1 when another episode follows
	moveWhy  string // reason for placement change, on the episode that ends by one
	homePost string
}

// A placement is where a looked-after child lives.
type placement struct {
	kind, provider, post, urn string
}

// A careRecord is everything the SSDA903 asks about one period of care.
type careRecord struct {
	child    *child
	need     string
	begin    period.Date
	end      period.Date
	episodes []episode
	reviews  []review
	missing  []missingEpisode
	adoption *adoption
	leaver   bool // grew up in care: followed until 21
}

type review struct {
	held period.Date
	code string
}

type missingEpisode struct {
	kind       string // M missing, A away without authorisation
	begin, end period.Date
}

// adoption is how a child came to be adopted.
type adoption struct {
	decided, matched, placed period.Date
	adopters, sexes, status  string
	byFosterer               bool
}

// careRecords gives the records of every child who was looked after or had short
// breaks, in the order of their numbers.
func (p *population) careRecords() []careRecord {
	var out []careRecord
	for _, c := range p.children {
		d := diceFor("care " + c.id)
		home := postcode(d)
		for _, k := range c.cases {
			if k.care != nil {
				out = append(out, careHistory(d, k, home))
			}
			for _, s := range k.shortBreaks {
				out = append(out, shortBreak(d, k, s))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b careRecord) int {
		return cmp.Or(cmp.Compare(a.child.number, b.child.number), a.begin.Compare(b.begin))
	})
	return out
}

// shortBreak is a stay as the SSDA903 has it: one episode and nothing else, with
// no postcodes.
func shortBreak(d *dice, k *inNeed, s stay) careRecord {
	e := episode{begin: s.start, why: "S", legal: s.status, end: s.end,
		place: placement{kind: pick(d, []string{"K2", "U6"}), provider: "PR1", urn: "SC990101"}}
	if !s.end.IsZero() {
		e.ceased = "E4A"
	}
	return careRecord{child: k.child, need: k.need, begin: s.start, end: s.end, episodes: []episode{e}}
}

// A change is something that begins a new episode.
type change struct {
	at    period.Date
	legal string    // empty when it stays
	place placement // zero when it stays
	why   string
}

// careHistory tells one period of care from its beginning to its end, or to the
// end of the story.
func careHistory(d *dice, k *inNeed, home string) careRecord {
	r := careRecord{child: k.child, need: k.need, begin: k.care.start, end: k.care.end}
	horizon := k.care.end
	if horizon.IsZero() {
		horizon = after.AddDays(1)
	}
	if k.care.reason == "E11" || k.care.reason == "E12" {
		r.adoption = adopt(d, k.care)
	}
	changes := append(legalPath(d, k, r.adoption, horizon), placementPath(d, k, r.adoption, horizon)...)
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	r.episodes = episodesOf(changes, k, home)
	r.reviews = careReviews(d, k.child, k.care.start, horizon)
	r.missing = missingTimes(d, k.child, k.care.start, horizon)
	r.leaver = !k.care.end.IsZero() && k.child.dob.AgeOn(k.care.end) >= 16 && k.care.reason != "E4A" &&
		k.care.reason != "E9"
	return r
}

// adopt sets the dates of an adoption backwards from the day of the order.
func adopt(d *dice, c *care) *adoption {
	a := &adoption{placed: c.end.AddDays(-d.between(110, 190)), byFosterer: d.chance(120)}
	a.matched = a.placed.AddDays(-d.between(10, 40))
	a.decided = a.matched.AddDays(-d.between(60, 110))
	a.adopters, a.sexes, a.status = "2", draw(d, []share[string]{{80, "MF"}, {10, "MM"}, {10, "FF"}}), "L11"
	if a.sexes == "MF" {
		a.status = draw(d, []share[string]{{7, "L3"}, {3, "L11"}})
	}
	if d.chance(150) {
		a.adopters, a.sexes, a.status = "1", "F1", "L0"
	}
	return a
}

// legalPath gives the legal statuses of a period of care and when each began.
func legalPath(d *dice, k *inNeed, a *adoption, horizon period.Date) []change {
	at := k.care.start
	first := draw(d, []share[string]{{34, "V2"}, {51, "C1"}, {8, "L2"}, {7, "L1"}})
	if k.child.asylum {
		return []change{{at: at, legal: "V2"}}
	}
	path := []change{{at: at, legal: first}}
	next := func(days int, legal string) bool {
		at = at.AddDays(days)
		if !at.Before(horizon) || a != nil && !at.Before(a.decided.AddDays(20)) {
			return false
		}
		path = append(path, change{at: at, legal: legal})
		return true
	}
	open := true
	switch {
	case first == "L1":
		open = next(d.between(1, 3), "V2")
	case first == "L2":
		open = next(d.between(5, 8), "C1")
	}
	if open && path[len(path)-1].legal == "V2" && d.chance(620) {
		open = next(d.between(40, 220), "C1")
	}
	if open && path[len(path)-1].legal == "C1" && (a != nil || d.chance(860)) {
		next(d.between(170, 300), "C2")
	}
	if a != nil {
		path = append(path, change{at: a.decided.AddDays(25), legal: "E1"})
	}
	return path
}

// placementPath gives the placements of a period of care and when each began:
// more than half of children move in the first year, fewer later.
func placementPath(d *dice, k *inNeed, a *adoption, horizon period.Date) []change {
	at := k.care.start
	path := []change{{at: at, place: somewhere(d, k.child, at)}}
	days := d.between(15, 260)
	if d.chance(430) {
		days = d.between(300, 1600)
	}
	for {
		at = at.AddDays(days)
		if !at.Before(horizon.AddDays(-3)) || a != nil && !at.Before(a.placed.AddDays(-40)) {
			break
		}
		why := draw(d, []share[string]{{30, "PLACE"}, {25, "CARPL"}, {15, "CREQB"}, {9, "CREQO"}, {7, "CHILD"}, {6, "LAREQ"},
			{3, "STAND"}, {3, "ALLEG"}, {2, "CLOSE"}})
		path = append(path, change{at: at, place: somewhere(d, k.child, at), why: why})
		days = d.between(60, 1900)
	}
	if a != nil {
		kind := "A5"
		if a.byFosterer {
			kind = "A6"
		}
		path = append(path, change{at: a.placed, place: placement{kind, "PR1", postcode(d), ""}, why: "PLACE"})
	}
	return path
}

// somewhere chooses a placement for a child of that age.
func somewhere(d *dice, c *child, at period.Date) placement {
	age := c.dob.AgeOn(at)
	kinds := []share[string]{{18, "U1"}, {8, "U2"}, {9, "U3"}, {22, "U4"}, {10, "U5"}, {25, "U6"}, {8, "P1"}}
	switch {
	case age >= 16:
		kinds = []share[string]{{30, "H5"}, {20, "K2"}, {15, "U4"}, {25, "U6"}, {10, "P2"}}
	case age >= 9:
		kinds = append(kinds, share[string]{22, "K2"})
	}
	p := placement{kind: draw(d, kinds), provider: "PR1", post: postcode(d)}
	switch p.kind {
	case "P1":
		p.provider = "PR0"
	case "P2":
		p.kind, p.provider = "H5", "PR5"
		p.urn = fmt.Sprintf("SC9906%02d", d.between(1, 20))
	case "K2", "H5":
		p.provider = draw(d, []share[string]{{15, "PR1"}, {70, "PR4"}, {15, "PR5"}})
		p.urn = fmt.Sprintf("SC9904%02d", d.between(1, 30))
	default:
		p.provider = draw(d, []share[string]{{62, "PR1"}, {32, "PR4"}, {6, "PR5"}})
		p.urn = "SC990100"
		if p.provider != "PR1" {
			p.urn = fmt.Sprintf("SC9902%02d", d.between(1, 12))
		}
	}
	return p
}

// postcode makes up a postcode of the area ZT, which does not exist.
func postcode(d *dice) string {
	const letters = "ABDEFGHJLNPQRSTUWXYZ"
	return fmt.Sprintf("ZT%d %d%c%c", d.between(1, 28), d.below(10), letters[d.below(len(letters))],
		letters[d.below(len(letters))])
}

// episodesOf turns changes, in the order of their days, into episodes: two
// changes on one day begin one episode.
func episodesOf(changes []change, k *inNeed, home string) []episode {
	if k.child.asylum {
		home = ""
	}
	var out []episode
	for _, c := range changes {
		n := len(out)
		if n > 0 && out[n-1].begin == c.at {
			e := &out[n-1]
			if c.legal != "" {
				e.legal = c.legal
			}
			if c.place.kind != "" {
				e.place = c.place
			}
			if e.why != "S" {
				e.why = "B"
				out[n-2].moveWhy = cmp.Or(out[n-2].moveWhy, c.why)
			}
			continue
		}
		e := episode{begin: c.at, why: "S", homePost: home}
		if n > 0 {
			last := &out[n-1]
			e.legal, e.place, e.why = last.legal, last.place, "L"
			last.end, last.ceased, last.moveWhy = c.at, "X1", c.why
		}
		if c.legal != "" {
			e.legal = c.legal
		}
		if c.place.kind != "" {
			e.place = c.place
			if n > 0 {
				e.why = "P"
			}
		}
		out = append(out, e)
	}
	last := &out[len(out)-1]
	last.end, last.ceased = k.care.end, k.care.reason
	return out
}

// careReviews holds a child's reviews: within 20 working days, within three
// months of that, then every six months. About one in fourteen is late.
func careReviews(d *dice, c *child, begin, horizon period.Date) []review {
	var out []review
	at := period.AddWorkingDays(begin, d.between(12, 20))
	for n := 0; at.Before(horizon); n++ {
		code := "PN0"
		if c.dob.AgeOn(at) >= 4 {
			code = draw(d, []share[string]{{46, "PN1"}, {9, "PN2"}, {3, "PN3"}, {4, "PN4"}, {20, "PN5"}, {14, "PN6"},
				{4, "PN7"}})
		}
		out = append(out, review{at, code})
		gap := d.between(140, 180)
		if n == 0 {
			gap = d.between(60, 88)
		}
		if d.chance(70) {
			gap += 28
		}
		at = period.AddWorkingDays(at.AddDays(gap-1), 1)
	}
	return out
}

// missingTimes are the times that a child was missing from where they live. Few
// children are, some of them often.
func missingTimes(d *dice, c *child, begin, horizon period.Date) []missingEpisode {
	from := later(begin.AddDays(7), c.dob.AddYears(11))
	if from.AddDays(40).After(horizon) || !d.chance(230) {
		return nil
	}
	var out []missingEpisode
	for at := from.AddDays(d.between(3, 200)); at.AddDays(6).Before(horizon); at = at.AddDays(d.between(8, 260)) {
		kind := "M"
		if d.chance(120) {
			kind = "A"
		}
		end := at.AddDays(draw(d, []share[int]{{6, 1}, {3, 2}, {1, 5}}))
		out = append(out, missingEpisode{kind, at, end})
		at = end
	}
	return out
}
