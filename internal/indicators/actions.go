package indicators

import (
	"context"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// subject is what the audit trail calls a supplied figure's value.
const subject = "supplied figure"

// AddSupplied adds the value of a figure that cannot be computed and returns its id.
// It returns a *ui.Taken when the figure has a value for the same period: replace
// that one; and a *ui.Invalid when it would protect the figure less than its other values
// do. One that protects it more does so for all of them.
func (r *Room) AddSupplied(ctx context.Context, by web.Person, a Supplied) (string, error) {
	a.ID, a.ByID, a.By, a.CreatedAt = r.NewID(), by.ID, by.Name, db.At(r.Now())
	if a.Figure == "" {
		a.Figure = FigureID(a.Title)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertSupplied(ctx, q, a); err != nil {
			return db.TakenAs(err, hasValue(a))
		}
		if err := r.tighten(ctx, q, by, a); err != nil {
			return err
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

// tighten holds a new value to what the others of its figure count.
func (r *Room) tighten(ctx context.Context, q db.Q, by web.Person, a Supplied) error {
	all, err := valuesOf(ctx, q, a.Figure)
	if err != nil {
		return err
	}
	laxer := func(x Supplied) bool { return strictness(x.Protection()) < strictness(a.Protection()) }
	for _, x := range all {
		if strictness(x.Protection()) > strictness(a.Protection()) {
			return laxerThan(x)
		}
	}
	if !slices.ContainsFunc(all, laxer) {
		return nil
	}
	if err := setCounted(ctx, q, a.Figure, a.Counted); err != nil {
		return err
	}
	return r.note(ctx, q, by, "counts something else", a, audittrail.Between(fillCounted(all[0]), fillCounted(a)))
}

// ClassifySupplied says what a figure counts, for all of its values, with the reason. It
// returns a *ui.Invalid when that would protect it less than was said before, and a
// *web.Changed when somebody said it meanwhile.
func (r *Room) ClassifySupplied(ctx context.Context, by web.Person, id, counted, reason string, seen web.Seen) error {
	return db.Wrap(r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockStanding(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, was.ID, fillCounted(was)); err != nil {
			return err
		}
		a := was
		a.Counted = counted
		if was.Counted != "" && strictness(a.Protection()) < strictness(was.Protection()) {
			return laxerThan(was)
		}
		if err := setCounted(ctx, q, was.Figure, counted); err != nil {
			return err
		}
		return r.note(ctx, q, by, "said what it counts", a, audittrail.Between(fillCounted(was), fillCounted(a)),
			audittrail.Because(reason))
	}), "say what %s counts", id)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, a Supplied,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, a.ID,
		a.Figure+", "+a.When()+", from "+a.Source, more...)
}
