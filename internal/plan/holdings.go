package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the open actions and the priorities under way that a person owns, for
// handing over when they leave.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	type action struct {
		ID, Title string
		DueOn     db.Date
	}
	actions, err := db.All[action](ctx, q, `
		SELECT id, title, due_on FROM plan_actions WHERE owner_id = $1 AND status = 'open' ORDER BY due_on, id`, personID)
	if err != nil {
		return nil, db.Wrap(err, "list the actions of %s", personID)
	}
	var out []web.Holding
	for _, a := range actions {
		out = append(out, web.Holding{What: "Action", Title: a.Title + ", due " + a.DueOn.Words(), Href: actionHref(a.ID),
			May: access.PlanRead})
	}
	type priority struct{ ID, Title string }
	priorities, err := db.All[priority](ctx, q, `
		SELECT id, title FROM plan_priorities WHERE owner_id = $1 AND status = 'under-way' ORDER BY year, place`, personID)
	for _, p := range priorities {
		out = append(out, web.Holding{What: "Priority", Title: p.Title, Href: priorityHref(p.ID), May: access.PlanRead})
	}
	return out, db.Wrap(err, "list the priorities of %s", personID)
}
