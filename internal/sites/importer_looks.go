package sites

import (
	"strings"
	"time"

	"kith/internal/kit/sheet"
)

// acrossFrom is how many months in one row stand across the top of a table.
const acrossFrom = 2

// otherCounts are columns of counters that are not visits, as sheet.FoldName writes them.
var otherCounts = map[string]string{
	"users": "people", "totalusers": "people", "activeusers": "people", "newusers": "people", "visitors": "people",
	"uniquevisitors": "people",
	"pageviews":      "pages", "views": "pages", "pagesviewed": "pages", "hits": "pages",
}

// looksLike says what a row of headings is of that has no visits below it as they are read,
// and the way out; "" where the row tells nothing.
func looksLike(cells []string) string {
	head := sheet.MatchHead(cells, visitColumns)
	months := 0
	for _, c := range cells {
		if isMonth(c) {
			months++
		}
	}
	if months >= acrossFrom {
		return "the months stand across the top; put them below each other, one row for each month and site, in the " +
			"columns Month, Site and Visits (in Excel: copy the table, then Paste Special, Transpose), and give the file again"
	}
	if head.Index("date") < 0 || head.Index("visits") >= 0 {
		return ""
	}
	for _, c := range head.Extra {
		if of := otherCounts[sheet.FoldName(c)]; of != "" {
			return "the column " + c + " counts " + of + ", and not visits: one person may visit many times and see many " +
				"pages in each visit. Export the table again with visits (Google Analytics calls them sessions)"
		}
	}
	return ""
}

// isMonth reports whether a cell is a month, with its year or without.
func isMonth(cell string) bool {
	for _, form := range monthForms {
		if _, err := time.Parse(form, cell); err == nil {
			return true
		}
	}
	return lacksYear(cell)
}

// lacksYear reports whether a cell is the name of a month and nothing more.
func lacksYear(cell string) bool {
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if strings.EqualFold(cell, name) || strings.EqualFold(cell, name[:3]) {
			return true
		}
	}
	return false
}
