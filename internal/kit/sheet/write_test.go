package sheet

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestWriteWorkbook: what is written is read again, and nothing of it is a formula.
func TestWriteWorkbook(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	rows := [][]string{{"ward", "Girls"}, {"=1+1", "3"}, {"007", "[c]"}}
	if err := WriteWorkbook(&b, rows); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "t.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(Path(path), Usual)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := f.Table(f.Sheets()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if got, want := dump(t, table), "1|ward|Girls\n2|=1+1|3\n3|007|[c]\n"; got != want {
		t.Errorf("read again as %q, want %q", got, want)
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if formula, err := book.GetCellFormula("Sheet1", "A2"); formula != "" || err != nil {
		t.Errorf("A2 has the formula %q (%v)", formula, err)
	}
}
