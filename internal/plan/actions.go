package plan

import (
	"cmp"
	"context"
	"errors"

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

// AddPlan keeps the plan of a new year. It returns *ui.Invalid or ErrTaken.
func (r *Room) AddPlan(ctx context.Context, by web.Person, p Plan) error {
	if problems := p.problems(); len(problems) > 0 {
		return &ui.Invalid{Problems: problems}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertPlan(ctx, q, p, r.Now()); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		return r.trail().Note(ctx, q, by, "added", planSubject, p.Year, p.Title)
	})
	return db.Wrap(err, "add plan %s", p.Year)
}

// SavePlan keeps a plan as it has been corrected on a form that showed what was
// seen. It returns *ui.Invalid, or *web.Changed when somebody changed the plan
// meanwhile, as do the other actions that save.
func (r *Room) SavePlan(ctx context.Context, by web.Person, p Plan, seen web.Seen) error {
	if problems := p.problems(); len(problems) > 0 {
		return &ui.Invalid{Problems: problems}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockPlan(ctx, q, p.Year)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, planSubject, p.Year, fillPlan(was)); err != nil {
			return err
		}
		if err := updatePlan(ctx, q, p); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "changed", planSubject, p.Year, p.Title,
			audittrail.Between(fillPlan(was), fillPlan(p)))
	})
	return db.Wrap(err, "change plan %s", p.Year)
}

// DeletePlan takes away a plan that was entered by mistake. It returns ErrUsed
// when priorities belong to it, or *web.Changed when somebody changed it since the
// person saw it, as do the other actions that delete.
func (r *Room) DeletePlan(ctx context.Context, by web.Person, year string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPlan(ctx, q, year)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, planSubject, year, fillPlan(p)); err != nil {
			return err
		}
		if err := deletePlan(ctx, q, year); err != nil {
			return orUsed(err)
		}
		return r.trail().Note(ctx, q, by, "deleted", planSubject, year, p.Title)
	})
	return db.Wrap(err, "delete plan %s", year)
}

// AddPriority keeps a new priority of a year that has a plan, and returns its id.
// Without a place it comes last. It returns *ui.Invalid, or db.ErrNotFound when the
// year has no plan.
func (r *Room) AddPriority(ctx context.Context, by web.Person, p Priority) (string, error) {
	p.ID = r.NewID()
	if p.Status == "" {
		p.Status = UnderWay
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := lockPlan(ctx, q, p.Year); err != nil { // held, so that two do not take the last place
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
		return r.trail().Note(ctx, q, by, "added", prioritySubject, p.ID, p.Title)
	})
	return p.ID, db.Wrap(err, "add priority %s", p.Title)
}

// SavePriority keeps a priority's title, outcome, owner and place as they have
// been corrected. How it was judged stays, and so does the place when none is given.
func (r *Room) SavePriority(ctx context.Context, by web.Person, p Priority, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockPriority(ctx, q, p.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, prioritySubject, p.ID, fillPriority(was)); err != nil {
			return err
		}
		p.Year, p.Status, p.JudgedOn, p.Achieved, p.Remains = was.Year, was.Status, was.JudgedOn, was.Achieved, was.Remains
		p.Place = cmp.Or(p.Place, was.Place)
		if err := check(ctx, q, &p.OwnerID, p.OwnerEmail, p.problems(r.Now.Today())); err != nil {
			return err
		}
		if err := updatePriority(ctx, q, p); err != nil {
			return err
		}
		now, err := lockPriority(ctx, q, p.ID)
		if err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "changed", prioritySubject, p.ID, p.Title,
			audittrail.Between(fillPriority(was), fillPriority(now)))
	})
	return db.Wrap(err, "change priority %s", p.ID)
}

// A Judgement says on a day how a priority went: what was achieved, and what
// remains to do.
type Judgement struct {
	As       Status // UnderWay takes a judgement back
	On       period.Date
	Achieved string
	Remains  string
}

// JudgePriority keeps how a priority went.
func (r *Room) JudgePriority(ctx context.Context, by web.Person, id string, j Judgement, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPriority(ctx, q, id)
		if err != nil {
			return err
		}
		before := fillJudgement(p)
		if err := audittrail.Check(ctx, q, seen, prioritySubject, id, before); err != nil {
			return err
		}
		p.Status, p.JudgedOn, p.Achieved, p.Remains = j.As, j.On, j.Achieved, j.Remains
		if j.As == UnderWay {
			p.JudgedOn = period.Date{}
		}
		if problems := p.problems(r.Now.Today()); len(problems) > 0 {
			return &ui.Invalid{Problems: problems}
		}
		if err := updatePriority(ctx, q, p); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "judged as "+j.As.Words(), prioritySubject, id, p.Title,
			audittrail.Between(before, fillJudgement(p)))
	})
	return db.Wrap(err, "judge priority %s", id)
}

// DeletePriority takes away a priority that was entered by mistake. It returns
// ErrUsed when actions belong to it.
func (r *Room) DeletePriority(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPriority(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, prioritySubject, id, wholePriority(p)); err != nil {
			return err
		}
		if err := deletePriority(ctx, q, id); err != nil {
			return orUsed(err)
		}
		return r.trail().Note(ctx, q, by, "deleted", prioritySubject, id, p.Title)
	})
	return db.Wrap(err, "delete priority %s", id)
}

// Plans lists the years that have a plan, newest first.
func (r *Room) Plans(ctx context.Context) ([]Plan, error) { return plans(ctx, r.Work) }

// Plan gives the plan of one year.
func (r *Room) Plan(ctx context.Context, year string) (Plan, error) { return plan(ctx, r.Work, year) }

// Priorities lists the priorities of a year's plan in their order: what the
// public site and the yearly report may show. Their actions are not counted.
func (r *Room) Priorities(ctx context.Context, year period.Year) ([]Priority, error) {
	return prioritiesOf(ctx, r.Work, web.Person{}, year.String())
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

// Priority gives one priority, with how many of the actions that a reader may read are done.
func (r *Room) Priority(ctx context.Context, by web.Person, id string) (Priority, error) {
	return priority(ctx, r.Work, by, id)
}

// check returns *ui.Invalid for problems, among them an owner's address that nobody
// has; else it sets owner to who has the address.
func check(ctx context.Context, q db.Reader, owner *db.Opt, email string, problems []ui.Problem) error {
	if email != "" {
		p, err := register.PersonByEmail(ctx, q, email)
		if errors.Is(err, db.ErrNotFound) {
			problems = append(problems, ui.Problem{Field: "owner",
				Text: "Nobody in the workspace has this e-mail address: add the person first"})
		} else if errors.Is(err, register.ErrSeveral) {
			problems = append(problems, ui.Problem{Field: "owner",
				Text: "Several people have this e-mail address: choose the person by name"})
		} else if err != nil {
			return err
		}
		*owner = db.Opt(p.ID)
	}
	if len(problems) > 0 {
		return &ui.Invalid{Problems: problems}
	}
	return nil
}

// orUsed says ErrUsed for a record that could not be deleted because others
// belong to it. The tables know best: one may have come a moment ago.
func orUsed(err error) error {
	if db.IsForeign(err) {
		return ErrUsed
	}
	return err
}
