package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/jobs"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
)

// An import begun in the browser is a job of the process that received the files.
// A file about children lives in that process and nowhere else: it has no name on
// any disk, and is gone when the process ends, however it ends. Another node then
// takes the job, finds nothing to read, and says so to the person. The files of a
// kind without rows about children are kept in the store while they are read, and
// the other node reads them.

// JobKind is the kind of job that reads an import.
const JobKind = "import"

// progressEvery is how often progress is written down at the most.
const progressEvery = 500 * time.Millisecond

// A reading is the job's payload: what the ledger does not say of an import.
type reading struct {
	Import string `json:"import"`
	Cover  bool   `json:"cover,omitempty"`
	// Months and Provisional are what the person said of the files' part of the year.
	Months      string `json:"months,omitempty"`
	Provisional bool   `json:"provisional,omitempty"`
	// Hidden says that the rows that a workbook hides are meant.
	Hidden bool `json:"hidden,omitempty"`
	// Matching says in which columns the files have what.
	Matching intake.Matching `json:"matching,omitzero"`
	// Load says that it was read, and a person, By and Name, has looked at it and wants it
	// loaded: Seen is the mark of what they saw, Accept that figures may move much, Sure that
	// it is right although there are doubts, and Whole that it is of the whole year.
	Load   bool   `json:"load,omitempty"`
	Seen   string `json:"seen,omitempty"`
	Accept bool   `json:"accept,omitempty"`
	Sure   bool   `json:"sure,omitempty"`
	Whole  bool   `json:"whole,omitempty"`
	By     string `json:"by,omitempty"`
	Name   string `json:"name,omitempty"`
}

// job reads an import that was begun, or loads one that was read, and writes down what came
// of it.
func (r *Room) job(ctx context.Context, payload string) error {
	var job reading
	if err := json.Unmarshal([]byte(payload), &job); err != nil {
		return fmt.Errorf("read the job of an import: %w", err)
	}
	held := r.held.take(job.Import)
	defer held.Close()
	im, err := importByID(ctx, r.Work, job.Import)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read import %s: %w", job.Import, err)
	}
	switch {
	case job.Load && im.State == "loading":
		return r.loadPreview(ctx, im, job)
	case job.Load || im.State != "running":
		return nil // cancelled, or done by a node that was thought to be dead
	}
	if held == nil {
		if held, err = r.fetch(ctx, im.ID); err != nil {
			return fmt.Errorf("fetch the files of import %s: %w", im.ID, err)
		}
		defer held.Close()
		if len(held.files) == 0 {
			return r.refuse(ctx, im.ID, "running", "interrupted", interrupted, nil)
		}
	}
	return r.finish(ctx, im, held, job)
}

// finish reads the files of an import.
func (r *Room) finish(ctx context.Context, im Import, held *upload, job reading) error {
	o := Options{Authority: im.Authority, Cover: job.Cover, Provisional: job.Provisional, Matching: job.Matching,
		HiddenRows: job.Hidden, By: web.Person{ID: im.ByID, Name: im.By}}
	var err error
	if o.Part, err = intake.ParsePart(job.Months); err != nil {
		return fmt.Errorf("the months of import %s: %w", im.ID, err)
	}
	if im.Year != "" {
		y, err := period.ParseYear(im.Year)
		if err != nil {
			return fmt.Errorf("the year of import %s: %w", im.ID, err)
		}
		o.Year = y
	}
	var last time.Time
	o.Progress = func(words string) {
		if time.Since(last) < progressEvery {
			return
		}
		last = time.Now()
		if err := r.Work.Tx(ctx, func(q db.Q) error { return setProgress(ctx, q, im.ID, words) }); err != nil &&
			ctx.Err() == nil {
			// Losing a word of progress harms nobody; the import's own result tells.
			r.Log.Warn("the progress of an import", "id", im.ID, "error", err)
		}
	}
	if k, ok := r.Kind(im.Kind); ok && k.NoChildren {
		o.recognised = func() {
			if err := r.keep(ctx, im.ID, held); err != nil && ctx.Err() == nil {
				r.Log.Warn("the files of an import could not be kept for other nodes", "id", im.ID, "error", err)
			}
		}
	}
	var rep *Report
	err = r.settle(ctx, im.Kind, &o)
	if err == nil {
		err = r.guarded(func() (err error) {
			rep, err = r.preview(ctx, im.ID, im.Kind, held.files, o)
			return err
		})
	}
	return r.conclude(ctx, im, held, rep, err)
}

// conclude writes down why an import was not read to its end. It returns an error only to
// have the job done again by another node.
func (r *Room) conclude(ctx context.Context, im Import, held *upload, rep *Report, err error) error {
	var fatal *intake.Fatal
	// Which files were refused is told by name; one that cannot be read has none.
	files, _ := intake.Hash(held.files)
	refused := &Report{Batch: &intake.Batch{}, Files: files}
	switch {
	case err == nil && rep.Same == "", errors.Is(err, errEnded), errors.Is(context.Cause(ctx), jobs.ErrLost):
		return nil
	case err == nil:
		return r.refuse(ctx, im.ID, "running", "refused", sameWords(rep), refused)
	case ctx.Err() != nil && held.kept:
		return err
	case ctx.Err() != nil:
		return r.refuse(ctx, im.ID, "running", "interrupted", interrupted, refused)
	case errors.As(err, &fatal) && errors.Is(err, sheet.ErrHidden):
		return r.refuse(ctx, im.ID, "running", "refused", fatal.Error()+". Where they are meant, send it again with the "+
			"tick “"+hiddenLabel+"”.", refused)
	case errors.As(err, &fatal):
		return r.refuse(ctx, im.ID, "running", "refused", fatal.Error(), refused)
	}
	r.Log.Error("import", "id", im.ID, "kind", im.Kind, "error", err)
	return r.refuse(ctx, im.ID, "running", "refused", "The import failed on our side and nothing was loaded. Try again; "+
		"if it happens again, tell whoever runs this system.", refused)
}

// refuse ends an import of which nothing was loaded, unless it has left the state from
// already.
func (r *Room) refuse(ctx context.Context, id, from, state, problem string, rep *Report) error {
	ctx = context.WithoutCancel(ctx)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		n, err := refuseImport(ctx, q, id, from, state, problem, db.At(r.Now()))
		if err != nil || n == 0 {
			return err
		}
		if err := dropParts(ctx, q, id); err != nil {
			return err
		}
		if rep != nil {
			if err := insertParts(ctx, q, id, rep); err != nil {
				return err
			}
		}
		return errors.Join(dropKept(ctx, q, id), dropPreview(ctx, q, id))
	})
	if err != nil {
		return fmt.Errorf("end import %s: %w", id, err)
	}
	return nil
}

// guarded turns a panic of a reader into an error: one bad file does not end the
// process.
func (r *Room) guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// hiddenLabel is the tick by which a person says that hidden rows are meant.
const hiddenLabel = "Count the hidden rows too"

// What an import says that ended before anything was loaded.
const (
	cancelled   = "Cancelled before anything was loaded."
	leftAlone   = "Left: nothing was loaded."
	expired     = "Nobody loaded it within a day, so it was let go. Send the file again."
	interrupted = "The system stopped while it was reading this file, and nothing was loaded. Send the file again."
)

// errEnded is what a load meets whose import was ended meanwhile: by another
// node, which may end what it does not read.
var errEnded = errors.New("the import was ended meanwhile")

// keep puts the files of an import into the store, where another node finds them
// if this one dies.
func (r *Room) keep(ctx context.Context, id string, u *upload) error {
	if u.kept || u.size() > maxKept {
		return nil
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := stillRunning(ctx, q, id); err != nil {
			return err
		}
		for i, f := range u.files {
			if err := keepFile(ctx, q, id, i+1, f); err != nil {
				return err
			}
		}
		return nil
	})
	u.kept = err == nil
	return err
}

// fetch gives the files of an import that are kept in the store, if any.
func (r *Room) fetch(ctx context.Context, id string) (*upload, error) {
	u := &upload{kept: true}
	names, err := keptFiles(ctx, r.Work, id)
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		if err := u.add(r.Dir, name, keptReader(ctx, r.Work, id, i+1)); err != nil {
			return nil, errors.Join(err, u.Close())
		}
	}
	return u, nil
}
