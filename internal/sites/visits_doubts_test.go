package sites_test

import (
	"errors"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// Tables of visits from which it cannot be told which numbers are meant are asked about, and
// nothing is loaded until somebody says that they are right.
func TestVisitsDoubts(t *testing.T) {
	t.Parallel()
	sites := func(whole string) string {
		return "month,site,visits\n2023-04,a,500\n2023-04,b,200\n2023-04," + whole + "\n2023-05,a,50\n2023-05,b,20\n"
	}
	for _, c := range []struct {
		name, text string
		asked      string // "" for a table that is not asked about
		want       int64
	}{
		{"the whole is the sum", sites("Whole site,700"), "", 770},
		{"the whole is below the sum", sites("Whole site,690"), "rows of “Whole site” beside rows of single sites", 770},
		{"all sites are below the sum", sites("All sites,690"), "do not come to the same: 690 and 700 visits", 770},
		{"all pages are above the sum", sites("All pages,900"), "do not come to the same: 900 and 700 visits", 770},
		{"the whole of another month", "month,site,visits\n2023-04,a,500\n2023-05,All sites,90\n",
			"has 1 row of “All sites” of days that no row of a single site is of", 500},
		{"the whole and nothing else", "month,site,visits\n2023-04,Whole site,500\n2023-05,Whole site,90\n", "", 590},
		{"visits and sessions", "month,sessions,visits\n2023-04,900,500\n",
			"the columns visits and sessions, which both could be the visits and come to 500 and 900. visits is taken", 500},
		{"visits and sessions that agree", "month,sessions,visits\n2023-04,500,500\n", "", 500},
		{"one address in two forms", "month,site,visits\n2023-04,Www.example.org,500\n2023-05,https://example.org/,90\n", "",
			590},
		{"the same twice", "month,site,visits\n2023-04,Www.example.org,500\n2023-04,example.org/,500\n", "", 500},
		{"two spellings", "month,site,visits\n2023-04,Young people,500\n2023-05,Young peopel,90\n",
			"“Young peopel” and “Young people” look to be one site in two spellings", 590},
		{"two sites of like names", "month,site,visits\n2023-04,Harbour,500\n2023-04,Harbours,90\n", "", 590},
		{"wide digits", "month,visits\n２０２３-0４,５００\n", "", 500},
		{"a title of another year", "Visits 2022-23,,\nmonth,site,visits\n2023-04,a,500\n", "has “Visits 2022-23” above",
			500},
		{"a title of the year", "# Start date: 20230401\n# End date: 20240331\nmonth,site,visits\n2023-04,a,500\n", "", 500},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewStores(t, db.SQLite)
			r := newRoom(t, s)
			in := newLedger(t, s, r)
			path := file(t, "v.csv", c.text)
			rep, err := in.Load(t.Context(), "visits", []string{path}, ledger.Options{})
			if c.asked != "" {
				if !errors.Is(err, ledger.ErrDoubts) || !strings.Contains(strings.Join(rep.Batch.Doubts, "\n"), c.asked) {
					t.Fatalf("not asked about: %v, %q", err, rep.Batch.Doubts)
				}
				_, err = in.Load(t.Context(), "visits", []string{path}, ledger.Options{AcceptDoubts: true})
			}
			must(t, err)
			if v := total(t, r, figure.Ask{Period: period.Year(2023).Span()})[0]; v.Numerator != c.want {
				t.Errorf("%d visits, want %d", v.Numerator, c.want)
			}
		})
	}
}

// What a person says of a site decides: its rows are left out, or it is a site of its own.
func TestVisitsLeftOut(t *testing.T) {
	t.Parallel()
	const text = "month,site,visits\n2023-04,a,500\n2023-04,Test site,30\n2023-04,Whole site,690\n2023-05,Whole site,1\n" +
		"2023-06,whole site,1\n2023-07,b,1\n2023-07,c,1\n2023-07,d,1\n2023-07,e,1\n2023-07,f,1\n"
	s := testkit.NewStores(t, db.SQLite)
	r := newRoom(t, s)
	in := newLedger(t, s, r)
	path := file(t, "v.csv", text)
	files, err := intake.Files([]string{path})
	must(t, err)
	d, _, err := in.Draft(t.Context(), "visits", files, intake.Matching{})
	must(t, err)
	if d == nil || !d.Ask {
		t.Fatalf("not asked which rows are of the whole: %+v", d)
	}
	for _, c := range []struct {
		words map[string]string
		want  int64
	}{
		{map[string]string{"whole site": intake.LeaveOut, "Test Site": intake.LeaveOut}, 505},
		{map[string]string{"a": intake.LeaveOut, "Test site": intake.LeaveOut, "Whole site": intake.AsItIs}, 697},
	} {
		said := intake.Matching{Columns: map[string]string{"date": "month", "visits": "visits", "site": "site"},
			Words: map[string]map[string]string{"site": c.words}}
		rep, err := in.Load(t.Context(), "visits", []string{path}, ledger.Options{Matching: said, AcceptChange: true})
		must(t, err)
		if v := total(t, r, figure.Ask{Period: period.Year(2023).Span()})[0]; v.Numerator != c.want {
			t.Errorf("%v: %d visits, want %d", c.words, v.Numerator, c.want)
		}
		for _, f := range rep.Batch.Findings {
			if f.Rule != "left-out" {
				t.Errorf("%v: %+v", c.words, f)
			}
		}
		if d, _, err := in.Draft(t.Context(), "visits", files, said); err != nil || d.Ask {
			t.Errorf("asked again: %v, %v", d, err)
		}
	}
}

// A table that is saved anew, in another form or order, is known again; files of the whole
// partnership are not taken for one authority's.
func TestVisitsAgain(t *testing.T) {
	t.Parallel()
	const head, rows = "month,site,visits\n", "2023-04,a,500\n2023-05,a,90\n2023-06,a,91\n2023-07,a,92\n2023-08,a,93\n"
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		in := newLedger(t, s, newRoom(t, s))
		_, err := in.Load(t.Context(), "visits", []string{file(t, "v.csv", head+rows)}, ledger.Options{})
		must(t, err)
		lines := strings.SplitAfter(rows, "\n")
		for text, again := range map[string]bool{
			strings.ReplaceAll(head+rows, ",", ";"):                           true,
			head + strings.Join(append(lines[3:], lines[:3]...), ""):          true,
			head + strings.ReplaceAll(rows, "2023-04", "April 2023"):          true,
			head + rows + "2023-09,a,5\n":                                     false,
			strings.ReplaceAll(head+rows, "2023-08,a,93", "2023-08,a,94"):     false,
			strings.ReplaceAll(head+rows, "2023-08,a,93\n", "2023-08,b,93\n"): false,
		} {
			rep, err := in.Load(t.Context(), "visits", []string{file(t, "v.csv", text)}, ledger.Options{DryRun: true})
			must(t, err)
			told := strings.Contains(strings.Join(rep.Batch.Doubts, "\n"), "The same rows are loaded already")
			if told != again {
				t.Errorf("%q: %q", text, rep.Batch.Doubts)
			}
		}
		_, err = in.Load(t.Context(), "visits", []string{file(t, "v.csv", head+rows)},
			ledger.Options{Authority: "E08000015", Cover: true})
		var why *intake.Fatal
		if !errors.As(err, &why) || !strings.Contains(why.Words, "of the whole partnership and not of one authority") {
			t.Errorf("of one authority: %v", err)
		}
	})
}
