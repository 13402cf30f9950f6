package exact

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestNetworkLimitAndBack(t *testing.T) {
	s, truth := netTable(3, 3, func(i, j int) int64 { return int64(3*i + j + 1) })
	netHide(s, 0, Unbounded, 0, 1, 4, 5)
	n, ok := newNetwork(s)
	if !ok {
		t.Fatal("not seen as a network")
	}
	span := func(v int) [2]int64 {
		t.Helper()
		low, _, err := n.Extreme(netMeter(), v, false, NoLimit(false))
		if err != nil {
			t.Fatal(err)
		}
		high, _, err := n.Extreme(netMeter(), v, true, NoLimit(true))
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{low, high}
	}
	free := span(0)
	if free != [2]int64{0, 3} {
		t.Fatalf("0 is in %v, should be in 0..3", free)
	}
	n.Limit(5, truth[5]+1, Unbounded)
	if got := span(0); got != [2]int64{2, 3} {
		t.Errorf("with a limit on another 0 is in %v, should be in 2..3", got)
	}
	n.Limit(5, 100, 100)
	if _, err := n.Feasible(netMeter()); !errors.Is(err, ErrInfeasible) {
		t.Errorf("100 in a row of 15: %v", err)
	}
	n.Limit(5, 4, 3)
	if _, err := n.Feasible(netMeter()); !errors.Is(err, ErrInfeasible) {
		t.Errorf("at least 4 and at most 3: %v", err)
	}
	n.Limit(5, 0, Unbounded)
	if got := span(0); got != free {
		t.Errorf("after all limits are gone: %v, was %v", got, free)
	}
	n.Limit(5, 0, Unbounded-1)
	if _, err := n.Feasible(netMeter()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a huge limit: %v", err)
	}
	n.Limit(5, 0, Unbounded)
	if got := span(0); got != free {
		t.Errorf("after the huge limit is gone: %v, was %v", got, free)
	}
}

// However often bounds were changed, the answers are those of a network made anew.
func TestNetworkKeptAgreesWithNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.Int64Range(0, 9)
		s, truth := netTable(4, 5, func(i, j int) int64 { return count.Draw(t, "count") })
		kept, ok := newNetwork(s)
		if !ok {
			t.Fatal("not seen as a network")
		}
		cell := rapid.IntRange(0, len(truth)-1)
		for range 40 {
			for range rapid.IntRange(1, 4).Draw(t, "changes") {
				v := cell.Draw(t, "cell")
				s.Lo[v], s.Hi[v] = truth[v], truth[v]
				if rapid.IntRange(0, 2).Draw(t, "hide") > 0 {
					s.Lo[v], s.Hi[v] = rapid.Int64Range(0, 4).Draw(t, "lo"), rapid.SampledFrom([]int64{4, 9, Unbounded}).Draw(t, "hi")
				}
				kept.Limit(v, s.Lo[v], s.Hi[v])
			}
			v, up := cell.Draw(t, "v"), rapid.Bool().Draw(t, "up")
			got, x, err := kept.Extreme(netMeter(), v, up, NoLimit(up))
			fresh, _ := newNetwork(s)
			want, _, err2 := fresh.Extreme(netMeter(), v, up, NoLimit(up))
			if got != want || !errors.Is(err, err2) || x != nil && !netHolds(s, x) {
				t.Fatalf("%d up %v: %d, %v at %v; a new one says %d, %v", v, up, got, err, x, want, err2)
			}
		}
		if len(kept.outside) > len(kept.x) {
			t.Fatalf("%d arcs to repair, of %d", len(kept.outside), len(kept.x))
		}
	})
}

func TestNetworkStops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s, _ := netTable(8, 8, func(i, j int) int64 { return r.Int64N(20) })
	for v := range 63 {
		netHide(s, 0, Unbounded, v/8*9+v%8)
	}
	whole, _ := newNetwork(s)
	want, _, err := whole.Extreme(netMeter(), 0, true, NoLimit(true))
	if err != nil {
		t.Fatal(err)
	}
	n, _ := newNetwork(s)
	stopped := 0
	for budget := int64(0); ; budget += 100 { // the flow stays good however often it is stopped
		got, x, err := n.Extreme(NewMeter(context.Background(), budget), 0, true, NoLimit(true))
		if err == nil {
			if got != want || !netHolds(s, x) {
				t.Errorf("after %d stops: %d at %v, should be %d", stopped, got, x, want)
			}
			break
		}
		if !errors.Is(err, ErrStopped) || x != nil {
			t.Fatalf("budget %d: %v, %v", budget, x, err)
		}
		stopped++
	}
	if stopped == 0 {
		t.Error("a budget of nothing was enough")
	}
}

// Looking for a way costs, also where there is none.
func TestNetworkSpends(t *testing.T) {
	s, _ := netTable(2, 2, func(i, j int) int64 { return 3 })
	netHide(s, 0, 9, 0)
	n, _ := newNetwork(s)
	if _, err := n.Feasible(netMeter()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.Extreme(NewMeter(context.Background(), 0), 0, true, NoLimit(true)); !errors.Is(err, ErrStopped) {
		t.Errorf("a budget of nothing: %v", err)
	}
}

// Points are the caller's own.
func TestNetworkPointsAreCopies(t *testing.T) {
	s, _ := netTable(2, 2, func(i, j int) int64 { return 3 })
	netHide(s, 0, 9, 0, 1, 3, 4)
	n, _ := newNetwork(s)
	for range 2 {
		x, err := n.Feasible(netMeter())
		if err != nil || !netHolds(s, x) {
			t.Fatalf("%v, %v", x, err)
		}
		_, y, err := n.Extreme(netMeter(), 0, true, NoLimit(true))
		if err != nil || !netHolds(s, y) {
			t.Fatalf("%v, %v", y, err)
		}
		clear(x)
		clear(y)
	}
}

// A flow that would pass the greatest number is an error, not a wrong number.
func TestNetworkTooLarge(t *testing.T) {
	s := &System{ // 0 + 1 = 2 + 3
		Lo:  []int64{0, 0, 0, 0},
		Hi:  []int64{Unbounded, Unbounded, Largest, Largest},
		Eqs: []Equation{{Terms: []Term{{0, 1}, {1, 1}, {2, -1}, {3, -1}}}},
	}
	n, ok := newNetwork(s)
	if !ok {
		t.Fatal("not seen as a network")
	}
	n.Limit(1, 0, 0)
	if got, _, err := n.Extreme(netMeter(), 0, true, NoLimit(true)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("says %d, %v", got, err)
	}
	if x, err := n.Feasible(netMeter()); err != nil || !netBalances(s, x) {
		t.Errorf("afterwards %v, %v", x, err)
	}
}

// netBench is a table of 60 × 24 with 500 hidden.
func netBench() (s *System, hidden []int) {
	r := rand.New(rand.NewPCG(3, 4))
	s, truth := netTable(60, 24, func(i, j int) int64 { return 1 + r.Int64N(24) })
	for _, c := range r.Perm(60 * 24)[:500] {
		v := c/24*25 + c%24
		hidden = append(hidden, v)
		if truth[v] <= 5 {
			netHide(s, 1, 5, v)
		} else {
			netHide(s, 1, Unbounded, v)
		}
	}
	return s, hidden
}

func BenchmarkNetworkAudit(b *testing.B) {
	s, hidden := netBench()
	for b.Loop() {
		n, ok := newNetwork(s)
		if !ok {
			b.Fatal("not seen as a network")
		}
		for _, v := range hidden {
			for _, up := range []bool{false, true} {
				if _, _, err := n.Extreme(netMeter(), v, up, NoLimit(up)); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
