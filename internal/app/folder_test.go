package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kith/internal/kit/seal"
	"kith/internal/testkit"
)

// closedFolder is a temporary folder that nobody else may look into, so that it is served.
func closedFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// serving starts a process that serves, and gives where it answers.
func serving(t *testing.T, env []string, args ...string) (stop func(os.Signal), at string) {
	t.Helper()
	cmd := kith(t, env, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func(s os.Signal) {
		if cmd.ProcessState == nil {
			cmd.Process.Signal(s)
			cmd.Wait()
		}
	}
	t.Cleanup(func() { stop(os.Kill) })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "Kith serves "); ok {
			at, _, _ = strings.Cut(after, " ")
			return stop, at
		}
	}
	t.Fatalf("it does not serve: %s", &said)
	return nil, ""
}

// TestOneServesAFolder: a folder is served by one process, others are told by which, other
// commands run beside it, and who was killed holds it no more.
func TestOneServesAFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "kith")
	stop, at := serving(t, nil, "--dir", dir)
	said, err := kith(t, nil, "serve", "--addr", "127.0.0.1:0", "--dir", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "is served already, by process ") ||
		!strings.Contains(string(said), " since ") {
		t.Errorf("a second: %v %s", err, said)
	}
	if said, err := kith(t, nil, "migrate", "--dir", dir).CombinedOutput(); err != nil {
		t.Errorf("another command beside it: %v %s", err, said)
	}
	res, err := http.Get(at + "/healthz")
	if err != nil || res.StatusCode != 200 {
		t.Errorf("the first: %v %v", res, err)
	} else {
		res.Body.Close()
	}
	err = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", p, info.Mode())
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil // what SQLite keeps beside a store comes and goes
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	// Somebody takes the file for a leftover.
	if err := os.Remove(filepath.Join(dir, lockName)); err != nil {
		t.Fatal(err)
	}
	said, err = kith(t, nil, "serve", "--addr", "127.0.0.1:0", "--dir", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "is served already, by another process; stop that first") {
		t.Errorf("a second without the file: %v %s", err, said)
	}
	stop(os.Kill)
	stop, _ = serving(t, nil, "--dir", dir)
	stop(syscall.SIGTERM)
	http.DefaultClient.CloseIdleConnections()
}

// TestAFolderOpenToOthers: a folder that everybody on the machine may look into is not
// served, nobody is added in it, and how to close it is said.
func TestAFolderOpenToOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	said, err := kith(t, nil, "serve", "--addr", "127.0.0.1:0", "--dir", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "chmod o-rwx "+dir) {
		t.Errorf("%v %s", err, said)
	}
	cmd := kith(t, nil, "user", "add", "--email", "ann@example.org", "--name", "Ann Other", "--dir", dir)
	said, err = cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "chmod o-rwx "+dir) {
		t.Errorf("%v %s", err, said)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("something was made in it: %v %v", list, err)
	}
	for mode, fine := range map[os.FileMode]bool{0o700: true, 0o750: true, 0o755: false, 0o701: false, 0o702: false} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if err := keptFromOthers(dir); (err == nil) != fine {
			t.Errorf("%v: %v", mode, err)
		}
	}
	if err := keptFromOthers(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
	made := filepath.Join(t.TempDir(), "made", "deep")
	add := kith(t, nil, "user", "add", "--email", "ann@example.org", "--name", "Ann Other", "--dir", made)
	add.Stdin = strings.NewReader("four grey harbour seals\n")
	if said, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	for _, at := range []string{made, filepath.Dir(made)} {
		if info, err := os.Stat(at); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the folder that was made: %v %v", info.Mode(), err)
		}
	}
}

// TestDrives: SQLite is kept on a disk of this machine.
func TestDrives(t *testing.T) {
	t.Parallel()
	for kind, name := range map[int64]string{0xef53: "", 0x9123683e: "", 0x01021994: "", 0x794c7630: "", 0x6969: "NFS",
		0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x517b: "SMB", 0x65735546: "FUSE"} {
		err := onThisMachine("/srv/kith", func(string) (int64, error) { return kind, nil })
		var no *refused
		if name == "" && err != nil || name != "" && (!errors.As(err, &no) || !strings.Contains(no.words, "("+name+")") ||
			!strings.Contains(no.words, "/srv/kith")) {
			t.Errorf("%x: %v", kind, err)
		}
	}
	if kind, err := driveOf(t.TempDir()); err != nil || kind == 0 {
		t.Errorf("where the tests run: %x %v", kind, err)
	}
	if err := onThisMachine(filepath.Join(t.TempDir(), "none"), driveOf); err == nil {
		t.Error("a folder that is not there is on this machine")
	}
}

// TestOpenedByMany: commands that open a folder at once which is not there yet all find it made.
func TestOpenedByMany(t *testing.T) {
	t.Parallel()
	c := Config{Dir: filepath.Join(t.TempDir(), "new"), Face: FaceAll}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			a, err := Open(t.Context(), c, quiet())
			if err != nil {
				t.Error(err)
				return
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	// Who waits for another is not kept for ever.
	release, err := c.opening(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.opening(ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// TestHealthWithoutKey: a folder whose database has sealed secrets needs their key.
func TestHealthWithoutKey(t *testing.T) {
	t.Parallel()
	c := Config{Dir: t.TempDir(), Face: FaceAll}
	for _, want := range []string{"", "the key of the sealed secrets is not here"} {
		a, err := Open(t.Context(), c, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if err := a.check(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(c.Dir, seal.File), filepath.Join(c.Dir, "elsewhere")); err != nil && want == "" {
			t.Fatal(err)
		}
	}
}

// TestHealth: it is bad when a store does not answer, or cannot be written, or the folder
// cannot; and it is said under any name of the machine.
func TestHealth(t *testing.T) {
	t.Parallel()
	ask := func(a *App) (int, string) {
		a.well.at = time.Time{}
		r := httptest.NewRequest("GET", "/healthz", nil)
		r.Host = "10.0.0.7:8080"
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		a := &App{Config: Config{Dir: t.TempDir()}, Log: quiet(), Work: s.Work, Public: s.Public}
		want := func(name string, code int, words string) {
			t.Helper()
			err := a.check(t.Context())
			if (err == nil) != (code == 200) || err != nil && !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v", name, err)
			}
		}
		want("well", 200, "")
		gone := a.Dir
		a.Dir = filepath.Join(gone, "none")
		want("no folder", 503, "the folder cannot be written")
		a.Dir = gone
		if err := s.Work.Close(); err != nil {
			t.Fatal(err)
		}
		want("no store", 503, "a database does not answer")
	})
	dir := t.TempDir()
	a := open(t, Config{Dir: dir})
	if code, words := ask(a); code != 200 || words != "good\n" {
		t.Errorf("well: %d %s", code, words)
	}
	if err := a.Work.Exec1(t.Context(), "DROP TABLE db_changes"); err != nil {
		t.Fatal(err)
	}
	if code, words := ask(a); code != 503 || !strings.Contains(words, "a database cannot be written") {
		t.Errorf("a store that cannot be written: %d %s", code, words)
	}
	a.Work.Close()
	if code, words := ask(a); code != 503 || strings.Contains(words, "sql") {
		t.Errorf("without a store: %d %s", code, words)
	}
}

// TestAFullDisk: where nothing can be written any more, health says so while pages are
// still shown.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "kith")
	if said, err := kith(t, nil, "migrate", "--dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	// The largest file is smaller than what health writes.
	stop, at := serving(t, []string{asKith + "=60000"}, "--dir", dir)
	defer stop(os.Kill)
	for path, want := range map[string]int{"/healthz": 503, "/sign-in": 200} {
		res, err := http.Get(at + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}
