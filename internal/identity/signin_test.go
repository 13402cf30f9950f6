package identity

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var here = Visit{Address: "192.0.2.1", Browser: "Test"}

// who asks the room who a secret belongs to, as a request would.
func (w *world) who(secret string) web.Person {
	w.t.Helper()
	req := httptest.NewRequest("GET", "/work", nil)
	req.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
	p, err := w.Person(req)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) enter(p web.Person) string {
	w.t.Helper()
	secret, err := w.SignIn(w.ctx(), p.Email, password, here)
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

func TestSessionLife(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.chief("Ada"), w.user("Ben", "editor")
		secret := w.enter(ben)
		p := w.who(secret)
		if p.ID != ben.ID || p.Role != "Editor" || !p.May(access.SitesEdit) || p.May(access.PeopleManage) ||
			!p.May(web.SignedIn) {
			t.Fatalf("%+v", p)
		}
		for _, forged := range []string{"", "x", strings.Repeat("0", 52), strings.ToUpper(secret), hashed(secret)[:52],
			secret[:51] + "%"} {
			if w.who(forged).ID != "" {
				t.Errorf("a forged secret %q gets in", forged)
			}
		}
		w.is(w.roles(boss, ben.ID, []string{"editor", "analyst"}, web.Unwatched), nil)
		if p = w.who(secret); !p.May(access.FiguresAttest) || p.Role != "Analyst, Editor" {
			t.Errorf("a role holds from the next request: %+v", p)
		}
		start := w.now
		for w.now.Sub(start) < sessionLife-time.Hour { // in use every hour
			w.now = w.now.Add(time.Hour)
			if w.who(secret).ID == "" {
				t.Fatalf("a session in use died after %v", w.now.Sub(start))
			}
		}
		if w.now = start.Add(sessionLife); w.who(secret).ID != "" {
			t.Error("a session outlives 12 hours")
		}
		secret = w.enter(ben)
		if w.now = w.now.Add(sessionIdle); w.who(secret).ID != "" {
			t.Error("an idle session lives on")
		}
	})
}

func TestSessionIsSeenOnceAMinute(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		secret := w.enter(w.user("Ben", "editor"))
		seen := func() time.Time {
			at, err := db.Get[db.Time](w.ctx(), s.Work, `SELECT seen_at FROM identity_sessions WHERE hash = $1`, hashed(secret))
			w.is(err, nil)
			return at.Time
		}
		start := w.now
		w.now = start.Add(59 * time.Second)
		if w.who(secret); !seen().Equal(start) {
			t.Error("written within the minute")
		}
		w.now = start.Add(time.Minute)
		if w.who(secret); !seen().Equal(w.now) {
			t.Error("not written after a minute")
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.chief("Ada"), w.user("Ben", "editor")
		dead := func(what string, secrets ...string) {
			t.Helper()
			for _, secret := range secrets {
				if w.who(secret).ID != "" {
					t.Errorf("a session lives on after %s", what)
				}
			}
		}
		a, b, c := w.enter(ben), w.enter(ben), w.enter(boss)
		w.is(w.DeactivatePerson(w.ctx(), boss, ben.ID, web.Unwatched), nil)
		dead("deactivation", a, b)
		_, err := w.SignIn(w.ctx(), ben.Email, password, here)
		w.is(err, ErrWrong)
		w.is(w.activated(boss, ben.ID), nil)
		dead("coming back", a, b)

		// Deactivated by another way than the action: the lookup itself refuses.
		a = w.enter(ben)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return setActive(w.ctx(), q, ben.ID, false) }), nil)
		dead("the person is not active", a)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return setActive(w.ctx(), q, ben.ID, true) }), nil)

		a, b = w.enter(ben), w.enter(ben)
		w.is(w.SignOut(w.ctx(), a), nil)
		dead("signing out", a)
		if w.who(b).ID == "" {
			t.Error("signing out of one session ended another")
		}
		a = w.enter(ben)
		w.is(w.SignOutEverywhere(w.ctx(), ben, ben.ID, a), nil)
		dead("signing out everywhere", b)
		if w.who(a).ID == "" {
			t.Error("the session that asked ended too")
		}
		_, err = w.ChangePassword(w.ctx(), ben, "not it", "gull pebble tides", a)
		w.is(err, ErrWrong)
		b = w.enter(ben)
		renewed, err := w.ChangePassword(w.ctx(), ben, password, "gull pebble tides", a)
		w.is(err, nil)
		dead("a change of password", b)
		dead("a change of password, in who has a copy of the session", a)
		if w.who(renewed).ID == "" || w.who(c).ID == "" {
			t.Error("a change of password ended a session too many")
		}
		_, err = w.SignIn(w.ctx(), ben.Email, password, here)
		w.is(err, ErrWrong)

		// Nobody ends another's session by its id.
		mine, err := sessionID(w.ctx(), s.Work, hashed(c))
		w.is(err, nil)
		w.is(w.EndSession(w.ctx(), ben, mine), db.ErrNotFound)
		w.is(w.EndSession(w.ctx(), boss, mine), nil)
		dead("being ended", c)
	})
}

func TestSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		first := w.enter(ben)
		again, err := w.SignIn(w.ctx(), ben.Email, password, Visit{Address: "192.0.2.1", Old: first})
		w.is(err, nil)
		if again == first || w.who(first).ID != "" {
			t.Error("the secret is not made afresh at sign-in")
		}
		kept, err := db.All[string](w.ctx(), s.Work, `
			SELECT hash FROM identity_sessions UNION ALL SELECT hash FROM identity_passwords UNION ALL SELECT key
				FROM identity_attempts UNION ALL SELECT detail FROM audit_trail`)
		w.is(err, nil)
		for _, k := range kept {
			if strings.Contains(k, again) || strings.Contains(k, password) {
				t.Error("a secret is in the database")
			}
		}
	})
}

var linkForm = regexp.MustCompile(`https://work\.tidewell\.example/sign-in/password/([0-9a-z]{52})\n`)

// email gives the secret in the newest e-mail, "" when there are not n of them.
func (w *world) email(n int) string {
	w.t.Helper()
	emails, err := w.outbox.Newest(w.ctx(), 100)
	w.is(err, nil)
	emails = slices.DeleteFunc(emails, func(m mail.Entry) bool { return m.Subject != "Set your password" })
	if len(emails) != n {
		w.t.Fatalf("%d e-mails, not %d", len(emails), n)
	}
	m := linkForm.FindStringSubmatch(emails[0].Body)
	if m == nil || strings.Contains(emails[0].Body, password) {
		w.t.Fatalf("the e-mail is not right: %s", emails[0].Body)
	}
	return m[1]
}

func TestLinks(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.chief("Ada")
		id, err := w.AddPerson(w.ctx(), boss, Person{Name: "Ben Ode", Email: "ben@tidewell.example"})
		w.is(err, nil)
		w.is(w.roles(boss, id, []string{"editor"}, web.Unwatched), nil)
		w.is(w.SendLink(w.ctx(), boss, id), nil)
		first := w.email(1)
		w.now = w.now.Add(time.Second)
		w.is(w.SendLink(w.ctx(), boss, id), nil)
		second := w.email(2)
		w.is(w.UseLink(w.ctx(), first, password), ErrLinkSpent) // a later link replaces it
		w.is(w.UseLink(w.ctx(), strings.Repeat("0", 52), password), ErrLinkSpent)
		w.is(w.UseLink(w.ctx(), second, password), nil)
		w.is(w.UseLink(w.ctx(), second, "gull pebble tides"), ErrLinkSpent) // once
		secret, err := w.SignIn(w.ctx(), "ben@tidewell.example", password, here)
		w.is(err, nil)

		w.now = w.now.Add(time.Second)
		w.is(w.SendLink(w.ctx(), boss, id), nil)
		third := w.email(3)
		w.is(w.UseLink(w.ctx(), third, "gull pebble tides"), nil)
		if w.who(secret).ID != "" {
			t.Error("a session survives a new password")
		}
		w.now = w.now.Add(time.Second)
		w.is(w.SendLink(w.ctx(), boss, id), nil)
		late := w.email(4)
		w.now = w.now.Add(linkLife)
		w.is(w.UseLink(w.ctx(), late, password), ErrLinkSpent) // an hour old

		w.is(w.SendLink(w.ctx(), boss, id), nil)
		shut := w.email(5)
		w.is(w.DeactivatePerson(w.ctx(), boss, id, web.Unwatched), nil)
		w.is(w.UseLink(w.ctx(), shut, password), ErrLinkSpent)
		w.is(w.SendLink(w.ctx(), boss, id), ErrNotActive)
		nobody, err := w.AddPerson(w.ctx(), boss, Person{Name: "No Address"})
		w.is(err, nil)
		w.is(w.SendLink(w.ctx(), boss, nobody), ErrNoEmail)
	})
}

func TestForgotten(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "administrator")
		_, err := w.AddPerson(w.ctx(), boss, Person{Name: "No Role", Email: "norole@tidewell.example"})
		w.is(err, nil)
		// Without an address there is no link, and it does not matter whose it would be.
		known := w.site
		w.site.Address = ""
		for _, email := range []string{"unknown@tidewell.example", w.user("Zoe", "administrator").Email} {
			w.is(w.Forgotten(w.ctx(), email, Visit{Address: "203.0.113.77"}), ErrNoAddress)
		}
		w.is(w.SendLink(w.ctx(), boss, boss.ID), ErrNoAddress)
		w.site = known
		for _, email := range []string{"nobody@tidewell.example", "norole@tidewell.example", ""} {
			w.is(w.Forgotten(w.ctx(), email, here), nil)
		}
		w.work(3) // as many as for those who are known
		emails, err := w.outbox.Newest(w.ctx(), 10)
		if err != nil || len(emails) != 0 {
			t.Fatal("an e-mail to somebody who does not sign in", err)
		}
		for range emailsByAccount {
			w.is(w.Forgotten(w.ctx(), "ADA@tidewell.example", here), nil)
		}
		w.work(emailsByAccount)
		w.is(w.Forgotten(w.ctx(), "ada@tidewell.example", Visit{Address: "198.51.100.7"}), ErrTooMany)
		w.email(emailsByAccount)
	})
}

// TestChangeOfAddress: whoever signs in is told where they were known until now.
func TestChangeOfAddress(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.chief("Ada"), w.user("Ben", "editor")
		w.is(w.save(boss, Person{ID: ben.ID, Name: "Ben", Email: "thief@elsewhere.example"},
			web.Unwatched), nil)
		emails, err := w.outbox.Newest(w.ctx(), 10)
		w.is(err, nil)
		if len(emails) != 1 || emails[0].ToAddress != ben.Email || !strings.Contains(emails[0].Body, "Ada changed") ||
			strings.Contains(emails[0].Body, "thief") {
			t.Errorf("%+v", emails)
		}
		w.is(w.save(boss, Person{ID: ben.ID, Name: "Benjamin", Email: "thief@elsewhere.example"},
			web.Unwatched), nil) // a name leads nobody away
		if emails, err = w.outbox.Newest(w.ctx(), 10); err != nil || len(emails) != 1 {
			t.Errorf("%d e-mails, %v", len(emails), err)
		}
	})
}

func TestAddUser(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		id, err := w.AddUser(w.ctx(), "Ada", "Ada@tidewell.example", "administrator", password)
		w.is(err, nil)
		_, err = w.AddUser(w.ctx(), "Ada", "ada@tidewell.example", "editor", "gull pebble tides")
		w.is(err, ErrSignsIn)
		w.is(w.GivePassword(w.ctx(), "eve@tidewell.example", "gull pebble tides"), ErrNoPassword)
		before, err := w.SignIn(w.ctx(), "ada@tidewell.example", password, here)
		w.is(err, nil)
		w.is(w.GivePassword(w.ctx(), " ADA@tidewell.example", "gull pebble tides"), nil)
		if p := w.who(before); p.ID != "" {
			t.Errorf("still signed in with the old password: %+v", p)
		}
		secret, err := w.SignIn(w.ctx(), "ada@tidewell.example", "gull pebble tides", here)
		w.is(err, nil)
		if p := w.who(secret); p.ID != id || !p.May(access.SettingsManage) {
			t.Errorf("%+v", p)
		}
		_, err = w.AddUser(w.ctx(), "Bob", "bob@tidewell.example", "king", password)
		w.is(err, ErrUnknownRole)
		for _, bad := range [][2]string{{"bob@tidewell.example", "short"}, {"bob", password}, {"", password}} {
			if _, err = w.AddUser(w.ctx(), "Bob", bad[0], "editor", bad[1]); err == nil {
				t.Errorf("%v was taken", bad)
			}
		}
	})
}

func TestWeakHashesAreMadeAnew(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		w.hasher = newHasher(argon2id.Params{Memory: 128, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		w.enter(ben)
		hash, err := passwordOf(w.ctx(), s.Work, ben.ID)
		if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=128,t=2,p=1$") {
			t.Fatal(hash, err)
		}
		w.enter(ben)
	})
}

func TestStrength(t *testing.T) {
	t.Parallel()
	h := newHasher(strong)
	hash, err := h.hash(t.Context(), "", password)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Fatal(hash, err)
	}
	for _, c := range []struct {
		password string
		want     bool
	}{{password, true}, {password + " ", false}} {
		if ok, weak, err := h.check(t.Context(), "", c.password, hash); ok != c.want || weak || err != nil {
			t.Errorf("%q: %v %v %v", c.password, ok, weak, err)
		}
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=4000000000,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=1$AAAA$AAAA", hash + "AA"} {
		if ok, _, err := h.check(t.Context(), "", "", bad); ok || err == nil {
			t.Errorf("read %q", bad)
		}
	}
	full := newHasher(quick)
	for range hashesAtOnce() {
		full.queue.join("")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := full.hash(gone, "", password); !errors.Is(err, context.Canceled) {
		t.Errorf("hashed beyond the limit: %v", err)
	}
}

// TestEarlierHashes: hashes that earlier versions stored go on letting people in,
// and are as strong as those made now.
func TestEarlierHashes(t *testing.T) {
	t.Parallel()
	h := newHasher(strong)
	for hash, weaker := range map[string]bool{
		"$argon2id$v=19$m=65536,t=3,p=4$7QT7Dn9g2qBbWr7kF2rsRQ$eQEEUkFhU5tq93KYUWcqyNW8vvQdA8qVRah0sng17cc": false,
		"$argon2id$v=19$m=64,t=1,p=1$ufAHoDjE0dk7D0CUZn03FA$th14KwHPeuuJLSSOTEwrBm3kCnhotMciiJy0mdpRCYU":    true,
	} {
		if ok, weak, err := h.check(t.Context(), "", "harbour lantern quay 41", hash); !ok || weak != weaker || err != nil {
			t.Errorf("%s: %v %v %v", hash, ok, weak, err)
		}
		if ok, _, err := h.check(t.Context(), "", "harbour lantern quay 42", hash); ok || err != nil {
			t.Errorf("%s: another password: %v %v", hash, ok, err)
		}
	}
}

// TestDecoy: the hash that is checked where there is no account takes the work of
// a real one, and no password is behind it.
func TestDecoy(t *testing.T) {
	t.Parallel()
	for _, p := range []argon2id.Params{strong, quick} {
		h := newHasher(p)
		if got, err := readHash(h.decoy); err != nil || got != p {
			t.Errorf("the decoy is made with %+v, %v", got, err)
		}
		if ok, weak, err := h.check(t.Context(), "", "", h.decoy); ok || weak || err != nil {
			t.Errorf("the decoy answers %v %v %v", ok, weak, err)
		}
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::ffff:192.0.2.1": "::ffff:192.0.2.1",
		"@": "@",
	} {
		if got := network(from); got != want {
			t.Errorf("%s: %s", from, got)
		}
	}
}
