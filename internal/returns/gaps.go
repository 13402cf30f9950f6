package returns

import (
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
	referred := r.anyReferred()
	if r.blank <= all/gapOneIn && (referred || r.blank < manyUntold) {
		return nil
	}
	r.n.doubt(r.list.file.Name, r.blankAt, colOutcome, ruleMissingValue, "%s of the %s contacts have no outcome. They "+
		"count as contacts that did not become a referral, so the share that did falls. Look whether an empty cell means "+
		"that, and else fill in the outcomes.", lang.Number(int(r.blank)), lang.Number(int(all)))
	return nil
}

// checkLegal asks about a return in which many episodes have no legal status: it alone tells
// short breaks, which are not counted, from the rest.
func (r *lookedReader) checkLegal(file string) {
	if all := len(r.episodes); all >= manyEpisodes && r.unruled.count > all/gapOneIn {
		r.n.doubt(file, r.unruled.line, "LS", ruleMissingValue, "%s of the %s episodes have no legal status (LS) that is "+
			"read. Children in a series of short breaks (V3 or V4) are then counted as looked after. Look whether the column "+
			"was exported with what is in it.", lang.Number(r.unruled.count), lang.Number(all))
	}
}

// swaps counts the dates outside a year that would be in it with day and month swapped, beside
// those whose day cannot be a month.
type swaps struct {
	swapped, late int
	months        [13]bool // in which the swapped ones stand
	first         int64    // the line of the first
}

// swapped gives a date with day and month swapped; ok is false for a day that is no month.
func swapped(d period.Date) (period.Date, bool) {
	const months = 12
	if d.Day > months {
		return d, false
	}
	return period.NewDate(d.Year, time.Month(d.Day), int(d.Month)), true
}

// see takes a date that belongs in the year, as far as it is outside it.
func (s *swaps) see(d period.Date, year period.Span, line int64) {
	if d.IsZero() || year.Contains(d) {
		return
	}
	other, could := swapped(d)
	switch {
	case !could:
		s.late++
	case year.Contains(other):
		if s.swapped++; s.swapped == 1 {
			s.first = line
		}
		s.months[d.Month] = true
	}
}

// So many dates outside the year that would be in it if swapped are asked about, from so many
// months: a list that goes on for some days after the year has as many, all of one month.
const fewSwapped, fewSwappedMonths = 5, 4

// ask asks about a file with many dates that would be in the year with the month first, where
// those that could not be swapped are few, and reports whether it did.
func (s *swaps) ask(n *notes, file, field string, year period.Year) bool {
	months := 0
	for _, is := range s.months {
		if is {
			months++
		}
	}
	if s.swapped < fewSwapped || months < fewSwappedMonths || s.swapped <= 2*s.late {
		return false
	}
	n.doubt(file, s.first, field, ruleOutsideYear, "%s dates are not in %s, and would be if the month stood first in "+
		"them. Look whether a spreadsheet read some of the dates with the month first: others are then in a wrong month too.",
		lang.Number(s.swapped), year)
	return true
}

// checkSwapped asks about a list some of whose dates have day and month swapped: many fall out
// of the year, or out of the order of the others.
func (r *listReader) checkSwapped() {
	var s swaps
	for _, row := range r.rows {
		s.see(row.on(), r.year.Span(), int64(row.line))
	}
	if !s.ask(r.n, r.list.file.Name, r.spec.date, r.year) {
		r.checkOrder()
	}
}

// near is how many days lie at most between a date of the first twelve days of a month and
// the last date before it of another day, in a list by date.
const near = 31

// checkOrder asks about a list by date of which some dates are out of order, and would be in
// order with day and month swapped. Dates after the twelfth, which cannot be swapped, tell
// where in the order a row is.
func (r *listReader) checkOrder() {
	var sure period.Date
	all, right, wrong := 0, 0, tallied{}
	for _, row := range r.rows {
		on := row.on()
		other, could := swapped(on)
		if !could {
			sure = on
			continue
		}
		if sure.IsZero() || other == on {
			continue
		}
		all++
		here, there := apart(sure, on) <= near, apart(sure, other) <= near
		switch {
		case here && !there:
			right++
		case there && !here:
			wrong.add(int64(row.line))
		}
	}
	const inOrder, fewWrong = 60, 20 // percent of all in a list by date; one in so many may be a slip
	if wrong.count <= max(fewSwapped, all/fewWrong) || 100*(right+wrong.count) < inOrder*all {
		return
	}
	r.n.doubt(r.list.file.Name, wrong.line, r.spec.date, ruleDate, "The list goes by date, and %s dates are out of order "+
		"that would be in order if the month stood first in them. Look whether some of the dates were written or read with "+
		"the month first.", lang.Number(wrong.count))
}

// apart is how many days lie between two dates.
func apart(a, b period.Date) int {
	d := a.DaysUntil(b)
	return max(d, -d)
}
