package returns

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// many are 240 contacts of a year, in the order of their dates, as rows of a table.
func many() [][]string {
	out := [][]string{{"Contact ID", "Child ID", "Date of contact", "Date of birth", "Sex", "Source", "Outcome"}}
	for i := range 240 {
		day := period.Year(2023).Span().From.AddDays(i * 3 / 2)
		out = append(out, []string{fmt.Sprint("C", 1000+i), fmt.Sprint("P", 500+i), uk(day), uk(day.AddDays(-200 - i*20)),
			[]string{"M", "F"}[i%2], []string{"Police", "School", "Health visitor"}[i%3],
			[]string{"Referral", "No further action", "Information and advice"}[i*7/5%3]})
	}
	return out
}

func uk(d period.Date) string { return d.Format("02/01/2006") }

// month first writes a date of many with the month first where its day could be one.
func monthFirst(cell string) string {
	if cell[:2] > "12" {
		return cell
	}
	return cell[3:5] + "/" + cell[:2] + cell[5:]
}

// Rows that are no contacts are left out with a finding, and a list of which many rows are
// not counted, have moved under other headers or have their dates in two orders is refused or
// asked about.
func TestListsAreWhole(t *testing.T) {
	t.Parallel()
	type list = [][]string
	more := func(rows ...[]string) func(list) list { return func(l list) list { return append(l, rows...) } }
	each := func(of func(i int) bool, change func(row []string) []string) func(list) list {
		return func(l list) list {
			for i := range l[1:] {
				if of(i) {
					l[i+1] = change(slices.Clone(l[i+1]))
				}
			}
			return l
		}
	}
	third := func(i int) bool { return i%3 == 0 }
	half := func(i int) bool { return i >= 120 }
	all := func(int) bool { return true }
	set := func(column int, value string) func([]string) []string {
		return func(row []string) []string { row[column] = value; return row }
	}
	monthly := func(name func(month period.Span, n int) []string) func(list) list {
		return func(l list) list {
			out, n := list{l[0]}, 0
			for i, row := range l[1:] {
				if i > 0 && row[2][3:] != l[i][2][3:] {
					out, n = append(out, name(period.Month(2023, 4), n)), 0
				}
				out, n = append(out, row), n+1
			}
			return out
		}
	}
	for _, c := range []struct {
		name    string
		change  func(list) list
		refused string
		doubts  string
		found   string // as many findings of a rule that tells
		counted int    // 240 where it is not said
	}{
		{"as it should be", more(), "", "", "", 0},
		{"a count of the rows", more([]string{"240 contacts", "", "31/03/2024", "", "", "", ""}), "", "", "total 1", 0},
		{"a count with its words first", more([]string{"Number of contacts: 240", "", "31/03/2024", "", "", "", ""}), "", "",
			"total 1", 0},
		{"a count alone", more([]string{"240", "", "31/03/2024", "", "", "", ""}), "", "", "total 1", 0},
		{"an average", more([]string{"Average", "", "31/03/2024", "", "", "", "20"},
			[]string{"Mean", "", "31/03/2024", "", "", "", "20"}), "", "", "total 2", 0},
		{"a total as the source", more([]string{"", "", "31/03/2024", "", "", "Total", ""}), "", "", "total 1", 0},
		{"counts for words", more([]string{"", "", "31/03/2024", "", "", "80", "160"}), "", "", "total 1", 0},
		{"months with a count", monthly(func(m period.Span, n int) []string {
			return []string{"04/2023", "", uk(m.To), "", "", "", fmt.Sprint(n)}
		}), "", "", "total 11", 0},
		{"months in words", monthly(func(m period.Span, n int) []string {
			return []string{"April 2023", "", uk(m.To), "", "", "", ""}
		}), "", "", "total 11", 0},
		{"subtotals", monthly(func(m period.Span, n int) []string {
			return []string{"April 2023 subtotal", "", uk(m.To), "", "", "Police", ""}
		}), "", "", "total 11", 0},
		{"a child and a source called as a total is", more([]string{"C9", "P9", "31/03/2024", "", "F", "All", "NFA"}), "", "",
			"code 1", 241},
		{"a number like a month", more([]string{"04/2023", "P9", "31/03/2024", "", "F", "School", "NFA"}), "", "", "", 241},
		{"a date and nothing else", more([]string{"", "", "31/03/2024", "", "", "", ""}), "",
			"1 row has a date and nothing else", "", 241},
		{"a third without a date", each(third, set(2, "soon")), "", "80 of the 240 rows would not be counted (a cell " +
			"cannot be read or is empty: 80)", "", 160},
		{"a tenth without a date", each(func(i int) bool { return i%10 == 0 }, set(2, "soon")), "", "", "date 24", 216},
		{"a third there twice", func(l list) list { return append(l, l[1:121]...) }, "",
			"120 of the 360 rows would not be counted (there twice: 120)", "", 0},
		{"a third of another year", each(third, set(2, "20/05/2021")), "",
			"80 of the 240 rows would not be counted (outside 2023-24: 80)", "", 160},
		{"a comma too many", each(third, func(row []string) []string { return slices.Insert(row, 5, "School") }),
			"line 2: a row has more cells than the header has columns", "", "", 0},
		{"cells moved within the table", each(third, func(row []string) []string {
			return slices.Insert(row[:6:6], 5, "")
		}), "", "80 of the 240 contacts have an outcome that is not written in a way that is read", "shifted 1", 0},
		{"cells moved to the left", each(third, func(row []string) []string {
			return append(slices.Delete(row, 4, 5), "")
		}), "", "80 of the 240 contacts have no outcome", "shifted 1", 0},
		{"the other half with the month first", each(half, func(row []string) []string {
			row[2] = row[2][3:5] + "/" + row[2][:2] + row[2][5:]
			return row
		}), "are written in two ways, 72 with the month first", "", "", 0},
		{"what could be read with the month first", each(all, func(row []string) []string {
			row[2] = monthFirst(row[2])
			return row
		}), "", "36 dates are not in 2023-24, and would be if the month stood first", "", 204},
		{"the same in half of them", each(half, func(row []string) []string {
			row[2] = monthFirst(row[2])
			return row
		}), "", "24 dates are not in 2023-24, and would be", "", 216},
		{"the same in a part of the year", func(l list) list {
			return each(func(i int) bool { return i > 60 && i < 120 }, func(row []string) []string {
				row[2] = monthFirst(row[2])
				return row
			})(l[:160])
		}, "", "The list goes by date, and 20 dates are out of order that would be in order", "", 153},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows := c.change(many())
			files, err := intake.Files([]string{write(t, "contacts.csv", asCSV(rows, ",", "\n"))})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, c.refused, c.doubts)
			if c.refused != "" {
				return
			}
			rule, n, _ := strings.Cut(c.found, " ")
			if rule != "" && r.ByRule[rule] != int64(number(n)) {
				t.Errorf("%d findings of %s, want %s: %v", r.ByRule[rule], rule, n, r.ByRule)
			}
			want := int64(c.counted)
			if want == 0 {
				want = 240
			}
			if got := r.total(contactsReceived); got != want {
				t.Errorf("%d are counted, want %d", got, want)
			}
		})
	}
}
