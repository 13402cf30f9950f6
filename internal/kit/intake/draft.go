package intake

import (
	"errors"
	"io"
	netmail "net/mail"
	"slices"
	"strings"

	"kith/internal/kit/sheet"
)

// A Drafting is what a kind knows of the tables in one file, for DraftOf.
type Drafting struct {
	// Within is how many rows may hold the header, below a title and a date, and Least how many
	// columns it has.
	Within, Least int
	// Head reads a row as the header by the names that are known, and says in which cells the
	// fields are. It is known where it can be nothing else.
	Head func(row sheet.Row) (at map[string]int, known bool)
	// Other reports whether a row is the header of another kind of file, whose columns are
	// then not asked about; nil where that cannot be told.
	Other func(row sheet.Row) bool
	// Begin is told the header that was found, before any row below it.
	Begin func(head sheet.Row)
	// Cell gives what is read in the column of a field, and Value what a word there stands
	// for; "" where it is not known.
	Cell  func(row sheet.Row, field string) string
	Value func(field, word string) string
	// Heads are of the first rows as they would be loaded, and Row gives one; or why it would
	// be left out; or nothing of a row that is to be left out.
	Heads []string
	Row   func(cells *sheet.Cells, row sheet.Row) (shown []string, leftOut string)
	// Private says that rows are about children: no value is then shown, nor any word asked
	// about, that could be what tells who one is.
	Private bool
}

// How much is drafted: values of a column, rows, and different words of a column.
const sampled, drafted, mostWords = 3, 5, 40

// longestSample is how much of a value is shown.
const longestSample = 60

// Few words that are not known are findings, as ever; more than so many, and than one row in
// so many, are most likely a system's own words.
const fewUnknown, unknownOneIn = 2, 20

// DraftOf drafts how files would be read by a matching: as the one of their tables with most
// of the fields. It gives nil where no table could be of the kind; reading says then what is
// wrong with the files. begin makes the Drafting of each table.
func DraftOf(
	files []File, limits sheet.Limits, fields []Field, said Matching, begin func(f File) (*Drafting, error),
) (*Draft, error) {
	var best *drafter
	for _, f := range files {
		file, err := sheet.Open(f, f.Limits(limits))
		if err != nil {
			return nil, Unreadable(f.Name, err)
		}
		for _, name := range file.Sheets() {
			k, err := begin(f)
			var d *drafter
			if err == nil {
				d, err = draftTable(k, f, file, name, fields, said)
			}
			if err != nil {
				return nil, errors.Join(Unreadable(f.Name, err), file.Close())
			}
			if d != nil && (best == nil || len(d.at) > len(best.at)) {
				best = d
			}
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
	if best == nil {
		return nil, nil
	}
	return best.finish(), nil
}

// A drafter reads a table as far as a person has to see it.
type drafter struct {
	*Drafting
	at      map[string]int // field → cell
	worded  []string       // the fields with a column whose words stand for something
	out     Draft
	words   map[string]*wordCount // of fields
	values  []*wordCount          // of columns, where they are private
	lacking bool                  // something needed is missing
}

func draftTable(
	k *Drafting, f File, file *sheet.File, name string, fields []Field, said Matching,
) (d *drafter, err error) {
	t, err := file.Table(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	top, err := topRows(t, k.Within)
	if err != nil {
		return nil, err
	}
	d = &drafter{Drafting: k, words: map[string]*wordCount{}}
	head := d.headOf(top)
	if head < 0 {
		return nil, nil
	}
	k.Begin(top[head])
	d.out.File, d.out.Heads, d.out.Private = f.Name, k.Heads, k.Private
	for _, cell := range top[head].Cells {
		d.out.Columns = append(d.out.Columns, DraftColumn{Header: plain(cell)})
		d.values = append(d.values, &wordCount{})
	}
	d.out.Matching = Matching{Columns: map[string]string{}, Whole: said.Whole, Words: said.Words}
	for field, i := range d.at {
		d.out.Matching.Columns[field] = d.out.Columns[i].Header
	}
	for _, x := range fields {
		if _, has := d.at[x.Name]; has && len(x.Words) > 0 {
			d.worded, d.words[x.Name] = append(d.worded, x.Name), &wordCount{}
		}
	}
	d.lacking = len(d.out.Matching.Missing(fields)) > 0
	cells := t.Cells()
	for _, row := range top[head+1:] {
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
func topRows(t *sheet.Table, within int) (top []sheet.Row, err error) {
	for range within {
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

// headOf finds the header among the first rows, or gives -1: one that is known or that the
// person spoke of, else the first as wide as most that has neither a number nor a date.
func (d *drafter) headOf(top []sheet.Row) int {
	width := 0
	for i, row := range top {
		at, known := d.Head(row)
		if known {
			d.at = at
			return i
		}
		if d.Other != nil && d.Other(row) {
			return -1
		}
		width = max(width, filled(row))
	}
	for i, row := range top {
		if n := filled(row); n >= d.Least && 5*n >= 4*width && !slices.ContainsFunc(row.Cells, isValue) && i < len(top)-1 {
			d.at, _ = d.Head(row)
			return i
		}
	}
	return -1
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
	return err == nil || isNumber(cell) || IsAddress(cell)
}

func isNumber(cell string) bool { return strings.Trim(cell, "0123456789.,") == "" }

// IsAddress reports whether a cell is an e-mail address, and nothing besides.
func IsAddress(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

// plain writes a cell on one line with single spaces.
func plain(cell string) string { return strings.Join(strings.Fields(cell), " ") }

func (d *drafter) take(cells *sheet.Cells, row sheet.Row) {
	d.out.Rows++
	for i := range d.out.Columns {
		c, v := &d.out.Columns[i], plain(row.Cell(i))
		if d.Private {
			d.values[i].add(v)
		} else if v = cut(v); v != "" && len(c.Samples) < sampled && !slices.Contains(c.Samples, v) {
			c.Samples = append(c.Samples, v)
		}
	}
	for _, field := range d.worded {
		d.words[field].add(d.Cell(row, field))
	}
	if d.lacking || len(d.out.First) >= drafted || d.out.Rows > 2*drafted {
		return
	}
	switch shown, why := d.Row(cells, row); {
	case shown != nil:
		d.out.First = append(d.out.First, shown)
	case why != "":
		d.out.LeftOut = append(d.out.LeftOut, why)
	}
}

func cut(v string) string {
	if r := []rune(v); len(r) > longestSample {
		return string(r[:longestSample]) + "…"
	}
	return v
}

// finish gives the draft, and says whether a person has to be asked.
func (d *drafter) finish() *Draft {
	unknown := 0
	for _, field := range d.worded {
		for _, word := range d.words[field].listed(d.Private) {
			w := DraftWord{Field: field, Word: word, Rows: d.words[field].rows[word], Value: d.Value(field, word)}
			if w.Value == "" {
				unknown += w.Rows
			}
			d.out.Words = append(d.out.Words, w)
		}
	}
	if d.Private {
		for i := range d.out.Columns {
			d.out.Columns[i].Samples = d.values[i].told()
		}
	}
	d.out.Ask = d.lacking || unknown > max(fewUnknown, d.out.Rows/unknownOneIn)
	return &d.out
}
