package identity

import (
	"context"

	"kith/internal/kit/db"
)

// selectStaffList reads a StaffList, in the order of its fields.
const selectStaffList = `
	SELECT l.id, l.file, l.content, l.made_at, l.done_at, p.name
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

// updateStaffList keeps what was done by a list, for the first who says so.
func updateStaffList(ctx context.Context, q db.Q, id, content, by string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE identity_staff_lists SET content = $2, done_by = $3, done_at = $4 WHERE id = $1`, id,
		content, by, at)
}

func deleteStaffList(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_staff_lists WHERE id = $1 AND done_at IS NULL`, id)
}

// deleteOldStaffLists forgets lists that nobody confirmed since a day, and what was done
// before another.
func deleteOldStaffLists(ctx context.Context, q db.Q, waiting, done db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_staff_lists
		WHERE done_at IS NULL AND made_at <= $1 OR done_at <= $2`, waiting, done)
	return err
}
