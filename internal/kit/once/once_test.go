package once_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/once"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// widgets is a room that only adds.
type widgets struct {
	mux   *web.Mux
	added atomic.Int64
	who   web.Person
}

func newWidgets(t *testing.T, s testkit.Stores) *widgets {
	x := &widgets{who: web.Person{ID: "ann"}}
	show := func(w http.ResponseWriter) func(int, *web.Form) error {
		return func(status int, _ *web.Form) error {
			w.WriteHeader(status)
			return nil
		}
	}
	x.mux = testkit.Mux(t, web.Route{Pattern: "POST /work/widgets/new", Permission: web.SignedIn,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			return web.Submit(w, r, show(w), func(f *web.Form) (web.Done, error) {
				if f.Text("title", "Enter a title", 50); !f.OK() {
					return web.Done{}, nil
				}
				if f.Value("title") == "taken" {
					return web.Done{}, &ui.Taken{Field: "title", Text: "Taken"}
				}
				time.Sleep(50 * time.Millisecond) // long enough for a double click
				return web.Done{To: fmt.Sprintf("/work/widgets/%d", x.added.Add(1)), Words: "Added."}, nil
			})
		}})
	x.mux.Person = func(*http.Request) (web.Person, error) { return x.who, nil }
	x.mux.Once = &once.Marks{DB: s.Work, Now: time.Now}
	return x
}

func (x *widgets) post(pairs ...string) (status int, to string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", "/work/widgets/new", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	x.mux.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Location")
}

// TestTwice: the same form posted again, or twice at the same moment, adds one record
// and leads to it each time.
func TestTwice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		x := newWidgets(t, s)
		want := func(status int, to string, pairs ...string) {
			t.Helper()
			if gotStatus, got := x.post(pairs...); gotStatus != status || got != to {
				t.Errorf("%v: %d to %q, and should be %d to %q", pairs, gotStatus, got, status, to)
			}
		}
		want(303, "/work/widgets/1", "title", "One", "once", "a")
		want(303, "/work/widgets/1", "title", "One", "once", "a")
		// Another showing, other words in the same showing, and another person each mean a
		// record of their own. A form without a mark is none of ours.
		want(303, "/work/widgets/2", "title", "One", "once", "b")
		want(303, "/work/widgets/3", "title", "Another", "once", "a")
		x.who.ID = "ben"
		want(303, "/work/widgets/4", "title", "One", "once", "a")
		want(400, "", "title", "One")
		// What was refused was not added, and is asked again.
		want(422, "", "title", "", "once", "c")
		want(422, "", "title", "", "once", "c")
		want(409, "", "title", "taken", "once", "c")
		want(303, "/work/widgets/5", "title", "Now", "once", "c")

		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if status, to := x.post("title", "Double", "once", "d"); status != 303 || to != "/work/widgets/6" {
					t.Errorf("a double click: %d to %q", status, to)
				}
			})
		}
		all.Wait()
		if n := x.added.Load(); n != 6 {
			t.Errorf("%d were added", n)
		}
	})
}

// TestForgotten: a claim whose process is gone is taken over, and a mark is of no use
// after a day.
func TestForgotten(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		now := time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)
		m := &once.Marks{DB: s.Work, Now: func() time.Time { return now }}
		claim := func(mark string, want bool) {
			t.Helper()
			first, done, err := m.Claim(t.Context(), mark)
			if err != nil || first != want || !first && done.To != "/work/widgets/1" {
				t.Errorf("%s: first %v, led to %q, %v", mark, first, done.To, err)
			}
		}
		claim("lost", true)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := m.Claim(gone, "lost"); !errors.Is(err, context.Canceled) {
			t.Errorf("who is gone still waits: %v", err)
		}
		now = now.Add(2 * time.Minute)
		claim("lost", true)
		if err := m.Settle(t.Context(), "lost", web.Done{To: "/work/widgets/1"}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Minute)
		claim("lost", false)
		now = now.Add(25 * time.Hour)
		claim("other", true)
		if n, err := db.Get[int64](t.Context(), s.Work, `SELECT count(*) FROM form_marks`); err != nil || n != 1 {
			t.Errorf("%d marks are kept after a day: %v", n, err)
		}
	})
}
