package returns

import (
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
)

// Lists have headers of their own in each council's system. Which column is what is said by a
// person, who is shown what each holds and how it would be read: never what tells who a child
// is, and nothing of it is kept but the headers and the words that stand for a group.

// wordSets are the columns whose words stand for a group of a figure.
var wordSets = map[string]string{colSource: "source", colOutcome: "outcome", colSex: "sex"}

// noOutcome in place of a column says that a list does not tell what became of its contacts,
// as Ofsted's does not.
const noOutcome = "none"

// fieldWords are what the columns are called where a person chooses them, and what helps to
// tell them.
var fieldWords = map[string][2]string{
	colContact:     {"Date of contact", "The day on which it was received"},
	colStart:       {"Start date", "The day on which help started"},
	colEnd:         {"End date", ""},
	colSource:      {"Source", "Who made the contact or asked for help"},
	colOutcome:     {"Outcome", "What became of the contact"},
	colRecord:      {"Number of the record", "With it the same one is not counted twice"},
	colChild:       {"Number of the child", ""},
	colBorn:        {"Date of birth", "Ages are counted from it"},
	colExpected:    {"Expected date of birth", "Of a child who is not born yet"},
	colAge:         {"Age", "In years, where there is no date of birth"},
	colSex:         {"Sex", ""},
	colEthnic:      {"Ethnic group", ""},
	"organisation": {"Organisation", "Who leads the help"},
}

// fewestColumns is how many columns a list has that could be one.
const fewestColumns = 3

// listOf gives a kind of list as a person said that its columns are.
func listOf(kind string, said intake.Matching) listSpec {
	s := lists[kind]
	s.said = said
	return s
}

// without reports whether a person said that the list has no such column.
func (s listSpec) without(column string) bool {
	return column == colOutcome && s.said.Whole[colOutcome] == noOutcome
}

// fields lists what is read of each row, for a person to match.
func (s listSpec) fields() []intake.Field {
	var needed, others []intake.Field
	for _, c := range s.columns {
		f := intake.Field{Name: c.Name, Title: fieldWords[c.Name][0], Hint: fieldWords[c.Name][1],
			Needed: s.needs[c.Name] != ""}
		for _, g := range groups()[wordSets[c.Name]] {
			f.Words = append(f.Words, ui.Choice{Value: g.value, Text: g.label})
		}
		if len(f.Words) > 0 {
			f.Words = append(f.Words, intake.LeaveChoice)
		}
		if c.Name == colOutcome {
			f.Whole = ui.Choices(noOutcome, "The file does not say: only how many contacts is counted")
		}
		if f.Needed {
			needed = append(needed, f)
		} else {
			others = append(others, f)
		}
	}
	return append(needed, others...)
}

// matchList drafts how the file of a list would be read; nil where there are several, or it
// could not be one.
func matchList(kind string, files []intake.File, said intake.Matching) (*intake.Draft, error) {
	if len(files) != 1 {
		return nil, nil // reading them says that there is to be one
	}
	s := listOf(kind, said)
	return intake.DraftOf(files, sheet.Usual, s.fields(), said, func(f intake.File) (*intake.Drafting, error) {
		return s.drafting(f), nil
	})
}

// drafting is what the room knows of a list.
func (s listSpec) drafting(f intake.File) *intake.Drafting {
	var r *listReader
	return &intake.Drafting{
		Within: headerWithin, Least: fewestColumns, Private: true,
		Head: func(row sheet.Row) (map[string]int, bool) {
			h, said := s.head(row.Cells)
			return h.At, said || s.is(h, row.Cells, false) || s.isLike(h, row.Cells)
		},
		Other: func(row sheet.Row) bool { return s.isOther(row.Cells) },
		Begin: func(row sheet.Row) {
			h, _ := s.head(row.Cells)
			r = s.reader(foundList{file: f, head: h, line: row.Line},
				newNotes(intake.Source{Files: []intake.File{f}, Progress: func(string) {}}))
		},
		Cell: func(row sheet.Row, field string) string {
			cell := row.Cell(r.list.head.Index(field))
			if sheet.IsNothing(cell) {
				return ""
			}
			return strings.Join(strings.Fields(cell), " ")
		},
		Value: func(field, word string) string { return r.value(field, word) },
		Heads: []string{fieldWords[s.date][0], "Source", "Outcome", "Age", "Sex"},
		Row:   func(cells *sheet.Cells, row sheet.Row) ([]string, string) { return r.draft(cells, row) },
	}
}

// isOther reports whether a header is that of another kind of file.
func (s listSpec) isOther(cells []string) bool {
	var folded []string
	for _, c := range cells {
		folded = append(folded, sheet.FoldName(c))
	}
	for _, k := range known {
		if k.kind != s.kind && hasAll(folded, k.words) {
			return true
		}
	}
	return foreign(cells)
}

// value gives the group that a word is read as; "" where it is not known.
func (r *listReader) value(field, word string) string {
	set := wordSets[field]
	if r.words.LeavesOut(field, word) {
		return intake.LeaveOut
	}
	if g := r.words.Of(field, word); isGroup(set, g) {
		return g
	}
	if g := r.yesOrNo(word); field == colOutcome && g != "" {
		return g
	}
	g, how := codes()[set].group(word)
	switch {
	case how == odd:
		return ""
	case !isGroup(set, g): // a sex has no group for what is not known
		return "not-recorded"
	}
	return g
}

// unwanted reports whether a person wants a row left out for a word in it, and notes it once
// for the word.
func (r *listReader) unwanted(row sheet.Row) bool {
	for _, c := range r.spec.columns {
		i := r.list.head.Index(c.Name)
		if i < 0 || len(r.words[c.Name]) == 0 {
			continue
		}
		word := r.dates.cells.Text(c.Name, row.Cell(i), row.Line)
		if !r.words.LeavesOut(c.Name, word) {
			continue
		}
		if key := c.Name + "\x00" + sheet.FoldName(word); !r.leftOut[key] {
			r.leftOut[key] = true
			r.note(row.Line, c.Name, ruleLeftOut, "Rows that have %q here are left out, as you chose. Said once.", word)
		}
		return true
	}
	return false
}

// draft gives a row as it would be counted, or why it would be left out.
func (r *listReader) draft(cells *sheet.Cells, row sheet.Row) (shown []string, leftOut string) {
	if r.dates.cells == nil {
		r.dates = r.dater(cells)
	}
	before := len(r.rows)
	if r.unwanted(row) {
		return nil, ""
	}
	if err := r.take(row); err != nil {
		return nil, err.Error()
	}
	if len(r.rows) == before {
		return nil, r.n.latest.Message
	}
	c := r.rows[before]
	out := []string{c.on().Words(), label("source", r.groups.text(c.source)), "",
		label("age_band", r.groups.text(c.age)), label("sex", r.groups.text(c.sex))}
	if r.list.head.Index(colOutcome) >= 0 {
		out[2] = label("outcome", r.groups.text(c.outcome))
	}
	return out, ""
}
