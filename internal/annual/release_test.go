package annual

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// closed gives a store as it is when it does not answer.
func closed(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	gone, err := db.Open(t.Context(), d.Name())
	if err == nil {
		err = gone.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

// twoSites are the same room where both stores answer, and where the public one
// does not, with a report.
func twoSites(t *testing.T, s testkit.Stores) (up, down *site, chapter string, at *hand) {
	t.Helper()
	at = &hand{t: morning}
	one := nodeOf(t, s, at)
	other := nodeOf(t, testkit.Stores{Work: s.Work, Public: closed(t, s.Public)}, at)
	chapter, _ = begun(t, one)
	up, down = newSite(t, one, ann), newSite(t, other, ann)
	down.mux.Log = slog.New(slog.DiscardHandler)
	return up, down, chapter, at
}

func (s *site) heals(at *hand) {
	s.t.Helper()
	at.move(time.Minute)
	if waiting, err := s.room.Outbox.Sweep(s.t.Context()); err != nil || waiting > 0 {
		s.t.Errorf("%d still wait: %v", waiting, err)
	}
}

func save(t *testing.T, r *Room, id, text string) {
	t.Helper()
	if err := r.SaveChapter(t.Context(), ann, id, "Introduction", text, web.Unwatched); err != nil {
		t.Fatal(err)
	}
}

// A report that cannot be published says so where it is written, the public sees
// the version before it, and what was published is what was built at that moment.
func TestPublishingWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, down, chapter, at := twoSites(t, s)
		const year = "/work/report/2023-24"
		up.post(year+"/publish", 303, publishForm)
		up.get("/report/2023-24/", 200, "Hello.")
		save(t, up.room, chapter, "Good day.")

		down.post(year+"/publish", 503, publishForm, "Nothing was published")
		down.get(year, 200, "Not checked", "Published version 1")

		// It is built, and only then the public store fails.
		down = newSite(t, nodeOf(t, s, at), ann)
		down.room.Outbox.Public = closed(t, s.Public)
		publishing := func() {
			t.Helper()
			if _, _, err := down.room.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched); !errors.Is(err,
				publish.ErrWaiting) {
				t.Errorf("published to a store that is down: %v", err)
			}
		}
		publishing()
		down.get(year, 200, "There is a problem", "Version 2 could not be published: still showing version 1", "Tried 1 time",
			"Not shown yet")
		up.get("/report/2023-24/", 200, "Hello.")
		todos, err := down.room.Todos(t.Context(), ann)
		if err != nil || len(todos) != 1 || todos[0].Title != "Our year could not be published" || !todos[0].Late {
			t.Errorf("%+v %v", todos, err)
		}
		if rep, err := report(t.Context(), s.Work, "2023-24"); err != nil || rep.State != Published || rep.Version != 1 {
			t.Errorf("work says what is public: %+v %v", rep, err)
		}
		save(t, up.room, chapter, "Later words.")
		up.heals(at)
		up.get("/report/2023-24/", 200, "Good day.")
		up.get("/report/2023-24/version-1/", 200, "Hello.")
		up.get(year, 200, "Published version 2")

		// A version that another overtakes before it was public never is.
		publishing()
		save(t, up.room, chapter, "Last words.")
		up.post(year+"/publish", 303, publishForm)
		up.get("/report/2023-24/", 200, "Last words.")
		up.get("/report/2023-24/version-3/", 404)
	})
}

// A report that cannot be withdrawn is said in red to be still public until it is
// not; then its files are in work alone.
func TestWithdrawingDoesNotWait(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, down, _, at := twoSites(t, s)
		const year = "/work/report/2023-24"
		up.post(year+"/publish", 303, publishForm)
		up.get("/report/2023-24/", 200, "Hello.")

		down.post(year+"/withdraw", 303, []string{"why", "A table was wrong."})
		down.get(year, 200, "There is a problem", "The report is still public", "version 1 could not be taken down",
			"stop the public site now", "Try again to withdraw")
		up.get("/report/2023-24/", 200, "Hello.")
		up.post(year+"/publish", 409, publishForm, "still being withdrawn")
		down.post(year+"/withdraw", 303, []string{"why", "A table was wrong."})
		down.get(year, 200, "Tried 2 times")
		todos, err := down.room.Todos(t.Context(), ann)
		if err != nil || len(todos) != 1 || todos[0].Title != "Our year is still public and should not be" {
			t.Errorf("%+v %v", todos, err)
		}
		if rep, err := report(t.Context(), s.Work, "2023-24"); err != nil || rep.State != Published {
			t.Errorf("work says that it is gone, and it is not: %+v %v", rep, err)
		}

		up.heals(at)
		up.get("/report/2023-24/", 410, "A table was wrong.")
		up.get(year, 200, "Withdrawn", "Not published", "by Ann Author: A table was wrong.")
		public, err := contents(t.Context(), s.Public, "2023-24", 1)
		work, err2 := contents(t.Context(), s.Work, "2023-24", 1)
		if err != nil || err2 != nil || len(public) != 0 || len(work) == 0 {
			t.Errorf("%d files in the public store, %d in work: %v %v", len(public), len(work), err, err2)
		}

		// Work does not answer: the person is told, and nothing happens.
		up.post(year+"/publish", 303, publishForm)
		failing := nodeOf(t, testkit.Stores{Work: s.Work, Public: s.Public}, at)
		if err := failing.Outbox.Release(t.Context(), kindReport, "2023-24"); err != nil {
			t.Error(err)
		}
		failing.Outbox.Work = closed(t, s.Work)
		told := newSite(t, failing, ann)
		told.mux.Log = slog.New(slog.DiscardHandler)
		told.post(year+"/withdraw", 503, []string{"why", "x"}, "The report is still public", "Go back and try again")
		up.get("/report/2023-24/", 200, "Hello.")
	})
}

// What is withdrawn on one node is gone from every other's next answer; a store
// that does not answer is not taken to say that nothing changed.
func TestReportOnManyNodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, _, chapter, at := twoSites(t, s)
		node := nodeOf(t, s, at)
		other := newSite(t, node, ann)
		up.post("/work/report/2023-24/publish", 303, publishForm)
		other.get("/report/2023-24/", 200, "Hello.")
		other.get("/report", 200, "Our year")
		save(t, up.room, chapter, "Good day.")
		up.post("/work/report/2023-24/publish", 303, publishForm)
		at.move(publish.Trust)
		other.get("/report/2023-24/", 200, "Good day.")
		up.post("/work/report/2023-24/withdraw", 303, []string{"why", "A name was in it."})
		other.get("/report/2023-24/", 410, "A name was in it.")
		other.get("/report/2023-24/version-1/", 410)
		other.get("/report", 200, "No report has been published yet")

		up.post("/work/report/2023-24/publish", 303, publishForm)
		at.move(publish.Trust)
		other.get("/report/2023-24/", 200, "Good day.")
		if err := s.Public.Close(); err != nil {
			t.Fatal(err)
		}
		at.move(publish.Trust)
		other.mux.Log = slog.New(slog.DiscardHandler)
		other.get("/report/2023-24/", 200, "Good day.") // as it stood: it stays up
		// Nobody asked for this one before.
		other.get("/report/2023-24/summary", 503, "cannot be shown at the moment", "01632 960 100")
	})
}

// A published page stands in the frame of today, and what it says is as it was.
func TestFrameOfToday(t *testing.T) {
	t.Parallel()
	r := liteRoom(t)
	if _, _, err := r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, r, ann)
	before := s.get("/report/2023-24/summary", 200, "01632 960 100", "Demonstration")
	base := publicBase()
	base.SiteName, base.Demo, base.Worried.DayPhone = "Tidewell and Marsh Partnership", false, "01632 960 555"
	base.Nav = append(base.Nav, ui.NavItem{Text: "News", Href: "/news"})
	r.Cache.Stale()
	if err := s.room.Public.Tx(t.Context(), func(q db.Q) error {
		return db.Must(t.Context(), q, `UPDATE publish_changes SET number = number + 1`)
	}); err != nil {
		t.Fatal(err)
	}
	s.base = func() ui.Base { return base }
	after := s.get("/report/2023-24/summary", 200, "01632 960 555", "Tidewell and Marsh Partnership", `href="/news"`)
	if strings.Contains(after, "Demonstration") || strings.Contains(after, "01632 960 100") {
		t.Error("the old frame is still there")
	}
	main := func(page string) string {
		_, page, _ = strings.Cut(page, `<main `)
		page, _, _ = strings.Cut(page, `</main>`)
		return page
	}
	if main(before) != main(after) || main(before) == "" {
		t.Error("what the report says has changed with its frame")
	}

	// The folder has the same content, with what leads out of it led to the site.
	b, err := r.Build(t.Context(), "2023-24")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := r.Folder(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folder.Files {
		if f.Path == "summary.html" {
			content := strings.ReplaceAll(main(string(f.Body)), `href="https://tidewell.example/`, `href="/`)
			if content != main(before) {
				t.Error("the folder's content is not the published content")
			}
		}
	}
}

// wholePage is a page as earlier versions of the program published it.
const wholePage = `<!doctype html><html lang="en-GB"><head><title>%[1]s</title></head><body>
<header><a class="site-name" href="https://old.example/"><svg></svg><span>Old name</span></a></header>
<main id="content"><!--report begins-->
<h1>%[1]s</h1><p>See <a href="https://old.example/hubs/icon?a=1&amp;b=2">ICON</a>, <a href="figures/index.html">figures</a> and <a href="https://other.example/x">others</a>. 1 &lt; 2</p>
<svg viewBox="0 0 1 1"><title>A &amp; b</title></svg>
<!--report ends--></main><footer>Old foot</footer></body></html>`

// What earlier versions published is shown in the frame of today, kept in work, and
// withdrawn reports are in work alone.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, r := t.Context(), newRoom(t, s)
		begun(t, r)
		exec := func(d *db.DB, statement string, args ...any) {
			t.Helper()
			if err := d.Tx(ctx, func(q db.Q) error { _, err := db.Exec(ctx, q, statement, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		for v, withdrawn := range map[int64]db.Time{1: db.At(morning), 2: {}} {
			exec(s.Public, `
				INSERT INTO annual_released (year, version, title, published_at, withdrawn_at)
					VALUES ('2023-24', $1, 'Our year', $2, $3)`, v, db.At(morning), withdrawn)
			exec(s.Work, `
				INSERT INTO annual_publications (year, version, files, published_at) VALUES ('2023-24', $1, 2, $2)`, v,
				db.At(morning))
			exec(s.Public, `
				INSERT INTO annual_files (year, version, path, content_type, title, body, sha256)
					VALUES ('2023-24', $1, 'index.html', 'text/html', 'Our year', $2, '')`,
				v, fmt.Sprintf(wholePage, fmt.Sprint("Text ", v)))
			exec(s.Public, `
				INSERT INTO annual_files (year, version, path, content_type, body, sha256)
					VALUES ('2023-24', $1, 'figures.json', 'application/json', $2, 'x')`, v, fmt.Sprintf(`[
					{"id": "cla.open", "at": "2024-03-31", "dims": {}, "value": %[1]d, "numerator": %[1]d},
					{"id": "few.children", "at": "2024-03-31", "dims": {}, "value": null, "shown": "[c]"},
					{"id": "contacts.referred_percent", "period": "2023-24", "dims": {}, "value": 33.33, "numerator": 8104,
						"denominator": 24312},
					{"id": "training.events", "period": "2023-24", "dims": {"programme": "education"}, "numerator": 31}]`, 770+v))
		}
		for range 2 { // a second time changes nothing
			if err := r.Upgrade(ctx); err != nil {
				t.Fatal(err)
			}
		}
		page := newSite(t, r, ann).get("/report/2023-24/", 200, "<h1>Text 2</h1>", "01632 960 100",
			`href="/hubs/icon?a=1&amp;b=2"`, `href="figures/index.html"`,
			`href="https://other.example/x"`, "1 &lt; 2", `viewBox="0 0 1 1"`)
		if strings.Contains(page, "Old name") || strings.Contains(page, "Old foot") ||
			strings.Contains(page, "report begins") {
			t.Errorf("the old frame is still there:\n%s", page)
		}
		newSite(t, r, ann).get("/report/2023-24/version-1/", 410)
		for v, want := range map[int64][2]int{1: {0, 2}, 2: {2, 2}} {
			public, err := contents(ctx, s.Public, "2023-24", v)
			work, err2 := contents(ctx, s.Work, "2023-24", v)
			if err != nil || err2 != nil || len(public) != want[0] || len(work) != want[1] {
				t.Errorf("version %d: %d files in the public store, %d in work, want %v", v, len(public), len(work), want)
			}
		}
		lines, err := db.All[string](ctx, s.Work, `SELECT line FROM release_ledger ORDER BY seq`)
		if err != nil || len(lines) != 2 || !strings.Contains(lines[0], `"count":771`) ||
			!strings.Contains(lines[0], `"cla.open | 2024-03-31"`) ||
			!strings.Contains(lines[1], `"cla.open | 2024-03-31 | edition 2"`) || strings.Contains(lines[0], "training") {
			t.Errorf("what readers know of children from before: %q %v", lines, err)
		}
		if left, err := wholeReleases(ctx, s.Public); err != nil || len(left) != 0 {
			t.Errorf("%v are still whole: %v", left, err)
		}
		// The next publication follows those that were there.
		if v, _, err := r.PublishReport(ctx, ann, "2023-24", unagreed, web.Unwatched); v != 3 || err != nil {
			t.Errorf("published as version %d: %v", v, err)
		}
	})
	if _, err := contentOf("<p>No marks</p>"); err == nil {
		t.Error("a page without marks was taken over")
	}
}

// A version that only the public store knows, left by a failure of an earlier
// version of the program, is not written over.
func TestPublicAhead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		begun(t, r)
		if err := s.Public.Tx(t.Context(), func(q db.Q) error {
			_, err := db.Exec(t.Context(), q, `
				INSERT INTO annual_released (year, version, title, published_at) VALUES ('2023-24', 4, 'Lost', $1)`, db.At(morning))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if v, _, err := r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched); v != 5 || err != nil {
			t.Errorf("published as version %d: %v", v, err)
		}
	})
}

// Two who publish at the same moment make two versions, or one is told.
func TestPublishingTogether(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		at := &hand{t: morning}
		one, two := nodeOf(t, s, at), nodeOf(t, s, at)
		begun(t, one)
		done := make(chan error, 2)
		for _, r := range []*Room{one, two} {
			go func() {
				_, _, err := r.PublishReport(context.WithoutCancel(t.Context()), ann, "2023-24", unagreed, web.Unwatched)
				done <- err
			}()
		}
		published := 0
		for range 2 {
			if err := <-done; err == nil {
				published++
			} else if !errors.Is(err, ErrStale) && !errors.Is(err, publish.ErrEarlier) {
				t.Error(err)
			}
		}
		list, err := publications(t.Context(), s.Work, "2023-24")
		if err != nil || published == 0 || len(list) != published {
			t.Errorf("%d published, %d publications, %v", published, len(list), err)
		}
	})
}
