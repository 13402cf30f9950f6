package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kith/internal/testkit"
)

// A workbook with more cells than are read is refused before it is parsed, whatever it
// says of its own size. Not parallel: it measures the whole process.
func TestWorkbookOfMillionsOfCells(t *testing.T) {
	const cells, row = 4_000_000, `<row><c><v>1</v></c><c s="1"/><c><v>1</v></c><x:c/></row>`
	start := strings.Replace(sheetStart, "<sheetData>", `<dimension ref="A1:B2"/><sheetData>`, 1)
	path := workbookWith(t, "xl/worksheets/sheet1.xml",
		wrapped(start, row, cells/4*int64(len(row)), `</sheetData></worksheet>`))
	var err error
	began := time.Now()
	most := testkit.Peak(func() { err = drainWithin(path, Usual) })
	took := time.Since(began)
	t.Logf("%d MB, %s: %v", most, took.Round(time.Millisecond), err)
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "more than 2,000,000 cells") {
		t.Errorf("not refused for its cells: %v", err)
	}
	// On a machine that does nothing else it takes a quarter of a second.
	if most > 64 || took > 5*time.Second {
		t.Errorf("it took %d MB and %s", most, took)
	}
}

// A cell is counted however its tag is written, and wherever reading stops in it.
func TestCellCounter(t *testing.T) {
	t.Parallel()
	const text = `<row r="1"><c r="A1"/><x:c><x:v>1</x:v></x:c><c/><cols/><cc/><xc/>` + "<c\n/><c\t>c < d:c </c></row>"
	for size := 1; size < len(text); size++ {
		c := &cellCounter{left: 100}
		for at := 0; at < len(text); at += size {
			c.see([]byte(text[at:min(at+size, len(text))]))
		}
		if got := 100 - c.left; got != 5 {
			t.Fatalf("%d cells by pieces of %d", got, size)
		}
	}
}

// A part that goes on after the size that the workbook's directory gives is not read on.
func TestPartLongerThanItSays(t *testing.T) {
	t.Parallel()
	r := &sizedPart{ReadCloser: io.NopCloser(strings.NewReader("12345")), left: 4}
	if _, err := io.ReadAll(r); err == nil {
		t.Error("read beyond its size")
	}
	path := workbookWith(t, "xl/other.xml", strings.NewReader("<a/>"))
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		part, err := openPart(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(part); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// filtered writes a workbook of rows below a header, some of which are hidden.
func filtered(t *testing.T, rows int, hidden ...int) *excelize.File {
	t.Helper()
	book := excelize.NewFile()
	for i := range rows + 1 {
		cells := []any{"area", "visits"}
		if i > 0 {
			cells = []any{fmt.Sprintf("area %d", i), i}
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.AutoFilter("Sheet1", fmt.Sprintf("A1:B%d", rows+1), nil); err != nil {
		t.Fatal(err)
	}
	for _, row := range hidden {
		if err := book.SetRowVisible("Sheet1", row, false); err != nil {
			t.Fatal(err)
		}
	}
	return book
}

// readBelow reads a workbook's sheet below its header as readers do.
func readBelow(t *testing.T, book *excelize.File, sheet string, limit Limits) (rows int, said string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "filtered.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	file, err := Open(Path(path), limit)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := file.Table(sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if _, err := table.Next(); err != nil {
		t.Fatal(err)
	}
	cells := table.Cells()
	for ; ; rows++ {
		if _, err := table.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := cells.Sound(); err != nil {
		if !errors.Is(err, ErrHidden) {
			t.Errorf("refused as something else: %v", err)
		}
		return rows, "refused: " + err.Error()
	}
	for _, f := range table.Fixes() {
		said += fmt.Sprintf("line %d: %s. ", f.Line, f.Words)
	}
	return rows, said
}

// Rows that a filter hides are read and said, and asked about where they are many.
func TestHiddenRows(t *testing.T) {
	t.Parallel()
	const told = " hidden in the workbook, by a filter or by hand, and read like the others; if they are not meant, " +
		"delete them and give the workbook again. "
	for _, c := range []struct {
		name   string
		rows   int
		hidden []int
		accept bool
		want   string
	}{
		{"none", 10, nil, false, ""},
		{"one", 10, []int{5}, false, "line 5: 1 row is" + told},
		{"two of few", 3, []int{2, 4}, false, "line 2: 2 rows are" + told},
		{"three of ten", 10, []int{3, 4, 9}, false, "refused: line 3: 3 of the 10 rows are hidden in the workbook"},
		{"three of ten that are meant", 10, []int{3, 4, 9}, true, "line 3: 3 rows are" + told},
		{"three of many", 60, []int{3, 4, 9}, false, "line 3: 3 rows are" + told},
		{"the header", 10, []int{1}, false, "line 1: 1 row is" + told},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			limit := Usual
			limit.HiddenRows = c.accept
			rows, said := readBelow(t, filtered(t, c.rows, c.hidden...), "Sheet1", limit)
			if !strings.HasPrefix(said, c.want) || c.want == "" && said != "" || rows != c.rows {
				t.Errorf("%d rows, %q, want %q", rows, said, c.want)
			}
		})
	}
}

// A row without a height is hidden, and so is every row that does not say otherwise of a sheet
// that hides its rows.
func TestRowsWithoutHeight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sheet, row string // what stands before the rows, and in the second
		hidden     int64
	}{
		{"", "", 0},
		{"", `ht="0" customHeight="1"`, 1},
		{"", `ht="0.0"`, 1},
		{"", `ht="15"`, 0},
		{"", `hidden="true"`, 1},
		{`<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>`, "", 3},
		{`<sheetFormatPr zeroHeight="true"/>`, `ht="15"`, 2},
		{`<sheetFormatPr zeroHeight="1"/>`, `hidden="0"`, 2},
		{`<sheetFormatPr zeroHeight="0"/>`, "", 0},
	} {
		text := strings.Replace(sheetStart, "<sheetData>", c.sheet+"<sheetData>", 1) + "<row><c><v>1</v></c></row>" +
			"<row " + c.row + "><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData></worksheet>"
		file, err := Open(Path(workbookWith(t, "xl/worksheets/sheet1.xml", strings.NewReader(text))), Usual)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		table, err := file.Table(file.Sheets()[0])
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		for range 3 {
			if _, err := table.Next(); err != nil {
				t.Fatal(err)
			}
		}
		if table.veiled.count != c.hidden {
			t.Errorf("%s %s: %d are hidden, want %d", c.sheet, c.row, table.veiled.count, c.hidden)
		}
	}
}

// Every row of a hidden sheet is hidden.
func TestHiddenSheet(t *testing.T) {
	t.Parallel()
	book := filtered(t, 10)
	if _, err := book.NewSheet("Shown"); err != nil {
		t.Fatal(err)
	}
	book.SetActiveSheet(1)
	if err := book.SetSheetVisible("Sheet1", false); err != nil {
		t.Fatal(err)
	}
	if _, said := readBelow(t, book, "Sheet1", Usual); !strings.HasPrefix(said, "refused: line 1: 10 of the 10 rows") {
		t.Error(said)
	}
}

// Rows and cells without numbers follow one another; what is numbered out of order, or as no
// sheet has it, is refused.
func TestRowNumbers(t *testing.T) {
	t.Parallel()
	const damaged = "error: the workbook is damaged"
	for _, c := range []struct{ rows, want string }{
		{`<row><c><v>1</v></c></row><row r="4"><c r="B4"><v>2</v></c><c><v>3</v></c></row><row><c r="A5"><v>4</v></c></row>`,
			"1|1\n4||2|3\n5|4\n"},
		{`<row r="2"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>`, "2|1\n" + damaged},
		{`<row r="x"><c><v>1</v></c></row>`, damaged},
		{`<row r="9999999"><c><v>1</v></c></row>`, damaged},
		{`<row><c r="7"><v>1</v></c></row>`, damaged},
		{`<row><c r="ZZZZ1"><v>1</v></c></row>`, damaged},
		{`<row><c t="s"><v>5</v></c></row>`, damaged},
		{`<row><c t="b"><v>1</v></c><c t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>no</t></rPh><r><t>b</t></r></is></c></row>`,
			"1|1|a\rb\n"},
		{`<row><c><v>1</v></c></row><row><c><v>2</v></row>`, "1|1\n" + damaged},
	} {
		path := workbookWith(t, "xl/worksheets/sheet1.xml", strings.NewReader(sheetStart+c.rows+"</sheetData></worksheet>"))
		got := dumpSheet(t, path)
		if got != c.want && !(strings.HasSuffix(c.want, damaged) && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: %q, want %q", c.rows, got, c.want)
		}
	}
}
