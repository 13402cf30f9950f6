package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"

	"kith/internal/kit/lang"
)

// countCells refuses a workbook with more cells than are read, before anything of it is
// parsed: parsing millions takes a minute. What a sheet says of its own size is not
// asked, since it may say anything; its cells are counted, which a fast look over the
// text can do.
func (l *layoutOfBook) countCells(z *zip.Reader, limit Limits) error {
	count := &cellCounter{left: limit.Cells}
	for _, part := range z.File {
		if !isSheet(part.Name) {
			continue
		}
		if err := count.part(part); err != nil {
			return err
		}
		l.merges[partName(part.Name)] = count.merges
		if count.left < 0 {
			return problem(ErrTooLarge, 0, "the workbook has more than %s cells, counting empty ones that have a format; copy "+
				"the table alone to a new workbook, split it, or give it as CSV", lang.Number(int(limit.Cells)))
		}
	}
	return nil
}

// A cellCounter counts the tags that begin a cell, such as <c r="A1">, across the ends
// of what is read at a time.
type cellCounter struct {
	left   int64 // how many more there may be
	name   tagName
	merges bool // the part has merged cells
	tail   []byte
}

// mergedTag is in the name of the tag of a merged cell, and of hardly any other text.
var mergedTag = []byte("mergeCell")

// look sees whether there are merged cells, across the ends of what is read at a time.
func (c *cellCounter) look(b []byte) {
	if c.merges {
		return
	}
	start := slices.Concat(c.tail, b[:min(len(b), len(mergedTag))])
	c.merges = bytes.Contains(start, mergedTag) || bytes.Contains(b, mergedTag)
	c.tail = append(c.tail, b[max(0, len(b)-len(mergedTag)):]...)
	c.tail = append(c.tail[:0], c.tail[max(0, len(c.tail)-len(mergedTag)):]...)
}

// A tagName is how far the name of a tag is read.
type tagName int

const (
	outside  tagName = iota // not in the name of a tag
	begun                   // after "<", or the colon of a prefix
	mayBeOne                // after "<c"
	another                 // in another name, which may be a prefix
)

func (c *cellCounter) part(part *zip.File) error {
	r, err := openPart(part)
	if err != nil {
		return err
	}
	defer r.Close()
	c.name, c.merges, c.tail = outside, false, nil
	for b := make([]byte, 32<<10); c.left >= 0; {
		n, err := r.Read(b)
		c.see(b[:n])
		c.look(b[:n])
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return unreadable(err)
		}
	}
	return nil
}

func (c *cellCounter) see(b []byte) {
	for len(b) > 0 {
		if c.name == outside {
			i := bytes.IndexByte(b, '<')
			if i < 0 {
				return
			}
			b, c.name = b[i+1:], begun
			continue
		}
		switch x := b[0]; {
		case x == ':':
			c.name = begun
		case x == 'c' && c.name == begun:
			c.name = mayBeOne
		case x == ' ' || x == '>' || x == '/' || x == '\t' || x == '\n' || x == '\r':
			if c.name == mayBeOne {
				c.left--
			}
			c.name = outside
		default:
			c.name = another
		}
		b = b[1:]
	}
}

// openPart opens a part of a workbook, and stops where it is longer than the workbook's
// directory says, by which the limits were kept.
func openPart(part *zip.File) (io.ReadCloser, error) {
	r, err := part.Open()
	if err != nil {
		return nil, unreadable(err)
	}
	return &sizedPart{ReadCloser: r, left: part.UncompressedSize64}, nil
}

type sizedPart struct {
	io.ReadCloser
	left uint64
}

// Read implements io.Reader.
func (p *sizedPart) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if uint64(n) > p.left {
		return 0, errors.New("a part is longer than the workbook says")
	}
	p.left -= uint64(n)
	return n, err
}
