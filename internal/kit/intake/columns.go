package intake

import (
	"slices"
	"strings"

	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
)

// A Field is something that a kind reads of each row of a table, whatever the column is
// called in which it stands.
type Field struct {
	Name, Title, Hint string
	Needed            bool
	// Or are other fields that do as well where this one is needed, such as the address for
	// the name.
	Or []string
	// Whole are the values that may be given once for all rows of a file which has no such
	// column; nil where none may.
	Whole []ui.Choice
	// Words are the values that a word in the column may stand for; nil where words are
	// taken as they are.
	Words []ui.Choice
}

// A Matching says in which columns a file has the fields of its kind. A person gives it
// for files whose headers are not known, once for each sender.
type Matching struct {
	// Columns gives the header for a field, as the file writes it.
	Columns map[string]string `json:"columns,omitempty"`
	// Whole gives the value that a field has in all rows.
	Whole map[string]string `json:"whole,omitempty"`
	// Words gives what words in the column of a field stand for: by the field, and by the
	// word; "" is an empty cell. The value LeaveOut leaves the row out.
	Words map[string]map[string]string `json:"words,omitempty"`
}

// LeaveOut in place of a value says that rows with a word are not to be read.
const LeaveOut = "-"

// AsItIs in place of a value says that a word is what it says, in a column whose words stand
// for nothing else.
const AsItIs = "="

// LeaveChoice is the choice of LeaveOut.
var LeaveChoice = ui.Choice{Value: LeaveOut, Text: "Leave these rows out"}

// KeepOrLeave are the choices of a column whose words are taken as they are, or left out.
func KeepOrLeave(keep string) []ui.Choice {
	return []ui.Choice{{Value: AsItIs, Text: keep}, LeaveChoice}
}

// IsZero reports whether nothing is said.
func (m Matching) IsZero() bool { return len(m.Columns)+len(m.Whole)+len(m.Words) == 0 }

// Head finds the columns that a person chose in a row; all is false where none was chosen, or
// the row does not name every one of them.
func (m Matching) Head(cells []string) (h sheet.Head, all bool) {
	if len(m.Columns) == 0 {
		return h, false
	}
	h = sheet.Head{At: map[string]int{}, As: map[string]string{}}
	used := map[int]bool{}
	for field, name := range m.Columns {
		is := func(cell string) bool { return sheet.FoldName(cell) == sheet.FoldName(name) }
		i := slices.IndexFunc(cells, is)
		if i < 0 {
			return sheet.Head{}, false
		}
		h.At[field], h.As[field], used[i] = i, cells[i], true
		if slices.ContainsFunc(cells[i+1:], is) {
			h.Same = append(h.Same, field)
		}
	}
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if h.Width = i + 1; !used[i] {
			h.Extra = append(h.Extra, cell)
		}
	}
	slices.Sort(h.Same)
	return h, true
}

// Said is what words in the columns of fields stand for, by the field and the word as
// sheet.FoldName writes it.
type Said map[string]map[string]string

// Said gives what was said of words, for the many rows of a file.
func (m Matching) Said() Said {
	out := Said{}
	for field, words := range m.Words {
		out[field] = map[string]string{}
		for word, value := range words {
			out[field][sheet.FoldName(word)] = value
		}
	}
	return out
}

// Of gives what a cell in the column of a field stands for; "" where nothing was said of it.
// Case, spaces and punctuation do not count.
func (s Said) Of(field, cell string) string {
	if len(s[field]) == 0 {
		return ""
	}
	return s[field][sheet.FoldName(cell)]
}

// LeavesOut reports whether the person wants rows with a word in the column of a field left out.
func (s Said) LeavesOut(field, cell string) bool { return s.Of(field, cell) == LeaveOut }

// Missing lists the fields that are needed and have neither a column nor a value.
func (m Matching) Missing(fields []Field) []Field {
	has := func(name string) bool { return m.Columns[name] != "" || m.Whole[name] != "" }
	var out []Field
	for _, f := range fields {
		if f.Needed && !has(f.Name) && !slices.ContainsFunc(f.Or, has) {
			out = append(out, f)
		}
	}
	return out
}

// A Draft is how a file would be read, for a person to look at before it is.
type Draft struct {
	File     string
	Rows     int // below the headers
	Columns  []DraftColumn
	Matching Matching // what was said, or else what the headers are known as
	Words    []DraftWord
	Heads    []string   // of First
	First    [][]string // the first rows as they would be loaded
	LeftOut  []string   // why some of the first rows would not be
	Private  bool       // rows are about children: they are counted, and none is kept
	// Ask says that a person has to be asked: something needed is missing, or many rows
	// have a word that is not known.
	Ask bool
}

// A DraftColumn is a column of the file.
type DraftColumn struct {
	Header  string
	Samples []string // the first values in it that differ, at most three
}

// A DraftWord is a word in a column whose words stand for something.
type DraftWord struct {
	Field string
	Word  string // as the file writes it; "" for an empty cell
	Rows  int
	Value string // "" where it is not known
}

// Headers gives the headers of a file in an order that does not depend on it, folded: two
// files from one sender have the same.
func (d *Draft) Headers() string {
	var out []string
	for _, c := range d.Columns {
		out = append(out, sheet.FoldName(c.Header))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "\n")
}
