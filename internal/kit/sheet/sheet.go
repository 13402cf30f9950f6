// Package sheet reads tables out of the files people have.
//
// A table may come as text (CSV with commas, semicolons, tabs or bars; UTF-8,
// UTF-16 or Windows-1252; any line ending; quotes that are sometimes broken) or
// as a workbook (XLSX). Open finds out which, and a Table then gives its rows one
// at a time with the line each stood on, so that a reader can say where a fault
// is and never holds the whole file. What had to be fixed on the way is noted,
// not hidden.
//
// Files are never trusted: every size has a limit, and what cannot be read is an
// *Error whose words tell a person what to do about it. GuardXML gives the same
// protection to those who read XML themselves.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"kith/internal/kit/lang"
)

// Limits bound what is read of one file.
type Limits struct {
	Bytes   int64 // of the file as it is on disk
	Unzip   int64 // of a workbook once unpacked
	Rows    int64 // of one table
	Columns int   // of one row
	Cell    int   // bytes of one cell
	Line    int   // bytes of one line of text
	Cells   int64 // of a workbook, counting empty ones that have a format
	// HiddenRows says that rows which a workbook does not show are meant to be read,
	// however many they are: see Cells.Sound.
	HiddenRows bool
}

// Usual is enough for the largest returns seen, several times over.
var Usual = Limits{
	Bytes: 512 << 20, Unzip: 128 << 20, Rows: 3_000_000,
	Columns: 600, Cell: 32 << 10, Line: 1 << 20, Cells: 2_000_000,
}

// A Row is one row of a table. Its cells have no space around them and are good
// only until the next row is read.
type Row struct {
	Line  int64 // 1 is the first line of the file or sheet
	Cells []string
}

// Cell gives the cell at i, or "" when the row is shorter or i is negative.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// A Fix is something at fault in the form of the file that was read all the same.
type Fix struct {
	Line  int64
	Words string
}

// maxFixes is how many fixes are kept; more of the same tell nothing new.
const maxFixes = 100

// A Table gives rows. Rows with nothing in them are left out.
type Table struct {
	Name  string // of the sheet; "" for text
	limit Limits
	rows  int64
	next  func() (Row, error)
	close func() error
	fixes []Fix
	// serials says that a number in a cell may be a date: days since 1900, or
	// since 1904 in workbooks of old Macs.
	serials, from1904 bool
	// full counts the rows that have something in them, and veiled those of them that
	// the workbook does not show.
	full   int64
	veiled tallied
	hidden func(line int64) bool // nil for text
	gap    bool                  // rows with nothing in them stand before the one last read
}

// Next gives the next row that has something in it; io.EOF after the last.
func (t *Table) Next() (Row, error) {
	for t.gap = false; ; t.gap = true {
		row, err := t.next()
		if err != nil {
			return Row{}, err
		}
		if t.rows++; t.rows > t.limit.Rows {
			return Row{}, problem(ErrTooLarge, row.Line, "the table has more than %d rows; split it", t.limit.Rows)
		}
		if len(row.Cells) > t.limit.Columns {
			return Row{}, problem(ErrTooLarge, row.Line, "the row has more than %d columns, which no table read here has",
				t.limit.Columns)
		}
		empty := true
		for _, c := range row.Cells {
			if len(c) > t.limit.Cell {
				return Row{}, problem(ErrTooLarge, row.Line, "a cell is longer than %d characters", t.limit.Cell)
			}
			empty = empty && c == ""
		}
		if !empty {
			t.full++
			if t.hidden != nil && t.hidden(row.Line) {
				t.veiled.add(row.Line)
			}
			return row, nil
		}
	}
}

// Fixes tells what was fixed in the form of the rows read so far.
func (t *Table) Fixes() []Fix {
	if t.veiled.count == 0 {
		return t.fixes
	}
	return append(slices.Clone(t.fixes), Fix{Line: t.veiled.line, Words: fmt.Sprintf("%s hidden in the workbook, by a "+
		"filter or by hand, and read like the others; if they are not meant, delete them and give the workbook again",
		lang.Plural(int(t.veiled.count), "row is", "rows are"))})
}

// Close gives back what reading the table needed.
func (t *Table) Close() error {
	if t.close == nil {
		return nil
	}
	return t.close()
}

func (t *Table) fix(line int64, words string) {
	if len(t.fixes) < maxFixes {
		t.fixes = append(t.fixes, Fix{Line: line, Words: words})
	}
}

// A File is an open file of tables.
type File struct {
	Format Format
	sheets []string
	table  func(sheet string) (*Table, error)
	close  func() error
}

// Sheets names the tables of the file, in order; text has one, named "".
func (f *File) Sheets() []string { return f.sheets }

// Table starts reading one table from its first row.
func (f *File) Table(sheet string) (*Table, error) { return f.table(sheet) }

// Close closes the file.
func (f *File) Close() error { return f.close() }

// Open opens a file. What is neither text nor a workbook is refused
// with an *Error that says what it seems to be.
func Open(in Input, limit Limits) (*File, error) {
	format, size, err := sniff(in)
	if err != nil {
		return nil, err
	}
	if size > limit.Bytes {
		return nil, problem(ErrTooLarge, 0, "the file is larger than %d MB; split it, or export less", limit.Bytes>>20)
	}
	switch format {
	case Text:
		return openText(in, limit), nil
	case Workbook:
		return openWorkbook(in, limit)
	case Empty:
		return nil, problem(ErrEmpty, 0, "the file is empty; export it again")
	case Locked:
		return nil, problem(ErrLocked, 0, "the file is %s; %s", format.Words(), format.advice())
	}
	return nil, problem(ErrNotTable, 0, "the file is %s, not a table; %s", format.Words(), format.advice())
}

func openText(in Input, limit Limits) *File {
	f := &File{Format: Text, sheets: []string{""}, close: func() error { return nil }}
	f.table = func(string) (*Table, error) {
		file, err := in.Open()
		if err != nil {
			return nil, fmt.Errorf("open table: %w", err)
		}
		t, err := ReadText(file, limit)
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		t.close = file.Close
		return t, nil
	}
	return f
}

// ReadText reads a table of text from r.
func ReadText(r io.Reader, limit Limits) (*Table, error) {
	lines, err := newLines(r, limit)
	if err != nil {
		return nil, err
	}
	t := &Table{limit: limit}
	c := &csvReader{lines: lines, table: t}
	if err := c.sample(); err != nil {
		return nil, err
	}
	t.next = c.next
	return t, nil
}
