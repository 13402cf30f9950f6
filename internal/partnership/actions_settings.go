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

// Waits says what of saved settings waits for a second person.
type Waits struct {
	URL, From bool // another address of the website, another one that e-mails come from
}

// Words says of settings that were saved what waits.
func (w Waits) Words() string {
	switch {
	case w.URL && w.From:
		return "Saved. The address of the website and the one that e-mails come from stay as they are until a second " +
			"person agrees to each."
	case w.URL:
		return "Saved. The address of the website stays as it is until a second person agrees."
	case w.From:
		return "Saved. The address that e-mails come from stays as it is until a second person agrees."
	}
	return "Saved."
}

// SaveSettings keeps what the partnership says of itself, as a form that showed what
// was seen has it. Another address of the website than the one in force waits for a second person,
// who reads the reason, since links in e-mails lead there; so does another one that e-mails come
// from, since they come back there. It returns *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveSettings(ctx context.Context, by web.Person, p Profile, reason string, seen web.Seen) (waits Waits,
	err error) {
	defer r.ForgetSite()
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p := p
		// Asked before the profile is held: whoever agrees holds the request first, then the profile.
		before, err := profile(ctx, q)
		if err != nil {
			return err
		}
		if waits, err = r.askAddresses(ctx, q, by, before, p, reason); err != nil {
			return err
		}
		was, err := lockProfile(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "settings", "profile", fillProfile(was)); err != nil {
			return err
		}
		if was.URL != before.URL || was.MailFrom != before.MailFrom {
			return errAddressMeanwhile
		}
		if waits.URL {
			p.URL = was.URL
		}
		if waits.From {
			p.MailFrom = was.MailFrom
		}
		if waits != (Waits{}) && p == was {
			return nil // nothing but what waits was new
		}
		return r.keepProfile(ctx, q, by, was, p, "changed")
	})
	return waits, db.Wrap(err, "change the partnership's profile")
}

// askAddresses asks a second person for other addresses than those in force.
func (r *Room) askAddresses(ctx context.Context, q db.Q, by web.Person, was, now Profile, reason string) (w Waits,
	err error) {
	if now.URL != was.URL && (mail.Site{Address: was.URL}).Known() {
		if w.URL, err = r.People.AskWebsite(ctx, q, by, now.URL, reason); err != nil {
			return w, err
		}
	}
	if now.MailFrom != was.MailFrom && was.MailFrom != "" {
		w.From, err = r.People.AskFrom(ctx, q, by, now.MailFrom, reason)
	}
	return w, err
}

var errAddressMeanwhile = web.Conflict("An address was changed meanwhile",
	"Look at the settings again, then save what you wanted to change.")

// keepProfile keeps a profile, and tells others who keep the workspace of other addresses.
func (r *Room) keepProfile(ctx context.Context, q db.Q, by web.Person, was, p Profile, act string,
	more ...audittrail.More) error {
	if p.URL != was.URL {
		if err := r.People.TellOfAddress(ctx, q, by, was.URL, p.URL); err != nil {
			return err
		}
	}
	if p.MailFrom != was.MailFrom {
		if err := r.People.TellOfFrom(ctx, q, by, was.MailFrom, p.MailFrom); err != nil {
			return err
		}
	}
	if err := updateProfile(ctx, q, p, db.At(r.Now())); err != nil {
		return err
	}
	return r.note(ctx, q, by, act, "settings", "profile", p.Name,
		append(more, audittrail.Between(fillProfile(was), fillProfile(p)))...)
}

// MoveWebsite makes an address that of the website, as a second person agreed to. act begins what
// the trail says of it.
func (r *Room) MoveWebsite(ctx context.Context, q db.Q, by web.Person, address, act, reason string) error {
	was, err := lockProfile(ctx, q)
	if err != nil || was.URL == address {
		return err
	}
	p := was
	p.URL = address
	return r.keepProfile(ctx, q, by, was, p, act, audittrail.Because(reason))
}

// MoveFrom makes an address the one that e-mails come from, as MoveWebsite does.
func (r *Room) MoveFrom(ctx context.Context, q db.Q, by web.Person, address, act, reason string) error {
	was, err := lockProfile(ctx, q)
	if err != nil || was.MailFrom == address {
		return err
	}
	p := was
	p.MailFrom = address
	return r.keepProfile(ctx, q, by, was, p, act, audittrail.Because(reason))
}

// SetWebsite makes an address that of the website from the command line: who has the machine
// needs nobody. It returns an error in words for what is no address.
func (r *Room) SetWebsite(ctx context.Context, address string) error {
	if problem := checkAddress(address); problem != "" {
		return errors.New(lowerFirst(problem))
	}
	defer r.ForgetSite()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return r.MoveWebsite(ctx, q, web.Person{}, address, "changed from the command line", "")
	})
	return db.Wrap(err, "set the address of the website")
}

// SetFrom makes an address the one that e-mails come from, from the command line. It returns an error
// in words for what is no address.
func (r *Room) SetFrom(ctx context.Context, address string) error {
	f := web.NewForm("mail_from", address)
	if address = f.Email("mail_from", "enter an address"); !f.OK() {
		return errors.New(lowerFirst(f.Problem("mail_from")))
	}
	defer r.ForgetSite()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return r.MoveFrom(ctx, q, web.Person{}, address, "changed from the command line", "")
	})
	return db.Wrap(err, "set the address that e-mails come from")
}

// ForgetSite forgets the address that is kept for a moment: it is another.
func (r *Room) ForgetSite() { r.site.Forget() }

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
