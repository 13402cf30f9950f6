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

// AddEnquiry opens a line of enquiry today and returns its id. It returns *ui.Invalid, and
// db.ErrNotFound for somebody who may open none.
func (r *Room) AddEnquiry(ctx context.Context, by web.Person, e Enquiry) (string, error) {
	e.ID, e.OpenedOn = r.NewID(), r.Now.Today()
	if by.May(access.PlanScrutinise) {
		e.AuthorID = db.Opt(by.ID)
	}
	if p := e.problems(r.Now.Today()); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if !scrutinyRules.May(by, access.Change, e.of()) {
			return db.ErrNotFound
		}
		if err := insertEnquiry(ctx, q, e, r.Now()); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "opened", enquirySubject, e.ID, e.Question); err != nil {
			return err
		}
		return r.tellScrutiny(ctx, q, by, "Line of enquiry: "+e.Question, "opened a line of enquiry.", e.Why,
			enquiryHref(e.ID))
	})
	return e.ID, db.Wrap(err, "open line of enquiry %s", e.Question)
}

// SaveEnquiry keeps what a line of enquiry asks as it has been corrected.
func (r *Room) SaveEnquiry(ctx context.Context, by web.Person, e Enquiry, seen web.Seen) error {
	return r.changeEnquiry(ctx, by, e.ID, "changed", seen, fillEnquiry, func(now *Enquiry) error {
		now.Question, now.Why, now.DueOn = e.Question, e.Why, e.DueOn
		return nil
	})
}

// CloseEnquiry judges a line of enquiry, which closes it; those who keep the plan are told. It
// returns ErrMoved when it is closed.
func (r *Room) CloseEnquiry(ctx context.Context, by web.Person, id string, on period.Date, as Verdict,
	conclusion string, seen web.Seen) error {
	return r.changeEnquiry(ctx, by, id, "judged", seen, fillVerdict, func(e *Enquiry) error {
		if !e.ClosedOn.IsZero() {
			return ErrMoved
		}
		if on.IsZero() {
			return invalid("on", "Enter when it was judged")
		}
		e.ClosedOn, e.Judgement, e.Conclusion = on, as, conclusion
		return nil
	})
}

// ReopenEnquiry takes the judgement of a line of enquiry back. Its conclusion stays, to be
// corrected.
func (r *Room) ReopenEnquiry(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	return r.changeEnquiry(ctx, by, id, "reopened", seen, fillVerdict, func(e *Enquiry) error {
		if e.ClosedOn.IsZero() {
			return ErrMoved
		}
		e.ClosedOn, e.Judgement = period.Date{}, notYetJudged
		return nil
	})
}

func (r *Room) changeEnquiry(ctx context.Context, by web.Person, id, act string, seen web.Seen,
	saw func(Enquiry) *web.Form, change func(*Enquiry) error) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		e, err := lockEnquiry(ctx, q, id)
		if err != nil {
			return err
		}
		if !scrutinyRules.May(by, access.Change, e.of()) {
			return db.ErrNotFound
		}
		if err := audittrail.Check(ctx, q, seen, enquirySubject, id, saw(e)); err != nil {
			return err
		}
		was := saw(e)
		if err := change(&e); err != nil {
			return err
		}
		if p := e.problems(r.Now.Today()); len(p) > 0 {
			return &ui.Invalid{Problems: p}
		}
		if err := updateEnquiry(ctx, q, e); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, act, enquirySubject, id, e.Question,
			audittrail.Between(was, saw(e))); err != nil || act != "judged" {
			return err
		}
		return r.tellScrutiny(ctx, q, by, "Judged: "+e.Question, "judges: "+e.Judgement.Words()+".", e.Conclusion,
			enquiryHref(id))
	})
	return db.Wrap(err, "%s line of enquiry %s", act, id)
}

// DeleteEnquiry takes away a line of enquiry that was opened by mistake. It returns ErrUsed
// when notes belong to it.
func (r *Room) DeleteEnquiry(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		e, err := lockEnquiry(ctx, q, id)
		if err != nil {
			return err
		}
		if !scrutinyRules.May(by, access.Change, e.of()) {
			return db.ErrNotFound
		}
		if err := audittrail.Check(ctx, q, seen, enquirySubject, id, fillEnquiry(e)); err != nil {
			return err
		}
		if e.Notes > 0 {
			return ErrUsed
		}
		if err := deleteEnquiry(ctx, q, id); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "deleted", enquirySubject, id, e.Question)
	})
	return db.Wrap(err, "delete line of enquiry %s", id)
}

// Enquiries lists the lines of enquiry, the open ones first.
func (r *Room) Enquiries(ctx context.Context) ([]Enquiry, error) { return enquiries(ctx, r.Work) }

// Enquiry gives one line of enquiry.
func (r *Room) Enquiry(ctx context.Context, id string) (Enquiry, error) {
	return enquiry(ctx, r.Work, id)
}
