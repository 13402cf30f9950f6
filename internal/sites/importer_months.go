package sites

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
)

// A countOfRows is what rows of one sort add up to, with where the first stands.
type countOfRows struct {
	visits int64
	file   string
	line   int64
	named  string // the site as the file calls it
}

// keep adds up a row with those of its month and site: apart those of a day, which
// a row of the whole month may have in it.
func (v *visitReader) keep(name string, r countedRow) {
	to := v.days
	if r.month {
		to = v.months
	}
	k := monthOfSite{r.when.StartOfMonth(), r.site}
	c := to[k]
	if c == nil {
		c = &countOfRows{file: name, line: r.line, named: r.named}
		to[k] = c
	}
	c.visits += r.count
}

// addUp makes the totals of the rows kept. A month of a site that has rows of days
// besides is counted by its days when it is their sum; it is refused when it is not,
// for then it cannot be told which is right.
func (v *visitReader) addUp() error {
	days := map[db.Date]int64{} // of all sites
	for k, c := range v.days {
		v.totals[k] += c.visits
		days[k.month] += c.visits
	}
	for _, k := range slices.SortedFunc(maps.Keys(v.months), func(a, b monthOfSite) int {
		return cmp.Or(a.month.Compare(b.month), cmp.Compare(a.site, b.site))
	}) {
		c, own := v.months[k], v.days[k]
		of := k.month.Format("January 2006")
		switch {
		case own != nil && own.visits == c.visits, own == nil && c.visits >= certainSum && c.visits == days[k.month]:
			v.fault(c.file, c.line, "date", "total",
				"This row is of the whole of %s and is the sum of rows of its days. It is left out; take it out of the file.", of)
		case own != nil:
			return &intake.Fatal{File: c.file, Line: c.line, Words: "there are visits of the whole of " + of + " (" +
				lang.Number(int(c.visits)) + ") and of single days in it (" + lang.Number(int(own.visits)) +
				"), so that visits would be counted twice; leave in the file either the month or its days"}
		default:
			v.totals[k] += c.visits
		}
	}
	return nil
}

// numberDate is a date of numbers with its year last.
var numberDate = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:\D|$)`)

// A firstsLog remembers whether the dates of a table may be firsts of months that are
// written with the month first: 04/01/2023 for April.
type firstsLog struct {
	line   int64             // of the first date that may be
	before map[string]string // by year, the number in front of the first such date
	many   bool              // there are several in a year
	sure   bool              // some date cannot be one, so that none of them are
}

func (l *firstsLog) see(cell string, line int64) {
	m := numberDate.FindStringSubmatch(cell)
	if m == nil {
		return
	}
	number, second, year := strings.TrimPrefix(m[1], "0"), strings.TrimPrefix(m[2], "0"), m[3]
	if second != "1" || len(number) == 2 && number > "12" {
		l.sure = true
		return
	}
	if l.line == 0 {
		l.line, l.before = line, map[string]string{}
	}
	if first, there := l.before[year]; !there {
		l.before[year] = number
	} else if first != number {
		l.many = true
	}
}

// sound refuses dates that may be days of January, or the firsts of months.
func (l *firstsLog) sound(name string) error {
	if !l.many || l.sure {
		return nil
	}
	return &intake.Fatal{File: name, Line: l.line, Words: "the dates may be days of January, or each the first of a " +
		"month with the month before the day, as 04/01/2023 for April, and it cannot be told which; write months as " +
		"April 2023, or days as 2023-01-04, and give the file again"}
}
