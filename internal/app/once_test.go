package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/identity"
	"kith/internal/kit/web"
	"kith/internal/plan"
)

var onceMark = regexp.MustCompile(`name="once" value="([^"]+)"`)

// TestNewFormsAreMarked: the page of every form for a new record carries a mark by which
// it adds one record, however often it is sent; and it does.
func TestNewFormsAreMarked(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	boss := web.Person{Name: "Ada", Permissions: everything()}
	id, err := a.Identity.AddPerson(t.Context(), boss, identity.Person{Name: "Ada", Email: "ada@x.example"})
	if err != nil {
		t.Fatal(err)
	}
	boss.ID = id
	m := a.mux()
	m.Person = func(*http.Request) (web.Person, error) { return boss, nil }
	ask := func(method, at string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, at, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		return w
	}
	// An import is known by its files, which are loaded once; a second factor by its code; and a
	// session is of a course, of which there is none here.
	none := map[string]bool{"/work/imports/new": true, "/work/account/apps/new": true,
		"/work/account/e-mail-codes/new": true, "/work/training/sessions/new": true}
	looked := 0
	for _, rt := range plainGets(a) {
		if !strings.HasSuffix(rt.Pattern, "/new") || none[rt.Pattern] {
			continue
		}
		looked++
		w := ask("GET", rt.Pattern, nil)
		if w.Code != 200 || !onceMark.MatchString(w.Body.String()) {
			t.Errorf("%s: %d, and its form has no mark", rt.Pattern, w.Code)
		}
	}
	if looked < 12 {
		t.Errorf("only %d forms were looked at", looked)
	}

	page := ask("GET", "/work/plan/scrutiny/new", nil).Body.String()
	mark := onceMark.FindStringSubmatch(page)
	if mark == nil {
		t.Fatal(page)
	}
	note := url.Values{"subject": {"Thresholds"}, "scrutineer": {"Ada"}, "method": {"Visit"}, "seen_on": {"2024-05-01"},
		"observed": {"Much."}, "once": {mark[1]}}
	one, two := ask("POST", "/work/plan/scrutiny/new", note), ask("POST", "/work/plan/scrutiny/new", note)
	to := one.Header().Get("Location")
	if one.Code != 303 || to == "" || two.Code != 303 || two.Header().Get("Location") != to {
		t.Errorf("%d to %s, then %d to %s", one.Code, to, two.Code, two.Header().Get("Location"))
	}
	if list, n, err := a.Plan.Scrutinies(t.Context(), plan.Filter{Limit: 10}); err != nil || n != 1 {
		t.Errorf("%d notes were added: %v %v", n, list, err)
	}
	// With a word missing the form comes back with the same mark.
	note.Set("subject", "")
	if again := onceMark.FindStringSubmatch(ask("POST", "/work/plan/scrutiny/new", note).Body.String()); again == nil ||
		again[1] != mark[1] {
		t.Errorf("a form that comes back has the mark %q", again)
	}
}
