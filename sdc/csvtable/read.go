package csvtable

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/sdc"
	"kith/sdc/internal/input"
)

// Options say how the table in a file is to be read.
type Options struct {
	Name, Population string
	// Symbol stands in the place of a hidden count; empty when there is none.
	Symbol string
	// Largest and Contributors name the columns with the largest contribution of one
	// contributor and the number of contributors; empty when there are none.
	Largest, Contributors string
	// Guard gives a cell as it may stand in a file that people open in a spreadsheet; nil
	// leaves all as it is. What it put before a cell is taken off again when that is read.
	Guard func(cell string) string
}

// A File is a table with the rows of the file it was read from, so that the
// same rows can be written again.
type File struct {
	Table sdc.Table

	symbol  string
	guard   func(cell string) string
	text    *scanner
	head    []string // as written
	crlf    bool     // rows end as Windows ends them
	columns columnSet
	rows    []rowPlace // one for each cell
}

// rowPlace is where the row of a cell starts in the text.
type rowPlace struct{ at, row, line int32 }

// Read reads a table with one column a dimension and a column named count. A
// first row names the columns. Total is known whatever its case, spaces around
// codes do not count, and a code "a/b" is part of the code "a" where the column
// has one. What is not a table is refused by a *TableError error that names the row;
// other errors are the reader's.
func Read(r io.Reader, o Options) (*File, error) {
	c := &File{symbol: o.Symbol, guard: o.Guard, Table: sdc.Table{Name: o.Name, Population: o.Population}}
	text, err := input.Text(r, maxBytes)
	if err == nil {
		err = c.read(text, o)
	}
	var no input.Refusal
	if errors.As(err, &no) {
		return nil, &sdc.TableError{Table: c.Table.Name, Cell: -1, Words: no.Error()}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *File) read(text string, o Options) error {
	c.text = newScanner(text)
	head, err := c.text.next()
	if err == io.EOF {
		return input.Refusal("the file is empty; its first row names the columns: one for each dimension, and count")
	} else if err != nil {
		return err
	}
	c.head, c.crlf = slices.Clone(head), lineEnd(c.text.data, c.text.end) == 2
	if c.columns, err = readHeader(c.text, head, o); err != nil {
		return err
	}
	codes := make([]codeList, len(c.columns.dims))
	for d, at := range c.columns.dims {
		c.Table.Dimensions = append(c.Table.Dimensions, sdc.Dimension{Name: c.columns.names[at]})
		codes[d].ids = map[string]int32{}
	}
	for {
		fields, err := c.text.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if err := c.addRow(fields, codes, o); err != nil {
			return err
		}
	}
	if len(c.rows) == 0 {
		return input.Refusal("the file has no row below the names of the columns; give it one row for each count")
	}
	for d := range codes {
		c.Table.Dimensions[d].Parent = labelParents(codes[d].list)
	}
	return c.onlyOnce(codes)
}

// unguarded takes off what Guard puts before a cell, so that a table that was written
// guarded has the codes of the one that it was made from.
func (o *Options) unguarded(v string) string {
	if o.Guard == nil || v == "" {
		return v
	}
	for at := range v {
		if at > 0 { // what is put before it is one character
			if o.Guard(v[at:]) == v {
				return v[at:]
			}
			break
		}
	}
	return v
}

// codeList is the codes of one column, in the order they come in, and the code of
// each row.
type codeList struct {
	ids  map[string]int32
	list []string
	rows []int32
}

// add notes the code of the next row and gives the code as the table has it.
func (k *codeList) add(code string) string {
	if strings.EqualFold(code, sdc.Total) {
		code = sdc.Total
	}
	id, ok := k.ids[code]
	if !ok {
		id = int32(len(k.list))
		k.ids[code] = id
		k.list = append(k.list, code)
	}
	k.rows = append(k.rows, id)
	return k.list[id]
}

func (c *File) addRow(fields []string, codes []codeList, o Options) error {
	s := c.text
	if len(fields) != len(c.head) {
		return s.fault("it has %d cells and the first row has %d; a cell with a comma in it stands in quotation marks",
			len(fields), len(c.head))
	}
	if len(c.rows) == input.MaxRows {
		return s.fault("a table may have %d rows and this is one more; split it, or leave out a dimension", input.MaxRows)
	}
	cell := sdc.Cell{Codes: make([]string, len(codes))}
	for d, at := range c.columns.dims {
		code := o.unguarded(fieldValue(fields[at]))
		if err := input.Label(code); err != nil {
			return s.fault("the cell in the column %s %v", input.Short(c.columns.names[at]), err)
		}
		cell.Codes[d] = codes[d].add(code)
	}
	if err := c.addCounts(&cell, fields); err != nil {
		return err
	}
	c.Table.Cells = append(c.Table.Cells, cell)
	c.rows = append(c.rows, rowPlace{int32(s.start), int32(s.row), int32(s.line)})
	return c.combinations(codes)
}

// addCounts reads the numbers of a row.
func (c *File) addCounts(cell *sdc.Cell, fields []string) error {
	v := fieldValue(fields[c.columns.count])
	var err error
	if cell.Hidden = v == c.symbol && v != ""; !cell.Hidden {
		if cell.Count, err = parseCount(v); err != nil {
			return c.notACount(v, err)
		}
	}
	if at := c.columns.largest; at >= 0 {
		if cell.Largest, err = parseKnown(fields[at]); err != nil {
			return c.text.fault("the largest contribution %v", err)
		}
		if !cell.Hidden && cell.Largest > cell.Count {
			return c.text.fault("the largest contribution, %d, is greater than the count, %d", cell.Largest, cell.Count)
		}
	}
	if at := c.columns.contributors; at >= 0 {
		if cell.Contributors, err = parseKnown(fields[at]); err != nil {
			return c.text.fault("the number of contributors %v", err)
		}
	}
	return nil
}

// notACount says why a count is none, and what a hidden one would look like.
func (c *File) notACount(v string, err error) error {
	if c.symbol != "" && !strings.ContainsAny(v, "0123456789") {
		return c.text.fault("the count %v; a hidden count is written %s", err, c.symbol)
	}
	return c.text.fault("the count %v", err)
}

// parseKnown reads a number that may be left out.
func parseKnown(raw string) (int64, error) {
	v := fieldValue(raw)
	if v == "" {
		return 0, nil
	}
	return parseCount(v)
}

// parseCount reads a whole number of 0 or more. Commas are taken where each stands
// before exactly three digits: "1,234" is never read as 1.234, since a count has
// no fraction.
func parseCount(v string) (int64, error) {
	switch rest := strings.TrimLeft(v, "-−"); {
	case v == "":
		return 0, errors.New("is empty; write 0 where there is none")
	case rest != v && rest != "" && strings.Trim(rest, "0123456789.,") == "":
		return 0, fmt.Errorf("%s is negative; a count is 0 or more", input.Short(v))
	}
	digits := strings.ReplaceAll(v, ",", "")
	if digits != v && !isGrouped(v) {
		return 0, fmt.Errorf("%s has a comma where no thousands end; write it without", input.Short(v))
	}
	whole, fraction, ok := strings.Cut(digits, ".")
	if ok && whole+fraction != "" && strings.Trim(whole+fraction, "0123456789") == "" {
		return 0, fmt.Errorf("%s is not whole; a count is a whole number, without a decimal point", input.Short(v))
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("%s is not a whole number", input.Short(v))
	}
	var n int64
	for _, d := range digits {
		if n = n*10 + int64(d-'0'); n > input.MaxCount {
			return 0, fmt.Errorf("%s is greater than %d, the greatest that is read", input.Short(v), int64(input.MaxCount))
		}
	}
	return n, nil
}

// isGrouped says whether commas part a number into thousands.
func isGrouped(v string) bool {
	groups := strings.Split(v, ",")
	for i, g := range groups {
		if i == 0 && (g == "" || len(g) > 3 || g[0] == '0') || i > 0 && len(g) != 3 {
			return false
		}
	}
	return true
}

// combinations refuses a table whose codes, with Total in every dimension, can be
// put together in too many ways.
func (c *File) combinations(codes []codeList) error {
	product := 1
	for d := range codes {
		n := len(codes[d].list)
		if _, ok := codes[d].ids[sdc.Total]; !ok {
			n++
		}
		if product *= n; product > sdc.MaxCells {
			return c.text.fault("the codes of the columns can be put together in more than %d ways; leave out a dimension, or "+
				"split the table", sdc.MaxCells)
		}
	}
	return nil
}

// onlyOnce refuses two rows for one cell.
func (c *File) onlyOnce(codes []codeList) error {
	seen := make(map[int64]int32, len(c.rows))
	for i := range c.rows {
		key := int64(0) // of a product within MaxCells
		for d := range codes {
			key = key*int64(len(codes[d].list)) + int64(codes[d].rows[i])
		}
		if first, ok := seen[key]; ok {
			return input.Refusal(fmt.Sprintf("%s is the same as %s: %s; keep one of them", c.Row(i), c.Row(int(first)),
				c.Table.Label(c.Table.Cells[i].Codes)))
		}
		seen[key] = int32(i)
	}
	return nil
}

// Row names the row of a cell as a spreadsheet counts, where the names of the
// columns are row 1: "row 7".
func (c *File) Row(cell int) string {
	return placeName(int(c.rows[cell].row), int(c.rows[cell].line))
}

// Explain turns a *TableError error about a cell of this table into one that names
// its row. Other errors are given back as they are.
func (c *File) Explain(err error) error {
	var not *sdc.TableError
	if !errors.As(err, &not) || not.Cell < 0 || not.Cell >= len(c.rows) || not.Table != c.Table.Name {
		return err
	}
	return &sdc.TableError{Table: c.Table.Name, Cell: -1, Words: c.Row(not.Cell) + ": " + not.Words}
}
