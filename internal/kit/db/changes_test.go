package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

func TestTarget(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT a FROM t": "select ",
		"\n\t -- why\n /* and */ INSERT INTO t (a) VALUES (1)": "insert t",
		"insert or ignore into \"T\" (a) SELECT a FROM u":      "insert t",
		"UPDATE t SET a = 1 RETURNING id":                      "update t",
		"Delete From t\nWHERE a = 1":                           "delete t",
		"WITH x AS (SELECT 1) DELETE FROM t":                   "with ",
		"VACUUM INTO 'x.db'":                                   "vacuum ",
		"":                                                     " ",
	} {
		verb, table := db.Target(query)
		if got := verb + " " + table; got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

func TestOnlyColumns(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		"UPDATE training_sessions SET taken = taken + 1 WHERE id = $1 AND state = 'open'":        true,
		"update training_sessions set taken=coalesce($1, 0)":                                     true,
		"UPDATE training_sessions SET taken = $2, capacity = $3 WHERE id = $1":                   false,
		"UPDATE training_sessions SET state = 'open', taken = 0":                                 false,
		"UPDATE training_sessions SET taken = (SELECT count(*) FROM t WHERE a = 1), state = 'x'": false,
		"UPDATE training_sessions SET (taken, state) = (1, 'x')":                                 false,
		"UPDATE people SET taken = 1":                                                            false,
	} {
		if got := db.OnlyColumns(query); got != want {
			t.Errorf("%q: %t", query, got)
		}
	}
}

// changed gives how often the named tables changed since before.
func changed(t testing.TB, d *db.DB, before map[string]int64) (string, map[string]int64) {
	t.Helper()
	var now map[string]int64
	if err := d.Snapshot(t.Context(), func(r db.Reader) (err error) {
		now, err = db.Changes(t.Context(), r)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range []string{"audits_agencies", "audits_multi_agency", "jobs", "organisations",
		"partnership_attendance", "partnership_meetings", "people"} {
		if n := now[name] - before[name]; n != 0 {
			out = append(out, fmt.Sprintf("%s %d", name, n))
		}
	}
	return strings.Join(out, ", "), now
}

// TestChanges: each transaction counts once each table that it wrote, whatever the
// shape of the statement, and the tables whose rows go with a deleted one.
func TestChanges(t *testing.T) {
	t.Parallel()
	const org = `
		INSERT INTO organisations (id, name, folded, sector, created_at) VALUES ($1, $1, $1, 'health', '2024-01-01 00:00:00')`
	boom := errors.New("boom")
	exec := func(query string, args ...any) func(context.Context, db.Q) error {
		return func(ctx context.Context, q db.Q) error { _, err := q.ExecContext(ctx, query, args...); return err }
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		_, now := changed(t, s.Work, nil)
		for _, c := range []struct {
			name string
			do   func(context.Context, db.Q) error
			want string
		}{
			{"a query", func(ctx context.Context, q db.Q) error {
				_, err := db.All[string](ctx, q, `SELECT name FROM organisations`)
				return err
			}, ""},
			{"an insert", exec(org, "a"), "organisations 1"},
			{"two of them, and a table that is not counted", func(ctx context.Context, q db.Q) error {
				for _, id := range []string{"b", "c"} {
					if err := exec(org, id)(ctx, q); err != nil {
						return err
					}
				}
				return exec(`DELETE FROM jobs`)(ctx, q)
			}, "organisations 1"},
			{"rows that an update returns", func(ctx context.Context, q db.Q) error {
				_, err := db.All[string](ctx, q, `UPDATE organisations SET name = 'A' WHERE id = 'a' RETURNING id`)
				return err
			}, "organisations 1"},
			{"rows to hang on each other", func(ctx context.Context, q db.Q) error {
				for _, query := range []string{
					`
						INSERT INTO partnership_committees (id, name, folded, purpose, created_at)
							VALUES ('c', 'C', 'c', '', '2024-01-01 00:00:00')`,
					`
						INSERT INTO partnership_meetings (id, committee_id, held_on, created_at)
							VALUES ('m', 'c', '2024-01-01', '2024-01-01 00:00:00')`,
				} {
					if err := exec(query)(ctx, q); err != nil {
						return err
					}
				}
				return nil
			}, "partnership_meetings 1"},
			{"a delete, with what hangs on it", exec(`DELETE FROM partnership_meetings`),
				"partnership_attendance 1, partnership_meetings 1"},
			{"a statement that begins otherwise", exec(`
				WITH gone AS (SELECT id FROM people) DELETE FROM audits_multi_agency WHERE id IN (SELECT id FROM gone)`),
				"audits_agencies 1, audits_multi_agency 1, people 1"},
			{"nothing that matches", exec(`DELETE FROM people WHERE id = 'none'`), ""},
			{"a transaction that fails", func(ctx context.Context, q db.Q) error {
				return errors.Join(exec(org, "d")(ctx, q),
					boom)
			}, ""},
		} {
			if err := s.Work.Tx(t.Context(), func(q db.Q) error { return c.do(t.Context(), q) }); err != nil &&
				!errors.Is(err, boom) {
				t.Fatalf("%s: %v", c.name, err)
			}
			var got string
			if got, now = changed(t, s.Work, now); got != c.want {
				t.Errorf("%s: counted %q, want %q", c.name, got, c.want)
			}
		}
		if err := s.Work.Exec1(t.Context(), `UPDATE organisations SET name = 'B'`); err != nil {
			t.Fatal(err)
		}
		if got, _ := changed(t, s.Work, now); got != "organisations 1" {
			t.Errorf("outside a transaction: counted %q", got)
		}
		for _, d := range []*db.DB{s.Work, s.Public} {
			if hidden, err := d.HiddenWrites(t.Context()); err != nil || len(hidden) > 0 {
				t.Errorf("rows are written that no statement names: %q %v", hidden, err)
			}
		}
	})
}

// TestWatch: what a computation reads is told by its queries.
func TestWatch(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		err := s.Work.Snapshot(t.Context(), func(r db.Reader) error {
			w, err := db.NewWatch(r)
			if err != nil {
				return err
			}
			for _, query := range []string{`SELECT count(*) FROM people`, `
				SELECT count(*) FROM "organisations" o LEFT JOIN people p ON p.organisation_id = o.id`} {
				if _, err := db.Get[int](t.Context(), w, query); err != nil {
					return err
				}
			}
			if got := strings.Join(w.Tables(), " "); got != " organisations people" {
				t.Errorf("read %q", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.NewWatch(s.Work); err == nil {
			t.Error("a store is taken for a snapshot")
		}
	})
}

// TestChangesAddUp: transactions that write the same tables in different orders do
// not wait for each other in a ring, and none is lost.
func TestChangesAddUp(t *testing.T) {
	t.Parallel()
	const writers, each = 64, 8
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		_, before := changed(t, s.Work, nil)
		statements := []string{ // of a shape that does not say whether it found any row
			`WITH none AS (SELECT 1) DELETE FROM people WHERE id = 'none'`,
			`WITH none AS (SELECT 1) DELETE FROM audits_agencies WHERE audit_id = 'none'`,
			`WITH none AS (SELECT 1) DELETE FROM partnership_meetings WHERE id = 'none'`}
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					order := rand.Perm(len(statements))
					if err := s.Work.Tx(t.Context(), func(q db.Q) error {
						for _, i := range order {
							if _, err := q.ExecContext(t.Context(), statements[i]); err != nil {
								return err
							}
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		const n = writers * each
		want := fmt.Sprintf("audits_agencies %d, partnership_attendance %d, partnership_meetings %d, people %d", n, n, n, n)
		if got, _ := changed(t, s.Work, before); got != want {
			t.Errorf("counted %s, want %s", got, want)
		}
		if slots, err := db.Get[int](t.Context(), s.Work,
			`SELECT count(*) FROM db_changes WHERE name = 'people'`); err != nil || s.Work.Engine() == db.Postgres &&
			slots < 16 {
			t.Errorf("spread over %d rows, %v", slots, err)
		}
	})
}
