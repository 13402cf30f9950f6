package imports

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

func insertImport(ctx context.Context, q db.Q, im Import) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO imports_ledger (id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count,
			reader, by_id, by_person, created_at, ended_at, months, provisional)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		im.ID, im.Kind, im.Year, im.Authority, im.State, im.Progress, im.Problem, im.Summary, im.Rows, im.Found, im.Reader,
		im.ByID, im.By, im.CreatedAt, im.EndedAt, im.Months, im.Provisional)
	return err
}

// finishImport writes what came of an import in the state from, unless it has left that
// meanwhile: it was cancelled, or another node was quicker.
func finishImport(ctx context.Context, q db.Q, im Import, from string) error {
	return db.Must(ctx, q, `
		UPDATE imports_ledger SET kind = $2, year = $3, authority = $4, state = $5, progress = '', summary = $6,
			rows_read = $7, finding_count = $8, reader = $9, ended_at = $10, months = $12, provisional = $13,
			problem = ''
		WHERE id = $1 AND state = $11`,
		im.ID, im.Kind, im.Year, im.Authority, im.State, im.Summary, im.Rows, im.Found, im.Reader, im.EndedAt, from,
		im.Months, im.Provisional)
}

// alone makes loads and withdrawals wait for each other until the transaction
// ends: of two files for the same year that come at once, one replaces the other.
func alone(ctx context.Context, q db.Q, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO imports_turn (name, taken_at) VALUES ('load', $1)
		ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at`, at)
	return err
}

func endImport(ctx context.Context, q db.Q, id, state, replacedBy string, at db.Time) error {
	return db.Must(ctx, q, `
		UPDATE imports_ledger SET state = $2, replaced_by = $3, ended_at = $4 WHERE id = $1`, id, state, replacedBy, at)
}

// refuseImport ends an import in the state from, of which nothing is loaded.
func refuseImport(ctx context.Context, q db.Q, id, from, state, problem string, at db.Time) (int64, error) {
	return db.Exec(ctx, q, `
		UPDATE imports_ledger SET state = $2, problem = $3, progress = '', ended_at = $4
		WHERE id = $1 AND state = $5`, id, state, problem, at, from)
}

// dropParts takes away what is listed of an import, before it is listed again.
func dropParts(ctx context.Context, q db.Q, id string) error {
	for _, table := range []string{"imports_files", "imports_findings", "imports_moves"} {
		if _, err := db.Exec(ctx, q, `DELETE FROM `+table+` WHERE import_id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func setProgress(ctx context.Context, q db.Q, id, words string) error {
	_, err := db.Exec(ctx, q, `UPDATE imports_ledger SET progress = $2 WHERE id = $1 AND state = 'running'`, id, words)
	return err
}

func insertFiles(ctx context.Context, q db.Q, id string, files []intake.LoadedFile) error {
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{id, f.Name, f.SHA256, f.Size, f.Rows, f.Content, f.Sketch})
	}
	return db.Insert(ctx, q, `INSERT INTO imports_files (import_id, name, sha256, size, rows_read, content, sketch)`, rows, "")
}

func insertFindings(ctx context.Context, q db.Q, id string, findings []intake.Finding) error {
	var rows [][]any
	for i, f := range findings {
		rows = append(rows, []any{id, i + 1, f.File, f.Line, f.Field, f.Rule, f.Message})
	}
	return db.Insert(ctx, q, `
		INSERT INTO imports_findings (import_id, number, file, line, field, rule, message)`, rows, "")
}

func insertMoves(ctx context.Context, q db.Q, id string, moves []intake.Move) error {
	var rows [][]any
	for i, m := range moves {
		rows = append(rows, []any{id, i + 1, m.Title, m.Period, m.Against, m.Before, m.After, m.Earlier,
			m.EarlierCount, m.Adds, m.Beside})
	}
	return db.Insert(ctx, q, `
		INSERT INTO imports_moves (import_id, number, title, period, against, before_count, after_count, earlier,
			earlier_count, adds, beside)`, rows, "")
}

func movesOf(ctx context.Context, q db.Reader, id string) ([]intake.Move, error) {
	return db.All[intake.Move](ctx, q, `
		SELECT title, period, against, before_count, after_count, earlier, earlier_count, adds, beside
		FROM imports_moves WHERE import_id = $1 ORDER BY number`, id)
}

func importByID(ctx context.Context, q db.Reader, id string) (Import, error) {
	return db.Get[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE id = $1`, id)
}

// replacedBy lists the imports whose place another took, the oldest first.
func replacedBy(ctx context.Context, q db.Reader, id string) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE replaced_by = $1 AND state = 'replaced' ORDER BY created_at, id`, id)
}

// reopenImport makes a replaced import a loaded one again.
func reopenImport(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `
		UPDATE imports_ledger SET state = 'loaded', replaced_by = '' WHERE id = $1 AND state = 'replaced'`, id)
}

func insertAside(ctx context.Context, q db.Q, id string, content []byte) error {
	_, err := db.Exec(ctx, q, `INSERT INTO imports_aside (import_id, content) VALUES ($1, $2)`, id, content)
	return err
}

func asideOf(ctx context.Context, q db.Reader, id string) ([]byte, error) {
	return db.Get[[]byte](ctx, q, `SELECT content FROM imports_aside WHERE import_id = $1`, id)
}

func dropAside(ctx context.Context, q db.Q, id string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_aside WHERE import_id = $1`, id)
	return err
}

// A key is what an import is of, of which one alone is loaded.
type key struct{ Kind, Year, Authority, Months string }

func currentImports(ctx context.Context, q db.Reader, k key) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE kind = $1 AND year = $2 AND authority = $3 AND months = $4 AND state = 'loaded'
		ORDER BY created_at, id`, k.Kind, k.Year, k.Authority, k.Months)
}

// loadedImports gives the ids of all imports that are loaded.
func loadedImports(ctx context.Context, q db.Reader) (map[string]bool, error) {
	ids, err := db.All[string](ctx, q, `SELECT id FROM imports_ledger WHERE state = 'loaded'`)
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// keptBeside lists the imports of a kind that are kept beside the years, of an authority or of
// all.
func keptBeside(ctx context.Context, q db.Reader, kind, authority string) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger
		WHERE kind = $1 AND ($2 = '' OR authority = $2) AND state = 'loaded' AND (months <> '' OR provisional = 1)
		ORDER BY year, months, id`, kind, authority)
}

// importsOfYear lists the loaded imports of a kind, year and authority: of the whole year and
// of parts of it.
func importsOfYear(ctx context.Context, q db.Reader, k key) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE kind = $1 AND year = $2 AND authority = $3 AND state = 'loaded'
		ORDER BY created_at, id`, k.Kind, k.Year, k.Authority)
}

// importsWith lists the imports that have a file, by its SHA-256 or by its content, those that
// are loaded first and those that another took the place of last, the oldest first.
func importsWith(ctx context.Context, q db.Reader, f intake.LoadedFile) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger
		WHERE state IN ('loaded', 'replaced') AND id IN (
			SELECT import_id FROM imports_files WHERE sha256 = $1 OR content <> '' AND content = $2)
		ORDER BY state, created_at, id`, f.SHA256, f.Content)
}

// A sketched is a file of an import, with the import, by which others are known that have most
// of its rows.
type sketched struct{ ImportID, Sketch string }

// sketches lists those of the imports of a kind that are loaded first, and of those that another
// took the place of last.
func sketches(ctx context.Context, q db.Reader, kind string) ([]sketched, error) {
	return db.All[sketched](ctx, q, `
		SELECT f.import_id, f.sketch
		FROM imports_files f JOIN imports_ledger i ON i.id = f.import_id
		WHERE i.state IN ('loaded', 'replaced') AND i.kind = $1 AND f.sketch <> ''
		ORDER BY i.state, i.created_at, i.id, f.name`, kind)
}

// readOtherwise reports whether the very file of an import was read as other rows then: a
// person has said since what its columns or words are.
func readOtherwise(ctx context.Context, q db.Reader, importID string, f intake.LoadedFile) (bool, error) {
	n, err := db.Get[int](ctx, q, `
		SELECT count(*) FROM imports_files
		WHERE import_id = $1 AND sha256 = $2 AND content <> '' AND $3 <> '' AND content <> $3`, importID, f.SHA256, f.Content)
	return n > 0, err
}

// sameFiles finds a loaded import of the same kind, year and authority, and the same part of
// the year, whose files are these to the byte and were read as they are read now: in the same
// columns, where a person said which; one without an id when there is none.
func sameFiles(ctx context.Context, q db.Reader, rep *Report) (Import, error) {
	type file struct{ SHA256, Content string }
	bySum := func(a, b file) int { return strings.Compare(a.SHA256, b.SHA256) }
	same := func(a, b file) bool {
		return a.SHA256 == b.SHA256 && (a.Content == "" || b.Content == "" || a.Content == b.Content)
	}
	var want []file
	for _, f := range rep.Files {
		want = append(want, file{f.SHA256, f.Content})
	}
	slices.SortFunc(want, bySum)
	current, err := currentImports(ctx, q, rep.key())
	if err != nil {
		return Import{}, err
	}
	for _, im := range current {
		got, err := db.All[file](ctx, q, `SELECT sha256, content FROM imports_files WHERE import_id = $1`, im.ID)
		if err != nil {
			return Import{}, err
		}
		slices.SortFunc(got, bySum)
		if slices.EqualFunc(got, want, same) && im.Part() == rep.Batch.Part {
			return im, nil
		}
	}
	return Import{}, nil
}

// stillRunning fails when an import has ended, and keeps it from ending until the
// transaction does.
func stillRunning(ctx context.Context, q db.Q, id string) error {
	err := db.Must(ctx, q, `UPDATE imports_ledger SET ended_at = NULL WHERE id = $1 AND state = 'running'`, id)
	if errors.Is(err, db.ErrNotFound) {
		return errEnded
	}
	return err
}

// listWhere keeps an import list's search, kind and state; both queries share it.
const listWhere = ` FROM imports_ledger i
	WHERE ($1 = '' OR i.kind = $1) AND ($2 = '' OR i.state = $2) AND ($3 = '' OR i.year = $3)
	AND ($4 = '' OR EXISTS (SELECT 1 FROM imports_files f WHERE f.import_id = i.id AND lower(f.name) LIKE $5 ESCAPE '\'))`

// countImports counts the imports that a search finds, of some kinds; nil is of every kind.
func countImports(ctx context.Context, q db.Reader, kinds []string, kind, state, year, search string) (int, error) {
	args := []any{kind, state, year, search, db.LikeLower(search)}
	among := db.Among(&args, "i.kind", kinds)
	return db.Get[int](ctx, q, `SELECT count(*)`+listWhere+` AND `+among, args...)
}

func listImports(ctx context.Context, q db.Reader, kinds []string, kind, state, year, search, order string, limit,
	offset int) ([]Import, error) {
	args := []any{kind, state, year, search, db.LikeLower(search), limit, offset}
	among := db.Among(&args, "i.kind", kinds)
	return db.All[Import](ctx, q, `
		SELECT i.id, i.kind, i.year, i.authority, i.state, i.progress, i.problem, i.summary, i.rows_read, i.finding_count,
			i.reader, i.by_id, i.by_person, i.replaced_by, i.created_at, i.ended_at,
			i.months, i.provisional`+
		listWhere+` AND `+among+` ORDER BY `+order+` LIMIT $6 OFFSET $7`, args...)
}

func filesOf(ctx context.Context, q db.Reader, id string) ([]intake.LoadedFile, error) {
	return db.All[intake.LoadedFile](ctx, q, `
		SELECT name, sha256, size, rows_read, content, sketch FROM imports_files WHERE import_id = $1 ORDER BY name`, id)
}

func countFindings(ctx context.Context, q db.Reader, id, rule string) (int, error) {
	return db.Get[int](ctx, q, `
		SELECT count(*) FROM imports_findings WHERE import_id = $1 AND ($2 = '' OR rule = $2)`, id, rule)
}

func findingsOf(ctx context.Context, q db.Reader, id, rule string, limit, offset int) ([]intake.Finding, error) {
	return db.All[intake.Finding](ctx, q, `
		SELECT file, line, field, rule, message FROM imports_findings
		WHERE import_id = $1 AND ($2 = '' OR rule = $2) ORDER BY number LIMIT $3 OFFSET $4`, id, rule, limit, offset)
}

type ruleCount struct {
	Rule  string
	Count int64
}

func rulesOf(ctx context.Context, q db.Reader, id string) ([]ruleCount, error) {
	return db.All[ruleCount](ctx, q, `
		SELECT rule, count(*) FROM imports_findings WHERE import_id = $1 GROUP BY rule ORDER BY count(*) DESC, rule`, id)
}

func importYears(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT year FROM imports_ledger WHERE year <> '' ORDER BY year DESC`)
}
