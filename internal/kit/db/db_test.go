package db_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

func TestTx(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, now := t.Context(), time.Date(2024, 3, 31, 22, 30, 0, 123000, time.UTC)
		boom := errors.New("boom")
		put := func(name string, fail error) error {
			return s.Work.Tx(ctx, func(q db.Q) error {
				if _, err := db.Exec(ctx, q, `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`, name, "v", db.At(now)); err != nil {
					return err
				}
				return fail
			})
		}
		if err := put("a", nil); err != nil {
			t.Fatal(err)
		}
		if err := put("b", boom); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if err := put("a", nil); !db.IsUnique(err) {
			t.Fatalf("a second row of the same key: %v", err)
		}
		names, err := db.All[string](ctx, s.Work, `SELECT name FROM settings`)
		if err != nil || !slices.Equal(names, []string{"a"}) {
			t.Fatalf("a failed transaction left something: %v %v", names, err)
		}
		last, err := db.Get[db.Time](ctx, s.Work, `SELECT max(changed_at) FROM settings`)
		if err != nil || !last.Equal(now) {
			t.Fatalf("got %v %v", last, err)
		}
		if _, err := db.Get[string](ctx, s.Work, `SELECT value FROM settings WHERE name = $1`, "none"); !errors.Is(err, db.ErrNotFound) {
			t.Fatal(err)
		}
	})
}

func TestInsertMany(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx := t.Context()
		var rows [][]any
		for i := range 137 {
			rows = append(rows, []any{time.Duration(i).String(), "v", db.At(time.Unix(0, 0))})
		}
		if err := s.Work.Tx(ctx, func(q db.Q) error {
			return db.Insert(ctx, q, `INSERT INTO settings (name, value, changed_at)`, rows, "")
		}); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Get[int](ctx, s.Work, `SELECT count(*) FROM settings`); err != nil || n != 137 {
			t.Fatal(n, err)
		}
	})
}

// TestSchemaParity holds the two engines to the same tables, columns and indexes.
func TestSchemaParity(t *testing.T) {
	t.Parallel()
	lite, pg := testkit.NewStores(t, db.SQLite), testkit.NewStores(t, db.Postgres)
	for name, pair := range map[string][2]*db.DB{"work": {lite.Work, pg.Work}, "public": {lite.Public, pg.Public}} {
		a, err := pair[0].Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := pair[1].Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range a {
			if !slices.Contains(b, x) {
				t.Errorf("%s: only on SQLite: %s", name, x)
			}
		}
		for _, x := range b {
			if !slices.Contains(a, x) {
				t.Errorf("%s: only on PostgreSQL: %s", name, x)
			}
		}
	}
}
