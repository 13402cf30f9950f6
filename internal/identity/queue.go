package identity

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A queue lets a few in at a time. Everybody waits in a line of their own, the network they
// come from or the browser that is known, and the lines take turns: whoever sends very many
// keeps only their own line waiting.
type queue struct {
	mu    sync.Mutex
	free  int              // places that nobody has
	lines map[string]*line // those in which somebody waits
	turns []*line          // the same, in the order of their turns
	all   int              // how many wait, in all lines
}

// A line is those who wait and came from one place, in the order they came.
type line struct {
	name    string
	waiting []*place
}

// A place is what somebody waits for. here is closed when it is theirs.
type place struct {
	line *line
	here chan struct{}
}

const (
	longestLine = 128  // who may wait from one place: a crowd of 64 and those who guess beside it
	mostWaiting = 2048 // and from everywhere
	// queueWait is how long somebody waits for their turn before being told to come back.
	queueWait = 30 * time.Second
)

func newQueue(places int) *queue { return &queue{free: places, lines: map[string]*line{}} }

// enter waits for a place, and gives what leaves it. It returns ErrBusy where too many wait,
// in this line or in all, and after queueWait.
func (q *queue) enter(ctx context.Context, from string) (leave func(), err error) {
	p := q.join(from)
	if p == nil {
		return nil, ErrBusy
	}
	patience := time.NewTimer(queueWait)
	defer patience.Stop()
	select {
	case <-p.here:
		return q.leave, nil
	case <-patience.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	q.giveUp(p)
	return nil, err
}

// join takes a place, or waits in the line for one: its here is closed when it is had. It is
// nil when too many wait.
func (q *queue) join(from string) *place {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := &place{here: make(chan struct{})}
	if q.free > 0 { // then nobody waits
		q.free--
		close(p.here)
		return p
	}
	l := q.lines[from]
	if q.all >= mostWaiting || l != nil && len(l.waiting) >= longestLine {
		return nil
	}
	if l == nil {
		l = &line{name: from}
		q.lines[from] = l
		q.turns = append(q.turns, l)
	}
	p.line = l
	l.waiting = append(l.waiting, p)
	q.all++
	return p
}

// leave gives a place to the first of the line whose turn it is, which then waits until all
// the others have had theirs.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.turns) == 0 {
		q.free++
		return
	}
	l := q.turns[0]
	q.turns = q.turns[1:]
	next := l.waiting[0]
	l.waiting = l.waiting[1:]
	q.all--
	if len(l.waiting) > 0 {
		q.turns = append(q.turns, l)
	} else {
		delete(q.lines, l.name)
	}
	close(next.here)
}

// giveUp leaves the line, or the place if it was had meanwhile.
func (q *queue) giveUp(p *place) {
	q.mu.Lock()
	select {
	case <-p.here:
		q.mu.Unlock()
		q.leave()
		return
	default:
	}
	defer q.mu.Unlock()
	p.line.waiting = leaveOut(p.line.waiting, p)
	q.all--
	if len(p.line.waiting) == 0 {
		q.turns = leaveOut(q.turns, p.line)
		delete(q.lines, p.line.name)
	}
}

// leaveOut is a list but one of its things.
func leaveOut[T comparable](list []T, x T) []T {
	i := slices.Index(list, x)
	return slices.Delete(list, i, i+1)
}
