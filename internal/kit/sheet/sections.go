package sheet

import (
	"errors"
	"io"
	"regexp"
	"slices"
)

// A Section is a part of a file that holds several tables one below another, as meeting
// programs export who came: a summary, the participants, what each of them did.
type Section struct {
	Title string // without its number; "" where the file gives none
	Rows  []Row
}

// mostSectionRows is how many rows a file of sections may have, since they are held
// together.
const mostSectionRows = 20_000

// sectionTitle is the numbered title of a section, which stands alone in its row.
var sectionTitle = regexp.MustCompile(`^\d{1,2}[.)] +(\S.*)$`)

// Sections reads a table to its end and gives it in sections. A new one begins at a
// numbered title such as "2. Participants", and after a row with nothing in it.
func (t *Table) Sections() ([]Section, error) {
	var out []Section
	begun := false
	for n := 0; ; n++ {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if n == mostSectionRows {
			return nil, problem(ErrTooLarge, row.Line, "the file has more than %d rows, and is read as a list of who came to a "+
				"meeting, which has fewer", mostSectionRows)
		}
		if m := sectionTitle.FindStringSubmatch(row.Cell(0)); m != nil && alone(row.Cells) {
			out, begun = append(out, Section{Title: m[1]}), true
			continue
		}
		// An empty row right below a title belongs to it.
		if last := len(out) - 1; !begun || t.gap && len(out[last].Rows) > 0 {
			out, begun = append(out, Section{}), true
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, Row{Line: row.Line, Cells: slices.Clone(row.Cells)})
	}
}

// alone reports whether nothing stands beside the first cell.
func alone(cells []string) bool {
	return !slices.ContainsFunc(cells[1:], func(c string) bool { return c != "" })
}
