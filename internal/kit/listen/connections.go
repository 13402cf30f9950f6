package listen

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// Bounds are how many connections there may be. Those that wait for a request, or whose head
// has not come whole, are idle: of one source the oldest of them make room for others, so
// that nobody takes all places by doing nothing.
type Bounds struct {
	All    int // at a time; who comes after them waits, when none of them is idle
	Source int // from one source: an IPv4 address, or an IPv6 network of a household
	Idle   int // of them idle
	// Trusted tells of sources that ask for others, and so have no bound of their own; nil
	// for none. This machine may have more than Source, since a proxy may run on it.
	Trusted func(net.Addr) bool
}

// UsualBounds are those of a process that serves.
var UsualBounds = Bounds{All: 2000, Source: 1000, Idle: 250}

// Strict gives a listener of so many connections, on which a request that is not plain is
// answered with 400 and the connection closed. A server has its ConnState told.
func Strict(l net.Listener, b Bounds) *Listener {
	return &Listener{Listener: l, bounds: b, sources: map[string]*source{}, idle: list.New(),
		left: make(chan struct{}, 1), closed: make(chan struct{})}
}

// A Listener counts its connections itself and not by netutil.LimitListener, whose
// connections hide CloseWrite: without that an answer is lost when net/http closes on
// somebody who still sends.
type Listener struct {
	net.Listener
	bounds Bounds
	close  sync.Once
	closed chan struct{}
	left   chan struct{} // holds something when one has left since it was looked at

	mu      sync.Mutex
	all     int
	sources map[string]*source
	idle    *list.List // of all sources, the longest first
}

type source struct {
	all  int
	idle *list.List
}

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		in := &conn{Conn: c, of: l, from: sourceOf(c.RemoteAddr()), read: (*conn).headLine}
		if !l.enter(in) {
			c.Close()
			continue
		}
		for !l.room() {
			select {
			case <-l.left:
			case <-l.closed:
				l.leave(in)
				c.Close()
				return nil, net.ErrClosed
			}
		}
		return in, nil
	}
}

// Close implements net.Listener.
func (l *Listener) Close() error {
	l.close.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// ConnState is for http.Server, which knows what a connection does.
func (l *Listener) ConnState(c net.Conn, s http.ConnState) {
	in, ok := c.(*conn)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch s {
	case http.StateActive:
		l.busy(in)
	case http.StateIdle:
		l.rest(in)
	}
}

// enter counts a connection in, and has the idle ones of its source make room that are too
// many. It refuses one of a source that has too many without them.
func (l *Listener) enter(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sources[c.from]
	if s == nil {
		s = &source{idle: list.New()}
	}
	trusted := l.bounds.Trusted != nil && l.bounds.Trusted(c.RemoteAddr())
	if !trusted && s.all >= l.bounds.Source && c.from != thisMachine {
		if s.idle.Len() == 0 {
			return false
		}
		l.end(s.idle)
	}
	l.sources[c.from] = s
	l.all++
	s.all++
	l.rest(c)
	for !trusted && s.idle.Len() > l.bounds.Idle {
		l.end(s.idle)
	}
	return true
}

// room reports whether there are no more connections than there may be, and makes room where
// one is idle other than the newest.
func (l *Listener) room() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.all > l.bounds.All && l.idle.Len() > 1 {
		l.end(l.idle)
	}
	return l.all <= l.bounds.All
}

// end closes the connection that has been idle for longest.
func (l *Listener) end(idle *list.List) {
	c := idle.Front().Value.(*conn)
	l.forget(c)
	_ = c.Conn.Close() // net/http finds it closed
}

// rest puts a connection at the end of those that are idle.
func (l *Listener) rest(c *conn) {
	s := l.sources[c.from]
	if c.gone || c.idle[0] != nil {
		return
	}
	c.idle = [2]*list.Element{s.idle.PushBack(c), l.idle.PushBack(c)}
}

// busy takes it away from them.
func (l *Listener) busy(c *conn) {
	if c.idle[0] == nil {
		return
	}
	l.sources[c.from].idle.Remove(c.idle[0])
	l.idle.Remove(c.idle[1])
	c.idle = [2]*list.Element{}
}

// leave gives a connection's place to another.
func (l *Listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(c)
}

func (l *Listener) forget(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	l.busy(c)
	l.all--
	s := l.sources[c.from]
	if s.all--; s.all == 0 {
		delete(l.sources, c.from)
	}
	select {
	case l.left <- struct{}{}:
	default:
	}
}

// thisMachine is the source of connections from the machine itself.
const thisMachine = "this machine"

// sourceOf tells where a connection comes from.
func sourceOf(a net.Addr) string {
	p, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return a.String()
	}
	ip := p.Addr().Unmap().WithZone("")
	if ip.IsLoopback() {
		return thisMachine
	}
	if network, err := ip.Prefix(64); ip.Is6() && err == nil {
		return network.Addr().String()
	}
	return ip.String()
}
