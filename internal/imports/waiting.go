package imports

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"
)

// waitingFiles are files that were received and wait for a person to say which column is
// what, and that are not seen yet to be what they were said to be. They stay in the process
// that received them, without a name on any disk: until it is said what they are, they may be
// about children.
type waitingFiles struct {
	mu sync.Mutex
	of map[string]waitingUpload
}

type waitingUpload struct {
	*upload
	person string
	since  time.Time
}

// How long files wait, and how many at a time; the oldest then give way.
const (
	answerWithin = time.Hour
	mostWaiting  = 20
)

// put keeps an upload for the person under a token, and lets go of those that waited long.
func (w *waitingFiles) put(token, person string, u *upload, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[string]waitingUpload{}
	}
	w.of[token] = waitingUpload{u, person, now}
	tokens := make([]string, 0, len(w.of))
	for t := range w.of {
		tokens = append(tokens, t)
	}
	slices.SortFunc(tokens, func(a, b string) int {
		return cmp.Or(w.of[b].since.Compare(w.of[a].since), cmp.Compare(a, b))
	})
	var errs []error
	for i, t := range tokens {
		if i >= mostWaiting || now.Sub(w.of[t].since) > answerWithin {
			errs = append(errs, w.of[t].Close())
			delete(w.of, t)
		}
	}
	return errors.Join(errs...)
}

// take gives the files that wait under a token, whose they then are to close; nil when
// there are none, or they are another person's.
func (w *waitingFiles) take(token, person string) *upload {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ok := w.of[token]
	if !ok || u.person != person {
		return nil
	}
	delete(w.of, token)
	return u.upload
}
