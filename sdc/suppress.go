package sdc

import (
	"cmp"
	"errors"
	"slices"

	"kith/sdc/internal/exact"
)

// A suppressor chooses what else to hide so that small counts stay unknown.
type suppressor struct {
	p    *problem
	know Knowledge
	m    *exact.Meter
	// base is a true count for each quantity, or a possible one where the publisher
	// no longer has it.
	base  []int64
	order []int // quantities in canonical order
	// The finder's system has all quantities that are not known to be none, in
	// canonical order.
	ids   []int // unknown → quantity
	index []int // quantity → unknown, -1
	find  exact.Mover
	finds []exact.Mover // of the attempts, in turn
	// The set at hand.
	secondary []bool  // by quantity
	jitter    []int64 // by quantity: what a new attempt adds to costs
	// cost, up and down are by unknown of the finder; stale when the set has changed.
	cost, up, down []int64
	stale          bool
	// view is what the attacker knows of that set, nil when it has changed.
	view     *bounder
	viewWalk *walker
}

// newSuppressor prepares a problem whose primary counts are marked hidden.
func newSuppressor(p *problem, know Knowledge, m *exact.Meter) (*suppressor, error) {
	s := &suppressor{p: p, know: know, m: m, secondary: make([]bool, len(p.q)), jitter: make([]int64, len(p.q))}
	if err := s.findBase(); err != nil {
		return nil, err
	}
	s.order = p.canonical()
	s.index = make([]int, len(p.q))
	sys := &exact.System{}
	for i := range s.index {
		s.index[i] = -1
	}
	for _, id := range s.order {
		if s.fixed(id) {
			continue
		}
		s.index[id] = len(s.ids)
		s.ids = append(s.ids, id)
		sys.Lo = append(sys.Lo, s.base[id])
		sys.Hi = append(sys.Hi, s.base[id])
	}
	for _, e := range p.eqs {
		out := exact.Equation{Redundant: e.Redundant}
		for _, t := range e.Terms {
			if u := s.index[t.V]; u >= 0 {
				out.Terms = append(out.Terms, exact.Term{V: u, C: t.C})
				out.RHS += t.C * s.base[t.V]
			}
		}
		if len(out.Terms) > 0 {
			slices.SortFunc(out.Terms, func(a, b exact.Term) int { return cmp.Compare(a.V, b.V) })
			sys.Eqs = append(sys.Eqs, out)
		}
	}
	slices.SortFunc(sys.Eqs, func(a, b exact.Equation) int {
		return slices.CompareFunc(a.Terms, b.Terms, func(x, y exact.Term) int {
			return cmp.Or(cmp.Compare(x.V, y.V),
				cmp.Compare(x.C, y.C))
		})
	})
	s.finds = s.finders(sys)
	s.find = s.finds[0]
	return s, nil
}

// findBase fills in what the publisher does not have: counts that were hidden
// when they reached this program, or in an earlier release.
func (s *suppressor) findBase() error {
	s.base = make([]int64, len(s.p.q))
	sys := &exact.System{}
	var ids []int
	index := make([]int, len(s.p.q))
	for id := range s.p.q {
		q := &s.p.q[id]
		s.base[id], index[id] = q.truth, -1
		if q.known {
			continue
		}
		lo, hi := s.p.bounds(q, s.know)
		index[id] = len(ids)
		ids = append(ids, id)
		sys.Lo, sys.Hi = append(sys.Lo, lo), append(sys.Hi, hi)
	}
	if len(ids) == 0 {
		return nil
	}
	for _, e := range s.p.eqs {
		out := exact.Equation{RHS: e.RHS, Redundant: e.Redundant}
		for _, t := range e.Terms {
			if index[t.V] >= 0 {
				out.Terms = append(out.Terms, exact.Term{V: index[t.V], C: t.C})
			} else {
				out.RHS -= t.C * s.base[t.V]
			}
		}
		if len(out.Terms) > 0 || out.RHS != 0 {
			sys.Eqs = append(sys.Eqs, out)
		}
	}
	point, err := exact.NewSolver(sys).Feasible(s.m)
	for i, x := range point {
		s.base[ids[i]] = x
	}
	return err
}

// costs gives for every unknown of the finder what it costs to hide it and how
// far it may move if hidden.
func (s *suppressor) costs() (cost, maxUp, maxDown []int64) {
	if s.cost == nil {
		n := len(s.ids)
		s.cost, s.up, s.down = make([]int64, n), make([]int64, n), make([]int64, n)
	}
	if s.stale {
		s.stale = false
		s.m.Owe(len(s.ids)) // the next question sees whether that was too much
		for u, id := range s.ids {
			s.cost[u], s.up[u], s.down[u] = s.room(id)
		}
	}
	return s.cost, s.up, s.down
}

// room says what hiding a quantity costs and how far it can then move.
func (s *suppressor) room(id int) (cost, up, down int64) {
	q := &s.p.q[id]
	x := s.base[id]
	lo, hi := int64(0), int64(unbounded)
	if q.prior == shown && s.know >= K3 {
		lo, hi = q.priorLo, q.priorHi
	}
	switch {
	case q.state == absent && q.prior != hidden:
	case q.isHidden() || s.secondary[id]:
		lo = max(lo, q.floor)
	case q.keep || q.prior == shown:
		lo, hi = max(lo, q.lo), min(hi, q.hi)
	default:
		lo = max(lo, q.floor)
		cost = q.cost + s.jitter[id]
	}
	if x < lo || x > hi {
		return cost, 0, 0
	}
	up, down = unbounded, x-lo
	if hi != unbounded {
		up = hi - x
	}
	return cost, up, down
}

// hide makes secondaries of what a move changes.
func (s *suppressor) hide(moved []exact.Term) {
	for _, t := range moved {
		id := s.ids[t.V]
		if q := &s.p.q[id]; q.state == shown && !q.keep && (q.prior != shown || s.know < K3) {
			if by := t.C; s.base[id]+by < q.lo || s.base[id]+by > q.hi {
				s.take(id)
			}
		}
	}
}

// take makes a quantity a secondary.
func (s *suppressor) take(id int) {
	s.secondary[id], s.view = true, nil
	if u := s.index[id]; u >= 0 && s.cost != nil {
		s.cost[u], s.up[u], s.down[u] = s.room(id)
	}
}

// renew forgets what was worked out for another set.
func (s *suppressor) renew() { s.view, s.stale = nil, true }

// move makes it possible for a quantity to be amount more or less than it is.
func (s *suppressor) move(id int, up bool, amount int64) error {
	if s.index[id] < 0 {
		return exact.ErrNoWay
	}
	if can, err := s.reaches(id, up, amount); err != nil || can {
		return err
	}
	cost, maxUp, maxDown := s.costs()
	moved, _, err := s.find.Cheapest(s.m, s.index[id], up, amount, cost, maxUp, maxDown)
	if err != nil {
		return err
	}
	s.hide(moved)
	return nil
}

// reaches says whether a quantity can be amount more or less with what is hidden
// now. For a network the search itself tells that as quickly.
func (s *suppressor) reaches(id int, up bool, amount int64) (bool, error) {
	if _, ok := s.find.(*exact.Paths); ok || amount <= 0 {
		return amount <= 0, nil
	}
	if s.view == nil {
		s.apply()
		s.view = newBounder(s.p, s.know)
		s.viewWalk = s.newWalker(s.view)
		s.undo()
	}
	u := s.view.index[id]
	if u < 0 {
		return false, nil
	}
	pt := s.view.partOf(u)
	if pt.solver == nil {
		pt.solver = s.view.solverAt(pt, s.base)
	}
	goal := s.base[id] + amount
	if !up {
		goal = s.base[id] - amount
	}
	if err := s.viewWalk.tell(s.m, pt, pt.local[u], up, goal); err != nil {
		return false, err
	}
	var value int64
	err := s.m.Within(s.dearest(), func(m *exact.Meter) (err error) {
		value, _, err = pt.solver.Extreme(m, pt.local[u], up, goal)
		return err
	})
	if errors.Is(err, exact.ErrTooDear) {
		return false, nil
	}
	return err == nil && (up && value >= goal || !up && value <= goal), err
}

// target is the span a primary count must be able to move in.
func (q *quantity) target() (lo, hi int64) {
	lo = max(q.floor, q.parts)
	return lo, lo + q.values - 1
}

// primaries hides what protects each primary count, hardest first.
func (s *suppressor) primaries(reverse bool) error {
	var list []int
	for _, id := range s.order {
		if s.p.q[id].state == hidden {
			list = append(list, id)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(s.p.q[b].totals, s.p.q[a].totals) })
	if reverse {
		slices.Reverse(list)
	}
	for _, id := range list {
		q, x := &s.p.q[id], s.base[id]
		lo, hi := q.target()
		if x > q.threshold {
			continue // not primary for its size: the audit says what it needs
		}
		if err := s.move(id, false, x-lo); err != nil && !errors.Is(err, exact.ErrNoWay) {
			return err
		}
		if err := s.move(id, true, hi-x); err != nil && !errors.Is(err, exact.ErrNoWay) {
			return err
		}
	}
	return nil
}

// apply marks the secondaries hidden in the problem; undo shows them again.
func (s *suppressor) apply() {
	for id, on := range s.secondary {
		if on {
			s.p.q[id].state = hidden
		}
	}
}

func (s *suppressor) undo() {
	for id, on := range s.secondary {
		if on {
			s.p.q[id].state = shown
		}
	}
}

// spans judges the set at hand as the attacker would.
func (s *suppressor) spans(patient map[int]bool) ([]span, error) {
	s.apply()
	defer s.undo()
	b := newBounder(s.p, s.know)
	b.walk, b.patient = s.newWalker(b), patient
	return s.p.spansOf(s.m, b)
}

// failing lists the quantities that do not stand, with their spans.
func (s *suppressor) failing(spans []span) []int {
	s.apply()
	defer s.undo()
	var out []int
	for _, id := range s.order {
		if spans[id].done && !s.p.q[id].stands(spans[id].lo, spans[id].hi) {
			out = append(out, id)
		}
	}
	return out
}

// rounds is how often what the audit finds is mended before giving up.
const rounds = 12

// repair hides more until every count stands, as the exact audit has it. It says
// whether that was reached.
func (s *suppressor) repair() (bool, error) {
	var patient map[int]bool // what nothing more can be hidden for
	for range rounds {
		spans, err := s.spans(patient)
		if err != nil {
			return false, err
		}
		failing := s.failing(spans)
		if len(failing) == 0 {
			return true, nil
		}
		before := slices.Clone(s.secondary)
		for _, id := range failing {
			if err := s.widen(id, spans[id]); err != nil && !errors.Is(err, exact.ErrNoWay) {
				return false, err
			}
		}
		if slices.Equal(before, s.secondary) {
			if patient != nil {
				return false, nil
			}
			patient = map[int]bool{}
			for _, id := range failing {
				patient[id] = true
			}
		}
	}
	return false, nil
}

// widen hides what lets a quantity be more numbers than it can now.
func (s *suppressor) widen(id int, now span) error {
	q, x := &s.p.q[id], s.base[id]
	if q.state == shown && !s.secondary[id] && q.prior != shown && !q.keep {
		s.take(id) // rounding alone gives it away
		return nil
	}
	lo, _ := q.target()
	if q.state != absent && now.lo > lo && now.lo <= q.threshold {
		if err := s.move(id, false, x-lo); err != nil {
			return err
		}
	}
	if now.hi != unbounded && now.hi-now.lo < q.values-1 {
		return s.either(id, max(now.lo+q.values-1-x, 1), max(x-(now.hi-q.values+1), 1))
	}
	return nil
}

// either moves a quantity up by one amount or down by another, whichever is
// cheaper.
func (s *suppressor) either(id int, up, down int64) error {
	if s.index[id] < 0 {
		return exact.ErrNoWay
	}
	cost, maxUp, maxDown := s.costs()
	rise, riseCost, err := s.find.Cheapest(s.m, s.index[id], true, up, cost, maxUp, maxDown)
	if err != nil && !errors.Is(err, exact.ErrNoWay) {
		return err
	}
	fall, fallCost, err2 := s.find.Cheapest(s.m, s.index[id], false, down, cost, maxUp, maxDown)
	switch {
	case err2 != nil && !errors.Is(err2, exact.ErrNoWay):
		return err2
	case err != nil && err2 != nil:
		return err
	case err != nil || err2 == nil && fallCost < riseCost:
		s.hide(fall)
	default:
		s.hide(rise)
	}
	return nil
}

// total is what the set at hand costs.
func (s *suppressor) total() int64 {
	var sum int64
	for id, on := range s.secondary {
		if on {
			sum += s.p.q[id].cost
		}
	}
	return sum
}
