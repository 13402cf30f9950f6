package leaflets

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// soonDays is how many days before its review a leaflet is brought to its owner.
const soonDays = 14

// Todos lists the leaflets that a person owns and has to read again; and to those who
// manage leaflets how many are due in all.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.LeafletsRead) {
		return nil, nil
	}
	today := r.Now.Today()
	mine, err := toReview(ctx, r.Work, p.ID, today.AddDays(soonDays))
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, l := range mine {
		out = append(out, web.Todo{Title: "Review due: " + l.Title,
			Words: fmt.Sprintf("Read the leaflet again by %s.", l.ReviewOn.Words()),
			Href:  href(l.ID), Act: "Open the leaflet", Due: l.ReviewOn, Late: l.State(today) == Due})
	}
	if !p.May(access.LeafletsManage) {
		return out, nil
	}
	due, err := dueCount(ctx, r.Work, today)
	if err != nil {
		return nil, err
	}
	if due > 0 {
		out = append(out, web.Todo{Title: lang.Plural(due, "leaflet is due for review", "leaflets are due for review"),
			Words: "Of all owners.", Href: root + "?state=due", Act: "See them", Late: true})
	}
	return out, nil
}
