package identity

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/ids"
	"kith/internal/testkit"
)

func TestGuessing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		waits := func(err error, want time.Duration) {
			t.Helper()
			var x *Wait
			if !errors.As(err, &x) || x.For != want || !errors.Is(err, ErrTooMany) {
				t.Errorf("%v, and not a wait of %v", err, want)
			}
		}
		const wrong = "a wrong password"
		for _, email := range []string{"nobody@tidewell.example", ben.Email} { // both answer alike
			for range freeTries {
				_, err := w.SignIn(w.ctx(), email, wrong, here)
				w.is(err, ErrWrong)
			}
			for _, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} { // slower each time, and never shut
				_, err := w.SignIn(w.ctx(), email, wrong, here)
				waits(err, want*time.Second)
				w.now = w.now.Add(want*time.Second - time.Millisecond)
				_, err = w.SignIn(w.ctx(), email, wrong, here)
				waits(err, time.Millisecond)
				w.now = w.now.Add(time.Millisecond)
				_, err = w.SignIn(w.ctx(), email, wrong, here)
				w.is(err, ErrWrong)
			}
		}
		_, err := w.SignIn(w.ctx(), ben.Email, password, here)
		waits(err, longestWait)
		_, err = w.SignIn(w.ctx(), " BEN@tidewell.example ", password, Visit{Address: "198.51.100.7"})
		w.is(err, nil) // from elsewhere there is no wait
		w.now = w.now.Add(longestWait)
		_, err = w.SignIn(w.ctx(), ben.Email, password, here)
		w.is(err, nil)
		for range 2 * freeTries { // who knows the password is counted nowhere
			_, err = w.SignIn(w.ctx(), ben.Email, password, here)
			w.is(err, nil)
		}
		for _, odd := range []string{"", "\x00", "\xff\xfe", strings.Repeat("x", 10_000), "' OR 1=1 --"} {
			_, err = w.SignIn(w.ctx(), odd, strings.Repeat("y", 10_000), Visit{Address: "203.0.113.9", Browser: "\xff\x00"})
			w.is(err, ErrWrong)
		}
	})
}

// TestGuessingDoesNotShutOthersOut: somebody who guesses behind the proxy of a whole
// town slows the answers to guesses, and keeps nobody from signing in.
func TestGuessingDoesNotShutOthersOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		var held []time.Duration
		w.keeper.pause = func(_ context.Context, d time.Duration) error { held = append(held, d); return nil }
		ben, cat := w.user("Ben", "editor"), w.user("Cat", "editor")
		known := Visit{Address: here.Address, Known: ids.Secret()}
		_, err := w.SignIn(w.ctx(), ben.Email, password, known)
		w.is(err, nil)
		for range freeBySource { // of as many accounts
			_, err := w.SignIn(w.ctx(), w.NewID()+"@x.example", "a wrong password", here)
			w.is(err, ErrWrong)
		}
		if len(held) != 0 {
			t.Errorf("%d answers were held back", len(held))
		}
		_, err = w.SignIn(w.ctx(), cat.Email, password, here)
		w.is(err, nil)
		if len(held) != 1 || held[0] != sourceWait {
			t.Errorf("held back: %v", held)
		}
		for range freeTries { // at Ben's account
			_, err = w.SignIn(w.ctx(), ben.Email, "a wrong password", here)
			w.is(err, ErrWrong)
		}
		_, err = w.SignIn(w.ctx(), ben.Email, password, here)
		w.is(err, ErrTooMany)
		held = nil
		_, err = w.SignIn(w.ctx(), ben.Email, password, known)
		w.is(err, nil) // in the browser that he signs in from
		_, err = w.SignIn(w.ctx(), ben.Email, password, Visit{Address: here.Address, Known: ids.Secret()})
		w.is(err, ErrTooMany) // and not in one that says it is known
		if len(held) != 0 {
			t.Errorf("a browser that is known was held back: %v", held)
		}
	})
}

// TestGuessingAtOnce holds that tries at the same moment cannot outrun the count.
func TestGuessingAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		wrong := 0
		for _, err := range w.atOnce(30, ben.Email, "a wrong password") {
			if errors.Is(err, ErrWrong) {
				wrong++
			} else if !errors.Is(err, ErrTooMany) {
				t.Error(err)
			}
		}
		if wrong != freeTries {
			t.Errorf("%d passwords were tried", wrong)
		}
	})
}

// TestManyAtTheDoor: forty who sign in at one moment from one address all get in, also
// into one account.
func TestManyAtTheDoor(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		for _, err := range w.atOnce(40, w.user("Ben", "editor").Email, password) {
			w.is(err, nil)
		}
	})
}

// atOnce signs in n times at one moment from one address.
func (w *world) atOnce(n int, email, password string) []error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.SignIn(context.WithoutCancel(w.ctx()), email, password, here) })
	}
	wg.Wait()
	return errs
}
