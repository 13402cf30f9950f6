// Package migrations holds the tables of the three stores as numbered SQL
// files: one history for each store, one text for both engines, forward only.
// A file belongs to one room, and so do the tables it makes. A file NNNN_name.keys says
// which columns' keys are made again (kit/db/keys.go).
//
// What only one engine has (a full-text index, row-level security) stands in
// NNNN_name.sqlite.sql or NNNN_name.postgres.sql, in the same sequence. Such a file
// names what the comparison of the two engines leaves out, in a line such as
// "-- parity: leaves out pages_found, pages_found_data". internal/arch counts them.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed work/*.sql work/*.keys public/*.sql
var files embed.FS

// Work gives the history of the workspace's store.
func Work() fs.FS { return sub("work") }

// Public gives the history of the store that the public sites read.
func Public() fs.FS { return sub("public") }

var leavesOut = regexp.MustCompile(`(?m)^-- parity: leaves out (.*)$`)

// Apart lists the tables and indexes that files for one engine say the other does
// not have.
func Apart(history fs.FS) ([]string, error) {
	names, err := fs.Glob(history, "*.sql")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range names {
		b, err := fs.ReadFile(history, name)
		if err != nil {
			return nil, err
		}
		for _, m := range leavesOut.FindAllStringSubmatch(string(b), -1) {
			if strings.Count(name, ".") == 1 {
				return nil, fmt.Errorf("%s is for both engines, and can leave nothing out", name)
			}
			for _, x := range strings.Split(m[1], ",") {
				out = append(out, strings.TrimSpace(x))
			}
		}
	}
	return out, nil
}

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return f
}
