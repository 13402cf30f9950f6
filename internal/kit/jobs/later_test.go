package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/testkit"
)

// TestLater: a job that puts itself off is tried then and not before, as often as it takes, and
// is not given up.
func TestLater(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := &hand{t: time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)}
		q := jobs.New(s.Work, h.now, ids.New, slog.New(slog.NewTextHandler(io.Discard, nil)))
		times := 0
		q.Handle("post", func(context.Context, string) error {
			if times++; times > 20 {
				return nil
			}
			return &jobs.Later{At: h.now().Add(time.Hour), Why: errors.New("nobody is in")}
		})
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error { return q.Enqueue(t.Context(), tx, "post", "") }); err != nil {
			t.Fatal(err)
		}
		for try := range 25 {
			want := min(1, max(0, 21-try))
			if n, err := q.RunDue(t.Context()); err != nil || n != want {
				t.Fatalf("try %d: %d jobs ran, %v", try, n, err)
			}
			h.move(59 * time.Minute)
			if n, err := q.RunDue(t.Context()); err != nil || n != 0 {
				t.Fatalf("try %d: it ran before its time, %v", try, err)
			}
			h.move(time.Minute)
		}
		if all, err := q.Failures(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("it was given up: %v %v", all, err)
		}
	})
}
