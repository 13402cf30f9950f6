package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// In the browser nothing is loaded that nobody has looked at. Files are read, and what they
// bring waits in the store, packed: counts, or rows about adults, and no row about a child.
// A person is shown what loading would do, and loads it or leaves it. What is loaded may
// change meanwhile, so loading compares again: what would do something else than was shown
// is not loaded but shown again. Any node may load it, and what nobody loads within a day
// is let go.

// Waits is how long what was read waits for a person.
const Waits = 24 * time.Hour

// Begin starts to read files that were received, which become the import's own
// to close, and returns the import's id at once.
func (r *Room) Begin(ctx context.Context, kind string, files *upload, o Options) (string, error) {
	if err := r.settle(ctx, kind, &o); err != nil {
		return "", errors.Join(err, files.Close())
	}
	k, err := r.kindFor(kind, o)
	if err != nil {
		return "", errors.Join(err, files.Close())
	}
	id := r.NewID()
	payload, err := json.Marshal(reading{Import: id, Cover: o.Cover, Months: monthsText(intake.Part{Span: o.Part}),
		Provisional: o.Provisional, Hidden: o.HiddenRows, Matching: o.Matching})
	if err != nil {
		return "", errors.Join(fmt.Errorf("begin import: %w", err), files.Close())
	}
	var start func()
	err = r.Work.Tx(ctx, func(q db.Q) (err error) {
		if err := insertImport(ctx, q, Import{ID: id, Kind: k.ID, Year: yearText(o.Year), Authority: o.Authority,
			State:    "running",
			Progress: "Opening the files", Reader: k.Reader, ByID: o.By.ID, By: o.By.Name,
			CreatedAt: db.At(r.Now())}); err != nil {
			return err
		}
		start, err = r.Jobs.EnqueueHere(ctx, q, id, JobKind, string(payload))
		return err
	})
	if err != nil {
		return "", errors.Join(fmt.Errorf("begin import: %w", err), files.Close())
	}
	r.held.put(id, files)
	start()
	return id, nil
}

// preview reads the files of an import that was begun and keeps what they bring for a
// person to look at.
func (r *Room) preview(ctx context.Context, id, kind string, files []intake.File, o Options) (*Report, error) {
	rep, err := r.read(ctx, kind, files, o)
	if err != nil {
		return rep, err
	}
	if err := r.weigh(ctx, rep, o); err != nil && !errors.Is(err, ErrPart) || rep.Same != "" {
		return rep, err
	}
	kept := preview{ImportID: id, Kind: kind, Covers: flag(o.Cover)}
	if kept.Batch, err = json.Marshal(rep.Batch); err == nil {
		kept.Content, err = rep.Batch.Hold()
	}
	if err != nil {
		return rep, fmt.Errorf("pack what was read of %s: %w", kind, err)
	}
	k, _ := r.Kind(kind)
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := finished(ctx, q, entry(id, "previewed", rep, k, o, db.At(r.Now())), "running"); err != nil {
			return err
		}
		if err := insertParts(ctx, q, id, rep); err != nil {
			return err
		}
		if err := insertPreview(ctx, q, kept); err != nil {
			return err
		}
		return dropKept(ctx, q, id)
	})
	return rep, db.Wrap(err, "keep what was read of import %s", id)
}

// Confirm loads what a person has looked at: at once, and as far as it would still do what
// they were shown. o has their answers.
func (r *Room) Confirm(ctx context.Context, id string, o Options) error {
	payload, err := json.Marshal(reading{Import: id, Load: true, Seen: o.Seen, Accept: o.AcceptChange,
		Sure: o.AcceptDoubts, Whole: o.WholeYear, By: o.By.ID, Name: o.By.Name})
	if err != nil {
		return fmt.Errorf("load import %s: %w", id, err)
	}
	var start func()
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := moveImport(ctx, q, id, "previewed", "loading"); err != nil {
			return err
		}
		start, err = r.Jobs.EnqueueHere(ctx, q, r.NewID(), JobKind, string(payload))
		return err
	})
	if err != nil {
		return fmt.Errorf("load import %s: %w", id, err)
	}
	start()
	return nil
}

// loadPreview loads an import that a person has said is to be loaded.
func (r *Room) loadPreview(ctx context.Context, im Import, job reading) error {
	kept, err := previewOf(ctx, r.Work, im.ID)
	if err != nil {
		return fmt.Errorf("load import %s: %w", im.ID, err)
	}
	o := Options{By: web.Person{ID: job.By, Name: job.Name}, AcceptChange: job.Accept, Seen: job.Seen,
		AcceptDoubts: job.Sure, WholeYear: job.Whole, Cover: kept.Covers == 1}
	rep, err := r.resumed(ctx, kept)
	if err == nil {
		err = r.guarded(func() error { return r.store(ctx, im.ID, rep, o) })
	}
	var fatal *intake.Fatal
	switch {
	case err == nil && rep.Same == "", errors.Is(err, errEnded):
		return nil
	case err == nil:
		return r.refuse(ctx, im.ID, "loading", "refused", sameWords(rep), rep)
	case errors.Is(err, ErrMoved):
		return r.askAgain(ctx, im.ID, "Somebody changed what is loaded after you opened this page, so nothing was loaded. "+
			"The comparison below is of now: look at it, and load the file if it is still right.", rep)
	case errors.Is(err, ErrChange):
		return r.askAgain(ctx, im.ID, "Nothing was loaded: "+changeWords(rep), rep)
	case errors.Is(err, ErrDoubts):
		return r.askAgain(ctx, im.ID, "Nothing was loaded: say below that the file is right, or leave it.", rep)
	case errors.Is(err, ErrPart):
		return r.askAgain(ctx, im.ID, "Nothing was loaded: say below whether it is the whole year.", rep)
	case errors.As(err, &fatal):
		return r.refuse(ctx, im.ID, "loading", "refused", fatal.Error(), rep)
	case ctx.Err() != nil:
		return err // another node loads it
	}
	r.Log.Error("load an import", "id", im.ID, "kind", im.Kind, "error", err)
	return r.askAgain(ctx, im.ID, "Loading failed on our side and nothing was loaded. Try again; if it happens again, "+
		"tell whoever runs this system.", nil)
}

// TakeAs takes what was read and waits as the counts of some months of its year.
func (r *Room) TakeAs(ctx context.Context, id string, months period.Span) error {
	kept, err := previewOf(ctx, r.Work, id)
	if err != nil {
		return fmt.Errorf("take import %s as of some months: %w", id, err)
	}
	rep, err := r.resumed(ctx, kept)
	if err == nil {
		rep.Batch.Part.Span = months
		k, _ := r.Kind(kept.Kind)
		err = mayBePart(k, rep.Batch.Year, rep.Batch.Part)
	}
	if err == nil {
		err = rep.compare(ctx, r.Work)
	}
	if err == nil {
		kept.Batch, err = json.Marshal(rep.Batch)
	}
	if err != nil {
		return fmt.Errorf("take import %s as of some months: %w", id, err)
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		if err := moveImport(ctx, q, id, "previewed", "previewed"); err != nil {
			return err
		}
		if err := errors.Join(setMonths(ctx, q, id, monthsText(rep.Batch.Part)), dropPreview(ctx, q, id),
			dropMoves(ctx, q, id)); err != nil {
			return err
		}
		if err := insertPreview(ctx, q, kept); err != nil {
			return err
		}
		return insertMoves(ctx, q, id, rep.Moves)
	})
}

// resumed makes a report again of what was kept for a person to look at.
func (r *Room) resumed(ctx context.Context, kept preview) (*Report, error) {
	k, ok := r.Kind(kept.Kind)
	if !ok {
		return nil, fmt.Errorf("the kind %q is not offered", kept.Kind)
	}
	rep := &Report{Kind: kept.Kind, Batch: &intake.Batch{}, replaces: k.Replaces, parts: k.Parts}
	if err := json.Unmarshal(kept.Batch, rep.Batch); err != nil {
		return nil, err
	}
	var err error
	if rep.Files, err = filesOf(ctx, r.Work, kept.ImportID); err != nil {
		return nil, err
	}
	return rep, k.Resume(ctx, kept.Content, rep.Batch)
}

// askAgain shows an import again that was not loaded, with the comparison of now where
// there is one.
func (r *Room) askAgain(ctx context.Context, id, why string, rep *Report) error {
	ctx = context.WithoutCancel(ctx)
	return r.Work.Tx(ctx, func(q db.Q) error {
		if err := moveImport(ctx, q, id, "loading", "previewed"); err != nil {
			return err
		}
		if err := setProblem(ctx, q, id, why); err != nil || rep == nil {
			return err
		}
		if err := dropMoves(ctx, q, id); err != nil {
			return err
		}
		return insertMoves(ctx, q, id, rep.Moves)
	})
}

// sameWords says that files are loaded already.
func sameWords(rep *Report) string {
	return "These very files are already loaded, so nothing was done: " + rep.SameWords + "."
}

// changeWords asks about an import that would move figures much.
func changeWords(rep *Report) string {
	n := len(rep.LargeMoves())
	return fmt.Sprintf("%s by more than a third. Tick that this is right, or leave the file.",
		lang.Plural(n, "figure would move", "figures would move"))
}

// End stops an import wherever it is being read: at once in this process, and at its next
// heartbeat in another. What was read and waits is let go. It reports whether there was
// something to end.
func (r *Room) End(ctx context.Context, id string, by web.Person) (bool, error) {
	r.Jobs.Interrupt(id)
	ended := false
	err := r.Work.Tx(ctx, func(q db.Q) error {
		n, err := refuseImport(ctx, q, id, "running", "cancelled", cancelled, db.At(r.Now()))
		if err != nil {
			return err
		}
		left, err := refuseImport(ctx, q, id, "previewed", "cancelled", leftAlone, db.At(r.Now()))
		if err != nil || n+left == 0 {
			return err
		}
		ended = true
		if err := errors.Join(dropKept(ctx, q, id), dropPreview(ctx, q, id)); err != nil {
			return err
		}
		if left > 0 {
			return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
				Act: "left unloaded", Subject: "import", SubjectID: id})
		}
		return r.Jobs.Cancel(ctx, q, id)
	})
	if err != nil {
		return false, fmt.Errorf("end import %s: %w", id, err)
	}
	return ended, nil
}

// Expire lets go of what was read and nobody loaded within a day, and of files that nobody
// said the columns of.
func (r *Room) Expire(ctx context.Context) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := dropWaitingBefore(ctx, q, db.At(r.Now().Add(-Waits))); err != nil {
			return err
		}
		old, err := previewsBefore(ctx, q, db.At(r.Now().Add(-Waits)))
		if err != nil {
			return err
		}
		for _, id := range old {
			if _, err := refuseImport(ctx, q, id, "previewed", "cancelled", expired, db.At(r.Now())); err != nil {
				return err
			}
			if err := dropPreview(ctx, q, id); err != nil {
				return err
			}
		}
		return nil
	})
	return db.Wrap(err, "let go of what nobody loaded")
}

// expireEvery is how often a process looks for what nobody loaded.
const expireEvery = time.Hour

// Run lets go of what nobody loaded, now and then, until ctx ends. failed is told of each
// time that did not work.
func (r *Room) Run(ctx context.Context, failed func(error)) {
	t := time.NewTicker(expireEvery)
	defer t.Stop()
	for {
		if err := r.Expire(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
