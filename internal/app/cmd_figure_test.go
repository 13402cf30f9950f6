package app

import (
	"bytes"
	"strings"
	"testing"
)

// TestFigureOfWhatIsNotThere: a name with a slip of the keys is refused with those there
// are, and is not 0.
func TestFigureOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var nothing bytes.Buffer
	if code := Main([]string{"migrate", "--dir", dir}, strings.NewReader(""), &nothing, &nothing); code != exitDone {
		t.Fatalf("migrate: status %d: %s", code, nothing.String())
	}
	for _, c := range []struct{ args, out, err string }{
		{"--where kind=briefing", "Counted: Briefing (0).", ""},
		{"--where kind=breifing", "", `training.events has no kind "breifing"; there are course, briefing,`},
		{"--where programme=none", "", `training.events has no programme "none"; there is none on record`},
		{"--where knd=course", "", `training.events cannot be cut by "knd"; it can be cut by programme, kind, mode`},
		{"--by knd", "", `training.events cannot be cut by "knd"; it can be cut by programme, kind, mode`},
		{"--where kind=course --where kind=briefing", "",
			"--where says kind twice, kind=course and kind=briefing, and takes one value of each"},
		{"--where kind=briefing --where mode=online", "Counted: Briefing (0).", ""},
	} {
		var out, errs bytes.Buffer
		args := append([]string{"figure", "training.events", "--period", "2023-24", "--dir", dir}, strings.Fields(c.args)...)
		code := Main(args, strings.NewReader(""), &out, &errs)
		want := map[bool]int{true: exitNo}[c.err != ""]
		if strings.Contains(c.err, "twice") {
			want = exitUsage
		}
		if code != want {
			t.Errorf("%s: status %d and not %d", c.args, code, want)
		}
		if !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) || c.out == "" && out.Len() > 0 {
			t.Errorf("%s: said %q and %q", c.args, out.String(), errs.String())
		}
	}
}
