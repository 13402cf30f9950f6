// Package indicators is the room where people look at figures.
//
// Every room offers its figures; here they stand together in one catalogue, each
// with a page of its own: the value, how it moved over the years, how it divides,
// what exactly is counted and which files it came from.
//
// Some figures no record can prove, because a partner sends a number in a
// document. Such a figure is supplied: somebody gives the value, what it counts,
// the document it stands in, who answers for it and on which day, and whether it
// is final. It is never overwritten: a better value replaces it, with a reason,
// and the old one stays readable.
//
// Table: indicators_attested, in the work store.
package indicators

import (
	"fmt"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Prefix begins the id of every supplied figure. Ids are in published reports, so the
// older word stays in them.
const Prefix = "attested."

// hasValue is what is wrong with a second value of one figure for one period.
func hasValue(a Supplied) error {
	return &ui.Taken{Field: "title", Text: "“" + a.Title + "” already has a value for " + a.When() +
		". Open the list and replace that one"}
}

// A Supplied is one value that somebody answers for.
type Supplied struct {
	ID          string
	Figure      string // "attested." and the name
	Title       string
	Counts      string
	Unit        string // "%" for a percentage, which has a Denominator
	Counted     string // what it counts, which says how it is protected; "" where nobody has said
	Kind        string // flow or stock
	From, To    db.Date
	Numerator   int64
	Denominator int64 // 0 for a count
	Source      string
	Owner       string
	GivenOn     db.Date
	Final       bool
	Replaces    string
	ReplacedBy  string
	Reason      string
	ByID        string // the person who entered it
	By          string // their name as it was then
	CreatedAt   db.Time
}

// When writes what the value is of: a period, or a day.
func (a Supplied) When() string {
	if a.Kind == string(figure.Stock) {
		return a.To.Words()
	}
	return a.From.Words() + " to " + a.To.Words()
}

// Standing says whether the value may still change.
func (a Supplied) Standing() string {
	if a.Final {
		return "final"
	}
	return "provisional"
}

// Words says how the value is known, for wherever it is shown.
func (a Supplied) Words() string {
	return fmt.Sprintf("Supplied by %s on %s from “%s”; %s", a.Owner, a.GivenOn.Words(), a.Source, a.Standing())
}

// Value gives the figure's value.
func (a Supplied) Value() figure.Value {
	v := figure.Of(a.Numerator)
	if a.Denominator > 0 {
		v = figure.Ratio(a.Numerator, a.Denominator)
	}
	v.Rows, v.Attested = 1, a.Words()
	return v
}

// FigureID makes the id of a supplied figure from its title.
func FigureID(title string) string {
	return Prefix + lang.Slug(title)
}

// Room holds what the pages and actions need.
type Room struct {
	Work    *db.DB
	Now     clock.Clock
	NewID   func() string
	Figures *figure.Registry
	Search  *search.Index // what can be found in the workspace; nil keeps nothing of it
	Tabs    []web.Tab     // the pages beside the figures, some of them another room's
	// Returns gives the title of a kind of file, with terms marked; nil where nothing is
	// imported.
	Returns func(kind string) string
	pages   *ui.Set
}

// New makes the room; the registry's supplied figures come from it.
func New(work *db.DB, now clock.Clock, newID func() string, figures *figure.Registry) (*Room, error) {
	set, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("indicators pages: %w", err)
	}
	r := &Room{Work: work, Now: now, NewID: newID, Figures: figures, pages: set}
	figures.More = suppliedFigures
	return r, nil
}
