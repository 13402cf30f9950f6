package lang

import (
	"time"

	"kith/internal/kit/clock"
)

const (
	dateLayout      = "2 January 2006"
	shortDateLayout = "2 Jan 2006"
	dayLayout       = "Monday 2 January 2006"
)

// Dated is anything that can lay itself out as a date: a time, a calendar
// date, the end of a period.
type Dated interface{ Format(layout string) string }

// Date writes 31 March 2024; a zero date is an empty string.
func Date(d Dated) string { return formatted(d, dateLayout) }

// ShortDate writes 31 Mar 2024, for tables.
func ShortDate(d Dated) string { return formatted(d, shortDateLayout) }

// Day writes Sunday 31 March 2024, where the day of the week helps.
func Day(d Dated) string { return formatted(d, dayLayout) }

// DateTime writes 31 March 2024 at 2.30pm, as the clock stood in London.
func DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return London(t).Format(dateLayout) + " at " + Clock(t)
}

// Clock writes 9.30am, 2pm, midday or midnight, as the clock stood in London.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := London(t)
	switch {
	case local.Hour() == 0 && local.Minute() == 0:
		return "midnight"
	case local.Hour() == 12 && local.Minute() == 0:
		return "midday"
	case local.Minute() == 0:
		return local.Format("3pm")
	}
	return local.Format("3.04pm")
}

// London is the same moment on London's clock.
func London(t time.Time) time.Time { return t.In(clock.London) }

func formatted(d Dated, layout string) string {
	if t, ok := d.(*time.Time); ok {
		if t == nil {
			return ""
		}
		d = *t
	}
	if d == nil {
		return ""
	}
	if z, ok := d.(interface{ IsZero() bool }); ok && z.IsZero() {
		return ""
	}
	if t, ok := d.(time.Time); ok {
		return London(t).Format(layout)
	}
	return d.Format(layout)
}
