package ids

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
)

// TestNew: ids are ULIDs of now, in small letters, which an address takes as they
// are, and no two are the same.
func TestNew(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)
	seen := map[string]bool{}
	for range 10_000 {
		before := time.Now().Truncate(time.Millisecond)
		id := New()
		if !form.MatchString(id) || url.PathEscape(id) != id || seen[id] {
			t.Fatalf("%q is no id", id)
		}
		seen[id] = true
		u, err := ulid.ParseStrict(id)
		if err != nil || u.Timestamp().Before(before) || u.Timestamp().After(time.Now()) {
			t.Fatalf("%q is of %v, %v", id, u.Timestamp(), err)
		}
	}
}

// TestSecret: secrets are twice as long as ids and have no time in them.
func TestSecret(t *testing.T) {
	t.Parallel()
	a, b := Secret(), Secret()
	if len(a) != 52 || len(b) != 52 || a[:8] == b[:8] {
		t.Errorf("%q, %q", a, b)
	}
}
