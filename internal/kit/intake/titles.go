package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A TitleLog remembers what the lines above the header of a table say that it is of: a file
// called Training 2022-23 whose rows are of another year is most likely not the one that was
// meant, or its dates are read wrongly.
type TitleLog struct {
	words string // the first line that names a period
	spans []period.Span
	from  period.Date // where the first and the last day stand on lines of their own
}

var (
	titleDate = regexp.MustCompile(`(?i)\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|` +
		`20\d{2}[01]\d[0-3]\d|\d{1,2}(?:st|nd|rd|th)?(?: of)? [a-z]{3,9},? \d{4})\b`)
	titleMonth = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (20\d{2})\b`)
	titleYears = regexp.MustCompile(`\b(20\d{2}) ?(?:[-/–—]|to) ?(20\d{2}|\d{2})\b`)
	titleYear  = regexp.MustCompile(`\b20\d{2}\b`)
	yearEnds   = regexp.MustCompile(`(?i)\b(?:year|12 months|twelve months)(?: to| end(?:ed|ing)?)?\b`)
	// made is a line about the file itself, such as the day on which it was exported.
	made = regexp.MustCompile(`(?i)©|\b(?:run|printed|exported|generated|created|downloaded|produced|copyright|version|` +
		`refreshed|updated|as at|correct at|report date|date of report)\b`)
	begins = regexp.MustCompile(`(?i)^\W*(?:start|from|period from|begin)`)
	ends   = regexp.MustCompile(`(?i)^\W*(?:end|to|period to|until)\b`)
)

// longestTitle is how much of a line is quoted.
const longestTitle = 80

// See takes a row above the header.
func (t *TitleLog) See(row sheet.Row) {
	line := plain(strings.Join(row.Cells, " "))
	spans := t.spansIn(line)
	if len(spans) > 0 && t.words == "" {
		if t.words = line; len([]rune(line)) > longestTitle {
			t.words = string([]rune(line)[:longestTitle]) + "…"
		}
	}
	t.spans = append(t.spans, spans...)
}

// spansIn finds the periods that a line names.
func (t *TitleLog) spansIn(line string) []period.Span {
	var days []period.Date
	rest := titleDate.ReplaceAllStringFunc(line, func(s string) string {
		m, err := sheet.ReadDate(s)
		if err != nil {
			return s
		}
		days = append(days, m.Date)
		return " "
	})
	var months []period.Span
	for _, m := range titleMonth.FindAllStringSubmatch(rest, -1) {
		year, _ := strconv.Atoi(m[2])
		if month, err := time.Parse("Jan", m[1]); err == nil {
			months = append(months, period.Month(year, month.Month()))
		}
	}
	rest = titleMonth.ReplaceAllString(rest, " ")
	switch {
	case len(days) == 2 && !days[1].Before(days[0]):
		return []period.Span{{From: days[0], To: days[1]}}
	case len(months) == 2 && !months[1].To.Before(months[0].From):
		return []period.Span{{From: months[0].From, To: months[1].To}}
	case len(days) == 1 && yearEnds.MatchString(line):
		return []period.Span{{From: days[0].AddYears(-1).AddDays(1), To: days[0]}}
	case len(days) == 1 && begins.MatchString(line):
		t.from = days[0]
		return nil
	case len(days) == 1 && ends.MatchString(line) && !t.from.IsZero() && !days[0].Before(t.from):
		return []period.Span{{From: t.from, To: days[0]}}
	case len(months) == 1 && yearEnds.MatchString(line):
		return []period.Span{{From: months[0].To.AddDays(1).AddYears(-1), To: months[0].To}}
	case len(months) == 1 && len(days) == 0 && !made.MatchString(line):
		return months
	}
	return yearsIn(rest, !made.MatchString(line))
}

// yearsIn finds the years that a line names: financial years, and else calendar years if these
// are wanted, of which each may stand for the financial year that begins or ends in it.
func yearsIn(line string, calendar bool) (out []period.Span) {
	for _, m := range titleYears.FindAllStringSubmatch(line, -1) {
		if y, err := period.ParseYear(m[1] + "-" + m[2]); err == nil {
			out = append(out, y.Span())
		}
	}
	if len(out) > 0 || !calendar {
		return out
	}
	for _, s := range titleYear.FindAllString(line, -1) {
		y, _ := strconv.Atoi(s)
		out = append(out, period.Span{From: period.Year(y - 1).Span().From, To: period.Year(y).End()})
	}
	return out
}

// Doubt says, in a sentence, that most rows of a file are of other days than its title; ""
// where they are of those, or where it has no title that tells. days counts its rows by day.
func (t *TitleLog) Doubt(file string, days map[period.Date]int) string {
	if t == nil {
		return ""
	}
	all, outside := 0, 0
	var first, last period.Date
	for day, n := range days {
		all += n
		if slices.ContainsFunc(t.spans, func(s period.Span) bool { return s.Contains(day) }) {
			continue
		}
		if outside += n; first.IsZero() || day.Before(first) {
			first = day
		}
		if day.After(last) {
			last = day
		}
	}
	if len(t.spans) == 0 || 2*outside <= all {
		return ""
	}
	return fmt.Sprintf("%s has “%s” above its headings, and %s of its %s are of other days, from %s to %s. Make sure "+
		"that it is the file that you meant, and that its dates are right.", file, t.words, lang.Number(outside),
		lang.Plural(all, "row", "rows"), first.Words(), last.Words())
}
