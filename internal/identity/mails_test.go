package identity

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
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
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, lead, pat := w.user("Ada", "administrator"), w.user("Lea", "review-lead"), w.user("Pat", "practitioner")
		for _, c := range []struct {
			role string
			to   web.Person
			may  bool
		}{
			{"administrator", boss, true}, {"administrator", lead, false}, {"administrator", pat, false},
			{"business-manager", boss, true}, {"business-manager", lead, true}, {"business-manager", pat, true},
			{"coordinator", boss, false}, {"coordinator", lead, false}, {"coordinator", pat, true},
			{"training-officer", pat, false}, {"business-manager", web.Person{Email: "nobody@tidewell.example"}, false},
		} {
			by := web.Person{ID: "p", Permissions: access.Of(c.role)}
			if may, err := w.MayReadLinks(w.ctx(), by, c.to.Email); err != nil || may != c.may {
				t.Errorf("a link to %s by %s: %v, %v", c.to.Email, c.role, may, err)
			}
		}
	})
}

// TestAddressChangeIsTold: links in e-mails lead to the website's address, so nobody changes it
// without others knowing.
func TestAddressChangeIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, gone := w.user("Ada", "administrator"), w.user("Gus", "administrator")
		for name, role := range map[string]string{"Ira": "administrator", "Bea": "business-manager",
			"Wren": "safeguarding-partner", "Pat": "practitioner", "Ben": "editor"} {
			w.user(name, role)
		}
		w.is(w.DeactivatePerson(w.ctx(), boss, gone.ID, web.Unwatched), nil)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			return w.TellOfAddress(w.ctx(), q, boss, "https://work.tidewell.example", "https://evil.example")
		}), nil)
		told, err := db.All[string](w.ctx(), s.Work, `SELECT to_name FROM mail_outbox ORDER BY to_name`)
		if err != nil || fmt.Sprint(told) != "[Bea Ira Wren]" {
			t.Errorf("told %v, %v", told, err)
		}
		for _, words := range []string{"Ada changed the address", "It was: https://work.tidewell.example",
			"It is: https://evil.example"} {
			if body := w.emails()[0]; !strings.Contains(body, words) {
				t.Errorf("no %q in %s", words, body)
			}
		}
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			if err := w.TellOfFrom(w.ctx(), q, boss, "a@tidewell.example", "b@tidewell.example"); err != nil {
				return err
			}
			return w.TellOfMail(w.ctx(), q, boss, "nowhere", "through the mail server evil.example")
		}), nil)
		all := strings.Join(w.emails(), "\n")
		for _, words := range []string{"Ada changed the address that e-mails come from", "Ada changed how e-mails are sent",
			"It is: through the mail server evil.example"} {
			if strings.Count(all, words) != 3 {
				t.Errorf("%q is not told to three: %s", words, all)
			}
		}
	})
}
