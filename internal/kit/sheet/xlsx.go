package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a workbook may consist of: files; elements in all of them but the sheets,
// since the library keeps each as an object of hundreds of bytes (styles alone
// were measured at 4.4 GB); cells in one row, as many as a sheet has columns.
const (
	maxParts    = 5000
	maxElements = 800_000
	maxCells    = 16_384
)

// partLimits are wider than UsualXML: a workbook's tags carry much formatting.
var partLimits = XMLLimits{Tag: 256 << 10, Text: 1 << 20, Depth: 100}

// openWorkbook opens an XLSX workbook. Its directory is checked before anything
// is unpacked; nothing is ever unpacked to disk, since it may be about children.
func openWorkbook(in Input, limit Limits) (*File, error) {
	file, err := in.Open()
	if err != nil {
		return nil, unreadable(err)
	}
	layout, err := checkWorkbook(file, limit)
	if err == nil && len(layout.sheets) == 0 {
		err = unreadable(errors.New("it has no sheets"))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f := &File{Format: Workbook, close: file.Close}
	for _, s := range layout.sheets {
		f.sheets = append(f.sheets, s.name)
	}
	f.table = func(sheet string) (*Table, error) { return openSheet(layout, sheet, limit) }
	return f, nil
}

func openSheet(layout *layoutOfBook, name string, limit Limits) (*Table, error) {
	i := slices.IndexFunc(layout.sheets, func(s sheetOfBook) bool { return s.name == name })
	if i < 0 {
		return nil, unreadable(fmt.Errorf("there is no sheet %q", name))
	}
	sheet := layout.sheets[i]
	rows, err := openRows(layout, layout.parts[sheet.part])
	if err != nil {
		return nil, err
	}
	t := &Table{Name: name, limit: limit, serials: true, from1904: layout.from1904, close: rows.part.Close}
	t.hidden = func(int64) bool { return sheet.hidden || rows.hidden }
	fill := &filler{table: t, coming: layout.areasOf(sheet.part)}
	t.next = func() (Row, error) {
		cells, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			return Row{}, io.EOF
		case errors.Is(err, ErrCells):
			return Row{}, err
		case err != nil:
			return Row{}, unreadable(err)
		}
		if cells, err = fill.fill(rows.line, cells); err != nil {
			return Row{}, err
		}
		return Row{Line: rows.line, Cells: cells}, nil
	}
	return t, nil
}

// checkWorkbook refuses what a workbook never needs: thousands of parts, sizes
// beyond the limit, XML that is unsafe or broken off. The library passes over
// broken XML in silence, and half a table must never be counted as a whole one.
// What it is to know besides the rows is gathered on the way.
func checkWorkbook(file Reader, limit Limits) (*layoutOfBook, error) {
	z, err := zip.NewReader(file, file.Size())
	if err != nil {
		return nil, unreadable(err)
	}
	if len(z.File) > maxParts {
		return nil, problem(ErrTooLarge, 0, "the workbook consists of more than %d parts; copy the table to a new workbook",
			maxParts)
	}
	var total uint64
	for _, part := range z.File {
		total += part.UncompressedSize64
		if part.UncompressedSize64 > uint64(limit.Unzip) || total > uint64(limit.Unzip) {
			return nil, problem(ErrTooLarge, 0, "the workbook is larger than %d MB once unpacked; give the table as CSV",
				limit.Unzip>>20)
		}
		if part.Flags&1 != 0 {
			return nil, problem(ErrLocked, 0, "the workbook is locked by a password; save a copy without it and give that")
		}
	}
	layout := newLayout()
	if err := layout.countCells(z, limit); err != nil {
		return nil, err
	}
	elements := 0
	for _, part := range z.File {
		check := countPart
		switch name := partName(part.Name); {
		case isSheet(name):
			layout.parts[name] = part
			if !layout.merges[name] {
				continue
			}
			check = readMerged
		case isPart(name):
			check = checkPart
		}
		n, err := check(part, layout)
		if err != nil {
			return nil, err
		}
		if elements += n; elements > maxElements {
			return nil, tooRich()
		}
	}
	if err := layout.settle(); err != nil {
		return nil, unreadable(err)
	}
	return layout, nil
}

func tooRich() error {
	return problem(ErrTooLarge, 0,
		"the workbook has more text or formatting than is read (%d pieces); give the table as CSV", maxElements)
}

// isSheet reports whether the part is a sheet, and isPart whether it is another
// that reading tables depends on.
func isSheet(name string) bool {
	name = partName(name)
	return strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml")
}

func isPart(name string) bool {
	switch partName(name) {
	case "[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/sharedstrings.xml", "xl/_rels/workbook.xml.rels":
		return true
	}
	return false
}

func partName(name string) string { return strings.ToLower(strings.ReplaceAll(name, `\`, "/")) }

// checkPart reads a part to its end as safe, whole XML, and counts its elements.
func checkPart(part *zip.File, layout *layoutOfBook) (elements int, err error) {
	texts := &textReader{book: layout}
	shared := partName(part.Name) == "xl/sharedstrings.xml"
	err = eachToken(part, func(token xml.Token) error {
		if shared {
			texts.take(token)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			return nil
		}
		if elements++; elements > maxElements {
			return tooRich()
		}
		return layout.take(partName(part.Name), e)
	})
	return elements, err
}

// readMerged reads which cells of a sheet are merged, which stands behind its rows.
func readMerged(part *zip.File, layout *layoutOfBook) (int, error) {
	return 0, eachToken(part, func(token xml.Token) error {
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			return layout.take(partName(part.Name), e)
		}
		return nil
	})
}

// A textReader gathers the texts that cells share.
type textReader struct {
	book     *layoutOfBook
	text     strings.Builder
	in       bool
	phonetic int
}

func (r *textReader) take(token xml.Token) {
	switch x := token.(type) {
	case xml.StartElement:
		switch x.Name.Local {
		case "si":
			r.text.Reset()
		case "t":
			r.in = r.phonetic == 0
		case "rPh":
			r.phonetic++
		}
	case xml.CharData:
		if r.in {
			r.text.Write(x)
		}
	case xml.EndElement:
		switch x.Name.Local {
		case "si":
			r.book.texts = append(r.book.texts, strings.Clone(unescaped(r.text.String())))
		case "t":
			r.in = false
		case "rPh":
			r.phonetic--
		}
	}
}

func eachToken(part *zip.File, f func(xml.Token) error) error {
	r, err := openPart(part)
	if err != nil {
		return err
	}
	defer r.Close()
	all := tokensOf(part.Name, r)
	for {
		token, err := all.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		if err := f(token); err != nil {
			return err
		}
	}
}

// countPart counts what could be elements in a part that need not be whole, such
// as styles; in a picture it counts next to nothing.
func countPart(part *zip.File, _ *layoutOfBook) (int, error) {
	r, err := openPart(part)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n := 0
	for b := make([]byte, 32<<10); ; {
		k, err := r.Read(b)
		n += bytes.Count(b[:k], []byte("<"))
		switch {
		case errors.Is(err, io.EOF), n > maxElements:
			return n, nil
		case err != nil:
			return n, unreadable(fmt.Errorf("%s: %w", part.Name, err))
		}
	}
}

// unreadable turns what went wrong inside a workbook into words.
func unreadable(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return problem(e.Kind, 0, "the workbook is unsafe or damaged (%s); open it, save the table as a new workbook or "+
			"as CSV, and give that", e.Words)
	}
	return problem(ErrDamaged, 0, "the workbook is damaged (%s); open it, save the table as a new workbook or as CSV, "+
		"and give that", printable(err.Error()))
}

// printable makes of what a library says, which may repeat anything that is in a
// file, something that can be shown.
func printable(s string) string {
	const longest = 150
	out := []rune(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	if len(out) > longest {
		return string(out[:longest]) + "…"
	}
	return string(out)
}
