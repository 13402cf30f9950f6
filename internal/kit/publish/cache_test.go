package publish_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/testkit"
)

// page asks a cache as a reader does: what the public store holds, made once.
func page(t testing.TB, c *publish.Cache, public *db.DB, made *int) (string, error) {
	v, err := c.View(t.Context())
	if err != nil {
		return "", err
	}
	a, err := v.Answer("/a", func() (*publish.Answer, error) {
		*made++
		return publish.NewAnswer([]byte(seen(t, public, "a")), "text/plain", true)
	})
	if err != nil {
		return "", err
	}
	w := httptest.NewRecorder()
	err = a.Send(w, httptest.NewRequest("GET", "/a", nil))
	return w.Body.String(), err
}

// What changes on one node is in its own next answer, and in that of every other
// within the time that a node trusts what it knows; what is taken down is in
// nobody's once it is confirmed.
func TestCacheOfManyNodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		at := newClock()
		h := newHouse(t, s.Work, s.Public, at)
		one, two, made := h.Cache, publish.NewCache(s.Public, at.now), 0
		for i, do := range []func() error{
			func() error { return h.put("a", 1) }, func() error { return h.put("a", 2) }, func() error { return h.take("a") },
		} {
			must(t, do())
			must(t, h.release("a"))
			want := []string{"version 1", "version 2", ""}[i]
			if i == 1 {
				if got, err := page(t, one, s.Public, &made); err != nil || got != want {
					t.Errorf("the node that published shows %q: %v", got, err)
				}
				if got, err := page(t, two, s.Public, &made); err != nil || got != "version 1" {
					t.Errorf("another node asked before it had to, and shows %q: %v", got, err)
				}
				at.move(publish.Trust)
			}
			for _, c := range []*publish.Cache{one, two, one, two} {
				if got, err := page(t, c, s.Public, &made); err != nil || got != want {
					t.Errorf("%d: a node shows %q, want %q: %v", i, got, want, err)
				}
			}
			if made != 2*(i+1) {
				t.Errorf("made %d times by two nodes in %d states", made, i+1)
			}
		}
	})
}

// While the store does not answer, what stood is shown on, by a process that shares it only
// where it had heard from it just before, and for a day.
func TestCacheWithoutItsStore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		alone       bool
		idle, later time.Duration // before the store ceases to answer, and after
		stale       bool
		shown       bool
	}{
		{"just heard of", false, publish.Trust, 0, false, true},
		{"still", false, publish.Trust, publish.Longest - time.Hour, false, true},
		{"for too long", false, publish.Trust, publish.Longest, false, false},
		{"not heard of for a while", false, time.Minute, 0, false, false},
		{"alone, not heard of for a while", true, time.Minute, 0, false, true},
		{"alone, for long", true, publish.Trust, 2 * publish.Longest, false, true},
		{"this process took something down", false, publish.Trust, 0, true, false},
		{"alone, and took something down", true, publish.Trust, 0, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewStores(t, db.SQLite)
			tables(t, s)
			at := newClock()
			h := newHouse(t, s.Work, s.Public, at)
			must(t, h.put("a", 1))
			must(t, h.release("a"))
			cache, made := publish.NewCache(s.Public, at.now), 0
			cache.Alone = c.alone
			if got, err := page(t, cache, s.Public, &made); err != nil || got != "version 1" || cache.Away() {
				t.Fatalf("%q %v", got, err)
			}
			must(t, s.Public.Close())
			at.move(c.idle)
			if c.stale {
				cache.Stale()
			}
			_, _ = cache.View(t.Context())
			at.move(c.later)
			for range 2 {
				got, err := page(t, cache, s.Public, &made)
				if c.shown && (err != nil || got != "version 1") || !c.shown && !errors.Is(err, publish.Unavailable) {
					t.Errorf("%q %v", got, err)
				}
				if !cache.Away() {
					t.Error("it does not know that the store is away")
				}
				at.move(time.Second)
			}
			if err := cache.Read(t.Context(), func(context.Context) error { panic("read") }); !errors.Is(err,
				publish.Unavailable) {
				t.Errorf("what has to be read: %v", err)
			}
		})
	}
}

// A store that keeps everybody waiting is waited for once. Who comes after that gets what
// stood, and what is new soon after it answers.
func TestCacheWhileTheStoreStalls(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.Postgres)
	tables(t, s)
	at := newClock()
	h := newHouse(t, s.Work, s.Public, at)
	must(t, h.put("a", 1))
	must(t, h.release("a"))
	c, made := publish.NewCache(s.Public, at.now), 0
	shows := func(want string) {
		t.Helper()
		if got, err := page(t, c, s.Public, &made); err != nil || got != want {
			t.Errorf("%q %v, want %q", got, err, want)
		}
	}
	shows("version 1")
	stalled := errors.New("over")
	err := s.Public.Tx(t.Context(), func(q db.Q) error {
		if _, err := db.Exec(t.Context(), q, `LOCK TABLE publish_changes IN ACCESS EXCLUSIVE MODE`); err != nil {
			return err
		}
		at.move(publish.Trust)
		shows("version 1") // after it was waited for
		began := time.Now()
		for range 10 { // none of these asks, or they would take twenty seconds
			shows("version 1")
		}
		for range 4 { // each of these asks, and does not wait until the store is given up
			at.move(2 * time.Second)
			shows("version 1")
		}
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("14 requests of a store that stalls took %s", took)
		}
		return stalled
	})
	if !errors.Is(err, stalled) {
		t.Fatal(err)
	}
	must(t, h.put("a", 2))
	must(t, h.release("a"))
	for got := ""; got != "version 2"; { // a query that still waits may give what stood once more
		at.move(2 * time.Second)
		if got, err = page(t, c, s.Public, &made); err != nil {
			t.Fatal(err)
		}
	}
	if c.Away() {
		t.Error("the store answers, and is held to be away")
	}
}

// A thing is gone from every answer that is asked for after it was taken down, with
// many readers asking all the while.
func TestCacheWhileManyRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		at := newClock()
		h, c := newHouse(t, s.Work, s.Public, at), publish.NewCache(s.Public, at.now)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for made := 0; ; {
					select {
					case <-stop:
						return
					default:
					}
					if _, err := page(t, c, s.Public, &made); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		made := 0
		for range 20 {
			must(t, h.put("a", 1))
			must(t, h.release("a"))
			at.move(publish.Trust)
			if got, err := page(t, c, s.Public, &made); err != nil || got != "version 1" {
				t.Errorf("published, and a reader sees %q, %v", got, err)
			}
			must(t, h.take("a"))
			must(t, h.release("a"))
			if got, err := page(t, c, s.Public, &made); err != nil || got != "" {
				t.Errorf("taken down, and a reader sees %q, %v", got, err)
			}
		}
		close(stop)
		wg.Wait()
	})
}

func TestCacheLimits(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	at := newClock()
	c := publish.NewCache(s.Public, at.now)
	v, err := c.View(t.Context())
	must(t, err)
	made := 0
	large := func() (*publish.Answer, error) {
		made++
		return publish.NewAnswer([]byte(strings.Repeat("x", 40<<20)), "text/plain", true)
	}
	for range 2 { // the first fits and is kept; the second would be too much
		for _, at := range []string{"/1", "/2"} {
			if _, err := v.Answer(at, large); err != nil {
				t.Fatal(err)
			}
		}
	}
	if made != 3 {
		t.Errorf("made %d times: one of two is kept", made)
	}
	none := errors.New("no such page")
	if _, err := v.Answer("/none", func() (*publish.Answer, error) { return nil, none }); !errors.Is(err, none) {
		t.Errorf("an address that leads nowhere: %v", err)
	}
	must(t, s.Public.Close())
	if known, err := c.View(t.Context()); err != nil || known != v {
		t.Errorf("what was known a moment ago: %v", err)
	}
	at.move(publish.JustBefore + publish.Trust)
	if _, err := c.View(t.Context()); err == nil {
		t.Error("what was known a while ago is shown while nobody can ask")
	}
}
