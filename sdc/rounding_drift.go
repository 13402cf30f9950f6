package sdc

import (
	"slices"

	"kith/sdc/internal/exact"
)

// centre is the point at which every count is what is printed, or nil when that is
// none. Counts that are not printed are worked out from those that are.
func (b *bounder) centre(pt *part, printed []int64) []int64 {
	point := make([]int64, len(pt.unknowns))
	for v, u := range pt.unknowns {
		point[v] = notPrinted
		if id := b.ids[u]; id >= 0 {
			point[v] = printed[id]
		}
	}
	for changed := true; changed; {
		changed = false
		for _, e := range pt.sys.Eqs {
			missing, rest := missingIn(e, point)
			if missing == balanced {
				continue
			}
			if missing == unbalanced {
				return nil
			}
			if t := e.Terms[max(missing, 0)]; missing >= 0 && rest%t.C == 0 && rest/t.C >= 0 {
				point[t.V], changed = rest/t.C, true
			}
		}
	}
	for v, x := range point {
		if x == notPrinted || x < pt.sys.Lo[v] || x > pt.sys.Hi[v] {
			return nil
		}
	}
	return point
}

// What missingIn says of an equation in which not exactly one term is missing.
const (
	balanced = -1 - iota
	unbalanced
	severalMissing
)

// missingIn says which term of an equation has no number yet, and what is left
// for it.
func missingIn(e exact.Equation, point []int64) (at int, rest int64) {
	at, rest = balanced, e.RHS
	for i, t := range e.Terms {
		switch {
		case point[t.V] != notPrinted:
			rest -= t.C * point[t.V]
		case at == balanced:
			at = i
		default:
			return severalMissing, 0
		}
	}
	if at == balanced && rest != 0 {
		return unbalanced, 0
	}
	return at, rest
}

// A drifter moves counts of a part together, each by as much as the others, so
// that every equation still holds. What it comes by are points like any other; it
// only saves searches for them.
type drifter struct {
	s    *prober
	at   [][]int // unknown → the equations it stands in
	dir  map[int]int64
	gap  map[int]int64 // equation → by how much it does not hold for one step
	todo []int         // equations that may not hold, the last to be mended first
	work int
}

// driftSteps is how many counts may move together.
const driftSteps = 1000

// drift moves each count as far down and up as one such move takes it. With a rule
// about groups of hidden counts, not every point is one; then it leaves it be.
func (s *prober) drift(m *exact.Meter) error {
	if s.grouped() {
		return nil
	}
	d := &drifter{s: s, at: make([][]int, len(s.unknowns))}
	for i, e := range s.sys.Eqs {
		for _, t := range e.Terms {
			d.at[t.V] = append(d.at[t.V], i)
		}
	}
	for v := range s.unknowns {
		for _, dir := range []int64{-1, 1} {
			if dir < 0 && s.seenLo[v] == s.sys.Lo[v] || dir > 0 && s.seenHi[v] == s.sys.Hi[v] {
				continue
			}
			d.work = 1
			if d.balance(d.lowest(v, dir), dir) {
				d.see()
			}
			if err := m.Spend(d.work); err != nil {
				return err
			}
		}
	}
	return nil
}

// room is how far a count can move.
func (d *drifter) room(v int, dir int64) int64 {
	switch {
	case dir < 0:
		return d.s.first[v] - d.s.sys.Lo[v]
	case d.s.sys.Hi[v] == unbounded:
		return unbounded
	}
	return d.s.sys.Hi[v] - d.s.first[v]
}

// lowest goes from a total down to one of its parts that is none, by way of those
// that can move farthest: that count takes the total along when it moves.
func (d *drifter) lowest(v int, dir int64) int {
	for range driftSteps {
		next, best := -1, int64(0)
		for _, at := range d.at[v] {
			terms := d.s.sys.Eqs[at].Terms
			if d.work += len(terms); !slices.Contains(terms, exact.Term{V: v, C: -1}) {
				continue
			}
			for _, t := range terms {
				if room := d.room(t.V, dir); t.C == 1 && room > best {
					next, best = t.V, room
				}
			}
			break
		}
		if next < 0 {
			return v
		}
		v = next
	}
	return v
}

// balance moves a count one step, and then others until every equation holds.
func (d *drifter) balance(v int, dir int64) bool {
	d.dir, d.gap, d.todo = map[int]int64{}, map[int]int64{}, d.todo[:0]
	if d.room(v, dir) <= 0 {
		return false
	}
	for d.move(v, dir); len(d.todo) > 0 && len(d.dir) < driftSteps; {
		at := d.nextGap()
		if d.gap[at] == 0 {
			continue
		}
		u, way := d.mend(at)
		if u < 0 {
			return false
		}
		d.todo = append(d.todo, at)
		d.move(u, way)
	}
	return len(d.todo) == 0
}

func (d *drifter) move(v int, dir int64) {
	d.dir[v] = dir
	for _, at := range d.at[v] {
		for _, t := range d.s.sys.Eqs[at].Terms {
			if d.work++; t.V == v {
				d.gap[at] += t.C * dir
			}
		}
		d.todo = append(d.todo, at)
	}
}

// nextGap takes an equation off the list: one whose total has not moved yet before
// one that must have another part moved, since its total may be the part that is
// wanted elsewhere.
func (d *drifter) nextGap() int {
	pick := len(d.todo) - 1
	for i := pick; i >= 0; i-- {
		d.work++
		if d.gap[d.todo[i]] != 0 && d.freeTotal(d.todo[i]) >= 0 {
			pick = i
			break
		}
	}
	at := d.todo[pick]
	d.todo = append(d.todo[:pick], d.todo[pick+1:]...)
	return at
}

// freeTotal is the total of an equation, if it can move so as to mend it; else -1.
func (d *drifter) freeTotal(at int) int {
	terms := d.s.sys.Eqs[at].Terms
	for i := len(terms) - 1; i >= 0; i-- {
		if t := terms[i]; t.C == -1 && d.dir[t.V] == 0 && d.room(t.V, d.way(at, t.C)) > 0 {
			return t.V
		}
	}
	return -1
}

// way is the direction in which a term with coefficient c mends an equation.
func (d *drifter) way(at int, c int64) int64 {
	if (d.gap[at] > 0) == (c > 0) {
		return -1
	}
	return 1
}

// mend picks the count that is to move for an equation: its total, else the part
// that can move farthest; -1 when none can.
func (d *drifter) mend(at int) (v int, dir int64) {
	if v := d.freeTotal(at); v >= 0 {
		return v, d.way(at, -1)
	}
	v, best := -1, int64(0)
	for _, t := range d.s.sys.Eqs[at].Terms {
		d.work++
		if t.C != 1 && t.C != -1 || d.dir[t.V] != 0 {
			continue
		}
		if room := d.room(t.V, d.way(at, t.C)); room > best {
			v, dir, best = t.V, d.way(at, t.C), room
		}
	}
	return v, dir
}

// see remembers the point to which all that were moved together can go.
func (d *drifter) see() {
	by := int64(unbounded)
	for v, dir := range d.dir {
		by = min(by, d.room(v, dir))
	}
	if by == unbounded {
		return
	}
	for v, dir := range d.dir {
		x := d.s.first[v] + dir*by
		d.s.seenLo[v], d.s.seenHi[v] = min(d.s.seenLo[v], x), max(d.s.seenHi[v], x)
	}
}
