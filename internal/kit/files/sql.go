package files

import (
	"context"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// versionColumns are the columns of a Version, in the order of its fields.
const versionColumns = `v.version, v.name, v.content, v.preview, v.mime, v.size, v.sha256, v.removed, v.harmless,
	v.asks, v.reason, v.by_id, v.by_name, v.added_at, v.state, v.found`

// fileColumns are the columns of a File.
const fileColumns = `f.id, f.record_id, f.erase_on, ` + versionColumns + `
	FROM files f JOIN files_versions v ON v.file_id = f.id AND v.version = f.version`

// home gives the part of the folder or bucket that is this installation's; fresh is its
// name if it has none.
func home(ctx context.Context, q db.Q, fresh string) (string, error) {
	if _, err := db.Exec(ctx, q, `INSERT INTO files_home (one, name) VALUES (1, $1) ON CONFLICT DO NOTHING`,
		fresh); err != nil {
		return "", err
	}
	return db.Get[string](ctx, q, `SELECT name FROM files_home`)
}

// filesOf lists the files of a record, the first added first.
func filesOf(ctx context.Context, q db.Reader, p Place, record string) ([]File, error) {
	return db.All[File](ctx, q, `SELECT `+fileColumns+`
		WHERE f.room = $1 AND f.kind = $2 AND f.record_id = $3 ORDER BY f.created_at, v.name, f.id`, p.Room, p.Kind, record)
}

func fileAt(ctx context.Context, q db.Reader, p Place, record, id string) (File, error) {
	return db.Get[File](ctx, q, `SELECT `+fileColumns+`
		WHERE f.room = $1 AND f.kind = $2 AND f.record_id = $3 AND f.id = $4`, p.Room, p.Kind, record, id)
}

// lockFile reads a file to be changed in this transaction.
func lockFile(ctx context.Context, q db.Q, p Place, record, id string) (File, error) {
	if err := db.Must(ctx, q, `UPDATE files SET version = version WHERE id = $1`, id); err != nil {
		return File{}, err
	}
	return fileAt(ctx, q, p, record, id)
}

// versionsOf lists the versions of a file that are kept, the newest first.
func versionsOf(ctx context.Context, q db.Reader, file string) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+versionColumns+`
		FROM files_versions v WHERE v.file_id = $1 AND v.state <> 'asked' ORDER BY v.version DESC`, file)
}

func versionOf(ctx context.Context, q db.Reader, file string, number int64) (Version, error) {
	return db.Get[Version](ctx, q, `SELECT `+versionColumns+`
		FROM files_versions v WHERE v.file_id = $1 AND v.version = $2`, file, number)
}

// An askedRow is a version that is asked about.
type askedRow struct {
	FileID string
	Version
}

// askedOf lists what a person is asked about at a record.
func askedOf(ctx context.Context, q db.Reader, p Place, record, person string) ([]askedRow, error) {
	return db.All[askedRow](ctx, q, `SELECT f.id, `+versionColumns+`
		FROM files f JOIN files_versions v ON v.file_id = f.id
		WHERE f.room = $1 AND f.kind = $2 AND f.record_id = $3 AND v.state = 'asked' AND v.by_id = $4
		ORDER BY v.added_at, v.name, f.id, v.version`, p.Room, p.Kind, record, person)
}

func insertFile(ctx context.Context, q db.Q, p Place, f File, version int64, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO files (id, room, kind, record_id, version, erase_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		f.ID, p.Room, p.Kind, f.RecordID, version, f.EraseOn, db.At(now))
	return err
}

// nextVersion gives the number of a file's next version.
func nextVersion(ctx context.Context, q db.Reader, file string) (int64, error) {
	n, err := db.Get[int64](ctx, q, `SELECT CAST(COALESCE(max(version), 0) AS BIGINT) FROM files_versions
		WHERE file_id = $1`, file)
	return n + 1, err
}

func insertVersion(ctx context.Context, q db.Q, file string, v Version) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO files_versions (file_id, version, name, content, preview, mime, size, sha256, removed, harmless, asks,
			reason, by_id, by_name, added_at, state, found, tried_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $15)`,
		file, v.Number, v.Name, v.Content, v.Preview, v.MIME, v.Size, v.SHA256, v.Removed, v.Harmless, v.Asks, v.Reason,
		v.ByID, v.By, v.At, string(v.State), v.Found)
	return err
}

// raiseVersion makes a version the newest of its file, unless a later one is.
func raiseVersion(ctx context.Context, q db.Q, file string, version int64) error {
	return db.Must(ctx, q, `UPDATE files SET version = CASE WHEN version < $2 THEN $2 ELSE version END WHERE id = $1`,
		file, version)
}

// keepAsked keeps a version that was asked about; db.ErrNotFound when it was answered.
func keepAsked(ctx context.Context, q db.Q, file string, version int64, reason string, now time.Time) error {
	return db.Must(ctx, q, `
		UPDATE files_versions SET state = 'waiting', reason = $3, tried_at = $4
		WHERE file_id = $1 AND version = $2 AND state = 'asked'`, file, version, reason, db.At(now))
}

func setEraseOn(ctx context.Context, q db.Q, file string, on period.Date) error {
	return db.Must(ctx, q, `UPDATE files SET erase_on = $2 WHERE id = $1`, file, on)
}

// setChecked notes what the virus checker found in a version that waits for it.
func setChecked(ctx context.Context, q db.Q, file string, version int64, state State, found string) error {
	return db.Must(ctx, q, `
		UPDATE files_versions SET state = $3, found = $4 WHERE file_id = $1 AND version = $2 AND state = 'waiting'`,
		file, version, string(state), found)
}

// leave notes that contents are to be removed.
func leave(ctx context.Context, q db.Q, v Version, now time.Time) error {
	rows := [][]any{{v.Content, db.At(now)}}
	if v.Preview != "" {
		rows = append(rows, []any{string(v.Preview), db.At(now)})
	}
	return db.Insert(ctx, q, `INSERT INTO files_leaving (content, since)`, rows, `ON CONFLICT DO NOTHING`)
}

func leaving(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT content FROM files_leaving ORDER BY since, content`)
}

func left(ctx context.Context, q db.Q, content string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM files_leaving WHERE content = $1`, content)
	return err
}

// allVersions lists every version of a file, also those that are asked about.
func allVersions(ctx context.Context, q db.Reader, file string) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+versionColumns+` FROM files_versions v WHERE v.file_id = $1`, file)
}

func deleteFile(ctx context.Context, q db.Q, file string) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM files_versions WHERE file_id = $1`, file); err != nil {
		return err
	}
	return db.Must(ctx, q, `DELETE FROM files WHERE id = $1`, file)
}

// deleteAsked takes away a version that was not kept, and its file if that has no other.
func deleteAsked(ctx context.Context, q db.Q, file string, version int64) error {
	if err := db.Must(ctx, q, `DELETE FROM files_versions WHERE file_id = $1 AND version = $2 AND state = 'asked'`,
		file, version); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		DELETE FROM files WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM files_versions v WHERE v.file_id = $1)`, file)
	return err
}

// idsOf lists the files of a record, also those whose first version is asked about.
func idsOf(ctx context.Context, q db.Reader, room, kind, record string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT id FROM files WHERE room = $1 AND kind = $2 AND record_id = $3`,
		room, kind, record)
}

// A dueRow is a file whose day has come.
type dueRow struct{ ID, Room, Kind, RecordID string }

func dueFiles(ctx context.Context, q db.Reader, today period.Date) ([]dueRow, error) {
	return db.All[dueRow](ctx, q, `SELECT id, room, kind, record_id FROM files
		WHERE erase_on <= $1 ORDER BY created_at, id`, today)
}

// forgotten lists the versions that nobody answered for since a time.
func forgotten(ctx context.Context, q db.Reader, before time.Time) ([]askedRow, error) {
	return db.All[askedRow](ctx, q, `SELECT v.file_id, `+versionColumns+`
		FROM files_versions v WHERE v.state = 'asked' AND v.tried_at < $1`, db.At(before))
}

// A waitingRow is a version that waits for the virus checker.
type waitingRow struct {
	FileID  string
	Version int64
}

func waiting(ctx context.Context, q db.Reader, before time.Time) ([]waitingRow, error) {
	return db.All[waitingRow](ctx, q, `SELECT file_id, version FROM files_versions
		WHERE state = 'waiting' AND tried_at < $1 ORDER BY tried_at LIMIT 1000`, db.At(before))
}

func tried(ctx context.Context, q db.Q, w waitingRow, now time.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE files_versions SET tried_at = $3 WHERE file_id = $1 AND version = $2`,
		w.FileID, w.Version, db.At(now))
	return err
}

// contents lists the names of all contents there should be, or that are being removed.
func contents(ctx context.Context, q db.Reader) (map[string]bool, error) {
	all, err := db.All[string](ctx, q, `SELECT content FROM files_versions
		UNION ALL SELECT preview FROM files_versions WHERE preview IS NOT NULL
		UNION ALL SELECT content FROM files_leaving`)
	known := make(map[string]bool, len(all))
	for _, name := range all {
		known[name] = true
	}
	return known, err
}
