package training

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
)

// Files of a booking system have headers of their own. They are read by a matching that a
// person gives, who is shown what each column holds and how rows would be read by it.

// statusChoices are what a word for a status may stand for.
func statusChoices() []ui.Choice {
	var out []ui.Choice
	for _, s := range statuses {
		out = append(out, ui.Choice{Value: string(s), Text: s.Words()})
	}
	return append(out, ui.Choice{Value: intake.LeaveOut, Text: "Leave these rows out"})
}

// fields lists what is read of each row, for a person to match.
func (r *Room) fields(ctx context.Context) ([]intake.Field, error) {
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return nil, err
	}
	var list []Programme
	if r.Work != nil {
		list, err = programmes(ctx, r.Work)
	}
	if err != nil {
		return nil, err
	}
	var known []ui.Choice
	for _, p := range list {
		known = append(known, ui.Choice{Value: p.Title, Text: p.Title})
	}
	if len(known) == 0 {
		known = ui.Choices("Multi-agency", "Multi-agency", "Education", "Education")
	}
	came := []ui.Choice{{Value: string(Attended), Text: "Everybody in it attended"}}
	return []intake.Field{
		{Name: string(colCourse), Title: "Course", Hint: "Its title", Needed: true},
		{Name: string(colProgramme), Title: "Programme", Needed: true, Whole: known},
		{Name: string(colKind), Title: "Kind of course", Hint: "Only courses are full training events", Needed: true,
			Whole: kinds, Words: append(slices.Clone(kinds), ui.Choice{Value: intake.LeaveOut, Text: "Leave these rows out"})},
		{Name: string(colStart), Title: "Date", Hint: "Of the session, with its time if that stands with it", Needed: true},
		{Name: string(colStartTime), Title: "Start time", Hint: "Where it has a column of its own"},
		{Name: string(colEnd), Title: "End date"},
		{Name: string(colEndTime), Title: "End time"},
		{Name: string(colPerson), Title: "Name", Hint: "Of the person booked, or give the last name or e-mail address",
			Needed: true, Or: []string{string(colLastName), string(colEmail)}},
		{Name: string(colFirstName), Title: "First name"},
		{Name: string(colLastName), Title: "Last name"},
		{Name: string(colEmail), Title: "E-mail address"},
		{Name: string(colOrganisation), Title: "Organisation"},
		{Name: string(colSector), Title: "Sector", Needed: true, Whole: sectors.All()},
		{Name: string(colJobTitle), Title: "Job title"},
		{Name: string(colStatus), Title: "Status", Hint: "What became of the booking", Needed: true, Whole: came,
			Words: statusChoices()},
		{Name: string(colMode), Title: "How it was held"},
		{Name: string(colVenue), Title: "Venue"},
		{Name: string(colBookedOn), Title: "Booked on"},
	}, nil
}

// match drafts how files would be read; nil when their headers are all known.
func (r *Room) match(ctx context.Context, files []intake.File, said intake.Matching) (*intake.Draft, error) {
	var best *drafter
	for _, f := range files {
		file, err := sheet.Open(f, f.Limits(sheet.Usual))
		if err != nil {
			return nil, intake.Unreadable(f.Name, err)
		}
		for _, name := range file.Sheets() {
			d, err := r.draftTable(ctx, f, file, name, said)
			if err != nil {
				return nil, errors.Join(intake.Unreadable(f.Name, err), file.Close())
			}
			if d != nil && (best == nil || d.better(best)) {
				best = d
			}
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
	if best == nil {
		return nil, nil // nothing that could be a table of bookings: reading says what is wrong with it
	}
	return best.finish(), nil
}

// A drafter reads a table as far as a person has to see it.
type drafter struct {
	h       *history
	l       layout
	out     intake.Draft
	counted map[column]map[string]int // words of columns, as they are written
	order   map[column][]string
	lacking bool // something needed is missing
}

// How much is drafted: values of a column, rows, and different words of a column.
const sampled, drafted, mostWords = 3, 5, 40

// longestSample is how much of a value is shown.
const longestSample = 60

func (r *Room) draftTable(
	ctx context.Context, f intake.File, file *sheet.File, name string, said intake.Matching,
) (d *drafter, err error) {
	t, err := file.Table(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	h, err := r.newHistory(ctx, intake.Source{Files: []intake.File{f}, Matching: said})
	if err != nil {
		return nil, err
	}
	top, err := topRows(t)
	if err != nil {
		return nil, err
	}
	at, l := h.headOf(top)
	if at < 0 {
		return nil, nil
	}
	d = &drafter{h: h, l: l, counted: map[column]map[string]int{}, order: map[column][]string{}}
	d.out.File, d.lacking = f.Name, len(l.missing()) > 0
	for _, cell := range top[at].Cells {
		d.out.Columns = append(d.out.Columns, intake.DraftColumn{Header: plain(cell)})
	}
	cells := t.Cells()
	for _, row := range top[at+1:] {
		d.take(cells, row)
	}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return nil, err
		}
		d.take(cells, row)
	}
}

// topRows reads the rows among which the header is.
func topRows(t *sheet.Table) (top []sheet.Row, err error) {
	for range titleRows {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top = append(top, sheet.Row{Line: row.Line, Cells: slices.Clone(row.Cells)})
	}
	return top, nil
}

// headOf finds the header among the first rows: one that is known or that the person
// spoke of, else the first as wide as most that has neither a number nor a date.
func (h *history) headOf(top []sheet.Row) (at int, l layout) {
	width := 0
	for i, row := range top {
		if l, _, known := h.layoutOf(row); known {
			return i, l
		}
		width = max(width, filled(row))
	}
	for i, row := range top {
		const few = 3
		if n := filled(row); n >= few && 5*n >= 4*width && !slices.ContainsFunc(row.Cells, isValue) && i < len(top)-1 {
			l, _ := readHeader(row)
			return i, l.with(h.said)
		}
	}
	return -1, l
}

func filled(row sheet.Row) (n int) {
	for _, c := range row.Cells {
		if c != "" {
			n++
		}
	}
	return n
}

// isValue reports whether a cell holds a number, a date or an address, which no header is.
func isValue(cell string) bool {
	if cell == "" {
		return false
	}
	_, err := sheet.ReadDate(cell)
	return err == nil || strings.Trim(cell, "0123456789.,") == "" || isAddress(cell)
}

func (d *drafter) take(cells *sheet.Cells, row sheet.Row) {
	d.out.Rows++
	for i := range d.out.Columns {
		c := &d.out.Columns[i]
		v := plain(row.Cell(i))
		if r := []rune(v); len(r) > longestSample {
			v = string(r[:longestSample]) + "…"
		}
		if v != "" && len(c.Samples) < sampled && !slices.Contains(c.Samples, v) {
			c.Samples = append(c.Samples, v)
		}
	}
	for _, c := range []column{colStatus, colKind} {
		if d.l.has(c) {
			d.count(c, d.l.get(row, c))
		}
	}
	if !d.lacking && len(d.out.First) < drafted && d.out.Rows <= 2*drafted {
		d.show(cells, row)
	}
}

func (d *drafter) count(c column, word string) {
	if d.counted[c] == nil {
		d.counted[c] = map[string]int{}
	}
	if _, seen := d.counted[c][word]; !seen {
		if len(d.counted[c]) >= mostWords {
			return
		}
		d.order[c] = append(d.order[c], word)
	}
	d.counted[c][word]++
}

// show adds a row as it would be loaded.
func (d *drafter) show(cells *sheet.Cells, row sheet.Row) {
	found := len(d.h.batch.Findings)
	rec, meant := d.h.readRow(d.out.File, cells, d.l, row)
	switch {
	case meant:
	case rec == nil:
		if n := len(d.h.batch.Findings); n > found {
			d.out.LeftOut = append(d.out.LeftOut, d.h.batch.Findings[n-1].Message)
		}
	default:
		at := rec.start.Words()
		if rec.startTime != "" {
			at += ", " + clockWords(rec.startTime)
		}
		programme := rec.programmeAs
		if programme == "" {
			programme = "Other"
		}
		d.out.First = append(d.out.First, []string{rec.course, programme, kindWords(rec.kind), at, rec.name, rec.email,
			rec.organisation, d.h.sectorTitle(rec.sector), rec.status.Words()})
	}
}

func (d *drafter) better(than *drafter) bool { return len(d.l.at) > len(than.l.at) }

// finish gives the draft, and says whether a person has to be asked.
func (d *drafter) finish() *intake.Draft {
	out := &d.out
	out.Heads = []string{"Course", "Programme", "Kind", "When", "Name", "E-mail address", "Organisation", "Sector",
		"Status"}
	out.Matching = intake.Matching{Columns: map[string]string{}, Whole: d.l.said.Whole, Words: d.l.said.Words}
	for c, i := range d.l.at {
		out.Matching.Columns[string(c)] = out.Columns[i].Header
	}
	unknown := 0
	for _, c := range []column{colStatus, colKind} {
		for _, word := range d.order[c] {
			w := intake.DraftWord{Field: string(c), Word: word, Rows: d.counted[c][word], Value: d.wordValue(c, word)}
			if w.Value == "" {
				unknown += w.Rows
			}
			out.Words = append(out.Words, w)
		}
	}
	// Few that are not known are findings, as ever; many are most likely a system's own words.
	const oneIn = 20
	out.Ask = d.lacking || unknown > max(fewLost, out.Rows/oneIn)
	return out
}

// wordValue gives what a word is read as; "" where it is not known.
func (d *drafter) wordValue(c column, word string) string {
	if d.l.words[c][sheet.FoldName(word)] == intake.LeaveOut {
		return intake.LeaveOut
	}
	if c == colKind {
		v, _ := d.l.kindOf(word)
		return v
	}
	v, _ := d.l.statusOf(word)
	return string(v)
}
