package sheet

import (
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
