// Package demo invents a year.
//
// Tidewell is a coastal place that does not exist. This package makes up its
// wards, schools, agencies, staff and children, and three years of what a
// safeguarding partnership there would have recorded, 2021-22 to 2023-24, so
// that somebody who looks at Kith for the first time sees a whole year at work.
//
// WriteInbox writes that area's files in the formats in which real ones arrive:
// the SSDA903 tables, the children in need census, lists of contacts and early
// help, a history of training and counts of visits. They are then read by the
// same importers as anybody's. What has no file format is in plain tables here
// (Organisations, Priorities, Reviews …), to be entered through the rooms' own
// actions.
//
// Everything is drawn from one fixed seed, so the same files come out to the
// byte on every machine and on every day. A handful of rows are wrong on
// purpose, as in any real file, so that the pages of findings have something
// true to show; no figure depends on them.
//
// Nobody in here exists. Identifiers of children begin with DEMO, e-mail
// addresses end in .example, telephone numbers are of the range kept for drama,
// and postcodes are of an area, ZT, that the post does not have.
package demo

import (
	"fmt"
	"os"
	"path/filepath"

	"kith/internal/kit/period"
)

const (
	// AreaName is what the invented area is called.
	AreaName = "Tidewell"
	// Partnership is the name of its safeguarding partnership.
	Partnership = "Tidewell Safeguarding Children Partnership"
	// Council is the name of its local authority.
	Council = "Tidewell Borough Council"
	// Authority is the code of its local authority, shaped like a real one but
	// given to no place.
	Authority = "E08990001"
	// lea is the number that schools' census files use for the authority; no
	// authority has it.
	lea = "999"
)

// Years are the financial years that the files cover, oldest first. The last is
// the year of the report; the two before it are there for trends.
func Years() []period.Year { return []period.Year{2021, 2022, 2023} }

// An Import is one set of files to load together.
type Import struct {
	Kind      string      // kind of import, such as "ssda903"
	Path      string      // file or folder, below the folder given to WriteInbox, with forward slashes
	Files     []string    // every file of it, in the same form as Path
	With      []string    // files or folders to give together with it, which have an import of their own too
	Year      period.Year // 0 when the files span several years
	Authority string      // empty when the kind has no authority
}

// Paths gives what to hand to the importer, of files written below dir.
func (im Import) Paths(dir string) []string {
	var out []string
	for _, p := range append([]string{im.Path}, im.With...) {
		out = append(out, filepath.Join(dir, filepath.FromSlash(p)))
	}
	return out
}

// A Manifest lists what was written, in the order in which to load it: earlier
// years come before the years that look back at them.
type Manifest struct {
	Imports []Import
}

// WriteInbox writes the invented area's files below dir, which is made when it
// is missing, and returns what was written. Files of the same name are replaced.
func WriteInbox(dir string) (Manifest, error) {
	w := &writer{dir: dir}
	pop := newPopulation()
	for _, y := range Years() {
		w.ssda903(pop, y)
	}
	for _, y := range Years() {
		w.census(pop, y)
	}
	w.contacts(pop, 2022)
	w.contacts(pop, 2023)
	for _, y := range Years() {
		w.earlyHelp(y)
	}
	w.trainingHistory()
	for _, y := range Years() {
		w.visits(y)
	}
	if w.err != nil {
		return Manifest{}, fmt.Errorf("write the demonstration's files: %w", w.err)
	}
	return w.manifest, nil
}

// A writer writes files below a folder and keeps the list of them. After the
// first failure it does nothing more; err says what failed.
type writer struct {
	dir      string
	manifest Manifest
	err      error
}

// put writes one file.
func (w *writer) put(name string, content []byte) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err = os.MkdirAll(filepath.Dir(path), 0o755); w.err != nil {
		return
	}
	w.err = os.WriteFile(path, content, 0o644)
}

// list adds an import of one or more files already put.
func (w *writer) list(im Import) {
	if len(im.Files) == 0 {
		im.Files = []string{im.Path}
	}
	w.manifest.Imports = append(w.manifest.Imports, im)
}
