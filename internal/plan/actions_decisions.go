package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// ProposePlan asks the safeguarding partners to decide on a plan. It returns ErrMoved for one
// that is agreed or asked about already.
func (r *Room) ProposePlan(ctx context.Context, by web.Person, year string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPlan(ctx, q, year)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, planSubject, year, wholePlan(p)); err != nil {
			return err
		}
		if !p.AskedOn.IsZero() || !p.AgreedOn.IsZero() {
			return ErrMoved
		}
		p.AskedOn = r.Now.Today()
		if err := setAsked(ctx, q, p); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "asked the partners to agree", planSubject, year, p.Title); err != nil {
			return err
		}
		return r.tellDeciders(ctx, q, by, p)
	})
	return db.Wrap(err, "propose plan %s", year)
}

// DecidePlan says what a safeguarding partner says to a plan: whoever signs for it. When all of
// them agree the plan is agreed today. It returns db.ErrNotFound for somebody who decides for
// none, and ErrMoved for a plan that waits for nobody.
func (r *Room) DecidePlan(ctx context.Context, by web.Person, year string, as register.Answer, words string,
	seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPlan(ctx, q, year)
		if err != nil {
			return err
		}
		all, err := r.parties(ctx, q, by, year)
		if err != nil {
			return err
		}
		mine, found := yours(all)
		if !found {
			return db.ErrNotFound
		}
		if as == register.Agreed {
			if err := audittrail.Check(ctx, q, seen, planSubject, year, wholePlan(p)); err != nil {
				return err
			}
		} else if words == "" {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "words", Text: "Say what you ask, or why not"}}}
		}
		if !p.Waits() {
			return ErrMoved
		}
		d := Decision{OrganisationID: mine.ID, Person: by.Name, Answer: as, Words: words, At: db.At(r.Now())}
		if err := insertDecision(ctx, q, r.NewID(), year, by, d); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, as.Words()+" for "+mine.Name, planSubject, year, p.Title); err != nil {
			return err
		}
		if as == register.Agreed && allAgreed(all, mine.ID) {
			p.AgreedOn = r.Now.Today()
			if err := setAsked(ctx, q, p); err != nil {
				return err
			}
		}
		to, err := r.People.WhoMay(ctx, q, access.PlanManage)
		if err != nil {
			return err
		}
		return r.mail(ctx, q, by, to, mine.Name+" "+as.Words()+": "+short(p.Title), by.Name+" "+as.Words()+" for "+
			mine.Name+".", words, "", href(year))
	})
	return db.Wrap(err, "decide on plan %s", year)
}

// allAgreed reports whether every partner agrees, when one has just done so.
func allAgreed(all []Partner, now string) bool {
	for _, p := range all {
		if p.ID != now && p.Last.Answer != register.Agreed {
			return false
		}
	}
	return len(all) > 0
}

// tellDeciders writes to those who sign for a safeguarding partner that a plan waits for them.
func (r *Room) tellDeciders(ctx context.Context, q db.Q, by web.Person, p Plan) error {
	list, err := r.People.WhoMay(ctx, q, access.ReportSign)
	if err != nil {
		return err
	}
	var to []web.Person
	for _, x := range list {
		all, err := r.parties(ctx, q, x, p.Year)
		if err != nil {
			return err
		}
		if _, found := yours(all); found && x.May(access.PlanRead) {
			to = append(to, x)
		}
	}
	return r.mail(ctx, q, by, to, "For you to decide: "+short(p.Title), "the business plan waits for your agreement.",
		p.Summary, "", href(p.Year))
}
