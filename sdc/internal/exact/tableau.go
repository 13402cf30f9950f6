package exact

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"sort"
)

// A Simplex is a set of bounded unknowns tied by linear equations, solved for as
// many of them as there are independent equations (the basic ones). The others
// stand at a whole number between their bounds, mostly at one of them. Everything
// is in whole numbers, so that every answer is exact. It stays solved between
// calls: new bounds and new questions start from where the last one ended.
type Simplex struct {
	sys    *System // until it is built
	lo, hi []int64
	val    []int64 // of the nonbasic unknowns
	row    []int   // of each unknown; -1 when it is nonbasic
	col    []int   // of each unknown, when it is nonbasic

	rows  []tabRow
	basic []int // the unknown of each row
	slot  []int // the unknown of each column, from colFirst on

	crossed int     // how many unknowns have lo above hi
	wrong   bool    // the equations contradict each other
	stall   int     // steps of no length since the last that had one
	nz      []int32 // space for asPivot
}

// NewSimplex copies a system. The work of solving it is left to the first
// question, which has a budget. There is room for one unknown more, the aim.
func NewSimplex(s *System) *Simplex {
	n := len(s.Lo)
	t := &Simplex{
		lo: make([]int64, n+1), hi: make([]int64, n+1), val: make([]int64, n+1),
		row: make([]int, n+1), col: make([]int, n+1),
		sys: &System{Eqs: make([]Equation, len(s.Eqs))},
	}
	copy(t.lo, s.Lo)
	copy(t.hi, s.Hi)
	t.lo[n], t.hi[n] = math.MinInt64, Unbounded
	for i, e := range s.Eqs {
		t.sys.Eqs[i] = Equation{Terms: append([]Term(nil), e.Terms...), RHS: e.RHS}
	}
	for v := range n {
		if t.lo[v] > t.hi[v] {
			t.crossed++
		}
	}
	return t
}

// size is the number of unknowns; the aim has this index.
func (t *Simplex) size() int { return len(t.lo) - 1 }

// start is a value at which an unknown may stand: the bound nearest to x, or x.
func (t *Simplex) start(v int, x int64) int64 {
	if x < t.lo[v] {
		return t.lo[v]
	}
	if x > t.hi[v] {
		return max(t.hi[v], -Unbounded)
	}
	return x
}

// build makes the tableau, if that is not yet done: one row an equation, each
// solved for one unknown, those that follow from others left out.
func (t *Simplex) build(m *Meter) error {
	if t.sys == nil {
		return nil
	}
	n := t.size()
	if err := m.Spend((n + 2) * (len(t.sys.Eqs) + 1)); err != nil {
		return err
	}
	t.slot, t.rows, t.basic, t.wrong = make([]int, n), nil, nil, false
	for v := range n {
		at := t.lo[v]
		if at == math.MinInt64 {
			at = t.start(v, 0)
		}
		t.val[v], t.row[v], t.col[v], t.slot[v] = at, -1, colFirst+v, v
	}
	t.load()
	if err := t.eliminate(m); err != nil {
		return err
	}
	t.pack()
	t.sys = nil
	return nil
}

// load writes the equations into rows that have no basic unknown yet, those with
// the fewest terms first.
func (t *Simplex) load() {
	n, eqs := t.size(), t.sys.Eqs
	sort.SliceStable(eqs, func(i, j int) bool { return len(eqs[i].Terms) < len(eqs[j].Terms) })
	store := make([]int64, len(eqs)*(n+colFirst))
	t.rows = make([]tabRow, len(eqs))
	t.basic = make([]int, len(eqs))
	for i, e := range eqs {
		r := &t.rows[i]
		r.a, store = store[:n+colFirst:n+colFirst], store[n+colFirst:]
		t.basic[i] = -1
		if !t.loadSmall(r, &e) {
			t.loadBig(r, &e)
		}
		r.tidy()
	}
}

// loadSmall writes an equation into a row of small numbers, if they are small.
func (t *Simplex) loadSmall(r *tabRow, e *Equation) bool {
	rest := e.RHS
	if bitLen(rest) > smallBits {
		return false
	}
	for _, x := range e.Terms {
		by, ok := mulFits(x.C, t.val[x.V])
		if !ok {
			return false
		}
		rest -= by
		c := &r.a[t.col[x.V]]
		if bitLen(x.C) > smallBits {
			return false
		}
		if *c += x.C; bitLen(rest) > smallBits || bitLen(*c) > smallBits {
			return false
		}
	}
	r.a[colRest] = rest
	return true
}

// loadBig writes an equation into a row of big numbers.
func (t *Simplex) loadBig(r *tabRow, e *Equation) {
	clear(r.a)
	r.grow()
	r.z[colRest].SetInt64(e.RHS)
	for _, x := range e.Terms {
		c, z := big.NewInt(x.C), r.z[t.col[x.V]]
		z.Add(z, c)
		r.z[colRest].Sub(r.z[colRest], c.Mul(c, big.NewInt(t.val[x.V])))
	}
	r.z[colBasic].SetInt64(0)
}

// eliminate solves each row for one of its unknowns. Rows from which nothing is
// left say that their equation follows from the others, or contradicts them.
func (t *Simplex) eliminate(m *Meter) error {
	uses := make([]int, t.size())
	for i := range t.rows {
		for j, v := range t.slot {
			if t.rows[i].sign(colFirst+j) != 0 {
				uses[v]++
			}
		}
	}
	kept := 0
	for i := range t.rows {
		c := t.easiest(i, uses)
		if err := m.Spend(len(t.slot)); err != nil {
			return err
		}
		if c < 0 {
			t.wrong = t.wrong || t.rows[i].sign(colRest) != 0
			t.basic[i] = -1
			continue
		}
		// The row's own unknown so far is one that is 0, with coefficient 1.
		work := t.pivot(i, c, 0)
		t.drop(c)
		kept++
		if err := m.Spend(work); err != nil {
			return err
		}
	}
	rows, basic := make([]tabRow, 0, kept), make([]int, 0, kept)
	for i, v := range t.basic {
		if v >= 0 {
			t.row[v] = len(rows)
			rows, basic = append(rows, t.rows[i]), append(basic, v)
		}
	}
	t.rows, t.basic = rows, basic
	return nil
}

// easiest picks the column for which a row is best solved: not of a fixed
// unknown, with a coefficient of 1 if there is one, in few equations.
func (t *Simplex) easiest(i int, uses []int) int {
	r, best, least := &t.rows[i], -1, math.MaxInt
	for j, v := range t.slot {
		c := colFirst + j
		if r.sign(c) == 0 {
			continue
		}
		cost := min(uses[v], 1<<20)
		if t.lo[v] >= t.hi[v] {
			cost += 1 << 40
		}
		if n := r.at(c).BitLen(); n > 1 {
			cost += n << 21
		}
		if cost < least {
			best, least = c, cost
		}
	}
	return best
}

// drop takes a column out of all rows, which stood for an unknown that is 0.
func (t *Simplex) drop(c int) {
	last := colFirst + len(t.slot) - 1
	for i := range t.rows {
		r := &t.rows[i]
		if r.z != nil {
			r.z[c] = r.z[last]
			r.z = r.z[:last]
		}
		r.a[c] = r.a[last]
		r.a = r.a[:last]
	}
	if c != last {
		v := t.slot[last-colFirst]
		t.slot[c-colFirst], t.col[v] = v, c
	}
	t.slot = t.slot[:last-colFirst]
}

// pack moves the rows together in memory, with room for the aim's.
func (t *Simplex) pack() {
	w := colFirst + len(t.slot)
	store := make([]int64, (len(t.rows)+1)*w)
	t.rows = append(t.rows, tabRow{})
	for i := range t.rows {
		a := store[i*w : (i+1)*w : (i+1)*w]
		copy(a, t.rows[i].a)
		t.rows[i].a = a
	}
	t.rows = t.rows[:len(t.rows)-1]
}

// pivot makes the unknown of column c the basic one of row i. The unknown that
// was goes to the column, standing at the value given. It returns the work done.
func (t *Simplex) pivot(i, c int, at int64) int {
	r := &t.rows[i]
	in, out := t.slot[c-colFirst], t.basic[i]
	if out < 0 { // a row that is not yet solved
		r.setBasic(1)
	}
	r.shift(colBasic, at)
	if r.sign(c) < 0 {
		r.negate()
	}
	r.tidy() // what it has too much would come into every other row
	by := r.asPivot(c, t.nz)
	t.nz = by.nz
	work := len(t.slot) + len(t.rows)
	for k := range t.rows {
		if k != i {
			work += t.rows[k].reduce(c, by)
		}
	}
	by.release()
	r.shift(colBasic, -t.val[in])
	t.slot[c-colFirst], t.basic[i] = out, in
	t.row[in] = i
	if out >= 0 {
		t.row[out], t.col[out], t.val[out] = -1, c, at
	}
	return work
}

// place moves a nonbasic unknown to a value. It returns the work done.
func (t *Simplex) place(v int, at int64) int {
	if at == t.val[v] {
		return 1
	}
	for i := range t.rows {
		r := &t.rows[i]
		r.shift(t.col[v], at)
		r.shift(t.col[v], -t.val[v])
	}
	t.val[v] = at
	return 2 * len(t.rows)
}

// Limit sets the bounds of an unknown.
func (t *Simplex) Limit(v int, lo, hi int64) {
	if t.lo[v] > t.hi[v] {
		t.crossed--
	}
	t.lo[v], t.hi[v] = lo, hi
	if lo > hi {
		t.crossed++
		return
	}
	if t.sys == nil && t.row[v] < 0 {
		t.place(v, t.start(v, t.val[v]))
	}
}

// aim adds the unknown that is to be made least or greatest, Σ obj·x, with a row
// of its own.
func (t *Simplex) aim(m *Meter, obj []int64) error {
	n := t.size()
	if len(obj) != n {
		return fmt.Errorf("the sum has %d factors for %d unknowns", len(obj), n)
	}
	t.rows = t.rows[:len(t.rows)+1]
	r := &t.rows[len(t.rows)-1]
	r.z, r.odd, r.bits = nil, false, 0
	clear(r.a)
	if !t.aimSmall(r, obj) {
		clear(r.a)
		r.grow()
		for j, v := range t.slot {
			o := big.NewInt(obj[v])
			r.z[colFirst+j].Neg(o)
			r.z[colRest].Add(r.z[colRest], o.Mul(o, big.NewInt(t.val[v])))
		}
		r.z[colBasic].SetInt64(1)
	}
	for i := range t.basic {
		t.addTo(r, &t.rows[i], obj[t.basic[i]])
	}
	r.tidy()
	t.basic = append(t.basic, n)
	t.row[n] = len(t.basic) - 1
	return m.Spend(8 * len(t.slot) * (len(t.rows) + 1))
}

// aimSmall writes the sum over the nonbasic unknowns in small numbers, if they are.
func (t *Simplex) aimSmall(r *tabRow, obj []int64) bool {
	for j, v := range t.slot {
		by, ok := mulFits(obj[v], t.val[v])
		if !ok || bitLen(obj[v]) > smallBits {
			return false
		}
		r.a[colFirst+j] = -obj[v]
		if r.a[colRest] += by; bitLen(r.a[colRest]) > smallBits {
			return false
		}
	}
	r.a[colBasic] = 1
	for _, x := range r.a {
		r.bits = max(r.bits, bitLen(x))
	}
	return true
}

// addSmall is addTo in int64; it says whether the numbers sufficed for that.
func (r *tabRow) addSmall(o *tabRow, f int64) bool {
	if r.z != nil || o.z != nil {
		return false
	}
	q, ok := mulFits(f, r.a[colBasic])
	d := o.a[colBasic]
	if !ok || bitLen(d)+r.bits >= smallBits || bitLen(q)+o.bits >= smallBits {
		return false
	}
	all := uint64(0)
	for i, x := range o.a {
		y := r.a[i] * d
		if i != colBasic {
			y += q * x
		}
		r.a[i] = y
		all |= abs64(y)
	}
	if r.bits = bits.Len64(all); d != 1 || r.bits > tidyBits {
		r.tidy()
	}
	return true
}

// addTo puts an unknown, which is the basic one of row o and has coefficient -f
// in row r, into terms of the nonbasic ones.
func (t *Simplex) addTo(r, o *tabRow, f int64) {
	if f == 0 || r.addSmall(o, f) {
		return
	}
	r.grow()
	d, q, x := o.at(colBasic), big.NewInt(f), new(big.Int)
	// r has not yet been multiplied for this unknown: its coefficient is -f times
	// what r's own basic coefficient has become.
	q.Mul(q, r.z[colBasic])
	plain := o.z == nil && o.a[colBasic] == 1
	for i, y := range r.z {
		if !plain {
			y.Mul(y, d)
		}
		if i != colBasic && o.sign(i) != 0 {
			y.Add(y, x.Mul(q, o.at(i)))
		}
	}
	if !plain {
		r.tidyBig()
	}
}

// unaim takes the row of the aim, which is always the last, away again.
func (t *Simplex) unaim() {
	t.rows = t.rows[:len(t.rows)-1]
	t.basic = t.basic[:len(t.basic)-1]
}

// setBasic sets the basic coefficient.
func (r *tabRow) setBasic(x int64) {
	r.bits = max(r.bits, bitLen(x))
	if r.z != nil {
		r.z[colBasic] = big.NewInt(x)
		return
	}
	r.a[colBasic] = x
}
