package intake

import (
	"fmt"
	"time"

	"kith/internal/kit/period"
)

// A Part says which months of its year an import is of, and whether its counts are still to
// be confirmed. The zero Part is the whole year, and final. Only of that are figures of
// years counted: every other is kept beside, and its counts are shown with its words.
type Part struct {
	Span        period.Span // whole months; zero for the whole year
	Provisional bool
}

// Beside reports whether the import is kept beside the year's figures.
func (p Part) Beside() bool { return !p.Span.IsZero() || p.Provisional }

// Words says what an import of the year is of: "2024-25", or "April to June 2024,
// provisional".
func (p Part) Words(year string) string {
	words := year
	if !p.Span.IsZero() {
		words = monthWords(p.Span)
	}
	if p.Provisional {
		words += ", provisional"
	}
	return words
}

// monthWords writes a span of whole months: "April to June 2024".
func monthWords(s period.Span) string {
	from, to := s.From.Format("January 2006"), s.To.Format("January 2006")
	switch {
	case from == to:
		return to
	case s.From.Year == s.To.Year:
		from = s.From.Format("January")
	}
	return from + " to " + to
}

// ParsePart reads the months of a part, as period.Parse does; the whole year is the zero
// span.
func ParsePart(s string) (period.Span, error) {
	if s == "" {
		return period.Span{}, nil
	}
	span, err := period.Parse(s)
	if err != nil {
		return span, err
	}
	if !span.WholeMonths() || len(span.Months()) > monthsInYear {
		return span, fmt.Errorf("%q is not a run of whole months of at most a year, such as 2024-25Q1 or "+
			"2024-04-01..2024-12-31", s)
	}
	if _, whole := span.Year(); whole {
		return period.Span{}, nil
	}
	return span, nil
}

const monthsInYear = 12

// What it takes to think that the files are of a part of the year: few events may miss two
// months by chance, and many do not miss one.
const fewEvents, manyEvents = 20, 120

// Looks gives the months of the year that files look to be of, by the days of the first and
// of the last thing that happened in them and by how many there were; the zero span when they
// look to be of the whole. A year that has not ended on the day today cannot be whole.
func Looks(y period.Year, happened period.Span, events int64, today period.Date) period.Span {
	if happened.IsZero() {
		return period.Span{}
	}
	year := y.Span()
	span := period.Span{From: happened.From.StartOfMonth(), To: happened.To.EndOfMonth()}
	before := monthsBetween(year.From, span.From)
	after := monthsBetween(span.To, year.To)
	missed := 2
	if events >= manyEvents {
		missed = 1
	}
	switch {
	case !today.After(year.To):
		span.From = year.From
		return span
	case events < fewEvents, before < missed && after < missed:
		return period.Span{}
	}
	if before < missed {
		span.From = year.From
	}
	if after < missed {
		span.To = year.To
	}
	return span
}

func monthsBetween(a, b period.Date) int {
	return (b.Year-a.Year)*monthsInYear + int(b.Month) - int(a.Month)
}

// PartsOf lists the parts of a year that files are made of: its quarters, and the year so far
// to the end of each other month.
func PartsOf(y period.Year) []period.Span {
	start := y.Span().From
	var out []period.Span
	for q := range 4 {
		from := start.AddMonths(3 * q)
		out = append(out, period.Span{From: from, To: from.AddMonths(2).EndOfMonth()})
	}
	for n := 1; n < monthsInYear-1; n++ {
		if to := start.AddMonths(n).EndOfMonth(); to.Month != time.June {
			out = append(out, period.Span{From: start, To: to})
		}
	}
	return out
}

// RollingTo gives the twelve months to the end of each month of a year but the last.
func RollingTo(y period.Year) []period.Span {
	start := y.Span().From
	var out []period.Span
	for n := range monthsInYear - 1 {
		to := start.AddMonths(n).EndOfMonth()
		out = append(out, period.Span{From: start.AddMonths(n + 1 - monthsInYear), To: to})
	}
	return out
}
