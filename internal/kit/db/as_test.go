package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// may is an asker who may do what it says.
type may []string

func (m may) Grants() []string { return m }

// walled gives a store with a table whose rows are for who may read them, on either engine.
func walled(t *testing.T, engine db.Engine) *db.DB {
	t.Helper()
	d := testkit.EmptyStore(t, engine)
	run := func(statement string) {
		t.Helper()
		if err := d.Exec1(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE TABLE secrets (id TEXT NOT NULL PRIMARY KEY)`)
	run(`CREATE TABLE db_changes (name TEXT, slot BIGINT, n BIGINT NOT NULL DEFAULT 1, PRIMARY KEY (name, slot))`)
	run(`INSERT INTO secrets (id) VALUES ('one')`)
	if engine == db.Postgres {
		run(`ALTER TABLE secrets ENABLE ROW LEVEL SECURITY`)
		run(`ALTER TABLE secrets FORCE ROW LEVEL SECURITY`)
		run(`CREATE POLICY secrets_all ON secrets FOR ALL
			USING ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(secrets:read|for:upkeep),'))`)
	}
	return d
}

// TestAs: who asks is known to each way of reading and writing, for as long as it lasts.
func TestAs(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			ctx, d := t.Context(), walled(t, engine)
			blind := 0 // what somebody is given who may not
			if engine == db.SQLite {
				blind = 1
			}
			is := func(what string, q db.Reader, want int) {
				t.Helper()
				n, err := db.Get[int](ctx, q, `SELECT count(*) FROM secrets`)
				if err != nil || n != want {
					t.Errorf("%s is given %d rows and not %d, %v", what, n, want, err)
				}
			}
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Error(err)
				}
			}
			reader, other := may{"other:read", "secrets:read"}, may{"other:read"}
			is("nobody", d, blind)
			ok(d.As(reader).Read(ctx, func(q db.Reader) error {
				is("a reader", q, 1)
				ok(db.ReadAs(ctx, q, other, func(q db.Reader) error { is("another within", q, blind); return nil }))
				is("the reader again", q, 1)
				return nil
			}))
			ok(d.As(other).Read(ctx, func(q db.Reader) error { is("another", q, blind); return nil }))
			ok(d.As(may{}).Read(ctx, func(q db.Reader) error { is("who may nothing", q, blind); return nil }))
			ok(d.As(reader).Snapshot(ctx, func(q db.Reader) error {
				is("a reader's snapshot", q, 1)
				w, err := db.NewWatch(q)
				ok(err)
				ok(db.ReadAs(ctx, w, other, func(q db.Reader) error { is("another, watched", q, blind); return nil }))
				is("the reader, watched", w, 1)
				return nil
			}))
			ok(d.As(other).Tx(ctx, func(q db.Q) error {
				is("another who writes", q, blind)
				ok(db.ReadAs(ctx, q, db.ForUpkeep, func(q db.Reader) error { is("upkeep within", q, 1); return nil }))
				is("the other again", q, blind)
				return nil
			}))
			ok(db.ReadAs(ctx, d, reader, func(q db.Reader) error { is("a reader of a store", q, 1); return nil }))
			is("nobody, after all", d, blind)

			wrong := errors.New("wrong")
			for what, err := range map[string]error{
				"Read":     d.As(reader).Read(ctx, func(db.Reader) error { return wrong }),
				"Tx":       d.As(reader).Tx(ctx, func(db.Q) error { return wrong }),
				"Snapshot": d.As(reader).Snapshot(ctx, func(db.Reader) error { return wrong }),
				"ReadAs":   db.ReadAs(ctx, d, reader, func(db.Reader) error { return wrong }),
			} {
				if !errors.Is(err, wrong) {
					t.Errorf("%s gives %v", what, err)
				}
			}
			if engine == db.Postgres { // nothing that is no permission reaches the server
				err := d.As(may{"a:b', 'x"}).Read(ctx, func(db.Reader) error { t.Error("it was read"); return nil })
				if err == nil || !strings.Contains(err.Error(), "is no permission") {
					t.Error(err)
				}
			}
			if err := d.As(reader).Read(ctx, func(q db.Reader) error {
				_, err := q.QueryContext(ctx, `INSERT INTO secrets (id) VALUES ('two')`)
				return err
			}); err == nil {
				t.Error("who reads writes")
			}
		})
	}
}

// TestAsIsLeftBehindNowhere: on PostgreSQL a request that is given up in the middle, and one
// of somebody else at the same time, leave nothing for whoever has the connection next.
func TestAsIsLeftBehindNowhere(t *testing.T) {
	t.Parallel()
	d := walled(t, db.Postgres)
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := d.As(may{"secrets:read"}).Read(ctx, func(q db.Reader) error {
				if i%2 == 0 {
					cancel()
				}
				_, err := db.Get[int](ctx, q, `SELECT count(*) FROM secrets`)
				return err
			})
			if (err != nil) != (i%2 == 0) {
				t.Errorf("%d: %v", i, err)
			}
			if n, err := db.Get[int](t.Context(), d, `SELECT count(*) FROM secrets`); err != nil || n != 0 {
				t.Errorf("whoever is next is given %d rows, %v", n, err)
			}
		})
	}
	wg.Wait()
}
