package letters

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/remind"
	"kith/internal/kit/seal"
	"kith/internal/kit/web"
)

// SaveEmail keeps how mail is sent. secret is a new password or API key; "" keeps the one there
// is. Another way than the one in force waits for a second person, who reads the reason, and waits
// is true: links to set a password go that way, and where nothing is sent they can be read in the
// outbox. It returns *web.Changed, ErrNoKey and what AskMail does.
func (r *Room) SaveEmail(ctx context.Context, by web.Person, s mail.Sender, secret, reason string,
	seen web.Seen) (waits bool, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		was, err := r.Mail.Using(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, settingsSubject, emailID, fillEmail(was)); err != nil {
			return err
		}
		if waits, err = r.askSecond(ctx, q, by, was, s, secret, reason); err != nil || waits {
			return err
		}
		// Whoever agrees to a request holds this after it: what was asked before may be in force by now.
		if err := mail.HoldSender(ctx, q); err != nil {
			return err
		}
		if now, err := r.Mail.Using(ctx, q); err != nil || now != was {
			return cmp.Or(err, errMailMeanwhile)
		}
		s.Secret = ""
		if secret != "" {
			if s.Secret, err = r.Mail.SealSecret(secret); err != nil {
				return noKey(err)
			}
		} else if s.KeepsSecret(was) {
			s.Secret = was.Secret
		}
		if err := mail.SaveSender(ctx, q, s); err != nil {
			return err
		}
		return r.changedEmail(ctx, q, by, was, s, "changed how e-mail is sent")
	})
	return waits, db.Wrap(err, "keep how mail is sent")
}

var errMailMeanwhile = web.Conflict("How e-mail is sent was changed meanwhile",
	"Look at it again, then save what you wanted to change.")

// askSecond asks a second person for another way to send mail than the one in force. It is false
// where that needs nobody.
func (r *Room) askSecond(ctx context.Context, q db.Q, by web.Person, was, s mail.Sender, secret,
	reason string) (bool, error) {
	if was.First() || s.SameWay(was, secret != "") {
		return false, nil
	}
	id, err := r.People.AskMail(ctx, q, by, s.Onward(), reason)
	if err != nil || id == "" {
		return false, err
	}
	return true, noKey(r.Mail.KeepAsked(ctx, q, id, s, secret, db.At(r.Now().Add(askedLife))))
}

// askedLife is how long another way to send mail is kept for a second person: as long as their
// request waits.
const askedLife = 14 * 24 * time.Hour

// changedEmail notes that mail is sent another way, and tells others who keep the workspace where
// links to set a password could go with it.
func (r *Room) changedEmail(ctx context.Context, q db.Q, by web.Person, was, s mail.Sender, act string,
	more ...audittrail.More) error {
	if !s.SameWay(was, false) {
		if err := r.People.TellOfMail(ctx, q, by, was.Onward(), s.Onward()); err != nil {
			return err
		}
	}
	return r.trail().Note(ctx, q, by, act, settingsSubject, emailID, s.How.Words(),
		append(more, audittrail.Between(fillEmail(was), fillEmail(s)))...)
}

// UseAsked sends mail from now on as was asked with a request, in the caller's transaction. act
// begins what the trail says of it. It returns ErrNoKey and ErrAskAgain.
func (r *Room) UseAsked(ctx context.Context, q db.Q, by web.Person, requestID, act, reason string) error {
	was, err := r.Mail.Using(ctx, q)
	if err != nil {
		return err
	}
	s, err := r.Mail.UseAsked(ctx, q, requestID)
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, seal.ErrDamaged) {
		return ErrAskAgain
	} else if err != nil {
		return noKey(err)
	}
	return r.changedEmail(ctx, q, by, was, s, act, audittrail.Because(reason))
}

// ResetEmail forgets what Settings say of how mail is sent, from the command line: who has the
// machine needs nobody. It goes as the process is started.
func (r *Room) ResetEmail(ctx context.Context) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := r.Mail.Using(ctx, q)
		if err != nil {
			return err
		}
		if err := mail.ForgetSender(ctx, q); err != nil {
			return err
		}
		now, err := r.Mail.Using(ctx, q)
		if err != nil {
			return err
		}
		return r.changedEmail(ctx, q, web.Person{}, was, now, "changed how e-mail is sent from the command line")
	})
	return db.Wrap(err, "forget how mail is sent")
}

// ForgetAsked forgets every other way to send mail that was asked for, with its password or key, in
// the caller's transaction.
func (r *Room) ForgetAsked(ctx context.Context, q db.Q) error { return mail.ForgetAsked(ctx, q) }

// AskedWords says how mail is sent now, and how it would be as was asked with a request; nothing for
// what was forgotten.
func (r *Room) AskedWords(ctx context.Context, q db.Reader, requestID string) ([]string, error) {
	s, err := mail.Asked(ctx, q, requestID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	was, err := r.Mail.Using(ctx, q)
	if err != nil {
		return nil, err
	}
	site, err := r.Mail.Site(ctx, q)
	if err != nil {
		return nil, err
	}
	out := []string{"Now e-mails go " + was.Onward() + "."}
	for _, row := range senderRows(s, site) {
		out = append(out, fmt.Sprintf("%s: %v", row.Key, row.Value))
	}
	if s.How == mail.ByNone {
		return append(out, "Nothing would be sent. Whoever manages people could then read in the outbox the links to set a "+
			"password of those whose roles give no more than theirs."), nil
	}
	return append(out, "All e-mails will go this way, those with links to set a password among them. Whoever keeps it "+
		"could read them: make sure that it is the partnership’s own, or your IT service’s."), nil
}

// noKey says in words that secrets cannot be sealed.
func noKey(err error) error {
	if errors.Is(err, seal.ErrNoKey) {
		return ErrNoKey
	}
	return err
}

// domain gives what stands after the @ of the address that mail comes from.
func (r *Room) domain(ctx context.Context, q db.Reader) (string, error) {
	site, err := r.Mail.Site(ctx, q)
	if err != nil {
		return "", err
	}
	from, err := netmail.ParseAddress(site.From)
	if err != nil {
		return "", ErrNoDomain
	}
	return strings.ToLower(mail.DomainOf(from.Address)), nil
}

// MakeKey makes a key that mail can be signed with. It returns ErrNoDomain and ErrNoKey; where one
// waits already, nothing is made.
func (r *Room) MakeKey(ctx context.Context, by web.Person) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		domain, err := r.domain(ctx, q)
		if err != nil {
			return err
		}
		k, err := r.Mail.MakeKey(ctx, q, domain)
		if errors.Is(err, mail.ErrKeyWaits) {
			return nil
		} else if errors.Is(err, seal.ErrNoKey) {
			return ErrNoKey
		} else if err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "made a key for e-mail", settingsSubject, emailID, k.Selector)
	})
	return db.Wrap(err, "make a key for mail")
}

// UseKey has the key that waits sign from now on. It returns ErrNotPublished where its record is
// not there.
func (r *Room) UseKey(ctx context.Context, by web.Person) error {
	domain, err := r.domain(ctx, r.Work)
	if err != nil {
		return err
	}
	keys, err := mail.Keys(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Domain != domain || k.State != mail.KeyWaiting {
			continue
		}
		why, _, err := r.Mail.Published(ctx, k)
		if err != nil || why != "" {
			return ErrNotPublished
		}
		err = r.Work.Tx(ctx, func(q db.Q) error {
			if err := r.Mail.UseKey(ctx, q, k.Selector); err != nil {
				return err
			}
			return r.trail().Note(ctx, q, by, "had e-mails signed with", settingsSubject, emailID, k.Selector)
		})
		return db.Wrap(err, "sign with key %s", k.Selector)
	}
	return ErrNotPublished
}

// TestEmail sends an e-mail to whoever asks and gives its id in the outbox.
func (r *Room) TestEmail(ctx context.Context, by web.Person) (string, error) {
	var id string
	err := r.Work.Tx(ctx, func(q db.Q) error {
		site, err := r.Mail.Site(ctx, q)
		if err != nil {
			return err
		}
		if err := r.Mail.Queue(ctx, q, mail.Message{ToAddress: by.Email, ToName: by.Name, Subject: "A test of e-mail",
			Body: fmt.Sprintf("Dear %s\n\nYou asked for this e-mail in Settings. If you can read it, e-mail from here reaches "+
				"you.\n\nWhether it reaches others depends on their mail systems too: see “Will our e-mail arrive?” in "+
				"Settings.\n\n%s\n", by.Name, site.Name)}); err != nil {
			return err
		}
		if id, err = r.Mail.Latest(ctx, q, by.Email); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "sent a test e-mail", settingsSubject, emailID, by.Email)
	})
	return id, db.Wrap(err, "send a test e-mail")
}

// SendAgain sends an e-mail once more that was held or refused. It returns ErrGone.
func (r *Room) SendAgain(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := r.Mail.Message(ctx, id); err != nil {
			return err
		}
		if err := r.Mail.Again(ctx, q, id); errors.Is(err, db.ErrNotFound) {
			return ErrGone
		} else if err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "sent again", "e-mail", id, "")
	})
	return db.Wrap(err, "send e-mail %s again", id)
}

// TryAgain takes an address that mail came back from into use again, and sends what was held for
// it. It returns how many e-mails that is, and db.ErrNotFound.
func (r *Room) TryAgain(ctx context.Context, by web.Person, address string) (int, error) {
	n := 0
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		if n, err = r.Mail.TryAgain(ctx, q, address); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "had an address tried again", settingsSubject, emailID, address)
	})
	return n, db.Wrap(err, "try an address again")
}

// AddReport takes in a message that a mail system sent back.
func (r *Room) AddReport(ctx context.Context, by web.Person, message io.Reader) (mail.Noted, error) {
	var n mail.Noted
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		if n, err = r.Mail.TakeReport(ctx, q, "file", message); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "added an e-mail that came back", settingsSubject, emailID, n.Address)
	})
	return n, db.Wrap(err, "take in an e-mail that came back")
}

// SaveReminder keeps when a kind reminds. It returns *web.Changed.
func (r *Room) SaveReminder(ctx context.Context, by web.Person, k remind.Kind, s remind.Setting, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := r.Remind.Setting(ctx, q, k)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, settingsSubject, remindersID, fillReminder(was)); err != nil {
			return err
		}
		if err := remind.Save(ctx, q, s); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "changed when to remind", settingsSubject, remindersID, k.Title,
			audittrail.Between(fillReminder(was), fillReminder(s)))
	})
	return db.Wrap(err, "keep when to remind of %s", k.ID)
}
