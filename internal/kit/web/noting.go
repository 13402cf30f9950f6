package web

import (
	"errors"
	"mime"
	"net/http"
)

// An Answer is what is about to go out to somebody, as far as a record of who saw what
// needs to know it.
type Answer struct {
	Route   Route
	Status  int
	File    string // the name of what is downloaded; "" for a page
	Refused bool   // the person lacks the route's permission: the answer is that there is no such page
}

// Noting is told of each answer to somebody who is signed in, before anything of it goes
// out. When it returns an error nothing does: what has to be noted and cannot be is not
// shown either. A refusal goes out in any case.
type Noting func(r *http.Request, p Person, a Answer) error

// errNotNoted is what writing comes back with once an answer may not go out.
var errNotNoted = errors.New("the answer could not be noted")

// note has the recorder tell of the answer when it begins.
func (w *recorder) note(r *http.Request, p Person, rt Route, tell Noting) {
	if tell == nil || p.ID == "" {
		return
	}
	w.begin = func(status int) error {
		a := Answer{Route: rt, Status: status}
		if _, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition")); err == nil {
			a.File = params["filename"]
		}
		return tell(r, p, a)
	}
}

// started runs begin once, and reports whether the answer may go out.
func (w *recorder) started(status int) bool {
	if w.begin != nil && w.kept == nil {
		begin := w.begin
		w.begin = nil
		if err := begin(status); err != nil {
			w.kept = errors.Join(errNotNoted, err)
		}
	}
	return w.kept == nil
}

// heldBack gives why an answer was held back, if it was, and lets the page that says so
// go out in its place.
func (w *recorder) heldBack() error {
	err := w.kept
	if err != nil {
		w.kept, w.begin = nil, nil
		for _, name := range []string{"Content-Disposition", "Content-Length", "Content-Type", "Etag", "Last-Modified"} {
			w.Header().Del(name)
		}
	}
	return err
}
