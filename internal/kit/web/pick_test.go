package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Without script a picker's button shows the form again, as it was filled in, with what was
// found; nothing is kept, also where the form adds something.
func TestLookWithoutScript(t *testing.T) {
	t.Parallel()
	m := web.NewMux(slog.New(slog.DiscardHandler))
	m.Pick = func(_ *http.Request, by web.Person, kind, typed string) (ui.Suggestions, error) {
		if kind != "person" {
			return ui.Suggestions{}, web.ErrNotFound
		}
		return ui.Suggestions{Rows: []ui.Suggestion{{ID: "p1", Words: "Sam " + typed, More: "Nurse"}}, Add: "/add"}, nil
	}
	kept := 0
	m.Handle(web.Route{Pattern: "POST /x/new", Permission: web.Anyone,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			return web.Submit(w, r, func(status int, f *web.Form) error {
				offer, _ := f.Offered("owner")
				w.WriteHeader(status)
				_, err := w.Write([]byte(f.Value("title") + "|" + f.Value(ui.LookField) + "|" + offer.Typed + "|" + offer.Add))
				for _, c := range offer.Choices {
					_, _ = w.Write([]byte("|" + c.Value + "|" + c.Text + "|" + c.Hint))
				}
				return err
			}, func(*web.Form) (web.Done, error) {
				kept++
				return web.Done{To: "/x"}, nil
			})
		}})
	post := func(pairs ...string) (int, string) {
		form := url.Values{"title": {"Visit"}, "owner": {"lee"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(http.MethodPost, "/x/new", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}
	code, body := post(ui.LookField, "person owner")
	if code != 200 || body != "Visit||lee|/add|p1 Sam lee|Sam lee|Nurse" {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := post(ui.LookField, "secret owner"); code != 404 {
		t.Errorf("a kind that is not theirs: %d", code)
	}
	if code, _ := post(ui.LookField, "person owner", "owner", strings.Repeat("x", 400)); code != 200 || kept != 0 {
		t.Errorf("too long a text: %d, and %d were kept", code, kept)
	}
	if code, _ := post(); code != 303 || kept != 1 {
		t.Errorf("saved: %d, and %d were kept", code, kept)
	}
}
