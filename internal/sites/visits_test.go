package sites_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// What is a visit, and what is not.
func TestIsVisit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		method  string
		headers string // name: value, one a line; a User-Agent of Firefox where there is none
		want    bool
	}{
		{"the address typed", "GET", "", true},
		{"typed, as newer browsers say it", "GET", "Sec-Fetch-Site: none\nSec-Fetch-Dest: document\nSec-Fetch-Mode: navigate",
			true},
		{"a link on another website", "GET", "Referer: https://news.example/story", true},
		{"the same, with its origin only", "GET", "Sec-Fetch-Site: cross-site\nReferer: https://news.example/", true},
		{"a link on another host of ours", "GET", "Sec-Fetch-Site: same-site\nReferer: https://young.tidewell.example/",
			true},
		{"the next page of the same site", "GET", "Referer: http://tidewell.example/help", false},
		{"the same in other letters", "GET", "Referer: http://TIDEWELL.example/help", false},
		{"the same, without a referer", "GET", "Sec-Fetch-Site: same-origin", false},
		{"a referer that is no address", "GET", "Referer: ://", true},
		{"fetched in advance", "GET", "Sec-Purpose: prefetch", false},
		{"rendered in advance", "GET", "Sec-Purpose: prefetch;prerender", false},
		{"fetched in advance, the old way", "GET", "X-Moz: prefetch", false},
		{"a preview of the tab", "GET", "X-Purpose: preview", false},
		{"inside another page", "GET", "Sec-Fetch-Dest: iframe\nSec-Fetch-Site: cross-site", false},
		{"asked for by a script", "GET", "Sec-Fetch-Dest: empty", false},
		{"the headers only", "HEAD", "", false},
		{"a form", "POST", "", false},
		{"a search engine", "GET", "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
			false},
		{"a browser driven by a program", "GET",
			"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 " +
				"Safari/537.36", false},
		{"a link preview in a message", "GET", "User-Agent: facebookexternalhit/1.1", false},
		{"a command", "GET", "User-Agent: curl/8.5.0", false},
		{"a program that gives no name", "GET", "User-Agent: ", false},
		{"a telephone whose name has bot in it", "GET",
			"User-Agent: Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
			true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://tidewell.example/help", nil)
			r.Header.Set("User-Agent", firefox)
			for line := range strings.Lines(c.headers) {
				name, value, _ := strings.Cut(strings.TrimRight(line, "\n"), ": ")
				r.Header.Set(name, value)
			}
			if got := sites.IsVisit(r); got != c.want {
				t.Errorf("a visit: %v, want %v", got, c.want)
			}
		})
	}
}

func visit(d *desk, path string) {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("User-Agent", firefox)
	d.do(r)
}

var june = period.Span{From: db.Date{Year: 2024, Month: 6, Day: 1}, To: db.Date{Year: 2024, Month: 6, Day: 30}}

// total asks for visits.total, as the whole program would.
func total(t testing.TB, r *sites.Room, ask figure.Ask) []figure.Value {
	t.Helper()
	ask.Sources = true
	values, err := figure.NewRegistry(figure.Stores{Work: r.Work, Public: r.Public, Now: r.Now},
		r.Figures()...).Compute(t.Context(), "visits.total", ask)
	must(t, err)
	return values
}

func TestCounting(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		one, two := newRoom(t, s), newRoom(t, s)
		must(t, one.LoadSample(t.Context(), editor))
		a, b := newDesk(t, one), newDesk(t, two)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { visit(a, "/") })
			wg.Go(func() { visit(b, "/hubs/neglect-gcp2") })
		}
		wg.Wait()
		visit(a, "/hubs/nothing")  // not found
		visit(a, "/robots.txt")    // not a page
		visit(a, "/work/sites")    // not public
		visit(a, "/search?q=baby") // a page
		must(t, one.Flush(t.Context()))
		must(t, two.Flush(t.Context()))
		must(t, two.Flush(t.Context()))
		visit(b, "/help")
		ctx, stop := context.WithCancel(t.Context())
		stop()
		two.Run(ctx, func(err error) { t.Error(err) }) // at shutdown what is left is written down

		v := total(t, one, figure.Ask{Period: june})[0]
		if v.Numerator != 42 {
			t.Errorf("%d visits, want 42", v.Numerator)
		}
		if v.Note != "" {
			t.Errorf("June is noted as %q", v.Note)
		}
		_, err := figure.NewRegistry(figure.Stores{Work: one.Work, Public: one.Public, Now: one.Now},
			one.Figures()...).Compute(t.Context(), "visits.total", figure.Ask{Period: period.Year(2019).Span()})
		var none *figure.NotHeld
		if !errors.As(err, &none) || !strings.Contains(none.Words, "no visits on record") {
			t.Errorf("a year without records: %v", err)
		}
	})
}

// The public pages of other rooms count as well, those that answer with a page.
func TestCountedElsewhere(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	answer := func(status int, media string) web.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(status)
			return nil
		}
	}
	d := newDesk(t, r)
	d.mux.Handle(r.Counted(
		web.Route{Pattern: "GET /report", Permission: web.Anyone, Handle: answer(200, "text/html; charset=utf-8")},
		web.Route{Pattern: "GET /report/same", Permission: web.Anyone, Handle: answer(304, "")},
		web.Route{Pattern: "GET /report/data", Permission: web.Anyone, Handle: answer(200, "text/csv")},
		web.Route{Pattern: "GET /report/old", Permission: web.Anyone, Handle: answer(301, "text/html")},
		web.Route{Pattern: "GET /report/none", Permission: web.Anyone,
			Handle: func(http.ResponseWriter, *http.Request) error { return web.ErrNotFound }},
	)...)
	for _, path := range []string{"/report", "/report/same", "/report/data", "/report/old", "/report/none"} {
		visit(d, path)
	}
	must(t, r.Flush(t.Context()))
	if v := total(t, r, figure.Ask{Period: june})[0]; v.Numerator != 2 {
		t.Errorf("%d visits, want 2: the page, and the page that the browser had", v.Numerator)
	}
}

// What cannot be written down is kept for the next time.
func TestFlushKeeps(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	visit(newDesk(t, r), "/help")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Flush(gone); err == nil {
		t.Fatal("writing down without a store to write to gives no error")
	}
	must(t, r.Flush(t.Context()))
	if v := total(t, r, figure.Ask{Period: june})[0]; v.Numerator != 1 {
		t.Errorf("%d visits, want 1", v.Numerator)
	}
}

func file(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func newLedger(t testing.TB, s testkit.Stores, r *sites.Room) *ledger.Room {
	return ledger.New(t, s.Work, clock.Fixed(noon), ids.New, r.Kinds()...)
}

const history = `Month,Website,Sessions
April 2023,,"3,000"
May 2023,Partnership website,3500
2023-06,main,3600.0
01/07/2023,main,100
15/07/2023,main,50
2024-03,Young people's site,400
Total,,10650
`

func TestImportVisits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		in := newLedger(t, s, r)
		rep, err := in.Load(t.Context(), "visits", []string{file(t, "history.csv", history)}, ledger.Options{})
		must(t, err)
		if got := strings.Join(rep.Batch.Summary, " "); got != "10,650 visits in 2023-24, over 5 months." {
			t.Errorf("summary %q", got)
		}
		year := period.Year(2023).Span()
		v := total(t, r, figure.Ask{Period: year})[0]
		if v.Numerator != 10650 || len(v.Inputs) != 1 || v.Inputs[0].File != "history.csv" ||
			!strings.Contains(v.Note, "7 of the 12 months") {
			t.Errorf("2023-24: %d, inputs %v, note %q", v.Numerator, v.Inputs, v.Note)
		}
		var got strings.Builder
		for _, by := range []string{"month", "site"} {
			for _, v := range total(t, r, figure.Ask{Period: year, By: by}) {
				got.WriteString(v.Dims[by] + " " + table(v.Numerator))
			}
		}
		for _, v := range total(t, r, figure.Ask{Period: year, Where: map[string]string{"site": "young-people-s-site",
			"month": "2024-03"}}) {
			got.WriteString("both " + table(v.Numerator))
		}
		want := "2023-04 3000\n2023-05 3500\n2023-06 3600\n2023-07 150\n2024-03 400\npartnership " +
			"10250\nyoung-people-s-site 400\nboth 400\n"
		if got.String() != want {
			t.Errorf("cut by month and site:\n%s\nwant\n%s", got.String(), want)
		}

		// A later import of the year takes the first one's place; withdrawn, the first counts
		// again, and after that nothing is left.
		first := rep.ImportID
		rep, err = in.Load(t.Context(), "visits", []string{file(t, "again.csv", "date;visits\n2023-04;43000\n")},
			ledger.Options{AcceptChange: true})
		must(t, err)
		if v := total(t, r, figure.Ask{Period: year})[0]; v.Numerator != 43000 || len(rep.Replaced) != 1 {
			t.Errorf("replaced: %d", v.Numerator)
		}
		back, err := in.Withdraw(t.Context(), rep.ImportID, web.Person{ID: "p1", Name: "Eddie"})
		must(t, err)
		if v := total(t, r, figure.Ask{Period: year})[0]; v.Numerator != 10650 || len(back) != 1 {
			t.Errorf("brought back: %d, %v", v.Numerator, back)
		}
		_, err = in.Withdraw(t.Context(), first, web.Person{ID: "p1", Name: "Eddie"})
		must(t, err)
		_, err = figure.NewRegistry(figure.Stores{Work: r.Work, Public: r.Public, Now: r.Now},
			r.Figures()...).Compute(t.Context(), "visits.total", figure.Ask{Period: year})
		var none *figure.NotHeld
		if !errors.As(err, &none) {
			t.Errorf("withdrawn: %v", err)
		}
	})
}

// An imported month stands in place of the days counted in it, for its site.
func TestImportedMonthReplacesCounted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		d := newDesk(t, r)
		visit(d, "/help")
		must(t, r.Flush(t.Context()))
		_, err := newLedger(t, s, r).Load(t.Context(), "visits",
			[]string{file(t, "june.csv", "month,site,visits\nJun 2024,main,900\nJun 2024,Young,5\nMay 2024,main,7\n")},
			ledger.Options{})
		must(t, err)
		if v := total(t, r, figure.Ask{Period: june})[0]; v.Numerator != 905 {
			t.Errorf("June is %d, want the 905 that were imported", v.Numerator)
		}
		part := period.Span{From: june.From, To: june.From.AddDays(9)}
		_, err = figure.NewRegistry(figure.Stores{Work: r.Work, Public: r.Public, Now: r.Now},
			r.Figures()...).Compute(t.Context(), "visits.total", figure.Ask{Period: part})
		var none *figure.NotHeld
		if !errors.As(err, &none) || !strings.Contains(none.Words, "ask for whole months") {
			t.Errorf("part of an imported month: %v", err)
		}
		d.get("/work/sites/visits?year=2024-25", 200, "912", "Imported", "What is a visit?", "Visits by month, 2024-25")
		d.get("/work/sites/visits?year=2024-25&site=young", 200, "Young")
		d.get("/work/sites/visits?year=2023-24", 200, "There are no visits on record for 2023-24")
		d.get("/work/sites/visits?year=2024-25&format=csv", 200, "2024-06,partnership,Partnership website,900,imported")
	})
}

// What is read with findings, and what is refused with words to act on.
func TestReadVisits(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r := newRoom(t, s)
	in := newLedger(t, s, r)
	for _, c := range []struct {
		name, text string
		year       period.Year
		want       string // findings by rule, or what it is refused for
	}{
		{"clean", "month,visits\n2023-04,5\n", 0, ""},
		{"headings after a title", "Web report\nMade on 3 May\n\nDate\tUsers\tVisits\n2023-04-01\t3\t5\n", 0, ""},
		{"a counter's days", "Date,Sessions\n20230401,5\n20230402,6\n", 0, ""},
		{"a bad date, a bad number, a total",
			"month,visits\nsoon,5\n2023-04,many\n2023-04,-3\n2023-05,1.5\nGrand total,9\n2023-04,5\n" +
				"2023-05,5\n2023-06,5\n2023-07,5\n2023-08,5\n", 0, "date number number number total"},
		{"most of it cannot be read", "month,visits\nQ1,5\nQ2,5\nQ3,5\n2023-04,5\n", 0,
			"refused: 3 of the 4 rows cannot be read, so that most visits would be missing"},
		{"most of it has no number", "month,visits\n2023-04,NULL\n2023-05,-\n2023-06,1k\n2023-07,5\nTotal,5\n2022-04,5\n" +
			"2022-05,5\n", 2023, "refused: 3 of the 4 rows cannot be read"},
		{"points of thousands", "month,visits\n2023-04,950\n2023-05,1.000\n2023-06,1.100\n", 0,
			"refused: line 3: the visits are written with a point and three digits"},
		{"points of decimals", "month,visits\n2023-04,950.000\n2023-05,1100.000\n", 0, ""},
		{"a month and some of its days", "date,visits\n2023-06-01,5\n2023-06-02,6\nJune 2023,22\n", 0,
			"refused: line 4: there are visits of the whole of June 2023 (22) and of single days in it (11)"},
		{"month first", "date,visits\n04/07/2023,5\n04/13/2023,5\n", 0, "refused: month first"},
		{"no value", "month,site,visits\n2023-04,NULL,5\nNULL,main,5\n", 0, "date empty-word empty-word"},
		{"rows of the same day by another column", "date,page,visits\n2023-04-01,a,5\n2023-04-01,b,5\n", 0, ""},
		{"rows of the same day with other numbers", "date,visits\n2023-04-01,5\n2023-04-01,6\n", 0,
			"refused: line 3: line 2 has another number for the same days and site, 5 and here 6"},
		{"a month with two numbers", "month,site,visits\nApril 2023,a,5\nApril 2023,b,5\n2023-04,a,7\n", 0,
			"refused: line 4: line 2 has another number"},
		{"a month written in two ways", "month,visits\nApril 2023,5\n2023-04,5\n", 0, "duplicate"},
		{"firsts of months, month first", "date,visits\n04/01/2023,5\n05/01/2023,6\n01/01/2024,7\n", 2023,
			"refused: line 2: the dates may be days of January, or each the first of a month"},
		{"firsts of months, day first", "date,visits\n01/04/2023,5\n01/05/2023,6\n01/01/2024,7\n", 0, ""},
		{"days of January", "date,visits\n12/01/2024,5\n13/01/2024,6\n", 0, ""},
		{"one day of January a year", "date,visits\n04/01/2024,5\n04/01/2023,6\n", 2023, "year"},
		{"thousands without quotation marks", "month,site,visits\nApril 2023,a,1,000\nMay 2023,a,900\n", 0,
			"refused: line 2: a row has more cells than the header has columns"},
		{"the same without sites", "month,visits\nApril 2023,900\nMay 2023,1,000\n", 0, "refused: line 3: a row has more"},
		{"the same under a header with an empty end", "month,visits,\nApril 2023,1,000\n", 0,
			"refused: line 2: a row has more"},
		{"cells of nothing beyond the header", "month,visits\n2023-04,5,,\n2023-05,6,\n", 0, ""},
		{"two columns of one name", "Month,Visits,Visits\n2023-04,5,6\n", 0,
			"refused: line 1: two columns are called Visits"},
		{"two columns of sites", "month,site,visits,site\n2023-04,a,5,b\n", 0,
			"refused: line 1: two columns are called site"},
		{"another year's rows", "month,visits\n2023-04,5\n2022-04,5\n", 2023, "year"},
		{"a year long ago", "month,visits\n1823-04,5\n2023-04,5\n", 0, "date"},
		{"two years and none asked for", "month,visits\n2023-04,5\n2022-04,5\n", 0,
			"refused: the visits are of 2022-23 and 2023-24; import the file once for each year"},
		{"nothing of the year asked for", "month,visits\n2023-04,5\n", 2021, "refused: nothing here is of 2021-22"},
		{"months without a year", "month,visits\nApril,5\nMay,6\njun,7\n", 0,
			"refused: no row could be read as visits; check that the first column is a month or a date and that visits are whole " +
				"numbers: \"April\" has no year: write each month with its year, such as June 2023"},
		{"months across", "Site,April 2023,May 2023\nMain site,5,6\n", 0, "refused: the months stand across the top"},
		{"months across, without a year", "Site,Apr,May\nMain site,5,6\n", 0, "refused: the months stand across the top"},
		{"users", "Month,Site,Users\nApril 2023,a,5\n", 0, "refused: the column Users counts people, and not visits"},
		{"page views", "Month,Page views\nApril 2023,5\n", 0, "refused: the column Page views counts pages, and not visits"},
		{"no headings", "a,b\n1,2\n", 0, "refused: does not look like a table of visits"},
		{"headings and nothing else", "month,visits\n", 0, "refused: no row could be read as visits"},
		{"nothing at all", "", 0, "refused: the file is empty"},
		{"not a table", "%PDF-1.7\n", 0, "refused: "},
	} {
		rep, err := in.Read(t.Context(), "visits", []string{file(t, "v.csv", c.text)}, ledger.Options{Year: c.year})
		if want, refused := strings.CutPrefix(c.want, "refused: "); refused {
			var f *intake.Fatal
			if !errors.As(err, &f) || !strings.Contains(f.Error(), want) {
				t.Errorf("%s: %v, want a refusal that says %q", c.name, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var rules []string
		for _, f := range rep.Batch.Findings {
			rules = append(rules, f.Rule)
		}
		if got := strings.Join(rules, " "); got != c.want {
			t.Errorf("%s: findings %q, want %q", c.name, got, c.want)
		}
	}
}

// Visits that would be counted twice are counted once, and it is said which rows
// were left out.
func TestVisitsTwice(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	in := newLedger(t, s, newRoom(t, s))
	shared := func(name string) string {
		b, err := os.ReadFile(testkit.Shared(t, "cases", "inputs", "k12-visits-twice", name))
		must(t, err)
		return string(b)
	}
	for _, c := range []struct{ name, text, want, rules string }{
		{"rows called total", shared("visits.csv"), "2,600 visits in 2023-24, over 2 months.", "total total"},
		{"days pasted twice", shared("pasted-twice.csv"), "33 visits in 2023-24, over 1 month.",
			"duplicate duplicate duplicate"},
		{"a total by another name", "month,site,visits\n2023-04,a,7\n2023-04,b,3\n2023-04,Network,10\n2023-05,a,1\n" +
			"2023-05,b,2\n2023-05,Network,3\n", "13 visits in 2023-24, over 2 months.", "total"},
		{"the same of one month", "month,site,visits\n2023-04,a,700\n2023-04,b,300\n2023-04,Network,1000\n",
			"1,000 visits in 2023-24, over 1 month.", "total"},
		{"few visits of one month", "month,site,visits\n2023-04,a,7\n2023-04,b,3\n2023-04,Network,10\n",
			"20 visits in 2023-24, over 1 month.", "total"},
		{"a sum in one month only", "month,site,visits\n2023-04,a,700\n2023-04,b,300\n2023-04,c,1000\n2023-05,a,1\n" +
			"2023-05,b,2\n2023-05,c,4\n", "2,007 visits in 2023-24, over 2 months.", ""},
		{"two sites alike",
			"month,site,visits\n2023-04,a,700\n2023-04,b,700\n", "1,400 visits in 2023-24, over 1 month.", ""},
		{"segments and all of them", "date,site,segment,visits\n2023-06-01,a,All Users,100\n2023-06-01,a,Mobile,60\n" +
			"2023-06-01,a,Returning,70\n", "100 visits in 2023-24, over 1 month.", "total"},
		{"segments of devices", "date,segment,device,visits\n2023-06-01,All Users,All,100\n2023-06-01,All Users,phone,60\n" +
			"2023-06-01,Returning,All,70\n2023-06-01,Returning,phone,50\n", "100 visits in 2023-24, over 1 month.",
			"total total"},
		{"all users and nothing else", "date,segment,visits\n2023-06-01,All Users,100\n2023-06-02,All Users,60\n",
			"160 visits in 2023-24, over 1 month.", ""},
		{"pages, one of which is called all", "date,page,users,visits\n2023-06-01,/all,3,100\n2023-06-01,/help,2,60\n",
			"160 visits in 2023-24, over 1 month.", ""},
		{"a page whose name begins with all", "date,page,visits\n2023-06-01,All our courses,100\n2023-06-01,Help,60\n",
			"160 visits in 2023-24, over 1 month.", ""},
		{"what is called all is less than a part", "date,page,visits\n2023-06-01,All,10\n2023-06-01,Help,60\n",
			"70 visits in 2023-24, over 1 month.", ""},
		{"days and their month", "date,visits\n2023-06-01,5\n2023-06-02,17\nJune 2023,22\n",
			"22 visits in 2023-24, over 1 month.", "total"},
		{"days of sites and the month of all", "date,site,visits\n2023-06-01,a,500\n2023-06-02,b,17\nJune 2023,,517\n",
			"517 visits in 2023-24, over 1 month.", "total"},
		{"days of one site and a month of another", "date,site,visits\n2023-06-01,a,500\n2023-06-02,a,17\nJune 2023,b,20\n",
			"537 visits in 2023-24, over 1 month.", ""},
		{"a month as a spreadsheet's day", "month,site,visits\n45017,a,7\n", "7 visits in 2023-24, over 1 month.",
			"number-date"},
	} {
		rep, err := in.Read(t.Context(), "visits", []string{file(t, "v.csv", c.text)}, ledger.Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var rules []string
		for _, f := range rep.Batch.Findings {
			rules = append(rules, f.Rule)
		}
		if got := rep.Batch.Summary[0]; got != c.want || strings.Join(rules, " ") != c.rules {
			t.Errorf("%s: %q with findings %q, want %q with %q", c.name, got, rules, c.want, c.rules)
		}
	}
}

// Rows of two files of an import are held to each other as those of one are.
func TestVisitsOfTwoFiles(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	in := newLedger(t, s, newRoom(t, s))
	for second, want := range map[string]string{
		"month,visits\nMay 2023,6\n":              "11 visits in 2023-24, over 2 months.",
		"month,visits\n2023-04,5\n2023-05,6\n":    "11 visits in 2023-24, over 2 months.",
		"month,visits\nApril 2023,6\n":            "b.csv, line 2: line 2 of a.csv has another number for the same days",
		"month,site,visits\nApril 2023,young,6\n": "11 visits in 2023-24, over 1 month.",
	} {
		rep, err := in.Read(t.Context(), "visits", []string{file(t, "a.csv", "month,visits\nApril 2023,5\n"),
			file(t, "b.csv", second)}, ledger.Options{})
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = rep.Batch.Summary[0]
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", second, got, want)
		}
	}
}

func FuzzReadVisits(f *testing.F) {
	for _, s := range []string{history, "month,visits\n2023-04,5\n", "date;sessions\n\"a\n", "\xff\xfem\x00",
		"month\tvisits\n45017\t1e9\n", "month,visits\n2023-04,NaN\n2023-04,Inf\n2023-04,9e18"} {
		f.Add([]byte(s))
	}
	r, err := sites.New(sites.Deps{Public: &db.DB{}, Cache: publish.NewCache(nil, clock.Fixed(noon)),
		Now: clock.Fixed(noon), NewID: ids.New})
	must(f, err)
	in := ledger.New(f, nil, clock.Fixed(noon), ids.New, r.Kinds()...)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "v.csv")
		must(t, os.WriteFile(path, text, 0o600))
		rep, err := in.Read(t.Context(), "visits", []string{path}, ledger.Options{})
		var fatal *intake.Fatal
		if err != nil && !errors.As(err, &fatal) {
			t.Errorf("refused without words for a person: %v", err)
		}
		if err == nil && rep.Batch.Year == 0 {
			t.Error("read without a year")
		}
	})
}
