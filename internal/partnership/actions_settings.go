package partnership

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/audittrail"
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

// SaveSettings keeps what the partnership says of itself, as a form that showed what
// was seen has it. Others who keep the workspace are told of another address: links in e-mails
// lead there. It returns *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveSettings(ctx context.Context, by web.Person, p Profile, seen web.Seen) error {
	defer r.site.Forget()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockProfile(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "settings", "profile", fillProfile(was)); err != nil {
			return err
		}
		if p.URL != was.URL {
			if err := r.People.TellOfAddress(ctx, q, by, was.URL, p.URL); err != nil {
				return err
			}
		}
		if err := updateProfile(ctx, q, p, db.At(r.Now())); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "settings", "profile", p.Name,
			audittrail.Between(fillProfile(was), fillProfile(p)))
	})
	return db.Wrap(err, "change the partnership's profile")
}

// Contacts lists whom to call about a child, most urgent first.
func (r *Room) Contacts(ctx context.Context) ([]Contact, error) {
	list, err := contacts(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return list, nil
}

// SaveContact keeps a contact as a form that showed what was seen has it; what
// somebody has just entered counts as checked today. It returns ErrContactTaken, or
// *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveContact(ctx context.Context, by web.Person, c Contact, seen web.Seen) error {
	c.CheckedOn = r.Now.Today()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockContact(ctx, q, c.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "contact", c.ID, fillContact(was)); err != nil {
			return err
		}
		if err := putContact(ctx, q, c); err != nil {
			return db.TakenAs(err, ErrContactTaken)
		}
		return r.note(ctx, q, by, "changed", "contact", c.ID, c.Name+", "+c.Number,
			audittrail.Between(fillContact(was), fillContact(c)))
	})
	return db.Wrap(err, "change contact %s", c.ID)
}

// AddContact adds a contact, or changes the one with its purpose and number. What somebody has just entered counts as
// checked today.
func (r *Room) AddContact(ctx context.Context, by web.Person, c Contact) (string, error) {
	if c.CheckedOn.IsZero() {
		c.CheckedOn = r.Now.Today()
	}
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		act := "changed"
		c.ID, err = contactLike(ctx, q, c.Purpose, c.Number)
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
	return c.ID, db.Wrap(err, "keep contact")
}

// CheckContact notes that somebody has called a contact's number today, and that it
// is right. It returns ErrOtherNumber when the contact has another by now.
func (r *Room) CheckContact(ctx context.Context, by web.Person, id, number string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockContact(ctx, q, id)
		if err != nil {
			return err
		}
		if c.Number != number {
			return ErrOtherNumber
		}
		if err := checkContact(ctx, q, id, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "checked", "contact", id, c.Name+", "+c.Number)
	})
	return db.Wrap(err, "check contact %s", id)
}

// DeleteContact takes a contact off the page.
func (r *Room) DeleteContact(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockContact(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "contact", id, fillContact(c)); err != nil {
			return err
		}
		if err := deleteContact(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", "contact", id, c.Name+", "+c.Number)
	})
	return db.Wrap(err, "delete contact %s", id)
}

// AddContribution notes what an organisation pays towards a year. It returns
// ErrPaidAlready when that is known.
func (r *Room) AddContribution(ctx context.Context, by web.Person, c Contribution) (string, error) {
	c.ID = r.NewID()
	if _, err := period.ParseYear(c.Year); err != nil {
		return "", fmt.Errorf("add contribution: %w", err)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertContribution(ctx, q, c, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrPaidAlready)
		}
		return r.note(ctx, q, by, "added", "contribution", c.ID, c.Year)
	})
	return c.ID, db.Wrap(err, "add contribution")
}

// SaveContribution keeps the amount and the note of a contribution as a form that
// showed what was seen has them. It returns *web.Changed when somebody changed it
// meanwhile.
func (r *Room) SaveContribution(ctx context.Context, by web.Person, c Contribution, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockContribution(ctx, q, c.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "contribution", c.ID, fillContribution(was)); err != nil {
			return err
		}
		if err := updateContribution(ctx, q, c); err != nil {
			return err
		}
		now, err := lockContribution(ctx, q, c.ID)
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", "contribution", c.ID, c.Year,
			audittrail.Between(fillContribution(was), fillContribution(now)))
	})
	return db.Wrap(err, "change contribution %s", c.ID)
}

// DeleteContribution takes a contribution that was entered by mistake away.
func (r *Room) DeleteContribution(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockContribution(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "contribution", id, fillContribution(c)); err != nil {
			return err
		}
		if err := deleteContribution(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", "contribution", id, c.Year+", "+c.Organisation)
	})
	return db.Wrap(err, "delete contribution %s", id)
}
