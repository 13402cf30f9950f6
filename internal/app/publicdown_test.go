package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

// While the public store does not answer, Home says what is still public and should
// not be; the page does too, and whom to call is shown.
func TestThePublicStoreIsDown(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir()})
	editor := web.Person{ID: "p", Name: "Eddie Example", Permissions: map[web.Permission]bool{
		access.FiguresRead: true, access.SitesRead: true, access.SitesEdit: true, access.SitesPublish: true,
		access.ReportEdit: true}}
	if err := a.Sites.AddPage(t.Context(), editor, sites.PageDraft{Slug: "tides", Section: sites.Hub,
		Words: sites.Words{Title: "Tides", Summary: "In and out", Markdown: "Twice a day."}}); err != nil {
		t.Fatal(err)
	}
	if err := a.Sites.PublishPage(t.Context(), editor, "tides", 1); err != nil {
		t.Fatal(err)
	}
	openSite(t, a)
	m := a.mux()
	who := web.Person{}
	m.Person = func(*http.Request) (web.Person, error) { return who, nil }
	ask := func(method, path string, code int, words ...string) {
		t.Helper()
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Code != code {
			t.Errorf("%s %s: %d, want %d\n%s", method, path, w.Code, code, w.Body)
		}
		for _, x := range words {
			if !strings.Contains(w.Body.String(), x) {
				t.Errorf("%s %s does not say %q\n%s", method, path, x, w.Body)
			}
		}
	}
	ask("GET", "/hubs/tides", 200, "Twice a day.")
	ask("GET", "/help", 200, "999")
	if err := a.Public.Close(); err != nil {
		t.Fatal(err)
	}
	a.Cache.Stale()
	who = editor
	ask("POST", "/work/sites/pages/tides/unpublish", 303)
	ask("GET", "/work", 200, "The page /tides is still public and should not be", "Figures cannot be computed")
	ask("GET", "/work/sites/pages/tides", 200, "This page is still public")
	who = web.Person{}
	ask("GET", "/hubs/tides", 503)
	ask("GET", "/help", 200, "999")

	// The store comes back, and nobody does anything.
	public, err := db.Open(t.Context(), a.Config.public())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { public.Close() })
	a.Outbox.Public = public
	a.Outbox.Now = func() time.Time { return time.Now().Add(time.Minute) }
	if waiting, err := a.Outbox.Sweep(t.Context()); err != nil || waiting != 0 {
		t.Errorf("%d still wait: %v", waiting, err)
	}
	if n, err := db.Get[int64](t.Context(), public, `SELECT COUNT(*) FROM sites_published`); err != nil || n != 0 {
		t.Errorf("%d pages are public: %v", n, err)
	}
}

// TestThePublicSiteStaysUp takes both PostgreSQL databases away and gives them back. What
// stood is shown meanwhile, though nobody had asked for it; what was taken down before is
// not; and what has to be read is refused with whom to call.
func TestThePublicSiteStaysUp(t *testing.T) {
	t.Parallel()
	c := Config{Dir: t.TempDir(), DB: testkit.EmptyDatabases(t, "", "_public")}
	a := open(t, c)
	editor := web.Person{ID: "p", Name: "Eddie Example", Permissions: map[web.Permission]bool{
		access.SitesRead: true, access.SitesEdit: true, access.SitesPublish: true}}
	for _, slug := range []string{"tides", "gone"} {
		if err := a.Sites.AddPage(t.Context(), editor, sites.PageDraft{Slug: slug, Section: sites.Hub,
			Words: sites.Words{Title: "About " + slug, Summary: "In and out", Markdown: "Twice a day."}}); err != nil {
			t.Fatal(err)
		}
		if err := a.Sites.PublishPage(t.Context(), editor, slug, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Sites.UnpublishPage(t.Context(), editor, "gone"); err != nil {
		t.Fatal(err)
	}
	openSite(t, a)
	ctx, stop := context.WithCancel(t.Context())
	warm, ended := make(chan bool, 8), make(chan bool)
	go func() {
		a.Cache.Run(ctx, func(ctx context.Context) { a.warm(ctx); warm <- true })
		close(ended)
	}()
	defer func() { stop(); <-ended }()
	<-warm
	admin, err := db.Open(t.Context(), os.Getenv("KITH_TEST_PG"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	at, err := url.Parse(c.DB)
	if err != nil {
		t.Fatal(err)
	}
	allow := func(connections string) {
		t.Helper()
		for _, name := range []string{at.Path[1:], at.Path[1:] + "_public"} {
			if err := admin.Exec1(t.Context(), "ALTER DATABASE "+name+" ALLOW_CONNECTIONS "+connections); err != nil {
				t.Fatal(err)
			}
			if _, err := db.All[bool](t.Context(), admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = $1`, name); err != nil {
				t.Fatal(err)
			}
		}
	}
	allow("false")
	for _, x := range []struct {
		path string
		code int
		says string
	}{
		{"/hubs/tides", 200, "Twice a day."}, {"/", 200, "What do you need?"}, {"/help", 200, "01632 960 100"},
		{"/families", 200, "01632 960 100"},
		{"/about", 200, "01632 960 100"},
		{"/feed.xml", 200, "tides"},
		{"/report", 200, "01632 960 100"},
		{"/robots.txt", 200, "Disallow"},
		{"/hubs/gone", 404, "01632 960 100"},
		{"/hubs/never", 404, "01632 960 100"},
		{"/search?q=tides", 503, "01632 960 100"},
		{"/sign-in", 503, "cannot be reached"},
	} {
		if w := get(a, http.MethodGet, x.path); w.Code != x.code || !strings.Contains(w.Body.String(), x.says) {
			t.Errorf("%s: %d, want %d and %q\n%s", x.path, w.Code, x.code, x.says, w.Body)
		}
	}
	allow("true")
	if err := a.Sites.UnpublishPage(t.Context(), editor, "tides"); err != nil {
		t.Fatal(err)
	}
	if w := get(a, http.MethodGet, "/hubs/tides"); w.Code != http.StatusNotFound {
		t.Errorf("what was taken down since: %d", w.Code)
	}
}
