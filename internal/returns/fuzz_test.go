package returns

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// largest bounds what a fuzz target is given: size has tests of its own.
const largest = 64 << 10

// fuzz reads whatever it is given as a return. It is refused in words, or counted
// in a way that a file of measures can carry.
func fuzz(t *testing.T, kind string, y period.Year, inputs ...[]byte) {
	dir := t.TempDir()
	var src intake.Source
	for i, in := range inputs {
		if len(in) > largest {
			return
		}
		f := intake.File{Name: string(rune('a'+i)) + ".file", Path: filepath.Join(dir, string(rune('a'+i)))}
		if err := os.WriteFile(f.Path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		src.Files = append(src.Files, f)
	}
	src.Year, src.Authority = y, here
	r, err := Read(t.Context(), kind, src)
	if err != nil {
		refusedInWords(t, err)
		return
	}
	for _, f := range r.Findings {
		if err := sentence(f.Message, 500); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
		if f.Field != "" {
			if err := sentence("The field is called "+f.Field, 300); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
	}
	carried(t, r)
}

// refusedInWords checks that an error is for a person to read.
func refusedInWords(t *testing.T, err error) {
	var fatal *intake.Fatal
	if !errors.As(err, &fatal) {
		t.Fatalf("not refused in words: %v", err)
	}
	if err := sentence(fatal.Words, 700); err != nil {
		t.Fatalf("%v: %q", err, fatal.Words)
	}
}

// carried checks that what was counted survives a file of measures.
func carried(t *testing.T, r *Result) {
	var b bytes.Buffer
	files := []intake.LoadedFile{{Name: "a.file",
		SHA256: "0000000000000000000000000000000000000000000000000000000000000000"}}
	if err := WriteMeasures(&b, r, files); err != nil {
		t.Fatal(err)
	}
	again, _, err := ReadMeasures("m.json", &b)
	if err != nil {
		t.Fatalf("the measures are not accepted: %v", err)
	}
	if got, want := table(again.Measures), table(r.Measures); got != want {
		t.Fatalf("the measures changed:\n%s\nwere\n%s", got, want)
	}
}

// seed gives the files of testdata for the fuzz targets to begin with.
func seed(f *testing.F, names ...string) (out [][]byte) {
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join("testdata", n))
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

func FuzzSSDA903CSV(f *testing.F) {
	s := seed(f, "year/header.csv", "year/episodes.csv", "read/ssda903-faults.txt", "read/ssda903-alone.txt")
	f.Add(s[0], s[1])
	f.Add(s[2], s[3])
	f.Add([]byte("CHILD,DECOM,LS,PLACE,DEC\n\"DEMO1,01/06/2023\n,,\"\"\r\r"), []byte("CHILD,SEX,DOB,ETHNIC\n,,,\n"))
	f.Fuzz(func(t *testing.T, header, episodes []byte) { fuzz(t, SSDA903, 2023, header, episodes) })
}

func FuzzSSDA903XML(f *testing.F) {
	f.Add(seed(f, "read/ssda903-xml.txt")[0][len("ssda903 2023-24 E08000015\n-- return.xml --\n"):])
	f.Add([]byte("<SSDA903><CHILD><HEADER><CHILDID>1</CHILDID></HEADER><EPISODE><DECOM>01/05/2023</DECOM></EPISODE></CHILD>"))
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, SSDA903, 2023, in) })
}

func FuzzCINCensus(f *testing.F) {
	s := seed(f, "year/census.xml", "year/episodes.csv", "read/census-faults.txt")
	f.Add(s[0], []byte(nil), uint8(23))
	f.Add(s[0], s[1], uint8(23))
	f.Add(s[2][len("cin-census - -\n-- census.xml --\n"):], []byte(nil), uint8(0))
	f.Fuzz(func(t *testing.T, in, care []byte, y uint8) {
		files := [][]byte{in}
		if len(care) > 0 {
			files = append(files, care)
		}
		var of period.Year
		if y > 0 {
			of = 2000 + period.Year(y%50)
		}
		fuzz(t, CINCensus, of, files...)
	})
}

func FuzzContacts(f *testing.F) {
	for _, s := range seed(f, "year/contacts.csv", "read/contacts-faults.txt", "read/contacts-ofsted.txt",
		"read/trailing-commas.txt") {
		f.Add(s)
	}
	f.Add(workbook(f, "contact id,contact date,source,outcome", "1,45100,Police,Referral"))
	f.Fuzz(func(t *testing.T, in []byte) {
		fuzz(t, Contacts, 2023, in)
		fuzz(t, Contacts, 0, in)
	})
}

func FuzzEarlyHelp(f *testing.F) {
	for _, s := range seed(f, "year/early-help.csv", "read/early-help-faults.txt") {
		f.Add(s)
	}
	f.Add(workbook(f, "child,start date,source,age", "1,45100,Police,5.5"))
	f.Fuzz(func(t *testing.T, in []byte) {
		fuzz(t, EarlyHelp, 2023, in)
		fuzz(t, EarlyHelp, 0, in)
	})
}

func FuzzMeasures(f *testing.F) {
	for kind, paths := range map[string][]string{SSDA903: year("header.csv", "episodes.csv"),
		Contacts: year("contacts.csv")} {
		b, err := os.ReadFile(summarise(f, kind, here, paths...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"format":"kith-measures","version":1,"kind":"contacts","year":"2023-24","measures":[{"measure":"contacts.received"}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, _, err := ReadMeasures("m.json", bytes.NewReader(in))
		if err != nil {
			refusedInWords(t, err)
			return
		}
		carried(t, r)
	})
}

// workbook makes a small workbook of lines with commas.
func workbook(t testing.TB, lines ...string) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, line := range lines {
		var cells []any
		for _, c := range bytes.Split([]byte(line), []byte(",")) {
			cells = append(cells, string(c))
		}
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		_ = book.SetSheetRow("Sheet1", at, &cells)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
