package sdc

import (
	"fmt"
	"slices"

	"kith/sdc/internal/exact"
)

// sums collects every count that is printed, by key, with what the reader (or the
// publisher) takes it to be.
func sums(sources []source, publisher bool) map[string]int64 {
	out := map[string]int64{}
	for _, s := range sources {
		for i := range s.t.Cells {
			if c := &s.t.Cells[i]; !c.Hidden && s.exact(publisher) {
				out[s.t.key(c.Codes)] = c.Count
			}
		}
	}
	return out
}

// add brings one table's quantities and equations in.
func (p *problem) add(
	s *source, publisher, linked bool, elsewhere func(dim, code string) bool, partly func(d int) bool,
) error {
	g, err := newGrid(s.t, linked, elsewhere, partly)
	if err != nil {
		return err
	}
	ids := make([]int, g.size)
	for i := range ids {
		ids[i] = -1
	}
	for i := range s.t.Cells {
		at := g.index(s.t.Cells[i].Codes)
		id, err := p.print(s, i, g, at, publisher)
		if err != nil {
			return err
		}
		ids[at] = id
	}
	g.each(func(at int, codes []int) {
		if ids[at] >= 0 || g.lowest(codes) && !g.unseen(codes) {
			return // a lowest combination that is not there is a count of none
		}
		ids[at] = p.unprinted(s.t, g, codes)
	})
	p.grids = append(p.grids, filledGrid{g: g, ids: ids})
	p.equations(g, ids)
	p.countParts(g, ids)
	if s.t.special() {
		p.groupRule = false
	}
	return nil
}

// special says whether more than small counts may be primary in a table.
func (t *Table) special() bool {
	for _, d := range t.Dimensions {
		if d.Sensitive {
			return true
		}
	}
	return slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.Largest > 0 || c.Contributors > 0 })
}

// quantityFor finds or makes the quantity with a key.
func (p *problem) quantityFor(key string) (*quantity, int) {
	if id, ok := p.byKey[key]; ok {
		return &p.q[id], id
	}
	id := len(p.q)
	p.byKey[key] = id
	p.q = append(p.q, quantity{key: key, hi: unbounded, priorHi: unbounded, floor: 0, threshold: p.profile.Threshold,
		small: max(p.profile.Threshold, p.profile.SmallUpTo), values: p.profile.Values})
	return &p.q[id], id
}

// print records a cell as printed.
func (p *problem) print(s *source, i int, g *grid, at int, publisher bool) (int, error) {
	t, c := s.t, &s.t.Cells[i]
	q, id := p.quantityFor(t.key(c.Codes))
	q.describe(t, g, at, c.Codes)
	zeroHidden := zeroHidden(t, s.profile, i)
	if !zeroHidden && s.distance == 0 { // a rounded table hides nothing, and tells nothing of what is hidden
		q.floor = max(q.floor, 1)
	}
	if s.prior != "" {
		return id, p.printPrior(s, c, q)
	}
	if len(q.places) > 0 {
		if err := sameCount(p.release, q, t, i, c); err != nil {
			return 0, err
		}
	}
	q.places = append(q.places, spot{s.index, i})
	if c.Cost > 0 {
		q.cost = max(q.cost, c.Cost)
	}
	q.keep = q.keep || c.Keep
	if c.Hidden {
		if publisher || q.state != shown {
			q.state = hidden // a reader goes by the table that prints the count
		}
		return id, nil
	}
	if !publisher || q.state != hidden {
		q.state = shown
	}
	if publisher {
		if !q.known && q.prior == shown && (c.Count < q.priorLo || c.Count > q.priorHi) {
			return 0, tableError(t, i, "%s is %d here and was released before as %s; if it is another count, name its "+
				"population", t.Label(c.Codes), c.Count, interval(q.priorLo, q.priorHi))
		}
		q.truth, q.known = c.Count, true
	}
	lo, hi := s.profile.reading(c.Count)
	if publisher {
		lo, hi = s.profile.reading(s.profile.round(c.Count))
	}
	q.lo, q.hi = max(q.lo, lo), min(q.hi, hi)
	if q.lo > q.hi {
		return 0, tableError(t, i, "%s is %d here and something else in another table", t.Label(c.Codes), c.Count)
	}
	return id, nil
}

// printPrior records a cell of an earlier release.
func (p *problem) printPrior(s *source, c *Cell, q *quantity) error {
	if c.Hidden {
		if q.prior != shown {
			q.prior = hidden
		}
		return nil
	}
	lo, hi := s.reading(c.Count)
	q.prior = shown
	q.priorLo, q.priorHi = max(q.priorLo, lo), min(q.priorHi, hi)
	truth := q.known && (q.truth < q.priorLo || q.truth > q.priorHi)
	if truth || q.priorLo > q.priorHi {
		words := fmt.Sprintf("%s was released before as %s (%s)", s.t.Label(c.Codes), interval(lo, hi), s.prior)
		if len(q.places) == 0 {
			return &TableError{Table: s.t.Name, Cell: -1,
				Words: words + " and as something else before that; correct the ledger"}
		}
		pl := q.places[0]
		return tableError(&p.release.Tables[pl.table], pl.cell, "%s and is %d here; if it is another count, name its "+
			"population", words, p.release.Tables[pl.table].Cells[pl.cell].Count)
	}
	return nil
}

// sameCount refuses two different numbers for one count.
func sameCount(r *Release, q *quantity, t *Table, i int, c *Cell) error {
	first := &r.Tables[q.places[0].table]
	before := &first.Cells[q.places[0].cell]
	if before.Hidden || c.Hidden || before.Count == c.Count {
		return nil
	}
	return tableError(t, i, "%s is %d here and %d in %q; one count has one number", t.Label(c.Codes), c.Count,
		before.Count, first.Name)
}

func interval(lo, hi int64) string {
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}

// describe says where in its table a quantity stands.
func (q *quantity) describe(t *Table, g *grid, at int, codes []string) {
	if q.label == "" {
		q.label = t.Label(codes)
	}
	totals, top := 0, 0
	for d, c := range g.codes(at) {
		if len(g.dims[d].children[c]) > 0 {
			totals++
		}
		if c == g.dims[d].root {
			top++
		}
	}
	if q.dims == 0 || totals > q.totals {
		q.totals = totals
	}
	if q.dims == 0 || top-len(codes) > q.top-q.dims {
		q.top, q.dims = top, len(codes)
	}
}

// unprinted makes the quantity of a total that the table does not print.
func (p *problem) unprinted(t *Table, g *grid, codes []int) int {
	names := g.names(codes)
	q, id := p.quantityFor(t.key(names))
	q.describe(t, g, g.at(codes), names)
	return id
}

// equations ties each total of a table to its parts.
func (p *problem) equations(g *grid, ids []int) {
	g.each(func(at int, codes []int) {
		for _, d := range g.order {
			kids := g.dims[d].children[codes[d]]
			if len(kids) == 0 {
				continue
			}
			e := exact.Equation{Redundant: g.implied(codes, d)}
			for _, k := range kids {
				if id := ids[at+(k-codes[d])*g.stride[d]]; id >= 0 {
					e.Terms = append(e.Terms, exact.Term{V: id, C: 1})
				}
			}
			if ids[at] >= 0 {
				e.Terms = append(e.Terms, exact.Term{V: ids[at], C: -1})
			}
			p.eqs = append(p.eqs, e)
		}
	})
}

// countParts works out how small each total can be at least, from which of its
// lowest parts are not none.
func (p *problem) countParts(g *grid, ids []int) {
	sum := make([]int64, len(ids))
	g.each(func(at int, codes []int) {
		if !g.lowest(codes) || ids[at] < 0 {
			return
		}
		q := &p.q[ids[at]]
		if least := q.leastPart(); least > 0 {
			g.above(codes, func(up int) { sum[up] += least })
		}
	})
	for at, id := range ids {
		if id >= 0 {
			p.q[id].parts = max(p.q[id].parts, sum[at])
		}
	}
}

// leastPart is what a lowest cell brings to the least its totals can be.
func (q *quantity) leastPart() int64 {
	switch {
	case q.known:
		return min(q.truth, q.floor)
	case q.state == hidden || q.prior == hidden:
		return q.floor
	case q.state == shown:
		return min(q.lo, q.floor)
	case q.prior == shown:
		return min(q.priorLo, q.floor)
	}
	return 0
}
