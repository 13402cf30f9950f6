package annual

import (
	"context"

	"kith/internal/kit/db"
)

// A releasedReport is one publication, as the public store keeps it.
type releasedReport struct {
	Year         string
	Version      int64
	Title        string
	PublishedAt  db.Time
	WithdrawnAt  db.Time
	WithdrawnWhy string
}

// releases lists every publication, the newest of each year first.
func releases(ctx context.Context, q db.Reader) ([]releasedReport, error) {
	return db.All[releasedReport](ctx, q, `
		SELECT year, version, title, published_at, withdrawn_at, withdrawn_why
		FROM annual_released ORDER BY year DESC, version DESC`)
}

func releasedFileAt(ctx context.Context, q db.Reader, year string, version int64, path string) (storedFile, error) {
	return db.Get[storedFile](ctx, q, `
		SELECT path, content_type, title, description, body, sha256
		FROM annual_contents WHERE year = $1 AND version = $2 AND path = $3`, year, version, path)
}

func releasedPaths(ctx context.Context, q db.Reader, year string, version int64) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT path FROM annual_contents WHERE year = $1 AND version = $2 ORDER BY path`, year, version)
}

func lastReleased(ctx context.Context, q db.Reader, year string) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT COALESCE(MAX(version), 0) FROM annual_released WHERE year = $1`, year)
}

// putReleased writes a publication. A release of the same version that work did not
// know, left by a failure, is replaced by work's.
func putReleased(ctx context.Context, q db.Q, year string, p publication, files []storedFile) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_released (year, version, title, published_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (year, version) DO UPDATE SET title = excluded.title, published_at = excluded.published_at,
			withdrawn_at = NULL, withdrawn_why = ''`, year, p.Version, p.Title, p.PublishedAt)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, q, `DELETE FROM annual_contents WHERE year = $1 AND version = $2`, year,
		p.Version); err != nil {
		return err
	}
	return insertContents(ctx, q, year, p.Version, files)
}

// withdrawReleased notes the reason on every release of the year that stands, and
// takes the files of all of them away.
func withdrawReleased(ctx context.Context, q db.Q, year, why string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		UPDATE annual_released SET withdrawn_at = $1, withdrawn_why = $2
		WHERE year = $3 AND withdrawn_at IS NULL`, at, why, year)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, q, `DELETE FROM annual_files WHERE year = $1`, year); err != nil {
		return err
	}
	_, err = db.Exec(ctx, q, `DELETE FROM annual_contents WHERE year = $1`, year)
	return err
}

// A releasedPage is a page of the last version of a year's report on the site.
type releasedPage struct{ Year, Path, Title, Body string }

// releasedPages reads the pages of the reports of some years; of all when years is nil.
func releasedPages(ctx context.Context, q db.Reader, years []string) ([]releasedPage, error) {
	var args []any
	return db.All[releasedPage](ctx, q, `
		SELECT c.year, c.path, c.title, c.body FROM annual_contents c
		JOIN annual_released r ON r.year = c.year AND r.version = c.version
		WHERE r.withdrawn_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM annual_released n WHERE n.year = r.year AND n.version > r.version)
			AND `+db.Among(&args, "c.year", years), args...)
}
