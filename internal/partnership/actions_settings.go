package partnership

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// Profile gives what the partnership says of itself.
func (r *Room) Profile(ctx context.Context) (Profile, error) {
	p, err := profile(ctx, r.Work)
	if err != nil {
		return p, fmt.Errorf("read the partnership's profile: %w", err)
	}
	return p, nil
}

// Site gives who mail is from and where its links lead, as old as a moment at
// most: a change made by this process is seen at once.
func (r *Room) Site(ctx context.Context, q db.Reader) (mail.Site, error) {
	return r.site.GetBy(ctx, func(ctx context.Context) (mail.Site, error) {
		p, err := profile(ctx, q)
		if err != nil {
			return mail.Site{}, fmt.Errorf("read the partnership's profile: %w", err)
		}
		return mail.Site{Name: p.Name, Address: p.URL, From: p.MailFrom}, nil
	})
}

// SetProfile changes what the partnership says of itself.
func (r *Room) SetProfile(ctx context.Context, by web.Person, p Profile) error {
	defer r.site.Forget()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateProfile(ctx, q, p, db.At(r.Now())); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "settings", "profile", p.Name)
	})
	if err != nil {
		return fmt.Errorf("change the partnership's profile: %w", err)
	}
	return nil
}

// Contacts lists whom to call about a child, most urgent first.
func (r *Room) Contacts(ctx context.Context) ([]Contact, error) {
	list, err := contacts(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return list, nil
}

// PutContact adds a contact, or changes the one with its id or, without an id,
// the one with its purpose and number. What somebody has just entered counts as
// checked today.
func (r *Room) PutContact(ctx context.Context, by web.Person, c Contact) (string, error) {
	if c.CheckedOn.IsZero() {
		c.CheckedOn = r.Now.Today()
	}
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		act := "changed"
		if c.ID == "" {
			c.ID, err = contactLike(ctx, q, c.Purpose, c.Number)
		}
		if errors.Is(err, db.ErrNotFound) {
			c.ID, act, err = r.NewID(), "added", nil
		}
		if err != nil {
			return err
		}
		if err := putContact(ctx, q, c); err != nil {
			return err
		}
		return r.note(ctx, q, by, act, "contact", c.ID, c.Name+", "+c.Number)
	})
	if err != nil {
		return "", fmt.Errorf("keep contact: %w", err)
	}
	return c.ID, nil
}

// CheckContact notes that somebody has checked a contact today.
func (r *Room) CheckContact(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := contactByID(ctx, q, id)
		if err != nil {
			return err
		}
		if err := checkContact(ctx, q, id, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "checked", "contact", id, c.Name+", "+c.Number)
	})
	if err != nil {
		return fmt.Errorf("check contact %s: %w", id, err)
	}
	return nil
}

// DeleteContact takes a contact off the page.
func (r *Room) DeleteContact(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := contactByID(ctx, q, id)
		if err != nil {
			return err
		}
		if err := deleteContact(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", "contact", id, c.Name+", "+c.Number)
	})
	if err != nil {
		return fmt.Errorf("delete contact %s: %w", id, err)
	}
	return nil
}

// EnsureAuthority finds the authority with a GSS code, or adds it as one that
// the partnership covers. A name is taken only where none is known. It is for
// importers, which call it in their own transaction.
func (r *Room) EnsureAuthority(ctx context.Context, q db.Q, code, name string) error {
	if !gssCode.MatchString(code) {
		return fmt.Errorf("authority %q: %w", code, ErrBadCode)
	}
	name = tidy(name)
	if name == "" {
		name = code
	}
	added, err := ensureArea(ctx, q, Area{Code: code, Kind: "authority", Name: name, Covered: true})
	if err == nil && !added && name != code {
		err = nameArea(ctx, q, code, name)
	}
	if err != nil {
		return fmt.Errorf("authority %s: %w", code, err)
	}
	return nil
}

// Authorities lists the authorities that the partnership covers, or covered.
func (r *Room) Authorities(ctx context.Context) ([]Area, error) {
	list, err := authorities(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("read authorities: %w", err)
	}
	return list, nil
}

// AddArea adds an authority or an area. It returns ErrBadCode, or ErrNameTaken
// when the code is known.
func (r *Room) AddArea(ctx context.Context, by web.Person, a Area) error {
	if !gssCode.MatchString(a.Code) {
		return fmt.Errorf("add area %q: %w", a.Code, ErrBadCode)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		added, err := ensureArea(ctx, q, a)
		if err != nil {
			return err
		}
		if !added {
			return ErrNameTaken
		}
		return r.note(ctx, q, by, "added", "area", a.Code, a.Name)
	})
	if err != nil {
		return fmt.Errorf("add area %s: %w", a.Code, err)
	}
	return nil
}

// EditArea changes an area under its code, and says which other areas took its
// place when it ended: several when it split, the same one for several when they
// merged.
func (r *Room) EditArea(ctx context.Context, by web.Person, a Area, successors []string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if !a.FromOn.IsZero() && !a.EndedOn.IsZero() && a.EndedOn.Before(a.FromOn) {
			return ErrOrder
		}
		if err := updateArea(ctx, q, a); err != nil {
			return err
		}
		if err := deleteAreaChanges(ctx, q, a.Code); err != nil {
			return err
		}
		for _, code := range successors {
			if code == a.Code {
				return ErrSame
			}
			if err := putAreaChange(ctx, q, a.Code, code, a.EndedOn); err != nil {
				return err
			}
		}
		return r.note(ctx, q, by, "changed", "area", a.Code, a.Name)
	})
	if err != nil {
		return fmt.Errorf("edit area %s: %w", a.Code, err)
	}
	return nil
}

// AddContribution notes what an organisation pays towards a year. It returns
// ErrPaidAlready when that is known.
func (r *Room) AddContribution(ctx context.Context, by web.Person, c Contribution) (string, error) {
	c.ID = r.NewID()
	if _, err := period.ParseYear(c.Year); err != nil {
		return "", fmt.Errorf("add contribution: %w", err)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		err := insertContribution(ctx, q, c, db.At(r.Now()))
		if db.IsUnique(err) {
			return ErrPaidAlready
		}
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", "contribution", c.ID, c.Year)
	})
	if err != nil {
		return "", fmt.Errorf("add contribution: %w", err)
	}
	return c.ID, nil
}

// EditContribution changes the amount and the note of a contribution.
func (r *Room) EditContribution(ctx context.Context, by web.Person, c Contribution) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateContribution(ctx, q, c); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "contribution", c.ID, c.Year)
	})
	if err != nil {
		return fmt.Errorf("edit contribution %s: %w", c.ID, err)
	}
	return nil
}

// DeleteContribution takes a contribution that was entered by mistake away.
func (r *Room) DeleteContribution(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := contributionByID(ctx, q, id)
		if err != nil {
			return err
		}
		if err := deleteContribution(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", "contribution", id, c.Year+", "+c.Organisation)
	})
	if err != nil {
		return fmt.Errorf("delete contribution %s: %w", id, err)
	}
	return nil
}
