package returns

import (
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// What a file says of its period above its table: “Contacts 1 April 2022 to 31 March 2023”, or
// 2022-23, there or as the name of the sheet. A file read for another year is asked about.

const aMonth = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|` +
	`oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

var (
	dayWords   = `(?:\d{1,2}(?:st|nd|rd|th)?[ -]` + aMonth + `,?[ -]\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})`
	fromTo     = `\s*(?:to|until|till|and|through|[-–—])\s*`
	daysStated = regexp.MustCompile(`(` + dayWords + `)` + fromTo + `(` + dayWords + `)`)
	// monthsStated is of whole months, and yearStated a financial year.
	monthsStated = regexp.MustCompile(`(?:^|[^\d ] ?|\s{2})(` + aMonth + ` \d{4})` + fromTo + `(` + aMonth + ` \d{4})`)
	yearStated   = regexp.MustCompile(`(?:^|[^\d/.-])(20\d\d)\s?[-/–]\s?((?:20)?\d\d)(?:$|[^\d/.-])`)
)

// statedIn gives the spans of time that a text states, as far as they are sure.
func statedIn(text string) []period.Span {
	text = strings.ToLower(sheet.Clean(text))
	for _, m := range daysStated.FindAllStringSubmatch(text, -1) {
		if s, ok := spanOf(m[1], m[2]); ok {
			return []period.Span{s}
		}
	}
	for _, m := range monthsStated.FindAllStringSubmatch(text, -1) {
		if s, ok := spanOf("1 "+m[1], "1 "+m[2]); ok {
			return []period.Span{{From: s.From, To: s.To.EndOfMonth()}}
		}
	}
	var out []period.Span
	for _, m := range yearStated.FindAllStringSubmatch(text, -1) {
		first, last := number(m[1]), number(m[2])
		if y := period.Year(first); last%100 == (first+1)%100 && (last < 100 || last == first+1) {
			out = append(out, y.Span())
		}
	}
	return out
}

func spanOf(from, to string) (period.Span, bool) {
	a, err := sheet.ReadDate(from)
	b, wrong := sheet.ReadDate(to)
	return period.Span{From: a.Date, To: b.Date}, err == nil && wrong == nil && a.Date.Before(b.Date)
}

// stated is what files say of their period, all together.
type stated []period.Span

// take takes what the cells of a row above a table say.
func (s *stated) take(cells ...string) { *s = append(*s, statedIn(strings.Join(cells, " "))...) }

// covers reports whether the files say that they are of more than the year.
func (s stated) covers(year period.Span) bool {
	from, to := year, year
	for _, span := range s {
		if span.From.Before(from.From) {
			from = span
		}
		if span.To.After(to.To) {
			to = span
		}
	}
	return from != year || to != year
}

// ask asks about files that say that they are of another time than they are read for.
func (s stated) ask(n *notes, file string, asked period.Span, words string) {
	within := func(a, b period.Span) bool { return b.Contains(a.From) && b.Contains(a.To) }
	if len(s) == 0 || slices.ContainsFunc(s, func(x period.Span) bool { return within(x, asked) || within(asked, x) }) {
		return
	}
	says := s[0].Words()
	if y, ok := s[0].Year(); ok {
		says = y.String()
	}
	n.doubt(file, 0, "", ruleHeaderYear, "Above the table the file says that it is of %s, and it is read for %s. Look "+
		"whether it is the right file, and of the right year.", says, words)
}
