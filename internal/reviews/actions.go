package reviews

import (
	"context"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// subject is what the audit trail calls a review.
const subject = "review"

// AddReview keeps a new review and returns its id. The stage is not asked for: it
// follows from the dates. It returns *ui.Invalid or ErrTaken.
func (r *Room) AddReview(ctx context.Context, by web.Person, v Review) (string, error) {
	v.ID, v.Stage = r.NewID(), v.stage()
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.As(by).Tx(ctx, func(q db.Q) error {
		if err := insertReview(ctx, q, v, r.Now()); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		if err := replaceThemes(ctx, q, v); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", v)
	})
	return v.ID, db.Wrap(err, "add review %s", v.Reference)
}

// SaveReview keeps a review as it has been corrected on a form that showed what
// was seen. It returns *ui.Invalid, ErrTaken, or *web.Changed when somebody changed
// the review meanwhile.
func (r *Room) SaveReview(ctx context.Context, by web.Person, v Review, seen web.Seen) error {
	v.Stage = v.stage()
	if p := v.problems(r.Now.Today()); len(p) > 0 {
		return &ui.Invalid{Problems: p}
	}
	err := r.Work.As(by).Tx(ctx, func(q db.Q) error {
		was, err := lockReview(ctx, q, by, v.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, v.ID, fillReview(was)); err != nil {
			return err
		}
		if err := updateReview(ctx, q, v); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		if err := replaceThemes(ctx, q, v); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", v,
			audittrail.Between(fillReview(was), fillReview(v)))
	})
	return db.Wrap(err, "change review %s", v.ID)
}

// StepReview records that a review took a step on a day, which moves it to the stage
// the step opens. It returns *ui.Invalid, or ErrMoved when the step cannot follow.
func (r *Room) StepReview(ctx context.Context, by web.Person, id, stepID string, on period.Date) error {
	err := r.Work.As(by).Tx(ctx, func(q db.Q) error {
		v, err := lockReview(ctx, q, by, id)
		if err != nil {
			return err
		}
		step, ok := nextStep(v, stepID)
		if !ok {
			return ErrMoved
		}
		if on.IsZero() {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
		}
		*step.date(&v) = on
		v.Stage = v.stage()
		if p := v.dateProblems(r.Now.Today()); len(p) > 0 {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "on", Text: p[len(p)-1].Text}}}
		}
		if err := updateReview(ctx, q, v); err != nil {
			return err
		}
		return r.note(ctx, q, by, "moved to "+v.Stage.Words(), v)
	})
	return db.Wrap(err, "record step %s of review %s", stepID, id)
}

// nextStep finds a step among those that may be taken now.
func nextStep(v Review, id string) (Step, bool) {
	for _, s := range v.Next() {
		if s.ID == id {
			return s, true
		}
	}
	return Step{}, false
}

// ReopenReview takes back that a review was completed, published or closed, whose dates
// are then gone from it (and stay in the audit trail). It returns ErrMoved when
// the review has not ended, or *web.Changed when somebody changed it meanwhile.
func (r *Room) ReopenReview(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.As(by).Tx(ctx, func(q db.Q) error {
		v, err := lockReview(ctx, q, by, id)
		if err != nil {
			return err
		}
		if !v.Ended() {
			return ErrMoved
		}
		if err := audittrail.Check(ctx, q, seen, subject, id, fillReview(v)); err != nil {
			return err
		}
		was := v.Stage
		v.CompletedOn, v.PublishedOn, v.ClosedOn = period.Date{}, period.Date{}, period.Date{}
		if v.reached() < 0 { // only its end was known
			v.DecidedOn = r.Now.Today()
		}
		v.Stage = v.stage()
		if err := updateReview(ctx, q, v); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened, which was "+was.Words(), v)
	})
	return db.Wrap(err, "reopen review %s", id)
}

// Ended reports whether the review is completed, published or closed.
func (r Review) Ended() bool {
	return r.Stage == Completed || r.Stage == Published || r.Stage == Closed
}

// DeleteReview takes away a review that was entered by mistake. It returns
// ErrPublished for one that was published, or *web.Changed when somebody changed it
// since the person saw it.
func (r *Room) DeleteReview(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.As(by).Tx(ctx, func(q db.Q) error {
		v, err := lockReview(ctx, q, by, id)
		if err != nil {
			return err
		}
		if v.Stage == Published {
			return ErrPublished
		}
		if err := audittrail.Check(ctx, q, seen, subject, id, fillReview(v)); err != nil {
			return err
		}
		if err := deleteReview(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", v)
	})
	return db.Wrap(err, "delete review %s", id)
}

// Review gives one review to somebody who may read it.
func (r *Room) Review(ctx context.Context, by web.Person, id string) (v Review, err error) {
	err = r.Work.As(by).Read(ctx, func(q db.Reader) error {
		v, err = review(ctx, q, by, id)
		return err
	})
	return v, err
}

// Reviews lists a page of the reviews that a filter lets through and somebody may read, and
// counts all of them.
func (r *Room) Reviews(ctx context.Context, by web.Person, f Filter) (list []Review, total int, err error) {
	err = r.Work.As(by).Read(ctx, func(q db.Reader) error {
		list, total, err = reviews(ctx, q, by, f)
		return err
	})
	return list, total, err
}

// Published lists the reviews of every kind published in a span of days, first
// published first: what the public site and the yearly report may name.
func (r *Room) Published(ctx context.Context, span period.Span) (list []Review, err error) {
	err = r.Work.As(db.ForFigures).Read(ctx, func(q db.Reader) error {
		list, err = publishedIn(ctx, q, span)
		return err
	})
	return list, err
}

// Clocks gives the statutory clocks of a review as they stand today.
func (r *Room) Clocks(ctx context.Context, v Review) ([]Clock, error) {
	all, err := editions(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	return clocks(v, all, r.Now.Today()), nil
}

// History lists what was done to a review's record, newest first.
func (r *Room) History(ctx context.Context, id string) ([]audittrail.Entry, error) {
	return audittrail.Of(ctx, r.Work, subject, id)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, v Review, more ...audittrail.More) error {
	return r.trail().Note(ctx, q, by, act, subject, v.ID, v.Reference, more...)
}

func (r *Room) trail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}
