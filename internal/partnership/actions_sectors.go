package partnership

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// AddSector adds a sector beside those that every installation begins with. It
// returns register.ErrTaken when another is found by its title or words.
func (r *Room) AddSector(ctx context.Context, by web.Person, title string, words []string) (id string, err error) {
	title = tidy(title)
	err = r.changeSectors(ctx, func(q db.Q) error {
		if id, err = register.AddSector(ctx, q, title, words); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", "sector", id, title)
	})
	if err != nil {
		return "", fmt.Errorf("add sector %q: %w", title, err)
	}
	return id, nil
}

// EditSector changes what a sector is called, here and in files. Its id, which
// figures use, stays.
func (r *Room) EditSector(ctx context.Context, by web.Person, id, title string, words []string) error {
	title = tidy(title)
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.EditSector(ctx, q, id, title, words); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "sector", id, title)
	})
	if err != nil {
		return fmt.Errorf("edit sector %s: %w", id, err)
	}
	return nil
}

// MoveSector puts a sector one place up (-1) or down (1) wherever sectors stand.
func (r *Room) MoveSector(ctx context.Context, by web.Person, id string, places int) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.MoveSector(ctx, q, id, places); err != nil {
			return err
		}
		return r.note(ctx, q, by, "moved", "sector", id, "")
	})
	if err != nil {
		return fmt.Errorf("move sector %s: %w", id, err)
	}
	return nil
}

// EndSector makes a sector one that nobody can choose any more; what is of it
// keeps it. ReopenSector takes that back.
func (r *Room) EndSector(ctx context.Context, by web.Person, id string) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.EndSector(ctx, q, id, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended", "sector", id, "")
	})
	if err != nil {
		return fmt.Errorf("end sector %s: %w", id, err)
	}
	return nil
}

// ReopenSector makes an ended sector one that can be chosen again.
func (r *Room) ReopenSector(ctx context.Context, by web.Person, id string) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		if err := register.EndSector(ctx, q, id, db.Date{}); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened", "sector", id, "")
	})
	if err != nil {
		return fmt.Errorf("reopen sector %s: %w", id, err)
	}
	return nil
}

// RemoveSector takes away a sector that nothing is of, or ever was. It returns
// register.ErrInUse while something is.
func (r *Room) RemoveSector(ctx context.Context, by web.Person, id string) error {
	err := r.changeSectors(ctx, func(q db.Q) error {
		used, err := r.sectorUse(ctx, q, id)
		if err != nil {
			return err
		}
		if used != "" {
			return register.ErrInUse
		}
		if err := register.RemoveSector(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "removed", "sector", id, "")
	})
	if err != nil {
		return fmt.Errorf("remove sector %s: %w", id, err)
	}
	return nil
}

// changeSectors runs f in a transaction, after which everybody sees the sectors
// as they are.
func (r *Room) changeSectors(ctx context.Context, f func(db.Q) error) error {
	defer r.Register.Forget()
	return r.Work.Tx(ctx, f)
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
