package identity

import (
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestRequestCodes: where nobody but a safeguarding partner may agree, one is asked by e-mail, and
// the code works once, for a while, for a few tries, and for nobody who can read the outbox.
func TestRequestCodes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, partner := w.user("Bea", "business-manager"), w.user("Wren", "safeguarding-partner")
		pat := w.user("Pat", "practitioner")
		ask := func(role string) string {
			t.Helper()
			_, err := w.SaveRoles(w.ctx(), boss, pat.ID, []string{"practitioner", role}, "new in post", web.Unwatched)
			w.is(err, nil)
			waiting, err := waitingFor(w.ctx(), s.Work, pat.ID, db.At(w.now))
			w.is(err, nil)
			return waiting[len(waiting)-1].ID
		}
		code := func() string {
			t.Helper()
			mails, err := w.outbox.Newest(w.ctx(), 1)
			w.is(err, nil)
			if mails[0].ToAddress != partner.Email ||
				strings.Contains(HideRequestCodes(mails[0].Body), digitsOf(mails[0].Body)) {
				t.Fatalf("%+v", mails[0])
			}
			return digitsOf(mails[0].Body)
		}
		id := ask("safeguarding-partner")
		w.is(w.SendCode(w.ctx(), pat, id, partner.ID), db.ErrNotFound)
		w.is(w.SendCode(w.ctx(), boss, id, boss.ID), ErrNotByEmail)
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), nil)
		first := code()
		w.is(w.DecideByCode(w.ctx(), "nothing", first, true), ErrRequestCodeSpent)
		for range codeTries {
			w.is(w.DecideByCode(w.ctx(), id, "wrong", true), ErrWrongCode)
		}
		w.is(w.DecideByCode(w.ctx(), id, first, true), ErrRequestCodeSpent) // the sixth try
		w.now = w.now.Add(1)
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), nil)
		second := code()
		w.now = w.now.Add(codeLife)
		w.is(w.DecideByCode(w.ctx(), id, second, true), ErrRequestCodeSpent)
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), nil)
		third := code()
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), ErrRequestCodesSent)
		b := w.browser()
		page := b.Want("GET", requestCodePath+id, nil, 200, "Code from the e-mail")
		if strings.Contains(page, "Pat") || page != b.Want("GET", requestCodePath+"nothing", nil, 200, "") {
			t.Error("the page tells of a request")
		}
		b.Want("POST", requestCodePath+id, testkit.Pairs("code", "", "decision", ""), 422, "Enter the code from the e-mail")
		b.Want("POST", requestCodePath+id, testkit.Pairs("code", "1", "decision", "agree"), 422, "That is not the code")
		b.Want("POST", requestCodePath+id, testkit.Pairs("code", third[:4]+" "+third[4:], "decision", "agree"), 200,
			"You agreed")
		b.Want("POST", requestCodePath+id, testkit.Pairs("code", third, "decision", "agree"), 410, "works no more")
		held, err := rolesOf(w.ctx(), s.Work, pat.ID)
		if err != nil || len(held) != 2 {
			t.Fatal(held, err)
		}

		pat = w.user("Lee", "practitioner")
		stranger := w.user("Noa", "practitioner")
		id = ask("safeguarding-partner")
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), nil)
		w.is(w.DecideByCode(w.ctx(), id, code(), false), nil)
		w.is(w.AgreeRequest(w.ctx(), partner, id), ErrDecided)
		// Who may not see a request is not told that there was one.
		for _, id := range []string{id, "nothing"} {
			w.is(w.AgreeRequest(w.ctx(), pat, id), db.ErrNotFound)
			w.is(w.DeclineRequest(w.ctx(), pat, id), db.ErrNotFound)
			w.is(w.WithdrawRequest(w.ctx(), pat, id), db.ErrNotFound)
			w.is(w.SendCode(w.ctx(), pat, id, partner.ID), db.ErrNotFound)
			b := w.browser()
			b.Want("POST", "/sign-in", testkit.Pairs("email", stranger.Email, "password", password), 303, "/work")
			b.Want("GET", requestsRoot+"/"+id, nil, 404, "")
			b.Want("POST", requestsRoot+"/"+id+"/decline", nil, 404, "")
			b.Want("POST", requestsRoot+"/"+id+"/withdraw", nil, 404, "")
		}

		// Where somebody who signs in may agree, nobody is asked by e-mail.
		boss = w.user("Cora", "coordinator")
		id = ask("panel-member")
		w.is(w.SendCode(w.ctx(), boss, id, partner.ID), ErrNotByEmail)
	})
}

func digitsOf(body string) string {
	m := regexp.MustCompile(`(?m)^Code: (\d{4}) (\d{4})$`).FindStringSubmatch(body)
	if m == nil {
		return "no code"
	}
	return m[1] + m[2]
}
