package indicators

import (
	"context"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Attest adds the value of a figure that cannot be computed. ErrHasValue says
// that the figure has one for the same period: replace that one.
func (r *Room) Attest(ctx context.Context, a Attested, by web.Person) (string, error) {
	a.ID, a.ByID, a.By, a.CreatedAt = r.NewID(), by.ID, by.Name, db.At(r.Now())
	if a.Figure == "" {
		a.Figure = FigureID(a.Title)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertAttested(ctx, q, a); err != nil {
			if db.IsUnique(err) {
				return ErrHasValue
			}
			return err
		}
		return r.note(ctx, q, by, "attested", a)
	})
	if err != nil {
		return "", fmt.Errorf("attest %s: %w", a.Figure, err)
	}
	return a.ID, nil
}

// Replace puts a better value in the place of the attested value id, with the
// reason. What the figure is and its period stay. ErrReplaced says that somebody
// did so before.
func (r *Room) Replace(ctx context.Context, id string, better Attested, by web.Person) (string, error) {
	newID := r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		old, err := attestedByID(ctx, q, id)
		if err != nil {
			return err
		}
		n, err := markReplaced(ctx, q, id, newID)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrReplaced
		}
		a := old
		a.ID, a.ByID, a.By, a.CreatedAt, a.Replaces, a.ReplacedBy = newID, by.ID, by.Name, db.At(r.Now()), id, ""
		a.Numerator, a.Denominator, a.Source, a.Owner, a.GivenOn, a.Final, a.Reason =
			better.Numerator, better.Denominator, better.Source, better.Owner, better.GivenOn, better.Final, better.Reason
		if err := insertAttested(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "replaced", a)
	})
	if err != nil {
		return "", fmt.Errorf("replace attested value %s: %w", id, err)
	}
	return newID, nil
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, a Attested) error {
	return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name, Act: act,
		Subject: "attested figure", SubjectID: a.ID, Detail: a.Figure + ", " + a.When() + ", from " + a.Source})
}
