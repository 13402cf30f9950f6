package sdc

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rowsAndColumns reads a table of two dimensions: the codes of the second in the
// first line, and in each further line a code of the first and its counts. A count
// that is hidden ends in c, one that must be shown in !; a dot is no row.
func rowsAndColumns(t rapid.TB, first, second, text string) Table {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	columns := strings.Fields(lines[0])
	table := Table{Name: first + " by " + second, Dimensions: []Dimension{{Name: first}, {Name: second}}}
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) != len(columns)+1 {
			t.Fatalf("%q has %d counts for %d columns", line, len(f)-1, len(columns))
		}
		for i, printed := range f[1:] {
			if printed != "." {
				table.Cells = append(table.Cells, countOf(t, printed, f[0], columns[i]))
			}
		}
	}
	return table
}

// oneColumn reads a table of one dimension: in each line a code and its count.
func oneColumn(t rapid.TB, name, text string) Table {
	t.Helper()
	table := Table{Name: name, Dimensions: []Dimension{{Name: name}}}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		f := strings.Fields(line)
		table.Cells = append(table.Cells, countOf(t, f[1], f[0]))
	}
	return table
}

// trueCounts takes the marks of hidden counts off.
func trueCounts(text string) string {
	return regexp.MustCompile(`(\d)c`).ReplaceAllString(text, "$1")
}

func countOf(t rapid.TB, printed string, codes ...string) Cell {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimRight(printed, "c!"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return Cell{Codes: codes, Count: n, Hidden: strings.HasSuffix(printed, "c"), Keep: strings.HasSuffix(printed, "!")}
}

// smallUpTo is the dfe profile with another threshold.
func smallUpTo(t rapid.TB, threshold int64) Profile {
	p := mustProfile(t, "dfe")
	p.Threshold, p.SmallUpTo, p.Values = threshold, threshold, threshold
	p.MinAverage, p.MinContributors = threshold+1, 0
	return p
}

func attacked(t rapid.TB, o Options, r Release) *Audit {
	t.Helper()
	a, err := Attack(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Stopped {
		t.Fatal("it stopped early")
	}
	return a
}

func protected(t rapid.TB, o Options, r Release) *Result {
	t.Helper()
	res, err := Protect(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// judgedAt finds what an audit says of a cell of the release.
func judgedAt(t rapid.TB, a *Audit, r Release, codes ...string) Verdict {
	t.Helper()
	for _, j := range a.Cells {
		if slices.Equal(r.Tables[j.Table].Cells[j.Cell].Codes, codes) {
			return j
		}
	}
	t.Fatalf("%v is not among the hidden counts", codes)
	return Verdict{}
}

// wantSpan sees that a hidden count has that interval, and stands or not.
func wantSpan(t rapid.TB, a *Audit, r Release, low, high int64, stands bool, codes ...string) {
	t.Helper()
	if j := judgedAt(t, a, r, codes...); j.Low != low || j.High != high || j.Stands != stands {
		t.Errorf("%v for %v is %d to %d, stands %v; want %d to %d, stands %v", codes, a.Know, j.Low, j.High, j.Stands, low,
			high, stands)
	}
}

// cellsHidden counts the symbols of a release.
func cellsHidden(r Release) int {
	n := 0
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			if c.Hidden {
				n++
			}
		}
	}
	return n
}

// safeAgain sees that a result is safe and says the same when it is attacked anew.
func safeAgain(t rapid.TB, o Options, res *Result) {
	t.Helper()
	if !res.Safe {
		t.Fatalf("not safe: %v", res.Audit.faults(9))
	}
	if a := attacked(t, o, res.Released); !a.Stands {
		t.Errorf("called safe, and an attack finds: %v", a.faults(9))
	}
}

// sdcTable's own example: every line has two hidden counts or more.
const fourByFour = `
        a     b     c    d  Total
w      30c   47c   64c   89   230
x      90c  124     5c   31   250
y      92   100c   59    85c  336
z     800   991c  651   685c 3127
Total 1012 1262   779   890  3943`

func TestWorkedFourByFour(t *testing.T) {
	dfe := mustProfile(t, "dfe")
	r := Release{Tables: []Table{rowsAndColumns(t, "row", "column", fourByFour)}}
	for k := K0; k <= K5; k++ {
		a := attacked(t, Options{Profile: dfe, Know: k}, r)
		if a.Stands {
			t.Errorf("%v: it stands", k)
		}
		wantSpan(t, a, r, 47, 47, false, "w", "b")
	}
	more := Release{Tables: []Table{rowsAndColumns(t, "row", "column", strings.Replace(fourByFour, "124 ", "124c", 1))}}
	wantSpan(t, attacked(t, Options{Profile: dfe, Know: K0}, more), more, 0, 141, true, "w", "b")
	wantSpan(t, attacked(t, Options{Profile: dfe, Know: K1}, more), more, 1, 139, true, "w", "b")
}

// TestWorkedFourByFourMended hides one count more, and no other pattern of so few
// was possible.
func TestWorkedFourByFourMended(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	naive := rowsAndColumns(t, "row", "column", fourByFour)
	res := protected(t, o, Release{Tables: []Table{naive}})
	safeAgain(t, o, res)
	if n := cellsHidden(res.Released); n != 10 {
		t.Errorf("%d counts are hidden; 9 were, and one more is enough", n)
	}
}

// TestWorkedFourByFourAnew protects the true counts, with those up to 31 small: 5,
// 30 and 31, in two rows and three columns.
func TestWorkedFourByFourAnew(t *testing.T) {
	table := rowsAndColumns(t, "row", "column", trueCounts(fourByFour))
	for _, threshold := range []int64{5, 31, 47} {
		o := Options{Profile: smallUpTo(t, threshold)}
		res := protected(t, o, Release{Tables: []Table{table}})
		safeAgain(t, o, res)
		for i, c := range table.Cells {
			if got := res.Released.Tables[0].Cells[i]; c.Count <= threshold && !got.Hidden {
				t.Errorf("threshold %d: %v is %d and shown", threshold, c.Codes, c.Count)
			}
		}
	}
}

// counties gives the areas of two counties, and the same by their size.
func counties(t rapid.TB) Release {
	county := oneColumn(t, "area", `
		A 2
		B 2
		I 8
		J 8
		K 3
		L 3
		M 3
		N 7
		county-1 20
		county-2 16
		Total 36`)
	size := county
	county.Name, size.Name = "Areas by county", "Areas by size"
	county.Dimensions = []Dimension{{Name: "area", Parent: map[string]string{
		"A": "county-1", "B": "county-1", "I": "county-1", "J": "county-1",
		"K": "county-2", "L": "county-2", "M": "county-2", "N": "county-2"}}}
	size.Dimensions = []Dimension{{Name: "area", Parent: map[string]string{
		"L": "big", "M": "big",
		"A": "small", "B": "small", "I": "small", "J": "small", "K": "small", "N": "small"}}}
	size.Cells = slices.Clone(county.Cells)
	size.Cells[8], size.Cells[9] = Cell{Codes: []string{"big"}, Count: 6}, Cell{Codes: []string{"small"}, Count: 30}
	return Release{Name: "Areas", Tables: []Table{county, size}}
}

// hideUpTo hides small counts and nothing else.
func hideUpTo(r Release, threshold int64) Release {
	r.Tables = slices.Clone(r.Tables)
	for i := range r.Tables {
		r.Tables[i].Cells = slices.Clone(r.Tables[i].Cells)
		for c := range r.Tables[i].Cells {
			if cell := &r.Tables[i].Cells[c]; cell.Count > 0 && cell.Count <= threshold {
				cell.Count, cell.Hidden = 0, true
			}
		}
	}
	return r
}

// TestWorkedLinkedCounties: each table stands by itself. Together the small areas
// less county 1 are K and N, and N is shown.
func TestWorkedLinkedCounties(t *testing.T) {
	p := smallUpTo(t, 3)
	both := hideUpTo(counties(t), 3)
	for i := range both.Tables {
		if a := attacked(t, Options{Profile: p}, Release{Tables: both.Tables[i : i+1]}); !a.Stands {
			t.Errorf("%s does not stand by itself: %v", both.Tables[i].Name, a.faults(9))
		}
	}
	for k := K0; k <= K3; k++ {
		a := attacked(t, Options{Profile: p, Know: k}, both)
		wantSpan(t, a, both, 3, 3, false, "K")
		if a.Stands {
			t.Errorf("%v: it stands", k)
		}
	}
	res := protected(t, Options{Profile: p}, counties(t))
	safeAgain(t, Options{Profile: p}, res)
	for c, cell := range res.Released.Tables[0].Cells {
		other := res.Released.Tables[1].Cells[c]
		if slices.Equal(cell.Codes, other.Codes) && cell.Hidden != other.Hidden {
			t.Errorf("%v is hidden in one table only", cell.Codes)
		}
	}
}

// TestWorkedLedgerCounties publishes the second table a year later.
func TestWorkedLedgerCounties(t *testing.T) {
	p := smallUpTo(t, 3)
	both := hideUpTo(counties(t), 3)
	o := Options{Profile: p, Ledger: &Ledger{}}
	if _, err := o.Ledger.Append(Release{Name: "first", Tables: both.Tables[:1]}, p); err != nil {
		t.Fatal(err)
	}
	second := Release{Name: "second", Tables: both.Tables[1:]}
	wantSpan(t, attacked(t, o, second), second, 3, 3, false, "K")
	without := o
	without.Know = K2
	wantSpan(t, attacked(t, without, second), second, 1, 5, true, "K")
}

// men gives everybody by age, and men alone: one person of 21-30 is not a man.
func men(t rapid.TB) (all, male Table) {
	all = oneColumn(t, "age", `
		11-20 40
		21-30 21
		31-40 30
		Total 91`)
	male = rowsAndColumns(t, "age", "sex", `
		      male
		11-20 20
		21-30 20
		31-40 15
		Total 55`)
	all.Name, male.Name = "By age", "Men by age"
	return all, male
}

func TestWorkedTotalAndMen(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	all, male := men(t)
	r := Release{Name: "now", Tables: []Table{all, male}}
	a := attacked(t, o, r)
	if a.Stands || len(a.Derived) != 1 || a.Derived[0].Low != 1 || a.Derived[0].High != 1 {
		t.Errorf("stands %v, found %v; want one count that must be 1", a.Stands, a.Derived)
	}
	res := protected(t, o, r)
	safeAgain(t, o, res)
	if cellsHidden(res.Released) == 0 {
		t.Error("nothing is hidden")
	}
}

func TestWorkedMenAfterTotal(t *testing.T) {
	all, male := men(t)
	o := Options{Profile: mustProfile(t, "dfe"), Ledger: &Ledger{}}
	if _, err := o.Ledger.Append(Release{Name: "before", Tables: []Table{all}}, o.Profile); err != nil {
		t.Fatal(err)
	}
	r := Release{Name: "now", Tables: []Table{male}}
	if a := attacked(t, o, r); a.Stands {
		t.Error("men beside everybody stand")
	}
	if a := attacked(t, Options{Profile: o.Profile}, r); !a.Stands {
		t.Errorf("men alone do not stand: %v", a.faults(9))
	}
	res := protected(t, o, r)
	safeAgain(t, o, res)
	if !res.Released.Tables[0].Cells[1].Hidden {
		t.Error("men of 21-30 are shown")
	}
}

// TestWorkedThresholdAndBase: with 1 to 5 hidden and the rest to the nearest 5, a
// printed 5 could only be 6 or 7.
func TestWorkedThresholdAndBase(t *testing.T) {
	p := mustProfile(t, "nhs")
	if err := p.Validate(); err != nil {
		t.Errorf("7 and 5: %v", err)
	}
	p.Threshold, p.SmallUpTo = 5, 5
	var bad *ProfileError
	if err := p.Validate(); !errors.As(err, &bad) || !strings.Contains(err.Error(), "6 or 7") ||
		!strings.Contains(err.Error(), "make threshold 7") {
		t.Errorf("5 and 5: %v", err)
	}
	if _, err := Attack(context.Background(), Release{}, Options{Profile: p}); !errors.As(err, &bad) {
		t.Errorf("an attack under it: %v", err)
	}
	if _, err := Protect(context.Background(), Release{}, Options{Profile: p}); !errors.As(err, &bad) {
		t.Errorf("protection by it: %v", err)
	}
}
