package sdc

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// netSum makes an equation: whole is the sum of its parts.
func netSum(whole int, parts ...int) equation {
	e := equation{terms: []term{{whole, -1}}}
	for _, p := range parts {
		e.terms = append(e.terms, term{p, 1})
	}
	return e
}

func netMeter() *meter { return newMeter(context.Background(), 1<<40) }

// netHolds says whether a point satisfies every equation and bound of a system.
func netHolds(s *system, x []int64) bool {
	for v := range x {
		if x[v] < s.lo[v] || x[v] > s.hi[v] {
			return false
		}
	}
	return netBalances(s, x)
}

func netBalances(s *system, x []int64) bool {
	for _, e := range s.eqs {
		sum := -e.rhs
		for _, t := range e.terms {
			sum += t.c * x[t.v]
		}
		if sum != 0 {
			return false
		}
	}
	return true
}

// netEach calls do with every point between the bounds that satisfies a system.
func netEach(s *system, do func(x []int64)) {
	x := slices.Clone(s.lo)
	for v := range x {
		if s.lo[v] > s.hi[v] {
			return
		}
	}
	for {
		if netBalances(s, x) {
			do(x)
		}
		v := 0
		for ; v < len(x) && x[v] == s.hi[v]; v++ {
			x[v] = s.lo[v]
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
func netTable(rows, cols int, count func(i, j int) int64) (s *system, truth []int64) {
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
	s = &system{lo: slices.Clone(truth), hi: slices.Clone(truth)}
	for i := range rows + 1 {
		var parts []int
		for j := range cols {
			parts = append(parts, i*w+j)
		}
		e := netSum(i*w+cols, parts...)
		e.redundant = i == rows
		s.eqs = append(s.eqs, e)
	}
	for j := range w {
		var parts []int
		for i := range rows {
			parts = append(parts, i*w+j)
		}
		s.eqs = append(s.eqs, netSum(rows*w+j, parts...))
	}
	return s, truth
}

func netHide(s *system, lo, hi int64, cells ...int) {
	for _, v := range cells {
		s.lo[v], s.hi[v] = lo, hi
	}
}

// drawNetwork draws a system that is a network with a point in it, mostly: arcs
// between nodes, some to the outside, some nowhere; equations turned round at
// random, and one more that is the sum of them all.
func drawNetwork(t *rapid.T) *system {
	nodes := rapid.IntRange(1, 4).Draw(t, "nodes")
	arcs := rapid.IntRange(1, 6).Draw(t, "arcs")
	s := &system{eqs: make([]equation, nodes)}
	node := rapid.IntRange(0, nodes) // the last is the outside
	for v := range arcs {
		lo := rapid.Int64Range(-2, 2).Draw(t, "lo")
		width := rapid.Int64Range(0, 3).Draw(t, "width")
		x := lo + rapid.Int64Range(0, width).Draw(t, "x")
		s.lo, s.hi = append(s.lo, lo), append(s.hi, lo+width)
		tail, head := node.Draw(t, "tail"), node.Draw(t, "head")
		if tail < nodes {
			s.eqs[tail].terms = append(s.eqs[tail].terms, term{v, 1})
			s.eqs[tail].rhs += x
		}
		if head < nodes {
			s.eqs[head].terms = append(s.eqs[head].terms, term{v, -1})
			s.eqs[head].rhs -= x
		}
	}
	for i := range s.eqs {
		s.eqs[i].rhs += rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, 1}).Draw(t, "wrong")
	}
	all := equation{redundant: true}
	for i := range s.eqs {
		all.terms = append(all.terms, s.eqs[i].terms...)
		all.rhs += s.eqs[i].rhs
		if rapid.Bool().Draw(t, "turn") {
			e := equation{rhs: -s.eqs[i].rhs}
			for _, u := range s.eqs[i].terms {
				e.terms = append(e.terms, term{u.v, -u.c})
			}
			s.eqs[i] = e
		}
	}
	s.eqs = append(s.eqs, all)
	return s
}

// netExtremes finds by enumeration the least and greatest value of each unknown.
func netExtremes(s *system) (low, high []int64, some bool) {
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
			v := rapid.IntRange(0, len(s.lo)-1).Draw(t, "v")
			s.lo[v] = rapid.Int64Range(-3, 3).Draw(t, "lo")
			s.hi[v] = s.lo[v] + rapid.Int64Range(-1, 3).Draw(t, "width")
			n.limit(v, s.lo[v], s.hi[v])
		}
		checkNetwork(t, s, n)
	})
}

// checkNetwork compares all answers of a network with those by enumeration.
func checkNetwork(t *rapid.T, s *system, n *network) {
	low, high, some := netExtremes(s)
	m := netMeter()
	x, err := n.feasible(m)
	if !some {
		if !errors.Is(err, errInfeasible) {
			t.Fatalf("no point, but feasible says %v, %v", x, err)
		}
		if _, _, err := n.extreme(m, 0, true, noLimit(true)); !errors.Is(err, errInfeasible) {
			t.Fatalf("no point, but extreme says %v", err)
		}
		return
	}
	if err != nil || !netHolds(s, x) {
		t.Fatalf("feasible says %v, %v", x, err)
	}
	for v := range s.lo {
		for _, up := range []bool{false, true} {
			want := low[v]
			if up {
				want = high[v]
			}
			got, x, err := n.extreme(m, v, up, noLimit(up))
			if err != nil || got != want || x[v] != got || !netHolds(s, x) {
				t.Fatalf("extreme of %d up %v says %d at %v, %v; it is %d", v, up, got, x, err, want)
			}
			enough := rapid.Int64Range(-4, 6).Draw(t, "enough")
			n.extreme(m, v, !up, noLimit(!up))
			got, x, err = n.extreme(m, v, up, enough)
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
		ends := &system{lo: s.lo, hi: slices.Clone(s.hi), eqs: s.eqs}
		for v := range s.hi {
			if rapid.Bool().Draw(t, "open") {
				s.hi[v], ends.hi[v] = unbounded, far
			}
		}
		n, ok1 := newNetwork(s)
		e, ok2 := newNetwork(ends)
		if !ok1 || !ok2 {
			t.Fatal("not seen as a network")
		}
		for v := range s.lo {
			got, x, err := n.extreme(netMeter(), v, true, noLimit(true))
			want, _, err2 := e.extreme(netMeter(), v, true, noLimit(true))
			if !errors.Is(err, err2) {
				t.Fatalf("open %v, closed %v", err, err2)
			}
			switch {
			case err != nil:
			case want > far/2:
				if got != unbounded || x != nil {
					t.Fatalf("%d: %d at %v, should have no end", v, got, x)
				}
				got, x, err = n.extreme(netMeter(), v, true, unbounded-1)
				if err != nil || got != unbounded || x != nil {
					t.Fatalf("%d: enough nearly without end: %d at %v, %v", v, got, x, err)
				}
				got, x, err = n.extreme(netMeter(), v, true, 50)
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
	netHide(s, 0, unbounded, 0, 1, 2, 5, 7, 11, 13, 16, 18)
	for _, c := range []struct {
		also, low, high int64
	}{{0, 47, 47}, {6, 0, 141}} {
		netHide(s, 0, unbounded, int(c.also))
		n, ok := newNetwork(s)
		if !ok {
			t.Fatal("not seen as a network")
		}
		low, x, err := n.extreme(netMeter(), 1, false, noLimit(false))
		if err != nil || low != c.low || !netHolds(s, x) {
			t.Errorf("with %d hidden: least %d, %v, should be %d", c.also, low, err, c.low)
		}
		high, x, err := n.extreme(netMeter(), 1, true, noLimit(true))
		if err != nil || high != c.high || !netHolds(s, x) {
			t.Errorf("with %d hidden: greatest %d, %v, should be %d", c.also, high, err, c.high)
		}
	}
}

func TestNotANetwork(t *testing.T) {
	two := func(eqs ...equation) *system {
		return &system{lo: make([]int64, 4), hi: []int64{9, 9, 9, 9}, eqs: eqs}
	}
	three := &system{lo: make([]int64, 27), hi: make([]int64, 27)}
	for _, step := range []int{1, 3, 9} {
		for v := range 27 {
			if v/step%3 == 0 {
				three.eqs = append(three.eqs, netSum(v, v+step, v+2*step))
			}
		}
	}
	for name, s := range map[string]*system{
		"a table of three dimensions": three,
		"in three equations":          two(netSum(0, 1), netSum(0, 2), netSum(0, 3)),
		"a coefficient of two":        two(equation{terms: []term{{0, 2}, {1, -1}}}),
		"twice in one":                two(equation{terms: []term{{0, 1}, {1, -1}, {0, 1}}}),
		"signs that cannot be": two(netSum(0, 1), netSum(1, 2),
			equation{terms: []term{{0, 1}, {2, 1}}}),
		"no such unknown":     two(netSum(0, 4)),
		"a negative index":    two(netSum(0, -1)),
		"a huge coefficient":  two(equation{terms: []term{{0, math.MinInt64}}}),
		"a huge right side":   two(equation{terms: []term{{0, 1}}, rhs: math.MinInt64}),
		"bounds of two sizes": {lo: []int64{0}, hi: nil},
		"a huge lower bound":  {lo: []int64{math.MinInt64}, hi: []int64{0}},
		"a huge upper bound":  {lo: []int64{0}, hi: []int64{unbounded - 1}},
		"sums that are huge": {lo: []int64{largest, largest, largest}, hi: []int64{unbounded, unbounded, unbounded},
			eqs: []equation{{terms: []term{{0, 1}, {1, 1}, {2, 1}}}}},
	} {
		if _, ok := newNetwork(s); ok {
			t.Errorf("%s: seen as a network", name)
		}
	}
	paired := two(netSum(0, 1), netSum(1, 2), equation{terms: []term{{0, 1}, {2, -1}}})
	cancelled := two(equation{terms: []term{{0, 1}, {1, -1}, {0, -1}}}, netSum(0, 2), netSum(0, 3))
	extra := netSum(0, 2, 3)
	extra.redundant = true
	for name, s := range map[string]*system{
		"a ring of equal counts":         paired,
		"a term that cancels itself":     cancelled,
		"one too many, but marked":       two(netSum(0, 1), netSum(0, 2), extra),
		"no equation":                    two(),
		"an equation of nothing":         two(equation{}),
		"the same equation, turned, too": two(netSum(0, 1), equation{terms: []term{{0, 1}, {1, -1}}}),
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
	tree := &system{ // 0 = 1+2, 1 = 3+4, 2 = 5+6
		lo:  []int64{9, 0, 0, 1, 1, 1, 1},
		hi:  []int64{9, 9, 9, 5, 5, 5, 2},
		eqs: []equation{netSum(0, 1, 2), netSum(1, 3, 4), netSum(2, 5, 6)},
	}
	for name, s := range map[string]*system{
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
		for v := range s.lo {
			l, x, err := n.extreme(netMeter(), v, false, noLimit(false))
			if err != nil || l != low[v] || !netHolds(s, x) {
				t.Errorf("%s: least of %d is %d (%v), should be %d", name, v, l, err, low[v])
			}
			h, x, err := n.extreme(netMeter(), v, true, noLimit(true))
			if err != nil || h != high[v] || !netHolds(s, x) {
				t.Errorf("%s: greatest of %d is %d (%v), should be %d", name, v, h, err, high[v])
			}
		}
	}
}

// netHierarchical is a table of rows a, b (parts of p), c and columns y, z, with
// all totals; rows are a b p c Total, columns y z Total. The sums along p and along
// Total follow from the others.
func netHierarchical() *system {
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
	s := &system{lo: slices.Clone(truth), hi: slices.Clone(truth)}
	for r := range 5 {
		e := netSum(3*r+2, 3*r, 3*r+1)
		e.redundant = r == 2 || r == 4
		s.eqs = append(s.eqs, e)
	}
	for c := range 3 {
		s.eqs = append(s.eqs, netSum(6+c, c, 3+c), netSum(12+c, 6+c, 9+c))
	}
	netHide(s, 1, 6, 0, 1, 3, 6, 7, 9, 10)
	return s
}

func TestNetworkLimitAndBack(t *testing.T) {
	s, truth := netTable(3, 3, func(i, j int) int64 { return int64(3*i + j + 1) })
	netHide(s, 0, unbounded, 0, 1, 4, 5)
	n, ok := newNetwork(s)
	if !ok {
		t.Fatal("not seen as a network")
	}
	span := func(v int) [2]int64 {
		t.Helper()
		low, _, err := n.extreme(netMeter(), v, false, noLimit(false))
		if err != nil {
			t.Fatal(err)
		}
		high, _, err := n.extreme(netMeter(), v, true, noLimit(true))
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{low, high}
	}
	free := span(0)
	if free != [2]int64{0, 3} {
		t.Fatalf("0 is in %v, should be in 0..3", free)
	}
	n.limit(5, truth[5]+1, unbounded)
	if got := span(0); got != [2]int64{2, 3} {
		t.Errorf("with a limit on another 0 is in %v, should be in 2..3", got)
	}
	n.limit(5, 100, 100)
	if _, err := n.feasible(netMeter()); !errors.Is(err, errInfeasible) {
		t.Errorf("100 in a row of 15: %v", err)
	}
	n.limit(5, 4, 3)
	if _, err := n.feasible(netMeter()); !errors.Is(err, errInfeasible) {
		t.Errorf("at least 4 and at most 3: %v", err)
	}
	n.limit(5, 0, unbounded)
	if got := span(0); got != free {
		t.Errorf("after all limits are gone: %v, was %v", got, free)
	}
	n.limit(5, 0, unbounded-1)
	if _, err := n.feasible(netMeter()); !errors.Is(err, errTooLarge) {
		t.Errorf("a huge limit: %v", err)
	}
	n.limit(5, 0, unbounded)
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
				s.lo[v], s.hi[v] = truth[v], truth[v]
				if rapid.IntRange(0, 2).Draw(t, "hide") > 0 {
					s.lo[v], s.hi[v] = rapid.Int64Range(0, 4).Draw(t, "lo"), rapid.SampledFrom([]int64{4, 9, unbounded}).Draw(t, "hi")
				}
				kept.limit(v, s.lo[v], s.hi[v])
			}
			v, up := cell.Draw(t, "v"), rapid.Bool().Draw(t, "up")
			got, x, err := kept.extreme(netMeter(), v, up, noLimit(up))
			fresh, _ := newNetwork(s)
			want, _, err2 := fresh.extreme(netMeter(), v, up, noLimit(up))
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
		netHide(s, 0, unbounded, v/8*9+v%8)
	}
	whole, _ := newNetwork(s)
	want, _, err := whole.extreme(netMeter(), 0, true, noLimit(true))
	if err != nil {
		t.Fatal(err)
	}
	n, _ := newNetwork(s)
	stopped := 0
	for budget := int64(0); ; budget += 100 { // the flow stays good however often it is stopped
		got, x, err := n.extreme(newMeter(context.Background(), budget), 0, true, noLimit(true))
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
	if _, err := n.feasible(netMeter()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.extreme(newMeter(context.Background(), 0), 0, true, noLimit(true)); !errors.Is(err, ErrStopped) {
		t.Errorf("a budget of nothing: %v", err)
	}
}

// Points are the caller's own.
func TestNetworkPointsAreCopies(t *testing.T) {
	s, _ := netTable(2, 2, func(i, j int) int64 { return 3 })
	netHide(s, 0, 9, 0, 1, 3, 4)
	n, _ := newNetwork(s)
	for range 2 {
		x, err := n.feasible(netMeter())
		if err != nil || !netHolds(s, x) {
			t.Fatalf("%v, %v", x, err)
		}
		_, y, err := n.extreme(netMeter(), 0, true, noLimit(true))
		if err != nil || !netHolds(s, y) {
			t.Fatalf("%v, %v", y, err)
		}
		clear(x)
		clear(y)
	}
}

// A flow that would pass the greatest number is an error, not a wrong number.
func TestNetworkTooLarge(t *testing.T) {
	s := &system{ // 0 + 1 = 2 + 3
		lo:  []int64{0, 0, 0, 0},
		hi:  []int64{unbounded, unbounded, largest, largest},
		eqs: []equation{{terms: []term{{0, 1}, {1, 1}, {2, -1}, {3, -1}}}},
	}
	n, ok := newNetwork(s)
	if !ok {
		t.Fatal("not seen as a network")
	}
	n.limit(1, 0, 0)
	if got, _, err := n.extreme(netMeter(), 0, true, noLimit(true)); !errors.Is(err, errTooLarge) {
		t.Errorf("says %d, %v", got, err)
	}
	if x, err := n.feasible(netMeter()); err != nil || !netBalances(s, x) {
		t.Errorf("afterwards %v, %v", x, err)
	}
}

// netBench is a table of 60 × 24 with 500 hidden.
func netBench() (s *system, hidden []int) {
	r := rand.New(rand.NewPCG(3, 4))
	s, truth := netTable(60, 24, func(i, j int) int64 { return 1 + r.Int64N(24) })
	for _, c := range r.Perm(60 * 24)[:500] {
		v := c/24*25 + c%24
		hidden = append(hidden, v)
		if truth[v] <= 5 {
			netHide(s, 1, 5, v)
		} else {
			netHide(s, 1, unbounded, v)
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
				if _, _, err := n.extreme(netMeter(), v, up, noLimit(up)); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
