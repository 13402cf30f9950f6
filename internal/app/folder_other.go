//go:build !linux

package app

import (
	"errors"
	"os"
)

// Kith runs on Linux. Elsewhere, where it is only worked on, a folder is not looked after.

var errLocked = errors.New("locked by another process")

func lockFile(*os.File) error { return nil }

func driveOf(string) (int64, error) { return 0, nil }

func keepToSelf() (again func()) { return func() {} }
