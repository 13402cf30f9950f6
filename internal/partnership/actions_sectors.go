package partnership

import (
	"context"
	"errors"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// AddSector adds a sector beside those that every installation begins with. It
// returns ErrSectorTaken when another is found by its title or words.
func (r *Room) AddSector(ctx context.Context, by web.Person, title string, words []string) (id string, err error) {
	title = tidy(title)
	err = r.changeSectors(ctx, func(q db.Q) error {
		if id, err = register.AddSector(ctx, q, title, words); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", "sector", id, title)
	})
	return id, db.Wrap(err, "add sector %q", title)
}

// SaveSector keeps what a sector is called, here and in files, as a form that showed
// what was seen has it. Its id, which figures use, stays. It returns ErrSectorTaken,
// or *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveSector(ctx context.Context, by web.Person, id, title string, words []string, seen web.Seen) error {
	title = tidy(title)
	err := r.changeSectors(ctx, func(q db.Q) error {
		was, err := register.HoldSector(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "sector", id, fillSector(was)); err != nil {
			return err
		}
		if err := register.EditSector(ctx, q, id, title, words); err != nil {
			return err
		}
		now, err := register.HoldSector(ctx, q, id)
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "sector", id, title,
			audittrail.Between(fillSector(was), fillSector(now)))
	})
	return db.Wrap(err, "change sector %s", id)
}

// MoveSector puts a sector one place up (-1) or down (1) wherever sectors stand.
func (r *Room) MoveSector(ctx context.Context, by web.Person, id string, places int) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.MoveSector(ctx, q, id, places); err != nil {
			return err
		}
		return r.note(ctx, q, by, "moved", "sector", id, "")
	})
	return db.Wrap(err, "move sector %s", id)
}

// EndSector makes a sector one that nobody can choose any more; what is of it
// keeps it. ReopenSector takes that back. It returns *web.Changed when somebody
// changed the sector since the person saw it.
func (r *Room) EndSector(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := checkSector(ctx, q, seen, id); err != nil {
			return err
		}
		if err := register.EndSector(ctx, q, id, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended", "sector", id, "")
	})
	return db.Wrap(err, "end sector %s", id)
}

// ReopenSector makes an ended sector one that can be chosen again.
func (r *Room) ReopenSector(ctx context.Context, by web.Person, id string) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.EndSector(ctx, q, id, db.Date{}); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened", "sector", id, "")
	})
	return db.Wrap(err, "reopen sector %s", id)
}

// RemoveSector takes away a sector that nothing is of, or ever was. It returns
// register.ErrInUse while something is, or *web.Changed.
func (r *Room) RemoveSector(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		used, err := r.sectorUse(ctx, q, id)
		if err != nil {
			return err
		}
		if used != "" {
			return register.ErrInUse
		}
		if err := checkSector(ctx, q, seen, id); err != nil {
			return err
		}
		if err := register.RemoveSector(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "removed", "sector", id, "")
	})
	return db.Wrap(err, "remove sector %s", id)
}

// checkSector compares what a person saw of a sector with it as it is kept now. One
// that the program needs cannot be ended or removed, whatever was seen of it.
func checkSector(ctx context.Context, q db.Q, seen web.Seen, id string) error {
	now, err := register.HoldSector(ctx, q, id)
	if err != nil {
		return err
	}
	if id == register.Other {
		return register.ErrFixed
	}
	return audittrail.Check(ctx, q, seen, "sector", id, fillSector(now))
}

// changeSectors runs f in a transaction, after which everybody sees the sectors
// as they are.
func (r *Room) changeSectors(ctx context.Context, f func(db.Q) error) error {
	defer r.Register.Forget()
	err := r.Work.Tx(ctx, f)
	switch {
	case errors.Is(err, register.ErrTaken):
		return ErrSectorTaken
	case errors.Is(err, register.ErrFixed):
		return ErrSectorFixed
	}
	return err
}

// sectorUse says in words what is of a sector: "3 organisations and 1 booking",
// or "" when nothing is.
func (r *Room) sectorUse(ctx context.Context, q db.Reader, id string) (string, error) {
	uses := append([]SectorUse{{One: "organisation", Many: "organisations", Count: countOfSector}}, r.SectorUses...)
	var words []string
	var errs []error
	for _, u := range uses {
		n, err := u.Count(ctx, q, id)
		errs = append(errs, err)
		if n > 0 {
			words = append(words, lang.Plural(n, u.One, u.Many))
		}
	}
	return lang.Join(words), errors.Join(errs...)
}
