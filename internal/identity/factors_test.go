package identity

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// withApp gives somebody an app and their recovery codes.
func (w *world) withApp(p web.Person) (key string, codes []string) {
	w.t.Helper()
	session := w.enter(p)
	w.is(w.BeginApp(w.ctx(), p), nil)
	key, err := w.BegunApp(w.ctx(), p)
	w.is(err, nil)
	codes, err = w.AddApp(w.ctx(), p, "Phone", w.code(key, 0), session)
	w.is(err, nil)
	if len(codes) != recoveryCodes {
		w.t.Fatalf("%d recovery codes", len(codes))
	}
	w.now = w.now.Add(time.Minute) // the code that set it up is used
	return key, codes
}

// code is what an app shows, so many steps from now.
func (w *world) code(key string, steps int) string {
	w.t.Helper()
	k, err := otp.NewKeyFromURL(key)
	w.is(err, nil)
	code, err := totp.GenerateCode(k.Secret(), w.now.Add(time.Duration(steps)*appStep*time.Second))
	w.is(err, nil)
	return code
}

// pending signs in with the password of somebody who has a second factor.
func (w *world) pending(p web.Person) string {
	w.t.Helper()
	_, err := w.SignIn(w.ctx(), p.Email, password, here)
	var need *NeedSecond
	if !errors.As(err, &need) {
		w.t.Fatalf("the password alone was enough, or %v", err)
	}
	return need.Secret
}

// withPasskey gives somebody a passkey.
func (w *world) withPasskey(p web.Person) *authenticator {
	w.t.Helper()
	a := newAuthenticator(w.t)
	c, err := w.BeginPasskey(w.ctx(), p, at())
	w.is(err, nil)
	_, err = w.AddPasskey(w.ctx(), p, "Key", a.makes(c), w.enter(p), at())
	w.is(err, nil)
	return a
}

func TestCodesOfAnApp(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		key, _ := w.withApp(ben)
		for _, c := range []struct {
			what string
			code func() string
			want error
		}{
			{"of now", func() string { return w.code(key, 0) }, nil},
			{"with a space", func() string { c := w.code(key, 0); return c[:3] + " " + c[3:] }, nil},
			{"in fullwidth digits", func() string {
				return strings.Map(func(r rune) rune { return r - '0' + '０' }, w.code(key, 0))
			}, nil},
			{"a clock one step behind", func() string { return w.code(key, -1) }, nil},
			{"a clock one step before", func() string { return w.code(key, 1) }, nil},
			{"a clock two steps behind", func() string { return w.code(key, -2) }, ErrWrongCode},
			{"a clock two steps before", func() string { return w.code(key, 2) }, ErrWrongCode},
			{"five digits", func() string { return w.code(key, 0)[:5] }, ErrWrongCode},
			{"nothing", func() string { return "" }, ErrWrongCode},
			{"words", func() string { return "abcdef' OR 1=1 --" }, ErrWrongCode},
		} {
			w.now = w.now.Add(10 * time.Minute)
			pending := w.pending(ben)
			secret, err := w.SignInSecond(w.ctx(), pending, Proof{Code: c.code()}, here, at())
			if !errors.Is(err, c.want) || (err == nil) != (w.who(secret).ID == ben.ID) {
				t.Errorf("%s: %v", c.what, err)
			}
		}

		// A code works once, whoever shows it, also of the step before.
		w.now = w.now.Add(10 * time.Minute)
		code, before := w.code(key, 0), w.code(key, -1)
		_, err := w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: code}, here, at())
		w.is(err, nil)
		for _, again := range []string{code, before} {
			_, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: again}, here, at())
			w.is(err, ErrWrongCode)
		}
		// What waited is over after ten minutes, and when it was ended.
		pending := w.pending(ben)
		w.now = w.now.Add(ceremonyLife)
		_, err = w.SignInSecond(w.ctx(), pending, Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, ErrBegun)
		pending = w.pending(ben)
		_, err = w.SignInSecond(w.ctx(), pending, Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, nil)
		w.now = w.now.Add(time.Minute)
		_, err = w.SignInSecond(w.ctx(), pending, Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, ErrBegun)
	})
}

func TestWrongCodesHaveToWait(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		key, _ := w.withApp(ben)
		for range freeTries {
			_, err := w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: "000000"}, here, at())
			w.is(err, ErrWrongCode)
		}
		mails, err := w.outbox.Newest(w.ctx(), 5)
		if err != nil || len(mails) != 2 || mails[0].ToAddress != ben.Email ||
			!strings.Contains(mails[0].Body, "your password, and then five wrong codes") {
			t.Errorf("they are not told, or more than once: %+v %v", mails, err)
		}
		// The password lets nobody guess on: its door and the code's are two.
		_, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, ErrTooMany)
		w.now = w.now.Add(time.Minute)
		_, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, nil)
	})
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben, eve := w.user("Ben", "editor"), w.user("Eve", "editor")
		_, codes := w.withApp(ben)
		_, others := w.withApp(eve)
		try := func(code string) error {
			w.t.Helper()
			w.now = w.now.Add(time.Minute)
			_, err := w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: code}, here, at())
			return err
		}
		w.is(try(codes[0]), nil)
		w.is(try(codes[0]), ErrWrongCode)
		w.is(try(others[0]), ErrWrongCode)
		w.is(try(strings.ToUpper(strings.ReplaceAll(codes[1], "-", " "))), nil)
		kept, err := db.All[string](w.ctx(), s.Work, `SELECT hash FROM identity_recovery_codes`)
		w.is(err, nil)
		for _, hash := range kept {
			if strings.Contains(strings.Join(codes, " "), hash) {
				t.Error("a recovery code is kept as it is")
			}
		}
		fresh, err := w.RenewRecoveryCodes(w.ctx(), ben)
		w.is(err, nil)
		w.is(try(codes[2]), ErrWrongCode)
		w.is(try(fresh[9]), nil)
		// With the last factor they go.
		all, err := factorsOf(w.ctx(), s.Work, ben.ID)
		w.is(err, nil)
		w.is(w.RemoveFactor(w.ctx(), ben, all[0].ID), nil)
		if n, err := recoveryCodesLeft(w.ctx(), s.Work, ben.ID); err != nil || n != 0 {
			t.Errorf("%d codes are left, %v", n, err)
		}
		_, err = w.RenewRecoveryCodes(w.ctx(), ben)
		w.is(err, ErrNoFactors)
		w.enter(ben) // the password alone is enough again
	})
}

func TestPasskeys(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben, eve := w.user("Ben", "editor"), w.user("Eve", "editor")
		a, evil := w.withPasskey(ben), w.withPasskey(eve)
		for _, c := range []struct {
			what string
			lie  func(x *authenticator)
			want error
		}{
			{"a passkey", func(*authenticator) {}, nil},
			{"without asking its holder", func(x *authenticator) { x.verifies = false }, nil},
			{"for another host", func(x *authenticator) { x.host = "evil.example" }, ErrPasskey},
			{"from another origin", func(x *authenticator) { x.origin = tidewell + ".evil.example" }, ErrPasskey},
			{"without TLS", func(x *authenticator) { x.origin = "http://work.tidewell.example" }, ErrPasskey},
			{"from another port", func(x *authenticator) { x.origin = tidewell + ":8443" }, ErrPasskey},
			{"a counter that went back", func(x *authenticator) { x.counter = 0 }, ErrPasskey},
			{"a counter that stood still", func(x *authenticator) { x.counter-- }, ErrPasskey},
			{"another's key", func(x *authenticator) { x.key = evil.key }, ErrPasskey},
			{"another's passkey", func(x *authenticator) { *x = *evil }, ErrPasskey},
			{"one that nobody has", func(x *authenticator) { x.id = []byte("sixteen bytes :)") }, ErrPasskey},
		} {
			w.now = w.now.Add(time.Hour)
			x := *a
			c.lie(&x)
			pending := w.pending(ben)
			asked, err := w.BeginAnswer(w.ctx(), ben.ID, at())
			w.is(err, nil)
			proof := x.shows(asked)
			secret, err := w.SignInSecond(w.ctx(), pending, proof, here, at())
			if !errors.Is(err, c.want) || (err == nil) != (w.who(secret).ID == ben.ID) {
				t.Errorf("%s: %v", c.what, err)
			}
			if c.want == nil {
				a.counter = x.counter
			}
			// Replayed, also what was refused, it opens nothing.
			_, err = w.SignInSecond(w.ctx(), w.pending(ben), proof, here, at())
			if !errors.Is(err, ErrBegun) {
				t.Errorf("%s, replayed: %v", c.what, err)
			}
		}
		// A challenge of somebody else's, or of no password, is not a second factor.
		w.now = w.now.Add(time.Hour)
		for _, asked := range []string{eve.ID, ""} {
			c, err := w.BeginAnswer(w.ctx(), asked, at())
			w.is(err, nil)
			_, err = w.SignInSecond(w.ctx(), w.pending(ben), a.shows(c), here, at())
			w.is(err, ErrPasskey)
		}
		c, err := w.BeginAnswer(w.ctx(), ben.ID, at())
		w.is(err, nil)
		w.now = w.now.Add(ceremonyLife)
		_, err = w.SignInSecond(w.ctx(), w.pending(ben), a.shows(c), here, at())
		w.is(err, ErrBegun)
		for _, garbage := range []string{"{", "null", `{"id":"x"}`, strings.Repeat("x", 1<<16)} {
			c, err := w.BeginAnswer(w.ctx(), ben.ID, at())
			w.is(err, nil)
			w.now = w.now.Add(time.Hour)
			c, err = w.BeginAnswer(w.ctx(), ben.ID, at())
			w.is(err, nil)
			_, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Passkey: []byte(garbage), Challenge: c.Secret}, here, at())
			w.is(err, ErrPasskey)
		}
	})
}

func TestPasskeyAlone(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.chief("Ada"), w.user("Ben", "editor")
		a := w.withPasskey(ben)
		enter := func() (string, error) {
			c, err := w.BeginAnswer(w.ctx(), "", at())
			w.is(err, nil)
			return w.SignInByPasskey(w.ctx(), a.shows(c), here, at())
		}
		secret, err := enter()
		w.is(err, nil)
		if p := w.who(secret); p.ID != ben.ID || !p.Proved {
			t.Errorf("%+v", p)
		}
		a.verifies = false // whoever holds the device is not enough without the password
		_, err = enter()
		w.is(err, ErrPasskey)
		a.verifies = true
		handle := a.handle
		a.handle = []byte(boss.ID)
		_, err = enter()
		w.is(err, ErrPasskey)
		a.handle = handle
		// A challenge to one person is none for everybody.
		c, err := w.BeginAnswer(w.ctx(), ben.ID, at())
		w.is(err, nil)
		_, err = w.SignInByPasskey(w.ctx(), a.shows(c), here, at())
		w.is(err, ErrPasskey)
		w.is(w.DeactivatePerson(w.ctx(), boss, ben.ID, web.Unwatched), nil)
		_, err = enter()
		w.is(err, ErrPasskey)
		_, err = w.ActivatePerson(w.ctx(), boss, ben.ID, "back from leave")
		w.is(err, nil)
		// The website moves: what was made for its old address is for that alone.
		w.site.Address = "https://new.tidewell.example"
		_, err = enter()
		w.is(err, ErrPasskey)
		_, err = w.BeginAnswer(w.ctx(), ben.ID, at())
		w.is(err, ErrPasskey)
		w.pending(ben) // and the password alone is still not enough
	})
}

// The host of passkeys is that of the address in force, never of the request.
func TestPartyOfPasskeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address string
		demo    bool
		url     string
		host    string // "" for no passkeys
		origin  string
	}{
		{tidewell + "/", false, "http://evil.example/", "work.tidewell.example", tidewell},
		{"https://WORK.tidewell.example:8443", false, "http://x/", "work.tidewell.example", tidewell + ":8443"},
		{"http://work.tidewell.example", false, "http://work.tidewell.example/", "", ""},
		{"https://192.0.2.7", false, "https://192.0.2.7/", "", ""},
		{"http://localhost:8080", false, "http://localhost:8080/", "localhost", "http://localhost:8080"},
		{"", false, "http://localhost:8080/", "localhost", "http://localhost:8080"},
		{"", false, "http://127.0.0.1:8080/", "", ""},
		{"", false, "http://work.tidewell.example/", "", ""},
		{tidewell, true, "http://localhost:8080/", "localhost", "http://localhost:8080"},
		{tidewell, true, "http://work.tidewell.example/", "", ""},
	} {
		r := &Room{Deps: Deps{Demo: c.demo}}
		host, origin, err := r.party(mail.Site{Address: c.address}, httptest.NewRequest("GET", c.url, nil))
		if host != c.host || origin != c.origin || (err == nil) != (c.host != "") {
			t.Errorf("%+v: %q %q %v", c, host, origin, err)
		}
	}
}

func TestResetFactors(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, keeper, ben := w.chief("Ada"), w.user("Cay", "coordinator"), w.user("Ben", "editor")
		peer := w.user("Bea", "business-manager")
		w.is(w.reset(boss, ben.ID, ""), ErrNoFactors)
		key, _ := w.withApp(ben)
		_, bossCodes := w.withApp(boss)
		session, err := w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, nil)
		// It is a way to become them, so it takes who holds all that they do, or a second person.
		w.is(w.reset(keeper, ben.ID, ""), ErrNoReason)
		waits, err := w.ResetFactors(w.ctx(), keeper, ben.ID, "She lost her phone; I called her")
		if err != nil || !waits {
			t.Fatal(waits, err)
		}
		if w.who(session).ID == "" {
			t.Error("what waits was done")
		}
		waiting, err := waitingFor(w.ctx(), s.Work, ben.ID, db.At(w.now))
		if err != nil || len(waiting) != 1 || waiting[0].What() != "that the second factor of Ben is reset" {
			t.Fatalf("%+v %v", waiting, err)
		}
		w.is(w.AgreeRequest(w.ctx(), ben, waiting[0].ID), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), peer, waiting[0].ID), nil)
		if w.who(session).ID != "" {
			t.Error("what was agreed was not done")
		}
		key, _ = w.withApp(ben)
		session, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, nil)
		w.is(w.reset(boss, boss.ID, ""), ErrOwnFactors)
		w.is(w.reset(boss, ben.ID, ""), nil)
		if w.who(session).ID != "" {
			t.Error("a session outlives the reset")
		}
		w.enter(ben)
		told, err := db.Get[int](w.ctx(), s.Work, `
			SELECT count(*) FROM mail_outbox WHERE to_address = $1 AND subject = 'Your second factor was reset'`, ben.Email)
		if err != nil || told != 2 {
			t.Errorf("told %d times, %v", told, err)
		}
		_, err = w.SignInSecond(w.ctx(), w.pending(boss), Proof{Code: bossCodes[0]}, here, at())
		w.is(err, nil)
	})
}

func TestFactorNeededByRole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "editor")
		session := w.enter(ben)
		w.is(w.RequireFactor(w.ctx(), boss, []string{"editor"}, web.Unwatched), nil)
		w.is(w.RequireFactor(w.ctx(), boss, []string{"no such role"}, web.Unwatched), ErrUnknownRole)
		if first := w.who(session).First; first != secondPath {
			t.Errorf("led to %q", first)
		}
		if first := w.who(w.enter(boss)).First; first != "" {
			t.Errorf("a role that needs none is led to %q", first)
		}
		key, _ := w.withApp(ben)
		session, err := w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: w.code(key, 0)}, here, at())
		w.is(err, nil)
		if first := w.who(session).First; first != "" {
			t.Errorf("led to %q", first)
		}
		all, err := factorsOf(w.ctx(), s.Work, ben.ID)
		w.is(err, nil)
		w.is(w.RemoveFactor(w.ctx(), ben, all[0].ID), ErrFactorNeeded)
		w.is(w.RemoveFactor(w.ctx(), boss, all[0].ID), db.ErrNotFound)
		w.is(w.RequireFactor(w.ctx(), boss, nil, web.Unwatched), nil)
		w.is(w.RemoveFactor(w.ctx(), ben, all[0].ID), nil)
	})
}

// A first factor ends what the password alone had opened elsewhere, and nothing here.
func TestFirstFactorEndsOtherSessions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		elsewhere, mine := w.enter(ben), w.enter(ben)
		w.is(w.BeginApp(w.ctx(), ben), nil)
		key, err := w.BegunApp(w.ctx(), ben)
		w.is(err, nil)
		_, err = w.AddApp(w.ctx(), ben, "Phone", "000000", mine)
		w.is(err, ErrWrongCode)
		_, err = w.AddApp(w.ctx(), ben, "Phone", w.code(key, 0), mine)
		w.is(err, nil)
		_, err = w.AddApp(w.ctx(), ben, "Phone", w.code(key, 0), mine)
		w.is(err, ErrBegun)
		if w.who(elsewhere).ID != "" || w.who(mine).ID != ben.ID {
			t.Error("the other session goes on, or this one does not")
		}
	})
}
