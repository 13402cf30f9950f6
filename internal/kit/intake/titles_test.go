package intake

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// What the lines above a header say that a file is of, a line of cells each.
func TestTitleSpans(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]string{
		"Training 2022-23":                                 "2022-23",
		"Training history,,2022/2023":                      "2022-23",
		"Bookings 2021–22 and 2022–23":                     "2021-22 2022-23",
		"Report period: 01/04/2022 to 31/03/2023":          "2022-23",
		"From,1 April 2022,to,31 March 2023":               "2022-23",
		"# 20220401-20230331":                              "2022-23",
		"# Start date: 20220401|# End date: 20230331":      "2022-23",
		"Start date,01/04/2022|End date,30/06/2022":        "2022-23Q1",
		"Year ending 31 March 2023":                        "2022-23",
		"Year ended March 2023":                            "2022-23",
		"April 2022 to June 2022":                          "2022-23Q1",
		"Visits in May 2022":                               "2022-05",
		"Courses of 2022":                                  "2021-04-01..2023-03-31",
		"Report run on 12 May 2025":                        "",
		"Exported 12/05/2025, 2022-23":                     "2022-23",
		"Exported 12/05/2025 for 01/04/2022 to 31/03/2023": "",
		"© 2025 a booking system":                          "",
		"Room 2022b":                                       "",
		"12/05/2025":                                       "",
		"":                                                 "",
		"Generated 2025-01-02|Safeguarding training|2022-23|Notes": "2022-23",
	} {
		var log TitleLog
		for n, line := range strings.Split(lines, "|") {
			log.See(sheet.Row{Line: int64(n + 1), Cells: strings.Split(line, ",")})
		}
		var got []string
		for _, s := range log.spans {
			got = append(got, s.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", lines, got, want)
		}
	}
}

// A file is asked about when more than half of its rows are of other days than its title.
func TestTitleDoubt(t *testing.T) {
	t.Parallel()
	in, out := period.MustDate("2022-06-14"), period.MustDate("2024-02-13")
	for _, c := range []struct {
		title          string
		inside, beside int
		asked          bool
	}{
		{"Training 2022-23", 0, 1, true}, {"Training 2022-23", 4, 5, true}, {"Training 2022-23", 5, 5, false},
		{"Training 2022-23 and 2023-24", 0, 9, false}, {"Training", 0, 9, false}, {"Training 2022-23", 0, 0, false},
	} {
		var log TitleLog
		log.See(sheet.Row{Line: 1, Cells: []string{c.title}})
		got := log.Doubt("history.csv", map[period.Date]int{in: c.inside, out: c.beside})
		if (got != "") != c.asked {
			t.Errorf("%+v: %q", c, got)
		}
		words := fmt.Sprintf("has “%s” above its headings", c.title)
		if c.asked && !strings.Contains(got, words) {
			t.Errorf("%+v: %q does not say %q", c, got, words)
		}
	}
}
