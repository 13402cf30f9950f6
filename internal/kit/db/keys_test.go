package db_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// Keys that were kept as lower case are made again, on both engines. Of two that turn
// out to be one, both stay.
func TestKeysAreMadeAgain(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			d := testkit.EmptyStore(t, engine)
			history := files(t, map[string]string{
				"0001_kit.sql": "CREATE TABLE db_changes (name TEXT, slot BIGINT, n BIGINT DEFAULT 1, PRIMARY KEY (name, slot));",
				"0002_schools.sql": `CREATE TABLE schools (id TEXT NOT NULL PRIMARY KEY, area TEXT NOT NULL, name TEXT NOT NULL,
					name_key TEXT NOT NULL, folded TEXT NOT NULL);
				CREATE UNIQUE INDEX schools_one_name ON schools (area, name_key);
				INSERT INTO schools (id, area, name, name_key, folded) VALUES
					('1', 'n', 'St Mary’s', 'st mary’s', 'st mary’s'), ('2', 'n', 'St Mary''s', 'st mary''s', 'st mary''s'),
					('3', 's', 'St Mary’s', 'st mary’s', 'st mary’s'), ('4', 's', 'École & Co', 'École & co', 'École & co');`,
			})
			history["0003_names.keys"] = &fstest.MapFile{Data: []byte(`# why
schools id: name_key = key(name), unique within area

schools id: folded = fold(folded)
`)}
			if err := d.Migrate(t.Context(), history); err != nil {
				t.Fatal(err)
			}
			type school struct{ ID, Key, Folded string }
			got, err := db.All[school](t.Context(), d, `SELECT id, name_key, folded FROM schools ORDER BY id`)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []school{{"1", "st mary's 1", "st mary's"}, {"2", "st mary's", "st mary's"},
				{"3", "st mary's", "st mary's"}, {"4", "école and co", "ecole and co"}} {
				if got[i] != want {
					t.Errorf("got %+v, want %+v", got[i], want)
				}
			}
			for text, want := range map[string]string{
				"schools id: name_key = upper(name)":   "is no column to make",
				"nowhere id: name_key = key(name)":     "make name_key of nowhere again",
				"schools id: name_key = key(name) now": "is no column to make",
			} {
				history["0004_names.keys"] = &fstest.MapFile{Data: []byte(text)}
				if err := d.Migrate(t.Context(), history); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v", text, err)
				}
			}
			delete(history, "0004_names.keys")
			history["four_names.keys"] = &fstest.MapFile{}
			if err := d.Migrate(t.Context(), history); err == nil || !strings.Contains(err.Error(), "has no number") {
				t.Error(err)
			}
		})
	}
}
