// Package returns is the room where statutory returns and local lists are read
// and become measures.
//
// A return is a file about children: the yearly SSDA903 return on children looked
// after, the children in need census, a list of contacts or of early help. A
// partnership needs the counts and not the children. So a return is read row by
// row, checked for shape, dates and codes, and counted in memory; what comes out
// is a Result: measures (numerators and denominators by date or month, with the
// cuts that the figures name) and findings (what is at fault, by file and line,
// and how to fix it). No row, name or identifier is stored, and findings never
// repeat what a cell about a child says, only where it stands.
//
// Read does all of that without a database, so that a council can count inside
// its own network (summarise) and send the partnership the file of measures that
// WriteMeasures makes; ReadMeasures checks such a file as strictly as a return.
// Both ways lead to the same tables and the same figures.
//
// Tables: returns_loads, returns_measures, returns_sources, returns_files, in the work store.
package returns

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// The kinds of return.
const (
	SSDA903   = "ssda903"
	CINCensus = "cin-census"
	Contacts  = "contacts"
	EarlyHelp = "early-help"
	// Measures is a file that WriteMeasures made of one of the others.
	Measures = "measures"
)

// ReaderVersion changes whenever the same file could give other measures.
const ReaderVersion = "5"

// The measures, named as the figures that show them.
const (
	contactsReceived = "contacts.received"
	contactsReferred = "contacts.referred_percent"
	plansOpen        = "cpp.open"
	needOpen         = "cin.open"
	needOther        = "cin.open.other"
	lookedAfter      = "cla.open"
	helpStarted      = "earlyhelp.started"
)

// A Measure is one count: how many over a span of days (a stock's span is the
// one day it is counted at the end of), in all or for one value of one cut.
type Measure struct {
	ID          string
	Span        period.Span
	Dimension   string // "" for all
	Value       string
	Numerator   int64
	Denominator *int64 // nil for a count
}

// A Result is all that is kept of a return.
type Result struct {
	Kind         string
	Year         period.Year
	Authority    string
	Happened     period.Span // from the first to the last thing in the year that it tells of
	Events       int64       // how many there are; 0 where that cannot be told
	Rows         int64
	FileRows     map[string]int64  // by intake.File.Name
	FileContents map[string]string // a hash of what was read of each file, of those that have one
	FileSketches map[string]string // what two files have in common, by intake.Sketch
	// FileKinds says which return each file is of that something is counted from; nothing
	// of measures, whose file does not say.
	FileKinds map[string]string
	Measures  []Measure
	Findings  []intake.Finding // as many as are listed in full
	Found     int64            // how many there were
	ByRule    map[string]int64 // how many there were of each rule
	Summary   []string         // what was counted, a sentence each
	Readings  []sheet.Reading  // how its dates were read
	Doubts    []string         // reasons to think that it is not what it seems, each a finding too
}

// Countable lists the kinds of return that Read counts.
func Countable() []string { return []string{CINCensus, Contacts, EarlyHelp, SSDA903} }

// Read reads the files of a return of the kind, checks and counts them. It
// touches no database. Input that cannot be loaded is an *intake.Fatal.
func Read(ctx context.Context, kind string, src intake.Source) (*Result, error) {
	if src.Progress == nil {
		src.Progress = func(string) {}
	}
	n := newNotes(src)
	var r *Result
	var err error
	switch kind {
	case SSDA903:
		r, err = readLookedAfter(ctx, src, n)
	case CINCensus:
		r, err = readNeed(ctx, src, n)
	case Contacts, EarlyHelp:
		r, err = readList(ctx, listOf(kind, src.Matching), src, n)
	default:
		return nil, intake.Refuse("", "%q is not a kind of return", kind)
	}
	if err != nil {
		return nil, err
	}
	r.Kind = kind
	r.FileContents, r.FileSketches = n.contents.Sums()
	r.FileRows, r.Rows, r.FileKinds = n.rows, n.total(), n.kinds
	if len(r.FileKinds) == 0 { // a list is one file
		for name := range n.rows {
			r.FileKinds[name] = kind
		}
	}
	r.Findings, r.Found, r.ByRule, r.Readings = n.listed(), n.found, n.byRule, n.readings
	r.Happened, r.Events, r.Doubts = n.happened, n.events, n.doubts
	return r, nil
}

// fatal turns what went wrong in reading a file into words for a person.
func fatal(file string, err error) error {
	var already *intake.Fatal
	unreadable := intake.Unreadable(file, err)
	switch {
	case errors.As(err, &already), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sheet.ErrEmpty):
		return intake.Refuse(file, "the file is empty; look whether the export was finished")
	case errors.As(unreadable, &already):
		return unreadable
	}
	return intake.Refuse(file, "the file cannot be read: %v", err)
}

// monthEnds gives the last days of the year's months.
func monthEnds(y period.Year) []period.Date {
	var out []period.Date
	for _, m := range y.Span().Months() {
		out = append(out, m.To)
	}
	return out
}

// isQuarterEnd reports whether a month end closes a quarter: on these days stocks
// are cut, and not only counted.
func isQuarterEnd(d period.Date) bool { return d.Month%3 == 0 }

// A tally counts. Its keys are measures without numbers.
type tally struct{ counts map[tallyKey]*Measure }

type tallyKey struct {
	id               string
	from, to         period.Date
	dimension, value string
}

func newTally() *tally { return &tally{counts: map[tallyKey]*Measure{}} }

func (t *tally) at(id string, span period.Span, dimension, value string) *Measure {
	k := tallyKey{id, span.From, span.To, dimension, value}
	m := t.counts[k]
	if m == nil {
		m = &Measure{ID: id, Span: span, Dimension: dimension, Value: value}
		t.counts[k] = m
	}
	return m
}

// add counts one in all and in each cut, given as dimension, value pairs. Without
// cuts given by the caller, only the total counts.
func (t *tally) add(id string, span period.Span, cuts ...string) {
	t.at(id, span, "", "").Numerator++
	for i := 0; i+1 < len(cuts); i += 2 {
		t.at(id, span, cuts[i], cuts[i+1]).Numerator++
	}
}

// share counts one in the denominator and, when it has the feature, in the
// numerator, in all and in each cut.
func (t *tally) share(id string, span period.Span, has bool, cuts ...string) {
	one := func(m *Measure) {
		if m.Denominator == nil {
			m.Denominator = new(int64)
		}
		*m.Denominator++
		if has {
			m.Numerator++
		}
	}
	one(t.at(id, span, "", ""))
	for i := 0; i+1 < len(cuts); i += 2 {
		one(t.at(id, span, cuts[i], cuts[i+1]))
	}
}

// none makes sure that a measure has its total, be it nought.
func (t *tally) none(id string, span period.Span, ratio bool) {
	m := t.at(id, span, "", "")
	if ratio && m.Denominator == nil {
		m.Denominator = new(int64)
	}
}

// total gives a measure's count in all.
func (t *tally) total(id string, span period.Span) int64 { return t.at(id, span, "", "").Numerator }

// sorted lists the measures in the one order that files and tables have.
func (t *tally) sorted() []Measure {
	out := make([]Measure, 0, len(t.counts))
	for _, m := range t.counts {
		out = append(out, *m)
	}
	slices.SortFunc(out, compareMeasures)
	return out
}

func compareMeasures(a, b Measure) int {
	for _, c := range []int{
		strings.Compare(a.ID, b.ID), a.Span.From.Compare(b.Span.From), a.Span.To.Compare(b.Span.To),
		strings.Compare(a.Dimension, b.Dimension), strings.Compare(a.Value, b.Value),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// on gives the span of the one day that a stock is counted on.
func on(d period.Date) period.Span { return period.Span{From: d, To: d} }
