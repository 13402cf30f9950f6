package returns

import (
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// Databases keep what was cancelled or entered in error, with a word about it in a column that no
// count looks at. Such rows are counted like any other, so whoever gives the file is asked.

// struckWords are what such a row says, as sheet.FoldName writes them.
var struckWords = map[string]bool{
	"cancelled": true, "canceled": true, "void": true, "voided": true, "deleted": true, "withdrawn": true,
	"error": true, "inerror": true, "enteredinerror": true, "createdinerror": true, "openedinerror": true,
	"recordedinerror": true, "duplicate": true, "duplicated": true, "duplicaterecord": true, "test": true,
	"testrecord": true, "donotcount": true, "donotuse": true, "excluded": true,
}

// A struckCheck counts rows that say in a column which is not read that they were struck out.
type struckCheck struct {
	columns []int // those not read
	headers []string
	rows    tallied
	column  string // of the first such row
	word    string
}

// newStruckCheck finds the columns of a header that are read as nothing.
func newStruckCheck(cells []string, h sheet.Head) struckCheck {
	var c struckCheck
	read := make(map[int]bool, len(h.At))
	for _, at := range h.At {
		read[at] = true
	}
	for i, cell := range cells {
		if cell != "" && !read[i] {
			c.columns, c.headers = append(c.columns, i), append(c.headers, strings.Clone(cell))
		}
	}
	return c
}

// longestStruck is how long a cell can be that is one of the words, with what stands about it.
const longestStruck = 24

// see takes a row that is counted.
func (c *struckCheck) see(row sheet.Row) {
	for i, at := range c.columns {
		cell := row.Cell(at)
		if cell == "" || len(cell) > longestStruck || cell[0] >= '0' && cell[0] <= '9' {
			continue
		}
		if !struckWords[sheet.FoldName(cell)] {
			continue
		}
		if c.rows.add(row.Line); c.rows.count == 1 {
			c.column, c.word = c.headers[i], strings.Clone(cell)
		}
		return
	}
}

// ask asks about such rows.
func (c *struckCheck) ask(n *notes, file, many string) {
	if c.rows.count == 0 {
		return
	}
	n.doubt(file, c.rows.line, cut(c.column), ruleStruck, "%s “%s”, or another word for what should not count, in the "+
		"column “%s”, which is not read: %s counted like all other %s. Take them out of the file if they should not count.",
		lang.Plural(c.rows.count, "row says", "rows say"), cut(c.word), cut(c.column),
		lang.Noun(c.rows.count, "it is", "they are"), many)
}
