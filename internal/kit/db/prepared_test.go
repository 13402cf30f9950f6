package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestStatementsComeAgain runs the same few statements often, beside each other and
// across a change of the schema: what was prepared answers as what was not.
func TestStatementsComeAgain(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			ctx, d := t.Context(), testkit.NewStores(t, engine).Work
			exec := func(statement string, args ...any) {
				t.Helper()
				if err := d.Tx(ctx, func(q db.Q) error { _, err := db.Exec(ctx, q, statement, args...); return err }); err != nil {
					t.Fatal(err)
				}
			}
			exec(`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
			var wg sync.WaitGroup
			const writers, each = 4, 25
			for w := range writers {
				wg.Go(func() {
					for i := range each {
						err := d.Tx(ctx, func(q db.Q) error {
							if _, err := db.Exec(ctx, q, `INSERT INTO things (id, name) VALUES ($1, $2)`, w*each+i,
								fmt.Sprint(i)); err != nil {
								return err
							}
							// The same statement twice in one transaction, each with its own values.
							for _, id := range []int{w*each + i, -1} {
								n, err := db.All[string](ctx, q, `SELECT name FROM things WHERE id = $1`, id)
								if err != nil || len(n) != map[bool]int{true: 1, false: 0}[id >= 0] {
									return fmt.Errorf("thing %d: %v, %w", id, n, err)
								}
							}
							return nil
						})
						if err != nil {
							t.Error(err)
						}
						if n, err := db.Get[string](ctx, d, `SELECT name FROM things WHERE id = $1`, w*each+i); err != nil ||
							n != fmt.Sprint(i) {
							t.Errorf("thing %d: %q, %v", w*each+i, n, err)
						}
					}
				})
			}
			wg.Wait()
			count := func() int {
				t.Helper()
				var n int
				err := d.Snapshot(ctx, func(r db.Reader) (err error) {
					n, err = db.Get[int](ctx, r, `SELECT count(*) FROM things`)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			for range 5 {
				if n := count(); n != writers*each {
					t.Errorf("%d things, not %d", n, writers*each)
				}
			}
			if n := db.Prepared(d); (n > 0) != (engine == db.SQLite) {
				t.Errorf("%d statements are prepared", n)
			}

			// A broken statement breaks one run, not the next.
			for i := range 5 {
				err := d.Tx(ctx, func(q db.Q) error {
					_, err := db.Exec(ctx, q, `INSERT INTO things (id, name) VALUES ($1, $2)`, 0, "again")
					return err
				})
				if !db.IsUnique(err) {
					t.Errorf("again: %v", err)
				}
				exec(`INSERT INTO things (id, name) VALUES ($1, $2)`, 1000+i, "new")
			}
			// Statements go on when a table has changed under them.
			exec(`ALTER TABLE things ADD COLUMN kind TEXT NOT NULL DEFAULT 'a'`)
			exec(`CREATE INDEX things_by_name ON things (name)`)
			if n := count(); n != writers*each+5 {
				t.Errorf("%d things after the change", n)
			}
			exec(`INSERT INTO things (id, name) VALUES ($1, $2)`, 2000, "late")
			if got, err := db.Get[string](ctx, d, `SELECT name FROM things WHERE id = $1`, 2000); err != nil || got != "late" {
				t.Errorf("late: %q, %v", got, err)
			}
			// A request that ended leaves the statement whole.
			ended, end := context.WithCancel(ctx)
			end()
			if _, err := db.All[string](ended, d, `SELECT name FROM things WHERE id = $1`, 2000); err == nil {
				t.Error("an ended request was answered")
			}
			if got, err := db.Get[string](ctx, d, `SELECT name FROM things WHERE id = $1`, 2000); err != nil || got != "late" {
				t.Errorf("after an ended request: %q, %v", got, err)
			}
		})
	}
}

// TestPreparedIsBounded: statements that never come again are neither prepared nor
// remembered for long.
func TestPreparedIsBounded(t *testing.T) {
	t.Parallel()
	d := testkit.EmptyStore(t, db.SQLite)
	for i := range 700 {
		for range 4 {
			if _, err := db.Get[int](t.Context(), d, fmt.Sprintf(`SELECT %d`, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := db.Prepared(d); n != 500 {
		t.Errorf("%d statements are prepared, not 500", n)
	}
}
