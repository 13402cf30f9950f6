package audits

import (
	"context"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What the audit trail calls the records of the room.
const (
	auditSubject = "multi-agency audit"
	roundSubject = "self-assessment"
)

// AddAudit keeps a new multi-agency audit and returns its id. The stage is not
// asked for: it follows from the dates. It returns *ui.Invalid.
func (r *Room) AddAudit(ctx context.Context, by web.Person, a Audit) (string, error) {
	a.ID, a.Stage = r.NewID(), a.stage()
	if p := a.problems(r.Now.Today()); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertAudit(ctx, q, a, r.Now()); err != nil {
			return err
		}
		if err := replaceAgencies(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", a)
	})
	return a.ID, db.Wrap(err, "add audit %s", a.Title)
}

// SaveAudit keeps a multi-agency audit as it has been corrected on a form that
// showed what was seen. It returns *ui.Invalid, or *web.Changed when somebody
// changed the audit meanwhile.
func (r *Room) SaveAudit(ctx context.Context, by web.Person, a Audit, seen web.Seen) error {
	a.Stage = a.stage()
	if p := a.problems(r.Now.Today()); len(p) > 0 {
		return &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockAudit(ctx, q, a.ID)
		if err != nil {
			return err
		}
		form, err := fillAudit(ctx, q, was)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, auditSubject, a.ID, form); err != nil {
			return err
		}
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		if err := replaceAgencies(ctx, q, a); err != nil {
			return err
		}
		now, err := fillAudit(ctx, q, a)
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", a,
			audittrail.Between(form, now))
	})
	return db.Wrap(err, "change audit %s", a.ID)
}

// StepAudit records that an audit took a step on a day, which moves it to the
// stage the step opens, and what was found, as a form that showed what was seen has
// it. It returns *ui.Invalid, ErrMoved when the step cannot follow, or *web.Changed
// when somebody else wrote what was found meanwhile.
func (r *Room) StepAudit(ctx context.Context, by web.Person, id, stepID string, on period.Date, findings string,
	seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAudit(ctx, q, id)
		if err != nil {
			return err
		}
		step, ok := nextStep(a, stepID)
		if !ok {
			return ErrMoved
		}
		if on.IsZero() {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
		}
		if err := audittrail.Check(ctx, q, seen, auditSubject, id, fillStep(a)); err != nil {
			return err
		}
		*step.date(&a) = on
		a.Stage, a.Findings = a.stage(), findings
		if p := a.problems(r.Now.Today()); len(p) > 0 {
			for i := range p {
				if p[i].Field == step.ID {
					p[i].Field = "on"
				}
			}
			return &ui.Invalid{Problems: p}
		}
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "moved to "+a.Stage.Words(), a)
	})
	return db.Wrap(err, "record step %s of audit %s", stepID, id)
}

// nextStep finds a step among those that may be taken now.
func nextStep(a Audit, id string) (Step, bool) {
	for _, s := range a.Next() {
		if s.ID == id {
			return s, true
		}
	}
	return Step{}, false
}

// ReopenAudit takes back that an audit was completed, whose dates are then gone from
// it (and stay in the audit trail). It returns ErrOpen when it is not, or *web.Changed
// when somebody changed it since the person saw it.
func (r *Room) ReopenAudit(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAudit(ctx, q, id)
		if err != nil {
			return err
		}
		if !a.Ended() {
			return ErrOpen
		}
		if err := checkAudit(ctx, q, seen, a); err != nil {
			return err
		}
		was := a.Stage
		a.CompletedOn, a.SharedOn = period.Date{}, period.Date{}
		a.Stage = a.stage()
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened, which was "+was.Words(), a)
	})
	return db.Wrap(err, "reopen audit %s", id)
}

// DeleteAudit takes away an audit that was entered by mistake. It returns
// ErrCompleted for one that was completed, which has to be reopened first, or
// *web.Changed when somebody changed it since the person saw it.
func (r *Room) DeleteAudit(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAudit(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Ended() {
			return ErrCompleted
		}
		if err := checkAudit(ctx, q, seen, a); err != nil {
			return err
		}
		if err := deleteAudit(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", a)
	})
	return db.Wrap(err, "delete audit %s", id)
}

// checkAudit compares what a person saw of an audit with it as it is kept now.
func checkAudit(ctx context.Context, q db.Q, seen web.Seen, a Audit) error {
	now, err := fillAudit(ctx, q, a)
	if err != nil {
		return err
	}
	return audittrail.Check(ctx, q, seen, auditSubject, a.ID, now)
}

// Audit gives one multi-agency audit.
func (r *Room) Audit(ctx context.Context, id string) (Audit, error) {
	return audit(ctx, r.Work, id)
}

// Audits lists a page of the multi-agency audits that a filter lets through, and
// counts all of them.
func (r *Room) Audits(ctx context.Context, f Filter) ([]Audit, int, error) {
	return audits(ctx, r.Work, f)
}

// Completed lists the multi-agency audits completed in a span of days, first
// completed first: what the public site and the yearly report may name.
func (r *Room) Completed(ctx context.Context, span period.Span) ([]Audit, error) {
	return completedIn(ctx, r.Work, span)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act string, a Audit, more ...audittrail.More) error {
	return r.trail().Note(ctx, q, by, act, auditSubject, a.ID, a.Title, more...)
}

func (r *Room) trail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}
