package audits

import (
	"context"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What the audit trail calls the records of the room.
const (
	auditSubject = "multi-agency audit"
	roundSubject = "audit round"
)

// Add keeps a new multi-agency audit and returns its id. The stage is not asked
// for: it follows from the dates. It returns *Invalid.
func (r *Room) Add(ctx context.Context, by web.Person, a Audit) (string, error) {
	a.ID, a.Stage = r.NewID(), a.stage()
	if p := a.problems(r.Now.Today()); len(p) > 0 {
		return "", &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertAudit(ctx, q, a, r.Now()); err != nil {
			return err
		}
		if err := replaceAgencies(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", auditSubject, a.ID, a.Title)
	})
	if err != nil {
		return "", fmt.Errorf("add audit %s: %w", a.Title, err)
	}
	return a.ID, nil
}

// Change keeps a multi-agency audit as it has been corrected. It returns
// *Invalid.
func (r *Room) Change(ctx context.Context, by web.Person, a Audit) error {
	a.Stage = a.stage()
	if p := a.problems(r.Now.Today()); len(p) > 0 {
		return &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		if err := replaceAgencies(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", auditSubject, a.ID, a.Title)
	})
	return wrap(err, "change audit %s", a.ID)
}

// Take records that an audit took a step on a day, which moves it to the stage
// the step opens. findings, unless "", is what was found. It returns *Invalid, or
// ErrMoved when the step cannot follow.
func (r *Room) Take(ctx context.Context, by web.Person, id, stepID string, on period.Date, findings string) error {
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
			return &Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
		}
		*step.date(&a) = on
		a.Stage = a.stage()
		if findings != "" {
			a.Findings = findings
		}
		if p := a.problems(r.Now.Today()); len(p) > 0 {
			for i := range p {
				if p[i].Field == step.ID {
					p[i].Field = "on"
				}
			}
			return &Invalid{Problems: p}
		}
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "moved to "+a.Stage.Words(), auditSubject, a.ID, a.Title)
	})
	return wrap(err, "record step %s of audit %s", stepID, id)
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

// Reopen takes back that an audit was completed, whose dates are then gone from
// it (and stay in the audit trail). It returns ErrMoved when it is not.
func (r *Room) Reopen(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAudit(ctx, q, id)
		if err != nil {
			return err
		}
		if !a.Ended() {
			return ErrMoved
		}
		was := a.Stage
		a.CompletedOn, a.SharedOn = period.Date{}, period.Date{}
		a.Stage = a.stage()
		if err := updateAudit(ctx, q, a); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened, which was "+was.Words(), auditSubject, a.ID, a.Title)
	})
	return wrap(err, "reopen audit %s", id)
}

// Delete takes away an audit that was entered by mistake. It returns ErrMoved for
// one that was completed, which has to be reopened first.
func (r *Room) Delete(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAudit(ctx, q, id)
		if err != nil {
			return err
		}
		if a.Ended() {
			return ErrMoved
		}
		if err := deleteAudit(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", auditSubject, a.ID, a.Title)
	})
	return wrap(err, "delete audit %s", id)
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

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, subject, id, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{
		ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: subject, SubjectID: id, Detail: detail,
	})
}

// taken turns the breach of a unique index into ErrTaken.
func taken(err error) error {
	if db.IsUnique(err) {
		return ErrTaken
	}
	return err
}

// wrap says what was being done when an error happened; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
