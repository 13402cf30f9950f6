package returns

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/intake"
)

// Contacts without an outcome count as no referral: where they are all, or many, that is
// refused or asked about.
func TestBlankOutcomes(t *testing.T) {
	t.Parallel()
	// first gives one outcome to the first so many rows of 40, and another to the rest.
	first := func(some int, outcome, rest string) func(int) string {
		return func(i int) string {
			if i < some {
				return outcome
			}
			return rest
		}
	}
	for _, c := range []struct {
		name, column    string
		outcome         func(i int) string
		refused, doubts string
	}{
		{"all filled in", "Outcome", first(10, "Referral", "NFA"), "", ""},
		{"all empty", "Outcome", first(0, "", ""), "the column outcome is empty in every row", ""},
		{"all words for nothing", "Outcome", first(0, "", "#N/A"), "the column outcome is empty in every row", ""},
		{"a few empty", "Outcome", first(4, "", "Referral"), "", ""},
		{"many empty", "Outcome", first(5, "", "Referral"), "", "5 of the 40 contacts have no outcome"},
		{"many words for nothing", "Outcome", first(5, "#N/A", "Referral"), "", "5 of the 40 contacts have no outcome"},
		{"only no", "Progressed to referral", first(10, "No", ""), "", "30 of the 40 contacts have no outcome"},
		{"only yes", "Progressed to referral", first(10, "Yes", ""), "", "30 of the 40 contacts have no outcome"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("Contact ID,Child ID,Date of contact,Age,Source," + c.column + "\n")
			for i := range 40 {
				fmt.Fprintf(&b, "C%d,A%d,%02d/06/2023,%d,Police,%s\n", i, i, i%28+1, i%17, c.outcome(i))
			}
			files, err := intake.Files([]string{write(t, "contacts.csv", b.String())})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, c.refused, c.doubts)
		})
	}
}

// A list put together twice under new numbers is seen also where it has ages and no dates of
// birth.
func TestListTwiceByAge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		rows, again int
		source      string // of the rows that are there again
		doubts      string
	}{
		{"once", 40, 0, "Police", ""},
		{"twice", 40, 40, "Police", "40 of the 80 contacts with an age and no date of birth are like another in every"},
		{"a quarter twice", 40, 11, "Police", "11 of the 51 contacts with an age"},
		{"a few twice", 40, 9, "Police", ""},
		{"twice and few", 19, 19, "Police", ""},
		{"twice from another source", 40, 40, "School", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("Contact ID,Child ID,Date of contact,Age,Source,Outcome\n")
			row := func(set string, i int, source string) {
				fmt.Fprintf(&b, "%s%d,%s%d,%02d/%02d/2023,%d,%s,NFA\n", set, i, set, i, i%28+1, i%8+4, i%17, source)
			}
			for i := range c.rows {
				row("A", i, "Police")
			}
			for i := range c.again {
				row("B", i, c.source)
			}
			files, err := intake.Files([]string{write(t, "contacts.csv", b.String())})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, "", c.doubts)
		})
	}
}

// Rows that fall out of the year, and would be in it with the month first, are asked about
// where they are many.
func TestSwappedDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		outside int
		date    string // of those outside, with a day
		doubts  string
	}{
		{"none", 0, "%02d/10/2024", ""},
		{"many", 20, "01/%02d/2024", "20 dates are not in 2023-24, and would be if the month stood first"},
		{"some", 5, "01/%02d/2024", "5 dates are not in 2023-24, and would be if the month stood first"},
		{"few", 4, "01/%02d/2024", ""},
		{"no month either way", 30, "20/%02d/2024", "30 of the 100 rows would not be counted (outside 2023-24: 30)"},
		{"a tenth outside", 10, "20/%02d/2024", ""},
		{"some days after the year", 9, "0%[1]d/04/2024", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("Contact ID,Child ID,Date of contact,Age,Source,Outcome\n")
			for i := range 100 {
				on := fmt.Sprintf("%02d/06/2023", i%28+1)
				if i < c.outside {
					on = fmt.Sprintf(c.date, i%9+4)
				}
				fmt.Fprintf(&b, "C%d,A%d,%s,%d,Police,Referral\n", i, i, on, i%17)
			}
			files, err := intake.Files([]string{write(t, "contacts.csv", b.String())})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, "", c.doubts)
		})
	}
}
