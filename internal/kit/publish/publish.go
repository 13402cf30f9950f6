// Package publish carries what was decided in one store, work, to another that
// the public reads. The two cannot share a transaction, and either may fail at
// any moment.
//
// To publish is to write a row into the outbox, in the transaction of work that
// decided it. What the row asks for is then released: written to the public store
// in one transaction, together with a mark that says how far that thing has come.
// Every decision has a turn, which only grows, and the public store carries out no
// decision twice and none that is earlier than its mark. So a release may be tried
// by anybody, any number of times: at once by whoever decided, by a job that was
// enqueued with the decision, and by Run, which never gives up. The public shows
// the old or the new and nothing else, and never what work does not have.
//
// To take something down does not wait in the outbox: Take is followed by Release,
// and whoever asked is told that it is gone only when the public store no longer
// has it and no node can show it from what it kept. Until then its State says that
// it is still public, and it is tried again every few seconds. Nobody publishes a
// thing over a taking down that has not been carried out.
//
// Two stores that come back from backups of different ages agree again: Run asks
// the public store for what it should have, and a store of work that is behind
// takes its next turn after the one it finds there.
//
// The package also keeps what the public is sent (Cache): pages that are made once
// for each state of the public store.
//
// Tables: publish_outbox in the work store; publish_marks and publish_changes in
// the public store.
package publish

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
)

// The named errors of publishing.
var (
	// ErrBeingTaken: it is still being taken down, so it cannot be published.
	ErrBeingTaken = errors.New("it is still being taken down")
	// ErrEarlier: a later version has been published.
	ErrEarlier = errors.New("a later version has been published")
	// ErrWaiting: it was decided, and the public store does not have it yet.
	ErrWaiting = errors.New("decided, and not carried out in the public store yet")
)

// An Item is what was decided last about one thing.
type Item struct {
	Kind      string // which Publisher knows it: "sites.page"
	Key       string // which one of its kind
	Version   int64  // of its content; 0 in Put counts up from the last
	Payload   string // what its Publisher needs besides
	Gone      bool   // it is to be gone, not shown
	DecidedAt db.Time
	turn      int64
}

// A Publisher knows how one kind of thing stands in the two stores. Every method
// may be called again for the same item.
type Publisher interface {
	// Release puts an item into the public store, in a transaction of that.
	Release(ctx context.Context, public db.Q, i Item) error
	// Withdraw takes it out.
	Withdraw(ctx context.Context, public db.Q, i Item) error
	// Settled notes in work that the public store has what was decided.
	Settled(ctx context.Context, work db.Q, i Item) error
}

// Deps are what an outbox needs.
type Deps struct {
	Work, Public *db.DB
	Now          clock.Clock
	Jobs         *jobs.Queue
	Log          *slog.Logger
	Cache        *Cache // of this process; nil when it serves nobody
	// Wait is how a taking down waits until no node trusts what it knew before; nil
	// waits by the system's clock.
	Wait func(time.Duration)
}

// An Outbox holds what is to be published until the public store has it.
type Outbox struct {
	Deps
	publishers map[string]Publisher
}

// JobKind is the kind of job that releases what was just decided.
const JobKind = "publish"

const (
	// patience is how long one release may take.
	patience = 10 * time.Second
	// again is how long after a failure it is tried again.
	again = 10 * time.Second
)

// New makes an outbox, and has the queue do its jobs.
func New(d Deps) *Outbox {
	o := &Outbox{Deps: d, publishers: map[string]Publisher{}}
	if o.Wait == nil {
		o.Wait = time.Sleep
	}
	d.Jobs.Handle(JobKind, o.job)
	return o
}

// Handle says who knows things of a kind. It is called before anything is
// released.
func (o *Outbox) Handle(kind string, p Publisher) { o.publishers[kind] = p }
