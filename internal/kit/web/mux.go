package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// A Mux answers requests: it gives each a number, sets the headers that keep
// browsers safe, decides from the route's permission whether the handler runs,
// and turns what the handler returns into a page.
type Mux struct {
	Log *slog.Logger
	// Person finds who is signed in; an error is a fault of the system.
	Person func(r *http.Request) (Person, error)
	// Base makes the frame for the pages of a request.
	Base func(w http.ResponseWriter, r *http.Request, p Person) ui.Base
	// Terms gives the installation's own words; nil for the standard ones.
	Terms func(r *http.Request) lang.Terms
	// Once remembers the forms for new records that were posted; nil remembers none.
	Once Once
	// Secure tells whether the browser that asks reaches the site by TLS, which a proxy may
	// end; nil where the connection says it.
	Secure func(r *http.Request) bool
	// Confirm asks whoever is signed in to show again that it is they, when the address says
	// so and they last did a while ago. It answers the request itself, or reports that the
	// handler may. nil asks nobody.
	Confirm func(w http.ResponseWriter, r *http.Request) (proved bool, err error)
	// Noting keeps who was shown, given and refused what; nil keeps nothing.
	Noting Noting
	// Pick finds what pickers choose among; nil finds nothing.
	Pick Picker
	// SignIn is where somebody is sent who has to sign in first.
	SignIn string

	mux    http.ServeMux
	routes []Route
	pages  *ui.Set
}

// NewMux makes a Mux with no routes. It panics when its own pages cannot be
// parsed.
func NewMux(log *slog.Logger) *Mux {
	set, err := ownPages()
	if err != nil {
		panic(err)
	}
	m := &Mux{Log: log, pages: set, SignIn: "/sign-in",
		Person: func(*http.Request) (Person, error) { return Person{}, nil },
		Base:   func(http.ResponseWriter, *http.Request, Person) ui.Base { return ui.Base{} }}
	m.mux.Handle(missing.Pattern, m.wrap(missing))
	return m
}

// Handle adds routes. It panics on one without permission: nothing is open by
// oversight.
func (m *Mux) Handle(routes ...Route) {
	for _, rt := range routes {
		if rt.Permission == "" || rt.Handle == nil {
			panic("route " + rt.Pattern + " has no permission or no handler")
		}
		m.routes = append(m.routes, rt)
		m.mux.Handle(rt.Pattern, m.wrap(rt))
	}
}

// Routes lists every route, in the order they were added.
func (m *Mux) Routes() []Route { return m.routes }

// ServeHTTP answers a request.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	x := &exchange{id: ids.New()}
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	rec := &recorder{ResponseWriter: w}
	headers(rec.Header(), x.id)
	defer func() {
		if p := recover(); p != nil {
			m.fail(rec, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		if m.Log.Enabled(r.Context(), slog.LevelDebug) {
			m.Log.Debug("request", "id", x.id, "method", r.Method, "path", r.URL.Path, "status", rec.status, "took",
				time.Since(start))
		}
	}()
	if !readable(r.URL) {
		m.fail(rec, r, BadRequest("The address has characters that mean nothing. Check it, or go back and follow the link "+
			"again."))
		return
	}
	m.mux.ServeHTTP(rec, r)
}

// readable reports whether an address is text: PostgreSQL takes no NUL and nothing
// that is not UTF-8, and no page of ours has such an address.
func readable(u *url.URL) bool {
	text := func(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
	if !text(u.Path) {
		return false
	}
	if u.RawQuery == "" {
		return true
	}
	q, err := url.QueryUnescape(u.RawQuery)
	return err == nil && text(q)
}

// missing answers where no route matches.
var missing = Route{Pattern: "/", Permission: Anyone,
	Handle: func(http.ResponseWriter, *http.Request) error { return ErrNotFound }}

func (m *Mux) wrap(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		if m.Secure != nil {
			x.secure = func() bool { return m.Secure(r) }
		}
		p, err := m.Person(r)
		if err != nil {
			m.fail(w, r, err)
			return
		}
		x.person, x.once, x.pick, x.route = p, m.Once, m.Pick, rt
		if rec, ok := w.(*recorder); ok {
			rec.reader = p // before a refusal, which looks like any page that is not there
		}
		x.base = func() ui.Base { return m.Base(w, r, p) }
		x.undo = func(address string) (string, bool) { return m.undo(r, address) }
		if m.Terms != nil {
			x.terms = func() lang.Terms { return m.Terms(r) }
		}
		if !p.May(rt.Permission) {
			if p.ID == "" {
				if kept, err := m.unsent(w, r); err != nil {
					m.fail(w, r, err)
					return
				} else if kept {
					return
				}
				to := m.SignIn
				if r.Method == http.MethodGet {
					to += "?next=" + url.QueryEscape(r.URL.RequestURI())
				}
				http.Redirect(w, r, to, http.StatusSeeOther)
				return
			}
			// The same answer as for a page that does not exist: that there is one
			// is not theirs to know.
			if m.Noting != nil && undoing(r) == nil {
				if err := m.Noting(r, p, Answer{Route: rt, Status: http.StatusNotFound, Refused: true}); err != nil {
					m.Log.Error("note a refusal", "error", err)
				}
			}
			m.fail(w, r, ErrNotFound)
			return
		}
		if p.First != "" && rt.Permission != Anyone && !rt.Early {
			http.Redirect(w, r, p.First, http.StatusSeeOther)
			return
		}
		if m.Confirm != nil && !p.Proved && rt.Confirm.asks(r) {
			if proved, err := m.Confirm(w, r); err != nil {
				m.fail(w, r, err)
				return
			} else if !proved {
				return
			}
		}
		rec, recorded := w.(*recorder)
		if recorded {
			rec.note(r, p, rt, m.Noting)
		}
		err = rt.given(r.URL.Query())
		if err == nil && rt.Permission != Anyone {
			err = anothers(w, r, p)
		}
		answered := false
		if err == nil && rt.Before != nil {
			answered, err = rt.Before(w, r)
		}
		if err == nil && !answered {
			err = rt.Handle(w, r)
		}
		if recorded {
			if held := rec.heldBack(); held != nil {
				err = held
			}
		}
		if err != nil {
			m.fail(w, r, err)
		}
	})
}

// fail turns an error into a page.
func (m *Mux) fail(w http.ResponseWriter, r *http.Request, err error) {
	rec, recorded := w.(*recorder)
	if recorded && rec.gone != nil && errors.Is(err, rec.gone) {
		return // nobody is waiting any more, and nothing of ours went wrong
	}
	page := errorPage{Base: Base(r, ""), Status: http.StatusInternalServerError}
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		page.Way = m.wayBack(r)
		page.Status, page.Base.Title, page.Words = refusal.Status, refusal.Title, refusal.Words
		page.Entered = entered(w, r)
		if refusal.Status >= http.StatusInternalServerError { // ours to put right, though the person is told in words
			m.Log.Error("request failed", "id", RequestID(r), "method", r.Method, "path", r.URL.Path, "error", err)
		}
	case errors.Is(err, ErrNotFound), errors.Is(err, db.ErrNotFound):
		page.Status, page.Base.Title = http.StatusNotFound, "Page not found"
		page.Words = "If you typed the address, check it. If you followed a link, what it led to may have been moved or " +
			"taken away."
		page.Entered = entered(w, r)
	case db.IsNotText(err): // a choice that no form of ours offers
		page.Status, page.Base.Title = http.StatusBadRequest, "That address or form was not understood"
		page.Words = "It has characters that mean nothing. Go back and choose again."
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return // nobody is waiting any more
	case db.IsFull(err), db.IsAway(err):
		m.Log.Error("request failed", "id", RequestID(r), "method", r.Method, "path", r.URL.Path, "error", err)
		page.Status, page.Base.Title = http.StatusServiceUnavailable, "The records cannot be reached at the moment"
		page.Words = "Try again in a minute. If you sent a form, look first whether it was saved; if this goes on, tell " +
			"whoever looks after this system."
		if db.IsFull(err) {
			page.Base.Title = "Nothing can be saved at the moment"
			page.Words = "The disk that the records are kept on is full. What you entered was not saved: keep a copy of it, " +
				"and tell whoever looks after this system."
		}
		page.Entered = entered(w, r)
	default:
		m.Log.Error("request failed", "id", RequestID(r), "method", r.Method, "path", r.URL.Path, "error", err)
		page.Base.Title = "Sorry, something went wrong on our side"
		page.Words = "Nothing you entered before this page is lost. Try again in a minute; if it happens again, tell us " +
			"this number."
		page.Number, page.Entered = RequestID(r), entered(w, r)
		if ui.Live { // only who works on Kith sees this page
			page.Words = err.Error()
		}
	}
	page.Base.Title, page.Words = page.Put(page.Base.Title), page.Put(page.Words)
	page.NoIndex = true
	if recorded && rec.status != 0 {
		return // part of another answer has gone out
	}
	if err := Render(w, page.Status, m.pages, "error", page); recorded && rec.gone != nil {
		return
	} else if err != nil {
		m.Log.Error("error page", "error", err)
		http.Error(w, page.Base.Title, page.Status)
	}
}

type errorPage struct {
	ui.Base
	Status int
	Words  string
	Number string
	Way    ui.NavItem // to the record or list that a refusal is about; none when empty
	// Entered is what was sent to something that is not there any more, so that
	// nobody loses what they wrote because somebody else deleted the record.
	Entered []string
}

// entered gives the texts of a form that found nothing to be kept in: those that a
// person wrote, and no choice or secret.
func entered(w http.ResponseWriter, r *http.Request) []string {
	if r.Method != http.MethodPost || !urlEncoded(r) {
		return nil
	}
	f, err := ReadForm(w, r)
	if err != nil {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if isMark(name) || secret(name) {
			continue
		}
		for _, v := range f.values[name] {
			if strings.ContainsAny(strings.TrimSpace(v), " \n") {
				out = append(out, v)
			}
		}
	}
	return out
}

// headers are on every answer. The policy allows nothing from elsewhere and
// nothing inline; a handler that needs less strict caching sets its own.
func headers(h http.Header, id string) {
	h.Set("Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "+
			"'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", id)
}

// recorder remembers whether an answer has begun.
type recorder struct {
	http.ResponseWriter
	status int
	gone   error // what a write came back with: there is no browser to answer any more
	begin  func(status int) error
	kept   error  // why nothing may go out
	reader Person // whom pages are shown to
}

func (w *recorder) WriteHeader(status int) {
	if !w.started(status) {
		return
	}
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if !w.started(http.StatusOK) {
		return 0, w.kept
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	if err != nil && w.gone == nil {
		w.gone = err
	}
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Local makes an address to go to after signing in safe: one of this host, or
// fallback.
func Local(next, fallback string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") {
		return fallback
	}
	return next
}
