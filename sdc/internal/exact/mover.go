package exact

import (
	"errors"
	"math/big"
)

// A Mover looks for a cheap way to move one unknown, with all that must move with it
// for every equation to hold. It need not be the cheapest there is.
type Mover interface {
	// Cheapest moves unknown v by amount up or down. Unknown j may rise by maxUp[j]
	// and fall by maxDown[j], and costs cost[j] if it moves at all. The error is
	// ErrNoWay when it cannot move so far.
	Cheapest(m *Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) (
		moved []Term, total int64, err error)
}

// A Mixture finds moves by linear programming: each unknown has a rise and a fall,
// which cost by the unit, and the equations hold for rises less falls. That the
// cost of an unknown is paid once and not by the unit makes it a heuristic; so does
// that halves may move.
type Mixture struct {
	n int
	s *Simplex
}

// NewMixture copies a system. Its bounds do not matter to a mixture.
func NewMixture(s *System) *Mixture {
	n := len(s.Lo)
	sys := &System{Lo: make([]int64, 2*n), Hi: make([]int64, 2*n)}
	for _, e := range s.Eqs {
		if e.Redundant {
			continue
		}
		out := Equation{}
		for _, t := range e.Terms {
			out.Terms = append(out.Terms, Term{2 * t.V, t.C}, Term{2*t.V + 1, -t.C})
		}
		sys.Eqs = append(sys.Eqs, out)
	}
	return &Mixture{n: n, s: NewSimplex(sys)}
}

// cheap is the difference in cost that a mixture does not look at.
const cheap = 50

// Cheapest implements Mover. What moves by less than one is said to move by one.
func (x *Mixture) Cheapest(m *Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) (
	[]Term, int64, error) {
	if amount <= 0 {
		return nil, 0, nil
	}
	price := make([]int64, 2*x.n)
	for j := range x.n {
		x.s.Limit(2*j, 0, max(0, maxUp[j]))
		x.s.Limit(2*j+1, 0, max(0, maxDown[j]))
		// A small price for what is free keeps a move from wandering; prices are kept
		// small, since great ones make for long fractions.
		price[2*j], price[2*j+1] = cost[j]/cheap+1, cost[j]/cheap+1
	}
	rise, fall := 2*v, 2*v+1
	if !up {
		rise, fall = fall, rise
	}
	x.s.Limit(rise, amount, amount)
	x.s.Limit(fall, 0, 0)
	point, _, err := x.s.minimise(m, price)
	if errors.Is(err, ErrInfeasible) {
		return nil, 0, ErrNoWay
	}
	if err != nil {
		return nil, 0, err
	}
	var moved []Term
	var total int64
	for j := range x.n {
		by := new(big.Rat).Sub(point[2*j], point[2*j+1])
		if by.Sign() == 0 {
			continue
		}
		moved = append(moved, Term{j, awayFromZero(by)})
		total += cost[j]
	}
	return moved, total, nil
}

// awayFromZero rounds a move up in size.
func awayFromZero(x *big.Rat) int64 {
	q, r := new(big.Int).QuoRem(x.Num(), x.Denom(), new(big.Int))
	if r.Sign() != 0 {
		q.Add(q, big.NewInt(int64(x.Sign())))
	}
	if !q.IsInt64() {
		return int64(x.Sign())
	}
	return q.Int64()
}
