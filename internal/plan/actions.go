package plan

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// What the audit trail calls the records of the room.
const (
	planSubject           = "business plan"
	prioritySubject       = "priority"
	recommendationSubject = "recommendation"
	actionSubject         = "action"
	scrutinySubject       = "scrutiny note"
)

// AddPlan keeps the plan of a new year. It returns *Invalid or ErrTaken.
func (r *Room) AddPlan(ctx context.Context, by web.Person, p Plan) error {
	if problems := p.problems(); len(problems) > 0 {
		return &Invalid{Problems: problems}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertPlan(ctx, q, p, r.Now()); db.IsUnique(err) {
			return ErrTaken
		} else if err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", planSubject, p.Year, p.Title)
	})
	return wrap(err, "add plan %s", p.Year)
}

// ChangePlan keeps a plan as it has been corrected. It returns *Invalid.
func (r *Room) ChangePlan(ctx context.Context, by web.Person, p Plan) error {
	if problems := p.problems(); len(problems) > 0 {
		return &Invalid{Problems: problems}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updatePlan(ctx, q, p); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", planSubject, p.Year, p.Title)
	})
	return wrap(err, "change plan %s", p.Year)
}

// DeletePlan takes away a plan that was entered by mistake. It returns ErrUsed
// when priorities belong to it.
func (r *Room) DeletePlan(ctx context.Context, by web.Person, year string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := plan(ctx, q, year)
		if err != nil {
			return err
		}
		all, err := prioritiesOf(ctx, q, year)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			return ErrUsed
		}
		if err := deletePlan(ctx, q, year); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", planSubject, year, p.Title)
	})
	return wrap(err, "delete plan %s", year)
}

// AddPriority keeps a new priority of a year that has a plan, and returns its id.
// Without a place it comes last. It returns *Invalid, or db.ErrNotFound when the
// year has no plan.
func (r *Room) AddPriority(ctx context.Context, by web.Person, p Priority) (string, error) {
	p.ID = r.NewID()
	if p.Status == "" {
		p.Status = UnderWay
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := plan(ctx, q, p.Year); err != nil {
			return err
		}
		if p.Place == 0 {
			last, err := lastPlace(ctx, q, p.Year)
			if err != nil {
				return err
			}
			p.Place = last + 1
		}
		if err := check(ctx, q, &p.OwnerID, p.OwnerEmail, p.problems(r.Now.Today())); err != nil {
			return err
		}
		if err := insertPriority(ctx, q, p, r.Now()); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", prioritySubject, p.ID, p.Title)
	})
	if err != nil {
		return "", fmt.Errorf("add priority %s: %w", p.Title, err)
	}
	return p.ID, nil
}

// ChangePriority keeps a priority's title, outcome, owner and place as they have
// been corrected. How it was judged stays. It returns *Invalid.
func (r *Room) ChangePriority(ctx context.Context, by web.Person, p Priority) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockPriority(ctx, q, p.ID)
		if err != nil {
			return err
		}
		p.Year, p.Status, p.JudgedOn, p.Achieved, p.Remains = was.Year, was.Status, was.JudgedOn, was.Achieved, was.Remains
		if err := check(ctx, q, &p.OwnerID, p.OwnerEmail, p.problems(r.Now.Today())); err != nil {
			return err
		}
		if err := updatePriority(ctx, q, p); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", prioritySubject, p.ID, p.Title)
	})
	return wrap(err, "change priority %s", p.ID)
}

// Judge says on a day how a priority went: what was achieved, and what remains to
// do. UnderWay takes a judgement back. It returns *Invalid.
func (r *Room) Judge(ctx context.Context, by web.Person, id string, as Status, on period.Date, achieved, remains string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPriority(ctx, q, id)
		if err != nil {
			return err
		}
		p.Status, p.JudgedOn, p.Achieved, p.Remains = as, on, achieved, remains
		if as == UnderWay {
			p.JudgedOn = period.Date{}
		}
		if problems := p.problems(r.Now.Today()); len(problems) > 0 {
			return &Invalid{Problems: problems}
		}
		if err := updatePriority(ctx, q, p); err != nil {
			return err
		}
		return r.note(ctx, q, by, "judged as "+as.Words(), prioritySubject, id, p.Title)
	})
	return wrap(err, "judge priority %s", id)
}

// DeletePriority takes away a priority that was entered by mistake. It returns
// ErrUsed when actions belong to it.
func (r *Room) DeletePriority(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPriority(ctx, q, id)
		if err != nil {
			return err
		}
		if p.Actions > 0 {
			return ErrUsed
		}
		if err := deletePriority(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", prioritySubject, id, p.Title)
	})
	return wrap(err, "delete priority %s", id)
}

// Plans lists the years that have a plan, newest first.
func (r *Room) Plans(ctx context.Context) ([]Plan, error) { return plans(ctx, r.Work) }

// Plan gives the plan of one year.
func (r *Room) Plan(ctx context.Context, year string) (Plan, error) { return plan(ctx, r.Work, year) }

// Priorities lists the priorities of a year's plan in their order: what the
// public site and the yearly report may show.
func (r *Room) Priorities(ctx context.Context, year period.Year) ([]Priority, error) {
	return prioritiesOf(ctx, r.Work, year.String())
}

// Progress lists the priorities of a year's plan that were judged at its end, in
// their order, with what was achieved and what remains to do.
func (r *Room) Progress(ctx context.Context, year period.Year) ([]Priority, error) {
	all, err := r.Priorities(ctx, year)
	var out []Priority
	for _, p := range all {
		if p.Status.judged() {
			out = append(out, p)
		}
	}
	return out, err
}

// Priority gives one priority.
func (r *Room) Priority(ctx context.Context, id string) (Priority, error) {
	return priority(ctx, r.Work, id)
}

// check returns *Invalid for problems, among them an owner's address that nobody
// has; else it sets owner to who has the address.
func check(ctx context.Context, q db.Reader, owner *db.Opt, email string, problems []ui.Problem) error {
	if email != "" {
		p, err := register.PersonByEmail(ctx, q, email)
		if errors.Is(err, db.ErrNotFound) {
			problems = append(problems, ui.Problem{Field: "owner", Text: "Nobody in the workspace has this email address: add the person first"})
		} else if err != nil {
			return err
		}
		*owner = db.Opt(p.ID)
	}
	if len(problems) > 0 {
		return &Invalid{Problems: problems}
	}
	return nil
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, subject, id, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{
		ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: subject, SubjectID: id, Detail: detail,
	})
}

// wrap says what was being done when an error happened; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
