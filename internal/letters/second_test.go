package letters

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/seal"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// crowd is a room of people in which others sign in. It counts requests, and keeps what it was asked
// and what others were told.
type crowd struct {
	did  []string
	asks int
}

func (c *crowd) AskMail(ctx context.Context, q db.Q, by web.Person, words, reason string) (string, error) {
	c.did = append(c.did, by.Name+" asks: e-mails go "+words+": "+reason)
	c.asks++
	return fmt.Sprint(c.asks), mail.ForgetAsked(ctx, q)
}

func (c *crowd) NeedsSecond(context.Context, web.Person) (bool, error) { return true, nil }

func (c *crowd) WaitingMail(context.Context) (ui.NavItem, error) {
	if c.asks == 0 {
		return ui.NavItem{}, nil
	}
	return ui.NavItem{Text: "May asks.", Href: "/work/requests/1"}, nil
}

func (c *crowd) TellOfMail(_ context.Context, _ db.Q, by web.Person, was, now string) error {
	c.did = append(c.did, by.Name+" told: "+was+" to "+now)
	return nil
}

// TestOtherWayWaits: what could send a link to set a password to somebody else, or leave it in the
// outbox, waits for a second person; another password of the same account does not.
func TestOtherWayWaits(t *testing.T) {
	t.Parallel()
	one := mail.Sender{How: mail.BySMTP, Host: "one.example", Port: 587, Security: mail.StartTLS, Username: "kith",
		Returns: "back@tidewell.example"}
	notify := mail.Sender{How: mail.ByNotify, Template: "t"}
	with := func(s mail.Sender, change func(*mail.Sender)) mail.Sender { change(&s); return s }
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for name, c := range map[string]struct {
			was, now mail.Sender
			secret   string
			waits    bool
		}{
			"the first":       {now: one, secret: "x"},
			"nothing":         {was: one, now: one},
			"password":        {was: one, now: one, secret: "y"},
			"where it leaves": {was: one, now: with(one, func(s *mail.Sender) { s.Leaves = "192.0.2.10" })},
			"host":            {was: one, now: with(one, func(s *mail.Sender) { s.Host = "evil.example" }), waits: true},
			"port":            {was: one, now: with(one, func(s *mail.Sender) { s.Port = 25 }), waits: true},
			"encryption":      {was: one, now: with(one, func(s *mail.Sender) { s.Security = mail.Plain }), waits: true},
			"user": {was: one, now: with(one, func(s *mail.Sender) { s.Username = "eve" }), secret: "y",
				waits: true},
			"where it comes back": {was: one, now: with(one, func(s *mail.Sender) { s.Returns = "eve@evil.example" }),
				waits: true},
			"Notify":             {was: one, now: notify, secret: "key", waits: true},
			"none":               {was: one, now: mail.Sender{How: mail.ByNone}, waits: true},
			"the same of Notify": {was: notify, now: notify},
			"key":                {was: notify, now: notify, secret: "other", waits: true},
			"template":           {was: notify, now: with(notify, func(s *mail.Sender) { s.Template = "u" }), waits: true},
			"base": {was: notify, now: with(notify, func(s *mail.Sender) { s.Base = "https://evil.example" }), secret: "key",
				waits: true},
			"after none": {was: mail.Sender{How: mail.ByNone}, now: one, secret: "x", waits: true},
		} {
			t.Run(name, func(t *testing.T) {
				r, _ := newRoom(t, s)
				people := &crowd{}
				if err := s.Work.Tx(t.Context(), func(q db.Q) error {
					_, err := db.Exec(t.Context(), q, `DELETE FROM mail_sender`)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if c.was.How != "" {
					if _, err := r.SaveEmail(t.Context(), manager, c.was, "old", "", web.Unwatched); err != nil {
						t.Fatal(err)
					}
				}
				before, err := r.Mail.Using(t.Context(), s.Work)
				if err != nil {
					t.Fatal(err)
				}
				r.People = people
				waits, err := r.SaveEmail(t.Context(), manager, c.now, c.secret, "We moved", web.Unwatched)
				if err != nil || waits != c.waits {
					t.Fatal(waits, err)
				}
				if after, err := r.Mail.Using(t.Context(), s.Work); err != nil || waits && after != before {
					t.Error("it is in force before anybody agreed", after, err)
				}
			})
		}
	})
}

// TestAskedIsUsed: what waits has its password sealed for its own place, is shown without it, and is
// used as it was asked, or forgotten.
func TestAskedIsUsed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		one := mail.Sender{How: mail.BySMTP, Host: "one.example", Port: 587, Security: mail.StartTLS, Username: "kith"}
		two := one
		two.Host = "two.example"
		save := func(x mail.Sender, secret string) {
			t.Helper()
			if _, err := r.SaveEmail(t.Context(), manager, x, secret, "We moved", web.Unwatched); err != nil {
				t.Fatal(err)
			}
		}
		use := func(id string) error {
			return s.Work.Tx(t.Context(), func(q db.Q) error {
				return r.UseAsked(t.Context(), q, manager, id, "agreed to another way", "We moved")
			})
		}
		using := func() mail.Sender {
			t.Helper()
			x, err := r.Mail.Using(t.Context(), s.Work)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		save(one, "secret of one")
		people := &crowd{}
		r.People = people
		save(two, "secret of two")
		asked, err := mail.Asked(t.Context(), s.Work, "1")
		if err != nil || asked.Secret == "" || strings.Contains(asked.Secret, "two") {
			t.Fatal(asked, err)
		}
		words, err := r.AskedWords(t.Context(), s.Work, "1")
		if got := strings.Join(words, " "); err != nil || !strings.Contains(got, "through the mail server one.example") ||
			!strings.Contains(got, "two.example") || strings.Contains(got, "secret") {
			t.Error(got, err)
		}
		if err := use("1"); err != nil {
			t.Fatal(err)
		}
		// Sealed for where it stands now, it opens there.
		if x := using(); x.Host != "two.example" || x.Secret == asked.Secret || !opens(t, r, "secret of two") {
			t.Error(x)
		}
		want := "May Demo asks: e-mails go through the mail server two.example: We moved; " +
			"May Demo told: through the mail server one.example to through the mail server two.example"
		if got := strings.Join(people.did, "; "); got != want {
			t.Error(got)
		}
		if err := use("1"); !errors.Is(err, ErrAskAgain) {
			t.Error("it is used twice", err)
		}
		// A password that stays is the one in force when it is agreed.
		two.Port = 25
		save(two, "")
		if err := use("2"); err != nil || using().Port != 25 || !opens(t, r, "secret of two") {
			t.Error(using(), err)
		}
		// What is forgotten is gone, with its password.
		save(one, "secret of three")
		if err := s.Work.Tx(t.Context(), func(q db.Q) error { return r.ForgetAsked(t.Context(), q) }); err != nil {
			t.Fatal(err)
		}
		words, err = r.AskedWords(t.Context(), s.Work, "3")
		if n := left(t, s); n != 0 || len(words) > 0 || err != nil || !errors.Is(use("3"), ErrAskAgain) {
			t.Error(n, words, err)
		}
		if using().Host != "two.example" {
			t.Error(using())
		}
		// At the machine what Settings say is forgotten, and others are told.
		people.did = nil
		if err := r.ResetEmail(t.Context()); err != nil || !using().First() ||
			strings.Join(people.did, "; ") != " told: through the mail server two.example to "+using().Onward() {
			t.Error(using(), people.did, err)
		}
	})
}

// opens reports whether the password in force is the one given: mail is sent with it.
func opens(t *testing.T, r *Room, secret string) bool {
	t.Helper()
	s, err := r.Mail.Using(t.Context(), r.Work)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Mail.Seal.Open(seal.Place{Table: "mail_sender", Row: "1", Column: "secret"}, s.Secret)
	return err == nil && got == secret
}

func left(t *testing.T, s testkit.Stores) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), s.Work, `SELECT count(*) FROM mail_asked`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const secondScript = `as manager
GET /work/settings/email/edit
text "Why, if e-mails are to go another way"
POST /work/settings/email/edit how=smtp host=evil.example port=587 security=starttls username=eve password=hush reason=moved
code == 303
follow
text "May asks. Until then e-mails go as above."
text "smtp.tidewell.example"
!text "hush"
GET /work/settings/email/edit
text "What you ask for now takes its place."
`

// The pages say that a second person is needed, and what waits for one.
func TestSecondIsSaid(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r, _ := newRoom(t, s)
	r.Mail.Server = "smtp://smtp.tidewell.example"
	r.People = &crowd{}
	testkit.RunScript(t, "second", secondScript, map[string]web.Person{"manager": manager}, nil, r.Routes()...)
}
