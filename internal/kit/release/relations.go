package release

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/sdc"
)

// A relation ties counts of several populations, which are then protected together.
type relation struct {
	of sdc.Identity
	// supposed: a reader can only suppose it, since what was printed before may have been
	// counted otherwise than what is printed now.
	supposed bool
}

// populations lists the populations that a relation names.
func (r relation) populations() []string {
	var out []string
	for _, p := range r.of.Parts {
		out = append(out, p.Ref.Population)
	}
	return out
}

// relations are all that ties the populations of a release to each other and to earlier ones.
func (c *Collection) relations(ctx context.Context, l *Ledger) ([]relation, error) {
	out := c.inTime(l)
	declared, err := c.declared(ctx, l)
	if err != nil {
		return nil, err
	}
	return append(append(out, declared...), c.corrections(l)...), nil
}

// inTime ties a period to those that are parts of it: a year is its months. Where periods
// overlap otherwise, what they share and what they do not are counts that are not printed.
func (c *Collection) inTime(l *Ledger) []relation {
	printed := map[string]map[period.Span]map[spot]bool{} // by universe: which counts of which periods
	note := func(universe string, span period.Span, s spot) {
		if printed[universe] == nil {
			printed[universe] = map[period.Span]map[spot]bool{}
		}
		if printed[universe][span] == nil {
			printed[universe][span] = map[spot]bool{}
		}
		printed[universe][span][s] = true
	}
	here := map[string]bool{}
	for _, name := range c.names {
		p := c.counts[name]
		if p.at.Period.IsZero() {
			continue
		}
		here[p.universe] = true
		note(p.universe, p.at.Period, spot{})
		for _, x := range p.cuts {
			for code := range x.count {
				note(p.universe, p.at.Period, spot{x.dim.ID, code})
			}
		}
	}
	for _, e := range l.editions {
		if here[e.universe] && !e.span.IsZero() {
			for s := range e.printed {
				note(e.universe, e.span, s)
			}
		}
	}
	var out []relation
	for _, universe := range slices.Sorted(maps.Keys(here)) {
		spots := map[spot]bool{}
		for _, of := range printed[universe] {
			maps.Copy(spots, of)
		}
		for _, s := range slices.SortedFunc(maps.Keys(spots), compareSpots) {
			var spans []period.Span
			for span, of := range printed[universe] {
				if of[s] {
					spans = append(spans, span)
				}
			}
			slices.SortFunc(spans, compareSpans)
			name := func(span period.Span) string {
				base := universe + between + span.String()
				return editionName(base, c.edition(base, l))
			}
			older := slices.ContainsFunc(spans, func(span period.Span) bool {
				return c.counts[universe+between+span.String()] == nil
			})
			out = append(out, additive(spans, s, name, older)...)
		}
	}
	return out
}

func compareSpans(a, b period.Span) int {
	if n := a.From.Compare(b.From); n != 0 {
		return n
	}
	return a.To.Compare(b.To)
}

// additive ties each of the periods to the parts into which they cut one another.
func additive(spans []period.Span, s spot, name func(period.Span) string, supposed bool) []relation {
	var out []relation
	for i, whole := range spans {
		cuts := []period.Date{whole.From, whole.To.AddDays(1)}
		for j, other := range spans {
			if i == j {
				continue
			}
			for _, at := range []period.Date{other.From, other.To.AddDays(1)} {
				if at.After(whole.From) && !at.After(whole.To) {
					cuts = append(cuts, at)
				}
			}
		}
		slices.SortFunc(cuts, period.Date.Compare)
		cuts = slices.Compact(cuts)
		if len(cuts) == 2 {
			continue
		}
		r := relation{supposed: supposed}
		r.of.Parts = []sdc.Part{{Ref: sdc.Ref{Population: name(whole), Codes: s.codes()}, Factor: 1}}
		for k := 1; k < len(cuts); k++ {
			part := period.Span{From: cuts[k-1], To: cuts[k].AddDays(-1)}
			r.of.Parts = append(r.of.Parts, sdc.Part{Ref: sdc.Ref{Population: name(part), Codes: s.codes()}, Factor: -1})
		}
		out = append(out, r)
	}
	return out
}

// edition is the one that a population now has.
func (c *Collection) edition(base string, l *Ledger) int {
	if p := c.counts[base]; p != nil {
		return p.edition
	}
	if e := l.editions[base]; e != nil {
		return e.number
	}
	return 1
}

// corrections tie what is printed anew to what it corrects: where a reader is not shown a
// difference he may suppose that there is none.
func (c *Collection) corrections(l *Ledger) []relation {
	var out []relation
	for _, name := range c.names {
		p, was := c.counts[name], l.editions[name]
		if was == nil || p.edition == was.number {
			continue
		}
		for _, s := range slices.SortedFunc(maps.Keys(was.printed), compareSpots) {
			n, ok := p.truth(s)
			before := was.printed[s]
			if !ok || !before.hidden && before.count != n {
				continue
			}
			r := relation{supposed: before.hidden}
			for _, e := range []struct {
				edition int
				factor  int64
			}{{p.edition, 1}, {was.number, -1}} {
				r.of.Parts = append(r.of.Parts, sdc.Part{Factor: e.factor,
					Ref: sdc.Ref{Population: editionName(name, e.edition), Codes: s.codes()}})
			}
			out = append(out, r)
		}
	}
	return out
}

// declared are the identities that figures declare, at each time at which two or more of
// their counts are printed. Those of a time that do not hold in the records tell a reader
// nothing that is true, and are left out.
func (c *Collection) declared(ctx context.Context, l *Ledger) ([]relation, error) {
	all, err := c.figures.All(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]*figure.Definition{}
	for _, d := range all {
		byID[d.ID] = d
	}
	var out []relation
	for _, d := range all {
		if len(d.Identities) == 0 {
			continue
		}
		for _, at := range c.timesOf(d, byID) {
			names := map[string]string{} // of the figures that are printed at that time
			for _, id := range d.Identities {
				for _, t := range id {
					if t.Figure == "" || byID[t.Figure] == nil {
						continue
					}
					base := baseName(byID[t.Figure].Universe, at)
					if c.counts[base] != nil || l.editions[base] != nil {
						names[t.Figure] = base
					}
				}
			}
			if len(names) < 2 {
				continue
			}
			holds, err := c.holds(ctx, d.Identities, at)
			if err != nil {
				return nil, err
			}
			if holds {
				out = append(out, c.tie(d.Identities, at, names, l)...)
			}
		}
	}
	return out, nil
}

// tie writes identities over populations.
func (c *Collection) tie(ids []figure.Identity, at figure.Ask, names map[string]string, l *Ledger) []relation {
	var out []relation
	older := false
	for _, base := range names {
		older = older || c.counts[base] == nil
	}
	for _, id := range ids {
		r := relation{supposed: older}
		for _, t := range id {
			name := baseName("("+t.Count+")", at)
			if t.Figure != "" {
				name = baseName("("+t.Figure+")", at) // not printed
			}
			if base := names[t.Figure]; base != "" {
				name = editionName(base, c.edition(base, l))
			}
			r.of.Parts = append(r.of.Parts, sdc.Part{Ref: sdc.Ref{Population: name, Codes: map[string]string{}},
				Factor: t.Factor})
		}
		out = append(out, r)
	}
	return out
}

// timesOf lists the times of this release at which a figure of a definition's identities is
// counted.
func (c *Collection) timesOf(d *figure.Definition, byID map[string]*figure.Definition) []figure.Ask {
	var out []figure.Ask
	seen := map[string]bool{}
	for _, name := range c.names {
		p := c.counts[name]
		for _, id := range d.Identities {
			for _, t := range id {
				if x := byID[t.Figure]; x != nil && x.Universe == p.universe && !seen[fmt.Sprint(p.at)] {
					seen[fmt.Sprint(p.at)] = true
					out = append(out, p.at)
				}
			}
		}
	}
	return out
}

// holds reports whether identities are true in the records: what no figure counts is worked
// out from the rest, and can be no less than none.
func (c *Collection) holds(ctx context.Context, ids []figure.Identity, at figure.Ask) (bool, error) {
	known := map[figure.Term]int64{}
	for _, id := range ids {
		for _, t := range id {
			if t.Figure == "" {
				continue
			}
			v, err := c.figures.One(ctx, t.Figure, at)
			switch {
			case err == nil:
				known[figure.Term{Figure: t.Figure}] = v.Numerator
			case !telling(err):
				return false, err
			}
		}
	}
	for again := true; again; {
		again = false
		for _, id := range ids {
			var missing []figure.Term
			sum := int64(0)
			for _, t := range id {
				n, ok := known[figure.Term{Figure: t.Figure, Count: t.Count}]
				if !ok {
					missing = append(missing, t)
					continue
				}
				sum += t.Factor * n
			}
			switch {
			case len(missing) == 0 && sum != 0:
				return false, nil
			case len(missing) == 1:
				t := missing[0]
				if n := -sum / t.Factor; n < 0 || n*t.Factor != -sum {
					return false, nil
				}
				known[figure.Term{Figure: t.Figure, Count: t.Count}] = -sum / t.Factor
				again = true
			}
		}
	}
	return true, nil
}
