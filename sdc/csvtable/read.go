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

// A File is a table with the rows of the file it was read from, so that the
// same rows can be written again.
type File struct {
	Table sdc.Table
	// More are further measures of the same rows, each a table with its own population.
	More []sdc.Table

	o       Options
	symbol  string
	grid    grid
	head    int          // the row that names the columns
	notes   map[int]bool // rows that are no rows of the table
	columns columnSet
	rows    []int            // of the grid, one for each row of the table
	limits  map[[2]int]int64 // table and cell → the greatest it can be, as "<5" tells
	asks    []Question
}

// Read reads a table with one column a dimension and a column named count, or another
// shape that [Options] tell. A row names the columns; titles may stand above it and notes
// below the table. Total is known whatever its case, spaces around codes do not count, and
// a code "a/b" is part of the code "a" where the column has one. What is not a table is
// refused by a *TableError error that names the row, and so is one of which more must be
// known, but for totals that go by another name: see [File.Questions]. Other errors are
// the reader's.
func Read(r io.Reader, o Options) (*File, error) {
	c, err := Look(r, o)
	if err == nil && len(c.asks) > 0 {
		err = &sdc.TableError{Table: o.Name, Cell: -1, Words: (&Asked{c.asks}).Error()}
	}
	if err == nil {
		for d := range c.Table.Dimensions {
			if i := c.blankCell(d); i >= 0 {
				err = &sdc.TableError{Table: o.Name, Cell: -1, Words: fmt.Sprintf("%s: the cell in the column %s is empty",
					c.Row(i), input.Short(c.Table.Dimensions[d].Name))}
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Look reads a table as [Read] does, and leaves what must be known of it to
// [File.Questions]: until they are answered its counts mean nothing.
func Look(r io.Reader, o Options) (*File, error) {
	c := newFile(o)
	text, err := input.Text(r, maxBytes)
	if err == nil {
		err = c.grid.readText(text)
	}
	if err == nil {
		err = c.read()
	}
	return c.orRefused(err)
}

// LookRows is [Look] for the rows of a sheet that another reader has opened.
func LookRows(rows []Row, o Options) (*File, error) {
	c := newFile(o)
	c.grid.readRows(rows)
	return c.orRefused(c.read())
}

func newFile(o Options) *File {
	return &File{o: o, symbol: o.Symbol, limits: map[[2]int]int64{},
		Table: sdc.Table{Name: o.Name, Population: o.Population}}
}

// orRefused makes a refusal of the table of what is wrong with the file.
func (c *File) orRefused(err error) (*File, error) {
	var no input.Refusal
	if errors.As(err, &no) {
		return nil, &sdc.TableError{Table: c.Table.Name, Cell: -1, Words: no.Error()}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// all gives every measure's table.
func (c *File) all() []*sdc.Table {
	out := []*sdc.Table{&c.Table}
	for i := range c.More {
		out = append(out, &c.More[i])
	}
	return out
}

// Each calls f with the table of each measure, to change it.
func (c *File) Each(f func(t *sdc.Table)) {
	for _, t := range c.all() {
		f(t)
	}
}

// CodesOf names a cell of a table by its codes, and by its measure where there are several.
func (c *File) CodesOf(table, cell int) string {
	t := c.all()[table]
	words := strings.Join(t.Cells[cell].Codes, ", ")
	if len(c.More) > 0 {
		words = c.columns.names[c.columns.counts[table]] + ", " + words
	}
	return words
}

// Release gives all measures as one release.
func (c *File) Release(name string) sdc.Release {
	r := sdc.Release{Name: name}
	for _, t := range c.all() {
		r.Tables = append(r.Tables, *t)
	}
	return r
}

// Facts are what readers know of hidden counts that are printed as "<5".
func (c *File) Facts() []sdc.Fact {
	var out []sdc.Fact
	for k, t := range c.all() {
		for i := range t.Cells {
			most, ok := c.limits[[2]int{k, i}]
			if !ok {
				continue
			}
			ref := sdc.Ref{Population: t.Population, Codes: map[string]string{}}
			for d, code := range t.Cells[i].Codes {
				ref.Codes[t.Dimensions[d].Name] = code
			}
			out = append(out, sdc.Fact{Name: fmt.Sprintf("words for at most %d", most), High: most,
				Parts: []sdc.Part{{Ref: ref, Factor: 1}}})
		}
	}
	return out
}

func (c *File) read() error {
	if len(c.grid.rows) == 0 {
		return input.Refusal("the file is empty; its first row names the columns: one for each dimension, and count")
	}
	c.head = c.grid.head()
	c.notes = c.grid.notes(c.head)
	if err := c.readHeader(); err != nil {
		return err
	}
	codes := make([]codeList, len(c.columns.dims))
	for d, at := range c.columns.dims {
		c.Table.Dimensions = append(c.Table.Dimensions, sdc.Dimension{Name: c.columns.names[at]})
		codes[d].ids = map[string]int32{}
	}
	if c.columns.across != "" {
		c.Table.Dimensions = append(c.Table.Dimensions, sdc.Dimension{Name: c.columns.across})
	}
	c.measures()
	for i := c.head + 1; i < len(c.grid.rows); i++ {
		if c.notes[i] {
			continue
		}
		if err := c.addRow(i, codes); err != nil {
			return err
		}
	}
	if len(c.rows) == 0 {
		return input.Refusal("the file has no row below the names of the columns; give it one row for each count")
	}
	c.askCodes(codes)
	return c.onlyOnce(codes)
}

// measures makes a table of each measure, where there are several.
func (c *File) measures() {
	if c.columns.across != "" || len(c.columns.counts) < 2 {
		return
	}
	of := func(at int) string {
		name := c.columns.names[at]
		if c.o.Population != "" {
			name = c.o.Population + ": " + name
		}
		return name
	}
	first := c.Table
	c.Table.Population = of(c.columns.counts[0])
	for _, at := range c.columns.counts[1:] {
		t := first
		t.Dimensions = slices.Clone(first.Dimensions)
		t.Population = of(at)
		t.Name = strings.TrimPrefix(first.Name+": "+c.columns.names[at], ": ")
		c.More = append(c.More, t)
	}
}

// askCodes reads sub-totals from the codes, and asks about codes that may not be meant.
func (c *File) askCodes(codes []codeList) {
	for d := range c.Table.Dimensions {
		list := c.columns.acrossCodes
		if d < len(codes) {
			list = codes[d].list
		}
		for _, t := range c.all() {
			t.Dimensions[d].Parent = labelParents(list)
		}
		name := c.Table.Dimensions[d].Name
		c.askDates(name, list)
		c.askAlike(name, list)
	}
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
	code = totalCode(code)
	id, ok := k.ids[code]
	if !ok {
		id = int32(len(k.list))
		k.ids[code] = id
		k.list = append(k.list, code)
	}
	k.rows = append(k.rows, id)
	return k.list[id]
}

// fault refuses a row of the grid.
func (c *File) fault(row int, format string, args ...any) error {
	return input.Refusal(c.rowName(row) + ": " + fmt.Sprintf(format, args...))
}

func (c *File) rowName(row int) string { return placeName(c.grid.rows[row].row, c.grid.rows[row].line) }

// code gives a code of a column under the name that it goes by.
func (c *File) code(column, v string) string {
	v = c.o.unguarded(v)
	if to, ok := c.o.Renames[Code{strings.ToLower(column), v}]; ok {
		return to
	}
	return v
}

func (c *File) addRow(row int, codes []codeList) error {
	r := &c.grid.rows[row]
	if n := len(c.columns.names); len(r.fields) < n && !c.grid.sheet || r.over(n) {
		return c.fault(row, "it has %d cells and the first row has %d; a cell with a comma in it stands in quotation marks",
			len(r.fields), n)
	}
	if len(c.rows) == input.MaxRows {
		return c.fault(row, "a table may have %d rows and this is one more; split it, or leave out a dimension",
			input.MaxRows)
	}
	names := make([]string, len(codes), len(codes)+1)
	for d, at := range c.columns.dims {
		code := c.code(c.columns.names[at], r.value(at))
		if err := input.Label(code); err != nil && code != "" {
			return c.fault(row, "the cell in the column %s %v", input.Short(c.columns.names[at]), err)
		}
		names[d] = codes[d].add(code)
	}
	c.rows = append(c.rows, row)
	if err := c.combinations(row, codes); err != nil {
		return err
	}
	tables := c.all()
	for k, at := range c.columns.counts {
		cell, t := sdc.Cell{Codes: names}, 0
		if c.columns.across != "" {
			cell.Codes = append(slices.Clone(names), c.columns.acrossCodes[k])
		} else if t = k; k > 0 {
			cell.Codes = slices.Clone(names)
		}
		if err := c.addCounts(&cell, row, at, t, len(tables[t].Cells)); err != nil {
			return err
		}
		tables[t].Cells = append(tables[t].Cells, cell)
	}
	return nil
}

// addCounts reads the numbers of a row for one cell.
func (c *File) addCounts(cell *sdc.Cell, row, at, table, index int) error {
	r := &c.grid.rows[row]
	v := r.value(at)
	var err error
	switch n, bad := parseCount(v); {
	case v == c.symbol && v != "", bad != nil && c.o.hiddenWord(v):
		cell.Hidden = true
		if most := lessLimit(v); most > 0 {
			c.limits[[2]int{table, index}] = most
		}
	case bad == nil:
		cell.Count = n
	case c.o.zeroWord(v):
	case standsForCount(v):
		cell.Hidden = true
		c.ask(Question{Kind: AskWord, Code: v, Words: c.notACount(row, v, bad).Error()})
	default:
		return c.notACount(row, v, bad)
	}
	if at := c.columns.largest; at >= 0 {
		if cell.Largest, err = parseKnown(r.value(at)); err != nil {
			return c.fault(row, "the largest contribution %v", err)
		}
		if !cell.Hidden && cell.Largest > cell.Count {
			return c.fault(row, "the largest contribution, %d, is greater than the count, %d", cell.Largest, cell.Count)
		}
	}
	if at := c.columns.contributors; at >= 0 {
		if cell.Contributors, err = parseKnown(r.value(at)); err != nil {
			return c.fault(row, "the number of contributors %v", err)
		}
	}
	return nil
}

// notACount says why a count is none, and what a hidden one would look like.
func (c *File) notACount(row int, v string, err error) error {
	if c.symbol != "" && !strings.ContainsAny(v, "0123456789") && v != "" {
		return c.fault(row, "the count %v; a hidden count is written %s", err, c.symbol)
	}
	return c.fault(row, "the count %v", err)
}

// parseKnown reads a number that may be left out.
func parseKnown(v string) (int64, error) {
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
func (c *File) combinations(row int, codes []codeList) error {
	product := 1
	if c.columns.across != "" {
		product = len(c.columns.counts) + 1
	}
	for d := range codes {
		n := len(codes[d].list)
		if _, ok := codes[d].ids[sdc.Total]; !ok {
			n++
		}
		if product *= n; product > sdc.MaxCells {
			return c.fault(row, "the codes of the columns can be put together in more than %d ways; leave out a dimension, or "+
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
			names := slices.Repeat([]string{sdc.Total}, len(c.Table.Dimensions))
			for d := range codes {
				names[d] = codes[d].list[codes[d].rows[i]]
			}
			return input.Refusal(fmt.Sprintf("%s is the same as %s: %s; keep one of them", c.rowName(c.rows[i]),
				c.rowName(c.rows[first]), c.Table.Label(names)))
		}
		seen[key] = int32(i)
	}
	return nil
}

// across is how many cells of a table one row has.
func (c *File) perRow() int {
	if c.columns.across != "" {
		return len(c.columns.counts)
	}
	return 1
}

// Row names the row of a cell as a spreadsheet counts, where the names of the
// columns are row 1: "row 7".
func (c *File) Row(cell int) string { return c.rowName(c.rows[cell/c.perRow()]) }

// Explain turns a *TableError error about a cell of this table into one that names
// its row. Other errors are given back as they are.
func (c *File) Explain(err error) error {
	var not *sdc.TableError
	if !errors.As(err, &not) || not.Cell < 0 || not.Cell >= len(c.rows)*c.perRow() ||
		!slices.ContainsFunc(c.all(), func(t *sdc.Table) bool { return t.Name == not.Table }) {
		return err
	}
	words := c.Row(not.Cell) + ": " + not.Words
	for _, d := range c.Table.Dimensions {
		for child := range d.Parent {
			if strings.Contains(child, "/") && strings.Contains(words, "not the sum of its parts") {
				words += "; " + child + " is read as a part of " + d.Parent[child] +
					": name the other parts too, or write it without the slash if it is none"
				return &sdc.TableError{Table: c.Table.Name, Cell: -1, Words: words}
			}
		}
	}
	return &sdc.TableError{Table: c.Table.Name, Cell: -1, Words: words}
}
