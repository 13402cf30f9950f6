package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// The kinds of job.
const (
	checkJob = "virus check"   // has a version looked at by the virus checker
	eraseJob = "erasing files" // removes contents that were erased
)

const (
	// sweepEvery is how often it is seen to what nobody's act begins.
	sweepEvery = time.Hour
	// litterAfter is how old a content without a row is before it is removed: as long as
	// it may take until a store that was brought back from a copy is seen to be the wrong one.
	litterAfter = 7 * 24 * time.Hour
	// askedFor is how long a file waits for somebody to say whether it belongs there.
	askedFor = 24 * time.Hour
	// checkAgain is after how long a version that is still not checked is tried again: when
	// its job has been given up.
	checkAgain = 12 * time.Hour
)

// A checking is the payload of a job that checks a version.
type checking struct {
	File    string `json:"file"`
	Version int64  `json:"version"`
}

func checkPayload(file string, version int64) string {
	b, err := json.Marshal(checking{file, version})
	if err != nil {
		return "" // a struct of a string and a number: cannot happen
	}
	return string(b)
}

// check has a version looked at by the virus checker, and writes down what it found. What
// it warns of is erased.
func (s *Store) check(ctx context.Context, payload string) error {
	var job checking
	if err := json.Unmarshal([]byte(payload), &job); err != nil {
		return fmt.Errorf("read the job of a file: %w", err)
	}
	v, err := versionOf(ctx, s.Work, job.File, job.Version)
	if errors.Is(err, db.ErrNotFound) || err == nil && v.State != Waiting || s.Checker == nil {
		return nil // erased meanwhile, done by another node, or there is nobody to ask any more
	}
	if err != nil {
		return err
	}
	content, err := s.Keep.Open(ctx, v.Content)
	if err != nil {
		return err
	}
	defer content.Close()
	found, err := s.Checker.Check(ctx, content)
	if err != nil {
		return err
	}
	state := Clean
	if found != "" {
		state = Bad
	}
	err = s.Work.Tx(ctx, func(q db.Q) error {
		err := setChecked(ctx, q, job.File, job.Version, state, found)
		if err != nil || state == Clean {
			return err
		}
		return s.erase(ctx, q, v)
	})
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return db.Wrap(err, "note what the virus checker found in file %s", job.File)
}

// remove removes the contents that were erased.
func (s *Store) remove(ctx context.Context, _ string) error {
	all, err := leaving(ctx, s.Work)
	if err != nil {
		return err
	}
	for _, name := range all {
		if err := s.Keep.Remove(ctx, name); err != nil {
			return err
		}
		if err := s.Work.Tx(ctx, func(q db.Q) error { return left(ctx, q, name) }); err != nil {
			return err
		}
	}
	return nil
}

// Run sees every hour to what nobody's act begins, until ctx ends: files whose day has
// come, questions that nobody answered, versions that are still not checked, and contents
// that no row has. A fault is reported and tried again.
func (s *Store) Run(ctx context.Context, report func(error)) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Sweep does once what Run does every hour.
func (s *Store) Sweep(ctx context.Context) error {
	return errors.Join(s.eraseDue(ctx), s.dropForgotten(ctx), s.checkWaiting(ctx), s.removeLitter(ctx))
}

// eraseDue erases the files whose day has come.
func (s *Store) eraseDue(ctx context.Context) error {
	due, err := dueFiles(ctx, s.Work, s.Now.Today())
	if err != nil {
		return err
	}
	for _, f := range due {
		err := s.Work.Tx(ctx, func(q db.Q) error {
			if _, err := s.eraseAll(ctx, q, f.ID); err != nil {
				return err
			}
			return s.trail().Note(ctx, q, web.Person{}, "a file was erased, as its day had come", f.Kind, f.RecordID, "")
		})
		if err != nil && !errors.Is(err, db.ErrNotFound) { // another node did
			return fmt.Errorf("erase file %s, whose day has come: %w", f.ID, err)
		}
	}
	return nil
}

// dropForgotten erases what nobody answered for.
func (s *Store) dropForgotten(ctx context.Context) error {
	all, err := forgotten(ctx, s.Work, s.Now().Add(-askedFor))
	if err != nil {
		return err
	}
	for _, a := range all {
		err := s.Work.Tx(ctx, func(q db.Q) error { return s.drop(ctx, q, a) })
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("erase file %s, which nobody answered for: %w", a.FileID, err)
		}
	}
	return nil
}

// checkWaiting has versions checked that were added before there was a virus checker, or
// whose job was given up.
func (s *Store) checkWaiting(ctx context.Context) error {
	if s.Checker == nil {
		return nil
	}
	all, err := waiting(ctx, s.Work, s.Now().Add(-checkAgain))
	if err != nil {
		return err
	}
	for _, w := range all {
		err := s.Work.Tx(ctx, func(q db.Q) error {
			if err := tried(ctx, q, w, s.Now()); err != nil {
				return err
			}
			return s.Jobs.Enqueue(ctx, q, checkJob, checkPayload(w.FileID, w.Version))
		})
		if err != nil {
			return fmt.Errorf("have file %s checked: %w", w.FileID, err)
		}
	}
	return nil
}

// removeLitter removes contents that no row has: what a crash left between keeping a
// content and writing its row.
func (s *Store) removeLitter(ctx context.Context) error {
	if err := s.remove(ctx, ""); err != nil {
		return err
	}
	known, err := contents(ctx, s.Work)
	if err != nil {
		return err
	}
	// By the machine's own clock: it is what the folder or the bucket tells time by.
	return s.Keep.Each(ctx, time.Now().Add(-litterAfter), func(name string) error {
		if known[name] {
			return nil
		}
		return s.Keep.Remove(ctx, name)
	})
}
