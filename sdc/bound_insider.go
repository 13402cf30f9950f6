package sdc

import (
	"errors"

	"kith/sdc/internal/exact"
)

// insiders narrows the spans to what somebody knows who is alone in one hidden
// cell: each in turn that can be of one child.
func (b *bounder) insiders(m *exact.Meter) error {
	wide := append([]span(nil), b.spans...)
	for i := range b.parts {
		pt := &b.parts[i]
		for _, h := range pt.hidden {
			own := b.ids[pt.unknowns[h]]
			if wide[own].lo > 1 || wide[own].hi < 1 || b.p.q[own].totals > 0 {
				continue
			}
			if err := b.insider(m, pt, h); err != nil {
				return err
			}
		}
	}
	return nil
}

// insider narrows the spans of one part for who knows that hidden count h is 1.
func (b *bounder) insider(m *exact.Meter, pt *part, h int) error {
	lo, hi := pt.sys.Lo[h], pt.sys.Hi[h]
	defer pt.solver.Limit(h, lo, hi)
	pt.solver.Limit(h, 1, 1)
	for _, v := range pt.hidden {
		if v == h {
			continue
		}
		least, _, err := pt.solver.Extreme(m, v, false, exact.NoLimit(false))
		if errors.Is(err, exact.ErrInfeasible) {
			return nil // nobody can be alone there
		}
		if err != nil {
			return err
		}
		greatest, _, err := pt.solver.Extreme(m, v, true, exact.NoLimit(true))
		if err != nil {
			return err
		}
		s := &b.spans[b.ids[pt.unknowns[v]]]
		if greatest == unbounded {
			continue
		}
		if s.hi == unbounded || greatest-least < s.hi-s.lo {
			s.lo, s.hi = least, greatest
		}
	}
	return nil
}
