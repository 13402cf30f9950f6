package leaflets

import (
	"context"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// subject is what the audit trail calls a leaflet.
const subject = "leaflet"

// AddLeaflet keeps a new leaflet with its first count, and returns its id. It returns
// *ui.Invalid or ErrTaken.
func (r *Room) AddLeaflet(ctx context.Context, by web.Person, l Leaflet) (string, error) {
	l.ID = r.NewID()
	if p := l.problems(); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertLeaflet(ctx, q, l, r.Now()); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		if err := keepCount(ctx, q, l, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", l)
	})
	return l.ID, db.Wrap(err, "add leaflet %s", l.Title)
}

// SaveLeaflet keeps a leaflet as it has been corrected on a form that showed what was
// seen. It returns *ui.Invalid, ErrTaken, or *web.Changed when somebody changed the
// leaflet meanwhile.
func (r *Room) SaveLeaflet(ctx context.Context, by web.Person, l Leaflet, seen web.Seen) error {
	if p := l.problems(); len(p) > 0 {
		return &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockLeaflet(ctx, q, l.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, l.ID, fillLeaflet(was)); err != nil {
			return err
		}
		if err := updateLeaflet(ctx, q, l); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		if l.InStock != was.InStock {
			if err := keepCount(ctx, q, l, r.Now.Today()); err != nil {
				return err
			}
		}
		return r.note(ctx, q, by, "changed", l)
	})
	return db.Wrap(err, "change leaflet %s", l.ID)
}

// RetireLeaflet takes a leaflet out of use from today. It returns ErrRetired for one
// that already is, or *web.Changed when somebody changed it since it was seen.
func (r *Room) RetireLeaflet(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := lockLeaflet(ctx, q, id)
		if err != nil {
			return err
		}
		if l.Retired() {
			return ErrRetired
		}
		if err := audittrail.Check(ctx, q, seen, subject, id, fillLeaflet(l)); err != nil {
			return err
		}
		if err := retireLeaflet(ctx, q, id, r.Now.Today()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "retired", l)
	})
	return db.Wrap(err, "retire leaflet %s", id)
}

// DeleteLeaflet takes away a leaflet that was entered by mistake, with its counts. It
// returns *web.Changed when somebody changed the leaflet since it was seen.
func (r *Room) DeleteLeaflet(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := lockLeaflet(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, id, fillLeaflet(l)); err != nil {
			return err
		}
		if err := deleteLeaflet(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", l)
	})
	return db.Wrap(err, "delete leaflet %s", id)
}

// Leaflet gives one leaflet.
func (r *Room) Leaflet(ctx context.Context, id string) (Leaflet, error) {
	return leaflet(ctx, r.Work, id)
}

// Leaflets lists a page of the leaflets that a filter lets through, and counts all of
// them.
func (r *Room) Leaflets(ctx context.Context, f Filter) ([]Leaflet, int, error) {
	return leaflets(ctx, r.Work, f, r.Now.Today())
}

// History lists what was done to a leaflet's record, newest first.
func (r *Room) History(ctx context.Context, id string) ([]audittrail.Entry, error) {
	return audittrail.Of(ctx, r.Work, subject, id)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, l Leaflet) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID}.Note(ctx, q, by, act, subject, l.ID, l.Title)
}
