package sheet

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// A Column is one that a reader looks for, by its name or another that it goes by.
type Column struct {
	Name string
	Also []string
}

// A Head says where the columns that a reader looks for stand in a row.
type Head struct {
	At    map[string]int    // column name → index, for those found
	Extra []string          // headers that are none of the columns, as they are written
	Twice []string          // headers of a column that an earlier one already is
	Same  []string          // names of columns that stand twice under one header, so that neither is the meant one
	Width int               // cells up to the last that has something in it
	As    map[string]string // column name → its header as it is written
}

// MatchHead reads cells as the header row of a table of columns. Case, spaces and
// punctuation do not count: "Date of Contact", "date_of_contact" and
// "DateOfContact" are one name. A column's own name is taken before any other that
// it goes by, wherever it stands.
func MatchHead(cells []string, columns []Column) Head {
	own, others := make(map[string]string, len(columns)), make(map[string]string, len(columns))
	for _, c := range columns {
		own[FoldName(c.Name)] = c.Name
	}
	for _, c := range columns {
		for _, also := range c.Also {
			if k := FoldName(also); own[k] == "" && others[k] == "" {
				others[k] = c.Name
			}
		}
	}
	h := Head{At: map[string]int{}, As: map[string]string{}}
	taken := make([]bool, len(cells))
	for _, names := range []map[string]string{own, others} {
		for i, cell := range cells {
			name := names[FoldName(cell)]
			if _, found := h.At[name]; name == "" || found {
				continue
			}
			h.At[name], h.As[name], taken[i] = i, cell, true
		}
	}
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		h.Width = i + 1
		switch k := FoldName(cell); {
		case taken[i]:
		case own[k] != "" || others[k] != "":
			h.Twice = append(h.Twice, cell)
			if name := cmp.Or(own[k], others[k]); FoldName(h.As[name]) == k && !slices.Contains(h.Same, name) {
				h.Same = append(h.Same, name)
			}
		default:
			h.Extra = append(h.Extra, cell)
		}
	}
	return h
}

// Index gives where a column stands, or -1.
func (h Head) Index(name string) int {
	if i, ok := h.At[name]; ok {
		return i
	}
	return -1
}

// Fits reports whether a row of text has a cell for every header, and nothing
// beyond them: empty cells at the end do no harm.
func (h Head) Fits(cells []string) bool {
	return len(cells) >= h.Width && h.within(cells)
}

func (h Head) within(cells []string) bool {
	for _, c := range cells[min(h.Width, len(cells)):] {
		if c != "" {
			return false
		}
	}
	return true
}

// Within refuses a row of text that has something in it beyond the columns of its header,
// as 1,000 without quotation marks makes it: what stands in such a row may be in the wrong
// column. In a workbook each cell is under its own column, whatever stands beside the table.
func (t *Table) Within(width int, row Row) error {
	if t.hidden != nil || (Head{Width: width}).within(row.Cells) {
		return nil
	}
	return problem(ErrCells, row.Line, "a row has more cells than the header has columns, so that what it says may be "+
		"read from the wrong column: put the numbers, such as 1,000, and words with a comma in them in quotation marks, or "+
		"save the file again from the spreadsheet; if a column has no heading, give it one")
}

// FoldName reduces a header to lower case without the spaces and punctuation that
// people write headers with. Brackets and quotes stay: a cell that has them is
// data that mentions a header.
func FoldName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("_-–./()'’?:#", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
