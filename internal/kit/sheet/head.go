package sheet

import (
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
	At    map[string]int // column name → index, for those found
	Extra []string       // headers that are none of the columns, as they are written
	Twice []string       // headers of a column that an earlier one already is
	Width int            // cells up to the last that has something in it
}

// MatchHead reads cells as the header row of a table of columns. Case, spaces and
// punctuation do not count: "Date of Contact", "date_of_contact" and
// "DateOfContact" are one name.
func MatchHead(cells []string, columns []Column) Head {
	names := make(map[string]string, len(columns))
	for _, c := range columns {
		names[FoldName(c.Name)] = c.Name
		for _, also := range c.Also {
			if k := FoldName(also); names[k] == "" {
				names[k] = c.Name
			}
		}
	}
	h := Head{At: map[string]int{}}
	for i, cell := range cells {
		if cell != "" {
			h.Width = i + 1
		}
		name, known := names[FoldName(cell)]
		if !known {
			if cell != "" {
				h.Extra = append(h.Extra, cell)
			}
			continue
		}
		if _, taken := h.At[name]; taken {
			h.Twice = append(h.Twice, cell)
			continue
		}
		h.At[name] = i
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
	if len(cells) < h.Width {
		return false
	}
	for _, c := range cells[h.Width:] {
		if c != "" {
			return false
		}
	}
	return true
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
