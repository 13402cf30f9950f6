package sdc

import "slices"

// choose makes several attempts at a cheap set of secondaries that stands, and
// keeps the cheapest. Which attempts are made depends on the size of the problem
// and on nothing else, so that the same release always comes out the same.
func (s *suppressor) choose() error {
	var best []bool
	bestCost := int64(unbounded)
	for attempt := range s.attempts() {
		if attempt > 0 && s.m.Left() < s.m.Budget()/2 {
			break // keep the other half for the audit
		}
		s.vary(attempt / len(s.finds))
		s.find = s.finds[attempt%len(s.finds)]
		clear(s.secondary)
		s.renew()
		stands, err := s.attempt(attempt/len(s.finds)%2 == 1)
		if err != nil {
			return err
		}
		cost := s.total()
		if !stands {
			cost = unbounded - 1
		}
		if cost < bestCost {
			best, bestCost = slices.Clone(s.secondary), cost
		}
		if bestCost == 0 {
			break
		}
	}
	if best != nil {
		copy(s.secondary, best)
		s.renew()
	}
	clear(s.jitter)
	return nil
}

// attempt chooses one set: protect each small count, show what is not needed, and
// mend what the audit finds.
func (s *suppressor) attempt(reverse bool) (bool, error) {
	if err := s.primaries(reverse); err != nil {
		return false, err
	}
	if stands, err := s.repair(); err != nil || !stands {
		return stands, err
	}
	if err := s.prune(); err != nil {
		return false, err
	}
	s.dropIdle()
	return s.repair()
}

// attempts is how many sets are tried.
func (s *suppressor) attempts() int {
	switch n := len(s.ids); {
	case n <= 60:
		return 8
	case n <= 200:
		return 8
	case n <= 600:
		return 3
	}
	return 1
}

// vary changes the costs a little from one attempt to the next, by a rule that
// looks at places in the canonical order only. In every other attempt totals are
// cheap, since several small counts can share one: taking each by itself would not
// find that.
func (s *suppressor) vary(attempt int) {
	for u, id := range s.ids {
		s.jitter[id] = 0
		if attempt < 2 {
			continue
		}
		s.jitter[id] = int64(mix(uint64(attempt)<<32|uint64(u)) % (cellCost / 2))
		if q := &s.p.q[id]; attempt%2 == 0 && q.totals > 0 && q.cost < grandCost {
			s.jitter[id] -= 2 * q.cost / 3
		}
	}
}

// all hides everything that can be hidden and is not none; the grand total too
// where grand is set.
func (s *suppressor) all(grand bool) {
	for id := range s.p.q {
		if q := &s.p.q[id]; q.state == shown && !q.keep && s.base[id] > 0 && s.index[id] >= 0 && (grand || !q.grand()) {
			s.take(id)
		}
	}
	s.renew()
}
