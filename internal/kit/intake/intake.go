// Package intake brings files in.
//
// A room says what kinds of file it can read (Kind); intake keeps the ledger of
// every import: which files by their SHA-256, what was found at fault in them,
// what it replaced, and who withdrew it. Reading happens first and touches no
// database; then one transaction takes away what the import replaces, stores what
// was read and writes the ledger, so that a file is either wholly in or not at
// all.
//
// A problem is either Fatal (nothing is loaded) or a Finding (a row or value at
// fault: listed, and the import goes on).
//
// Tables: intake_imports, intake_files, intake_findings, in the work store.
package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sort"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// A File is one file to read.
type File struct {
	Name string // as the person knows it, without folders
	Path string // where it is on this machine
}

// A Source is what a Kind is to read.
type Source struct {
	Files     []File
	Year      period.Year // 0 when not given
	Authority string      // GSS code of the local authority, such as E08000015; "" when not given
	// Progress tells the person who waits how far reading is, such as "32,000
	// rows read". It may be called often.
	Progress func(words string)
}

// A Finding is a row or value at fault that did not stop the import.
type Finding struct {
	File    string `json:"file"`
	Line    int64  `json:"line,omitempty"` // 1 is the first line of the file; 0 when there is none
	Field   string `json:"field,omitempty"`
	Rule    string `json:"rule"`    // short name of what was broken, such as "date" or "ends-before-start"
	Message string `json:"message"` // what is wrong and how to mend it
}

// A Fatal says why nothing of a file can be loaded, in words a person can act on.
type Fatal struct {
	File  string
	Line  int64
	Words string
}

func (f *Fatal) Error() string {
	switch {
	case f.File == "":
		return f.Words
	case f.Line > 0:
		return fmt.Sprintf("%s, line %d: %s", f.File, f.Line, f.Words)
	}
	return f.File + ": " + f.Words
}

// Refuse makes a Fatal of one file.
func Refuse(file, format string, args ...any) *Fatal {
	return &Fatal{File: file, Words: fmt.Sprintf(format, args...)}
}

// A Batch is what was read, ready to be stored.
type Batch struct {
	// As is the kind that the import counts as when another replaces it; empty
	// means the kind it was read as. A file of measures counts as the return that
	// it summarises.
	As        string
	Year      period.Year
	Authority string
	Rows      int64
	FileRows  map[string]int64 // rows read of each file, by File.Name
	Findings  []Finding        // at most MaxFindings
	Found     int64            // how many there were
	Summary   []string         // what the import brings, a sentence each
	// Store writes what was read, as part of the import with this id. It may add to
	// the findings and the summary, and runs before the ledger is written.
	Store func(ctx context.Context, q db.Q, importID string) error
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

// A Kind is one kind of file that a room reads.
type Kind struct {
	ID             string // such as "training-history"
	Title          string // such as "Training history"
	Accepts        string // what to give, in a sentence or two
	Permission     string // who may import and withdraw it
	Reader         string // version of the reader: it changes when the same file could give other results
	NeedsYear      bool   // the files do not say which year they are of
	NeedsAuthority bool
	Replaces       bool // a later import of the same kind, year and authority takes this one's place
	// Read reads and checks files without touching a database. Input at fault is
	// a *Fatal.
	Read func(ctx context.Context, src Source) (*Batch, error)
	// Withdraw takes away all that an import stored.
	Withdraw func(ctx context.Context, q db.Q, importID string) error
}

// An Import is a row of the ledger.
type Import struct {
	ID         string
	Kind       string
	Year       string
	Authority  string
	State      string
	Progress   string
	Problem    string
	Summary    string // sentences, one a line
	Rows       int
	Found      int
	Reader     string
	By         string
	ReplacedBy string
	CreatedAt  db.Time
	EndedAt    db.Time
}

// A LoadedFile is one file of an import.
type LoadedFile struct {
	Name   string
	SHA256 string
	Size   int
	Rows   int
}

// Options say how to load.
type Options struct {
	Year      period.Year
	Authority string
	DryRun    bool // read and check, load nothing
	Strict    bool // a finding is as bad as a Fatal
	By        string
	Progress  func(words string)
}

// A Report is what came of a load.
type Report struct {
	ImportID string // empty for a dry run
	Batch    *Batch
	Files    []LoadedFile
	Replaced []string // ids of the imports whose place it took
	// Same is the id of an import of the very same files that is still loaded;
	// then nothing was done.
	Same string
}

// Room keeps the ledger.
type Room struct {
	DB      *db.DB
	Now     clock.Clock
	NewID   func() string
	Log     *slog.Logger
	Uploads string // folder for files while they are read
	kinds   []Kind
	run     running
	pages   *ui.Set
}

// New makes the room. Uploads is a folder of this node's own.
func New(d *db.DB, now clock.Clock, newID func() string, log *slog.Logger, uploads string) (*Room, error) {
	set, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("intake pages: %w", err)
	}
	return &Room{DB: d, Now: now, NewID: newID, Log: log, Uploads: uploads, pages: set}, nil
}

// Offer adds the kinds of file that a room reads.
func (r *Room) Offer(kinds ...Kind) { r.kinds = append(r.kinds, kinds...) }

// Kinds lists what can be imported, by title.
func (r *Room) Kinds() []Kind {
	out := slices.Clone(r.kinds)
	slices.SortFunc(out, func(a, b Kind) int { return strings.Compare(a.Title, b.Title) })
	return out
}

// Kind finds a kind by its id.
func (r *Room) Kind(id string) (Kind, bool) {
	i := slices.IndexFunc(r.kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return r.kinds[i], true
}

// ErrStrict is returned by a strict load of files with findings; the Report has
// them.
var ErrStrict = errors.New("there are findings, and a strict import takes none")

// Read reads files as a kind and checks them, without loading.
func (r *Room) Read(ctx context.Context, kind string, paths []string, o Options) (*Report, error) {
	k, ok := r.Kind(kind)
	if !ok {
		return nil, Refuse("", "%q is not a kind of file that can be imported; the kinds are %s", kind, r.kindIDs())
	}
	if k.NeedsYear && o.Year == 0 {
		return nil, Refuse("", "say which year the files are of, such as --year 2023-24: %s files do not say so themselves", k.Title)
	}
	if k.NeedsAuthority && o.Authority == "" {
		return nil, Refuse("", "say which authority the files are of, such as --authority E08000015: %s files do not say so themselves", k.Title)
	}
	files, err := Files(paths)
	if err != nil {
		return nil, err
	}
	loaded, err := Hash(files)
	if err != nil {
		return nil, err
	}
	progress := o.Progress
	if progress == nil {
		progress = func(string) {}
	}
	b, err := k.Read(ctx, Source{Files: files, Year: o.Year, Authority: o.Authority, Progress: progress})
	if err != nil {
		return nil, err
	}
	for i := range loaded {
		loaded[i].Rows = int(b.FileRows[loaded[i].Name])
	}
	rep := &Report{Batch: b, Files: loaded}
	if b.As == "" {
		b.As = kind
	}
	if o.Strict && b.Found > 0 {
		return rep, ErrStrict
	}
	return rep, nil
}

// Load reads files as a kind, checks them and stores what they bring, all or
// nothing.
func (r *Room) Load(ctx context.Context, kind string, paths []string, o Options) (*Report, error) {
	return r.load(ctx, "", kind, paths, o)
}

// load stores under the id of an import already begun, or under a new one.
func (r *Room) load(ctx context.Context, id, kind string, paths []string, o Options) (*Report, error) {
	rep, err := r.Read(ctx, kind, paths, o)
	if err != nil || o.DryRun {
		return rep, err
	}
	k, _ := r.Kind(kind)
	begun := id != ""
	if !begun {
		id = r.NewID()
	}
	err = r.DB.Tx(ctx, func(q db.Q) error {
		if err := alone(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		if rep.Same, err = sameFiles(ctx, q, rep.Batch, rep.Files); err != nil || rep.Same != "" {
			return err
		}
		if k.Replaces {
			if err := r.replace(ctx, q, id, rep); err != nil {
				return err
			}
		}
		// Storing may find more: what the files say beside what is kept already.
		if err := rep.Batch.Store(ctx, q, id); err != nil {
			return err
		}
		if o.Strict && rep.Batch.Found > 0 {
			return ErrStrict
		}
		im := Import{
			ID: id, Kind: rep.Batch.As, Year: yearText(rep.Batch.Year), Authority: rep.Batch.Authority, State: "loaded",
			Summary: strings.Join(rep.Batch.Summary, "\n"), Rows: int(rep.Batch.Rows), Found: int(rep.Batch.Found),
			Reader: k.Reader, By: o.By, CreatedAt: db.At(r.Now()), EndedAt: db.At(r.Now()),
		}
		if begun {
			if err = finishImport(ctx, q, im); errors.Is(err, db.ErrNotFound) {
				err = errEnded
			}
		} else {
			err = insertImport(ctx, q, im)
		}
		if err != nil {
			return err
		}
		if err := insertFiles(ctx, q, id, rep.Files); err != nil {
			return err
		}
		if err := insertFindings(ctx, q, id, rep.Batch.Findings); err != nil {
			return err
		}
		return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), Person: o.By, Act: "imported", Subject: k.Title, SubjectID: id, Detail: fileNames(rep.Files)})
	})
	if err != nil {
		return rep, fmt.Errorf("load %s: %w", kind, err)
	}
	if rep.Same == "" {
		rep.ImportID = id
	}
	return rep, nil
}

// replace takes away what the imports of the same kind, year and authority brought.
func (r *Room) replace(ctx context.Context, q db.Q, id string, rep *Report) error {
	old, err := currentImports(ctx, q, rep.Batch.As, yearText(rep.Batch.Year), rep.Batch.Authority)
	if err != nil {
		return err
	}
	for _, im := range old {
		k, ok := r.Kind(im.Kind)
		if !ok {
			return fmt.Errorf("import %s is of the kind %q, which is not offered", im.ID, im.Kind)
		}
		if err := k.Withdraw(ctx, q, im.ID); err != nil {
			return fmt.Errorf("replace import %s: %w", im.ID, err)
		}
		if err := endImport(ctx, q, im.ID, "replaced", id, db.At(r.Now())); err != nil {
			return err
		}
		rep.Replaced = append(rep.Replaced, im.ID)
	}
	return nil
}

// ErrNotLoaded is returned when an import to withdraw is not, or no longer, loaded.
var ErrNotLoaded = errors.New("this import is not loaded")

// Withdraw takes away an import and all it brought. What it had replaced does not
// come back: import that file again.
func (r *Room) Withdraw(ctx context.Context, id, by string) error {
	err := r.DB.Tx(ctx, func(q db.Q) error {
		if err := alone(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		im, err := importByID(ctx, q, id)
		if err != nil {
			return err
		}
		if im.State != "loaded" {
			return ErrNotLoaded
		}
		k, ok := r.Kind(im.Kind)
		if !ok {
			return fmt.Errorf("the kind %q is not offered", im.Kind)
		}
		if err := k.Withdraw(ctx, q, id); err != nil {
			return err
		}
		if err := endImport(ctx, q, id, "withdrawn", "", db.At(r.Now())); err != nil {
			return err
		}
		return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), Person: by, Act: "withdrew", Subject: k.Title, SubjectID: id})
	})
	if err != nil {
		return fmt.Errorf("withdraw import %s: %w", id, err)
	}
	return nil
}

// Inputs gives the files of imports, for the values computed from them.
func Inputs(ctx context.Context, q db.Reader, importIDs []string) ([]figure.Input, error) {
	var out []figure.Input
	for _, id := range importIDs {
		in, err := inputs(ctx, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, in...)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].File+out[i].SHA256+out[i].Import < out[j].File+out[j].SHA256+out[j].Import
	})
	return out, nil
}

func (r *Room) kindIDs() string {
	var out []string
	for _, k := range r.kinds {
		out = append(out, k.ID)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func yearText(y period.Year) string {
	if y == 0 {
		return ""
	}
	return y.String()
}

func fileNames(files []LoadedFile) string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}
