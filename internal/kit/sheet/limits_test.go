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
	"time"

	"github.com/xuri/excelize/v2"

	"kith/internal/testkit"
)

// The tests of this file make files that try to use up memory. They are not
// parallel: each measures the whole process.

// affordable is how many MB of memory a refusal may take at its peak.
const affordable = 300

// endless gives a text over and over, n bytes of it.
func endless(text string, n int64) io.Reader {
	return io.LimitReader(&repeated{text: text}, n)
}

type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for n := 0; ; {
		k := copy(p[n:], r.text[r.at:])
		r.at = (r.at + k) % len(r.text)
		if n += k; n == len(p) {
			return n, nil
		}
	}
}

// workbookWith writes a plain workbook in which one part is as given.
func workbookWith(t *testing.T, part string, content io.Reader) string {
	t.Helper()
	var plain bytes.Buffer
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &[]any{"a", "b"})
	if err := book.Write(&plain); err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	to := zip.NewWriter(file)
	for _, f := range from.File {
		if f.Name != part {
			if err := to.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, err := to.Create(part)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, content); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// wrapped puts an opening and a closing text around what is endless.
func wrapped(open, text string, n int64, end string) io.Reader {
	return io.MultiReader(strings.NewReader(open), endless(text, n-n%int64(len(text))), strings.NewReader(end))
}

const sheetStart = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`

func TestWorkbookBombs(t *testing.T) {
	const mb = 1 << 20
	limit := Usual
	limit.Unzip = 32 * mb
	for _, c := range []struct {
		name, part string
		content    io.Reader
	}{
		{"a sheet larger than the limit", "xl/worksheets/sheet1.xml", wrapped(sheetStart, `<row><c><v>1</v></c></row>`, 33*mb,
			`</sheetData></worksheet>`)},
		{"a picture larger than the limit", "xl/media/p.png", endless("\x00", 33*mb)},
		{"shared text without end", "xl/sharedStrings.xml",
			wrapped(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`, `<si><t/></si>`, 10*mb,
				`</sst>`)},
		{"a row without end", "xl/worksheets/sheet1.xml",
			wrapped(sheetStart+`<row>`, `<c/>`, 10*mb, `</row></sheetData></worksheet>`)},
		{"sheets without end", "xl/workbook.xml",
			wrapped(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>`, `<sheet name="S"/>`,
				15*mb, `</sheets></workbook>`)},
		{"styles without end", "xl/styles.xml",
			wrapped(`<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>`, `<xf/>`, 10*mb,
				`</cellXfs></styleSheet>`)},
		{"an attribute without end", "xl/worksheets/sheet1.xml",
			wrapped(sheetStart+`<row a="`, `x`, 20*mb, `"/></sheetData></worksheet>`)},
		{"a cell without end", "xl/worksheets/sheet1.xml", wrapped(sheetStart+`<row><c t="str"><v>`, `x`, 20*mb,
			`</v></c></row></sheetData></worksheet>`)},
		{"elements within elements", "xl/worksheets/sheet1.xml", endless(`<a>`, 10*mb)},
		{"entities", "xl/worksheets/sheet1.xml",
			strings.NewReader(`<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet>&b;</worksheet>`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := workbookWith(t, c.part, c.content)
			var err error
			start := time.Now()
			most := testkit.Peak(func() { err = drainWithin(path, limit) })
			t.Logf("%d MB, %s: %v", most, time.Since(start).Round(time.Millisecond), err)
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("not refused in words: %v", err)
			}
			if most > affordable {
				t.Errorf("the refusal took %d MB", most)
			}
		})
	}
}

func TestTextBombs(t *testing.T) {
	for _, c := range []struct {
		name string
		in   io.Reader
	}{
		{"a line without end", endless("a", 200<<20)},
		{"a line of many cells", endless("a,", 200<<20)},
		{"a quote never closed", io.MultiReader(strings.NewReader("a,b\n1,\""), endless("x\n", 1<<20),
			endless("x", 100<<20))},
		{"quotes without end", endless("\"\"", 100<<20)},
		{"more cells than a table has", io.MultiReader(strings.NewReader("a,b\n1,2\n"), endless("1,", 4000),
			strings.NewReader("\n"))},
		{"a cell that is a book", io.MultiReader(strings.NewReader("a,b\n1,2\n"), endless("x", 40<<10),
			strings.NewReader(",\n"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			most := testkit.Peak(func() {
				var table *Table
				table, err = ReadText(c.in, Usual)
				for err == nil {
					_, err = table.Next()
				}
			})
			if !errors.Is(err, ErrTooLarge) {
				t.Errorf("not refused as too large: %v", err)
			}
			if most > affordable {
				t.Errorf("the refusal took %d MB", most)
			}
		})
	}
}

// Quotes that are never closed cost no more than a moment, wherever they stand,
// and no row.
func TestStrayQuotesWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{"short": "\"a\n", "long": "\"a," + strings.Repeat("b", 100) + "\n",
		"in pairs": "\"a\"b\n"} {
		const lines = 50_000
		start := time.Now()
		table, err := ReadText(strings.NewReader("a,b\n1,2\n"+strings.Repeat(line, lines)), Usual)
		rows := -1
		for ; err == nil; rows++ {
			_, err = table.Next()
		}
		if !errors.Is(err, io.EOF) || rows != lines+2 {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

func TestXMLBombs(t *testing.T) {
	for _, c := range []struct {
		name string
		in   io.Reader
	}{
		{"an attribute of 100 MB", io.MultiReader(strings.NewReader(`<a b="`), endless("x", 100<<20),
			strings.NewReader(`"/>`))},
		{"many attributes", io.MultiReader(strings.NewReader(`<a `), endless(`b="c" `, 100<<20), strings.NewReader(`/>`))},
		{"a name of 100 MB", io.MultiReader(strings.NewReader("<"), endless("a", 100<<20))},
		{"text of 100 MB", io.MultiReader(strings.NewReader(`<a>`), endless("x", 100<<20))},
		{"a comment of 100 MB", io.MultiReader(strings.NewReader(`<!--`), endless("x", 100<<20))},
		{"a section of 100 MB", io.MultiReader(strings.NewReader(`<a><![CDATA[`), endless("x", 100<<20))},
		{"an instruction of 100 MB", io.MultiReader(strings.NewReader(`<?a `), endless("x", 100<<20))},
		{"elements within elements", endless("<a>", 100<<20)},
		{"elements within elements, with attributes", endless("<a b='/'>", 100<<20)},
		{"a million laughs", strings.NewReader(`<!DOCTYPE a [<!ENTITY b "&c;&c;&c;">]><a>&b;</a>`)},
		{"another file", strings.NewReader(`<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			most := testkit.Peak(func() {
				d, open := DecodeXML(c.in, UsualXML)
				err = open
				for err == nil {
					_, err = d.Token()
				}
			})
			if !errors.Is(err, ErrUnsafe) {
				t.Errorf("not refused as unsafe: %v", err)
			}
			const little = 20
			if most > little {
				t.Errorf("the refusal took %d MB", most)
			}
		})
	}
}
