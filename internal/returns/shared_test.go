package returns

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// Real files and the fakes that those who make tools for returns use, with all
// their faults: read, and the faults found.
func TestSharedReturns(t *testing.T) {
	t.Parallel()
	const fake = "ssda903_fake/"
	set := []string{"DoLo", "ad1", "episodes", "header", "missing", "oc2", "oc3", "placed_for_adoption",
		"previous_permanence", "reviews", "sw_episodes", "uasc"}
	for i, name := range set {
		set[i] = fake + name + ".csv"
	}
	for _, c := range []struct {
		name    string
		kind    string
		year    period.Year
		files   []string
		summary string   // what the first sentence begins with
		rules   []string // faults that must be found
		none    []string // faults that are not there
	}{
		{"ssda903 as CSV", SSDA903, 2017, set, "1,196 children looked after on 31 March 2018.",
			[]string{ruleNotInHeader, ruleOverlap}, []string{ruleExtraColumn, ruleMissingColumn, ruleDate}},
		{"ssda903 as XML", SSDA903, 2017, []string{fake + "fake_903.xml"}, "110 children looked after on 31 March 2018.",
			[]string{ruleOverlap}, []string{ruleExtraElement}},
		{"episodes alone", SSDA903, 2019, []string{"liia_samples/SSDA903_2020_episodes.csv"}, "0 children",
			[]string{ruleMissingTable}, nil},
		{"episodes with faults", SSDA903, 2022, []string{"liia_samples/SSDA903_episodes_for_testing_fixes_INPUT.csv"},
			"6 children", []string{ruleMissingTable, ruleExtraColumn, ruleOverlap, ruleDateForm}, nil},
		{"census of 2024", CINCensus, 0, []string{"cin_fake/CIN_Census_2024.xml"}, "0 children in need",
			[]string{ruleStrayText, ruleHeaderYear, ruleEndsBefore, ruleNeedsMore}, nil},
		{"census of 2026", CINCensus, 0, []string{"cin_fake/CIN_Census_2026.xml"}, "0 children in need",
			[]string{ruleStrayText, ruleHeaderYear, ruleEndsBefore, ruleNeedsMore}, nil},
		{"census as generated", CINCensus, 0, []string{"cin_fake/fake_CIN_data.xml"}, "0 children in need",
			[]string{ruleHeaderYear, ruleOutsideYear}, nil},
		{"census of 2022", CINCensus, 0, []string{"liia_samples/cin-2022.xml"}, "0 children in need", []string{ruleNeedsMore},
			nil},
		{"contacts of Annex A", Contacts, 2020, []string{"liia_samples/Annex_A.xlsx"}, "5 contacts from 16 September 2020",
			[]string{ruleMissingColumn, ruleExtraTable}, nil},
		{"early help of Annex A", EarlyHelp, 2020, []string{"liia_samples/Annex_A.xlsx"}, "5 episodes of early help",
			[]string{ruleExtraTable}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var src intake.Source
			for _, f := range c.files {
				src.Files = append(src.Files, intake.File{Name: filepath.Base(f), Path: testkit.Shared(t, "data", "returns", f)})
			}
			src.Year, src.Authority = c.year, here
			if c.name == "episodes with faults" {
				src.Authority = "E09000002" // as its column LA says
			}
			if c.kind == CINCensus {
				src.Authority, src.Sole = "", here // its header may name one
			}
			r, err := Read(t.Context(), c.kind, src)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(r.Summary[0], c.summary) {
				t.Errorf("summary: %s", r.Summary[0])
			}
			for _, rule := range c.rules {
				if r.ByRule[rule] == 0 {
					t.Errorf("no finding of %s: %v", rule, r.ByRule)
				}
			}
			for _, rule := range c.none {
				if r.ByRule[rule] > 0 {
					t.Errorf("%d findings of %s", r.ByRule[rule], rule)
				}
			}
			for _, f := range r.Findings {
				if err := sentence(f.Message, 400); err != nil {
					t.Errorf("%+v: %v", f, err)
				}
			}
		})
	}
}

// All the fake tables at once have two for one table, which are named.
func TestSharedTwoTables(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data", "returns", "ssda903_fake"), "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := intake.Files(paths)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(t.Context(), SSDA903, intake.Source{Files: files, Year: 2017, Authority: here})
	if err == nil || !strings.Contains(err.Error(), "placed_for_adoption_errors.csv") ||
		!strings.Contains(err.Error(), "so is placed_for_adoption.csv") {
		t.Errorf("got %v", err)
	}
}

// Files that are no returns are refused at once, in words that a person can act
// on and that repeat nothing but what looks like a header.
func TestSharedRefused(t *testing.T) {
	t.Parallel()
	var paths []string
	add := func(pattern ...string) {
		more, err := filepath.Glob(filepath.Join(pattern...))
		if err != nil || len(more) == 0 {
			t.Fatalf("%v: %v", pattern, err)
		}
		paths = append(paths, more...)
	}
	messy, returns := testkit.Shared(t, "data", "messy"), testkit.Shared(t, "data", "returns")
	add(messy, "*.*")
	add(messy, "*", "*")
	add(returns, "ssda903_fake", "*.xlsx")
	add(returns, "liia_samples", "social_work*")
	add(returns, "ssda903_rules", "*")
	add(returns, "xsd", "*")
	add(returns, "*.csv")
	for _, path := range paths {
		for _, kind := range []string{SSDA903, CINCensus, Contacts, EarlyHelp} {
			start := time.Now()
			f := intake.File{Name: filepath.Base(path), Path: path}
			_, err := Read(t.Context(), kind, intake.Source{Files: []intake.File{f}, Year: 2023, Authority: here})
			checkRefused(t, kind+" "+f.Name, err)
			if took := time.Since(start); took > 20*time.Second { // a hundred times what it takes alone: the machine may be busy
				t.Errorf("%s %s: took %s", kind, f.Name, took)
			}
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = ReadMeasures(filepath.Base(path), in)
		in.Close()
		checkRefused(t, "measures "+filepath.Base(path), err)
	}
}

func checkRefused(t testing.TB, what string, err error) {
	t.Helper()
	var fatal *intake.Fatal
	if !errors.As(err, &fatal) {
		t.Errorf("%s: not refused in words: %v", what, err)
		return
	}
	if err := sentence(fatal.Words, 700); err != nil {
		t.Errorf("%s: %v: %q", what, err, fatal.Words)
	}
}

// sentence checks that words can be shown to a person: some, not too many, and
// nothing that a list or a terminal cannot print.
func sentence(words string, longest int) error {
	switch {
	case len(words) < 20:
		return errors.New("hardly a sentence")
	case len(words) > longest:
		return errors.New("too long for a sentence")
	}
	for _, r := range words {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return errors.New("it has a character that cannot be shown")
		}
	}
	return nil
}

// Reading stops when whoever waits gives up.
func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for kind, names := range map[string][]string{SSDA903: {"header.csv", "episodes.csv"}, CINCensus: {"census.xml"},
		Contacts: {"contacts.csv"}, EarlyHelp: {"early-help.csv"}} {
		files, err := intake.Files(year(names...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(ctx, kind, intake.Source{Files: files, Year: 2023, Authority: here}); !errors.Is(err,
			context.Canceled) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
