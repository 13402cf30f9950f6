package partnership

import (
	"context"

	"kith/internal/kit/db"
)

// What can be found, by ids; all when there are none to narrow it by.

func organisationsAmong(ctx context.Context, q db.Reader, ids []string) ([]Organisation, error) {
	var args []any
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` WHERE `+db.Among(&args, "o.id", ids), args...)
}

func committeesAmong(ctx context.Context, q db.Reader, ids []string) ([]Committee, error) {
	var args []any
	return db.All[Committee](ctx, q, `
		SELECT id, name, purpose, meets, position, ended_on FROM partnership_committees WHERE `+
		db.Among(&args, "id", ids), args...)
}

// meetingsAmong reads the meetings of some committees.
func meetingsAmong(ctx context.Context, q db.Reader, committees []string) ([]Meeting, error) {
	var args []any
	return db.All[Meeting](ctx, q, `SELECT id, committee_id, held_on, about FROM partnership_meetings WHERE `+
		db.Among(&args, "committee_id", committees), args...)
}

func committeeOf(ctx context.Context, q db.Reader, meetingID string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT committee_id FROM partnership_meetings WHERE id = $1`, meetingID)
}
