package web_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/web"
)

// widget is a record that a question can be asked about, and who changed it last.
type widget struct {
	title  string
	by, id string
	gone   bool
}

func (x *widget) form() *web.Form {
	return web.NewForm("title", x.title, "kind", "small", "seen_on-day", "3", "seen_on-month", "6", "seen_on-year", "2024")
}

func (x *widget) routes() []web.Route {
	ask := func(w http.ResponseWriter, r *http.Request) error {
		return web.Confirm(w, r, x.form(), web.Base(r, "Delete "+x.title+"?"), "Delete", "/work/widgets/1",
			"It will be gone.")
	}
	return []web.Route{
		{Pattern: "GET /work/widgets/{id}/delete", Permission: web.SignedIn, Handle: ask},
		{Pattern: "POST /work/widgets/{id}/delete", Permission: web.SignedIn,
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				return web.Confirmed(w, r, ask, func(seen web.Seen) (web.Done, error) {
					err := seen.Check(x.form())
					var changed *web.Changed
					if errors.As(err, &changed) {
						changed.By, changed.ByID = x.by, x.id
						changed.At = time.Date(2024, 6, 3, 9, 5, 0, 0, time.UTC)
					}
					x.gone = err == nil
					return web.Done{To: "/work/widgets"}, err
				})
			}},
	}
}

var markIn = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// TestConfirmed: what somebody changed since a question was opened is shown, and it is
// asked again, before anything is done.
func TestConfirmed(t *testing.T) {
	t.Parallel()
	x := &widget{title: "Neglect"}
	m := mux(io.Discard, web.Person{ID: "ann", Name: "Ann Lee"})
	m.Handle(x.routes()...)
	send := func(method, mark string) (int, string) {
		r := httptest.NewRequest(method, "/work/widgets/1/delete", strings.NewReader(url.Values{"seen": {mark}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	markOf := func(page string) string {
		found := markIn.FindStringSubmatch(page)
		if found == nil {
			t.Fatalf("the question has no mark:\n%s", page)
		}
		return html.UnescapeString(found[1])
	}
	_, page := send("GET", "")
	mark := markOf(page)

	x.title, x.by, x.id = "Neglect in early years", "Ben Okoro", "ben"
	status, page := send("POST", mark)
	if status != 409 || x.gone || !strings.Contains(page, "Ben Okoro changed this on 3 June 2024 at 10.05am") ||
		!strings.Contains(page, "What has changed") || !strings.Contains(page, "Neglect in early years") {
		t.Errorf("%d, gone %v:\n%s", status, x.gone, page)
	}
	if strings.Contains(page, "Seen on") || strings.Contains(page, "Kind") {
		t.Errorf("what nobody changed is said to have changed:\n%s", page)
	}
	x.id = "ann"
	if _, own := send("POST", mark); !strings.Contains(own, "You changed this in another window on 3 June") {
		t.Errorf("the reader's own change is said to be another's:\n%s", own)
	}
	if status, _ := send("POST", ""); status != 409 || x.gone {
		t.Errorf("a question that says nothing of what was seen: %d, gone %v", status, x.gone)
	}
	if status, _ := send("POST", markOf(page)); status != 303 || !x.gone {
		t.Errorf("confirmed again: %d, gone %v", status, x.gone)
	}
}
