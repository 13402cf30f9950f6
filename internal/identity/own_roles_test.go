package identity

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// rolePages are the pages of roles, for the test of the templates.
func rolePages(base ui.Base) map[string]any {
	form := ui.FormPage{Base: base, Form: web.NewForm(), Cancel: "/"}
	own := access.Role{ID: "o", Title: "Designated nurse", ComesTo: "Act for two trusts", Own: true,
		Permissions: []web.Permission{access.AuditsAnswer}}
	held := []roleHolder{{ID: "p", Name: "Pat", Organisation: "Quay School", Active: true},
		{ID: "q", Name: "Kay", For: "Pier"}}
	return map[string]any{
		"roles": rolesPage{Base: base, BuiltIn: []roleRow{{access.Roles()[0], 2}}, Own: []roleRow{{own, 1}}},
		"role": rolePage{Base: base, Role: own, Groups: groupsOf(base, own), Holders: held, Undo: true,
			Waiting: []Request{{ID: "r", Kind: askChange}}},
		"role-form": roleFormPage{FormPage: form, Holders: 2, Save: "Save", Groups: []permissionChoices{{"may_audits",
			"Audits", ui.Choices(string(access.AuditsAnswer), "Answer audits")}}},
		"role-act": roleActPage{FormPage: form, Words: []string{"Words."}, Changes: []string{"A: b"}, Holders: held,
			Asks: true, Act: "Retire the role"},
	}
}

// nurse is a role of the partnership's own.
func nurse(more ...web.Permission) access.Role {
	return access.Role{Title: "Designated nurse", ComesTo: "Act for two trusts",
		Permissions: append([]web.Permission{access.TrainingRead, access.TrainingBook}, more...)}
}

// TestOwnRoles: a role of the partnership's own is made, given, changed for everybody who has
// it at their next request, taken back, retired and brought back.
func TestOwnRoles(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, pat := w.chief("Ada"), w.user("Pat", "practitioner")
		var invalid *ui.Invalid
		for what, bad := range map[string]access.Role{
			"no name":                     {Permissions: nurse().Permissions},
			"a name of the program's":     {Title: "school  LEAD (safeguarding)", Permissions: nurse().Permissions},
			"nothing that it allows":      {Title: "Empty"},
			"changing what it cannot see": nurse(access.ReviewsManage),
		} {
			if _, ok := access.RoleByID("school-lead"); !ok {
				t.Fatal("no such role")
			}
			if what == "a name of the program's" {
				r, _ := access.RoleByID("school-lead")
				bad.Title = strings.ToUpper(r.Title)
			}
			if _, err := w.AddRole(w.ctx(), boss, bad); !errors.As(err, &invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, title := range []string{"Αdministrator", "Аdministrator", "Adm1nistrator", "Administrätor", "Admınistrator",
			"Ａdministrator", "Editоr", "Administrator\u200b", "Admin istrator",
			"Review lead.", "Practitioner;Administrator", "Nurse, lead", "Nurse\nlead", `=HYPERLINK("x")`, "+44", "-nurse",
			"@nurse"} { // Greek, Cyrillic, and others
			bad := nurse()
			bad.Title = title
			if _, err := w.AddRole(w.ctx(), boss, bad); !errors.As(err, &invalid) {
				t.Errorf("%q is taken for a name of its own: %v", title, err)
			}
		}
		for _, title := range []string{"Pennaeth Ysgol Tŷ Gŵyr", "Editor of briefings", "DSL 2"} {
			good := nurse()
			good.Title = title
			if p := roleProblems(good); len(p) > 0 {
				t.Errorf("%q: %v", title, p)
			}
		}
		id, err := w.AddRole(w.ctx(), boss, nurse())
		w.is(err, nil)
		_, err = w.AddRole(w.ctx(), boss, access.Role{Title: "designated  NURSE", Permissions: nurse().Permissions})
		w.is(err, ErrRoleTaken)
		_, err = w.AddRole(w.ctx(), boss, access.Role{Title: "Designated nurse.", Permissions: nurse().Permissions})
		w.is(err, ErrRoleTaken)
		other := access.Role{Title: "Named doctor", Permissions: nurse().Permissions}
		other.ID, err = w.AddRole(w.ctx(), boss, other)
		w.is(err, nil)
		other.Title = "(Designated) nurse"
		_, err = w.SaveRole(w.ctx(), boss, other, "", web.Unwatched)
		w.is(err, ErrRoleTaken)
		w.is(w.roles(boss, pat.ID, []string{id}, web.Unwatched), nil)
		secret := w.enter(pat)
		if p := w.who(secret); p.Role != "Designated nurse" || !p.May(access.TrainingBook) || p.May(access.PlanRead) {
			t.Errorf("with the new role: %+v", p)
		}

		v := nurse(access.PlanRead)
		v.ID, v.Title = id, "Nurse"
		change := func(by web.Person, v access.Role, reason string) (bool, error) {
			return w.SaveRole(w.ctx(), by, v, reason, web.Unwatched)
		}
		seen, err := ownRoleByID(w.ctx(), s.Work, id)
		w.is(err, nil)
		stale := web.NewForm("seen", fillRole(seen).Mark()).Seen()
		waits, err := change(boss, v, "")
		if err != nil || waits {
			t.Fatal(waits, err)
		}
		if p := w.who(secret); p.Role != "Nurse" || !p.May(access.PlanRead) {
			t.Errorf("with what was added: %+v", p)
		}
		var changed *web.Changed
		if _, err := w.SaveRole(w.ctx(), boss, v, "", stale); !errors.As(err, &changed) {
			t.Errorf("a change over one that was not seen: %v", err)
		}
		if _, err := w.UndoRole(w.ctx(), boss, id, "", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if p := w.who(secret); p.Role != "Designated nurse" || p.May(access.PlanRead) {
			t.Errorf("after the change was taken back: %+v", p)
		}
		w.is(w.RetireRole(w.ctx(), boss, id, web.Unwatched), nil)
		w.is(w.RetireRole(w.ctx(), boss, id, web.Unwatched), ErrRetired)
		if _, err := change(boss, v, ""); !errors.Is(err, ErrRetired) {
			t.Errorf("a retired role is changed: %v", err)
		}
		if p := w.who(secret); len(p.Permissions) != 0 || p.Role != "" {
			t.Errorf("by a role that is retired: %+v", p)
		}
		waits, err = w.ReopenRole(w.ctx(), boss, id, "", web.Unwatched)
		if err != nil || waits {
			t.Fatal(waits, err)
		}
		if p := w.who(secret); !p.May(access.TrainingBook) {
			t.Errorf("by a role that was brought back: %+v", p)
		}
		history, err := audittrail.Of(w.ctx(), s.Work, roleSubject, id)
		if err != nil || len(history) != 5 {
			t.Fatalf("%d acts in the history, %v", len(history), err)
		}
		if told := strings.Join(history[3].Told(), "; "); !strings.Contains(told, "See the plan: yes; it was no") ||
			!strings.Contains(told, "Name: Nurse; it was Designated nurse") {
			t.Errorf("the history tells of the change: %s", told)
		}
		_, err = w.UndoRole(w.ctx(), boss, "nobody", "", web.Unwatched)
		w.is(err, db.ErrNotFound)
	})
}

// TestChangingARoleIsGiving: what a change adds to people, and whoever changes it does not
// hold, waits for a second person who does and has not the role.
func TestChangingARoleIsGiving(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		chief, boss := w.chief("Ada"), w.user("Ira", "administrator")
		lead, both, pat := w.user("Lea", "review-lead"), w.user("Bea", "review-lead"), w.user("Pat", "practitioner")
		id, err := w.AddRole(w.ctx(), chief, nurse(access.PartnershipRead))
		w.is(err, nil)
		v := nurse(access.PartnershipRead, access.ReviewsRead)
		v.ID = id
		// Nobody has it: nothing is given.
		waits, err := w.SaveRole(w.ctx(), boss, v, "", web.Unwatched)
		if err != nil || waits {
			t.Fatal(waits, err)
		}
		waits, err = w.UndoRole(w.ctx(), boss, id, "", web.Unwatched)
		if err != nil || waits {
			t.Fatal(waits, err)
		}
		w.is(w.roles(chief, pat.ID, []string{"practitioner", id}, web.Unwatched), nil)
		w.is(w.roles(chief, both.ID, []string{"review-lead", id}, web.Unwatched), nil)
		_, err = w.SaveRole(w.ctx(), boss, v, "", web.Unwatched)
		w.is(err, ErrNoReason)
		waits, err = w.SaveRole(w.ctx(), boss, v, "nurses sit on panels now", web.Unwatched)
		if err != nil || !waits {
			t.Fatal(waits, err)
		}
		secret := w.enter(pat)
		if w.who(secret).May(access.ReviewsRead) {
			t.Error("what waits holds already")
		}
		waiting, err := changesWaiting(w.ctx(), s.Work, id, db.At(w.now))
		if err != nil || len(waiting) != 1 || waiting[0].About() != "the role Designated nurse" {
			t.Fatalf("%+v %v", waiting, err)
		}
		for _, by := range []web.Person{boss, pat, both, {ID: "nobody"}} { // both holds it, and has the role
			w.is(w.AgreeRequest(w.ctx(), by, waiting[0].ID), db.ErrNotFound)
		}
		todos, err := w.Todos(w.ctx(), lead)
		if err != nil || len(todos) != 1 || !strings.Contains(todos[0].Words, "Ira asks that the role Designated nurse") {
			t.Fatalf("%+v %v", todos, err)
		}
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", lead.Email, "password", password), 303, "/work")
		page := b.Want("GET", waiting[0].Href(), nil, 200, "See case reviews: it becomes yes, and is no today")
		if !strings.Contains(page, "It is the role of") || !strings.Contains(page, "Pat") {
			t.Error("the second person is not told who gets more")
		}
		w.is(w.AgreeRequest(w.ctx(), lead, waiting[0].ID), nil)
		if !w.who(secret).May(access.ReviewsRead) {
			t.Error("what was agreed does not hold")
		}
		// Taken away at once, and back again only with a second person.
		waits, err = w.UndoRole(w.ctx(), boss, id, "", web.Unwatched)
		if err != nil || waits {
			t.Fatal(waits, err)
		}
		waits, err = w.UndoRole(w.ctx(), boss, id, "as it was", web.Unwatched)
		if err != nil || !waits {
			t.Fatal(waits, err)
		}
		waiting, err = changesWaiting(w.ctx(), s.Work, id, db.At(w.now))
		w.is(err, nil)
		renamed := nurse(access.PartnershipRead)
		renamed.ID, renamed.Title = id, "Nurse"
		_, err = w.SaveRole(w.ctx(), boss, renamed, "", web.Unwatched)
		w.is(err, nil)
		// It was asked of another role: nobody agrees, and who may not see it any more is told nothing.
		w.is(w.AgreeRequest(w.ctx(), boss, waiting[0].ID), ErrNotAgreed)
		w.is(w.AgreeRequest(w.ctx(), lead, waiting[0].ID), db.ErrNotFound)
	})
}

// TestSomebodyStays: nobody can take away, by whatever way, the last of who manages people
// or the settings, also when two do so at once.
func TestSomebodyStays(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.chief("Ada")
		keeps := nurse(access.PeopleRead, access.PeopleManage, access.SettingsManage)
		id, err := w.AddRole(w.ctx(), boss, keeps)
		w.is(err, nil)
		w.is(w.roles(boss, boss.ID, []string{id}, web.Unwatched), nil)
		w.is(w.RetireRole(w.ctx(), boss, id, web.Unwatched), ErrNobodyLeft)
		less := nurse(access.PeopleRead, access.PeopleManage)
		less.ID = id
		_, err = w.SaveRole(w.ctx(), boss, less, "", web.Unwatched)
		w.is(err, ErrNobodyLeft)
		other := w.user("Bea", "administrator")
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []web.Person{boss, other} {
			by := []web.Person{other, boss}[i]
			for _, p := range access.Permissions() {
				by.Permissions[p] = true
			}
			wg.Go(func() { errs[i] = w.DeactivatePerson(w.ctx(), by, who.ID, web.Unwatched) })
		}
		wg.Wait()
		if left := slices.Index(errs, nil); left < 0 || !errors.Is(errs[1-left], ErrNobodyLeft) {
			t.Errorf("both shut each other out: %v", errs)
		}
	})
}

// TestForOtherOrganisations: a role counts for the organisations it is given for, and each is
// a power of its own.
func TestForOtherOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		for _, o := range []string{"quay", "pier", "port"} {
			w.organisation(o, strings.ToUpper(o[:1])+o[1:]+" School")
		}
		boss, ira := w.chief("Ada"), w.user("Ira", "administrator")
		boss.For = map[web.Permission][]string{access.AuditsAnswer: {"quay", "pier"}}
		head, peer := w.user("Hal", "school-lead"), w.user("Pia", "school-lead")
		at := func(p web.Person, organisation string) {
			t.Helper()
			w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
				_, err := db.Exec(w.ctx(), q, `UPDATE people SET organisation_id = $2 WHERE id = $1`, p.ID, organisation)
				return err
			}), nil)
		}
		at(head, "quay")
		at(peer, "pier")
		secret := w.enter(head)
		acts := func() string { return fmt.Sprint(w.who(secret).ActsFor(access.AuditsAnswer)) }
		if got := acts(); got != "[quay]" {
			t.Errorf("at first: %s", got)
		}
		w.is(w.roles(boss, head.ID, []string{"school-lead", "school-lead@pier"}, web.Unwatched), nil)
		if got := acts(); got != "[quay pier]" {
			t.Errorf("with two schools: %s", got)
		}
		w.is(w.roles(boss, head.ID, []string{"editor@pier"}, web.Unwatched), ErrUnknownRole)
		w.is(w.roles(boss, head.ID, []string{"school-lead@nowhere"}, web.Unwatched), ErrUnknownRole)
		// For one more school it takes somebody who answers for it.
		waits, err := w.SaveRoles(w.ctx(), ira, head.ID, []string{"school-lead", "school-lead@pier", "school-lead@port"},
			"she heads it now", web.Unwatched)
		if err != nil || fmt.Sprint(waits) != "[School safeguarding lead for Port School]" {
			t.Fatal(waits, err)
		}
		if got := acts(); got != "[quay pier]" {
			t.Errorf("what waits holds already: %s", got)
		}
		at(peer, "port")
		waiting, err := waitingFor(w.ctx(), s.Work, head.ID, db.At(w.now))
		if err != nil || len(waiting) != 1 {
			t.Fatalf("%+v %v", waiting, err)
		}
		w.is(w.AgreeRequest(w.ctx(), ira, waiting[0].ID), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), boss, waiting[0].ID), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), peer, waiting[0].ID), nil)
		if got := acts(); got != "[quay pier port]" {
			t.Errorf("with three schools: %s", got)
		}
		// A school that becomes part of another takes its people and what was given for it along.
		chief := w.chief("Cleo")
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			_, err := w.MoveOrganisation(w.ctx(), q, chief, "pier", "port")
			return err
		}), nil)
		if got := acts(); got != "[quay port]" {
			t.Errorf("after two became one: %s", got)
		}
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", ira.Email, "password", password), 303, "/work")
		b.Want("GET", "/work/people/"+head.ID, nil, 200, "School safeguarding lead for Port School")
		b.Want("POST", "/work/people/"+head.ID+"/roles/edit", testkit.Pairs("roles", "school-lead", "for_role",
			"school-lead"), 422, "Choose the organisation that the role is for")
	})
}

// TestOwnRoleAtTheMachine: whoever adds somebody at the machine can give a role of the
// partnership's own, by its name, and none that was retired.
func TestOwnRoleAtTheMachine(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.chief("Ada")
		id, err := w.AddRole(w.ctx(), boss, nurse())
		w.is(err, nil)
		for word, want := range map[string]string{"designated NURSE": id, id: id, "editor": "editor",
			"School safeguarding lead": "school-lead", "queen": "", "editor; analyst": "", "": ""} {
			got, offered, err := w.RoleCalled(w.ctx(), word)
			if err != nil || got != want || !slices.Contains(offered, `"Designated nurse"`) ||
				!slices.Contains(offered, "administrator") {
				t.Errorf("%q is %q, of %q, %v", word, got, offered, err)
			}
		}
		kim, err := w.AddUser(w.ctx(), "Kim", "kim@x.example", id, password)
		w.is(err, nil)
		if held, err := rolesOf(w.ctx(), s.Work, kim); err != nil || !slices.Equal(held.ids(), []string{id}) {
			t.Error(held, err)
		}
		w.is(w.RetireRole(w.ctx(), boss, id, web.Unwatched), nil)
		_, err = w.AddUser(w.ctx(), "Lou", "lou@x.example", id, password)
		w.is(err, ErrUnknownRole)
	})
}
