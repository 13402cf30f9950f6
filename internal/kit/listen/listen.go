// Package listen is what stands between the network and net/http: how many connections
// there may be, how slow a body may come, and that a request means one thing only.
//
// net/http takes some requests that a proxy before it may read otherwise, such as lines
// that end in a bare line feed, and folded headers. Where two read one request in two
// ways, a second request can be hidden in the first. A Listener refuses these: what is
// not plain becomes a request that net/http answers with 400, and closes.
package listen

import (
	"bytes"
	"container/list"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// conn follows the requests of a connection as they are read, line by line: heads are
// looked at, and bodies passed over.
type conn struct {
	net.Conn
	of   *Listener
	gone bool             // it is counted no more
	from string           // where it comes from, as source has it
	idle [2]*list.Element // its places among those that wait for a request: of its source, of all
	in   []byte           // read from the network, and not yet looked at
	out  []byte           // looked at, and not yet handed on
	read func(*conn) bool // takes what comes next from in to out; false for more to be read
	raw  bool             // nothing is looked at any more: net/http closes after this
	shut bool             // nothing is handed on any more

	head   head
	left   int64 // bytes of the body, or of its chunk, still to come
	chunks bool
}

// head is what the lines of a request's head have said so far.
type head struct {
	lines   int
	old     bool // HTTP/1.0 and before, whose requests need not name a host
	hosts   int
	lengths int
	length  int64
	coding  string
}

// plainBytes is how much is read from the network at a time, and longest what a line may
// have; net/http refuses a longer one by its own limit.
const (
	plainBytes = 4 << 10
	longest    = 128 << 10
	linger     = 500 * time.Millisecond
)

// Close implements net.Conn. Where a request was refused, its sender may still send: what
// comes is read for a moment, or the answer would be lost with the connection.
func (c *conn) Close() error {
	defer c.of.leave(c)
	if c.shut && c.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(linger)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, longest)
	}
	return c.Conn.Close()
}

// CloseWrite ends what is sent, so that net/http can wait a moment for its answer to
// arrive before it closes.
func (c *conn) CloseWrite() error {
	if w, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return nil
}

// Read implements io.Reader.
func (c *conn) Read(p []byte) (int, error) {
	for {
		if len(c.out) > 0 {
			n := copy(p, c.out)
			c.out = c.out[n:]
			return n, nil
		}
		if c.shut {
			return 0, io.EOF
		}
		if c.raw {
			if len(c.in) == 0 {
				return c.Conn.Read(p)
			}
			c.out, c.in = c.in, nil
			continue
		}
		if len(c.in) > 0 && c.read(c) {
			continue
		}
		if len(c.in) > longest {
			c.raw = true
			continue
		}
		was := len(c.in)
		c.in = append(c.in, make([]byte, plainBytes)...)
		n, err := c.Conn.Read(c.in[was:])
		c.in = c.in[:was+n]
		switch {
		case n > 0:
		case err == io.EOF && was > 0:
			c.raw = true // net/http says what is missing
		case err != nil:
			return 0, err // a deadline, perhaps: what is there stays
		}
	}
}

// take hands on the first n bytes of what was read.
func (c *conn) take(n int) {
	c.out = append(c.out[:0:0], c.in[:n]...)
	c.in = c.in[n:]
	if len(c.in) == 0 {
		c.in = nil
	}
}

// refuse hands on what net/http does not understand, and then nothing.
func (c *conn) refuse() bool {
	c.out, c.in, c.shut = []byte("\x00\r\n\r\n"), nil, true
	return true
}

// line gives the next whole line, without its end; ok is false when it has not come yet.
// plain is false for one that does not end as a line of HTTP does.
func (c *conn) line() (line []byte, ok, plain bool) {
	i := bytes.IndexByte(c.in, '\n')
	if i < 0 {
		return nil, false, true
	}
	if i == 0 || c.in[i-1] != '\r' || bytes.IndexByte(c.in[:i-1], '\r') >= 0 {
		return nil, true, false
	}
	return c.in[:i-1], true, true
}

// headLine takes a line of a request's head.
func (c *conn) headLine() bool {
	line, ok, plain := c.line()
	switch {
	case !ok:
		return false
	case !plain, bytes.IndexByte(line, 0) >= 0, !c.head.add(line):
		return c.refuse()
	}
	ended := len(line) == 0
	c.take(len(line) + len("\r\n"))
	if !ended {
		return true
	}
	h := c.head
	c.head = head{}
	switch {
	case h.coding == "" && h.length == 0: // no body: the next head
	case h.coding == "":
		c.left, c.chunks, c.read = h.length, false, (*conn).content
	default:
		c.read = (*conn).chunkLine
	}
	return true
}

// add reads a line of the head. It gives false for one that is not plain: a folded one, a
// second length or host, a length beside chunks, a coding other than chunks, or an empty
// line before the request.
func (h *head) add(line []byte) bool {
	h.lines++
	if len(line) == 0 {
		return h.lines > 1 && (h.lengths == 0 || h.coding == "") && (h.hosts == 1 || h.old)
	}
	if line[0] == ' ' || line[0] == '\t' {
		return false
	}
	if h.lines == 1 {
		h.old = !bytes.HasSuffix(line, []byte(" HTTP/1.1"))
		return true
	}
	name, value, _ := strings.Cut(string(line), ":")
	value = strings.Trim(value, " \t")
	switch {
	case strings.ContainsAny(name, " \t"):
		return false
	case strings.EqualFold(name, "Host"):
		h.hosts++
		return h.hosts == 1
	case strings.EqualFold(name, "Content-Length"):
		n, err := strconv.ParseUint(value, 10, 63)
		h.lengths++
		h.length = int64(n)
		return err == nil && h.lengths == 1 && value[0] != '+'
	case strings.EqualFold(name, "Transfer-Encoding"):
		if h.coding != "" || !strings.EqualFold(value, "chunked") {
			return false
		}
		h.coding = "chunked"
	}
	return true
}

// content passes over bytes of a body, or of a chunk of one.
func (c *conn) content() bool {
	n := min(c.left, int64(len(c.in)))
	c.take(int(n))
	if c.left -= n; c.left == 0 {
		c.read = (*conn).headLine
		if c.chunks {
			c.read = (*conn).chunkLine
		}
	}
	return true
}

// chunkLine takes the line before a chunk, which has its length.
func (c *conn) chunkLine() bool {
	line, ok, plain := c.line()
	if !ok {
		return false
	}
	size, _, _ := strings.Cut(string(line), ";")
	n, err := strconv.ParseUint(strings.Trim(size, " \t"), 16, 62)
	if !plain || err != nil {
		return c.refuse()
	}
	c.take(len(line) + len("\r\n"))
	c.left, c.chunks, c.read = int64(n)+int64(len("\r\n")), true, (*conn).content
	if n == 0 {
		c.read = (*conn).trailer
	}
	return true
}

// trailer takes a line after the last chunk.
func (c *conn) trailer() bool {
	line, ok, plain := c.line()
	switch {
	case !ok:
		return false
	case !plain:
		return c.refuse()
	case len(line) == 0:
		c.read = (*conn).headLine
	}
	c.take(len(line) + len("\r\n"))
	return true
}

// A Pace is how slowly the body of a request may come.
type Pace struct {
	Grace time.Duration // before anything has to be there
	Rate  int64         // bytes a second from then on
}

// Usual is a pace that the slowest line of today keeps.
var Usual = Pace{Grace: 30 * time.Second, Rate: 4 << 10}

// Bodies gives up on a request whose body comes more slowly than the pace, however large
// it is: a deadline moves on with what has come.
func (p Pace) Bodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		until := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &paced{ReadCloser: r.Body, pace: p, until: until, began: time.Now()}
		} else {
			_ = until.SetReadDeadline(time.Time{}) // it was read, and may take its time to be answered
		}
		h.ServeHTTP(w, r)
	})
}

type paced struct {
	io.ReadCloser
	pace  Pace
	until *http.ResponseController
	began time.Time
	came  int64
}

// Read implements io.Reader.
func (b *paced) Read(p []byte) (int, error) {
	due := b.pace.Grace + time.Duration(float64(b.came)/float64(b.pace.Rate)*float64(time.Second))
	// Where there is no connection, as in tests, there is no deadline either.
	_ = b.until.SetReadDeadline(b.began.Add(due))
	n, err := b.ReadCloser.Read(p)
	b.came += int64(n)
	if err == io.EOF {
		_ = b.until.SetReadDeadline(time.Time{})
	}
	return n, err
}
