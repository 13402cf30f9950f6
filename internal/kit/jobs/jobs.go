// Package jobs does work after the answer to a person has gone out: mails to
// send, files to read.
//
// A job is a row, added in the transaction that made it necessary, so that it
// exists exactly when its reason does. A node takes a job by a lease, which a
// heartbeat extends for as long as the handler runs, be it hours. When the node
// dies, the heartbeat stops, the lease ends, and another node takes the job. A
// handler may therefore run twice and must not mind. A job that fails waits longer
// each time and is given up after maxAttempts, and then stands on the settings
// page. A node that is told to stop gives its jobs back at once.
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

// A Handler does one job. payload is what Enqueue was given. Its context ends when
// the node is to stop (the cause is ErrStopping) and when the job is not this
// node's any more (ErrLost).
type Handler func(ctx context.Context, payload string) error

// Why a handler's context ended.
var (
	ErrStopping = errors.New("this node is stopping")
	ErrLost     = errors.New("the job was cancelled, or another node has it now")
)

// A Later is what a handler returns that cannot do its job yet: it is tried at that time, as
// often as it takes. A handler that returns it gives up by itself.
type Later struct {
	At  time.Time
	Why error
}

// Error says why.
func (l *Later) Error() string {
	return fmt.Sprintf("put off until %s: %v", l.At.Format(time.RFC3339), l.Why)
}

// Unwrap gives the reason.
func (l *Later) Unwrap() error { return l.Why }

const (
	maxAttempts = 8
	idle        = time.Second
	workers     = 4 // jobs that a node does at a time
	// beats is how many heartbeats there are in a lease: a node may miss several.
	beats = 9
)

// Lease is how long a node that is not heard of keeps a job. With the time that
// others take to look for it, the job of a dead node is taken over within a minute.
const Lease = 45 * time.Second

// A Queue adds jobs and runs them.
type Queue struct {
	DB       *db.DB
	Now      clock.Clock
	NewID    func() string
	Log      *slog.Logger
	Lease    time.Duration
	handlers map[string]Handler
	wake     chan struct{}
	running  running
}

// New makes a queue on a store.
func New(d *db.DB, now clock.Clock, newID func() string, log *slog.Logger) *Queue {
	q := &Queue{DB: d, Now: now, NewID: newID, Log: log, Lease: Lease, handlers: map[string]Handler{},
		wake: make(chan struct{}, 1)}
	q.running.begin()
	return q
}

// Handle says what does jobs of a kind. It is called before Run.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Enqueue adds a job in the caller's transaction.
func (q *Queue) Enqueue(ctx context.Context, tx db.Q, kind, payload string) error {
	if q.handlers[kind] == nil {
		return fmt.Errorf("nothing does jobs of the kind %q", kind)
	}
	if err := insertJob(ctx, tx, q.NewID(), kind, payload, db.At(q.Now())); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// EnqueueHere adds a job that this process does itself, because it has what no
// other has. start begins it, once the caller's transaction is committed. Others
// take the job only if this process dies.
func (q *Queue) EnqueueHere(ctx context.Context, tx db.Q, id, kind, payload string) (start func(), err error) {
	if q.handlers[kind] == nil {
		return nil, fmt.Errorf("nothing does jobs of the kind %q", kind)
	}
	now := q.Now()
	if err := insertHeld(ctx, tx, id, kind, payload, db.At(now), db.At(now.Add(q.Lease))); err != nil {
		return nil, fmt.Errorf("enqueue %s: %w", kind, err)
	}
	j := job{ID: id, Kind: kind, Payload: payload, Attempt: 1}
	return func() { q.running.all.Go(func() { q.work(context.Background(), j) }) }, nil
}

// Cancel takes a job away in the caller's transaction. A node that is doing it
// stops at its next heartbeat; Interrupt stops it at once if it is this one.
func (q *Queue) Cancel(ctx context.Context, tx db.Q, id string) error {
	if err := deleteJob(ctx, tx, id); err != nil {
		return fmt.Errorf("cancel job %s: %w", id, err)
	}
	return nil
}

// Run does jobs until ctx ends, and then gives back those under way.
func (q *Queue) Run(ctx context.Context) {
	defer q.Stop()
	t := time.NewTicker(idle)
	defer t.Stop()
	slots := make(chan struct{}, workers)
	for {
		q.startDue(ctx, slots)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-q.wake:
		}
	}
}

// startDue begins every job that is due, as many at a time as there are slots.
func (q *Queue) startDue(ctx context.Context, slots chan struct{}) {
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		j, err := q.take(ctx)
		if err != nil {
			<-slots
			if !errors.Is(err, db.ErrNotFound) && ctx.Err() == nil {
				q.Log.Error("jobs", "error", err)
			}
			return
		}
		q.running.all.Go(func() {
			defer func() { <-slots }()
			q.work(ctx, j)
		})
	}
}

// RunDue does every job that is due, one after the other, and returns how many it
// did.
func (q *Queue) RunDue(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		j, err := q.take(ctx)
		if errors.Is(err, db.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		q.work(ctx, j)
	}
}

// take gets the lease of the job that has waited longest. The second test of the
// state makes a node that lost the race to another take nothing.
func (q *Queue) take(ctx context.Context) (job, error) {
	now := q.Now()
	id, err := dueJob(ctx, q.DB, db.At(now)) // without a write, which an idle node would otherwise make each second
	if err != nil {
		return job{}, err
	}
	if q.running.has(id) {
		// Its heartbeat waits for a long transaction of this very process.
		return job{}, db.ErrNotFound
	}
	var j job
	err = q.DB.Tx(ctx, func(tx db.Q) (err error) {
		j, err = takeJob(ctx, tx, id, db.At(now), db.At(now.Add(q.Lease)))
		return err
	})
	return j, err
}

// Failures lists the jobs that were given up, newest first.
func (q *Queue) Failures(ctx context.Context) ([]Failed, error) { return failedJobs(ctx, q.DB) }
