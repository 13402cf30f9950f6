// Package intake is what a file that comes in is to the rooms that read it.
//
// A room says what kinds of file it can read (Kind). Reading happens first and
// touches no database; what it gives is a Batch, which is then stored in one
// transaction, so that a file is either wholly in or not at all. Who loads it, the
// ledger of what was loaded and its pages are the room imports.
//
// A problem is either Fatal (nothing is loaded) or a Finding (a row or value at
// fault: listed, and the import goes on).
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
)

// A File is one file to read.
type File struct {
	Name string // as the person knows it, without folders
	Path string // where it is on this machine; "" for an upload
	// Content and Size are an upload, which has no path: nothing of it is to stay
	// when the process ends, however it ends.
	Content io.ReaderAt
	Size    int64
	// HiddenRows says that rows which a workbook does not show are to be read, however
	// many they are.
	HiddenRows bool
}

// Limits gives the limits within which the file is read, with what was said of it.
func (f File) Limits(usual sheet.Limits) sheet.Limits {
	usual.HiddenRows = f.HiddenRows
	return usual
}

// Open opens the file. It makes a File a sheet.Input.
func (f File) Open() (sheet.Reader, error) {
	if f.Content != nil {
		return upload{io.NewSectionReader(f.Content, 0, f.Size)}, nil
	}
	return sheet.Path(f.Path).Open()
}

// upload is an upload being read. Closing it leaves the upload open for the next.
type upload struct{ *io.SectionReader }

func (upload) Close() error { return nil }

// A Source is what a Kind is to read.
type Source struct {
	Files     []File
	Year      period.Year // 0 when not given
	Authority string      // GSS code of the local authority, such as E08000015; "" when not given
	Part      period.Span // the months that the person says they are of; zero for the whole year
	// Sole is the one authority that the partnership covers, which files are of that do
	// not say; "" when there are several, or none.
	Sole string
	// Matching says in which columns the files have what; empty where their own headers say.
	Matching Matching
	// Progress tells the person who waits how far reading is, such as "32,000
	// rows read". It may be called often.
	Progress func(words string)
	// Recognised is what Recognise calls; nil does nothing.
	Recognised func()
}

// Recognise is called by the reader of a kind without rows about children, once it
// has seen that the files are of the kind and before a long read. Only from then
// on may the files be kept for another node to finish: somebody may have chosen
// this kind by mistake.
func (s Source) Recognise() {
	if s.Recognised != nil {
		s.Recognised()
	}
}

// A Finding is a row or value at fault that did not stop the import.
type Finding struct {
	File    string `json:"file"`
	Line    int64  `json:"line,omitempty"` // 1 is the first line of the file; 0 when there is none
	Field   string `json:"field,omitempty"`
	Rule    string `json:"rule"`    // short name of what was broken, such as "date" or "ends-before-start"
	Message string `json:"message"` // what is wrong and how to fix it
}

// A Fatal says why nothing of a file can be loaded, in words a person can act on.
type Fatal struct {
	File  string
	Line  int64
	Words string
	Cause error // the *sheet.Error it was made of; nil for others
}

// Unwrap gives the cause, for errors.Is.
func (f *Fatal) Unwrap() error { return f.Cause }

func (f *Fatal) Error() string {
	switch {
	case f.File == "":
		return f.Words
	case f.Line > 0:
		return fmt.Sprintf("%s, line %d: %s", f.File, f.Line, f.Words)
	}
	return f.File + ": " + f.Words
}

// Besides gives the Fatal with something else that is wrong, so that both are said at
// once and nobody mends one only to meet the other.
func (f *Fatal) Besides(words string) *Fatal {
	both := *f
	both.Words = strings.TrimSuffix(f.Words, ".") + ". Besides, " + words
	return &both
}

// Refuse makes a Fatal of one file.
func Refuse(file, format string, args ...any) *Fatal {
	return &Fatal{File: file, Words: fmt.Sprintf(format, args...)}
}

// SameTwice refuses a file in which two columns that could be meant have the same header.
func SameTwice(file string, line int64, header string) *Fatal {
	return &Fatal{File: file, Line: line, Words: "two columns are called " + header + ", and which of them is " +
		"meant cannot be told; take the other out and give the file again"}
}

// Unreadable makes a Fatal of what package sheet says of a file; other errors are given
// back as they are.
func Unreadable(name string, err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return &Fatal{File: name, Line: e.Line, Words: e.Words, Cause: e}
	}
	return err
}

// A Batch is what was read, ready to be stored.
type Batch struct {
	// As is the kind that the import counts as when another replaces it; empty
	// means the kind it was read as. A file of measures counts as the return that
	// it summarises.
	As        string
	Year      period.Year
	Authority string
	Part      Part
	// Happened is from the first to the last thing in the year that the files tell of, and
	// Events how many there are; zero where that cannot be told.
	Happened period.Span
	Events   int64
	Rows     int64
	FileRows map[string]int64 // rows read of each file, by File.Name
	// FileContents is a hash of what was read of each file, whatever its form and the order of
	// its rows; nothing for files that are known by their bytes alone.
	FileContents map[string]string
	// FileSketches tell what files have in common, by Sketch; nothing for those that have none.
	FileSketches map[string]string
	Findings     []Finding // at most MaxFindings
	Found        int64     // how many there were
	Summary      []string  // what the import brings, a sentence each
	// Doubts are reasons to think that the files are not what they seem, a sentence each: they
	// are asked about before anything is loaded.
	Doubts   []string
	From     []LoadedFile    // the files that were counted elsewhere to make those read
	Readings []sheet.Reading // how dates were read, a line for each form of a column
	// Moves tells what loading would do to the room's figures, beside what is loaded
	// now or was loaded for the year before; nil for kinds that cannot tell.
	Moves func(ctx context.Context, q db.Reader) ([]Move, error) `json:"-"`
	// Hold packs what was read, for the day that it may wait until a person has looked at
	// it and says that it is to be loaded. It holds no row about a child.
	Hold func() ([]byte, error) `json:"-"`
	// Store writes what was read, as part of the import with this id. It may add to
	// the findings and the summary, and runs before the ledger is written.
	Store func(ctx context.Context, q db.Q, importID string) error `json:"-"`
}

// MaxFindings is how many findings of one import are kept in full.
const MaxFindings = 1000

// Add notes a finding, or only counts it when there are too many to keep.
func (b *Batch) Add(f Finding) {
	b.Found++
	if len(b.Findings) < MaxFindings {
		b.Findings = append(b.Findings, f)
	}
}

// Name is the kind's title in standard words, where no installation is at hand.
func (k Kind) Name() string { return lang.Terms(nil).Put(k.Title) }

// A Kind is one kind of file that a room reads.
type Kind struct {
	ID             string         // such as "training-history"
	Title          string         // such as "Training history"; with terms marked, as lang.Terms says
	Accepts        string         // what to give, in a sentence or two
	Permission     web.Permission // who may import and withdraw it
	Reading        web.Permission // who may see what came of it; "" for everybody who sees imports
	Reader         string         // version of the reader: it changes when the same file could give other results
	NeedsYear      bool           // the files do not say which year they are of
	NeedsAuthority bool           // they do not say which authority they are of
	Partnership    bool           // they are of the whole partnership, and of no one authority
	Timeless       bool           // they are of no year, so that none of a year is missing
	NoChildren     bool           // no row is about a child, so that another node may finish reading it
	Replaces       bool           // a later import of the same kind, year and authority takes this one's place
	Parts          bool           // its files may be of a part of a year, and are then kept beside
	Rolling        bool           // or of twelve months that are no financial year
	// With are kinds whose files of the same year and authority may be given together with
	// these; they are imported on their own too.
	With []string
	// Years gives the years that loaded imports hold something of, by import, of a kind whose
	// files are of no one year; nil for the others.
	Years func(ctx context.Context, q db.Reader) (map[string][]period.Year, error)
	// CountedFrom gives the ids of the imports that were counted elsewhere from a file, by
	// its SHA-256; nil where there are none.
	CountedFrom func(ctx context.Context, q db.Reader, sha256 string) ([]string, error)
	// Look looks at the beginnings of files and returns a *Fatal when they cannot be
	// of the kind: empty, unreadable, or something else. It is asked where a file may not
	// be read yet, because the person has not said what has to be known; nil asks nothing.
	Look func(files []File) error
	// Fields lists what Read looks for in each row, and Match drafts how it would read
	// files by a matching, or by their headers where it is empty; it gives nil when their
	// headers are all known. Both are nil for kinds whose columns cannot be matched.
	Fields func(ctx context.Context) ([]Field, error)
	Match  func(ctx context.Context, files []File, m Matching) (*Draft, error)
	// Read reads and checks files without touching a database. Input at fault is
	// a *Fatal.
	Read func(ctx context.Context, src Source) (*Batch, error)
	// Resume makes of what Batch.Hold packed a batch that can be loaded: it gives b its Moves
	// and its Store. The rest of b is as Read left it.
	Resume func(ctx context.Context, content []byte, b *Batch) error
	// Pack gives all that an import stored, so that it can come back when the import that
	// takes its place is withdrawn; Unpack stores it again under the same id. nil for
	// kinds that cannot: those have to be imported again.
	Pack   func(ctx context.Context, q db.Reader, importID string) ([]byte, error)
	Unpack func(ctx context.Context, q db.Q, importID string, content []byte) error
	// ComesBack lists the imports of which something comes back when another is withdrawn, of
	// a kind that keeps that itself; nil for the others.
	ComesBack func(ctx context.Context, q db.Reader, importID string) ([]string, error)
	// Withdraw takes away all that an import stored.
	Withdraw func(ctx context.Context, q db.Q, importID string) error
}

// A LoadedFile is one file of an import.
type LoadedFile struct {
	Name   string
	SHA256 string
	Size   int
	Rows   int
	// Content and Sketch are the file's of Batch.FileContents and FileSketches.
	Content string
	Sketch  string
}
