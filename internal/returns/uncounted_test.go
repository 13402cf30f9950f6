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
	column := func(header string, values ...string) func(list) list {
		return func(l list) list {
			for i := range l {
				l[i] = append(l[i], values[i%len(values)])
			}
			l[0][len(l[0])-1] = header
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
	// without leaves but so many contacts of a month.
	without := func(month string, leave int) func(list) list {
		return func(l list) list {
			n := 0
			return slices.DeleteFunc(l, func(row []string) bool {
				if !strings.HasSuffix(row[2], month) {
					return false
				}
				n++
				return n > leave
			})
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
		{"many taken for totals", each(func(i int) bool { return i%8 == 0 }, set(0, "Total")), "",
			"30 of the 240 rows would not be counted (taken for totals: 30)", "total 30", 210},
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
		}), "are written with the month first in 72 rows and with the day first", "", "", 0},
		{"what could be read with the month first", each(all, func(row []string) []string {
			row[2] = monthFirst(row[2])
			return row
		}), "", "36 dates are not in 2023-24, and would be if the month stood first", "", 204},
		{"the same in half of them", each(half, func(row []string) []string {
			row[2] = monthFirst(row[2])
			return row
		}), "", "24 dates are not in 2023-24, and would be", "", 216},
		{"another authority in every row", column("LA", "Sunderland"),
			"line 2: the column LA says that the rows are of Sunderland (E08000024), and the file is given for Wirral", "", "", 0},
		{"another authority by its code", column("Authority code", "E08000024"), "are of Sunderland (E08000024)", "", "", 0},
		{"another authority by its number", column("LEA", "394"), "are of Sunderland (E08000024)", "", "", 0},
		{"another authority as a council", column("Council", "Sunderland City Council"), "of Sunderland (E08000024)", "", "",
			0},
		{"some rows of another authority", column("Local authority", "Wirral MBC", "Wirral", "Sunderland"), "",
			"80 of the 240 rows are of another authority by this column, the first of Sunderland", "authority 1", 0},
		{"another authority in few authority", column("Local authority", "", "", "", "Sunderland"),
			"line 4: the column Local authority says that the rows are of Sunderland", "", "", 0},
		{"its own authority", column("LA", "Wirral", "E08000015", "344", "Metropolitan Borough of Wirral"), "", "",
			"extra-column 0", 0},
		{"an authority nobody knows", column("LA", "North", "South", "n/a"), "", "", "authority 0", 0},
		{"the year above", func(l list) list {
			return append(list{{"Contacts 1 April 2023 to 31 March 2024"}}, l...)
		}, "", "", "", 0},
		{"another year above", func(l list) list {
			return append(list{{"Contacts 1 April 2022 to 31 March 2023"}}, l...)
		}, "",
			"Above the table the file says that it is of 2022-23, and it is read for 2023-24", "year 1", 0},
		{"two years above", func(l list) list {
			return append(list{{"Contacts", "April 2022 to March 2024"}}, each(third, set(2, "20/05/2022"))(l)...)
		}, "", "", "outside-year 80", 160},
		{"the same in a part of the year", func(l list) list {
			return each(func(i int) bool { return i > 60 && i < 120 }, func(row []string) []string {
				row[2] = monthFirst(row[2])
				return row
			})(l[:160])
		}, "", "The list goes by date, and 20 dates are out of order that would be in order", "", 153},
		{"a month left out", without("/08/2023", 0), "", "No contact is of August 2023, and between 16 and 21 are of each " +
			"other month. Look whether a month was left out of the export.", "nothing-of 1", 220},
		{"two months left out", func(l list) list { return without("/08/2023", 0)(without("/11/2023", 1)(l)) }, "",
			"No contact is of August 2023 and only 1 contact is of November 2023, and between", "nothing-of 1", 201},
		{"a quiet month", without("/08/2023", 2), "", "", "nothing-of 0", 222},
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

// A period is read in the ways in which people write one above a table, and nothing else is.
func TestStatedPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Contacts 1 April 2022 to 31 March 2023": "2022-23", "01/04/2022 - 31/03/2023": "2022-23",
		"Period: 2022-04-01 until 2023-03-31":       "2022-23",
		"1st Apr 2022 – 31st Mar 2023":              "2022-23",
		"Early help, April 2022 to March 2023":      "2022-23",
		"Early help, April 2022 – June 2022":        "2022-23Q1",
		"Contacts 2022-23":                          "2022-23",
		"Contacts 2022/23 and 2023/24":              "2022-23 2023-24",
		"2022/2023":                                 "2022-23",
		"Exported on 2 April 2024":                  "",
		"01/04/2022":                                "",
		"31 March 2023 to 1 April 2022":             "",
		"2022-25":                                   "",
		"2022-2024":                                 "",
		"C2022-230":                                 "",
		"2022-23-01":                                "",
		"Report 12022-23, 31/02/2022 to 31/03/2023": "",
	} {
		var got []string
		for _, s := range statedIn(text) {
			got = append(got, s.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %q", text, got, want)
		}
	}
}

// A list that tells neither the age nor the date of birth of a child is asked about when its
// rows are there twice, block after block or side by side.
func TestPlainListsTwice(t *testing.T) {
	t.Parallel()
	plain := func(prefix string, n, from int) (out [][]string) {
		for i := range n {
			day := period.Year(2023).Span().From.AddDays((from + i) / 3)
			out = append(out, []string{fmt.Sprint(prefix, i), uk(day), []string{"Police", "School"}[i%7/3%2],
				[]string{"Referral", "NFA", "Advice"}[i%11/2%3]})
		}
		return out
	}
	byDate := func(rows [][]string) [][]string {
		slices.SortStableFunc(rows, func(a, b []string) int {
			return strings.Compare(a[1][3:5]+a[1][:2], b[1][3:5]+b[1][:2])
		})
		return rows
	}
	for _, c := range []struct {
		name   string
		rows   [][]string
		doubts string
	}{
		{"once", plain("A", 200, 0), ""},
		{"pasted twice", append(plain("A", 200, 0), plain("B", 200, 0)...),
			"More than a fifth of the 400 contacts are there again, in the same order"},
		{"a part pasted again", append(plain("A", 200, 0), plain("B", 80, 0)...), "More than a fifth of the 280 contacts"},
		{"a small part pasted again", append(plain("A", 200, 0), plain("B", 40, 0)...), ""},
		{"two exports by date", byDate(append(plain("A", 200, 0), plain("B", 200, 0)...)),
			"Nearly all of the 400 contacts are there twice"},
		{"few rows", append(plain("A", 19, 0), plain("B", 19, 0)...), ""},
		{"one busy day", append(plain("A", 200, 0),
			slices.Repeat([][]string{{"", "31/03/2024", "Police", "NFA"}}, 100)...), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i := range c.rows {
				c.rows[i] = append([]string{fmt.Sprint("C", i)}, c.rows[i][1:]...)
			}
			rows := append([][]string{{"Contact ID", "Date of contact", "Source", "Outcome"}}, c.rows...)
			files, err := intake.Files([]string{write(t, "contacts.csv", asCSV(rows, ",", "\n"))})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, "", c.doubts)
		})
	}
}

// A list that is asked of a part of a year is asked only about the months of that.
func TestMonthsOfAPart(t *testing.T) {
	t.Parallel()
	rows := slices.DeleteFunc(many(), func(row []string) bool { return strings.HasSuffix(row[2], "/08/2023") })
	files, err := intake.Files([]string{write(t, "contacts.csv", asCSV(rows, ",", "\n"))})
	if err != nil {
		t.Fatal(err)
	}
	year := period.Year(2023).Span()
	for months, asked := range map[int]string{3: "", 5: "", 6: "No contact is of August 2023, and between"} {
		part := period.Span{From: year.From, To: year.From.AddMonths(months).AddDays(-1)}
		r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Part: part, Authority: here})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Doubts, "|"); strings.Contains(got, "is of August") != (asked != "") ||
			!strings.Contains(got, asked) {
			t.Errorf("%d months: %q", months, got)
		}
	}
}
