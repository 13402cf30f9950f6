package sheet

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// XMLLimits bound what is read of XML.
type XMLLimits struct {
	Tag   int // bytes of one tag with its attributes
	Text  int // bytes of one run of text, a comment or a CDATA section
	Depth int // elements within elements
}

// UsualXML suits data: small tags, short text, little nesting.
var UsualXML = XMLLimits{Tag: 16 << 10, Text: 256 << 10, Depth: 64}

// OpenXML opens a file for decoding behind GuardXML, whatever its
// encoding. The caller closes the closer.
func OpenXML(in Input, limit XMLLimits) (*xml.Decoder, io.Closer, error) {
	file, err := in.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("open XML: %w", err)
	}
	d, err := DecodeXML(file, limit)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return d, file, nil
}

// DecodeXML gives a decoder of r behind GuardXML.
func DecodeXML(r io.Reader, limit XMLLimits) (*xml.Decoder, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read XML: %w", err)
	}
	var in io.Reader = b
	if order := utf16Order(head); order != nil {
		in = order.NewDecoder().Reader(b)
	}
	d := xml.NewDecoder(GuardXML(in, limit))
	d.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(name) {
		case "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be": // UTF-16 is UTF-8 by now
			return in, nil
		case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15":
			return charmap.Windows1252.NewDecoder().Reader(in), nil
		}
		return nil, problem(ErrNotTable, 1, "the file says that its encoding is %.20q, which is not read; save it as UTF-8",
			name)
	}
	return d, nil
}

// GuardXML passes XML through and stops it with an *Error at the first thing that
// no honest data file has: a document type definition, a tag or text of enormous
// size, or elements nested without end. A decoder cannot guard itself: it holds a
// whole token in memory before anyone sees it.
func GuardXML(r io.Reader, limit XMLLimits) io.Reader {
	return &guard{r: r, limit: limit, line: 1}
}

type guard struct {
	r     io.Reader
	limit XMLLimits
	line  int64
	where part
	size  int    // bytes of the current part
	start []byte // the first bytes of the current tag
	last  [2]byte
	quote byte
	depth int
	err   error
}

// A part is what the guard is in the middle of.
type part int

const (
	inText part = iota
	inTag
	inComment
	inCDATA
	inInstruction
)

// Read implements io.Reader.
func (g *guard) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.r.Read(p)
	for i := range n {
		if g.err = g.see(p[i]); g.err != nil {
			return i, g.err
		}
	}
	return n, err
}

func (g *guard) see(b byte) error {
	if b == '\n' {
		g.line++
	}
	g.size++
	if g.where == inText && b != '<' {
		if g.size > g.limit.Text {
			return problem(ErrUnsafe, g.line, "a value is longer than %d characters", g.limit.Text)
		}
		return nil
	}
	err := g.markup(b)
	g.last[0], g.last[1] = g.last[1], b
	return err
}

func (g *guard) markup(b byte) error {
	switch g.where {
	case inText:
		g.enter(inTag)
		g.start, g.quote = g.start[:0], 0
	case inTag:
		return g.tag(b)
	case inComment:
		if b == '>' && g.last == [2]byte{'-', '-'} {
			g.enter(inText)
		}
	case inCDATA:
		if b == '>' && g.last == [2]byte{']', ']'} {
			g.enter(inText)
		}
	case inInstruction:
		if b == '>' && g.last[1] == '?' {
			g.enter(inText)
		}
	}
	if g.size > g.limit.Text {
		return problem(ErrUnsafe, g.line, "a comment or section is longer than %d characters", g.limit.Text)
	}
	return nil
}

func (g *guard) tag(b byte) error {
	if g.size > g.limit.Tag {
		return problem(ErrUnsafe, g.line, "a tag with its attributes is longer than %d characters", g.limit.Tag)
	}
	if len(g.start) < 9 {
		g.start = append(g.start, b)
		switch {
		case g.start[0] == '?':
			g.enter(inInstruction)
			return nil
		case bytes.Equal(g.start, []byte("!--")):
			g.enter(inComment)
			return nil
		case bytes.Equal(g.start, []byte("![CDATA[")):
			g.enter(inCDATA)
			return nil
		case len(g.start) == 2 && g.start[0] == '!' && g.start[1] != '-' && g.start[1] != '[':
			return problem(ErrUnsafe, g.line,
				"it has a document type definition (<!DOCTYPE …>), which is never read because it can call up other files or "+
					"endless text; take it out")
		}
	}
	switch {
	case g.quote != 0:
		if b == g.quote {
			g.quote = 0
		}
	case b == '"' || b == '\'':
		g.quote = b
	case b == '>':
		return g.close()
	}
	return nil
}

// close ends a tag and counts how deep the elements are nested.
func (g *guard) close() error {
	switch {
	case g.start[0] == '/':
		g.depth--
	case g.last[1] != '/':
		g.depth++
	}
	g.enter(inText)
	if g.depth > g.limit.Depth {
		return problem(ErrUnsafe, g.line, "elements are nested more than %d deep", g.limit.Depth)
	}
	return nil
}

func (g *guard) enter(p part) { g.where, g.size = p, 0 }
