package training

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// A layout says in which cell each column is.
type layout struct {
	at    map[column]int
	width int             // cells of the header, up to the last that has something in it
	said  intake.Matching // by the person, for a file whose headers do not say
	words intake.Said
	same  string // a header that was chosen and stands twice
}

// with adds what the person said of values and words.
func (l layout) with(said intake.Matching) layout {
	l.said, l.words = said, said.Said()
	return l
}

// statusOf and kindOf read a word by what the person said of it, and else as it is known.
func (l layout) statusOf(cell string) (Status, bool) {
	if v := Status(l.words.Of(string(colStatus), cell)); slices.Contains(statuses, v) {
		return v, true
	}
	return statusOf(cell)
}

func (l layout) kindOf(cell string) (string, bool) {
	if v := l.words.Of(string(colKind), cell); slices.Contains(valuesOf(kinds), v) {
		return v, true
	}
	v, ok := fileKinds[lang.Slug(cell)]
	return v, ok
}

func (l layout) get(row sheet.Row, c column) string {
	if !l.has(c) {
		return plain(l.said.Whole[string(c)])
	}
	cell := row.Cell(l.index(c))
	if sheet.IsNothing(cell) {
		return ""
	}
	return plain(cell)
}

func (l layout) index(c column) int {
	if i, ok := l.at[c]; ok {
		return i
	}
	return -1
}

// titleRows is how many rows may stand above the header: a title, a date.
const titleRows = 10

// fewestColumns is how many columns a header names: fewer are a coincidence, and the file is
// of another kind.
const fewestColumns = 3

// findHeader reads up to the header: the first row that names three columns or more.
func (h *history) findHeader(name string, t *sheet.Table) (l layout, err error) {
	for range titleRows {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, err
		}
		l, odd, known := h.layoutOf(row)
		if !known {
			h.titled(name).See(row)
			continue
		}
		if l.same != "" {
			return l, intake.SameTwice(name, row.Line, l.same)
		}
		if missing := l.missing(); len(missing) > 0 {
			return l, intake.Refuse(name, "the %s %s missing: a training history needs %s, and person or email, in one row "+
				"for each person on a session; how many came to each cannot be loaded",
				lang.Noun(len(missing), "column", "columns"),
				lang.Join(missing)+" "+lang.Noun(len(missing), "is", "are"), columnList(needed))
		}
		h.oddColumns(name, row.Line, l, odd)
		l.width = sheet.MatchHead(row.Cells, nil).Width
		return l, nil
	}
	return layout{}, intake.Refuse(name, "this is not a training history: its first rows do not name columns such as %s",
		columnList(header))
}

// titled gives what is remembered of the lines above a file's headers.
func (h *history) titled(file string) *intake.TitleLog {
	if h.titles[file] == nil {
		h.titles[file] = &intake.TitleLog{}
	}
	return h.titles[file]
}

// layoutOf reads a row as the header: by what the person said where it names all the
// columns that they chose, and else by the names that are known.
func (h *history) layoutOf(row sheet.Row) (l layout, odd []string, known bool) {
	if l, odd, known = saidHeader(row, h.said); known {
		return l, odd, true
	}
	l, odd = readHeader(row)
	return l.with(h.said), odd, len(l.at) >= fewestColumns
}

// saidHeader finds the columns that a person chose, if the row names all of them.
func saidHeader(row sheet.Row, said intake.Matching) (l layout, odd []string, all bool) {
	h, all := said.Head(row.Cells)
	if !all {
		return l, nil, false
	}
	l = layout{at: map[column]int{}}.with(said)
	for field, i := range h.At {
		l.at[column(field)] = i
	}
	if len(h.Same) > 0 {
		l.same = plain(h.As[h.Same[0]])
	}
	for _, cell := range h.Extra {
		if cell = plain(cell); cell != "" {
			odd = append(odd, cell)
		}
	}
	return l, odd, true
}

// readHeader finds the columns that a row names: by their own names first, wherever
// these stand, then by another that they go by, and last by one that may mean two.
func readHeader(row sheet.Row) (l layout, odd []string) {
	l = layout{at: map[column]int{}}
	taken := make([]bool, len(row.Cells))
	take := func(i int, c column) {
		if !taken[i] && !l.has(c) {
			l.at[c], taken[i] = i, true
		}
	}
	for _, byOwn := range []bool{true, false} {
		for i, cell := range row.Cells {
			_, either := timesToo[lang.Slug(cell)]
			if c, own, ok := columnOf(cell); ok && own == byOwn && !either {
				take(i, c)
			}
		}
	}
	for i, cell := range row.Cells {
		if c, either := timesToo[lang.Slug(cell)]; either {
			take(i, alsoCalled[lang.Slug(cell)])
			take(i, c)
		}
	}
	for i, cell := range row.Cells {
		if cell = plain(cell); cell != "" && !taken[i] {
			odd = append(odd, cell)
		}
	}
	return l, odd
}

func (l layout) has(c column) bool { _, ok := l.at[c]; return ok }

// given reports whether a column is there, or has one value for the whole file.
func (l layout) given(c column) bool { return l.has(c) || l.said.Whole[string(c)] != "" }

func (l layout) missing() []string {
	var out []string
	for _, c := range needed {
		if !l.given(c) {
			out = append(out, string(c))
		}
	}
	if !l.has(colPerson) && !l.has(colEmail) && !l.has(colLastName) {
		out = append(out, "person (or email)")
	}
	return out
}

// oddColumns notes columns that are not known, and known ones that are not there.
func (h *history) oddColumns(name string, line int64, l layout, odd []string) {
	for _, c := range odd {
		h.batch.Add(intake.Finding{File: name, Line: line, Field: c, Rule: "unknown-column",
			Message: fmt.Sprintf("The column %q is not known, or is there twice, and was not read.", c)})
	}
	for _, c := range header {
		if !l.given(c) && !(c == colPerson && l.has(colLastName)) {
			h.batch.Add(intake.Finding{File: name, Line: line, Field: string(c), Rule: "missing-column",
				Message: fmt.Sprintf("There is no column %s, so that is not known of any booking.", c)})
		}
	}
}

// meetingRows is within how many rows the headings of a meeting's file stand: below a summary.
const meetingRows = 40

// refuseMeeting refuses the list of who came to an online meeting, which names no course and no
// status: read as a history, its sections would be people. What cannot be read is left to
// those who read the file, who say why.
func refuseMeeting(f intake.File) error {
	file, err := sheet.Open(f, f.Limits(sheet.Usual))
	if err != nil {
		return nil
	}
	defer file.Close()
	for _, name := range file.Sheets() {
		if t, err := file.Table(name); err == nil && isMeeting(t) {
			return intake.Refuse(f.Name, "this is the attendance file of an online meeting. Open the session it is of, choose "+
				"Mark the register (or Change the register), and give it there, under Held online: it says who came and for how "+
				"long")
		}
	}
	return nil
}

// isMeeting reports whether the headings of a table are those of a meeting's file, and closes it.
func isMeeting(t *sheet.Table) bool {
	defer t.Close()
	for range meetingRows {
		row, err := t.Next()
		if err != nil {
			return false
		}
		head := sheet.MatchHead(row.Cells, meetingColumns)
		if head.Index("name") < 0 || head.Index("duration") < 0 {
			continue
		}
		l, _ := readHeader(row)
		spelled := strings.Contains(head.As["name"], "Original Name") // Zoom's, of the list with one row a person
		return (spelled || head.Index("join") >= 0 && head.Index("leave") >= 0) && !l.has(colCourse) && !l.has(colStatus)
	}
	return false
}
