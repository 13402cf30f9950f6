// Package guard makes cells of CSV files safe to open in a spreadsheet.
package guard

import (
	"strings"
	"unicode/utf8"
)

// Cell gives a cell as it may stand in a file that people open in a spreadsheet: what a
// spreadsheet would run as a formula gets an apostrophe before it, also in the wide
// characters that some turn into narrow ones; numbers stay numbers.
func Cell(cell string) string {
	first, n := utf8.DecodeRuneInString(cell)
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return cell
	}
	if first == '-' && cell != "-" && strings.Trim(cell[n:], "0123456789.,") == "" {
		return cell
	}
	return "'" + cell
}

// Rows gives rows with every cell of them guarded, for a CSV file.
func Rows(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(row))
		for k, cell := range row {
			out[i][k] = Cell(cell)
		}
	}
	return out
}
