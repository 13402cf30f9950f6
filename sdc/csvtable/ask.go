package csvtable

import (
	"fmt"
	"strings"

	"kith/sdc"
)

// A Kind is what must be known of a table before its counts can be protected.
type Kind uint8

// The kinds of questions.
const (
	// AskDerived: a column of percentages, rates or other numbers made from the counts,
	// which would give hidden counts back. It can only be left out.
	AskDerived Kind = iota
	// AskWhole: a column of whole numbers that may be a measure, a dimension or neither.
	AskWhole
	// AskCounts: no column is known to have the counts. Columns lists those that may.
	AskCounts
	// AskAcross: columns are the categories of a dimension that has no name.
	AskAcross
	// AskWord: a word stands where a count should.
	AskWord
	// AskBlank: a cell for a code is empty.
	AskBlank
	// AskDate: a code is a date, as spreadsheets make them of age bands.
	AskDate
	// AskAlike: two codes differ in their spelling only.
	AskAlike
	// AskTotal: a code seems to be the total of its column.
	AskTotal
)

// A Question is something that a table does not say of itself and that changes what is
// safe. Nothing of it is assumed.
type Question struct {
	Kind    Kind
	Words   string // what is asked, as a sentence without its full stop
	Column  string
	Columns []string // of AskCounts
	Code    string   // of AskBlank, AskDate, AskAlike and AskTotal; the word of AskWord
	Other   string   // the other code of AskAlike; what the code of AskDate may have been
	// Total is what is known of the code of AskTotal, and says of that of AskBlank
	// whether it is the sum of the others.
	Total *sdc.UnnamedTotal
}

// An Asked error lists what must be said before a table can be read.
type Asked struct {
	Questions []Question
}

// Error gives the questions, one after another.
func (e *Asked) Error() string {
	var words []string
	for _, q := range e.Questions {
		words = append(words, q.Words)
	}
	return strings.Join(words, "; ")
}

// ask notes a question, once.
func (c *File) ask(q Question) {
	for _, other := range c.asks {
		if other.Kind == q.Kind && other.Column == q.Column && other.Other == q.Other &&
			strings.EqualFold(other.Code, q.Code) {
			return
		}
	}
	c.asks = append(c.asks, q)
}

// Questions gives what is asked about the table, and about its totals as they are known
// now: after the marks and sub-totals that it was given.
func (c *File) Questions() []Question {
	out := append([]Question(nil), c.asks...)
	blank := map[string]*sdc.UnnamedTotal{}
	for _, t := range c.all() {
		for _, u := range sdc.UnnamedTotals(t) {
			switch {
			case u.Code == "":
				blank[u.Dimension] = &u
			case c.o.notTotal(u.Dimension, u.Code) || asked(out, u.Dimension, u.Code):
			default:
				out = append(out, Question{Kind: AskTotal, Column: u.Dimension, Code: u.Code, Total: &u, Words: totalWords(&u)})
			}
		}
	}
	for d := range c.Table.Dimensions {
		name := c.Table.Dimensions[d].Name
		i := c.blankCell(d)
		if i < 0 {
			continue
		}
		q := Question{Kind: AskBlank, Column: name, Total: blank[name],
			Words: fmt.Sprintf("%s: the cell in the column %q is empty", c.Row(i), name)}
		if q.Total != nil {
			q.Words += ", and the rows with nothing there are the sums of the others"
		}
		out = append(out, q)
	}
	return out
}

// Understood says what was made of a table that is not as usual, in sentences.
func (c *File) Understood() []string {
	var out []string
	switch names := c.list(c.columns.counts); {
	case c.columns.across != "":
		out = append(out, fmt.Sprintf("Read as a crosstab: the columns %s are the categories of %s.", names,
			c.columns.across))
	case len(c.columns.counts) > 1:
		out = append(out, fmt.Sprintf("The measures %s are protected together.", names))
	case !strings.EqualFold(names, "count"):
		out = append(out, fmt.Sprintf("The counts are those in the column %s.", names))
	}
	written, left := c.Notes()
	if len(written) > 0 {
		out = append(out, "Written as they are, since they are no counts: "+strings.Join(written, " | "))
	}
	if len(left) > 0 {
		out = append(out, "Not written, since they have numbers that may tell counts: "+strings.Join(left, " | "))
	}
	return out
}

func asked(list []Question, column, code string) bool {
	for _, q := range list {
		if q.Kind == AskTotal && q.Column == column && q.Code == code {
			return true
		}
	}
	return false
}

// blankCell gives the first cell that has no code in a dimension, or -1.
func (c *File) blankCell(d int) int {
	for i := range c.Table.Cells {
		if c.Table.Cells[i].Codes[d] == "" {
			return i
		}
	}
	return -1
}

// totalWords says what is known of a code that seems to be a total.
func totalWords(x *sdc.UnnamedTotal) string {
	what := "may be the sum of the others"
	switch {
	case x.Differs:
		what = "is named as a total and is not the sum of the others"
	case x.Lines > 1:
		what = fmt.Sprintf("is the sum of the others, %d times over", x.Lines)
	case x.Lines == 1:
		what = fmt.Sprintf("(%d) is the sum of the others", x.Count)
	}
	return fmt.Sprintf("%s in the column %s %s", x.Code, x.Dimension, what)
}
