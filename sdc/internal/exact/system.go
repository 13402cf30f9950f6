package exact

import (
	"errors"
	"math"
)

// Unbounded stands for no upper limit of an unknown.
const Unbounded = math.MaxInt64

// A Term is a coefficient times an unknown.
type Term struct {
	V int   // index of the unknown
	C int64 // its coefficient
}

// An Equation says that its terms add up to RHS. One that is Redundant follows
// from the others of its system and may be left out by whoever gains by that.
type Equation struct {
	Terms     []Term
	RHS       int64
	Redundant bool
}

// A System is whole-number unknowns, each between two bounds (Hi may be Unbounded),
// tied by linear equations. Lo and Hi are by unknown and equally long.
type System struct {
	Lo, Hi []int64
	Eqs    []Equation
}

// Errors of a search.
var (
	// ErrInfeasible: no whole numbers satisfy the system.
	ErrInfeasible = errors.New("no whole numbers satisfy the equations")
	// ErrStopped is returned when the budget of work was used up or the context
	// ended before an answer was certain.
	ErrStopped = errors.New("stopped before the answer was certain")
)

// A Solver answers questions about the whole-number points of one system, exactly.
// It keeps its state between calls (a basis, a flow), so that the next question
// is cheap. It is not safe for use by several goroutines.
type Solver interface {
	// Feasible finds a whole-number point, or says ErrInfeasible. The point is the
	// caller's to keep.
	Feasible(m *Meter) ([]int64, error)
	// Extreme finds the least (up false) or greatest (up true) value of unknown v
	// over all whole-number points, and a point that has it. When a point is found
	// at which v has reached enough (v <= enough going down, v >= enough going up),
	// the search may end there: the value returned is then only known to be
	// reached. Without such a limit, pass NoLimit(up). A greatest value without
	// end is Unbounded, with a nil point. ErrInfeasible when there is no point.
	Extreme(m *Meter, v int, up bool, enough int64) (int64, []int64, error)
	// Limit changes the bounds of unknown v for the questions that follow.
	Limit(v int, lo, hi int64)
	// Known tells of a point that may satisfy the system, so that none need be
	// searched for. It says whether the point does and is of use; only then is it
	// remembered.
	Known(point []int64) bool
}

// NoLimit is the value of enough that no unknown reaches.
func NoLimit(up bool) int64 {
	if up {
		return Unbounded
	}
	return math.MinInt64
}

// SumFits says whether Σ |coefficient| · most of its unknown stays within what is
// worked with exactly; most is never below 0.
func SumFits(terms []Term, most func(v int) int64) bool {
	sum := uint64(0)
	for _, t := range terms {
		product, ok := mulFits(most(t.V), t.C)
		if !ok || sum+abs64(product) < sum || sum+abs64(product) >= Largest {
			return false
		}
		sum += abs64(product)
	}
	return true
}

// NewSolver picks the method for a system: integer flow where each unknown is an
// arc between two equations, else exact rational simplex with branch and bound.
// The system's slices are not kept.
func NewSolver(s *System) Solver {
	if n, ok := newNetwork(s); ok {
		return n
	}
	return NewBranching(s)
}
