package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// ownID is the id of one import, which is another each time.
var ownID = regexp.MustCompile(`\b[0-9a-z]{26}\b`)

// TestCases: inputs that people's public bug reports describe, each for its whole kind: what is
// loaded of each, the exit status, the code and words of every finding, and the figure
// that comes of it are held in testdata/cases. Write them anew with -update, and read
// the difference.
func TestCases(t *testing.T) {
	t.Parallel()
	const of = " --year 2023-24 --authority E08000015"
	const training = "figure training.events --period 2023-24|figure training.attendances --period 2023-24|" +
		"figure training.people --period 2023-24"
	for _, c := range []struct{ folder, files, kind, options, figures string }{
		{"k01-total-not-named-Total", "all.csv", "protect", "", ""},
		{"k02-no-value-words", "episodes.csv header.csv", "ssda903", of, "figure cla.open --at 2024-03-31"},
		{"k03-end-of-time-dates", "episodes.csv header.csv", "ssda903", of, "figure cla.open --at 2024-03-31"},
		{"k04-yes-no-cells", "contacts.csv", "contacts", of, "figure contacts.referred_percent --period 2023-24"},
		{"k05-other-name-beats-own-name", "contacts.csv", "contacts", of,
			"figure contacts.received --period 2023-24 --by month"},
		{"k06-invisible-characters", "contacts.csv", "contacts", of, "figure contacts.received --period 2023-24"},
		{"k06-invisible-characters", "contacts-cells.csv", "contacts", of, "figure contacts.received --period 2023-24"},
		{"k07-date-forms", "contacts.csv", "contacts", of, "figure contacts.received --period 2023-24 --by month"},
		{"k08-month-first", "contacts.csv", "contacts", of, "figure contacts.received --period 2023-24"},
		{"k09-who-is-who", "history.csv", "training-history", "", training},
		{"k09-who-is-who", "apostrophes-accents.csv", "training-history", "", training},
		{"k10-dashes-in-titles", "history.csv", "training-history", "", training},
		{"k11-session-times", "history.csv", "training-history", "", training},
		{"k12-visits-twice", "visits.csv", "visits", "", "figure visits.total --period 2023-24"},
		{"k12-visits-twice", "pasted-twice.csv", "visits", "", "figure visits.total --period 2023-24"},
		{"k13-damaged-ids", "episodes.csv", "ssda903", of, "figure cla.open --at 2024-03-31"},
		{"k14-overlaps", "episodes.csv", "ssda903", of, "figure cla.open --at 2024-03-31"},
		{"k21-ages-in-words", "eh.csv", "early-help", of, "figure earlyhelp.started --period 2023-24 --by age_band"},
	} {
		t.Run(c.folder+"/"+c.files, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var got strings.Builder
			run := func(words string, paths ...string) {
				var out, errs bytes.Buffer
				code := Main(append(strings.Fields(words), paths...), strings.NewReader(""), &out, &errs)
				fmt.Fprintf(&got, "$ kith %s\n%s%sexit %d\n\n", strings.ReplaceAll(words, " --dir "+dir, ""), out.String(),
					errs.String(), code)
			}
			var paths []string
			for name := range strings.FieldsSeq(c.files) {
				paths = append(paths, testkit.Shared(t, "cases", "inputs", c.folder, name))
			}
			if c.kind == "protect" {
				run("protect", paths...)
			} else {
				run("check "+c.kind+c.options+" --format csv", paths...)
				run("import "+c.kind+c.options+" --dir "+dir, paths...)
				for figure := range strings.SplitSeq(c.figures, "|") {
					run(figure + " --dir " + dir)
				}
			}
			text := ownID.ReplaceAllString(got.String(), "IMPORT")
			for _, p := range paths {
				text = strings.ReplaceAll(text, p, filepath.Base(p))
			}
			name := c.folder + "-" + strings.TrimSuffix(strings.Fields(c.files)[0], ".csv") + ".golden"
			at := filepath.Join("testdata", "cases", name)
			if *update {
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(at)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("got\n%s\nand not\n%s", text, want)
			}
		})
	}
}
