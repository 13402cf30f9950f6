// Package annual is the room where the yearly report is written and published.
//
// A report belongs to a financial year and is made of chapters: Markdown with
// live figures in it. The author writes
//
//	{{figure "training.attendances" period="2023-24" programme="multi-agency"}}
//
// and the number is computed from the records whenever the report is shown,
// with the same definition that every other page uses. Words may stand for a
// figure (as="over 600"), and then they are held to the truth: words that the
// figure does not bear out are refused, with words that it does. Tables and
// charts are fenced blocks, each with its numbers as a table and a CSV file.
//
// The files of the room, in the order to read them: directive.go and block.go
// read what stands between the braces and the fences; words.go, number.go and
// change.go are the rules of what words may say of a number; typed.go finds the
// numbers that were typed; protect.go says what may be published, which package
// release decides; ledger.go asks for each figure once; evaluate.go and picture.go answer directives and draw
// blocks; text.go turns a chapter into HTML; build.go and pages.go put chapters,
// figure pages and data together as files, the same to the byte each time;
// frame.go puts them into a frame; actions.go is what people do with it; reading.go,
// agreement.go and actions_agreement.go are how the partners agree it; release.go is how
// the public store gets it.
//
// Every text that was ever saved is kept. Publishing keeps the built files as a new
// version, which never changes, and kit/publish takes them to the public store. A
// page is kept as its content: the public face serves it in the site's frame of
// today, so that whom to call about a child is never out of date in an old report.
//
// Tables: annual_reports, annual_chapters, annual_versions, annual_tiles,
// annual_publications, annual_contents, annual_contributions, annual_askings, annual_asked,
// annual_answers and annual_answered_texts in the work store; annual_released and
// annual_contents in the public store, and annual_files, which work_upgrade.go empties.
package annual

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/release"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Errors a person can act on; web.go turns each into words.
var (
	ErrYearTaken   = &ui.Taken{Field: "year", Text: "There is already a report for this year"}
	ErrTitleTaken  = &ui.Taken{Field: "title", Text: "There is already a chapter of that title"}
	ErrStale       = errors.New("it was changed since it was opened")
	ErrProblems    = errors.New("the report has problems that must be fixed first")
	ErrUnpublished = errors.New("the report is not published")
)

// States of a report. It is a draft until it is published, and published until
// that is withdrawn; either way its chapters can go on being edited, and the
// next publication is a new version.
const (
	Draft     = "draft"
	Published = "published"
	Withdrawn = "withdrawn"
)

// Parts of a report: the report itself, and its summary on two pages.
const (
	PartReport  = "report"
	PartSummary = "summary"
)

// A Report is one year's report.
type Report struct {
	Year        string // "2023-24"
	Title       string
	Lead        string // the sentence under the title of the summary
	State       string
	Version     int64 // of the last publication; 0 when there was none
	PublishedAt db.Time
	PublishedBy string
	ChangedAt   db.Time // when a text, the order or the tiles last changed
}

// ChangedSince reports whether the text has changed since it was published.
func (r Report) ChangedSince() bool {
	return r.State == Published && r.ChangedAt.After(r.PublishedAt.Time)
}

// A Chapter is one chapter of the report, or one section of the summary.
type Chapter struct {
	ID        string
	Year      string
	Part      string
	Slug      string // names it in addresses: "journey-of-the-child"
	Title     string
	Position  int64
	Markdown  string
	Version   int64 // counts up with each text saved
	ChangedAt db.Time
	ChangedBy string
	Given     // to somebody to be written
}

// A Version is a text as it was once saved.
type Version struct {
	ChapterID string
	Version   int64
	Title     string
	Markdown  string
	SavedAt   db.Time
	SavedBy   string
	Why       string // "" or what was restored
}

// A Tile is one of the links that frame the summary.
type Tile struct {
	Title string
	Href  string
}

// Deps are what the room needs from the house.
type Deps struct {
	Work, Public *db.DB // Work is nil where only the public face runs
	Now          clock.Clock
	NewID        func() string
	Outbox       *publish.Outbox // nil where only the public face runs
	Cache        *publish.Cache  // what the public is sent; all rooms share one
	Figures      *figure.Registry
	// PublicBase is the frame of the public site, for the pages of a build.
	PublicBase func() ui.Base
	// PublicURL is where the public site is, such as https://example.org; "" when
	// it has no address yet. Nil is a site that knows none.
	PublicURL func() string
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
	// PublicSearch is what the public can find.
	PublicSearch *search.Index
	// Mail, Site, People and Partners serve the workspace alone: where letters go and lead, who
	// can sign in with what they may do, and the statutory partners, who agree reports.
	Mail     *mail.Outbox
	Site     mail.Sited
	People   People
	Partners func(ctx context.Context, q db.Reader) ([]register.Organisation, error)
}

// People knows who can sign in.
type People interface {
	// WhoMay lists the people with an account who hold a permission, each with what they
	// may do.
	WhoMay(ctx context.Context, q db.Reader, permission web.Permission) ([]web.Person, error)
}

// Room is the yearly report.
type Room struct {
	Deps
	pages *ui.Set
	door  release.Door
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(templateFiles)
	if err != nil {
		return nil, fmt.Errorf("annual: %w", err)
	}
	r := &Room{Deps: d, pages: pages}
	if d.Outbox != nil {
		d.Outbox.Handle(kindReport, releaser{r})
	}
	return r, nil
}

// publicURL is the public site's address as it is now, without a slash at its end.
func (r *Room) publicURL() string {
	if r.PublicURL == nil {
		return ""
	}
	return strings.TrimRight(r.PublicURL(), "/")
}

// A Severity tells what must be fixed from what should be looked at.
type Severity string

// An error stops the report from being built and published; a warning does not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Problem is something wrong with a text, where it is, and the fix.
type Problem struct {
	Severity Severity
	Part     string
	Chapter  string  // slug
	Title    string  // of the chapter
	Line     int     // in its Markdown, from 1
	Text     string  // what is wrong
	Fix      string  // what to do about it
	Offers   []Offer // figures that may be put in the place of a typed number
	Anchor   string  // of its mark in the page that shows the text; "" where the text has none, as for a warning
}

// String writes the problem on one line, for the command line.
func (p Problem) String() string {
	s := fmt.Sprintf("%s, line %d: %s: %s", p.Title, p.Line, p.Severity, p.Text)
	if p.Fix != "" {
		s += " " + p.Fix
	}
	return s
}

// byLine orders the problems of one chapter: by line, errors first.
func byLine(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(string(a.Severity), string(b.Severity)),
		strings.Compare(a.Text, b.Text))
}

// Failing reports whether any of the problems is an error.
func Failing(problems []Problem) bool {
	for _, p := range problems {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

// Slug makes the part of an address out of a title.
func Slug(title string) string {
	s := lang.Slug(strings.NewReplacer("’", "", "'", "", "&", " and ").Replace(title))
	if len(s) > 60 {
		s = strings.TrimRight(s[:60], "-")
	}
	return s
}

// yearOf reads the year of an address.
func yearOf(s string) (period.Year, error) {
	y, err := period.ParseYear(s)
	if err != nil || y.String() != s {
		return 0, db.ErrNotFound
	}
	return y, nil
}
