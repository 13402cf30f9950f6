package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
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
