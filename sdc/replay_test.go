package sdc_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"testing"

	"kith/sdc"
)

var replayTables = flag.Int("replay.tables", 0, "how many random tables of each size a reader replays; 40 are those "+
	"of the package comment")

// TestReplayIsNoWider: a reader who replays the program knows at least what the
// audit knows, and never rules out what is true.
func TestReplayIsNoWider(t *testing.T) {
	sizes, tables := [][2]int{{2, 2}}, 10
	if *replayTables > 0 {
		sizes, tables = [][2]int{{2, 2}, {3, 2}, {3, 3}}, *replayTables
	}
	var hidden, closer, tooClose, exact int
	for _, size := range sizes {
		rng := rand.New(rand.NewSource(1))
		for range tables {
			r := sdc.Release{Tables: []sdc.Table{randomTable(rng, size[0], size[1])}}
			res, err := sdc.Protect(context.Background(), r, sdc.Options{Profile: dfe()})
			if err != nil {
				t.Fatal(err)
			}
			if !res.Safe || len(res.Audit.Cells) == 0 {
				continue
			}
			left, _, err := sdc.Replay(context.Background(), res.Released, sdc.Options{Profile: dfe()}, 3000)
			if errors.Is(err, sdc.ErrTooMany) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, j := range left.Cells {
				was, truth := res.Audit.Cells[i], r.Tables[0].Cells[j.Cell].Count
				if j.Low > truth || j.High < truth || j.Low < was.Low || j.High > was.High {
					t.Errorf("%s is %d; the audit has %d to %d, who replays has %d to %d", j.Label, truth, was.Low, was.High, j.Low,
						j.High)
				}
				hidden++
				closer += one(j.Low != was.Low || j.High != was.High)
				tooClose += one(!j.Stands)
				exact += one(j.Low == j.High)
			}
		}
	}
	t.Logf("of %d hidden counts: closer %d, too close %d, exact %d", hidden, closer, tooClose, exact)
	if hidden == 0 {
		t.Error("nothing was hidden in any table")
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// randomTable has counts from 1 to 12, with all totals.
func randomTable(rng *rand.Rand, rows, columns int) sdc.Table {
	t := sdc.Table{Dimensions: []sdc.Dimension{{Name: "area"}, {Name: "age"}}}
	add := func(area, age string, count int64) {
		t.Cells = append(t.Cells, sdc.Cell{Codes: []string{area, age}, Count: count})
	}
	all, column := int64(0), make([]int64, columns)
	for i := range rows {
		row := int64(0)
		for k := range columns {
			x := int64(1 + rng.Intn(12))
			row, column[k], all = row+x, column[k]+x, all+x
			add(fmt.Sprint("area ", i), fmt.Sprint("age ", k), x)
		}
		add(fmt.Sprint("area ", i), sdc.Total, row)
	}
	for k, x := range column {
		add(sdc.Total, fmt.Sprint("age ", k), x)
	}
	add(sdc.Total, sdc.Total, all)
	return t
}
