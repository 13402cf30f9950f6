package identity

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestNobodyGivesWhatTheyDoNotHold: of every role, to every role, by every role that
// manages people, what is given at once is held by who gives it, permission by permission.
func TestNobodyGivesWhatTheyDoNotHold(t *testing.T) {
	t.Parallel()
	at, second := 0, 0
	for _, giver := range access.Roles() {
		by := web.Person{ID: "giver", Permissions: access.Of(giver.ID)}
		for _, held := range access.Roles() {
			for _, role := range access.Roles() {
				given, waits := divide(by, Person{ID: "p"}, having(held.ID), having(held.ID, role.ID))
				at, second = at+len(given), second+len(waits)
				for p := range given.person(web.Person{}).Permissions {
					if !access.Of(held.ID)[p] && !access.Holds(by, p, "") {
						t.Errorf("%s gives %s to %s at once, though it lacks %s", giver.ID, role.ID, held.ID, p)
					}
				}
			}
		}
	}
	if at < 1000 || second < 1000 {
		t.Errorf("%d are given at once and %d wait: the rule was not tried", at, second)
	}
}

// having gives roles of the program, as they are given.
func having(given ...string) roles {
	var out roles
	for _, s := range given {
		id, organisation := access.ParseGiven(s)
		r, _ := access.RoleByID(id)
		out = append(out, access.GivenRole{Role: r, For: organisation})
	}
	return out
}

// TestRolesArePowersOfTheirOwn: no act on an account is a way to what somebody does not
// hold.
func TestRolesArePowersOfTheirOwn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, helper := w.user("Ada", "administrator"), w.user("Cora", "coordinator")
		other, lead := w.user("Pat", "practitioner"), w.user("Lea", "review-lead")
		gone := w.user("Gus", "business-manager")
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return setActive(w.ctx(), q, gone.ID, false) }), nil)
		for what, err := range map[string]error{
			"make an administrator":    w.roles(helper, other.ID, []string{"practitioner", "administrator"}, web.Unwatched),
			"have audits answered":     w.roles(helper, other.ID, []string{"practitioner", "agency-lead"}, web.Unwatched),
			"publish by giving a role": w.roles(helper, helper.ID, []string{"coordinator", "editor"}, web.Unwatched),
			"see small counts":         w.roles(helper, other.ID, []string{"practitioner", "analyst"}, web.Unwatched),
			"make oneself one":         w.roles(helper, helper.ID, []string{"coordinator", "administrator"}, web.Unwatched),
			"lead reviews oneself":     w.roles(boss, boss.ID, []string{"administrator", "review-lead"}, web.Unwatched),
			"take a reviewer's e-mails": w.save(boss, Person{ID: lead.ID, Name: "Lea", Email: "evil@example.org"},
				web.Unwatched),
			"let somebody in again": w.activated(boss, gone.ID),
		} {
			if !errors.Is(err, ErrNoReason) { // it would wait for a second person, who is told why
				t.Errorf("somebody could %s: %v", what, err)
			}
		}
		for what, err := range map[string]error{
			"take an administrator's role": w.roles(helper, boss.ID, []string{"editor"}, web.Unwatched),
			"redirect their e-mails": w.save(helper, Person{ID: boss.ID, Name: "Ada", Email: "evil@example.org"},
				web.Unwatched),
			"shut them out": w.DeactivatePerson(w.ctx(), helper, boss.ID, web.Unwatched),
			"sign them out": w.SignOutEverywhere(w.ctx(), helper, boss.ID, ""),
		} {
			if !errors.Is(err, ErrBeyond) {
				t.Errorf("a coordinator could %s: %v", what, err)
			}
		}
		w.is(w.SendLink(w.ctx(), helper, boss.ID), ErrLinkBeyond)
		w.is(w.SendLink(w.ctx(), boss, lead.ID), ErrLinkBeyond)
		w.is(w.roles(boss, boss.ID, []string{"editor"}, web.Unwatched), ErrOwnRoles)
		w.is(w.roles(boss, boss.ID, nil, web.Unwatched), ErrOwnRoles)
		w.is(w.DeactivatePerson(w.ctx(), boss, boss.ID, web.Unwatched), ErrYourself)
		w.is(w.roles(boss, other.ID, []string{"king"}, web.Unwatched), ErrUnknownRole)
		w.is(w.roles(boss, "nobody", []string{"editor"}, web.Unwatched), db.ErrNotFound)
		w.is(w.roles(helper, lead.ID, nil, web.Unwatched), nil) // taking gives nothing
		w.is(w.roles(helper, lead.ID, []string{"practitioner"}, web.Unwatched), nil)
		held, err := rolesOf(w.ctx(), s.Work, lead.ID)
		if err != nil || fmt.Sprint(held) != "[practitioner]" {
			t.Fatal(held, err)
		}
		// Another organisation is another power to who answers for their own.
		w.organisation("quay", "Quay School")
		answers := w.user("Sol", "school-lead")
		w.is(w.save(helper, Person{ID: answers.ID, Name: "Sol", Email: answers.Email, OrganisationID: "quay"},
			web.Unwatched), ErrOrganisation)
	})
}

// TestSecondPerson: what is asked for waits, is agreed to by who holds it and by nobody
// else, and holds from then on.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, manager := w.user("Ada", "administrator"), w.user("Bea", "business-manager")
		pat, helper := w.user("Pat", "practitioner"), w.user("Cora", "coordinator")
		ask := func(by web.Person, id string, roles ...string) string {
			t.Helper()
			waits, err := w.SaveRoles(w.ctx(), by, id, roles, "to lead the next review", web.Unwatched)
			w.is(err, nil)
			waiting, err := waitingFor(w.ctx(), s.Work, id, db.At(w.now))
			w.is(err, nil)
			if len(waits) != 1 || len(waiting) != 1 {
				t.Fatalf("%v wait, %+v", waits, waiting)
			}
			return waiting[0].ID
		}
		id := ask(boss, pat.ID, "practitioner", "review-lead")
		ask(boss, pat.ID, "practitioner", "review-lead") // once is enough
		held, err := rolesOf(w.ctx(), s.Work, pat.ID)
		if err != nil || fmt.Sprint(held) != "[practitioner]" {
			t.Fatalf("%v is held before anybody agreed, %v", held, err)
		}
		for _, by := range []web.Person{boss, pat, helper, {ID: "nobody"}} {
			w.is(w.AgreeRequest(w.ctx(), by, id), db.ErrNotFound)
			w.is(w.DeclineRequest(w.ctx(), by, id), db.ErrNotFound)
			todos, err := w.Todos(w.ctx(), by)
			if err != nil || len(todos) > 0 {
				t.Errorf("%s is asked: %+v %v", by.Name, todos, err)
			}
		}
		if todos, err := w.Todos(w.ctx(), manager); err != nil || len(todos) != 1 {
			t.Errorf("who may agree is asked: %+v %v", todos, err)
		}
		w.is(w.AgreeRequest(w.ctx(), manager, id), nil)
		w.is(w.AgreeRequest(w.ctx(), manager, id), ErrDecided)
		if held, err = rolesOf(w.ctx(), s.Work, pat.ID); err != nil || fmt.Sprint(held) != "[practitioner review-lead]" {
			t.Fatal(held, err)
		}

		// For oneself it is the same.
		id = ask(manager, manager.ID, "business-manager", "safeguarding-partner")
		w.is(w.AgreeRequest(w.ctx(), manager, id), db.ErrNotFound)
		w.is(w.DeclineRequest(w.ctx(), boss, id), nil) // nobody signs yet: two begin, of whom one manages the settings
		partner := w.user("Wren", "safeguarding-partner")
		id = ask(manager, manager.ID, "business-manager", "safeguarding-partner")
		w.is(w.AgreeRequest(w.ctx(), boss, id), db.ErrNotFound) // now there is who holds it
		w.now = w.now.Add(requestLife)
		w.is(w.AgreeRequest(w.ctx(), partner, id), ErrTooLate)
		id = ask(manager, manager.ID, "business-manager", "safeguarding-partner")
		w.is(w.WithdrawRequest(w.ctx(), partner, id), db.ErrNotFound)
		w.is(w.WithdrawRequest(w.ctx(), manager, id), nil)

		// An address, and coming back.
		waits, err := w.SavePerson(w.ctx(), boss, Person{ID: manager.ID, Name: "Bea B", Email: "bea@new.example"}, "moved",
			web.Unwatched)
		if err != nil || !waits {
			t.Fatal(waits, err)
		}
		p, err := w.PersonByID(w.ctx(), manager.ID)
		if err != nil || p.Email != manager.Email || p.Name != "Bea B" {
			t.Fatalf("%+v %v", p, err)
		}
		waiting, err := waitingFor(w.ctx(), s.Work, manager.ID, db.At(w.now))
		w.is(err, nil)
		w.is(w.AgreeRequest(w.ctx(), partner, waiting[0].ID), nil) // there is no other business manager
		if p, err = w.PersonByID(w.ctx(), manager.ID); err != nil || p.Email != "bea@new.example" {
			t.Fatalf("%+v %v", p, err)
		}
		// Who asked and lost what let them ask has asked nothing.
		id = ask(helper, pat.ID, "practitioner", "review-lead", "editor")
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return setActive(w.ctx(), q, helper.ID, false) }), nil)
		w.is(w.AgreeRequest(w.ctx(), manager, id), ErrNotAgreed)
	})
}

// TestABorrowedAddress: who reads somebody's address for a while has nothing left when it is put
// back, and what was asked for one address is not agreed for another.
func TestABorrowedAddress(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		cora, lea, pat := w.user("Cora", "coordinator"), w.user("Lea", "review-lead"), w.user("Pat", "practitioner")
		person := func(email string) Person { return Person{ID: pat.ID, Name: "Pat", Email: email} }
		own, err := w.SignIn(w.ctx(), pat.Email, password, here)
		w.is(err, nil)
		w.is(w.save(cora, person("cora.too@example.org"), web.Unwatched), nil)
		if w.who(own).ID != "" {
			t.Error("a session outlives the address it began under")
		}
		if _, err := w.SignIn(w.ctx(), "cora.too@example.org", password, here); !errors.Is(err, ErrWrong) {
			t.Errorf("a password outlives the address it was set under: %v", err)
		}
		byLink := func(db.Q) (bool, error) { return false, nil }
		w.is(w.setPassword(w.ctx(), pat, pat.ID, password, "", byLink), nil)
		borrowed, err := w.SignIn(w.ctx(), "cora.too@example.org", password, here)
		w.is(err, nil)
		_, err = w.SaveRoles(w.ctx(), cora, pat.ID, []string{"practitioner", "panel-member"}, "the panel", web.Unwatched)
		w.is(err, nil)
		w.is(w.save(cora, person(pat.Email), web.Unwatched), nil)
		waiting, err := waitingFor(w.ctx(), s.Work, pat.ID, db.At(w.now))
		w.is(err, nil)
		w.is(w.AgreeRequest(w.ctx(), lea, waiting[0].ID), ErrNotAgreed)
		if w.who(borrowed).ID != "" {
			t.Error("who borrowed the address is still signed in")
		}
		if _, err := w.SignIn(w.ctx(), pat.Email, password, here); !errors.Is(err, ErrWrong) {
			t.Errorf("who borrowed the address still knows the password: %v", err)
		}
	})
}

// TestTheLastKeepsTheirMailbox: who manages people or the settings last does not become somebody
// whose mailbox several read, by their own hand or another's; and whoever changes their own
// address stays signed in.
func TestTheLastKeepsTheirMailbox(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		bea := w.user("Bea", "business-manager")
		secret := w.enter(bea)
		as := func(email, mailbox string) Person {
			return Person{ID: bea.ID, Name: "Bea", Email: email, Mailbox: mailbox}
		}
		w.is(w.save(bea, as(bea.Email, mailboxSeveral), web.Unwatched), ErrNobodyLeft)
		w.is(w.save(bea, as("office@tidewell.example", ""), web.Unwatched), ErrNobodyLeft)
		w.is(w.save(bea, as("bea.b@tidewell.example", ""), web.Unwatched), nil)
		if w.who(secret).ID != bea.ID {
			t.Error("who changes their own address is signed out")
		}
		_, err := w.SignIn(w.ctx(), "bea.b@tidewell.example", password, here)
		w.is(err, nil)
		w.user("Ada", "administrator")
		w.is(w.save(bea, as("office@tidewell.example", ""), web.Unwatched), nil)
	})
}

// TestSeconds: of whom a second person is chosen.
func TestSeconds(t *testing.T) {
	t.Parallel()
	of := func(id, organisation string, roles ...string) account {
		return account{ID: id, Name: id, OrganisationID: db.Opt(organisation), roles: having(roles...)}
	}
	shared := of("office", "quay", "school-lead")
	shared.Email = "office@quay.example"
	for _, c := range []struct {
		what  string
		asker account
		role  string
		all   []account
		want  []string
		made  string // whose account the asker made lately
	}{
		{"who holds it", of("ada", "", "administrator"), "panel-member",
			[]account{of("bea", "", "business-manager"), of("cora", "", "coordinator")}, []string{"bea"}, ""},
		{"in the same organisation", of("cora", "", "coordinator"), "school-lead",
			[]account{of("sol", "quay", "school-lead"), of("tom", "harbour", "school-lead")}, []string{"sol"}, ""},
		{"who runs the audits lets a school answer", of("cora", "", "coordinator"), "school-lead",
			[]account{of("tom", "harbour", "school-lead"), of("bea", "", "business-manager"),
				of("wren", "", "safeguarding-partner")},
			[]string{"bea"}, ""},
		{"nobody, asked by who manages the settings", of("ada", "", "administrator"), "independent-reviewer",
			[]account{of("cora", "", "coordinator"), of("wen", "", "lay-member")}, []string{"cora"}, ""},
		{"a partner begins with who manages the settings", of("ada", "", "administrator"), "editor",
			[]account{of("wren", "", "safeguarding-partner")}, []string{"wren"}, ""},
		{"not somebody whom the asker brought in", of("ada", "", "administrator"), "editor",
			[]account{of("ivo", "", "administrator"), of("wren", "", "safeguarding-partner")}, []string{"wren"}, "ivo"},
		{"of two who could, not whom the asker brought in", of("ada", "", "administrator"), "editor",
			[]account{of("ida", "", "administrator"), of("ivo", "", "administrator")}, []string{"ida"}, "ivo"},
		{"an administrator begins nothing that others hold", of("ada", "", "administrator"), "agency-lead",
			[]account{of("ivo", "", "administrator"), of("bea", "", "business-manager")}, []string{"bea"}, ""},
		{"where each holds a part, who holds most", of("ada", "", "administrator"), "agency-lead",
			[]account{of("ivo", "", "administrator"), of("olive", "", "training-officer"), of("quin", "", "quality-officer")},
			[]string{"olive", "quin"}, ""},
		{"nobody from outside", of("ada", "", "administrator"), "panel-member",
			[]account{of("ivo", "", "independent-reviewer"), of("lea", "", "review-lead")}, []string{"lea"}, ""},
		{"a shared mailbox agrees to nothing", of("cora", "", "coordinator"), "school-lead", []account{shared}, nil, ""},
		{"nobody but oneself and the person", of("bea", "", "business-manager"), "safeguarding-partner",
			[]account{of("pat", "", "safeguarding-partner")}, nil, ""},
	} {
		all := append(slices.Clone(c.all), c.asker, of("pat", "quay", "practitioner"))
		var got []string
		for _, a := range seconds(c.asker.person(), "pat", having(c.role).powers("quay"), "quay", all,
			map[string]bool{c.made: true}) {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.what, got, c.want)
		}
	}
}

func TestSharedMailboxes(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]bool{
		"dsl@quay.example": true, "office@quay.example": true, "Admin@quay.example": true, "info@x.example": true,
		"safeguarding@x.example": true, "safeguarding.team@x.example": true, "admin2@x.example": true,
		"school-office@x.example": true, "schooloffice@x.example": true, "head@x.example": true,
		"dslteam@x.example": true, "dsl-heron@x.example": true, "dsl+ann@x.example": true, "MASH@x.example": true,
		"duty@x.example": true, "frontdoor@x.example": true, "front.door@x.example": true,
		"Safeguarding.Lead@x.example": true, "marsh@x.example": false, "doorman@x.example": false,
		"lead.ann@x.example": false, "dslheron@x.example": false,
		"ann@x.example": false, "ann.office@x.example": false, "dslater@x.example": false, "a.dsl@x.example": false,
		"postlethwaite@x.example": false, "infoley@x.example": false, "": false, "123@x.example": false,
	} {
		if got := looksShared(email); got != want {
			t.Errorf("%s: %v", email, got)
		}
	}
	if sharedMailbox("dsl@x.example", mailboxOne) || !sharedMailbox("ann@x.example", mailboxSeveral) {
		t.Error("what an officer said does not count")
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.chief("Ada")
		id, err := w.AddUser(w.ctx(), "Quay DSL", "dsl@quay.example", "safeguarding-partner", password)
		w.is(err, nil)
		secret, err := w.SignIn(w.ctx(), "dsl@quay.example", password, here)
		w.is(err, nil)
		var may []string
		for p := range w.who(secret).Permissions {
			may = append(may, string(p))
		}
		slices.Sort(may)
		if fmt.Sprint(may) != "[training:book training:read]" {
			t.Errorf("a shared mailbox may %v", may)
		}
		// To say that one person reads it gives all that the role gives.
		cora := w.user("Cora", "coordinator")
		one := Person{ID: id, Name: "Quay DSL", Email: "dsl@quay.example", Mailbox: mailboxOne}
		w.is(w.save(cora, one, web.Unwatched), ErrNoReason)
		w.is(w.save(boss, one, web.Unwatched), nil)
		if !w.who(secret).May(access.ReportSign) {
			t.Error("what an officer said does not count")
		}
	})
}

// TestOwnMerge: nobody makes another's things their own who could not see them anyway.
func TestOwnMerge(t *testing.T) {
	t.Parallel()
	refuses := (&Room{}).MergeKind().Refuses
	cora, bea := web.Person{ID: "c", Permissions: access.Of("coordinator")}, web.Person{ID: "b",
		Permissions: access.Of("business-manager")}
	if !errors.Is(refuses(cora, "x", "c"), ErrOwnMerge) || refuses(cora, "x", "b") != nil ||
		refuses(bea, "x", "b") != nil {
		t.Error("who may merge into their own record is decided otherwise")
	}
}
