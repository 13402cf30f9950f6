package imports_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

var springQuarter = period.Span{From: period.NewDate(2023, 4, 1), To: period.NewDate(2023, 6, 30)}

// monthly is a kind of words that may be of a part of a year; a file that begins with
// "spring" looks to be of April to June.
func monthly() intake.Kind {
	k := words()
	read := k.Read
	k.ID, k.Title, k.Parts = "monthly", "Monthly words", true
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		b, err := read(ctx, src)
		if err != nil {
			return nil, err
		}
		b.Happened, b.Events = src.Year.Span(), 500
		content, err := b.Hold()
		if strings.HasPrefix(string(content), "spring") {
			b.Happened = springQuarter
		}
		return b, err
	}
	k.Pack = func(ctx context.Context, q db.Reader, id string) ([]byte, error) {
		list, err := db.All[string](ctx, q, `SELECT value FROM settings WHERE changed_by = $1 ORDER BY name`, id)
		return []byte(strings.Join(list, " ")), err
	}
	k.Unpack = func(ctx context.Context, q db.Q, id string, content []byte) error {
		b := &intake.Batch{}
		wire(b, strings.Fields(string(content)))
		return b.Store(ctx, q, id)
	}
	return k
}

// TestParts: a part of a year is asked about, is kept beside the year and never takes its
// place; each part has one import, and a final one takes a provisional one's place.
func TestParts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := room(t, s, monthly()), t.Context()
		load := func(text string, o imports.Options) (*imports.Report, error) {
			o.Year, o.By = 2023, ann
			return r.Load(ctx, "monthly", []string{file(t, text)}, o)
		}
		must := func(rep *imports.Report, err error) *imports.Report {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
		whole := must(load("all the year", imports.Options{}))
		if _, err := load("spring words", imports.Options{}); !errors.Is(err, imports.ErrPart) {
			t.Fatalf("a quarter is loaded as the year: %v", err)
		}
		provisional := must(load("spring words", imports.Options{Part: springQuarter, Provisional: true}))
		if len(provisional.Replaced) != 0 || held(t, s) != 3 {
			t.Errorf("it took the place of %v, and %d words are counted", provisional.Replaced, held(t, s))
		}
		quarter := must(load("spring words again", imports.Options{Part: springQuarter}))
		if len(quarter.Replaced) != 1 || quarter.Replaced[0] != provisional.ImportID || held(t, s) != 3 {
			t.Errorf("the final quarter took the place of %v, and %d words are counted", quarter.Replaced, held(t, s))
		}
		var fatal *intake.Fatal
		if _, err := load("spring once more", imports.Options{Part: springQuarter, Provisional: true}); !errors.As(err,
			&fatal) || !strings.Contains(err.Error(), "final ones are loaded already: Ann imported it on") {
			t.Errorf("provisional after final: %v", err)
		}
		if _, err := load("spring words again", imports.Options{WholeYear: true}); !errors.As(err, &fatal) ||
			!strings.Contains(err.Error(), "as Monthly words of April to June 2023") {
			t.Errorf("the quarter's file as the year: %v", err)
		}
		next := period.Span{From: period.NewDate(2024, 4, 1), To: period.NewDate(2024, 6, 30)}
		if _, err := load("another", imports.Options{Part: next}); !errors.As(err, &fatal) {
			t.Errorf("a quarter of another year: %v", err)
		}
		back, err := r.Withdraw(ctx, quarter.ImportID, ann)
		if err != nil || len(back) != 1 || back[0].ID != provisional.ImportID || held(t, s) != 3 {
			t.Errorf("withdrawn: %v %v, %d words", back, err, held(t, s))
		}
		if _, err := r.Withdraw(ctx, provisional.ImportID, ann); err != nil {
			t.Error(err)
		}
		if n := count(t, s, `SELECT count(*) FROM imports_aside`); n != 0 {
			t.Errorf("%d are kept aside", n)
		}
		if _, err := r.Withdraw(ctx, whole.ImportID, ann); err != nil || held(t, s) != 0 {
			t.Errorf("%v, %d words", err, held(t, s))
		}
	})
}

// yearly is monthly words whose number is a figure of each year.
func yearly() intake.Kind {
	k := monthly()
	read := k.Read
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		b, err := read(ctx, src)
		if err != nil {
			return nil, err
		}
		content, err := b.Hold()
		b.Moves = func(ctx context.Context, q db.Reader) ([]intake.Move, error) {
			list, err := db.All[string](ctx, q, `
				SELECT l.year FROM settings s JOIN imports_ledger l ON l.id = s.changed_by WHERE l.kind = 'monthly'`)
			loaded := map[period.Year]int64{}
			for _, text := range list {
				y, err := period.ParseYear(text)
				if err != nil {
					return nil, err
				}
				loaded[y]++
			}
			if part := b.Part.Span; !part.IsZero() { // as many words in each month
				for y, n := range loaded {
					loaded[y] = n * int64(len(part.Months())) / 12
				}
			}
			return []intake.Move{intake.NewMove("Words held", b.Year, loaded, int64(len(strings.Fields(string(content)))))}, err
		}
		return b, err
	}
	return k
}

// TestFirstComparison: what comes in first of its time is compared with what there is of the
// year: final counts with provisional ones, the whole with its longest part; and with the
// year before, where nothing of the same months is kept.
func TestFirstComparison(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := room(t, s, yearly()), t.Context()
		some := func(n int) string { return strings.Repeat("word ", n) }
		months := func(from, to int) period.Span {
			start := period.NewDate(2023, 4, 1)
			return period.Span{From: start.AddMonths(from), To: start.AddMonths(to).EndOfMonth()}
		}
		for _, c := range []struct {
			name string
			n    int
			o    imports.Options
			load bool
			want string
		}{
			{"the first of all", 40, imports.Options{Year: 2022}, true, "2022-23 40 beside nothing"},
			{"a quarter", 20, imports.Options{Part: months(0, 2)}, true,
				"April to June 2023 20 beside April to June 2022 10, asked"},
			{"the next quarter", 21, imports.Options{Part: months(3, 5)}, true,
				"July to September 2023 21 beside July to September 2022 10, asked"},
			{"the half year", 41, imports.Options{Part: months(0, 5)}, true,
				"April to September 2023 41 beside April to September 2022 20, asked"},
			{"cut short", 13, imports.Options{Part: months(0, 5), Provisional: true}, false, "refused"},
			{"provisional", 50, imports.Options{Provisional: true}, true, "2023-24, provisional 50 beside 2022-23 40"},
			{"final", 52, imports.Options{}, false, "2023-24 52 beside 2023-24, provisional 50, and 2022-23 40"},
			{"final, and cut short", 30, imports.Options{}, false,
				"2023-24 30 beside 2023-24, provisional 50, and 2022-23 40, asked"},
			{"final", 53, imports.Options{}, true, "2023-24 53 beside 2023-24, provisional 50, and 2022-23 40"},
			{"a quarter of a year that is loaded", 13, imports.Options{Part: months(9, 11)}, false,
				"January to March 2024 13 beside the same months of 2023-24 13"},
			{"another year's first part", 9, imports.Options{Year: 2024, Part: months(12, 14)}, true,
				"April to June 2024 9 beside April to June 2023 20, asked"},
			{"another year", 80, imports.Options{Year: 2024}, false, "2024-25 80 beside 2023-24 53, asked"},
			{"a year with a part alone", 12, imports.Options{Year: 2021, Part: months(-24, -22)}, true,
				"April to June 2021 12 beside nothing"},
			{"and the whole", 40, imports.Options{Year: 2021}, false, "2021-22 40 beside April to June 2021 12"},
			{"less than its part", 3, imports.Options{Year: 2021}, false, "2021-22 3 beside April to June 2021 12"},
		} {
			c.o.By, c.o.AcceptChange, c.o.WholeYear, c.o.DryRun = ann, true, true, !c.load
			if c.o.Year == 0 {
				c.o.Year = 2023
			}
			rep, err := r.Load(ctx, "monthly", []string{file(t, some(c.n-1)+strings.ReplaceAll(c.name, " ", "-"))}, c.o)
			if err != nil {
				if c.want != "refused" {
					t.Errorf("%s: %v", c.name, err)
				}
				continue
			}
			m := rep.Moves[0]
			got := fmt.Sprintf("%s %d beside nothing", m.Period, m.After)
			if m.Against != "" {
				got = fmt.Sprintf("%s %d beside %s %d", m.Period, m.After, m.Against, m.Before)
			}
			if m.Earlier != "" {
				got += fmt.Sprintf(", and %s %d", m.Earlier, m.EarlierCount)
			}
			if m.Large() {
				got += ", asked"
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
}

// TestPartIsAsked: the page asks whether files that stop in June are of the whole year, and
// takes either answer.
func TestPartIsAsked(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s, monthly())
		send := func(text string, fields ...string) (string, string) {
			t.Helper()
			w := upload(t, r.pages, text, append([]string{"kind", "monthly", "year", "2023-24"}, fields...)...)
			if w.Code != 303 {
				t.Fatal(w.Code, w.Body)
			}
			r.jobs.Wait()
			at := w.Header().Get("Location")
			return at, get(t, r.pages, at).Body.String()
		}
		at, page := send("spring one")
		says(t, page, "This looks like April to June 2023. Is it the whole year?")
		if w := r.press(t, at); w.Code != 422 || !strings.Contains(w.Body.String(), "Say whether it is the whole year") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := r.press(t, at, "period", "part"); w.Code != 303 || stateOf(t, s, at) != "previewed" {
			t.Fatalf("%d %s", w.Code, stateOf(t, s, at))
		}
		page = get(t, r.pages, at).Body.String()
		says(t, page, "Monthly words, April to June 2023", "no figure of the year changes")
		if strings.Contains(page, "Is it the whole year?") {
			t.Error("it is asked again")
		}
		r.press(t, at)
		if stateOf(t, s, at) != "loaded" || held(t, s) != 0 {
			t.Errorf("it is %s, with %d words", stateOf(t, s, at), held(t, s))
		}
		says(t, get(t, r.pages, at).Body.String(), "April to June 2023", "kept beside 2023-24")

		at, _ = send("spring one and two")
		r.press(t, at, "period", "whole")
		if stateOf(t, s, at) != "loaded" || held(t, s) != 4 {
			t.Errorf("it is %s, with %d words", stateOf(t, s, at), held(t, s))
		}
		at, page = send("some words", "part", "part-1", "provisional", "yes")
		says(t, page, "Monthly words, July to September 2023, provisional")
		says(t, page, "part=part-1&amp;provisional=yes&amp;year=2023-24")
		says(t, get(t, r.pages, "/work/imports/new?part=part-1&provisional=yes&year=2023-24").Body.String(),
			`value="part-1" selected`, `name="provisional" type="checkbox" value="yes" checked`)
		r.press(t, at)
		if stateOf(t, s, at) != "loaded" || held(t, s) != 4 {
			t.Errorf("it is %s, with %d words", stateOf(t, s, at), held(t, s))
		}
		if w := upload(t, r.pages, "x", "kind", "words", "year", "2023-24", "part", "part-1"); w.Code != 422 {
			t.Errorf("a part of a kind that has none: %d", w.Code)
		}
	})
}
