package jobs

import (
	"context"
	"time"

	"kith/internal/kit/db"
)

type job struct {
	ID      string
	Kind    string
	Payload string
	Attempt int64
}

// A Failed is a job that was given up.
type Failed struct {
	ID        string
	Kind      string
	Problem   string
	CreatedAt db.Time
}

func insertJob(ctx context.Context, q db.Q, id, kind, payload string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO jobs (id, kind, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $4)`, id, kind, payload, now)
	return err
}

// insertHeld adds a job that is being done already.
func insertHeld(ctx context.Context, q db.Q, id, kind, payload string, now, until db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO jobs (id, kind, payload, state, attempt, run_at, held_until, created_at)
		VALUES ($1, $2, $3, 'running', 1, $4, $5, $4)`, id, kind, payload, now, until)
	return err
}

func dueJob(ctx context.Context, q db.Reader, now db.Time) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT id FROM jobs WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND held_until < $1)
		ORDER BY run_at, id LIMIT 1`, now)
}

func takeJob(ctx context.Context, q db.Q, id string, now, until db.Time) (job, error) {
	return db.Get[job](ctx, q, `
		UPDATE jobs SET state = 'running', attempt = attempt + 1, held_until = $3
		WHERE id = $1 AND ((state = 'ready' AND run_at <= $2) OR (state = 'running' AND held_until < $2))
		RETURNING id, kind, payload, attempt`, id, now, until)
}

// extend keeps a job for longer. It changes no row when the job was cancelled or
// another node has taken it: each taking is an attempt of its own.
func extend(ctx context.Context, q db.Q, j job, until db.Time) (int64, error) {
	return db.Exec(ctx, q, `
		UPDATE jobs SET held_until = $3 WHERE id = $1 AND attempt = $2 AND state = 'running'`, j.ID, j.Attempt, until)
}

func finishJob(ctx context.Context, q db.Q, j job) error {
	_, err := db.Exec(ctx, q, `DELETE FROM jobs WHERE id = $1 AND attempt = $2`, j.ID, j.Attempt)
	return err
}

// giveBack makes a job ready for any node at once, as if this one had not begun.
func giveBack(ctx context.Context, q db.Q, j job, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		UPDATE jobs SET state = 'ready', attempt = attempt - 1, run_at = $3, held_until = $4 WHERE id = $1 AND attempt = $2`,
		j.ID, j.Attempt, now, db.Time{})
	return err
}

func failJob(ctx context.Context, q db.Q, j job, state, problem string, again time.Time) error {
	_, err := db.Exec(ctx, q, `
		UPDATE jobs SET state = $3, problem = $4, run_at = $5, held_until = $6 WHERE id = $1 AND attempt = $2`,
		j.ID, j.Attempt, state, problem, db.At(again), db.Time{})
	return err
}

func deleteJob(ctx context.Context, q db.Q, id string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM jobs WHERE id = $1`, id)
	return err
}

func failedJobs(ctx context.Context, q db.Reader) ([]Failed, error) {
	return db.All[Failed](ctx, q, `
		SELECT id, kind, problem, created_at FROM jobs WHERE state = 'failed' ORDER BY created_at DESC, id`)
}
