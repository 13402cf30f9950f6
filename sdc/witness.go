package sdc

import (
	"errors"

	"kith/sdc/internal/exact"
)

// A walker finds sets of counts at which a hidden count is as small or as great as is
// asked for, by boxes from a set that is possible and without linear programming. What it
// finds is only ever taken for a possible set of counts after the exact solver has looked
// at it; what it does not find may still be possible.
type walker struct {
	b              *bounder
	base           []int64 // by quantity
	tables         []*boxer
	cost, up, down []int64 // by unknown
}

// walks is how many boxes one set may be made of.
const walks = 16

// newWalker prepares a walker from a possible set of counts, by quantity. The bounder has
// not been asked for spans by then.
func newWalker(b *bounder, base []int64) *walker {
	n := len(b.ids)
	if b.tables == nil {
		b.tables = b.p.boxers(b.index, n)
	}
	w := &walker{b: b, base: base, tables: b.tables, cost: make([]int64, n), up: make([]int64, n),
		down: make([]int64, n)}
	for u, id := range b.ids {
		if id >= 0 {
			w.room(u, b.sys.Lo[u], b.sys.Hi[u])
		}
	}
	return w
}

// newWalker prepares a walker from the true counts; nil for a network, which needs none.
func (s *suppressor) newWalker(b *bounder) *walker {
	if _, ok := s.finds[0].(*exact.Paths); ok {
		return nil
	}
	return newWalker(b, s.base)
}

// room says between which numbers an unknown may move.
func (w *walker) room(u int, lo, hi int64) {
	x := w.base[w.b.ids[u]]
	w.up[u], w.down[u] = 0, 0
	if lo > x || hi < x {
		return
	}
	if w.up[u], w.down[u] = unbounded, x-lo; hi != unbounded {
		w.up[u] = hi - x
	}
}

// fix lets an unknown be nothing but what it is; free undoes that.
func (w *walker) fix(u int)  { w.up[u], w.down[u] = 0, 0 }
func (w *walker) free(u int) { w.room(u, w.b.sys.Lo[u], w.b.sys.Hi[u]) }

// point gives counts of a part at which unknown v of it is at goal, or beyond; nil when
// none is found.
func (w *walker) point(m *exact.Meter, pt *part, v int, up bool, goal int64) ([]int64, error) {
	u := pt.unknowns[v]
	if w.b.ids[u] < 0 {
		return nil, nil
	}
	amount := goal - w.base[w.b.ids[u]]
	if !up {
		amount = -amount
	}
	if amount <= 0 {
		return nil, nil // they are that to begin with
	}
	for _, t := range w.tables {
		if t.where[u] < 0 {
			continue
		}
		moved, err := t.anyway(m, u, up, amount, w.cost, w.up, w.down)
		if errors.Is(err, exact.ErrNoWay) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p := w.moved(pt, moved); p != nil {
			return p, nil
		}
	}
	return nil, nil
}

// moved gives the counts of a part after a move; nil when it moves more than the part.
func (w *walker) moved(pt *part, moved []exact.Term) []int64 {
	point := make([]int64, len(pt.unknowns))
	for v, u := range pt.unknowns {
		if w.b.ids[u] < 0 {
			return nil
		}
		point[v] = w.base[w.b.ids[u]]
	}
	for _, t := range moved {
		v, ok := pt.local[t.V]
		if !ok {
			return nil
		}
		point[v] += t.C
	}
	return point
}

// tell lets a part's solver know of counts at which unknown v is at goal or beyond, if the
// walker finds such.
func (w *walker) tell(m *exact.Meter, pt *part, v int, up bool, goal int64) error {
	if w == nil {
		return nil
	}
	p, err := w.point(m, pt, v, up, goal)
	if p != nil {
		pt.solver.Known(p)
	}
	return err
}

// shortly says whether a count stands by counts that are found without linear programming:
// those that a prober has come by, and what the walker finds.
func (w *walker) shortly(m *exact.Meter, s *prober, v int) (bool, error) {
	q := &w.b.p.q[w.b.ids[s.unknowns[v]]]
	least, _ := q.target()
	for _, up := range []bool{false, true} {
		if s.stand(q, v) {
			return true, nil
		}
		goal := least
		if up {
			goal = s.seenLo[v] + q.values - 1
		}
		p, err := w.point(m, s.part, v, up, goal)
		if err != nil {
			return false, err
		}
		if p != nil && (!s.grouped() || s.holdsSmall(p)) && s.solver.Known(p) {
			s.see(p)
		}
	}
	return s.stand(q, v), nil
}
