// Package jobs does work after the answer to a person has gone out: mails to
// send, reports to build.
//
// A job is a row, added in the transaction that made it necessary, so that it
// exists exactly when its reason does. A node takes a job by holding it for a
// while; if the node dies, another takes it when the hold ends. A handler may
// therefore run twice and must not mind. A job that fails waits longer each time
// and is given up after maxAttempts, and then stands on the settings page.
//
// Table: jobs, in the work store.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
)

// A Handler does one job. payload is what Enqueue was given.
type Handler func(ctx context.Context, payload string) error

const (
	maxAttempts = 8
	hold        = 2 * time.Minute
	idle        = time.Second
)

// A Queue adds jobs and runs them.
type Queue struct {
	DB       *db.DB
	Now      clock.Clock
	NewID    func() string
	Log      *slog.Logger
	handlers map[string]Handler
	wake     chan struct{}
}

// New makes a queue on a store.
func New(d *db.DB, now clock.Clock, newID func() string, log *slog.Logger) *Queue {
	return &Queue{DB: d, Now: now, NewID: newID, Log: log, handlers: map[string]Handler{}, wake: make(chan struct{}, 1)}
}

// Handle says what does jobs of a kind. It is called before Run.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Enqueue adds a job in the caller's transaction.
func (q *Queue) Enqueue(ctx context.Context, tx db.Q, kind, payload string) error {
	if q.handlers[kind] == nil {
		return fmt.Errorf("nothing does jobs of the kind %q", kind)
	}
	now := db.At(q.Now())
	if _, err := db.Exec(ctx, tx, `INSERT INTO jobs (id, kind, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $4)`, q.NewID(), kind, payload, now); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// Run does jobs until ctx ends.
func (q *Queue) Run(ctx context.Context) {
	t := time.NewTicker(idle)
	defer t.Stop()
	for {
		if _, err := q.RunDue(ctx); err != nil && ctx.Err() == nil {
			q.Log.Error("jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-q.wake:
		}
	}
}

type job struct {
	ID      string
	Kind    string
	Payload string
	Attempt int64
}

// RunDue does every job that is due and returns how many it did.
func (q *Queue) RunDue(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		j, err := q.take(ctx)
		if errors.Is(err, db.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := q.settle(ctx, j, q.do(ctx, j)); err != nil {
			return n, err
		}
	}
}

// take holds the job that has waited longest. The second test of the state makes
// a node that lost the race to another take nothing.
func (q *Queue) take(ctx context.Context) (job, error) {
	var j job
	now := q.Now()
	if _, err := db.Get[string](ctx, q.DB, dueJob, db.At(now)); err != nil {
		return j, err // without a write, which an idle node would otherwise make each second
	}
	err := q.DB.Tx(ctx, func(tx db.Q) (err error) {
		j, err = db.Get[job](ctx, tx, `
			UPDATE jobs SET state = 'running', attempt = attempt + 1, held_until = $2
			WHERE id = (`+dueJob+`) AND (state = 'ready' OR held_until < $1)
			RETURNING id, kind, payload, attempt`, db.At(now), db.At(now.Add(hold)))
		return err
	})
	return j, err
}

const dueJob = `SELECT id FROM jobs WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND held_until < $1)
	ORDER BY run_at, id LIMIT 1`

func (q *Queue) do(ctx context.Context, j job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	h := q.handlers[j.Kind]
	if h == nil {
		return fmt.Errorf("nothing does jobs of the kind %q", j.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, hold-10*time.Second)
	defer cancel()
	return h(ctx, j.Payload)
}

// settle writes down what came of a job.
func (q *Queue) settle(ctx context.Context, j job, did error) error {
	return q.DB.Tx(ctx, func(tx db.Q) error {
		if did == nil {
			_, err := db.Exec(ctx, tx, `DELETE FROM jobs WHERE id = $1`, j.ID)
			return err
		}
		state, wait := "ready", time.Second<<min(2*j.Attempt, 14) // 4 s, 16 s … 4½ hours
		if j.Attempt >= maxAttempts {
			state = "failed"
		}
		q.Log.Warn("job failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "state", state, "error", did)
		_, err := db.Exec(ctx, tx, `UPDATE jobs SET state = $2, problem = $3, run_at = $4, held_until = $5 WHERE id = $1`,
			j.ID, state, did.Error(), db.At(q.Now().Add(wait)), db.Time{})
		return err
	})
}

// A Failed is a job that was given up.
type Failed struct {
	ID        string
	Kind      string
	Problem   string
	CreatedAt db.Time
}

// Failures lists the jobs that were given up, newest first.
func (q *Queue) Failures(ctx context.Context) ([]Failed, error) {
	return db.All[Failed](ctx, q.DB, `SELECT id, kind, problem, created_at FROM jobs WHERE state = 'failed' ORDER BY created_at DESC, id`)
}
