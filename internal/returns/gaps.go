package returns

import (
	"slices"
	"time"

	"kith/internal/kit/intake"
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
	n.add(file, line, field, ruleMissingValue, "There is a reason for the end in %s and no date in %s. It is counted as "+
		"still open; put in the date.", reasonField, field)
}

// ask asks about a return in which many ends have a reason and no day, and reports whether
// it did.
func (g *gap) ask(n *notes, file, field, reasonField, what string) bool {
	if g.without <= max(g.all/gapOneIn, fewLosses) {
		return false
	}
	n.doubt(file, g.first, field, ruleNothingOf, "%s of the %s %s with a reason for the end (%s) have no date of it "+
		"(%s). They would be counted as still open. Look whether the column was exported with what is in it.",
		lang.Number(g.without), lang.Number(g.all), what, reasonField, field)
	return true
}

// checkBlankOutcomes refuses a list of contacts in which not one outcome is filled in, as one
// without the column, and asks about one in which many are not: a contact without an outcome
// counts as one that became no referral.
func (r *listReader) checkBlankOutcomes() error {
	if r.spec.kind != Contacts || r.list.head.Index(colOutcome) < 0 || r.blank <= fewLosses {
		return nil
	}
	all := int64(len(r.rows))
	if r.blank == all {
		return &intake.Fatal{File: r.list.file.Name, Line: r.blankAt, Words: "the column " + colOutcome + " is empty in " +
			"every row, so that no contact would be counted as a referral; export the list again with what is in the column"}
	}
	referred := slices.ContainsFunc(r.rows, func(c listedCase) bool { return c.outcome == "referral" })
	if r.blank <= all/gapOneIn && (referred || r.blank < manyUntold) {
		return nil
	}
	r.n.doubt(r.list.file.Name, r.blankAt, colOutcome, ruleMissingValue, "%s of the %s contacts have no outcome. They "+
		"count as contacts that did not become a referral, so the share that did falls. Look whether an empty cell means "+
		"that, and else fill in the outcomes.", lang.Number(int(r.blank)), lang.Number(int(all)))
	return nil
}

// Rows outside the year that may have day and month swapped, in all and one in so many, without
// being asked about.
const fewSwapped, swappedOneIn = 20, 5

// checkSwapped asks about a list of which many rows fall out of the year, and would fall in it
// with day and month swapped.
func (r *listReader) checkSwapped() {
	year, swapped, first := r.year.Span(), 0, int64(0)
	for _, row := range r.rows {
		const months = 12
		if year.Contains(row.on) || row.on.Day > months ||
			!year.Contains(period.NewDate(row.on.Year, time.Month(row.on.Day), int(row.on.Month))) {
			continue
		}
		if swapped++; swapped == 1 {
			first = row.line
		}
	}
	if swapped < fewSwapped || swapped*swappedOneIn < len(r.rows) {
		return
	}
	r.n.doubt(r.list.file.Name, first, r.spec.date, ruleOutsideYear, "%s of the %s rows are not in %s, and would be if "+
		"the month stood first in their dates. Look whether a spreadsheet read some of the dates with the month first.",
		lang.Number(swapped), lang.Number(len(r.rows)), r.year)
}
