package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrMissing is returned for a content that is not where it is kept.
var ErrMissing = errors.New("the content of the file is not where it is kept")

// A Keep holds contents under names that say nothing about them. It is a folder, or a
// bucket of an S3 service.
type Keep interface {
	// Put keeps size bytes under a name. When it returns nil they survive a crash.
	Put(ctx context.Context, name string, from io.ReaderAt, size int64) error
	// Open gives a content, or ErrMissing.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Remove takes a content away; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// Each calls f with every name that was put before a time, until f returns an error.
	Each(ctx context.Context, before time.Time, f func(name string) error) error
}

// newName makes the name of a content: 26 random letters and digits.
func newName() string { return strings.ToLower(rand.Text()) }

// A Folder is a Keep on a disk. Contents are spread over 1,024 folders by the first two
// letters of their names.
type Folder struct{ Dir string }

var _ Keep = Folder{}

// arriving begins the names of what is not whole yet.
const arriving = ".arriving-"

// make makes the folder, so that it survives a crash with what is put in it.
func (k Folder) make() error {
	if err := os.MkdirAll(k.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of files: %w", err)
	}
	for _, dir := range []string{k.Dir, filepath.Dir(k.Dir), filepath.Dir(filepath.Dir(k.Dir))} {
		if err := syncFolder(dir); err != nil {
			return fmt.Errorf("make the folder of files: %w", err)
		}
	}
	return nil
}

// Put implements Keep: written under another name, flushed, and then renamed.
func (k Folder) Put(_ context.Context, name string, from io.ReaderAt, size int64) (err error) {
	at := k.path(name)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(at), arriving+"*")
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("keep a file: %w", err), file.Close(), os.Remove(file.Name()))
		}
	}()
	n, err := io.Copy(file, io.NewSectionReader(from, 0, size))
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("%d bytes arrived of %d", n, size)
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), at); err != nil {
		return err
	}
	// The names must be on the disk too: of the file, and of its folder if it is new.
	for _, dir := range []string{filepath.Dir(at), k.Dir} {
		if err := syncFolder(dir); err != nil {
			return err
		}
	}
	return file.Close()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Keep.
func (k Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	file, err := os.Open(k.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return file, nil
}

// Remove implements Keep.
func (k Folder) Remove(_ context.Context, name string) error {
	if err := os.Remove(k.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// Each implements Keep. What a crash left of a file that was arriving is removed on the way.
func (k Folder) Each(ctx context.Context, before time.Time, f func(name string) error) error {
	err := filepath.WalkDir(k.Dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir():
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			return nil
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), arriving) {
			return os.Remove(path)
		}
		return f(d.Name())
	})
	if err != nil {
		return fmt.Errorf("list the files that are kept: %w", err)
	}
	return nil
}

func (k Folder) path(name string) string {
	return filepath.Join(k.Dir, name[:min(2, len(name))], filepath.Base(name))
}
