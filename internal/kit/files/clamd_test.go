package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// eicar is the file that virus checkers are tested with.
func eicar() string { return testFile() + "!$H+H*" }

// A fakeClamd speaks INSTREAM as clamd does. It finds the test file, also in an archive
// that holds it as it stands.
type fakeClamd struct {
	limit int64 // bytes after which it answers that this is too much, and hangs up
	mu    sync.Mutex
	says  string // instead of its own answer
}

func (f *fakeClamd) say(words string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.says = words
}

// start listens until the test ends, and gives what asks it.
func (f *fakeClamd) start(t testing.TB) Clamd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				io.WriteString(conn, f.answer(conn))
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	c, err := NewClamd(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *fakeClamd) answer(conn io.Reader) string {
	f.mu.Lock()
	says := f.says
	f.mu.Unlock()
	command := make([]byte, 10)
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND\x00"
	}
	var got bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(conn, binary.BigEndian, &n); err != nil {
			return ""
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&got, conn, int64(n)); err != nil {
			return ""
		}
		if f.limit > 0 && int64(got.Len()) > f.limit {
			return "INSTREAM size limit exceeded. ERROR\x00"
		}
	}
	switch {
	case says == "nothing":
		return ""
	case says != "":
		return says + "\x00"
	case strings.Contains(got.String(), eicar()):
		return "stream: Eicar-Test-Signature FOUND\x00"
	}
	return "stream: OK\x00"
}

// TestClamd: only "OK" is clean; whatever else happens is an error or a virus.
func TestClamd(t *testing.T) {
	t.Parallel()
	fake := &fakeClamd{limit: 1 << 20}
	c := fake.start(t)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	nobody, err := NewClamd(gone.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, content, says, found, err string
		asks                            Clamd
	}{
		{name: "clean", content: "Minutes of 3 June"},
		{name: "empty"},
		{name: "two chunks", content: strings.Repeat("a", 40<<10)},
		{name: "the test file", content: eicar(), found: "Eicar-Test-Signature"},
		{name: "too long", content: strings.Repeat("a", 8<<20), err: "size limit exceeded"},
		{name: "no answer", says: "nothing", content: "x", err: "gave no answer"},
		{name: "another answer", says: "stream: Can't allocate memory ERROR", content: "x", err: "Can't allocate memory"},
		{name: "OK of something else", says: "other: OK", content: "x", err: "other: OK"},
		{name: "nobody there", asks: nobody, content: "x", err: "reach the virus checker"},
	} {
		fake.say(x.says)
		if x.asks == (Clamd{}) {
			x.asks = c
		}
		found, err := x.asks.Check(t.Context(), strings.NewReader(x.content))
		if found != x.found || (err == nil) != (x.err == "") || err != nil && !strings.Contains(err.Error(), x.err) {
			t.Errorf("%s: found %q, %v", x.name, found, err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.Check(ended, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("asked when nobody waits any more: %v", err)
	}
}

// TestRealClamd asks the daemon of Debian's clamav-daemon, where it is installed: without
// its gigabytes of signatures, with one of our own.
func TestRealClamd(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("clamd"); err != nil {
		t.Log("clamd is not installed, and was not asked")
		return
	}
	c := realClamd(t)
	for content, want := range map[string]bool{"Minutes of 3 June": false, "what our own signature finds": true} {
		found, err := c.Check(t.Context(), strings.NewReader(content))
		if err != nil || (found != "") != want {
			t.Errorf("%q: found %q, %v", content, found, err)
		}
	}
	if _, err := c.Check(t.Context(), strings.NewReader(strings.Repeat("a", 3<<20))); err == nil {
		t.Error("what is longer than the daemon takes was taken for clean")
	}
}

// realClamd starts the daemon on a socket of its own, with one signature, until the test
// ends.
func realClamd(t *testing.T) Clamd {
	t.Helper()
	dir, err := os.MkdirTemp("", "kith-clamd-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "ctl")
	for name, text := range map[string]string{
		"ours.ndb": "Kith.Test:0:*:" + hex.EncodeToString([]byte("what our own signature finds")) + "\n",
		"clamd.conf": "LocalSocket " + socket + "\nDatabaseDirectory " + dir + "\nForeground yes\nStreamMaxLength 2M\n" +
			"AlertExceedsMax yes\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("clamd", "--config-file="+filepath.Join(dir, "clamd.conf"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
		os.RemoveAll(dir)
	})
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			break
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("clamd ended: %v\n%s", err, &said)
		case <-look.C:
		}
	}
	c, err := NewClamd(socket)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
