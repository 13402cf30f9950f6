package app

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestUpgrade brings a small installation of each earlier schema up to date, on both
// engines: the figures of the reference come out, and what was published is still
// there.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	parts, err := os.ReadDir(dumps)
	if err != nil || len(parts) == 0 {
		t.Fatalf("no dumps to upgrade: %v", err)
	}
	for _, part := range parts {
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			t.Run(part.Name()+" "+string(engine), func(t *testing.T) {
				t.Parallel()
				proof := conversions[part.Name()]
				a := upgraded(t, engine, filepath.Join(dumps, part.Name()), proof.before...)
				for _, want := range reference {
					t.Run(want.name(), func(t *testing.T) { want.check(t, a.Figures) })
				}
				publishedIsThere(t, a)
				for _, want := range proof.after {
					got, err := db.Get[string](t.Context(), a.Work, want.query)
					if err != nil || got != want.is {
						t.Errorf("%s: %q, %v; and should be %q", want.query, got, err, want.is)
					}
				}
			})
		}
	}
}

// upgraded opens the installation of a dump, as the program of today does. before are
// statements that change the workspace while it is still of the dump's schema.
func upgraded(t *testing.T, engine db.Engine, dump string, before ...string) *App {
	t.Helper()
	c := Config{Dir: t.TempDir()}
	if engine == db.Postgres {
		c.DB = testkit.EmptyDatabases(t, "", "_public")
	}
	loadDump(t, c.public(), filepath.Join(dump, "public"), histories["public"])
	loadDump(t, c.work(), filepath.Join(dump, "work"), histories["work"])
	change(t, c.work(), before...)
	return open(t, c)
}

// A conversion says what is in an installation before, beside what its dump has, and
// what the migrations have made of both.
type conversion struct {
	before []string
	after  []struct{ query, is string }
}

// conversions are by the part whose dump it is. The part that writes a migration of
// rows adds its proof to those before it.
var conversions = map[string]conversion{
	"02": {
		before: []string{
			`UPDATE people SET name = 'Two of One Name' WHERE name IN ('Practitioner 804', 'Practitioner 806')`,
			`UPDATE intake_imports SET by_person = 'Two of One Name' WHERE kind = 'contacts'`,
			`UPDATE intake_imports SET by_person = '' WHERE kind = 'early-help'`,
			`INSERT INTO intake_imports (id, kind, state, progress, by_person, created_at)
				SELECT 'stopped', kind, 'running', 'half', by_person, created_at FROM intake_imports
				WHERE kind = 'training-history'`,
			`UPDATE indicators_attested SET by_person = 'Two of One Name' WHERE figure = 'attested.families-outcomes'`,
		},
		after: []struct{ query, is string }{
			// Who gave an import and who entered a figure is a person where the name says which.
			{`SELECT MIN(p.name) FROM imports_ledger i JOIN people p ON p.id = i.by_id
				WHERE i.kind = 'training-history'`, "Maren Holloway"},
			{`SELECT CASE WHEN COUNT(*) = 2 THEN 'two' ELSE 'not two' END FROM people WHERE name = 'Two of One Name'`, "two"},
			{`SELECT MAX(by_id) FROM imports_ledger WHERE kind IN ('contacts', 'early-help')`, ""},
			{`SELECT MAX(by_person) FROM imports_ledger WHERE kind = 'contacts'`, "Two of One Name"},
			{`SELECT MAX(by_person) FROM imports_ledger WHERE kind = 'early-help'`, "the command line"},
			{`SELECT state FROM imports_ledger WHERE id = 'stopped'`, "interrupted"},
			{`SELECT p.name FROM indicators_attested s JOIN people p ON p.id = s.by_id
				WHERE s.figure = 'attested.health-plans-on-time'`, "Maren Holloway"},
			{`SELECT by_id FROM indicators_attested WHERE figure = 'attested.families-outcomes'`, ""},
			// Whom a supplied figure counts was not always said: then it is protected as if they were children.
			{`SELECT counted FROM indicators_attested WHERE figure = 'attested.families-outcomes'`, ""},
			{`SELECT counted FROM indicators_attested WHERE figure = 'attested.health-plans-on-time'`, "children"},
			{`SELECT CASE WHEN COUNT(*) > 0 THEN 'kept' ELSE 'lost' END FROM audit_trail
				WHERE subject = 'self-assessment'`, "kept"},
			{`SELECT CASE WHEN COUNT(*) > 0 THEN 'kept' ELSE 'lost' END FROM audit_trail
				WHERE subject = 'audit round'`, "lost"},
			{`SELECT wanted FROM publish_outbox
				WHERE kind = 'annual.report' AND item_key = '2023-24' AND settled_at IS NOT NULL`, "shown"},
			{`SELECT CASE WHEN COUNT(*) = 0 THEN 'settled' ELSE 'waiting' END FROM publish_outbox
				WHERE settled_at IS NULL`, "settled"},
			{`SELECT title FROM register_sectors WHERE id = 'criminal-justice'`, "Criminal justice"},
		},
	},
	"03": {
		before: []string{`UPDATE register_sectors SET words = 'fire,rescue-service' WHERE id = 'fire-rescue'`,
			`INSERT INTO organisations (id, name, folded, sector, created_at) VALUES
				('curly', 'St Mary’s', 'st mary’s', 'education', '2024-01-01 00:00:00'),
				('straight', 'St Mary''s', 'st mary''s', 'education', '2024-01-01 00:00:00'),
				('dash', 'Harbour – Lane', 'harbour – lane', 'education', '2024-01-01 00:00:00')`,
			`INSERT INTO people (id, name, folded, email, created_at) VALUES
				('zoe', 'Zoë O’Brien', 'zoë o’brien zoe@x.example', 'zoe@x.example', '2024-01-01 00:00:00')`,
			`INSERT INTO audit_trail (id, at, act, subject, subject_id)
				VALUES ('t', '2024-01-01 00:00:00', 'added', 'organisation', 'straight')`},
		after: []struct{ query, is string }{
			// What is booked is known to calendars as they were told.
			{`SELECT CASE WHEN COUNT(*) > 0 THEN 'known' ELSE 'none' END FROM training_bookings b
				JOIN training_sessions s ON s.id = b.session_id
				WHERE b.status = 'booked' AND b.calendar_id = b.session_id AND b.sequence = s.sequence + 1`, "known"},
			// What a sector is also called is words that people read; what they changed is theirs.
			{`SELECT words FROM register_sectors WHERE id = 'criminal-justice'`, "probation\nyouth justice\njustice\n"},
			{`SELECT words FROM register_sectors WHERE id = 'fire-rescue'`, "fire,rescue-service"},
			// Names are compared by one key. Of two that turn out to be one, both are there.
			{`SELECT name_key FROM organisations WHERE id = 'straight'`, "st mary's"},
			{`SELECT name_key FROM organisations WHERE id = 'curly'`, "st mary's curly"},
			{`SELECT name_key FROM organisations WHERE id = 'dash'`, "harbour - lane"},
			{`SELECT folded FROM organisations WHERE id = 'curly'`, "st mary's"},
			{`SELECT name_key FROM people WHERE id = 'zoe'`, "zoë o'brien"},
			{`SELECT folded FROM people WHERE id = 'zoe'`, "zoe o'brien zoe@x.example"},
			// An organisation that a person added is a relevant agency; one that a file brought is not yet.
			{`SELECT agency FROM organisations WHERE id = 'straight'`, "yes"},
			{`SELECT agency FROM organisations WHERE id = 'curly' AND brought`, ""},
		},
	},
}

// change runs statements in a store that is not up to date.
func change(t testing.TB, at string, statements ...string) {
	t.Helper()
	d, err := db.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = asBefore(t.Context(), d, func() error {
		for _, s := range statements {
			if err := d.Exec1(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// publishedIsThere looks at the public sites as anybody does.
func publishedIsThere(t *testing.T, a *App) {
	t.Helper()
	pages := a.Handler()
	for at, want := range map[string]string{
		"/hubs/big-learn":              "The Big Learn",
		"/report/2023-24/":             "2,819",
		"/report/2023-24/summary.html": "777",
	} {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil))
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %q", at, w.Code, want)
		}
		if n := strings.Count(body, "<html"); n != 1 {
			t.Errorf("%s has %d frames", at, n)
		}
	}
}
