package app

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/seal"
)

// copyStore copies a store of SQLite that is in use.
func copyStore(t *testing.T, d *db.DB, to string) {
	t.Helper()
	if err := d.Exec1(t.Context(), "VACUUM INTO '"+to+"'"); err != nil {
		t.Fatal(err)
	}
}

// installed copies the stores of one SQLite installation to another folder.
func installed(t *testing.T, a *App) string {
	t.Helper()
	dir := closedFolder(t)
	copyStore(t, a.Work, filepath.Join(dir, "work.db"))
	copyStore(t, a.Public, filepath.Join(dir, "public.db"))
	if err := os.CopyFS(filepath.Join(dir, "files"), os.DirFS(filepath.Join(a.Dir, "files"))); err != nil {
		t.Fatal(err)
	}
	copyKey(t, a.Dir, dir)
	return dir
}

// copyKey copies what the secrets in the database are sealed with.
func copyKey(t *testing.T, from, to string) {
	t.Helper()
	at := filepath.Join(to, seal.File)
	copyFile(t, filepath.Join(from, seal.File), at)
	if err := os.Chmod(at, 0o600); err != nil {
		t.Fatal(err)
	}
}

// copyFile copies one file over another.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
