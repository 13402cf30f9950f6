package imports

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWaitingFiles: files wait for the person who sent them, for an hour, and the oldest
// give way; what is let go is closed.
func TestWaitingFiles(t *testing.T) {
	t.Parallel()
	var w waitingFiles
	start := time.Date(2024, 4, 1, 9, 0, 0, 0, time.UTC)
	put := func(token string, at time.Time) *os.File {
		t.Helper()
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.put(token, "ann", &upload{open: []*os.File{f}}, at); err != nil {
			t.Fatal(err)
		}
		return f
	}
	closed := func(f *os.File) bool { return f.Close() != nil }

	first := put("first", start)
	if w.take("first", "bob") != nil || w.take("other", "ann") != nil {
		t.Error("files were given to another person, or under another token")
	}
	if u := w.take("first", "ann"); u == nil || w.take("first", "ann") != nil {
		t.Error("files are given once")
	}
	if closed(first) {
		t.Error("files that were taken were closed")
	}
	old := put("old", start)
	put("new", start.Add(answerWithin+time.Second))
	if w.take("old", "ann") != nil || !closed(old) {
		t.Error("files waited for more than an hour")
	}
	for i := range mostWaiting {
		put(fmt.Sprint(i), start.Add(answerWithin+time.Minute+time.Duration(i)))
	}
	if len(w.of) != mostWaiting || w.take("new", "ann") != nil || w.take("0", "ann") == nil {
		t.Errorf("%d wait, and not the newest", len(w.of))
	}
}
