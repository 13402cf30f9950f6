package sdc

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strconv"
)

// Write writes the same rows in the same order, each count as it is printed in the
// released table, or the symbol. All else is as it was read, but that the columns
// of contributions, which are nobody's to see, and those of an earlier attack are
// left out.
func (c *CSVTable) Write(w io.Writer, released *Table) error {
	return c.write(w, released, nil)
}

// WriteIntervals writes as Write does, with two more columns, low and high: the
// interval of each hidden count. It is asked for by cell; high is Unlimited where
// it has no end.
func (c *CSVTable) WriteIntervals(w io.Writer, released *Table, interval func(cell int) (low, high int64)) error {
	return c.write(w, released, interval)
}

func (c *CSVTable) write(w io.Writer, released *Table, interval func(cell int) (low, high int64)) error {
	if len(released.Cells) != len(c.rows) {
		return errors.New("the released table has other rows than the file")
	}
	out := csvWriter{w: bufio.NewWriterSize(w, 1<<16), end: "\n"}
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
	s := &csvScanner{data: c.text.data}
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
			if cell.Hidden {
				extra[0], extra[1] = csvInterval(interval(i))
			}
		}
		if err := out.row(c.kept(fields), extra); err != nil {
			return err
		}
	}
	return out.w.Flush()
}

// printed is a count as it is written: as it was where it has not changed.
func (c *CSVTable) printed(was string, cell *Cell) string {
	v := csvValue(was)
	if cell.Hidden {
		if v == c.symbol {
			return was
		}
		return csvQuote(c.symbol)
	}
	if n, err := csvNumber(v); err == nil && n == cell.Count {
		return was
	}
	return strconv.FormatInt(cell.Count, 10)
}

// kept takes the columns out that are not written. It changes the slice.
func (c *CSVTable) kept(fields []string) []string {
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

func csvInterval(low, high int64) (string, string) {
	if high == Unlimited {
		return strconv.FormatInt(low, 10), ""
	}
	return strconv.FormatInt(low, 10), strconv.FormatInt(high, 10)
}

// csvWriter writes rows of fields that are quoted already.
type csvWriter struct {
	w   *bufio.Writer
	end string
}

// raw writes a text; an error comes up in the next row or the flush.
func (w *csvWriter) raw(s string) { w.w.WriteString(s) }

func (w *csvWriter) row(fields, extra []string) error {
	for i, f := range fields {
		if i > 0 {
			w.raw(",")
		}
		w.raw(f)
	}
	for _, f := range extra {
		w.raw(",")
		w.raw(f)
	}
	_, err := w.w.WriteString(w.end)
	return err
}
