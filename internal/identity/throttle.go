package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// Who guesses passwords is slowed down, and nobody is shut out. Only failures are
// counted: of one account from one network, of the account from everywhere, and of the
// network at all accounts. After a few, a try at the account has to wait since the last
// failure, twice as long each time up to half a minute; a network with very many failures
// gets its answers late. A browser that somebody has signed in from before counts by
// itself, so that guessing elsewhere, or behind the same proxy, does not slow them.
const (
	attemptWindow = 15 * time.Minute // failures are forgotten so long after the last
	freeTries     = 5                // failures at an account before there is a wait
	freeAnywhere  = 50               // and of the account from everywhere
	longestWait   = 30 * time.Second
	longestSecond = 10 * time.Minute // at a second factor: who tries knows the password, and six digits are few
	freeBySource  = 100              // failures from one network before its answers come late
	sourceWait    = 2 * time.Second
	waitingAtOnce = 64 // answers that are held back at a time
)

// A Wait refuses a try at an account for a moment. It is an ErrTooMany.
type Wait struct{ For time.Duration }

// Error says how long.
func (e *Wait) Error() string { return ErrTooMany.Error() + ": wait " + e.Words() }

// Words are how long to wait, for a person: "4 seconds".
func (e *Wait) Words() string {
	return lang.Plural(int((e.For+time.Second-1)/time.Second), "second", "seconds")
}

// Is makes it an ErrTooMany.
func (e *Wait) Is(err error) bool { return err == ErrTooMany }

// doors are the keys under which one try counts when it fails.
type doors struct {
	account  string        // the account from here
	anywhere string        // the account from everywhere; "" for a browser that is known
	source   string        // everybody from here; "" for a browser that is known
	longest  time.Duration // the longest wait
}

// line is where the try waits for its hash: with all others from its network, and that of a
// known browser or of somebody who is signed in by itself.
func (d doors) line() string { return cmp.Or(d.source, d.account) }

// lineOf is where somebody waits who is signed in, or came by a link of theirs.
func lineOf(personID string) string { return attemptKey("person", personID, "") }

// wait tells how long a try must wait after so many failures, of which so many are free.
func wait(failures, free int64, longest time.Duration) time.Duration {
	if failures < free {
		return 0
	}
	return min(time.Second<<min(failures-free, 10), longest)
}

// mayTry returns a *Wait for an account at which too many tries failed just now, and
// holds the answer back for a network from which too many did. It changes nothing.
func (r *Room) mayTry(ctx context.Context, d doors) error {
	now := r.Now()
	for _, door := range []struct {
		key  string
		free int64
	}{{d.account, freeTries}, {d.anywhere, freeAnywhere}} {
		f, err := failuresAt(ctx, r.Work, door.key, db.At(now))
		if err != nil {
			return err
		}
		last := f.Until.Time.Add(-attemptWindow)
		if left := wait(f.Tried, door.free, cmp.Or(d.longest, longestWait)) - now.Sub(last); f.Tried > 0 && left > 0 {
			return &Wait{For: left}
		}
	}
	if d.source == "" {
		return nil
	}
	f, err := failuresAt(ctx, r.Work, d.source, db.At(now))
	if err != nil || f.Tried < freeBySource {
		return err
	}
	return r.keeper.holdBack(ctx, sourceWait)
}

// doorsOf are the doors at which a try for an account counts. The person is looked up
// whether or not there is one, so that both take as many queries.
func (r *Room) doorsOf(ctx context.Context, door, account, personID string, v Visit) (doors, error) {
	known, err := browserOf(ctx, r.Work, hashed(v.Known), personID)
	if err != nil {
		return doors{}, err
	}
	if known && v.Known != "" {
		return doors{account: attemptKey(door, account, "browser "+v.Known)}, nil
	}
	return doors{account: attemptKey(door, account, network(v.Address)), anywhere: attemptKey(door, account, ""),
		source: attemptKey(door, "", network(v.Address))}, nil
}

// A keeper lets tries at one account in one after another, so that those at the same
// moment cannot outrun the count, and holds answers back.
type keeper struct {
	mu     sync.Mutex
	inside map[string]*turn
	late   chan struct{}
	// pause waits; the tests have one that does not.
	pause func(ctx context.Context, d time.Duration) error
}

// A turn is one account's: who has put something in may try.
type turn struct {
	here   chan struct{}
	asking int
}

func newKeeper() *keeper {
	return &keeper{inside: map[string]*turn{}, late: make(chan struct{}, waitingAtOnce), pause: func(ctx context.Context,
		d time.Duration) error {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

// enter waits for the account's turn, as long as for a hash, and gives what ends it.
func (k *keeper) enter(ctx context.Context, account string) (leave func(), err error) {
	k.mu.Lock()
	t := k.inside[account]
	if t == nil {
		t = &turn{here: make(chan struct{}, 1)}
		k.inside[account] = t
	}
	t.asking++
	k.mu.Unlock()
	forget := func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if t.asking--; t.asking == 0 {
			delete(k.inside, account)
		}
	}
	timer := time.NewTimer(queueWait)
	defer timer.Stop()
	select {
	case t.here <- struct{}{}:
		return func() { <-t.here; forget() }, nil
	case <-timer.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	forget()
	return nil, err
}

// holdBack keeps an answer for a while, and refuses to when too many are kept.
func (k *keeper) holdBack(ctx context.Context, d time.Duration) error {
	select {
	case k.late <- struct{}{}:
		defer func() { <-k.late }()
		return k.pause(ctx, d)
	default:
		return ErrBusy
	}
}

// attemptKey hides whom it is about: addresses typed by mistake may be
// passwords.
func attemptKey(door, account, address string) string {
	return hashed(door + "\x00" + account + "\x00" + address)
}

// network is what one machine can change its address within: an IPv6 network of
// a household, or one IPv4 address.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// tooMany reports how long somebody has to wait, in words, when that is the error.
func tooMany(err error) (words string, ok bool) {
	var w *Wait
	if !errors.As(err, &w) {
		return "", false
	}
	return fmt.Sprintf("Too many wrong passwords. Wait %s and try again, or set a new password", w.Words()), true
}
