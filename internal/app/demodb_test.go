package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// TestTheDemonstrationOnPostgreSQL: it is made in two empty databases, opened again as it
// is, made again where it was left half made, and never where something else is.
func TestTheDemonstrationOnPostgreSQL(t *testing.T) {
	t.Parallel()
	c := Config{Dir: closedFolder(t), Face: FaceAll, Demo: true, DB: testkit.EmptyDatabases(t, "", "_public")}
	var said strings.Builder
	in := &cli{out: &said, err: io.Discard, log: quiet()}
	mark := filepath.Join(c.Dir, demoMark)
	want := func(name string, err error, words string) {
		t.Helper()
		var no *refused
		if !errors.As(err, &no) || !strings.Contains(no.words, words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Something else is there.
	other, err := Open(t.Context(), Config{Dir: t.TempDir(), Face: FaceAll, DB: c.DB}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	_, err = in.demo(t.Context(), c)
	want("an installation", err, "is not empty")
	// A half-made one: these databases are the mark's own.
	if err := os.WriteFile(mark, []byte("making\n"+c.databases()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := in.demo(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if year, _, err := a.Annual.Newest(t.Context()); err != nil || year != "2023-24" {
		t.Errorf("the published report is %q, %v", year, err)
	}
	a.Close()
	made := said.Len()
	if a, err = in.demo(t.Context(), c); err != nil || said.Len() != made {
		t.Fatalf("it is made again: %v %s", err, &said)
	}
	if !isDemo(c.Dir) || strings.Contains(c.databases(), "@") {
		t.Error("its folder does not say so")
	}
	a.Close()
	elsewhere := c
	elsewhere.DB = strings.Replace(c.DB, "/kith_t_", "/kith_u_", 1)
	_, err = in.demo(t.Context(), elsewhere)
	want("another database", err, "is kept elsewhere")
	elsewhere.DB = ""
	_, err = in.demo(t.Context(), elsewhere)
	want("in the folder", err, "is kept elsewhere")
}
