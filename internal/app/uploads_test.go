package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/testkit"
)

// TestOldUploadsAreRemoved: a file that an earlier version left while it read it
// may be about children, and goes when this version starts.
func TestOldUploadsAreRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, "files", "uploads", "import-1")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "header.csv"), []byte("CHILD"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), Config{Dir: dir, Face: FaceAll}, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := os.Stat(filepath.Dir(left)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the files are still there: %v", err)
	}
}
