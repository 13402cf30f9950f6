package listen_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/listen"
)

// serve answers with what it was sent, on a strict listener.
func serve(t *testing.T, n int, pace listen.Pace) string {
	t.Helper()
	return serveWithin(t, listen.Bounds{All: n, Source: n, Idle: n}, pace, waits{})
}

// waits are what /wait does: it says that it has begun, and is answered when over is closed.
type waits struct{ begun, over chan struct{} }

// serveWithin is serve with bounds.
func serveWithin(t *testing.T, b listen.Bounds, pace listen.Pace, wait waits) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: pace.Bodies(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "the body did not come", http.StatusBadRequest)
			return
		}
		if r.URL.Path == "/wait" {
			wait.begun <- struct{}{}
			select {
			case <-wait.over:
			case <-r.Context().Done():
				return
			}
		}
		fmt.Fprintf(w, "%s %s %s %d %.40s", r.Method, r.URL.Path, r.Host, len(body), body)
	})), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second}
	if wait.begun != nil {
		s.ReadTimeout = 500 * time.Millisecond
	}
	door := listen.Strict(l, b)
	s.ConnState = door.ConnState
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(door) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// send sends bytes as they are, in pieces, and reads all answers until the server closes.
func send(t *testing.T, at, text string, piece int) string {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for rest := text; rest != ""; {
		n := min(piece, len(rest))
		if _, err := io.WriteString(c, rest[:n]); err != nil {
			break // it was refused before its end
		}
		rest = rest[n:]
	}
	c.(*net.TCPConn).CloseWrite() // unless the server has closed it
	got, err := io.ReadAll(c)
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection stays open after %q", text)
	}
	return string(got)
}

// TestRequests: what means one thing is answered, and what two could read in two ways is
// refused with 400, and nothing after it is read.
func TestRequests(t *testing.T) {
	t.Parallel()
	at := serve(t, 100, listen.Usual)
	const get, post, host = "GET /a HTTP/1.1\r\n", "POST /a HTTP/1.1\r\n", "Host: h\r\n"
	const after = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"
	for _, c := range []struct {
		name, text string
		want       []string // of each answer
	}{
		{"plain", get + host + "\r\n", []string{"GET /a h 0"}},
		{"two after another", get + host + "\r\n" + after, []string{"GET /a h 0", "GET /hidden h 0"}},
		{"a body", post + host + "Content-Length: 5\r\n\r\nhello" + after, []string{"POST /a h 5 hello", "GET /hidden h 0"}},
		{"a body with bare line feeds", post + host + "Content-Length: 6\r\n\r\na\nb\n\n " + after,
			[]string{"POST /a h 6 a", "GET /hidden h 0"}},
		{"an empty body", post + host + "Content-Length: 0\r\n\r\n" + after, []string{"POST /a h 0", "GET /hidden h 0"}},
		{"chunks", post + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n" + after,
			[]string{"POST /a h 11 hello world", "GET /hidden h 0"}},
		{"chunks with a trailer", post + host + "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n" + after,
			[]string{"POST /a h 1 a", "GET /hidden h 0"}},
		{"a long body", post + host + "Content-Length: 100000\r\n\r\n" + strings.Repeat("x", 100000) + after,
			[]string{"POST /a h 100000 xxx", "GET /hidden h 0"}},

		{"bare line feeds", "GET /a HTTP/1.1\nHost: h\n\n" + after, []string{"400"}},
		{"one bare line feed", get + "Host: h\nX: y\r\n\r\n" + after, []string{"400"}},
		{"a bare carriage return", get + host + "X: a\rY: b\r\n\r\n" + after, []string{"400"}},
		{"a NUL", get + host + "X: a\x00b\r\n\r\n" + after, []string{"400"}},
		{"a folded header", get + host + "X: a\r\n b\r\n\r\n" + after, []string{"400"}},
		{"a folded header with a tab", get + host + "X: a\r\n\tb\r\n\r\n" + after, []string{"400"}},
		{"an empty line first", "\r\n" + get + host + "\r\n" + after, []string{"400"}},
		{"two lengths", post + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + after, []string{"400"}},
		{"one length twice", post + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + after, []string{"400"}},
		{"a list of lengths", post + host + "Content-Length: 5, 5\r\n\r\nhello" + after, []string{"400"}},
		{"a length below nothing", post + host + "Content-Length: -5\r\n\r\nhello" + after, []string{"400"}},
		{"a signed length", post + host + "Content-Length: +5\r\n\r\nhello" + after, []string{"400"}},
		{"an empty length", post + host + "Content-Length: \r\n\r\nhello" + after, []string{"400"}},
		{"a length beside chunks", post + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + after,
			[]string{"400"}},
		{"chunks beside a length", post + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + after,
			[]string{"400"}},
		{"two codings", post + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + after,
			[]string{"400"}},
		{"a coding that is not known", post + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + after,
			[]string{"400"}},
		{"two hosts", get + host + "Host: other\r\n\r\n" + after, []string{"400"}},
		{"no host", get + "\r\n" + after, []string{"400"}},
		{"a space before the colon", get + host + "Content-Length : 5\r\n\r\nhello" + after, []string{"400"}},
		{"a chunk that is no number", post + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello" + after, []string{"400"}},
		{"a chunk with a bare line feed", post + host + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n" + after,
			[]string{"400"}},
		{"the second is hidden", get + host + "\r\nGET /b HTTP/1.1\nHost: h\n\n" + after, []string{"GET /a h 0", "400"}},
	} {
		for _, piece := range []int{1 << 20, 7, 1} {
			if piece == 1 && len(c.text) > 1000 {
				continue
			}
			got := send(t, at, c.text, piece)
			answers := strings.Split(got, "HTTP/1.1 ")[1:]
			if len(answers) != len(c.want) {
				t.Errorf("%s, %d bytes at a time: %d answers: %q", c.name, piece, len(answers), got)
				continue
			}
			for i, want := range c.want {
				if !strings.Contains(answers[i], want) || strings.HasPrefix(want, "400") && !strings.HasPrefix(answers[i], "400") {
					t.Errorf("%s, %d bytes at a time: answer %d is %q", c.name, piece, i+1, answers[i])
				}
			}
		}
	}
}

// TestSlowBodies: a body that does not come is given up, and one that comes steadily is
// not, however long it takes in all.
func TestSlowBodies(t *testing.T) {
	t.Parallel()
	at := serve(t, 100, listen.Pace{Grace: 300 * time.Millisecond, Rate: 10})
	begin := func(length int) (net.Conn, *bufio.Reader) {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", length)
		return c, bufio.NewReader(c)
	}
	slow, answer := begin(100)
	io.WriteString(slow, "x")
	res, err := http.ReadResponse(answer, nil)
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Fatalf("a body that stops: %v %v", res, err)
	}
	if rest, err := io.ReadAll(answer); err != nil {
		t.Errorf("the connection of a body that stops is not closed: %d bytes, %v", len(rest), err)
	}
	steady, answer := begin(40)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 10 { // half a second, which is more than the grace
		<-tick.C
		io.WriteString(steady, "four")
	}
	if res, err := http.ReadResponse(answer, nil); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("a body that comes steadily: %v %v", res, err)
	}
}

// dial asks for a page, or for nothing, on a connection that stays open.
func dial(t *testing.T, at, path string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if path != "" {
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path)
	}
	return c
}

// answered reads an answer.
func answered(t *testing.T, c net.Conn) {
	t.Helper()
	if res, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || res.StatusCode != 200 {
		t.Errorf("not answered: %v %v", res, err)
	}
}

// closed waits until the other end closes.
func closed(t *testing.T, c net.Conn) {
	t.Helper()
	if n, err := io.Copy(io.Discard, c); n > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection stays open: %d bytes, %v", n, err)
	}
}

// TestConnections: who comes when all connections are busy waits for one, and who comes when
// one is idle has its place.
func TestConnections(t *testing.T) {
	t.Parallel()
	wait := waits{make(chan struct{}), make(chan struct{})}
	at := serveWithin(t, listen.Bounds{All: 2, Source: 2, Idle: 2}, listen.Usual, wait)
	busy := []net.Conn{dial(t, at, "/wait"), dial(t, at, "/wait")}
	<-wait.begun
	<-wait.begun
	third := dial(t, at, "/third")
	third.SetReadDeadline(time.Now().Add(time.Second)) // longer than a request may take to be read
	if _, err := third.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a third is answered: %v", err)
	}
	third.SetDeadline(time.Now().Add(20 * time.Second))
	close(wait.over)
	for _, c := range append(busy, third) {
		answered(t, c)
	}
	answered(t, dial(t, at, "/fourth"))
}

// TestIdleConnections: of those that ask for nothing the oldest go, and others are answered,
// whether they ask for nothing from the beginning or after an answer.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	at := serveWithin(t, listen.Bounds{All: 100, Source: 100, Idle: 5}, listen.Usual, waits{})
	var idle []net.Conn
	for range 8 {
		idle = append(idle, dial(t, at, ""))
	}
	for _, c := range idle[:3] {
		closed(t, c)
	}
	for _, c := range idle[3:] {
		fmt.Fprint(c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n")
		answered(t, c)
	}
	for range 20 {
		answered(t, dial(t, at, "/one"))
	}
	for _, c := range idle {
		closed(t, c)
	}
}

// TestTrustedConnections: a proxy has no bound of its own.
func TestTrustedConnections(t *testing.T) {
	t.Parallel()
	at := serveWithin(t, listen.Bounds{All: 100, Source: 2, Idle: 2,
		Trusted: func(net.Addr) bool { return true }}, listen.Usual, waits{})
	var all []net.Conn
	for range 10 {
		all = append(all, dial(t, at, ""))
	}
	for _, c := range all {
		fmt.Fprint(c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n")
		answered(t, c)
	}
}
