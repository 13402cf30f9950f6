package returns

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// The two authorities of the tests. The children are invented: their numbers
// begin with DEMO.
const (
	here  = "E08000015"
	there = "E08000014"
)

// A house is the room behind the importer, with its figures.
type house struct {
	t       testing.TB
	in      *ledger.Room
	figures *figure.Registry
}

func newHouse(t testing.TB, s testkit.Stores) *house {
	t.Helper()
	h := &house{t: t}
	h.in = ledger.New(t, s.Work, clock.System, ids.New)
	room, err := New(Deps{Work: s.Work, Beside: h.in.Beside})
	if err != nil {
		t.Fatal(err)
	}
	h.in.Offer(room.Kinds()...)
	h.figures = figure.NewRegistry(figure.Stores{Work: s.Work}, room.Figures()...)
	return h
}

// load imports files of one kind for 2023-24.
func (h *house) load(kind, authority string, paths ...string) *ledger.Report {
	h.t.Helper()
	rep, err := h.in.Load(h.t.Context(), kind, paths, ledger.Options{Year: 2023, Authority: authority, By: ann})
	if err != nil {
		h.t.Fatal(err)
	}
	if rep.ImportID == "" {
		h.t.Fatalf("%s: not loaded: the same as %q", kind, rep.Same)
	}
	return rep
}

// exported gives copies of files of the year as another authority exports them: with as many
// rows, not the same to the byte, and of other children where it has all their tables.
func exported(t *testing.T, names ...string) []string {
	t.Helper()
	var out []string
	for _, p := range year(names...) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(names) > 1 {
			b = bytes.ReplaceAll(b, []byte("DEMO"), []byte("THERE"))
		}
		to := filepath.Join(t.TempDir(), filepath.Base(p))
		if err := os.WriteFile(to, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, to)
	}
	return out
}

// loadAll imports a year's returns of every kind.
func (h *house) loadAll(authority string) {
	h.t.Helper()
	h.load(SSDA903, authority, year("header.csv", "episodes.csv")...)
	h.load(CINCensus, authority, year("census.xml", "header.csv", "episodes.csv")...)
	h.load(Contacts, authority, year("contacts.csv")...)
	h.load(EarlyHelp, authority, year("early-help.csv")...)
}

func year(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, filepath.Join("testdata", "year", n))
	}
	return out
}

// ask puts a question as people write it, such as "cla.open at 2024-03-31 by sex"
// or "contacts.received over 2023-24 by month where source=police", and gives
// the answer in one line.
func (h *house) ask(question string) string {
	h.t.Helper()
	values, err := h.values(question)
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, v := range values {
		text := fmt.Sprint(v.Numerator)
		if v.Denominator != nil {
			text += fmt.Sprintf("/%d", *v.Denominator)
		}
		if by := v.Ask.By; by != "" {
			text = v.Dims[by] + " " + text
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (h *house) values(question string) ([]figure.Value, error) {
	h.t.Helper()
	f := strings.Fields(question)
	ask := figure.Ask{Where: map[string]string{}}
	for i := 1; i+1 < len(f); i += 2 {
		switch f[i] {
		case "at":
			ask.At = period.MustDate(f[i+1])
		case "over":
			span, err := period.Parse(f[i+1])
			if err != nil {
				h.t.Fatal(err)
			}
			ask.Period = span
		case "by":
			ask.By = f[i+1]
		case "where":
			k, v, _ := strings.Cut(f[i+1], "=")
			ask.Where[k] = v
		default:
			h.t.Fatalf("%s: what is %q?", question, f[i])
		}
	}
	ask.Sources = true
	return h.figures.Compute(h.t.Context(), f[0], ask)
}

// want checks answers: pairs of question and answer.
func (h *house) want(pairs ...string) {
	h.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if got := h.ask(pairs[i]); got != pairs[i+1] {
			h.t.Errorf("%s\n got %s\nwant %s", pairs[i], got, pairs[i+1])
		}
	}
}

// write puts text into a file of the test's own.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// without copies a file of testdata/year, leaving out every line with the words.
func without(t testing.TB, name, words string) string {
	t.Helper()
	return edit(t, name, func(lines []string) []string {
		return slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, words) })
	})
}

func edit(t testing.TB, name string, change func([]string) []string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "year", name))
	if err != nil {
		t.Fatal(err)
	}
	return write(t, name, strings.Join(change(strings.SplitAfter(string(b), "\n")), ""))
}

// summarise counts files as a council would inside its own network, and gives the
// file of measures.
func summarise(t testing.TB, kind, authority string, paths ...string) string {
	t.Helper()
	files, err := intake.Files(paths)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := intake.Hash(files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), kind, intake.Source{Files: files, Year: 2023, Authority: authority})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteMeasures(&b, r, loaded); err != nil {
		t.Fatal(err)
	}
	return write(t, kind+".json", b.String())
}

// ann is who imports in the tests.
var ann = web.Person{ID: "p1", Name: "Ann"}
