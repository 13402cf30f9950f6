package sites

import (
	"context"

	"kith/internal/kit/db"
)

// A publishedPage is one page as the public sees it.
type publishedPage struct {
	Slug, Section, Title, Summary, Body, Shelves string
	Quiet                                        bool
	Leaving, SHA                                 string
	Version                                      int64
	PublishedAt                                  db.Time
}

func publishedPages(ctx context.Context, q db.Reader) ([]publishedPage, error) {
	return db.All[publishedPage](ctx, q, `
		SELECT slug, section, title, summary, body, shelves, quiet, leaving, sha, version, published_at
		FROM sites_published ORDER BY sort_title, slug`)
}

func putPublished(ctx context.Context, q db.Q, p publishedPage) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO sites_published (slug, section, title, summary, body, shelves, quiet, sha, version, sort_title,
			published_at, leaving)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (slug) DO UPDATE SET section = excluded.section, title = excluded.title, summary = excluded.summary,
			body = excluded.body,
			shelves = excluded.shelves, quiet = excluded.quiet, sha = excluded.sha, version = excluded.version,
			sort_title = excluded.sort_title, published_at = excluded.published_at, leaving = excluded.leaving`,
		p.Slug, p.Section, p.Title, p.Summary, p.Body, p.Shelves, p.Quiet, p.SHA, p.Version, db.Fold(p.Title), p.PublishedAt,
		p.Leaving)
	return err
}

func deletePublished(ctx context.Context, q db.Q, slug string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM sites_published WHERE slug = $1`, slug)
	return err
}

func setting(ctx context.Context, q db.Reader, name string) (string, error) {
	return db.Get[string](ctx, q, `SELECT value FROM sites_settings WHERE name = $1`, name)
}

func putSetting(ctx context.Context, q db.Q, name, value string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO sites_settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, name, value, at)
	return err
}

func deleteSetting(ctx context.Context, q db.Q, name string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM sites_settings WHERE name = $1`, name)
	return err
}

func settingChanged(ctx context.Context, q db.Reader, name string) (db.Time, error) {
	return db.Get[db.Time](ctx, q, `SELECT changed_at FROM sites_settings WHERE name = $1`, name)
}

// addVisits adds to the count of a day; several nodes add up.
func addVisits(ctx context.Context, q db.Q, day db.Date, site string, n int64) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO sites_visits (day, site, visits) VALUES ($1, $2, $3)
		ON CONFLICT (day, site) DO UPDATE SET visits = sites_visits.visits + excluded.visits`, day, site, n)
	return err
}

// visitRow is a number of visits to a site, on a day or in the month that begins
// with it.
type visitRow struct {
	Day    db.Date
	Site   string
	Visits int64
}

func countedVisits(ctx context.Context, q db.Reader, from, to db.Date) ([]visitRow, error) {
	return db.All[visitRow](ctx, q, `
		SELECT day, site, visits FROM sites_visits WHERE day >= $1 AND day <= $2 ORDER BY day, site`, from, to)
}

func firstCounted(ctx context.Context, q db.Reader) (db.Date, error) {
	return db.Get[db.Date](ctx, q, `SELECT MIN(day) FROM sites_visits`)
}

// publishedAmong reads the published pages with some slugs; all when slugs is nil.
func publishedAmong(ctx context.Context, q db.Reader, slugs []string) ([]publishedPage, error) {
	var args []any
	return db.All[publishedPage](ctx, q, `
		SELECT slug, section, title, summary, body, shelves, quiet, leaving, sha, version, published_at
		FROM sites_published WHERE `+db.Among(&args, "slug", slugs), args...)
}
