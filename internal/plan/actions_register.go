package plan

import (
	"context"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// AddAction keeps a new action and returns its id. The status is not asked for:
// it follows from the dates. It returns *Invalid.
func (r *Room) AddAction(ctx context.Context, by web.Person, a Action) (string, error) {
	a.ID = r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.checkAction(ctx, q, &a); err != nil {
			return err
		}
		if err := insertAction(ctx, q, a, r.Now()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", actionSubject, a.ID, a.Title)
	})
	if err != nil {
		return "", fmt.Errorf("add action %s: %w", a.Title, err)
	}
	return a.ID, nil
}

// ChangeAction keeps what an action is, whose it is and when it is due as they
// have been corrected. Whether it was done stays. It returns *Invalid.
func (r *Room) ChangeAction(ctx context.Context, by web.Person, a Action) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockAction(ctx, q, a.ID)
		if err != nil {
			return err
		}
		a.DoneOn, a.DroppedOn, a.Evidence, a.Impact = was.DoneOn, was.DroppedOn, was.Evidence, was.Impact
		if err := r.checkAction(ctx, q, &a); err != nil {
			return err
		}
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", actionSubject, a.ID, a.Title)
	})
	return wrap(err, "change action %s", a.ID)
}

// checkAction finds the owner and returns *Invalid for what is wrong.
func (r *Room) checkAction(ctx context.Context, q db.Reader, a *Action) error {
	a.Status = a.status()
	withOwner := *a
	if a.OwnerEmail != "" { // whether anybody has it is check's to say
		withOwner.OwnerID = db.Opt(a.OwnerEmail)
	}
	return check(ctx, q, &a.OwnerID, a.OwnerEmail, withOwner.problems(r.Now.Today()))
}

// Finish says that an action was done on a day, by what evidence, and what
// changed. It returns *Invalid, or ErrMoved when the action is not open.
func (r *Room) Finish(ctx context.Context, by web.Person, id string, on period.Date, evidence, impact string) error {
	return r.end(ctx, by, id, func(a *Action) { a.DoneOn, a.Evidence, a.Impact = on, evidence, impact }, Done)
}

// Drop says that an action was given up on a day, and why. It returns *Invalid,
// or ErrMoved when the action is not open.
func (r *Room) Drop(ctx context.Context, by web.Person, id string, on period.Date, why string) error {
	return r.end(ctx, by, id, func(a *Action) { a.DroppedOn, a.Evidence = on, why }, Dropped)
}

func (r *Room) end(ctx context.Context, by web.Person, id string, change func(*Action), to ActionStatus) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Status != Open {
			return ErrMoved
		}
		change(&a)
		a.Status = a.status()
		if problems := a.problems(r.Now.Today()); len(problems) > 0 {
			return &Invalid{Problems: problems}
		}
		if a.Status != to { // no date was given
			return &Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
		}
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "marked as "+string(to), actionSubject, id, a.Title)
	})
	return wrap(err, "mark action %s as %s", id, to)
}

// Reopen takes back that an action was done or dropped. Its evidence stays, to be
// corrected. It returns ErrMoved when the action is open.
func (r *Room) Reopen(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Status == Open {
			return ErrMoved
		}
		was := a.Status
		a.DoneOn, a.DroppedOn = period.Date{}, period.Date{}
		a.Status = a.status()
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened, which was "+string(was), actionSubject, id, a.Title)
	})
	return wrap(err, "reopen action %s", id)
}

// DeleteAction takes away an action that was entered by mistake. It returns
// ErrMoved for one that is done, which has to be reopened first.
func (r *Room) DeleteAction(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Status == Done {
			return ErrMoved
		}
		if err := deleteAction(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", actionSubject, id, a.Title)
	})
	return wrap(err, "delete action %s", id)
}

// Action gives one action.
func (r *Room) Action(ctx context.Context, id string) (Action, error) {
	return action(ctx, r.Work, id)
}

// Actions lists a page of the actions that a filter lets through, and counts all
// of them.
func (r *Room) Actions(ctx context.Context, f ActionFilter) ([]Action, int, error) {
	return actions(ctx, r.Work, f, r.Now.Today())
}

// AddRecommendation keeps a new recommendation and returns its id. It returns
// *Invalid.
func (r *Room) AddRecommendation(ctx context.Context, by web.Person, v Recommendation) (string, error) {
	v.ID = r.NewID()
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return "", &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertRecommendation(ctx, q, v, r.Now()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", recommendationSubject, v.ID, v.Source)
	})
	if err != nil {
		return "", fmt.Errorf("add recommendation of %s: %w", v.Source, err)
	}
	return v.ID, nil
}

// ChangeRecommendation keeps a recommendation as it has been corrected. It returns
// *Invalid.
func (r *Room) ChangeRecommendation(ctx context.Context, by web.Person, v Recommendation) error {
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateRecommendation(ctx, q, v); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", recommendationSubject, v.ID, v.Source)
	})
	return wrap(err, "change recommendation %s", v.ID)
}

// DeleteRecommendation takes away a recommendation that was entered by mistake.
// It returns ErrUsed when actions belong to it.
func (r *Room) DeleteRecommendation(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRecommendation(ctx, q, id)
		if err != nil {
			return err
		}
		if v.Actions > 0 {
			return ErrUsed
		}
		if err := deleteRecommendation(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", recommendationSubject, id, v.Source)
	})
	return wrap(err, "delete recommendation %s", id)
}

// Recommendation gives one recommendation.
func (r *Room) Recommendation(ctx context.Context, id string) (Recommendation, error) {
	return recommendation(ctx, r.Work, id)
}

// Recommendations lists a page of the recommendations that a filter lets through,
// and counts all of them.
func (r *Room) Recommendations(ctx context.Context, f Filter) ([]Recommendation, int, error) {
	return recommendations(ctx, r.Work, f)
}

// AddScrutiny keeps a new scrutiny note and returns its id. It returns *Invalid.
func (r *Room) AddScrutiny(ctx context.Context, by web.Person, s Scrutiny) (string, error) {
	s.ID = r.NewID()
	if p := s.problems(r.Now.Today()); len(p) > 0 {
		return "", &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertScrutiny(ctx, q, s, r.Now()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", scrutinySubject, s.ID, s.Subject)
	})
	if err != nil {
		return "", fmt.Errorf("add scrutiny of %s: %w", s.Subject, err)
	}
	return s.ID, nil
}

// ChangeScrutiny keeps a scrutiny note as it has been corrected or answered. It
// returns *Invalid.
func (r *Room) ChangeScrutiny(ctx context.Context, by web.Person, s Scrutiny) error {
	if p := s.problems(r.Now.Today()); len(p) > 0 {
		return &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateScrutiny(ctx, q, s); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", scrutinySubject, s.ID, s.Subject)
	})
	return wrap(err, "change scrutiny %s", s.ID)
}

// DeleteScrutiny takes away a scrutiny note that was entered by mistake.
func (r *Room) DeleteScrutiny(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		s, err := scrutiny(ctx, q, id)
		if err != nil {
			return err
		}
		if err := deleteScrutiny(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", scrutinySubject, id, s.Subject)
	})
	return wrap(err, "delete scrutiny %s", id)
}

// Scrutiny gives one scrutiny note.
func (r *Room) Scrutiny(ctx context.Context, id string) (Scrutiny, error) {
	return scrutiny(ctx, r.Work, id)
}

// Scrutinies lists a page of the scrutiny notes that a filter lets through, and
// counts all of them.
func (r *Room) Scrutinies(ctx context.Context, f Filter) ([]Scrutiny, int, error) {
	return scrutinies(ctx, r.Work, f)
}
