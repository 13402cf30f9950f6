package returns

import (
	"strings"

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

// largeTable is how many rows a table has of which fewer may be left out.
const largeTable = 20

// refuse refuses a table of which more rows were left out than kept, or more than a third
// where it is large: most often they are all of one sort, such as every episode that is
// still open, and what is left is no count of anything.
func (l *losses) refuse(kept int) error {
	may := kept
	if l.count+kept >= largeTable {
		may = kept / 2
	}
	if l.count <= max(may, fewLosses) {
		return nil
	}
	return &intake.Fatal{File: l.first.File, Line: l.first.Line, Words: lang.Number(l.count) + " of the " +
		lang.Number(l.count+kept) + " rows cannot be counted, so that much of what the file holds would be missing from " +
		"the figures. Fix the form of the cells and give it again; of the first, in the column " + l.first.Field + ": " +
		l.first.Message}
}

// A tallied is how many rows there were of a sort, and the line of the first.
type tallied struct {
	count int
	line  int64
}

func (t *tallied) add(line int64) {
	if t.count++; t.count == 1 {
		t.line = line
	}
}

// uncountedOneIn is the share of rows that may go uncounted without being asked about.
const uncountedOneIn = 10

// A reason is why so many rows are not counted.
type reason struct {
	count int
	why   string // what is so of them, such as "outside 2023-24"
}

// askUncounted asks about a file of which many of all rows are not counted, for whatever
// reasons together; things are what its rows are. At most a few of them may be a slip.
func askUncounted(n *notes, file, field, things string, all int, reasons ...reason) {
	count := 0
	var why []string
	for _, r := range reasons {
		if count += r.count; r.count > 0 {
			why = append(why, r.why+": "+lang.Number(r.count))
		}
	}
	if count <= max(all/uncountedOneIn, fewLosses) {
		return
	}
	n.doubt(file, 0, field, ruleUncounted, "%s of the %s %s would not be counted (%s). Look whether the file is "+
		"whole, and of the right kind and year.", lang.Number(count), lang.Number(all), things, strings.Join(why, "; "))
}
