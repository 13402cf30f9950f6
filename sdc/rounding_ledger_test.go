package sdc

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// roundedLedger has one release, as Round printed it.
func roundedLedger(t testing.TB, res *Rounding, p Profile) *Ledger {
	t.Helper()
	l := &Ledger{}
	line, err := l.AppendRounded(res, p)
	if err != nil || line == nil {
		t.Fatalf("recorded as %q, %v", line, err)
	}
	again, err := ReadLedger(strings.NewReader(string(line)))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// printedCell is a printed count of a world, with the lowest counts under it.
type printedCell struct {
	codes    []string
	under    []int
	count    int64
	distance int64
}

// behindAll tries all lowest counts up to most, and gives the least and greatest of
// each cell over those that every printed count allows.
func behindAll(lowest int, most int64, cells []printedCell) (lo, hi []int64) {
	x := make([]int64, lowest)
	sums := make([]int64, len(cells))
	var try func(i int)
	try = func(i int) {
		if i < lowest {
			for x[i] = 0; x[i] <= most; x[i]++ {
				try(i + 1)
			}
			return
		}
		for c := range cells {
			sums[c] = 0
			for _, u := range cells[c].under {
				sums[c] += x[u]
			}
			if away := sums[c] - cells[c].count; away >= cells[c].distance || -away >= cells[c].distance {
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

// printedCells finds the lowest counts under each cell of a table of one or two
// dimensions of a world; full has a cell for each lowest count, and more.
func printedCells(t *Table, full *Table, distance int64) []printedCell {
	var out []printedCell
	for _, cell := range t.Cells {
		p := printedCell{codes: cell.Codes, count: cell.Count, distance: distance}
		n := 0
		for _, f := range full.Cells {
			if slices.Contains(f.Codes, Total) {
				continue
			}
			in := true
			for d, code := range cell.Codes {
				at := slices.IndexFunc(full.Dimensions, func(dim Dimension) bool { return dim.Name == t.Dimensions[d].Name })
				in = in && (code == Total || code == f.Codes[at])
			}
			if in {
				p.under = append(p.under, n)
			}
			n++
		}
		out = append(out, p)
	}
	return out
}

// TestRoundedLedger: whoever has two rounded releases of the same counts knows of each
// what every table behind both leaves, no more and no less. The first is to base 3 with
// two dimensions, some totals left out; the second to base 4 or 5 of one of the
// dimensions, or of both.
func TestRoundedLedger(t *testing.T) {
	narrower := 0
	for k := range *roundedTables {
		rng := rand.New(rand.NewPCG(uint64(k), 31))
		w := newWorld(rng, 2, 2)
		for i := range w.counts {
			w.counts[i] = rng.Int64N(7)
		}
		full := w.table("first", w.all(nil, nil))
		first := Release{Name: "first", Tables: []Table{w.table("first", w.all(nil, nil))}}
		first.Tables[0].Cells = slices.DeleteFunc(first.Tables[0].Cells, func(c Cell) bool {
			return slices.Contains(c.Codes, Total) && rng.IntN(3) == 0
		})
		o := roundOptions(t, 2)
		before := round(t, first, 3, o)
		then := Release{Name: "then", Tables: []Table{w.table("then", w.all(nil, nil))}}
		if k%2 == 0 {
			then.Tables[0] = ofOne(&full)
		}
		base := 4 + int64(k%2)
		now := round(t, then, base, o)
		o.Ledger = roundedLedger(t, before, o.Profile)
		a := attackRound(t, now.Released, base, now.Distance, o)
		cells := printedCells(&now.Released.Tables[0], &full, now.Distance)
		cells = append(cells, printedCells(&before.Released.Tables[0], &full, before.Distance)...)
		lo, hi := behindAll(len(w.counts), 15, cells)
		alone := attackRound(t, now.Released, base, now.Distance, roundOptions(t, 2))
		for c, j := range a.Cells {
			if j.Low != lo[c] || j.High != hi[c] {
				t.Errorf("table %d: %s is %s and was worked out as %s", k, j.Label, interval(lo[c], hi[c]), interval(j.Low, j.High))
			}
			if one := alone.Cells[c]; one.Low < j.Low || one.High > j.High {
				narrower++
			}
		}
		// Round judges it the same way.
		res := round(t, then, base, o)
		for c, j := range res.Audit.Cells {
			if j.Low != lo[c] || j.High != hi[c] {
				t.Errorf("table %d: Round has %s as %s, not %s", k, j.Label, interval(j.Low, j.High), interval(lo[c], hi[c]))
			}
		}
	}
	if narrower < *roundedTables {
		t.Errorf("the earlier release narrowed %d intervals only", narrower)
	}
}

// ofOne is the first dimension of a table of two, with its total.
func ofOne(full *Table) Table {
	out := Table{Name: "then", Population: full.Population, Dimensions: full.Dimensions[:1]}
	for _, c := range full.Cells {
		if c.Codes[1] == Total {
			out.Cells = append(out.Cells, Cell{Codes: c.Codes[:1], Count: c.Count})
		}
	}
	return out
}

// TestHidingAfterRounding: what was rounded before cannot be hidden now, by whatever
// way one comes; other populations can.
func TestHidingAfterRounding(t *testing.T) {
	ctx, o := context.Background(), roundOptions(t, 5)
	r := line(35, 2, 3, 10, 20)
	o.Ledger = roundedLedger(t, round(t, r, 5, o), o.Profile)
	var before *EarlierRounding
	_, err := Protect(ctx, r, o)
	if !errors.As(err, &before) || !Refused(err) || !strings.Contains(err.Error(), "round this table too") {
		t.Errorf("protected: %v", err)
	}
	if _, err := Attack(ctx, r, o); !errors.As(err, &before) {
		t.Errorf("attacked: %v", err)
	}
	if _, _, err := Replay(ctx, r, o, 10); !errors.As(err, &before) {
		t.Errorf("replayed: %v", err)
	}
	losses := compare(t, r, o, 5)
	if l := losses[0]; len(losses) != 2 || l.Safe || l.Cells != 5 || l.MeanError != NotKnown || !losses[1].Safe {
		t.Errorf("compared: %+v", losses)
	}
	o.Know = K2 // who knows nothing of what was released before
	if _, err := Protect(ctx, r, o); err != nil {
		t.Errorf("protected against K2: %v", err)
	}
	o.Know = Usual
	r.Tables[0].Population = "others"
	if res, err := Protect(ctx, r, o); err != nil || !res.Safe {
		t.Errorf("another population: %v", err)
	}
}

// TestRoundedLedgerLine: the distance is kept, is part of what a release is, and does
// not go with hidden counts.
func TestRoundedLedgerLine(t *testing.T) {
	o := roundOptions(t, 5)
	res := round(t, line(35, 2, 3, 10, 20), 5, o)
	l := roundedLedger(t, res, o.Profile)
	if e := l.Entries()[0]; e.Distance != res.Distance || e.Distance != 5 {
		t.Errorf("distance %d", e.Distance)
	}
	if line, err := l.AppendRounded(res, o.Profile); line != nil || err != nil {
		t.Errorf("recorded twice: %q, %v", line, err)
	}
	if line, err := l.Append(res.Released, o.Profile); line == nil || err != nil ||
		strings.Contains(string(line), "distance") {
		t.Errorf("not rounded, it is another release: %q, %v", line, err)
	}
	for _, distance := range []int64{-1, 201} {
		wrong := *res
		wrong.Distance = distance
		if _, err := l.AppendRounded(&wrong, o.Profile); !Refused(err) {
			t.Errorf("distance %d: %v", distance, err)
		}
	}
	res.Released.Tables[0].Cells[0].Hidden = true
	if _, err := l.AppendRounded(res, o.Profile); !Refused(err) || !strings.Contains(err.Error(), "hidden") {
		t.Errorf("with a hidden count: %v", err)
	}
}

// TestRoundLeavesContributions: what somebody who brings part of a count knows of it
// is not judged where it is rounded.
func TestRoundLeavesContributions(t *testing.T) {
	r := line(35, 2, 3, 10, 20)
	r.Tables[0].Cells[1].Largest = 3
	if _, err := Round(context.Background(), r, 5, roundOptions(t, 5)); !Refused(err) {
		t.Errorf("rounded: %v", err)
	}
}

// TestRoundPartly: an exact total from before beside rounded categories does not make a
// reader think that these leave somebody out.
func TestRoundPartly(t *testing.T) {
	o := roundOptions(t, 5)
	l := &Ledger{}
	total := Table{Name: "sex", Dimensions: []Dimension{{Name: "sex"}}, Cells: []Cell{
		{Codes: []string{Total}, Count: 4}, {Codes: []string{"F"}, Count: 4}, {Codes: []string{"M"}, Count: 0}}}
	if _, err := l.Append(Release{Name: "before", Tables: []Table{total}}, o.Profile); err != nil {
		t.Fatal(err)
	}
	r := line(0, 0, 0)
	r.Tables[0].Cells = r.Tables[0].Cells[:2] // no total of its own
	o.Ledger = l
	a := attackRound(t, r, 5, 3, o)
	// 0 to 2 each, and 4 together: 2 each.
	for _, j := range a.Cells {
		if j.Low != 2 || j.High != 2 || j.Stands {
			t.Errorf("%s: %s", j.Label, interval(j.Low, j.High))
		}
	}
}
