package identity

import (
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/web"
)

// TestLinksAreNotForOthers: who may read the outbox cannot become the person a
// e-mail went to.
func TestLinksAreNotForOthers(t *testing.T) {
	t.Parallel()
	email := linkEmail(Person{Name: "Ada", Email: "ada@tidewell.example"}, "Tidewell", "https://work.tidewell.example"+
		linkPath+"s3cr3t")
	hidden := HideLinks(email)
	if strings.Contains(hidden, "s3cr3t") || !strings.Contains(hidden, linkPath+"…\n") ||
		!strings.Contains(hidden, "ada@tidewell.example") {
		t.Errorf("the e-mail reads %q", hidden)
	}
	for role, may := range map[string]bool{"administrator": true, "business-manager": true, "coordinator": false,
		"training-officer": false} {
		if MayReadLinks(web.Person{ID: "p", Permissions: access.Of(role)}) != may {
			t.Errorf("%s: not %v", role, may)
		}
	}
}
