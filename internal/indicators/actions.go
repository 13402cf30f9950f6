package indicators

import (
	"context"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// subject is what the audit trail calls a supplied figure's value.
const subject = "supplied figure"

// AddSupplied adds the value of a figure that cannot be computed and returns its id.
// It returns a *ui.Taken when the figure has a value for the same period: replace
// that one.
func (r *Room) AddSupplied(ctx context.Context, by web.Person, a Supplied) (string, error) {
	a.ID, a.ByID, a.By, a.CreatedAt = r.NewID(), by.ID, by.Name, db.At(r.Now())
	if a.Figure == "" {
		a.Figure = FigureID(a.Title)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertSupplied(ctx, q, a); err != nil {
			return db.TakenAs(err, hasValue(a))
		}
		return r.note(ctx, q, by, "supplied", a)
	})
	return a.ID, db.Wrap(err, "add supplied figure %s", a.Figure)
}

// ReplaceSupplied puts a better value in the place of the one that stands where
// value id stood, with the reason. What the figure is and its period stay. It
// returns a *web.Changed when another value stands there than was seen.
func (r *Room) ReplaceSupplied(ctx context.Context, by web.Person, id string, better Supplied, seen web.Seen) (string,
	error) {
	newID := r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		old, err := lockStanding(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, old.ID, fillReplacement(old)); err != nil {
			return err
		}
		if err := markReplaced(ctx, q, old.ID, newID); err != nil {
			return err
		}
		a := old
		a.ID, a.ByID, a.By, a.CreatedAt, a.Replaces, a.ReplacedBy = newID, by.ID, by.Name, db.At(r.Now()), old.ID, ""
		a.Numerator, a.Denominator, a.Source, a.Owner, a.GivenOn, a.Final, a.Reason =
			better.Numerator, better.Denominator, better.Source, better.Owner, better.GivenOn, better.Final, better.Reason
		if err := insertSupplied(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "replaced", a,
			audittrail.Between(fillReplacement(old), fillReplacement(a)), audittrail.Because(a.Reason))
	})
	return newID, db.Wrap(err, "replace supplied value %s", id)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, a Supplied,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, a.ID,
		a.Figure+", "+a.When()+", from "+a.Source, more...)
}
