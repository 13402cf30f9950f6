package db_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

func set(ctx context.Context, d *db.DB, name string) error {
	return d.Tx(ctx, func(q db.Q) error {
		_, err := db.Exec(ctx, q, `INSERT INTO settings (name, value, changed_at) VALUES ($1, 'v', $2)`, name,
			db.At(time.Unix(0, 0)))
		return err
	})
}

// TestSnapshot: what is committed inside the function's time, even before its
// first query, is not seen; afterwards it is.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx := t.Context()
		count := func(q db.Reader) int {
			n, err := db.Get[int](ctx, q, `SELECT count(*) FROM settings`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := set(ctx, s.Work, "before"); err != nil {
			t.Fatal(err)
		}
		err := s.Work.Snapshot(ctx, func(r db.Reader) error {
			for _, name := range []string{"first", "second"} {
				if err := set(ctx, s.Work, name); err != nil {
					return err
				}
				if n := count(r); n != 1 {
					t.Errorf("with %q committed beside it the snapshot sees %d rows", name, n)
				}
			}
			if _, ok := r.(db.Q); ok {
				t.Error("a snapshot can be written to")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(s.Work); n != 3 {
			t.Errorf("%d rows after", n)
		}
	})
}

// TestSnapshotsAtOnce: many snapshots wait for each other's connections and do
// not fail.
func TestSnapshotsAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				if err := s.Work.Snapshot(t.Context(), func(r db.Reader) error {
					_, err := db.All[string](t.Context(), r, `SELECT name FROM settings`)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}
