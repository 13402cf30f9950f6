package publish_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/publish"
	"kith/internal/testkit"
)

// notes is a kind of thing that is published: a row with its text.
type notes struct {
	release, settled func() error // what else happens; nil for nothing
}

const kind = "test.note"

func (n *notes) Release(ctx context.Context, q db.Q, i publish.Item) error {
	_, err := db.Exec(ctx, q, `INSERT INTO test_notes (name, says) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET says = excluded.says`, i.Key, i.Payload)
	return errors.Join(err, also(n.release))
}

func (n *notes) Withdraw(ctx context.Context, q db.Q, i publish.Item) error {
	_, err := db.Exec(ctx, q, `DELETE FROM test_notes WHERE name = $1`, i.Key)
	return errors.Join(err, also(n.release))
}

func (n *notes) Settled(ctx context.Context, q db.Q, i publish.Item) error {
	version := i.Version
	if i.Gone {
		version = 0
	}
	_, err := db.Exec(ctx, q, `INSERT INTO test_known (name, version) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET version = excluded.version`, i.Key, version)
	return errors.Join(err, also(n.settled))
}

func also(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

// clock is moved by the tests.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time       { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) move(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }
func newClock() *clock                { return &clock{t: time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is one node with both stores.
type house struct {
	*publish.Outbox
	t      testing.TB
	notes  *notes
	queue  *jobs.Queue
	waited time.Duration
}

func newHouse(t testing.TB, work, public *db.DB, c *clock) *house {
	log := testkit.Log(t)
	q := jobs.New(work, c.now, ids.New, log)
	h := &house{t: t, notes: &notes{}, queue: q}
	h.Outbox = publish.New(publish.Deps{Work: work, Public: public, Now: c.now, Jobs: q, Log: log,
		Cache: publish.NewCache(public, c.now),
		Wait:  func(d time.Duration) { h.waited += d; c.move(d) }})
	h.Handle(kind, h.notes)
	return h
}

func tables(t testing.TB, s testkit.Stores) {
	t.Helper()
	must(t, s.Public.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `CREATE TABLE test_notes (name TEXT NOT NULL PRIMARY KEY, says TEXT NOT NULL)`)
		return err
	}))
	must(t, s.Work.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `CREATE TABLE test_known (name TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)`)
		return err
	}))
}

func (h *house) put(key string, version int64) error {
	return h.Work.Tx(h.t.Context(), func(q db.Q) error {
		return h.Put(h.t.Context(), q, publish.Item{Kind: kind, Key: key, Version: version,
			Payload: fmt.Sprint("version ", version)})
	})
}

func (h *house) take(key string) error {
	return h.Work.Tx(h.t.Context(), func(q db.Q) error {
		return h.Take(h.t.Context(), q, publish.Item{Kind: kind, Key: key})
	})
}

func (h *house) release(key string) error { return h.Release(h.t.Context(), kind, key) }

// seen is what the public sees of a note: "version 2", or "" for nothing.
func seen(t testing.TB, public *db.DB, key string) string {
	t.Helper()
	says, err := db.Get[string](t.Context(), public, `SELECT says FROM test_notes WHERE name = $1`, key)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		t.Fatal(err)
	}
	return says
}

// known is the version that work's own table says is public.
func known(t testing.TB, work *db.DB, key string) int64 {
	t.Helper()
	n, err := db.Get[int64](t.Context(), work, `SELECT version FROM test_known WHERE name = $1`, key)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		t.Fatal(err)
	}
	return n
}

// says fails unless the state is told in these words.
func (h *house) says(key, want string) publish.State {
	h.t.Helper()
	s, err := h.State(h.t.Context(), kind, key)
	must(h.t, err)
	if !strings.Contains(s.Words(), want) {
		h.t.Errorf("the state is told as %q, want %q", s.Words(), want)
	}
	return s
}

// gone gives a public store that does not answer.
func gone(t testing.TB, s testkit.Stores) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), s.Public.Name())
	must(t, err)
	must(t, d.Close())
	return d
}

func TestReleaseIsOnceAndInTurn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		h := newHouse(t, s.Work, s.Public, newClock())
		releases := 0
		h.notes.release = func() error { releases++; return nil }
		h.says("a", "Not published")
		must(t, h.put("a", 1))
		h.says("a", "Version 1 is waiting to be published since 1 March 2024 at 9am; nothing is shown yet")
		for range 3 {
			must(t, h.release("a"))
		}
		if got := seen(t, s.Public, "a"); got != "version 1" || releases != 1 || known(t, s.Work, "a") != 1 {
			t.Errorf("%q after %d releases, work knows %d", got, releases, known(t, s.Work, "a"))
		}
		h.says("a", "Published version 1")
		must(t, h.put("a", 3))
		if err := h.put("a", 2); !errors.Is(err, publish.ErrEarlier) {
			t.Errorf("an earlier version: %v", err)
		}
		// The job does what the person's own attempt did not.
		if n, err := h.queue.RunDue(t.Context()); err != nil || n == 0 {
			t.Errorf("%d jobs, %v", n, err)
		}
		if got := seen(t, s.Public, "a"); got != "version 3" || releases != 2 {
			t.Errorf("%q after %d releases", got, releases)
		}
		// A version that counts by itself, and a decision that is rolled back.
		must(t, h.put("a", 0))
		must(t, h.release("a"))
		h.says("a", "Published version 4")
		changed := errors.New("changed my mind")
		err := s.Work.Tx(t.Context(), func(q db.Q) error {
			return errors.Join(h.Put(t.Context(), q, publish.Item{Kind: kind, Key: "b", Version: 1}), changed)
		})
		if !errors.Is(err, changed) {
			t.Fatal(err)
		}
		must(t, h.release("b"))
		if got := seen(t, s.Public, "b"); got != "" {
			t.Errorf("the public sees %q, which work does not have", got)
		}
	})
}

// When the public store does not answer, the public sees the old version, work
// says so, and it is put right without anybody doing anything.
func TestPublicStoreDown(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		up, down := newHouse(t, s.Work, s.Public, c), newHouse(t, s.Work, gone(t, s), c)
		must(t, up.put("a", 1))
		must(t, up.release("a"))
		must(t, down.put("a", 2))
		if err := down.release("a"); !errors.Is(err, publish.ErrWaiting) {
			t.Errorf("released to a store that is down: %v", err)
		}
		if got := seen(t, s.Public, "a"); got != "version 1" {
			t.Errorf("the public sees %q", got)
		}
		st := down.says("a", "Version 2 could not be published: still showing version 1")
		if !st.Waiting() || st.Tone() != "bad" || !strings.Contains(st.Tried(), "Tried 1 time, last on 1 March 2024 at 9am") {
			t.Errorf("%+v: %s", st, st.Tried())
		}
		if waiting, err := up.Sweep(t.Context()); err != nil || waiting != 1 {
			t.Errorf("just after a failure it is tried again: %d %v", waiting, err)
		}
		c.move(time.Minute)
		if waiting, err := up.Sweep(t.Context()); err != nil || waiting != 0 {
			t.Errorf("%d wait, %v", waiting, err)
		}
		if got := seen(t, s.Public, "a"); got != "version 2" || known(t, s.Work, "a") != 2 {
			t.Errorf("the public sees %q, work knows %d", got, known(t, s.Work, "a"))
		}
		up.says("a", "Published version 2")
	})
}

// When work cannot be told that the public store has it, what a person sees of it
// is true all the same, and work is told later.
func TestWorkStoreDown(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		h := newHouse(t, s.Work, s.Public, c)
		h.notes.settled = func() error { return errors.New("the disk of work is full") }
		for _, step := range []struct {
			do         func() error
			seen, says string
			known      int64
		}{
			{func() error { return h.put("a", 1) }, "version 1", "Published version 1", 1},
			{func() error { return h.take("a") }, "", "Not published", 0},
		} {
			before := known(t, s.Work, "a")
			h.notes.settled = func() error { return errors.New("the disk of work is full") }
			must(t, step.do())
			must(t, h.release("a")) // the public store has it: that is what was asked
			if got := seen(t, s.Public, "a"); got != step.seen || known(t, s.Work, "a") != before {
				t.Errorf("the public sees %q, work knows %d", got, known(t, s.Work, "a"))
			}
			h.says("a", step.says)
			h.notes.settled = nil
			c.move(time.Minute)
			if waiting, err := h.Sweep(t.Context()); err != nil || waiting != 0 {
				t.Errorf("%d wait, %v", waiting, err)
			}
			if known(t, s.Work, "a") != step.known {
				t.Errorf("work was not told: it knows %d", known(t, s.Work, "a"))
			}
		}
		// Work fails before anything is decided: nothing happens anywhere.
		must(t, h.put("a", 2))
		must(t, h.release("a"))
		broken := newHouse(t, gone(t, testkit.Stores{Public: s.Work}), s.Public, c)
		if err := broken.take("a"); err == nil {
			t.Error("decided in a store that is down")
		}
		if got := seen(t, s.Public, "a"); got != "version 2" {
			t.Errorf("the public sees %q", got)
		}
		h.says("a", "Published version 2")
	})
}

// A taking down is confirmed only when the public store no longer has the thing.
func TestTakingDown(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		up, down := newHouse(t, s.Work, s.Public, c), newHouse(t, s.Work, gone(t, s), c)
		must(t, up.put("a", 4))
		must(t, up.release("a"))
		must(t, down.take("a"))
		if err := down.release("a"); !errors.Is(err, publish.ErrWaiting) {
			t.Errorf("confirmed by a store that is down: %v", err)
		}
		st := down.says("a", "Still public: version 4 could not be taken down")
		if !st.StillPublic() || st.Tone() != "bad" || known(t, s.Work, "a") != 4 {
			t.Errorf("%+v, work knows %d", st, known(t, s.Work, "a"))
		}
		if err := up.put("a", 5); !errors.Is(err, publish.ErrBeingTaken) {
			t.Errorf("published over a taking down: %v", err)
		}
		all, err := up.Unsettled(t.Context(), kind)
		if err != nil || len(all) != 1 || !all["a"].StillPublic() {
			t.Errorf("%+v %v", all, err)
		}
		c.move(time.Minute)
		if waiting, err := up.Sweep(t.Context()); err != nil || waiting != 0 {
			t.Errorf("%d wait, %v", waiting, err)
		}
		if got := seen(t, s.Public, "a"); got != "" || known(t, s.Work, "a") != 0 {
			t.Errorf("the public sees %q, work knows %d", got, known(t, s.Work, "a"))
		}
		if up.waited != publish.Trust || down.waited != 0 {
			t.Errorf("waited %s where it was confirmed, %s where it was not", up.waited, down.waited)
		}
		up.says("a", "Not published")
		must(t, up.put("a", 4)) // the same version again is a new decision
		must(t, up.release("a"))
		if got := seen(t, s.Public, "a"); got != "version 4" {
			t.Errorf("published again, the public sees %q", got)
		}
		// A taking down stands over a publication that waits.
		must(t, up.put("b", 1))
		must(t, up.take("b"))
		must(t, up.release("b"))
		if got := seen(t, s.Public, "b"); got != "" {
			t.Errorf("the public sees %q", got)
		}
	})
}

// Many nodes decide and release at once: the public ends with what was decided
// last, and at no moment goes back.
func TestManyNodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		var wg sync.WaitGroup
		for n := range 4 {
			h := newHouse(t, s.Work, s.Public, c)
			wg.Go(func() {
				for i := range 8 {
					if n == 0 && i%3 == 2 {
						must(t, h.take("a"))
					} else if err := h.put("a", 0); err != nil && !errors.Is(err, publish.ErrBeingTaken) {
						t.Error(err)
					}
					if err := h.release("a"); err != nil && !errors.Is(err, publish.ErrWaiting) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		h := newHouse(t, s.Work, s.Public, c)
		must(t, h.put("a", 1000))
		must(t, h.release("a"))
		st := h.says("a", "Published version 1000")
		if got := seen(t, s.Public, "a"); got != "version 1000" || !st.Settled {
			t.Errorf("the public sees %q", got)
		}
	})
}

// Stores that come back from backups of different ages agree again.
func TestBackups(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		h := newHouse(t, s.Work, s.Public, c)
		must(t, h.put("a", 1))
		must(t, h.put("b", 1))
		must(t, h.release("a"))
		must(t, h.release("b"))
		must(t, h.take("b"))
		must(t, h.release("b"))
		back := func(d *db.DB, statements ...string) {
			t.Helper()
			must(t, d.Tx(t.Context(), func(q db.Q) error {
				var errs []error
				for _, x := range statements {
					_, err := db.Exec(t.Context(), q, x)
					errs = append(errs, err)
				}
				return errors.Join(errs...)
			}))
		}
		// The public store as it was before a was published and b taken down.
		back(s.Public, `DELETE FROM publish_marks WHERE item_key = 'a'`, `DELETE FROM test_notes WHERE name = 'a'`,
			`UPDATE publish_marks SET turn = turn - 1, version = 1 WHERE item_key = 'b'`,
			`INSERT INTO test_notes (name, says) VALUES ('b', 'version 1')`)
		h.says("a", "Version 1 is waiting")
		must(t, h.Reconcile(t.Context()))
		if _, err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a, b := seen(t, s.Public, "a"), seen(t, s.Public, "b"); a != "version 1" || b != "" {
			t.Errorf("the public sees a %q, b %q", a, b)
		}
		// Work as it was before version 2.
		must(t, h.put("a", 2))
		must(t, h.release("a"))
		back(s.Work, `UPDATE publish_outbox SET turn = turn - 1, version = 1, shown = 1 WHERE item_key = 'a'`)
		h.says("a", "Published version 2")
		back(s.Work, `UPDATE publish_outbox SET turn = 5 WHERE item_key = 'a'`)
		must(t, s.Work.Tx(t.Context(),
			func(q db.Q) error { return h.Take(t.Context(), q, publish.Item{Kind: kind, Key: "a"}) }))
		back(s.Work, `UPDATE publish_outbox SET turn = 5 WHERE item_key = 'a'`)
		must(t, h.release("a"))
		if got := seen(t, s.Public, "a"); got != "" {
			t.Errorf("taken down by a store that is behind, the public sees %q", got)
		}
	})
}
