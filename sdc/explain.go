package sdc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/sdc/internal/exact"
)

// explain notes for every secondary which counts it protects.
func (res *Result) explain(s *suppressor) {
	protects := s.protects()
	res.Decisions = make([][]Decision, len(s.p.release.Tables))
	for t := range s.p.release.Tables {
		res.Decisions[t] = make([]Decision, len(s.p.release.Tables[t].Cells))
	}
	s.p.eachPlace(func(pl spot, id int) {
		for _, other := range protects[id] {
			res.Decisions[pl.table][pl.cell].Protects = append(res.Decisions[pl.table][pl.cell].Protects, s.p.q[other].label)
		}
	})
}

// protects lists by quantity the counts that would not stand if that secondary
// were shown; the secondaries are marked hidden when it is called.
func (s *suppressor) protects() map[int][]int {
	out := map[int][]int{}
	pr := s.newPruner()
	for i := range pr.b.parts {
		pt := &pr.b.parts[i]
		pt.solver = pr.b.solverAt(pt, s.base)
		for _, v := range pt.hidden {
			var low, high proof
			var ok bool
			err := s.m.Within(s.dearest(), func(m *exact.Meter) (err error) {
				low, high, ok, err = pr.certify(m, pt, v)
				return err
			})
			if err == nil && ok {
				id := pr.b.ids[pt.unknowns[v]]
				pr.low[id], pr.high[id] = low, high
				pr.listed = append(pr.listed, id)
			}
		}
	}
	for _, id := range s.order {
		if s.secondary[id] {
			out[id] = pr.needing(id)
		}
	}
	return out
}

// needing lists the counts that do not stand when a secondary is shown; when that
// is none, those whose certificate moves it.
func (pr *pruner) needing(id int) []int {
	u := pr.b.index[id]
	if u < 0 {
		return nil
	}
	pt := pr.b.partOf(u)
	v := pt.local[u]
	defer pt.solver.Limit(v, pt.sys.Lo[v], pt.sys.Hi[v])
	pt.solver.Limit(v, pr.s.base[id], pr.s.base[id])
	var need, use []int
	for _, other := range pr.listed {
		if other == id || !pr.moves(other, id) || pr.s.secondary[other] {
			continue
		}
		use = append(use, other)
		var ok bool
		err := pr.s.m.Within(pr.s.dearest()/20, func(m *exact.Meter) (err error) {
			_, _, ok, err = pr.certify(m, pt, pt.local[pr.b.index[other]])
			return err
		})
		if err != nil && !errors.Is(err, exact.ErrInfeasible) {
			return use
		}
		if !ok {
			need = append(need, other)
		}
	}
	if need == nil {
		return use
	}
	return need
}

// Words says why a cell is as it is, for the publisher; "" for a shown cell. It
// tells small counts from others and must not be published.
func (d Decision) Words(p Profile) string {
	switch {
	case !d.Hidden && d.Rule != "":
		return "shown because it must be, though " + d.Rule.Words(p)
	case !d.Hidden:
		return ""
	case d.Rule != "":
		return d.Rule.Words(p)
	case d.Already:
		return "was hidden already"
	case len(d.Protects) == 0:
		return "hidden so that others cannot be worked out from totals"
	}
	names := d.Protects
	more := ""
	if len(names) > 3 {
		more = fmt.Sprintf(" and %d more", len(names)-3)
		names = names[:3]
	}
	return "hidden to protect " + strings.Join(names, "; ") + more
}

// hiddenCells counts what the release hides, and all its cells.
func (res *Result) hiddenCells() (hidden, all int) {
	for _, t := range res.Released.Tables {
		all += len(t.Cells)
		for _, c := range t.Cells {
			if c.Hidden {
				hidden++
			}
		}
	}
	return hidden, all
}

// ReaderStatement is the note that stands under a table for everybody. It says
// what the symbol means and no more than the rule itself tells.
func (res *Result) ReaderStatement() string {
	p := &res.profile
	hidden, _ := res.hiddenCells()
	var out []string
	if hidden > 0 {
		out = append(out, p.hiddenWords(res.zerosHidden()), fmt.Sprintf("%s also stands for some greater counts, so that a "+
			"hidden one cannot be worked out from the totals.", p.Symbol))
	}
	if _, most := p.reading(0); p.ZerosShown && most == 0 && !res.zerosHidden() {
		out = append(out, "0 means none.")
	}
	if p.Base > 1 {
		out = append(out,
			fmt.Sprintf("Counts are rounded to the nearest %d, so totals may differ from the sum of their parts.", p.Base))
	}
	if len(out) == 0 {
		return "All counts are shown in full."
	}
	return strings.Join(out, " ")
}

// zerosHidden says whether the symbol stands for some counts of none.
func (res *Result) zerosHidden() bool {
	return !res.profile.ZerosShown || slices.ContainsFunc(res.Released.Tables, func(t Table) bool {
		return slices.ContainsFunc(t.Dimensions, func(d Dimension) bool { return d.Sensitive })
	})
}

// hiddenWords says which counts the symbol stands for.
func (p *Profile) hiddenWords(none bool) string {
	switch {
	case p.Threshold == 0:
		return fmt.Sprintf("%s stands for a count that is not shown, so that nobody can be recognised.", p.Symbol)
	case !none:
		return fmt.Sprintf("%s stands for a count from 1 to %d, which is not shown so that nobody can be recognised.",
			p.Symbol, p.Threshold)
	}
	return fmt.Sprintf("%s stands for a count of %d or fewer, which is not shown so that nobody can be recognised.",
		p.Symbol, p.Threshold)
}

// PublisherStatement is the fuller account of how a release was judged. It has no
// true count and does not tell small hidden counts from others, so it can go with
// the release.
func (res *Result) PublisherStatement() string {
	hidden, all := res.hiddenCells()
	a := res.Audit
	var b strings.Builder
	fmt.Fprintf(&b, "Rule: %s, version %s. %s\n", res.profile.Name, res.profile.Version, res.profile.Title)
	fmt.Fprintf(&b, "%d of %d counts are hidden.\n", hidden, all)
	fmt.Fprintf(&b, "Verdict against a reader who knows %s.\n", a.Know.Words())
	switch {
	case a.Stopped:
		b.WriteString("The work was stopped before every hidden count was judged, so the release is not shown to be safe. " +
			"Give it more time or a greater budget.\n")
	case res.Safe:
		b.WriteString(a.narrowest(&res.profile))
		if res.Coarse {
			b.WriteString("Nearly everything is hidden, since the table is so small that all counts behind it could be tried. " +
				"Merge categories, or leave a dimension out.\n")
		}
	default:
		fmt.Fprintf(&b, "It does not stand: %s.\n", strings.Join(a.faults(5), "; "))
	}
	return b.String()
}

// narrowest says how much stays unknown about the hidden count that is known best.
func (a *Audit) narrowest(p *Profile) string {
	least := int64(unbounded)
	for _, j := range a.Cells {
		if j.High != Unlimited {
			least = min(least, j.High-j.Low+1)
		}
	}
	if least == unbounded {
		return "No number is hidden that could be worked out at all.\n"
	}
	return fmt.Sprintf("Every hidden count could be at least %d different whole numbers; the rule asks for %d.\n", least,
		p.Values)
}

// faults names what can be worked out too closely, at most n.
func (a *Audit) faults(n int) []string {
	var out []string
	for _, list := range [][]Verdict{a.Cells, a.Derived} {
		for _, j := range list {
			if j.Stands {
				continue
			}
			if len(out) == n {
				return append(out, "and others")
			}
			out = append(out, j.Words())
		}
	}
	if len(out) == 0 {
		return []string{"a small count must be shown"}
	}
	return out
}

// Words says what can be worked out about a count: "age 0-4 must be 3".
func (j Verdict) Words() string {
	switch {
	case j.Low == j.High:
		return fmt.Sprintf("%s must be %d", j.Label, j.Low)
	case j.High == Unlimited:
		return fmt.Sprintf("%s must be %d or more", j.Label, j.Low)
	}
	return fmt.Sprintf("%s must be from %d to %d", j.Label, j.Low, j.High)
}
