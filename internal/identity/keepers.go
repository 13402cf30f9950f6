package identity

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// ErrNobodyLeft is returned for what would leave nobody who manages people, or the settings:
// nobody could put it right again in the browser.
var ErrNobodyLeft = web.Conflict("Nobody would be left who can do this again",
	"Somebody must always manage people, and somebody the settings. Give that to somebody else first.")

// TellOfAddress writes to everybody else who manages the settings or people, or signs for a
// safeguarding partner, that the website's address was changed. Links to set a password lead
// there, so whoever changes it alone could gather them.
func (r *Room) TellOfAddress(ctx context.Context, q db.Q, by web.Person, was, now string) error {
	return r.tellOfKept(ctx, q, by, askWebsite, was, now)
}

// TellOfFrom is TellOfAddress for the address that e-mails come from.
func (r *Room) TellOfFrom(ctx context.Context, q db.Q, by web.Person, was, now string) error {
	return r.tellOfKept(ctx, q, by, askFrom, was, now)
}

// TellOfMail is TellOfAddress for how e-mail is sent.
func (r *Room) TellOfMail(ctx context.Context, q db.Q, by web.Person, was, now string) error {
	return r.tellOfKept(ctx, q, by, askMail, was, now)
}

func (r *Room) tellOfKept(ctx context.Context, q db.Q, by web.Person, kind, was, now string) error {
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	for _, a := range all {
		p := a.roles.person(web.Person{})
		if a.ID == by.ID || a.Email == "" ||
			!p.May(access.SettingsManage) && !p.May(access.PeopleManage) && !p.May(access.ReportSign) {
			continue
		}
		if err := r.Mail.Queue(ctx, q, mail.Message{ToAddress: a.Email, ToName: a.Name,
			Subject: lang.Sentence(keptSettings[kind].about) + " was changed",
			Body:    keptChanged(a.Name, by, kind, was, now, site.Name)}); err != nil {
			return err
		}
	}
	return nil
}

// kept are whether there is somebody who manages people, and the settings.
type kept struct{ people, settings bool }

// keepers looks for who manages people and the settings. The roles are held (holdRoles).
func keepers(ctx context.Context, q db.Reader) (kept, error) {
	all, err := accounts(ctx, q)
	var k kept
	for _, a := range all {
		p := a.person()
		k.people = k.people || p.May(access.PeopleManage)
		k.settings = k.settings || p.May(access.SettingsManage)
	}
	return k, err
}

// remain returns ErrNobodyLeft where there was somebody before, and is nobody now.
func (k kept) remain(ctx context.Context, q db.Reader) error {
	now, err := keepers(ctx, q)
	if err == nil && (k.people && !now.people || k.settings && !now.settings) {
		err = ErrNobodyLeft
	}
	return err
}
