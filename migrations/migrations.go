// Package migrations holds the tables of the three stores as numbered SQL
// files: one history for each store, one text for both engines, forward only.
// A file belongs to one room, and so do the tables it makes.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed work/*.sql public/*.sql
var files embed.FS

// Work gives the history of the workspace's store.
func Work() fs.FS { return sub("work") }

// Public gives the history of the store that the public sites read.
func Public() fs.FS { return sub("public") }

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return f
}
