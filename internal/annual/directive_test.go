package annual

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseDirective(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want, fault string
	}{
		{in: `figure "visits.total"`, want: `{{figure "visits.total"}}`},
		{in: `  figure   "training.attendances"  period="2023-24" programme="multi-agency" as="over 600" `,
			want: `{{figure "training.attendances" period="2023-24" programme="multi-agency" as="over 600"}}`},
		{in: `change "cla.open" at="2024-03-31" since="2022-03-31"`,
			want: `{{change "cla.open" at="2024-03-31" since="2022-03-31"}}`},
		{in: `figure "a.b" as="braces }} and = inside"`, want: `{{figure "a.b" as="braces }} and = inside"}}`},
		{in: ``, fault: "not something Kith can put here"},
		{in: `fgure "x"`, fault: `"fgure" is not something`},
		{in: `figure training.events`, fault: "id is missing"},
		{in: `figure ""`, fault: "id is missing"},
		{in: `figure "x" period=2023-24`, fault: "value of period has no quote marks"},
		{in: `figure "x" period="2023-24`, fault: "value of period has no quote marks"},
		{in: `figure “x”`, fault: "curly quotes"},
		{in: `figure "x" at="1" at="2"`, fault: "at is there twice"},
		{in: `figure "x" , at="1"`, fault: "cannot read"},
	} {
		d, err := parseDirective(c.in)
		switch {
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s: %v, want %q", c.in, err, c.fault)
		case c.fault == "" && (err != nil || d.String() != c.want):
			t.Errorf("%s: %v, %v, want %s", c.in, d, err, c.want)
		}
	}
}

func FuzzParseDirective(f *testing.F) {
	for _, s := range []string{`figure "visits.total"`,
		`change "cla.open" at="2024-03-31" since="2022-03-31" as="has fallen since 2022"`, `list "plan.priorities"`,
		`figure "`, `figure "x" a="}}"`, "figure \"x\"\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseDirective(s)
		if err != nil {
			return
		}
		again, err := parseDirective(strings.TrimSuffix(strings.TrimPrefix(d.String(), "{{"), "}}"))
		if diff := cmp.Diff(d, again); err != nil || diff != "" {
			t.Errorf("%q: %v %s", s, err, diff)
		}
	})
}

func TestParseBlock(t *testing.T) {
	t.Parallel()
	s, _, err := parseBlock("figure: cla.open\n\n at : 2022-03-31, 2024-03-31\ntitle: One: two\n")
	want := settings{{"figure", "cla.open"}, {"at", "2022-03-31, 2024-03-31"}, {"title", "One: two"}}
	if diff := cmp.Diff(want, s); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for in, fault := range map[string]string{
		"title: x": "does not say which figure", "figure: x\nnonsense": "cannot read “nonsense”",
		"figure: x\nat:":       "at has no value",
		"figure: x\nfigure: y": "figure is there twice", "figure: x\nA b: c": "cannot read",
		strings.Repeat("x", maxBlock+1): "too long",
	} {
		if _, _, err := parseBlock(in); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%q: %v, want %q", short(in), err, fault)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		`{{figure "visits.total"}} and {{change "cla.open" at="2024-03-31" since="2022-03-31" as="has fallen since 2022"}}`,
		"```chart\nfigure: cla.open\nat: 2022-03-31, 2023-03-31\n```\n",
		"```figure-table\nfigure: training.attendances\nby: sector\n```",
		`{{list "plan.priorities"}}`, "# A\n\n#### B\n\n| a | b |\n|---|---|\n| 1 | {{figure \"visits.total\"}} |\n",
		`<script>alert(1)</script> [x](javascript:alert(1)) ![y](z)`, "{{figure \"x", "\uE0000\uE001",
		"- {{list \"plan.priorities\"}}", "> {{", "`{{`",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 5000 {
			return
		}
		h, w := write(t, s)
		if strings.ContainsAny(h, "\uE000\uE001") {
			t.Errorf("a mark is left in %q", h)
		}
		for _, bad := range []string{"<script", `="javascript:`, `="data:`, "<img", "<iframe", " onerror", "<style"} {
			if strings.Contains(strings.ToLower(withoutText(h)), bad) {
				t.Errorf("%q is in %q", bad, h)
			}
		}
		for _, p := range w.problems {
			if p.Line < 1 || p.Line > strings.Count(s, "\n")+strings.Count(s, "\r")+1 {
				t.Errorf("line %d of %q: %s", p.Line, s, p.Text)
			}
		}
	})
}

// withoutText keeps only what is inside tags.
func withoutText(h string) string {
	var b strings.Builder
	inside := false
	for _, r := range h {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
		}
		if inside {
			b.WriteRune(r)
		}
	}
	return b.String()
}
