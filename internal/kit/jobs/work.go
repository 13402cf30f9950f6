package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kith/internal/kit/db"
)

// running is what this process is doing.
type running struct {
	mu     sync.Mutex
	cancel map[string]context.CancelCauseFunc // by the job's id
	all    sync.WaitGroup
	// life ends when the process is to stop.
	life context.Context
	end  context.CancelCauseFunc
}

func (r *running) begin() {
	r.cancel = map[string]context.CancelCauseFunc{}
	r.life, r.end = context.WithCancelCause(context.Background())
}

func (r *running) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancel[id] != nil
}

func (r *running) add(id string, cancel context.CancelCauseFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancel[id] = cancel
}

func (r *running) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.cancel, id)
}

// Interrupt stops a job that this process is doing, whose row the caller takes
// away by Cancel. It reports whether there was one.
func (q *Queue) Interrupt(id string) bool {
	q.running.mu.Lock()
	cancel := q.running.cancel[id]
	q.running.mu.Unlock()
	if cancel == nil {
		return false
	}
	cancel(ErrLost)
	return true
}

// Stop stops what this process is doing, gives it back, and returns when all is
// given back.
func (q *Queue) Stop() {
	q.running.end(ErrStopping)
	q.running.all.Wait()
}

// Wait returns when this process is doing no job.
func (q *Queue) Wait() { q.running.all.Wait() }

// work does one job that this process holds, and writes down what came of it.
func (q *Queue) work(parent context.Context, j job) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	defer context.AfterFunc(q.running.life, func() { cancel(ErrStopping) })()
	q.running.add(j.ID, cancel)
	defer q.running.remove(j.ID)

	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	var heart sync.WaitGroup
	heart.Go(func() { q.beat(beating, j, cancel) })
	err := q.do(ctx, j)
	stop()
	heart.Wait()
	if err := q.settle(context.WithoutCancel(ctx), j, err, context.Cause(ctx)); err != nil {
		q.Log.Error("jobs", "kind", j.Kind, "job", j.ID, "error", err)
	}
}

// beat extends the lease of a job until ctx ends, and cancels the job when it is
// not this node's any more: the row says so, or could not be reached for as long as
// a lease lasts.
func (q *Queue) beat(ctx context.Context, j job, cancel context.CancelCauseFunc) {
	t := time.NewTicker(q.Lease / beats)
	defer t.Stop()
	for heard := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		var n int64
		err := q.DB.Tx(ctx, func(tx db.Q) (err error) {
			n, err = extend(ctx, tx, j, db.At(q.Now().Add(q.Lease)))
			return err
		})
		switch {
		case err == nil && n > 0:
			heard = time.Now()
		case ctx.Err() != nil:
			return
		case err == nil, time.Since(heard) > q.Lease:
			cancel(ErrLost)
			return
		default:
			q.Log.Warn("the lease of a job could not be extended", "kind", j.Kind, "job", j.ID, "error", err)
		}
	}
}

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
	if j.Attempt > maxAttempts {
		return errors.New("each node that took the job stopped before it was done")
	}
	return h(ctx, j.Payload)
}

// settle writes down what came of a job; cause is why its context ended, if it did.
func (q *Queue) settle(ctx context.Context, j job, did, cause error) error {
	return q.DB.Tx(ctx, func(tx db.Q) error {
		switch {
		case did == nil:
			return finishJob(ctx, tx, j)
		case errors.Is(cause, ErrLost):
			return nil
		case cause != nil:
			return giveBack(ctx, tx, j, db.At(q.Now()))
		}
		var later *Later
		if errors.As(did, &later) {
			q.Log.Warn("job put off", "kind", j.Kind, "job", j.ID, "until", later.At, "error", later.Why)
			return giveBack(ctx, tx, j, db.At(later.At))
		}
		state, wait := "ready", time.Second<<min(2*j.Attempt, 14) // 4 s, 16 s … 4½ hours
		if j.Attempt >= maxAttempts {
			state = "failed"
		}
		q.Log.Warn("job failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "state", state, "error", did)
		return failJob(ctx, tx, j, state, did.Error(), q.Now().Add(wait))
	})
}
