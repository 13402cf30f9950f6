package imports

import (
	"context"

	"kith/internal/kit/db"
)

const sourceColumns = `id, kind, headers, name, matching, by_person, created_at, used_at`

func sourceByHeaders(ctx context.Context, q db.Reader, kind, headers string) (Source, error) {
	return db.Get[Source](ctx, q, `SELECT `+sourceColumns+` FROM imports_sources WHERE kind = $1 AND headers = $2`,
		kind, headers)
}

func sourceByID(ctx context.Context, q db.Reader, id string) (Source, error) {
	return db.Get[Source](ctx, q, `SELECT `+sourceColumns+` FROM imports_sources WHERE id = $1`, id)
}

// lockSource holds a source until the transaction ends.
func lockSource(ctx context.Context, q db.Q, id string) (Source, error) {
	if err := db.Must(ctx, q, `UPDATE imports_sources SET name = name WHERE id = $1`, id); err != nil {
		return Source{}, err
	}
	return sourceByID(ctx, q, id)
}

func allSources(ctx context.Context, q db.Reader) ([]Source, error) {
	return db.All[Source](ctx, q, `SELECT `+sourceColumns+` FROM imports_sources ORDER BY used_at DESC, id`)
}

// putSource keeps a source, in the place of what was said before of the same headers.
func putSource(ctx context.Context, q db.Q, s Source) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO imports_sources (`+sourceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, headers) DO UPDATE SET name = excluded.name, matching = excluded.matching,
			by_person = excluded.by_person, used_at = excluded.used_at`,
		s.ID, s.Kind, s.Headers, s.Name, s.Matching, s.By, s.CreatedAt, s.UsedAt)
	return err
}

func dropSource(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM imports_sources WHERE id = $1`, id)
}
