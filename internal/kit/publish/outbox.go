package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kith/internal/kit/db"
)

// Put decides, in a transaction of work, that an item is to be shown. It returns
// ErrBeingTaken while the thing is being taken down, and ErrEarlier when a later
// version of it was published. Once the transaction is committed the caller calls
// Release, so that it shows at once; if that fails it is tried again by itself.
func (o *Outbox) Put(ctx context.Context, q db.Q, i Item) error {
	counted := i.Version == 0
	i.Version, i.Gone = max(i.Version, 1), false
	ok, err := decide(ctx, q, i, counted, true, o.Now())
	if err != nil {
		return fmt.Errorf("put %s %s into the outbox: %w", i.Kind, i.Key, err)
	}
	if !ok {
		return o.refusal(ctx, q, i)
	}
	return o.enqueue(ctx, q, i)
}

func (o *Outbox) refusal(ctx context.Context, q db.Q, i Item) error {
	r, err := rowOf(ctx, q, i.Kind, i.Key)
	if err != nil {
		return fmt.Errorf("read %s %s in the outbox: %w", i.Kind, i.Key, err)
	}
	if r.Wanted == gone && r.SettledAt.IsZero() {
		return ErrBeingTaken
	}
	return ErrEarlier
}

// Take decides, in a transaction of work, that a thing is to be gone. It stands
// over whatever was decided before. The caller calls Release once the transaction
// is committed, and says that the thing is gone only when that returns nil.
func (o *Outbox) Take(ctx context.Context, q db.Q, i Item) error {
	i.Gone = true
	if _, err := decide(ctx, q, i, false, false, o.Now()); err != nil {
		return fmt.Errorf("put the taking down of %s %s into the outbox: %w", i.Kind, i.Key, err)
	}
	return o.enqueue(ctx, q, i)
}

// ticket is the payload of a job: whose decision it carries out.
type ticket struct{ Kind, Key string }

func (o *Outbox) enqueue(ctx context.Context, q db.Q, i Item) error {
	b, err := json.Marshal(ticket{i.Kind, i.Key})
	if err != nil {
		return fmt.Errorf("write the job of %s %s: %w", i.Kind, i.Key, err)
	}
	return o.Jobs.Enqueue(ctx, q, JobKind, string(b))
}

// job carries out a decision whose process may have died before it could. A
// failure is kept in the outbox, where Run finds it and never gives up; the job is
// done.
func (o *Outbox) job(ctx context.Context, payload string) error {
	var t ticket
	if err := json.Unmarshal([]byte(payload), &t); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	if err := o.Release(ctx, t.Kind, t.Key); err != nil && !errors.Is(err, ErrWaiting) {
		return err
	}
	return nil
}

// Release carries out what was decided of a thing last. It returns nil when the
// public store has it, which it may have had before, and ErrWaiting when it could
// not be carried out yet. It does not end with the request that asked for it.
func (o *Outbox) Release(ctx context.Context, kind, key string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for range 3 {
		r, err := rowOf(ctx, o.Work, kind, key)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s %s in the outbox: %w", kind, key, err)
		}
		if !r.SettledAt.IsZero() {
			return nil
		}
		ahead, err := o.carryOut(ctx, r)
		if err != nil {
			return o.failed(ctx, r, err)
		}
		if ahead == 0 {
			if r.Wanted == gone {
				o.Wait(Trust) // whoever carried it out, other nodes may show it until then
			}
			o.settled(ctx, r)
			return nil
		}
		err = o.Work.Tx(ctx, func(q db.Q) error { return retake(ctx, q, r, ahead+1) })
		if err != nil {
			return fmt.Errorf("take the next turn for %s %s: %w", kind, key, err)
		}
	}
	return fmt.Errorf("%w: %s %s is being changed by others", ErrWaiting, kind, key)
}

// carryOut does what was decided in the public store. ahead is the turn that store
// is at, when that is later than the decision.
func (o *Outbox) carryOut(ctx context.Context, r row) (ahead int64, err error) {
	p := o.publishers[r.Kind]
	if p == nil {
		return 0, fmt.Errorf("nothing publishes things of the kind %q", r.Kind)
	}
	err = o.Public.Tx(ctx, func(q db.Q) error {
		mine, err := claim(ctx, q, r, db.At(o.Now()))
		if err != nil {
			return err
		}
		if !mine {
			m, err := markOf(ctx, q, r.Kind, r.Key)
			if err == nil && m.Turn > r.Turn {
				ahead = m.Turn
			}
			return err
		}
		do := p.Release
		if r.Wanted == gone {
			do = p.Withdraw
		}
		if err := do(ctx, q, r.item()); err != nil {
			return err
		}
		return countChange(ctx, q)
	})
	if o.Cache != nil && (err == nil || r.Wanted == gone) {
		o.Cache.Stale() // a taking down even after an error: a commit may have failed only to say that it was made
	}
	return ahead, err
}

// settled tells work that the public store has what was decided. If work cannot be
// told, what the public sees is right all the same: State asks the public store,
// and Run tells work later.
func (o *Outbox) settled(ctx context.Context, r row) {
	err := o.Work.Tx(ctx, func(q db.Q) error {
		ok, err := settle(ctx, q, r, db.At(o.Now()))
		if err != nil || !ok {
			return err
		}
		return o.publishers[r.Kind].Settled(ctx, q, r.item())
	})
	if err != nil {
		o.Log.Error("the public store is ahead of what work knows", "kind", r.Kind, "key", r.Key, "error", err)
	}
}

// failed keeps what went wrong, for whoever looks at the thing.
func (o *Outbox) failed(ctx context.Context, r row, why error) error {
	o.Log.Error("publishing waits", "kind", r.Kind, "key", r.Key, "wanted", r.Wanted, "error", why)
	// The time may have run out on what failed; to write it down has its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := o.Work.Tx(ctx, func(q db.Q) error { return noteFailure(ctx, q, r, why.Error(), db.At(o.Now())) })
	return errors.Join(fmt.Errorf("%w: %s %s: %w", ErrWaiting, r.Kind, r.Key, why), err)
}

// Sweep carries out everything that waits and was not tried just now, and tells
// how much still waits.
func (o *Outbox) Sweep(ctx context.Context) (waiting int, err error) {
	rows, err := unsettled(ctx, o.Work, "")
	if err != nil {
		return 0, fmt.Errorf("read what waits in the outbox: %w", err)
	}
	for _, r := range rows {
		if o.Now().Sub(r.TriedAt.Time) < again {
			waiting++
			continue
		}
		if err := o.Release(ctx, r.Kind, r.Key); err != nil {
			waiting++
		}
	}
	return waiting, nil
}

// Reconcile has everything carried out once more that the public store should have
// and does not: it was brought back from a backup.
func (o *Outbox) Reconcile(ctx context.Context) error {
	marks, err := allMarks(ctx, o.Public)
	if err != nil {
		return fmt.Errorf("read what is published: %w", err)
	}
	has := map[[2]string]int64{}
	for _, m := range marks {
		has[[2]string{m.Kind, m.Key}] = m.Turn
	}
	turns, err := settledTurns(ctx, o.Work)
	if err != nil {
		return fmt.Errorf("read what was published: %w", err)
	}
	for _, t := range turns {
		if has[[2]string{t.Kind, t.Key}] >= t.Turn {
			continue
		}
		err := o.Work.Tx(ctx, func(q db.Q) error { return unsettle(ctx, q, t) })
		if err != nil {
			return fmt.Errorf("publish %s %s once more: %w", t.Kind, t.Key, err)
		}
	}
	return nil
}

// Run carries out what waits until ctx ends. It never gives up.
func (o *Outbox) Run(ctx context.Context) {
	t := time.NewTicker(again / 2)
	defer t.Stop()
	reconciled := false
	for {
		if !reconciled {
			if err := o.Reconcile(ctx); err != nil {
				o.Log.Error("compare the two stores", "error", err)
			} else {
				reconciled = true
			}
		}
		if _, err := o.Sweep(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("publish what waits", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
