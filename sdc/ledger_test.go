package sdc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/sdc/internal/input"
)

// ledgerProfile is a profile to release under.
func ledgerProfile(t testing.TB) Profile {
	t.Helper()
	p, err := ProfileNamed("dfe")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ledgerRelease is a release with everything that a ledger holds, and in its cells
// everything that it must not. Secrets are of the digit 7.
func ledgerRelease(name string) Release {
	return Release{
		Name: name,
		Tables: []Table{{
			Name: "children by area", Population: "2023-24",
			Dimensions: []Dimension{{Name: "area", Parent: map[string]string{"ash": "north <1>"}},
				{Name: "need", Sensitive: true}},
			Cells: []Cell{
				{Codes: []string{"ash", "Total"}, Count: 777, Hidden: true, Cost: 7777, Largest: 77, Contributors: 77777},
				{Codes: []string{"north <1>", "Total"}, Count: 0, Keep: true},
				{Codes: []string{"Total", "neglect, “any”"}, Count: 12},
			},
		}},
		Identities: []Identity{{Parts: []Part{{Ref{"2023-24", map[string]string{"area": "ash"}}, -1},
			{Ref{Population: "2022-23"}, 1}}, Sum: 3}},
		Facts: []Fact{{Name: "per cent", Parts: []Part{{Ref{Population: "2023-24"}, 2}}, Low: 1, High: Unlimited}},
	}
}

// ledgerText appends releases and gives the ledger's file.
func ledgerText(t testing.TB, l *Ledger, releases ...Release) string {
	t.Helper()
	text := ""
	for _, r := range releases {
		line, err := l.Append(r, ledgerProfile(t))
		if err != nil {
			t.Fatal(err)
		}
		text += string(line)
	}
	return text
}

func TestLedger(t *testing.T) {
	t.Parallel()
	l := &Ledger{}
	text := ledgerText(t, l, ledgerRelease("one"), ledgerRelease("two"))
	if strings.Contains(strings.ReplaceAll(text, fmt.Sprint(int64(Unlimited)), ""), "777") ||
		strings.Contains(text, "cost") || strings.Contains(text, "keep") {
		t.Errorf("the ledger says more than what was released:\n%s", text)
	}
	read, err := ReadLedger(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, l) {
		t.Errorf("read as\n%+v, want\n%+v", read, l)
	}
	e := read.Entries()
	if len(e) != 2 || e[0].Previous != "" || e[1].Previous != hash(strings.Split(text, "\n")[0]) {
		t.Fatalf("entries %+v", e)
	}
	want := ledgerRelease("two")
	want.Tables[0].Cells[0] = Cell{Codes: want.Tables[0].Cells[0].Codes, Hidden: true}
	want.Tables[0].Cells[1].Keep = false
	got := Release{e[1].Release, e[1].Tables, e[1].Identities, e[1].Facts}
	if !reflect.DeepEqual(got, want) || e[1].Profile != ledgerProfile(t) {
		t.Errorf("the second release is read as\n%+v, want\n%+v", got, want)
	}
}

// TestLedgerSame: a release that is there adds nothing, nor does one that differs
// only in what is not public.
func TestLedgerSame(t *testing.T) {
	t.Parallel()
	text := ledgerText(t, &Ledger{}, ledgerRelease("one"), ledgerRelease("two"))
	l, err := ReadLedger(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	again := ledgerRelease("one")
	again.Tables[0].Cells[0].Count = 4
	if line, err := l.Append(again, ledgerProfile(t)); line != nil || err != nil || len(l.Entries()) != 2 {
		t.Errorf("the same release adds %q (%v)", line, err)
	}
	again.Tables[0].Cells[2].Count++
	if line, err := l.Append(again, ledgerProfile(t)); line == nil || err != nil || len(l.Entries()) != 3 {
		t.Errorf("another count adds %q (%v)", line, err)
	}
	nhs, err := ProfileNamed("nhs")
	if err != nil {
		t.Fatal(err)
	}
	if line, err := l.Append(ledgerRelease("one"), nhs); line == nil || err != nil {
		t.Errorf("another profile adds %q (%v)", line, err)
	}
}

// TestLedgerIsItsOwn: what a release becomes later does not change the ledger.
func TestLedgerIsItsOwn(t *testing.T) {
	t.Parallel()
	l, r := &Ledger{}, ledgerRelease("one")
	ledgerText(t, l, r)
	r.Tables[0].Cells[2].Codes[0] = "changed"
	r.Tables[0].Dimensions[0].Parent["ash"] = "changed"
	if e := l.Entries()[0]; e.Tables[0].Cells[2].Codes[0] != "Total" ||
		e.Tables[0].Dimensions[0].Parent["ash"] != "north <1>" {
		t.Errorf("the ledger changed with the release: %+v", e)
	}
}

// TestLedgerChanged: no byte can be changed, and no line taken out or moved, without
// being noticed; but whole lines can be taken off the end.
func TestLedgerChanged(t *testing.T) {
	t.Parallel()
	text := ledgerText(t, &Ledger{}, ledgerRelease("one"), ledgerRelease("two"), ledgerRelease("three"))
	lines := strings.SplitAfter(text, "\n")[:3]
	refused := func(what, text, want string) {
		t.Helper()
		if _, err := ReadLedger(strings.NewReader(text)); !Refused(err) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	for i := range text {
		line := 1 + strings.Count(text[:i], "\n")
		refused(fmt.Sprintf("byte %d", i), text[:i]+string(text[i]^1)+text[i+1:], fmt.Sprintf("line %d: ", line))
		if i%7 == 1 && text[i-1] != '\n' {
			refused(fmt.Sprintf("cut at %d", i), text[:i], fmt.Sprintf("line %d: it is cut short", line))
		}
	}
	refused("no first line", lines[1]+lines[2], "line 1: it does not follow")
	refused("no second line", lines[0]+lines[2], "line 2: it does not follow")
	refused("in another order", lines[0]+lines[2]+lines[1], "line 2: it does not follow")
	refused("twice", lines[0]+lines[0], "line 2: it does not follow")
	refused("an empty line", lines[0]+"\n"+lines[1], "line 2: it is not a line of a ledger")
	refused("a line of something else", lines[0]+`{"release":"two"}`+"\n", "line 2: it is not a line of a ledger")
	for n := range 4 {
		if l, err := ReadLedger(strings.NewReader(strings.Join(lines[:n], ""))); err != nil || len(l.Entries()) != n {
			t.Errorf("the first %d lines: %v", n, err)
		}
	}
}

// TestLedgerRefuses: a line with a right seal that cannot have been released.
func TestLedgerRefuses(t *testing.T) {
	t.Parallel()
	body := func(change func(r *Release)) string {
		r := ledgerRelease("one")
		change(&r)
		e := Entry{Release: r.Name, Profile: ledgerProfile(t), Tables: r.Tables, Identities: r.Identities, Facts: r.Facts}
		text, err := e.marshal()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := body(func(*Release) {})
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, tt := range []struct{ name, body, want string }{
		{"an unknown member", swap(`"release"`, `"extra":1,"release"`), `unknown field "extra"`},
		{"a count behind a symbol", swap(`"hidden":true`, `"count":3,"hidden":true`),
			"row 1 of the table \"children by area\" needs either"},
		{"neither count nor mark", swap(`,"hidden":true`, ""), "needs either a count or a mark"},
		{"a negative count", swap(`"count":12`, `"count":-12`), "row 3 has the count -12"},
		{"a fraction", swap(`"count":12`, `"count":1.2`), "it is not a line of a ledger"},
		{"a large count", swap(`"count":12`, `"count":1000000000001`), "a count is from 0 to 1000000000000"},
		{"no profile", swap(`"threshold":5,`, ""), "threshold is missing"},
		{"a profile of nothing", swap(`"values":5`, `"values":0`), "values 0"},
		{"a loop", swap(`{"ash":"north <1>"}`, `{"ash":"elm","elm":"ash"}`), "is part of itself"},
		{"Total as a part", swap(`{"ash":"north <1>"}`, `{"Total":"ash"}`), "is part of itself"},
		{"no tables", body(func(r *Release) { r.Tables = nil }), "at least one table"},
		{"no rows", body(func(r *Release) { r.Tables[0].Cells = nil }), "it has 0 rows"},
		{"no dimensions", body(func(r *Release) { r.Tables[0].Dimensions = nil }), "it has 0 dimensions"},
		{"a dimension twice", body(func(r *Release) { r.Tables[0].Dimensions[1].Name = "area" }),
			`two dimensions are named "area"`},
		{"a nameless dimension", body(func(r *Release) { r.Tables[0].Dimensions[1].Name = "" }),
			"the name of a dimension is empty"},
		{"a row twice", body(func(r *Release) { r.Tables[0].Cells[2] = r.Tables[0].Cells[1] }), "rows 2 and 3 are the same"},
		{"a code too few", body(func(r *Release) { r.Tables[0].Cells[2].Codes = []string{"ash"} }), "row 3 has 1 codes"},
		{"an empty code", body(func(r *Release) { r.Tables[0].Cells[2].Codes = []string{"ash", ""} }),
			"row 3: a code is empty"},
		{"a control character", body(func(r *Release) { r.Tables[0].Cells[2].Codes = []string{"ash", "\x1f"} }),
			"row 3: a code has the character U+001F"},
		{"an identity of nothing", body(func(r *Release) { r.Identities[0].Parts = nil }), "an identity: it has 0 parts"},
		{"a large factor", body(func(r *Release) { r.Identities[0].Parts[0].Factor = 1 << 50 }),
			"the factor 1125899906842624"},
		{"a fact that is nowhere", body(func(r *Release) { r.Facts[0].High = 0 }),
			`the fact "per cent" lies between 1 and 0`},
	} {
		if _, err := ReadLedger(strings.NewReader(sealed(tt.body) + "\n")); !Refused(err) ||
			!strings.HasPrefix(err.Error(), "line 1: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if l, err := ReadLedger(strings.NewReader(sealed(good) + "\n")); err != nil || len(l.Entries()) != 1 {
		t.Errorf("nothing is wrong: %v", err)
	}
}

// TestLedgerAppendRefuses: what could not be read again is not written.
func TestLedgerAppendRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *Release, p *Profile){
		"not UTF-8":      func(r *Release, _ *Profile) { r.Tables[0].Cells[0].Codes[0] = "\xff" },
		"a name":         func(r *Release, _ *Profile) { r.Name = "a\x00" },
		"a parent":       func(r *Release, _ *Profile) { r.Tables[0].Dimensions[0].Parent["ash"] = "\xff" },
		"a population":   func(r *Release, _ *Profile) { r.Facts[0].Parts[0].Ref.Population = "\xff" },
		"negative":       func(r *Release, _ *Profile) { r.Tables[0].Cells[1].Count = -1 },
		"no such rule":   func(_ *Release, p *Profile) { p.Base = -5 },
		"too many parts": func(r *Release, _ *Profile) { r.Tables[0].Dimensions = make([]Dimension, 9) },
	} {
		l, r, p := &Ledger{}, ledgerRelease("one"), ledgerProfile(t)
		change(&r, &p)
		if line, err := l.Append(r, p); !Refused(err) || line != nil || len(l.Entries()) != 0 {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
}

func TestLedgerReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := ReadLedger(brokenFile{broken}); !errors.Is(err, broken) || Refused(err) {
		t.Errorf("error %v, want the reader's", err)
	}
}

func TestLedgerExport(t *testing.T) {
	t.Parallel()
	l := &Ledger{}
	other := Release{Name: "two", Tables: []Table{{Name: "by age", Dimensions: []Dimension{{Name: "age"}},
		Cells: []Cell{{Codes: []string{"Total"}, Count: 20}}}}}
	ledgerText(t, l, ledgerRelease("one"), other)
	var b bytes.Buffer
	if err := l.Export(&b); err != nil {
		t.Fatal(err)
	}
	want := `release,table,population,area,need,age,printed
one,children by area,2023-24,ash,Total,,[c]
one,children by area,2023-24,north <1>,Total,,0
one,children by area,2023-24,Total,"neglect, “any”",,12
two,by age,,,,Total,20
`
	if b.String() != want {
		t.Errorf("exported as\n%s, want\n%s", b.String(), want)
	}
	full := errors.New("the disk is full")
	if err := l.Export(brokenFile{full}); !errors.Is(err, full) {
		t.Errorf("to a full disk: %v", err)
	}
	if err := (&Ledger{}).Export(io.Discard); err != nil {
		t.Error(err)
	}
}

// tableOf reads rows of codes and a count, below the names of the dimensions. In the
// first dimension "a/b" is part of "a".
func tableOf(t testing.TB, text string) Table {
	t.Helper()
	var out Table
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		codes := strings.Split(line, ",")
		last := len(codes) - 1
		if i == 0 {
			for _, name := range codes[:last] {
				out.Dimensions = append(out.Dimensions, Dimension{Name: name})
			}
			continue
		}
		n, err := strconv.ParseInt(codes[last], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out.Cells = append(out.Cells, Cell{Codes: codes[:last], Count: n})
		if whole, _, part := strings.Cut(codes[0], "/"); part {
			out.Dimensions[0].Parent = map[string]string{codes[0]: whole}
		}
	}
	return out
}

// TestLedgerRespell: capitals and spaces do not make another count.
func TestLedgerRespell(t *testing.T) {
	t.Parallel()
	l := &Ledger{}
	ledgerText(t, l, ledgerRelease("one"), Release{Tables: []Table{{
		Dimensions: []Dimension{{Name: "Age"}, {Name: "two"}, {Name: "TWO"}},
		Cells:      []Cell{{Codes: []string{"Elm", "x", "y"}}, {Codes: []string{"ELM", "x", "y"}}},
	}}})
	for _, tt := range []struct{ name, text, dims, cells, parents string }{
		{"as it is", "area,need,count\nash,Total,1\n", "area need", "ash,Total=1", "map[]"},
		{"names and codes", "AREA,Need,count\nASH,x,1\nNorth  <1>,x,2\noak,x,3\n", "area need",
			"ash,x=1 north <1>,x=2 oak,x=3", "map[]"},
		{"parents", "Area,need,count\nAsh,x,1\nAsh/elm,x,2\n", "area need", "ash,x=1 Ash/elm,x=2", "map[Ash/elm:ash]"},
		{"apart in the table", "area,need,count\nASH,x,1\nAsh,x,2\n", "area need", "ASH,x=1 Ash,x=2", "map[]"},
		{"apart in the ledger", "age,Two,count\nelm,X,1\n", "Age Two", "elm,x=1", "map[]"},
	} {
		c := tableOf(t, tt.text)
		l.Respell(&c)
		var dims []string
		for _, d := range c.Dimensions {
			dims = append(dims, d.Name)
		}
		parents := c.Dimensions[0].Parent
		if got := strings.Join(dims, " "); got != tt.dims || cells(&c) != tt.cells || fmt.Sprint(parents) != tt.parents {
			t.Errorf("%s: dimensions %q, cells %q, parents %v", tt.name, got, cells(&c), parents)
		}
	}
	if e := l.Entries()[0]; e.Tables[0].Cells[0].Codes[0] != "ash" {
		t.Errorf("the ledger changed: %v", e)
	}
}

// TestLedgerRead: whatever is released is read as it was, in any number of steps.
func TestLedgerRead(t *testing.T) {
	t.Parallel()
	p := ledgerProfile(t)
	rapid.Check(t, func(t *rapid.T) {
		l, text := &Ledger{}, ""
		for range rapid.IntRange(1, 4).Draw(t, "releases") {
			codes := rapid.SliceOfNDistinct(rapid.StringN(1, 6, -1).Filter(func(s string) bool {
				return lineText("", s, false) == nil
			}), 1, 5, rapid.ID).Draw(t, "codes")
			tab := Table{Dimensions: []Dimension{{Name: "a"}}}
			for _, c := range codes {
				tab.Cells = append(tab.Cells, Cell{Codes: []string{c}, Count: rapid.Int64Range(0, input.MaxCount).Draw(t, "count"),
					Hidden: rapid.Bool().Draw(t, "hidden")})
			}
			line, err := l.Append(Release{Name: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "name"),
				Tables: []Table{tab}}, p)
			if err != nil {
				t.Fatal(err)
			}
			text += string(line)
			read, err := ReadLedger(strings.NewReader(text))
			if err != nil || !reflect.DeepEqual(read, l) {
				t.Fatalf("%s is read as %+v (%v), want %+v", text, read, err, l)
			}
		}
	})
}

// FuzzReadLedger also reads the text as a line with a right seal, which chance
// would not find.
func FuzzReadLedger(f *testing.F) {
	text := ledgerText(f, &Ledger{}, ledgerRelease("one"), ledgerRelease("two"))
	f.Add(text)
	first, _, _ := strings.Cut(text, "\n")
	body := first[:len(first)-sealSize] + "}"
	f.Add(body)
	f.Add(strings.Replace(body, `"rows":[`, `"rows":[null,`, 1))
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []string{text, sealed(text) + "\n"} {
			l, err := ReadLedger(strings.NewReader(s))
			if err != nil {
				if !Refused(err) {
					t.Fatalf("not a refusal: %v", err)
				}
				continue
			}
			again := &Ledger{}
			second := ""
			for _, e := range l.Entries() {
				line, err := again.Append(Release{e.Release, e.Tables, e.Identities, e.Facts}, e.Profile)
				if err != nil {
					t.Fatal(err)
				}
				second += string(line)
			}
			third, err := ReadLedger(strings.NewReader(second))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(identities(t, third), identities(t, l)) {
				t.Fatalf("%q is written and read again as %q", s, second)
			}
		}
	})
}

func identities(t *testing.T, l *Ledger) []string {
	var out []string
	for _, e := range l.Entries() {
		id, err := e.identity()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}
