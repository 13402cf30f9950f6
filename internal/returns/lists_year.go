package returns

import (
	"slices"

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
	r.checkMonths(span)
	return nil
}

// From how many rows of a month, in the middle, a list is asked about a month that has less
// than one in so many of them: of fewer a month without any may be right.
const fullMonth, monthOneIn = 20, 10

// checkMonths asks about a list that lacks a month between two others: exports are often put
// together month by month, and one that was left out would be counted as a quiet month. Of
// months missing at the end the preview asks.
func (r *listReader) checkMonths(span period.Span) {
	months := span.Months()
	rows := make([]int, len(months))
	for _, row := range r.rows {
		rows[slices.IndexFunc(months, func(m period.Span) bool { return m.Contains(row.on()) })]++
	}
	for len(rows) > 0 && rows[len(rows)-1] == 0 {
		rows = rows[:len(rows)-1]
	}
	for len(rows) > 0 && rows[0] == 0 {
		rows, months = rows[1:], months[1:]
	}
	sorted := slices.Sorted(slices.Values(rows))
	if len(rows) < 3 || sorted[len(rows)/2] < fullMonth { // of two months none is between
		return
	}
	usual := sorted[len(rows)/2]
	var lacking []string
	var others []int
	for i, n := range rows {
		switch {
		case i == 0 || i == len(rows)-1 || n*monthOneIn >= usual:
			others = append(others, n)
		case n == 0:
			lacking = append(lacking, "no "+r.spec.thing[0]+" is of "+months[i].From.Format("January 2006"))
		default:
			lacking = append(lacking, "only "+lang.Plural(n, r.spec.thing[0], r.spec.thing[1])+" "+lang.Noun(n, "is", "are")+
				" of "+months[i].From.Format("January 2006"))
		}
	}
	if len(lacking) == 0 {
		return
	}
	r.n.doubt(r.list.file.Name, 0, r.spec.date, ruleNothingOf, "%s, and between %s and %s are of each other month. Look "+
		"whether a month was left out of the export.", lang.Sentence(lang.Join(lacking)),
		lang.Number(slices.Min(others)), lang.Number(slices.Max(others)))
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
