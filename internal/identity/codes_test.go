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

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var sentCode = regexp.MustCompile(`(?m)^(\d{4} \d{4})$`)

// turned is another code than the one given.
func turned(code string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return '0' + (r-'0'+1)%10
	}, code)
}

// withPurposes offers two purposes to everybody of tidewell.example.
func (w *world) withPurposes() {
	for _, id := range []string{"bookings", "survey"} {
		w.Codes.Offer(Purpose{ID: id, Title: "Your bookings", Does: "see your bookings", Home: "/home/" + id,
			Known: func(_ context.Context, _ db.Reader, address string) (bool, error) {
				return strings.HasSuffix(address, "@tidewell.example"), nil
			}})
	}
}

// asks has a code sent, and gives it with the secret of its link; both are "" when none came.
func (w *world) asks(purpose, address string) (code, link string) {
	w.t.Helper()
	before := w.emails()
	w.is(w.Codes.Ask(w.ctx(), purpose, address, here), nil)
	w.work(1)
	fresh := slices.DeleteFunc(w.emails(), func(body string) bool { return slices.Contains(before, body) })
	if len(fresh) == 0 {
		return "", ""
	}
	body := fresh[0]
	m := regexp.MustCompile(codeLink + `(\w+)`).FindStringSubmatch(body)
	if found := sentCode.FindString(body); found != "" && m != nil {
		return found, m[1]
	}
	w.t.Fatalf("no code in %s", body)
	return "", ""
}

// emails are the bodies of all e-mails, the oldest first.
func (w *world) emails() []string {
	w.t.Helper()
	all, err := db.All[string](w.ctx(), w.Work, `SELECT body FROM mail_outbox ORDER BY created_at, id`)
	w.is(err, nil)
	return all
}

func TestCodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.withPurposes()
		const ann = "ann@tidewell.example"
		for _, c := range []struct {
			what             string
			asked            string // the address that a code is asked for
			purpose, address string // with which it is shown
			code             func(code string) string
			after            time.Duration
			want             error
		}{
			{"as it was sent", ann, "bookings", ann, nil, 0, nil},
			{"without the space", ann, "bookings", ann, func(c string) string { return strings.ReplaceAll(c, " ", "") }, 0, nil},
			{"another case of the address", "Ann@Tidewell.Example", "bookings", " ANN@tidewell.example ", nil, 0, nil},
			{"just in time", ann, "bookings", ann, nil, codeLife - time.Second, nil},
			{"too late", ann, "bookings", ann, nil, codeLife, ErrWrongCode},
			{"for another purpose", ann, "survey", ann, nil, 0, ErrWrongCode},
			{"for another address", ann, "bookings", "bob@tidewell.example", nil, 0, ErrWrongCode},
			{"for the address in fullwidth letters", ann, "bookings", "ａnn@tidewell.example", nil, 0, ErrWrongCode},
			{"with a Turkish i", "iris@tidewell.example", "bookings", "ıris@tidewell.example", nil, 0, ErrWrongCode},
			// In small letters it is the same address, and the same mailbox gets the e-mail.
			{"with a Turkish I", "iris@tidewell.example", "bookings", "İris@tidewell.example", nil, 0, nil},
			{"with a plus", ann, "bookings", "ann+x@tidewell.example", nil, 0, ErrWrongCode},
			{"another code", ann, "bookings", ann, func(c string) string { return turned(c) }, 0, ErrWrongCode},
			{"no code", ann, "bookings", ann, func(string) string { return "" }, 0, ErrWrongCode},
			{"a code and more", ann, "bookings", ann, func(c string) string { return c + "0" }, 0, ErrWrongCode},
		} {
			w.now = w.now.Add(time.Hour)
			code, _ := w.asks("bookings", c.asked)
			if c.code != nil {
				code = c.code(code)
			}
			w.now = w.now.Add(c.after)
			if err := w.Codes.Check(w.ctx(), c.purpose, c.address, code, here); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.what, err)
			}
			if c.want != nil {
				continue
			}
			if err := w.Codes.Check(w.ctx(), c.purpose, c.address, code, here); !errors.Is(err, ErrWrongCode) {
				t.Errorf("%s, a second time: %v", c.what, err)
			}
		}

		// Look-alikes get none, and the newest counts.
		w.now = w.now.Add(time.Hour)
		for _, none := range []string{"ann@tidewell.example.evil.example", "ann@ｔidewell.example", "nobody@x.example"} {
			if code, _ := w.asks("bookings", none); code != "" {
				t.Errorf("%s gets a code", none)
			}
		}
		old, oldLink := w.asks("bookings", ann)
		fresh, link := w.asks("bookings", ann)
		_, _, err := w.Codes.OfLink(w.ctx(), oldLink)
		w.is(err, ErrLinkSpent)
		if old != fresh {
			w.is(w.Codes.Check(w.ctx(), "bookings", ann, old, here), ErrWrongCode)
		}
		// A link that is opened uses nothing up; its button does, once, for its purpose.
		for range 3 {
			p, address, err := w.Codes.OfLink(w.ctx(), link)
			if err != nil || address != ann || p.ID != "bookings" {
				t.Fatal(address, err)
			}
		}
		_, _, err = w.Codes.UseLink(w.ctx(), link)
		w.is(err, nil)
		_, _, err = w.Codes.UseLink(w.ctx(), link)
		w.is(err, ErrLinkSpent)
		w.is(w.Codes.Check(w.ctx(), "bookings", ann, fresh, here), ErrWrongCode)

		// What is kept is neither code nor secret.
		w.now = w.now.Add(time.Hour)
		code, link := w.asks("bookings", ann)
		kept, err := db.All[string](w.ctx(), s.Work, `SELECT code_hash FROM identity_codes UNION
			SELECT link_hash FROM identity_codes`)
		w.is(err, nil)
		if all := strings.Join(kept, " "); strings.Contains(all, cleanCode(code)) || strings.Contains(all, link) {
			t.Error("a code or its link is kept as it is")
		}
		for _, body := range w.emails() {
			if hidden := HideLinks(body); strings.Contains(hidden, link) || sentCode.MatchString(hidden) {
				t.Errorf("shown to who reads the outbox:\n%s", hidden)
			}
		}
	})
}

// Five tries are all there are at a code, however slowly they are made, and very many asked
// for are not sent.
func TestCodeTriedSixTimes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.withPurposes()
		const ann = "ann@tidewell.example"
		code, _ := w.asks("bookings", ann)
		wrong := turned(code)
		for range codeTries {
			w.is(w.Codes.Check(w.ctx(), "bookings", ann, wrong, here), ErrWrongCode)
		}
		w.is(w.Codes.Check(w.ctx(), "bookings", ann, code, here), ErrTooMany)
		w.now = w.now.Add(20 * time.Minute) // the wait is over, the code still in time
		w.is(w.Codes.Check(w.ctx(), "bookings", ann, code, here), ErrWrongCode)

		w.now = w.now.Add(time.Hour)
		for range emailsByAccount {
			w.is(w.Codes.Ask(w.ctx(), "bookings", ann, here), nil)
		}
		w.is(w.Codes.Ask(w.ctx(), "bookings", ann, here), ErrTooMany)
		b := w.browser()
		b.Want("POST", "/sign-in/code/bookings", testkit.Pairs("email", ann), 200, "No other code was sent")
		page := b.Want("POST", "/sign-in/code/survey", testkit.Pairs("email", ann), 200, "is on its way")
		if strings.Contains(page, "No other code") {
			t.Error("another purpose counts for this one")
		}
	})
}

func TestCodePages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.withPurposes()
		b := w.browser()
		at := w.Codes.Door("bookings")
		b.Want("GET", "/sign-in/code/nothing", nil, 404, "")
		b.Want("GET", at, nil, 200, "With a code you can see your bookings")
		b.Want("POST", at, testkit.Pairs("email", "ann"), 422, "name@example.org")
		known := b.Want("POST", at, testkit.Pairs("email", "ann@tidewell.example"), 200, "is on its way")
		unknown := b.Want("POST", at, testkit.Pairs("email", "ann@evil.example"), 200, "is on its way")
		if known != strings.ReplaceAll(unknown, "ann@evil.example", "ann@tidewell.example") {
			t.Error("the answer tells who is known")
		}
		w.work(2)
		body := w.emails()[0]
		link := regexp.MustCompile(codeLink + `\w+`).FindString(body)
		if !strings.Contains(body, "https://work.tidewell.example"+link) || len(w.emails()) != 1 {
			t.Fatalf("%d e-mails\n%s", len(w.emails()), body)
		}
		b.Want("POST", at+"/enter", testkit.Pairs("email", "ann@tidewell.example", "code", ""), 422, "Enter the code")
		b.Want("POST", at+"/enter", testkit.Pairs("email", "ann@tidewell.example", "code", "1"), 422, "That is not the code")
		guest := func() string {
			r := httptest.NewRequest("GET", "/home/bookings", nil)
			r.AddCookie(&http.Cookie{Name: guestCookie, Value: b.Cookies[guestCookie]})
			for _, other := range []string{"survey", ""} {
				if address, err := w.Codes.Guest(r, other); err != nil || address != "" {
					t.Errorf("a guest for %q: %q %v", other, address, err)
				}
			}
			address, err := w.Codes.Guest(r, "bookings")
			w.is(err, nil)
			return address
		}
		for range 2 { // as a mail program does, and then the reader
			b.Want("GET", link, nil, 200, "For ann@tidewell.example. You can see your bookings")
		}
		if guest() != "" {
			t.Error("opening the link lets in")
		}
		b.Want("POST", link, nil, 303, "/home/bookings")
		if guest() != "ann@tidewell.example" {
			t.Error("the button does not let in")
		}
		b.Want("GET", link, nil, 410, "This link works no more")
		b.Want("POST", link, nil, 410, "This link works no more")
		w.now = w.now.Add(guestLife)
		if guest() != "" {
			t.Error("a guest stays longer than half an hour")
		}
		code, _ := w.asks("bookings", "ann@tidewell.example")
		b.Want("POST", at+"/enter", testkit.Pairs("email", "ann@tidewell.example", "code", code), 303, "/home/bookings")
		if guest() == "" {
			t.Error("the code does not let in")
		}
		// A guest is nobody in the workspace.
		b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		b.Want("POST", at+"/leave", nil, 303, "/home/bookings")
		if guest() != "" || b.Cookies[guestCookie] != "" {
			t.Error("leaving leaves something")
		}
	})
}

// Who has an account is no guest.
func TestWithoutAccount(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "administrator")
		var ids []string
		for _, name := range []string{"Bo", "Al", "Gone"} {
			id, err := w.AddPerson(w.ctx(), boss, Person{Name: name, Email: "office@x.example"})
			w.is(err, nil)
			ids = append(ids, id)
		}
		w.is(w.DeactivatePerson(w.ctx(), boss, ids[2], web.Unwatched), nil)
		for address, want := range map[string]int{"OFFICE@x.example": 2, boss.Email: 0, "": 0, "x@x.example": 0} {
			got, err := w.WithoutAccount(w.ctx(), s.Work, address)
			if err != nil || len(got) != want {
				t.Errorf("%s: %v %v", address, got, err)
			}
		}
	})
}

// TestMailedSecondFactor: who has neither passkey nor app can have codes by e-mail, until they
// have something better.
func TestMailedSecondFactor(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		b := w.browser()
		signIn := testkit.Pairs("email", ben.Email, "password", password)
		code := func() string {
			w.t.Helper()
			w.work(1)
			all := slices.DeleteFunc(w.emails(), func(body string) bool { return !sentCode.MatchString(body) })
			if strings.Contains(all[len(all)-1], codeLink) {
				t.Error("a link that leads nowhere is sent")
			}
			return sentCode.FindString(all[len(all)-1])
		}
		b.Want("POST", "/sign-in", signIn, 303, "/work")
		b.Want("GET", secondPath, nil, 200, "signing in sends a code to ben@tidewell.example")
		b.Want("POST", "/work/account/e-mail-codes/begin", nil, 303, newMailedPath)
		b.Want("GET", newMailedPath, nil, 200, "on its way to ben@tidewell.example")
		b.Want("POST", newMailedPath, testkit.Pairs("code", "12345678"), 422, "That is not the code")
		page := b.Want("POST", newMailedPath, testkit.Pairs("code", code()), 200, "They are shown this once")
		recovery := recoveryCode.FindString(page)
		b.Want("GET", "/sign-in/code/"+mailedPurpose, nil, 404, "")

		w.now = w.now.Add(time.Minute)
		b.Want("POST", "/sign-in/second/send", nil, 303, "/sign-in") // nobody is signing in
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("GET", secondStepPath, nil, 200, "Send me a code by e-mail")
		b.Want("POST", "/sign-in/second/send", nil, 200, "at most three are sent in an hour")
		sent := code()
		b.Want("POST", secondStepPath, testkit.Pairs("code", turned(sent)), 422, "That is not the code")
		b.Want("POST", secondStepPath, testkit.Pairs("code", sent), 303, "/work")
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", secondStepPath, testkit.Pairs("code", sent), 422, "That is not the code")
		b.Want("POST", secondStepPath, testkit.Pairs("code", recovery), 303, "/work")

		// With an app the codes by e-mail are no longer enough.
		w.now = w.now.Add(time.Hour)
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", "/sign-in/second/send", nil, 200, "is on its way")
		sent = code()
		b.Want("POST", secondStepPath, testkit.Pairs("code", sent), 303, "/work")
		// For a role that needs a second factor they are not: whoever reads the mailbox has the link
		// to set the password too.
		boss := w.user("Ada", "administrator")
		counted := func() (without int64) {
			list, err := withoutFactor(w.ctx(), s.Work)
			w.is(err, nil)
			for _, x := range list {
				if x.Role == "editor" {
					without = x.Without
				}
			}
			return without
		}
		if n := counted(); n != 0 {
			t.Errorf("%d editors have no second factor", n)
		}
		w.is(w.RequireFactor(w.ctx(), boss, []string{"editor"}, web.Unwatched), nil)
		if n := counted(); n != 1 {
			t.Errorf("%d editors lack the second factor that their role needs", n)
		}
		b.Want("GET", "/work/account", nil, 303, secondPath)
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", secondStepPath, testkit.Pairs("code", recoveryCode.FindString(
			strings.ReplaceAll(page, recovery, ""))), 303, "/work")
		if p := b.Want("GET", secondPath, nil, 200, "Your role needs one of these two"); strings.Contains(p,
			"Use codes by e-mail") {
			t.Error("codes by e-mail are offered")
		}
		b.Want("GET", "/work/account", nil, 303, secondPath)
		// Nor can they be set up, or be all that is left.
		una := w.user("Una", "editor")
		u := w.browser()
		u.Want("POST", "/sign-in", testkit.Pairs("email", una.Email, "password", password), 303, "/work")
		u.Want("POST", "/work/account/e-mail-codes/begin", nil, 409, "needs a passkey or an app")
		w.is(w.Codes.Ask(w.ctx(), mailedPurpose, una.Email, here), nil)
		_, err := w.AddMailed(w.ctx(), una, code(), "", here)
		w.is(err, ErrMailedWeak)
		b.Want("POST", "/work/account/apps/begin", nil, 303, newAppPath)
		key, err := w.BegunApp(w.ctx(), ben)
		w.is(err, nil)
		b.Want("POST", newAppPath, testkit.Pairs("name", "Phone", "code", w.code(key, 0)), 200, "Your recovery codes")
		b.Want("GET", "/work/account", nil, 200, "Phone")
		all, err := factorsOf(w.ctx(), s.Work, ben.ID)
		w.is(err, nil)
		w.is(w.RemoveFactor(w.ctx(), ben, all[1].ID), ErrFactorNeeded)
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", "/sign-in/second/send", nil, 409, "No code can be sent")
	})
}
