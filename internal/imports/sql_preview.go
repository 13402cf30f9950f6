package imports

import (
	"context"

	"kith/internal/kit/db"
)

// A preview is what was read of an import and waits for a person.
type preview struct {
	ImportID string
	Kind     string // as which it was read
	Covers   int    // 1: its authority may become the partnership's first
	Batch    []byte
	Content  []byte
}

func insertPreview(ctx context.Context, q db.Q, p preview) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO imports_previews (import_id, kind, covers, batch, content) VALUES ($1, $2, $3, $4, $5)`,
		p.ImportID, p.Kind, p.Covers, p.Batch, p.Content)
	return err
}

func previewOf(ctx context.Context, q db.Reader, id string) (preview, error) {
	return db.Get[preview](ctx, q, `
		SELECT import_id, kind, covers, batch, content FROM imports_previews WHERE import_id = $1`, id)
}

// previewBatch gives the batch alone, as JSON, for a page.
func previewBatch(ctx context.Context, q db.Reader, id string) ([]byte, error) {
	row, err := db.Get[struct{ Batch []byte }](ctx, q, `SELECT batch FROM imports_previews WHERE import_id = $1`, id)
	return row.Batch, err
}

func dropPreview(ctx context.Context, q db.Q, id string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_previews WHERE import_id = $1`, id)
	return err
}

// previewsBefore lists the imports that wait since before a time.
func previewsBefore(ctx context.Context, q db.Reader, at db.Time) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT id FROM imports_ledger WHERE state = 'previewed' AND ended_at < $1
		ORDER BY ended_at, id`, at)
}

// waitingImports lists the imports that wait for a person, the oldest first.
func waitingImports(ctx context.Context, q db.Reader) ([]Import, error) {
	return db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE state = 'previewed' ORDER BY ended_at, id`)
}

// moveImport moves an import from one state to another; db.ErrNotFound when it has left it.
func moveImport(ctx context.Context, q db.Q, id, from, to string) error {
	return db.Must(ctx, q, `UPDATE imports_ledger SET state = $3, problem = '' WHERE id = $1 AND state = $2`, id, from, to)
}

func setProblem(ctx context.Context, q db.Q, id, words string) error {
	return db.Must(ctx, q, `UPDATE imports_ledger SET problem = $2 WHERE id = $1`, id, words)
}

func setMonths(ctx context.Context, q db.Q, id, months string) error {
	return db.Must(ctx, q, `UPDATE imports_ledger SET months = $2 WHERE id = $1`, id, months)
}

func dropMoves(ctx context.Context, q db.Q, id string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_moves WHERE import_id = $1`, id)
	return err
}
