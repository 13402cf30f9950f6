// Package imports is the room that keeps the ledger of imports.
//
// Other rooms say what kinds of file they read (intake.Kind); here somebody gives
// the files, sees what was found at fault in them, and later withdraws what they
// brought. The ledger has every import: which files by their SHA-256, the
// findings, what it replaced, who gave it and who withdrew it. Reading happens
// first and touches no database. In the browser a person is then shown what loading would
// do (a preview), and says that it is to be done. Then one transaction takes away what the
// import replaces, stores what was read and writes the ledger.
//
// Tables: imports_ledger, imports_files, imports_findings, imports_moves, imports_previews,
// imports_aside, imports_kept, imports_waiting, imports_sources, imports_turn, in the work store.
package imports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/jobs"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

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
	ByID       string // the person; empty for the command line
	By         string // their name as it was then
	ReplacedBy string
	CreatedAt  db.Time
	EndedAt    db.Time
	// Months are those that it is of, as period.Span writes them; "" for the whole year.
	Months      string
	Provisional int // 1: its counts are still to be confirmed
}

// Part says which months of its year the import is of.
func (im Import) Part() intake.Part {
	span, err := intake.ParsePart(im.Months)
	if err != nil { // written by this room, from a span
		panic("the months of an import: " + err.Error())
	}
	return intake.Part{Span: span, Provisional: im.Provisional == 1}
}

// Period says what time the import is of: its year, or the part of it; "" for none.
func (im Import) Period() string { return im.Part().Words(im.Year) }

// Options say how to load.
type Options struct {
	Year      period.Year
	Authority string
	// Part is the months that the files are of; zero for the whole year. Provisional counts
	// are still to be confirmed. Neither changes the year's figures.
	Part        period.Span
	Provisional bool
	// WholeYear says that the files are of the whole year although they stop before it does.
	WholeYear bool
	DryRun    bool // read and check, load nothing
	Strict    bool // a finding is as bad as a intake.Fatal
	// AcceptChange loads although figures move by more than a third.
	AcceptChange bool
	// AcceptDoubts loads although there are reasons to think that the files are not what they
	// seem: Batch.Doubts.
	AcceptDoubts bool
	// HiddenRows reads the rows that a workbook does not show, however many they are.
	HiddenRows bool
	// Matching says in which columns the files have what, for files whose headers do not.
	Matching intake.Matching
	// Seen is the Mark of the report that a person has looked at, where one has.
	Seen     string
	By       web.Person // CommandLine for who has no account
	Progress func(words string)
	// Cover confirms that the authority is the partnership's, where it has none yet.
	Cover bool
	// YearHint and AuthorityHint say where the person gives what is missing, such as
	// ", such as --year 2023-24" at the command line; empty in the browser.
	YearHint, AuthorityHint string
	sole                    string // the one authority that the partnership covers
	// known are the imports that were loaded when reading began, by id, where nobody looks at
	// what was read before it is loaded; nil elsewhere.
	known map[string]bool
	// recognised is told once the files are seen to be of the kind.
	recognised func()
}

// A Report is what came of a load.
type Report struct {
	ImportID string // empty for a dry run
	Kind     string // as which the files were read
	Batch    *intake.Batch
	Files    []intake.LoadedFile
	Replaced []string // ids of the imports whose place it takes, the oldest first
	Moves    []intake.Move
	// Same is the id of an import of the very same files that is still loaded;
	// then nothing was done.
	Same      string
	SameWords string // when, by whom and as what
	First     string // the authority, by name, that the import brought as the partnership's first
	replaces  bool   // its kind takes the place of what is loaded
	parts     bool   // its files may be of a part of a year
}

// Deps is what the room needs.
type Deps struct {
	Work  *db.DB // nil where files are only read and checked
	Now   clock.Clock
	NewID func() string
	Log   *slog.Logger
	Jobs  *jobs.Queue // nil where nothing is imported in the browser
	Dir   string      // a folder on a disk with room for uploads, which have no name there
	Tabs  []web.Tab   // the pages beside the imports, some of them another room's
	// Covered lists the authorities that the partnership covers, and Cover adds its first;
	// nil where there is no partnership, and then an authority need only be known.
	Covered func(ctx context.Context, q db.Reader) ([]register.Covered, error)
	Cover   func(ctx context.Context, q db.Q, by web.Person, code string) error
	Demo    bool // everything is made up, and so may the code of an authority be
}

// Room keeps the ledger.
type Room struct {
	Deps
	kinds []intake.Kind
	held  holding
	// waiting are files that wait for a person to say which column is what.
	waiting waitingFiles
	pages   *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	set, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("imports pages: %w", err)
	}
	r := &Room{Deps: d, pages: set}
	if d.Jobs != nil {
		d.Jobs.Handle(JobKind, r.job)
	}
	return r, nil
}

// Offer adds the kinds of file that a room reads.
func (r *Room) Offer(kinds ...intake.Kind) { r.kinds = append(r.kinds, kinds...) }

// Kinds lists what can be imported, by title.
func (r *Room) Kinds() []intake.Kind {
	out := slices.Clone(r.kinds)
	slices.SortFunc(out, func(a, b intake.Kind) int { return strings.Compare(a.Title, b.Title) })
	return out
}

// Kind finds a kind by its id.
func (r *Room) Kind(id string) (intake.Kind, bool) {
	i := slices.IndexFunc(r.kinds, func(k intake.Kind) bool { return k.ID == id })
	if i < 0 {
		return intake.Kind{}, false
	}
	return r.kinds[i], true
}

// ErrStrict is returned by a strict load of files with findings; the Report has
// them.
var ErrStrict = errors.New("there are findings, and a strict import takes none")

// ErrChange is returned by a load that would move a figure of 20 or more by more than a
// third, when nobody said that this is right; the Report has the Moves.
var ErrChange = errors.New("a figure of 20 or more would move by more than a third")

// ErrDoubts is returned by a load of files that may not be what they seem, when nobody said
// that they are right; Report.Batch.Doubts says why.
var ErrDoubts = errors.New("there is reason to think that the files are not what they seem")

// ErrPart is returned by a load of files that look to be of a part of the year, when nobody
// said which or that they are of the whole; Report.Looks says of which.
var ErrPart = errors.New("the files look to be of a part of the year")

// Looks gives the months that the files look to be of, where nobody has said; the zero span
// when they look to be of the whole year.
func (r *Report) Looks(today period.Date) period.Span {
	if !r.parts || !r.Batch.Part.Span.IsZero() {
		return period.Span{}
	}
	return intake.Looks(r.Batch.Year, r.Batch.Happened, r.Batch.Events, today)
}

// LargeMoves are those of a report that have to be accepted.
func (r *Report) LargeMoves() []intake.Move {
	return slices.DeleteFunc(slices.Clone(r.Moves), func(m intake.Move) bool { return !m.Large() })
}

// ErrMoved is returned by a load of what a person has looked at, when what is loaded has
// changed since they did: the Report has the comparison of now.
var ErrMoved = errors.New("what is loaded has changed since the comparison was shown")

// ErrOvertaken is returned by a load whose files would take the place of an import that was
// loaded while they were read, and change a figure, when nobody said that this is right. The
// Report has the comparison of now.
var ErrOvertaken = errors.New("another import of the same was loaded while these files were read")

// overtaken reports whether a report takes the place of an import that is none of the known,
// and changes what it says.
func (r *Report) overtaken(known map[string]bool) bool {
	isNew := slices.ContainsFunc(r.Replaced, func(id string) bool { return known != nil && !known[id] })
	same := len(r.Moves) > 0 && !slices.ContainsFunc(r.Moves, func(m intake.Move) bool {
		return !m.Replaces() || m.Before != m.After
	})
	return isNew && !same
}

// compare asks what loading would do to the figures, and whose place it would take.
func (r *Report) compare(ctx context.Context, q db.Reader) (err error) {
	r.Replaced = nil
	if r.replaces {
		old, err := currentImports(ctx, q, r.key())
		if err != nil {
			return err
		}
		for _, im := range old {
			r.Replaced = append(r.Replaced, im.ID)
		}
	}
	if r.Batch.Moves == nil {
		return nil
	}
	if r.Moves, err = r.Batch.Moves(ctx, q); err == nil && r.Batch.Part.Beside() {
		err = r.compareBeside(ctx, q)
	}
	if err == nil && r.parts {
		err = r.compareParts(ctx, q)
	}
	return err
}

// key is what an import is of, of which one alone is loaded.
func (r *Report) key() key {
	return key{r.Batch.As, yearText(r.Batch.Year), r.Batch.Authority, monthsText(r.Batch.Part)}
}

// monthsText writes the months of a part as they are kept.
func monthsText(p intake.Part) string {
	if p.Span.IsZero() {
		return ""
	}
	return p.Span.String()
}

// Mark is short for what a report would do to what is loaded: two that would do the same
// have the same.
func (r *Report) Mark() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", r.Replaced)
	for _, m := range r.Moves {
		fmt.Fprintf(h, " %q", []string{m.Title, m.Period, m.Against, fmt.Sprint(m.Before, m.After, m.EarlierCount)})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Read reads files as a kind and checks them, without loading.
func (r *Room) Read(ctx context.Context, kind string, paths []string, o Options) (*Report, error) {
	if err := r.settle(ctx, kind, &o); err != nil {
		return nil, err
	}
	files, err := r.filesFor(kind, paths, o)
	if err != nil {
		return nil, err
	}
	rep, err := r.read(ctx, kind, files, o)
	if err != nil {
		return rep, err
	}
	c, err := r.coverage(ctx, r.Work)
	if err == nil {
		err = MayBeOf(c, rep.Batch.Authority, rep.Batch.Year, true)
	}
	return rep, err
}

// filesFor finds the files to read as a kind. When the kind needs to be told more, and
// the files could not be read even then, it says both.
func (r *Room) filesFor(kind string, paths []string, o Options) ([]intake.File, error) {
	k, untold := r.kindFor(kind, o)
	if untold != nil && k.Look == nil {
		return nil, untold
	}
	files, err := intake.Files(paths)
	if err == nil && untold != nil {
		err = k.Look(files)
	}
	var why *intake.Fatal
	switch {
	case untold == nil:
		return files, err
	case errors.As(err, &why):
		return nil, why.Besides(untold.Error())
	}
	return nil, cmp.Or(err, untold)
}

// kindFor finds a kind, and refuses when it needs to be told more.
func (r *Room) kindFor(kind string, o Options) (intake.Kind, error) {
	k, ok := r.Kind(kind)
	switch {
	case !ok:
		return k, intake.Refuse("", "%q is not a kind of file that can be imported; the kinds are %s", kind, r.kindIDs())
	case k.NeedsYear && o.Year == 0:
		return k, intake.Refuse("", "say which year the files are of%s: %s files do not say so themselves", o.YearHint,
			k.Name())
	case k.Partnership && o.Authority != "":
		return k, intake.Refuse("", "%s files are of the whole partnership and not of one authority: leave the authority out",
			k.Name())
	case k.NeedsAuthority && o.Authority == "":
		return k, intake.Refuse("", "say which authority the files are of%s: %s files do not say so themselves",
			o.AuthorityHint, k.Name())
	}
	return k, nil
}

func (r *Room) read(ctx context.Context, kind string, files []intake.File, o Options) (*Report, error) {
	k, err := r.kindFor(kind, o)
	if err != nil {
		return nil, err
	}
	files = slices.Clone(files)
	for i := range files {
		files[i].HiddenRows = o.HiddenRows
	}
	loaded, err := intake.Hash(files)
	if err != nil {
		return nil, err
	}
	if err := intake.Twice(loaded); err != nil {
		return nil, err
	}
	progress := o.Progress
	if progress == nil {
		progress = func(string) {}
	}
	b, err := k.Read(ctx, intake.Source{Files: files, Year: o.Year, Authority: o.Authority, Part: o.Part, Sole: o.sole,
		Matching: o.Matching, Progress: progress, Recognised: o.recognised})
	if err != nil {
		return nil, err
	}
	if err := intake.Unchanged(files, loaded); err != nil {
		return nil, err
	}
	for i := range loaded {
		name := loaded[i].Name
		loaded[i].Rows = int(b.FileRows[name])
		loaded[i].Content, loaded[i].Sketch = b.FileContents[name], b.FileSketches[name]
	}
	if o.HiddenRows {
		b.Summary = append(b.Summary, "Rows that a workbook hides are counted too: "+cmp.Or(o.By.Name, "whoever sent it")+
			" said that they are meant.")
	}
	rep := &Report{Kind: kind, Batch: b, Files: loaded, replaces: k.Replaces, parts: k.Parts}
	if err := settlePart(k, files, o, b); err != nil {
		return nil, err
	}
	if b.As == "" {
		b.As = kind
	}
	if o.Strict && b.Found > 0 {
		return rep, ErrStrict
	}
	return rep, nil
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

func fileNames(files []intake.LoadedFile) string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}
