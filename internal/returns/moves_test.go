package returns

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// A quarter is compared with the same months of a year that is loaded, and a figure that is not
// held says that a quarter is kept beside the years.
func TestAQuarter(t *testing.T) {
	t.Parallel()
	quarter := func(rows [][]string, year int) [][]string {
		var out [][]string
		for i, row := range rows {
			if i == 0 || row[2][3:5] >= "04" && row[2][3:5] <= "06" {
				row[2] = strings.Replace(row[2], "/2023", fmt.Sprint("/", year), 1)
				out = append(out, row)
			}
		}
		return out
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		load := func(rows [][]string, year int, o ledger.Options) string {
			t.Helper()
			o.Year, o.Authority, o.Cover = period.Year(year), here, true
			o.WholeYear, o.AcceptChange, o.AcceptDoubts = true, true, true
			rep, err := h.in.Load(t.Context(), Contacts, []string{write(t, "contacts.csv", asCSV(rows, ",", "\n"))}, o)
			if err != nil {
				t.Fatal(err)
			}
			m := rep.Moves[0]
			return fmt.Sprintf("%s %d beside %s %d", m.Period, m.After, m.Against, m.Before)
		}
		part := func(year int) ledger.Options {
			return ledger.Options{Part: period.Span{From: period.NewDate(year, 4, 1), To: period.NewDate(year, 6, 30)}}
		}
		if got := load(quarter(many(), 2023), 2023, part(2023)); got != "April to June 2023 61 beside  0" {
			t.Error(got)
		}
		h.want("contacts.received over 2023-24Q1", "figure contacts.received: nothing is loaded to count it from: import "+
			wanted[Contacts]+". Beside the years there is April to June 2023, of which no figure is counted until the whole "+
			"year is loaded")
		if got := load(many(), 2023, ledger.Options{}); got != "2023-24 240 beside April to June 2023 61" {
			t.Error(got)
		}
		h.want("contacts.received over 2023-24Q1", "61")
		if got := load(quarter(many(), 2024), 2024, part(2024)); got != "April to June 2024 61 beside April to June 2023 61" {
			t.Error(got)
		}
		late := part(2023)
		late.Part = period.Span{From: period.NewDate(2023, 7, 1), To: period.NewDate(2023, 9, 30)}
		if got := load(many()[:150], 2023, late); got !=
			"July to September 2023 61 beside the same months of 2023-24 61" {
			t.Error(got)
		}
	})
}
