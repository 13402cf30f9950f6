package training

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/register"
)

// Kinds gives the kinds of file that the room reads.
func (r *Room) Kinds() []intake.Kind {
	return []intake.Kind{{
		ID: "training-history", Title: "Training history",
		Accepts: "CSV or XLSX with one row a booking and the columns " + columnList(header) +
			". Where its headers are others, you are asked which column is what. A later file answers for the sessions that " +
			"it names.",
		Permission: access.ImportsManage,
		NoChildren: true, Partnership: true,
		Reader: "4",
		Read: func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			h, err := r.readHistory(ctx, src)
			if err != nil {
				return nil, err
			}
			r.wire(h)
			return h.batch, nil
		},
		Resume:    r.resume,
		Fields:    r.fields,
		Match:     r.match,
		Years:     yearsOfImports,
		ComesBack: comesBack,
		Withdraw:  r.withdraw,
	}}
}

// A record is one row: a booking as the file has it.
type record struct {
	file         string
	line         int64
	programme    string // its id
	programmeAs  string // as the file writes it
	course       string
	kind         string
	start, end   db.Date
	startTime    string
	endTime      string
	mode, venue  string
	name, email  string
	jobTitle     string
	organisation string
	sector       string // "" when not given or not known
	status       Status
	bookedOn     db.Date
}

// courseKey, sessionKey and personKey tell which rows are of the same thing. Two
// rows are of the same session when course and start agree: a venue is written in
// too many ways to part them. Of the same person when name and address agree, since a
// school's staff may have one address; without an address, name and organisation.
func (r *record) courseKey() string { return r.programme + "\x00" + titleKey(r.course) }
func (r *record) sessionKey() string {
	return r.courseKey() + "\x00" + r.start.String() + "\x00" + r.startTime
}
func (r *record) personKey() string {
	if r.email != "" {
		return r.email + "\x00" + names.Person(r.name)
	}
	return names.Key(r.name) + "\x00" + names.Key(r.organisation)
}

// cells is what a row says, to know a file again by.
func (r *record) cells() []string {
	return []string{r.sessionKey(), r.personKey(), string(r.status), r.kind, r.endTime, r.sector,
		names.Key(r.organisation)}
}

// A booking is what is kept of a row: a hundred thousand of them are held at a time,
// so the course, the session, the person and the organisation are kept once, and
// the row says which.
type booking struct {
	session, person int32
	organisation    int32 // none when no organisation is named
	status          Status
	sector          string
	bookedOn        db.Date
	// Where the row stands and whom it names, for findings.
	file string
	line int64
	name string
}

// none is the place of an organisation that is not named.
const none = -1

// A history is what one import brings.
type history struct {
	batch    *intake.Batch
	bookings []booking
	sectors  register.Sectors
	// newSectors are sectors that the file names and the register lacks: how it
	// writes each, by its word, which stands in the rows for its id.
	newSectors map[string]string
	// The first record of each, in the order of the file, and what later ones
	// were found to say otherwise.
	courses, sessions, organisations, people firsts
	seen                                     map[place]statusSet
	told                                     map[string]bool             // findings that are given once
	said                                     intake.Matching             // in which columns the files have what
	addresses                                map[string]*record          // the first record of each e-mail address
	words                                    map[string]string           // sectors as rows have them, kept once
	lost                                     int                         // rows that could not be read
	firstLost                                string                      // what is said of the first
	oddKinds                                 []string                    // kinds of course that are not known, a row each
	nobodies                                 nobodies                    // rows that name nobody
	titles                                   map[string]*intake.TitleLog // what stands above the headers, by file
	contents                                 intake.Contents
	asked                                    period.Year // the year that the person says the files are of
	today                                    db.Date     // zero where no day is known
}

// fewLost is how many rows may be left out of a file whatever is left.
const fewLost = 2

// A place is one person's on one session.
type place struct{ session, person int32 }

// firsts keeps the first record of each key, in order.
type firsts struct {
	records []*record
	at      map[string]int32
}

// first finds the record of a key by its place in the order, and adds it when there
// is none.
func (f *firsts) first(key string, rec *record) int32 {
	if f.at == nil {
		f.at = map[string]int32{}
	}
	if i, ok := f.at[key]; ok {
		return i
	}
	i := int32(len(f.records))
	f.at[key] = i
	f.records = append(f.records, rec)
	return i
}

// newHistory begins a history. Of the database it asks only what sectors there are.
func (r *Room) newHistory(ctx context.Context, src intake.Source) (*history, error) {
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return nil, err
	}
	h := &history{
		sectors: sectors, newSectors: map[string]string{},
		batch: &intake.Batch{FileRows: map[string]int64{}},
		seen:  map[place]statusSet{}, told: map[string]bool{}, said: src.Matching, words: map[string]string{},
		addresses: map[string]*record{}, titles: map[string]*intake.TitleLog{}, contents: intake.Contents{}, asked: src.Year,
	}
	if r.Now != nil { // a room that only looks at files may have no clock
		h.today = r.Now.Today()
	}
	return h, nil
}

// readHistory reads files.
func (r *Room) readHistory(ctx context.Context, src intake.Source) (*history, error) {
	h, err := r.newHistory(ctx, src)
	if err != nil {
		return nil, err
	}
	for _, f := range src.Files {
		if err := h.readFile(ctx, f, src); err != nil {
			return nil, err
		}
	}
	h.joinUntimed()
	if err := h.headCounts(src.Files[0].Name); err != nil {
		return nil, err
	}
	if len(h.bookings) == 0 {
		return nil, intake.Refuse(src.Files[0].Name,
			"no row of it could be read as a booking: see what each column should hold, or whether the file has any rows")
	}
	if kept := int(h.batch.Rows) - h.lost; h.lost > max(kept, fewLost) {
		return nil, intake.Refuse(src.Files[0].Name, "%s of the %s rows cannot be read, so that most bookings would be "+
			"missing; fix the form of the cells and give the file again. Of the first: %s", lang.Number(h.lost),
			lang.Number(kept+h.lost), h.firstLost)
	}
	if err := h.kindsKnown(src.Files[0].Name); err != nil {
		return nil, err
	}
	h.doubt()
	h.batch.FileContents, _ = h.contents.Sums() // of no one year or authority: nothing to be alike with
	h.batch.Summary = []string{fmt.Sprintf("%s of %s at %s of %s.",
		lang.Plural(len(h.bookings), "booking", "bookings"), lang.Plural(len(h.people.records), "person", "people"),
		lang.Plural(len(h.sessions.records), "session", "sessions"),
		lang.Plural(len(h.courses.records), "course", "courses"))}
	return h, nil
}

// readFile reads every sheet of a file that has the header; text has one.
func (h *history) readFile(ctx context.Context, f intake.File, src intake.Source) error {
	if err := refuseMeeting(f); err != nil {
		return err
	}
	file, err := sheet.Open(f, f.Limits(sheet.Usual))
	if err != nil {
		return intake.Unreadable(f.Name, err)
	}
	defer file.Close()
	var refused error
	read := 0
	for _, name := range file.Sheets() {
		t, err := file.Table(name)
		if err != nil {
			return intake.Unreadable(f.Name, err)
		}
		err = errors.Join(h.readTable(ctx, f.Name, t, src), t.Close())
		var fatal *intake.Fatal
		switch {
		case err == nil:
			read++
		case errors.As(err, &fatal) && fatal.Line == 0:
			refused = errors.Join(refused, err)
		default:
			return intake.Unreadable(f.Name, err)
		}
	}
	if read == 0 {
		var fatal *intake.Fatal
		if errors.As(refused, &fatal) {
			return fatal
		}
		return intake.Refuse(f.Name, "the workbook has no sheets")
	}
	return nil
}

// told is after how many rows the person who waits is told how far reading is.
const told = 2000

func (h *history) readTable(ctx context.Context, name string, t *sheet.Table, src intake.Source) error {
	l, err := h.findHeader(name, t)
	if err != nil {
		return err
	}
	src.Recognise()
	cells := t.Cells()
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := t.Within(l.width, row); err != nil {
			return err
		}
		h.batch.Rows++
		h.batch.FileRows[name]++
		if h.batch.Rows%told == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			src.Progress(lang.Plural(int(h.batch.Rows), "row", "rows") + " read")
		}
		rec, meant := h.readRow(name, cells, l, row)
		if meant {
			continue
		}
		if rec == nil {
			if h.lost++; h.lost == 1 {
				h.firstLost = h.batch.Findings[len(h.batch.Findings)-1].Message
			}
			continue
		}
		h.contents.Hold(name, "", rec.cells()...)
		h.keep(rec)
	}
	if err := cells.Sound(); err != nil {
		return err
	}
	h.batch.Readings = sheet.Together(h.batch.Readings, cells.Readings())
	for _, m := range cells.Remarks() {
		h.batch.Add(intake.Finding{File: name, Line: m.Line, Field: m.Column, Rule: m.Rule, Message: m.Words})
	}
	for _, m := range t.Fixes() {
		h.batch.Add(intake.Finding{File: name, Line: m.Line, Rule: "form", Message: lang.Sentence(m.Words) + "."})
	}
	return nil
}

// isAddress reports whether s is an e-mail address and nothing more.
// A statusSet is the statuses of one person's bookings on one session, a bit each.
type statusSet uint8

func bit(s Status) statusSet { return 1 << slices.Index(statuses, s) }

// clashes reports whether a booking cannot be beside those of the same person on
// the same session: two that stand, or two that say the same.
func (set statusSet) clashes(s Status) bool {
	for _, x := range statuses {
		if set&bit(x) != 0 && (x == s || x.Live() && s.Live()) {
			return true
		}
	}
	return false
}

// firstOf shows the start of a list, and how much more there is.
func firstOf(names []string) string {
	const shown = 20
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(db.Fold(a), db.Fold(b)) })
	if len(names) <= shown {
		return lang.Join(names)
	}
	return strings.Join(names[:shown], ", ") + " and " + lang.Number(len(names)-shown) + " more"
}
