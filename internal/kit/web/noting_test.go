package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestNoting: what goes out to somebody is told before it does, and what cannot be noted
// does not go out.
func TestNoting(t *testing.T) {
	t.Parallel()
	var told []string
	var fails error
	m := NewMux(slog.New(slog.DiscardHandler))
	signedIn := true
	m.Person = func(*http.Request) (Person, error) {
		if !signedIn {
			return Person{}, nil
		}
		return Person{ID: "p", Permissions: map[Permission]bool{"x:read": true}}, nil
	}
	m.Noting = func(r *http.Request, p Person, a Answer) error {
		told = append(told, fmt.Sprint(p.ID, " ", a.Route.Pattern, " ", a.Status, " ", a.File, " ", a.Refused))
		return fails
	}
	m.Handle(
		Route{Pattern: "GET /page", Permission: "x:read", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "secret")
			return err
		}},
		Route{Pattern: "GET /file", Permission: "x:read", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			return CSV(w, "list.csv", []string{"secret"}, nil)
		}},
		Route{Pattern: "GET /quiet", Permission: "x:read", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			w.WriteHeader(http.StatusOK)
			io.WriteString(w, "secret") // and looks at no error
			return nil
		}},
		Route{Pattern: "GET /no", Permission: "x:read", Handle: func(http.ResponseWriter, *http.Request) error {
			return &Refusal{Status: http.StatusForbidden, Title: "No"}
		}},
		Route{Pattern: "GET /others", Permission: "y:read", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			return errors.New("never called")
		}},
	)
	for _, c := range []struct {
		path   string
		fails  error
		status int
		told   string
	}{
		{"/page", nil, 200, "p GET /page 200  false"},
		{"/file", nil, 200, "p GET /file 200 list.csv false"},
		{"/quiet", nil, 200, "p GET /quiet 200  false"},
		{"/no", nil, 403, "p GET /no 403  false"},
		{"/others", nil, 404, "p GET /others 404  true"},
		{"/missing", nil, 404, "p / 404  false"},
		{"/page", io.EOF, 500, "p GET /page 200  false"},
		{"/file", io.EOF, 500, "p GET /file 200 list.csv false"},
		{"/quiet", io.EOF, 500, "p GET /quiet 200  false"},
		{"/others", io.EOF, 404, "p GET /others 404  true"},
	} {
		told, fails = nil, c.fails
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		if w.Code != c.status || !slices.Equal(told, []string{c.told}) {
			t.Errorf("%s: %d, %q", c.path, w.Code, told)
		}
		if shown := strings.Contains(w.Body.String(), "secret"); shown != (c.status == 200) {
			t.Errorf("%s, noted %v: shown %v", c.path, c.fails == nil, shown)
		}
		if c.status == 500 && w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: the page that says so is a download", c.path)
		}
	}
	told, signedIn = nil, false
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/page", nil))
	if len(told) > 0 {
		t.Errorf("the public is noted: %q", told)
	}
}
