package identity

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// had reports whether somebody who waits has their place.
func had(p *place) bool {
	select {
	case <-p.here:
		return true
	default:
		return false
	}
}

// TestQueue: with one place, "a" comes from the line a, "-" ends what is being done, and "A"
// has the last of the line a who waits give up. What comes out is whose turn it was.
func TestQueue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ do, want string }{
		{"a--", "a"},
		{"aab-b--", "aabb"},
		{"aaaaab-------", "aabaaa"},        // one who came after five is third
		{"aaaabbc------------", "aabcaba"}, // and so is the only one of another line
		{"abcabc------", "abcabc"},         // equal lines keep the order
		{"aaB-b-", "aab"},                  // nobody of that line waits
		{"aabA---", "ab"},                  // a line that all leave has no turn
		{"aaabbAAB-----", "ab"},            //
		{"aabb-a-a-----", "aababa"},        // who comes again waits for the others' turns
	} {
		q, waiting, got := newQueue(1), []*place{}, ""
		look := func() {
			for i := 0; i < len(waiting); {
				if !had(waiting[i]) {
					i++
					continue
				}
				got += waiting[i].line.name
				waiting = append(waiting[:i:i], waiting[i+1:]...)
			}
		}
		working := 0
		for _, x := range c.do {
			switch name := strings.ToLower(string(x)); {
			case x == '-':
				if working > 0 {
					q.leave()
					working--
				}
			case name == string(x):
				p := q.join(name)
				if p.line == nil { // had at once
					p.line = &line{name: name}
				}
				waiting = append(waiting, p)
			default:
				for i := len(waiting) - 1; i >= 0; i-- {
					if waiting[i].line.name == name {
						q.giveUp(waiting[i])
						waiting = append(waiting[:i:i], waiting[i+1:]...)
						break
					}
				}
			}
			before := len(got)
			look()
			working += len(got) - before
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.do, got, c.want)
		}
	}
}

// TestQueueIsBounded: one line has its bound, all have one, and others still come in.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	q := newQueue(2)
	joined := 0
	for range 1000 {
		if q.join("town") != nil {
			joined++
		}
	}
	if joined != 2+longestLine {
		t.Errorf("%d of one line are in or wait", joined)
	}
	if _, err := q.enter(t.Context(), "town"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	first := q.join("village")
	q.leave()
	q.leave()
	if !had(first) {
		t.Error("the only one of a line waits for all of another")
	}
	for i := range mostWaiting + 10 {
		q.join(string(rune('\u4e00' + i)))
	}
	if q.all != mostWaiting {
		t.Errorf("%d wait", q.all)
	}
}

// TestQueueProperties: whatever happens, no more are in than there are places, a place is
// never free while somebody waits, and nothing is kept of who has gone.
func TestQueueProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		by := rand.New(rand.NewPCG(seed, 1))
		places := 1 + by.IntN(3)
		q := newQueue(places)
		var all []*place
		in := func() (n int) {
			for _, p := range all {
				if had(p) {
					n++
				}
			}
			return n
		}
		drop := func(i int) { all = append(all[:i:i], all[i+1:]...) }
		for range 300 {
			switch i := by.IntN(max(len(all), 1)); {
			case len(all) == 0 || by.IntN(3) == 0:
				if p := q.join(string(rune('a' + by.IntN(4)))); p != nil {
					all = append(all, p)
				}
			case had(all[i]) && by.IntN(2) == 0:
				q.leave()
				drop(i)
			default:
				q.giveUp(all[i])
				drop(i)
			}
			if n := in(); n > places || n < min(places, len(all)) || q.all != len(all)-n || len(q.turns) != len(q.lines) {
				t.Fatalf("seed %d: %d in of %d places, %d wait of %d, %d lines, %d turns", seed, n, places, q.all,
					len(all)-n, len(q.lines), len(q.turns))
			}
		}
		for len(all) > 0 {
			q.giveUp(all[0])
			drop(0)
		}
		if q.free != places || q.all != 0 || len(q.lines) != 0 || len(q.turns) != 0 {
			t.Fatalf("seed %d: at the end %+v", seed, q)
		}
	}
}

// Who leaves while waiting is told why, and the turn goes to the next.
func TestQueueIsLeft(t *testing.T) {
	t.Parallel()
	q := newQueue(1)
	q.join("a")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.enter(gone, "a"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	next := q.join("a")
	q.leave()
	if !had(next) {
		t.Error("the turn of who left is lost")
	}
}
