package publish_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// killAt names the environment in which TestKilled runs this test binary: where it
// kills itself, what it does, and the addresses of the stores.
const killAt = "KITH_TEST_PUBLISH_KILL"

// TestKilled kills the program between the two commits: after work has decided and
// before the public store has it, and after the public store has it and before
// work is told. The public shows the old or the new, a person is told which, and
// another process puts it right.
func TestKilled(t *testing.T) {
	if at := os.Getenv(killAt); at != "" {
		killed(t, strings.Split(at, "|"))
		return
	}
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		tables(t, s)
		c := newClock()
		h := newHouse(t, s.Work, s.Public, c)
		must(t, h.put("a", 1))
		must(t, h.release("a"))
		for _, x := range []struct{ do, at, sees, told, ends string }{
			{"put", "before public", "version 1", "Version 2 is waiting", "version 2"},
			{"put", "after public", "version 2", "Published version 2", "version 2"},
			{"take", "before public", "version 2", "Being taken down, and still public", ""},
			{"put", "before public", "", "Version 2 is waiting", "version 2"},
			{"take", "after public", "", "Not published", ""},
		} {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
			cmd.Env = append(os.Environ(), killAt+"="+strings.Join([]string{x.do, x.at, s.Work.Name(), s.Public.Name()}, "|"))
			said, err := cmd.CombinedOutput()
			if exit, ok := err.(*exec.ExitError); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("%s %s: it was not killed: %v\n%s", x.do, x.at, err, said)
			}
			if got := seen(t, s.Public, "a"); got != x.sees {
				t.Errorf("%s %s: the public sees %q, want %q", x.do, x.at, got, x.sees)
			}
			h.says("a", x.told)
			// The job that was enqueued with the decision is another node's to do.
			c.move(time.Hour)
			if _, err := h.queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := seen(t, s.Public, "a"); got != x.ends || (known(t, s.Work, "a") > 0) != (x.ends != "") {
				t.Errorf("%s %s: in the end the public sees %q and work knows %d", x.do, x.at, got, known(t, s.Work, "a"))
			}
		}
	})
}

// killed is the process that dies.
func killed(t *testing.T, x []string) {
	work, err := db.Open(t.Context(), x[2])
	must(t, err)
	public, err := db.Open(t.Context(), x[3])
	must(t, err)
	h := newHouse(t, work, public, &clock{t: newClock().t.Add(time.Minute)})
	die := func() error { return syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	if x[1] == "before public" {
		h.notes.release = die
	} else {
		h.notes.settled = die
	}
	if x[0] == "put" {
		must(t, h.put("a", 2))
	} else {
		must(t, h.take("a"))
	}
	must(t, h.release("a"))
}
