package annual

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/release"
	"kith/internal/testkit"
)

// testSalt is the salt of every installation of the tests, so that they make the same bytes.
const testSalt = "of the tests"

// TestCommitted: a file is named by its salt, its import and its content, all three; the
// values that were computed are left alone; and without a salt nothing is said of it.
func TestCommitted(t *testing.T) {
	t.Parallel()
	in := figure.Input{Import: "i1", Kind: "contacts", File: "a.csv", SHA256: "ab"}
	was := []release.Value{{Inputs: []figure.Input{in}}}
	got := committed("s", was)[0].Inputs[0]
	if got.SHA256 != "" || len(got.Commitment) != 64 || was[0].Inputs[0].SHA256 != "ab" {
		t.Errorf("%+v, of %+v", got, was[0].Inputs[0])
	}
	other := in
	other.Import = "i2"
	content := in
	content.SHA256 = "ac"
	for _, differs := range []string{commitment("t", in), commitment("s", other), commitment("s", content)} {
		if differs == got.Commitment {
			t.Errorf("%s twice", differs)
		}
	}
	if none := committed("", was)[0].Inputs[0]; none.SHA256 != "" || none.Commitment != "" {
		t.Errorf("without a salt: %+v", none)
	}
}

// TestSalt: an installation makes a salt that nobody guesses, once.
func TestSalt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := &Room{Deps: Deps{Work: s.Work}}
		salt, err := r.publicSalt(t.Context())
		if err != nil || len(salt) < 50 {
			t.Fatalf("%q %v", salt, err)
		}
		if err := s.Work.Tx(t.Context(), func(q db.Q) error { return keepSalt(t.Context(), q, "another") }); err != nil {
			t.Fatal(err)
		}
		if again, err := r.publicSalt(t.Context()); err != nil || again != salt {
			t.Errorf("%q and then %q %v", salt, again, err)
		}
	})
}
