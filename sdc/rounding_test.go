package sdc

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/sdc/internal/exact"
)

// roundOptions ask for as many numbers as a base leaves at least.
func roundOptions(t testing.TB, base int64) Options {
	t.Helper()
	p, err := ProfileNamed("dfe")
	if err != nil {
		t.Fatal(err)
	}
	p.Values = min(p.Values, base)
	return Options{Profile: p}
}

// fixedWorld is a world with these counts, the last dimension running fastest.
func fixedWorld(sizes []int, counts ...int64) *world {
	w := newWorld(rand.New(rand.NewPCG(1, 1)), sizes...)
	w.counts = counts
	return w
}

func oneTable(w *world, parents ...map[string]string) Release {
	return Release{Name: "one", Tables: []Table{w.table("one", w.all(parents...))}}
}

func round(t testing.TB, r Release, base int64, o Options) *Rounded {
	t.Helper()
	res, err := Round(context.Background(), r, base, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// counts are the counts of a table in the order of its cells.
func counts(t *Table) []int64 {
	var out []int64
	for _, c := range t.Cells {
		out = append(out, c.Count)
	}
	return out
}

// tableSumsWrong names a total that is not the sum of the lowest counts under it,
// seen from the rows alone; "" when there is none.
func tableSumsWrong(t *Table) string {
	totals := make([]map[string]bool, len(t.Dimensions))
	for d := range totals {
		totals[d] = map[string]bool{Total: true}
		for _, up := range t.Dimensions[d].Parent {
			totals[d][up] = true
		}
	}
	sums := map[string]int64{}
	var rise func(codes []string, d int, x int64)
	rise = func(codes []string, d int, x int64) {
		if d == len(codes) {
			sums[strings.Join(codes, "/")] += x
			return
		}
		for code := codes[d]; code != ""; code = above(t, d, code) {
			codes[d] = code
			rise(slices.Clone(codes), d+1, x)
		}
	}
	low := func(codes []string) bool {
		for d, code := range codes {
			if totals[d][code] {
				return false
			}
		}
		return true
	}
	for _, c := range t.Cells {
		if low(c.Codes) {
			rise(slices.Clone(c.Codes), 0, c.Count)
		}
	}
	for _, c := range t.Cells {
		if name := strings.Join(c.Codes, "/"); sums[name] != c.Count {
			return fmt.Sprintf("%s is %d and its parts are %d", name, c.Count, sums[name])
		}
	}
	return ""
}

// above is the total that a code is part of; "" above Total.
func above(t *Table, d int, code string) string {
	if code == Total {
		return ""
	}
	if up := t.Dimensions[d].Parent[code]; up != "" {
		return up
	}
	return Total
}

// checkRounded sees all that a rounded release promises, but for being nearest.
func checkRounded(t rapid.TB, r *Release, res *Rounded) {
	t.Helper()
	if len(res.Released.Tables) != len(r.Tables) {
		t.Fatalf("no rounding: %s", res.Words)
	}
	same := map[string]int64{}
	for i := range r.Tables {
		table := &res.Released.Tables[i]
		if wrong := tableSumsWrong(table); wrong != "" {
			t.Fatalf("%s: %s", table.Name, wrong)
		}
		for c, cell := range table.Cells {
			x := r.Tables[i].Cells[c].Count
			away := max(cell.Count-x, x-cell.Count)
			if cell.Count%res.Base != 0 || cell.Count < 0 || away >= res.Distance {
				t.Fatalf("%s: %d is printed as %d, base %d, distance %d", table.Label(cell.Codes), x, cell.Count, res.Base, res.Distance)
			}
			key := table.key(cell.Codes)
			if y, ok := same[key]; ok && y != cell.Count {
				t.Fatalf("%s is printed as %d and as %d", table.Label(cell.Codes), y, cell.Count)
			}
			same[key] = cell.Count
		}
	}
	checkIntervals(t, r, res.Audit)
}

// checkIntervals sees that every printed count is judged, and not falsely.
func checkIntervals(t rapid.TB, r *Release, a *Audit) {
	t.Helper()
	n := 0
	for i := range r.Tables {
		n += len(r.Tables[i].Cells)
	}
	if len(a.Cells) != n {
		t.Fatalf("%d of %d counts are judged", len(a.Cells), n)
	}
	for _, j := range a.Cells {
		if x := r.Tables[j.Table].Cells[j.Cell].Count; x < j.Low || x > j.High {
			t.Fatalf("%s is %d and was worked out as %s", j.Label, x, interval(j.Low, j.High))
		}
	}
}

// moved is how far the counts of a release moved in sum, each counted once.
func moved(r, to *Release) int64 {
	sum, seen := int64(0), map[string]bool{}
	for i := range r.Tables {
		for c := range r.Tables[i].Cells {
			x, y := r.Tables[i].Cells[c].Count, to.Tables[i].Cells[c].Count
			if key := r.Tables[i].key(r.Tables[i].Cells[c].Codes); !seen[key] {
				seen[key] = true
				sum += max(x-y, y-x)
			}
		}
	}
	return sum
}

func TestRoundByHand(t *testing.T) {
	tests := []struct {
		name   string
		base   int64
		sizes  []int
		counts []int64 // the lowest
		want   []int64 // totals first, as a table has them
	}{
		// Rows of 4 and 6 both go to 5; then the 3 and the 4 go up: 6 in the cells.
		{"square", 5, []int{2, 2}, []int64{1, 3, 4, 2}, []int64{10, 5, 5, 5, 0, 5, 5, 5, 0}},
		{"multiples stay", 10, []int{2, 2}, []int64{10, 0, 0, 20}, []int64{30, 10, 20, 10, 10, 0, 20, 0, 20}},
		// 4 goes to 3, and so does the 2; 1 and 1 go to 0.
		{"line", 3, []int{3}, []int64{1, 1, 2}, []int64{3, 0, 0, 3}},
		{"nobody", 5, []int{2, 2}, []int64{0, 0, 0, 0}, make([]int64, 9)},
		{"one child", 5, []int{2, 2}, []int64{1, 0, 0, 0}, make([]int64, 9)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := oneTable(fixedWorld(tt.sizes, tt.counts...), make([]map[string]string, len(tt.sizes))...)
			res := round(t, r, tt.base, roundOptions(t, tt.base))
			checkRounded(t, &r, res)
			if !res.Safe || !res.Nearest || res.Distance != tt.base {
				t.Errorf("safe %v, nearest %v, distance %d: %s", res.Safe, res.Nearest, res.Distance, res.Words)
			}
			if got := counts(&res.Released.Tables[0]); !slices.Equal(got, tt.want) {
				t.Errorf("printed\n%v, not\n%v", got, tt.want)
			}
		})
	}
}

// drawFlat draws a table of two dimensions, one with sub-totals now and then.
func drawFlat(t *rapid.T) Release {
	sizes := []int{rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "columns")}
	most := rapid.SampledFrom([]int64{3, 12, 40}).Draw(t, "most")
	w := fixedWorld(sizes, rapid.SliceOfN(rapid.Int64Range(0, most), sizes[0]*sizes[1], sizes[0]*sizes[1]).Draw(t, "counts")...)
	parent := map[string]string{}
	if rapid.Bool().Draw(t, "tree") {
		for i, code := range w.codes[0] {
			parent[code] = fmt.Sprintf("part %d", i%2)
		}
	}
	return oneTable(w, parent, nil)
}

func TestRoundTwoDimensions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFlat(t)
		base := rapid.SampledFrom([]int64{2, 3, 5, 10, 100}).Draw(t, "base")
		p, err := ProfileNamed("dfe")
		if err != nil {
			t.Fatal(err)
		}
		p.Values = min(p.Values, base)
		res, err := Round(context.Background(), r, base, Options{Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		checkRounded(t, &r, res)
		if !res.Safe || !res.Nearest || res.Distance != base || res.Stopped {
			t.Fatalf("safe %v, nearest %v, distance %d: %s", res.Safe, res.Nearest, res.Distance, res.Words)
		}
		for c, cell := range r.Tables[0].Cells {
			if y := res.Released.Tables[0].Cells[c].Count; cell.Count%base == 0 && y != cell.Count {
				t.Fatalf("%d is printed as %d", cell.Count, y)
			}
		}
		other := cloneRelease(&r)
		other.Tables[0].Cells = rapid.Permutation(other.Tables[0].Cells).Draw(t, "rows in another order")
		again, err := Round(context.Background(), other, base, Options{Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		checkRounded(t, &other, again)
		if a, b := moved(&r, &res.Released), moved(&other, &again.Released); a != b || !again.Safe {
			t.Fatalf("moved by %d in one order and by %d in another; safe %v", a, b, again.Safe)
		}
	})
}

// nearestOf tries all roundings of a table without sub-totals at which each count
// moves by less than distance, and gives the least sum of moves; -1 for none.
func nearestOf(w *world, base, distance int64) int64 {
	least := int64(-1)
	from := slices.Clone(w.counts)
	to := &world{codes: w.codes, counts: make([]int64, len(from)), population: w.population}
	truth := w.table("", w.all(make([]map[string]string, len(w.codes))...))
	var try func(i int)
	try = func(i int) {
		if i < len(from) {
			for y := int64(0); y < from[i]+distance; y += base {
				if y > from[i]-distance {
					to.counts[i] = y
					try(i + 1)
				}
			}
			return
		}
		table := to.table("", to.all(make([]map[string]string, len(w.codes))...))
		sum := int64(0)
		for c := range table.Cells {
			away := max(table.Cells[c].Count-truth.Cells[c].Count, truth.Cells[c].Count-table.Cells[c].Count)
			if away >= distance {
				return
			}
			sum += away
		}
		if least < 0 || sum < least {
			least = sum
		}
	}
	try(0)
	return least
}

func TestRoundIsNearest(t *testing.T) {
	for k := range 60 {
		rng := rand.New(rand.NewPCG(uint64(k), 11))
		sizes := [][]int{{2, 2, 2}, {3, 2}, {5}}[k%3]
		base := []int64{3, 5, 10}[rng.IntN(3)]
		w := newWorld(rng, sizes...)
		r := oneTable(w, make([]map[string]string, len(sizes))...)
		res := round(t, r, base, roundOptions(t, base))
		checkRounded(t, &r, res)
		if want := nearestOf(w, base, base); res.Distance != base || moved(&r, &res.Released) != want {
			t.Errorf("%v, base %d: distance %d, moved by %d, and %d would do", w.counts, base, res.Distance, moved(&r, &res.Released), want)
		}
	}
}

// Also when counts may move farther, they move no more than they must.
func TestRoundIsNearestFarther(t *testing.T) {
	for k := range 40 {
		rng := rand.New(rand.NewPCG(uint64(k), 23))
		sizes := [][]int{{2, 2}, {4}, {2, 2, 1}}[k%3]
		base := []int64{3, 5, 10}[rng.IntN(3)]
		distance := []int64{base + 1, 2 * base}[k%2]
		w := newWorld(rng, sizes...)
		r := oneTable(w, make([]map[string]string, len(sizes))...)
		o := roundOptions(t, base)
		p, err := newProblem(&r, &o.Profile, nil, true)
		if err != nil {
			t.Fatal(err)
		}
		x := &rounder{p: p, base: base, distance: distance, times: make([]int64, len(p.q))}
		if err := x.search(o.meter(context.Background())); err != nil {
			t.Fatal(err)
		}
		res := &Rounded{}
		x.release(res, &r)
		if got, want := moved(&r, &res.Released), nearestOf(w, base, distance); got != want || !x.nearest {
			t.Errorf("%v, base %d, distance %d: moved by %d, and %d would do", w.counts, base, distance, got, want)
		}
	}
}

// In three dimensions there may be no rounding by less than the base.
func TestRoundRelaxes(t *testing.T) {
	w := fixedWorld([]int{3, 3, 2}, 1, 2, 2, 1, 0, 2, 0, 0, 0, 1, 1, 2, 2, 0, 0, 1, 0, 0)
	if least := nearestOf(w, 3, 3); least >= 0 {
		t.Fatalf("there is one that moves counts by %d", least)
	}
	r := oneTable(w, nil, nil, nil)
	res := round(t, r, 3, roundOptions(t, 3))
	checkRounded(t, &r, res)
	if res.Distance != 4 || !res.Safe || !res.Nearest {
		t.Errorf("distance %d, safe %v, nearest %v", res.Distance, res.Safe, res.Nearest)
	}
	if !strings.Contains(res.Words, "less than 4 away") {
		t.Errorf("readers are told %q", res.Words)
	}
}

func TestRoundAllKinds(t *testing.T) {
	seen := map[tableKind]bool{}
	for k := range 40 {
		m := makeRelease(k)
		base := []int64{3, 5, 10}[k/10%3]
		res := round(t, m.release, base, roundOptions(t, base))
		checkRounded(t, &m.release, res)
		if res.Stopped {
			t.Errorf("table %d (%s): %s", k, m.kind, res.Words)
		}
		for _, id := range m.release.Identities {
			if sum := identitySum(&res.Released, &id); sum != id.Sum {
				t.Errorf("table %d: an identity comes to %d", k, sum)
			}
		}
		seen[m.kind] = true
	}
	if len(seen) != int(kinds) {
		t.Errorf("only %d of %d kinds of table were tried", len(seen), kinds)
	}
}

func identitySum(r *Release, id *Identity) int64 {
	at := map[string]int64{}
	for i := range r.Tables {
		for _, c := range r.Tables[i].Cells {
			at[r.Tables[i].key(c.Codes)] = c.Count
		}
	}
	sum := int64(0)
	for _, p := range id.Parts {
		sum += p.Factor * at[p.Ref.key()]
	}
	return sum
}

// line is a table of one dimension with a total.
func line(total int64, parts ...int64) Release {
	t := Table{Name: "line", Dimensions: []Dimension{{Name: "area"}}}
	for i, x := range parts {
		t.Cells = append(t.Cells, Cell{Codes: []string{fmt.Sprintf("area%d", i+1)}, Count: x})
	}
	t.Cells = append(t.Cells, Cell{Codes: []string{Total}, Count: total})
	return Release{Name: "line", Tables: []Table{t}}
}

func attackRound(t testing.TB, r Release, base, distance int64, o Options) *Audit {
	t.Helper()
	a, err := AttackRounded(context.Background(), r, base, distance, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Counts that are each rounded to the nearest can be worked out: four times 2 is
// printed as 0, and their total, 8, as 10, which four numbers up to 2 only just
// come to.
func TestIndependentRoundingIsPinned(t *testing.T) {
	o := roundOptions(t, 3)
	a := attackRound(t, line(10, 0, 0, 0, 0), 5, 3, o)
	if a.Stands || a.Stopped {
		t.Error("it stands")
	}
	for _, j := range a.Cells[:4] {
		if j.Low != 2 || j.High != 2 || j.Stands {
			t.Errorf("%s is %s, stands %v", j.Label, interval(j.Low, j.High), j.Stands)
		}
	}
	truth := line(8, 2, 2, 2, 2)
	checkIntervals(t, &truth, a)
	res := round(t, truth, 5, roundOptions(t, 5))
	checkRounded(t, &truth, res)
	if !res.Safe {
		t.Errorf("the same table with controlled rounding: %s", res.Words)
	}
}

// Random tables of four counts and their total, each rounded to the nearest 5, as
// in the field's own warnings: the audit finds what can be worked out by adding up.
func TestIndependentRoundingByAddingUp(t *testing.T) {
	o := roundOptions(t, 3)
	rng := rand.New(rand.NewPCG(5, 5))
	nearest := func(x int64) int64 { return (x + 2) / 5 * 5 }
	pinned := 0
	for range 1500 {
		truth := line(0, rng.Int64N(25), rng.Int64N(25), rng.Int64N(25), rng.Int64N(25))
		cells := truth.Tables[0].Cells
		for _, c := range cells[:4] {
			cells[4].Count += c.Count
		}
		printed := cloneRelease(&truth)
		sumLo, sumHi := int64(0), int64(0)
		shown := printed.Tables[0].Cells
		for i := range shown {
			shown[i].Count = nearest(shown[i].Count)
			if i < 4 {
				sumLo, sumHi = sumLo+max(0, shown[i].Count-2), sumHi+shown[i].Count+2
			}
		}
		a := attackRound(t, printed, 5, 3, o)
		checkIntervals(t, &truth, a)
		for i, j := range a.Cells[:4] {
			lo, hi := max(0, shown[i].Count-2), shown[i].Count+2
			totalLo, totalHi := max(0, shown[4].Count-2), shown[4].Count+2
			lo, hi = max(lo, totalLo-(sumHi-hi)), min(hi, totalHi-(sumLo-lo))
			if j.Low != lo || j.High != hi {
				t.Fatalf("%v: %s is %s and was worked out as %s", counts(&printed.Tables[0]), j.Label, interval(lo, hi), interval(j.Low, j.High))
			}
			if lo == hi {
				pinned++
			}
		}
	}
	if pinned == 0 {
		t.Error("none of 6000 counts could be worked out")
	}
	t.Logf("%d of 6000 counts were worked out exactly", pinned)
}

var roundedTables = flag.Int("rounded.tables", 60, "how many random tables are rounded and tried out")

// In one to three dimensions, with totals that are not printed, every interval is
// that of all tables that can be behind the printed one.
func TestAttackRoundedAgainstAllTables(t *testing.T) {
	for k := range *roundedTables {
		rng := rand.New(rand.NewPCG(uint64(k), 13))
		sizes := [][]int{{2, 2}, {3, 2}, {2, 2, 2}, {4}}[k%4]
		w := newWorld(rng, sizes...)
		for i := range w.counts {
			w.counts[i] = rng.Int64N(7)
		}
		printed := oneTable(w, make([]map[string]string, len(sizes))...)
		distance := int64(2)
		if controlled := k%3 == 0 && len(w.counts) < 8; controlled {
			res := round(t, printed, 3, roundOptions(t, 3))
			printed, distance = res.Released, res.Distance
		}
		cells := printed.Tables[0].Cells
		for c := range cells {
			cells[c].Count = (cells[c].Count + 1) / 3 * 3
		}
		printed.Tables[0].Cells = slices.DeleteFunc(cells, func(c Cell) bool {
			return slices.Contains(c.Codes, Total) && rng.IntN(3) == 0
		})
		lo, hi := allBehind(w, printed.Tables[0].Cells, distance)
		for c, j := range attackRound(t, printed, 3, distance, roundOptions(t, 2)).Cells {
			if j.Low != lo[c] || j.High != hi[c] {
				t.Errorf("table %d: %s is %s and was worked out as %s", k, j.Label, interval(lo[c], hi[c]), interval(j.Low, j.High))
			}
		}
	}
}

// allBehind tries all tables whose counts are each less than distance from the
// printed, and gives the least and greatest of each printed count.
func allBehind(w *world, printed []Cell, distance int64) (lo, hi []int64) {
	full := w.table("", w.all(make([]map[string]string, len(w.codes))...))
	var lowest []int64
	under := make([][]int, len(printed)) // the lowest counts of each printed one
	for _, cell := range full.Cells {
		if slices.Contains(cell.Codes, Total) {
			continue
		}
		for i, p := range printed {
			in := true
			for d, code := range p.Codes {
				in = in && (code == Total || code == cell.Codes[d])
			}
			if in {
				under[i] = append(under[i], len(lowest))
			}
		}
		i := slices.IndexFunc(printed, func(p Cell) bool { return slices.Equal(p.Codes, cell.Codes) })
		lowest = append(lowest, printed[i].Count)
	}
	x, sums := make([]int64, len(lowest)), make([]int64, len(printed))
	var try func(i int)
	try = func(i int) {
		if i < len(x) {
			for x[i] = max(0, lowest[i]-distance+1); x[i] < lowest[i]+distance; x[i]++ {
				try(i + 1)
			}
			return
		}
		for c := range printed {
			sums[c] = 0
			for _, u := range under[c] {
				sums[c] += x[u]
			}
			if sums[c] <= printed[c].Count-distance || sums[c] >= printed[c].Count+distance {
				return
			}
		}
		if lo == nil {
			lo, hi = slices.Clone(sums), slices.Clone(sums)
		}
		for c, sum := range sums {
			lo[c], hi[c] = min(lo[c], sum), max(hi[c], sum)
		}
	}
	try(0)
	return lo, hi
}

// Where the exact search would take too long, what is found instead still adds up,
// and is not far from the nearest.
func TestRoundNudged(t *testing.T) {
	for k := range 12 {
		rng := rand.New(rand.NewPCG(uint64(k), 19))
		sizes := [][]int{{5, 4, 3}, {9, 7}, {4, 3, 2}}[k%3]
		base := []int64{3, 5, 10}[rng.IntN(3)]
		r := oneTable(newWorld(rng, sizes...), make([]map[string]string, len(sizes))...)
		o := roundOptions(t, base)
		p, err := newProblem(&r, &o.Profile, nil, true)
		if err != nil {
			t.Fatal(err)
		}
		x := &rounder{p: p, base: base, distance: base, times: make([]int64, len(p.q))}
		if err := x.nudge(o.meter(context.Background())); err != nil {
			t.Fatalf("table %d: %v", k, err)
		}
		res := &Rounded{Base: base, Distance: base}
		x.release(res, &r)
		if err := res.judge(o.meter(context.Background()), &o, p.partly); err != nil {
			t.Fatalf("table %d: %v", k, err)
		}
		checkRounded(t, &r, res)
		best := round(t, r, base, o)
		a, b := moved(&r, &res.Released), moved(&r, &best.Released)
		if x.nearest || !best.Nearest || a < b || 5*a > 6*b {
			t.Errorf("table %d: moved by %d, and the nearest by %d", k, a, b)
		}
	}
}

// A budget that is too small for the nearest rounding still gives a safe one.
func TestRoundWithLittle(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(4, 4)), 8, 6, 5), nil, nil, nil)
	o := roundOptions(t, 5)
	o.Budget = 40_000_000
	res := round(t, r, 5, o)
	checkRounded(t, &r, res)
	if !res.Safe || res.Nearest || res.Stopped || res.Distance != 5 {
		t.Errorf("safe %v, nearest %v, stopped %v, distance %d: %s", res.Safe, res.Nearest, res.Stopped, res.Distance, res.Words)
	}
}

func TestRoundSmallBaseIsNotSafe(t *testing.T) {
	r := oneTable(fixedWorld([]int{2, 2}, 1, 3, 4, 2), nil, nil)
	res := round(t, r, 3, roundOptions(t, 5))
	if res.Safe || res.Stopped || res.Audit.Stands {
		t.Error("a printed 0 of base 3 is at most 2, and the profile asks for 5 numbers")
	}
	if !strings.Contains(res.Words, "0 to 2") || !strings.Contains(res.Words, "greater base") {
		t.Errorf("the publisher is told %q", res.Words)
	}
}

func TestRoundStops(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 6, 5, 4), nil, nil, nil)
	o := roundOptions(t, 5)
	stopped := func(res *Rounded, err error, when string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !res.Stopped || res.Safe || !strings.Contains(res.Words, "stopped") {
			t.Errorf("%s: stopped %v, safe %v: %s", when, res.Stopped, res.Safe, res.Words)
		}
	}
	for _, budget := range []int64{1, 100, 10_000} {
		o.Budget = budget
		res, err := Round(context.Background(), r, 5, o)
		stopped(res, err, fmt.Sprint("budget ", budget))
	}
	o.Budget = 0
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	big := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 30, 20), nil, nil)
	res, err := Round(ctx, big, 5, o)
	stopped(res, err, "no time")
	a, err := AttackRounded(ctx, line(10, 0, 0, 0, 0), 5, 3, Options{Profile: o.Profile, Budget: 3})
	if err != nil || !a.Stopped || a.Stands {
		t.Errorf("an attack without a budget: %v", err)
	}
}

// A rounding that was found, but not judged to the end, is not safe; and one that is
// not known to be the nearest does not say so.
func TestRoundStopsLate(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 6, 5, 4), nil, nil, nil)
	o := roundOptions(t, 5)
	res := round(t, r, 5, o)
	least := moved(&r, &res.Released)
	if err := res.judge(exact.NewMeter(context.Background(), 10), &o, nil); err != nil {
		t.Fatal(err)
	}
	if res.Safe || !res.Stopped || !res.Audit.Stopped || !strings.Contains(res.Words, "stopped") {
		t.Errorf("safe %v, stopped %v: %s", res.Safe, res.Stopped, res.Words)
	}
	p, err := newProblem(&r, &o.Profile, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for budget := int64(1 << 16); budget < 1<<23; budget += budget / 16 {
		x := &rounder{p: p, base: 5, distance: 5, times: make([]int64, len(p.q))}
		if x.search(exact.NewMeter(context.Background(), budget)) != nil {
			continue
		}
		x.release(res, &r)
		found++
		if sum := moved(&r, &res.Released); x.nearest && sum != least {
			t.Errorf("budget %d: it is said to be nearest, but moved by %d, not %d", budget, sum, least)
		}
	}
	if found == 0 {
		t.Error("nothing was found with any budget")
	}
}

func TestRoundRefuses(t *testing.T) {
	good := line(8, 2, 2, 2, 2)
	hiddenOne := cloneRelease(&good)
	hiddenOne.Tables[0].Cells[1].Hidden = true
	huge := line(exact.Largest, exact.Largest)
	tests := []struct {
		name           string
		r              Release
		base, distance int64 // a distance above 0 is for AttackRounded
		words          string
	}{
		{"base 1", good, 1, 0, "use 2 to 100"},
		{"base 101", good, 101, 0, "use 2 to 100"},
		{"hidden", hiddenOne, 5, 0, "area area2 is hidden"},
		{"wrong sum", line(9, 2, 2), 5, 0, "is not the sum"},
		{"huge", huge, 5, 0, "too large"},
		{"distance", good, 5, 11, "use 1 to 10"},
		{"hidden, attacked", hiddenOne, 5, 5, "area area2 is hidden"},
		{"no multiple", good, 5, 5, "not a multiple of 5"},
		{"impossible", line(20, 0, 5), 5, 5, "too far apart"},
		{"huge, attacked", line(5*(exact.Largest/5), 0), 5, 5, "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			if tt.distance > 0 {
				_, err = AttackRounded(context.Background(), tt.r, tt.base, tt.distance, roundOptions(t, 2))
			} else {
				_, err = Round(context.Background(), tt.r, tt.base, roundOptions(t, 2))
			}
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("the error is %v, without %q", err, tt.words)
			}
		})
	}
	if _, err := Round(context.Background(), good, 5, Options{}); err == nil {
		t.Error("a profile that is none was taken")
	}
}

// An identity whose sum is no multiple of the base cannot hold between multiples.
func TestRoundIdentity(t *testing.T) {
	r := line(8, 2, 6)
	r.Identities = []Identity{{Sum: 4, Parts: []Part{
		{Ref: Ref{Codes: map[string]string{"area": "area2"}}, Factor: 1},
		{Ref: Ref{Codes: map[string]string{"area": "area1"}}, Factor: -1}}}}
	res := round(t, r, 5, roundOptions(t, 5))
	if res.Safe || res.Stopped || len(res.Released.Tables) > 0 || !strings.Contains(res.Words, "identity") {
		t.Errorf("safe %v, stopped %v: %s", res.Safe, res.Stopped, res.Words)
	}
	res = round(t, r, 2, roundOptions(t, 2))
	checkRounded(t, &r, res)
}

// What was released before narrows what a rounded count can be.
func TestAttackRoundedWithLedger(t *testing.T) {
	before := func(r Release, hide ...int) *Ledger {
		t.Helper()
		r.Name = "before"
		for _, c := range hide {
			r.Tables[0].Cells[c].Hidden, r.Tables[0].Cells[c].Count = true, 0
		}
		l := &Ledger{}
		if _, err := l.Append(r, roundOptions(t, 5).Profile); err != nil {
			t.Fatal(err)
		}
		return l
	}
	printed := line(15, 0, 5, 10)
	o := roundOptions(t, 5)
	if a := attackRound(t, printed, 5, 5, o); !a.Stands {
		t.Fatal("it does not stand by itself")
	}
	tests := []struct {
		name   string
		ledger *Ledger
		lo, hi int64 // of the first count
		stands bool
	}{
		{"hidden before, so not 0", before(line(18, 3, 7, 8), 0, 1, 2), 1, 4, false},
		{"shown before", before(line(18, 3, 7, 8)), 3, 3, true},
	}
	for _, tt := range tests {
		o.Ledger = tt.ledger
		a := attackRound(t, printed, 5, 5, o)
		if j := a.Cells[0]; j.Low != tt.lo || j.High != tt.hi || j.Stands != tt.stands || a.Stands != tt.stands {
			t.Errorf("%s: %s, stands %v; all: %v", tt.name, interval(j.Low, j.High), j.Stands, a.Stands)
		}
	}
	o.Know = K2
	if a := attackRound(t, printed, 5, 5, o); !a.Stands {
		t.Error("K2 knows nothing of what was released before")
	}
}

// An earlier interval and the one of now together can be too narrow; what was known
// as closely before is not held against the new release.
func TestAttackRoundedAfterRounding(t *testing.T) {
	nearest, err := ProfileNamed("round5")
	if err != nil {
		t.Fatal(err)
	}
	l := &Ledger{}
	if _, err := l.Append(line(15, 5, 5, 5), nearest); err != nil {
		t.Fatal(err)
	}
	o := roundOptions(t, 5)
	o.Ledger = l
	// 3 to 7 and 0 to 4; 3 to 7 and 1 to 9; 3 to 7 before, and a total of 13 to 17.
	a := attackRound(t, line(15, 0, 5, 10), 5, 5, o)
	for i, want := range []struct {
		lo, hi int64
		stands bool
	}{{3, 4, false}, {3, 7, true}, {6, 7, true}, {13, 17, true}} {
		if j := a.Cells[i]; j.Low != want.lo || j.High != want.hi || j.Stands != want.stands {
			t.Errorf("%s: %s, stands %v", j.Label, interval(j.Low, j.High), j.Stands)
		}
	}
}

// That nobody is in a category is a secret where the category is sensitive.
func TestAttackRoundedNobody(t *testing.T) {
	r := line(10, 0, 10)
	for _, sensitive := range []bool{false, true} {
		r.Tables[0].Dimensions[0].Sensitive = sensitive
		a := attackRound(t, r, 5, 1, roundOptions(t, 5))
		if a.Stands == sensitive || a.Cells[0].Stands == sensitive || a.Cells[0].High != 0 {
			t.Errorf("sensitive %v: stands %v", sensitive, a.Stands)
		}
	}
}

// A count that may be as great as the greatest small one, and no other, is known.
func TestAttackRoundedKnown(t *testing.T) {
	a := attackRound(t, line(15, 5, 10), 5, 1, roundOptions(t, 5))
	if a.Stands || a.Cells[0].Stands || !a.Cells[1].Stands {
		t.Errorf("5 stands: %v; 10 stands: %v", a.Cells[0].Stands, a.Cells[1].Stands)
	}
}

// Where another table shows that printed categories leave somebody out, the rounded
// tables must show it too, or a reader would be wrong about the parts.
func TestRoundLeavesOut(t *testing.T) {
	r := line(0, 4, 3)
	r.Tables[0].Cells = r.Tables[0].Cells[:2]
	r.Tables = append(r.Tables, Table{Name: "by sex", Dimensions: []Dimension{{Name: "sex"}}, Cells: []Cell{
		{Codes: []string{Total}, Count: 8}, {Codes: []string{"F"}, Count: 4}, {Codes: []string{"M"}, Count: 4}}})
	res := round(t, r, 5, roundOptions(t, 5))
	by, all := counts(&res.Released.Tables[0]), counts(&res.Released.Tables[1])
	if by[0]+by[1] >= all[0] || all[1]+all[2] != all[0] {
		t.Errorf("%v beside %v", by, all)
	}
	checkIntervals(t, &r, res.Audit)
	if !res.Safe {
		t.Error(res.Words)
	}
}

// Who is alone in one count knows more of the others.
func TestAttackRoundedFromInside(t *testing.T) {
	o := roundOptions(t, 5)
	o.Know = K4
	a := attackRound(t, line(0, 0, 0), 5, 5, o)
	if j := a.Cells[0]; j.Low != 0 || j.High != 3 || a.Stands {
		t.Errorf("beside a child who is alone, and a total of at most 4: %s, stands %v", interval(j.Low, j.High), a.Stands)
	}
}

func BenchmarkRound60x24(b *testing.B) {
	w := newWorld(rand.New(rand.NewPCG(7, 60)), 60, 24)
	r := oneTable(w, nil, nil)
	o := roundOptions(b, 5)
	for b.Loop() {
		if res := round(b, r, 5, o); !res.Safe {
			b.Fatal(res.Words)
		}
	}
}
