package returns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// savedAnew writes one list of early help in the forms that programs save it in.
func savedAnew(t *testing.T) map[string]string {
	t.Helper()
	head := []string{"Child ID", "Start date", "Age", "Sex", "Source"}
	var rows [][]string
	for i := range 24 {
		rows = append(rows, []string{fmt.Sprintf("A%d", i), fmt.Sprintf("%02d/%02d/2023", i%28+1, i%9+4), "5", "F", "Police"})
	}
	text := func(rows [][]string, comma string, cell func(string) string) string {
		var b strings.Builder
		for _, row := range append([][]string{head}, rows...) {
			for i, c := range row {
				if i > 0 {
					b.WriteString(comma)
				}
				b.WriteString(cell(c))
			}
			b.WriteString("\n")
		}
		return b.String()
	}
	same := func(s string) string { return s }
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &head)
	var turned [][]string
	for i, row := range rows {
		on, err := time.Parse("02/01/2006", row[1])
		if err != nil {
			t.Fatal(err)
		}
		_ = book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{row[0], on, 5, row[3], row[4]})
		turned = append([][]string{row}, turned...)
	}
	workbook := t.TempDir() + "/list.xlsx"
	if err := book.SaveAs(workbook); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"as it is":  write(t, "list.csv", text(rows, ",", same)),
		"spaces":    write(t, "spaces.csv", text(rows, ",", func(s string) string { return s + " " })),
		"quotes":    write(t, "quotes.csv", text(rows, ";", func(s string) string { return `"` + s + `"` })),
		"order":     write(t, "order.csv", text(turned, ",", same)),
		"workbook":  workbook,
		"other":     write(t, "other.csv", strings.ReplaceAll(text(rows, ",", same), "A1,", "B1,")),
		"too short": write(t, "short.csv", text(rows[:3], ",", same)),
	}
}

// A list that is saved anew is known again under another authority, whatever its form, and
// so is one that was replaced.
func TestSavedAnew(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		lists := savedAnew(t)
		load := func(name, authority string) error {
			_, err := h.in.Load(t.Context(), EarlyHelp, []string{lists[name]},
				ledger.Options{Year: 2023, Authority: authority, Cover: true, WholeYear: true, AcceptChange: true})
			return err
		}
		if err := load("as it is", "E08000015"); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"as it is", "spaces", "quotes", "order", "workbook"} {
			var refused *intake.Fatal
			err := load(name, "E08000012")
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), "this file is loaded already") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := load("other", "E08000015"); err != nil { // it takes the place of the first
			t.Fatal(err)
		}
		for _, name := range []string{"as it is", "workbook"} {
			if err := load(name, "E08000012"); !errors.Is(err, ledger.ErrDoubts) {
				t.Errorf("%s, which was replaced: %v", name, err)
			}
		}
		if err := load("too short", "E08000012"); err != nil {
			t.Errorf("a short list: %v", err)
		}
		if err := load("spaces", "E08000015"); err != nil {
			t.Errorf("the earlier list again, as what it was: %v", err)
		}
	})
}

// A list that most rows have in common with one of another authority is asked about: an export
// of another day, or under other numbers. So is a return under another year, and a file that
// was replaced under another year too.
func TestNearlyTheSame(t *testing.T) {
	t.Parallel()
	csv := func(rows [][]string) string { return write(t, "sent.csv", asCSV(rows, ",", "\n")) }
	prefixed := func(rows [][]string) [][]string {
		for _, row := range rows[1:] {
			row[0], row[1] = "X"+row[0], "X"+row[1]
		}
		return rows
	}
	column := func(rows [][]string, at ...int) (out [][]string) {
		for _, row := range rows {
			var some []string
			for _, i := range at {
				some = append(some, row[i])
			}
			out = append(out, some)
		}
		return out
	}
	const other = "E08000012"
	plain := []int{0, 2, 5, 6}
	another := func() [][]string {
		rows := many()
		for i, row := range rows[1:] {
			row[3], row[6] = "14/06/2015", []string{"Referral", "NFA", "Advice", "NFA"}[(i*i/3+i)%4]
		}
		return prefixed(rows)
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		load := func(kind, path, authority string, year int, sure bool) (*ledger.Report, error) {
			return h.in.Load(t.Context(), kind, []string{path}, ledger.Options{Year: period.Year(year), Authority: authority,
				Cover: true, WholeYear: true, AcceptChange: true, AcceptDoubts: sure})
		}
		must := func(_ *ledger.Report, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		asked := func(rep *ledger.Report, err error) {
			t.Helper()
			said := func(d string) bool {
				return strings.HasPrefix(d, "Most rows of ") || strings.HasPrefix(d, "The same file was loaded before")
			}
			if !errors.Is(err, ledger.ErrDoubts) || !slices.ContainsFunc(rep.Batch.Doubts, said) {
				t.Errorf("not asked about: %v %v", err, rep.Batch.Doubts)
			}
		}
		must(load(Contacts, csv(many()), here, 2023, false))
		late := []string{"C9", "P9", "31/03/2024", "01/02/2015", "F", "Police", "NFA"}
		asked(load(Contacts, csv(append(many(), late)), other, 2023, false))
		asked(load(Contacts, csv(prefixed(many())), other, 2023, false))
		must(load(Contacts, csv(another()), other, 2023, false))
		must(load(Contacts, csv(prefixed(many())), other, 2023, true))
		must(load(Contacts, csv(column(many(), plain...)), here, 2023, false))
		asked(load(Contacts, csv(column(prefixed(many()), plain...)), other, 2023, false))
		must(load(Contacts, csv(column(another(), plain...)), other, 2023, false))

		header := "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"
		episodes := func(n, from int, end string) string {
			var b strings.Builder
			b.WriteString(header)
			for i := range n {
				fmt.Fprintf(&b, "B%d,%02d/%02d/2022,S,C2,N1,U4,PR1,%s\n", from+i, i%28+1, i/28+4, end)
			}
			return b.String() + "Z1,01/05/2022,S,C2,N1,U4,PR1,01/06/2022,E4A\nZ2,01/05/2023,S,C2,N1,U4,PR1,01/06/2023,E4A\n"
		}
		path := write(t, "episodes.csv", episodes(60, 0, ","))
		must(load(SSDA903, path, here, 2022, true))
		asked(load(SSDA903, write(t, "more.csv", episodes(61, 0, ",")), here, 2023, false))
		must(load(SSDA903, write(t, "later.csv", episodes(60, 20, ",")), here, 2023, true))
		must(load(SSDA903, write(t, "again.csv", episodes(59, 0, ",")), here, 2022, true))
		asked(load(SSDA903, path, here, 2023, false))
	})
}
