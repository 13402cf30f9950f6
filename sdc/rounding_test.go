package sdc

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

func round(t testing.TB, r Release, base int64, o Options) *Rounding {
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
func checkRounded(t rapid.TB, r *Release, res *Rounding) {
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
				t.Fatalf("%s: %d is printed as %d, base %d, distance %d", table.Label(cell.Codes), x, cell.Count, res.Base,
					res.Distance)
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
	w := fixedWorld(sizes, rapid.SliceOfN(rapid.Int64Range(0, most), sizes[0]*sizes[1], sizes[0]*sizes[1]).Draw(t,
		"counts")...)
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
			t.Errorf("%v, base %d: distance %d, moved by %d, and %d would do", w.counts, base, res.Distance,
				moved(&r, &res.Released), want)
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
		res := &Rounding{}
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
