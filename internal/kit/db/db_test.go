package db_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
	"kith/migrations"
)

func TestTx(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, now := t.Context(), time.Date(2024, 3, 31, 22, 30, 0, 123000, time.UTC)
		boom := errors.New("boom")
		put := func(name string, fail error) error {
			return s.Work.Tx(ctx, func(q db.Q) error {
				if _, err := db.Exec(ctx, q, `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`, name, "v",
					db.At(now)); err != nil {
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
		if _, err := db.Get[string](ctx, s.Work, `SELECT value FROM settings WHERE name = $1`, "none"); !errors.Is(err,
			db.ErrNotFound) {
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

// shared lists the schema of a store without what its history says is for one
// engine.
func shared(t *testing.T, d *db.DB, history fs.FS) []string {
	t.Helper()
	schema, err := d.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	apart, err := migrations.Apart(history)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(schema, func(line string) bool {
		table, _, _ := strings.Cut(strings.TrimPrefix(line, "index "), ".")
		return slices.Contains(apart, table)
	})
}

// The parity of what both have is not lost for what one has.
func TestSchemaApart(t *testing.T) {
	t.Parallel()
	with := map[string]string{}
	for name, sql := range sequence {
		with[name] = sql
	}
	with["0002_find.sqlite.sql"] = "-- parity: leaves out found, found_data,found_idx , found_content, found_docsize, " +
		"found_config\n" + with["0002_find.sqlite.sql"]
	with["0002_find.postgres.sql"] = "-- parity: leaves out found_words\n" + with["0002_find.postgres.sql"]
	with["0003_only.sqlite.sql"] = "-- parity: leaves out only_sqlite\n" + with["0003_only.sqlite.sql"]
	with["0004_only.postgres.sql"] = "-- parity: leaves out only_postgres\n" + with["0004_only.postgres.sql"]
	history := files(t, with)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		d := testkit.EmptyStore(t, engine)
		if err := d.Migrate(t.Context(), history); err != nil {
			t.Fatal(err)
		}
		if got, want := shared(t, d, history), []string{"first.id not null", "first.words not null",
			"last.id not null"}; !slices.Equal(got, want) {
			t.Errorf("%s: %q", engine, got)
		}
	}
	// Only what is for one engine may leave something out.
	history["0005_last.sql"] = &fstest.MapFile{
		Data: []byte("-- parity: leaves out first\n-- +goose Up\nCREATE TABLE last (id TEXT);\n")}
	if _, err := migrations.Apart(history); err == nil {
		t.Error("a file for both engines leaves a table out of the comparison")
	}
}

// TestSchemaParity holds the two engines to the same tables, columns and indexes.
func TestSchemaParity(t *testing.T) {
	t.Parallel()
	lite, pg := testkit.NewStores(t, db.SQLite), testkit.NewStores(t, db.Postgres)
	for name, pair := range map[string][2]*db.DB{"work": {lite.Work, pg.Work}, "public": {lite.Public, pg.Public}} {
		history := map[string]fs.FS{"work": migrations.Work(), "public": migrations.Public()}[name]
		a, b := shared(t, pair[0], history), shared(t, pair[1], history)
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

// TestLike: what people type is found as it stands, in any case, and is never a
// pattern of its own.
func TestLike(t *testing.T) {
	t.Parallel()
	names := []string{"100% attended", "1000 attended", "a_b", "axb", `back\slash`}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for typed, want := range map[string][]string{
			"100%": {"100% attended"}, "A_B": {"a_b"}, `\`: {`back\slash`}, "%": {"100% attended"},
			"  Attended": {"100% attended", "1000 attended"},
		} {
			got := []string{}
			for _, n := range names {
				found, err := db.Get[bool](t.Context(), s.Work, `SELECT CAST($1 AS TEXT) LIKE $2 ESCAPE '\'`, db.Fold(n),
					db.Like(typed))
				if err != nil {
					t.Fatal(err)
				}
				if found {
					got = append(got, n)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, not %q", typed, got, want)
			}
		}
	})
}

// A search of text that is not kept folded finds a name however its marks are written.
func TestLikeLower(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for typed, text := range map[string]string{"O'Brien": "Sean O’Brien", "o’brien": "Sean O'Brien", "ZOË": "Zoë Ash",
			"a - b": "A – B", "50%": "50% of them", "a_b": "a_b", "": "anything"} {
			found, err := db.Get[bool](t.Context(), s.Work, `SELECT lower($1) LIKE $2 ESCAPE '\'`, text, db.LikeLower(typed))
			if err != nil || !found {
				t.Errorf("%q does not find %q: %v", typed, text, err)
			}
		}
		for typed, text := range map[string]string{"50%": "500", "a_b": "axb", "brian": "Sean O’Brien"} {
			if found, err := db.Get[bool](t.Context(), s.Work, `SELECT lower($1) LIKE $2 ESCAPE '\'`, text,
				db.LikeLower(typed)); err != nil || found {
				t.Errorf("%q finds %q: %v", typed, text, err)
			}
		}
	})
}

// TestTrouble: a full disk and a store that is away are told from what is wrong with a query.
func TestTrouble(t *testing.T) {
	t.Parallel()
	lite := testkit.NewStores(t, db.SQLite).Work
	full := lite.Tx(t.Context(), func(q db.Q) error {
		if _, err := q.ExecContext(t.Context(), `CREATE TABLE test_full (x TEXT)`); err != nil {
			return err
		}
		if _, err := q.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // no more than there are
			return err
		}
		_, err := db.Exec(t.Context(), q, `INSERT INTO test_full (x) VALUES ($1)`, strings.Repeat("x", 1<<20))
		return err
	})
	stores := testkit.NewStores(t, db.Postgres)
	raised := func(code string) error {
		return stores.Work.Exec1(t.Context(), "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '"+code+"'; END $$")
	}
	_, ended := db.All[bool](t.Context(), stores.Work, `SELECT pg_terminate_backend(pg_backend_pid())`)
	_, refused := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none")
	_, wrong := db.All[int](t.Context(), lite, `SELECT nothing`)
	for _, c := range []struct {
		name       string
		err        error
		full, away bool
	}{
		{"SQLite is full", full, true, false},
		{"PostgreSQL is full", raised("53100"), true, false},
		{"the connection was ended", ended, false, true},
		{"nobody listens", refused, false, true},
		{"too many connections", raised("53300"), false, true},
		{"the server stops", raised("57P01"), false, true},
		{"a wrong query", wrong, false, false},
		{"a wrong value", raised("22021"), false, false},
		{"not found", db.ErrNotFound, false, false},
	} {
		if c.err == nil || db.IsFull(c.err) != c.full || db.IsAway(c.err) != c.away {
			t.Errorf("%s: full %v, away %v: %v", c.name, db.IsFull(c.err), db.IsAway(c.err), c.err)
		}
	}
}
