package sdc

import (
	"errors"

	"kith/sdc/internal/exact"
)

// leastByZeros works out, for hidden counts that seem to be bounded from below too
// closely, the least they can be for a reader who sees only which counts are none:
// nothing that is hidden can change that. In one table it is the number of lowest
// parts that are not none (countParts); where tables or identities are tied to one
// another it can be more.
func (p *problem) leastByZeros(m *exact.Meter, spans []span) error {
	if !p.tied {
		return nil
	}
	for id := range p.q {
		q := &p.q[id]
		if least := max(q.floor, q.parts); !q.isHidden() || spans[id].lo <= least || spans[id].lo > q.threshold {
			continue
		}
		if p.pattern == nil {
			p.pattern = newBounderOf(p, K1, p.patternBounds)
		}
		u := p.pattern.index[id]
		if u < 0 {
			continue
		}
		pt := p.pattern.partOf(u)
		if pt.solver == nil {
			pt.solver = exact.NewSolver(&pt.sys)
		}
		least, _, err := pt.solver.Extreme(m, pt.local[u], false, max(q.floor, q.parts))
		if errors.Is(err, exact.ErrInfeasible) {
			return nil // the counts do not fit together: that is found elsewhere
		}
		if err != nil {
			return err
		}
		q.parts = max(q.parts, least)
	}
	return nil
}

// patternBounds is between what a reader knows a count to be who sees only whether
// it is none.
func (p *problem) patternBounds(q *quantity) (lo, hi int64) {
	switch {
	case q.state == shown && q.hi == 0 || q.prior == shown && q.priorHi == 0:
		return 0, 0
	case q.state == absent && q.prior == absent:
		return 0, unbounded
	}
	return q.floor, unbounded
}
