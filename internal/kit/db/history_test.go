package db_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// sequence is a history with something for each engine alone between what is for
// both.
var sequence = map[string]string{
	"0001_first.sql":       "CREATE TABLE first (id TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL);",
	"0002_find.sqlite.sql": "CREATE VIRTUAL TABLE found USING fts5 (words);",
	"0002_find.postgres.sql": "CREATE TABLE found (words TEXT NOT NULL);\nCREATE INDEX found_words ON found USING gin " +
		"(to_tsvector('simple', words));",
	"0003_only.sqlite.sql":   "CREATE TABLE only_sqlite (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;",
	"0004_only.postgres.sql": "CREATE TABLE only_postgres (id TEXT NOT NULL PRIMARY KEY, at TIMESTAMPTZ);",
	"0005_last.sql":          "CREATE TABLE last (id TEXT NOT NULL REFERENCES first (id));",
}

func files(t *testing.T, from map[string]string, without ...string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, sql := range from {
		out[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n")}
	}
	for _, name := range without {
		delete(out, name)
	}
	return out
}

func TestOneEngineOnly(t *testing.T) {
	t.Parallel()
	for engine, wants := range map[db.Engine]struct{ has, lacks string }{
		db.SQLite: {"only_sqlite", "only_postgres"}, db.Postgres: {"only_postgres", "only_sqlite"},
	} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			d := testkit.EmptyStore(t, engine)
			// An installation of an earlier version goes on from where it was.
			for _, history := range []fstest.MapFS{
				files(t, sequence, "0003_only.sqlite.sql", "0004_only.postgres.sql", "0005_last.sql"), files(t, sequence),
				files(t, sequence),
			} {
				if err := d.Migrate(t.Context(), history); err != nil {
					t.Fatal(err)
				}
			}
			schema, err := d.Schema(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(schema, "\n") + "\n"
			for _, want := range []string{"first.id", "found.words", "last.id", wants.has + ".id"} {
				if !strings.Contains(all, want) {
					t.Errorf("no %s in\n%s", want, all)
				}
			}
			if strings.Contains(all, wants.lacks) {
				t.Errorf("%s was made by the other engine’s file", wants.lacks)
			}

			// A file that comes late, before what was done, is refused: what stands would
			// not be what the numbers say. So is what no engine, or two names, would take.
			for name, want := range map[string]string{
				map[db.Engine]string{db.SQLite: "0004_only.sqlite.sql", db.Postgres: "0003_only.postgres.sql"}[engine]: "missing",
				"0006_find.mysql.sql":       "0006_find.mysql.sql is no migration",
				"0006_find.sqlite.down.sql": "is no migration",
				"0002_other.sql":            "share one sequence",
			} {
				h := files(t, sequence)
				h[name] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE late (id TEXT);\n")}
				if err := d.Migrate(t.Context(), h); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}
