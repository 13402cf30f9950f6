package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kith/internal/kit/ids"
)

// TestSigningInOnAFullDisk: who signs in while nothing can be written is told so, and not that something
// went wrong on our side.
func TestSigningInOnAFullDisk(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir()})
	const password = "harbour lantern oats"
	if _, err := a.Identity.AddUser(t.Context(), "Ann Example", "ann@tidewell.example", "practitioner",
		password); err != nil {
		t.Fatal(err)
	}
	sign := func(agent string) *httptest.ResponseRecorder {
		form := url.Values{"once": {ids.New()}, "email": {"ann@tidewell.example"}, "password": {password}}
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("User-Agent", agent)
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w
	}
	if err := a.Work.Exec1(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // no more than there are
		t.Fatal(err)
	}
	// There is still room in the pages that are there; a long line fills it.
	for range 50 {
		w := sign(strings.Repeat("x", 4000))
		if w.Code == http.StatusSeeOther {
			continue
		}
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(),
			"is full. What you entered was not saved") {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
		return
	}
	t.Error("it is never full")
}
