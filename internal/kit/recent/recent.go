// Package recent keeps a value that is read often and changed seldom, for a
// moment.
//
// What the partnership calls itself is on every page and in every e-mail, and is
// changed once a year. It is read from the store at most every second or two, so
// that a change made by another process is seen almost at once; the process that
// makes a change forgets what it kept, and sees it at once.
package recent

import (
	"context"
	"sync"
	"time"

	"kith/internal/kit/clock"
)

// usual is how long a value is kept.
const usual = 2 * time.Second

// A Value is read by Read and kept for a moment. It is safe for use by many.
type Value[T any] struct {
	Now  clock.Clock
	Read func(context.Context) (T, error)

	mu      sync.Mutex
	kept    T
	has     bool
	until   time.Time
	changes int // how often it was forgotten
}

// Get gives the value, which may be as old as a moment.
func (v *Value[T]) Get(ctx context.Context) (T, error) { return v.GetBy(ctx, v.Read) }

// GetBy is Get with another way to read: in a transaction, one that takes no
// second connection, for which it could wait for ever.
func (v *Value[T]) GetBy(ctx context.Context, read func(context.Context) (T, error)) (T, error) {
	v.mu.Lock()
	kept, fresh, changes := v.kept, v.Now().Before(v.until), v.changes
	v.mu.Unlock()
	if fresh {
		return kept, nil
	}
	// Read without the lock: one slow answer of the store does not hold up those
	// who come with a deadline of their own.
	got, err := read(ctx)
	if err != nil {
		return got, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.changes == changes { // else it was changed while it was read, and may be the old one
		v.kept, v.has, v.until = got, true, v.Now().Add(usual)
	}
	return got, nil
}

// Last gives the value that was read last, however old; false when none was.
func (v *Value[T]) Last() (T, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.kept, v.has
}

// Forget makes the next Get read again. Call it when a change is committed.
func (v *Value[T]) Forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.until = time.Time{}
	v.changes++
}
