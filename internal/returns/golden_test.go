package returns

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every testdata/read/*.txt and testdata/refused/*.txt holds the files of one
// import: a first line "kind year authority", and after it each file under a
// line "-- name --". The .golden file beside it says what came of it.
func TestGolden(t *testing.T) {
	t.Parallel()
	inputs, err := filepath.Glob("testdata/re*/*.txt")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no input: %v", err)
	}
	for _, in := range inputs {
		refused := strings.Contains(in, "refused")
		t.Run(strings.TrimSuffix(strings.TrimPrefix(in, "testdata/"), ".txt"), func(t *testing.T) {
			t.Parallel()
			got, err := golden(t, in)
			if refused != (err != nil) {
				t.Errorf("refused: %v", err)
			}
			want := strings.TrimSuffix(in, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(b) {
				t.Errorf("got\n%s\nwant\n%s", got, b)
			}
		})
	}
}

// golden runs one import and writes down what came of it.
func golden(t *testing.T, in string) (string, error) {
	b, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(string(b), "\n")
	head := strings.Fields(first)
	src := intake.Source{}
	if len(head) > 1 && head[1] != "-" {
		if src.Year, err = period.ParseYear(head[1]); err != nil {
			t.Fatal(err)
		}
	}
	if len(head) > 2 && head[2] != "-" {
		src.Authority = head[2]
	}
	dir := t.TempDir()
	for i, part := range strings.Split("\n"+rest, "\n-- ") {
		if i == 0 {
			continue
		}
		name, text, _ := strings.Cut(part, " --\n")
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, []byte(strings.TrimRight(text, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		src.Files = append(src.Files, intake.File{Name: name, Path: path})
	}
	r, err := Read(t.Context(), head[0], src)
	if err != nil {
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) {
			t.Errorf("not in words for a person: %v", err)
		}
		return err.Error() + "\n", err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s %s, %d rows\n", r.Kind, r.Year, r.Authority, r.Rows)
	for _, s := range r.Summary {
		fmt.Fprintln(&out, s)
	}
	fmt.Fprintln(&out)
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s:%d %s [%s] %s\n", f.File, f.Line, f.Field, f.Rule, f.Message)
	}
	if r.Found != int64(len(r.Findings)) {
		fmt.Fprintf(&out, "%d findings in all\n", r.Found)
	}
	fmt.Fprintln(&out)
	out.WriteString(table(r.Measures))
	return out.String(), nil
}

// table writes measures as a line each: its cut, and the numbers of the months
// for which it is held.
func table(measures []Measure) string {
	var order []string
	lines := map[string][]string{}
	for _, m := range measures {
		k := strings.TrimSpace(fmt.Sprintf("%s %s %s", m.ID, m.Dimension, m.Value))
		if lines[k] == nil {
			order = append(order, k)
		}
		text := fmt.Sprint(m.Numerator)
		if m.Denominator != nil {
			text += fmt.Sprintf("/%d", *m.Denominator)
		}
		if m.Dimension != "" {
			text = m.Span.To.Format("2006-01") + ":" + text
		}
		lines[k] = append(lines[k], text)
	}
	var out strings.Builder
	for _, k := range order {
		fmt.Fprintf(&out, "%s = %s\n", k, strings.Join(lines[k], " "))
	}
	return out.String()
}
