package plan

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A Decision is one answer of one partner. Its fields are in the order of the columns that
// queries select.
type Decision struct {
	OrganisationID string
	Person         string // the name as it was
	Answer         register.Answer
	Words          string
	At             db.Time
	Organisation   string // read only
}

// decisions lists what partners said to a plan, in the order they said it.
func decisions(ctx context.Context, q db.Reader, year string) ([]Decision, error) {
	return db.All[Decision](ctx, q, `
		SELECT d.organisation_id, d.person, d.answer, d.words, d.created_at, o.name
		FROM plan_decisions d JOIN organisations o ON o.id = d.organisation_id
		WHERE d.year = $1 ORDER BY d.created_at, d.id`, year)
}

func insertDecision(ctx context.Context, q db.Q, id, year string, by web.Person, d Decision) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_decisions (id, year, organisation_id, person_id, person, answer, words, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, year, d.OrganisationID, by.ID, d.Person, string(d.Answer), d.Words, d.At)
	return err
}

// setAsked says since when partners are asked to decide on a plan.
func setAsked(ctx context.Context, q db.Q, p Plan) error {
	return db.Must(ctx, q, `UPDATE plan_years SET asked_on = $2, agreed_on = $3 WHERE year = $1`, p.Year, p.AskedOn,
		p.AgreedOn)
}

// planDecide is to decide on a plan for a safeguarding partner.
const planDecide access.Act = "decide"

// decisionRules are about one partner's part in deciding on a plan: it is for those who sign
// for that organisation.
var decisionRules = access.Kind{Name: planSubject, OrganisationColumn: "d.organisation_id",
	Rules: []access.Rule{{Do: planDecide, Needs: access.ReportSign, Of: access.OwnOrganisation}}}

// A Partner is one of the safeguarding partners, and how they stand to a plan.
type Partner struct {
	ID, Name string
	Last     Decision // the zero value: nothing yet
	Yours    bool     // the reader decides for it
}

// parties lists the safeguarding partners with what each said last, as a reader sees it.
func (r *Room) parties(ctx context.Context, q db.Reader, by web.Person, year string) ([]Partner, error) {
	all, err := r.Partners(ctx, q)
	if err != nil {
		return nil, err
	}
	said, err := decisions(ctx, q, year)
	for i := range all {
		for _, d := range said {
			if d.OrganisationID == all[i].ID {
				all[i].Last = d
			}
		}
		all[i].Yours = decisionRules.May(by, planDecide, access.Object{OrganisationID: all[i].ID})
	}
	return all, err
}

// yours finds the partner that the reader decides for.
func yours(all []Partner) (Partner, bool) {
	i := slices.IndexFunc(all, func(p Partner) bool { return p.Yours })
	if i < 0 {
		return Partner{}, false
	}
	return all[i], true
}

// deciderTodos lists the plans that wait for what the reader decides, and those that wait for
// others.
func (r *Room) deciderTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.ReportSign) && !p.May(access.PlanManage) {
		return nil, nil
	}
	all, err := plans(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, v := range all {
		if !v.Waits() {
			continue
		}
		list, err := r.parties(ctx, r.Work, p, v.Year)
		if err != nil {
			return nil, err
		}
		var parts []string
		for _, x := range list {
			parts = append(parts, x.Name+": "+x.Last.Answer.Words())
		}
		t := web.Todo{Title: v.Title, Words: lang.Sentence(lang.Join(parts)) + ".", Href: href(v.Year), Act: "See it",
			Others: true}
		if mine, found := yours(list); found && mine.Last.Answer != register.Agreed {
			t.Title, t.Others, t.Act, t.Post = "Agree "+v.Title+"?", false, "Agree", href(v.Year)+"/agree"
			t.Mark = wholePlan(v).Mark()
			t.Words = fmt.Sprintf("%s %s.", v.Summary, lang.Sentence(lang.Join(parts)))
			t.Also = []web.TodoLink{{Text: "Read it", Href: href(v.Year)}, {Text: "Ask a question",
				Href: href(v.Year) + "/question"}, {Text: "Decline, with a reason", Href: href(v.Year) + "/decline"}}
		}
		out = append(out, t)
	}
	return out, nil
}

// wholePlan is all that a person sees of a plan when they decide on it.
func wholePlan(p Plan) *web.Form {
	f := web.NewForm()
	f.SetDate("asked", p.AskedOn)
	return fillPlan(p).With(f)
}
