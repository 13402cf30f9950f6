package sdc

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrTooMany is returned by Replay when more counts could stand behind a release
// than it was told to try.
var ErrTooMany = errors.New("too many counts could stand behind the release to try them all")

// Replay is a reader who has this program: every set of counts that could stand
// behind a printed release is protected anew, and those that would have been
// printed otherwise are ruled out. It gives what then is left of each hidden count,
// and how many sets of counts are left.
//
// It is for small tables. When there are more than most sets, or no end to them,
// the error is ErrTooMany.
func Replay(ctx context.Context, printed Release, o Options, most int) (*Audit, int, error) {
	p, err := newProblem(&printed, &o.Profile, o.ledger(), false)
	if err != nil {
		return nil, 0, err
	}
	m := o.meter(ctx)
	r := &replay{p: p, o: o, m: m, b: newBounder(p, o.know()), most: most, left: make([]span, len(p.q))}
	copy(r.left, r.b.spans)
	r.counts = make([]int64, len(p.q))
	for id, s := range r.b.spans {
		r.counts[id] = s.lo
	}
	for i := range r.b.parts {
		pt := &r.b.parts[i]
		pt.solver = newSolver(&pt.sys)
	}
	if err := r.part(0); err != nil {
		return nil, 0, err
	}
	a := &Audit{Profile: o.Profile.Name, Version: o.Profile.Version, Know: o.know(), Stands: true}
	p.report(a, r.left)
	return a, r.same, nil
}

type replay struct {
	p      *problem
	o      Options
	m      *meter
	b      *bounder
	counts []int64 // by quantity, the set that is tried
	left   []span
	tried  int
	same   int
	most   int
}

// part goes through the points of part i, and for each through the parts after it.
func (r *replay) part(i int) error {
	if i == len(r.b.parts) {
		return r.try()
	}
	return r.unknown(i, 0)
}

// unknown goes through the values of unknown v of part i.
func (r *replay) unknown(i, v int) error {
	pt := &r.b.parts[i]
	if v == len(pt.unknowns) {
		return r.part(i + 1)
	}
	lo, _, err := pt.solver.extreme(r.m, v, false, noLimit(false))
	if errors.Is(err, errInfeasible) {
		return nil
	}
	if err != nil {
		return err
	}
	hi, _, err := pt.solver.extreme(r.m, v, true, noLimit(true))
	if err != nil {
		return err
	}
	if hi == unbounded || hi-lo > int64(r.most) {
		return ErrTooMany
	}
	defer pt.solver.limit(v, pt.sys.lo[v], pt.sys.hi[v])
	for x := lo; x <= hi; x++ {
		pt.solver.limit(v, x, x)
		if id := r.b.ids[pt.unknowns[v]]; id >= 0 {
			r.counts[id] = x
		}
		if err := r.unknown(i, v+1); err != nil {
			return err
		}
	}
	return nil
}

// try protects one set of counts and sees whether it is printed the same.
func (r *replay) try() error {
	if r.tried++; r.tried > r.most {
		return ErrTooMany
	}
	guess := *r.p.release
	guess.Tables = slices.Clone(guess.Tables)
	for t := range guess.Tables {
		guess.Tables[t].Cells = slices.Clone(guess.Tables[t].Cells)
	}
	r.p.eachPlace(func(pl spot, id int) {
		c := &guess.Tables[pl.table].Cells[pl.cell]
		c.Count, c.Hidden = r.counts[id], false
	})
	res, err := protect(r.m, guess, r.o)
	if err != nil {
		return fmt.Errorf("a set of counts that could be: %w", err)
	}
	if !res.Safe || !samePrint(&res.Released, r.p.release) {
		return nil
	}
	r.same++
	for id, x := range r.counts {
		if s := &r.left[id]; r.same == 1 {
			*s = span{x, x, true}
		} else {
			s.lo, s.hi = min(s.lo, x), max(s.hi, x)
		}
	}
	return nil
}

// samePrint says whether two releases of the same cells look the same.
func samePrint(a, b *Release) bool {
	for t := range a.Tables {
		for c := range a.Tables[t].Cells {
			x, y := &a.Tables[t].Cells[c], &b.Tables[t].Cells[c]
			if x.Hidden != y.Hidden || !x.Hidden && x.Count != y.Count {
				return false
			}
		}
	}
	return true
}
