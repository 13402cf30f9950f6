package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What was done is taken back from the line that says so: where the opposite act is theirs and can
// be done as things stand, with the mark that its own page would have.
func TestUndo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address    string
		permission web.Permission
		confirm    error // what the page of the opposite act answers
		undo, mark string
	}{
		"theirs":              {"/x/reopen", "x:do", nil, "/x/reopen", web.NewForm("a", "b").Mark()},
		"not theirs":          {"/x/reopen", "x:other", nil, "", ""},
		"cannot be":           {"/x/reopen", "x:do", web.Conflict("It is open", "Look."), "", ""},
		"without a page":      {"/x/bare", "x:do", nil, "/x/bare", ""},
		"bare and not theirs": {"/x/bare", "x:other", nil, "", ""},
		"nothing there":       {"/x/nowhere", "x:do", nil, "", ""},
		"elsewhere":           {"https://elsewhere.example/x", "x:do", nil, "", ""},
		"none":                {"", "x:do", nil, "", ""},
	} {
		m := web.NewMux(slog.New(slog.DiscardHandler))
		m.Person = func(*http.Request) (web.Person, error) {
			return web.Person{ID: "p", Permissions: map[web.Permission]bool{"x:do": true}}, nil
		}
		m.Noting = func(_ *http.Request, _ web.Person, a web.Answer) error {
			if a.Refused {
				t.Errorf("%s: a refusal is noted that nobody met", name)
			}
			return nil
		}
		said := ""
		do := func(web.Seen) (web.Done, error) {
			return web.Done{To: "/x", Words: "It is closed.", Undo: c.address}, nil
		}
		m.Handle(
			web.Route{Pattern: "GET /x", Permission: "x:do", Handle: func(w http.ResponseWriter, r *http.Request) error {
				f := web.TakeFlash(w, r)
				said = f.Text + "|" + f.Undo + "|" + f.UndoMark
				return nil
			}},
			web.Route{Pattern: "POST /x/close", Permission: "x:do", Handle: func(w http.ResponseWriter, r *http.Request) error {
				return web.Confirmed(w, r, nil, do)
			}},
			web.Route{Pattern: "GET /x/reopen", Permission: c.permission,
				Handle: func(w http.ResponseWriter, r *http.Request) error {
					if c.confirm != nil {
						return c.confirm
					}
					return web.Confirm(w, r, web.NewForm("a", "b"), ui.Base{Title: "Reopen?"}, "Reopen", "/x")
				}},
			web.Route{Pattern: "POST /x/bare", Permission: c.permission,
				Handle: func(http.ResponseWriter, *http.Request) error { return nil }})
		r := httptest.NewRequest(http.MethodPost, "/x/close", strings.NewReader("seen="))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, r)
		if rec.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
		r = httptest.NewRequest(http.MethodGet, "/x", nil)
		for _, cookie := range rec.Result().Cookies() {
			r.AddCookie(cookie)
		}
		m.ServeHTTP(httptest.NewRecorder(), r)
		if want := "It is closed.|" + c.undo + "|" + c.mark; said != want {
			t.Errorf("%s: %q, want %q", name, said, want)
		}
	}
}
