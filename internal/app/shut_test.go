package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/partnership"
)

// openSite enters and publishes what the public site cannot be open without.
func openSite(t testing.TB, a *App) {
	t.Helper()
	all := web.Person{Name: "Ann Example", Permissions: everything()}
	p, err := a.Partnership.Profile(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Name, p.Area = "Tidewell Partnership", "Tidewell"
	if _, err := a.Partnership.SaveSettings(t.Context(), all, p, "", web.Unwatched); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Partnership.AddContact(t.Context(), all, partnership.Contact{Purpose: "front-door-day",
		Name: "Tidewell front door", Number: "01632 960 100", Answers: "Day and night"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Sites.PublishFrame(t.Context(), all, web.Unwatched); err != nil {
		t.Fatal(err)
	}
}

// saysShut reports whether an answer is that the public site is shut.
func saysShut(w *httptest.ResponseRecorder) bool {
	return w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") != "" &&
		w.Header().Get("X-Robots-Tag") == "noindex" && strings.Contains(w.Body.String(), "This site is ")
}

// TestThePublicFaceIsShut: until the partnership's name and a number of its front door are
// published every public page says that the site is not open, on both faces, and the workspace
// is there. Somebody may shut it again.
func TestThePublicFaceIsShut(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir()})
	public := []string{"/", "/help", "/about", "/privacy", "/hubs/none", "/search?q=x", "/feed.xml", "/sitemap.xml",
		"/robots.txt", "/report", "/report/2023-24/", "/report/2023-24/figures.json"}
	all := func(shut bool, when string) {
		t.Helper()
		alone := open(t, Config{Dir: a.Dir, Face: FacePublic})
		for _, face := range []*App{a, alone} {
			for _, path := range public {
				if w := get(face, http.MethodGet, path); saysShut(w) != shut {
					t.Errorf("%s, %s on the face %s: %d %v", when, path, face.Face, w.Code, w.Header())
				}
			}
			if w := get(face, http.MethodGet, "/healthz"); w.Code != http.StatusOK {
				t.Errorf("%s, health: %d", when, w.Code)
			}
		}
		if w := get(a, http.MethodGet, "/sign-in"); w.Code != http.StatusOK {
			t.Errorf("%s, signing in: %d", when, w.Code)
		}
	}
	page := get(a, http.MethodGet, "/").Body.String()
	for _, want := range []string{"This site is not open yet", ">999<", "0800 1111", "/sign-in"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	all(true, "before anything is entered")
	manager := web.Person{ID: "m", Name: "Ann Example", Permissions: everything()}
	todo := func() string {
		t.Helper()
		todos, err := a.Sites.Todos(t.Context(), manager)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range todos {
			if x.Title == "The public site is shut" {
				return x.Words + " " + x.Href
			}
		}
		return ""
	}
	if got, want := todo(), "It opens once it has the partnership’s name and a number for the {front door} by day. "+
		"/work/settings"; got != want {
		t.Errorf("Home says %q", got)
	}
	if err := a.Sites.PublishFrame(t.Context(), manager, web.Unwatched); err == nil {
		t.Error("a profile without a name was published")
	}
	openSite(t, a)
	all(false, "with a name and a number")
	if got := todo(); got != "" {
		t.Errorf("Home says %q", got)
	}
	if err := a.Sites.ShutSite(t.Context(), manager, "A wrong number stood there", web.Unwatched); err != nil {
		t.Fatal(err)
	}
	all(true, "shut by somebody")
	if page := get(a, http.MethodGet, "/help").Body.String(); strings.Contains(page, "wrong number") ||
		strings.Contains(page, "Ann Example") || !strings.Contains(page, "closed at the moment") {
		t.Errorf("the public is told why, or not that it is shut: %s", page)
	}
	if got := todo(); !strings.Contains(got, "Shut by Ann Example on ") ||
		!strings.Contains(got, ": A wrong number stood there") {
		t.Errorf("Home says %q", got)
	}
	if err := a.Sites.OpenSite(t.Context(), manager, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	all(false, "opened again")
	if n, err := db.Get[int64](t.Context(), a.Public, `SELECT COUNT(*) FROM sites_settings WHERE name = 'shut'`); err != nil ||
		n != 0 {
		t.Errorf("%d %v", n, err)
	}
}
