// Package files keeps the papers that people add to records of any room: the evidence of an
// action, the papers of a meeting.
//
// A file has versions. Each is told by its content and never by its name, looked at, freed
// of what nobody meant to send (where a photo was taken, who wrote a document), and kept
// under a random name in a folder or a bucket; what it is, of which record, by whom and its
// SHA-256 is a row. The content is kept first and the row is written then: a crash can leave
// a content without a row, which is removed after a week, and never a row without its
// content. What is erased goes the other way, by a job: the row first, then the content.
//
// A new version is "not yet checked", "clean" or "refused". Where a virus checker is set up,
// only what it found clean can be opened. Where none is, the pages say so, and only what
// cannot do harm can be opened: pictures (which we made again), text, and Office documents
// in which nothing runs or is fetched. A file that looks as if it did not belong where it
// was added, such as one with NHS numbers, is asked about before it is kept.
//
// A room says by a Place what its records are and who may see and change what is added to
// them; this package has the pages.
//
// Tables: files, files_versions, files_leaving and files_home, in the work store.
package files

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var templates embed.FS

// Deps is what the store needs from the rest of the house.
type Deps struct {
	Work    *db.DB
	Now     clock.Clock
	NewID   func() string
	Log     *slog.Logger
	Jobs    *jobs.Queue
	Checker Checker // nil where no virus checker is set up
	Bucket  *Bucket // where contents are kept; nil for the folder files in Dir
	Dir     string  // the installation's folder, on a disk with room for what arrives
}

// A Store is the files of an installation.
type Store struct {
	Deps
	Keep  Keep
	pages *ui.Set
}

// New makes the store, which keeps nothing until it is opened. Its jobs are then known to
// the queue.
func New(d Deps) (*Store, error) {
	pages, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	s := &Store{Deps: d, pages: pages}
	d.Jobs.Handle(checkJob, s.check)
	d.Jobs.Handle(eraseJob, s.remove)
	return s, nil
}

// Open finds where the installation's contents are kept, or makes the folder for them.
func (s *Store) Open(ctx context.Context) error {
	err := s.Work.Tx(ctx, func(q db.Q) error {
		name, err := home(ctx, q, newName())
		if err != nil {
			return err
		}
		if s.Bucket != nil {
			s.Keep = s.Bucket.under(name)
			return nil
		}
		folder := Folder{filepath.Join(s.Dir, "files", name)}
		s.Keep = folder
		return folder.make()
	})
	return db.Wrap(err, "open the files of the installation")
}

func (s *Store) trail() audittrail.Trail { return audittrail.Trail{Now: s.Now, NewID: s.NewID} }

// A Place is a kind of record that files are added to.
type Place struct {
	Room string // "plan"
	Kind string // "action": also what the audit trail calls the record
	// Root is the address of a record, with {id} for its id.
	Root string
	// Permission is needed to get as far as Find.
	Permission web.Permission
	// Find gives a record as a person may see it: db.ErrNotFound where there is none or
	// where it is not theirs to know what is added to it.
	Find func(ctx context.Context, by web.Person, id string) (Record, error)
	// Hold holds a record until the transaction ends: db.ErrNotFound when it is gone.
	Hold func(ctx context.Context, q db.Q, id string) error
	// Base makes the frame of a page that stands under the record's own.
	Base func(r *http.Request, of Record, title string) ui.Base
}

// A Record is one that files are added to.
type Record struct {
	ID     string
	Title  string
	Change bool // the person may add files, replace them and erase them
}

// A State says whether a version was looked at by the virus checker.
type State string

// The states of a version.
const (
	Waiting State = "waiting"
	Clean   State = "clean"
	Bad     State = "refused"
	Asked   State = "asked" // nobody has answered yet whether it belongs here
)

// A File is a file at a record, as its newest version is. Its fields are in the order of
// the columns that queries select.
type File struct {
	ID       string
	RecordID string
	EraseOn  period.Date // it is erased on this day; zero when no day is set
	Version
}

// A Version is a version of a file.
type Version struct {
	Number   int64
	Name     string
	Content  string // the name it is kept under
	Preview  db.Opt // and of a small picture of it
	MIME     string
	Size     int64 // bytes
	SHA256   string
	Removed  string // what was taken out of it before it was kept, in words
	Harmless bool
	Asks     string // the questions it gave reason for, separated by spaces
	Reason   string // why it belongs here though
	ByID     string
	By       string
	At       db.Time
	State    State
	Found    string // what the virus checker found
}

// TypeWords says what type of file it is.
func (v Version) TypeWords() string { return typeOf(v.MIME).Words }

// Questions lists what was asked about it.
func (v Version) Questions() []Question {
	var out []Question
	for _, q := range strings.Fields(v.Asks) {
		out = append(out, Question(q))
	}
	return out
}

// Facts says what it is and how large: "PDF document, 214 kB".
func (v Version) Facts() string { return v.TypeWords() + ", " + lang.Bytes(v.Size) }

// ErrClosed is returned for a version that cannot be opened: it is not checked, or was
// refused.
var ErrClosed = errors.New("the file cannot be opened")

// mayOpen reports whether a version can be opened.
func (s *Store) mayOpen(v Version) bool {
	switch v.State {
	case Clean:
		return true
	case Waiting:
		return s.Checker == nil && v.Harmless
	}
	return false
}

// A standing is how a version stands as to being opened.
type standing struct {
	Tone, Words string // of its tag
	Why         string // a sentence, when it cannot be opened or nobody checks it
}

func (s *Store) standing(v Version) standing {
	switch {
	case v.State == Clean:
		return standing{Tone: "good", Words: "Checked for viruses"}
	case v.State == Bad:
		return standing{"bad", "Refused", "The virus checker found " + v.Found + " in it, so its content was erased. Tell " +
			"the person who added it, and whoever looks after their computer."}
	case s.Checker != nil:
		return standing{"watch", "Not yet checked", "It is not checked for viruses yet. It can be opened once the " +
			"virus checker has looked at it, which takes a minute or two as a rule."}
	case v.Harmless:
		return standing{"quiet", "Not checked", "No virus checker is set up here. This type of file can be opened all the " +
			"same: nothing in it can run."}
	}
	return standing{"watch", "Cannot be opened yet", "No virus checker is set up here, and this type of file can hide " +
		"programs, so it is kept and cannot be opened. Ask whoever runs the system to set a virus checker up."}
}
