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
