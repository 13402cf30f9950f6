package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/testkit"
)

// hand is a clock that the test moves.
type hand struct {
	mu sync.Mutex
	t  time.Time
}

func (h *hand) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.t }
func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	h.t = h.t.Add(d)
	h.mu.Unlock()
}

func TestQueue(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := &hand{t: time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)}
		q := jobs.New(s.Work, h.now, ids.New, slog.New(slog.NewTextHandler(io.Discard, nil)))
		var did []string
		fail := errors.New("the printer is on fire")
		q.Handle("note", func(_ context.Context, payload string) error { did = append(did, payload); return fail })
		enqueue := func(payload string, after error) error {
			return s.Work.Tx(t.Context(), func(tx db.Q) error {
				if err := q.Enqueue(t.Context(), tx, "note", payload); err != nil {
					return err
				}
				return after
			})
		}
		run := func() int {
			n, err := q.RunDue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := enqueue("a", nil); err != nil {
			t.Fatal(err)
		}
		if err := enqueue("never", errors.New("changed my mind")); err == nil {
			t.Fatal("the transaction was to fail")
		}
		if n := run(); n != 1 || !slices.Equal(did, []string{"a"}) {
			t.Fatalf("ran %d: %v", n, did)
		}
		if n := run(); n != 0 {
			t.Fatal("a job that failed waits before it is tried again")
		}
		h.move(time.Minute)
		fail = nil
		if n := run(); n != 1 || len(did) != 2 {
			t.Fatalf("tried again: %d %v", n, did)
		}
		h.move(24 * time.Hour)
		if n := run(); n != 0 {
			t.Fatal("a job that was done is gone")
		}

		fail = errors.New("still on fire")
		if err := enqueue("b", nil); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			run()
			h.move(24 * time.Hour)
		}
		failed, err := q.Failures(t.Context())
		if err != nil || len(failed) != 1 || failed[0].Problem != "still on fire" {
			t.Fatalf("given up: %v %v", failed, err)
		}
	})
}

// TestTwoNodes: two nodes share the jobs and do none twice.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		now := func() time.Time { return time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC) }
		var mu sync.Mutex
		did := map[string]int{}
		var nodes []*jobs.Queue
		for range 2 {
			q := jobs.New(s.Work, now, ids.New, slog.New(slog.NewTextHandler(io.Discard, nil)))
			q.Handle("count", func(_ context.Context, p string) error { mu.Lock(); did[p]++; mu.Unlock(); return nil })
			nodes = append(nodes, q)
		}
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
			for i := range 40 {
				if err := nodes[0].Enqueue(t.Context(), tx, "count", string(rune('A'+i))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, q := range nodes {
			wg.Go(func() {
				// A node that loses a race finds nothing and stops; it comes back a second
				// later in life, and at once here.
				for range 50 {
					if _, err := q.RunDue(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if len(did) != 40 {
			t.Errorf("%d of 40 jobs were done", len(did))
		}
		for p, n := range did {
			if n != 1 {
				t.Errorf("job %s was done %d times", p, n)
			}
		}
	})
}

// A node is one process's queue, whose handler tells when it has begun and waits
// until its context ends.
type node struct {
	*jobs.Queue
	began chan struct{}
	cause chan error
}

func newNode(t *testing.T, s testkit.Stores, now func() time.Time) *node {
	t.Helper()
	n := &node{jobs.New(s.Work, now, ids.New, slog.New(slog.NewTextHandler(io.Discard, nil))), make(chan struct{}, 1),
		make(chan error, 1)}
	n.Lease = 90 * time.Millisecond
	n.Handle("wait", func(ctx context.Context, _ string) error {
		n.began <- struct{}{}
		<-ctx.Done()
		n.cause <- context.Cause(ctx)
		return ctx.Err()
	})
	t.Cleanup(n.Stop)
	return n
}

// here adds a job that the node begins at once.
func (n *node) here(t *testing.T, s testkit.Stores, id string) {
	t.Helper()
	var start func()
	if err := s.Work.Tx(t.Context(), func(tx db.Q) (err error) {
		start, err = n.EnqueueHere(t.Context(), tx, id, "wait", "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	start()
	<-n.began
}

// one reads a job's row as text.
func one(t *testing.T, s testkit.Stores) string {
	t.Helper()
	rows, err := db.All[string](t.Context(), s.Work, `SELECT id || ' ' || state || ' ' || CAST(attempt AS TEXT) FROM jobs`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, ", ")
}

// TestHeartbeat: while a job is done its lease is extended, however long it takes,
// and no other node takes it; when the heartbeat is not heard, another does, and
// the first is told.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := &hand{t: time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)}
		first := newNode(t, s, h.now)
		first.here(t, s, "j1")
		for range 3 {
			h.move(80 * time.Millisecond)
			extended := db.At(h.now().Add(first.Lease))
			for n := 0; n == 0; {
				var err error
				if n, err = db.Get[int](t.Context(), s.Work, `SELECT count(*) FROM jobs WHERE held_until >= $1`,
					extended); err != nil {
					t.Fatal(err)
				}
			}
		}
		second := newNode(t, s, h.now)
		if n, err := second.RunDue(t.Context()); err != nil || n != 0 {
			t.Fatalf("a job that is being done was taken: %d %v", n, err)
		}

		third := newNode(t, s, func() time.Time { return h.now().Add(time.Hour) })
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go third.Run(ctx)
		<-third.began
		if cause := <-first.cause; !errors.Is(cause, jobs.ErrLost) {
			t.Errorf("the first is told %v", cause)
		}
		first.Wait()
		if got := one(t, s); got != "j1 running 2" {
			t.Errorf("the first has written over the other's: %s", got)
		}
	})
}

// TestStop: a node that is told to stop gives its jobs back, and it is not counted
// as a failure.
func TestStop(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		n := newNode(t, s, time.Now)
		n.here(t, s, "j1")
		n.Stop()
		if cause := <-n.cause; !errors.Is(cause, jobs.ErrStopping) {
			t.Error(cause)
		}
		if got := one(t, s); got != "j1 ready 0" {
			t.Error(got)
		}
	})
}

// TestCancel: a job that is cancelled stops at the next heartbeat of the node that
// is doing it, and leaves no row.
func TestCancel(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		n, other := newNode(t, s, time.Now), newNode(t, s, time.Now)
		n.here(t, s, "j1")
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error { return other.Cancel(t.Context(), tx, "j1") }); err != nil {
			t.Fatal(err)
		}
		if other.Interrupt("j1") {
			t.Error("the other says that it was doing the job")
		}
		if cause := <-n.cause; !errors.Is(cause, jobs.ErrLost) {
			t.Error(cause)
		}
		n.Wait()
		if got := one(t, s); got != "" {
			t.Error(got)
		}
	})
}

// TestAJobThatStopsNodes: a job that each node dies of is given up.
func TestAJobThatStopsNodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
			_, err := db.Exec(t.Context(), tx, `
				INSERT INTO jobs (id, kind, state, attempt, run_at, held_until, created_at)
					VALUES ('j1', 'wait', 'running', 8, $1, $1, $1)`,
				db.At(time.Now().Add(-time.Hour)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		n := newNode(t, s, time.Now)
		if did, err := n.RunDue(t.Context()); err != nil || did != 1 {
			t.Fatal(did, err)
		}
		failed, err := n.Failures(t.Context())
		if err != nil || len(failed) != 1 || !strings.Contains(failed[0].Problem, "each node") {
			t.Errorf("%v %v", failed, err)
		}
	})
}
