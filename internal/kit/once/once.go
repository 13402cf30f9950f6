// Package once remembers which forms for new records were posted, so that the same form
// posted twice, by a double click or a reload, adds one record and leads to it twice.
//
// A form carries a mark that was made when it was shown. Who posts it first claims the
// mark, adds the record and notes where that led. Who posts it again meanwhile waits for
// the first, and is led to the same page. A claim is given back when nothing was added,
// and can be taken over when the process that had it is not heard of.
//
// Table: form_marks, in the work store.
package once

import (
	"context"
	"fmt"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

const (
	kept    = 24 * time.Hour         // how long a form is remembered
	patient = 5 * time.Second        // how long the second waits for the first
	look    = 100 * time.Millisecond // and how often it looks
	lost    = time.Minute            // after which the first is not expected any more
)

// Marks are the marks of an installation. It is a web.Once.
type Marks struct {
	DB  *db.DB
	Now clock.Clock
}

var _ web.Once = (*Marks)(nil)

// Claim implements web.Once.
func (m *Marks) Claim(ctx context.Context, mark string) (first bool, done web.Done, err error) {
	for until := time.Now().Add(patient); ; {
		first, done, err = m.claim(ctx, mark)
		if err != nil || first || done.To != "" {
			return first, done, err
		}
		if time.Now().After(until) {
			return false, done, web.Conflict("This is being added already",
				"It was sent twice, and the first is not finished. "+
					"Look in a minute whether it is there before you add it again.")
		}
		select {
		case <-ctx.Done():
			return false, done, ctx.Err()
		case <-time.After(look):
		}
	}
}

func (m *Marks) claim(ctx context.Context, mark string) (first bool, done web.Done, err error) {
	now := m.Now()
	err = m.DB.Tx(ctx, func(q db.Q) error {
		if _, err := db.Exec(ctx, q, `
			DELETE FROM form_marks WHERE claimed_at < $1 OR mark = $2 AND led_to = '' AND claimed_at < $3`,
			db.At(now.Add(-kept)), mark, db.At(now.Add(-lost))); err != nil {
			return err
		}
		n, err := db.Exec(ctx, q, `
			INSERT INTO form_marks (mark, claimed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, mark, db.At(now))
		if first = n > 0; err != nil || first {
			return err
		}
		done, err = db.Get[web.Done](ctx, q, `SELECT led_to, said, '' AS undo FROM form_marks WHERE mark = $1`, mark)
		return err
	})
	return first, done, db.Wrap(err, "claim a form")
}

// Settle implements web.Once.
func (m *Marks) Settle(ctx context.Context, mark string, done web.Done) error {
	return m.exec(ctx, `UPDATE form_marks SET led_to = $2, said = $3 WHERE mark = $1`, mark, done.To, done.Words)
}

// Release implements web.Once.
func (m *Marks) Release(ctx context.Context, mark string) error {
	return m.exec(ctx, `DELETE FROM form_marks WHERE mark = $1`, mark)
}

func (m *Marks) exec(ctx context.Context, query string, args ...any) error {
	err := m.DB.Tx(ctx, func(q db.Q) error {
		_, err := db.Exec(ctx, q, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a form: %w", err)
	}
	return nil
}
