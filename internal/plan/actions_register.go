package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// AddAction keeps a new action and returns its id. The status is not asked for:
// it follows from the dates. It returns *ui.Invalid.
func (r *Room) AddAction(ctx context.Context, by web.Person, a Action) (string, error) {
	a.ID, a.OfficerID = r.NewID(), db.Opt(by.ID)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.checkAction(ctx, q, &a); err != nil {
			return err
		}
		if err := insertAction(ctx, q, a, r.Now()); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "added", actionSubject, a.ID, a.Title); err != nil {
			return err
		}
		return r.given(ctx, q, by, Action{}, a.ID)
	})
	return a.ID, db.Wrap(err, "add action %s", a.Title)
}

// given tells those to whom an action is new that it is theirs. One that was over or due when
// it was entered is only kept in the register.
func (r *Room) given(ctx context.Context, q db.Q, by web.Person, was Action, id string) error {
	a, err := action(ctx, q, id)
	if err != nil {
		return err
	}
	if was.ID != "" && a.OrganisationID != was.OrganisationID {
		// Who helped did so for the organisation that had it; the next one asks its own.
		if err := endHelpers(ctx, q, id); err != nil {
			return err
		}
	}
	if a.Status != Open || a.DueOn.Before(r.Now.Today()) ||
		a.OwnerID == was.OwnerID && a.OrganisationID == was.OrganisationID {
		return nil
	}
	return r.tellAssigned(ctx, q, by, a)
}

// SaveAction keeps what an action is, whose it is and when it is due as they
// have been corrected. Whether it was done stays.
func (r *Room) SaveAction(ctx context.Context, by web.Person, a Action, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockAction(ctx, q, a.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, actionSubject, a.ID, fillAction(was), actionActs...); err != nil {
			return err
		}
		a.DoneOn, a.DroppedOn, a.Evidence, a.Impact = was.DoneOn, was.DroppedOn, was.Evidence, was.Impact
		a.OfficerID, a.ClaimedOn, a.Hindrance = was.OfficerID, was.ClaimedOn, was.Hindrance
		if was.AskedUntil.After(a.DueOn) { // else what was asked for is given
			a.AskedUntil = was.AskedUntil
		}
		if err := r.checkAction(ctx, q, &a); err != nil {
			return err
		}
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		now, err := lockAction(ctx, q, a.ID)
		if err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "changed", actionSubject, a.ID, a.Title,
			audittrail.Between(fillAction(was), fillAction(now))); err != nil {
			return err
		}
		return r.given(ctx, q, by, was, a.ID)
	})
	return db.Wrap(err, "change action %s", a.ID)
}

// checkAction finds the owner and returns *ui.Invalid for what is wrong.
func (r *Room) checkAction(ctx context.Context, q db.Reader, a *Action) error {
	a.Status = a.status()
	withOwner := *a
	if a.OwnerEmail != "" { // whether anybody has it is check's to say
		withOwner.OwnerID = db.Opt(a.OwnerEmail)
	}
	return check(ctx, q, &a.OwnerID, a.OwnerEmail, withOwner.problems(r.Now.Today()))
}

// FinishAction says that an action was done on a day, by what evidence, and what
// changed. It returns ErrMoved when the action is not open.
func (r *Room) FinishAction(ctx context.Context, by web.Person, id string, on period.Date, evidence, impact string,
	seen web.Seen) error {
	return r.end(ctx, by, id, seen, func(a *Action) { a.DoneOn, a.Evidence, a.Impact = on, evidence, impact }, Done)
}

// DropAction says that an action was given up on a day, and why. It returns
// ErrMoved when the action is not open.
func (r *Room) DropAction(ctx context.Context, by web.Person, id string, on period.Date, why string,
	seen web.Seen) error {
	return r.end(ctx, by, id, seen, func(a *Action) { a.DroppedOn, a.Evidence = on, why }, Dropped)
}

func (r *Room) end(ctx context.Context, by web.Person, id string, seen web.Seen,
	change func(*Action), to ActionStatus) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		// Before the status: who ended it first has written something to be shown.
		if err := audittrail.Check(ctx, q, seen, actionSubject, id, fillEnd(a), actionActs...); err != nil {
			return err
		}
		if a.Status != Open {
			return ErrMoved
		}
		claimed := a.Claimed()
		a.ClaimedOn, a.AskedUntil, a.Hindrance = period.Date{}, period.Date{}, ""
		change(&a)
		a.Status = a.status()
		if problems := a.problems(r.Now.Today()); len(problems) > 0 {
			return &ui.Invalid{Problems: problems}
		}
		if a.Status != to { // no date was given
			return &ui.Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
		}
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "marked as "+string(to), actionSubject, id, a.Title); err != nil ||
			!claimed || to != Done {
			return err
		}
		said := Said{ID: r.NewID(), ActionID: id, Kind: Closed, PersonID: by.ID, Person: by.Name, At: db.At(r.Now())}
		if err := insertSaid(ctx, q, said); err != nil {
			return err
		}
		return r.tellOf(ctx, q, by, a, said, true)
	})
	return db.Wrap(err, "mark action %s as %s", id, to)
}

// ReopenAction takes back that an action was done or dropped. Its evidence stays, to be
// corrected. It returns ErrMoved when the action is open.
func (r *Room) ReopenAction(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Status == Open {
			return ErrMoved
		}
		if err := audittrail.Check(ctx, q, seen, actionSubject, id, wholeAction(a), actionActs...); err != nil {
			return err
		}
		was := a.Status
		a.DoneOn, a.DroppedOn = period.Date{}, period.Date{}
		a.Status = a.status()
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "reopened, which was "+string(was), actionSubject, id, a.Title)
	})
	return db.Wrap(err, "reopen action %s", id)
}

// DeleteAction takes away an action that was entered by mistake. It returns
// ErrMoved for one that is done, which has to be reopened first.
func (r *Room) DeleteAction(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Status == Done {
			return ErrMoved
		}
		whole, _, err := r.actionWithFiles(ctx, q, a)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, actionSubject, id, whole); err != nil {
			return err
		}
		if err := r.Files.EraseOf(ctx, q, r.evidence(), id); err != nil {
			return err
		}
		if err := deleteAction(ctx, q, id); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "deleted", actionSubject, id, a.Title)
	})
	return db.Wrap(err, "delete action %s", id)
}

// Action gives one action.
func (r *Room) Action(ctx context.Context, id string) (Action, error) {
	return action(ctx, r.Work, id)
}

// actionFor gives an action to somebody who may read it, and db.ErrNotFound to anybody else.
func (r *Room) actionFor(ctx context.Context, by web.Person, id string) (Action, error) {
	a, err := action(ctx, r.Work, id)
	if err == nil && !actionRules.May(by, access.Read, a.of()) {
		err = db.ErrNotFound
	}
	return a, err
}

// Actions lists a page of the actions that a filter lets through, and counts all
// of them.
func (r *Room) Actions(ctx context.Context, f ActionFilter) ([]Action, int, error) {
	return actions(ctx, r.Work, f, r.Now.Today())
}

// AddRecommendation keeps a new recommendation and returns its id. It returns
// *ui.Invalid.
func (r *Room) AddRecommendation(ctx context.Context, by web.Person, v Recommendation) (string, error) {
	v.ID = r.NewID()
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertRecommendation(ctx, q, v, r.Now()); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "added", recommendationSubject, v.ID, short(v.Words))
	})
	return v.ID, db.Wrap(err, "add recommendation of %s", v.Source)
}

// SaveRecommendation keeps a recommendation as it has been corrected.
func (r *Room) SaveRecommendation(ctx context.Context, by web.Person, v Recommendation, seen web.Seen) error {
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockRecommendation(ctx, q, v.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, recommendationSubject, v.ID, fillRecommendation(was)); err != nil {
			return err
		}
		if err := updateRecommendation(ctx, q, v); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "changed", recommendationSubject, v.ID, short(v.Words),
			audittrail.Between(fillRecommendation(was), fillRecommendation(v)))
	})
	return db.Wrap(err, "change recommendation %s", v.ID)
}

// DeleteRecommendation takes away a recommendation that was entered by mistake.
// It returns ErrUsed when actions belong to it.
func (r *Room) DeleteRecommendation(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRecommendation(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, recommendationSubject, id, fillRecommendation(v)); err != nil {
			return err
		}
		if err := deleteRecommendation(ctx, q, id); err != nil {
			return orUsed(err)
		}
		return r.trail().Note(ctx, q, by, "deleted", recommendationSubject, id, short(v.Words))
	})
	return db.Wrap(err, "delete recommendation %s", id)
}

// Recommendation gives one recommendation, with how many of the actions that a reader may read
// are done.
func (r *Room) Recommendation(ctx context.Context, by web.Person, id string) (Recommendation, error) {
	return recommendation(ctx, r.Work, by, id)
}

// Recommendations lists a page of the recommendations that a filter lets through,
// and counts all of them.
func (r *Room) Recommendations(ctx context.Context, f Filter) ([]Recommendation, int, error) {
	return recommendations(ctx, r.Work, f)
}
