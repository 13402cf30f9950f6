package db

import (
	"context"
	"database/sql"
	"fmt"
)

// Snapshot runs f with a Reader that sees the store as it was at one point in
// time: what is committed while f runs is not seen. Inside f use only its
// Reader, in one goroutine: it holds a connection of the pool. f computes and
// returns; it never writes a page out, since a slow reader at the other end would
// keep the snapshot open, which no engine cleans up behind.
func (d *DB) Snapshot(ctx context.Context, f func(Reader) error) error {
	tx, err := d.read.BeginTx(ctx, d.engine.snapshotOptions())
	if err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	defer tx.Rollback() // nothing was written
	// Both engines fix the point in time by the first read and not by the begin.
	if _, err := All[int](ctx, tx, d.engine.firstRead()); err != nil {
		return fmt.Errorf("fix snapshot: %w", err)
	}
	return f(snapshot{tx})
}

// A snapshot is a transaction that only reads, with no way to be taken for a Q.
type snapshot struct{ tx *sql.Tx }

func (s snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, query, args...)
}
