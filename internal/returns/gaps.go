package returns

import (
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// What an export left empty is not there, though its column or element is: what ended
// would be counted as going on. The column beside it, which says why it ended, tells.

// A gap counts what has a reason for its end, and of that what has no day of it.
type gap struct {
	all, without int
	first        int64 // the line of the first that has none
}

// gapOneIn is the share of what ended that may have no day of its end.
const gapOneIn = 10

// see takes the end and the reason for it of one record, and notes the one without the other.
func (g *gap) see(n *notes, file, field, reasonField string, line int64, reason string, end period.Date) {
	if sheet.IsNothing(reason) {
		return
	}
	if g.all++; !end.IsZero() {
		return
	}
	if g.without++; g.without == 1 {
		g.first = line
	}
	n.add(file, line, field, ruleMissingValue, "There is a reason for the end in %s and no date in %s. It is counted as still "+
		"open; put in the date.", reasonField, field)
}

// ask asks about a return in which many ends have a reason and no day, and reports whether
// it did.
func (g *gap) ask(n *notes, file, field, reasonField, what string) bool {
	if g.without <= max(g.all/gapOneIn, fewLosses) {
		return false
	}
	n.doubt(file, g.first, field, ruleNothingOf, "%s of the %s %s with a reason for the end (%s) have no date of it (%s). They "+
		"would be counted as still open. Look whether the column was exported with what is in it.",
		lang.Number(g.without), lang.Number(g.all), what, reasonField, field)
	return true
}
