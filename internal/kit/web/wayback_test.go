package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/kit/web"
)

// TestWayBack: what cannot be done leads back to what it is about.
func TestWayBack(t *testing.T) {
	t.Parallel()
	m := mux(io.Discard, web.Person{ID: "ann", Name: "Ann Lee"})
	page := func(http.ResponseWriter, *http.Request) error { return nil }
	no := func(http.ResponseWriter, *http.Request) error { return web.Conflict("It is closed", "Open it first.") }
	for pattern, handle := range map[string]web.HandlerFunc{
		"GET /work/widgets": page, "GET /work/widgets/{id}": page, "POST /work/widgets/{id}/delete": no,
		"GET /work/things": page, "POST /work/things/{id}/end": no, "POST /work/lone/{id}/end": no,
	} {
		m.Handle(web.Route{Pattern: pattern, Permission: web.SignedIn, Handle: handle})
	}
	m.Handle(web.Route{Pattern: "GET /work/lone/{id}", Permission: "widgets:manage", Handle: page})
	for _, c := range []struct{ at, from, want string }{
		{"/work/widgets/1/delete", "", `<a href="/work/widgets/1">Go back to the record</a>`},
		{"/work/things/1/end", "", `<a href="/work/things">Go back to the list</a>`},
		{"/work/lone/1/end", "http://example.com/work/things?q=a",
			`<a href="/work/things?q=a">Go back to the page before</a>`},
		{"/work/lone/1/end", "http://elsewhere.example/work/things", ""},
		{"/work/lone/1/end", "http://example.com/work/lone/1", ""}, // not theirs to open
		{"/work/lone/1/end", "", ""},
	} {
		r := httptest.NewRequest("POST", c.at, nil)
		r.Header.Set("Referer", c.from)
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if body := w.Body.String(); w.Code != 409 || !strings.Contains(body, c.want) ||
			(c.want == "") == strings.Contains(body, "Go back to") {
			t.Errorf("%s from %q: %d\n%s", c.at, c.from, w.Code, body)
		}
	}
}
