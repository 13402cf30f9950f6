package audits

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// Todos lists what needs a person: the audits overdue and the returns missing,
// for those who manage audits; their own organisation's returns, for those who
// answer.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.AuditsManage) && !p.May(access.AuditsAnswer) {
		return nil, nil
	}
	open, err := openRounds(ctx, r.Work, r.Now.Today())
	if err != nil {
		return nil, err
	}
	if !p.May(access.AuditsManage) {
		return r.ownReturns(ctx, p, open)
	}
	late, err := overdue(ctx, r.Work, r.Now.Today())
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, a := range late {
		out = append(out, web.Todo{Title: "Audit overdue: " + a.Title, Words: "It was to be completed by " + a.DueOn.Words() +
			".",
			Href: href(a.ID), Act: "Open the audit", Due: a.DueOn, Late: true})
	}
	for _, v := range open {
		if n := int(v.Missing()); n > 0 {
			out = append(out, web.Todo{Title: fmt.Sprintf("%s: %s to go", v.Standard.Words(), returnsOf(v, n)),
				Words: fmt.Sprintf("%s: %s. Due %s.", v.Title, v.Came(), v.DueOn.Words()),
				Href:  roundHref(v.ID) + "?state=missing", Act: "Who is missing", Due: v.DueOn,
				Late: v.DueOn.Before(r.Now.Today()), Others: v.DueOn.After(r.Now.Today().AddDays(nearDays))})
		}
	}
	return out, nil
}

// nearDays is how many days before returns are due those missing become something to do; until
// then they are with the organisations.
const nearDays = 14

// returnsOf counts who is missing, as the standard's people say it.
func returnsOf(v Round, n int) string {
	if v.Standard == Section175 {
		return lang.Plural(n, "school or college", "schools and colleges")
	}
	return lang.Plural(n, "organisation", "organisations")
}

func (r *Room) ownReturns(ctx context.Context, p web.Person, open []Round) ([]web.Todo, error) {
	mine, err := answersOf(ctx, r.Work, p, "")
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, v := range open {
		for _, a := range mine {
			if a.RoundID != v.ID || a.Sent() {
				continue
			}
			out = append(out, web.Todo{Title: fmt.Sprintf("%s self-assessment: %s", v.Standard.Words(), v.Title),
				Words: fmt.Sprintf("%s has not sent it yet. Due %s.", a.Organisation, v.DueOn.Words()),
				Href:  answerHref(a), Act: "Open it", Due: v.DueOn, Late: v.DueOn.Before(r.Now.Today())})
		}
	}
	return out, nil
}
