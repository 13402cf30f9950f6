package exact

import (
	"math"
	"math/big"
	"math/bits"
)

// An outcome says how a climb ended.
type outcome int

const (
	atTop   outcome = iota // at the least or greatest value there is
	noEnd                  // it goes on without end
	reached                // as far as was wanted
)

// patience is how many steps of no length are taken before the choice is made by
// Bland's rule, which never comes back to where it was but is slow.
const patience = 40

// A stepRatio is how far an unknown may move: n/d, neither negative.
type stepRatio struct {
	n, d uint64
	x    *big.Rat // in place of n/d when it is not nil
}

func (s *stepRatio) rat() *big.Rat {
	if s.x != nil {
		return s.x
	}
	n := new(big.Int).SetUint64(s.n)
	return new(big.Rat).SetFrac(n, new(big.Int).SetUint64(s.d))
}

func (s *stepRatio) isZero() bool {
	if s.x != nil {
		return s.x.Sign() == 0
	}
	return s.n == 0
}

func (s *stepRatio) cmp(o *stepRatio) int {
	if s.x != nil || o.x != nil {
		return s.rat().Cmp(o.rat())
	}
	h1, l1 := bits.Mul64(s.n, o.d)
	h2, l2 := bits.Mul64(o.n, s.d)
	switch {
	case h1 < h2 || h1 == h2 && l1 < l2:
		return -1
	case h1 == h2 && l1 == l2:
		return 0
	}
	return 1
}

// side compares the row's basic unknown with a whole number.
func (t *Simplex) side(i int, x int64) int {
	if x == Unbounded {
		return -1
	}
	if x == math.MinInt64 {
		return 1
	}
	r := &t.rows[i]
	if r.z == nil {
		if y, ok := mulFits(r.a[colBasic], x); ok {
			switch {
			case r.a[colRest] < y:
				return -1
			case r.a[colRest] > y:
				return 1
			}
			return 0
		}
	}
	return r.at(colRest).Cmp(new(big.Int).Mul(r.at(colBasic), big.NewInt(x)))
}

// distance is how far the unknown of column c may move until the row's basic
// unknown is at x.
func (t *Simplex) distance(i, c int, x int64) stepRatio {
	r := &t.rows[i]
	if r.z == nil {
		if y, ok := mulFits(r.a[colBasic], x); ok {
			return stepRatio{n: abs64(y - r.a[colRest]), d: abs64(r.a[c])}
		}
	}
	n := new(big.Int).Mul(r.at(colBasic), big.NewInt(x))
	n.Sub(n, r.at(colRest)).Abs(n)
	return stepRatio{x: new(big.Rat).SetFrac(n, new(big.Int).Abs(r.at(c)))}
}

// entering picks the column whose unknown is to move, and where to (1 up, -1
// down), so that unknown v goes up or down; 0 when none can.
func (t *Simplex) entering(v int, up bool) (c, dir int) {
	want := 1
	if !up {
		want = -1
	}
	if t.row[v] < 0 {
		if t.canMove(v, want) {
			return t.col[v], want
		}
		return 0, 0
	}
	r, bland := &t.rows[t.row[v]], t.stall > patience
	var most uint64
	for j, u := range t.slot {
		s := r.sign(colFirst + j)
		if s == 0 || !t.canMove(u, -s*want) {
			continue
		}
		if bland {
			if dir == 0 || u < t.slot[c-colFirst] {
				c, dir = colFirst+j, -s*want
			}
			continue
		}
		if r.z != nil {
			return colFirst + j, -s * want
		}
		if x := abs64(r.a[colFirst+j]); x > most {
			c, dir, most = colFirst+j, -s*want, x
		}
	}
	return c, dir
}

func (t *Simplex) canMove(v, dir int) bool {
	if dir > 0 {
		return t.val[v] < t.hi[v]
	}
	return t.val[v] > t.lo[v]
}

// A block is what ends the move of a column: the basic unknown of a row coming
// to a bound, or (row -1) the moving unknown coming to its own.
type block struct {
	row  int
	at   int64
	step stepRatio
}

// blocking finds what first ends the move of column c in direction dir. An
// unknown that is outside its bounds may go further out, and through; only that
// of row first, if any, stops at the bound it comes to.
func (t *Simplex) blocking(c, dir, first int) (b block, ok bool) {
	v := t.slot[c-colFirst]
	if to := t.bound(v, dir); to != Unbounded && to != math.MinInt64 {
		b, ok = block{row: -1, at: to, step: stepRatio{n: uint64(to) - uint64(t.val[v]), d: 1}}, true
		if dir < 0 {
			b.step.n = -b.step.n
		}
	}
	for i := range t.rows {
		s := -t.rows[i].sign(c) * dir
		if s == 0 {
			continue
		}
		to := t.stop(i, s, i == first)
		if to == Unbounded || to == math.MinInt64 {
			continue
		}
		x := block{row: i, at: to, step: t.distance(i, c, to)}
		if !ok || t.sooner(&x, &b, c) {
			b, ok = x, true
		}
	}
	return b, ok
}

func (t *Simplex) bound(v, dir int) int64 {
	if dir > 0 {
		return t.hi[v]
	}
	return t.lo[v]
}

// stop is the value at which the basic unknown of a row must stop when it moves
// in direction s.
func (t *Simplex) stop(i, s int, first bool) int64 {
	v := t.basic[i]
	near, far := t.lo[v], t.hi[v]
	none := int64(Unbounded)
	if s < 0 {
		near, far, none = far, near, math.MinInt64
	}
	if first && t.side(i, near)*s < 0 {
		return near
	}
	if t.side(i, far)*s > 0 { // outside already, and going further
		return none
	}
	return far
}

// sooner says whether x is to end the move rather than b. Of two that end it at
// the same time the own bound is cheapest, then come unknowns that are fixed and
// so never move again, then coefficients that keep the rows short.
func (t *Simplex) sooner(x, b *block, c int) bool {
	if s := x.step.cmp(&b.step); s != 0 {
		return s < 0
	}
	if b.row < 0 {
		return false
	}
	v, w := t.basic[x.row], t.basic[b.row]
	if t.stall > patience {
		return v < w
	}
	if f, g := t.lo[v] == t.hi[v], t.lo[w] == t.hi[w]; f != g {
		return f
	}
	r, q := &t.rows[x.row], &t.rows[b.row]
	if r.z != nil || q.z != nil {
		return q.z != nil && r.z == nil
	}
	return abs64(r.a[c]) < abs64(q.a[c])
}

// climb moves unknown v up or down until it can go no further, goes without end,
// or has reached goal. The unknown of row first is the one that is being brought
// between its bounds; -1 for none.
func (t *Simplex) climb(m *Meter, v int, up bool, goal int64, first bool) (outcome, error) {
	t.stall = 0
	for {
		if t.passed(v, up, goal) {
			return reached, nil
		}
		c, dir := t.entering(v, up)
		if err := m.Spend(len(t.slot) + 4*len(t.rows)); err != nil {
			return 0, err
		}
		if dir == 0 {
			return atTop, nil
		}
		row := -1
		if first {
			row = t.row[v]
		}
		b, ok := t.blocking(c, dir, row)
		if !ok {
			return noEnd, nil
		}
		if b.step.isZero() {
			t.stall++
		} else {
			t.stall = 0
		}
		work := 0
		if b.row < 0 {
			work = t.place(t.slot[c-colFirst], b.at)
		} else {
			work = t.pivot(b.row, c, b.at)
		}
		if err := m.Spend(work); err != nil {
			return 0, err
		}
	}
}

// passed says whether unknown v is at goal or beyond.
func (t *Simplex) passed(v int, up bool, goal int64) bool {
	if goal == NoLimit(up) {
		return false
	}
	s := 0
	if i := t.row[v]; i >= 0 {
		s = t.side(i, goal)
	} else if t.val[v] > goal {
		s = 1
	} else if t.val[v] < goal {
		s = -1
	}
	if up {
		return s >= 0
	}
	return s <= 0
}

// restore brings every unknown between its bounds, one after the other, without
// pushing out those that are there. ErrInfeasible when that cannot be.
func (t *Simplex) restore(m *Meter) error {
	if err := t.build(m); err != nil {
		return err
	}
	if t.wrong || t.crossed > 0 {
		return ErrInfeasible
	}
	for i := 0; i < len(t.rows); {
		v := t.basic[i]
		up, goal := true, t.lo[v]
		switch {
		case t.side(i, t.lo[v]) < 0:
		case t.side(i, t.hi[v]) > 0:
			up, goal = false, t.hi[v]
		default:
			i++
			continue
		}
		out, err := t.climb(m, v, up, goal, true)
		if err != nil {
			return err
		}
		if out != reached {
			return ErrInfeasible
		}
		// The row may have got another unknown that is outside: look again.
	}
	return m.Spend(len(t.rows))
}

// value gives the value of an unknown as it stands.
func (t *Simplex) value(v int) *big.Rat {
	if i := t.row[v]; i >= 0 {
		return new(big.Rat).SetFrac(t.rows[i].at(colRest), t.rows[i].at(colBasic))
	}
	return new(big.Rat).SetInt64(t.val[v])
}

// LinearExtreme is the least or greatest value of unknown v over all points,
// whole or not, exactly; or that there is no end to it.
func (t *Simplex) LinearExtreme(m *Meter, v int, up bool) (x *big.Rat, noBound bool, err error) {
	if err := t.restore(m); err != nil {
		return nil, false, err
	}
	out, err := t.climb(m, v, up, NoLimit(up), false)
	if err != nil || out == noEnd {
		return nil, out == noEnd, err
	}
	return t.value(v), false, nil
}

// minimise finds a point, whole or not, with the least Σ obj·x, and that sum.
func (t *Simplex) minimise(m *Meter, obj []int64) (point []*big.Rat, least *big.Rat, err error) {
	if err := t.restore(m); err != nil {
		return nil, nil, err
	}
	if err := t.aim(m, obj); err != nil {
		return nil, nil, err
	}
	defer t.unaim()
	least, noBound, err := t.LinearExtreme(m, t.size(), false)
	if err != nil {
		return nil, nil, err
	}
	if noBound {
		return nil, nil, errNoLeast
	}
	point = make([]*big.Rat, t.size())
	for v := range point {
		point[v] = t.value(v)
	}
	return point, least, nil
}
