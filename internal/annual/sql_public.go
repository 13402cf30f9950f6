package annual

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"kith/internal/kit/db"
)

// A released report is one publication, as the public store keeps it.
type released struct {
	Year         string
	Version      int64
	Title        string
	PublishedAt  db.Time
	WithdrawnAt  db.Time
	WithdrawnWhy string
}

// releases lists every publication, the newest of each year first.
func releases(ctx context.Context, q db.Reader) ([]released, error) {
	return db.All[released](ctx, q, `
		SELECT year, version, title, published_at, withdrawn_at, withdrawn_why
		FROM annual_released ORDER BY year DESC, version DESC`)
}

func releasesOf(ctx context.Context, q db.Reader, year string) ([]released, error) {
	return db.All[released](ctx, q, `
		SELECT year, version, title, published_at, withdrawn_at, withdrawn_why
		FROM annual_released WHERE year = $1 ORDER BY version DESC`, year)
}

// A releasedFile is one file of a publication.
type releasedFile struct {
	ContentType string
	Title       string
	Body        string
	SHA256      string
}

func releasedFileAt(ctx context.Context, q db.Reader, year string, version int64, path string) (releasedFile, error) {
	return db.Get[releasedFile](ctx, q, `
		SELECT content_type, title, body, sha256
		FROM annual_files WHERE year = $1 AND version = $2 AND path = $3`, year, version, path)
}

func releasedPaths(ctx context.Context, q db.Reader, year string, version int64) ([]string, error) {
	return db.All[string](ctx, q, `SELECT path FROM annual_files WHERE year = $1 AND version = $2 ORDER BY path`, year, version)
}

// release writes a publication's files and gives its version.
func release(ctx context.Context, q db.Q, b Built, now time.Time) (int64, error) {
	last, err := db.Get[int64](ctx, q, `SELECT coalesce(max(version), 0) FROM annual_released WHERE year = $1`, b.Year)
	if err != nil {
		return 0, err
	}
	version := last + 1
	if _, err := db.Exec(ctx, q, `
		INSERT INTO annual_released (year, version, title, published_at) VALUES ($1, $2, $3, $4)`,
		b.Year, version, b.Title, db.At(now)); err != nil {
		return 0, err
	}
	var rows [][]any
	for _, f := range published(b.Files) {
		rows = append(rows, []any{b.Year, version, f.Path, f.ContentType, f.Title, string(f.Body), fmt.Sprintf("%x", sha256.Sum256(f.Body))})
	}
	err = db.Insert(ctx, q, "INSERT INTO annual_files (year, version, path, content_type, title, body, sha256)", rows, "")
	return version, err
}

// withdrawRelease notes the reason on every release of the year that stands.
func withdrawRelease(ctx context.Context, q db.Q, year, why string, now time.Time) error {
	return db.Must(ctx, q, `
		UPDATE annual_released SET withdrawn_at = $1, withdrawn_why = $2
		WHERE year = $3 AND withdrawn_at IS NULL`, db.At(now), why, year)
}
