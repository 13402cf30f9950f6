package csvtable

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kith/sdc"
)

// Write writes the same rows in the same order, each count as it is printed in the
// released table, or the symbol. All else is as it was read, but that columns
// of contributions, which are nobody's to see, those of an earlier attack and those that
// options leave out are not written, nor notes with a number that is no date.
func (c *File) Write(w io.Writer, released *sdc.Table) error {
	return c.WriteRelease(w, []sdc.Table{*released})
}

// WriteRelease is [File.Write] for a table of each measure.
func (c *File) WriteRelease(w io.Writer, released []sdc.Table) error {
	return c.print(w, func(row func([]string) error) error { return c.each(released, nil, row) })
}

// An Interval says between which numbers the count of a cell is known to be, both
// included; high is [sdc.Unlimited] where there is no end. Ok is false for a cell of
// which nothing is said.
type Interval func(cell int) (low, high int64, ok bool)

// WriteIntervals writes as Write does, with two more columns, low and high: the
// interval of each count that has one.
func (c *File) WriteIntervals(w io.Writer, released *sdc.Table, interval Interval) error {
	return c.WriteFound(w, []sdc.Table{*released}, func(_, cell int) (int64, int64, bool) { return interval(cell) })
}

// Found is an [Interval] of the cells of several tables.
type Found func(table, cell int) (low, high int64, ok bool)

// WriteFound is [File.WriteIntervals] for a table of each measure. Crosstabs and several
// measures are written with a row for each count.
func (c *File) WriteFound(w io.Writer, released []sdc.Table, found Found) error {
	return c.print(w, func(row func([]string) error) error {
		if c.columns.across != "" || len(released) > 1 {
			return c.eachCount(released, found, row)
		}
		return c.each(released, found, row)
	})
}

// Rows gives the rows of [File.WriteRelease] as what their cells say, for a workbook.
func (c *File) Rows(released []sdc.Table) (rows [][]string, err error) {
	err = c.each(released, nil, func(fields []string) error {
		values := make([]string, len(fields))
		for i, f := range fields {
			values[i] = fieldValue(f)
		}
		rows = append(rows, values)
		return nil
	})
	return rows, err
}

func (c *File) print(w io.Writer, all func(row func([]string) error) error) error {
	out := rowWriter{w: bufio.NewWriterSize(w, 1<<16), sep: string(rune(c.grid.sep)), end: "\n", guard: c.o.Guard}
	if c.grid.crlf {
		out.end = "\r\n"
	}
	if c.grid.bom {
		out.raw("\ufeff")
	}
	if err := all(out.row); err != nil {
		return err
	}
	return out.w.Flush()
}

// each gives every row as it is written, each cell as a field of a file.
func (c *File) each(released []sdc.Table, found Found, give func([]string) error) error {
	if err := c.fits(released); err != nil {
		return err
	}
	at := 0 // of the table's rows
	for i := range c.grid.rows {
		fields := slices.Clone(c.grid.rows[i].fields)
		var err error
		switch {
		case i == c.head:
			fields = c.kept(c.renamedHead(fields))
			if found != nil {
				fields = append(fields, "low", "high")
			}
			err = give(fields)
		case c.notes[i]:
			if c.tellsNoCount(&c.grid.rows[i]) {
				err = give(fields)
			}
		default:
			fields = c.row(at, fields, released)
			if found != nil {
				low, high := found.fields(0, at)
				fields = append(fields, low, high)
			}
			err = give(fields)
			at++
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fits sees that released tables are those of the file.
func (c *File) fits(released []sdc.Table) error {
	tables := c.all()
	if len(released) != len(tables) {
		return errors.New("the released tables are not those of the file")
	}
	for k := range released {
		if len(released[k].Cells) != len(tables[k].Cells) {
			return errors.New("the released table has other rows than the file")
		}
	}
	return nil
}

// row puts released counts in a row.
func (c *File) row(at int, fields []string, released []sdc.Table) []string {
	for _, d := range c.columns.dims {
		if d < len(fields) {
			name, was := c.columns.names[d], fieldValue(fields[d])
			if is := c.code(name, was); is != c.o.unguarded(was) {
				fields[d] = quoteField(is)
			}
		}
	}
	for k, column := range c.columns.counts {
		for column >= len(fields) {
			fields = append(fields, "") // cells of a sheet that were empty
		}
		cell := &released[min(k, len(released)-1)].Cells[at*c.perRow()]
		if c.columns.across != "" {
			cell = &released[0].Cells[at*c.perRow()+k]
		}
		fields[column] = c.printed(fields[column], cell)
	}
	return c.kept(fields)
}

// renamedHead gives the header with the names that the codes of a crosstab go by.
func (c *File) renamedHead(fields []string) []string {
	if c.columns.across == "" {
		return fields
	}
	for _, at := range c.columns.counts {
		if was := c.columns.names[at]; c.code(c.columns.across, was) != was {
			fields[at] = quoteField(c.code(c.columns.across, was))
		}
	}
	return fields
}

// eachCount gives a row for each count, with its codes and what is known of it.
func (c *File) eachCount(released []sdc.Table, found Found, give func([]string) error) error {
	if err := c.fits(released); err != nil {
		return err
	}
	var head []string
	if len(released) > 1 {
		head = append(head, "measure")
	}
	for _, d := range c.Table.Dimensions {
		head = append(head, quoteField(d.Name))
	}
	if err := give(append(head, "count", "low", "high")); err != nil {
		return err
	}
	for k := range released {
		for i := range released[k].Cells {
			cell := &released[k].Cells[i]
			var fields []string
			if len(released) > 1 {
				fields = append(fields, quoteField(c.columns.names[c.columns.counts[k]]))
			}
			for _, code := range cell.Codes {
				fields = append(fields, quoteField(code))
			}
			low, high := found.fields(k, i)
			if err := give(append(fields, c.printed("", cell), low, high)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Notes gives the rows above and below the table that are written with it, and those that
// are not, since they have a number that may tell a count.
func (c *File) Notes() (written, left []string) {
	for _, i := range slices.Sorted(maps.Keys(c.notes)) {
		r := &c.grid.rows[i]
		switch text := r.text(); {
		case text == "":
		case c.tellsNoCount(r):
			written = append(written, text)
		default:
			left = append(left, text)
		}
	}
	return written, left
}

// tellsNoCount says whether a note has no number but dates and years.
func (c *File) tellsNoCount(r *gridRow) bool {
	for at := range r.fields {
		words := strings.FieldsFunc(r.value(at), func(x rune) bool { return !(x >= '0' && x <= '9') && x != ',' && x != '.' })
		dates := 0
		for _, w := range words {
			if w = strings.Trim(w, ",."); year.MatchString(w) {
				dates++
			}
		}
		for _, w := range words {
			w = strings.Trim(w, ",.")
			day := len(w) <= 2 && dates > 0 && dateIn.MatchString(r.value(at))
			if w != "" && !year.MatchString(w) && !day {
				return false
			}
		}
	}
	return true
}

// printed is a count as it is written: as it was where it has not changed.
func (c *File) printed(was string, cell *sdc.Cell) string {
	v := fieldValue(was)
	if cell.Hidden {
		if v == c.symbol && v != "" {
			return was
		}
		return quoteField(c.symbol)
	}
	if n, err := parseCount(v); err == nil && n == cell.Count {
		return was
	}
	return strconv.FormatInt(cell.Count, 10)
}

// kept takes the columns out that are not written. It changes the slice.
func (c *File) kept(fields []string) []string {
	out := fields[:0:len(fields)]
	for at, f := range fields {
		switch at {
		case c.columns.largest, c.columns.contributors, c.columns.low, c.columns.high:
		default:
			if at < len(c.columns.names) && !slices.Contains(c.columns.out, at) {
				out = append(out, f)
			}
		}
	}
	return out
}

// fields are the two cells of an interval.
func (f Found) fields(table, cell int) (low, high string) {
	lo, hi, ok := f(table, cell)
	switch {
	case !ok:
		return "", ""
	case hi == sdc.Unlimited:
		return strconv.FormatInt(lo, 10), ""
	}
	return strconv.FormatInt(lo, 10), strconv.FormatInt(hi, 10)
}

// rowWriter writes rows of fields that are quoted already.
type rowWriter struct {
	w        *bufio.Writer
	sep, end string
	guard    func(cell string) string
}

// raw writes a text; an error comes up in the next row or the flush.
func (w *rowWriter) raw(s string) { w.w.WriteString(s) }

// guarded is a field as it was read, unless what it says has to be guarded.
func (w *rowWriter) guarded(field string) string {
	if w.guard == nil {
		return field
	}
	says := fieldValue(field)
	if safe := w.guard(says); safe != says {
		return quoteField(safe)
	}
	return field
}

func (w *rowWriter) row(fields []string) error {
	for i, f := range fields {
		if i > 0 {
			w.raw(w.sep)
		}
		w.raw(w.guarded(f))
	}
	_, err := w.w.WriteString(w.end)
	return err
}
