package sdc

import "slices"

// choose makes several attempts at a cheap set of secondaries that stands, and
// keeps the cheapest. Which attempts are made depends on the size of the problem
// and on nothing else, so that the same release always comes out the same.
func (s *suppressor) choose() error {
	var best []bool
	bestCost := int64(unbounded)
	for attempt := range s.attempts() {
		if attempt > 0 && s.m.left < s.m.all/2 {
			break // keep the other half for the audit
		}
		s.vary(attempt / len(s.finds))
		s.find = s.finds[attempt%len(s.finds)]
		clear(s.secondary)
		s.view = nil
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
		return 16
	case n <= 200:
		return 8
	case n <= 600:
		return 3
	}
	return 1
}

// vary changes the costs a little from one attempt to the next, by a rule that
// looks at places in the canonical order only.
func (s *suppressor) vary(attempt int) {
	for u, id := range s.ids {
		s.jitter[id] = 0
		if attempt > 1 {
			s.jitter[id] = int64(mix(uint64(attempt)<<32|uint64(u)) % (cellCost / 2))
		}
	}
}
