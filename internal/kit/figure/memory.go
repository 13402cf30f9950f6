package figure

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// A figure is computed once and remembered for as long as what it was computed from
// stands. What that is, nobody declares: the computation gets Readers that note the
// tables which its queries name, and Today notes that the date was asked for. The
// stores count how often each table was changed (kit/db); an answer holds in any
// snapshot that has the same counts for its tables, whichever process wrote. So a
// computation must read from its Snapshot alone.

// memory keeps answers in the process, the more recently used ones.
type memory struct {
	mu sync.Mutex
	// recent takes what is used; when it is full it becomes older, whose rest is
	// forgotten: no list to keep in order, and at most twice memorySize.
	recent, older map[string]*answer
	size          int
	busy          map[string]chan struct{} // what is being computed
}

// memorySize bounds what is kept: values, and names in them.
const memorySize = 50_000

// An answer is what a definition's Compute gave: values, or why there are none.
type answer struct {
	values []Value
	none   error // a *BadAsk or a *NotHeld
	basis
}

func (a *answer) size() int {
	n := 1
	for _, v := range a.values {
		n += 1 + len(v.Items) + len(v.Inputs)
	}
	return n
}

// A basis is what an answer was computed from.
type basis struct {
	today period.Date // zero when the date was not asked for
	// changes are the counts of the tables read, by store.
	changes map[storeTable]int64
	// uncounted: a table was read whose changes nobody counts.
	uncounted bool
}

type storeTable struct {
	public bool
	table  string
}

// find gives what is remembered of an ask, valid or not.
func (m *memory) find(key string) *answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.recent[key]
	if a == nil {
		if a = m.older[key]; a != nil {
			m.put(key, a)
		}
	}
	return a
}

// put remembers an answer; the lock is held.
func (m *memory) put(key string, a *answer) {
	if m.recent == nil || m.size >= memorySize {
		m.older, m.recent, m.size = m.recent, map[string]*answer{}, 0
	}
	if m.recent[key] == nil {
		m.size += a.size()
	}
	m.recent[key] = a
}

func (m *memory) keep(key string, a *answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, a)
}

// begin gives nil to whom it falls to compute an ask, and to others a channel that
// is closed when that is done.
func (m *memory) begin(key string) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c := m.busy[key]; c != nil {
		return c
	}
	if m.busy == nil {
		m.busy = map[string]chan struct{}{}
	}
	m.busy[key] = make(chan struct{})
	return nil
}

func (m *memory) end(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.busy[key])
	delete(m.busy, key)
}

// remembered gives the answer to an ask, computed only if none is known that holds
// in this snapshot.
func (s *Snapshot) remembered(ctx context.Context, d *Definition, ask Ask) (*answer, error) {
	key, m := askKey(d, ask), &s.registry.memory
	for {
		a := m.find(key)
		ok, err := s.holds(ctx, a)
		if err != nil || ok {
			return a, err
		}
		if s.basis != nil { // inside another computation: nobody waits for two
			return s.compute(ctx, d, ask)
		}
		wait := m.begin(key)
		if wait == nil {
			break
		}
		select {
		case <-wait: // its answer holds here unless something was written in between
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer m.end(key)
	a, err := s.compute(ctx, d, ask)
	if err == nil && !a.uncounted {
		m.keep(key, a)
	}
	return a, err
}

// compute asks the definition, and notes what it looks at.
func (s *Snapshot) compute(ctx context.Context, d *Definition, ask Ask) (*answer, error) {
	a := &answer{basis: basis{changes: map[storeTable]int64{}}}
	inner := *s
	inner.basis = &a.basis
	var watches [2]*db.Watch
	for i, r := range []*db.Reader{&inner.Work, &inner.Public} {
		if *r == nil {
			continue
		}
		w, err := db.NewWatch(*r)
		if err != nil {
			return nil, err
		}
		watches[i], *r = w, w
	}
	var bad *BadAsk
	var held *NotHeld
	values, err := d.Compute(ctx, &inner, ask)
	if errors.As(err, &bad) || errors.As(err, &held) {
		a.none, err = err, nil
	}
	if err != nil {
		return nil, err
	}
	a.values = values
	for i, w := range watches {
		if w == nil {
			continue
		}
		counts, err := s.changes(ctx, i == 1)
		if err != nil {
			return nil, err
		}
		for _, t := range w.Tables() {
			a.changes[storeTable{i == 1, t}] = counts[t]
			a.uncounted = a.uncounted || !db.Counted(t)
		}
	}
	s.note(a)
	return a, nil
}

// holds reports whether an answer is that of this snapshot.
func (s *Snapshot) holds(ctx context.Context, a *answer) (bool, error) {
	if a == nil || !a.today.IsZero() && a.today != s.open.today {
		return false, nil
	}
	for t, n := range a.changes {
		counts, err := s.changes(ctx, t.public)
		if err != nil {
			return false, err
		}
		if counts[t.table] != n {
			return false, nil
		}
	}
	s.note(a)
	return true, nil
}

// note makes what an answer was computed from part of what a figure that is
// computed from it is.
func (s *Snapshot) note(a *answer) {
	if s.basis == nil {
		return
	}
	maps.Copy(s.basis.changes, a.changes)
	s.basis.uncounted = s.basis.uncounted || a.uncounted
	if !a.today.IsZero() {
		s.basis.today = a.today
	}
}

// changes gives the counts of one store, read once in a snapshot.
func (s *Snapshot) changes(ctx context.Context, public bool) (map[string]int64, error) {
	counts, r := &s.open.changes[0], s.open.work
	if public {
		counts, r = &s.open.changes[1], s.open.public
	}
	if *counts == nil && r != nil {
		var err error
		if *counts, err = db.Changes(ctx, r); err != nil {
			return nil, err
		}
	}
	return *counts, nil
}

// askKey writes what is asked of which version of a figure.
func askKey(d *Definition, a Ask) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%d|%s|%s|%s|%t", d.ID, d.Version, a.Period, a.At, a.By, a.Sources)
	for _, k := range slices.Sorted(maps.Keys(a.Where)) {
		fmt.Fprintf(&b, "|%q=%q", k, a.Where[k])
	}
	return b.String()
}
