package sdc

import "errors"

// insiders narrows the spans to what somebody knows who is alone in one hidden
// cell: each in turn that can be of one child.
func (b *bounder) insiders(m *meter) error {
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
func (b *bounder) insider(m *meter, pt *part, h int) error {
	lo, hi := pt.sys.lo[h], pt.sys.hi[h]
	defer pt.solver.limit(h, lo, hi)
	pt.solver.limit(h, 1, 1)
	for _, v := range pt.hidden {
		if v == h {
			continue
		}
		least, _, err := pt.solver.extreme(m, v, false, noLimit(false))
		if errors.Is(err, errInfeasible) {
			return nil // nobody can be alone there
		}
		if err != nil {
			return err
		}
		greatest, _, err := pt.solver.extreme(m, v, true, noLimit(true))
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
