package imports

import (
	"context"
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
	return r.load(ctx, kind, files, o)
}

// load reads files and stores what they bring, in one step.
func (r *Room) load(ctx context.Context, kind string, files []intake.File, o Options) (*Report, error) {
	var err error
	if o.known, err = loadedImports(ctx, r.Work); err != nil {
		return nil, err
	}
	rep, err := r.read(ctx, kind, files, o)
	if err != nil {
		return rep, err
	}
	if o.DryRun {
		return rep, r.weigh(ctx, rep, o)
	}
	return rep, r.store(ctx, "", rep, o)
}

// weigh finds what loading a report would do beside what is loaded now.
func (r *Room) weigh(ctx context.Context, rep *Report, o Options) error {
	if _, err := r.judge(ctx, r.Work, rep, o); err != nil || rep.Same != "" {
		return err
	}
	if err := rep.compare(ctx, r.Work); err != nil {
		return fmt.Errorf("compare %s with what is loaded: %w", rep.Kind, err)
	}
	return r.ofTheWhole(rep, o)
}

// ofTheWhole returns ErrPart for files that look to be of a part of the year, unless somebody
// has said that they are of the whole.
func (r *Room) ofTheWhole(rep *Report, o Options) error {
	if o.WholeYear || rep.Looks(r.Now.Today()).IsZero() {
		return nil
	}
	return ErrPart
}

// store stores what was read, all or nothing, under the id of an import that a person has
// looked at, or under a new one.
func (r *Room) store(ctx context.Context, looked string, rep *Report, o Options) error {
	k, _ := r.Kind(rep.Kind)
	id := looked
	if id == "" {
		id = r.NewID()
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
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
		if looked != "" && rep.Mark() != o.Seen {
			return ErrMoved
		}
		if err := r.ofTheWhole(rep, o); err != nil {
			return err
		}
		if rep.overtaken(o.known) && !o.AcceptChange {
			return ErrOvertaken
		}
		if len(rep.LargeMoves()) > 0 && !o.AcceptChange {
			return ErrChange
		}
		if len(rep.Batch.Doubts) > 0 && !o.AcceptDoubts {
			return ErrDoubts
		}
		if first {
			if err := r.Cover(ctx, q, o.By, rep.Batch.Authority); err != nil {
				return err
			}
			rep.First = register.Coverage{}.Named(rep.Batch.Authority)
		}
		if err := r.replace(ctx, q, id, rep); err != nil {
			return err
		}
		// Storing may find more: what the files say beside what is kept already.
		if !rep.Batch.Part.Beside() {
			if err := rep.Batch.Store(ctx, q, id); err != nil {
				return err
			}
		}
		if o.Strict && rep.Batch.Found > 0 {
			return ErrStrict
		}
		im := entry(id, "loaded", rep, k, o, db.At(r.Now()))
		if looked != "" {
			err = errors.Join(finished(ctx, q, im, "loading"), dropPreview(ctx, q, id))
		} else {
			err = insertImport(ctx, q, im)
		}
		if err != nil {
			return err
		}
		if err := insertParts(ctx, q, id, rep); err != nil {
			return err
		}
		if err := keepBeside(ctx, q, id, rep.Batch); err != nil {
			return err
		}
		return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: o.By.ID,
			Person: o.By.Name, Act: "imported", Subject: k.Name(), SubjectID: id, Detail: fileNames(rep.Files)})
	})
	var why *intake.Fatal
	switch {
	case errors.As(err, &why):
		return why // its words are the person's own affair, and say enough
	case err != nil:
		return fmt.Errorf("load %s: %w", rep.Kind, err)
	}
	if rep.Same == "" {
		rep.ImportID = id
	}
	return nil
}

// entry is the row of the ledger of a report.
func entry(id, state string, rep *Report, k intake.Kind, o Options, at db.Time) Import {
	return Import{
		ID: id, Kind: rep.Batch.As, Year: yearText(rep.Batch.Year), Authority: rep.Batch.Authority, State: state,
		Summary: strings.Join(rep.Batch.Summary, "\n"), Rows: int(rep.Batch.Rows), Found: int(rep.Batch.Found),
		Reader: k.Reader, ByID: o.By.ID, By: o.By.Name, CreatedAt: at, EndedAt: at, Months: monthsText(rep.Batch.Part),
		Provisional: flag(rep.Batch.Part.Provisional),
	}
}

// flag is 1 for yes, as both engines keep it.
func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// finished moves an import that is in the ledger on from a state, and takes away what was
// listed of it.
func finished(ctx context.Context, q db.Q, im Import, from string) error {
	err := finishImport(ctx, q, im, from)
	if errors.Is(err, db.ErrNotFound) {
		return errEnded
	}
	if err != nil {
		return err
	}
	return dropParts(ctx, q, im.ID)
}

// insertParts lists the files of an import, its findings and what it does to figures.
func insertParts(ctx context.Context, q db.Q, id string, rep *Report) error {
	if err := insertFiles(ctx, q, id, rep.Files); err != nil {
		return err
	}
	if err := insertFindings(ctx, q, id, rep.Batch.Findings); err != nil {
		return err
	}
	return insertMoves(ctx, q, id, rep.Moves)
}

// replace takes away what the imports brought whose place a report takes.
func (r *Room) replace(ctx context.Context, q db.Q, id string, rep *Report) error {
	for _, was := range rep.Replaced {
		im, err := importByID(ctx, q, was)
		if err != nil {
			return err
		}
		k, ok := r.Kind(im.Kind)
		if !ok {
			return fmt.Errorf("import %s is of the kind %q, which is not offered", im.ID, im.Kind)
		}
		if !im.Part().Beside() { // what is kept beside is aside already
			if err := setAside(ctx, q, k, im.ID); err != nil {
				return err
			}
			if err := k.Withdraw(ctx, q, im.ID); err != nil {
				return fmt.Errorf("replace import %s: %w", im.ID, err)
			}
		}
		if err := endImport(ctx, q, im.ID, "replaced", id, db.At(r.Now())); err != nil {
			return err
		}
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
		if k.ComesBack != nil {
			if back, err = comesBack(ctx, q, k, id); err != nil {
				return err
			}
		}
		if im.Part().Beside() {
			err = dropAside(ctx, q, id)
		} else {
			err = k.Withdraw(ctx, q, id)
		}
		if err != nil {
			return err
		}
		if err := endImport(ctx, q, id, "withdrawn", "", db.At(r.Now())); err != nil {
			return err
		}
		if k.ComesBack == nil {
			if back, err = r.bringBack(ctx, q, id); err != nil {
				return err
			}
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
