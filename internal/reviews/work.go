package reviews

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// soonDays is how many days before a limit it stands first on Home.
const soonDays = 7

// Todos lists the statutory clocks that are running or late, for those who
// manage reviews.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.ReviewsManage) {
		return nil, nil
	}
	var open []Review
	err := r.Work.As(p).Read(ctx, func(q db.Reader) (err error) {
		open, err = unfinished(ctx, q, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err := r.rows(ctx, open)
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, v := range rows {
		if v.Clock == nil {
			continue
		}
		out = append(out, web.Todo{
			Title: fmt.Sprintf("%s: %s", v.Clock.Title, v.Clock.Left),
			Words: fmt.Sprintf("%s, %s. Due %s.", v.Reference, v.Clock.Limit, v.Clock.Due.Words()),
			Href:  href(v.ID), Act: "Open the review",
			Due: v.Clock.Due, Late: v.Clock.Due.Before(r.Now.Today().AddDays(soonDays)),
		})
	}
	return out, nil
}
