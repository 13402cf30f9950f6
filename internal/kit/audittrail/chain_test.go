package audittrail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A world is a trail on a clock that tests move.
type world struct {
	t     testing.TB
	now   time.Time
	trail Trail
	chain *Chain
	db    *db.DB
	in    db.Q // the transaction in which somebody tampers, which is rolled back
}

func open(t testing.TB, s testkit.Stores) *world {
	w := &world{t: t, now: time.Date(2024, 4, 2, 9, 0, 0, 123456789, time.UTC), db: s.Work}
	clock := func() time.Time { w.now = w.now.Add(time.Second); return w.now }
	w.trail = Trail{Now: clock, NewID: ids.New}
	w.chain = &Chain{DB: s.Work, Now: clock, Dir: filepath.Join(t.TempDir(), "audit")}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tx(f func(q db.Q) error) { w.t.Helper(); w.ok(w.db.Tx(w.t.Context(), f)) }

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.ok(db.Must(w.t.Context(), w.in, query, args...))
}

// act notes acts from one number to another.
func (w *world) act(from, to int) {
	w.t.Helper()
	for i := from; i <= to; i++ {
		w.tx(func(q db.Q) error {
			by := web.Person{ID: fmt.Sprintf("p%d", i%3), Name: fmt.Sprintf("Person %d", i%3)}
			return w.trail.Note(w.t.Context(), q, by, "changed", "person", fmt.Sprintf("p%d", i%4), fmt.Sprintf("Act %d", i))
		})
	}
}

func (w *world) seal(want int) {
	w.t.Helper()
	n, err := w.chain.Seal(w.t.Context())
	w.ok(err)
	if n != want {
		w.t.Fatalf("%d acts were sealed, and not %d", n, want)
	}
}

// check verifies with what the folder keeps.
func (w *world) check() *Report {
	w.t.Helper()
	kept, key, err := Kept(w.chain.Dir)
	w.ok(err)
	if w.in != nil {
		r := &Report{}
		stored, err := heads(w.t.Context(), w.in)
		w.ok(err)
		w.ok(r.walk(w.t.Context(), w.in, r.readHeads(verifiers(w.t, key), stored, kept)))
		return r
	}
	r, err := Verify(w.t.Context(), w.db, kept, key)
	w.ok(err)
	return r
}

func (w *world) good(sealed int64, open int) {
	w.t.Helper()
	if r := w.check(); !r.OK() || r.Sealed != sealed || r.Open != open || r.Unproven != 0 {
		w.t.Fatalf("%d sealed, %d open: %+v", sealed, open, r)
	}
}

func TestChain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.seal(0)
		w.good(0, 0)
		w.act(1, 7)
		w.good(0, 7)
		w.seal(7)
		w.seal(0)
		w.act(8, 9)
		w.good(7, 2)
		w.seal(2)
		w.good(9, 0)
		if r := w.check(); r.Until.Before(w.now.Add(-time.Minute)) {
			t.Errorf("sealed until %v", r.Until)
		}
		for name, mode := range map[string]os.FileMode{keyFile: 0o600, pubFile: 0o600, headsFile: 0o600} {
			if st, err := os.Stat(filepath.Join(w.chain.Dir, name)); err != nil || st.Mode().Perm() != mode {
				t.Errorf("%s: %v, %v", name, st, err)
			}
		}
		// A transaction that is rolled back leaves no link.
		s.Work.Tx(t.Context(), func(q db.Q) error {
			w.ok(w.trail.Note(t.Context(), q, web.Person{}, "did", "thing", "x", ""))
			return db.ErrNotFound
		})
		w.seal(0)
		w.good(9, 0)
	})
}

// tampering is what somebody with the database might do, and what is said of it.
var tampering = map[string]struct {
	do   func(w *world, id string)
	said string
}{
	"another detail": {func(w *world, id string) { w.exec(`UPDATE audit_trail SET detail = 'x' WHERE id = $1`, id) },
		"Act 5"},
	"another person": {func(w *world, id string) { w.exec(`UPDATE audit_trail SET person = 'Eve' WHERE id = $1`, id) },
		"Act 5"},
	"another person's id": {func(w *world, id string) {
		w.exec(`UPDATE audit_trail SET person_id = 'e' WHERE id = $1`, id)
	}, "Act 5"},
	"another act":    {func(w *world, id string) { w.exec(`UPDATE audit_trail SET act = 'x' WHERE id = $1`, id) }, "Act 5"},
	"another reason": {func(w *world, id string) { w.exec(`UPDATE audit_trail SET reason = 'x' WHERE id = $1`, id) }, "Act 5"},
	"other changes": {func(w *world, id string) { w.exec(`UPDATE audit_trail SET changes = '[]' WHERE id = $1`, id) },
		"Act 5"},
	"another time": {func(w *world, id string) {
		w.exec(`UPDATE audit_trail SET at = $2 WHERE id = $1`, id, db.At(time.Unix(1, 0)))
	}, "Act 5"},
	"deleted": {func(w *world, id string) { w.exec(`DELETE FROM audit_trail WHERE id = $1`, id) },
		"Act 5"},
	"deleted with its link": {func(w *world, id string) {
		w.exec(`DELETE FROM audit_trail WHERE id = $1`, id)
		w.exec(`DELETE FROM audit_chain WHERE entry_id = $1`, id)
	}, "Act 5 was taken out"},
	"without its link": {func(w *world, id string) { w.exec(`DELETE FROM audit_chain WHERE entry_id = $1`, id) },
		"added past the program"},
	"words erased by nobody": {func(w *world, id string) {
		w.exec(`UPDATE audit_trail SET detail = '' WHERE id = $1`, id)
		w.exec(`UPDATE audit_chain SET words_salt = '' WHERE entry_id = $1`, id)
	}, "Act 5"},
	"name erased by nobody": {func(w *world, id string) {
		w.exec(`UPDATE audit_trail SET person = '' WHERE id = $1`, id)
		w.exec(`UPDATE audit_chain SET who_salt = '' WHERE entry_id = $1`, id)
	}, "Act 5"},
	"two change places": {func(w *world, id string) {
		w.exec(`UPDATE audit_chain SET n = 99 WHERE n = 5`)
		w.exec(`UPDATE audit_chain SET n = 5 WHERE n = 6`)
		w.exec(`UPDATE audit_chain SET n = 6 WHERE n = 99`)
	}, "Act 6"},
	"put between": {func(w *world, id string) {
		w.exec(`INSERT INTO audit_trail (id, at, act, subject) VALUES ('zz', $1, 'did', 'thing')`, db.At(w.now))
	}, "zz"},
	"truncated with its end": {func(w *world, id string) {
		w.exec(`DELETE FROM audit_trail WHERE id IN (SELECT entry_id FROM audit_chain WHERE n > 8)`)
		w.exec(`DELETE FROM audit_chain WHERE n > 8`)
		w.exec(`UPDATE audit_end SET n = 8, hash = (SELECT hash FROM audit_chain WHERE n = 8)`)
		w.exec(`DELETE FROM audit_heads WHERE n > 8`)
	}, "the last were taken away"},
	"truncated": {func(w *world, id string) { w.exec(`DELETE FROM audit_chain WHERE n > 9`) }, "10 to 12"},
	"all gone": {func(w *world, id string) {
		w.exec(`DELETE FROM audit_trail`)
		w.exec(`DELETE FROM audit_chain`)
		w.exec(`UPDATE audit_end SET n = 0, hash = ''`)
		w.exec(`DELETE FROM audit_heads`)
	}, "the last were taken away"},
	"the end gone": {func(w *world, id string) { w.exec(`DELETE FROM audit_end`) }, "The end of the chain was taken away"},
	"a head changed": {func(w *world, id string) {
		w.exec(`UPDATE audit_heads SET note = replace(note, 'kith audit trail', 'kith-audit trail') WHERE n = 12`)
	}, "head in the database"},
}

// errUndone ends a transaction that is to leave nothing.
var errUndone = errors.New("undone")

// TestTampering: each is found, and said where.
func TestTampering(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.act(1, 8)
		w.seal(8)
		w.act(9, 12)
		w.seal(4)
		w.good(12, 0)
		id, err := db.Get[string](t.Context(), s.Work, `SELECT entry_id FROM audit_chain WHERE n = 5`)
		w.ok(err)
		for what, c := range tampering {
			err := s.Work.Tx(t.Context(), func(q db.Q) error {
				w.in = q
				c.do(w, id)
				if r := w.check(); r.OK() || !strings.Contains(strings.Join(r.Faults, "\n"), c.said) {
					t.Errorf("%s: nothing says %q: %+v", what, c.said, r)
				}
				return errUndone
			})
			if w.in = nil; !errors.Is(err, errUndone) {
				t.Fatal(what, err)
			}
		}
		w.good(12, 0)

		// The whole chain made again over other entries, as whoever knows the program can.
		w.tx(func(q db.Q) error {
			w.in = q
			w.exec(`UPDATE audit_trail SET detail = 'x' WHERE id = $1`, id)
			w.exec(`UPDATE audit_chain SET n = NULL`)
			w.exec(`UPDATE audit_end SET n = 0, hash = ''`)
			w.exec(`DELETE FROM audit_heads`)
			return nil
		})
		w.in = nil
		forger := *w.chain
		forger.Dir = filepath.Join(t.TempDir(), "forger")
		_, err = forger.Seal(t.Context())
		w.ok(err)
		if r := w.check(); !strings.Contains(strings.Join(r.Faults, "\n"), "not those that were signed") {
			t.Errorf("a chain that was made again is not found: %+v", r)
		}
	})
}

// TestTamperingProperty: whatever one cell of one row is changed to, it is found, and so
// is every row or link that is taken away.
func TestTamperingProperty(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	w := open(t, s)
	w.act(1, 40)
	w.seal(40)
	type entry struct{ EntryID string }
	all, err := db.All[entry](t.Context(), s.Work, `SELECT entry_id FROM audit_chain ORDER BY n`)
	w.ok(err)
	kept, key, err := Kept(w.chain.Dir)
	w.ok(err)
	rapid.Check(t, func(r *rapid.T) {
		id := rapid.SampledFrom(all).Draw(r, "entry").EntryID
		query := rapid.SampledFrom([]string{
			`UPDATE audit_trail SET person = $2 || person WHERE id = $1`,
			`UPDATE audit_trail SET person_id = $2 || person_id WHERE id = $1`,
			`UPDATE audit_trail SET act = $2 || act WHERE id = $1`,
			`UPDATE audit_trail SET subject = $2 || subject WHERE id = $1`,
			`UPDATE audit_trail SET subject_id = subject_id || $2 WHERE id = $1`,
			`UPDATE audit_trail SET detail = detail || $2 WHERE id = $1`,
			`UPDATE audit_trail SET reason = $2 WHERE id = $1`,
			`UPDATE audit_trail SET changes = $2 WHERE id = $1`,
			`UPDATE audit_chain SET who_salt = who_salt || $2 WHERE entry_id = $1`,
			`UPDATE audit_chain SET words_salt = words_salt || $2 WHERE entry_id = $1`,
			`UPDATE audit_chain SET who = who || $2 WHERE entry_id = $1`,
			`UPDATE audit_chain SET words = words || $2 WHERE entry_id = $1`,
			`UPDATE audit_chain SET hash = hash || $2 WHERE entry_id = $1`,
			`UPDATE audit_chain SET n = n + 1000 + length($2) WHERE entry_id = $1`,
			`DELETE FROM audit_trail WHERE id = $1 AND $2 <> ''`,
			`DELETE FROM audit_chain WHERE entry_id = $1 AND $2 <> ''`,
		}).Draw(r, "query")
		with := rapid.StringMatching(`[a-z0-9 é,:]{1,12}`).Draw(r, "with")
		err := s.Work.Tx(t.Context(), func(q db.Q) error {
			if err := db.Must(t.Context(), q, query, id, with); err != nil {
				return err
			}
			report := &Report{}
			signed := report.readHeads(verifiers(t, key), nil, kept)
			if err := report.walk(t.Context(), q, signed); err != nil {
				return err
			}
			if report.OK() {
				r.Errorf("%s of %s with %q is not found", query, id, with)
			}
			return errUndone
		})
		if !errors.Is(err, errUndone) {
			r.Fatal(err)
		}
	})
	w.good(40, 0)
}

// TestTwoNodesSeal: however many seal at once, there is one chain.
func TestTwoNodesSeal(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		other := &Chain{DB: s.Work, Now: time.Now, Dir: filepath.Join(t.TempDir(), "other")}
		w.chain.Now = time.Now
		w.act(1, 700)
		var all sync.WaitGroup
		for _, c := range []*Chain{w.chain, other, w.chain, other} {
			all.Go(func() {
				for range 5 {
					if _, err := c.Seal(context.WithoutCancel(t.Context())); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		w.act(701, 702)
		w.seal(2)
		kept, key, err := Kept(w.chain.Dir)
		w.ok(err)
		more, second, err := Kept(other.Dir)
		w.ok(err)
		r, err := Verify(t.Context(), s.Work, append(kept, more...), key, second)
		if err != nil || !r.OK() || r.Sealed != 702 || r.Unproven != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = Verify(t.Context(), s.Work, kept, key); err != nil || !r.OK() {
			t.Fatalf("without the other node's key: %+v, %v", r, err)
		}
	})
}

// TestErase: a person's name and the words about them go, and the chain stands.
func TestErase(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.act(1, 12)
		erase := func() error {
			return s.Work.Tx(t.Context(), func(q db.Q) error {
				return w.trail.Erase(t.Context(), q, Entry{Person: "Ada", PersonID: "a", SubjectID: "p1", Reason: "asked for it"})
			})
		}
		if err := erase(); err == nil || !strings.Contains(err.Error(), ErrOpenLinks.Error()) {
			t.Fatalf("erased before it was sealed: %v", err)
		}
		w.seal(12)
		w.ok(erase())
		w.seal(1)
		w.good(13, 0)
		left, err := db.All[string](t.Context(), s.Work, `
			SELECT person || detail FROM audit_trail WHERE person_id = 'p1' AND subject_id <> 'p1' OR subject_id = 'p1' AND
			subject = 'person' AND person_id <> 'p1'`)
		w.ok(err)
		for _, text := range left {
			if strings.Contains(text, "Person 1") && strings.Contains(text, "Act") {
				t.Errorf("%q is left", text)
			}
		}
		names, err := db.Get[int](t.Context(), s.Work, `
			SELECT count(*) FROM audit_trail WHERE person = 'Person 1' OR subject = 'person' AND subject_id = 'p1' AND
			detail <> ''`)
		if err != nil || names != 0 {
			t.Errorf("%d names or words are left, %v", names, err)
		}
		// What was not erased is still held to its words.
		w.tx(func(q db.Q) error {
			return db.Must(t.Context(), q, `UPDATE audit_trail SET detail = 'x' WHERE id =
				(SELECT entry_id FROM audit_chain WHERE n = 2)`)
		})
		if w.check().OK() {
			t.Error("a change after an erasure is not found")
		}
	})
}

// TestHeads: a file of heads is read as it was written, by hand or by the program.
func TestHeads(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	w := open(t, s)
	w.act(1, 2)
	w.seal(2)
	w.act(3, 3)
	w.seal(1)
	kept, key, err := Kept(w.chain.Dir)
	w.ok(err)
	if len(kept) != 2 {
		t.Fatalf("%d heads: %q", len(kept), kept)
	}
	text := "From an e-mail\r\n\r\n" + strings.ReplaceAll(strings.Join(kept, "\n\n\n"), "\n", "\r\n")
	r, err := Verify(t.Context(), s.Work, ReadHeads(text), key)
	if err != nil || !r.OK() || r.Unproven != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = Verify(t.Context(), s.Work, []string{strings.Replace(kept[1], "\n3\n", "\n4\n", 1)}, key)
	if err != nil || r.OK() {
		t.Errorf("a forged head: %+v, %v", r, err)
	}
	if r, err = Verify(t.Context(), s.Work, kept); err != nil || !r.OK() || r.Unproven != 4 {
		t.Errorf("without a key: %+v, %v", r, err)
	}
	if _, err = Verify(t.Context(), s.Work, kept, "no key"); err == nil {
		t.Error("what is no key is taken for one")
	}
	for _, bad := range []string{"", "x", origin, origin + "\n0\nh\n2024-04-02T09:00:00Z\n",
		origin + "\n1\nh\nyesterday\n"} {
		if _, err := readHead(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
