package returns

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// BenchmarkPreview reads 100,000 contacts of a year beside as many that are loaded, as CSV and as
// a workbook, compares them and packs what they bring. To reach: 3 seconds and 100 MB.
func BenchmarkPreview(b *testing.B) {
	const rows = 100_000
	list := make([][]string, 0, rows+1)
	list = append(list, many()[0])
	for i := range rows {
		at := period.Year(2023).Span().From.AddDays(i * 365 / rows)
		list = append(list, []string{fmt.Sprint("C", 100000+i), fmt.Sprint("P", i%40000), uk(at),
			uk(at.AddDays(-i * 37 % 6000)), []string{"M", "F"}[i%2], []string{"Police", "School", "Health visitor"}[i%3],
			[]string{"Referral", "No further action", "Information and advice"}[i*7/5%3]})
	}
	dir := b.TempDir()
	paths := map[string]string{
		"csv": writeLines(b, filepath.Join(dir, "contacts.csv"), func(line func(string, ...any)) {
			line("%s", asCSV(list, ",", "\n"))
		}),
		"xlsx": workbookOf(b, filepath.Join(dir, "contacts.xlsx"), list),
	}
	h := newHouse(b, testkit.NewStores(b, db.SQLite))
	options := ledger.Options{Year: 2023, Authority: here, WholeYear: true}
	loaded := writeLines(b, filepath.Join(dir, "loaded.csv"), func(line func(string, ...any)) {
		line("%s", asCSV(list[:rows], ",", "\n"))
	})
	if _, err := h.in.Load(b.Context(), Contacts, []string{loaded}, options); err != nil {
		b.Fatal(err)
	}
	options.DryRun = true
	for _, form := range []string{"csv", "xlsx"} {
		b.Run(form, func(b *testing.B) {
			var most uint64
			for b.Loop() {
				most = max(most, testkit.Peak(func() {
					rep, err := h.in.Load(b.Context(), Contacts, []string{paths[form]}, options)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := rep.Batch.Hold(); err != nil {
						b.Fatal(err)
					}
				}))
			}
			b.ReportMetric(float64(most), "MB-peak")
		})
	}
}

// workbookOf writes rows to a workbook.
func workbookOf(b *testing.B, path string, rows [][]string) string {
	b.Helper()
	book := excelize.NewFile()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := book.SaveAs(path); err != nil {
		b.Fatal(err)
	}
	return path
}
