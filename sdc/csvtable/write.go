package csvtable

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strconv"

	"kith/sdc"
)

// Write writes the same rows in the same order, each count as it is printed in the
// released table, or the symbol. All else is as it was read, but that the columns
// of contributions, which are nobody's to see, and those of an earlier attack are
// left out.
func (c *File) Write(w io.Writer, released *sdc.Table) error {
	return c.write(w, released, nil)
}

// An Interval says between which numbers the count of a cell is known to be, both
// included; high is [sdc.Unlimited] where there is no end. Ok is false for a cell of
// which nothing is said.
type Interval func(cell int) (low, high int64, ok bool)

// WriteIntervals writes as Write does, with two more columns, low and high: the
// interval of each count that has one.
func (c *File) WriteIntervals(w io.Writer, released *sdc.Table, interval Interval) error {
	return c.write(w, released, interval)
}

func (c *File) write(w io.Writer, released *sdc.Table, interval Interval) error {
	if len(released.Cells) != len(c.rows) {
		return errors.New("the released table has other rows than the file")
	}
	out := rowWriter{w: bufio.NewWriterSize(w, 1<<16), end: "\n", guard: c.guard}
	if c.crlf {
		out.end = "\r\n"
	}
	if c.text.bom {
		out.raw("\ufeff")
	}
	extra := []string{"low", "high"}
	if interval == nil {
		extra = nil
	}
	if err := out.row(c.kept(slices.Clone(c.head)), extra); err != nil {
		return err
	}
	s := &scanner{data: c.text.data}
	for i := range c.rows {
		s.at = int(c.rows[i].at)
		fields, err := s.next()
		if err != nil {
			return err
		}
		cell := &released.Cells[i]
		fields[c.columns.count] = c.printed(fields[c.columns.count], cell)
		if interval != nil {
			extra[0], extra[1] = "", ""
			if low, high, ok := interval(i); ok {
				extra[0], extra[1] = intervalFields(low, high)
			}
		}
		if err := out.row(c.kept(fields), extra); err != nil {
			return err
		}
	}
	return out.w.Flush()
}

// printed is a count as it is written: as it was where it has not changed.
func (c *File) printed(was string, cell *sdc.Cell) string {
	v := fieldValue(was)
	if cell.Hidden {
		if v == c.symbol {
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
			out = append(out, f)
		}
	}
	return out
}

func intervalFields(low, high int64) (string, string) {
	if high == sdc.Unlimited {
		return strconv.FormatInt(low, 10), ""
	}
	return strconv.FormatInt(low, 10), strconv.FormatInt(high, 10)
}

// rowWriter writes rows of fields that are quoted already.
type rowWriter struct {
	w     *bufio.Writer
	end   string
	guard func(cell string) string
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

func (w *rowWriter) row(fields, extra []string) error {
	for i, f := range fields {
		if i > 0 {
			w.raw(",")
		}
		w.raw(w.guarded(f))
	}
	for _, f := range extra {
		w.raw(",")
		w.raw(f)
	}
	_, err := w.w.WriteString(w.end)
	return err
}
