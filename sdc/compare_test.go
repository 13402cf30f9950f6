package sdc

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func compare(t *testing.T, r Release, o Options, bases ...int64) []Loss {
	t.Helper()
	losses, err := Compare(context.Background(), r, o, bases...)
	if err != nil {
		t.Fatal(err)
	}
	return losses
}

func TestCompareByHand(t *testing.T) {
	// 2 and 3 are hidden; the total of the two, 5, is known. Rounded to 5 the line
	// is 0, 5, 10, 20, and 35 for the total, or 5 and 0. Four numbers are too few for
	// either, so that hiding takes a third; with area1 and area2 in one row, two do.
	r := line(35, 2, 3, 10, 20)
	losses := compare(t, r, roundOptions(t, 5), 5, 10)
	want := []Loss{
		{Name: "dfe", Cells: 5, Hidden: 2, Small: 2},
		{Name: "base 5", Cells: 5, Small: 2},
		{Name: "base 10", Cells: 5, Small: 2},
	}
	if len(losses) != 4 {
		t.Fatalf("%+v", losses)
	}
	merged := Loss{
		Name: "merge area1 with area2 in area", Safe: true, Cells: 4, Hidden: 2, CountHidden: 429,
		MeanError: 125, WorstError: 250, MeanWidth: 1400, Small: 1,
	}
	if losses[3] != merged || !losses[0].Safe || losses[0].Hidden != 3 {
		t.Errorf("%+v, not\n%+v", losses[3], merged)
	}
	for i, l := range losses[:3] {
		if l.Name != want[i].Name || l.Cells != 5 || l.Small != 2 || l.Open != 0 {
			t.Errorf("%+v", l)
		}
	}
	// Base 5: the 2 goes to 0 and the 3 to 5: 4 in five counts. A printed 0 is of 0
	// to 4, a printed 5 of 1 to 9: 14 numbers in two counts.
	five := Loss{Name: "base 5", Safe: true, Cells: 5, Small: 2, MeanError: 80, WorstError: 200, MeanWidth: 700}
	if losses[1] != five {
		t.Errorf("%+v, not\n%+v", losses[1], five)
	}
	// Base 10: the 2 and the 3 go to 0, and the total to 30: 10 in five counts.
	ten := Loss{Name: "base 10", Safe: true, Cells: 5, Small: 2, MeanError: 200, WorstError: 500, MeanWidth: 1000}
	if losses[2] != ten {
		t.Errorf("%+v, not\n%+v", losses[2], ten)
	}
}

var compareTables = flag.Int("compare.tables", 3, "how many random tables are compared with what Protect prints")

// The figures for hiding are those of what Protect prints.
func TestCompareHiding(t *testing.T) {
	o := roundOptions(t, 5)
	for k := range *compareTables {
		r := oneTable(newWorld(rand.New(rand.NewPCG(uint64(k), 17)), 6, 4), nil, nil)
		res, err := Protect(context.Background(), r, o)
		if err != nil {
			t.Fatal(err)
		}
		want := Loss{Name: "dfe", Safe: res.Safe}
		all, out, sum, worst, width, shown := int64(0), int64(0), int64(0), int64(0), int64(0), int64(0)
		for c, cell := range r.Tables[0].Cells {
			low := !slices.Contains(cell.Codes, Total)
			want.Cells++
			if low {
				all += cell.Count
			}
			small := cell.Count >= 1 && cell.Count <= 5
			if small {
				want.Small++
			}
			if !res.Released.Tables[0].Cells[c].Hidden {
				if small {
					shown++
				}
				continue
			}
			want.Hidden++
			if low {
				out += cell.Count
			}
			i := slices.IndexFunc(res.Audit.Cells, func(j Verdict) bool { return j.Cell == c })
			j := res.Audit.Cells[i]
			away := 50 * max(2*cell.Count-j.Low-j.High, j.Low+j.High-2*cell.Count)
			sum, worst = sum+away, max(worst, away)
			if small {
				width += 100 * (j.High - j.Low + 1)
			}
		}
		if all > 0 {
			want.CountHidden = (2000*out + all) / (2 * all)
		}
		n, small := int64(want.Cells), int64(want.Small)
		want.MeanError, want.WorstError, want.MeanWidth = (2*sum+n)/(2*n), worst, NotKnown
		if small > 0 {
			want.MeanWidth = (2*(width+100*shown) + small) / (2 * small)
		}
		if got := compare(t, r, o)[0]; got != want {
			t.Errorf("table %d: %+v, not\n%+v", k, got, want)
		}
	}
}

func TestCompareNotKnown(t *testing.T) {
	o := roundOptions(t, 5)
	o.Budget = 1
	for _, l := range compare(t, line(35, 2, 3, 10, 20), o, 5) {
		if l.Safe || l.MeanError != NotKnown || l.WorstError != NotKnown || l.MeanWidth != NotKnown {
			t.Errorf("without a budget: %+v", l)
		}
	}
	if _, err := Compare(context.Background(), line(5, 5), roundOptions(t, 5), 1); err == nil {
		t.Error("base 1 was taken")
	}
}

func TestCompareOpen(t *testing.T) {
	r := line(0, 2, 3)
	r.Tables[0].Cells = r.Tables[0].Cells[:2] // no total is printed
	o := roundOptions(t, 5)
	o.Know = K1 // who knows that one of a group is small knows an end
	l := compare(t, r, o)[0]
	if l.Small != 2 || l.Open != 2 || l.MeanWidth != NotKnown {
		t.Errorf("%+v", l)
	}
}

func TestLossTable(t *testing.T) {
	got := LossTable([]Loss{
		{Name: "dfe", Safe: true, Cells: 120, Hidden: 14, CountHidden: 105, MeanError: 5, WorstError: 250, MeanWidth: 1234,
			Small: 9, Open: 1},
		{Name: "base 10", Cells: 120, MeanError: NotKnown, WorstError: NotKnown, MeanWidth: NotKnown},
	})
	want := strings.Join([]string{
		"protection  safe  counts  hidden  of all counted  mean error  worst error     numbers for a small one",
		"dfe          yes     120      14          10.5 %        0.05         2.50  12.34 (1 of 9 without end)",
		"base 10       no     120       0           0.0 %   not known    not known                   not known",
		"",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	for _, row := range strings.Split(got, "\n") {
		if strings.TrimRight(row, " ") != row {
			t.Errorf("%q ends in spaces", row)
		}
	}
}
