package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// lastRow is the last that a sheet has.
const lastRow = 1 << 20

// sheetRows reads the rows of one sheet as they stand in its part, and keeps none of them.
type sheetRows struct {
	part   io.ReadCloser
	tokens *tokens
	book   *layoutOfBook
	line   int64    // of the row last given
	coming int64    // of the row that was read and not yet given, since rows without anything stand before it; 0 for none
	cells  []string // of that row
	hidden bool     // the row last read is not shown
	in     bool     // within a row
	flat   bool     // rows are hidden that do not say otherwise
}

func openRows(book *layoutOfBook, part *zip.File) (*sheetRows, error) {
	in, err := openPart(part)
	if err != nil {
		return nil, err
	}
	return &sheetRows{part: in, tokens: tokensOf(part.Name, in), book: book}, nil
}

// tokens are those of one part of a workbook, whose elements end as they begin.
type tokens struct {
	name string
	d    *xml.Decoder
	open []string // the elements that have begun
}

func tokensOf(name string, part io.Reader) *tokens {
	d := xml.NewDecoder(GuardXML(part, partLimits))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return &tokens{name: name, d: d}
}

// next gives the next token; io.EOF after the last of a whole part.
func (t *tokens) next() (xml.Token, error) {
	token, err := t.d.RawToken()
	switch {
	case errors.Is(err, io.EOF) && len(t.open) == 0:
		return nil, io.EOF
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s is broken off", t.name)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	switch x := token.(type) {
	case xml.StartElement:
		t.open = append(t.open, x.Name.Local)
	case xml.EndElement:
		n := len(t.open) - 1
		if n < 0 || t.open[n] != x.Name.Local {
			return nil, fmt.Errorf("%s: an element ends that has not begun", t.name)
		}
		t.open = t.open[:n]
	}
	return token, nil
}

// next gives the cells of the next row, be it without any; io.EOF after the last.
func (r *sheetRows) next() ([]string, error) {
	if r.coming == 0 {
		if err := r.read(); err != nil {
			return nil, err
		}
	}
	if r.line++; r.line < r.coming {
		return nil, nil
	}
	r.line, r.coming = r.coming, 0
	return r.cells, nil
}

// read reads on to the end of the next row.
func (r *sheetRows) read() error {
	r.cells = r.cells[:0]
	last, column := r.line, 0
	for {
		token, err := r.tokens.next()
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			switch {
			case x.Name.Local == "row":
				if r.coming, err = rowNumber(attribute(x, "r"), last); err != nil {
					return err
				}
				r.in, r.hidden = true, r.hides(x)
			case x.Name.Local == "sheetFormatPr":
				r.flat = isTrue(attribute(x, "zeroHeight"))
			case x.Name.Local == "c" && r.in:
				if column, err = r.cell(x, column); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if x.Name.Local == "row" && r.in {
				r.in = false
				return nil
			}
		}
	}
}

// hides reports whether a row is not shown: hidden, or without a height.
func (r *sheetRows) hides(row xml.StartElement) bool {
	hidden, height := attribute(row, "hidden"), attribute(row, "ht")
	if h, err := strconv.ParseFloat(height, 64); err == nil && h == 0 {
		return true
	}
	return isTrue(hidden) || r.flat && hidden == "" && height == ""
}

// isTrue reads an attribute that is true or false.
func isTrue(attribute string) bool { return attribute == "1" || attribute == "true" }

// rowNumber reads the number of a row; one without follows the one before it.
func rowNumber(text string, last int64) (int64, error) {
	if text == "" {
		return last + 1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n < 1 || n > lastRow:
		return 0, errors.New("a row has a number that no sheet has")
	case n <= last:
		return 0, errors.New("its rows are not in order")
	}
	return n, nil
}

// cell reads a cell to its end, and gives its column.
func (r *sheetRows) cell(start xml.StartElement, before int) (column int, err error) {
	column = before + 1
	ref, kind := attribute(start, "r"), attribute(start, "t")
	if ref != "" {
		if column, err = columnOf(ref); err != nil {
			return 0, err
		}
	}
	if column > maxCells || len(r.cells) > maxCells {
		return 0, problem(ErrTooLarge, 0, "a row has more than %d cells, which no sheet has", maxCells)
	}
	var says strings.Builder
	formula, value, inline, phonetic := false, false, false, 0
	for done := false; !done; {
		token, err := r.tokens.next()
		if err != nil {
			return 0, err
		}
		switch x := token.(type) {
		case xml.StartElement:
			switch x.Name.Local {
			case "f":
				formula = true
			case "v":
				value = true
			case "t":
				inline = true
			case "rPh":
				phonetic++
			}
		case xml.CharData:
			if value || inline && phonetic == 0 {
				says.Write(x)
			}
		case xml.EndElement:
			switch x.Name.Local {
			case "c":
				done = true
			case "v":
				value = false
			case "t":
				inline = false
			case "rPh":
				phonetic--
			}
		}
	}
	text := says.String()
	if formula && (text == "" && kind != "str" || r.book.asksForAll && text == "0" && kind == "") {
		return 0, unsaved(r.coming, ref)
	}
	if text, err = r.book.value(kind, text); err != nil || text == "" && !formula {
		return column, err
	}
	for len(r.cells) < column {
		r.cells = append(r.cells, "")
	}
	r.cells[column-1] = Clean(text)
	return column, nil
}

// value gives what a cell of a type says.
func (l *layoutOfBook) value(kind, text string) (string, error) {
	switch kind {
	case "s":
		if text == "" {
			return "", nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(l.texts) {
			return "", errors.New("a cell says a text that the workbook does not have")
		}
		return l.texts[i], nil
	case "inlineStr":
		return unescaped(text), nil
	}
	return text, nil
}

// columnOf gives the column of a cell by its name: 28 of AB7.
func columnOf(ref string) (int, error) {
	n, i := 0, 0
	for ; i < len(ref) && n <= maxCells; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = 26*n + int(c-'A') + 1
	}
	if n == 0 || n > maxCells || i == len(ref) || digits(strings.ReplaceAll(ref[i:], "$", "")) < 1 {
		return 0, errors.New("a cell has a name that no sheet has")
	}
	return n, nil
}

var escapedCharacter = regexp.MustCompile(`_x[a-fA-F\d]{4}_`)

// unescaped gives a text with the characters that workbooks write by their number: _x000D_.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedCharacter.ReplaceAllStringFunc(s, func(m string) string {
		n, err := strconv.ParseUint(m[2:6], 16, 32)
		if err != nil {
			return m
		}
		return string(rune(n))
	})
}
