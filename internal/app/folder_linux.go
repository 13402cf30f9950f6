package app

import (
	"errors"
	"os"
	"syscall"
)

// errLocked is returned for a file that another process has locked.
var errLocked = errors.New("locked by another process")

// lockFile locks a file until it is closed or the process ends.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

// driveOf gives the number of the file system that a folder is on.
func driveOf(dir string) (int64, error) {
	var s syscall.Statfs_t
	err := syscall.Statfs(dir, &s)
	return int64(uint32(s.Type)), err
}

// keepToSelf has every file that the process makes be for its owner alone. It gives back
// what lets others read again what is made for them.
func keepToSelf() (again func()) {
	was := syscall.Umask(0o077)
	return func() { syscall.Umask(was) }
}
