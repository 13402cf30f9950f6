package db

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A oneEngine is a history of migrations without the files of other engines.
type oneEngine struct {
	fs.FS
	files []fs.DirEntry
}

// ReadDir lists what there is for the engine; the history is one folder.
func (h oneEngine) ReadDir(string) ([]fs.DirEntry, error) { return h.files, nil }

// history gives what files has for both engines and for this one.
func history(files fs.FS, e Engine) (fs.FS, error) {
	all, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	h := oneEngine{FS: files}
	named := map[string]string{} // number → name, of any engine
	for _, f := range all {
		name, engine, err := forEngine(f.Name())
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(name, "_")
		if had, taken := named[number]; taken && had != name {
			return nil, fmt.Errorf("%s has the number of %s: all engines share one sequence", f.Name(), had)
		}
		named[number] = name
		if engine == "" || engine == e {
			h.files = append(h.files, f)
		}
	}
	return h, nil
}

// forEngine splits the name of a migration: 0140_search.sqlite.sql is 0140_search
// for SQLite, and 0140_search.sql for both engines, which is "", as is 0140_search.keys.
func forEngine(file string) (name string, e Engine, err error) {
	parts := strings.Split(file, ".")
	last := len(parts) - 1
	switch {
	case parts[last] == "keys" && last == 1:
		return parts[0], "", nil
	case parts[last] != "sql" || last > 2:
	case last == 1:
		return parts[0], "", nil
	case slices.Contains(engines, Engine(parts[1])):
		return parts[0], Engine(parts[1]), nil
	}
	return "", "", fmt.Errorf("%s is no migration: NNNN_name.sql, or NNNN_name.ENGINE.sql for one of %v", file, engines)
}
