package sites

import (
	"context"
	"fmt"
	"time"

	"kith/internal/kit/db"
)

// flushEvery is how often counted visits are written down.
const flushEvery = 5 * time.Second

// Flush writes the visits counted so far to the public store. What cannot be
// written is kept and written the next time.
func (r *Room) Flush(ctx context.Context) error {
	counts := r.visits.take()
	if len(counts) == 0 {
		return nil
	}
	err := r.Public.Tx(ctx, func(q db.Q) error {
		for k, n := range counts {
			if err := addVisits(ctx, q, k.day, k.site, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for k, n := range counts {
			r.visits.add(k, n)
		}
		return fmt.Errorf("write down visits: %w", err)
	}
	return nil
}

// Run writes visits down every few seconds until ctx ends, and then once more.
// failed is told of each time that did not work.
func (r *Room) Run(ctx context.Context, failed func(error)) {
	t := time.NewTicker(flushEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushEvery)
			defer cancel()
			if err := r.Flush(last); err != nil {
				failed(err)
			}
			return
		case <-t.C:
			if err := r.Flush(ctx); err != nil {
				failed(err)
			}
		}
	}
}
