package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A formula without its result is never read as an empty cell, however a program left it
// out; one with its result, be that nought or an empty text, is read.
func TestFormulasWithoutResult(t *testing.T) {
	t.Parallel()
	const refused = "error: line 2: the cell B2 holds a formula whose result is not saved"
	for _, c := range []struct{ name, cell, calc, want string }{
		{"no value", `<c r="B2"><f>1+1</f></c>`, "", refused},
		{"an empty value", `<c r="B2"><f>1+1</f><v></v></c>`, "", refused},
		{"a closed value", `<c r="B2"><f>1+1</f><v/></c>`, "", refused},
		{"a shared formula", `<c r="B2"><f t="shared" si="0"/></c>`, "", refused},
		{"a prefix", `<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="B2"><x:f>1+1</x:f></x:c>`,
			"", refused},
		{"a cell without its name", `<c/><c><f>1+1</f></c>`, "",
			"error: line 2: a cell of the row holds a formula whose result is not saved"},
		{"nought, to be worked out", `<c r="B2"><f>1+1</f><v>0</v></c>`, `<calcPr calcId="124519" fullCalcOnLoad="1"/>`,
			refused},
		{"a result, to be worked out again", `<c r="B2"><f>1+1</f><v>2</v></c>`, `<calcPr fullCalcOnLoad="true"/>`,
			"1|a|b\n2|x|2\n3|y|3\n"},
		{"a result", `<c r="B2"><f>1+1</f><v>2</v></c>`, "", "1|a|b\n2|x|2\n3|y|3\n"},
		{"nought", `<c r="B2"><f>1-1</f><v>0</v></c>`, `<calcPr calcId="191029"/>`, "1|a|b\n2|x|0\n3|y|3\n"},
		{"an empty text", `<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>`, "", "1|a|b\n2|x|\n3|y|3\n"},
		{"a result and a formula after it", `<c r="B2"><v>2</v><f>1+1</f></c>`, "", "1|a|b\n2|x|2\n3|y|3\n"},
	} {
		text := strings.Replace(sheetStart, "<sheetData>", "<sheetData>"+
			`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>`+
			`<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c>`+c.cell+`</row>`+
			`<row r="3"><c r="A3" t="inlineStr"><is><t>y</t></is></c><c r="B3"><v>3</v></c></row>`, 1)
		path := workbookWith(t, "xl/worksheets/sheet1.xml", strings.NewReader(text+"</sheetData></worksheet>"))
		if c.calc != "" {
			path = withCalculation(t, path, c.calc)
		}
		got := dumpSheet(t, path)
		if strings.HasPrefix(c.want, "error:") {
			if !strings.Contains(got, c.want) || !strings.Contains(got, "Open it in Excel and save it") {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func dumpSheet(t *testing.T, path string) string {
	t.Helper()
	file, err := Open(Path(path), Usual)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := file.Table(file.Sheets()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	return dump(t, table)
}

// withCalculation writes the workbook again with an element in its main part.
func withCalculation(t *testing.T, path, element string) string {
	t.Helper()
	from, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "xl/workbook.xml" {
			text = bytes.Replace(text, []byte("</workbook>"), []byte(element+"</workbook>"), 1)
		}
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again := filepath.Join(t.TempDir(), "again.xlsx")
	if err := errors.Join(to.Close(), os.WriteFile(again, out.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return again
}
