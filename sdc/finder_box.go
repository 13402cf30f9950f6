package sdc

import (
	"errors"
	"slices"

	"kith/sdc/internal/exact"
)

// A boxer finds moves in one table of any number of dimensions: in each dimension
// a count is taken from one lowest code and given to another (or to none, and then
// the totals change too), and the move is the product of these: the corners of a
// box. There are few enough to try all, which no general method can.
type boxer struct {
	g     *grid
	index []int // combination → unknown, -1 for a count of none
	where []int // unknown → combination
	// ways lists for each dimension and code the changes along that dimension that
	// bring one to the code.
	ways [][][]way
}

// A way is a change along one dimension: codes with +1 or −1.
type way []wayStep

type wayStep struct {
	code int
	sign int64
}

// newBoxer prepares a table; index gives the unknown of each combination.
func newBoxer(g *grid, ways [][][]way, index []int, unknowns int) *boxer {
	b := &boxer{g: g, ways: ways, index: index, where: make([]int, unknowns)}
	for u := range b.where {
		b.where[u] = -1
	}
	for at, u := range index {
		if u >= 0 {
			b.where[u] = at
		}
	}
	return b
}

// allWays lists the changes along every dimension.
func (g *grid) allWays() [][][]way {
	var out [][][]way
	for d := range g.dims {
		out = append(out, g.ways(d))
	}
	return out
}

// ways lists the changes along dimension d for each of its codes.
func (g *grid) ways(d int) [][]way {
	dim := &g.dims[d]
	var lowest []int
	paths := map[int][]int{}
	for c := range dim.code {
		if len(dim.children[c]) == 0 {
			lowest = append(lowest, c)
			for at := c; at >= 0; at = g.parent(d, at) {
				paths[c] = append(paths[c], at)
			}
		}
	}
	out := make([][]way, len(dim.code))
	for _, l := range lowest {
		for _, other := range append([]int{-1}, lowest...) {
			if other == l {
				continue
			}
			w := difference(paths[l], paths[other])
			for _, s := range w {
				if s.sign > 0 {
					out[s.code] = append(out[s.code], w)
				}
			}
		}
	}
	return out
}

// difference is one path upward less another; what both have cancels.
func difference(a, b []int) way {
	var w way
	in := map[int]bool{}
	for _, c := range b {
		in[c] = true
	}
	for _, c := range a {
		if !in[c] {
			w = append(w, wayStep{c, 1})
		}
		delete(in, c)
	}
	for _, c := range b {
		if in[c] {
			w = append(w, wayStep{c, -1})
		}
	}
	return w
}

// boxes finds moves in several tables, each by itself: a count that more than one
// of them has, or that an identity ties, must not move then. What boxes cannot do
// is left to linear programming.
type boxes struct {
	tables []*boxer
	sys    *exact.System
	rest   *exact.Mixture
}

// Cheapest implements exact.Mover.
func (b *boxes) Cheapest(m *exact.Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) ([]exact.Term,
	int64, error) {
	for _, t := range b.tables {
		if t.where[v] < 0 {
			continue
		}
		moved, total, err := t.Cheapest(m, v, up, amount, cost, maxUp, maxDown)
		if !errors.Is(err, exact.ErrNoWay) {
			return moved, total, err
		}
	}
	if b.rest == nil {
		b.rest = exact.NewMixture(b.sys)
	}
	return b.rest.Cheapest(m, v, up, amount, cost, maxUp, maxDown)
}

// Cheapest finds one box with room for all of the amount, else several with room
// for part of it each.
func (b *boxer) Cheapest(m *exact.Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) ([]exact.Term,
	int64, error) {
	if amount <= 0 {
		return nil, 0, nil
	}
	q := &boxSearch{boxer: b, m: m, cost: cost, maxUp: maxUp, maxDown: maxDown, change: map[int]int64{},
		chosen: make([]way, len(b.ways)), sign: 1}
	if !up {
		q.sign = -1
	}
	codes := b.g.codes(b.where[v])
	for left := amount; left > 0; {
		by, err := q.next(codes, left)
		if err != nil {
			return nil, 0, err
		}
		if by == 0 {
			return nil, 0, exact.ErrNoWay
		}
		left -= by
	}
	moved, total := q.result()
	return moved, total, nil
}

// anyway finds boxes with room for all of the amount together, whatever they cost.
func (b *boxer) anyway(m *exact.Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) ([]exact.Term,
	error) {
	q := &boxSearch{boxer: b, m: m, cost: cost, maxUp: maxUp, maxDown: maxDown, change: map[int]int64{},
		chosen: make([]way, len(b.ways)), sign: 1, first: true}
	if !up {
		q.sign = -1
	}
	codes := b.g.codes(b.where[v])
	for range walks {
		by, err := q.next(codes, amount)
		if err != nil {
			return nil, err
		}
		if by == 0 {
			break
		}
		if amount -= by; amount == 0 {
			moved, _ := q.result()
			return moved, nil
		}
	}
	return nil, exact.ErrNoWay
}

// A boxSearch goes through all boxes at one cell.
type boxSearch struct {
	*boxer
	m                    *exact.Meter
	cost, maxUp, maxDown []int64
	change               map[int]int64 // by unknown, what the boxes so far move
	amount, sign         int64
	chosen               []way
	best                 int64
	moved, trial         []exact.Term
	first                bool // any box will do
}

// next adds the cheapest box with room for the amount, or for half of it, and so
// on, and says how much it moves; 0 when there is none.
func (q *boxSearch) next(codes []int, amount int64) (int64, error) {
	for q.amount = amount; q.amount > 0; q.amount /= 2 {
		q.best = unbounded
		if err := q.choose(codes, 0); err != nil {
			return 0, err
		}
		if q.best == unbounded {
			continue
		}
		for _, t := range q.moved {
			q.change[t.V] += t.C
		}
		return q.amount, nil
	}
	return 0, nil
}

// result is all that moves, in the order of the unknowns.
func (q *boxSearch) result() (moved []exact.Term, total int64) {
	for u, by := range q.change {
		if by != 0 {
			moved = append(moved, exact.Term{V: u, C: by})
			total += q.cost[u]
		}
	}
	slices.SortFunc(moved, func(a, b exact.Term) int { return a.V - b.V })
	return moved, total
}

// choose tries every way along dimension d and those after it.
func (q *boxSearch) choose(codes []int, d int) error {
	if d == len(q.chosen) {
		q.trial = q.trial[:0]
		total, ok := q.corners(0, 0, q.sign, 0)
		if ok && (total < q.best || q.before()) {
			q.best = total
			q.moved = append(q.moved[:0:0], q.trial...)
		}
		return q.m.Spend(len(q.trial) + 4)
	}
	for _, w := range q.ways[d][codes[d]] {
		if q.first && q.best != unbounded {
			return nil
		}
		q.chosen[d] = w
		if err := q.choose(codes, d+1); err != nil {
			return err
		}
	}
	return nil
}

// before decides between boxes that cost the same, by the canonical numbers of what
// they move, so that the order of rows and columns does not.
func (q *boxSearch) before() bool {
	byNumber := func(a, b exact.Term) int { return a.V - b.V }
	slices.SortFunc(q.trial, byNumber)
	slices.SortFunc(q.moved, byNumber)
	return slices.CompareFunc(q.trial, q.moved, byNumber) < 0
}

// corners adds up what the box that is chosen costs, unless it is too dear or a
// corner has no room.
func (q *boxSearch) corners(d, at int, sign, total int64) (int64, bool) {
	if d == len(q.chosen) {
		u := q.index[at]
		if u < 0 {
			return 0, false
		}
		moved, paid := q.change[u]
		if sign > 0 && q.maxUp[u]-moved < q.amount || sign < 0 && q.maxDown[u]+moved < q.amount {
			return 0, false
		}
		q.trial = append(q.trial, exact.Term{V: u, C: sign * q.amount})
		if !paid {
			total += q.cost[u]
		}
		return total, total <= q.best
	}
	for _, s := range q.chosen[d] {
		var ok bool
		if total, ok = q.corners(d+1, at+s.code*q.g.stride[d], sign*s.sign, total); !ok {
			return 0, false
		}
	}
	return total, true
}
