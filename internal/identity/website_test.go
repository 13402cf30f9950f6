package identity

import (
	"context"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// website stands for the settings, which keep the address.
type website struct{ w *world }

func (s website) MoveWebsite(_ context.Context, _ db.Q, by web.Person, address, act, reason string) error {
	s.w.site.Address = address
	s.w.moved = append(s.w.moved, by.Name+" "+act+": "+reason)
	return nil
}

func (s website) MoveFrom(_ context.Context, _ db.Q, by web.Person, address, act, reason string) error {
	s.w.site.From = address
	s.w.moved = append(s.w.moved, by.Name+" "+act+": "+reason)
	return nil
}

func (website) ForgetSite() {}

// sending stands for how e-mail is sent: one way waits by its request.
type sending struct {
	w     *world
	asked *string
}

func (s sending) UseAsked(_ context.Context, _ db.Q, by web.Person, id, act, reason string) error {
	s.w.moved = append(s.w.moved, by.Name+" "+act+": "+reason)
	if id != *s.asked {
		return db.ErrNotFound
	}
	return nil
}

func (s sending) AskedWords(_ context.Context, _ db.Reader, id string) ([]string, error) {
	if id != *s.asked {
		return nil, nil
	}
	return []string{"Mail server: new.example"}, nil
}

func (s sending) ForgetAsked(context.Context, db.Q) error {
	*s.asked = ""
	return nil
}

// TestMailWaits: another address that e-mails come from, and another way to send them, wait like
// another address of the website; what is declined, taken back or asked anew is forgotten.
func TestMailWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		asked := ""
		w.Website, w.Sending = website{w}, sending{w, &asked}
		ask := func(by web.Person, words, reason string) (string, error) {
			err := s.Work.Tx(w.ctx(), func(q db.Q) error {
				id, err := w.AskMail(w.ctx(), q, by, words, reason)
				if err == nil {
					asked = id
				}
				return err
			})
			return asked, err
		}
		from := func(by web.Person, address, reason string) (waits bool, err error) {
			err = s.Work.Tx(w.ctx(), func(q db.Q) error {
				waits, err = w.AskFrom(w.ctx(), q, by, address, reason)
				return err
			})
			return waits, err
		}
		const other = "through the mail server new.example"
		ira := w.user("Ira", "administrator")
		id, err := ask(ira, other, "typing")
		if waits, err2 := from(ira, "new@tidewell.example", "typing"); id != "" || waits || err != nil || err2 != nil {
			t.Fatal("somebody alone is asked to wait for nobody", id, waits, err, err2)
		}
		quin, lee := w.user("Quin", "business-manager"), w.user("Lee", "coordinator")
		_, err = ask(ira, other, "")
		w.is(err, ErrNoReason)
		_, err = from(ira, "", "We moved")
		w.is(err, ErrFromNeeded)
		id, err = ask(ira, other, "We moved")
		w.is(err, nil)
		item, err := w.WaitingMail(w.ctx())
		if err != nil || item.Text != "Ira asks that e-mails go "+other+". It needs a second person: Quin." {
			t.Error(item, err)
		}
		w.is(w.AgreeRequest(w.ctx(), ira, id), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), lee, id), db.ErrNotFound)
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", quin.Email, "password", password), 303, "/work")
		for _, want := range []string{"Ira asks that e-mails go " + other, "Mail server: new.example", "Ira signs in with"} {
			b.Want("GET", requestsRoot+"/"+id, nil, 200, want)
		}
		w.is(w.DeclineRequest(w.ctx(), quin, id), nil)
		if asked != "" {
			t.Error("what was declined is kept")
		}
		b.Want("GET", requestsRoot+"/"+id, nil, 200, "Declined by")
		id, err = ask(ira, other, "once more")
		w.is(err, nil)
		w.is(w.WithdrawRequest(w.ctx(), ira, id), nil)
		if asked != "" {
			t.Error("what was taken back is kept")
		}
		first, err := ask(ira, "nowhere", "once more")
		w.is(err, nil)
		id, err = ask(ira, other, "The council renamed us")
		w.is(err, nil)
		w.is(w.AgreeRequest(w.ctx(), quin, first), ErrDecided)
		w.is(w.AgreeRequest(w.ctx(), quin, id), nil)

		waits, err := from(ira, "new@tidewell.example", "We moved")
		if w.is(err, nil); !waits {
			t.Fatal("another address that e-mails come from waits for nobody")
		}
		item, err = w.WaitingFrom(w.ctx())
		w.is(err, nil)
		b.Want("GET", item.Href, nil, 200, "Whoever reads that mailbox sees links to set a password in it.")
		b.Want("POST", item.Href+"/agree", nil, 303, requestsRoot)
		want := "Quin agreed to another way to send e-mails that Ira asked for: The council renamed us; " +
			"Quin agreed to another address that e-mails come from that Ira asked for: We moved"
		if got := strings.Join(w.moved, "; "); got != want || w.site.From != "new@tidewell.example" {
			t.Error(got, w.site.From)
		}
	})
}

// TestWebsite: another address waits for a second person whom the asker did not bring in; there is
// nobody to ask where nobody else signs in, and somebody who was shut out still counts.
func TestWebsite(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.Website = website{w}
		ask := func(by web.Person, address, reason string) (waits bool, err error) {
			err = s.Work.Tx(w.ctx(), func(q db.Q) error {
				waits, err = w.AskWebsite(w.ctx(), q, by, address, reason)
				return err
			})
			return waits, err
		}
		waiting := func() []Request {
			t.Helper()
			list, err := waitingRequests(w.ctx(), s.Work, db.At(w.now))
			w.is(err, nil)
			return list
		}
		const evil = "https://evil.example"
		ira := w.user("Ira", "administrator")
		if waits, err := ask(ira, evil, "typing"); waits || err != nil {
			t.Fatal("somebody alone is asked to wait for nobody", waits, err)
		}
		pat := w.user("Pat", "administrator")
		w.is(w.DeactivatePerson(w.ctx(), ira, pat.ID, web.Unwatched), nil)
		_, err := ask(ira, evil, "")
		w.is(err, ErrNoReason)
		_, err = ask(ira, "", "We moved")
		w.is(err, ErrWebsiteNeeded)
		waits, err := ask(ira, evil, "We moved")
		if w.is(err, nil); !waits || len(waiting()) != 1 {
			t.Fatal("shutting the others out makes somebody alone", waits)
		}
		item, err := w.WaitingWebsite(w.ctx())
		if err != nil || !strings.Contains(item.Text, "Ira asks that the address of the website becomes "+evil) ||
			!strings.Contains(item.Text, "nobody here may agree yet") {
			t.Error(item, err)
		}
		// Whom the asker let in, or whose account they changed, is no second person for a while.
		w.is(w.activated(ira, pat.ID), nil)
		id := waiting()[0].ID
		w.is(w.AgreeRequest(w.ctx(), ira, id), ErrNotAgreed)
		w.is(w.AgreeRequest(w.ctx(), pat, id), ErrNotAgreed)
		quin, lee := w.user("Quin", "business-manager"), w.user("Lee", "coordinator")
		w.is(w.AgreeRequest(w.ctx(), ira, id), db.ErrNotFound)
		w.is(w.AgreeRequest(w.ctx(), lee, id), db.ErrNotFound)
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", quin.Email, "password", password), 303, "/work")
		for _, want := range []string{"Ira asks that the address of the website becomes " + evil,
			"The address is now https://work.tidewell.example/.", "Ira signs in with"} {
			b.Want("GET", requestsRoot+"/"+id, nil, 200, want)
		}
		b.Want("GET", requestsRoot, nil, 200, "The address of the website")
		w.is(w.DeclineRequest(w.ctx(), quin, id), nil)
		if item, err := w.WaitingWebsite(w.ctx()); err != nil || item.Text != "" || w.site.Address == evil {
			t.Error(item, err, w.site.Address)
		}
		// Asked for again, the newest counts; agreed, it holds, and the page says where to go on.
		_, err = ask(ira, evil, "once more")
		w.is(err, nil)
		_, err = ask(ira, "https://new.tidewell.example", "The council renamed us")
		w.is(err, nil)
		if list := waiting(); len(list) != 1 || list[0].Value != "https://new.tidewell.example" {
			t.Fatal(list)
		}
		b.Want("POST", requestsRoot+"/"+waiting()[0].ID+"/agree", nil, 200,
			`href="https://new.tidewell.example/work"`)
		if got := strings.Join(w.moved, "; "); w.site.Address != "https://new.tidewell.example" ||
			got != "Quin agreed to another address of the website that Ira asked for: The council renamed us" {
			t.Error(got, w.site.Address)
		}
	})
}

// TestWebsiteByCode: where nobody but a safeguarding partner may agree, a code in an e-mail does.
func TestWebsiteByCode(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.Website = website{w}
		ira, wren := w.user("Ira", "administrator"), w.user("Wren", "safeguarding-partner")
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			_, err := w.AskWebsite(w.ctx(), q, ira, "https://new.tidewell.example", "We moved")
			return err
		}), nil)
		waiting, err := waitingRequests(w.ctx(), s.Work, db.At(w.now))
		w.is(err, nil)
		w.is(w.SendCode(w.ctx(), ira, waiting[0].ID, wren.ID), nil)
		mails, err := w.outbox.Newest(w.ctx(), 1)
		w.is(err, nil)
		if body := mails[0].Body; mails[0].ToAddress != wren.Email ||
			!strings.Contains(body, "https://work.tidewell.example"+requestCodePath) ||
			!strings.Contains(body, "Ira asks that the address of the website becomes https://new.tidewell.example") {
			t.Fatal(mails[0])
		}
		w.is(w.DecideByCode(w.ctx(), waiting[0].ID, digitsOf(mails[0].Body), true), nil)
		if w.site.Address != "https://new.tidewell.example" {
			t.Error(w.site.Address)
		}
	})
}
