package annual

import (
	"context"
	"time"

	"kith/internal/kit/db"
)

func report(ctx context.Context, q db.Reader, year string) (Report, error) {
	return db.Get[Report](ctx, q, `
		SELECT year, title, lead, state, version, published_at, published_by, changed_at
		FROM annual_reports WHERE year = $1`, year)
}

func reports(ctx context.Context, q db.Reader) ([]Report, error) {
	return db.All[Report](ctx, q, `
		SELECT year, title, lead, state, version, published_at, published_by, changed_at
		FROM annual_reports ORDER BY year DESC`)
}

func insertReport(ctx context.Context, q db.Q, year, title, lead string, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_reports (year, title, lead, changed_at) VALUES ($1, $2, $3, $4)`,
		year, title, lead, db.At(now))
	return err
}

func updateReport(ctx context.Context, q db.Q, year, title, lead string) error {
	return db.Must(ctx, q, `UPDATE annual_reports SET title = $1, lead = $2 WHERE year = $3`, title, lead, year)
}

// touch notes that something of the report changed.
func touch(ctx context.Context, q db.Q, year string, now time.Time) error {
	return db.Must(ctx, q, `UPDATE annual_reports SET changed_at = $1 WHERE year = $2`, db.At(now), year)
}

// lockReport holds a report until the end of the transaction.
func lockReport(ctx context.Context, q db.Q, year string) error {
	return db.Must(ctx, q, `UPDATE annual_reports SET version = version WHERE year = $1`, year)
}

const chapterColumns = `
	SELECT c.id, c.year, c.part, c.slug, c.title, c.position, c.markdown, c.version, c.changed_at, c.changed_by,
		c.owner_id, c.due_on, c.given_by_id, c.given_on, c.stage, COALESCE(p.name, ''), COALESCE(p.email, '')
	FROM annual_chapters c LEFT JOIN people p ON p.id = c.owner_id`

// chapters lists the report's chapters in order, then the summary's sections.
func chapters(ctx context.Context, q db.Reader, year string) ([]Chapter, error) {
	return db.All[Chapter](ctx, q, chapterColumns+`
		WHERE c.year = $1 AND c.removed_at IS NULL ORDER BY c.part, c.position, c.id`, year)
}

func chapter(ctx context.Context, q db.Reader, id string) (Chapter, error) {
	return db.Get[Chapter](ctx, q, chapterColumns+` WHERE c.id = $1 AND c.removed_at IS NULL`, id)
}

func insertChapter(ctx context.Context, q db.Q, c Chapter) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_chapters (id, year, part, slug, title, position, markdown, version, changed_at, changed_by)
		SELECT $1, $2, $3, $4, $5, coalesce(max(position), 0) + 1, $6, 1, $7, $8
		FROM annual_chapters WHERE year = $9 AND part = $10`,
		c.ID, c.Year, c.Part, c.Slug, c.Title, c.Markdown, c.ChangedAt, c.ChangedBy, c.Year, c.Part)
	return err
}

// lockChapter reads a chapter to be changed in this transaction, and holds it until
// then.
func lockChapter(ctx context.Context, q db.Q, id string) (Chapter, error) {
	if err := db.Must(ctx, q, `
		UPDATE annual_chapters SET version = version WHERE id = $1 AND removed_at IS NULL`, id); err != nil {
		return Chapter{}, err
	}
	return chapter(ctx, q, id)
}

func saveText(ctx context.Context, q db.Q, c Chapter) error {
	return db.Must(ctx, q, `
		UPDATE annual_chapters SET title = $1, markdown = $2, version = $3, changed_at = $4, changed_by = $5
		WHERE id = $6`, c.Title, c.Markdown, c.Version, c.ChangedAt, c.ChangedBy, c.ID)
}

func insertVersion(ctx context.Context, q db.Q, v Version) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_versions (chapter_id, version, title, markdown, saved_at, saved_by, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, v.ChapterID, v.Version, v.Title, v.Markdown, v.SavedAt, v.SavedBy, v.Why)
	return err
}

func versions(ctx context.Context, q db.Reader, chapterID string) ([]Version, error) {
	return db.All[Version](ctx, q, `
		SELECT chapter_id, version, title, markdown, saved_at, saved_by, why
		FROM annual_versions WHERE chapter_id = $1 ORDER BY version DESC`, chapterID)
}

func version(ctx context.Context, q db.Reader, chapterID string, n int64) (Version, error) {
	return db.Get[Version](ctx, q, `
		SELECT chapter_id, version, title, markdown, saved_at, saved_by, why
		FROM annual_versions WHERE chapter_id = $1 AND version = $2`, chapterID, n)
}

func setPosition(ctx context.Context, q db.Q, id string, position int64) error {
	return db.Must(ctx, q, `UPDATE annual_chapters SET position = $1 WHERE id = $2`, position, id)
}

func removeChapter(ctx context.Context, q db.Q, id string, now time.Time) error {
	return db.Must(ctx, q, `UPDATE annual_chapters SET removed_at = $1 WHERE id = $2`, db.At(now), id)
}

func putBack(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `UPDATE annual_chapters SET removed_at = NULL WHERE id = $1 AND removed_at IS NOT NULL`, id)
}

// removed lists the chapters that were taken out.
func removed(ctx context.Context, q db.Reader, year string) ([]Chapter, error) {
	return db.All[Chapter](ctx, q, chapterColumns+`
		WHERE c.year = $1 AND c.removed_at IS NOT NULL ORDER BY c.part, c.position, c.id`, year)
}

func tiles(ctx context.Context, q db.Reader, year string) ([]Tile, error) {
	return db.All[Tile](ctx, q, `SELECT title, href FROM annual_tiles WHERE year = $1 ORDER BY position`, year)
}

func replaceTiles(ctx context.Context, q db.Q, year string, list []Tile) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM annual_tiles WHERE year = $1`, year); err != nil {
		return err
	}
	var rows [][]any
	for i, t := range list {
		rows = append(rows, []any{year, int64(i + 1), t.Title, t.Href})
	}
	return db.Insert(ctx, q, "INSERT INTO annual_tiles (year, position, title, href)", rows, "")
}

// A publication is one time a report was published, as the workspace keeps it.
type publication struct {
	Version      int64
	Title        string
	Files        int64
	PublishedAt  db.Time
	PublishedBy  string
	ReleasedAt   db.Time // when the public site was known to show it
	WithdrawnAt  db.Time
	WithdrawnBy  string
	WithdrawnWhy string
	Agreed       string // who had agreed it, in words
	NotAgreed    string // who had not
	Why          string // why it was published all the same
}

func publications(ctx context.Context, q db.Reader, year string) ([]publication, error) {
	return db.All[publication](ctx, q, `
		SELECT version, title, files, published_at, published_by, released_at, withdrawn_at, withdrawn_by, withdrawn_why,
			agreed, not_agreed, not_agreed_why
		FROM annual_publications WHERE year = $1 ORDER BY version DESC`, year)
}

func publicationOf(ctx context.Context, q db.Reader, year string, version int64) (publication, error) {
	return db.Get[publication](ctx, q, `
		SELECT version, title, files, published_at, published_by, released_at, withdrawn_at, withdrawn_by, withdrawn_why,
			agreed, not_agreed, not_agreed_why
		FROM annual_publications WHERE year = $1 AND version = $2`, year, version)
}

func lastPublication(ctx context.Context, q db.Reader, year string) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT COALESCE(MAX(version), 0) FROM annual_publications WHERE year = $1`, year)
}

func insertPublication(ctx context.Context, q db.Q, year string, p publication) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_publications (year, version, title, files, published_at, published_by, agreed, not_agreed,
			not_agreed_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, year, p.Version, p.Title, p.Files, p.PublishedAt, p.PublishedBy,
		p.Agreed, p.NotAgreed, p.Why)
	return err
}

// A storedFile is one file of a publication, in either store.
type storedFile struct {
	Path        string
	ContentType string
	Title       string
	Description string
	Body        string
	SHA256      string
}

func (f storedFile) file() File {
	return File{f.Path, f.ContentType, f.Title, f.Description, []byte(f.Body)}
}

// contents lists the files of a publication in the store that q reads.
func contents(ctx context.Context, q db.Reader, year string, version int64) ([]storedFile, error) {
	return db.All[storedFile](ctx, q, `
		SELECT path, content_type, title, description, body, sha256
		FROM annual_contents WHERE year = $1 AND version = $2 ORDER BY path`, year, version)
}

// insertContents writes the files of a publication into the store of q. Those that
// are there already stay as they are: what was published does not change.
func insertContents(ctx context.Context, q db.Q, year string, version int64, files []storedFile) error {
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{year, version, f.Path, f.ContentType, f.Title, f.Description, f.Body, f.SHA256})
	}
	return db.Insert(ctx, q, "INSERT INTO annual_contents (year, version, path, content_type, title, description, "+
		"body, sha256)",
		rows, "ON CONFLICT (year, version, path) DO NOTHING")
}

func setPublished(ctx context.Context, q db.Q, year string, p publication, now db.Time) error {
	if err := db.Must(ctx, q, `
		UPDATE annual_publications SET released_at = $1 WHERE year = $2 AND version = $3`, now, year, p.Version); err != nil {
		return err
	}
	return db.Must(ctx, q, `
		UPDATE annual_reports SET state = 'published', version = $1, published_at = $2, published_by = $3
		WHERE year = $4`, p.Version, p.PublishedAt, p.PublishedBy, year)
}

func setWithdrawn(ctx context.Context, q db.Q, year string, at db.Time, w withdrawal) error {
	if err := db.Must(ctx, q, `
		UPDATE annual_reports SET state = CASE WHEN version = 0 THEN 'draft' ELSE 'withdrawn' END WHERE year = $1`,
		year); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		UPDATE annual_publications SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_why = $3
		WHERE year = $4 AND withdrawn_at IS NULL`, at, w.By, w.Why, year)
	return err
}

// reportsAmong reads the reports of some years; all when years is nil.
func reportsAmong(ctx context.Context, q db.Reader, years []string) ([]Report, error) {
	var args []any
	return db.All[Report](ctx, q, `
		SELECT year, title, lead, state, version, published_at, published_by, changed_at
		FROM annual_reports WHERE `+db.Among(&args, "year", years), args...)
}

// chaptersAmong reads the chapters of the reports of some years; of all when years is
// nil.
func chaptersAmong(ctx context.Context, q db.Reader, years []string) ([]Chapter, error) {
	var args []any
	return db.All[Chapter](ctx, q, chapterColumns+`
		WHERE c.removed_at IS NULL AND `+db.Among(&args, "c.year", years), args...)
}

func readSalt(ctx context.Context, q db.Reader) (string, error) {
	return db.Get[string](ctx, q, `SELECT salt FROM annual_salt`)
}

// keepSalt keeps a salt where there is none yet.
func keepSalt(ctx context.Context, q db.Q, salt string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO annual_salt (one, salt) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`, salt)
	return err
}
