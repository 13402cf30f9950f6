package sites

import (
	"context"

	"kith/internal/kit/db"
)

// pageRow is a Page as its columns come.
type pageRow struct {
	Slug, Section, Title, Summary, Markdown, Shelves string
	Quiet                                            bool
	Leaving, State                                   string
	Version, PublishedVersion                        int64
	OwnerID                                          db.Opt
	Owner, OwnerEmail                                string
	ReviewOn                                         db.Date
	UpdatedAt                                        db.Time
	UpdatedBy                                        string
	PublishedAt                                      db.Time
}

func (p pageRow) page() Page {
	return Page{
		Slug: p.Slug, Section: p.Section,
		Words: Words{Title: p.Title, Summary: p.Summary, Markdown: p.Markdown, Shelves: splitShelves(p.Shelves),
			Quiet: p.Quiet, Leaving: p.Leaving},
		State: p.State, Version: p.Version, PublishedVersion: p.PublishedVersion,
		OwnerID: string(p.OwnerID), Owner: p.Owner, OwnerEmail: p.OwnerEmail, ReviewOn: p.ReviewOn,
		UpdatedAt: p.UpdatedAt, UpdatedBy: p.UpdatedBy, PublishedAt: p.PublishedAt,
	}
}

func pageBySlug(ctx context.Context, q db.Reader, slug string) (Page, error) {
	p, err := db.Get[pageRow](ctx, q, `
		SELECT p.slug, p.section, p.title, p.summary, p.markdown, p.shelves, p.quiet, p.leaving, p.state, p.version, p.published_version,
			p.owner_id, COALESCE(o.name, ''), COALESCE(o.email, ''), p.review_on, p.updated_at, p.updated_by, p.published_at
		FROM sites_pages p LEFT JOIN people o ON o.id = p.owner_id WHERE p.slug = $1`, slug)
	return p.page(), err
}

// pageFilter is what a list of pages is narrowed by and sorted by.
type pageFilter struct {
	Search, Section, State, DueBy string
	Sort                          string
	Desc                          bool
	Limit, Offset                 int
}

const pagesWhere = `
	($1 = '' OR p.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR p.section = $3)
	AND ($4 = '' OR ($4 = 'waiting' AND p.published_version <> p.version AND p.state = 'published') OR p.state = $4)
	AND ($5 = '' OR p.review_on <= $5)`

func countPages(ctx context.Context, q db.Reader, f pageFilter) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT COUNT(*) FROM sites_pages p WHERE `+pagesWhere,
		f.Search, db.Like(f.Search), f.Section, f.State, f.DueBy)
}

// sorts are the columns that a list of pages is sorted by.
var sorts = map[string]string{"title": "p.sort_title", "section": "p.section", "review": "p.review_on",
	"updated": "p.updated_at"}

func listPages(ctx context.Context, q db.Reader, f pageFilter) ([]Page, error) {
	order := db.Order(sorts, f.Sort, "title", f.Desc, "p.sort_title, p.slug")
	rows, err := db.All[pageRow](ctx, q, `
		SELECT p.slug, p.section, p.title, p.summary, '', p.shelves, p.quiet, p.leaving, p.state, p.version, p.published_version,
			p.owner_id, COALESCE(o.name, ''), COALESCE(o.email, ''), p.review_on, p.updated_at, p.updated_by, p.published_at
		FROM sites_pages p LEFT JOIN people o ON o.id = p.owner_id WHERE `+pagesWhere+order+`
		LIMIT $6 OFFSET $7`,
		f.Search, db.Like(f.Search), f.Section, f.State, f.DueBy, f.Limit, f.Offset)
	if err != nil {
		return nil, err
	}
	out := make([]Page, len(rows))
	for i, p := range rows {
		out[i] = p.page()
	}
	return out, nil
}

func insertPage(ctx context.Context, q db.Q, p Page) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO sites_pages (slug, section, title, summary, markdown, shelves, quiet, leaving, owner_id, review_on, folded,
			sort_title, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.Slug, p.Section, p.Title, p.Summary, p.Markdown, joinShelves(p.Shelves), p.Quiet, p.leaving(), db.Opt(p.OwnerID),
		p.ReviewOn, db.Fold(p.Title+" "+p.Summary), db.Fold(p.Title), p.UpdatedAt, p.UpdatedBy)
	return err
}

// lockPage reads a page to be changed in this transaction, and holds it until then.
func lockPage(ctx context.Context, q db.Q, slug string) (Page, error) {
	if err := db.Must(ctx, q, `UPDATE sites_pages SET version = version WHERE slug = $1`, slug); err != nil {
		return Page{}, err
	}
	return pageBySlug(ctx, q, slug)
}

func updatePage(ctx context.Context, q db.Q, p Page) error {
	return db.Must(ctx, q, `
		UPDATE sites_pages SET title = $3, summary = $4, markdown = $5, shelves = $6, quiet = $7, owner_id = $8,
			review_on = $9,
			folded = $10, sort_title = $11, updated_at = $12, updated_by = $13, leaving = $14, version = $2
		WHERE slug = $1`,
		p.Slug, p.Version, p.Title, p.Summary, p.Markdown, joinShelves(p.Shelves), p.Quiet, db.Opt(p.OwnerID), p.ReviewOn,
		db.Fold(p.Title+" "+p.Summary), db.Fold(p.Title), p.UpdatedAt, p.UpdatedBy, p.leaving())
}

// markPublished says that a version is on the site.
func markPublished(ctx context.Context, q db.Q, slug string, version int64, at db.Time) error {
	return db.Must(ctx, q, `
		UPDATE sites_pages SET state = 'published', published_version = $2, published_at = $3 WHERE slug = $1`, slug, version,
		at)
}

// markDraft says that a page is not on the site.
func markDraft(ctx context.Context, q db.Q, slug string) error {
	return db.Must(ctx, q, `
		UPDATE sites_pages SET state = 'draft', published_version = 0, published_at = NULL WHERE slug = $1`, slug)
}

type versionRow struct {
	Slug                              string
	Version                           int64
	Title, Summary, Markdown, Shelves string
	Quiet                             bool
	Leaving, Note                     string
	SavedAt                           db.Time
	SavedBy                           string
}

func (v versionRow) version() Version {
	return Version{
		Slug: v.Slug, Version: v.Version,
		Words: Words{Title: v.Title, Summary: v.Summary, Markdown: v.Markdown, Shelves: splitShelves(v.Shelves),
			Quiet: v.Quiet, Leaving: v.Leaving},
		Note: v.Note, SavedAt: v.SavedAt, SavedBy: v.SavedBy,
	}
}

func insertVersion(ctx context.Context, q db.Q, v Version) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO sites_versions (slug, version, title, summary, markdown, shelves, quiet, leaving, note, saved_at,
			saved_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		v.Slug, v.Version, v.Title, v.Summary, v.Markdown, joinShelves(v.Shelves), v.Quiet, v.leaving(), v.Note, v.SavedAt,
		v.SavedBy)
	return err
}

func versionOf(ctx context.Context, q db.Reader, slug string, version int64) (Version, error) {
	v, err := db.Get[versionRow](ctx, q, `
		SELECT slug, version, title, summary, markdown, shelves, quiet, leaving, note, saved_at, saved_by
		FROM sites_versions WHERE slug = $1 AND version = $2`, slug, version)
	return v.version(), err
}

// newestVersions lists the last versions of a page, newest first, without their
// words.
func newestVersions(ctx context.Context, q db.Reader, slug string, n int64) ([]Version, error) {
	rows, err := db.All[versionRow](ctx, q, `
		SELECT slug, version, title, summary, '', shelves, quiet, leaving, note, saved_at, saved_by
		FROM sites_versions WHERE slug = $1 ORDER BY version DESC LIMIT $2`, slug, n)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(rows))
	for i, v := range rows {
		out[i] = v.version()
	}
	return out, nil
}

// pagesAmong reads the pages with some slugs; all when slugs is nil.
func pagesAmong(ctx context.Context, q db.Reader, slugs []string) ([]Page, error) {
	var args []any
	rows, err := db.All[pageRow](ctx, q, `
		SELECT p.slug, p.section, p.title, p.summary, p.markdown, p.shelves, p.quiet, p.leaving, p.state, p.version,
			p.published_version, p.owner_id, '', '', p.review_on, p.updated_at, p.updated_by, p.published_at
		FROM sites_pages p WHERE `+db.Among(&args, "p.slug", slugs), args...)
	out := make([]Page, len(rows))
	for i, p := range rows {
		out[i] = p.page()
	}
	return out, err
}
