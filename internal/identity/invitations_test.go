package identity

import (
	"strings"
	"testing"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestInvitationEnds: an invitation works for seven days, and not after anything changed
// that it opens.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for _, c := range []struct {
			what   string
			change func(w *world, chief, una web.Person)
		}{
			{"a password by e-mail", func(w *world, chief, una web.Person) {
				w.is(w.SendLink(w.ctx(), chief, una.ID), nil)
				w.is(w.UseLink(w.ctx(), w.email(1), "gull pebble tides"), nil)
			}},
			{"seven days", func(w *world, _, _ web.Person) { w.now = w.now.Add(inviteLife) }},
			{"another address", func(w *world, chief, una web.Person) {
				w.is(w.save(chief, Person{ID: una.ID, Name: una.Name, Email: "new-" + una.Email}, web.Unwatched), nil)
			}},
			{"another role", func(w *world, chief, una web.Person) {
				w.is(w.roles(chief, una.ID, []string{"practitioner", "editor"}, web.Unwatched), nil)
			}},
			{"no role", func(w *world, chief, una web.Person) { w.is(w.roles(chief, una.ID, nil, web.Unwatched), nil) }},
			{"a shut account", func(w *world, chief, una web.Person) {
				w.is(w.DeactivatePerson(w.ctx(), chief, una.ID, web.Unwatched), nil)
				w.is(w.activated(chief, una.ID), nil)
			}},
		} {
			t.Run(c.what, func(t *testing.T) {
				what := c.what
				w := open(t, s)
				chief := w.chief("Cleo " + what)
				address := strings.ReplaceAll(what, " ", ".") + "@x.example"
				id, err := w.AddPerson(w.ctx(), chief, Person{Name: "Una " + what, Email: address})
				w.is(err, nil)
				una := web.Person{ID: id, Name: "Una " + what, Email: address}
				w.is(w.roles(chief, id, []string{"practitioner"}, web.Unwatched), nil)
				code, _, err := w.Invite(w.ctx(), chief, id, "Sam Weir", []string{"practitioner"})
				w.is(err, nil)
				w.now = w.now.Add(inviteLife - time.Minute)
				_, err = w.Invited(w.ctx(), code, Visit{})
				w.is(err, nil)
				w.now = w.now.Add(time.Minute - inviteLife)
				c.change(w, chief, una)
				_, err = w.Invited(w.ctx(), code, Visit{})
				w.is(err, ErrInviteCode)
				w.is(w.UseInvitation(w.ctx(), code, "gull pebble tides and more"), ErrInviteCode)
				b := w.browser()
				cleo := w.user("Boss-of-"+strings.ReplaceAll(what, " ", "-"), "business-manager")
				b.Want("POST", "/sign-in", testkit.Pairs("email", cleo.Email, "password", password), 303, "/work")
				if page := b.Want("GET", "/work/invitations?q="+address, nil, 200, una.Name); strings.Contains(page, "Until ") {
					t.Error("the list says that a code works which is dead")
				}
			})
		}
	})
}

// TestInvitationIsKept: the database has no code, and the records say who handed it over.
func TestInvitationIsKept(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		chief, una := w.chief("Cleo"), w.user("Una", "practitioner")
		code, _, err := w.Invite(w.ctx(), chief, una.ID, " Sam  Weir ", []string{"practitioner"})
		w.is(err, nil)
		kept, err := db.Get[string](w.ctx(), s.Work, `SELECT hash FROM identity_invitations`)
		if err != nil || kept == code || len(kept) != 64 {
			t.Errorf("kept %q, %v", kept, err)
		}
		w.is(w.UseInvitation(w.ctx(), code[:8]+" "+code[8:], "gull pebble tides"), nil)
		_, err = w.SignIn(w.ctx(), una.Email, "gull pebble tides", Visit{})
		w.is(err, nil)
		trail, err := audittrail.Of(w.ctx(), s.Work, subject, una.ID)
		w.is(err, nil)
		acts := map[string]string{}
		for _, e := range trail {
			acts[e.Act] = e.Person
		}
		if acts["printed an invitation for"] != "Cleo" || acts["used the invitation that Sam Weir handed over"] != "Una" {
			t.Errorf("%+v", acts)
		}
		w.site.Address = ""
		_, _, err = w.Invite(w.ctx(), chief, una.ID, "Sam", []string{"practitioner"})
		w.is(err, ErrInviteNoAddress)
	})
}
