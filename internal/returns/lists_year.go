package returns

import (
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// settleYear finds the year that the list is of, and leaves out rows of others.
func (r *listReader) settleYear() error {
	file := r.list.file.Name
	if len(r.rows) == 0 {
		return intake.Refuse(file, "there is no row in the list that can be counted; look at the dates in the column %s",
			r.spec.date)
	}
	if r.year == 0 {
		r.year = period.YearOf(r.rows[0].on())
		for _, row := range r.rows {
			if y := period.YearOf(row.on()); y != r.year {
				return intake.Refuse(file, "the list has %s of %s and of %s; say which year it is to be read for, such as %s",
					r.spec.thing[1], min(y, r.year), max(y, r.year), max(y, r.year))
			}
		}
	}
	span, year := r.span(), r.year.Span()
	var kept []listedCase
	var outside losses
	inYear := 0
	for _, row := range r.rows {
		if year.Contains(row.on()) {
			inYear++
		}
		if r.n.event(row.on(), span); span.Contains(row.on()) {
			kept = append(kept, row)
			continue
		}
		r.note(int64(row.line), r.spec.date, ruleOutsideYear, "The date is not in %s. The row was left out.", r.asked())
		if !year.Contains(row.on()) && !r.goesOn(row, year) {
			outside.add(r.n)
		}
	}
	if len(kept) == 0 {
		return intake.Refuse(file, "nothing in the list falls in %s: this looks like the list of another year; give the "+
			"right year, or the right file", r.asked())
	}
	if outside.count > max(inYear, fewLosses) {
		return intake.Refuse(file, "%s of the %s rows fall outside %s, so that this looks like the list of another year; "+
			"give the right year, or a list of what began in the year", lang.Number(outside.count),
			lang.Number(len(r.rows)), r.year)
	}
	r.checkSwapped()
	r.list.says.ask(r.n, file, span, r.asked())
	r.checkUncounted(outside.count)
	r.rows = kept
	return nil
}

// goesOn reports whether a row is of early help that began before the year and, as far
// as the list has a column for its end, went on in it: a list of the year may have it.
func (r *listReader) goesOn(row listedCase, year period.Span) bool {
	return r.spec.kind == EarlyHelp && r.list.head.Index(colEnd) >= 0 && row.on().Before(year.From) &&
		(row.ended().IsZero() || !row.ended().Before(year.From))
}

// span is the days that the list is counted for: the year, or the part of it that was asked
// for.
func (r *listReader) span() period.Span {
	if !r.part.IsZero() {
		return r.part
	}
	return r.year.Span()
}

// asked is that in words.
func (r *listReader) asked() string { return intake.Part{Span: r.part}.Words(r.year.String()) }
