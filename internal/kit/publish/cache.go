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
// Release waits that long before it confirms. A store that does not answer is not
// trusted any longer than that, unless Alone says that nobody else can have changed it.
//
// Asking is one short query, which on a busy site costs more than the rest of a
// page; requests that come while it is under way share the next one.
type Cache struct {
	public *db.DB
	now    clock.Clock
	// Alone says that this process is the only one that publishes and takes down in this
	// store. What stood when the store last answered then stands while it does not, until
	// this process changes something: nobody could have taken it down.
	Alone  bool
	newest atomic.Pointer[trustedView]
	staled atomic.Int64 // counts the times that Stale was called

	mu      sync.Mutex
	waiting *asking    // requests that will share the next query
	one     sync.Mutex // held by the query under way
}

// Trust is how long a node believes what the public store told it.
const Trust = 500 * time.Millisecond

// trustedView is a view, and the moment before the store was asked for it.
type trustedView struct {
	view   *View
	asked  time.Time
	staled int64
}

// asking is one query for the change number, and who waits for it.
type asking struct {
	done chan struct{}
	view *View
	err  error
}

// Unavailable answers while the public store cannot say what is published: what was
// taken down must not be shown because nobody could ask.
var Unavailable = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "This page cannot be shown at the moment",
	Words: "Try again in a minute. What stands at the top of this page still holds."}

// patienceToAsk is how long the public store may take to say whether anything
// changed.
const patienceToAsk = 2 * time.Second

// NewCache makes the cache of a public store. now is best a clock that nobody sets,
// as time.Now is between two of its readings.
func NewCache(public *db.DB, now clock.Clock) *Cache { return &Cache{public: public, now: now} }

// Stale has the next request ask: something was changed by this process, which is
// to see it at once.
func (c *Cache) Stale() { c.staled.Add(1) }

// View gives what stands. An error means that nobody can tell: the public store
// did not answer.
func (c *Cache) View(ctx context.Context) (*View, error) {
	if t := c.newest.Load(); t != nil && t.staled == c.staled.Load() {
		if passed := c.now().Sub(t.asked); passed >= 0 && passed < Trust {
			return t.view, nil
		}
	}
	c.mu.Lock()
	a, lead := c.waiting, false
	if a == nil {
		a, lead = &asking{done: make(chan struct{})}, true
		c.waiting = a
	}
	c.mu.Unlock()
	if lead {
		c.one.Lock()
		c.mu.Lock()
		c.waiting = nil // who comes from here on came after the query began
		c.mu.Unlock()
		a.view, a.err = c.ask(ctx)
		c.one.Unlock()
		close(a.done)
		return a.view, a.err
	}
	select {
	case <-a.done:
		return a.view, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask is for all who wait, and so does not end with the request that leads them.
func (c *Cache) ask(ctx context.Context) (*View, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patienceToAsk)
	defer cancel()
	t := &trustedView{asked: c.now(), staled: c.staled.Load()} // before the query: what changes after it is not in it
	n, err := changeNumber(ctx, c.public)
	if last := c.newest.Load(); err != nil && c.Alone && last != nil && last.staled == t.staled {
		c.newest.Store(&trustedView{view: last.view, asked: t.asked, staled: t.staled})
		return last.view, nil
	}
	if err != nil {
		return nil, errors.Join(Unavailable, fmt.Errorf("ask the public store whether anything changed: %w", err))
	}
	if last := c.newest.Load(); last != nil && last.view.number == n {
		t.view = last.view
	} else {
		t.view = &View{number: n}
	}
	c.newest.Store(t)
	return t.view, nil
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
