package app

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestReadOnlyFolder: what only lists, or tells about itself, runs where nothing
// can be written, and what opens an installation does not.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "kith-test-read-only-") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	at := filepath.Join(dir, "empty")
	if err := errors.Join(os.Chmod(dir, 0o755), os.Mkdir(at, 0o555), os.Chmod(at, 0o555)); err != nil {
		t.Fatal(err)
	}
	self := copyOfSelf(t, dir)
	for _, c := range []struct {
		status int
		args   []string
	}{
		{exitDone, []string{"routes"}},
		{exitDone, []string{"routes", "--face", "public", "--dir", "data"}},
		{exitDone, []string{"help"}},
		{exitDone, []string{"migrate", "--help"}},
		{exitDone, []string{"version"}},
		{exitDone, []string{"completion", "bash"}},
		{exitNo, []string{"check", "training-history", "none.csv"}},
		{exitNo, []string{"summarise", "ssda903", "none.csv", "--year", "2023-24", "--authority", "E08000015", "--out",
			"m.json"}},
		{exitNo, []string{"protect", "none.csv"}},
		{exitNo, []string{"attack", "none.csv"}},
		{exitUsage, []string{"routs"}},
		{exitSystem, []string{"migrate"}},
		{exitNo, []string{"figure"}}, // it makes no installation, so there is none
	} {
		cmd := kith(t, []string{"KITH_DIR=", "KITH_DB="}, c.args...)
		cmd.Path, cmd.Dir = self, at
		if os.Geteuid() == 0 { // whom no folder keeps out
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		said, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if got := cmd.ProcessState.ExitCode(); got != c.status {
			t.Errorf("kith %v: status %d and not %d: %s", c.args, got, c.status, said)
		}
	}
	if entries, err := os.ReadDir(at); err != nil || len(entries) > 0 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
}

// copyOfSelf puts this test program where everybody may run it.
func copyOfSelf(t *testing.T, dir string) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "kith"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Chmod(0o755), to.Close()); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
