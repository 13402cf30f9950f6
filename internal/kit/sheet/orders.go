package sheet

import "kith/internal/kit/lang"

// An orderLog tells from the dates of a column in which order they are written, where
// one of them alone does not tell.
type orderLog struct {
	// Of the dates with the year first, those with the month second, and with the day.
	monthSecond, daySecond tallied
	// Of the dates of three numbers of two digits, how many can be read with the year first
	// and with the day first, and which numbers stand first and last.
	pairs       tallied
	yearFirst   tallied // those that can be read with the year first only
	dayFirst    int64   // those that can be read with the day first only
	first, last [100]bool
	// Of the dates as text with the year last, and of those that a spreadsheet keeps as dates
	// or that are written with the year first, those of a day over 12 and the others.
	textLate, textEarly, keptLate, keptEarly tallied
}

// half takes the day of a date that is text, or that a spreadsheet keeps as a date.
func (o *orderLog) half(day int, text bool, line int64) {
	switch late := day > mostMonths; {
	case text && late:
		o.textLate.add(line)
	case text:
		o.textEarly.add(line)
	case late:
		o.keptLate.add(line)
	default:
		o.keptEarly.add(line)
	}
}

// halfSwapped reports whether a spreadsheet has read dates with the month first: what it could
// read so it made a date, of a day that was the month, and the rest it left as text. A few
// that somebody typed in since are no reason to think otherwise.
func (o *orderLog) halfSwapped() bool {
	few := func(of tallied) int64 { return max(fewSlips, of.count/slipOneIn) }
	return o.textEarly.count <= few(o.textLate) && o.keptLate.count <= few(o.keptEarly) &&
		min(o.textLate.count, o.keptEarly.count) >= tellingDates
}

func (o *orderLog) see(r dateReading, line int64) {
	if r.monthSecond {
		o.monthSecond.add(line)
	}
	if r.daySecond {
		o.daySecond.add(line)
	}
	first, last := r.pair[0], r.pair[1]
	if r.pair == [2]int{} {
		return
	}
	o.pairs.add(line)
	o.first[first], o.last[last] = true, true
	switch isDay := func(n int) bool { return n > 0 && n <= 31 }; {
	case !isDay(first) && isDay(last):
		o.yearFirst.add(line)
	case isDay(first) && !isDay(last):
		o.dayFirst++
	}
}

// fewSlips is how many dates may be slips, whatever the others are, and one in so many: a larger
// share is of rows that came from somewhere else.
const fewSlips, slipOneIn = 2, 20

// bothOrders refuses a column in which some dates can have the month first only and others the
// day: of a date such as 04/07/2023 nobody knows which it is.
func (l *columnLog) bothOrders(name string) error {
	swapped, told := l.monthFirst.count, l.monthFirst.count+l.dayFirst.count
	unsure := l.numbers - l.dayFirst.count
	if swapped <= max(fewSlips, l.dayFirst.count/slipOneIn) && (swapped == 0 || unsure <= 0 || swapped*slipOneIn < told) {
		return nil
	}
	return problem(ErrCells, l.monthFirst.line, "the dates of the column %s are written with the month first in %s and "+
		"with the day first in the others, so that of one such as 04/07/2023 it cannot be told which; set the column's "+
		"format to 14/06/2023 or 2023-06-14 and export it again", name, lang.Plural(int(swapped), "row", "rows"))
}

// So many dates tell days, of which there are many up to 31, from years.
const tellingDates, lateDay = 10, 28

// sound refuses a column whose dates would be read in a wrong order.
func (o *orderLog) sound(name string) error {
	if o.daySecond.count > max(o.monthSecond.count, fewSlips) {
		return problem(ErrCells, o.daySecond.line, "the dates of the column %s are written with the day before the month "+
			"after the year, so that many would be counted in a wrong month; set the column's format to 14/06/2023 or "+
			"2023-06-14 and export it again", name)
	}
	if o.halfSwapped() {
		return problem(ErrCells, o.keptEarly.line, "the dates of the column %s are text where the day is over 12 and dates "+
			"where it is not: a spreadsheet read half of the dates with the month first, so that day and month are swapped in "+
			"those; import the CSV anew with the column as text, or set the region to United Kingdom, and give the file "+
			"again", name)
	}
	firsts, mostFirst := spread(o.first)
	lasts, mostLast := spread(o.last)
	telling := o.pairs.count >= tellingDates && mostLast >= lateDay && mostLast > mostFirst && lasts > firsts
	if o.dayFirst < o.yearFirst.count || o.dayFirst == 0 && telling {
		line := o.yearFirst.line
		if line == 0 {
			line = o.pairs.line
		}
		return problem(ErrCells, line, "the dates of the column %s are written with the year first and in two digits, and "+
			"would be read with the day first; set the column's format to 14/06/2023 or 2023-06-14 and export it again", name)
	}
	return nil
}

// spread tells how many of the numbers there are, and the largest.
func spread(seen [100]bool) (count, most int) {
	for n, is := range seen {
		if is {
			count, most = count+1, n
		}
	}
	return count, most
}
