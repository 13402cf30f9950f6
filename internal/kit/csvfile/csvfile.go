// Package csvfile writes every CSV that people take out of the system, so that none of
// its cells is a formula to the spreadsheet it is opened in.
package csvfile

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// Write writes a table as CSV with CRLF line ends. A cell that a spreadsheet would run as
// a formula gets an apostrophe before it; numbers stay numbers.
func Write(w io.Writer, header []string, rows [][]string) error { return write(w, true, header, rows) }

// WriteLines is Write with the line ends of a terminal, for what a command prints.
func WriteLines(w io.Writer, header []string, rows [][]string) error {
	return write(w, false, header, rows)
}

func write(w io.Writer, crlf bool, header []string, rows [][]string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = crlf
	for _, row := range append([][]string{header}, rows...) {
		safe := make([]string, len(row))
		for i, s := range row {
			safe[i] = Cell(s)
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// formula are the characters that a spreadsheet takes for the beginning of one, where a
// cell begins with them: the plain ones, and those of other widths that it reads alike.
const formula = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫"

// Cell gives a cell that a spreadsheet shows as it is written, for a file that is written
// elsewhere.
func Cell(s string) string {
	// Some programs pass over what is not seen.
	begins := strings.TrimLeftFunc(s, func(c rune) bool {
		return !strings.ContainsRune("\t\r\n", c) && (unicode.IsSpace(c) || unicode.IsControl(c) ||
			unicode.In(c, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point))
	})
	if begins == "" || !strings.ContainsAny(formula, string([]rune(begins)[:1])) {
		return s
	}
	if rest, minus := strings.CutPrefix(s, "-"); minus && strings.Trim(rest, "0123456789.,") == "" {
		return s
	}
	return "'" + s
}
