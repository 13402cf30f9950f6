package sdc

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestWorkedOneSmallCount: of 15 counts the one small one needs three others, the
// corners of a rectangle, which no two can replace.
func TestWorkedOneSmallCount(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	r := Release{Tables: []Table{rowsAndColumns(t, "area", "sex", `
		      male female Total
		A     11     3    14
		B     18    14    32
		C      9    12    21
		D     21    16    37
		Total 59    45   104`)}}
	res := protected(t, o, r)
	safeAgain(t, o, res)
	if n := cellsHidden(res.Released); n != 4 {
		t.Errorf("%d counts are hidden; want the small one and 3 more", n)
	}
}

// TestWorkedZerosShown: who counts from 0 upward finds nothing; who knows that
// zeros are shown has both children.
func TestWorkedZerosShown(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := Release{Tables: []Table{rowsAndColumns(t, "area", "age", `
		      0-4 5-9 10-14 Total
		north   1c  1c   18    20
		south  11c  9c   20    40
		Total  12  10    38    60`)}}
	a := attacked(t, Options{Profile: p, Know: K0}, r)
	wantSpan(t, a, r, 0, 2, false, "north", "0-4")
	wantSpan(t, a, r, 10, 12, false, "south", "0-4")
	a = attacked(t, Options{Profile: p, Know: K1}, r)
	wantSpan(t, a, r, 1, 1, false, "north", "0-4")
	wantSpan(t, a, r, 9, 9, false, "south", "5-9")
}

// TestWorkedTotalOfParts: a hidden total is at least the number of its parts that
// are not none.
func TestWorkedTotalOfParts(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := Release{Tables: []Table{rowsAndColumns(t, "area", "age", `
		      0-4 5-9 10-14 Total
		north   1c  2c    1c    4c
		south  11c  9c   20c   40c
		Total  12  11    21    44`)}}
	a := attacked(t, Options{Profile: p}, r)
	wantSpan(t, a, r, 3, 41, true, "north", Total)
	wantSpan(t, a, r, 1, 11, true, "north", "0-4")
}

// TestWorkedSymbolAlone: a count that nothing is added to is small, since nothing
// else needs it to be hidden.
func TestWorkedSymbolAlone(t *testing.T) {
	p := mustProfile(t, "dfe")
	alone := Release{Tables: []Table{oneColumn(t, "age", "0-4 3c\n5-9 12")}}
	wantSpan(t, attacked(t, Options{Profile: p, Know: K0}, alone), alone, 0, Unlimited, true, "0-4")
	wantSpan(t, attacked(t, Options{Profile: p, Know: K1}, alone), alone, 1, Unlimited, true, "0-4")
	wantSpan(t, attacked(t, Options{Profile: p, Know: K2}, alone), alone, 1, 5, true, "0-4")
}

// TestWorkedRoundedGroup: rounding leaves 6 to 14 for the only hidden count; that
// it must be small leaves 6 and 7.
func TestWorkedRoundedGroup(t *testing.T) {
	p := mustProfile(t, "nhs")
	r := Release{Tables: []Table{oneColumn(t, "age", "0-4 7c\n5-9 20\nTotal 30")}}
	wantSpan(t, attacked(t, Options{Profile: p, Know: K1}, r), r, 6, 14, false, "0-4")
	wantSpan(t, attacked(t, Options{Profile: p, Know: K2}, r), r, 6, 7, false, "0-4")
	two := Release{Tables: []Table{oneColumn(t, "age", "0-4 7c\n5-9 9c\n10-14 20\nTotal 40")}}
	a := attacked(t, Options{Profile: p, Know: K2}, two)
	wantSpan(t, a, two, 1, 23, true, "0-4")
	wantSpan(t, a, two, 1, 23, true, "5-9")
}

// TestWorkedInsider: the one child of a cell takes itself off the sum.
func TestWorkedInsider(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := Release{Tables: []Table{oneColumn(t, "age", "0-4 1c\n5-9 7c\n10-14 20\nTotal 28")}}
	wantSpan(t, attacked(t, Options{Profile: p, Know: K2}, r), r, 1, 7, true, "5-9")
	a := attacked(t, Options{Profile: p, Know: K4}, r)
	wantSpan(t, a, r, 7, 7, false, "5-9")
	three := Release{Tables: []Table{oneColumn(t, "age", "0-4 1c\n5-9 7c\n10-14 20c\nTotal 28")}}
	a = attacked(t, Options{Profile: p, Know: K4}, three)
	wantSpan(t, a, three, 1, 26, true, "5-9")
}

// TestWorkedPercentage: a whole per cent of a known number gives a count back.
func TestWorkedPercentage(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := Release{Tables: []Table{oneColumn(t, "age", "0-4 3c\n5-9 15c\n10-14 32\nTotal 50")}}
	ratio := Ratio{Numerator: Ref{Codes: map[string]string{"age": "0-4"}}, Per: 100}
	fact, err := ratio.FactOver(6, 50) // 3 of 50
	if err != nil {
		t.Fatal(err)
	}
	r.Facts = []Fact{fact}
	wantSpan(t, attacked(t, Options{Profile: p, Know: K3}, r), r, 1, 17, true, "0-4")
	a := attacked(t, Options{Profile: p, Know: K5}, r)
	wantSpan(t, a, r, 3, 3, false, "0-4")
	wantSpan(t, a, r, 15, 15, false, "5-9")
	wantSpan(t, attacked(t, Options{Profile: p}, r), r, 3, 3, false, "0-4") // it is printed: the usual reader sees it
	full := Release{Tables: []Table{oneColumn(t, "age", "0-4 3\n5-9 15\n10-14 32\nTotal 50")}, Facts: r.Facts}
	if res := protected(t, Options{Profile: p}, full); res.Safe || res.Suggestion != "do not print the "+fact.Name {
		t.Errorf("safe %v, and the suggestion is %q", res.Safe, res.Suggestion)
	}
	both, err := Ratio{Numerator: ratio.Numerator, Per: 100}.Facts(6)
	if err != nil {
		t.Fatal(err)
	}
	r.Facts = both // the total is printed, and says as much
	wantSpan(t, attacked(t, Options{Profile: p, Know: K5}, r), r, 3, 3, false, "0-4")
}

// TestWorkedIdentity: open + started − ended = open next year.
func TestWorkedIdentity(t *testing.T) {
	p := mustProfile(t, "dfe")
	year := func(population, text string) Table {
		table := oneColumn(t, "area", text)
		table.Name, table.Population = population, population
		return table
	}
	r := Release{Tables: []Table{
		year("open 2023", "north 20\nsouth 31\nTotal 51"),
		year("started", "north 12\nsouth 10\nTotal 22"),
		year("ended", "north 4c\nsouth 16c\nTotal 20"),
		year("open 2024", "north 28\nsouth 25\nTotal 53"),
	}}
	if a := attacked(t, Options{Profile: p}, r); !a.Stands {
		t.Errorf("without the identity: %v", a.faults(9))
	}
	part := func(population string, factor int64) Part {
		return Part{Ref{Population: population, Codes: map[string]string{"area": "north"}}, factor}
	}
	r.Identities = []Identity{{Parts: []Part{part("open 2023", 1), part("started", 1), part("ended", -1),
		part("open 2024", -1)}}}
	wantSpan(t, attacked(t, Options{Profile: p}, r), r, 4, 4, false, "north")
}

// withTotals adds the totals of all dimensions to the lowest counts of a table,
// none of them hidden.
func withTotals(table Table) Table {
	place := map[string]int{}
	lowest := table.Cells
	table.Cells = nil
	for _, c := range lowest {
		for set := range 1 << len(c.Codes) {
			sum := Cell{Codes: slices.Clone(c.Codes), Count: c.Count, Hidden: c.Hidden && set == 0}
			for d := range sum.Codes {
				if set>>d&1 == 1 {
					sum.Codes[d] = Total
				}
			}
			k := strings.Join(sum.Codes, ";")
			if at, ok := place[k]; ok {
				table.Cells[at].Count += c.Count
				continue
			}
			place[k] = len(table.Cells)
			table.Cells = append(table.Cells, sum)
		}
	}
	return table
}

// threeWay is a table in which every line has two hidden counts or none, with each
// count multiplied.
func threeWay(t rapid.TB, times int64) Release {
	table := Table{Dimensions: []Dimension{{Name: "area"}, {Name: "age"}, {Name: "need"}}}
	for line := range strings.Lines(strings.TrimSpace(`
		north 0-4    2c 12  22c
		north 5-9    2c 13c  9
		north 10-14 16   3c 10c
		south 0-4   17   2c  2c
		south 5-9   22  12c 24c
		south 10-14  9   3c  2c
		west  0-4    3c  2c 15
		west  5-9   17c  9  10c
		west  10-14 14   3c  2c`)) {
		f := strings.Fields(line)
		for i, need := range []string{"care", "harm", "other"} {
			c := countOf(t, f[2+i], f[0], f[1], need)
			c.Count *= times
			table.Cells = append(table.Cells, c)
		}
	}
	return Release{Tables: []Table{withTotals(table)}}
}

// TestWorkedThreeWay: if children came in halves, as linear programming takes them
// to, north 0-4 care could be half a child. Every count doubled shows that: it can
// then be 1 of 4, where as it is it cannot be 0.
func TestWorkedThreeWay(t *testing.T) {
	p := mustProfile(t, "dfe")
	one, two := threeWay(t, 1), threeWay(t, 2)
	codes := []string{"north", "0-4", "care"}
	if j := judgedAt(t, attacked(t, Options{Profile: p, Know: K0}, two), two, codes...); j.Low != 1 {
		t.Errorf("of counts doubled it is at least %d, want 1", j.Low)
	}
	if j := judgedAt(t, attacked(t, Options{Profile: p, Know: K0}, one), one, codes...); j.Low != 1 {
		t.Errorf("it is at least %d, want 1", j.Low)
	}
}

// TestWorkedJustWideEnough: five values are enough, four are not; and a small count
// must be able to be the smallest that is hidden.
func TestWorkedJustWideEnough(t *testing.T) {
	p := mustProfile(t, "dfe")
	row := func(text string) Release { return Release{Tables: []Table{oneColumn(t, "age", text)}} }
	r := row("0-4 2c\n5-9 3c\n10-14 20\nTotal 25")
	wantSpan(t, attacked(t, Options{Profile: p}, r), r, 1, 4, false, "0-4")
	r = row("0-4 2c\n5-9 4c\n10-14 20\nTotal 26")
	wantSpan(t, attacked(t, Options{Profile: p}, r), r, 1, 5, true, "0-4")
	r = Release{Tables: []Table{rowsAndColumns(t, "area", "age", `
		      0-4 5-9 Total
		north  4c 20c   24
		south 16c 44c   60
		east  10c 30    40
		west  70   9c   79
		Total 100 103  203`)}}
	a := attacked(t, Options{Profile: p}, r)
	wantSpan(t, a, r, 10, 10, false, "east", "0-4")
	wantSpan(t, a, r, 1, 19, true, "north", "0-4")
	r.Tables[0].Cells[0].Hidden, r.Tables[0].Cells[2].Hidden = true, true
	wantSpan(t, attacked(t, Options{Profile: p}, r), r, 1, 19, true, "north", "0-4")
}

// TestWorkedFarFromSmall: a count from 4 to 20 has values enough, and yet a reader
// who knows that it is small knows that it is 4 or 5.
func TestWorkedFarFromSmall(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := Release{Tables: []Table{oneColumn(t, "age", "0-4 4c\n5-9 30c\n10-14 40c\nTotal 74")}}
	r.Facts = []Fact{{Name: "a bar", Parts: []Part{{Ref{Codes: map[string]string{"age": "0-4"}}, 1}}, Low: 4, High: 20}}
	wantSpan(t, attacked(t, Options{Profile: p, Know: K5}, r), r, 4, 20, false, "0-4")
}

// TestWorkedLaterGivesAway: what the first release hid follows from the second.
func TestWorkedLaterGivesAway(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe"), Ledger: &Ledger{}}
	before := oneColumn(t, "age", "0-4 3c\n5-9 9c\n10-14 20\nTotal 32")
	if _, err := o.Ledger.Append(Release{Name: "before", Tables: []Table{before}}, o.Profile); err != nil {
		t.Fatal(err)
	}
	now := rowsAndColumns(t, "age", "sex", `
		      girls boys Total
		5-9       9    0     9
		10-14    12    8    20`)
	a := attacked(t, o, Release{Tables: []Table{now}})
	if a.Stands || !slices.ContainsFunc(a.Derived, func(j Verdict) bool {
		return j.Earlier && j.Label == "age 0-4" && j.Low == 3 && j.High == 3
	}) {
		t.Errorf("stands %v, found %v; want the earlier count of 0-4 to be 3", a.Stands, a.Derived)
	}
	res := protected(t, o, Release{Tables: []Table{now}})
	safeAgain(t, o, res)
	for _, c := range res.Released.Tables[0].Cells {
		if c.Codes[0] == "5-9" && c.Codes[1] == Total && !c.Hidden {
			t.Error("5-9 is shown")
		}
	}
}

// TestWorkedKept: a small count that must be shown is never safe.
func TestWorkedKept(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	r := Release{Tables: []Table{oneColumn(t, "age", "0-4 3!\n5-9 9\n10-14 20\nTotal 32")}}
	res := protected(t, o, r)
	if res.Safe {
		t.Error("a small count is shown and called safe")
	}
	if c := res.Released.Tables[0].Cells[0]; c.Hidden {
		t.Error("it must be shown and is hidden")
	}
}

// TestWorkedSomeCategories links tables that each leave out other ages.
func TestWorkedSomeCategories(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	sex := oneColumn(t, "sex", "boys 31\ngirls 30\nTotal 61")
	young := rowsAndColumns(t, "age", "sex", `
		    boys girls
		0-4    6    9
		5-9    7    8`)
	old := rowsAndColumns(t, "age", "sex", `
		      boys girls
		10-14    9     6`)
	r := Release{Tables: []Table{sex, young, old}}
	if a := attacked(t, o, r); !a.Stands {
		t.Errorf("it does not stand: %v", a.faults(9))
	}
	safeAgain(t, o, protected(t, o, r))
	r.Tables[1].Cells[0].Hidden = true // boys of 0-4: nothing tells how many there are above 10-14
	o.Know = K1
	wantSpan(t, attacked(t, o, r), r, 1, 24, true, "0-4", "boys")
}

// TestWorkedSplitLater ties a code to the parts of it that only the hierarchy names
// and an earlier release printed: 10-17 is 23 now, and 10-15 was 20.
func TestWorkedSplitLater(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe"), Ledger: &Ledger{}}
	before := oneColumn(t, "age", "10-15 20\n16-17 3c\n18-24 37c\nTotal 60")
	if _, err := o.Ledger.Append(Release{Name: "before", Tables: []Table{before}}, o.Profile); err != nil {
		t.Fatal(err)
	}
	now := oneColumn(t, "age", "10-17 23")
	now.Dimensions[0].Parent = map[string]string{"10-15": "10-17", "16-17": "10-17"}
	a := attacked(t, o, Release{Tables: []Table{now}})
	if a.Stands || !slices.ContainsFunc(a.Derived, func(j Verdict) bool {
		return j.Earlier && j.Label == "age 16-17" && j.Low == 3 && j.High == 3
	}) {
		t.Errorf("stands %v, found %v; want the earlier count of 16-17 to be 3", a.Stands, a.Derived)
	}
	if res := protected(t, o, Release{Tables: []Table{now}}); !res.Safe || !res.Released.Tables[0].Cells[0].Hidden {
		t.Errorf("safe %v, released %v", res.Safe, res.Released.Tables[0].Cells)
	}
}
