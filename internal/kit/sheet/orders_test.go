package sheet

import (
	"fmt"
	"strings"
	"testing"
)

// A spreadsheet that reads dates with the month first makes dates, with day and month
// swapped, of those it can read so, and leaves the others as text.
func TestHalfSwapped(t *testing.T) {
	t.Parallel()
	// dates gives so many in a form, of the days from one on.
	dates := func(form string, count, from int) []string {
		var out []string
		for i := range count {
			out = append(out, fmt.Sprintf(form, from+i))
		}
		return out
	}
	const text, short, iso, stamp = "%02d/06/2023", "%d/6/2023", "2023-06-%02d", "2023-06-%02d 00:00:00"
	const june = 45077 // the number of 31 May 2023; one more is 1 June
	serials := func(count, from int) (out []string) {
		for i := range count {
			out = append(out, fmt.Sprint(june+from+i))
		}
		return out
	}
	for _, c := range []struct {
		name    string
		cells   [][]string
		refused bool
	}{
		{"text and numbers", [][]string{dates(text, 10, 13), serials(10, 1)}, true},
		{"short text and numbers", [][]string{dates(short, 10, 13), serials(10, 1)}, true},
		{"text and year first", [][]string{dates(text, 10, 13), dates(iso, 10, 1)}, true},
		{"text and year first with a time", [][]string{dates(text, 10, 13), dates(stamp, 10, 1)}, true},
		{"too few of text", [][]string{dates(text, 9, 13), serials(10, 1)}, false},
		{"too few of dates", [][]string{dates(text, 10, 13), serials(9, 1)}, false},
		{"text of two early days", [][]string{dates(text, 12, 11), serials(10, 1)}, true},
		{"text of three early days", [][]string{dates(text, 13, 10), serials(10, 1)}, false},
		{"dates of two late days", [][]string{dates(text, 10, 13), serials(14, 1)}, true},
		{"dates of three late days", [][]string{dates(text, 10, 13), serials(15, 1)}, false},
		{"text alone", [][]string{dates(text, 30, 1)}, false},
		{"dates alone", [][]string{serials(12, 1)}, false},
	} {
		cells := NewCells()
		for _, some := range c.cells {
			for i, cell := range some {
				if _, err := cells.Date("date", cell, int64(i+2)); err != nil {
					t.Fatalf("%s: %q: %v", c.name, cell, err)
				}
			}
		}
		err := cells.Sound()
		got := err != nil && strings.Contains(err.Error(), "read half of the dates with the month first")
		if got != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
