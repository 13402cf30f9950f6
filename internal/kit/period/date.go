// Package period knows calendar dates, financial years and other spans of
// whole days, and the working days of England.
//
// A Date is a day in the calendar, with no clock and no time zone: the 31 March
// of a return is the same day wherever the program runs. A Span is a first and a
// last day, both counted. A year is the financial year of local government,
// 1 April to 31 March, written "2023-24".
package period

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// A Date is one calendar day. The zero Date means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate gives the day y-m-d, normalised as time.Date does.
func NewDate(y int, m time.Month, d int) Date {
	return DateOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// DateOf gives the calendar day of t, in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2024-03-31". Forms in which people write dates in files are
// ParseAnyDate's.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2024-03-31", s)
	}
	return DateOf(t), nil
}

// anyLayouts are the ways of writing a date that are read without guessing:
// day before month always, as in England.
var anyLayouts = []string{
	"2006-01-02", "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006",
	"2 January 2006", "2 Jan 2006", "02-Jan-2006", "2-Jan-2006", "2006/01/02",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00",
	"02/01/2006 15:04", "02/01/2006 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
}

// ParseAnyDate reads a date as files of England have it: 2023-06-14, 14/06/2023,
// 14 June 2023, with or without a time of day, which is dropped.
func ParseAnyDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	for _, l := range anyLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("%q is not a date such as 14/06/2023 or 2023-06-14", s)
}

// MustDate is ParseDate for dates written in the program; it panics on a bad one.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time gives midnight UTC at the start of d; for the zero Date the zero time.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// Format writes d by a layout of package time; the zero Date gives "".
func (d Date) Format(layout string) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(layout)
}

// String writes d as 2024-03-31; the zero Date as "".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Words writes d as people read it: 31 March 2024.
func (d Date) Words() string { return d.Format("2 January 2006") }

// Compare orders dates; the zero Date is before all others.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays gives the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// AddMonths gives the same day n months on, or the last day of that month where
// it is shorter: 31 August plus six months is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	last := first.EndOfMonth()
	return Date{first.Year, first.Month, min(d.Day, last.Day)}
}

// AddYears gives the same day n years on; 29 February becomes 28 February.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// StartOfMonth gives the first day of d's month.
func (d Date) StartOfMonth() Date { return Date{d.Year, d.Month, 1} }

// EndOfMonth gives the last day of d's month.
func (d Date) EndOfMonth() Date { return NewDate(d.Year, d.Month+1, 0) }

// IsMonthEnd reports whether d is the last day of a month.
func (d Date) IsMonthEnd() bool { return d == d.EndOfMonth() }

// DaysUntil gives the number of days from d to e.
func (d Date) DaysUntil(e Date) int {
	return int(e.Time().Sub(d.Time()) / (24 * time.Hour))
}

// AgeOn gives the age in whole years, on the day at, of somebody born on d. A
// person born on 29 February has their birthday on 1 March of other years, as
// the law of England counts it.
func (d Date) AgeOn(at Date) int {
	years := at.Year - d.Year
	if at.Month < d.Month || at.Month == d.Month && at.Day < d.Day {
		years--
	}
	return years
}

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// Value binds d to a TEXT column as 2024-03-31; the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a column that Value wrote; NULL gives the zero Date.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = DateOf(v)
		return nil
	}
	return fmt.Errorf("period.Date: cannot read %T", v)
}

// MarshalText writes d as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	u, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = u
	return nil
}
