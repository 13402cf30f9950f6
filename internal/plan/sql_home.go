package plan

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// openCount counts the open actions that are not late on a day.
func openCount(ctx context.Context, q db.Reader, today period.Date) (int, error) {
	return db.Get[int](ctx, q, `
		SELECT count(*) FROM plan_actions WHERE status = 'open' AND (claimed_on IS NOT NULL OR due_on >= $1)`, today)
}

// standing counts the actions that a person may do for their organisation: of those due in the
// year before today, those done by their day.
func standing(ctx context.Context, q db.Reader, by web.Person, today period.Date) (Standing, error) {
	type counts struct{ Open, Late, Due, InTime int64 }
	args := []any{today, today.AddMonths(-12)}
	c, err := db.Get[counts](ctx, q, `
		SELECT CAST(COALESCE(sum(CASE WHEN a.status = 'open' THEN 1 ELSE 0 END), 0) AS BIGINT),
			CAST(COALESCE(sum(CASE WHEN a.status = 'open' AND a.claimed_on IS NULL AND a.due_on < $1 THEN 1 ELSE 0 END), 0)
				AS BIGINT),
			CAST(COALESCE(sum(CASE WHEN a.due_on BETWEEN $2 AND $1 THEN 1 ELSE 0 END), 0) AS BIGINT),
			CAST(COALESCE(sum(CASE WHEN a.due_on BETWEEN $2 AND $1 AND a.done_on <= a.due_on THEN 1 ELSE 0 END), 0) AS BIGINT)
		FROM plan_actions a WHERE a.status <> 'dropped' AND `+actionRules.Where(&args, by, actionDo), args...)
	return Standing{Open: int(c.Open), Late: int(c.Late), Due: int(c.Due), InTime: int(c.InTime)}, err
}
