package identity

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/kit/names"
	"kith/internal/kit/seal"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A world is the room with a clock that tests move and an outbox that keeps.
type world struct {
	*Room
	t      testing.TB
	now    time.Time
	outbox *mail.Outbox
	jobs   *jobs.Queue
	site   mail.Site
	moved  []string // what was done to the address of the website
}

// quick is enough work for tests; TestStrength checks what people get.
var quick = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func open(t testing.TB, s testkit.Stores) *world {
	w := &world{t: t, site: mail.Site{Name: "Tidewell Safeguarding Children Partnership",
		Address: "https://work.tidewell.example/"}, now: time.Date(2024, 4, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.outbox = &mail.Outbox{DB: s.Work, Now: clock, NewID: ids.New}
	address, err := web.Client()
	if err != nil {
		t.Fatal(err)
	}
	w.jobs = jobs.New(s.Work, clock, ids.New, slog.New(slog.DiscardHandler))
	box, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Deps{Work: s.Work, Seal: box, Now: clock, NewID: ids.New, Mail: w.outbox, Jobs: w.jobs, Address: address,
		Site: func(context.Context, db.Reader) (mail.Site, error) { return w.site, nil }})
	if err != nil {
		t.Fatal(err)
	}
	r.hasher = newHasher(quick)
	w.Room = r
	return w
}

func (w *world) ctx() context.Context { return w.t.Context() }

// work does the jobs that are due, of which there are n.
func (w *world) work(n int) {
	w.t.Helper()
	did, err := w.jobs.RunDue(w.ctx())
	w.is(err, nil)
	if did != n {
		w.t.Errorf("%d jobs were due, and not %d", did, n)
	}
}

// user adds somebody who signs in with the password that all of them have.
func (w *world) user(name, role string) web.Person {
	w.t.Helper()
	id, err := w.AddUser(w.ctx(), name, strings.ToLower(name)+"@tidewell.example", role, password)
	if err != nil {
		w.t.Fatal(err)
	}
	return web.Person{ID: id, Name: name, Email: strings.ToLower(name) + "@tidewell.example", Permissions: access.Of(role)}
}

// chief adds somebody who manages people and holds every permission, though no role does.
func (w *world) chief(name string) web.Person {
	w.t.Helper()
	p := w.user(name, "administrator")
	for _, permission := range access.Permissions() {
		p.Permissions[permission] = true
	}
	return p
}

// roles, save and activated are the actions for which no second person is asked, or
// none without a reason.
func (w *world) roles(by web.Person, id string, roleIDs []string, seen web.Seen) error {
	_, err := w.SaveRoles(w.ctx(), by, id, roleIDs, "", seen)
	return err
}

func (w *world) save(by web.Person, p Person, seen web.Seen) error {
	_, err := w.SavePerson(w.ctx(), by, p, "", seen)
	return err
}

func (w *world) activated(by web.Person, id string) error {
	_, err := w.ActivatePerson(w.ctx(), by, id, "")
	return err
}

func (w *world) reset(by web.Person, id, reason string) error {
	_, err := w.ResetFactors(w.ctx(), by, id, reason)
	return err
}

const password = "harbour lantern oats"

func (w *world) organisation(id, name string) {
	w.t.Helper()
	err := w.Work.Tx(w.ctx(), func(q db.Q) error {
		_, err := db.Exec(w.ctx(), q, `
			INSERT INTO organisations (id, name, name_key, folded, sector, created_at)
			VALUES ($1, $2, $3, $4, 'health', $5)`, id, name, names.Key(name), db.Fold(name), db.At(w.now))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) is(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("got %v, want %v", err, want)
	}
}

func TestAddAndEdit(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "administrator")
		id, err := w.AddPerson(w.ctx(), boss, Person{Name: "Ben Ode", Email: "Ben@Tidewell.example"})
		w.is(err, nil)
		_, err = w.AddPerson(w.ctx(), boss, Person{Name: "BEN  Ode", Email: "ben@tidewell.EXAMPLE"})
		w.is(err, ErrPersonTaken)
		_, err = w.AddPerson(w.ctx(), boss, Person{Name: "A Colleague", Email: "ben@tidewell.example"})
		w.is(err, nil) // two may share their office's address
		for range 2 {  // any number of people may have no address
			_, err = w.AddPerson(w.ctx(), boss, Person{Name: "No Address"})
			w.is(err, nil)
		}
		w.is(w.save(boss, Person{ID: id, Name: "A colleague", Email: "ben@tidewell.example"}, web.Unwatched),
			ErrPersonTaken)
		w.is(w.save(boss, Person{ID: id, Name: "Ben Odell", Email: "ben@tidewell.example", JobTitle: "Nurse"},
			web.Unwatched), nil)
		w.is(w.save(boss, Person{ID: "nobody", Name: "X"}, web.Unwatched), db.ErrNotFound)
		p, err := w.PersonByID(w.ctx(), id)
		if err != nil || p.Name != "Ben Odell" || p.JobTitle != "Nurse" || !p.Active {
			t.Fatal(p, err)
		}
		trail, err := audittrail.Of(w.ctx(), s.Work, "person", id)
		if err != nil || len(trail) != 2 || trail[0].PersonID != boss.ID {
			t.Fatal(trail, err)
		}
	})
}

func TestEnsure(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("nhs", "Tidewell Health")
		w.organisation("school", "Quay School")
		ensure := func(e EnsurePerson) (id string, created bool, err error) {
			err = s.Work.Tx(w.ctx(), func(q db.Q) error {
				id, created, err = w.Ensure(w.ctx(), q, e)
				return err
			})
			return id, created, err
		}
		named := map[string]string{}
		for _, c := range []struct {
			what    string
			who     EnsurePerson
			same    string // as which earlier case
			created bool
		}{
			{"with an address", EnsurePerson{Name: "Ann Lee", Email: "Ann@nhs.example", OrganisationID: "nhs"}, "", true},
			{"the same address and name in other characters", EnsurePerson{Name: "ann\u00a0LEE", Email: "ANN@NHS.EXAMPLE"},
				"with an address", false},
			{"the name turned about at the address", EnsurePerson{Name: "Lee, Ann", Email: "ann@nhs.example"},
				"with an address", false},
			{"an address that one person has, without a name", EnsurePerson{Email: "ann@nhs.example"}, "with an address", false},
			{"an address in the place of a name", EnsurePerson{Name: "ann@nhs.example", Email: "ann@nhs.example"},
				"with an address", false},
			{"another name at the same address", EnsurePerson{Name: "Bob O'Brien", Email: "ann@nhs.example"}, "", true},
			{"that name with a curly apostrophe", EnsurePerson{Name: "Bob O’Brien", Email: "ann@nhs.example"},
				"another name at the same address", false},
			{"an address that two have, without a name", EnsurePerson{Email: "ann@nhs.example"}, "", true},
			{"and again", EnsurePerson{Email: "ann@nhs.example"}, "an address that two have, without a name", false},
			{"no address, the same name and organisation", EnsurePerson{Name: " ann  LEE ", OrganisationID: "nhs"},
				"with an address", false},
			{"the same name elsewhere", EnsurePerson{Name: "Ann Lee", OrganisationID: "school"}, "", true},
			{"the same name nowhere", EnsurePerson{Name: "Ann Lee"}, "", true},
			{"nowhere again", EnsurePerson{Name: "Ann Lee", JobTitle: "Governor"}, "the same name nowhere", false},
			{"a name that begins alike", EnsurePerson{Name: "Ann", OrganisationID: "nhs"}, "", true},
			{"a name with a wildcard", EnsurePerson{Name: "%", OrganisationID: "nhs"}, "", true},
			{"an address alone", EnsurePerson{Email: "post@quay.example"}, "", true},
			{"the name to an address that was alone", EnsurePerson{Name: "Quay Post", Email: "post@quay.example"},
				"an address alone", false},
			{"another name to it", EnsurePerson{Name: "Q Two", Email: "post@quay.example"}, "", true},
		} {
			id, created, err := ensure(c.who)
			if err != nil || created != c.created || c.same != "" && id != named[c.same] {
				t.Errorf("%s: got %q %v %v", c.what, id, created, err)
			}
			named[c.what] = id
		}
		if _, _, err := ensure(EnsurePerson{}); err == nil {
			t.Error("a person without name and address was added")
		}
		p, err := w.PersonByID(w.ctx(), named["the same name nowhere"])
		if err != nil || p.JobTitle != "Governor" {
			t.Errorf("what was blank is filled in: %+v %v", p, err)
		}
		if p, err = w.PersonByID(w.ctx(), named["with an address"]); err != nil || p.Name != "Ann Lee" {
			t.Errorf("what was known is kept: %+v %v", p, err)
		}
	})
}

// One address leads to one account, whoever else has it.
func TestOneAccountAnAddress(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.chief("Ada")
		ann, err := w.AddPerson(w.ctx(), boss, Person{Name: "Ann Ash", Email: "office@harbour.example"})
		w.is(err, nil)
		bob, err := w.AddPerson(w.ctx(), boss, Person{Name: "Bob Birch", Email: "office@harbour.example"})
		w.is(err, nil)
		w.is(w.roles(boss, bob, []string{"school-lead"}, web.Unwatched), nil)
		w.is(w.roles(boss, ann, []string{"practitioner"}, web.Unwatched), ErrAddressOfAnother)
		w.is(w.SendLink(w.ctx(), boss, ann), ErrAddressOfAnother)
		w.is(w.save(boss, Person{ID: bob, Name: "Bob Birch", Email: boss.Email}, web.Unwatched),
			ErrAddressUsed)
		p, err := accountByEmail(w.ctx(), w.Work, "office@harbour.example")
		if err != nil || p.ID != bob {
			t.Errorf("%+v %v signs in with the address", p, err)
		}
		id, err := w.AddUser(w.ctx(), "B. Birch", "office@harbour.example", "school-lead", password)
		if err != nil || id != bob {
			t.Errorf("the account of an address is its account however the name is written: %s %v", id, err)
		}
		w.is(w.save(boss, Person{ID: ann, Name: "Ann Ash", Email: "ann@harbour.example"}, web.Unwatched), nil)
		w.is(w.roles(boss, ann, []string{"practitioner"}, web.Unwatched), nil)
	})
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		password string
		good     bool
	}{
		{"harbour lantern oats", true}, {"ÅÄÖ mångata fjäll", true}, {"", false}, {"short", false}, {"elevenchars", false},
		{"Password1234!", false}, {"Liverpool2024", false}, {"safeguarding1", false}, {"P@ssw0rd1234", false},
		{"aaaaaaaaaaaaaaa", false}, {"passwordpassword", false}, {"123456789012", false}, {"qwertyuiopas", false},
		{"Annabel Leeson", false}, {"annabel.leeson", false}, {"annabel.leeson@nhs.example", false},
		{strings.Repeat("long ", 60), false}, {"Tidewell2026!", false}, {"tidewell safeguarding", false},
		{"Summer2026!!", false}, {"correct horse battery staple", false}, {"Annabel-Winter-2026", false},
		{"tidewell lantern oats", true}, {"4821 9034 7712 5560", true},
	} {
		if got := checkPassword(c.password, "Annabel Leeson", "annabel.leeson@nhs.example",
			"Tidewell Safeguarding Children Partnership"); (got == "") != c.good {
			t.Errorf("%q: %q", c.password, got)
		}
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 " +
			"Edg/140.0.0.0": "Edge on Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36": "Chrome on Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 " +
			"Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0": "Firefox on Android",
		"curl/8": "A browser that does not say which",
	} {
		if got := (Session{Browser: agent}).Where(); got != want {
			t.Errorf("%s: %s", agent, got)
		}
	}
}
