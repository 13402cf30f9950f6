package exact_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"kith/sdc/internal/exact"
)

// Two numbers of at least 1 that come to 7: what is the greatest that the first can be?
func ExampleNewSolver() {
	s := exact.NewSolver(&exact.System{
		Lo:  []int64{1, 1},
		Hi:  []int64{exact.Unbounded, exact.Unbounded},
		Eqs: []exact.Equation{{Terms: []exact.Term{{V: 0, C: 1}, {V: 1, C: 1}}, RHS: 7}},
	})
	m := exact.NewMeter(context.Background(), 1_000_000)
	greatest, point, err := s.Extreme(m, 0, true, exact.NoLimit(true))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greatest, point)

	s.Limit(1, 8, 9) // now the second alone is more than 7
	_, err = s.Feasible(m)
	fmt.Println(errors.Is(err, exact.ErrInfeasible))
	// Output:
	// 6 [6 1]
	// true
}

// Half a dozen coins of 2 and 5 that come to 21, with as few of 5 as can be.
func ExampleLeastSum() {
	s := &exact.System{
		Lo: []int64{0, 0},
		Hi: []int64{exact.Unbounded, exact.Unbounded},
		Eqs: []exact.Equation{
			{Terms: []exact.Term{{V: 0, C: 1}, {V: 1, C: 1}}, RHS: 6},
			{Terms: []exact.Term{{V: 0, C: 2}, {V: 1, C: 5}}, RHS: 21},
		},
	}
	m := exact.NewMeter(context.Background(), 1_000_000)
	point, least, err := exact.LeastSum(m, s, []int64{0, 1})
	fmt.Println(point, least, err)
	// Output: [3 3] true <nil>
}
