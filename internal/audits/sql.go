package audits

import (
	"context"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// auditColumns are the columns of an Audit, in the order of its fields.
const auditColumns = `a.id, a.title, a.theme, a.method, a.stage, a.case_count, a.due_on, a.started_on, a.completed_on,
	a.shared_on,
	a.findings, a.learning_href,
	(SELECT string_agg(x.organisation_id, '|' ORDER BY o.folded) FROM audits_agencies x
		JOIN organisations o ON o.id = x.organisation_id WHERE x.audit_id = a.id)
	FROM audits_multi_agency a`

// A Filter says which multi-agency audits a list shows, and in which order.
type Filter struct {
	Text, Stage, Theme string // "" lets all through
	Year               period.Span
	Sort               string
	Desc               bool
	Limit, Offset      int
}

// matching is the condition of a Filter, on its arguments $1 to $6.
const matching = ` WHERE ($1 = '' OR a.folded LIKE $2 ESCAPE '\')
	AND ($3 = '' OR a.stage = $3) AND ($4 = '' OR a.theme_folded = $4)
	AND ($5 = '' OR a.completed_on BETWEEN $5 AND $6 OR a.due_on BETWEEN $5 AND $6)`

func (f Filter) args() []any {
	return []any{db.Fold(f.Text), db.Like(f.Text), f.Stage, db.Fold(f.Theme), f.Year.From.String(), f.Year.To.String()}
}

// sorts are the orders a list may have.
var sorts = map[string]string{
	"title":     "a.folded",
	"theme":     "a.theme_folded",
	"stage":     "a.stage",
	"due":       "a.due_on",
	"completed": "a.completed_on",
}

func audits(ctx context.Context, q db.Reader, f Filter) ([]Audit, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM audits_multi_agency a`+matching, f.args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Audit](ctx, q, `SELECT `+auditColumns+matching+db.Order(sorts, f.Sort, "completed", f.Desc,
		"a.folded, a.id")+` LIMIT $7 OFFSET $8`,
		append(f.args(), f.Limit, f.Offset)...)
	return list, total, err
}

func audit(ctx context.Context, q db.Reader, id string) (Audit, error) {
	return db.Get[Audit](ctx, q, `SELECT `+auditColumns+` WHERE a.id = $1`, id)
}

// lockAudit reads an audit to be changed in this transaction. The update that
// changes nothing holds the row until the transaction ends, so that two people
// cannot both take the next step.
func lockAudit(ctx context.Context, q db.Q, id string) (Audit, error) {
	if err := db.Must(ctx, q, `UPDATE audits_multi_agency SET stage = stage WHERE id = $1`, id); err != nil {
		return Audit{}, err
	}
	return audit(ctx, q, id)
}

func insertAudit(ctx context.Context, q db.Q, a Audit, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO audits_multi_agency (id, title, folded, theme, theme_folded, method, stage, case_count, due_on,
			started_on,
			completed_on, shared_on, findings, learning_href, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID, a.Title, db.Fold(a.Title+" "+a.Theme), a.Theme, db.Fold(a.Theme), a.Method, string(a.Stage), a.Cases, a.DueOn,
		a.StartedOn,
		a.CompletedOn, a.SharedOn, a.Findings, a.LearningHref, db.At(now))
	return err
}

func updateAudit(ctx context.Context, q db.Q, a Audit) error {
	return db.Must(ctx, q, `
		UPDATE audits_multi_agency SET title = $2, folded = $3, theme = $4, theme_folded = $5, method = $6, stage = $7,
			case_count = $8,
			due_on = $9, started_on = $10, completed_on = $11, shared_on = $12, findings = $13, learning_href = $14
		WHERE id = $1`,
		a.ID, a.Title, db.Fold(a.Title+" "+a.Theme), a.Theme, db.Fold(a.Theme), a.Method, string(a.Stage), a.Cases,
		a.DueOn, a.StartedOn, a.CompletedOn, a.SharedOn, a.Findings, a.LearningHref)
}

func deleteAudit(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM audits_multi_agency WHERE id = $1`, id)
}

// replaceAgencies keeps which agencies take part, each once.
func replaceAgencies(ctx context.Context, q db.Q, a Audit) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM audits_agencies WHERE audit_id = $1`, a.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, id := range a.Agencies {
		rows = append(rows, []any{a.ID, id})
	}
	return db.Insert(ctx, q, `INSERT INTO audits_agencies (audit_id, organisation_id)`, rows, `ON CONFLICT DO NOTHING`)
}

func completedIn(ctx context.Context, q db.Reader, span period.Span) ([]Audit, error) {
	return db.All[Audit](ctx, q, `SELECT `+auditColumns+`
		WHERE a.completed_on BETWEEN $1 AND $2 ORDER BY a.completed_on, a.folded`, span.From, span.To)
}

// overdue lists the audits that should have been completed before a day.
func overdue(ctx context.Context, q db.Reader, today period.Date) ([]Audit, error) {
	return db.All[Audit](ctx, q, `SELECT `+auditColumns+`
		WHERE a.completed_on IS NULL AND a.due_on < $1 ORDER BY a.due_on, a.folded`, today)
}

// themes lists the themes in use, for the filter.
func themes(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT min(theme) FROM audits_multi_agency GROUP BY theme_folded ORDER BY theme_folded`)
}

// An agency is an organisation that takes part in an audit.
type agency struct{ ID, Name string }

// agenciesOf lists those that take part, by name.
func agenciesOf(ctx context.Context, q db.Reader, auditID string) ([]agency, error) {
	return db.All[agency](ctx, q, `
		SELECT o.id, o.name FROM audits_agencies x JOIN organisations o ON o.id = x.organisation_id
		WHERE x.audit_id = $1 ORDER BY o.folded`, auditID)
}

// agencies gives the names of those that take part.
func agencies(ctx context.Context, q db.Reader, auditID string) ([]string, error) {
	list, err := agenciesOf(ctx, q, auditID)
	var out []string
	for _, o := range list {
		out = append(out, o.Name)
	}
	return out, err
}

// auditsAmong reads the audits with some ids; all when ids is nil.
func auditsAmong(ctx context.Context, q db.Reader, ids []string) ([]Audit, error) {
	var args []any
	return db.All[Audit](ctx, q, `SELECT `+auditColumns+` WHERE `+db.Among(&args, "a.id", ids), args...)
}
