package annual

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// testSalt is the salt of every installation of the tests, so that they make the same bytes.
const testSalt = "of the tests"

// sampleCommitment is what the file of the sample is called in public under that salt, as
// another program works it out.
const sampleCommitment = "2c2e501ab5f5affda53ed3a48d56939ed94394885434924bef4616c9c125a378"

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
