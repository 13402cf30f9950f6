package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
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
	defer file.Close()
	layout, err := checkWorkbook(file, limit)
	if err != nil {
		return nil, err
	}
	var book *excelize.File
	err = guarded(func() (err error) {
		book, err = excelize.OpenReader(file, excelize.Options{
			UnzipSizeLimit: limit.Unzip, UnzipXMLSizeLimit: limit.Unzip, RawCellValue: true,
		})
		return err
	})
	if err != nil {
		return nil, unreadable(err)
	}
	f := &File{Format: Workbook, close: book.Close}
	var from1904 bool
	err = guarded(func() error {
		f.sheets = book.GetSheetList()
		props, err := book.GetWorkbookProps()
		from1904 = err == nil && props.Date1904 != nil && *props.Date1904
		return nil
	})
	if err == nil && len(f.sheets) == 0 {
		err = errors.New("it has no sheets")
	}
	if err != nil {
		return nil, errors.Join(unreadable(err), book.Close())
	}
	f.table = func(sheet string) (*Table, error) { return openSheet(book, layout, sheet, limit, from1904) }
	return f, nil
}

func openSheet(book *excelize.File, layout *layoutOfBook, sheet string, limit Limits, from1904 bool) (*Table, error) {
	var rows *excelize.Rows
	err := guarded(func() (err error) {
		rows, err = book.Rows(sheet)
		return err
	})
	if err != nil {
		return nil, unreadable(fmt.Errorf("sheet %q: %w", sheet, err))
	}
	t := &Table{Name: sheet, limit: limit, serials: true, from1904: from1904, hidden: layout.hiddenIn(book, sheet)}
	fill := &filler{table: t, coming: layout.of(book, sheet)}
	unsaved := layout.unsavedIn(book, sheet)
	var line int64
	t.next = func() (Row, error) {
		more, cells := false, []string(nil)
		line++
		err := guarded(func() (err error) {
			if more = rows.Next(); !more {
				return rows.Error()
			}
			cells, err = rows.Columns()
			return err
		})
		if err != nil {
			return Row{}, unreadable(err)
		}
		if !more {
			return Row{}, io.EOF
		}
		if unsaved.line > 0 && line >= unsaved.line {
			return Row{}, unsaved.refuse()
		}
		for i, c := range cells {
			cells[i] = Clean(c)
		}
		if cells, err = fill.fill(line, cells); err != nil {
			return Row{}, err
		}
		return Row{Line: line, Cells: cells}, nil
	}
	t.close = func() error { return guarded(rows.Close) }
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
	if err := countCells(z, limit); err != nil {
		return nil, err
	}
	elements, layout := 0, newLayout()
	for _, part := range z.File {
		check := countPart
		switch {
		case isSheet(part.Name):
			check = checkSheet
		case isPart(part.Name):
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
	case "[content_types].xml", "xl/workbook.xml", "xl/sharedstrings.xml", "xl/_rels/workbook.xml.rels":
		return true
	}
	return false
}

func partName(name string) string { return strings.ToLower(strings.ReplaceAll(name, `\`, "/")) }

// checkPart reads a part to its end as safe, whole XML, and counts its elements.
func checkPart(part *zip.File, layout *layoutOfBook) (elements int, err error) {
	err = eachToken(part, func(token xml.Token) error {
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

// checkSheet does the same for a sheet, whose elements are read one by one and
// never kept; but a row is.
func checkSheet(part *zip.File, layout *layoutOfBook) (int, error) {
	cells, hidden, formulas := 0, &hiddenRows{}, &formulaWatch{}
	layout.hidden[partName(part.Name)], layout.formulas[partName(part.Name)] = hidden, formulas
	return 0, eachToken(part, func(token xml.Token) error {
		formulas.take(token, hidden.last)
		e, ok := token.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "mergeCell":
			return layout.take(partName(part.Name), e)
		case "row":
			cells = 0
			hidden.take(attribute(e, "r"), attribute(e, "hidden"))
		case "c":
			if cells++; cells > maxCells {
				return problem(ErrTooLarge, 0, "a row has more than %d cells, which no sheet has", maxCells)
			}
		}
		return nil
	})
}

func eachToken(part *zip.File, f func(xml.Token) error) error {
	r, err := openPart(part)
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(GuardXML(r, partLimits))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(fmt.Errorf("%s: %w", part.Name, err))
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

// guarded runs f of the workbook library, and turns its panic on a file made to
// break it into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the workbook's parts contradict each other (%v)", p)
		}
	}()
	return f()
}

// unreadable turns what went wrong inside a workbook into words.
func unreadable(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return problem(e.Kind, 0, "the workbook is unsafe or damaged (%s); open it, save the table as a new workbook or "+
			"as CSV, and give that", e.Words)
	}
	if errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, excelize.ErrWorkbookPassword) {
		return problem(ErrLocked, 0, "the workbook cannot be opened: it is locked by a password or not an .xlsx workbook; "+
			"save a plain copy and give that")
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
