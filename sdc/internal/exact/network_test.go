package exact

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// netSum makes an equation: whole is the sum of its parts.
func netSum(whole int, parts ...int) Equation {
	e := Equation{Terms: []Term{{whole, -1}}}
	for _, p := range parts {
		e.Terms = append(e.Terms, Term{p, 1})
	}
	return e
}

func netMeter() *Meter { return NewMeter(context.Background(), 1<<40) }

// netHolds says whether a point satisfies every equation and bound of a system.
func netHolds(s *System, x []int64) bool {
	for v := range x {
		if x[v] < s.Lo[v] || x[v] > s.Hi[v] {
			return false
		}
	}
	return netBalances(s, x)
}

func netBalances(s *System, x []int64) bool {
	for _, e := range s.Eqs {
		sum := -e.RHS
		for _, t := range e.Terms {
			sum += t.C * x[t.V]
		}
		if sum != 0 {
			return false
		}
	}
	return true
}

// netEach calls do with every point between the bounds that satisfies a system.
func netEach(s *System, do func(x []int64)) {
	x := slices.Clone(s.Lo)
	for v := range x {
		if s.Lo[v] > s.Hi[v] {
			return
		}
	}
	for {
		if netBalances(s, x) {
			do(x)
		}
		v := 0
		for ; v < len(x) && x[v] == s.Hi[v]; v++ {
			x[v] = s.Lo[v]
		}
		if v == len(x) {
			return
		}
		x[v]++
	}
}

// netTable is a table of rows × columns with all its margins: unknown (i, j) with
// row rows and column cols being the totals. The equation of the grand total along
// the row of totals follows from the others.
func netTable(rows, cols int, count func(i, j int) int64) (s *System, truth []int64) {
	w := cols + 1
	n := (rows + 1) * w
	truth = make([]int64, n)
	for i := range rows {
		for j := range cols {
			c := count(i, j)
			for _, v := range []int{i*w + j, i*w + cols, rows*w + j, rows*w + cols} {
				truth[v] += c
			}
		}
	}
	s = &System{Lo: slices.Clone(truth), Hi: slices.Clone(truth)}
	for i := range rows + 1 {
		var parts []int
		for j := range cols {
			parts = append(parts, i*w+j)
		}
		e := netSum(i*w+cols, parts...)
		e.Redundant = i == rows
		s.Eqs = append(s.Eqs, e)
	}
	for j := range w {
		var parts []int
		for i := range rows {
			parts = append(parts, i*w+j)
		}
		s.Eqs = append(s.Eqs, netSum(rows*w+j, parts...))
	}
	return s, truth
}

func netHide(s *System, lo, hi int64, cells ...int) {
	for _, v := range cells {
		s.Lo[v], s.Hi[v] = lo, hi
	}
}

// drawNetwork draws a system that is a network with a point in it, mostly: arcs
// between nodes, some to the outside, some nowhere; equations turned round at
// random, and one more that is the sum of them all.
func drawNetwork(t *rapid.T) *System {
	nodes := rapid.IntRange(1, 4).Draw(t, "nodes")
	arcs := rapid.IntRange(1, 6).Draw(t, "arcs")
	s := &System{Eqs: make([]Equation, nodes)}
	node := rapid.IntRange(0, nodes) // the last is the outside
	for v := range arcs {
		lo := rapid.Int64Range(-2, 2).Draw(t, "lo")
		width := rapid.Int64Range(0, 3).Draw(t, "width")
		x := lo + rapid.Int64Range(0, width).Draw(t, "x")
		s.Lo, s.Hi = append(s.Lo, lo), append(s.Hi, lo+width)
		tail, head := node.Draw(t, "tail"), node.Draw(t, "head")
		if tail < nodes {
			s.Eqs[tail].Terms = append(s.Eqs[tail].Terms, Term{v, 1})
			s.Eqs[tail].RHS += x
		}
		if head < nodes {
			s.Eqs[head].Terms = append(s.Eqs[head].Terms, Term{v, -1})
			s.Eqs[head].RHS -= x
		}
	}
	for i := range s.Eqs {
		s.Eqs[i].RHS += rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, 1}).Draw(t, "wrong")
	}
	all := Equation{Redundant: true}
	for i := range s.Eqs {
		all.Terms = append(all.Terms, s.Eqs[i].Terms...)
		all.RHS += s.Eqs[i].RHS
		if rapid.Bool().Draw(t, "turn") {
			e := Equation{RHS: -s.Eqs[i].RHS}
			for _, u := range s.Eqs[i].Terms {
				e.Terms = append(e.Terms, Term{u.V, -u.C})
			}
			s.Eqs[i] = e
		}
	}
	s.Eqs = append(s.Eqs, all)
	return s
}

// netExtremes finds by enumeration the least and greatest value of each unknown.
func netExtremes(s *System) (low, high []int64, some bool) {
	netEach(s, func(x []int64) {
		if !some {
			low, high, some = slices.Clone(x), slices.Clone(x), true
		}
		for v := range x {
			low[v], high[v] = min(low[v], x[v]), max(high[v], x[v])
		}
	})
	return low, high, some
}

func TestNetworkAgreesWithEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawNetwork(t)
		n, ok := newNetwork(s)
		if !ok {
			t.Fatalf("not seen as a network: %+v", s)
		}
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			checkNetwork(t, s, n)
			v := rapid.IntRange(0, len(s.Lo)-1).Draw(t, "v")
			s.Lo[v] = rapid.Int64Range(-3, 3).Draw(t, "lo")
			s.Hi[v] = s.Lo[v] + rapid.Int64Range(-1, 3).Draw(t, "width")
			n.Limit(v, s.Lo[v], s.Hi[v])
		}
		checkNetwork(t, s, n)
	})
}

// checkNetwork compares all answers of a network with those by enumeration.
func checkNetwork(t *rapid.T, s *System, n *network) {
	low, high, some := netExtremes(s)
	m := netMeter()
	x, err := n.Feasible(m)
	if !some {
		if !errors.Is(err, ErrInfeasible) {
			t.Fatalf("no point, but feasible says %v, %v", x, err)
		}
		if _, _, err := n.Extreme(m, 0, true, NoLimit(true)); !errors.Is(err, ErrInfeasible) {
			t.Fatalf("no point, but extreme says %v", err)
		}
		return
	}
	if err != nil || !netHolds(s, x) {
		t.Fatalf("feasible says %v, %v", x, err)
	}
	for v := range s.Lo {
		for _, up := range []bool{false, true} {
			want := low[v]
			if up {
				want = high[v]
			}
			got, x, err := n.Extreme(m, v, up, NoLimit(up))
			if err != nil || got != want || x[v] != got || !netHolds(s, x) {
				t.Fatalf("extreme of %d up %v says %d at %v, %v; it is %d", v, up, got, x, err, want)
			}
			enough := rapid.Int64Range(-4, 6).Draw(t, "enough")
			n.Extreme(m, v, !up, NoLimit(!up))
			got, x, err = n.Extreme(m, v, up, enough)
			if want := min(high[v], max(low[v], enough)); err != nil || got != want || x[v] != got || !netHolds(s, x) {
				t.Fatalf("extreme of %d up %v enough %d says %d at %v, %v", v, up, enough, got, x, err)
			}
		}
	}
}

// Without end is what goes very far when the end is put very far.
func TestNetworkWithoutEnd(t *testing.T) {
	const far = 1 << 20
	rapid.Check(t, func(t *rapid.T) {
		s := drawNetwork(t)
		ends := &System{Lo: s.Lo, Hi: slices.Clone(s.Hi), Eqs: s.Eqs}
		for v := range s.Hi {
			if rapid.Bool().Draw(t, "open") {
				s.Hi[v], ends.Hi[v] = Unbounded, far
			}
		}
		n, ok1 := newNetwork(s)
		e, ok2 := newNetwork(ends)
		if !ok1 || !ok2 {
			t.Fatal("not seen as a network")
		}
		for v := range s.Lo {
			got, x, err := n.Extreme(netMeter(), v, true, NoLimit(true))
			want, _, err2 := e.Extreme(netMeter(), v, true, NoLimit(true))
			if !errors.Is(err, err2) {
				t.Fatalf("open %v, closed %v", err, err2)
			}
			switch {
			case err != nil:
			case want > far/2:
				if got != Unbounded || x != nil {
					t.Fatalf("%d: %d at %v, should have no end", v, got, x)
				}
				got, x, err = n.Extreme(netMeter(), v, true, Unbounded-1)
				if err != nil || got != Unbounded || x != nil {
					t.Fatalf("%d: enough nearly without end: %d at %v, %v", v, got, x, err)
				}
				got, x, err = n.Extreme(netMeter(), v, true, 50)
				if err != nil || got < 50 || x != nil && (x[v] != got || !netHolds(s, x)) {
					t.Fatalf("%d: enough 50: %d at %v, %v", v, got, x, err)
				}
			case got != want || !netHolds(s, x):
				t.Fatalf("%d: %d at %v, should be %d", v, got, x, want)
			}
		}
	})
}

// A worked case: every line has two hidden, and yet one of them is known.
func TestNetworkWorkedCase(t *testing.T) {
	counts := [4][4]int64{{30, 47, 64, 89}, {90, 124, 5, 31}, {92, 100, 59, 85}, {800, 991, 651, 685}}
	s, _ := netTable(4, 4, func(i, j int) int64 { return counts[i][j] })
	netHide(s, 0, Unbounded, 0, 1, 2, 5, 7, 11, 13, 16, 18)
	for _, c := range []struct {
		also, low, high int64
	}{{0, 47, 47}, {6, 0, 141}} {
		netHide(s, 0, Unbounded, int(c.also))
		n, ok := newNetwork(s)
		if !ok {
			t.Fatal("not seen as a network")
		}
		low, x, err := n.Extreme(netMeter(), 1, false, NoLimit(false))
		if err != nil || low != c.low || !netHolds(s, x) {
			t.Errorf("with %d hidden: least %d, %v, should be %d", c.also, low, err, c.low)
		}
		high, x, err := n.Extreme(netMeter(), 1, true, NoLimit(true))
		if err != nil || high != c.high || !netHolds(s, x) {
			t.Errorf("with %d hidden: greatest %d, %v, should be %d", c.also, high, err, c.high)
		}
	}
}

func TestNotANetwork(t *testing.T) {
	two := func(eqs ...Equation) *System {
		return &System{Lo: make([]int64, 4), Hi: []int64{9, 9, 9, 9}, Eqs: eqs}
	}
	three := &System{Lo: make([]int64, 27), Hi: make([]int64, 27)}
	for _, step := range []int{1, 3, 9} {
		for v := range 27 {
			if v/step%3 == 0 {
				three.Eqs = append(three.Eqs, netSum(v, v+step, v+2*step))
			}
		}
	}
	for name, s := range map[string]*System{
		"a table of three dimensions": three,
		"in three equations":          two(netSum(0, 1), netSum(0, 2), netSum(0, 3)),
		"a coefficient of two":        two(Equation{Terms: []Term{{0, 2}, {1, -1}}}),
		"twice in one":                two(Equation{Terms: []Term{{0, 1}, {1, -1}, {0, 1}}}),
		"signs that cannot be": two(netSum(0, 1), netSum(1, 2),
			Equation{Terms: []Term{{0, 1}, {2, 1}}}),
		"no such unknown":     two(netSum(0, 4)),
		"a negative index":    two(netSum(0, -1)),
		"a huge coefficient":  two(Equation{Terms: []Term{{0, math.MinInt64}}}),
		"a huge right side":   two(Equation{Terms: []Term{{0, 1}}, RHS: math.MinInt64}),
		"bounds of two sizes": {Lo: []int64{0}, Hi: nil},
		"a huge lower bound":  {Lo: []int64{math.MinInt64}, Hi: []int64{0}},
		"a huge upper bound":  {Lo: []int64{0}, Hi: []int64{Unbounded - 1}},
		"sums that are huge": {Lo: []int64{Largest, Largest, Largest}, Hi: []int64{Unbounded, Unbounded, Unbounded},
			Eqs: []Equation{{Terms: []Term{{0, 1}, {1, 1}, {2, 1}}}}},
	} {
		if _, ok := newNetwork(s); ok {
			t.Errorf("%s: seen as a network", name)
		}
	}
	paired := two(netSum(0, 1), netSum(1, 2), Equation{Terms: []Term{{0, 1}, {2, -1}}})
	cancelled := two(Equation{Terms: []Term{{0, 1}, {1, -1}, {0, -1}}}, netSum(0, 2), netSum(0, 3))
	extra := netSum(0, 2, 3)
	extra.Redundant = true
	for name, s := range map[string]*System{
		"a ring of equal counts":         paired,
		"a term that cancels itself":     cancelled,
		"one too many, but marked":       two(netSum(0, 1), netSum(0, 2), extra),
		"no equation":                    two(),
		"an equation of nothing":         two(Equation{}),
		"the same equation, turned, too": two(netSum(0, 1), Equation{Terms: []Term{{0, 1}, {1, -1}}}),
	} {
		if _, ok := newNetwork(s); !ok {
			t.Errorf("%s: not seen as a network", name)
		}
	}
}

// Shapes of tables that are networks, compared with enumeration.
func TestNetworkShapes(t *testing.T) {
	flat, _ := netTable(2, 2, func(i, j int) int64 { return int64(1 + i + 2*j) })
	netHide(flat, 0, 7, 0, 1, 3, 4)
	margins, _ := netTable(2, 2, func(i, j int) int64 { return int64(1 + i*j) })
	netHide(margins, 0, 5, 0, 1, 2, 6, 8)
	tree := &System{ // 0 = 1+2, 1 = 3+4, 2 = 5+6
		Lo:  []int64{9, 0, 0, 1, 1, 1, 1},
		Hi:  []int64{9, 9, 9, 5, 5, 5, 2},
		Eqs: []Equation{netSum(0, 1, 2), netSum(1, 3, 4), netSum(2, 5, 6)},
	}
	for name, s := range map[string]*System{
		"flat": flat, "hidden totals": margins, "tree": tree, "hierarchical by flat": netHierarchical(),
	} {
		n, ok := newNetwork(s)
		if !ok {
			t.Errorf("%s: not seen as a network", name)
			continue
		}
		low, high, some := netExtremes(s)
		if !some {
			t.Fatalf("%s: the test itself has no point", name)
		}
		for v := range s.Lo {
			l, x, err := n.Extreme(netMeter(), v, false, NoLimit(false))
			if err != nil || l != low[v] || !netHolds(s, x) {
				t.Errorf("%s: least of %d is %d (%v), should be %d", name, v, l, err, low[v])
			}
			h, x, err := n.Extreme(netMeter(), v, true, NoLimit(true))
			if err != nil || h != high[v] || !netHolds(s, x) {
				t.Errorf("%s: greatest of %d is %d (%v), should be %d", name, v, h, err, high[v])
			}
		}
	}
}

// netHierarchical is a table of rows a, b (parts of p), c and columns y, z, with
// all totals; rows are a b p c Total, columns y z Total. The sums along p and along
// Total follow from the others.
func netHierarchical() *System {
	counts := [3][2]int64{{1, 3}, {2, 4}, {5, 2}}
	truth := make([]int64, 15)
	for r, in := range [][]int{{0}, {1}, {0, 1}, {2}, {0, 1, 2}} {
		for _, leaf := range in {
			for c := range 2 {
				truth[3*r+c] += counts[leaf][c]
				truth[3*r+2] += counts[leaf][c]
			}
		}
	}
	s := &System{Lo: slices.Clone(truth), Hi: slices.Clone(truth)}
	for r := range 5 {
		e := netSum(3*r+2, 3*r, 3*r+1)
		e.Redundant = r == 2 || r == 4
		s.Eqs = append(s.Eqs, e)
	}
	for c := range 3 {
		s.Eqs = append(s.Eqs, netSum(6+c, c, 3+c), netSum(12+c, 6+c, 9+c))
	}
	netHide(s, 1, 6, 0, 1, 3, 6, 7, 9, 10)
	return s
}
