package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// A ledgerFile is the file of a ledger while a release is judged with it. One that
// is to be added to is locked from before it is read until it is closed, so that
// two releases are never judged without each other.
type ledgerFile struct {
	ledger  *sdc.Ledger // nil when no ledger is asked for
	missing bool        // there was no such file
	path    string
	f       *os.File // nil when nothing is to be recorded
	size    int64    // of what was read
	table   bool     // one released table in the place of a ledger
}

// openLedger reads a ledger; without a path there is none. To add to one that is
// not there, it is made. What does not begin as a ledger does is read by table, as
// one released table.
func openLedger(ctx context.Context, path string, add bool, table func() (*sdc.Ledger, error)) (*ledgerFile,
	error) {
	l := &ledgerFile{path: path}
	if path == "" {
		return l, nil
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.missing, l.ledger, err = true, &sdc.Ledger{}, nil
	case err != nil:
		return nil, noFile(path, err)
	default:
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, &refused{path + " is a folder and no ledger"}
		}
		if l.table, err = isTable(f); err != nil {
			return nil, fmt.Errorf("read the ledger %s: %w", path, err)
		}
	}
	switch {
	case l.table:
		l.ledger, err = table()
	case add:
		err = l.lock(ctx)
	case !l.missing:
		l.ledger, err = sdc.ReadLedger(f)
	}
	if err != nil {
		l.close()
		return nil, atFault(path, err)
	}
	return l, nil
}

// isTable says whether a file has something in it that does not begin as a ledger.
func isTable(f *os.File) (bool, error) {
	var first [1]byte
	n, err := f.ReadAt(first[:], 0)
	if err == io.EOF {
		err = nil
	}
	return n > 0 && first[0] != '{', err
}

// lockWait is how long to wait before looking at a lock again.
const lockWait = 50 * time.Millisecond

// lock opens the file to add to it, alone, and reads it. A file that was taken away
// while this waited for it is left for the one that is there now.
func (l *ledgerFile) lock(ctx context.Context) error {
	for {
		f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		l.f = f
		for err = syscall.EWOULDBLOCK; err != nil; {
			if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
				break
			} else if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
				return fmt.Errorf("lock: %w", err)
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for another run to be done with it: %w", ctx.Err())
			case <-time.After(lockWait):
			}
		}
		held, err := f.Stat()
		if err != nil {
			return err
		}
		if there, err := os.Stat(l.path); err == nil && os.SameFile(held, there) {
			break
		}
		f.Close()
	}
	var err error
	if l.ledger, err = sdc.ReadLedger(l.f); err != nil {
		return err
	}
	l.size, err = l.f.Seek(0, io.SeekEnd)
	return err
}

// respell gives a table the ledger's spelling of what differs in capitals only.
func (l *ledgerFile) respell(t *csvtable.File) {
	if l.ledger != nil {
		t.Each(l.ledger.Respell)
	}
}

// record has a release added to the ledger and sees it safely on the disk. It says what
// was done, as the end of a sentence. When it fails the ledger is as it was.
func (l *ledgerFile) record(add func(*sdc.Ledger) (line []byte, err error)) (string, error) {
	if l.table {
		return "; nothing was recorded, since " + l.path + " is a table and no ledger", nil
	}
	if l.f == nil {
		return "; nothing was recorded, since this was a dry run", nil
	}
	line, err := add(l.ledger)
	if err != nil {
		return "", err
	}
	if line == nil {
		return "; the ledger has this release already", nil
	}
	if _, err = l.f.WriteAt(line, l.size); err == nil {
		err = l.f.Sync()
	}
	if err == nil && l.size == 0 {
		err = syncFolder(filepath.Dir(l.path))
	}
	if err != nil {
		return "", errors.Join(err, l.f.Truncate(l.size))
	}
	l.size += int64(len(line))
	return "; recorded in " + l.path, nil
}

// syncFolder sees the name of a new file safely on the disk.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// close lets the ledger go. One that was made and has nothing in it is taken away.
func (l *ledgerFile) close() {
	if l.f == nil {
		return
	}
	if l.missing && l.size == 0 && l.ledger != nil && len(l.ledger.Entries()) == 0 {
		os.Remove(l.path)
	}
	l.f.Close()
}
