package plan

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// soonDays is how many days before it is due an action is brought to its owner.
const soonDays = 14

// Todos lists the open actions of a person, or of their organisation, that are
// late or due within 14 days; and to those who manage the plan how many are late
// in all.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.PlanRead) {
		return nil, nil
	}
	today := r.Now.Today()
	mine, err := actionsFor(ctx, r.Work, p, today.AddDays(soonDays))
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, a := range mine {
		words := "Due " + a.DueOn.Words()
		if a.Late(today) {
			words = "Was due " + a.DueOn.Words()
		}
		out = append(out, web.Todo{Title: "Action: " + a.Title, Words: fmt.Sprintf("%s. %s.", words, a.OwnedBy()),
			Href: actionHref(a.ID), Act: "Open the action", Due: a.DueOn, Late: a.Late(today)})
	}
	if !p.May(access.PlanManage) {
		return out, nil
	}
	late, err := lateCount(ctx, r.Work, today)
	if err != nil {
		return nil, err
	}
	if late > 0 {
		out = append(out, web.Todo{Title: lang.Plural(late, "action is overdue", "actions are overdue"),
			Words: "Across all organisations.", Href: actionsRoot + "?state=late", Act: "See them", Late: true})
	}
	return out, nil
}
