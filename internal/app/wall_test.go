package app

import (
	"bytes"
	"net/url"
	"os"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestWallIsSaid: serve says when the database guards nothing, by which role, and else says
// nothing.
func TestWallIsSaid(t *testing.T) {
	t.Parallel()
	said := func(work *db.DB) string {
		t.Helper()
		var b bytes.Buffer
		if err := (&cli{err: &b}).warnOfNoWall(t.Context(), &App{Work: work}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		if got := said(s.Work); got != "" {
			t.Errorf("of a role like an installation's it says %q", got)
		}
	})
	admin, err := url.Parse(os.Getenv("KITH_TEST_PG"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got := said(d); !strings.Contains(got, "is a superuser") {
		t.Errorf("of a superuser it says %q", got)
	}
	const role = "kith_bypasses"
	// Another test process may be at the same: what is there already is as good.
	d.Exec1(t.Context(), "CREATE ROLE "+role+" LOGIN NOSUPERUSER BYPASSRLS")
	admin.User = url.User(role)
	other, err := db.Open(t.Context(), admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got := said(other); !strings.Contains(got, "has BYPASSRLS") {
		t.Errorf("of a role with BYPASSRLS it says %q", got)
	}
	if got := said(nil); got != "" {
		t.Errorf("without a workspace it says %q", got)
	}
}
