package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Load reads files as a kind, checks them and stores what they bring, all or
// nothing.
func (r *Room) Load(ctx context.Context, kind string, paths []string, o Options) (*Report, error) {
	if err := r.settle(ctx, kind, &o); err != nil {
		return nil, err
	}
	files, err := r.filesFor(kind, paths, o)
	if err != nil {
		return nil, err
	}
	return r.load(ctx, "", kind, files, o)
}

// load stores under the id of an import already begun, or under a new one.
func (r *Room) load(ctx context.Context, id, kind string, files []intake.File, o Options) (*Report, error) {
	rep, err := r.read(ctx, kind, files, o)
	if err != nil {
		return rep, err
	}
	if o.DryRun {
		if _, err = r.judge(ctx, r.Work, rep, o); err == nil && rep.Same == "" {
			err = db.Wrap(rep.compare(ctx, r.Work), "compare %s with what is loaded", kind)
		}
		return rep, err
	}
	k, _ := r.Kind(kind)
	begun := id != ""
	if !begun {
		id = r.NewID()
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := alone(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		first, err := r.judge(ctx, q, rep, o)
		if err != nil || rep.Same != "" {
			return err
		}
		if err := rep.compare(ctx, q); err != nil {
			return err
		}
		if len(rep.LargeMoves()) > 0 && !o.AcceptChange {
			return ErrChange
		}
		if first {
			if err := r.Cover(ctx, q, o.By, rep.Batch.Authority); err != nil {
				return err
			}
			rep.First = register.Coverage{}.Named(rep.Batch.Authority)
		}
		if k.Replaces {
			if err := r.replace(ctx, q, id, rep); err != nil {
				return err
			}
		}
		// Storing may find more: what the files say beside what is kept already.
		if err := rep.Batch.Store(ctx, q, id); err != nil {
			return err
		}
		if o.Strict && rep.Batch.Found > 0 {
			return ErrStrict
		}
		im := Import{
			ID: id, Kind: rep.Batch.As, Year: yearText(rep.Batch.Year), Authority: rep.Batch.Authority, State: "loaded",
			Summary: strings.Join(rep.Batch.Summary, "\n"), Rows: int(rep.Batch.Rows), Found: int(rep.Batch.Found),
			Reader: k.Reader, ByID: o.By.ID, By: o.By.Name, CreatedAt: db.At(r.Now()), EndedAt: db.At(r.Now()),
		}
		if begun {
			if err = finishImport(ctx, q, im); errors.Is(err, db.ErrNotFound) {
				err = errEnded
			}
		} else {
			err = insertImport(ctx, q, im)
		}
		if err != nil {
			return err
		}
		if err := dropKept(ctx, q, id); err != nil {
			return err
		}
		if err := insertFiles(ctx, q, id, rep.Files); err != nil {
			return err
		}
		if err := insertFindings(ctx, q, id, rep.Batch.Findings); err != nil {
			return err
		}
		if err := insertMoves(ctx, q, id, rep.Moves); err != nil {
			return err
		}
		return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: o.By.ID,
			Person: o.By.Name, Act: "imported", Subject: k.Name(), SubjectID: id, Detail: fileNames(rep.Files)})
	})
	var why *intake.Fatal
	if errors.As(err, &why) {
		return rep, why // its words are the person's own affair, and say enough
	}
	if err != nil {
		return rep, fmt.Errorf("load %s: %w", kind, err)
	}
	if rep.Same == "" {
		rep.ImportID = id
	}
	return rep, nil
}

// replace takes away what the imports of the same kind, year and authority brought.
func (r *Room) replace(ctx context.Context, q db.Q, id string, rep *Report) error {
	old, err := currentImports(ctx, q, rep.Batch.As, yearText(rep.Batch.Year), rep.Batch.Authority)
	if err != nil {
		return err
	}
	for _, im := range old {
		k, ok := r.Kind(im.Kind)
		if !ok {
			return fmt.Errorf("import %s is of the kind %q, which is not offered", im.ID, im.Kind)
		}
		if err := setAside(ctx, q, k, im.ID); err != nil {
			return err
		}
		if err := k.Withdraw(ctx, q, im.ID); err != nil {
			return fmt.Errorf("replace import %s: %w", im.ID, err)
		}
		if err := endImport(ctx, q, im.ID, "replaced", id, db.At(r.Now())); err != nil {
			return err
		}
		rep.Replaced = append(rep.Replaced, im.ID)
	}
	return nil
}

// ErrNotLoaded is returned when an import to withdraw is not, or no longer, loaded.
var ErrNotLoaded = errors.New("this import is not loaded")

// Withdraw takes away an import and the records it brought; organisations, people and
// sectors that it added stay, since other records may use them. What it had replaced
// comes back, where it was kept aside, and is listed.
func (r *Room) Withdraw(ctx context.Context, id string, by web.Person) (back []Import, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := alone(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		im, err := importByID(ctx, q, id)
		if err != nil {
			return err
		}
		if im.State != "loaded" {
			return ErrNotLoaded
		}
		k, ok := r.Kind(im.Kind)
		if !ok {
			return fmt.Errorf("the kind %q is not offered", im.Kind)
		}
		if err := k.Withdraw(ctx, q, id); err != nil {
			return err
		}
		if err := endImport(ctx, q, id, "withdrawn", "", db.At(r.Now())); err != nil {
			return err
		}
		if back, err = r.bringBack(ctx, q, id); err != nil {
			return err
		}
		for _, im := range back {
			if err := audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID,
				Person: by.Name, Act: "brought back", Subject: k.Name(), SubjectID: im.ID}); err != nil {
				return err
			}
		}
		return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
			Act: "withdrew", Subject: k.Name(), SubjectID: id})
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw import %s: %w", id, err)
	}
	return back, nil
}

// Begin starts to import files that were received, which become the import's own
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
	payload, err := json.Marshal(reading{Import: id, Strict: o.Strict, Accept: o.AcceptChange, Cover: o.Cover})
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

// End stops an import wherever it is being read: at once in this process, and at
// its next heartbeat in another. It reports whether it was being read.
func (r *Room) End(ctx context.Context, id string) (bool, error) {
	r.Jobs.Interrupt(id)
	ended := false
	err := r.Work.Tx(ctx, func(q db.Q) error {
		n, err := refuseImport(ctx, q, id, "cancelled", cancelled, db.At(r.Now()))
		if err != nil || n == 0 {
			return err
		}
		ended = true
		if err := dropKept(ctx, q, id); err != nil {
			return err
		}
		return r.Jobs.Cancel(ctx, q, id)
	})
	if err != nil {
		return false, fmt.Errorf("end import %s: %w", id, err)
	}
	return ended, nil
}
