package returns

import (
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
)

// losses are the rows of a table that were left out for the form of their cells.
// One such row is a slip; most of them are a form that is not read, and what is
// left would be counted as if it were all there is.
type losses struct {
	count int
	first intake.Finding // about the first of them
}

// add counts a row about which the latest finding is.
func (l *losses) add(n *notes) {
	if l.count++; l.count == 1 {
		l.first = n.latest
	}
}

// fewLosses is how many rows may be left out of a table whatever is left.
const fewLosses = 2

// refuse refuses a table of which more rows were left out than kept.
func (l *losses) refuse(kept int) error {
	if l.count <= max(kept, fewLosses) {
		return nil
	}
	return &intake.Fatal{File: l.first.File, Line: l.first.Line, Words: lang.Number(l.count) + " of the " +
		lang.Number(l.count+kept) + " rows cannot be counted, so that most of what the file holds would be missing from " +
		"the figures. Fix the form of the cells and give it again; of the first, in the column " + l.first.Field + ": " +
		l.first.Message}
}
