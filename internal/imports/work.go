package imports

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// Imports begun in the browser are read in the background by the process that
// received the file. The file lies in a folder of the installation only while it
// is read, and is removed whatever comes of it: a return's rows are about
// children, and nothing of them is to stay.

// running holds what can be cancelled in this process.
type running struct {
	mu     sync.Mutex
	cancel map[string]context.CancelFunc
	all    sync.WaitGroup
}

// Begin starts an import of files that lie in folder, which becomes the import's
// own, to rename and to remove, and returns the import's id at once.
func (r *Room) Begin(ctx context.Context, kind, folder string, o Options) (string, error) {
	k, ok := r.Kind(kind)
	if !ok {
		os.RemoveAll(folder)
		return "", intake.Refuse("", "%q is not a kind of file that can be imported", kind)
	}
	// The folder bears the import's id, so that after a crash this node knows
	// which imports were its own.
	id := r.NewID()
	own := filepath.Join(filepath.Dir(folder), id)
	if err := os.Rename(folder, own); err != nil {
		os.RemoveAll(folder)
		return "", fmt.Errorf("begin import: %w", err)
	}
	folder = own
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return insertImport(ctx, q, Import{ID: id, Kind: k.ID, Year: yearText(o.Year), Authority: o.Authority, State: "running",
			Progress: "Opening the files", Reader: k.Reader, ByID: o.By.ID, By: o.By.Name, CreatedAt: db.At(r.Now())})
	})
	if err != nil {
		os.RemoveAll(folder)
		return "", fmt.Errorf("begin import: %w", err)
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.run.mu.Lock()
	if r.run.cancel == nil {
		r.run.cancel = map[string]context.CancelFunc{}
	}
	r.run.cancel[id] = cancel
	r.run.mu.Unlock()
	r.run.all.Go(func() {
		defer os.RemoveAll(folder)
		defer cancel()
		r.finish(work, id, kind, folder, o)
		r.run.mu.Lock()
		delete(r.run.cancel, id)
		r.run.mu.Unlock()
	})
	return id, nil
}

// progressEvery is how often progress is written down at the most.
const progressEvery = 500 * time.Millisecond

// finish reads and loads, and writes down what came of it.
func (r *Room) finish(ctx context.Context, id, kind, folder string, o Options) {
	var last time.Time
	o.Progress = func(words string) {
		if time.Since(last) < progressEvery {
			return
		}
		last = time.Now()
		// Losing a word of progress harms nobody; the import's own result tells.
		_ = r.Work.Tx(ctx, func(q db.Q) error { return setProgress(ctx, q, id, words) })
	}
	rep, err := r.guarded(ctx, id, kind, folder, o)
	state, problem := "", ""
	var fatal *intake.Fatal
	switch {
	case err == nil && rep.Same != "":
		state, problem = "refused", "These very files are already loaded, so nothing was done."
	case err == nil:
		return
	case errors.Is(err, errEnded):
		return
	case errors.Is(err, context.Canceled):
		state, problem = "cancelled", cancelled
	case errors.Is(err, ErrStrict):
		state, problem = "refused", "There are findings, and you asked for none to be accepted."
	case errors.As(err, &fatal):
		state, problem = "refused", fatal.Error()
	default:
		state, problem = "refused", "The import failed on our side and nothing was loaded. Try again; if it happens again, tell whoever runs this system."
		r.Log.Error("import", "id", id, "kind", kind, "error", err)
	}
	ctx = context.WithoutCancel(ctx)
	if err := r.Work.Tx(ctx, func(q db.Q) error {
		if rep != nil && rep.Batch != nil && errors.Is(err, ErrStrict) {
			if err := insertFindings(ctx, q, id, rep.Batch.Findings); err != nil {
				return err
			}
		}
		_, err := refuseImport(ctx, q, id, state, problem, db.At(r.Now()))
		return err
	}); err != nil {
		r.Log.Error("import", "id", id, "error", err)
	}
}

// guarded turns a panic of a reader into an error: one bad file does not end the
// process.
func (r *Room) guarded(ctx context.Context, id, kind, folder string, o Options) (rep *Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.load(ctx, id, kind, []string{folder}, o)
}

// Cancel stops an import that is being read. It reports whether there was one in
// this process.
func (r *Room) Cancel(id string) bool {
	r.run.mu.Lock()
	defer r.run.mu.Unlock()
	cancel, ok := r.run.cancel[id]
	if ok {
		cancel()
	}
	return ok
}

// cancelled is what an import says that was.
const cancelled = "Cancelled before anything was loaded."

// errEnded is what a load meets whose import was ended meanwhile: by another
// node, which may end what it does not read.
var errEnded = errors.New("the import was ended meanwhile")

// End stops an import wherever it is being read. It reports whether it was.
func (r *Room) End(ctx context.Context, id string) (bool, error) {
	if r.Cancel(id) {
		return true, nil
	}
	ended := false
	err := r.Work.Tx(ctx, func(q db.Q) error {
		n, err := refuseImport(ctx, q, id, "cancelled", cancelled, db.At(r.Now()))
		ended = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("end import %s: %w", id, err)
	}
	return ended, nil
}

// Wait returns when no import is being read in this process.
func (r *Room) Wait() { r.run.all.Wait() }

// Recover ends, at start, the imports that a process which died was reading here,
// and removes their files. Uploads is this node's folder of files being read; what
// other nodes read goes on.
func (r *Room) Recover(ctx context.Context) error {
	left, err := os.ReadDir(r.Uploads)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for interrupted imports: %w", err)
	}
	for _, e := range left {
		if err := os.RemoveAll(filepath.Join(r.Uploads, e.Name())); err != nil {
			return fmt.Errorf("remove an interrupted import's files: %w", err)
		}
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		for _, e := range left {
			if err := interruptImport(ctx, q, e.Name(), db.At(r.Now())); err != nil {
				return fmt.Errorf("end an interrupted import: %w", err)
			}
		}
		return nil
	})
}
