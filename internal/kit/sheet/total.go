package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
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
	periodName = regexp.MustCompile(`^(?:(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|` +
		`sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[ -]*(?:20\d\d|\d\d)?|` +
		`(?:(?:q|qtr|quarter) ?[1-4]|(?:week|wk|month) ?\d\d?|year)(?:[ ,/-]*20\d\d(?:[-/]\d{2,4})?)?|` +
		`20\d\d ?[-/–] ?(?:20)?\d\d|(?:0?[1-9]|1[0-2])[-/]20\d\d|20\d\d[-/](?:0[1-9]|1[0-2]))$`)
)

const thingsCounted = `(?:contacts?|records?|rows?|lines?|entries|children|child|young people|episodes?|cases?|referrals?|` +
	`items?|results?|assessments?|plans?|families|people|clients?|starts?)`

// IsSummary reports whether a cell where the number of a record or of a child belongs says
// that its row is about all the others: a total, an average, a count of them, 122 contacts.
func IsSummary(cell string) bool {
	if plainNumber(cell) {
		return false // as nearly all are
	}
	if IsTotal(cell) {
		return true
	}
	lower := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	return slices.Contains(summaries, FoldName(cell)) || countOf.MatchString(lower) || totalAfter.MatchString(lower)
}

// plainNumber reports whether a cell is letters and digits alone, the last of them a digit: a
// number of a record, and no words.
func plainNumber(cell string) bool {
	for i := range len(cell) {
		c := cell[i] | 0x20
		if (c < 'a' || c > 'z') && (cell[i] < '0' || cell[i] > '9') {
			return false
		}
	}
	return cell == "" || cell[len(cell)-1] <= '9'
}

// IsPeriod reports whether a cell is the name of a month, a quarter or a year, such as
// April 2023, 04/2023, Q1 or 2023-24: as a subtotal has it where a record has its number.
func IsPeriod(cell string) bool {
	const longest = 30
	if cell == "" || len(cell) > longest || !strings.ContainsRune("JFMASONDQWY012", unicode.ToUpper(rune(cell[0]))) {
		return false
	}
	return periodName.MatchString(strings.Join(strings.Fields(strings.ToLower(cell)), " "))
}
