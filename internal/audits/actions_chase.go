package audits

import (
	"context"
	"fmt"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// A Chase is who has not sent their return, by whether a mail can be sent.
type Chase struct {
	Reachable []Participant // will be written to
	Recent    []Participant // were written to within the last day
	NoContact []Participant // have no contact with an email address
}

// restBetweenChases is how long nobody is written to again.
const restBetweenChases = 24 * time.Hour

// sortMissing tells apart those who are to be chased.
func sortMissing(missing []Participant, now time.Time) Chase {
	var c Chase
	for _, p := range missing {
		switch {
		case p.Email == "":
			c.NoContact = append(c.NoContact, p)
		case !p.ChasedAt.IsZero() && now.Sub(p.ChasedAt.Time) < restBetweenChases:
			c.Recent = append(c.Recent, p)
		default:
			c.Reachable = append(c.Reachable, p)
		}
	}
	return c
}

// Missing lists who has not sent their return in a round, and who of them ChaseRound
// would write to.
func (r *Room) Missing(ctx context.Context, roundID string) (Chase, error) {
	all, err := missing(ctx, r.Work, roundID)
	return sortMissing(all, r.Now()), err
}

// ChaseRound writes one mail to the contact of each organisation whose return has not
// come, and tells how many it wrote. Whoever was written to within a day is left
// alone, so that pressing twice sends once. It returns ErrClosed.
func (r *Room) ChaseRound(ctx context.Context, by web.Person, roundID string) (int, error) {
	n := 0
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := openRound(ctx, q, roundID)
		if err != nil {
			return err
		}
		all, err := missing(ctx, q, roundID)
		if err != nil {
			return err
		}
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		for _, p := range sortMissing(all, r.Now()).Reachable {
			if err := markChased(ctx, q, p, r.Now()); err != nil {
				return err
			}
			if err := r.Mail.Queue(ctx, q, r.reminder(site, v, p, by)); err != nil {
				return fmt.Errorf("write to %s: %w", p.Organisation, err)
			}
			n++
		}
		return r.noteRound(ctx, q, by, "wrote to "+lang.Plural(n, "organisation", "organisations"), roundID, v.Title)
	})
	return n, db.Wrap(err, "chase self-assessment %s", roundID)
}

// reminder is the mail to the contact of one organisation.
func (r *Room) reminder(site mail.Site, v Round, p Participant, by web.Person) mail.Message {
	due := "It is due on " + v.DueOn.Words() + "."
	if v.DueOn.Before(r.Now.Today()) {
		due = "It was due on " + v.DueOn.Words() + "."
	}
	open := "To answer, sign in to the workspace, open Audits and then the self-assessment."
	if link := site.Link(roundHref(v.ID) + "/answer"); link != "" {
		open = "Open it here: " + link
	}
	body := fmt.Sprintf("Dear %s\n\n%s has not yet sent its %s self-assessment for %s: %s. %s\n\n%s\n\nIf somebody "+
		"else should answer for %s, please tell us who.\n\n%s\n",
		p.Contact, p.Organisation, v.Standard.Words(), v.Year, v.Title, due, open, p.Organisation, by.Name)
	return mail.Message{
		ToAddress: p.Email, ToName: p.Contact,
		Subject: fmt.Sprintf("%s self-assessment: %s, due %s", v.Standard.Words(), v.Title, v.DueOn.Words()),
		Body:    body,
	}
}
