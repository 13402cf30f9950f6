package plan

import (
	"context"
	"errors"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A Chosen is one of several actions that something is done to, and what was seen of it.
type Chosen struct {
	ID   string
	Seen web.Seen
}

// A NotDone is one of several actions that something could not be done to, and why.
type NotDone struct{ ID, Title, Why string }

// GiveActions gives several open actions to a person, an organisation or both; a person alone
// has them for their organisation. Each is asked for and compared by itself: it gives how many
// were given, and those that were not, with why. err is a fault that stopped the whole.
func (r *Room) GiveActions(ctx context.Context, by web.Person, list []Chosen, owner, organisation db.Opt) (int,
	[]NotDone, error) {
	return r.several(ctx, by, list, "gave", "", func(ctx context.Context, q db.Q, a *Action) error {
		to := organisation
		if to == "" {
			var err error
			if to, err = organisationOf(ctx, q, owner); err != nil {
				return err
			}
		}
		if a.OwnerID == owner && a.OrganisationID == to {
			return invalid("owner", "it is theirs already")
		}
		a.OwnerID, a.OrganisationID = owner, to
		return nil
	}, func(ctx context.Context, q db.Q, was, a Action) error { return r.given(ctx, q, by, was, a.ID) })
}

// MoveActions moves the day by which several open actions are due, and says why at each and to
// those whose they are; as GiveActions otherwise.
func (r *Room) MoveActions(ctx context.Context, by web.Person, list []Chosen, to period.Date, reason string) (int,
	[]NotDone, error) {
	return r.several(ctx, by, list, "moved", reason, func(_ context.Context, _ db.Q, a *Action) error {
		if a.DueOn == to {
			return invalid("due", "it is due then already")
		}
		a.DueOn = to
		if !a.AskedUntil.After(to) { // what was asked for is given
			a.AskedUntil = period.Date{}
		}
		return nil
	}, func(ctx context.Context, q db.Q, _, a Action) error {
		said := Said{ID: r.NewID(), ActionID: a.ID, Kind: Moved, PersonID: by.ID, Person: by.Name, Words: reason,
			Day: a.DueOn, At: db.At(r.Now())}
		if err := insertSaid(ctx, q, said); err != nil {
			return err
		}
		return r.tellOf(ctx, q, by, a, said, true)
	})
}

// several does one thing to each of several actions, each in a transaction of its own: after
// says and tells what was done.
func (r *Room) several(ctx context.Context, by web.Person, list []Chosen, act, reason string,
	do func(ctx context.Context, q db.Q, a *Action) error,
	after func(ctx context.Context, q db.Q, was, a Action) error) (done int, not []NotDone, err error) {
	for _, c := range list {
		title := "An action"
		err := r.Work.Tx(ctx, func(q db.Q) error {
			was, err := lockAction(ctx, q, c.ID)
			if err != nil {
				return err
			}
			if !actionRules.May(by, access.Change, was.of()) {
				return db.ErrNotFound
			}
			title = was.Title
			if was.Status != Open { // said before that it was changed, which that is too
				return ErrMoved
			}
			if err := audittrail.Check(ctx, q, c.Seen, actionSubject, c.ID, wholeAction(was), actionActs...); err != nil {
				return err
			}
			a := was
			if err := do(ctx, q, &a); err != nil {
				return err
			}
			if problems := a.problems(r.Now.Today()); len(problems) > 0 {
				return &ui.Invalid{Problems: problems}
			}
			if err := updateAction(ctx, q, a); err != nil {
				return err
			}
			if a, err = action(ctx, q, c.ID); err != nil {
				return err
			}
			if err := r.trail().Note(ctx, q, by, act, actionSubject, c.ID, a.Title, audittrail.Because(reason),
				audittrail.Between(wholeAction(was), wholeAction(a))); err != nil {
				return err
			}
			return after(ctx, q, was, a)
		})
		if err == nil {
			done++
			continue
		}
		why := whyNot(err)
		if why == "" {
			return done, not, db.Wrap(err, "%s action %s", act, c.ID)
		}
		not = append(not, NotDone{ID: c.ID, Title: title, Why: why})
	}
	return done, not, nil
}

// whyNot says why something could not be done to one of several actions; "" for a fault.
func whyNot(err error) string {
	var changed *web.Changed
	var wrong *ui.Invalid
	switch {
	case errors.As(err, &changed):
		return changed.Words() + ": look at it again"
	case errors.As(err, &wrong):
		return wrong.Error()
	case errors.Is(err, ErrMoved):
		return "it was done or dropped"
	case errors.Is(err, db.ErrNotFound):
		return "it is not there any more, or not yours to change"
	}
	return ""
}
