package exact

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func ampleMeter() *Meter { return NewMeter(context.Background(), 1<<40) }

// satisfies says whether a point satisfies a system.
func satisfies(s *System, p []int64) bool {
	for v, x := range p {
		if x < s.Lo[v] || x > s.Hi[v] {
			return false
		}
	}
	for _, e := range s.Eqs {
		sum := int64(0)
		for _, t := range e.Terms {
			sum += t.C * p[t.V]
		}
		if sum != e.RHS {
			return false
		}
	}
	return true
}

// allPoints lists the whole-number points of a small system one by one.
func allPoints(s *System) [][]int64 {
	var points [][]int64
	p := make([]int64, len(s.Lo))
	var fill func(v int)
	fill = func(v int) {
		if v == len(p) {
			if satisfies(s, p) {
				points = append(points, slices.Clone(p))
			}
			return
		}
		for p[v] = s.Lo[v]; p[v] <= s.Hi[v]; p[v]++ {
			fill(v + 1)
		}
	}
	fill(0)
	return points
}

// drawSystem makes a small system: mostly one that some point satisfies, with
// equations that repeat others.
func drawSystem(t *rapid.T) *System {
	n := rapid.IntRange(1, 6).Draw(t, "unknowns")
	most := rapid.SampledFrom([]int64{1, 3, 40, 10_000_000}).Draw(t, "most")
	s := &System{}
	inside := make([]int64, n)
	for v := range n {
		lo := rapid.Int64Range(-3, 3).Draw(t, "lo")
		hi := lo + rapid.Int64Range(0, 4).Draw(t, "range")
		s.Lo, s.Hi = append(s.Lo, lo), append(s.Hi, hi)
		inside[v] = rapid.Int64Range(lo, hi).Draw(t, "inside")
	}
	for range rapid.IntRange(0, 4).Draw(t, "equations") {
		var e Equation
		for v := range n {
			if c := rapid.Int64Range(-most, most).Draw(t, "c"); c != 0 {
				e.Terms = append(e.Terms, Term{v, c})
				e.RHS += c * inside[v]
			}
		}
		s.Eqs = append(s.Eqs, e)
	}
	if len(s.Eqs) > 1 && rapid.Bool().Draw(t, "repeat") {
		a, b := s.Eqs[0], s.Eqs[1]
		sum := Equation{Terms: append(slices.Clone(a.Terms), b.Terms...), RHS: a.RHS + b.RHS}
		s.Eqs = append(s.Eqs, sum, a)
	}
	if len(s.Eqs) > 0 && rapid.IntRange(0, 4).Draw(t, "spoil") == 0 {
		s.Eqs[len(s.Eqs)-1].RHS++
	}
	return s
}

// checkAgainst compares every answer with what the list of all points says.
func checkAgainst(t *rapid.T, s *System, b *Branching) {
	points := allPoints(s)
	p, err := b.Feasible(ampleMeter())
	if len(points) == 0 {
		if !errors.Is(err, ErrInfeasible) {
			t.Fatalf("feasible: %v, %v; there is no point", p, err)
		}
	} else if err != nil || !satisfies(s, p) {
		t.Fatalf("feasible: %v, %v; there are %d points", p, err, len(points))
	}
	for v := range s.Lo {
		for _, up := range []bool{false, true} {
			x, p, err := b.Extreme(ampleMeter(), v, up, NoLimit(up))
			if len(points) == 0 {
				if !errors.Is(err, ErrInfeasible) {
					t.Fatalf("extreme %d %v: %d, %v; there is no point", v, up, x, err)
				}
				continue
			}
			if err != nil || !satisfies(s, p) || p[v] != x {
				t.Fatalf("extreme %d %v: %d, %v, %v", v, up, x, p, err)
			}
			if want := bestOf(points, v, up); x != want {
				t.Fatalf("extreme %d %v: %d, want %d", v, up, x, want)
			}
		}
	}
}

func bestOf(points [][]int64, v int, up bool) int64 {
	x := points[0][v]
	for _, p := range points {
		if up {
			x = max(x, p[v])
		} else {
			x = min(x, p[v])
		}
	}
	return x
}

func TestBranchingAgainstAllPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		checkAgainst(t, s, NewBranching(s))
	})
}

func TestLimitAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		b := NewBranching(s)
		if rapid.Bool().Draw(t, "asked before") {
			checkAgainst(t, s, b)
		}
		for range rapid.IntRange(1, 3).Draw(t, "rounds") {
			v := rapid.IntRange(0, len(s.Lo)-1).Draw(t, "v")
			lo, hi := s.Lo[v], s.Hi[v]
			s.Lo[v] = rapid.Int64Range(lo, hi+1).Draw(t, "new lo")
			s.Hi[v] = rapid.Int64Range(lo-1, hi).Draw(t, "new hi")
			b.Limit(v, s.Lo[v], s.Hi[v])
			checkAgainst(t, s, b)
			s.Lo[v], s.Hi[v] = lo, hi
			b.Limit(v, lo, hi)
			checkAgainst(t, s, b)
		}
	})
}

func TestEnoughIsReachedIfItCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		points := allPoints(s)
		if len(points) == 0 {
			return
		}
		b := NewBranching(s)
		for range 8 {
			v := rapid.IntRange(0, len(s.Lo)-1).Draw(t, "v")
			up := rapid.Bool().Draw(t, "up")
			enough := rapid.Int64Range(s.Lo[v], s.Hi[v]).Draw(t, "enough")
			x, p, err := b.Extreme(ampleMeter(), v, up, enough)
			if err != nil || !satisfies(s, p) || p[v] != x {
				t.Fatalf("extreme: %d, %v, %v", x, p, err)
			}
			most := bestOf(points, v, up)
			if reaches := up && x >= enough || !up && x <= enough; !reaches && x != most {
				t.Fatalf("extreme %d %v: %d is neither enough (%d) nor all (%d)", v, up, x, enough, most)
			}
		}
	})
}

func TestMinimiseAgainstAllPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		points := allPoints(s)
		b := NewBranching(s)
		for range 3 {
			obj := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), len(s.Lo), len(s.Lo)).Draw(t, "obj")
			p, x, err := b.minimise(ampleMeter(), obj)
			if len(points) == 0 {
				if !errors.Is(err, ErrInfeasible) {
					t.Fatalf("minimise: %v, %d, %v; there is no point", p, x, err)
				}
				continue
			}
			want := sumOf(obj, points[0])
			for _, q := range points {
				want = min(want, sumOf(obj, q))
			}
			if err != nil || !satisfies(s, p) || sumOf(obj, p) != x || x != want {
				t.Fatalf("minimise: %v, %d, %v; want %d", p, x, err, want)
			}
		}
		checkAgainst(t, s, b)
	})
}

func sumOf(obj, p []int64) int64 {
	sum := int64(0)
	for v, o := range obj {
		sum += o * p[v]
	}
	return sum
}

// cube makes the system of a three-way table with all its two-way margins, whose
// hidden cells are unknown, and says which unknown is which cell (-1: shown).
func cube(a, b, c int, count func() int64, hidden func() bool) (s *System, cells []int) {
	s = &System{}
	n := a * b * c
	cells = make([]int, n)
	eqs := make([]Equation, a*b+a*c+b*c)
	for i := range n {
		x, y, z := i/(b*c), i/c%b, i%c
		v, k := count(), len(s.Lo)
		cells[i] = -1
		if !hidden() {
			continue
		}
		cells[i] = k
		s.Lo, s.Hi = append(s.Lo, 0), append(s.Hi, Unbounded)
		for _, e := range []int{x*b + y, a*b + x*c + z, a*b + a*c + y*c + z} {
			eqs[e].Terms = append(eqs[e].Terms, Term{k, 1})
			eqs[e].RHS += v
		}
	}
	for _, e := range eqs {
		if len(e.Terms) > 0 {
			s.Eqs = append(s.Eqs, e)
		}
	}
	return s, cells
}

// evenly gives numbers that look random and are always the same.
func evenly(seed uint64) func(n int64) int64 {
	return func(n int64) int64 {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int64(seed>>33) % n
	}
}

func randomCube(a, b, c int, seed uint64) *System {
	next := evenly(seed)
	s, _ := cube(a, b, c,
		func() int64 { return next(6) * next(6) },
		func() bool { return next(10) < 6 })
	return s
}

func TestWholeBoundsAreTighterInThreeDimensions(t *testing.T) {
	tighter, asked := 0, 0
	for seed := range uint64(20) {
		next := evenly(seed + 100)
		s, _ := cube(6, 4, 5, func() int64 { return next(3) }, func() bool { return next(10) < 7 })
		b := NewBranching(s)
		for v := range s.Lo {
			for _, up := range []bool{false, true} {
				x, p, err := b.Extreme(ampleMeter(), v, up, NoLimit(up))
				if err != nil || !satisfies(s, p) || p[v] != x {
					t.Fatalf("extreme: %d, %v, %v", x, p, err)
				}
				r, noBound, err := b.t.LinearExtreme(ampleMeter(), v, up)
				if err != nil || noBound {
					t.Fatalf("linear: %v, %v, %v", r, noBound, err)
				}
				f, _ := r.Float64()
				if up && float64(x) > math.Floor(f) || !up && float64(x) < math.Ceil(f) {
					t.Fatalf("unknown %d: whole bound %d beyond the linear one %v", v, x, r)
				}
				asked++
				if float64(x) != f {
					tighter++
				}
			}
		}
	}
	if tighter == 0 {
		t.Errorf("none of %d whole-number bounds is tighter than the linear one", asked)
	}
	t.Logf("%d of %d whole-number bounds are tighter", tighter, asked)
}

// parity is a system that linear programming thinks can be satisfied by halves.
func parity(hi int64) *System {
	return &System{
		Lo: []int64{0, 0, 0}, Hi: []int64{hi, hi, hi},
		Eqs: []Equation{
			{Terms: []Term{{0, 1}, {1, 1}}, RHS: 1},
			{Terms: []Term{{1, 1}, {2, 1}}, RHS: 1},
			{Terms: []Term{{0, 1}, {2, 1}}, RHS: 1},
		},
	}
}

func TestKnownPointIsChecked(t *testing.T) {
	b := NewBranching(parity(9))
	for _, p := range [][]int64{{0, 1, 0}, {1, 0}, {-1, 2, -1}, {10, 0, 0}} {
		if b.Known(p) {
			t.Errorf("%v is taken for a point", p)
		}
	}
	s := randomCube(4, 4, 4, 5)
	p, err := NewBranching(s).Feasible(ampleMeter())
	if err != nil {
		t.Fatal(err)
	}
	b = NewBranching(s)
	if !b.Known(p) {
		t.Error("a point is not taken for one")
	}
	if q, err := b.Feasible(NewMeter(context.Background(), 0)); err != nil || !slices.Equal(p, q) {
		t.Errorf("feasible: %v, %v; want the known point at no cost", q, err)
	}
}

func TestOnlyHalvesSatisfyIt(t *testing.T) {
	for _, hi := range []int64{1, Unbounded} {
		b := NewBranching(parity(hi))
		x, noBound, err := b.t.LinearExtreme(ampleMeter(), 1, true)
		if err != nil || noBound || x.RatString() != "1/2" {
			t.Errorf("linear: %v, %v, %v; want 1/2", x, noBound, err)
		}
		if p, err := b.Feasible(ampleMeter()); !errors.Is(err, ErrInfeasible) {
			t.Errorf("feasible: %v, %v; want none", p, err)
		}
	}
}

func TestWithoutEnd(t *testing.T) {
	s := &System{
		Lo: []int64{0, 0, 0}, Hi: []int64{Unbounded, Unbounded, 7},
		Eqs: []Equation{{Terms: []Term{{0, 2}, {1, -2}, {2, 1}}, RHS: 3}},
	}
	b := NewBranching(s)
	if x, p, err := b.Extreme(ampleMeter(), 0, true, NoLimit(true)); err != nil || x != Unbounded || p != nil {
		t.Errorf("greatest: %d, %v, %v; want no end", x, p, err)
	}
	x, p, err := b.Extreme(ampleMeter(), 0, true, 1000)
	if err != nil || x != Unbounded && (x < 1000 || !satisfies(s, p)) {
		t.Errorf("greatest with enough: %d, %v, %v", x, p, err)
	}
	if x, p, err := b.Extreme(ampleMeter(), 2, false, NoLimit(false)); err != nil || x != 1 || !satisfies(s, p) {
		t.Errorf("least: %d, %v, %v; want 1", x, p, err)
	}
	if _, _, err := b.minimise(ampleMeter(), []int64{-1, 0, 0}); !errors.Is(err, errNoLeast) {
		t.Errorf("minimise: %v; want no least", err)
	}
	b.Limit(2, 0, 0) // 2x - 2y = 3: no end by linear programming, and no point
	if x, _, err := b.Extreme(ampleMeter(), 0, true, NoLimit(true)); !errors.Is(err, ErrInfeasible) {
		t.Errorf("greatest of none: %d, %v; want infeasible", x, err)
	}
	b.Limit(2, 0, 7)
	if x, _, err := b.Extreme(ampleMeter(), 2, true, NoLimit(true)); err != nil || x != 7 {
		t.Errorf("greatest: %d, %v; want 7", x, err)
	}
}

func TestBudgetEnds(t *testing.T) {
	s := randomCube(4, 4, 4, 5)
	want, _, err := NewBranching(s).Extreme(ampleMeter(), 3, true, NoLimit(true))
	if err != nil {
		t.Fatal(err)
	}
	stopped := 0
	b := NewBranching(s)
	for budget := int64(1); ; budget += budget/2 + 1 {
		x, _, err := b.Extreme(NewMeter(context.Background(), budget), 3, true, NoLimit(true))
		if err == nil {
			if x != want {
				t.Fatalf("after %d stops: %d, want %d", stopped, x, want)
			}
			break
		}
		if !errors.Is(err, ErrStopped) {
			t.Fatal(err)
		}
		stopped++
	}
	if stopped < 3 {
		t.Errorf("stopped %d times only", stopped)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = NewBranching(randomCube(9, 9, 9, 1)).Feasible(NewMeter(ctx, 1<<40))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrStopped) {
		t.Errorf("with an ended context: %v", err)
	}
}

func TestNoPointAndNoEndStops(t *testing.T) {
	// 3x = 3y + 6z' + 1 hides in two equations, and nothing is bounded.
	s := &System{Lo: make([]int64, 4), Hi: []int64{Unbounded, Unbounded, Unbounded, Unbounded}}
	s.Eqs = []Equation{
		{Terms: []Term{{0, 3}, {1, -2}, {3, -1}}, RHS: 0},
		{Terms: []Term{{1, 1}, {2, -6}, {3, -1}}, RHS: 1},
	}
	_, err := NewBranching(s).Feasible(NewMeter(context.Background(), 1<<24))
	if err == nil || !errors.Is(err, ErrStopped) && !errors.Is(err, ErrInfeasible) {
		t.Errorf("feasible: %v", err)
	}
}
