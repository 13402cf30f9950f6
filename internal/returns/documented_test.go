package returns

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// The room's page names every kind, figure, cut and rule, and every name that a
// column of a list goes by: who makes an export looks there.
func TestDocumented(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "rooms", "returns.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ToLower(string(b))
	want := func(words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(page, strings.ToLower(w)) {
				t.Errorf("the page does not say %q", w)
			}
		}
	}
	want(SSDA903, CINCensus, Contacts, EarlyHelp, Measures, measuresFormat)
	for id, spec := range specOfMeasure {
		want("`" + id + "`")
		for _, cut := range spec.cuts {
			want("`" + cut + "`")
		}
	}
	for _, spec := range lists {
		for _, c := range spec.columns {
			want("`" + c.Name + "`")
			want(c.Also...)
		}
	}
	for _, spec := range tables903 {
		want(spec.name)
	}
	want(ruleExtraColumn, ruleMissingColumn, ruleTwiceColumn, ruleMissingTable, ruleExtraTable, ruleShape,
		ruleMissingValue, ruleDate, ruleDateForm, ruleCode,
		ruleEndsBefore, ruleOverlap, ruleDuplicate, ruleNotInHeader, ruleOutsideYear, ruleHeaderYear, ruleNothingOf,
		ruleStrayText, ruleExtraElement, ruleBorn, ruleOpenPlan, ruleNeedsMore, ruleNoEpisode, "`"+ruleTotal+"`",
		"`"+ruleTwins+"`", "`"+ruleAge+"`", "`"+rulePlace+"`", "`"+ruleShifted+"`", "`"+ruleUncounted+"`")
}
