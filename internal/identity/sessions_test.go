package identity

import (
	"regexp"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestPlaces: what is kept and said of an address tells an office from a home, and no more.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.77":           "203.0.113.…",
		"203.0.0.9":              "203.0.0.…",
		"::ffff:203.0.113.77":    "203.0.113.…",
		"2001:db8:41:7::1":       "2001:db8:41:…",
		"192.168.4.20":           "A local network, 192.168.4.…",
		"fe80::1%eth0":           "A local network, fe80:…",
		"127.0.0.1":              "The server itself",
		"::1":                    "The server itself",
		"unix":                   "Not known",
		"":                       "Not known",
		"203.0.113.77:443; evil": "Not known",
	} {
		kept := coarse(address)
		if got := (Session{Network: kept}).Place(); got != want || strings.Contains(kept, "77") {
			t.Errorf("%s: kept %q and said %q, want %q", address, kept, got, want)
		}
	}
}

// TestEndingSessions: who manages people ends the sessions of those whose accounts they may
// shut out, and who manages the settings everybody's but their own.
func TestEndingSessions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		chief, ben, ada := w.chief("Cleo"), w.user("Ben", "practitioner"), w.user("Ada", "administrator")
		from := Visit{Address: "203.0.113.77", Browser: "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"}
		in := func(p web.Person) string {
			t.Helper()
			secret, err := w.SignIn(w.ctx(), p.Email, password, from)
			w.is(err, nil)
			return secret
		}
		sessions := func(p web.Person) []Session {
			t.Helper()
			list, err := sessionsOf(w.ctx(), s.Work, p.ID, db.At(w.now), db.At(w.now.Add(-sessionIdle)))
			w.is(err, nil)
			return list
		}
		first, second, mine := in(ben), in(ben), in(ada)
		of := sessions(ben)
		if len(of) != 2 || of[0].Place() != "203.0.113.…" || of[0].Where() != "Firefox on Windows" {
			t.Fatalf("%+v", of)
		}
		// A coordinator who manages people and not the settings does not shut an administrator out.
		lesser := web.Person{ID: ben.ID, Name: "Ben", Permissions: map[web.Permission]bool{access.PeopleManage: true}}
		w.is(w.EndSessionOf(w.ctx(), lesser, sessions(ada)[0].ID), ErrBeyond)
		w.is(w.EndSessionOf(w.ctx(), chief, "nothing"), db.ErrNotFound)
		w.is(w.EndSessionOf(w.ctx(), chief, of[0].ID), nil)
		w.is(w.EndSessionOf(w.ctx(), chief, of[0].ID), db.ErrNotFound)
		if len(sessions(ben)) != 1 || (w.who(first).ID == "") == (w.who(second).ID == "") {
			t.Error("not one session is left")
		}
		in(ben)
		n, err := w.EndSessions(w.ctx(), ada, mine)
		if err != nil || n != 2 || len(sessions(ben)) != 0 || w.who(mine).ID != ada.ID {
			t.Errorf("%d sessions ended, %v; %d are left", n, err, len(sessions(ben)))
		}
	})
}

// TestSessionPages: the list of who is signed in, and the same on a person's page.
func TestSessionPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada, ben := w.user("Ada", "administrator"), w.user("Ben", "practitioner")
		in := func(p web.Person) *testkit.Browser {
			b := w.browser()
			b.Want("POST", "/sign-in", testkit.Pairs("email", p.Email, "password", password), 303, "/work")
			return b
		}
		b, there := in(ada), in(ben)
		page := b.Want("GET", "/work/sessions", nil, 200, "Who is signed in")
		if strings.Count(page, "/end\"") != 2 || !strings.Contains(page, "This one") { // one of Ben's, and everybody's
			t.Errorf("the list offers something else to end:\n%s", page)
		}
		if page := b.Want("GET", "/work/sessions?q=ben@", nil, 200, ">Ben<"); strings.Contains(page, ">Ada<") {
			t.Error("the list is not narrowed")
		}
		b.Want("GET", "/work/sessions?q=nobody", nil, 200, "No sessions match")
		there.Want("GET", "/work/sessions", nil, 404, "")
		end := regexp.MustCompile(`/work/sessions/[0-9a-z]+/end`).FindString(
			b.Want("GET", "/work/people/"+ben.ID, nil, 200, "Where they are signed in"))
		there.Want("POST", end, nil, 404, "")
		b.Want("POST", end, testkit.Pairs("back", "/work/people/"+ben.ID), 303, "/work/people/"+ben.ID)
		b.Want("POST", end, testkit.Pairs("back", "//evil.example"), 404, "")
		there.Want("GET", "/work/account", nil, 303, "")
		there = in(ben)
		b.Want("GET", "/work/sessions/end", nil, 200, "What they were writing and had not saved is lost")
		b.Want("POST", "/work/sessions/end", nil, 303, sessionsPath)
		there.Want("GET", "/work/account", nil, 303, "")
		b.Want("GET", "/work/account", nil, 200, "This one")
	})
}
