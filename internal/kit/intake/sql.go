package intake

import (
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
)

func insertImport(ctx context.Context, q db.Q, im Import) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO intake_imports (id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_person, created_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		im.ID, im.Kind, im.Year, im.Authority, im.State, im.Progress, im.Problem, im.Summary, im.Rows, im.Found, im.Reader, im.By, im.CreatedAt, im.EndedAt)
	return err
}

// finishImport loads an import that was begun, unless it was cancelled meanwhile.
func finishImport(ctx context.Context, q db.Q, im Import) error {
	return db.Must(ctx, q, `
		UPDATE intake_imports SET kind = $2, year = $3, authority = $4, state = $5, progress = '', summary = $6, rows_read = $7, finding_count = $8, reader = $9, ended_at = $10
		WHERE id = $1 AND state = 'running'`,
		im.ID, im.Kind, im.Year, im.Authority, im.State, im.Summary, im.Rows, im.Found, im.Reader, im.EndedAt)
}

// alone makes loads and withdrawals wait for each other until the transaction
// ends: of two files for the same year that come at once, one replaces the other.
func alone(ctx context.Context, q db.Q, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO settings (name, value, changed_at) VALUES ('imports.turn', '', $1)
		ON CONFLICT (name) DO UPDATE SET changed_at = excluded.changed_at`, at)
	return err
}

func endImport(ctx context.Context, q db.Q, id, state, replacedBy string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE intake_imports SET state = $2, replaced_by = $3, ended_at = $4 WHERE id = $1`, id, state, replacedBy, at)
}

func refuseImport(ctx context.Context, q db.Q, id, state, problem string, at db.Time) (int64, error) {
	return db.Exec(ctx, q, `UPDATE intake_imports SET state = $2, problem = $3, progress = '', ended_at = $4 WHERE id = $1 AND state = 'running'`, id, state, problem, at)
}

func setProgress(ctx context.Context, q db.Q, id, words string) error {
	_, err := db.Exec(ctx, q, `UPDATE intake_imports SET progress = $2 WHERE id = $1 AND state = 'running'`, id, words)
	return err
}

func insertFiles(ctx context.Context, q db.Q, id string, files []LoadedFile) error {
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{id, f.Name, f.SHA256, f.Size, f.Rows})
	}
	return db.Insert(ctx, q, `INSERT INTO intake_files (import_id, name, sha256, size, rows_read)`, rows, "")
}

func insertFindings(ctx context.Context, q db.Q, id string, findings []Finding) error {
	var rows [][]any
	for i, f := range findings {
		rows = append(rows, []any{id, i + 1, f.File, f.Line, f.Field, f.Rule, f.Message})
	}
	return db.Insert(ctx, q, `INSERT INTO intake_findings (import_id, number, file, line, field, rule, message)`, rows, "")
}

func importByID(ctx context.Context, q db.Reader, id string) (Import, error) {
	return db.Get[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_person, replaced_by, created_at, ended_at
		FROM intake_imports WHERE id = $1`, id)
}

func currentImports(ctx context.Context, q db.Reader, kind, year, authority string) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_person, replaced_by, created_at, ended_at
		FROM intake_imports WHERE kind = $1 AND year = $2 AND authority = $3 AND state = 'loaded'`, kind, year, authority)
}

// sameFiles finds a loaded import of the same kind, year and authority whose
// files are these to the byte.
func sameFiles(ctx context.Context, q db.Reader, b *Batch, files []LoadedFile) (string, error) {
	var want []string
	for _, f := range files {
		want = append(want, f.SHA256)
	}
	slices.Sort(want)
	current, err := currentImports(ctx, q, b.As, yearText(b.Year), b.Authority)
	if err != nil {
		return "", err
	}
	for _, im := range current {
		got, err := db.All[string](ctx, q, `SELECT sha256 FROM intake_files WHERE import_id = $1`, im.ID)
		if err != nil {
			return "", err
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return im.ID, nil
		}
	}
	return "", nil
}

func inputs(ctx context.Context, q db.Reader, id string) ([]figure.Input, error) {
	return db.All[figure.Input](ctx, q, `
		SELECT i.id, i.kind, f.name, f.sha256 FROM intake_imports i JOIN intake_files f ON f.import_id = i.id
		WHERE i.id = $1 ORDER BY f.name`, id)
}

func interruptImport(ctx context.Context, q db.Q, id string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		UPDATE intake_imports SET state = 'interrupted', progress = '', ended_at = $2,
			problem = 'The system stopped while it was reading, and nothing was loaded. Import the file again.'
		WHERE id = $1 AND state = 'running'`, id, at)
	return err
}

// listWhere keeps an import list's search, kind and state; both queries share it.
const listWhere = ` FROM intake_imports i
	WHERE ($1 = '' OR i.kind = $1) AND ($2 = '' OR i.state = $2) AND ($3 = '' OR i.year = $3)
	AND ($4 = '' OR EXISTS (SELECT 1 FROM intake_files f WHERE f.import_id = i.id AND lower(f.name) LIKE $5 ESCAPE '\'))`

func countImports(ctx context.Context, q db.Reader, kind, state, year, search string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*)`+listWhere, kind, state, year, search, db.Like(search))
}

func listImports(ctx context.Context, q db.Reader, kind, state, year, search, order string, limit, offset int) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT i.id, i.kind, i.year, i.authority, i.state, i.progress, i.problem, i.summary, i.rows_read, i.finding_count, i.reader, i.by_person, i.replaced_by, i.created_at, i.ended_at`+
		listWhere+` ORDER BY `+order+` LIMIT $6 OFFSET $7`, kind, state, year, search, db.Like(search), limit, offset)
}

func filesOf(ctx context.Context, q db.Reader, id string) ([]LoadedFile, error) {
	return db.All[LoadedFile](ctx, q, `SELECT name, sha256, size, rows_read FROM intake_files WHERE import_id = $1 ORDER BY name`, id)
}

func countFindings(ctx context.Context, q db.Reader, id, rule string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM intake_findings WHERE import_id = $1 AND ($2 = '' OR rule = $2)`, id, rule)
}

func findingsOf(ctx context.Context, q db.Reader, id, rule string, limit, offset int) ([]Finding, error) {
	return db.All[Finding](ctx, q, `
		SELECT file, line, field, rule, message FROM intake_findings
		WHERE import_id = $1 AND ($2 = '' OR rule = $2) ORDER BY number LIMIT $3 OFFSET $4`, id, rule, limit, offset)
}

type ruleCount struct {
	Rule  string
	Count int64
}

func rulesOf(ctx context.Context, q db.Reader, id string) ([]ruleCount, error) {
	return db.All[ruleCount](ctx, q, `SELECT rule, count(*) FROM intake_findings WHERE import_id = $1 GROUP BY rule ORDER BY count(*) DESC, rule`, id)
}

func importYears(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT year FROM intake_imports WHERE year <> '' ORDER BY year DESC`)
}

// LatestYear gives the newest financial year that a loaded import is of, such as
// "2023-24"; "" when there is none.
func LatestYear(ctx context.Context, q db.Reader) (string, error) {
	year, err := db.Get[db.Opt](ctx, q, `SELECT max(year) FROM intake_imports WHERE state = 'loaded' AND year <> ''`)
	return string(year), err
}
