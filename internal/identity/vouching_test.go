package identity

import (
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// byLink sets somebody's password by a link that was asked for on the sign-in page, or that sent
// had sent: what whoever reads the mailbox can do.
func (w *world) byLink(p web.Person, sent web.Person) {
	w.t.Helper()
	secret := ids.Secret()
	w.is(w.Work.Tx(w.ctx(), func(q db.Q) error {
		return insertLink(w.ctx(), q, hashed(secret), p.ID, sent.ID != "", db.At(w.now), db.At(w.now.Add(linkLife)))
	}), nil)
	w.is(w.UseLink(w.ctx(), secret, password), nil)
}

// addsApp tries to add an app, as whoever signed in with the password.
func (w *world) addsApp(p web.Person) error {
	w.t.Helper()
	return w.addsAppIn(p, w.enter(p))
}

func (w *world) addsAppIn(p web.Person, session string) error {
	w.t.Helper()
	w.is(w.BeginApp(w.ctx(), p), nil)
	key, err := w.BegunApp(w.ctx(), p)
	w.is(err, nil)
	_, err = w.AddApp(w.ctx(), p, "Phone", w.code(key, 0), session)
	return err
}

// TestFirstFactorWaits: who reads a mailbox can set a password, and adds no passkey or app for 72
// hours unless a second person says that it was them.
func TestFirstFactorWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada, ira := w.user("Ada", "business-manager"), w.user("Ira", "administrator")
		cora, pat := w.user("Cora", "coordinator"), w.user("Pat", "practitioner")
		nobody := web.Person{}
		waits := func(p web.Person) bool {
			t.Helper()
			until, err := w.factorWaits(w.ctx(), s.Work, p.ID)
			w.is(err, nil)
			return !until.IsZero()
		}

		// What is no reset by a mailbox does not wait, and nobody whose roles are their own work.
		if waits(cora) {
			t.Error("a password of their own is in doubt")
		}
		if w.byLink(pat, nobody); waits(pat) {
			t.Error("somebody who books training alone waits")
		}
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return deletePassword(w.ctx(), q, cora.ID) }), nil)
		if w.byLink(cora, ada); waits(cora) {
			t.Error("a first password by a link that somebody sent is in doubt")
		}
		before := len(w.emails())
		if w.byLink(cora, ada); !waits(cora) {
			t.Error("a reset by a link that somebody sent is not in doubt")
		}
		told := strings.Join(w.emails()[before:], "\n")
		if n := len(w.emails()) - before; n != 3 || !strings.Contains(told, "Dear Ira") ||
			!strings.Contains(told, "Dear Ada") || !strings.Contains(told, "Cora set a password by a link in an e-mail") ||
			strings.Contains(told, "Dear Pat") {
			t.Errorf("%d were told:\n%s", n, told)
		}

		// Whoever has the mailbox and the new password gets no further by another password.
		w.is(w.addsApp(cora), ErrFactorWaits)
		_, err := w.ChangePassword(w.ctx(), cora, password, "gull pebble tides", "")
		w.is(err, nil)
		if !waits(cora) {
			t.Error("changing the password ends the doubt")
		}
		w.byLink(cora, nobody)
		w.is(w.addsApp(cora), ErrFactorWaits)
		// Nor by recovery codes: those that come with codes by e-mail, or are made anew beside them.
		_, err = w.addFactor(w.ctx(), cora, Factor{Kind: KindEmail, Name: "My e-mail"}, "", w.enter(cora), nil)
		w.is(err, ErrFactorWaits)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			return insertFactor(w.ctx(), q, Factor{ID: "mailed", PersonID: cora.ID, Kind: KindEmail, Name: "My e-mail",
				CreatedAt: db.At(w.now)}, "")
		}), nil)
		_, err = w.RenewRecoveryCodes(w.ctx(), cora)
		w.is(err, ErrFactorWaits)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			_, err := db.Exec(w.ctx(), q, `DELETE FROM identity_factors WHERE person_id = $1`, cora.ID)
			return err
		}), nil)

		// A second person vouches, who holds what she does and whose account is not hers to change.
		ask := func() string {
			t.Helper()
			w.is(w.AskVouching(w.ctx(), cora), nil)
			waiting, err := waitingFor(w.ctx(), s.Work, cora.ID, db.At(w.now))
			w.is(err, nil)
			if len(waiting) != 1 {
				t.Fatal(waiting)
			}
			return waiting[0].ID
		}
		id := ask()
		w.is(w.AgreeRequest(w.ctx(), cora, id), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), ira, id), db.ErrNotFound)
		w.byLink(cora, nobody) // the thief again: what was asked for before counts no more
		w.is(w.AgreeRequest(w.ctx(), ada, id), ErrDecided)
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", cora.Email, "password", password), 303, "/work")
		page := b.Want("GET", secondPath, nil, 200, "Ada can say so")
		b.Want("POST", "/work/account/e-mail-codes/begin", nil, 409, "You cannot add this yet")
		if strings.Contains(page, "/e-mail-codes/begin") ||
			strings.Contains(page, "/work/account/apps/begin") || strings.Contains(page, "passkeys/new") {
			t.Error("what cannot be done is offered")
		}
		b.Want("POST", secondPath+"/ask-second", nil, 303, secondPath)
		b.Want("GET", secondPath, nil, 200, "They were asked")
		id = ask()
		w.is(w.AgreeRequest(w.ctx(), ada, id), nil)
		w.is(w.addsApp(cora), nil)

		// The recovery codes of whoever added codes by e-mail are theirs no longer.
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			_, err := db.Exec(w.ctx(), q, `DELETE FROM identity_factors WHERE person_id = $1`, ira.ID)
			return err
		}), nil)
		session := w.enter(ira)
		thiefs, err := w.addFactor(w.ctx(), ira, Factor{Kind: KindEmail, Name: "My e-mail"}, "", session, nil)
		w.is(err, nil)
		w.is(w.addsAppIn(ira, session), nil)
		err = s.Work.Tx(w.ctx(), func(q db.Q) error {
			ok, err := spendRecoveryCode(w.ctx(), q, recoveryHash(ira.ID, cleanCode(thiefs[0])), ira.ID, db.At(w.now))
			if ok {
				t.Error("a recovery code of before the first app works")
			}
			return err
		})
		w.is(err, nil)

		// With one there is nothing to wait for; the next reset is in doubt again once it is gone.
		if w.byLink(cora, nobody); waits(cora) {
			t.Error("somebody with an app waits")
		}
	})
}

// TestFirstFactorEnds: the wait ends by itself, at the machine, and with a no the password ends.
func TestFirstFactorEnds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ira := w.user("Ira", "administrator") // alone
		w.byLink(ira, web.Person{})
		w.is(w.addsApp(ira), ErrFactorWaits)
		w.now = w.now.Add(factorWait - time.Second)
		w.is(w.addsApp(ira), ErrFactorWaits)
		w.byLink(ira, web.Person{}) // begins again
		w.now = w.now.Add(time.Second)
		w.is(w.addsApp(ira), ErrFactorWaits)
		w.is(w.GivePassword(w.ctx(), ira.Email, password), nil)
		w.is(w.addsApp(ira), nil)

		sole := w.user("Sole", "editor")
		w.byLink(sole, web.Person{})
		w.now = w.now.Add(factorWait)
		w.is(w.addsApp(sole), nil)

		// Where the role needs one, nothing else opens meanwhile; and a no shuts whoever it was out.
		cora, ada := w.user("Cora", "coordinator"), w.user("Ada", "business-manager")
		ada.Permissions[access.SettingsManage] = true
		w.is(w.RequireFactor(w.ctx(), ada, []string{"coordinator"}, web.Unwatched), nil)
		w.byLink(cora, web.Person{})
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", cora.Email, "password", password), 303, "/work")
		b.Want("GET", "/work/people", nil, 303, secondPath)
		b.Want("GET", secondPath, nil, 200, "your first passkey or app waits")
		w.is(w.AskVouching(w.ctx(), cora), nil)
		waiting, err := waitingFor(w.ctx(), s.Work, cora.ID, db.At(w.now))
		w.is(err, nil)
		w.is(w.DeclineRequest(w.ctx(), ada, waiting[0].ID), nil)
		_, err = w.SignIn(w.ctx(), cora.Email, password, here)
		w.is(err, ErrWrong)
		b.Want("GET", secondPath, nil, 303, "/sign-in?next=%2Fwork%2Faccount%2Fsecond-factor")
	})
}
