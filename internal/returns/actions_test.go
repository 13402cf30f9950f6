package returns

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		h.loadAll(here)
		h.want(
			"cla.open at 2024-03-31", "4",
			"cla.open over 2023-24", "4", // a stock over a period is as at its end
			"cla.open at 2024-02-29", "5", // DEMO5 had not left yet
			"cla.open at 2023-09-30", "3",
			"cla.open at 2024-03-31 by age_band", "0-4 1, 5-9 1, 10-15 1, 16-17 1",
			"cla.open at 2024-03-31 by sex", "female 1, male 3",
			"cla.open at 2024-03-31 by ethnic_group", "white 1, mixed 1, asian 1, black 1",
			"cla.open at 2024-03-31 by legal_status", "full-care-order 1, placement-order 1, voluntary 1, youth-justice 1",
			"cla.open at 2024-03-31 by placement",
			"foster-other 1, placed-for-adoption 1, homes-and-supported 1, other-residential 1",
			"cla.open at 2024-03-31 where placement=residential-school", "0",
			"cla.open at 2024-03-31 by authority", here+" 4",

			"cpp.open at 2024-03-31", "2",
			"cpp.open at 2024-03-30", "figure cpp.open: it is held at the end of each month from 30 April 2023 to 31 March "+
				"2024, and not for 30 March 2024",
			"cpp.open at 2024-02-29", "3", // DEMO8's plan had not ended
			"cpp.open at 2024-03-31 by category", "neglect 1, physical 1",
			"cpp.open at 2024-03-31 by age_band", "unborn 1, 5-9 1",
			"cpp.open at 2024-03-31 by sex", "female 1, not-recorded 1",
			"cpp.open at 2024-03-31 by ethnic_group", "asian 1, unknown 1",
			"cpp.open at 2024-03-31 by authority", here+" 2",

			"cin.open at 2024-03-31", "9",
			"cin.open at 2023-12-31", "9",
			"cin.open at 2023-06-30", "5",
			"cin.open at 2024-03-31 by age_band", "unborn 1, 0-4 2, 5-9 3, 10-15 2, 16-17 1",
			"cin.open at 2024-03-31 by sex", "female 4, male 4, not-recorded 1",
			"cin.open at 2024-03-31 by ethnic_group", "white 3, mixed 1, asian 2, black 2, unknown 1",
			"cin.open at 2024-03-31 by primary_need",
			"abuse-or-neglect 5, childs-disability 1, parental-disability-or-illness 1, family-dysfunction 1, "+
				"socially-unacceptable-behaviour 1",
			"cin.open at 2024-03-31 by authority", here+" 9",

			"cin.open.other at 2024-03-31", "3", // DEMO4 has short breaks only, DEMO8 and DEMO12 neither plan nor placement
			"cin.open.other at 2024-03-31 by primary_need",
			"abuse-or-neglect 1, childs-disability 1, parental-disability-or-illness 1",
			"cin.open.other at 2024-03-31 by age_band", "0-4 1, 5-9 1, 10-15 1",
			"cin.open.other at 2024-03-31 by sex", "female 2, male 1",
			"cin.open.other at 2024-03-31 by ethnic_group", "white 2, black 1",
			"cin.open.other at 2024-03-31 by authority", here+" 3",

			"contacts.received over 2023-24", "6",
			"contacts.received over 2023-04", "2",
			"contacts.received over 2023-24 where month=2024-03", "2",
			"contacts.received over 2023-24 by month",
			"2023-04 2, 2023-05 1, 2023-06 0, 2023-07 0, 2023-08 0, 2023-09 1, 2023-10 0, 2023-11 0, 2023-12 0, 2024-01 0, "+
				"2024-02 0, 2024-03 2",
			"contacts.received over 2023-24 by source", "individual 1, school 1, health 1, police 2, anonymous 1",
			"contacts.received over 2023-24 by outcome", "referral 3, advice 1, no-further-action 2",
			"contacts.received over 2023-24 by age_band", "5-9 2, 10-15 1, 16-17 2, 18-plus 1",
			"contacts.received over 2023-24 by month where source=police", "2023-04 1, 2023-05 1",
			"contacts.received over 2023-24 by authority where outcome=referral", here+" 3",

			"contacts.referred_percent over 2023-24", "3/6",
			"contacts.referred_percent over 2023-24 by source",
			"individual 1/1, school 1/1, health 0/1, police 1/2, anonymous 0/1",
			"contacts.referred_percent over 2023-24 by age_band", "5-9 0/2, 10-15 1/1, 16-17 1/2, 18-plus 1/1",
			"contacts.referred_percent over 2023-24 by authority", here+" 3/6",
			"contacts.referred_percent over 2023-06", "0/0",

			"earlyhelp.started over 2023-24", "4",
			"earlyhelp.started over 2023-24 by sex", "female 1, male 2, not-recorded 1",
			"earlyhelp.started over 2023-24 by source", "individual 1, school 1, health 2",
			"earlyhelp.started over 2023-24 by age_band", "5-9 2, 10-15 1, unknown 1",
			"earlyhelp.started over 2023-24 where month=2024-03", "1",
			"earlyhelp.started over 2023-24 by authority", here+" 4",
		)
	})
}

func TestRefusedQuestions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		none := "nothing is loaded to count it from: import "
		h.want(
			"cla.open at 2024-03-31", "figure cla.open: "+none+wanted[SSDA903],
			"contacts.received over 2023-24", "figure contacts.received: "+none+wanted[Contacts],
		)
		h.load(SSDA903, here, year("header.csv", "episodes.csv")...)
		h.load(CINCensus, here, year("census.xml")...)
		h.load(Contacts, here, year("contacts.csv")...)
		h.want(
			"cla.open at 2023-03-31", "figure cla.open: it is held at the end of each month from 30 April 2023 to 31 March "+
				"2024, and not for 31 March 2023",
			"cla.open at 2024-02-29 by sex",
			"figure cla.open: it is held at the end of each quarter from 30 June 2023 to 31 March 2024, and not for 29 "+
				"February 2024",
			"contacts.received over 2022-23",
			"figure contacts.received: it is held for 2023-24, and not for the whole of 2022-23",
			"contacts.received over 2024",
			"figure contacts.received: it is held for 2023-24, and not for the whole of 1 January 2024 to 31 December 2024",
			"contacts.received over 2023-24 by source where outcome=referral",
			"figure contacts.received: no row about a child is kept, so counts can be cut by one thing at a time, besides "+
				"authority and month",
			"cla.open at 2024-03-31 where sex=woman",
			`figure cla.open: cla.open has no sex "woman"; it has female, male, not-recorded`,
			"cla.open at 2024-03-31 by ward",
			`cla.open cannot be cut by "ward"; it can be cut by authority, age_band, sex, ethnic_group, placement, legal_status`,
			"contacts.received at 2024-03-31", "contacts.received is counted over a period, such as 2023-24, and not at a date",
			"cin.open at 2024-03-31", "9",
			"cin.open.other at 2024-03-31",
			"figure cin.open.other: it is not held: import the children in need census together with the looked-after "+
				"children files of the same year",
		)
		var held *figure.NotHeld
		if _, err := h.values("cla.open at 2024-03-31 where authority=" + there); !errors.As(err, &held) {
			t.Errorf("an authority that is not loaded: %v", err)
		}
		var bad *figure.BadAsk
		for _, q := range []string{"contacts.received over 2023-24 by age_band where source=police",
			"contacts.received over 2023-24 where month=April"} {
			if _, err := h.values(q); !errors.As(err, &bad) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestTwoAuthorities(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		h.load(SSDA903, here, year("header.csv", "episodes.csv")...)
		h.load(SSDA903, there, exported(t, "header.csv")[0], without(t, "episodes.csv", "DEMO1,"))
		h.load(Contacts, here, year("contacts.csv")...)
		h.load(Contacts, there, without(t, "contacts.csv", "Police"))
		h.want(
			"cla.open at 2024-03-31", "7",
			"cla.open at 2024-03-31 by sex", "female 1, male 6",
			"cla.open at 2024-03-31 by authority", there+" 3, "+here+" 4",
			"cla.open at 2024-03-31 where authority="+there, "3",
			"contacts.received over 2023-24", "10",
			"contacts.referred_percent over 2023-24", "5/10",
			"contacts.referred_percent over 2023-24 by authority", there+" 2/4, "+here+" 3/6",
			"contacts.received over 2023-24 by source where authority="+there, "individual 1, school 1, health 1, anonymous 1",
		)
		values, err := h.values("cla.open at 2024-03-31")
		if err != nil || len(values[0].Inputs) != 4 || values[0].Rows != 13+12 {
			t.Errorf("inputs %+v of %d rows, %v", values[0].Inputs, values[0].Rows, err)
		}
		values, err = h.values("cla.open at 2024-03-31 by authority")
		if err != nil || len(values[0].Inputs) != 2 || values[0].Rows != 12 || values[1].Rows != 13 ||
			figure.RowsRead(values) != 25 {
			t.Errorf("by authority: %+v, %v", values, err)
		}
	})
}

// A later import of the same kind, year and authority answers for the date, and
// one child fewer in the file is one fewer in the figure.
func TestReplaceAndWithdraw(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		first := h.load(SSDA903, here, year("header.csv", "episodes.csv")...)
		h.load(SSDA903, there, exported(t, "header.csv", "episodes.csv")...)
		before, err := pack(t.Context(), s.Work, first.ImportID)
		if err != nil {
			t.Fatal(err)
		}
		fewer := []string{without(t, "header.csv", "DEMO3,"), without(t, "episodes.csv", "DEMO3,")}
		dry, err := h.in.Load(t.Context(), SSDA903, fewer, ledger.Options{Year: 2023, Authority: here, DryRun: true})
		if err != nil || dry.ImportID != "" || dry.Batch.Summary[0] != "3 children looked after on 31 March 2024." {
			t.Errorf("dry run: %+v, %v", dry, err)
		}
		h.want("cla.open at 2024-03-31 where authority="+here, "4")

		second := h.load(SSDA903, here, fewer...)
		if !slices.Equal(second.Replaced, []string{first.ImportID}) {
			t.Errorf("replaced %v", second.Replaced)
		}
		h.want(
			"cla.open at 2024-03-31 where authority="+here, "3",
			"cla.open at 2024-03-31 where authority="+there, "4",
		)
		repeated, err := h.in.Load(t.Context(), SSDA903, fewer, ledger.Options{Year: 2023, Authority: here})
		if err != nil || repeated.Same != second.ImportID {
			t.Errorf("the same files again: %+v, %v", repeated, err)
		}
		back, err := h.in.Withdraw(t.Context(), second.ImportID, ann)
		if err != nil || len(back) != 1 || back[0].ID != first.ImportID {
			t.Fatal(back, err)
		}
		if _, err := h.in.Withdraw(t.Context(), second.ImportID, ann); !errors.Is(err, ledger.ErrNotLoaded) {
			t.Errorf("withdrawn twice: %v", err)
		}
		// What it had replaced answers again, to the last cut and file.
		h.want("cla.open at 2024-03-31", "8", "cla.open at 2024-03-31 by authority", there+" 4, "+here+" 4")
		again, err := pack(t.Context(), s.Work, first.ImportID)
		if err != nil || string(again) != string(before) {
			t.Errorf("what came back is\n%s\nand was\n%s: %v", again, before, err)
		}
		// It is loaded like any other: its very files are known, and it can be withdrawn.
		same, err := h.in.Load(t.Context(), SSDA903, year("header.csv", "episodes.csv"),
			ledger.Options{Year: 2023, Authority: here})
		if err != nil || same.Same != first.ImportID {
			t.Errorf("the files that came back are not known: %+v, %v", same, err)
		}
		if back, err := h.in.Withdraw(t.Context(), first.ImportID, ann); err != nil || len(back) != 0 {
			t.Fatal(back, err)
		}
		h.want("cla.open at 2024-03-31 by authority", there+" 4")
	})
}

// A refused file leaves the database as it was.
func TestRefusedLeavesAll(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		h.load(SSDA903, here, year("header.csv", "episodes.csv")...)
		var fatal *intake.Fatal
		for _, paths := range [][]string{year("contacts.csv"), year("header.csv"),
			{year("episodes.csv")[0], year("episodes.csv")[0]}} {
			if _, err := h.in.Load(t.Context(), SSDA903, paths, ledger.Options{Year: 2023, Authority: here}); !errors.As(err,
				&fatal) {
				t.Errorf("%v: %v", paths, err)
			}
		}
		h.want("cla.open at 2024-03-31", "4")
		n, err := db.Get[int](t.Context(), s.Work, `SELECT COUNT(*) FROM imports_ledger`)
		if err != nil || n != 1 {
			t.Errorf("%d imports in the ledger, %v", n, err)
		}
	})
}

// Nothing of a row is stored: no number of a child, no date of birth.
func TestNothingOfARowIsStored(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		h.loadAll(here)
		bad := write(t, "contacts.csv",
			"contact_id,child_id,date_of_birth,contact_date,source,outcome\nDEMOC1,DEMO1,soon,03/04/2023,Aunt DEMO,Ring "+
				"DEMO1 back\n")
		h.load(Contacts, here, bad)
		for _, query := range []string{
			`SELECT measure || from_date || to_date || dimension || value FROM returns_measures`,
			`SELECT kind || year || authority FROM returns_loads`,
			`SELECT name || sha256 FROM returns_sources`,
			`SELECT name || kind FROM returns_files`,
			`SELECT file || field || rule || message FROM imports_findings`,
			`SELECT summary || problem FROM imports_ledger`,
		} {
			rows, err := db.All[string](t.Context(), s.Work, query)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if strings.Contains(r, "DEMO") || strings.Contains(r, "2018-03-31") {
					t.Errorf("%s: %s", query, r)
				}
			}
		}
	})
}

// A council that counts for itself and sends the file of measures brings the same
// figures, with the files they came from.
func TestMeasuresEqualReturns(t *testing.T) {
	t.Parallel()
	questions := []string{
		"cla.open at 2024-03-31", "cla.open at 2024-02-29", "cla.open at 2024-03-31 by placement",
		"cla.open at 2024-03-31 by authority",
		"cpp.open at 2024-03-31 by category", "cin.open at 2023-12-31 by age_band",
		"cin.open.other at 2024-03-31 by primary_need",
		"contacts.received over 2023-24 by month", "contacts.received over 2023-24 by outcome",
		"contacts.referred_percent over 2023-24 by source",
		"earlyhelp.started over 2023-24 by sex",
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		h.loadAll(here)
		direct := map[string]string{}
		for _, q := range questions {
			direct[q] = h.ask(q)
		}
		for kind, paths := range map[string][]string{
			SSDA903: year("header.csv", "episodes.csv"), CINCensus: year("census.xml", "header.csv", "episodes.csv"),
			Contacts: year("contacts.csv"), EarlyHelp: year("early-help.csv"),
		} {
			file := summarise(t, kind, here, paths...)
			rep, err := h.in.Load(t.Context(), Measures, []string{file}, ledger.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if rep.Batch.As != kind || len(rep.Replaced) != 1 {
				t.Errorf("%s: loaded as %s, replaced %v", kind, rep.Batch.As, rep.Replaced)
			}
		}
		for _, q := range questions {
			h.want(q, direct[q])
		}
		values, err := h.values("cla.open at 2024-03-31")
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := intake.Hash([]intake.File{{Name: "episodes.csv", Path: year("episodes.csv")[0]}})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, in := range values[0].Inputs {
			names = append(names, in.File)
			if in.File == "episodes.csv" && in.SHA256 != hashes[0].SHA256 {
				t.Errorf("the episodes have another hash: %+v", in)
			}
		}
		if want := []string{"ssda903.json", "episodes.csv", "header.csv"}; !slices.Equal(names, want) ||
			values[0].Rows != 13 {
			t.Errorf("inputs %v of %d rows, want %v of 13", names, values[0].Rows, want)
		}
	})
}

// A file of measures has every field of its type, a measure to a line, as earlier
// versions wrote it.
func TestMeasuresEncoded(t *testing.T) {
	t.Parallel()
	ten := int64(10)
	f := MeasuresFile{Format: measuresFormat, Version: 1, Kind: SSDA903, Year: "2023-24",
		Authority: "E08990001", Reader: "3",
		Files: []SourceFile{{Name: `a "b".csv`, SHA256: "ab", Rows: 2}}, Findings: map[string]int64{"rule": 1},
		Measures: []measureJSON{{ID: "cla.open", At: period.MustDate("2024-03-31"), Numerator: 4},
			{ID: "cla.open", At: period.MustDate("2024-03-31"), Dimension: "sex", Value: "1", Numerator: 2, Denominator: &ten}}}
	b, err := f.encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "format": "kith-measures",
  "version": 1,
  "kind": "ssda903",
  "year": "2023-24",
  "authority": "E08990001",
  "reader": "3",
  "files": [
    {
      "name": "a \"b\".csv",
      "sha256": "ab",
      "rows": 2
    }
  ],
  "findings": {
    "rule": 1
  },
  "measures": [
    {"measure":"cla.open","at":"2024-03-31","numerator":4},
    {"measure":"cla.open","at":"2024-03-31","dimension":"sex","value":"1","numerator":2,"denominator":10}
  ]
}
`
	if string(b) != want {
		t.Errorf("got\n%s\nwant\n%s", b, want)
	}
	var back MeasuresFile
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, f) {
		t.Errorf("read back: %+v, %v", back, err)
	}
}

// A file of measures is the same to the byte each time, and says it of no child.
func TestMeasuresFile(t *testing.T) {
	t.Parallel()
	var texts []string
	for range 2 {
		b, err := os.ReadFile(summarise(t, CINCensus, here, year("census.xml", "episodes.csv", "header.csv")...))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] {
		t.Error("two files of measures differ")
	}
	if strings.Contains(texts[0], "DEMO") {
		t.Error("a child's number is in the file of measures")
	}
	for _, c := range []struct{ name, from, to, words string }{
		{"a count changed", `"numerator":9}`, `"numerator":8}`, "do not add up"},
		{"a count out of all reason", `"numerator":9}`, `"numerator":9223372036854775807}`, "its numbers cannot be counts"},
		{"a count below nought", `"numerator":9}`, `"numerator":-9}`, "its numbers cannot be counts"},
		{"another year", `"2023-24"`, `"2022-23"`, "it is not in the file's year"},
		{"another kind", `"cin-census"`, `"ssda903"`, "none that this kind of return gives"},
		{"an unknown cut", `"category"`, `"ward"`, "no cut for"},
		{"an edition to come", `"version": 1`, `"version": 2`, "edition 2"},
		{"something more", `"kind"`, `"child": "1", "kind"`, "unknown field"},
		{"no authority", here, "Wirral", "no authority by its code"},
		{"a day in mid-month", `"at":"2023-04-30"`, `"at":"2023-04-29"`, "not at the end of a month"},
		{"no hash", `"sha256": "`, `"sha256": "x`, "no SHA-256"},
	} {
		text := strings.Replace(texts[0], c.from, c.to, 1)
		if text == texts[0] {
			t.Errorf("%s: nothing was changed", c.name)
		}
		_, _, err := ReadMeasures("m.json", strings.NewReader(text))
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A workbook counts as the same list in CSV does.
func TestWorkbookCountsAlike(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{Contacts, EarlyHelp} {
		book := excelize.NewFile()
		b, err := os.ReadFile("testdata/year/" + kind + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		_ = book.SetCellValue("Sheet1", "A1", "A list for the demonstration")
		for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			for j, cell := range strings.Split(line, ",") {
				at, _ := excelize.CoordinatesToCellName(j+1, i+3)
				_ = book.SetCellValue("Sheet1", at, cell)
			}
		}
		if _, err := book.NewSheet("Notes"); err != nil {
			t.Fatal(err)
		}
		path := t.TempDir() + "/list.xlsx"
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		if got, want := counted(t, kind, path), counted(t, kind, year(kind+".csv")...); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", kind, got, want)
		}
	}
}

// counted reads files and writes the measures down.
func counted(t testing.TB, kind string, paths ...string) string {
	t.Helper()
	files, err := intake.Files(paths)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), kind, intake.Source{Files: files, Year: 2023, Authority: here})
	if err != nil {
		t.Fatal(err)
	}
	return table(r.Measures)
}
