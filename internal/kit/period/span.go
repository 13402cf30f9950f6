package period

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Span is a run of days, first and last both counted.
type Span struct{ From, To Date }

// A Year is a financial year, named by the calendar year it begins in: Year(2023)
// is 1 April 2023 to 31 March 2024, written "2023-24".
type Year int

// ParseYear reads "2023-24" (also "2023/24" and "2023-2024").
func ParseYear(s string) (Year, error) {
	m := yearForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, fmt.Errorf("%q is not a financial year such as 2023-24", s)
	}
	y, _ := strconv.Atoi(m[1])
	end := fmt.Sprint(y + 1)
	if m[2] != end && m[2] != end[2:] {
		return 0, fmt.Errorf("%q is not a financial year: %d is followed by %s, as in %s", s, y, end[2:], Year(y))
	}
	return Year(y), nil
}

var yearForm = regexp.MustCompile(`^((?:19|20)\d\d)[-/](\d\d|\d{4})$`)

// YearOf gives the financial year that d falls in.
func YearOf(d Date) Year {
	if d.Month < time.April {
		return Year(d.Year - 1)
	}
	return Year(d.Year)
}

// String writes the year as "2023-24".
func (y Year) String() string { return fmt.Sprintf("%04d-%02d", int(y), (int(y)+1)%100) }

// Span gives 1 April to 31 March.
func (y Year) Span() Span {
	return Span{Date{int(y), time.April, 1}, Date{int(y) + 1, time.March, 31}}
}

// End gives the 31 March on which the year closes.
func (y Year) End() Date { return y.Span().To }

// Month gives the span of one calendar month.
func Month(y int, m time.Month) Span {
	first := Date{y, m, 1}
	return Span{first, first.EndOfMonth()}
}

var (
	quarterForm = regexp.MustCompile(`^(\d{4}-\d\d)\s*Q([1-4])$`)
	monthForm   = regexp.MustCompile(`^(\d{4})-(\d\d)$`)
	calForm     = regexp.MustCompile(`^\d{4}$`)
)

// Parse reads a period: "2023-24" (a financial year), "2023-24Q1" (its quarter,
// April to June), "2023" (a calendar year), "2023-06" (a month; read as a
// financial year where it can be one, as 2011-12 can: write 2011-12-01..2011-12-31
// for that month), or "2023-04-01..2023-09-30".
func Parse(s string) (Span, error) {
	s = strings.TrimSpace(s)
	if y, err := ParseYear(s); err == nil {
		return y.Span(), nil
	}
	if m := quarterForm.FindStringSubmatch(s); m != nil {
		y, err := ParseYear(m[1])
		if err != nil {
			return Span{}, err
		}
		q, _ := strconv.Atoi(m[2])
		from := y.Span().From.AddMonths(3 * (q - 1))
		return Span{from, from.AddMonths(2).EndOfMonth()}, nil
	}
	if calForm.MatchString(s) {
		y, _ := strconv.Atoi(s)
		return Span{Date{y, time.January, 1}, Date{y, time.December, 31}}, nil
	}
	if m := monthForm.FindStringSubmatch(s); m != nil {
		y, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		if mo >= 1 && mo <= 12 {
			return Month(y, time.Month(mo)), nil
		}
	}
	if a, b, ok := strings.Cut(s, ".."); ok {
		from, err := ParseDate(a)
		if err != nil {
			return Span{}, err
		}
		to, err := ParseDate(b)
		if err != nil {
			return Span{}, err
		}
		if to.Before(from) {
			return Span{}, fmt.Errorf("the period %s ends before it begins", s)
		}
		return Span{from, to}, nil
	}
	return Span{}, fmt.Errorf("%q is not a period such as 2023-24, 2023-24Q1, 2023-06, 2023 or 2023-04-01..2023-09-30", s)
}

// IsZero reports whether the span has no days.
func (s Span) IsZero() bool { return s == Span{} }

// Contains reports whether d is one of the span's days.
func (s Span) Contains(d Date) bool { return !d.Before(s.From) && !d.After(s.To) }

// Year gives the financial year that s is exactly, if it is one.
func (s Span) Year() (Year, bool) {
	y := YearOf(s.From)
	return y, s == y.Span()
}

// Before gives the span of equal kind that came before: the year before a
// financial or calendar year, the month before a month, else as many days.
func (s Span) Before() Span {
	if s.From.Day == 1 && s.To.IsMonthEnd() {
		months := (s.To.Year-s.From.Year)*12 + int(s.To.Month-s.From.Month) + 1
		return Span{s.From.AddMonths(-months), s.From.AddDays(-1)}
	}
	n := s.From.DaysUntil(s.To) + 1
	return Span{s.From.AddDays(-n), s.From.AddDays(-1)}
}

// YearBefore gives the same days one year earlier; a span that ends with a month
// keeps doing so.
func (s Span) YearBefore() Span {
	to := s.To.AddYears(-1)
	if s.To.IsMonthEnd() {
		to = to.EndOfMonth()
	}
	return Span{s.From.AddYears(-1), to}
}

// String writes the span in the shortest form that Parse reads back.
func (s Span) String() string {
	if y, ok := s.Year(); ok {
		return y.String()
	}
	if s.From.Day == 1 && s.To.IsMonthEnd() {
		switch {
		case s.From.Month == time.January && s.To.Month == time.December && s.From.Year == s.To.Year:
			return fmt.Sprint(s.From.Year)
		case s.From.Year == s.To.Year && s.From.Month == s.To.Month:
			short := s.From.Format("2006-01")
			if back, err := Parse(short); err == nil && back == s {
				return short
			}
		case s.From.AddMonths(2).EndOfMonth() == s.To && (s.From.Month-1)%3 == 0:
			q := (int(s.From.Month)+8)/3%4 + 1
			return fmt.Sprintf("%sQ%d", YearOf(s.From), q)
		}
	}
	return s.From.String() + ".." + s.To.String()
}

// Words writes the span as people read it: 1 April 2023 to 31 March 2024.
func (s Span) Words() string {
	if s.IsZero() {
		return ""
	}
	return s.From.Words() + " to " + s.To.Words()
}

// Months lists the calendar months that s touches, in order.
func (s Span) Months() []Span {
	var out []Span
	for d := s.From.StartOfMonth(); !d.After(s.To); d = d.AddMonths(1) {
		out = append(out, Month(d.Year, d.Month))
	}
	return out
}

// WholeMonths reports whether s begins and ends with a calendar month.
func (s Span) WholeMonths() bool { return s.From.Day == 1 && s.To.IsMonthEnd() }
