package identity

import (
	"context"

	"kith/internal/kit/db"
)

// selectStaffList reads a StaffList, in the order of its fields.
const selectStaffList = `
	SELECT l.id, l.file, l.content, l.made_at, l.done_at, p.name, l.begun_by, l.how,
		(SELECT count(*) FROM identity_staff_rows r WHERE r.list_id = l.id AND r.content <> '')
	FROM identity_staff_lists l JOIN people p ON p.id = l.made_by`

func staffLists(ctx context.Context, q db.Reader, limit, offset int) ([]StaffList, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM identity_staff_lists`)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[StaffList](ctx, q, selectStaffList+` ORDER BY l.made_at DESC, l.id LIMIT $1 OFFSET $2`, limit, offset)
	return list, total, err
}

func staffList(ctx context.Context, q db.Reader, id string) (StaffList, error) {
	return db.Get[StaffList](ctx, q, selectStaffList+` WHERE l.id = $1`, id)
}

func insertStaffList(ctx context.Context, q db.Q, l StaffList, by string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO identity_staff_lists (id, file, content, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5)`, l.ID, l.File, l.Content, by, l.MadeAt)
	return err
}

// beginStaffList keeps that a list was confirmed and how, for the first who says so.
func beginStaffList(ctx context.Context, q db.Q, id, by, how string) (first bool, err error) {
	n, err := db.Exec(ctx, q, `UPDATE identity_staff_lists SET begun_by = $2, how = $3
		WHERE id = $1 AND begun_by IS NULL AND done_at IS NULL`, id, by, how)
	return n > 0, err
}

// endStaffList keeps what was done by a list, for the first who says so.
func endStaffList(ctx context.Context, q db.Q, id, content string, at db.Time) error {
	n, err := db.Exec(ctx, q, `UPDATE identity_staff_lists SET content = $2, done_by = begun_by, done_at = $3
		WHERE id = $1 AND done_at IS NULL`, id, content, at)
	if err != nil || n == 0 {
		return err
	}
	_, err = db.Exec(ctx, q, `DELETE FROM identity_staff_rows WHERE list_id = $1`, id)
	return err
}

// A begunRow is a row of a list that was begun.
type begunRow struct {
	Line    int64
	Content string
}

func begunRows(ctx context.Context, q db.Reader, listID string) ([]begunRow, error) {
	return db.All[begunRow](ctx, q, `SELECT line, content FROM identity_staff_rows WHERE list_id = $1`, listID)
}

// beginStaffRow keeps that a row was begun.
func beginStaffRow(ctx context.Context, q db.Q, listID string, line int64) error {
	_, err := db.Exec(ctx, q, `INSERT INTO identity_staff_rows (list_id, line) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		listID, line)
	return err
}

// endStaffRow keeps what was done by a row, for the first who says so.
func endStaffRow(ctx context.Context, q db.Q, listID string, line int64, content string) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_staff_rows SET content = $3 WHERE list_id = $1 AND line = $2
		AND content = ''`, listID, line, content)
	return err
}

func deleteStaffList(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_staff_lists WHERE id = $1 AND done_at IS NULL AND begun_by IS NULL`, id)
}

// deleteOldStaffLists forgets lists that nobody confirmed since a day, and what was done
// before another.
func deleteOldStaffLists(ctx context.Context, q db.Q, waiting, done db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_staff_lists
		WHERE done_at IS NULL AND begun_by IS NULL AND made_at <= $1 OR done_at <= $2`, waiting, done)
	return err
}
