package sdc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/sdc/internal/exact"
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
	r, err := newReplay(o.meter(ctx), &printed, o, most)
	if err != nil {
		return nil, 0, err
	}
	if err := r.part(0); err != nil {
		return nil, 0, err
	}
	a := &Audit{Profile: o.Profile.Name, Version: o.Profile.Version, Know: o.know(), Stands: true}
	r.p.report(a, r.left)
	return a, r.same, nil
}

func newReplay(m *exact.Meter, printed *Release, o Options, most int) (*replay, error) {
	if err := roundedBefore(printed, o.ledger()); err != nil {
		return nil, err
	}
	p, err := newProblem(printed, &o.Profile, o.ledger(), false)
	if err != nil {
		return nil, err
	}
	r := &replay{p: p, o: o, m: m, b: newBounder(p, o.know()), most: most, left: make([]span, len(p.q))}
	copy(r.left, r.b.spans)
	r.counts = make([]int64, len(p.q))
	for id, s := range r.b.spans {
		r.counts[id] = s.lo
	}
	for i := range r.b.parts {
		pt := &r.b.parts[i]
		pt.solver = exact.NewSolver(&pt.sys)
	}
	return r, nil
}

// Sizes up to which Protect itself tries a reader who replays it: more counts
// cannot all be tried by hand either, and are seldom left with one.
const (
	replayCells = 40
	replaySets  = 3000
)

// replayable says whether a release is small enough for that: one table, nothing
// before it, nothing hidden when it came.
func (r *Release) replayable(o *Options) bool {
	if o.ledger() != nil || len(r.Tables) != 1 || len(r.Tables[0].Cells) > replayCells ||
		len(r.Identities)+len(r.Facts) > 0 {
		return false
	}
	return !slices.ContainsFunc(r.Tables[0].Cells, func(c Cell) bool { return c.Hidden || c.Keep })
}

// withstand hides nearly everything where a reader who replays the choice of
// secondaries would be left with one value for a hidden count. Whether he would
// be depends on what is printed alone, and all the sets of counts that are printed
// so share it: a release that passes tells him no more than his replay does.
func withstand(m *exact.Meter, r Release, o Options, res *Result) (*Result, error) {
	for _, hide := range []extent{nearlyAll, everything} {
		known, err := replayKnows(m, &r, &res.Released, o)
		if err != nil || !known {
			return res, err
		}
		if res, err = protect(m, r, o, hide); err != nil || !res.Safe {
			return res, err
		}
	}
	return res, nil
}

// problemWork is about what it takes to put one count of a problem together.
const problemWork = 20_000

// replayWork is how much work that look may take.
const replayWork = 400_000_000

// replayKnows says whether all sets of counts that would be printed as a release
// is have one value in common for a hidden count. It is not known to be so when
// finding out takes too much: others then have as much to do.
func replayKnows(m *exact.Meter, truth, printed *Release, o Options) (known bool, err error) {
	err = m.Within(replayWork, func(m *exact.Meter) error {
		r, err := newReplay(m, printed, o, replaySets)
		if err != nil {
			return err
		}
		if done, err := r.neighbours(truth); done || err != nil {
			return err
		}
		r.enough = func() bool { return !r.knows() }
		if err := r.part(0); err != nil {
			return err
		}
		known = r.knows()
		return nil
	})
	if errors.Is(err, ErrTooMany) || errors.Is(err, errSeenEnough) || errors.Is(err, exact.ErrTooDear) {
		return false, nil
	}
	return known, err
}

// neighbours tries sets of counts next to the true ones, which nearly always settle
// it: each hidden count one more or one less. It says whether each hidden count has
// then had two values.
func (r *replay) neighbours(truth *Release) (bool, error) {
	r.p.eachPlace(func(pl spot, id int) { r.counts[id] = truth.Tables[pl.table].Cells[pl.cell].Count })
	now := slices.Clone(r.counts)
	if err := r.try(); err != nil || r.same == 0 {
		return false, err
	}
	for id := range r.p.q {
		for _, up := range []bool{true, false} {
			u := r.b.index[id]
			if u < 0 || r.p.q[id].state != hidden || r.left[id].lo != r.left[id].hi {
				continue
			}
			goal := now[id] + 1
			if !up {
				goal = now[id] - 1
			}
			pt := r.b.partOf(u)
			value, point, err := pt.solver.Extreme(r.m, pt.local[u], up, goal)
			if err != nil {
				return false, err
			}
			if point == nil || value == now[id] {
				continue
			}
			copy(r.counts, now)
			for v, x := range point {
				if other := r.b.ids[pt.unknowns[v]]; other >= 0 {
					r.counts[other] = x
				}
			}
			if err := r.try(); err != nil {
				return false, err
			}
		}
	}
	return !r.knows(), nil
}

// knows says whether some hidden count has had one value only so far.
func (r *replay) knows() bool {
	for id := range r.p.q {
		if r.p.q[id].state == hidden && r.left[id].lo == r.left[id].hi {
			return true
		}
	}
	return false
}

type replay struct {
	p      *problem
	o      Options
	m      *exact.Meter
	b      *bounder
	counts []int64 // by quantity, the set that is tried
	left   []span
	tried  int
	same   int
	most   int
	enough func() bool // says that nothing more need be tried; nil to try all
}

// errSeenEnough ends a replay early.
var errSeenEnough = errors.New("enough was seen")

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
	lo, _, err := pt.solver.Extreme(r.m, v, false, exact.NoLimit(false))
	if errors.Is(err, exact.ErrInfeasible) {
		return nil
	}
	if err != nil {
		return err
	}
	hi, _, err := pt.solver.Extreme(r.m, v, true, exact.NoLimit(true))
	if err != nil {
		return err
	}
	if hi == unbounded || hi-lo > int64(r.most) {
		return ErrTooMany
	}
	defer pt.solver.Limit(v, pt.sys.Lo[v], pt.sys.Hi[v])
	for x := lo; x <= hi; x++ {
		pt.solver.Limit(v, x, x)
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
	// Making a problem costs time that its own steps do not count.
	if err := r.m.Spend(problemWork * len(r.p.q)); err != nil {
		return err
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
	if r.enough != nil && r.enough() {
		return errSeenEnough
	}
	res, err := protect(r.m, guess, r.o, asChosen)
	if err != nil {
		return fmt.Errorf("a set of counts that could be: %w", err)
	}
	if !res.Safe || !samePrint(&res.Released, r.p.release) {
		return nil
	}
	r.same++
	for id, x := range r.counts {
		if s := &r.left[id]; r.same == 1 {
			*s = span{lo: x, hi: x, done: true}
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
