package sheet

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// hiddenRows are the rows that a sheet does not show, as spans.
type hiddenRows struct {
	spans [][2]int64
	last  int64 // the row last seen
}

// take notes the next row, by its number and whether it is hidden as the workbook
// writes them. A row without a number follows the one before it.
func (h *hiddenRows) take(number, hidden string) {
	h.last++
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && n > 0 {
		h.last = n
	}
	if hidden != "1" && hidden != "true" {
		return
	}
	if n := len(h.spans); n > 0 && h.spans[n-1][1]+1 == h.last {
		h.spans[n-1][1] = h.last
		return
	}
	h.spans = append(h.spans, [2]int64{h.last, h.last})
}

// has reports whether a row is hidden.
func (h *hiddenRows) has(line int64) bool {
	i, found := slices.BinarySearchFunc(h.spans, line, func(s [2]int64, line int64) int { return cmp.Compare(s[0], line) })
	return found || i > 0 && h.spans[i-1][1] >= line
}

// hiddenIn tells which rows of a sheet the workbook does not show: all of them where
// the sheet is hidden.
func (l *layoutOfBook) hiddenIn(book *excelize.File, sheet string) func(line int64) bool {
	none := func(int64) bool { return false }
	if book.WorkBook == nil {
		return none
	}
	for _, s := range book.WorkBook.Sheets.Sheet {
		switch rows := l.hidden[l.targets[s.ID]]; {
		case s.Name != sheet:
		case s.State == "hidden", s.State == "veryHidden":
			return func(int64) bool { return true }
		case rows != nil && len(rows.spans) > 0:
			slices.SortFunc(rows.spans, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) }) // it may be out of order
			return rows.has
		default:
			return none
		}
	}
	return none
}
