package db_test

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestMatch: a question is written as each engine reads it, and of nothing that a
// person typed.
func TestMatch(t *testing.T) {
	t.Parallel()
	m := db.AllOf(db.Stem("a1"), db.AnyOf(db.Stem("b"), db.AllOf(db.Stem("c"), db.Stem("d"))))
	for engine, want := range map[db.Engine]string{
		db.SQLite:   `("a1" AND ("b" OR ("c" AND "d")))`,
		db.Postgres: `('a1' & ('b' | ('c' & 'd')))`,
	} {
		if got := m.On(testkit.EmptyStore(t, engine)); got != want {
			t.Errorf("%s: %s", engine, got)
		}
	}
	for _, typed := range []string{`a"b`, "a'b", "A", "é", "a b", "*"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken for a stem", typed)
				}
			}()
			db.Stem(typed)
		}()
	}
}
