package plan

import (
	"context"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// AddHelper asks somebody to help with an open action, and tells them. It returns
// db.ErrNotFound for somebody who may not ask, ErrMoved and *ui.Invalid.
func (r *Room) AddHelper(ctx context.Context, by web.Person, id, person string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if !asksHelp(by, a) {
			return db.ErrNotFound
		}
		if a.Status != Open {
			return ErrMoved
		}
		list, err := r.canHelp(ctx, q, by, a)
		if err != nil {
			return err
		}
		who := among(list, person)
		if who == nil {
			return invalid("person", "Choose somebody who can open the plan, and does not help with it yet")
		}
		if err := insertHelper(ctx, q, id, person); err != nil {
			return err
		}
		if err := r.noteHelper(ctx, q, by, a, Helping, "asked to help", who[0].Name); err != nil {
			return err
		}
		return r.write(ctx, q, by, who, "Please help: "+short(a.Title),
			by.Name+" asks you to help with this action. You can say how it goes, and add files.", "", a)
	})
	return db.Wrap(err, "add a helper of action %s", id)
}

// RemoveHelper takes somebody off those who help with an action: who may ask for help, or the
// helper. It returns db.ErrNotFound for anybody else, and *web.Changed.
func (r *Room) RemoveHelper(ctx context.Context, by web.Person, id, person string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		h, err := helperAt(ctx, q, by, a, person)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, actionSubject, id, wholeAction(a), actionActs...); err != nil {
			return err
		}
		if err := deleteHelper(ctx, q, id, person); err != nil {
			return err
		}
		return r.noteHelper(ctx, q, by, a, NoHelper, "took off those who help", h.Name)
	})
	return db.Wrap(err, "remove a helper of action %s", id)
}

// helperAt gives a helper of an action, to somebody who may take them off.
func helperAt(ctx context.Context, q db.Reader, by web.Person, a Action, person string) (Helper, error) {
	mine := helperRules.May(by, access.Change, access.Object{PersonID: person})
	list, err := helpers(ctx, q, a.ID)
	if err != nil {
		return Helper{}, err
	}
	i := slices.IndexFunc(list, func(h Helper) bool { return h.ID == person })
	if i < 0 || !mine && !asksHelp(by, a) {
		return Helper{}, db.ErrNotFound
	}
	return list[i], nil
}

// noteHelper says at an action, and in the trail, that somebody helps, or does no more.
func (r *Room) noteHelper(ctx context.Context, q db.Q, by web.Person, a Action, kind SaidKind, act, name string) error {
	if err := insertSaid(ctx, q, Said{ID: r.NewID(), ActionID: a.ID, Kind: kind, PersonID: by.ID, Person: by.Name,
		Words: name, At: db.At(r.Now())}); err != nil {
		return err
	}
	return r.trail().Note(ctx, q, by, act, actionSubject, a.ID, a.Title)
}
