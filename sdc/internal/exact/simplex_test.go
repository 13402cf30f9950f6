package exact

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// solveRat solves equations for the unknowns marked free, the others being as
// given, by elimination in fractions. It says whether there is just one answer.
func solveRat(s *System, free []bool, x []*big.Rat) bool {
	var cols []int
	for v := range free {
		if free[v] {
			cols = append(cols, v)
		}
	}
	rows := make([][]*big.Rat, len(s.Eqs))
	for i, e := range s.Eqs {
		rows[i] = make([]*big.Rat, len(x)+1)
		for v := range rows[i] {
			rows[i][v] = new(big.Rat)
		}
		rows[i][len(x)].SetInt64(e.RHS)
		for _, t := range e.Terms {
			c := new(big.Rat).SetInt64(t.C)
			if free[t.V] {
				rows[i][t.V].Add(rows[i][t.V], c)
			} else {
				rows[i][len(x)].Sub(rows[i][len(x)], c.Mul(c, x[t.V]))
			}
		}
	}
	for k, v := range cols {
		at := k
		for at < len(rows) && rows[at][v].Sign() == 0 {
			at++
		}
		if at >= len(rows) {
			return false
		}
		rows[k], rows[at] = rows[at], rows[k]
		for i := range rows {
			if i == k || rows[i][v].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(rows[i][v], rows[k][v])
			for j := range rows[i] {
				rows[i][j].Sub(rows[i][j], new(big.Rat).Mul(f, rows[k][j]))
			}
		}
	}
	for k, v := range cols {
		x[v] = new(big.Rat).Quo(rows[k][len(x)], rows[k][v])
	}
	for _, r := range rows[len(cols):] {
		if r[len(x)].Sign() != 0 {
			return false
		}
	}
	return true
}

// corners lists the corners of a small bounded system: each unknown is at a bound
// or follows from the others.
func corners(s *System) [][]*big.Rat {
	var all [][]*big.Rat
	n := len(s.Lo)
	free, at := make([]bool, n), make([]int64, n)
	var fill func(v int)
	fill = func(v int) {
		if v < n {
			free[v] = true
			fill(v + 1)
			free[v] = false
			at[v] = s.Lo[v]
			fill(v + 1)
			at[v] = s.Hi[v]
			fill(v + 1)
			return
		}
		x := make([]*big.Rat, n)
		for v := range x {
			x[v] = new(big.Rat).SetInt64(at[v])
		}
		if !solveRat(s, free, x) {
			return
		}
		for v := range x {
			if x[v].Cmp(new(big.Rat).SetInt64(s.Lo[v])) < 0 || x[v].Cmp(new(big.Rat).SetInt64(s.Hi[v])) > 0 {
				return
			}
		}
		all = append(all, x)
	}
	fill(0)
	return all
}

// drawWide makes a small system with coefficients of any size up to most.
func drawWide(t *rapid.T, most int64) *System {
	n := rapid.IntRange(1, 5).Draw(t, "unknowns")
	s := &System{}
	inside := make([]int64, n)
	for v := range n {
		lo := rapid.Int64Range(-9, 9).Draw(t, "lo")
		hi := lo + rapid.Int64Range(0, 1000).Draw(t, "range")
		s.Lo, s.Hi = append(s.Lo, lo), append(s.Hi, hi)
		inside[v] = rapid.Int64Range(lo, hi).Draw(t, "inside")
	}
	for range rapid.IntRange(1, 4).Draw(t, "equations") {
		var e Equation
		for v := range n {
			c := rapid.Int64Range(-most, most).Draw(t, "c")
			e.Terms = append(e.Terms, Term{v, c})
			e.RHS += c * inside[v]
		}
		s.Eqs = append(s.Eqs, e)
	}
	return s
}

func TestLinearBoundsAgainstCorners(t *testing.T) {
	for _, most := range []int64{2, 30, 10_000_000, 1 << 46} {
		rapid.Check(t, func(t *rapid.T) {
			s := drawWide(t, most)
			all := corners(s)
			lp := NewSimplex(s)
			for v := range s.Lo {
				for _, up := range []bool{true, false} {
					x, noBound, err := lp.LinearExtreme(ampleMeter(), v, up)
					if len(all) == 0 {
						if !errors.Is(err, ErrInfeasible) {
							t.Fatalf("%v, %v; there is no point", x, err)
						}
						continue
					}
					want := all[0][v]
					for _, c := range all {
						if s := c[v].Cmp(want); up && s > 0 || !up && s < 0 {
							want = c[v]
						}
					}
					if err != nil || noBound || x.Cmp(want) != 0 {
						t.Fatalf("unknown %d up %v: %v, %v, %v; want %v", v, up, x, noBound, err, want)
					}
				}
			}
		})
	}
}

func TestLinearMinimiseAgainstCorners(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawWide(t, 1000)
		obj := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), len(s.Lo), len(s.Lo)).Draw(t, "obj")
		sum := func(x []*big.Rat) *big.Rat {
			all := new(big.Rat)
			for v := range x {
				o := new(big.Rat).SetInt64(obj[v])
				all.Add(all, o.Mul(o, x[v]))
			}
			return all
		}
		p, least, err := NewSimplex(s).minimise(ampleMeter(), obj)
		all := corners(s)
		if err != nil || sum(p).Cmp(least) != 0 {
			t.Fatalf("%v, %v, %v", p, least, err)
		}
		for _, c := range all {
			if sum(c).Cmp(least) < 0 {
				t.Fatalf("%v at %v is not the least: %v at %v", least, p, sum(c), c)
			}
		}
	})
}

// Beale's example, times 100, on which the plain simplex method goes in circles.
func TestBealeEnds(t *testing.T) {
	s := &System{
		Lo: make([]int64, 7),
		Hi: []int64{Unbounded, Unbounded, Unbounded, Unbounded, Unbounded, Unbounded, Unbounded},
		Eqs: []Equation{
			{Terms: []Term{{0, 25}, {1, -6000}, {2, -4}, {3, 900}, {4, 100}}, RHS: 0},
			{Terms: []Term{{0, 50}, {1, -9000}, {2, -2}, {3, 300}, {5, 100}}, RHS: 0},
			{Terms: []Term{{2, 1}, {6, 1}}, RHS: 1},
		},
	}
	_, least, err := NewSimplex(s).minimise(NewMeter(ampleMeter().ctx, 1<<20), []int64{-75, 15000, -2, 600, 0, 0, 0})
	if err != nil || least.RatString() != "-5" {
		t.Errorf("least is %v, %v; want -5", least, err)
	}
}

func TestContradictionsAndRepeats(t *testing.T) {
	line := func(rhs int64, f int64) Equation {
		return Equation{Terms: []Term{{0, f}, {1, f}}, RHS: rhs * f}
	}
	s := &System{Lo: []int64{0, 0}, Hi: []int64{9, 9}, Eqs: []Equation{line(4, 1), line(4, 3), line(4, -2)}}
	b := NewBranching(s)
	if x, _, err := b.Extreme(ampleMeter(), 0, true, NoLimit(true)); err != nil || x != 4 {
		t.Errorf("repeated: %d, %v; want 4", x, err)
	}
	if n := len(b.t.rows); n != 1 {
		t.Errorf("%d rows are kept; want 1", n)
	}
	s.Eqs = append(s.Eqs, line(5, 7))
	if _, err := NewBranching(s).Feasible(ampleMeter()); !errors.Is(err, ErrInfeasible) {
		t.Errorf("contradiction: %v", err)
	}
}

func benchBounds(b *testing.B, x, y, z int) {
	s := randomCube(x, y, z, 1)
	asked := 0
	for b.Loop() {
		br, m := NewBranching(s), ampleMeter()
		for v := range len(s.Lo) {
			for _, up := range []bool{false, true} {
				if _, _, err := br.Extreme(m, v, up, NoLimit(up)); err != nil {
					b.Fatal(err)
				}
				asked++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(asked), "ns/bound")
}

func BenchmarkBounds6x4x5(b *testing.B) { benchBounds(b, 6, 4, 5) }
func BenchmarkBounds6x6x6(b *testing.B) { benchBounds(b, 6, 6, 6) }
