package period

import "time"

// easter gives Easter Sunday of a year of the Gregorian calendar (the
// anonymous algorithm of Meeus, Jones and Butcher).
func easter(y int) Date {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{y, time.Month(n / 31), n%31 + 1}
}

// specials are the bank holidays of England and Wales that a proclamation added
// or moved; source: the bank holiday notices of the UK government, 1995 to 2024.
var specials = map[Date]bool{
	{1995, time.May, 8}: true, {1999, time.December, 31}: true,
	{2002, time.June, 3}: true, {2002, time.June, 4}: true,
	{2011, time.April, 29}: true, {2012, time.June, 4}: true, {2012, time.June, 5}: true,
	{2020, time.May, 8}: true, {2022, time.June, 2}: true, {2022, time.June, 3}: true,
	{2022, time.September, 19}: true, {2023, time.May, 8}: true,
}

// moved are the ordinary bank holidays that were not kept in a year, because a
// proclamation moved them to a day in specials.
var moved = map[Date]bool{
	{1995, time.May, 1}: true, {2002, time.May, 27}: true, {2012, time.May, 28}: true,
	{2020, time.May, 4}: true, {2022, time.May, 30}: true,
}

// IsBankHoliday reports whether d is a bank holiday in England, from 1978 (when
// the early May holiday began) on. Holidays proclaimed after this was written
// are not known; the operator's guide says how to add one.
func IsBankHoliday(d Date) bool {
	if specials[d] {
		return true
	}
	if moved[d] {
		return false
	}
	sunday := easter(d.Year)
	if d == sunday.AddDays(-2) || d == sunday.AddDays(1) {
		return true
	}
	if d.Weekday() == time.Monday {
		switch {
		case d.Month == time.May && (d.Day <= 7 || d.Day >= 25):
			return true
		case d.Month == time.August && d.Day >= 25:
			return true
		}
	}
	return d == newYear(d.Year) || d == christmas(d.Year) || d == boxing(d.Year)
}

func newYear(y int) Date {
	d := Date{y, time.January, 1}
	switch d.Weekday() {
	case time.Saturday:
		return d.AddDays(2)
	case time.Sunday:
		return d.AddDays(1)
	}
	return d
}

// christmas and boxing give the days on which the two are kept: their own, or
// where that is at the weekend the next free weekdays.
func christmas(y int) Date {
	d := Date{y, time.December, 25}
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return Date{y, time.December, 27}
	}
	return d
}

func boxing(y int) Date {
	d := Date{y, time.December, 26}
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return Date{y, time.December, 28}
	}
	return d
}

// IsWorkingDay reports whether d is Monday to Friday and no bank holiday.
func IsWorkingDay(d Date) bool {
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday && !IsBankHoliday(d)
}

// AddWorkingDays gives the n-th working day after d (d itself is day 0, whether
// or not it is one).
func AddWorkingDays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if IsWorkingDay(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween counts the working days after from, up to and with to.
func WorkingDaysBetween(from, to Date) int {
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if IsWorkingDay(d) {
			n++
		}
	}
	return n
}
