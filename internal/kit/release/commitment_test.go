package release

import (
	"encoding/json"
	"strings"
	"testing"

	"kith/internal/kit/figure"
)

// TestCommitted: a file is named by its salt, its import and its content, all three, and by
// nothing without a salt; its bare hash is in no form of the value.
func TestCommitted(t *testing.T) {
	t.Parallel()
	named := func(salt string, in figure.Input) string {
		v := figure.Of(100)
		v.Definition, v.Inputs = &figure.Definition{ID: "x"}, []figure.Input{in}
		was := open(v)
		got := was.Committed(salt)
		b, err := json.Marshal(got)
		if err != nil || strings.Contains(string(b), "bare") || was.Inputs[0].Commitment != "" {
			t.Errorf("%s %v; it was %+v", b, err, was.Inputs)
		}
		return got.Inputs[0].Commitment
	}
	in := figure.Input{Import: "i1", Kind: "contacts", File: "a.csv", SHA256: "bare"}
	other, content := in, in
	other.Import, content.SHA256 = "i2", "bare2"
	seen := map[string]bool{}
	for _, c := range []string{named("s", in), named("t", in), named("s", other), named("s", content)} {
		if len(c) != 64 || seen[c] {
			t.Errorf("%q twice, or no hash", c)
		}
		seen[c] = true
	}
	if c := named("", in); c != "" {
		t.Errorf("without a salt %q", c)
	}
}
