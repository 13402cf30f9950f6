package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A Cache keeps what is made of the public store for as long as that store says
// that nothing changed. What the store said is trusted for Trust, and then it is
// asked again: something published on one node is seen on every other within that
// time. Something taken down is not seen anywhere once that was confirmed, since
// Release waits that long before it confirms.
//
// While the store does not answer, what stood when it last did is shown on. A process that
// shares the store does so only where it had heard from it just before (Run asks all the
// while), or it may have missed that something was taken down; and for Longest, for another
// process may still reach the store. A process that itself took something down, or tried to,
// shows nothing from before until the store answers.
//
// Asking is one short query, which on a busy site costs more than the rest of a
// page; requests that come while it is under way share the next one.
type Cache struct {
	public *db.DB
	now    clock.Clock
	// Alone says that this process is the only one that publishes and takes down in this
	// store. What stood when the store last answered then stands while it does not, however
	// long: nobody could have taken it down.
	Alone  bool
	newest atomic.Pointer[trustedView]
	out    atomic.Pointer[outage] // nil while the store answers
	staled atomic.Int64           // counts the times that Stale was called

	mu      sync.Mutex
	waiting *asking    // requests that will share the next query
	one     sync.Mutex // held by the query under way
}

// Trust is how long a node believes what the public store told it, and Longest how long it
// shows that while the store does not answer, if it had asked JustBefore.
const (
	Trust      = 500 * time.Millisecond
	JustBefore = 5 * time.Second
	Longest    = 24 * time.Hour
)

// trustedView is a view, and the moment before the store was asked for it.
type trustedView struct {
	view   *View
	asked  time.Time
	staled int64
}

// outage is that the store did not answer when it was last asked.
type outage struct {
	since  time.Time // when it was first asked in vain
	at     time.Time
	staled int64
	err    error
}

// asking is one query for the change number, and who waits for it.
type asking struct {
	done chan struct{}
	view *View
	out  *outage // nil when the store answered
}

// Unavailable answers while the public store cannot say what is published, and nothing of
// what is asked for is kept.
var Unavailable = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "This page cannot be shown at the moment",
	Words: "Try again in a minute. What stands at the top of this page still holds."}

const (
	// patienceToAsk is how long the public store may take to say whether anything changed,
	// and patienceToRead to give what a page is made of.
	patienceToAsk  = 2 * time.Second
	patienceToRead = 5 * time.Second
	// askAgain is how long a store that did not answer is left alone, and patienceAway how
	// long a request then waits whether it answers, before it gets what stood.
	askAgain     = 2 * time.Second
	patienceAway = 250 * time.Millisecond
)

// NewCache makes the cache of a public store. now is best a clock that nobody sets,
// as time.Now is between two of its readings.
func NewCache(public *db.DB, now clock.Clock) *Cache { return &Cache{public: public, now: now} }

// Stale has the next request ask: something was changed by this process, which is
// to see it at once.
func (c *Cache) Stale() { c.staled.Add(1) }

// within reports whether so much time has not passed since a moment.
func (c *Cache) within(d time.Duration, since time.Time) bool {
	passed := c.now().Sub(since)
	return passed >= 0 && passed < d
}

// View gives what stands or, while the public store does not answer, what stood. An error
// means that nobody can tell.
func (c *Cache) View(ctx context.Context) (*View, error) {
	staled := c.staled.Load()
	t := c.newest.Load()
	if t != nil && t.staled != staled {
		t = nil
	}
	if t != nil && c.within(Trust, t.asked) {
		return t.view, nil
	}
	out := c.out.Load()
	if out != nil && out.staled == staled && c.within(askAgain, out.at) {
		return c.stood(t, out)
	}
	var enough <-chan time.Time
	if out != nil && t != nil {
		timer := time.NewTimer(patienceAway)
		defer timer.Stop()
		enough = timer.C
	}
	a := c.asking(ctx)
	select {
	case <-a.done:
		if a.out != nil {
			return c.stood(t, a.out)
		}
		return a.view, nil
	case <-enough:
		still := &outage{since: out.since, at: c.now(), staled: staled, err: out.err}
		c.out.CompareAndSwap(out, still)
		return c.stood(t, still)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stood gives what a store said that does not answer now, where that may be shown.
func (c *Cache) stood(t *trustedView, out *outage) (*View, error) {
	if t == nil || !c.Alone && (out.since.Sub(t.asked) > JustBefore || !c.within(Longest, t.asked)) {
		return nil, out.err
	}
	return t.view, nil
}

// asking joins those who wait for the next query, and begins it where nobody does. It does
// not end with any of them.
func (c *Cache) asking(ctx context.Context) *asking {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting != nil {
		return c.waiting
	}
	a := &asking{done: make(chan struct{})}
	c.waiting = a
	go func() {
		c.one.Lock()
		c.mu.Lock()
		c.waiting = nil // who comes from here on came after the query began
		c.mu.Unlock()
		a.view, a.out = c.ask(context.WithoutCancel(ctx))
		c.one.Unlock()
		close(a.done)
	}()
	return a
}

// ask asks the public store whether anything changed, unless it has just not answered.
func (c *Cache) ask(ctx context.Context) (*View, *outage) {
	was, staled := c.out.Load(), c.staled.Load()
	if was != nil && was.staled == staled && c.within(askAgain, was.at) {
		return nil, was // found by the query before this one
	}
	ctx, cancel := context.WithTimeout(ctx, patienceToAsk)
	defer cancel()
	t := &trustedView{asked: c.now(), staled: staled} // before the query: what changes after it is not in it
	n, err := changeNumber(ctx, c.public)
	if err != nil {
		out := &outage{since: t.asked, at: c.now(), staled: staled,
			err: errors.Join(Unavailable, fmt.Errorf("ask the public store whether anything changed: %w", err))}
		if was != nil {
			out.since = was.since
		}
		c.out.Store(out)
		return nil, out
	}
	if last := c.newest.Load(); last != nil && last.view.number == n {
		t.view = last.view
	} else {
		t.view = &View{number: n}
	}
	c.newest.Store(t)
	c.out.Store(nil)
	return t.view, nil
}

// Away reports whether the public store did not answer when it was last asked.
func (c *Cache) Away() bool { return c.out.Load() != nil }

// Read reads what a page is made of from the public store. It returns Unavailable when that
// does not answer, at once where that is known; db.ErrNotFound and refusals are the reader's.
func (c *Cache) Read(ctx context.Context, read func(context.Context) error) error {
	if out := c.out.Load(); out != nil {
		return out.err
	}
	within, cancel := context.WithTimeout(ctx, patienceToRead)
	defer cancel()
	err := read(within)
	var refusal *web.Refusal
	if err == nil || errors.Is(err, db.ErrNotFound) || errors.As(err, &refusal) || ctx.Err() != nil {
		return err
	}
	a := c.asking(ctx)
	<-a.done
	if a.out != nil {
		return errors.Join(Unavailable, err)
	}
	return err
}

// Run asks the public store all the while, until ctx ends, so that what stood when it ceases
// to answer is known. changed is called first and whenever something changed, to read what
// pages are made of before somebody asks for them.
func (c *Cache) Run(ctx context.Context, changed func(context.Context)) {
	t := time.NewTicker(Trust)
	defer t.Stop()
	var last *View
	for {
		if v, err := c.View(ctx); err == nil && v != last {
			changed(ctx)
			last = v
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// A View keeps what was made of the public store in one state. When that changes
// another View takes its place, and all that this one keeps is forgotten.
type View struct {
	number  int64
	facts   sync.Map // what rooms read of the store
	answers sync.Map // address → *Answer
	bytes   atomic.Int64
}

// mostKept is how many bytes of answers a view keeps: about four thousand pages.
// What comes after is made for each reader.
const mostKept = 64 << 20

// Fact gives what a room read of the store in this state, reading it if nobody
// has. Two may read it at once; one of them is kept.
func Fact[T any](v *View, name string, read func() (T, error)) (T, error) {
	if x, ok := v.facts.Load(name); ok {
		return x.(T), nil
	}
	x, err := read()
	if err != nil {
		return x, err
	}
	first, _ := v.facts.LoadOrStore(name, x)
	return first.(T), nil
}

// Answer gives the answer at an address, making it if nobody has. Addresses that
// lead nowhere are an error of make and are not kept.
func (v *View) Answer(address string, make func() (*Answer, error)) (*Answer, error) {
	if a, ok := v.answers.Load(address); ok {
		return a.(*Answer), nil
	}
	a, err := make()
	if err != nil || v.bytes.Load()+a.size() > mostKept {
		return a, err
	}
	first, there := v.answers.LoadOrStore(address, a)
	if !there {
		v.bytes.Add(a.size())
	}
	return first.(*Answer), nil
}
