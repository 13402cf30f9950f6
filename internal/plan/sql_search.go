package plan

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// What can be found, by ids; all when there are none to narrow it by. Nobody asks: what is found is
// told without a count of actions.

func plansAmong(ctx context.Context, q db.Reader, years []string) ([]Plan, error) {
	var args []any
	return db.All[Plan](ctx, q, `SELECT year, title, summary, agreed_on, asked_on FROM plan_years WHERE `+
		db.Among(&args, "year", years), args...)
}

func prioritiesAmong(ctx context.Context, q db.Reader, ids []string) ([]Priority, error) {
	var args []any
	return db.All[Priority](ctx, q, `SELECT `+priorityColumns(theirs(&args, web.Person{}))+` WHERE `+
		db.Among(&args, "p.id", ids), args...)
}

func actionsAmong(ctx context.Context, q db.Reader, ids []string) ([]Action, error) {
	var args []any
	return db.All[Action](ctx, q, `SELECT `+actionColumns+` WHERE `+db.Among(&args, "a.id", ids), args...)
}

func recommendationsAmong(ctx context.Context, q db.Reader, ids []string) ([]Recommendation, error) {
	var args []any
	return db.All[Recommendation](ctx, q, `SELECT `+recommendationColumns(theirs(&args, web.Person{}))+` WHERE `+
		db.Among(&args, "n.id", ids), args...)
}

func scrutiniesAmong(ctx context.Context, q db.Reader, ids []string) ([]Scrutiny, error) {
	var args []any
	return db.All[Scrutiny](ctx, q, `SELECT `+scrutinyColumns+` WHERE `+db.Among(&args, "s.id", ids), args...)
}
