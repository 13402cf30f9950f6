package sheet

import (
	"regexp"
	"slices"
	"strings"
)

// totals are what files call a row that adds up others, as FoldName writes it.
var totals = []string{"total", "totals", "grandtotal", "overall", "overalltotal", "subtotal", "sum", "count", "all",
	"allsites", "allwebsites", "allthesites", "allproperties", "allvisits", "totalvisits", "totalallsites", "sitetotal",
	"combined", "combinedtotal", "yeartotal", "annualtotal", "totalforyear", "totalfortheyear"}

// IsTotal reports whether a cell that names what its row is about, such as a child's
// number or a site, says instead that the row adds up others.
func IsTotal(cell string) bool {
	lower := strings.ToLower(cell)
	return slices.Contains(totals, FoldName(cell)) || strings.HasPrefix(lower, "total ") ||
		strings.HasPrefix(lower, "total:") || strings.HasPrefix(lower, "grand total")
}

// summaries are what files call a row that says something of all the others, besides their
// total, as FoldName writes it.
var summaries = []string{"average", "averages", "mean", "median", "percentage", "percent", "runningtotal"}

var (
	// countOf is a number of things with their name on either side: 122 contacts, rows: 1,204.
	countOf = regexp.MustCompile(`^(?:\(?\d[\d,. ]* ?` + thingsCounted + `\)?|(?:number|no\.?|count|sum|average|mean|total) ` +
		`(?:of )?` + thingsCounted + `\b.*|` + thingsCounted + ` ?[:=(] ?\d[\d,. ]*\)?)$`)
	// totalAfter is the name of what was added up with a word for its total behind it.
	totalAfter = regexp.MustCompile(`^.+[ :–—-](?:sub-? ?)?(?:totals?|average|mean|median)[:.]?$`)
	// periodName is a month, a quarter or a year where a row's own name would stand.
	periodName = regexp.MustCompile(`^(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[ -]*(?:\d{4}|\d{2})?|` +
		`(?:q|qtr|quarter|week|wk|month|year) ?\d{1,4}(?:[ ,/-]*\d{4}(?:[-/]\d{2,4})?)?|20\d\d ?[-/–] ?(?:20)?\d\d|` +
		`(?:0?[1-9]|1[0-2])[-/]20\d\d|20\d\d[-/](?:0[1-9]|1[0-2]))$`)
)

const thingsCounted = `(?:contacts?|records?|rows?|lines?|entries|children|child|young people|episodes?|cases?|referrals?|` +
	`items?|results?|assessments?|plans?|families|people|clients?|starts?)`

// IsSummary reports whether a cell where the number of a record or of a child belongs says
// that its row is about all the others: a total, an average, a count of them, 122 contacts.
func IsSummary(cell string) bool {
	if IsTotal(cell) {
		return true
	}
	lower := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	return slices.Contains(summaries, FoldName(cell)) || countOf.MatchString(lower) || totalAfter.MatchString(lower)
}

// IsPeriod reports whether a cell is the name of a month, a quarter or a year, such as
// April 2023, 04/2023, Q1 or 2023-24: as a subtotal has it where a record has its number.
func IsPeriod(cell string) bool {
	return periodName.MatchString(strings.Join(strings.Fields(strings.ToLower(cell)), " "))
}
