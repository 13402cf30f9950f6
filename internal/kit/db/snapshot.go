package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	in := cachedTx{tx: tx, p: d.reading}
	if err := f(&snapshot{tx: &in, d: d}); err != nil {
		return err
	}
	tx.Rollback() // gives the connection back
	in.after(ctx)
	return nil
}

// A snapshot is a transaction that only reads, with no way to be taken for a Q.
type snapshot struct {
	tx *cachedTx
	d  *DB
	asking
}

func (s *snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, query, args...)
}

// errNoSnapshot is a fault of the program.
var errNoSnapshot = errors.New("this Reader is not of a Snapshot")

// Changes tells how often each table had been changed when the snapshot r was
// taken. A table that was never changed is not in it.
func Changes(ctx context.Context, r Reader) (map[string]int64, error) {
	if _, ok := r.(*snapshot); !ok {
		return nil, errNoSnapshot
	}
	rows, err := All[struct {
		Name string
		N    int64
	}](ctx, r, `SELECT name, CAST(sum(n) AS BIGINT) FROM db_changes GROUP BY name`)
	if err != nil {
		return nil, fmt.Errorf("read how often tables changed: %w", err)
	}
	out := map[string]int64{}
	for _, x := range rows {
		out[x.Name] = x.N
	}
	return out, nil
}

// Version tells how often the tables that are counted had been changed in all: while it stays as
// it was, so does what they hold.
func Version(ctx context.Context, r Reader) (int64, error) {
	n, err := Get[int64](ctx, r, `SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) FROM db_changes`)
	return n, Wrap(err, "read how often records changed")
}

// A Watch is a Reader over a snapshot that notes which tables its queries name.
type Watch struct {
	s    *snapshot
	read map[string]bool
}

// NewWatch makes a Watch over r, which is the Reader of a Snapshot.
func NewWatch(r Reader) (*Watch, error) {
	s, ok := r.(*snapshot)
	if !ok {
		return nil, errNoSnapshot
	}
	return &Watch{s: s, read: map[string]bool{wholeStore: true}}, nil
}

// QueryContext makes a Watch a Reader.
func (w *Watch) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t, err := w.s.d.schemaOf(ctx, w.s)
	if err != nil {
		return nil, err
	}
	maps.Copy(w.read, t.named(query))
	return w.s.QueryContext(ctx, query, args...)
}

// Tables lists what was read: the names under which Changes counts it.
func (w *Watch) Tables() []string { return slices.Sorted(maps.Keys(w.read)) }
