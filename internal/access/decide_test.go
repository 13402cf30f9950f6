package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var (
	somebody      = rapid.SampledFrom([]string{"", "ada", "bea", "cy"})
	organisation  = rapid.SampledFrom([]string{"", "harbour", "quay", "pier"})
	permissions   = []web.Permission{access.PlanRead, access.PlanManage, access.AuditsAnswer, access.TrainingBookOthers}
	acts          = []access.Act{access.Read, access.Change, "answer"}
	fields        = []string{"", "", "", "names", "files"}
	purposes      = []db.Purpose{"", "", db.ForFigures, db.ForSearch}
	generatedRule = rapid.Custom(func(t *rapid.T) access.Rule {
		r := access.Rule{Do: rapid.SampledFrom(acts).Draw(t, "do"), Needs: rapid.SampledFrom(permissions).Draw(t, "needs"),
			Of: rapid.SampledFrom([]access.Reach{access.Everybodys, access.Own, access.OwnOrganisation,
				access.Named}).Draw(t, "of")}
		if f := rapid.SampledFrom(fields).Draw(t, "field"); f != "" {
			r.Fields = []string{f}
		}
		if p := rapid.SampledFrom(purposes).Draw(t, "purpose"); p != "" {
			r.For, r.Needs = []db.Purpose{p}, ""
		}
		return r
	})
	generatedPerson = rapid.Custom(func(t *rapid.T) web.Person {
		if p := rapid.SampledFrom(purposes).Draw(t, "purpose"); p != "" && rapid.Bool().Draw(t, "is the program") {
			return web.Program(p)
		}
		by := web.Person{ID: somebody.Draw(t, "who"), OrganisationID: organisation.Draw(t, "of"),
			Permissions: map[web.Permission]bool{}, For: map[web.Permission][]string{}}
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(permissions), 1, 4).Draw(t, "holds") {
			by.Permissions[p] = true
		}
		for _, p := range rapid.SliceOf(rapid.SampledFrom(permissions)).Draw(t, "given for organisations") {
			by.For[p] = rapid.SliceOf(rapid.SampledFrom([]string{"harbour", "quay", "pier"})).Draw(t, "for")
		}
		return by
	})
)

// TestOneDecision: for every person, rules, act and field, the records that SQL lets through
// on either engine are those that Go says yes to.
func TestOneDecision(t *testing.T) {
	t.Parallel()
	stores := map[db.Engine]*db.DB{}
	objects := map[string]access.Object{}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		d := testkit.EmptyStore(t, engine)
		must(t, d.Exec1(t.Context(), `CREATE TABLE things (id TEXT NOT NULL, person_id TEXT, organisation_id TEXT)`))
		must(t, d.Exec1(t.Context(), `CREATE TABLE named (thing_id TEXT NOT NULL, person_id TEXT NOT NULL)`))
		must(t, d.Exec1(t.Context(), `CREATE TABLE db_changes (name TEXT, slot BIGINT, n BIGINT NOT NULL DEFAULT 1,
			PRIMARY KEY (name, slot))`))
		must(t, d.Tx(t.Context(), func(q db.Q) error {
			for _, person := range []string{"", "ada", "bea", "cy"} {
				for _, org := range []string{"", "harbour", "quay", "pier"} {
					for _, named := range [][]string{nil, {"ada"}, {"bea", "cy"}} {
						id := person + "/" + org + "/" + strings.Join(named, "+")
						objects[id] = access.Object{PersonID: person, OrganisationID: org, Named: named}
						if _, err := db.Exec(t.Context(), q, `INSERT INTO things (id, person_id, organisation_id)
							VALUES ($1, $2, $3)`, id, db.Opt(person), db.Opt(org)); err != nil {
							return err
						}
						for _, n := range named {
							if _, err := db.Exec(t.Context(), q, `INSERT INTO named (thing_id, person_id) VALUES ($1, $2)`, id,
								n); err != nil {
								return err
							}
						}
					}
				}
			}
			return nil
		}))
		stores[engine] = d
	}
	yes := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 10 {
			decideAlike(rt, stores, objects, &yes)
		}
	})
	if yes < 500 {
		t.Errorf("only %d records were ever allowed: the rules were not tried", yes)
	}
}

// decideAlike draws one question and has both ask it.
func decideAlike(t *rapid.T, stores map[db.Engine]*db.DB, objects map[string]access.Object, yes *int) {
	k := access.Kind{PersonColumn: "t.person_id", OrganisationColumn: "t.organisation_id",
		NamedQuery: "SELECT n.person_id FROM named n WHERE n.thing_id = t.id",
		Rules:      rapid.SliceOfN(generatedRule, 0, 12).Draw(t, "rules")}
	by, do := generatedPerson.Draw(t, "by"), rapid.SampledFrom(acts).Draw(t, "act")
	var field []string
	if f := rapid.SampledFrom(fields).Draw(t, "field"); f != "" {
		field = []string{f}
	}
	var want []string
	for id, o := range objects {
		if k.May(by, do, o, field...) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	*yes += len(want)
	for engine, d := range stores {
		args := []any{"t"} // so that the numbers of the arguments do not begin at one
		where := k.Where(&args, by, do, field...)
		got, err := db.All[string](t.Context(), d, `SELECT t.id FROM things t WHERE $1 = 't' AND `+where, args...)
		if err != nil {
			t.Fatalf("%s: %v in %s", engine, err, where)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%s lets through %q, and Go %q, by %s", engine, got, want, where)
		}
	}
	if all := k.MayAll(by, do, field...); all && len(want) != len(objects) {
		t.Fatalf("every record is said to be allowed, and %d of %d are", len(want), len(objects))
	}
	if !k.MayAny(by, do, field...) && len(want) > 0 {
		t.Fatalf("no record is said to be allowed, and %q are", want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatARuleSays: each part of a rule, by itself.
func TestWhatARuleSays(t *testing.T) {
	t.Parallel()
	k := access.Kind{Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanRead},
		{Do: access.Read, Needs: access.PlanManage, Fields: []string{"files"}},
		{Do: access.Read, For: []db.Purpose{db.ForFigures}},
		{Do: access.Change, Needs: access.PlanRead, Of: access.Own},
		{Do: "answer", Needs: access.AuditsAnswer, Of: access.OwnOrganisation},
		{Do: "agree", Needs: access.ReviewsRead, Of: access.Named},
	}}
	may := func(id, organisation string, p ...web.Permission) web.Person {
		held := map[web.Permission]bool{}
		for _, x := range p {
			held[x] = true
		}
		return web.Person{ID: id, OrganisationID: organisation, Permissions: held}
	}
	head := may("ada", "quay", access.AuditsAnswer)
	head.For = map[web.Permission][]string{access.AuditsAnswer: {"harbour", "pier"}}
	of := func(person, organisation string) access.Object {
		return access.Object{PersonID: person, OrganisationID: organisation}
	}
	for _, c := range []struct {
		by    web.Person
		do    access.Act
		of    access.Object
		field []string
		want  bool
	}{
		{may("ada", "", access.PlanRead), access.Read, of("", ""), nil, true},
		{may("ada", ""), access.Read, of("", ""), nil, false},
		{web.Person{}, access.Read, of("", ""), nil, false},
		{may("ada", "", access.PlanRead), access.Read, of("", ""), []string{"files"}, false},
		{may("ada", "", access.PlanManage), access.Read, of("", ""), []string{"files"}, true},
		{may("ada", "", access.PlanManage), access.Read, of("", ""), nil, false}, // what lets a field see lets no more see
		{may("ada", "", access.PlanManage), access.Read, of("", ""), []string{"files", "names"}, false},
		{web.Program(db.ForFigures), access.Read, of("", ""), nil, true},
		{web.Program(db.ForSearch), access.Read, of("", ""), nil, false},
		{may("ada", "", access.PlanRead), access.Change, of("ada", ""), nil, true},
		{may("ada", "", access.PlanRead), access.Change, of("bea", ""), nil, false},
		{may("", "", access.PlanRead), access.Change, of("", ""), nil, false}, // nobody's is not everybody's
		{may("ada", "quay", access.AuditsAnswer), "answer", of("", "quay"), nil, true},
		{may("ada", "", access.AuditsAnswer), "answer", of("", ""), nil, false},
		{head, "answer", of("", "harbour"), nil, true},
		{head, "answer", of("", "quay"), nil, false}, // given for two others, and not for their own
		{head, "delete", of("", "harbour"), nil, false},
		{may("ada", "", access.ReviewsRead), "agree", access.Object{Named: []string{"bea", "ada"}}, nil, true},
		{may("ada", "", access.ReviewsRead), "agree", access.Object{PersonID: "ada", Named: []string{"bea"}}, nil, false},
		{may("ada", ""), "agree", access.Object{Named: []string{"ada"}}, nil, false}, // being named is no permission
		{may("", "", access.ReviewsRead), "agree", access.Object{Named: []string{""}}, nil, false},
	} {
		if got := k.May(c.by, c.do, c.of, c.field...); got != c.want {
			t.Errorf("%+v may %s %v of %+v: %v", c.by, c.do, c.field, c.of, got)
		}
	}
	var args []any
	where := k.In("x.p", "x.o").Where(&args, head, "answer")
	if got := fmt.Sprint(where, args); got != "(x.o IN ($1, $2))[harbour pier]" {
		t.Error(got)
	}
	// Who has no query for those named lets nobody through by a name, in a list either.
	args = nil
	if got := k.Where(&args, may("ada", "", access.ReviewsRead), "agree"); got != "1 = 0" || len(args) != 0 {
		t.Error(got, args)
	}
	if got := k.WithNamed("SELECT n.p FROM n").Where(&args, may("ada", "", access.ReviewsRead),
		"agree"); got != "(($1) IN (SELECT n.p FROM n))" {
		t.Error(got, args)
	}
}
