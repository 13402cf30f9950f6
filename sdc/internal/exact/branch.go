package exact

import (
	"errors"
	"fmt"
	"math/big"
)

// How many cuts may be made at once in a search: at first, and at most.
const (
	shallow = 50
	deepest = 3200
)

// errNoLeast: a sum can be made as small as one likes.
var errNoLeast = errors.New("the sum has no least value")

// Branching answers questions about the whole-number points of a system by linear
// programming and, where that gives fractions, by branch and bound: an unknown
// that came out as 3½ is at most 3 or at least 4.
type Branching struct {
	t *Simplex
	// points are whole-number points that satisfy the system, found on the way.
	points [][]int64
	next   int // where the next is kept, when there are enough
	eqs    []Equation
}

// NewBranching copies a system.
func NewBranching(s *System) *Branching {
	t := NewSimplex(s)
	return &Branching{t: t, eqs: t.sys.Eqs}
}

// keep is how many points are remembered, so that they take a few megabytes at
// most.
func (b *Branching) keep() int {
	return min(256, max(8, (1<<19)/(b.t.size()+1)))
}

func (b *Branching) remember(p []int64) {
	if len(b.points) < b.keep() {
		b.points = append(b.points, p)
		return
	}
	b.points[b.next%len(b.points)] = p
	b.next++
}

// Known tells of a point that may satisfy the system, so that none need be
// searched for. It says whether the point does; only then is it used.
func (b *Branching) Known(p []int64) bool {
	if len(p) != b.t.size() {
		return false
	}
	for v, x := range p {
		if x < b.t.lo[v] || x > b.t.hi[v] {
			return false
		}
	}
	for _, e := range b.eqs {
		sum := new(big.Int)
		for _, t := range e.Terms {
			c := big.NewInt(t.C)
			sum.Add(sum, c.Mul(c, big.NewInt(p[t.V])))
		}
		if !sum.IsInt64() || sum.Int64() != e.RHS {
			return false
		}
	}
	b.remember(append([]int64(nil), p...))
	return true
}

// Limit changes the bounds of an unknown.
func (b *Branching) Limit(v int, lo, hi int64) {
	b.t.Limit(v, lo, hi)
	kept := b.points[:0]
	for _, p := range b.points {
		if p[v] >= lo && p[v] <= hi {
			kept = append(kept, p)
		}
	}
	clear(b.points[len(kept):])
	b.points = kept
}

// Feasible finds a whole-number point.
func (b *Branching) Feasible(m *Meter) ([]int64, error) {
	if len(b.points) == 0 {
		s := wholeSearch{b: b, m: m, v: -1}
		if err := s.run(); err != nil {
			return nil, err
		}
	}
	return append([]int64(nil), b.points[len(b.points)-1]...), nil
}

// Extreme finds the least or greatest value of an unknown.
func (b *Branching) Extreme(m *Meter, v int, up bool, enough int64) (int64, []int64, error) {
	s := wholeSearch{b: b, m: m, v: v, up: up, enough: enough}
	for _, p := range b.points {
		s.improve(p[v], p)
	}
	if err := m.Spend(len(b.points) + 1); err != nil {
		return 0, nil, err
	}
	if s.best == nil || !s.beyond(enough) && s.value != b.t.bound(v, s.dir()) {
		if err := s.run(); err != nil {
			return 0, nil, err
		}
	}
	if s.noEnd {
		if _, err := b.Feasible(m); err != nil {
			return 0, nil, err
		}
		return NoLimit(up), nil, nil
	}
	return s.value, append([]int64(nil), s.best...), nil
}

// minimise finds a whole-number point with the least Σ obj·x, and that sum.
func (b *Branching) minimise(m *Meter, obj []int64) (point []int64, value int64, err error) {
	if err := b.t.restore(m); err != nil {
		return nil, 0, err
	}
	if err := b.t.aim(m, obj); err != nil {
		return nil, 0, err
	}
	defer b.t.unaim()
	s := wholeSearch{b: b, m: m, v: b.t.size(), enough: NoLimit(false)}
	if err := s.run(); err != nil {
		return nil, 0, err
	}
	if s.noEnd {
		if _, err := b.Feasible(m); err != nil {
			return nil, 0, err
		}
		return nil, 0, errNoLeast
	}
	return append([]int64(nil), s.best...), s.value, nil
}

// A wholeSearch is one run of branch and bound.
type wholeSearch struct {
	b      *Branching
	m      *Meter
	v      int // the unknown that is to go up or down; -1 when any point will do
	up     bool
	enough int64

	best  []int64 // the best point so far
	value int64   // of v there
	done  bool    // best is all that was asked for
	deep  int     // how deep this run may go
	cut   bool    // it would have gone deeper
	noEnd bool    // linear programming finds no end to v
}

// run searches. ErrInfeasible when there is no whole-number point at all.
func (s *wholeSearch) run() error {
	// Among unknowns without end one side of a search may go down for ever, with
	// the answer on the other side: so it goes deep only when it must.
	for s.deep = shallow; ; s.deep *= 4 {
		s.cut = false
		if err := s.node(0); err != nil {
			return err
		}
		if !s.cut || s.done {
			break
		}
		if s.deep >= deepest {
			return fmt.Errorf("%w: the search went too deep", ErrStopped)
		}
	}
	if s.best == nil && !s.noEnd {
		return ErrInfeasible
	}
	return nil
}

func (s *wholeSearch) dir() int {
	if s.up {
		return 1
	}
	return -1
}

// better says whether x is a better value of v than the best so far.
func (s *wholeSearch) better(x int64) bool {
	if s.best == nil {
		return true
	}
	if s.up {
		return x > s.value
	}
	return x < s.value
}

// beyond says whether the best value so far is at x or beyond.
func (s *wholeSearch) beyond(x int64) bool {
	if x == NoLimit(s.up) {
		return false
	}
	if s.up {
		return s.value >= x
	}
	return s.value <= x
}

func (s *wholeSearch) improve(x int64, p []int64) {
	if s.better(x) {
		s.best, s.value = p, x
	}
}

// node finds the best whole-number point within the present bounds.
func (s *wholeSearch) node(depth int) error {
	if depth > s.deep {
		s.cut = true
		return nil
	}
	bound, open, err := s.relax()
	if err != nil || !open {
		return err
	}
	u := s.b.t.fraction(s.v)
	if err := s.m.Spend(len(s.b.t.rows)); err != nil {
		return err
	}
	if u < 0 {
		return s.found()
	}
	if t := s.b.t; s.deep > shallow && s.v >= 0 && s.v < t.size() && t.lo[s.v] < t.hi[s.v] {
		return s.settle(bound, depth)
	}
	return s.split(u, bound, depth)
}

// settle finds out whether v can be at its bound before it looks further. It
// helps when v is what makes others come out as fractions.
func (s *wholeSearch) settle(bound int64, depth int) error {
	t := s.b.t
	lo, hi := t.lo[s.v], t.hi[s.v]
	defer t.Limit(s.v, lo, hi)
	t.Limit(s.v, bound, bound)
	if err := s.node(depth + 1); err != nil || s.done || s.best != nil && s.value == bound {
		return err
	}
	if s.up {
		t.Limit(s.v, lo, bound-1)
	} else {
		t.Limit(s.v, bound+1, hi)
	}
	return s.node(depth + 1)
}

// relax solves the node by linear programming. It gives a bound of v there, and
// says whether anything is open: a better point may be there.
func (s *wholeSearch) relax() (bound int64, open bool, err error) {
	t := s.b.t
	if err := t.restore(s.m); err != nil {
		if errors.Is(err, ErrInfeasible) {
			err = nil
		}
		return 0, false, err
	}
	if t.isOdd() {
		return 0, false, nil
	}
	if s.v < 0 {
		return 0, true, nil
	}
	out, err := t.climb(s.m, s.v, s.up, s.enough, false)
	if err == nil && out == reached {
		if t.fraction(-1) < 0 {
			return 0, true, nil
		}
		out, err = t.climb(s.m, s.v, s.up, NoLimit(s.up), false)
	}
	if err != nil {
		return 0, false, err
	}
	if out == noEnd {
		s.noEnd, s.done = true, true
		return 0, false, nil
	}
	bound, err = t.rounded(s.v, !s.up)
	return bound, err == nil && s.better(bound), err
}

// found takes up the whole-number point at which the tableau stands.
func (s *wholeSearch) found() error {
	t := s.b.t
	p := make([]int64, t.size())
	for v := range p {
		x, err := t.rounded(v, false)
		if err != nil {
			return err
		}
		p[v] = x
	}
	x := int64(0)
	if s.v >= 0 {
		var err error
		if x, err = t.rounded(s.v, false); err != nil {
			return err
		}
	}
	s.b.remember(p)
	s.improve(x, p)
	s.done = s.v < 0 || s.beyond(s.enough)
	return s.m.Spend(len(p))
}

// split cuts the range of unknown u in two where it is now, and searches both.
func (s *wholeSearch) split(u int, bound int64, depth int) error {
	t := s.b.t
	floor, err := t.rounded(u, false)
	if err != nil {
		return err
	}
	lo, hi := t.lo[u], t.hi[u]
	defer t.Limit(u, lo, hi)
	upper := t.upperHalf(u)
	for _, above := range []bool{upper, !upper} {
		if u == s.v && above == s.up {
			continue // linear programming says that v does not get there
		}
		if above {
			t.Limit(u, floor+1, hi)
		} else {
			t.Limit(u, lo, floor)
		}
		if err := s.node(depth + 1); err != nil {
			return err
		}
		if s.done || s.best != nil && s.v >= 0 && s.value == bound {
			return nil
		}
	}
	return nil
}

// LeastSum finds a whole-number point with the least Σ cost·x (least is true then);
// when the budget is used up, the best that came by. ErrInfeasible when there is no
// point, ErrStopped when none was found in time.
func LeastSum(m *Meter, sys *System, cost []int64) (point []int64, least bool, err error) {
	s := NewBranching(sys)
	point, _, err = s.minimise(m, cost)
	if errors.Is(err, ErrStopped) && m.ctx.Err() == nil && len(s.points) > 0 {
		return cheapestPoint(s.points, cost), false, nil
	}
	return point, err == nil, err
}

// cheapestPoint gives the first of the points with the least Σ cost·x.
func cheapestPoint(points [][]int64, cost []int64) []int64 {
	var best []int64
	var least int64
	for _, p := range points {
		sum := int64(0)
		for v, x := range p {
			sum += cost[v] * x
		}
		if best == nil || sum < least {
			best, least = p, sum
		}
	}
	return best
}
