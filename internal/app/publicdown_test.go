package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/sites"
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
