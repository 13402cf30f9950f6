package sdc

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// unbounded stands for no upper limit of an unknown.
const unbounded = math.MaxInt64

// A term is a coefficient times an unknown.
type term struct {
	v int // index of the unknown
	c int64
}

// An equation says that its terms add up to rhs. One that is redundant follows
// from the others of its system and may be left out by whoever gains by that.
type equation struct {
	terms     []term
	rhs       int64
	redundant bool
}

// A system is what a reader knows: whole-number unknowns, each between two
// bounds (hi may be unbounded), tied by linear equations. Nothing in a system is
// a true value; it is made of what is published and of knowledge about rules.
type system struct {
	lo, hi []int64
	eqs    []equation
}

// Errors of a search.
var (
	// errInfeasible: no whole numbers satisfy the system.
	errInfeasible = errors.New("no whole numbers satisfy the equations")
	// ErrStopped is returned when the budget of work was used up or the context
	// ended before an answer was certain. What was asked is then not shown safe.
	ErrStopped = errors.New("stopped before the answer was certain")
)

// A meter counts work against a budget, so that every run ends, and looks at the
// context now and then.
type meter struct {
	ctx       context.Context
	all, left int64
	check     int64
}

func newMeter(ctx context.Context, budget int64) *meter {
	return &meter{ctx: ctx, all: budget, left: budget}
}

// spend takes n units of work, about one arithmetic operation each. Its error
// wraps ErrStopped.
func (m *meter) spend(n int) error {
	m.left -= int64(n)
	m.check += int64(n)
	if m.left < 0 {
		return fmt.Errorf("%w: the budget of work is used up", ErrStopped)
	}
	if m.check > 1<<16 {
		m.check = 0
		if err := m.ctx.Err(); err != nil {
			return fmt.Errorf("%w: %w", ErrStopped, err)
		}
	}
	return nil
}

// errTooDear is returned by within when the work it was allowed was not enough.
var errTooDear = errors.New("too dear to find out")

// within lets f spend at most n of the budget. It is for questions whose answer
// helps and is not needed: when the work was not enough the error is errTooDear,
// and ErrStopped only when the whole budget is used up or the context has ended.
func (m *meter) within(n int64, f func(m *meter) error) error {
	part := &meter{ctx: m.ctx, all: n, left: min(n, m.left)}
	err := f(part)
	used := min(n, m.left) - max(part.left, 0)
	if spent := m.spend(int(used)); spent != nil {
		return spent
	}
	if errors.Is(err, ErrStopped) && m.ctx.Err() == nil {
		return errTooDear
	}
	return err
}

// A solver answers questions about the whole-number points of one system, exactly.
// It keeps its state between calls (a basis, a flow), so that the next question
// is cheap. It is not safe for use by several goroutines.
type solver interface {
	// feasible finds a whole-number point, or says errInfeasible. The point is the
	// caller's to keep.
	feasible(m *meter) ([]int64, error)
	// extreme finds the least (up false) or greatest (up true) value of unknown v
	// over all whole-number points, and a point that has it. When a point is found
	// at which v has reached enough (v <= enough going down, v >= enough going up),
	// the search may end there: the value returned is then only known to be
	// reached. Without such a limit, pass noLimit(up). A greatest value without
	// end is unbounded, with a nil point. errInfeasible when there is no point.
	extreme(m *meter, v int, up bool, enough int64) (int64, []int64, error)
	// limit changes the bounds of unknown v for the questions that follow.
	limit(v int, lo, hi int64)
}

// noLimit is the value of enough that no unknown reaches.
func noLimit(up bool) int64 {
	if up {
		return unbounded
	}
	return math.MinInt64
}

// newSolver picks the method for a system: integer flow where each unknown is an
// arc between two equations, else exact rational simplex with branch and bound.
// The system's slices are not kept.
func newSolver(s *system) solver {
	if n, ok := newNetwork(s); ok {
		return n
	}
	return newBranching(s)
}
