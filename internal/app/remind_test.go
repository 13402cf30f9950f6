package app

import (
	"testing"

	"kith/internal/kit/db"
)

// TestOpens: whether a page opens for somebody is as it is in their browser, and asking leaves
// no trace of a reading.
func TestOpens(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: installed(t, demonstration(t)), Demo: true})
	ctx := t.Context()
	round, err := db.Get[string](ctx, a.Work, `SELECT id FROM audits_rounds WHERE closed_on IS NULL ORDER BY id LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	id := func(role string) string {
		id, err := db.Get[string](ctx, a.Work,
			`SELECT r.person_id FROM identity_person_roles r JOIN people p ON p.id = r.person_id
			WHERE r.role = $1 AND p.active ORDER BY r.person_id LIMIT 1`, role)
		if err != nil {
			t.Fatal(role, err)
		}
		return id
	}
	before, err := db.Get[int](ctx, a.Work, `SELECT count(*) FROM audit_trail`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who, path string
		want      bool
	}{
		{id("business-manager"), "/work/audits/rounds/" + round, true},
		{id("business-manager"), "/work/audits/rounds/none", false},
		{id("practitioner"), "/work/audits/rounds/" + round, false},
		{id("practitioner"), "/work/training", true},
		{"nobody", "/work", false},
		{"", "/work", false},
	} {
		got, err := a.opens(ctx, c.who, c.path)
		if err != nil || got != c.want {
			t.Errorf("%s for %q: %t, %v", c.path, c.who, got, err)
		}
	}
	after, err := db.Get[int](ctx, a.Work, `SELECT count(*) FROM audit_trail`)
	if err != nil || after != before {
		t.Errorf("%d acts were noted, %v", after-before, err)
	}
}
