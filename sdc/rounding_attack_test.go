package sdc

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
)

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
				t.Fatalf("%v: %s is %s and was worked out as %s", counts(&printed.Tables[0]), j.Label, interval(lo, hi),
					interval(j.Low, j.High))
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
