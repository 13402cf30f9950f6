package sdc

import (
	"errors"

	"kith/sdc/internal/exact"
)

// A prober finds the ends of the spans of one part, remembering every point it
// has come by.
type prober struct {
	*part
	b              *bounder
	first          []int64
	free           bool    // the group rule cannot hold here: this was hidden for another reason
	walk           *walker // from first, when it was needed
	seenLo, seenHi []int64 // by unknown: the least and greatest at points so far
}

// ends finds both ends of every span of the part.
func (s *prober) ends(m *exact.Meter) error {
	for v, u := range s.unknowns {
		id := s.b.ids[u]
		if id < 0 {
			continue
		}
		if err := s.span(m, v); err != nil {
			return err
		}
	}
	return nil
}

// span finds the span of unknown v. That a count stands is found out first, which takes
// less than its ends do; its ends may then be left, when they are too dear.
func (s *prober) span(m *exact.Meter, v int) error {
	id := s.b.ids[s.unknowns[v]]
	whole := func(m *exact.Meter) error {
		lo, err := s.end(m, v, false, exact.NoLimit(false))
		if err != nil {
			return err
		}
		hi, err := s.end(m, v, true, exact.NoLimit(true))
		s.b.spans[id] = span{lo: lo, hi: hi, done: err == nil}
		return err
	}
	// Of what was printed before it matters whether anything more is learnt.
	if _, ok := s.solver.(*exact.Branching); !ok || !s.b.stands || s.b.p.q[id].prior == shown {
		return whole(m)
	}
	inner, err := s.inner(m, v)
	if err != nil {
		return err
	}
	seen := func() { // at least that, and what was asked for
		now := &s.b.spans[id]
		if !now.inner {
			*now = span{s.seenLo[v], s.seenHi[v], true, true}
		}
		now.lo, now.hi = min(now.lo, s.seenLo[v]), max(now.hi, s.seenHi[v])
	}
	if !inner {
		err := m.Within(s.most(m, v), func(m *exact.Meter) (err error) {
			inner, err = s.asFarAsNeeded(m, v)
			return err
		})
		if err != nil && !errors.Is(err, exact.ErrTooDear) {
			return err
		}
		if err == nil && !inner && s.b.walk != nil {
			return nil // its span tells what is lacking
		}
	}
	if s.b.walk != nil {
		seen()
		return nil
	}
	if !inner {
		return whole(m)
	}
	asked := s.b.spans[id]
	if err := m.Within(s.most(m, v), whole); !errors.Is(err, exact.ErrTooDear) {
		return err
	}
	s.b.spans[id] = asked
	seen()
	return nil
}

// asFarAsNeeded asks for the ends of a span only as far as the rule needs them, and says
// whether the count stands.
func (s *prober) asFarAsNeeded(m *exact.Meter, v int) (bool, error) {
	id := s.b.ids[s.unknowns[v]]
	q := &s.b.p.q[id]
	least, _ := q.target()
	lo, err := s.end(m, v, false, least)
	if err != nil {
		return false, err
	}
	hi, err := s.end(m, v, true, lo+q.values-1)
	if err != nil {
		return false, err
	}
	s.b.spans[id] = span{lo, hi, true, true}
	return q.stands(lo, hi), nil
}

// stand says whether the points that were seen let a count stand.
func (s *prober) stand(q *quantity, v int) bool {
	least, _ := q.target()
	return s.seenHi[v]-s.seenLo[v] >= q.values-1 && (!q.isHidden() || s.seenLo[v] <= least)
}

// inner says whether a count is known to stand by points that the prober has come by, or
// that a walk from its first finds.
func (s *prober) inner(m *exact.Meter, v int) (bool, error) {
	w := s.b.walk
	if w == nil {
		if s.walk == nil {
			base := make([]int64, len(s.b.p.q))
			for k, u := range s.unknowns {
				if id := s.b.ids[u]; id >= 0 {
					base[id] = s.first[k]
				}
			}
			s.walk = newWalker(s.b, base)
		}
		w = s.walk
	}
	return w.shortly(m, s, v)
}

// most is how much work a question about unknown v may take that can be left: half of what
// is left goes to all of them. A publisher hides more where it is too dear to find out what
// is lacking, unless nothing more can be hidden.
func (s *prober) most(m *exact.Meter, v int) int64 {
	const least, hiding, patient = 4_000_000, 10_000_000, 32
	switch {
	case s.b.walk == nil:
		return max(least, m.Left()/2/int64(len(s.unknowns)-v))
	case s.b.patient[s.b.ids[s.unknowns[v]]]:
		return m.Left() / patient
	}
	return hiding
}

// grouped says whether the reader knows that the part holds a small count.
func (s *prober) grouped() bool {
	return s.b.know >= K2 && s.b.p.groupRule && len(s.hidden) > 0 && !s.free
}

// holdsSmall says whether a point has a small hidden count.
func (s *prober) holdsSmall(point []int64) bool {
	for _, v := range s.small {
		if point[v] <= s.smallest(v) {
			return true
		}
	}
	return false
}

func (s *prober) smallest(v int) int64 { return s.b.p.q[s.b.ids[s.unknowns[v]]].threshold }

// start sees that what has been seen so far keeps the group rule.
func (s *prober) start(m *exact.Meter) error {
	if !s.grouped() || s.holdsSmall(s.first) {
		return nil
	}
	for _, v := range s.small {
		point, err := s.capped(m, v, func() ([]int64, error) { return s.solver.Feasible(m) })
		if err == nil {
			copy(s.seenLo, point)
			copy(s.seenHi, point)
			return nil
		}
		if !errors.Is(err, exact.ErrInfeasible) {
			return err
		}
	}
	s.free = true
	return nil
}

// capped asks the solver with hidden count v held to be small.
func (s *prober) capped(m *exact.Meter, v int, ask func() ([]int64, error)) ([]int64, error) {
	lo, hi := s.sys.Lo[v], s.sys.Hi[v]
	if lo > s.smallest(v) {
		return nil, exact.ErrInfeasible
	}
	s.solver.Limit(v, lo, min(hi, s.smallest(v)))
	point, err := ask()
	s.solver.Limit(v, lo, hi)
	return point, err
}

// see remembers a point.
func (s *prober) see(point []int64) {
	for v, x := range point {
		s.seenLo[v], s.seenHi[v] = min(s.seenLo[v], x), max(s.seenHi[v], x)
	}
}

// end finds one end of the span of unknown v, or that it is at goal or beyond.
func (s *prober) end(m *exact.Meter, v int, up bool, goal int64) (int64, error) {
	if !up && (s.seenLo[v] == s.sys.Lo[v] || s.seenLo[v] <= goal) {
		return s.seenLo[v], nil
	}
	if up && (s.seenHi[v] == s.sys.Hi[v] || s.seenHi[v] >= goal) {
		return s.seenHi[v], nil
	}
	value, point, err := s.solver.Extreme(m, v, up, goal)
	if err != nil {
		return 0, err
	}
	if !s.grouped() || point != nil && s.holdsSmall(point) {
		if point != nil {
			s.see(point)
		}
		return value, nil
	}
	return s.endGrouped(m, v, up, value, goal)
}

// endGrouped finds the end when the farthest point has no small count: the
// farthest over the points at which some hidden count is small.
func (s *prober) endGrouped(m *exact.Meter, v int, up bool, limit, goal int64) (int64, error) {
	best := s.seenLo[v]
	if up {
		best = s.seenHi[v]
	}
	for _, h := range s.small {
		if best == limit || up && best >= goal || !up && best <= goal {
			break
		}
		var value int64
		point, err := s.capped(m, h, func() (at []int64, err error) {
			value, at, err = s.solver.Extreme(m, v, up, goal)
			return at, err
		})
		if errors.Is(err, exact.ErrInfeasible) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if point != nil {
			s.see(point)
		}
		if up {
			best = max(best, value)
		} else {
			best = min(best, value)
		}
	}
	return best, nil
}
