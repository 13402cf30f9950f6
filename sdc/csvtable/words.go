package csvtable

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// derivedNumber is a percentage or a number with decimals.
	derivedNumber = regexp.MustCompile(`^[-+−]?[£$€]?\d[\d,  ]*(?:\.\d+)?\s*(?:%|per ?cent)$|` +
		`^[-+−]?[£$€]?\d*[\d,]*\.\d+$|^\d+,\d{1,2}%?$`)
	// derivedName is what columns of such numbers are called.
	derivedName = regexp.MustCompile(`(?i)%|\bper ?cent|\bpct\b|percent|\brates?\b|_rate\b|\bper \d|\baverage\b|\bmean\b|` +
		`\bmedian\b|\bproportion|\bratio\b|\bshare\b|\bindex\b|\bchange\b`)
	year     = regexp.MustCompile(`^(?:19|20)\d\d(?:\d\d)?$`)
	lessThan = regexp.MustCompile(`^(?:<|fewer than |less than |under )\s*(\d{1,4})$|^(?:<=|≤)\s*(\d{1,4})$`)
	dateIn   = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* ` +
		`(?:19|20)\d\d|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d|\b(?:19|20)\d\d[-/]\d\d\b`)
	countish = regexp.MustCompile(`(?i)^(?:counts?|numbers?|no\.?|n|value|frequency|(?:number|no\.?|count) of .+)$`)
)

// noCounts are the words that stand where a count should, for one that is hidden, none or
// not there. Which of these is meant is not said by the word.
var noCounts = []string{"", "-", "--", "–", "—", "*", "**", ":", ".", "..", "...", "~", "#", "c", "x", "z", "k",
	"s",
	"n/a", "na", "#n/a", "null", "none", "nil", "[c]", "[x]", "[z]", "[low]", "[k]", "low", "suppressed", "hidden",
	"confidential", "redacted", "withheld", "!"}

// standsForCount says whether a word may stand in the place of a count.
func standsForCount(v string) bool {
	return slices.Contains(noCounts, strings.ToLower(v)) || lessThan.MatchString(strings.ToLower(v))
}

// lessLimit gives the greatest that a count can be that is written "<5"; 0 for other words.
func lessLimit(v string) int64 {
	m := lessThan.FindStringSubmatch(strings.ToLower(v))
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(m[1]+m[2], 10, 64)
	if m[1] != "" {
		n--
	}
	return n
}

// A columnKind is what the cells of a column are.
type columnKind uint8

const (
	textColumn columnKind = iota
	wholeColumn
	derivedColumn
	yearColumn
)

// kindOf tells what the cells of a column are, and whether it has a number at all.
func (c *File) kindOf(at int) columnKind {
	whole, derived, years, other := 0, 0, 0, 0
	c.eachRow(func(r *gridRow) {
		switch v := r.value(at); {
		case v == c.symbol && v != "", standsForCount(v), c.o.hiddenWord(v), c.o.zeroWord(v):
		case year.MatchString(v):
			years++
			whole++
		case derivedNumber.MatchString(v):
			derived++
		default:
			if _, err := parseCount(v); err == nil {
				whole++
			} else {
				other++
			}
		}
	})
	switch {
	case other > 0 || whole+derived == 0:
		return textColumn
	case derived > 0 || derivedName.MatchString(c.columns.names[at]):
		return derivedColumn
	case years == whole:
		return yearColumn
	}
	return wholeColumn
}

var (
	band       = regexp.MustCompile(`^\d{1,3} ?(?:-|–|to) ?\d{1,3}$|^\d{1,3} ?(?:\+|and over|or over)$`)
	dayMonth   = regexp.MustCompile(`(?i)^(\d{1,2})[-/ ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$`)
	monthDay   = regexp.MustCompile(`(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ](\d{1,2})$`)
	wholeDate  = regexp.MustCompile(`^\d{4}-(\d{2})-(\d{2})(?:[T ]0{1,2}:00(?::00)?)?$`)
	slashDate  = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/\d{2,4}$`)
	serialDay  = regexp.MustCompile(`^[34]\d{4}$`)
	banded     = regexp.MustCompile(`(?i)\bage|band|\brange|\bgroup|\bsize\b|duration|\byears\b`)
	dated      = regexp.MustCompile(`(?i)date|\bday|week|month|period|quarter|time`)
	monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
)

// askDates asks about the codes of a column that are dates where bands are meant, such as
// 5-9 of which a spreadsheet made 05-Sep.
func (c *File) askDates(column string, codes []string) {
	bands := slices.ContainsFunc(codes, band.MatchString)
	for _, code := range codes {
		was, yearless := bandOf(code)
		if was == "" || c.o.asWritten(column) {
			continue
		}
		if bands || banded.MatchString(column) || yearless && !dated.MatchString(column) {
			c.ask(Question{Kind: AskDate, Column: column, Code: code, Other: was, Words: fmt.Sprintf(
				"%s in the column %s looks like a band of numbers that a spreadsheet made a date, such as %s", code, column, was)})
		}
	}
}

// bandOf gives the band that a date may have been, and whether it has no year; "" when it
// is no date.
func bandOf(code string) (was string, yearless bool) {
	month := func(name string) int { return 1 + slices.Index(monthNames, strings.ToLower(name)) }
	number := func(s string) int {
		n, _ := strconv.Atoi(s)
		return n
	}
	if m := dayMonth.FindStringSubmatch(code); m != nil {
		return inOrder(number(m[1]), month(m[2])), true
	}
	if m := monthDay.FindStringSubmatch(code); m != nil {
		return inOrder(month(m[1]), number(m[2])), true
	}
	if m := wholeDate.FindStringSubmatch(code); m != nil {
		return inOrder(number(m[2]), number(m[1])), false
	}
	if m := slashDate.FindStringSubmatch(code); m != nil {
		return inOrder(number(m[1]), number(m[2])), false
	}
	if serialDay.MatchString(code) {
		return "a band such as 5-9", false
	}
	return "", false
}

func inOrder(a, b int) string { return fmt.Sprintf("%d-%d", min(a, b), max(a, b)) }

// askAlike asks about codes of a column that differ in their spelling only.
func (c *File) askAlike(column string, codes []string) {
	if c.o.asWritten(column) {
		return
	}
	first := map[string]string{}
	for _, code := range codes {
		k := spelling(code)
		if other, ok := first[k]; ok && other != code && k != "" {
			c.ask(Question{Kind: AskAlike, Column: column, Code: other, Other: code, Words: fmt.Sprintf(
				"%s and %s in the column %s differ in their spelling only", other, code, column)})
			continue
		}
		first[k] = code
	}
}

var joined = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‑", "-", "‐", "-", " to ", "-", "&", "and", "’", "'",
	"‘", "'",
	" years old", "", " years", "", " yrs", "", " and over", "+", " or over", "+", " plus", "+", "aged ", "")

// spelling is a code without what people write in more than one way.
func spelling(code string) string {
	if code == "" {
		return ""
	}
	lower := joined.Replace(strings.ToLower(code))
	out := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\r  .,:;'\"()_", r) {
			return -1
		}
		return r
	}, lower)
	if out == "" {
		return code
	}
	return out
}
