package sdc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/sdc/internal/exact"
)

// AttackRounded works out, from a rounded release as it is printed, the tightest
// whole-number interval of every count: each printed number is a multiple of base
// and less than distance away from the true count, no count is below 0, and the
// true counts add up where totals and identities say so, whether or not the
// printed ones do. For counts that were each rounded to the nearest multiple of 5,
// the distance is 3.
//
// The audit's Cells are all printed counts. A count stands when it cannot be
// small, or can be as many numbers as the profile's protection interval has, or is
// known no better than from what was released before. The threshold of the profile
// and its own rounding play no part.
//
// It returns a *TableError error when no counts can be behind the numbers. When the
// work is stopped early the audit says so and does not stand; that is not an error.
func AttackRounded(ctx context.Context, r Release, base, distance int64, o Options) (*Audit, error) {
	if err := o.Profile.Validate(); err != nil {
		return nil, err
	}
	if err := checkRounding(&r, base, distance); err != nil {
		return nil, err
	}
	m := o.meter(ctx)
	a, err := attackRounded(m, &r, base, distance, &o, isPartial)
	var bad *TableError
	if errors.As(err, &bad) && (o.ledger() != nil || len(r.Tables) > 1) {
		// Perhaps categories are left out that rounded counts do not betray.
		suppose := func(_ tableDim, seen coverage) bool { return seen != complete }
		if other, err := attackRounded(m, &r, base, distance, &o, suppose); err == nil {
			return other, nil
		}
	}
	return a, err
}

// attackRounded is AttackRounded for a reader who knows which tables leave categories
// out.
func attackRounded(
	m *exact.Meter, r *Release, base, distance int64, o *Options, partly coverageRule,
) (*Audit, error) {
	if err := multiples(r, base, distance); err != nil {
		return nil, err
	}
	plain := o.Profile
	plain.Base = 0 // the numbers are taken as they stand until they are blurred
	p, err := newRoundedProblem(r, &plain, o.ledger(), partly)
	if err != nil {
		return nil, err
	}
	printed := p.blur(distance)
	p.recall(o.ledger())
	a, err := p.auditRounded(m, o.know(), printed)
	if err != nil || a.Stopped || !a.blames(a.Derived) {
		return a, err
	}
	return a, p.forgive(m, a, o)
}

// multiples refuses numbers that are not multiples of the base.
func multiples(r *Release, base, distance int64) error {
	for t := range r.Tables {
		for c := range r.Tables[t].Cells {
			cell := &r.Tables[t].Cells[c]
			if cell.Count%base != 0 {
				return tableError(&r.Tables[t], c, "%s is %d, which is not a multiple of %d; give the counts as they are printed",
					r.Tables[t].Label(cell.Codes), cell.Count, base)
			}
			if cell.Count >= exact.Largest-distance {
				return tableError(&r.Tables[t], c, "%s is too large to be judged here", r.Tables[t].Label(cell.Codes))
			}
		}
	}
	return nil
}

// notPrinted stands for the number of a count that has none.
const notPrinted = -1

// blur puts what a rounded number says in the place of the number, which it
// returns by quantity.
func (p *problem) blur(distance int64) []int64 {
	printed := make([]int64, len(p.q))
	for i := range p.q {
		printed[i] = notPrinted
		if q := &p.q[i]; q.state == shown {
			printed[i] = q.lo
			q.lo, q.hi = around(q.lo, distance)
		}
	}
	return printed
}

// recall remembers of counts that are printed now that they were hidden before,
// where a zero would have been shown: they are at least 1.
func (p *problem) recall(ledger *Ledger) {
	if ledger == nil {
		return
	}
	for _, e := range ledger.Entries() {
		for t := range e.Tables {
			table := &e.Tables[t]
			for c := range table.Cells {
				if !table.Cells[c].Hidden || zeroHidden(table, &e.Profile, c) {
					continue
				}
				if id, ok := p.byKey[table.key(table.Cells[c].Codes)]; ok && p.q[id].state == shown {
					p.q[id].lo = max(p.q[id].lo, 1)
				}
			}
		}
	}
}

// auditRounded judges a problem of rounded counts.
func (p *problem) auditRounded(m *exact.Meter, know Knowledge, printed []int64) (*Audit, error) {
	a := &Audit{Profile: p.profile.Name, Version: p.profile.Version, Know: know}
	for i := range p.q {
		q := &p.q[i]
		if lo, hi := p.bounds(q, know); lo > hi {
			return nil, p.at(q, "%s cannot be what is printed and what was released before", q.label)
		}
	}
	start := m.Left()
	b := newBounder(p, know)
	err := b.roundedSpans(m, printed)
	a.Work = start - m.Left()
	switch {
	case errors.Is(err, ErrStopped):
		a.Stopped = true
	case errors.Is(err, exact.ErrInfeasible):
		return nil, &TableError{Cell: -1, Words: "no true counts can be behind the rounded ones: a total and its parts are " +
			"too far apart"}
	case err != nil:
		return nil, fmt.Errorf("the rounded counts cannot be judged: %w", err)
	}
	p.reportRounded(a, b.spans)
	return a, nil
}

// roundedSpans works out every span. Most ends are found without a search: from
// the printed numbers themselves, one count and the totals above it can move
// together.
func (b *bounder) roundedSpans(m *exact.Meter, printed []int64) error {
	for i := range b.parts {
		pt := &b.parts[i]
		if len(pt.unknowns) == 0 {
			return exact.ErrInfeasible
		}
		if err := b.boundRounded(m, pt, printed); err != nil {
			return err
		}
	}
	if b.know >= K4 {
		return b.roundedInsiders(m)
	}
	return nil
}

func (b *bounder) boundRounded(m *exact.Meter, pt *part, printed []int64) (err error) {
	pt.solver = exact.NewSolver(&pt.sys)
	s := &prober{part: pt, b: b}
	if s.first = b.centre(pt, printed); s.first == nil {
		if s.first, err = pt.solver.Feasible(m); err != nil {
			return err
		}
	}
	s.seenLo, s.seenHi = slices.Clone(s.first), slices.Clone(s.first)
	if err := s.start(m); err != nil {
		return err
	}
	if err := s.drift(m); err != nil {
		return err
	}
	return s.ends(m)
}

// roundedInsiders narrows the spans to what somebody knows who is alone in one
// printed count. Only counts that can be small are looked at.
func (b *bounder) roundedInsiders(m *exact.Meter) error {
	for i := range b.parts {
		pt := &b.parts[i]
		pt.hidden = nil
		for v, u := range pt.unknowns {
			if id := b.ids[u]; id >= 0 && b.spans[id].lo <= b.p.q[id].small {
				pt.hidden = append(pt.hidden, v)
			}
		}
	}
	return b.insiders(m)
}

// reportRounded fills an audit from what was worked out.
func (p *problem) reportRounded(a *Audit, spans []span) {
	a.Stands = !a.Stopped
	p.eachPlace(func(pl spot, id int) {
		j := p.judge(id, pl, spans[id])
		j.Stands = spans[id].done && p.q[id].roundedStands(spans[id].lo, spans[id].hi)
		a.Stands = a.Stands && j.Stands
		a.Cells = append(a.Cells, j)
	})
	for id := range p.q {
		q, s := &p.q[id], spans[id]
		if len(q.places) > 0 || !s.done || q.roundedStands(s.lo, s.hi) {
			continue
		}
		j := p.judge(id, spot{-1, -1}, s)
		j.Stands, a.Stands = false, false
		a.Derived = append(a.Derived, j)
	}
}

// roundedStands is the rule of protection where counts are rounded. A count that
// was hidden before is judged as a hidden one.
func (q *quantity) roundedStands(lo, hi int64) bool {
	switch {
	case q.state == absent && q.prior == hidden:
		return q.stands(lo, hi)
	case q.prior == shown && lo <= q.priorLo && hi >= q.priorHi:
		return true // nothing new is told
	case hi < 1: // nobody
		return q.state == absent || q.floor > 0
	}
	return hi == unbounded || hi-lo >= q.values-1 || lo > q.small
}
