package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/period"
)

// A Moment is what a cell of a date says: the day, and the time of day as 15:04
// where there is one, in England's clock.
type Moment struct {
	Date period.Date
	Time string // "" when none is given, or midnight, which spreadsheets write for none
}

// Date reads a cell as a date, without its time of day: see ReadDate.
func (t *Table) Date(cell string) (period.Date, error) {
	if d, ok := quickDate(cell); ok {
		return d, nil
	}
	r, err := readDate(cell, t.from1904)
	return r.Date, err
}

// ReadDate reads a date that can mean one thing only: numbers with the day first
// or the year first, months in words in any order, a weekday that agrees, a time
// of day, an offset from Greenwich, and the number by which a spreadsheet keeps a
// date. A year of two digits is of 1950 to 2049.
func ReadDate(cell string) (Moment, error) {
	r, err := readDate(cell, false)
	return r.Moment, err
}

// A dateReading is a date and what can be told of the way it was written.
type dateReading struct {
	Moment
	shortYear, serial bool
	// dayFirst and monthFirst are set where numbers can be read in one order only;
	// with the month first that is a fault, for the rest of the column is then
	// read wrong.
	dayFirst, monthFirst bool
	numbers              bool // it is numbers alone, with the year last
	yearFirst            bool // it is numbers alone, with the year of four digits first
	// monthSecond and daySecond are set where the year stands first and the rest can be read
	// in one order only.
	monthSecond, daySecond bool
	pair                   [2]int // of numbers with a year of two digits, the first and the last; else noughts
}

// mostMonths is how many months there are: a larger number is a day.
const mostMonths = 12

var (
	yearFirstDate = regexp.MustCompile(`^(\d{4})([-/. ])(\d{1,2})[-/. ](\d{1,2})$`)
	numbersDate   = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$`)
	dayMonthDate  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?(?: of)?[-/., ]*([a-z]+)[-/.,' ]*(\d{4}|\d{2})$`)
	monthDayDate  = regexp.MustCompile(`^([a-z]+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})$`)
	weekdayBefore = regexp.MustCompile(`^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+`)
	timeAfter     = regexp.MustCompile(`^(.*?\d)(?:t|[ ,]+(?:at )?)(\d{1,2}[:.]\d{2}.*|\d{1,2} ?[ap]\.?m\.?|\d{4}|midnight|` +
		`noon|midday|12 noon)$`)
	offsetAfter = regexp.MustCompile(`^(.*\d) ?(z|utc|gmt|[+-]\d{2}:?\d{2})$`)
)

// longestDate is longer than any way of writing a date.
const longestDate = 60

func readDate(cell string, from1904 bool) (dateReading, error) {
	wrong := errors.New("this is not a date such as 14/06/2023 or 2023-06-14")
	if len(cell) > longestDate {
		return dateReading{}, wrong
	}
	s := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	if r, ok := compactDate(s, from1904); ok {
		return r, nil
	}
	weekday := ""
	if m := weekdayBefore.FindStringSubmatch(s); m != nil {
		weekday, s = m[1], s[len(m[0]):]
	}
	clockTime := ""
	if m := timeAfter.FindStringSubmatch(s); m != nil {
		// 14 June 2023 ends in four digits too, which are its year.
		if _, ok := dayOf(s); !ok {
			s, clockTime = strings.TrimRight(m[1], ", "), m[2]
		}
	}
	r, ok := dayOf(s)
	if !ok || weekday != "" && weekday != strings.ToLower(r.Date.Weekday().String()[:3]) {
		r.Moment = Moment{}
		return r, wrong
	}
	if clockTime == "" {
		return r, nil
	}
	offset := ""
	if m := offsetAfter.FindStringSubmatch(clockTime); m != nil {
		clockTime, offset = m[1], m[2]
	}
	at, err := ReadTime(clockTime)
	if err != nil {
		return dateReading{}, wrong
	}
	if r.Time = at; at == midnight {
		r.Time = ""
	}
	if offset != "" {
		r.Moment = inEngland(r.Moment, offset)
	}
	return r, nil
}

// inEngland gives a moment that is so far from Greenwich as England's clock shows
// it. Midnight in Greenwich stays the day that it is: it is how programs write a
// day without a time.
func inEngland(m Moment, offset string) Moment {
	hours, minutes, sign := 0, 0, 1
	if len(offset) > 3 {
		hours, minutes = digits(offset[1:3]), digits(offset[len(offset)-2:])
	}
	if offset[0] == '-' {
		sign = -1
	}
	if hours == 0 && minutes == 0 && m.Time == "" {
		return m
	}
	var hour, minute int
	if m.Time != "" {
		hour, minute = digits(m.Time[:2]), digits(m.Time[3:])
	}
	zone := time.FixedZone("", sign*(hours*3600+minutes*60))
	t := time.Date(m.Date.Year, m.Date.Month, m.Date.Day, hour, minute, 0, 0, zone).In(clock.London)
	out := Moment{Date: period.DateOf(t), Time: t.Format("15:04")}
	if out.Time == midnight {
		out.Time = ""
	}
	return out
}

// dayOf reads a date in small letters that has no time of day.
func dayOf(s string) (r dateReading, ok bool) {
	var year, month, day string
	if m := yearFirstDate.FindStringSubmatch(s); m != nil {
		year, month, day, r.yearFirst = m[1], m[3], m[4], true
		second, third := digits(month), digits(day)
		r.monthSecond = second <= mostMonths && third > mostMonths
		r.daySecond = second > mostMonths && second <= 31 && third <= mostMonths && third > 0
	} else if m := numbersDate.FindStringSubmatch(s); m != nil {
		day, month, year, r.numbers = m[1], m[2], m[3], true
		first, second := digits(day), digits(month)
		r.dayFirst = first > mostMonths && second <= mostMonths
		r.monthFirst = second > mostMonths && second <= 31 && first <= mostMonths && first > 0
		if len(year) == 2 && second <= mostMonths {
			r.pair = [2]int{first, digits(year)}
		}
	} else if m := dayMonthDate.FindStringSubmatch(s); m != nil {
		day, month, year = m[1], monthNumber(m[2]), m[3]
	} else if m := monthDayDate.FindStringSubmatch(s); m != nil {
		month, day, year = monthNumber(m[1]), m[2], m[3]
	} else {
		return r, false
	}
	y, short := yearOf(year)
	r.shortYear = short
	r.Date, ok = realDate(y, digits(month), digits(day))
	return r, ok
}

// yearOf reads a year of four digits, or of two as one of 1950 to 2049.
func yearOf(s string) (year int, short bool) {
	y := digits(s)
	switch {
	case len(s) != 2:
		return y, false
	case y < 50:
		return 2000 + y, true
	}
	return 1900 + y, true
}

// monthNumber gives the number of a month in words: jun, june and, of September,
// sept; "0" of another word.
func monthNumber(word string) string {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || word == name[:3] || m == time.September && word == "sept" {
			return strconv.Itoa(int(m))
		}
	}
	return "0"
}

func realDate(y, m, d int) (period.Date, bool) {
	date := period.Date{Year: y, Month: time.Month(m), Day: d}
	if y < 1 || m < 1 || m > mostMonths || d < 1 || d > 28 && d > date.EndOfMonth().Day {
		return period.Date{}, false
	}
	return date, true
}

// quickDate reads the two forms that fill files, without trying others in turn.
func quickDate(s string) (period.Date, bool) {
	if len(s) != 10 {
		return period.Date{}, false
	}
	var y, m, d int
	switch {
	case s[2] == '/' && s[5] == '/':
		y, m, d = digits(s[6:10]), digits(s[3:5]), digits(s[0:2])
	case s[4] == '-' && s[7] == '-':
		y, m, d = digits(s[0:4]), digits(s[5:7]), digits(s[8:10])
	}
	return realDate(y, m, d)
}

// digits reads a whole number written in digits alone; -1 is anything else.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// compactDate reads a date that is one number: 20230614, 14062023, or the days
// since 1900 by which a spreadsheet keeps it, with the part of a day as its time.
func compactDate(s string, from1904 bool) (r dateReading, ok bool) {
	whole, _, _ := strings.Cut(s, ".")
	if len(whole) < 1 || len(whole) > 8 || digits(whole) < 0 {
		return r, false
	}
	if len(s) == 8 && len(whole) == 8 {
		if r.Date, ok = realDate(digits(s[:4]), digits(s[4:6]), digits(s[6:])); ok && inReason(r.Date.Year) {
			return r, true
		}
		r.Date, ok = realDate(digits(s[4:]), digits(s[2:4]), digits(s[:2]))
		return r, ok && inReason(r.Date.Year)
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return r, false
	}
	if n == 0 || int(n) == lastOfAll { // the number's way of writing no date
		return dateReading{Moment: Moment{Date: period.NewDate(9999, 12, 31)}, serial: true}, true
	}
	if from1904 {
		n += 1462 // days from 1 January 1900 to 1 January 1904, as workbooks count
	}
	if n < firstSerial || n >= lastSerial+1 {
		return r, false
	}
	r.serial = true
	r.Date = period.NewDate(1899, 12, 30).AddDays(int(n))
	minutes := int((n-float64(int(n)))*24*60 + 0.5)
	if minutes > 0 && minutes < 24*60 {
		r.Time = fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
	}
	return r, true
}

func inReason(year int) bool { return year >= 1900 && year < 2100 }

// The days on which workbooks' dates are few enough to be dates and not counts:
// 1 January 1925 to 31 December 2099; and 31 December 9999, the last of all.
const firstSerial, lastSerial, lastOfAll = 9133, 73050, 2958465
