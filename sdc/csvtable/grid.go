package csvtable

import (
	"io"
	"slices"
	"strings"
)

// A Row is one row of a sheet as another reader gives it: where it stands, 1 being the
// first, and what its cells say.
type Row struct {
	At    int
	Cells []string
}

// A gridRow is one row of a file, each field as it is written, with its quotation marks.
type gridRow struct {
	fields    []string
	row, line int // see scanner
}

// value is what a cell of the row says; nothing beyond its end.
func (r *gridRow) value(at int) string {
	if at < 0 || at >= len(r.fields) {
		return ""
	}
	return fieldValue(r.fields[at])
}

// over says whether the row has something in it beyond so many cells.
func (r *gridRow) over(n int) bool {
	for at := n; at < len(r.fields); at++ {
		if r.value(at) != "" {
			return true
		}
	}
	return false
}

// filled is how many cells of the row say something. Cells that say the same one after
// another are a title that spans them.
func (r *gridRow) filled() (n int) {
	last := ""
	for at := range r.fields {
		if v := r.value(at); v != "" && v != last {
			n++
			last = v
		}
	}
	return n
}

// A grid is all rows of a file.
type grid struct {
	rows []gridRow
	sep  byte
	bom  bool
	crlf bool // rows end as Windows ends them
	// sheet: the rows are of a workbook, where cells at the end that are empty are not there.
	sheet bool
}

// readText cuts a text into rows.
func (g *grid) readText(text string) error {
	s := newScanner(text)
	g.sep, g.bom = s.sep, s.bom
	var arena []string // one allocation for many rows
	for {
		fields, err := s.next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if len(g.rows) == 0 {
			g.crlf = lineEnd(s.data, s.end) == 2
		}
		if cap(arena)-len(arena) < len(fields) {
			arena = make([]string, 0, max(4096, len(fields)))
		}
		start := len(arena)
		arena = append(arena, fields...)
		g.rows = append(g.rows, gridRow{arena[start:len(arena):len(arena)], s.row, s.line})
	}
}

// readRows takes the rows of a sheet.
func (g *grid) readRows(rows []Row) {
	g.sep, g.sheet = separators[0], true
	for _, r := range rows {
		fields := make([]string, len(r.Cells))
		for i, cell := range r.Cells {
			fields[i] = quoteField(strings.TrimSpace(cell))
		}
		for len(fields) > 0 && fields[len(fields)-1] == "" {
			fields = fields[:len(fields)-1]
		}
		if len(fields) > 0 {
			g.rows = append(g.rows, gridRow{fields, r.At, r.At})
		}
	}
}

// width is how many columns have something in them.
func (g *grid) width() (w int) {
	for i := range g.rows {
		for at := len(g.rows[i].fields) - 1; at >= w; at-- {
			if g.rows[i].value(at) != "" {
				w = at + 1
			}
		}
	}
	return w
}

// head finds the row that names the columns: the first in which all but one have
// something, since a corner may be empty; else the first with two cells. Titles stand
// above it.
func (g *grid) head() int {
	w := g.width()
	for _, least := range []int{max(2, w-1), 2} {
		for i := range g.rows {
			if g.rows[i].filled() >= least {
				return i
			}
		}
	}
	return 0
}

// notes finds the rows below the header that are no rows of the table: empty ones, and
// below the last count those that say in words where the table is from.
func (g *grid) notes(head int) map[int]bool {
	out := map[int]bool{}
	below := true
	for i := len(g.rows) - 1; i > head; i-- {
		r := &g.rows[i]
		switch n := r.filled(); {
		case n == 0 && len(r.fields) != 1:
			out[i] = true
		case below && n == 1 && isNote(r.text()):
			out[i] = true
		default:
			below = false
		}
	}
	for i := range head {
		out[i] = true
	}
	return out
}

// text is what the first cell of a row says that says something.
func (r *gridRow) text() string {
	for at := range r.fields {
		if v := r.value(at); v != "" {
			return v
		}
	}
	return ""
}

var noteWords = []string{"source", "note", "footnote", "produced", "published", "extracted", "copyright", "©", "data ",
	"notes:", "*", "prepared", "this table", "figures", "counts", "numbers", "date ", "[", "(", "1.", "1 "}

// isNote says whether a row with one cell says in words what the table is, rather than
// being a row of which the count was forgotten.
func isNote(v string) bool {
	lower := strings.ToLower(v)
	words := len(strings.Fields(v))
	begins := slices.ContainsFunc(noteWords, func(w string) bool { return strings.HasPrefix(lower, w) })
	return words >= 2 && begins || words >= 5
}
