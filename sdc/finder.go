package sdc

import (
	"errors"
	"math/big"
)

// A finder looks for what must be hidden so that a count can be another: the
// cheapest way to move it, with all that must move with it for every sum to
// hold. What it proposes is judged afterwards; nothing rests on its being best.
type finder interface {
	// cheapest moves unknown v by amount up or down. Unknown j may rise by maxUp[j]
	// and fall by maxDown[j], and costs cost[j] if it moves at all. The error is
	// errNoWay when it cannot move so far.
	cheapest(m *meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) (moved []term, total int64, err error)
}

// A mixture finds moves by linear programming: each unknown has a rise and a fall,
// which cost by the unit, and the equations hold for rises less falls. That the
// cost of a cell is paid once and not by the unit makes it a heuristic; so does
// that halves of a person may move.
type mixture struct {
	n int
	s *simplex
}

func newMixture(s *system) *mixture {
	n := len(s.lo)
	sys := &system{lo: make([]int64, 2*n), hi: make([]int64, 2*n)}
	for _, e := range s.eqs {
		if e.redundant {
			continue
		}
		out := equation{}
		for _, t := range e.terms {
			out.terms = append(out.terms, term{2 * t.v, t.c}, term{2*t.v + 1, -t.c})
		}
		sys.eqs = append(sys.eqs, out)
	}
	return &mixture{n: n, s: newSimplex(sys)}
}

// cheap is the difference in cost that a mixture does not look at.
const cheap = 50

// cheapest implements finder. What moves by less than one is said to move by one.
func (x *mixture) cheapest(m *meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) ([]term, int64, error) {
	if amount <= 0 {
		return nil, 0, nil
	}
	price := make([]int64, 2*x.n)
	for j := range x.n {
		x.s.limit(2*j, 0, max(0, maxUp[j]))
		x.s.limit(2*j+1, 0, max(0, maxDown[j]))
		// A small price for what is free keeps a move from wandering; prices are kept
		// small, since great ones make for long fractions.
		price[2*j], price[2*j+1] = cost[j]/cheap+1, cost[j]/cheap+1
	}
	rise, fall := 2*v, 2*v+1
	if !up {
		rise, fall = fall, rise
	}
	x.s.limit(rise, amount, amount)
	x.s.limit(fall, 0, 0)
	point, _, err := x.s.minimise(m, price)
	if errors.Is(err, errInfeasible) {
		return nil, 0, errNoWay
	}
	if err != nil {
		return nil, 0, err
	}
	var moved []term
	var total int64
	for j := range x.n {
		by := new(big.Rat).Sub(point[2*j], point[2*j+1])
		if by.Sign() == 0 {
			continue
		}
		moved = append(moved, term{j, awayFromZero(by)})
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
