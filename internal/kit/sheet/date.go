package sheet

import (
	"fmt"
	"strconv"
	"time"

	"kith/internal/kit/period"
)

// Date reads a cell as a date: 14/06/2023, 2023-06-14 and the other forms of
// period.ParseAnyDate, and in a workbook also the number by which it keeps a date.
func (t *Table) Date(cell string) (period.Date, error) {
	if d, ok := quickDate(cell); ok {
		return d, nil
	}
	if t.serials {
		if n, err := strconv.ParseFloat(cell, 64); err == nil {
			return t.serial(n)
		}
	}
	return period.ParseAnyDate(cell)
}

// quickDate reads the two forms that fill files, without trying layouts in turn.
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
	date := period.Date{Year: y, Month: time.Month(m), Day: d}
	if y < 1 || m < 1 || m > 12 || d < 1 || d > 28 && d > date.EndOfMonth().Day {
		return period.Date{}, false
	}
	return date, true
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

// The days on which workbooks' dates are few enough to be dates and not counts:
// 1 January 1925 to 31 December 2099.
const firstSerial, lastSerial = 9133, 73050

func (t *Table) serial(n float64) (period.Date, error) {
	if t.from1904 {
		n += 1462 // days from 1 January 1900 to 1 January 1904, as workbooks count
	}
	if n < firstSerial || n > lastSerial {
		return period.Date{}, fmt.Errorf("the number %v is not a date", n)
	}
	return period.NewDate(1899, 12, 30).AddDays(int(n)), nil
}
