package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// lastAddress is the address of the site as it was last read, and when it could not be.
type lastAddress struct {
	mu     sync.Mutex
	at     string
	failed time.Time
}

// patience is how long a request waits to hear where the site is, and a store that did not
// answer is then not asked again for as long as again.
const (
	patience = time.Second
	again    = 2 * time.Second
)

// address is where the site is, as Settings have it or, where only the public face is
// served, as was published; "" while nobody has said, and in the demonstration, whose
// address is made up. While the store does not answer it is what it was.
func (a *App) address(r *http.Request) string {
	switch {
	case a.Demo:
		return ""
	case a.Work == nil:
		return a.Sites.PublishedSite(r.Context())
	}
	a.known.mu.Lock()
	last, failed := a.known.at, time.Since(a.known.failed) < again
	a.known.mu.Unlock()
	if failed {
		return last
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	site, err := a.site(ctx, a.Work)
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	if err == nil {
		a.known.at = site.Address
		return site.Address
	}
	if r.Context().Err() == nil {
		a.known.failed = time.Now()
		a.Log.Error("read the site's address", "error", err)
	}
	return a.known.at
}

// secure reports whether the browser that asks reaches the site by TLS: a proxy ends it,
// so the site's address tells.
func (a *App) secure(r *http.Request) bool {
	return r.TLS != nil || mail.Site{Address: a.address(r)}.Secure() && !web.Direct(r)
}

// checkedHealth is what was found when it was last looked whether all is well: who asks
// often has nothing written more often.
type checkedHealth struct {
	mu sync.Mutex
	at time.Time
	is error
}

// healthEvery is how long what was found is believed.
const healthEvery = 2 * time.Second

// health answers those who watch over the process: 200 while the stores answer and can be
// written, and so can the folder.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	a.well.mu.Lock()
	defer a.well.mu.Unlock()
	if a.well.at.IsZero() || time.Since(a.well.at) >= healthEvery {
		// For all who ask in the next seconds, so it does not end with this request.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
		defer cancel()
		a.well.is = a.check(ctx)
		a.well.at = time.Now()
		if a.well.is != nil {
			a.Log.Error("health", "error", a.well.is)
		}
	}
	var ill *illness
	if errors.As(a.well.is, &ill) {
		http.Error(w, "bad: "+ill.words, http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("good\n"))
}

// An illness is what keeps the program from working, in words that say nothing of whoever
// is in it.
type illness struct {
	words string
	err   error
}

func (e *illness) Error() string { return e.words + ": " + e.err.Error() }

func (e *illness) Unwrap() error { return e.err }

// check reads and writes both stores, and a file in the folder.
func (a *App) check(ctx context.Context) error {
	for _, d := range []*db.DB{a.Public, a.Work} {
		if d == nil {
			continue
		}
		if _, err := db.Get[int](ctx, d, `SELECT 1`); err != nil {
			return &illness{"a database does not answer", err}
		}
		if err := d.Writable(ctx); err != nil {
			return &illness{"a database cannot be written", err}
		}
	}
	if a.Seal != nil {
		if err := a.Seal.Why(); err != nil {
			return &illness{"the key of the sealed secrets is not here", err}
		}
	}
	if err := writable(a.Dir); err != nil {
		return &illness{"the folder cannot be written", err}
	}
	return nil
}

// writable writes a file to a folder, and removes it.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".health-*")
	if err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
