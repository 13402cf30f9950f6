package app

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A visitor is a browser at the demonstration. What pages must be is looked at in the
// rooms and in a real browser.
type visitor struct{ *testkit.Browser }

func newVisitor(t *testing.T, pages http.Handler) *visitor {
	b := testkit.NewBrowser(t, pages)
	b.AnyHTML = true
	return &visitor{b}
}

// publicVisitor is nobody in particular, at the demonstration.
func publicVisitor(t *testing.T) *visitor {
	t.Helper()
	demonstration(t)
	return newVisitor(t, years["sqlite"].pages)
}

// visitorAs is somebody of the demonstration, signed in.
func visitorAs(t *testing.T, persona string) *visitor {
	t.Helper()
	v := publicVisitor(t)
	v.signIn(persona)
	return v
}

func (v *visitor) signIn(persona string) {
	v.T.Helper()
	w := v.post("/demo/sign-in", url.Values{"persona": {persona}})
	if w.Code != http.StatusSeeOther || v.Cookies["kith_session"] == "" {
		v.T.Fatalf("sign in as %s: %d, cookies %v", persona, w.Code, v.Cookies)
	}
}

func (v *visitor) get(path string) *httptest.ResponseRecorder {
	return v.Do(http.MethodGet, path, nil)
}

// post sends a form as it is, without what its page was seen to say.
func (v *visitor) post(path string, form url.Values) *httptest.ResponseRecorder {
	if !form.Has("seen") {
		form = maps.Clone(form)
		if form == nil {
			form = url.Values{}
		}
		form.Set("seen", "")
	}
	return v.Do(http.MethodPost, path, form)
}

func TestEveryPersonaSignsInAndSeesHome(t *testing.T) {
	t.Parallel()
	for _, role := range access.Roles() {
		t.Run(role.ID, func(t *testing.T) {
			t.Parallel()
			w := visitorAs(t, role.ID).get("/work")
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), role.Title) ||
				!strings.Contains(w.Body.String(), "<h1") {
				t.Errorf("%d\n%s", w.Code, w.Body)
			}
		})
	}
	t.Run("nobody else", func(t *testing.T) {
		w := publicVisitor(t).post("/demo/sign-in", url.Values{"persona": {"director"}})
		if w.Code < 400 || len(w.Result().Cookies()) > 0 {
			t.Errorf("%d %v", w.Code, w.Result().Cookies())
		}
	})
}

// plainGets lists the GET addresses that have no part to fill in.
func plainGets(a *App) []web.Route {
	var out []web.Route
	for _, rt := range a.mux().Routes() {
		pattern, ok := strings.CutPrefix(strings.TrimSuffix(rt.Pattern, "{$}"), "GET ")
		if ok && !strings.Contains(pattern, "{") {
			out = append(out, web.Route{Pattern: pattern, Permission: rt.Permission})
		}
	}
	return out
}

func sentToSignIn(w *httptest.ResponseRecorder) bool {
	return w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in")
}

func TestWhatAPractitionerMayAndMayNot(t *testing.T) {
	t.Parallel()
	v := visitorAs(t, "practitioner")
	for path, want := range map[string]int{
		"/work": 200, "/work/training": 200, "/work/training/mine": 200, "/work/training/courses": 200, "/work/account": 200,
		"/work/performance": 404, "/work/performance/figures/cla.open": 404, "/work/audits": 404, "/work/reviews": 404,
		"/work/plan": 404, "/work/sites": 404,
		"/work/report": 404, "/work/people": 404, "/work/organisations": 404, "/work/imports": 404, "/work/imports/new": 404,
		"/work/settings": 404, "/work/settings/outbox": 404, "/work/settings/trail": 404, "/work/settings/jobs": 404,
		"/work/training/sessions/new": 404, "/work/no-such-page": 404,
	} {
		if w := v.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	// A page that is not theirs says no more than one that does not exist.
	gone, refused := v.get("/work/no-such-page").Body.String(), v.get("/work/settings").Body.String()
	if a, b := strings.ReplaceAll(gone, "/work/no-such-page", ""),
		strings.ReplaceAll(refused, "/work/settings", ""); a != b {
		t.Error("a refused page differs from one that does not exist")
	}
}

var blank = regexp.MustCompile(`\{[^}]*\}`)

// Every address of the workspace, whatever its method, is closed to the public.
func TestNothingOfTheWorkspaceIsOpenToThePublic(t *testing.T) {
	t.Parallel()
	v, n := publicVisitor(t), 0
	for _, rt := range demonstration(t).mux().Routes() {
		method, pattern, _ := strings.Cut(rt.Pattern, " ")
		if !strings.HasPrefix(pattern, "/work") {
			continue
		}
		if pattern == "/work/training/calendar.ics" { // sessions to book, for calendar programs: it names nobody
			continue
		}
		n++
		r := httptest.NewRequest(method, blank.ReplaceAllString(pattern, "x"), nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if w := v.Send(r); !sentToSignIn(w) {
			t.Errorf("%s: %d", rt.Pattern, w.Code)
		}
	}
	if n < 100 {
		t.Errorf("only %d addresses of the workspace were tried", n)
	}
}

func TestPublicPagesSetNoCookie(t *testing.T) {
	t.Parallel()
	v := publicVisitor(t)
	v.Cookies["kith_session"] = strings.Repeat("a", 52) // nor do they mind one
	for _, rt := range append(plainGets(demonstration(t)), web.Route{Pattern: "/no-such-page", Permission: web.Anyone},
		web.Route{Pattern: "/report/2023-24/", Permission: web.Anyone}, web.Route{Pattern: "/report/2023-24/summary.html",
			Permission: web.Anyone}) {
		if rt.Permission != web.Anyone || private(rt.Pattern) {
			continue
		}
		if w := v.get(rt.Pattern); len(w.Result().Cookies()) > 0 || w.Code >= 500 {
			t.Errorf("%s: %d, cookies %v", rt.Pattern, w.Code, w.Result().Cookies())
		}
	}
}

func TestEveryPublicPageSaysWhomToCall(t *testing.T) {
	t.Parallel()
	v := publicVisitor(t)
	for _, path := range []string{"/", "/about", "/help", "/families", "/professionals", "/report", "/report/2023-24/",
		"/report/2023-24/summary.html", "/privacy", "/accessibility", "/no-such-page"} {
		body := v.get(path).Body.String()
		if !strings.Contains(body, "Worried about a child?") || !strings.Contains(body, "999") {
			t.Errorf("%s does not", path)
		}
	}
}

func TestAnswersKeepBrowsersSafe(t *testing.T) {
	t.Parallel()
	manager := visitorAs(t, "business-manager")
	elsewhere := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
	elsewhere.Header.Set("Sec-Fetch-Site", "cross-site")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a public page": publicVisitor(t).get("/"), "a published report": publicVisitor(t).get("/report/2023-24/"),
		"data":                    publicVisitor(t).get("/report/2023-24/figures.json"),
		"a page of the workspace": manager.get("/work"), "no page": manager.get("/none"),
		"the way to sign in": publicVisitor(t).get("/work"),
		"health":             publicVisitor(t).get("/healthz"), "no asset": publicVisitor(t).get("/assets/none.css"),
		"a form from elsewhere": publicVisitor(t).Send(elsewhere),
		"a wrong method":        publicVisitor(t).Send(httptest.NewRequest(http.MethodDelete, "/help", nil)),
	} {
		h := w.Result().Header
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"),
			"default-src 'none'") ||
			strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s (%d): %v", name, w.Code, h)
		}
	}
	if w := manager.get("/work"); w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a page of the workspace may be kept: %q", w.Header().Get("Cache-Control"))
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	v := visitorAs(t, "business-manager")
	for name, header := range map[string][2]string{"a modern browser": {"Sec-Fetch-Site", "cross-site"},
		"an old browser": {"Origin", "https://elsewhere.example"}} {
		for _, path := range []string{"/sign-out", "/demo/sign-in", "/work/settings", "/work/people/new"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("persona=administrator"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			if w := v.Send(r); w.Code != http.StatusForbidden {
				t.Errorf("%s, %s: %d", name, path, w.Code)
			}
		}
	}
	if w := v.get("/work"); w.Code != http.StatusOK {
		t.Errorf("signed out by a refused form: %d", w.Code)
	}
}
