package app

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/internal/imports"
	"kith/internal/kit/db"
)

// TestAKilledDemonstrationIsMadeAgain kills the making of the year at steps drawn
// by chance, each time in the folder that the last one left, and then lets it end.
func TestAKilledDemonstrationIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		steps := 1 + rand.IntN(22)
		cmd := kith(t, nil, "demo", "--prepare", "--dir", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		last := ""
		for lines := bufio.NewScanner(out); steps > 0 && lines.Scan(); steps-- {
			last = strings.TrimSpace(lines.Text())
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatalf("it had ended by itself after %q", last)
		}
		t.Logf("killed after %q", last)
	}
	if said, err := kith(t, nil, "demo", "--prepare", "--dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	a := open(t, Config{Dir: dir, Demo: true})
	for _, want := range reference {
		t.Run(want.name(), func(t *testing.T) { want.check(t, a.Figures) })
	}
	if year, _, err := a.Annual.Newest(t.Context()); err != nil || year != "2023-24" {
		t.Errorf("the published report is %q, %v", year, err)
	}
	sound(t, a)
	again, err := kith(t, nil, "demo", "--prepare", "--dir", dir).Output()
	if err != nil || strings.Contains(string(again), "Making") {
		t.Errorf("a whole year was made again: %v\n%s", err, again)
	}
}

// sound fails when a SQLite store is damaged.
func sound(t testing.TB, a *App) {
	t.Helper()
	for _, d := range []*db.DB{a.Work, a.Public} {
		if state, err := db.Get[string](t.Context(), d, "PRAGMA integrity_check"); err != nil || state != "ok" {
			t.Errorf("%s: %s %v", d.Name(), state, err)
		}
	}
}

// beforeAndAfter is an installation with a history of training loaded, and a
// larger history to import over it.
func beforeAndAfter(t *testing.T) (dir, larger string, before, after stated) {
	t.Helper()
	all := filepath.Join(demonstration(t).Dir, "inbox", "training-history.csv")
	small := filepath.Join(t.TempDir(), "training-history.csv")
	copyTo(t, all, small)
	rewrite(t, small, func(row []string) bool { return strings.HasPrefix(row[3], "2023-06") })
	dir = t.TempDir()
	a := open(t, Config{Dir: dir})
	if _, err := a.Imports.Load(t.Context(), "training-history", []string{small}, imports.Options{}); err != nil {
		t.Fatal(err)
	}
	before = stated{id: "training.attendances", when: "2023-24"}
	before.min = one(t, a.Figures, before.id, before.when).Numerator
	after = stated{id: "training.attendances", when: "2023-24", min: one(t, demonstration(t).Figures, before.id,
		before.when).Numerator}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if before.min == 0 || before.min >= after.min {
		t.Fatalf("%d attendances before, %d after", before.min, after.min)
	}
	return dir, all, before, after
}

// TestAKilledImportLeavesThingsAsTheyWere kills an import while it is storing,
// seen by the growth of the store's log.
func TestAKilledImportLeavesThingsAsTheyWere(t *testing.T) {
	t.Parallel()
	dir, larger, before, after := beforeAndAfter(t)
	log := filepath.Join(dir, "work.db-wal")
	cmd := kith(t, nil, "import", "training-history", larger, "--accept-change", "--dir", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	storing := time.NewTicker(time.Millisecond)
	defer storing.Stop()
	for grown := false; !grown; {
		select {
		case err := <-ended:
			t.Fatalf("the import ended before it was seen to store: %v", err)
		case <-storing.C:
			info, err := os.Stat(log)
			grown = err == nil && info.Size() > 200<<10
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended

	a := open(t, Config{Dir: dir})
	before.check(t, a.Figures)
	sound(t, a)
	if _, err := a.Imports.Load(t.Context(), "training-history", []string{larger}, imports.Options{}); err != nil {
		t.Fatal(err)
	}
	after.check(t, a.Figures)
}

// TestAFullDiskLeavesThingsAsTheyWere imports where no file may grow any further.
func TestAFullDiskLeavesThingsAsTheyWere(t *testing.T) {
	t.Parallel()
	dir, larger, before, after := beforeAndAfter(t)
	said, err := kith(t, []string{asKith + "=1500000"}, "import", "training-history", larger, "--accept-change", "--dir",
		dir).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitSystem ||
		!strings.Contains(string(said), "kith: nothing was loaded: load training-history: ") {
		t.Errorf("%v\n%s", err, said)
	}
	a := open(t, Config{Dir: dir})
	before.check(t, a.Figures)
	sound(t, a)
	if _, err := a.Imports.Load(t.Context(), "training-history", []string{larger}, imports.Options{}); err != nil {
		t.Fatal(err)
	}
	after.check(t, a.Figures)
}
