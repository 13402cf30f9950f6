// Package testkit is what the tests of every room share: real databases of both
// engines, the folder of real files, and the program as a whole.
package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Shared gives the path of a file or folder of the shared test material, which
// stands beside the project or where KITH_SHARED says. It is the one place a
// test may skip: when the folder is not there, and then it fails in CI.
func Shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("KITH_SHARED")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the shared test material is missing: %v", err)
		}
		t.Skipf("needs the shared test material (set KITH_SHARED): %v", err)
	}
	return path
}

// Root gives the project's root folder: the one above the test's own with a go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("cannot tell where the project is")
		}
		dir = above
	}
}
