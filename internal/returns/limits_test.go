package returns

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/testkit"
)

// big writes a file that begins and ends as given, with a text over and over
// between.
func big(t *testing.T, start, text string, times int, end string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	const batch = 1000
	many := strings.Repeat(text, min(batch, times))
	_, err = io.WriteString(f, start)
	for n := 0; n < times && err == nil; n += batch {
		_, err = io.WriteString(f, many)
	}
	if err == nil {
		_, err = io.WriteString(f, end)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is made to use up memory is refused with little of it. Not parallel: the
// whole process is measured.
func TestBombs(t *testing.T) {
	const census = "<Message><Header/><Children><Child><ChildIdentifiers><LAchildID>DEMO1</LAchildID>"
	value := "<UPN>" + strings.Repeat("x", 10_000) + "</UPN>"
	for _, c := range []struct {
		name, kind, path, words string
	}{
		{"an attribute of 100 MB", CINCensus, big(t, `<Message><Header a="`, strings.Repeat("x", 1000), 100_000,
			`"/></Message>`), "a tag with its attributes is longer"},
		{"the same in an SSDA903", SSDA903, big(t, `<SSDA903><CHILD a="`, strings.Repeat("x", 1000), 100_000,
			`"/></SSDA903>`), "a tag with its attributes is longer"},
		{"a value of 50 MB", CINCensus, big(t, census+"<UPN>", strings.Repeat("x", 1000), 50_000, "</UPN>"),
			"a value is longer"},
		{"a record of 100 MB", CINCensus, big(t, census, value, 10_000, ""), "one child's record is larger than 4 MB"},
		{"a value cut by comments", CINCensus, big(t, census+"<UPN>", strings.Repeat("x", 1000)+"<!-- -->", 50_000, ""),
			"one child's record is larger than 4 MB"},
		{"a record of a million elements", CINCensus, big(t, census, "<UPN/>", 1_000_000, ""), "more than 20000 elements"},
		{"elements within elements", SSDA903, big(t, "<SSDA903>", "<CHILD>", 1_000_000, ""), "nested more than 64 deep"},
		{"entities", SSDA903, big(t, `<!DOCTYPE SSDA903 [<!ENTITY a "`, "aaaa", 10_000, `">]><SSDA903>&a;</SSDA903>`),
			"document type definition"},
		{"a line of 50 MB", Contacts, big(t, "contact id,contact date,outcome\n", strings.Repeat("x", 1000), 50_000, "\n"),
			"the line is longer"},
		{"a thousand columns", EarlyHelp, big(t, "child,start date,source,", "more,", 1000, "\n"), "more than 600 columns"},
		{"a measures file of 20 MB", Measures, big(t, `{"format":"`, strings.Repeat("x", 1000), 20_000, `"}`),
			"larger than 16 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := intake.File{Name: "big.file", Path: c.path}
			var err error
			most := testkit.Peak(func() {
				if c.kind == Measures {
					_, err = new(Room).readMeasures(t.Context(), intake.Source{Files: []intake.File{f}})
					return
				}
				_, err = Read(t.Context(), c.kind, intake.Source{Files: []intake.File{f}, Year: 2023, Authority: here})
			})
			checkRefused(t, c.name, err)
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("got %v", err)
			}
			const little = 60
			if most > little {
				t.Errorf("the refusal took %d MB", most)
			}
		})
	}
}

// A oneLine is a file of one line without end; it counts what is read of it.
type oneLine struct{ read int64 }

// ReadAt implements io.ReaderAt.
func (o *oneLine) ReadAt(p []byte, _ int64) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	o.read += int64(len(p))
	return len(p), nil
}

// TestALineOf500MB: a list that is one line of 500 MB is refused by its beginning.
func TestALineOf500MB(t *testing.T) {
	const mb = 1 << 20
	line := &oneLine{}
	f := intake.File{Name: "line.csv", Content: line, Size: 500 * mb}
	var err error
	most := testkit.Peak(func() {
		_, err = Read(t.Context(), Contacts, intake.Source{Files: []intake.File{f}, Year: 2023, Authority: here})
	})
	checkRefused(t, "a line of 500 MB", err)
	if line.read > 8*mb || most > 16 {
		t.Errorf("%d MB were read and %d MB of memory taken", line.read/mb, most)
	}
}

// Elements and columns that no return has are said once, and not without end.
func TestExtrasAreSaidOnce(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 5000 {
		name := "X" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, strings.Repeat("1", i%70)+
			string(rune('0'+i%10)))
		b.WriteString("<" + name + "/>")
	}
	text := "<SSDA903>" + b.String() +
		"<CHILD><HEADER><CHILDID>DEMO1</CHILDID></HEADER><EPISODE><DECOM>01/05/2023</DECOM><LS>C2</LS><PL>U4</PL></EPISODE></CHILD></SSDA903>"
	files, err := intake.Files([]string{write(t, "a.xml", text)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), SSDA903, intake.Source{Files: files, Year: 2023, Authority: here})
	if err != nil || r.ByRule[ruleExtraElement] > perRule {
		t.Errorf("%v, %v", r.ByRule, err)
	}
}

// A return full of faults lists some of each rule and counts the rest.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	text := "child,contact date,dob,outcome\n"
	for i := range 500 {
		text += fmt.Sprintf("DEMO%d,01/05/2023,never,No\n", i)
	}
	text += "DEMO500,01/05/2023,,No\nDEMO501,,,No\n"
	files, err := intake.Files([]string{write(t, "a.csv", text)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), Contacts, intake.Source{Files: files, Year: 2023, Authority: here})
	if err != nil {
		t.Fatal(err)
	}
	if r.ByRule[ruleDate] != 500 || r.ByRule[ruleMissingValue] != 1 || r.Found != 502 || len(r.Findings) != perRule+2 {
		t.Errorf("%v, %d found, %d listed", r.ByRule, r.Found, len(r.Findings))
	}
	if last := r.Summary[len(r.Summary)-1]; last != "300 more findings of the rule “date” are counted and not listed." {
		t.Errorf("summary: %s", last)
	}
}
