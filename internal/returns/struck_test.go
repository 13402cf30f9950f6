package returns

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/intake"
)

// Rows that say in a column which is not read that they were cancelled or entered in error are
// counted only after somebody was asked.
func TestStruckOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, header, cell, other string
		every                     int
		doubts                    string
	}{
		{"no such word", "Status", "Closed", "Open", 5, ""},
		{"a note", "Notes", "Duplicate of the contact that the school made", "", 5, ""},
		{"cancelled", "Status", "CANCELLED", "Open", 10, "4 rows say “CANCELLED”, or another word for what should not count, in the " +
			"column “Status”"},
		{"one entered in error", "Record state", "Entered in error", "Live", 40, "1 row says “Entered in error”"},
		{"a column that is read", "Source", "Void", "Police", 10, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("Contact ID,Child ID,Date of contact,Age,Outcome," + c.header + "\n")
			for i := range 40 {
				cell := c.other
				if i%c.every == 0 {
					cell = c.cell
				}
				fmt.Fprintf(&b, "C%d,A%d,%02d/06/2023,%d,%s,%s\n", i, i, i%28+1, i%17, []string{"NFA", "Referral"}[i%2], cell)
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
