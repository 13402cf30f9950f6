package plan

import (
	"context"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// A Filter says which records of a list are shown, and in which order.
type Filter struct {
	Text, Kind, State string // "" lets all through
	Year, Enquiry     string
	Sort              string
	Desc              bool
	By                web.Person // who asks: what is counted of actions is what they may read
	Limit, Offset     int
}

func plans(ctx context.Context, q db.Reader) ([]Plan, error) {
	return db.All[Plan](ctx, q, `SELECT year, title, summary, agreed_on, asked_on FROM plan_years ORDER BY year DESC`)
}

func plan(ctx context.Context, q db.Reader, year string) (Plan, error) {
	return db.Get[Plan](ctx, q, `SELECT year, title, summary, agreed_on, asked_on FROM plan_years WHERE year = $1`, year)
}

// lockPlan reads a plan to be changed in this transaction. The update that changes
// nothing holds the row until the transaction ends, as those of the other records.
func lockPlan(ctx context.Context, q db.Q, year string) (Plan, error) {
	if err := db.Must(ctx, q, `UPDATE plan_years SET title = title WHERE year = $1`, year); err != nil {
		return Plan{}, err
	}
	return plan(ctx, q, year)
}

// plansBetween counts the years with a plan, first and last both counted.
func plansBetween(ctx context.Context, q db.Reader, first, last string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM plan_years WHERE year BETWEEN $1 AND $2`, first, last)
}

func insertPlan(ctx context.Context, q db.Q, p Plan, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_years (year, title, summary, agreed_on, created_at) VALUES ($1, $2, $3, $4, $5)`,
		p.Year, p.Title, p.Summary, p.AgreedOn, db.At(now))
	return err
}

func updatePlan(ctx context.Context, q db.Q, p Plan) error {
	return db.Must(ctx, q, `UPDATE plan_years SET title = $2, summary = $3, agreed_on = $4 WHERE year = $1`, p.Year,
		p.Title, p.Summary, p.AgreedOn)
}

func deletePlan(ctx context.Context, q db.Q, year string) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM plan_decisions WHERE year = $1`, year); err != nil {
		return err
	}
	return db.Must(ctx, q, `DELETE FROM plan_years WHERE year = $1`, year)
}

// theirs is the condition of the actions that a reader may read, as in the list of actions. The
// program, which is nobody, counts none.
func theirs(args *[]any, by web.Person) string { return actionRules.Where(args, by, access.Read) }

// priorityColumns are the columns of a Priority, in the order of its fields; what is counted of
// actions is what lets the condition mine through.
func priorityColumns(mine string) string {
	return `p.id, p.year, p.place, p.title, p.outcome, p.owner_id, p.status, p.judged_on, p.achieved,
	p.remains,
	COALESCE(o.email, ''), COALESCE(o.name, ''),
	(SELECT count(*) FROM plan_actions a WHERE a.priority_id = p.id AND a.status <> 'dropped' AND ` + mine + `),
	(SELECT count(*) FROM plan_actions a WHERE a.priority_id = p.id AND a.status = 'done' AND ` + mine + `)
	FROM plan_priorities p LEFT JOIN people o ON o.id = p.owner_id`
}

// priorityMatching is the condition of a Filter of priorities, on its arguments
// $1 to $4.
const priorityMatching = `
	WHERE ($1 = '' OR p.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR p.status = $3) AND ($4 = '' OR p.year = $4)`

// prioritySorts are the orders a list of priorities may have.
var prioritySorts = map[string]string{"year": "p.year", "title": "p.folded", "status": "p.status"}

func priorities(ctx context.Context, q db.Reader, f Filter) ([]Priority, int, error) {
	args := []any{db.Fold(f.Text), db.Like(f.Text), f.State, f.Year}
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM plan_priorities p`+priorityMatching, args...)
	if err != nil {
		return nil, 0, err
	}
	args = append(args, f.Limit, f.Offset)
	list, err := db.All[Priority](ctx, q, `SELECT `+priorityColumns(theirs(&args, f.By))+priorityMatching+
		db.Order(prioritySorts, f.Sort, "year", f.Desc, "p.place, p.id")+` LIMIT $5 OFFSET $6`, args...)
	return list, total, err
}

func prioritiesOf(ctx context.Context, q db.Reader, by web.Person, year string) ([]Priority, error) {
	args := []any{year}
	return db.All[Priority](ctx, q, `SELECT `+priorityColumns(theirs(&args, by))+
		` WHERE p.year = $1 ORDER BY p.place, p.id`, args...)
}

// prioritiesBetween lists the priorities of some years, first and last both
// counted, in the order of the plans. Nobody asks: their actions are not counted.
func prioritiesBetween(ctx context.Context, q db.Reader, first, last string) ([]Priority, error) {
	args := []any{first, last}
	return db.All[Priority](ctx, q, `SELECT `+priorityColumns(theirs(&args, web.Person{}))+
		` WHERE p.year BETWEEN $1 AND $2 ORDER BY p.year, p.place, p.id`, args...)
}

func priority(ctx context.Context, q db.Reader, by web.Person, id string) (Priority, error) {
	args := []any{id}
	return db.Get[Priority](ctx, q, `SELECT `+priorityColumns(theirs(&args, by))+` WHERE p.id = $1`, args...)
}

// lockPriority reads a priority to be changed in this transaction; its actions are not counted.
func lockPriority(ctx context.Context, q db.Q, id string) (Priority, error) {
	if err := db.Must(ctx, q, `UPDATE plan_priorities SET status = status WHERE id = $1`, id); err != nil {
		return Priority{}, err
	}
	return priority(ctx, q, web.Person{}, id)
}

func lastPlace(ctx context.Context, q db.Reader, year string) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT COALESCE(max(place), 0) FROM plan_priorities WHERE year = $1`, year)
}

func insertPriority(ctx context.Context, q db.Q, p Priority, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_priorities (id, year, place, title, folded, outcome, owner_id, status, judged_on, achieved, remains,
			created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, p.Year, p.Place, p.Title, db.Fold(p.Title+" "+p.Outcome), p.Outcome, p.OwnerID, string(p.Status), p.JudgedOn,
		p.Achieved, p.Remains, db.At(now))
	return err
}

func updatePriority(ctx context.Context, q db.Q, p Priority) error {
	return db.Must(ctx, q, `
		UPDATE plan_priorities SET place = $2, title = $3, folded = $4, outcome = $5, owner_id = $6, status = $7,
			judged_on = $8, achieved = $9, remains = $10
		WHERE id = $1`,
		p.ID, p.Place, p.Title, db.Fold(p.Title+" "+p.Outcome), p.Outcome, p.OwnerID, string(p.Status), p.JudgedOn,
		p.Achieved, p.Remains)
}

func deletePriority(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM plan_priorities WHERE id = $1`, id)
}

// actionsDone lists the actions done in a span of days.
func actionsDone(ctx context.Context, q db.Reader, span period.Span) ([]Action, error) {
	return db.All[Action](ctx, q, `SELECT `+actionColumns+` WHERE a.done_on BETWEEN $1 AND $2 ORDER BY a.done_on, a.id`,
		span.From, span.To)
}

// actionsDue lists the actions due in a span of days and not dropped.
func actionsDue(ctx context.Context, q db.Reader, span period.Span) ([]Action, error) {
	return db.All[Action](ctx, q, `SELECT `+actionColumns+`
		WHERE a.due_on BETWEEN $1 AND $2 AND a.status <> 'dropped' ORDER BY a.due_on, a.id`, span.From, span.To)
}
