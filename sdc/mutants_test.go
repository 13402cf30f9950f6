package sdc

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A mutant is an auditor made worse by one small change of its source.
type mutant struct {
	name     string
	file     string
	old, new string
	// kills is a pattern of tests of which one must fail.
	kills string
}

const allKills = "^TestAnswers$|^TestWorked"

var mutants = []mutant{
	{"the lower bound of one is dropped", "problem.go",
		"lo = max(lo, q.floor)", "lo = max(lo, 0)", "^TestWorkedZerosShown$"},
	{"every hidden count is taken to be small", "problem.go",
		"lo = max(lo, q.floor)", "lo, hi = max(lo, q.floor), min(hi, q.threshold)", "^TestWorked"},
	{"linear bounds only", "internal/exact/whole.go",
		"if u == t.size() || t.rows[i].isWhole() {", "if true {", "^TestAnswers$|^TestWorkedThreeWay$"},
	{"a fraction is rounded the wrong way", "internal/exact/whole.go",
		"case rem > 0 && up:", "case rem > 0 && !up:", allKills},
	{"the sums of one dimension are skipped", "assemble.go",
		"if len(kids) == 0 {", "if len(kids) == 0 || d == 1 {", "^TestWorkedFourByFour$"},
	{"the sums of sub-totals are skipped", "assemble.go",
		"if len(kids) == 0 {", "if len(kids) == 0 || codes[d] != g.dims[d].root {", "^TestWorkedLinked"},
	{"a total that is not printed is none", "assemble.go",
		"if ids[at] >= 0 || g.lowest(codes)", "if true || ids[at] >= 0 || g.lowest(codes)", "^TestWorked"},
	{"sums are called redundant that are not", "grid.go",
		"if before == d {\n\t\t\treturn false", "if before == d {\n\t\t\treturn true", "^TestWorkedFourByFour$"},
	{"the ledger is ignored", "audit.go",
		"if o.know() < K3 {", "if o.know() >= K0 {", "^TestWorkedLedger|^TestWorkedMenAfter"},
	{"linked tables do not share their counts", "problem.go",
		"return keyOf(t.Population, parts)", "return keyOf(t.Population+t.Name, parts)", "^TestWorkedLinked"},
	{"that a group holds a small count is ignored", "bound_prober.go",
		"return s.b.know >= K2 && s.b.p.groupRule", "return s.b.know > K5 && s.b.p.groupRule",
		"^TestWorkedRounded|^TestWorkedSymbolAlone$"},
	{"the search for the upper end stops early", "bound_prober.go",
		"value, point, err := s.solver.Extreme(m, v, up, goal)", "value, point, err := s.solver.Extreme(m, v, " +
			"up, map[bool]int64{true: s.sys.Lo[v] + 4, false: goal}[up])", "^TestWorked"},
	{"the insider is ignored", "bound.go",
		"if b.know >= K4 {", "if b.know > K5 {", "^TestWorkedInsider$"},
	{"percentages are ignored", "bound.go",
		"if know >= K5 ||", "if know > K5 ||", "^TestWorkedPercentage$"},
	{"a rounded count is read too widely", "profile.go",
		"above := p.Base - 1 - p.Base/2", "above := p.Base - p.Base/2", "^TestWorkedRounded|^TestAnswers$"},
	{"a rounded count is read too closely", "profile.go",
		"return max(0, multiple-p.Base/2), hi", "return max(0, multiple-p.Base/2+1), hi", "^TestWorkedRounded|^TestAnswers$"},
	{"an interval one too short stands", "audit.go",
		"hi-lo >= q.values-1", "hi-lo >= q.values-2", "^TestWorkedJustWideEnough$"},
	{"a small count that cannot be the smallest stands", "audit.go",
		"lo <= max(q.floor, q.parts)", "lo <= unbounded", "^TestWorkedFarFromSmall$|^TestAnswers$"},
	{"what is not printed is not judged", "audit.go",
		"!j.Stands && b[id].done {", "!j.Stands && b[id].lo < 0 {", "^TestWorkedTotalAndMen$"},
	{"an earlier count may always be given away", "audit.go",
		"s.done && !s.inner && s.lo >= j.Low && s.hi <= j.High", "s.done && !s.inner", "^TestWorkedLaterGivesAway$"},
	{"how far rounding went before is ignored", "problem.go",
		"if s.distance == 0 {", "if s.distance >= 0 {", "^TestRoundedLedger$"},
	{"what was rounded before can be hidden now", "earlier_rounding.go",
		"return &EarlierRounding{Release: entries[i].Release}", "return nil", "^TestHidingAfterRounding$"},
	{"rounded categories tell what is left out", "problem.go",
		"return !s.rounded && s.distance <= 1", "return s.distance <= 1", "^TestRoundPartly$"},
	{"a small count that must be shown is safe", "protect.go",
		"return d.Rule != \"\" && !d.Hidden", "return d.Rule == \"none\" && !d.Hidden", "^TestWorkedKept$"},
}

var mutantsTried = flag.Int("mutants.tried", 6, "how many mutants are tried, spread over the list")

// TestMutants makes the auditor worse in several ways, one at a time, and sees that a
// test notices. Nothing in the source changes: the compiler is given another file
// in the place of one. That each mutant still finds its place is seen of all.
func TestMutants(t *testing.T) {
	two := make(chan bool, 2)
	t.Run("nothing is changed", func(t *testing.T) {
		t.Parallel()
		two <- true
		defer func() { <-two }()
		m := mutant{file: "problem.go", kills: allKills}
		if out, err := m.run(t); err != nil {
			t.Errorf("tests fail without a change: %v\n%s", err, out)
		}
	})
	for i, m := range mutants {
		m.source(t)
		if tried := min(*mutantsTried, len(mutants)); i*tried/len(mutants) == (i+1)*tried/len(mutants) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			two <- true
			defer func() { <-two }()
			out, err := m.run(t)
			switch {
			case err == nil:
				t.Errorf("no test of %s notices", m.kills)
			case !strings.Contains(out, "--- FAIL"):
				t.Errorf("it does not run: %v\n%s", err, out)
			}
		})
	}
}

// mutantTests are the files whose tests mutants are given, and what these need. With
// no others, and nothing made quicker, a mutant is compiled in a third of the time.
var mutantTests = regexp.MustCompile(
	`^(worked|worked_rules|answers|generate|judges?|judge_model|judge_text|profile|rounding(_[a-z]+)?|compare)_test\.go$`)

func testFiles(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*_test.go")
	for i := range names {
		if err == nil {
			names[i], err = filepath.Abs(names[i])
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// source is the file of a mutant, changed.
func (m *mutant) source(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(m.file)
	if err != nil {
		t.Fatal(err)
	}
	if m.old == "" {
		return string(b)
	}
	if n := strings.Count(string(b), m.old); n != 1 {
		t.Fatalf("%s has %q %d times; it must be there once", m.file, m.old, n)
	}
	return strings.Replace(string(b), m.old, m.new, 1)
}

// run runs the tests of one mutant in a process of their own.
func (m *mutant) run(t *testing.T) (string, error) {
	t.Helper()
	real, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	text := m.source(t)
	dir := t.TempDir()
	changed := filepath.Join(dir, filepath.Base(m.file))
	overlay := filepath.Join(dir, "overlay.json")
	instead := map[string]string{real: changed}
	for _, name := range testFiles(t) {
		if !mutantTests.MatchString(filepath.Base(name)) {
			instead[name] = "" // not compiled
		}
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": instead})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-vet=off", "-gcflags=-N -l", "-ldflags=-s", "-overlay="+overlay, "-run",
		m.kills, "-failfast", ".")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
