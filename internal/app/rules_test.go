package app

import (
	"fmt"
	"slices"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestRules: for each role, of each kind of record that a room has rules for, Go and SQL let
// through the same records, of the person's own, of their organisation, of another they were
// given a role for, and of nobody; and every field and act that a rule speaks of is tried.
func TestRules(t *testing.T) {
	t.Parallel()
	kinds := Rules()
	names := map[string]bool{}
	for _, k := range kinds {
		if k.Name == "" || names[k.Name] || len(k.Rules) == 0 {
			t.Errorf("%q has no name of its own, or no rule", k.Name)
		}
		names[k.Name] = true
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		d := s.Work
		objects := map[string]access.Object{}
		if err := d.Exec1(t.Context(), `CREATE TABLE things (id TEXT, person_id TEXT, organisation_id TEXT)`); err != nil {
			t.Fatal(err)
		}
		for _, person := range []string{"", "me", "other"} {
			for _, org := range []string{"", "mine", "given", "others"} {
				id := fmt.Sprintf("of %q at %q", person, org)
				objects[id] = access.Object{PersonID: person, OrganisationID: org, Named: []string{"other"}}
				if org == "others" {
					objects[id] = access.Object{PersonID: person, OrganisationID: org, Named: []string{"other", "me"}}
				}
				err := d.Exec1(t.Context(), `INSERT INTO things VALUES ('`+id+`', NULLIF('`+person+`', ''), NULLIF('`+org+`', ''))`)
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		allowed := 0
		for _, role := range access.Roles() {
			me := web.Person{ID: "me", OrganisationID: "mine", Permissions: access.Of(role.ID)}
			forTwo := me
			forTwo.For = map[web.Permission][]string{}
			for p := range me.Permissions {
				forTwo.For[p] = []string{"given", "mine"}
			}
			for _, by := range []web.Person{me, forTwo, {}, web.Program(db.ForFigures), web.Program(db.ForSearch)} {
				for _, k := range kinds {
					k = k.In("t.person_id", "t.organisation_id").WithNamed(`SELECT 'other' UNION
						SELECT 'me' WHERE t.organisation_id = 'others'`)
					for _, rule := range k.Rules {
						var want []string
						for id, o := range objects {
							if k.May(by, rule.Do, o, rule.Fields...) {
								want = append(want, id)
							}
						}
						var args []any
						where := k.Where(&args, by, rule.Do, rule.Fields...)
						got, err := db.All[string](t.Context(), d, `SELECT t.id FROM things t WHERE `+where, args...)
						if err != nil {
							t.Fatal(err)
						}
						slices.Sort(want)
						slices.Sort(got)
						if !slices.Equal(got, want) {
							t.Errorf("%s, to %s %v of a %s: SQL lets through %q, Go %q", role.ID, rule.Do, rule.Fields, k.Name, got,
								want)
						}
						allowed += len(want)
					}
				}
			}
		}
		if allowed < 1000 {
			t.Errorf("%d times something was allowed: the rules were not tried", allowed)
		}
	})
}
