package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// dump writes every row as line|cell|cell.
func dump(t testing.TB, table *Table) string {
	t.Helper()
	var b strings.Builder
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			b.WriteString("error: " + err.Error())
			return b.String()
		}
		b.WriteString(strings.Join(append([]string{string(rune('0' + row.Line))}, row.Cells...), "|") + "\n")
	}
}

func utf16Bytes(s string, big, mark bool) string {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b bytes.Buffer
	for _, u := range units {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
			continue
		}
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"commas", "a,b\n1,2\n", "1|a|b\n2|1|2\n"},
		{"no last line end", "a,b\n1,2", "1|a|b\n2|1|2\n"},
		{"semicolons", "a;b\n1,5;2\n", "1|a|b\n2|1,5|2\n"},
		{"tabs", "a\tb\n1\t2\n", "1|a|b\n2|1|2\n"},
		{"bars", "a|b\n1|2\n", "1|a|b\n2|1|2\n"},
		{"Excel says which", "sep=;\na;b\n", "2|a|b\n"},
		{"CR", "a,b\r1,2\r", "1|a|b\n2|1|2\n"},
		{"CRLF", "a,b\r\n1,2\r\n", "1|a|b\n2|1|2\n"},
		{"byte order mark", "\xEF\xBB\xBFa,b\n1,2\n", "1|a|b\n2|1|2\n"},
		{"Windows-1252", "a,b\nZo\xEB,\x96\n", "1|a|b\n2|Zoë|–\n"},
		{"UTF-16 little endian", utf16Bytes("a,b\nZoë,2\n", false, true), "1|a|b\n2|Zoë|2\n"},
		{"UTF-16 big endian", utf16Bytes("a,b\nZoë,2\n", true, true), "1|a|b\n2|Zoë|2\n"},
		{"UTF-16 without mark", utf16Bytes("abc,b\n1,2\n", false, false), "1|abc|b\n2|1|2\n"},
		{"quotes", "a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "1|a|b\n2|1,5|say \"hi\"\n"},
		{"quoted line end", "a,b\n\"1\n2\",3\n4,5\n", "1|a|b\n2|1\n2|3\n4|4|5\n"},
		{"space around", " a , b \n\u00a01,2\t\n", "1|a|b\n2|1|2\n"},
		{"empty lines", "a,b\n\n,\n1,2\n", "1|a|b\n4|1|2\n"},
		{"quotes within quotes", "a,b\n\"Ann \"Bo\" Cox\",2\n", "1|a|b\n2|Ann \"Bo\" Cox|2\n"},
		{"quote inside a cell", "a,b\n5\" nail,2\n", "1|a|b\n2|5\" nail|2\n"},
		{"quote never closed", "a,b\n\"1,2\n3,4\n", "1|a|b\n2|1|2\n3|3|4\n"},
		{"quote closed by a later one", "a,b\n\"1,2\n3,\"4\"\n5,6\n", "1|a|b\n2|1|2\n3|3|4\n4|5|6\n"},
		{"one column", "a\n1\n", "1|a\n2|1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table, err := ReadText(strings.NewReader(c.in), Usual)
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(t, table); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestTextMends(t *testing.T) {
	t.Parallel()
	table, err := ReadText(strings.NewReader("a,b\n\"1,2\n3,\xEB\n"), Usual)
	if err != nil {
		t.Fatal(err)
	}
	dump(t, table)
	if m := table.Fixes(); len(m) != 2 || m[0].Line != 1 || m[1].Line != 2 {
		t.Errorf("fixes: %+v", m)
	}
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	small := Limits{Bytes: 1 << 20, Rows: 3, Columns: 4, Cell: 10, Line: 100}
	for name, in := range map[string]string{
		"rows":    "1\n2\n3\n4\n",
		"columns": "1,2,3,4,5\n",
		"cell":    "12345678901,2\n",
		"line":    strings.Repeat("1,", 60) + "\n",
	} {
		table, err := ReadText(strings.NewReader(in), small)
		for err == nil {
			_, err = table.Next()
		}
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGuardXML(t *testing.T) {
	t.Parallel()
	limit := XMLLimits{Tag: 40, Text: 60, Depth: 3}
	for _, c := range []struct {
		name, in string
		ok       bool
	}{
		{"plain", `<?xml version="1.0"?><a b="1>2"><!-- <x> --><c/><![CDATA[<x>]]></a>`, true},
		{"siblings", strings.Repeat("<a></a>", 20), true},
		{"doctype", `<!DOCTYPE a [<!ENTITY b "c">]><a/>`, false},
		{"doctype in lower case", `<!doctype a><a/>`, false},
		{"long attribute", `<a b="` + strings.Repeat("x", 50) + `"/>`, false},
		{"long name", `<` + strings.Repeat("x", 50), false},
		{"long text", `<a>` + strings.Repeat("x", 70) + `</a>`, false},
		{"long comment", `<!--` + strings.Repeat("x", 70) + `--><a/>`, false},
		{"deep", `<a><a><a><a/></a></a></a>`, true},
		{"too deep", `<a><a><a><a></a></a></a></a>`, false},
	} {
		_, err := io.Copy(io.Discard, GuardXML(strings.NewReader(c.in), limit))
		if c.ok != (err == nil) || !c.ok && !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.xlsx")
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &[]any{"Name", "Date"})
	_ = book.SetSheetRow("Sheet1", "A4", &[]any{" Zoë ", 45382})
	if err := book.SaveAs(path); err != nil {
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
	if got, want := dump(t, table), "1|Name|Date\n4|Zoë|45382\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if d, err := table.Date("45382"); err != nil || d != period.MustDate("2024-03-31") {
		t.Errorf("date: %v, %v", d, err)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	var text Table
	for _, c := range []struct{ in, want string }{
		{"31/03/2024", "2024-03-31"}, {"2024-03-31", "2024-03-31"}, {"1/4/2023", "2023-04-01"},
		{"29/02/2024", "2024-02-29"}, {"29/02/2023", ""}, {"31/04/2023", ""}, {"+1/02/2023", ""},
		{"45382", "2024-03-31"}, {"soon", ""}, {"", ""}, {"2024-03-31T00:00:00", "2024-03-31"},
	} {
		d, err := text.Date(c.in)
		if d.String() != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q: %v, %v", c.in, d, err)
		}
	}
}

func TestMatchHead(t *testing.T) {
	t.Parallel()
	h := MatchHead([]string{"Child Unique ID", "DATE-OF-CONTACT", "Team", "contact date"}, []Column{
		{Name: "child", Also: []string{"child unique id"}}, {Name: "date", Also: []string{"date of contact", "contact date"}},
		{Name: "source"},
	})
	if h.Index("child") != 0 || h.Index("date") != 1 || h.Index("source") != -1 || len(h.Extra) != 1 || len(h.Twice) != 1 {
		t.Errorf("%+v", h)
	}
	// A column's own name wins wherever it stands, and what cannot be seen is no part of it.
	h = MatchHead([]string{"Contact date", "Child Unique ID", "date", "child"}, []Column{
		{Name: "child", Also: []string{"child unique id"}}, {Name: "date", Also: []string{"contact date"}},
	})
	if h.Index("child") != 3 || h.Index("date") != 2 || h.As["date"] != "date" || len(h.Twice) != 2 {
		t.Errorf("%+v", h)
	}
}

// A row of text that goes beyond its header is refused; one of a workbook is not, since its
// cells are each under their own column.
func TestWithin(t *testing.T) {
	t.Parallel()
	text, book := &Table{}, &Table{hidden: func(int64) bool { return false }}
	for _, c := range []struct {
		cells string
		table *Table
		fine  bool
	}{
		{"a|b", text, true}, {"a", text, true}, {"a|b||", text, true}, {"a|b|c", text, false}, {"a|b||c", text, false},
		{"a|b|c", book, true},
	} {
		err := c.table.Within(2, Row{Line: 7, Cells: strings.Split(c.cells, "|")})
		if (err == nil) != c.fine || err != nil && !strings.Contains(err.Error(), "line 7: a row has more cells") {
			t.Errorf("%q: %v", c.cells, err)
		}
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i, x := range []struct {
		want Format
		in   string
	}{
		{Empty, ""}, {Empty, " \r\n"}, {Text, "a,b\n"}, {JSON, `{"a":1}`}, {HTML, "<!DOCTYPE html><p>"},
		{XML, "\xEF\xBB\xBF <?xml version='1.0'?><a/>"},
		{XML, "<Message><Header/></Message>"}, {XML, "<!-- a return --><Message/>"},
		{PDF, "%PDF-1.7\n"}, {Damaged, "PK\x03\x04 and no more"}, {Binary, "a\x00b"},
		{OldWorkbook, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)},
		{Locked, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600) + string(utf16Text("EncryptedPackage"))},
		{Picture, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"}, {Picture, "\xFF\xD8\xFF\xE0\x00\x10JFIF\x00"},
		{Picture, "GIF89a\x01\x00\x01\x00\x00\x00\x00"},
		// Tables that begin as files of other kinds do.
		{Text, "BMI,age\n21,3\n"}, {Text, "GIF89a,b\n1,2\n"}, {Text, "MZ,b\n1,2\n"}, {Text, "ID3,name\n1,Ann\n"},
		{Text, "\xFF\xFEa\x00,\x00b\x00\n\x00"}, {Text, "a\x00,\x00b\x00\n\x00"},
	} {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, []byte(x.in), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Sniff(Path(path)); err != nil || got != x.want {
			t.Errorf("%.40q: got %s and not %s, %v", x.in, got, x.want, err)
		}
	}
}

// Real files, many of them made to break a reader: each is read to its end or
// refused in words, without a panic.
func TestRealFiles(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, dir := range []string{"csv_spectrum", "pollock", "uk_gov_real", "xlsx_suite", "."} {
		for _, path := range filesIn(t, testkit.Shared(t, "data", "messy", dir)) {
			name := filepath.Base(path)
			err := drain(path)
			if err == nil {
				read[name] = true
				continue
			}
			var e *Error
			if !errors.As(err, &e) || e.Words == "" {
				t.Errorf("%s: not in words: %v", name, err)
			}
		}
	}
	for _, name := range []string{
		"comma_in_quotes.csv", "newlines_crlf.csv", "utf8.csv", "source.csv", "file_record_delimiter_0xD.csv",
		"row_extra_quote25_col3.csv",
		"over25k-transparency.csv", "InlineString.xlsx", "SimpleWithComments.xlsx",
		"workbookProtection_worksheet_protected.xlsx", "nhs_community_health_2023-03-01.xlsx",
	} {
		if !read[name] {
			t.Errorf("%s was refused", name)
		}
	}
	for _, name := range []string{"poc-xmlbomb.xlsx", "protected_passtika.xlsx", "protected_sha512.xlsx",
		"xlsx-corrupted.xlsx", "invalid.xlsx", "file_no_payload.csv"} {
		if read[name] {
			t.Errorf("%s was read", name)
		}
	}
}

// A stray quote costs a row nothing but itself: the rows after it are all there.
func TestStrayQuote(t *testing.T) {
	t.Parallel()
	count := func(name string) (n int) {
		table, err := Open(Path(testkit.Shared(t, "data", "messy", "pollock", name)), Usual)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := table.Table("")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for {
			if _, err := rows.Next(); err != nil {
				return n
			}
			n++
		}
	}
	want := count("source.csv")
	for _, name := range []string{"row_extra_quote25_col3.csv", "row_extra_quote70_col3.csv"} {
		if got := count(name); got != want {
			t.Errorf("%s: %d rows, want %d", name, got, want)
		}
	}
}

func filesIn(t *testing.T, dir string) (paths []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths
}

func drain(path string) error { return drainWithin(path, Usual) }

func drainWithin(path string, limit Limits) error {
	f, err := Open(Path(path), limit)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, s := range f.Sheets() {
		table, err := f.Table(s)
		if err != nil {
			return err
		}
		for err == nil {
			_, err = table.Next()
		}
		table.Close()
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\n\",b\n\"", "\xFF\xFEa\x00", "sep=;\r\"\"\"\r", "a\tb\xEB\n\"x\"y,\"\n",
		"\"", "\n\n,"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		table, err := ReadText(bytes.NewReader(in), Usual)
		for err == nil {
			_, err = table.Next()
		}
		var e *Error
		if !errors.Is(err, io.EOF) && !errors.As(err, &e) {
			t.Fatal(err)
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	var b bytes.Buffer
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &[]any{"a", 1, true, "é"})
	if err := book.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
	small := Limits{Bytes: 1 << 20, Unzip: 1 << 20, Rows: 1000, Columns: 100, Cell: 1000, Line: 10000}
	f.Fuzz(func(t *testing.T, in []byte) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := Open(Path(path), small)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			return
		}
		defer file.Close()
		for _, s := range file.Sheets() {
			table, err := file.Table(s)
			for err == nil {
				_, err = table.Next()
			}
		}
	})
}

func FuzzGuardXML(f *testing.F) {
	for _, s := range []string{"<a/>", "<!DOCTYPE a>", "<a b='>'>t</a>", "<![CDATA[x]]>", "<!---->", "<?x?>", "<", "</>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		n, err := io.Copy(io.Discard, GuardXML(bytes.NewReader(in), XMLLimits{Tag: 50, Text: 50, Depth: 5}))
		if err == nil && n != int64(len(in)) {
			t.Fatalf("%d of %d bytes came through", n, len(in))
		}
	})
}
