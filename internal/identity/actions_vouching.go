package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// Whoever reads somebody's mailbox can set their password by a link, and could then add a passkey
// of their own. So the first passkey or app after that waits (docs/adr/0021-first-factor.md).

// factorWait is how long the first passkey or app waits after a password was set by a link, where
// nobody vouches.
const factorWait = 72 * time.Hour

// ErrFactorWaits is returned for a second factor, or recovery codes, that cannot be added yet.
var ErrFactorWaits = web.Conflict("You cannot add this yet",
	"Your password was set by a link in an e-mail, and nobody has said yet that it was you. The page where you add a "+
		"second factor says who can, and until when you wait otherwise.")

// factorWaits tells until when somebody waits with their first passkey or app; zero where they do
// not: nobody set their password by a link lately, they have one, or their roles hold no more than
// their own work.
func (r *Room) factorWaits(ctx context.Context, q db.Reader, personID string) (time.Time, error) {
	at, err := passwordMailed(ctx, q, personID)
	until := at.Add(factorWait)
	if err != nil || at.IsZero() || !until.After(r.Now()) {
		return time.Time{}, err
	}
	all, err := factorsOf(ctx, q, personID)
	if err != nil || len(all) > 0 && !onlyMailed(all) {
		return time.Time{}, err
	}
	needed, err := needsFactor(ctx, q, personID)
	if err != nil {
		return time.Time{}, err
	}
	held, err := rolesOf(ctx, q, personID)
	if err != nil || !needed && !access.BeyondOwnWork(held.person(web.Person{})) {
		return time.Time{}, err
	}
	return until, nil
}

// waited returns ErrFactorWaits for somebody who waits with their first passkey or app: meanwhile
// they get no recovery codes either, by which whoever reads the mailbox could stay.
func (r *Room) waited(ctx context.Context, q db.Reader, personID string) error {
	until, err := r.factorWaits(ctx, q, personID)
	if err == nil && !until.IsZero() {
		err = ErrFactorWaits
	}
	return err
}

// doubtPassword keeps that a password was just set by a link that anybody who reads the mailbox
// could have used, and tells the person and those who keep the workspace where that matters.
func (r *Room) doubtPassword(ctx context.Context, q db.Q, p Person) error {
	now := db.At(r.Now())
	if err := setPasswordMailed(ctx, q, p.ID, now); err != nil {
		return err
	}
	// Who vouched for what was there before vouched for another password.
	if err := endFactorRequests(ctx, q, p.ID, now); err != nil {
		return err
	}
	until, err := r.factorWaits(ctx, q, p.ID)
	if err != nil || until.IsZero() {
		return err
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	when := lang.DateTime(until)
	messages := []mail.Message{{ToAddress: p.Email, ToName: p.Name, Subject: "Your password was set",
		Body: passwordMailedEmail(p, when, site.Name)}}
	for _, a := range all {
		if x := a.person(); a.ID != p.ID && a.Email != "" && (x.May(access.PeopleManage) || x.May(access.SettingsManage)) &&
			len(messages) <= mostAsked {
			messages = append(messages, mail.Message{ToAddress: a.Email, ToName: a.Name,
				Subject: p.Name + " set a password by a link",
				Body:    otherMailedEmail(a.Name, p, when, site.Link(href(p.ID)), site.Name)})
		}
	}
	for _, m := range messages {
		if err := r.Mail.Queue(ctx, q, m); err != nil {
			return err
		}
	}
	return nil
}

// AskVouching asks a second person to say that it was by who set their password by a link. It does
// nothing where by does not wait.
func (r *Room) AskVouching(ctx context.Context, by web.Person) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		until, err := r.factorWaits(ctx, q, by.ID)
		if err != nil || until.IsZero() {
			return err
		}
		p, err := personByID(ctx, q, by.ID)
		if err != nil {
			return err
		}
		return r.ask(ctx, q, by, p, askFactor, "", fmt.Sprintf("Their password was set by a link in an e-mail, %s",
			lang.DateTime(until.Add(-factorWait))))
	})
	return db.Wrap(err, "ask somebody to vouch")
}

// vouchers lists who may say that it was somebody: whoever may agree to what all their roles give,
// and is nobody whose account they made or changed lately.
func vouchers(of Person, held roles, all []account, made map[string]bool) []account {
	may := seconds(web.Person{ID: of.ID}, of.ID, held.powers(string(of.OrganisationID)), string(of.OrganisationID),
		slices.DeleteFunc(slices.Clone(all), func(a account) bool { return made[a.ID] }), made)
	return may
}

// disown ends what a password opened that a second person says was not set by its owner.
func (r *Room) disown(ctx context.Context, q db.Q, by web.Person, p Person) error {
	if err := deletePassword(ctx, q, p.ID); err != nil {
		return err
	}
	if _, err := deleteSessions(ctx, q, p.ID, ""); err != nil {
		return err
	}
	return r.endWays(ctx, q, by, p.ID)
}
