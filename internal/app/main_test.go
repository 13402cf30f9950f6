package app

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/testkit"
)

// The tests of this package are about the whole program: the demonstration year
// on both engines, the pages as each person gets them, and what a crash leaves.
// A test that needs a process of its own runs this test program as kith.

// asKith, in the environment, makes the test program behave as kith. Its value is
// the largest file in bytes that the process may write; 0 sets no limit.
const asKith = "KITH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if limit, ok := os.LookupEnv(asKith); ok {
		limitFiles(limit)
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	code := m.Run()
	for _, y := range append(slices.Collect(maps.Values(years)), madeYears...) {
		if err := y.close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	// Nothing that a test started goes on after it.
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// limitFiles makes every write beyond a size fail, as a full disk does.
func limitFiles(limit string) {
	n, err := strconv.ParseUint(limit, 10, 64)
	if err != nil || n == 0 {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		panic(err)
	}
}

// kith gives the program as a process to start. env is KEY=VALUE.
func kith(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), append([]string{asKith + "=0"}, env...)...)
	return cmd
}

// A year is the demonstration year on one engine, made once for all tests.
type year struct {
	engine db.Engine
	once   sync.Once
	app    *App
	pages  http.Handler
	err    error
	clear  []func() error
}

var years = map[db.Engine]*year{db.SQLite: {engine: db.SQLite}, db.Postgres: {engine: db.Postgres}}

// demonstration gives the demonstration year on SQLite, to look at. A test that
// changes what figures count makes its own.
func demonstration(t testing.TB) *App { return demonstrationOn(t, db.SQLite) }

func demonstrationOn(t testing.TB, engine db.Engine) *App {
	t.Helper()
	y := years[engine]
	y.once.Do(func() { y.err = y.make(context.Background()) }) // outlives the test that needs it first
	if y.err != nil {
		t.Fatalf("make the demonstration year on %s: %v", engine, y.err)
	}
	return y.app
}

func (y *year) make(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "kith-test-year-")
	if err != nil {
		return err
	}
	y.clear = append(y.clear, func() error { return os.RemoveAll(dir) })
	c := Config{Dir: dir, Face: FaceAll, Demo: true}
	if y.engine == db.SQLite {
		y.app, err = (&cli{out: io.Discard, err: io.Discard, log: quiet()}).demo(ctx, c)
	} else {
		if c.DB, err = y.databases(ctx); err != nil {
			return err
		}
		if y.app, err = Open(ctx, c, quiet()); err != nil {
			return err
		}
		err = y.app.makeDemo(ctx, func(string) {})
	}
	if err != nil {
		return err
	}
	y.pages = y.app.Handler()
	return nil
}

// databases makes the two empty PostgreSQL databases of an installation.
func (y *year) databases(ctx context.Context) (string, error) {
	server := os.Getenv("KITH_TEST_PG")
	if server == "" {
		return "", fmt.Errorf("no PostgreSQL for the tests: run `make test`, or start one with `scripts/postgres start` " +
			"and set KITH_TEST_PG to the address it prints")
	}
	run := func(statement string) error {
		d, err := db.Open(ctx, server)
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Exec1(ctx, statement)
	}
	name := "kith_year_" + ids.New()
	for _, n := range []string{name, name + "_public"} {
		if err := run("CREATE DATABASE " + n); err != nil {
			return "", err
		}
		y.clear = append(y.clear, func() error { return run("DROP DATABASE " + n + " WITH (FORCE)") })
	}
	return strings.Replace(server, "/postgres?", "/"+name+"?", 1), nil
}

func (y *year) close() error {
	if y.app != nil {
		y.app.Close()
	}
	for _, clear := range y.clear {
		if err := clear(); err != nil {
			return err
		}
	}
	return nil
}

// open opens an installation for one test.
func open(t testing.TB, c Config) *App {
	t.Helper()
	if c.Face == "" {
		c.Face = FaceAll
	}
	a, err := Open(t.Context(), c, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// tree reads every file below a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameFiles fails when two sets of files differ, and says where the first does.
func sameFiles(t testing.TB, a, b map[string]string) {
	t.Helper()
	names := maps.Clone(a)
	maps.Copy(names, b)
	for name := range names {
		x, inA := a[name]
		y, inB := b[name]
		switch {
		case !inA || !inB:
			t.Errorf("%s is in one of them only", name)
		case x != y:
			at := 0
			for at < min(len(x), len(y)) && x[at] == y[at] {
				at++
			}
			from := max(0, at-80)
			t.Errorf("%s differs:\n%s\n\n%s", name, x[from:min(len(x), at+120)], y[from:min(len(y), at+120)])
		}
	}
}
