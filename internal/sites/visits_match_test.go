package sites_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// A counter with headings of its own is asked about, and its visits are counted by what a
// person says of it. What its own headings say is not asked, and what is no table has nothing
// to match.
func TestMatchVisits(t *testing.T) {
	t.Parallel()
	const counter = "Report of the counter,,,\nInterval,Web address,Entries,Pages\nApril 2023,young,1200,5000\n" +
		"May 2023,young,some,5100\nJune 2023,main,300,900\n"
	said := intake.Matching{Columns: map[string]string{"date": "Interval", "visits": "Entries", "site": "Web address"}}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		in := newLedger(t, s, r)
		path := file(t, "counter.csv", counter)
		draft := func(path string, m intake.Matching) *intake.Draft {
			files, err := intake.Files([]string{path})
			must(t, err)
			d, _, err := in.Draft(t.Context(), "visits", files, m)
			must(t, err)
			return d
		}
		if d := draft(path, intake.Matching{}); d == nil || !d.Ask || len(d.Columns) != 4 || len(d.First) != 0 {
			t.Fatalf("unasked: %+v", d)
		}
		d := draft(path, said)
		want := [][]string{{"April 2023", "young", "1,200"}, {"June 2023", "main", "300"}}
		if diff := cmp.Diff(want, d.First); diff != "" || d.Ask || len(d.LeftOut) != 1 {
			t.Errorf("asked %v, left out %v: %s", d.Ask, d.LeftOut, diff)
		}
		_, err := in.Load(t.Context(), "visits", []string{path}, ledger.Options{})
		var why *intake.Fatal
		if !errors.As(err, &why) {
			t.Fatalf("loaded unasked: %v", err)
		}
		_, err = in.Load(t.Context(), "visits", []string{path}, ledger.Options{Matching: said})
		must(t, err)
		if v := total(t, r, figure.Ask{Period: period.Year(2023).Span()})[0]; v.Numerator != 1500 {
			t.Errorf("%d visits", v.Numerator)
		}

		for text, ask := range map[string]bool{
			"month,visits\nJune 2023,5\n":            false, // known
			"month,entries\nJune 2023,5\n":           true,  // a column is missing
			"Interval,Pages\nJune 2023,5\n":          true,
			"Interval,Entries\n":                     false, // no row
			"June 2023,5\nJuly 2023,6\nMay 2023,4\n": false, // no headings
		} {
			if d := draft(file(t, "v.csv", text), intake.Matching{}); (d != nil && d.Ask) != ask {
				t.Errorf("%q: asked %v", text, !ask)
			}
		}
		_, err = in.Read(t.Context(), "visits", []string{file(t, "v.csv", "Interval,Entries,Entries\nJune 2023,5,6\n")},
			ledger.Options{Matching: intake.Matching{Columns: map[string]string{"date": "Interval", "visits": "Entries"}}})
		if err == nil || !strings.Contains(err.Error(), "two columns are called Entries") {
			t.Errorf("one of two columns was taken: %v", err)
		}
	})
}
