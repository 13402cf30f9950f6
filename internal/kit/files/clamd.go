package files

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// A Checker looks for viruses in a content.
type Checker interface {
	// Check gives the name of what was found, "" when the content is clean. An error says
	// that it could not be looked at, which is never taken for clean.
	Check(ctx context.Context, content io.Reader) (found string, err error)
}

// Clamd is the daemon of ClamAV. Its INSTREAM is one command and one answer: the
// libraries for it are longer than what is needed of them, and none is kept up.
type Clamd struct {
	network, address string
}

var _ Checker = Clamd{}

// ErrClamd is returned for what is no address of a daemon.
var ErrClamd = errors.New("the virus checker's address is HOST:PORT, or the path of a socket, such as " +
	"/run/clamav/clamd.ctl")

// NewClamd reads where the daemon listens: HOST:PORT, or the path of a socket.
func NewClamd(address string) (Clamd, error) {
	if strings.HasPrefix(address, "/") {
		return Clamd{"unix", address}, nil
	}
	if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
		return Clamd{}, ErrClamd
	}
	return Clamd{"tcp", address}, nil
}

// clamdSilence is how long the daemon may take for a chunk, or for its answer.
const clamdSilence = 2 * time.Minute

// Check implements Checker. Only "stream: OK" is clean.
func (c Clamd) Check(ctx context.Context, content io.Reader) (found string, err error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", fmt.Errorf("reach the virus checker: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	sent := c.send(conn, content)
	// The daemon answers and hangs up in the middle of a stream that is too long for it, so
	// the answer is read whatever became of the sending.
	conn.SetReadDeadline(time.Now().Add(clamdSilence))
	answer, err := io.ReadAll(io.LimitReader(conn, 4096))
	said := strings.TrimSpace(strings.Trim(string(answer), "\x00"))
	virus, isFound := strings.CutSuffix(said, " FOUND")
	switch {
	case isFound && strings.HasPrefix(virus, "stream: "):
		return strings.TrimPrefix(virus, "stream: "), nil
	case said != "" && said != "stream: OK":
		return "", fmt.Errorf("the virus checker says %q", said)
	case sent != nil:
		return "", fmt.Errorf("send to the virus checker: %w", sent)
	case err != nil:
		return "", fmt.Errorf("hear from the virus checker: %w", err)
	case said == "":
		return "", errors.New("the virus checker gave no answer")
	}
	return "", nil
}

// send writes the command and the content, in chunks that each say how long they are.
func (c Clamd) send(conn net.Conn, content io.Reader) error {
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return err
	}
	chunk := make([]byte, 4+32<<10)
	for {
		n, err := io.ReadFull(content, chunk[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		binary.BigEndian.PutUint32(chunk, uint32(n)) // of nothing: that was all
		conn.SetWriteDeadline(time.Now().Add(clamdSilence))
		if _, err := conn.Write(chunk[:4+n]); err != nil || n == 0 {
			return err
		}
	}
}
