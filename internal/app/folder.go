package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kith/internal/kit/lang"
)

// lockName is the file in an installation's folder that the process holds which serves it.
const lockName = "serving"

// hold takes an installation's folder for a process that serves it, and gives what lets
// it go. A folder of SQLite is served by one process: two would each believe what they
// keep of it. It is refused with who holds it. Other commands run beside it, and nodes
// that share PostgreSQL hold nothing.
func (c Config) hold(now time.Time) (release func() error, err error) {
	if err := keptFromOthers(c.Dir); err != nil {
		return nil, err
	}
	if c.DB != "" {
		return func() error { return nil }, nil
	}
	at := filepath.Join(c.Dir, lockName)
	taken := func() error {
		who, _ := os.ReadFile(at)
		return &refused{fmt.Sprintf("the folder %s is served already, by %s; stop that first, or name another folder with "+
			"--dir", c.Dir, cmp.Or(strings.TrimSpace(string(who)), "another process"))}
	}
	// The folder itself is locked, for the file can be removed by mistake; and the file, for
	// earlier versions look at that alone.
	folder, err := os.Open(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("hold the installation's folder: %w", err)
	}
	if err := lockFile(folder); errors.Is(err, errLocked) {
		return nil, errors.Join(taken(), folder.Close())
	} else if err != nil {
		return nil, errors.Join(fmt.Errorf("hold the installation's folder: %w", err), folder.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, folder.Close())
		}
	}()
	f, err := os.OpenFile(at, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hold the installation's folder: %w", err)
	}
	if err := lockFile(f); errors.Is(err, errLocked) {
		return nil, errors.Join(taken(), f.Close())
	} else if err != nil {
		return nil, errors.Join(fmt.Errorf("hold the installation's folder: %w", err), f.Close())
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	who := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, lang.DateTime(now))
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(who), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hold the installation's folder: %w", err), f.Close())
	}
	// Who ends, in whatever way, holds it no more. The file stays: were it removed, two
	// could hold two files of the name.
	return func() error { return errors.Join(f.Close(), folder.Close()) }, nil
}

// holdMade is hold for a folder that is made first where it is missing.
func (c Config) holdMade(now time.Time) (release func() error, err error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the installation's folder: %w", err)
	}
	return c.hold(now)
}

// openingName is the file in an installation's folder that a process holds while it opens it.
const openingName = "opening"

// opening waits until no other process opens the folder, and gives what lets the next do so. Nodes
// that share PostgreSQL take turns there.
func (c Config) opening(ctx context.Context) (release func() error, err error) {
	if c.DB != "" {
		return func() error { return nil }, nil
	}
	f, err := os.OpenFile(filepath.Join(c.Dir, openingName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil { // what cannot be written in this folder is said by what has to be
		return func() error { return nil }, nil
	}
	for {
		err := lockFile(f)
		if err == nil {
			return f.Close, nil // the file stays, as that of hold does
		}
		if !errors.Is(err, errLocked) {
			return nil, errors.Join(fmt.Errorf("open the installation: %w", err), f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for another process that opens the installation: %w", ctx.Err()),
				f.Close())
		case <-time.After(openingEvery):
		}
	}
}

// openingEvery is how often a process looks whether another has opened the folder.
const openingEvery = 20 * time.Millisecond

// keptFromOthers refuses a folder that everybody with an account on the machine may look
// into. One that is not there yet is made for its owner alone.
func keptFromOthers(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the installation's folder: %w", err)
	}
	if open := info.Mode().Perm() & 0o007; open != 0 {
		return &refused{fmt.Sprintf("everybody with an account on this machine can look into the folder %s; close it to "+
			"them with: chmod o-rwx %[1]s", dir)}
	}
	return nil
}

// networkDrives are file systems, by the number that Linux gives each, on which locks are
// not kept as SQLite needs them: two machines would spoil its files.
var networkDrives = map[int64]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xff534d42: "CIFS",
	0xfe534d42: "SMB",
	0x65735546: "FUSE",
	0x5346414f: "AFS",
	0x73757245: "Coda",
	0x00c36400: "Ceph",
	0x01021997: "9P",
}

// onThisMachine refuses a folder for SQLite on a drive of another machine. kind gives the
// number of the file system that a folder is on.
func onThisMachine(dir string, kind func(dir string) (int64, error)) error {
	n, err := kind(dir)
	if err != nil {
		return fmt.Errorf("look at the installation's folder: %w", err)
	}
	if name, ok := networkDrives[n]; ok {
		return &refused{fmt.Sprintf("the folder %s is on a network or foreign drive (%s), where SQLite's files can be "+
			"spoilt; name a folder on a disk of this machine with --dir, or use PostgreSQL with --db", dir, name)}
	}
	return nil
}
