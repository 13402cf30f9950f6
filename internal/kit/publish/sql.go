package publish

import (
	"context"
	"time"

	"kith/internal/kit/db"
)

// A row is an item with how far it has come, as work knows it.
type row struct {
	Kind, Key string
	Turn      int64
	Version   int64
	Wanted    string
	Payload   string
	Shown     int64
	DecidedAt db.Time
	SettledAt db.Time
	TriedAt   db.Time
	Tries     int64
	Problem   string
}

// What may be wanted.
const (
	shown = "shown"
	gone  = "gone"
)

func (r row) item() Item {
	return Item{Kind: r.Kind, Key: r.Key, Version: r.Version, Payload: r.Payload, Gone: r.Wanted == gone,
		DecidedAt: r.DecidedAt, turn: r.Turn}
}

// decide writes what is wanted of a thing, and gives it the next turn. A turn is
// the time in milliseconds where that is later, so that a store of work that was
// brought back from a backup does not fall behind the public store. refuse keeps
// it from deciding over a taking down that is not carried out, or over a later
// version.
func decide(ctx context.Context, q db.Q, i Item, counted, refuse bool, now time.Time) (bool, error) {
	wanted := shown
	if i.Gone {
		wanted = gone
	}
	n, err := db.Exec(ctx, q, `
		INSERT INTO publish_outbox (kind, item_key, turn, version, wanted, payload, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, item_key) DO UPDATE SET
			turn = CASE WHEN publish_outbox.turn < excluded.turn THEN excluded.turn ELSE publish_outbox.turn + 1 END,
			version = CASE WHEN $8 THEN publish_outbox.version + 1 WHEN excluded.version = 0 THEN publish_outbox.version
				ELSE excluded.version END,
			wanted = excluded.wanted, payload = excluded.payload, decided_at = excluded.decided_at,
			settled_at = NULL, tried_at = NULL, tries = 0, problem = ''
		WHERE NOT $9 OR (publish_outbox.version <= excluded.version OR $8)
			AND (publish_outbox.wanted = 'shown' OR publish_outbox.settled_at IS NOT NULL)`,
		i.Kind, i.Key, now.UnixMilli(), i.Version, wanted, i.Payload, db.At(now), counted, refuse)
	return n == 1, err
}

func rowOf(ctx context.Context, q db.Reader, kind, key string) (row, error) {
	return db.Get[row](ctx, q, `
		SELECT kind, item_key, turn, version, wanted, payload, shown, decided_at, settled_at, tried_at, tries, problem
		FROM publish_outbox WHERE kind = $1 AND item_key = $2`, kind, key)
}

// unsettled lists what the public store is not known to have; kind "" means all.
func unsettled(ctx context.Context, q db.Reader, kind string) ([]row, error) {
	return db.All[row](ctx, q, `
		SELECT kind, item_key, turn, version, wanted, payload, shown, decided_at, settled_at, tried_at, tries, problem
		FROM publish_outbox WHERE settled_at IS NULL AND ($1 = '' OR kind = $1) ORDER BY decided_at, kind, item_key`, kind)
}

// settle notes that the public store has what was decided, unless something else
// has been decided since.
func settle(ctx context.Context, q db.Q, r row, at db.Time) (bool, error) {
	n, err := db.Exec(ctx, q, `
		UPDATE publish_outbox SET settled_at = $4, tried_at = $4, problem = '',
			shown = CASE WHEN wanted = 'shown' THEN version ELSE 0 END
		WHERE kind = $1 AND item_key = $2 AND turn = $3 AND settled_at IS NULL`, r.Kind, r.Key, r.Turn, at)
	return n == 1, err
}

func noteFailure(ctx context.Context, q db.Q, r row, problem string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		UPDATE publish_outbox SET tried_at = $4, tries = tries + 1, problem = $5
		WHERE kind = $1 AND item_key = $2 AND turn = $3 AND settled_at IS NULL`, r.Kind, r.Key, r.Turn, at, problem)
	return err
}

// retake gives a decision that the public store is ahead of the turn after that.
func retake(ctx context.Context, q db.Q, r row, turn int64) error {
	_, err := db.Exec(ctx, q, `
		UPDATE publish_outbox SET turn = $4 WHERE kind = $1 AND item_key = $2 AND turn = $3 AND settled_at IS NULL`,
		r.Kind, r.Key, r.Turn, turn)
	return err
}

// A turnOf is how far a thing has come in one of the stores.
type turnOf struct {
	Kind, Key string
	Turn      int64
}

func settledTurns(ctx context.Context, q db.Reader) ([]turnOf, error) {
	return db.All[turnOf](ctx, q, `
		SELECT kind, item_key, turn FROM publish_outbox WHERE settled_at IS NOT NULL ORDER BY kind, item_key`)
}

// unsettle has a decision carried out once more.
func unsettle(ctx context.Context, q db.Q, t turnOf) error {
	_, err := db.Exec(ctx, q, `
		UPDATE publish_outbox SET settled_at = NULL, tried_at = NULL, tries = 0
		WHERE kind = $1 AND item_key = $2 AND turn = $3`, t.Kind, t.Key, t.Turn)
	return err
}

// A mark is how far a thing has come in the public store.
type mark struct {
	Turn    int64
	Version int64
}

func markOf(ctx context.Context, q db.Reader, kind, key string) (mark, error) {
	return db.Get[mark](ctx, q, `SELECT turn, version FROM publish_marks WHERE kind = $1 AND item_key = $2`, kind, key)
}

func allMarks(ctx context.Context, q db.Reader) ([]turnOf, error) {
	return db.All[turnOf](ctx, q, `SELECT kind, item_key, turn FROM publish_marks`)
}

// claim moves the mark on to a decision's turn. It changes nothing, and says so,
// when the mark is there or further already: two who release at once wait for each
// other at this row, and the second finds it moved.
func claim(ctx context.Context, q db.Q, r row, at db.Time) (bool, error) {
	version := r.Version
	if r.Wanted == gone {
		version = 0
	}
	n, err := db.Exec(ctx, q, `
		INSERT INTO publish_marks (kind, item_key, turn, version, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, item_key) DO UPDATE SET
			turn = excluded.turn, version = excluded.version, changed_at = excluded.changed_at
		WHERE publish_marks.turn < excluded.turn`, r.Kind, r.Key, r.Turn, version, at)
	return n == 1, err
}

func countChange(ctx context.Context, q db.Q) error {
	return db.Must(ctx, q, `UPDATE publish_changes SET number = number + 1 WHERE id = 1`)
}

// changeNumber is the number that every change to what the public sees counts up.
func changeNumber(ctx context.Context, q db.Reader) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT number FROM publish_changes WHERE id = 1`)
}
