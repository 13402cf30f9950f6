package identity

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// firstByCode comes back from a directory for the first time, and shows a code by e-mail.
func (w *world) firstByCode(b *testkit.Browser, back string) {
	w.t.Helper()
	b.Want("GET", back, nil, 303, linkingPath)
	b.Want("POST", linkingPath+"/send", nil, 200, "A code is on its way")
	w.work(1)
	b.Want("POST", linkingPath, testkit.Pairs("sent", "yes", "code", w.lastCode()), 303, "/work/account")
}

// lastCode is the code of the newest e-mail that has one.
func (w *world) lastCode() string {
	w.t.Helper()
	code := ""
	for _, body := range w.emails() {
		if found := sentCode.FindString(body); found != "" {
			code = found
		}
	}
	return code
}

// A directory that somebody entered in Settings could be their own: that it says an address
// opens nothing, until the person has shown that both accounts are theirs.
func TestDirectoryAloneOpensNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "review-lead")
		evil := newDirectory(t)
		id, err := w.AddProvider(w.ctx(), boss, Provider{Name: "Council", Issuer: evil.URL, ClientID: "kith",
			ClientSecret: "s3", Domains: "tidewell.example"})
		w.is(err, nil)
		b := w.browser()
		b.Want("GET", linkingPath, nil, 303, "/sign-in") // nobody came from a directory
		b.Want("GET", w.away(b, evil, id), nil, 303, linkingPath)
		b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		page := b.Want("GET", linkingPath, nil, 200, "Council says that you are ben@tidewell.example")
		if !strings.Contains(page, "Your password here") {
			t.Error(page)
		}
		b.Want("POST", linkingPath, nil, 422, "Enter your password")
		b.Want("POST", linkingPath, testkit.Pairs("password", "not the one of Ben"), 422, "That is not your password")
		b.Want("POST", linkingPath, testkit.Pairs("code", "1234 5678", "sent", "yes"), 422, "That is not the code")
		b.Want("POST", linkingPath+"/send", nil, 200, "at most three")
		w.work(1)
		code := w.lastCode()
		b.Want("POST", linkingPath, testkit.Pairs("code", turned(code), "sent", "yes"), 422, "That is not the code")
		for range freeTries {
			b.Do("POST", linkingPath, testkit.Pairs("password", "not the one of Ben"))
		}
		b.Want("POST", linkingPath, testkit.Pairs("password", password), 429, "Too many wrong tries")
		if list, err := linkedOf(w.ctx(), s.Work, ben.ID); err != nil || len(list) != 0 {
			t.Errorf("linked without a proof: %v, %v", list, err)
		}
		// What was begun is over after a while, and when the directory became another.
		w.now = w.now.Add(linkingLife)
		b.Want("POST", linkingPath, testkit.Pairs("password", password), 303, "/sign-in")
		w.now = w.now.Add(time.Hour)
		evil.claims = map[string]any{"exp": w.now.Add(time.Hour).Unix()}
		b.Want("GET", w.away(b, evil, id), nil, 303, linkingPath)
		p, err := providerByID(w.ctx(), s.Work, id)
		w.is(err, nil)
		p.Issuer = newDirectory(t).URL
		w.is(w.SaveProvider(w.ctx(), boss, p, web.Unwatched), nil)
		b.Want("POST", linkingPath, testkit.Pairs("password", password), 303, "/sign-in")
	})
}

// What ends the links of an account, and what does not.
func TestLinkedEnds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		chief, ben := w.chief("Cleo"), w.user("Ben", "editor")
		d, other := newDirectory(t), newDirectory(t)
		was := Provider{Name: "Council", Issuer: d.URL, ClientID: "kith", ClientSecret: "s3", Domains: "tidewell.example"}
		var err error
		was.ID, err = w.AddProvider(w.ctx(), chief, was)
		w.is(err, nil)
		saves := func(p Provider) func() {
			return func() { w.is(w.SaveProvider(w.ctx(), chief, p, web.Unwatched), nil) }
		}
		named, elsewhere, narrowed := was, was, was
		named.Name, elsewhere.Issuer, narrowed.Domains = "Borough", other.URL, "port.example"
		b := w.browser()
		for _, c := range []struct {
			what  string
			act   func()
			stays bool
		}{
			{"nothing", func() {}, true},
			{"the directory is called another name", saves(named), true},
			{"its issuer is another", saves(elsewhere), false},
			{"it vouches for another domain", saves(narrowed), false},
			{"the person ends it", func() {
				list, err := linkedOf(w.ctx(), s.Work, ben.ID)
				w.is(err, nil)
				w.is(w.EndLinked(w.ctx(), chief, list[0].ID), db.ErrNotFound) // another person's
				page := b.Want("GET", accountPath, nil, 200, "ben@tidewell.example")
				end := accountPath + "/directories/" + list[0].ID + "/end"
				if !strings.Contains(page, end) {
					t.Error("the page of the account does not end it")
				}
				b.Want("POST", end, nil, 303, accountPath)
			}, false},
			{"the second factor is reset", func() { w.is(w.reset(chief, ben.ID, ""), nil) }, false},
			{"a password is set by a link", func() {
				w.is(w.setPassword(w.ctx(), ben, ben.ID, password, "", func(db.Q) (bool, error) { return false, nil }), nil)
			}, false},
			{"the password is changed", func() {
				_, err := w.ChangePassword(w.ctx(), ben, password, password, "")
				w.is(err, nil)
			}, true},
			{"another address, and back", func() {
				p, err := personByID(w.ctx(), s.Work, ben.ID)
				w.is(err, nil)
				p.Email = "benjamin@tidewell.example"
				w.is(w.save(chief, p, web.Unwatched), nil)
				p.Email = ben.Email
				w.is(w.save(chief, p, web.Unwatched), nil)
				w.is(w.setPassword(w.ctx(), ben, ben.ID, password, "", func(db.Q) (bool, error) { return false, nil }), nil)
			}, false},
		} {
			t.Log(c.what)
			w.is(w.SaveProvider(w.ctx(), chief, was, web.Unwatched), nil)
			b.Do("POST", "/sign-out", nil)
			if list, err := linkedOf(w.ctx(), s.Work, ben.ID); err != nil || len(list) == 0 {
				w.is(err, nil)
				w.firstFrom(b, w.away(b, d, was.ID))
			}
			c.act()
			w.is(w.SaveProvider(w.ctx(), chief, was, web.Unwatched), nil)
			b.Do("POST", "/sign-out", nil)
			to := linkingPath
			if c.stays {
				to = "/work/account"
			}
			b.Want("GET", w.away(b, d, was.ID), nil, 303, to)
		}
		// Who manages people sees it; and the person was told each time.
		b.Do("POST", "/sign-out", nil)
		w.firstFrom(b, w.away(b, d, was.ID))
		boss := w.browser()
		boss.Want("POST", "/sign-in", testkit.Pairs("email", chief.Email, "password", password), 303, "/work")
		boss.Want("GET", href(ben.ID), nil, 200, "Council signs them in as ben@tidewell.example")
		told := 0
		for _, body := range w.emails() {
			if strings.Contains(body, "Council opens your account here") {
				told++
			}
		}
		if told != 7 {
			t.Errorf("told %d times", told)
		}
		w.is(w.RemoveProvider(w.ctx(), chief, was.ID, web.Unwatched), nil)
	})
}

// The trail says by which way somebody signed in, and from what to what a directory was changed.
func TestTrailOfSigningIn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "editor")
		d := newDirectory(t)
		p := Provider{Name: "Council", Issuer: d.URL, ClientID: "kith", ClientSecret: "s3cr3t", Domains: "tidewell.example"}
		var err error
		p.ID, err = w.AddProvider(w.ctx(), boss, p)
		w.is(err, nil)
		b := w.browser()
		w.firstFrom(b, w.away(b, d, p.ID))
		w.enter(ben)
		key, codes := w.withApp(ben)
		for _, code := range []string{w.code(key, 0), codes[0]} {
			_, err = w.SignInSecond(w.ctx(), w.pending(ben), Proof{Code: code}, here, at())
			w.is(err, nil)
		}
		b.Want("GET", w.away(b, d, p.ID), nil, 303, secondStepPath+"?next=%2Fwork%2Faccount")
		b.Want("POST", secondStepPath, testkit.Pairs("code", codes[1]), 303, "/work")
		acts, err := db.All[string](w.ctx(), s.Work, `
			SELECT act FROM audit_trail WHERE act LIKE 'signed in%' AND subject_id = $1 ORDER BY at, id`, ben.ID)
		w.is(err, nil)
		slices.Sort(acts)
		acts = slices.Compact(acts)
		if got := strings.Join(acts, "; "); got != "signed in by password; signed in by password and a code of an app; "+
			"signed in by password and a recovery code; signed in with Council; signed in with Council and a recovery code" {
			t.Error(got)
		}

		p.Issuer, p.Domains, p.ClientSecret = "https://evil.example", "port.example", "0ther"
		w.is(w.SaveProvider(w.ctx(), boss, p, web.Unwatched), nil)
		w.is(w.RemoveProvider(w.ctx(), boss, p.ID, web.Unwatched), nil)
		history, err := audittrail.Of(w.ctx(), s.Work, providerSubject, p.ID)
		if err != nil || len(history) != 3 {
			t.Fatal(history, err)
		}
		var told []string
		for _, e := range history {
			told = append(told, e.Told()...)
		}
		all := strings.Join(told, "\n")
		for _, words := range []string{"it was " + d.URL, "https://evil.example; it was",
			"port.example; it was tidewell.example",
			"Council; it was empty",
			"taken out; it was Council"} {
			if !strings.Contains(all, words) {
				t.Errorf("no %q in\n%s", words, all)
			}
		}
		if strings.Contains(all, "s3cr3t") || strings.Contains(all, "0ther") {
			t.Error("the trail has the secret")
		}
	})
}
