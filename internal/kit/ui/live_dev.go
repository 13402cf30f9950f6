//go:build dev

package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Live says that templates and assets are read again when they are used, from the
// folder that the program was compiled in ("make dev"), so that an edited one is seen
// on reload.
const Live = true

// onDisk gives the folder that embedded files were compiled from: beside the source
// file that asks for it, skip calls further out. Files that are not found there stay
// as they are.
func onDisk(skip int, embedded fs.FS) fs.FS {
	_, source, _, _ := runtime.Caller(skip + 1)
	beside := filepath.Dir(source)
	deeper, _ := filepath.Glob(filepath.Join(beside, "*", "templates"))
	for _, dir := range append([]string{beside, filepath.Join(beside, "templates")}, deeper...) {
		if holds(os.DirFS(dir), embedded) {
			return os.DirFS(dir)
		}
	}
	return embedded
}

// holds reports whether every file of some is in all.
func holds(all, some fs.FS) bool {
	err := fs.WalkDir(some, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		_, err = fs.Stat(all, name)
		return err
	})
	return err == nil
}

var assetsOnDisk struct {
	sync.Mutex
	mark  string // names and times of the files
	files *AssetFiles
}

// Assets are the stylesheet, fonts, icons and modules as they are on the disk now.
func Assets() *AssetFiles {
	a := &assetsOnDisk
	a.Lock()
	defer a.Unlock()
	root := onDisk(0, dist)
	var mark strings.Builder
	fs.WalkDir(root, "dist", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			if info, err := d.Info(); err == nil {
				mark.WriteString(name + info.ModTime().String())
			}
		}
		return nil
	})
	if a.files == nil || a.mark != mark.String() {
		inside, err := fs.Sub(root, "dist")
		if err != nil {
			return builtAssets()
		}
		files, err := newAssetFiles(inside)
		if err != nil {
			return builtAssets() // half written: the next page has them
		}
		a.mark, a.files = mark.String(), files
	}
	return a.files
}
