package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kith/sdc"
)

// ledgerFiles makes a folder with a table of all children and one of boys, and the
// first of them released in a ledger.
func ledgerFiles(t *testing.T) (all, boys, ledger string) {
	t.Helper()
	dir := t.TempDir()
	all, boys, ledger = filepath.Join(dir, "all.csv"), filepath.Join(dir, "boys.csv"), filepath.Join(dir, "ledger")
	for path, text := range map[string]string{
		all:  "age,count\n0-20,30\n21-30,7\nTotal,37\n",
		boys: "age,sex,count\n0-20,Male,24\n21-30,Male,6\nTotal,Male,30\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"protect", all, "--ledger", ledger}, strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	return all, boys, ledger
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestLedgerFullDisk: a release that cannot be recorded is not printed, and the
// ledger stays as it was.
func TestLedgerFullDisk(t *testing.T) {
	t.Parallel()
	_, boys, ledger := ledgerFiles(t)
	before := content(t, ledger)
	cmd := kith(t, []string{asKith + "=" + strconv.Itoa(len(before)+100)}, "protect", boys, "--ledger", ledger)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); err == nil || code != exitSystem || out.Len() > 0 ||
		!strings.Contains(errs.String(), "nothing was printed") {
		t.Errorf("status %d, output %q, errors %q", code, out.String(), errs.String())
	}
	if got := content(t, ledger); got != before {
		t.Errorf("the ledger was %q and is %q", before, got)
	}
}

// broken is an output that nothing can be written to.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// TestLedgerBeforeOutput: what could not be printed is in the ledger all the same,
// and can be printed by the same command again.
func TestLedgerBeforeOutput(t *testing.T) {
	t.Parallel()
	_, boys, ledger := ledgerFiles(t)
	before := content(t, ledger)
	args := []string{"protect", boys, "--ledger", ledger}
	if code := Main(args, strings.NewReader(""), broken{}, &bytes.Buffer{}); code != exitSystem {
		t.Errorf("status %d", code)
	}
	after := content(t, ledger)
	if strings.Count(after, "\n") != 2 || !strings.HasPrefix(after, before) {
		t.Errorf("the ledger is %q", after)
	}
	var out bytes.Buffer
	if code := Main(args, strings.NewReader(""), &out, &bytes.Buffer{}); code != exitDone ||
		!strings.Contains(out.String(), "21-30,Male,[c]\n") || content(t, ledger) != after {
		t.Errorf("again: status %d, output %q, ledger %q", code, out.String(), content(t, ledger))
	}
}

// TestLedgerLocked: while another run has the ledger, nothing is judged with it.
func TestLedgerLocked(t *testing.T) {
	t.Parallel()
	_, boys, ledger := ledgerFiles(t)
	before := content(t, ledger)
	f, err := os.Open(ledger)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out bytes.Buffer
	protect := protectCommand{}
	protect.Table, protect.ProfileName, protect.Ledger, protect.Budget = boys, "dfe", ledger, sdc.DefaultBudget
	err = protect.Run(ctx, &cli{in: strings.NewReader(""), out: &out, err: &bytes.Buffer{}})
	if !errors.Is(err, context.Canceled) || out.Len() > 0 || content(t, ledger) != before {
		t.Errorf("error %v, output %q", err, out.String())
	}
}

// TestLedgerNothingMade: a refused release leaves no empty ledger behind.
func TestLedgerNothingMade(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "ledger")
	var out bytes.Buffer
	table := strings.NewReader("age,count\n0-4,3\n5-9,40\nTotal,43\n")
	if code := Main([]string{"protect", "-", "--ledger", fresh, "--keep", "age=0-4"}, table, &out,
		&bytes.Buffer{}); code != exitNo || out.Len() > 0 {
		t.Errorf("status %d, output %q", code, out.String())
	}
	if _, err := os.Stat(fresh); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}
