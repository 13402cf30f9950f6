package app

import (
	"context"
	"net/url"
	"sync"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A rail remembers what waits for each person in each part of the workspace, which the
// navigation says on every page. It is counted from the rows of their Home, so that the two never
// say different things: Home itself counts anew, and so does any other page once the work store
// has changed, or railAge has passed.
type rail struct {
	mu sync.Mutex
	of map[string]railCounts // by the person's id
}

// railCounts are what waited for somebody at one moment.
type railCounts struct {
	version int64 // of the work store
	at      time.Time
	waits   map[string]int // by the address of a place
}

const (
	// railAge is how long counts stand when no counted table changed: what is not counted, such as
	// mail that waits to be sent, is seen by then.
	railAge = time.Minute
	// mostRails is how many people's counts are kept.
	mostRails = 5000
)

// waits gives what waits for somebody in each place. A navigation without counts is better than
// no page: what went wrong is logged.
func (a *App) waits(ctx context.Context, p web.Person) map[string]int {
	if p.First != "" { // they cannot open any of it yet
		return nil
	}
	version, err := db.Version(ctx, a.Work)
	if err != nil {
		a.Log.Error("what waits in each room", "error", err)
		return nil
	}
	a.rail.mu.Lock()
	kept, ok := a.rail.of[p.ID]
	a.rail.mu.Unlock()
	if now := a.Now(); ok && kept.version == version && now.Sub(kept.at) < railAge && !now.Before(kept.at) {
		return kept.waits
	}
	todos, err := a.todos(ctx, p)
	if err != nil {
		a.Log.Error("what waits in each room", "error", err)
		return nil
	}
	return a.keepRail(p, version, todos)
}

// keepRail counts the rows of somebody's Home by place, and keeps the counts.
func (a *App) keepRail(p web.Person, version int64, todos []web.Todo) map[string]int {
	counts := railCounts{version: version, at: a.Now(), waits: map[string]int{}}
	for _, t := range todos {
		if t.Others {
			continue
		}
		counts.waits[workPrefix]++ // all of it, also what leads into no place of theirs
		if x, ok := placeOf(p, t); ok {
			counts.waits[x.Href]++
		}
	}
	a.rail.mu.Lock()
	defer a.rail.mu.Unlock()
	if a.rail.of == nil || len(a.rail.of) >= mostRails {
		a.rail.of = map[string]railCounts{}
	}
	a.rail.of[p.ID] = counts
	return counts.waits
}

// placeOf gives the part of the workspace that a row of Home leads into.
func placeOf(p web.Person, t web.Todo) (place, bool) {
	at, err := url.Parse(t.Href)
	if err != nil {
		return place{}, false
	}
	for _, x := range placesOf(p) {
		if x.Href != workPrefix && x.within(at.Path) {
			return x, true
		}
	}
	return place{}, false
}

// counted puts on a navigation what waits in each place.
func counted(nav []ui.NavItem, waits map[string]int) []ui.NavItem {
	for i, x := range nav {
		nav[i].Count = ""
		if n := waits[x.Href]; n > 0 {
			nav[i].Count = lang.Number(n)
		}
	}
	return nav
}
