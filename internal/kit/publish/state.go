package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A State is what the public sees of a thing, and what was decided of it.
type State struct {
	Item
	Known   bool  // something was decided of it, ever
	Shown   int64 // the version the public sees; 0 for none
	Settled bool  // the public sees what was decided
	Asked   bool  // the public store answered: what is said of it is so now
	TriedAt db.Time
	Tries   int64 // how often it failed
	Problem string
}

// Waiting reports whether it is to be published and is not yet.
func (s State) Waiting() bool { return s.Known && !s.Settled && !s.Gone }

// StillPublic reports whether it is to be gone and may still be seen.
func (s State) StillPublic() bool { return s.Known && !s.Settled && s.Gone }

// Tone is how it stands, for a tag: good, watch, bad, quiet.
func (s State) Tone() string {
	switch {
	case s.StillPublic():
		return "bad"
	case s.Waiting() && s.Tries > 0:
		return "bad"
	case s.Waiting():
		return "watch"
	case s.Shown > 0:
		return "good"
	}
	return "quiet"
}

// Words say in a sentence what the public sees.
func (s State) Words() string {
	showing := "nothing is shown yet"
	if s.Shown > 0 {
		showing = fmt.Sprintf("still showing version %d", s.Shown)
	}
	switch {
	case s.StillPublic() && s.Tries == 0:
		return "Being taken down, and still public"
	case s.StillPublic() && s.Shown > 0:
		return fmt.Sprintf("Still public: version %d could not be taken down", s.Shown)
	case s.StillPublic():
		return "May still be public: taking it down could not be confirmed"
	case s.Waiting() && s.Tries > 0:
		return fmt.Sprintf("Version %d could not be published: %s", s.Version, showing)
	case s.Waiting():
		return fmt.Sprintf("Version %d is waiting to be published since %s; %s", s.Version, lang.DateTime(s.DecidedAt.Time),
			showing)
	case s.Shown > 0:
		return fmt.Sprintf("Published version %d", s.Shown)
	}
	return "Not published"
}

// Tried says when it last failed and what happens next; "" when nothing failed.
func (s State) Tried() string {
	if s.Settled || s.Tries == 0 {
		return ""
	}
	return fmt.Sprintf("Tried %s, last on %s. It is tried again every %d seconds until it is done.",
		lang.Plural(int(s.Tries), "time", "times"), lang.DateTime(s.TriedAt.Time), int(again.Seconds()))
}

func (r row) state() State {
	return State{Item: r.item(), Known: true, Shown: r.Shown, Settled: !r.SettledAt.IsZero(), TriedAt: r.TriedAt,
		Tries: r.Tries, Problem: r.Problem}
}

// look is how long a page waits for the public store to say what it shows.
const look = time.Second

// State tells what the public sees of a thing. The public store is asked; when it
// does not answer, what work knew last is told.
func (o *Outbox) State(ctx context.Context, kind, key string) (State, error) {
	r, err := rowOf(ctx, o.Work, kind, key)
	s := r.state()
	if errors.Is(err, db.ErrNotFound) {
		s = State{Item: Item{Kind: kind, Key: key}, Settled: true}
	} else if err != nil {
		return State{}, fmt.Errorf("read %s %s in the outbox: %w", kind, key, err)
	}
	ask, cancel := context.WithTimeout(ctx, look)
	defer cancel()
	m, err := markOf(ask, o.Public, kind, key)
	s.Asked = err == nil || errors.Is(err, db.ErrNotFound)
	switch {
	case !s.Known:
	case err == nil: // a store of work that came back from a backup is behind the public one
		s.Shown, s.Settled = m.Version, m.Turn == r.Turn || m.Turn > r.Turn && s.Settled
	case errors.Is(err, db.ErrNotFound): // it was never there, or its store lost it
		s.Shown, s.Settled = 0, s.Settled && s.Gone
	}
	return s, nil
}

// Unsettled lists, by their keys, the things of a kind whose public state is not
// what was decided, as far as work knows.
func (o *Outbox) Unsettled(ctx context.Context, kind string) (map[string]State, error) {
	rows, err := unsettled(ctx, o.Work, kind)
	if err != nil {
		return nil, fmt.Errorf("read what waits in the outbox: %w", err)
	}
	out := map[string]State{}
	for _, r := range rows {
		out[r.Key] = r.state()
	}
	return out, nil
}
