package returns

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
)

// How many elements one child's record may have, and how many bytes of names and
// text in all: a record is held in memory as a whole. The largest seen in a real
// return has a few hundred elements.
const (
	maxParts  = 20_000
	maxRecord = 4 << 20
)

// An element is one XML element with all that is in it: enough of the tree for
// one child, never for the file.
type element struct {
	name string
	line int64
	text string
	kids []element
}

// get gives the text of the first child element of a name.
func (e *element) get(name string) string {
	for i := range e.kids {
		if e.kids[i].name == name {
			return e.kids[i].text
		}
	}
	return ""
}

// kid gives the first child element of a name, or nil.
func (e *element) kid(name string) *element {
	for i := range e.kids {
		if e.kids[i].name == name {
			return &e.kids[i]
		}
	}
	return nil
}

// lineOf gives the line of the first child element of a name, or e's own.
func (e *element) lineOf(name string) int64 {
	if k := e.kid(name); k != nil {
		return k.line
	}
	return e.line
}

// xmlReader reads the elements of one XML return.
type xmlReader struct {
	file  string
	d     *xml.Decoder
	n     *notes
	parts int // elements of the record being read
	size  int // bytes of its names and text
}

func openXML(f intake.File, n *notes) (*xmlReader, io.Closer, error) {
	d, c, err := sheet.OpenXML(f, sheet.UsualXML)
	if err != nil {
		return nil, nil, fatal(f.Name, err)
	}
	return &xmlReader{file: f.Name, d: d, n: n}, c, nil
}

func (x *xmlReader) line() int64 {
	line, _ := x.d.InputPos()
	return int64(line)
}

// start gives the next element that starts here: nil at the end of the element
// that is being read, or of the file. Text between elements is noted, for it is
// usually a value that lost its tags.
func (x *xmlReader) start() (*xml.StartElement, error) {
	for {
		t, err := x.d.Token()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, x.broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		case xml.CharData:
			x.stray(string(t), "")
		}
	}
}

// subtree reads the rest of an element whose start was just read.
func (x *xmlReader) subtree(start *xml.StartElement) (element, error) {
	x.parts, x.size = 0, 0
	return x.element(start)
}

func (x *xmlReader) element(start *xml.StartElement) (element, error) {
	e := element{name: start.Name.Local, line: x.line()}
	if x.parts++; x.parts > maxParts {
		return e, &intake.Fatal{File: x.file, Line: e.line,
			Words: fmt.Sprintf("one child's record has more than %d elements; export the return again", maxParts)}
	}
	if err := x.grow(len(e.name), e.line); err != nil {
		return e, err
	}
	var text strings.Builder
	for {
		t, err := x.d.Token()
		if err != nil {
			return e, x.broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			kid, err := x.element(&t)
			if err != nil {
				return e, err
			}
			e.kids = append(e.kids, kid)
		case xml.CharData:
			if err := x.grow(len(t), e.line); err != nil {
				return e, err
			}
			text.Write(t)
		case xml.EndElement:
			e.text = sheet.Clean(text.String())
			if len(e.kids) > 0 {
				x.stray(e.text, e.name)
				e.text = ""
			}
			return e, nil
		}
	}
}

// grow counts bytes of the record being read, up to what one may have.
func (x *xmlReader) grow(bytes int, line int64) error {
	if x.size += bytes; x.size > maxRecord {
		return &intake.Fatal{File: x.file, Line: line,
			Words: fmt.Sprintf("one child's record is larger than %d MB; export the return again", maxRecord>>20)}
	}
	return nil
}

// stray notes text that stands between elements, without repeating it.
func (x *xmlReader) stray(text, within string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	x.n.add(x.file, x.line(), within, ruleStrayText,
		"There is text between the elements, where only elements belong. It is left out; if it is a value, put it back "+
			"between its tags.")
}

// broken turns an error of the decoder into words.
func (x *xmlReader) broken(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &intake.Fatal{File: x.file, Line: int64(syntax.Line),
			Words: fmt.Sprintf("the XML is broken off or broken here (%s); export the return again", cut(syntax.Msg))}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &intake.Fatal{File: x.file, Line: x.line(), Words: "the XML is broken off here; export the return again"}
	}
	return fatal(x.file, err)
}

// skip passes over the rest of an element.
func (x *xmlReader) skip() error {
	if err := x.d.Skip(); err != nil {
		return x.broken(err)
	}
	return nil
}

// root gives the first element's name of the XML file f; "" when there is none
// that can be read.
func root(f intake.File) (string, error) {
	d, c, err := sheet.OpenXML(f, sheet.UsualXML)
	if err != nil {
		return "", fatal(f.Name, err)
	}
	defer c.Close()
	for {
		t, err := d.Token()
		if err != nil {
			var unsafe *sheet.Error
			if errors.As(err, &unsafe) {
				return "", fatal(f.Name, err)
			}
			return "", nil
		}
		if s, ok := t.(xml.StartElement); ok {
			return s.Name.Local, nil
		}
	}
}
