package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kith/internal/kit/ui"
)

// An act that has an opposite is taken back by one press, in the line that says it was done: a
// Done names the address of the opposite act, and the kit asks that address, as the person would
// open it, whether it may be done and what it compares. So Undo has the permission, the rules and
// the mark of the page that the person would else have to find.

// undone collects what the page of an opposite act says of itself, in place of the page.
type undone struct {
	mark string
	ok   bool
}

type undoKey struct{}

// undoing gives what is asked of a page of Confirm in place of the page; nil for a real request.
func undoing(r *http.Request) *undone {
	u, _ := r.Context().Value(undoKey{}).(*undone)
	return u
}

// mostMark is the longest mark that Undo carries: it stands in a cookie.
const mostMark = 2500

// Answer sends somebody to where they go when what they posted is kept, with what is said there.
func (d Done) Answer(w http.ResponseWriter, r *http.Request) error {
	if d.Undo == "" || d.Words == "" {
		return SeeOther(w, r, d.To, d.Words)
	}
	f := ui.Flash{Kind: ui.FlashDone, Text: d.Words}
	if ask := exchangeOf(r).undo; ask != nil {
		if mark, ok := ask(d.Undo); ok && len(mark) <= mostMark {
			f.Undo, f.UndoMark = d.Undo, mark
		}
	}
	SetFlash(w, r, f)
	return SeeOther(w, r, d.To, "")
}

// undo asks the page of an act, as the person who sent r would open it, what it compares; ok is
// false when the act is not theirs, or cannot be done as things stand. An act that asks nothing
// first, and so has no page, looks at the record itself: there only the permission is asked.
func (m *Mux) undo(r *http.Request, address string) (mark string, ok bool) {
	at, err := url.Parse(address)
	if err != nil || Local(address, "") == "" {
		return "", false
	}
	u := &undone{}
	r = r.WithContext(context.WithValue(context.WithValue(r.Context(), undoKey{}, u), exchangeKey{},
		&exchange{id: RequestID(r)}))
	asked := r.Clone(r.Context())
	asked.Method, asked.URL, asked.RequestURI = http.MethodGet, at, address
	asked.Body, asked.ContentLength, asked.Form, asked.PostForm = http.NoBody, 0, nil, nil
	asked.Header.Del("Content-Type")
	if _, pattern := m.mux.Handler(asked); strings.HasPrefix(pattern, http.MethodGet+" ") {
		m.mux.ServeHTTP(&nowhere{header: http.Header{}}, asked)
		return u.mark, u.ok
	}
	asked.Method = http.MethodPost
	_, pattern := m.mux.Handler(asked)
	p, err := m.Person(asked)
	for _, rt := range m.routes {
		if err == nil && rt.Pattern == pattern && strings.HasPrefix(pattern, http.MethodPost+" ") {
			return "", p.May(rt.Permission)
		}
	}
	return "", false
}

// nowhere is where a page goes that nobody is to see.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}
