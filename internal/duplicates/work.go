package duplicates

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// countedFor is how long Home takes the number of pairs to be as it was: with a hundred
// thousand people counting takes half a second. What is said here is counted at once; what an
// import brings, a minute later.
const countedFor = time.Minute

// A tally is the numbers of pairs of a process, by kind.
type tally struct {
	mu sync.Mutex
	of map[string]counted
}

type counted struct {
	pairs int
	at    time.Time
}

// forget counts a kind anew when it is next asked.
func (t *tally) forget(kind string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, kind)
}

// countPairs gives how many pairs of a kind are listed.
func (r *Room) countPairs(ctx context.Context, kind string) (int, error) {
	r.tally.mu.Lock()
	defer r.tally.mu.Unlock()
	now := r.Now()
	if was, ok := r.tally.of[kind]; ok && now.Sub(was.at) < countedFor {
		return was.pairs, nil
	}
	list, err := r.Pairs(ctx, kind)
	if err != nil {
		return 0, err
	}
	if r.tally.of == nil {
		r.tally.of = map[string]counted{}
	}
	r.tally.of[kind] = counted{len(list), now}
	return len(list), nil
}

// Todos says on Home how many records may be one, to whoever may say whether they are.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var parts []string
	all, href := 0, ""
	for i, d := range r.desks() {
		if !p.May(tabs[i].Permission) || !r.offered(d.kind) {
			continue
		}
		n, err := r.countPairs(ctx, d.kind)
		if err != nil {
			return nil, fmt.Errorf("count possible duplicates: %w", err)
		}
		if n == 0 {
			continue
		}
		if href == "" {
			href = d.root
		}
		all += n
		parts = append(parts, lang.Plural(n, "pair", "pairs")+" of "+d.many)
	}
	if all == 0 {
		return nil, nil
	}
	words := lang.Sentence(lang.Join(parts)) + lang.Noun(all, " looks", " look") + " alike. While one is kept as two, " +
		"it is counted twice."
	return []web.Todo{{Title: "Possible duplicates: " + lang.Plural(all, "pair", "pairs"), Words: words, Href: href,
		Act: "Say which are the same"}}, nil
}

func (r *Room) offered(kind string) bool {
	_, err := r.kind(kind)
	return err == nil
}
