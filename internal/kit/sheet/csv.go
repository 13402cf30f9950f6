package sheet

import (
	"errors"
	"io"
	"strings"
)

// csvReader cuts lines into rows.
type csvReader struct {
	lines *lines
	table *Table
	queue []numberedLine // lines read ahead
	comma byte
	width int // how many cells most rows have, judged by the first lines
	cells []string
	noted bool // that some text was read as Windows-1252
	// read is how many bytes came from the file, and sought how many were gone
	// through again to find where quoted cells end.
	read, sought int64
}

type numberedLine struct {
	text string
	line int64
}

// sampled is how many lines are read ahead to find out what separates cells.
const sampled = 60

// spanned is how many lines one quoted cell may run over: a longer one is a quote
// that was never closed.
const spanned = 200

// How far a reader goes to find where quoted cells end, in bytes at first and for
// each byte read: a file of nothing but stray quotes would else take minutes a
// megabyte. Beyond it, a quote that is not closed on its line is text.
const (
	soughtAtFirst = 32 << 20
	soughtForEach = 8
)

// sample reads ahead and finds out what separates the cells.
func (c *csvReader) sample() error {
	for len(c.queue) < sampled {
		text, err := c.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		c.read += int64(len(text))
		c.queue = append(c.queue, numberedLine{text, c.lines.line})
	}
	if len(c.queue) == 0 {
		return problem(ErrEmpty, 0, "the file is empty; export it again")
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(c.queue[0].text), "sep="); ok && len(rest) == 1 &&
		strings.Contains(",;\t|", rest) {
		c.queue = c.queue[1:] // Excel's own way of saying so
		c.comma, c.width = rest[0], 0
		return nil
	}
	best := 0
	c.comma = ','
	commas := ",;\t|"
	if tabbed(c.queue) {
		commas = "\t"
	}
	for _, comma := range []byte(commas) {
		agree, width := agreement(c.queue, comma)
		if score := agree*1000 + width; width > 1 && score > best {
			best, c.comma, c.width = score, comma, width
		}
	}
	return nil
}

// tabbed reports whether most lines that can be cut at all have a tab, which nobody
// writes into a text: it then separates, though dates and names have more commas.
func tabbed(queue []numberedLine) bool {
	tabs, cut := 0, 0
	for _, l := range queue {
		if strings.ContainsAny(l.text, ",;\t|") {
			cut++
		}
		if strings.Contains(l.text, "\t") {
			tabs++
		}
	}
	return tabs > 0 && 2*tabs > cut
}

// agreement tells the commonest number of cells above one that lines have when
// cut at comma, and how many lines have it.
func agreement(queue []numberedLine, comma byte) (agree, width int) {
	count := map[int]int{}
	for _, l := range queue {
		cells, _, _ := split(l.text, comma, nil)
		count[len(cells)]++
	}
	for w, n := range count {
		if w > 1 && (n > agree || n == agree && w > width) {
			agree, width = n, w
		}
	}
	return agree, width
}

func (c *csvReader) line() (numberedLine, error) {
	if len(c.queue) > 0 {
		l := c.queue[0]
		c.queue = c.queue[1:]
		return l, nil
	}
	text, err := c.lines.next()
	c.read += int64(len(text))
	return numberedLine{text, c.lines.line}, err
}

// next gives the next row, which a quoted cell may have spread over many lines.
func (c *csvReader) next() (Row, error) {
	first, err := c.line()
	if err != nil {
		return Row{}, err
	}
	if c.lines.wild && !c.noted {
		c.noted = true
		c.table.fix(first.line, "some letters are not UTF-8 and were read as Windows-1252; export as CSV (UTF-8)")
	}
	cells, open, fixed := split(first.text, c.comma, c.cells[:0])
	if open {
		cells, fixed, err = c.span(first)
		if err != nil {
			return Row{}, err
		}
	}
	if fixed {
		c.table.fix(first.line, "the quotation marks do not pair up and were read as part of the text; look at the line")
	}
	c.cells = cells
	return Row{Line: first.line, Cells: cells}, nil
}

// span reads a row whose quoted cell goes on in the next lines. Where the quote
// is never closed, or closing it gives a row of the wrong width though the first
// line alone has the right one, the quote was a stray: it is read as text and the
// other lines are rows of their own.
func (c *csvReader) span(first numberedLine) (cells []string, fixed bool, err error) {
	var taken []numberedLine
	var text strings.Builder
	text.WriteString(first.text)
	for len(taken) < spanned && text.Len() < c.table.limit.Cell && c.sought < soughtAtFirst+soughtForEach*c.read {
		l, err := c.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false, err
		}
		taken = append(taken, l)
		text.WriteByte('\n')
		text.WriteString(l.text)
		const bother = 64 // taking a line and giving it back
		c.sought += bother
		if !strings.Contains(l.text, `"`) {
			continue
		}
		c.sought += int64(text.Len())
		cells, open, fixed := split(text.String(), c.comma, nil)
		if open {
			continue
		}
		if alone := splitPlain(first.text, c.comma); len(cells) != c.width && len(alone) == c.width {
			break
		}
		return cells, fixed, nil
	}
	c.queue = append(taken, c.queue...)
	return splitPlain(first.text, c.comma), true, nil
}

// split cuts text into cells at comma, minding quotes. It reports whether the
// last cell's quote is still open, and whether quotes did not pair up: a quote
// inside a quoted cell that no comma follows is taken as part of the cell.
func split(text string, comma byte, cells []string) (out []string, open, fixed bool) {
	if strings.IndexByte(text, '"') < 0 {
		for {
			i := strings.IndexByte(text, comma)
			if i < 0 {
				return append(cells, Clean(text)), false, false
			}
			cells = append(cells, Clean(text[:i]))
			text = text[i+1:]
		}
	}
	for {
		start := strings.TrimLeft(text, " ")
		if start == "" || start[0] != '"' {
			i := strings.IndexByte(text, comma)
			if i < 0 {
				return append(cells, Clean(text)), false, fixed
			}
			cells = append(cells, Clean(text[:i]))
			text = text[i+1:]
			continue
		}
		cell, rest, state := quoted(start[1:], comma)
		fixed = fixed || state == strays
		if state == unclosed {
			return append(cells, cell), true, fixed
		}
		cells = append(cells, Clean(cell))
		if rest == "" {
			return cells, false, fixed
		}
		text = rest[1:]
	}
}

type quoteState int

const (
	clean quoteState = iota
	strays
	unclosed
)

// quoted reads a cell from after its opening quote; rest begins with the comma
// that ends it, or is empty at the end of the text.
func quoted(text string, comma byte) (cell, rest string, state quoteState) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			b.WriteString(text)
			return b.String(), "", unclosed
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		after := strings.TrimLeft(text, " ")
		switch {
		case strings.HasPrefix(text, `"`):
			b.WriteByte('"')
			text = text[1:]
		case after == "" || after[0] == comma || after[0] == '\n':
			return b.String(), strings.TrimPrefix(after, "\n"), state
		default:
			b.WriteByte('"')
			state = strays
		}
	}
}

// splitPlain cuts text at every comma and takes quotes as text, but for those
// that wrap a cell.
func splitPlain(text string, comma byte) []string {
	cells := strings.Split(text, string(comma))
	for i, c := range cells {
		c = Clean(c)
		if len(c) > 1 && c[0] == '"' && c[len(c)-1] == '"' {
			c = c[1 : len(c)-1]
		}
		cells[i] = Clean(strings.TrimPrefix(c, `"`))
	}
	return cells
}
