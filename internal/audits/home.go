package audits

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Days are the self-assessments of a financial year, from the day they are asked for to the
// day they are due.
func (r *Room) Days(ctx context.Context, p web.Person, year string) ([]web.Day, error) {
	if !p.May(access.AuditsRead) {
		return nil, nil
	}
	y, err := period.ParseYear(year)
	if err != nil {
		return nil, db.Wrap(err, "self-assessments of %s", year)
	}
	list, _, err := rounds(ctx, r.Work, RoundFilter{Limit: ui.EveryRow})
	var out []web.Day
	for _, v := range list {
		if !v.OpenedOn.After(y.Span().To) && !v.DueOn.Before(y.Span().From) {
			out = append(out, web.Day{Row: "Self-assessments", Title: v.Standard.Words(), Href: roundHref(v.ID),
				From: v.OpenedOn, To: v.DueOn})
		}
	}
	return out, db.Wrap(err, "self-assessments of %s", year)
}
