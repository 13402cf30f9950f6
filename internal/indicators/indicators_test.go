package indicators_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/indicators"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

func room(t *testing.T, s testkit.Stores) (*indicators.Room, *figure.Registry) {
	t.Helper()
	reg := figure.NewRegistry(figure.Stores{Work: s.Work}, figure.Definition{
		ID: "cla.open", Title: "Children looked after", Counts: "Children looked after at the end of a day.",
		Unit: "children",
		Kind: figure.Stock, Protection: figure.Child, Source: "SSDA903", Version: 1,
		Dimensions: []figure.Dimension{{ID: "age_band", Title: "Age band"}},
		Compute: func(_ context.Context, _ *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
			if a.At.Before(period.MustDate("2022-01-01")) {
				return nil, &figure.NotHeld{Words: "it is held from 31 March 2022"}
			}
			if a.By != "" {
				young, old := figure.Of(500).At("age_band", "10 to 15"), figure.Of(277).At("age_band", "16 and 17")
				young.Rows, old.Rows = 3000, 2100
				return []figure.Value{young, old}, nil
			}
			v := figure.Of(777)
			v.Rows, v.Makeup = 5000, []string{"500 + 277 = 777."}
			for _, file := range [][2]string{{"ssda903", "episodes.csv"}, {"cin-census", "census.xml"},
				{"ssda903", "header.csv"}} {
				v.Inputs = append(v.Inputs, figure.Input{Import: "i1", Kind: file[0], File: file[1],
					SHA256: strings.Repeat("ab", 32)})
			}
			return []figure.Value{v}, nil
		},
	}, figure.Definition{
		ID: "training.sector_percent", Title: "Share by sector", Counts: "A share.", Unit: "%", Kind: figure.Flow,
		Protection: figure.Staff, Version: 1,
		Dimensions: []figure.Dimension{{ID: "sector", Title: "Sector", Values: figure.Fixed("local-authority", "health")}},
		Compute: func(_ context.Context, _ *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
			switch {
			case a.By == "sector":
				return []figure.Value{figure.Ratio(478, 956).At("sector", "local-authority")}, nil
			case a.Where["sector"] == "":
				return nil, &figure.BadAsk{Words: "say which sector"}
			}
			return []figure.Value{figure.Ratio(478, 956)}, nil
		},
	})
	r, err := indicators.New(s.Work, clock.Fixed(time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)), ids.New, reg)
	if err != nil {
		t.Fatal(err)
	}
	r.Returns = func(kind string) string { return "Return " + kind }
	return r, reg
}

func value(n, of int64, final bool) indicators.Supplied {
	span := period.Year(2023).Span()
	return indicators.Supplied{Title: "First-time entrants to youth justice",
		Counts: "Children cautioned or sentenced for the first time.", Unit: "children",
		Counted: "children", Kind: "flow", From: span.From, To: span.To, Numerator: n, Denominator: of,
		Source: "Youth justice plan 2024", Owner: "Head of youth justice",
		GivenOn: period.MustDate("2024-05-01"), Final: final}
}

func TestSupplied(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, reg := room(t, s)
		ctx, ann := t.Context(), web.Person{ID: "p1", Name: "Ann"}
		var taken *ui.Taken
		id, err := r.AddSupplied(ctx, ann, value(64, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.AddSupplied(ctx, ann, value(65, 0, false)); !errors.As(err, &taken) {
			t.Fatalf("a second value for the same year: %v", err)
		}
		ask := figure.Ask{Period: period.Year(2023).Span()}
		const figureID = "attested.first-time-entrants-to-youth-justice"
		if v, err := reg.One(ctx, figureID, ask); err != nil || v.Numerator != 64 ||
			!strings.Contains(v.Attested, "provisional") {
			t.Fatalf("%+v %v", v, err)
		}
		better := value(61, 0, true)
		better.Reason = "The final return"
		if _, err := r.ReplaceSupplied(ctx, ann, id, better, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		var changed *web.Changed
		if _, err := r.ReplaceSupplied(ctx, web.Person{ID: "p2", Name: "Bob"}, id, better, web.Seen{}); !errors.As(err,
			&changed) || changed.By != "Ann" {
			t.Fatalf("replaced twice: %v", err)
		}
		if v, err := reg.One(ctx, figureID, ask); err != nil || v.Numerator != 61 || !strings.Contains(v.Attested, "final") {
			t.Fatalf("%+v %v", v, err)
		}
		if n, err := db.Get[int](ctx, s.Work, `SELECT count(*) FROM indicators_attested`); err != nil || n != 2 {
			t.Fatalf("the old value can no longer be read: %d %v", n, err)
		}
		var held *figure.NotHeld
		if _, err := reg.One(ctx, figureID, figure.Ask{Period: period.Year(2020).Span()}); !errors.As(err, &held) {
			t.Fatal(err)
		}
	})
}

func TestPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := room(t, s)
		may := map[web.Permission]bool{access.FiguresRead: true, access.FiguresAttest: true, access.FiguresRestricted: true}
		m := web.NewMux(slog.New(slog.NewTextHandler(t.Output(), nil)))
		m.Person = func(*http.Request) (web.Person, error) {
			return web.Person{ID: "p", Name: "Ann", Permissions: may}, nil
		}
		m.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base { return ui.Base{Layout: ui.LayoutWork} }
		m.Handle(r.Routes()...)
		do := func(method, path string, form url.Values, status int, texts ...string) {
			t.Helper()
			var body io.Reader
			if form != nil {
				body = strings.NewReader(form.Encode())
			}
			req := httptest.NewRequest(method, path, body)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			m.ServeHTTP(w, req)
			if w.Code != status {
				t.Fatalf("%s %s: got %d\n%s", method, path, w.Code, w.Body)
			}
			for _, want := range texts {
				if !strings.Contains(w.Body.String(), want) {
					t.Fatalf("%s %s lacks %q:\n%s", method, path, want, w.Body)
				}
			}
		}
		do("GET", "/work/performance", nil, 200, "Children looked after", "777", "open it to see its parts")
		do("GET", "/work/performance?q=nothing+such", nil, 200, "No figure matches")
		do("GET", "/work/performance?format=csv", nil, 200, "cla.open,Children looked after,2023-24,777")
		do("GET", "/work/performance/figures/cla.open", nil, 200, "777", "on 31 March 2024", "How this was worked out",
			"Return cin-census: census.xml", "Return ssda903: episodes.csv and header.csv", "500 &#43; 277 = 777.",
			"year by year")
		do("GET", "/work/performance/figures/cla.open?by=age_band", nil, 200, "16 and 17", "277",
			"5,000, and 5,100 for all of the parts")
		do("GET", "/work/performance/figures/cla.open?by=age_band&format=csv", nil, 200, "10 to 15,500")
		do("GET", "/work/performance/figures/cla.open?at=2001-01-01", nil, 200, "It is held from 31 March 2022.")
		do("GET", "/work/performance/figures/training.sector_percent?by=sector", nil, 200, "50.0%", "478 of 956")
		do("GET", "/work/performance/figures/nothing", nil, 404)
		const share = "/work/performance/figures/training.sector_percent?"
		do("GET", share+"sector=health", nil, 200, "50.0%")
		do("GET", share+"sector=helth", nil, 400, "has no sector &#34;helth&#34;; there are local-authority and health")
		do("GET", share+"colour=red", nil, 400, "cannot be cut by &#34;colour&#34;; it can be cut by sector")
		do("GET", share+"by=colour", nil, 400, "cannot be cut by &#34;colour&#34;; it can be cut by sector")
		do("GET", share+"sector=helth&format=csv", nil, 400, "has no sector")
		delete(may, access.FiguresRestricted)
		do("GET", "/work/performance/figures/cla.open", nil, 200, "777")
		do("GET", "/work/performance/figures/cla.open?by=age_band", nil, 404)

	})
}

func second(_ int, page string) string { return page }

// TestFewChildren: who may not see small counts of children meets none of them, in the
// list, on the page of a year or a month, in its series or in a file.
func TestFewChildren(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	few := func(id string, v func(year int) figure.Value) figure.Definition {
		return figure.Definition{ID: id, Title: "Of " + id, Counts: "Children.", Unit: "children", Kind: figure.Flow,
			Protection: figure.Child, Source: "Records", Version: 1,
			Compute: func(_ context.Context, _ *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
				got := v(a.Period.From.Year)
				if got.Numerator < 6 || got.Denominator != nil {
					got.Makeup = []string{"Made of 3 or 4."}
				}
				return []figure.Value{got}, nil
			}}
	}
	share := few("few.share", func(int) figure.Value { return figure.Ratio(37, 40) })
	share.Unit, share.Numerator, share.Denominator = "%", "those seen", "all"
	staff := few("few.staff", func(int) figure.Value { return figure.Of(4) })
	staff.Protection = figure.Open
	reg := figure.NewRegistry(figure.Stores{Work: s.Work, Public: s.Public}, share, staff,
		few("few.now", func(year int) figure.Value { return figure.Of(map[int]int64{2023: 4, 2022: 94}[year]) }),
		few("few.before", func(year int) figure.Value { return figure.Of(map[int]int64{2023: 94, 2022: 4}[year]) }))
	r, err := indicators.New(s.Work, clock.Fixed(time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)), ids.New, reg)
	if err != nil {
		t.Fatal(err)
	}
	m := testkit.Mux(t, r.Routes()...)
	may := map[web.Permission]bool{access.FiguresRead: true}
	m.Person = func(*http.Request) (web.Person, error) { return web.Person{ID: "p", Permissions: may}, nil }
	ask := func(path string) (int, string) {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code, w.Body.String()
	}
	cell := regexp.MustCompile(`>\s*4\s*<|,4,|92\.5|37 of 40|Made of|4 children|"value":4`)
	for _, id := range []string{"few.now", "few.before", "few.share"} {
		at := "/work/performance/figures/" + id
		for _, query := range []string{"?period=2023-24", "?period=2023-05", "?period=2022-23", "?period=2023-24&format=csv",
			"?period=2023-24&format=json"} {
			code, page := ask(at + query)
			if cell.MatchString(page) {
				t.Errorf("%s%s shows a small count: %d\n%s", at, query, code, testkit.Main(page))
			}
		}
	}
	// What was supplied is listed as small as it is computed.
	for n, of := range map[int64]int64{4: 0, 37: 40, 94: 0} {
		a := value(n, of, true)
		a.Title = fmt.Sprint("Supplied ", n)
		if _, err := r.AddSupplied(t.Context(), web.Person{ID: "p"}, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{"", "?format=csv"} {
		page := regexp.MustCompile(`Supplied 4|supplied-4`).ReplaceAllString(second(ask("/work/performance/supplied"+end)), "")
		if cell.MatchString(page) || !strings.Contains(page, "94") || !strings.Contains(page, "fewer than 6") ||
			!strings.Contains(page, "not shown") {
			t.Errorf("the list of what was supplied: %s", page)
		}
	}
	if code, page := ask("/work/performance/figures/few.now?period=2023-24"); code != 200 ||
		!strings.Contains(page, "fewer than 6") || !strings.Contains(page, "very few children") {
		t.Errorf("%d %s", code, testkit.Main(page))
	}
	for _, end := range []string{"", "&format=csv"} {
		_, page := ask("/work/performance?year=2023-24" + end)
		if !strings.Contains(page, "fewer than 6") || !strings.Contains(page, "94") ||
			cell.MatchString(strings.ReplaceAll(strings.ReplaceAll(page, ">4<", ""), "few.staff,Of few.staff,2023-24,4,", "")) {
			t.Errorf("the list%s: %s", end, testkit.Main(page))
		}
	}
	may[access.FiguresRestricted] = true
	if code, page := ask("/work/performance/figures/few.now?period=2023-24"); code != 200 || !cell.MatchString(page) {
		t.Errorf("who may see it: %d %s", code, testkit.Main(page))
	}
	if code, page := ask("/work/performance/figures/few.now?period=2023-24&format=csv"); code != 200 ||
		!strings.Contains(page, ",4,") {
		t.Errorf("who may have it: %d %s", code, page)
	}
}

// TestScripts runs the page scripts: how a figure is supplied and replaced.
func TestScripts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := room(t, s)
		supplies := map[web.Permission]bool{access.FiguresRead: true, access.FiguresAttest: true}
		testkit.Scripts(t, map[string]web.Person{
			"ann": {ID: "p1", Name: "Ann", Permissions: supplies}, "bob": {ID: "p2", Name: "Bob", Permissions: supplies},
			"reader": {ID: "p3", Name: "Cy", Permissions: map[web.Permission]bool{access.FiguresRead: true}},
		}, nil, r.Routes()...)
	})
}
