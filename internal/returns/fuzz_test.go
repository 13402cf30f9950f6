package returns

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/intake"
)

// fuzz reads whatever bytes as a return, beside other files where some are given:
// it is counted or refused in words, and never breaks.
func fuzz(t *testing.T, kind, name string, in []byte, others ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, in, 0o600); err != nil {
		t.Fatal(err)
	}
	src := intake.Source{Year: 2023, Authority: here, Files: []intake.File{{Name: name, Path: path}}}
	for _, o := range others {
		src.Files = append(src.Files, intake.File{Name: filepath.Base(o), Path: o})
	}
	r, err := Read(t.Context(), kind, src)
	if err != nil {
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) || fatal.Words == "" {
			t.Fatalf("not refused in words: %v", err)
		}
		return
	}
	if err := checkSums(r.Measures); err != nil {
		t.Fatal(err)
	}
	if r.Found < int64(len(r.Findings)) || len(r.Findings) > intake.MaxFindings {
		t.Fatalf("%d findings, %d of them listed", r.Found, len(r.Findings))
	}
	var b bytes.Buffer
	if err := WriteMeasures(&b, r, []intake.LoadedFile{{Name: name, SHA256: strings.Repeat("0", 64)}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadMeasures("measures.json", &b); err != nil {
		t.Fatalf("what was written is not read back: %v", err)
	}
}

// seed adds the files of testdata and some text to start from.
func seed(f *testing.F, files []string, texts ...string) {
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range texts {
		f.Add([]byte(s))
	}
}

func FuzzSSDA903(f *testing.F) {
	seed(f, year("episodes.csv", "header.csv"), "CHILD,DECOM,LS,PLACE,DEC\n1,01/04/2023,C2,U4,\n1,01/04/2023,\"C2,U4,\n",
		"<EXPSSDA903><CHILD><HEADER><CHILDID>1</CHILDID><SEX>1</SEX></HEADER><EPISODE><DECOM>06/01/2024</DECOM><LS>C2</LS><PL>U4</PL><DEC/></EPISODE></CHILD></EXPSSDA903>")
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, SSDA903, "episodes.csv", in) })
}

func FuzzCensus(f *testing.F) {
	seed(f, year("census.xml"), "<Message><Header/><Children><Child/></Children></Message>", "<!DOCTYPE Message><Message/>", "<Message><Children><Child><ChildIdentifiers><LAchildID>1</LAchildID>x</ChildIdentifiers></Child></Children>")
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, CINCensus, "census.xml", in) })
}

// A census beside an SSDA903: the two are matched.
func FuzzCensusWithCare(f *testing.F) {
	seed(f, year("episodes.csv", "header.csv"))
	census, err := filepath.Abs(year("census.xml")[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, CINCensus, "episodes.csv", in, census) })
}

func FuzzContacts(f *testing.F) {
	seed(f, year("contacts.csv"), "Child Unique ID;Date of Contact;Contact Source\n1;03/04/2023;q) 6: Police\n", "date\tage\toutcome\n1/4/2023\tunborn\tYes\n", "PK\x03\x04")
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, Contacts, "contacts.csv", in) })
}

func FuzzEarlyHelp(f *testing.F) {
	seed(f, year("early-help.csv"), "child,start date,end date\r1,01/06/2023,31/05/2023\r")
	f.Fuzz(func(t *testing.T, in []byte) { fuzz(t, EarlyHelp, "early-help.csv", in) })
}

func FuzzMeasures(f *testing.F) {
	seed(f, nil, `{"format":"kith-measures","version":1,"kind":"ssda903","year":"2023-24","authority":"E08000015","reader":"1","files":[{"name":"e","sha256":"`+strings.Repeat("0", 64)+`","rows":1}],"findings":{"date":1},"measures":[{"measure":"cla.open","at":"2024-03-31","numerator":1}]}`, "{}", "[")
	f.Fuzz(func(t *testing.T, in []byte) {
		r, _, err := ReadMeasures("measures.json", bytes.NewReader(in))
		var fatal *intake.Fatal
		if err != nil && !errors.As(err, &fatal) {
			t.Fatalf("not refused in words: %v", err)
		}
		if err == nil && (len(r.Measures) == 0 || checkSums(r.Measures) != nil) {
			t.Fatal("measures that do not add up were read")
		}
	})
}
