package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// Where nobody but safeguarding partners may agree, one of them is asked by e-mail: many
// sign in once a year. The e-mail has a code; the page it leads to only asks for that, and
// a button decides, since whatever reads e-mails opens their links.

const requestCodesAnHour = 3 // for one request

// requestPurpose is what a code for a request is for: that request, and nothing else.
func requestPurpose(id string) string { return "request " + id }

// Errors of codes.
var (
	ErrRequestCodeSpent = &web.Refusal{Status: http.StatusGone, Title: "This code works no more",
		Words: "A code works once, within 30 minutes, and for five tries. Ask whoever wants your answer to send another."}
	ErrNotByEmail = web.Conflict("Nobody can be asked by e-mail",
		"Somebody who signs in may agree, or no safeguarding partner has an e-mail address of their own.")
	ErrRequestCodesSent = web.Conflict("Three codes were sent already",
		"Wait an hour, or telephone the safeguarding partner.")
)

// partners are those of whom may agree who can be asked by e-mail: safeguarding partners,
// where nobody else may.
func partners(may []account) []account {
	for _, a := range may {
		if !a.person().May(access.ReportSign) {
			return nil
		}
	}
	return slices.DeleteFunc(slices.Clone(may), func(a account) bool { return a.Email == "" })
}

// SendCode asks a safeguarding partner by e-mail to agree to a request. It returns
// db.ErrNotFound for who neither asked nor manages people, ErrNotByEmail, ErrNoAddress or
// ErrRequestCodesSent.
func (r *Room) SendCode(ctx context.Context, by web.Person, id, partnerID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		rq, w, err := r.decidable(ctx, q, by, id)
		if err != nil {
			return err
		}
		if !rq.askedBy(by) {
			return db.ErrNotFound
		}
		p, able := w.person, partners(w.may)
		i := slices.IndexFunc(able, func(a account) bool { return a.ID == partnerID })
		if i < 0 {
			return ErrNotByEmail
		}
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		if !site.Known() {
			return ErrNoAddress
		}
		now := r.Now()
		sent, err := countAttempt(ctx, q, attemptKey("code", id, ""), db.At(now), db.At(now.Add(time.Hour)))
		if err != nil {
			return err
		}
		if sent > requestCodesAnHour {
			return ErrRequestCodesSent
		}
		if err := deleteCodes(ctx, q, requestPurpose(id)); err != nil { // another partner may have been asked
			return err
		}
		code, _, err := r.Codes.make(ctx, q, requestPurpose(id), able[i].Email)
		if err != nil {
			return err
		}
		if err := r.Mail.Queue(ctx, q, mail.Message{ToAddress: able[i].Email, ToName: able[i].Name,
			Subject: "Please agree, or not: something that needs a second person",
			Body:    requestCodeEmail(able[i].Name, rq, site.Name, site.Link(requestCodePath+id), code)}); err != nil {
			return err
		}
		return r.note(ctx, q, by, "asked a safeguarding partner by e-mail to agree to "+rq.act(), p.ID, p.Name)
	})
	return db.Wrap(err, "send a code for request %s", id)
}

// DecideByCode agrees to a request, or declines it, for whoever received the code. It
// returns ErrWrongCode, ErrRequestCodeSpent, or what AgreeRequest does.
func (r *Room) DecideByCode(ctx context.Context, id, code string, agree bool) error {
	wrong := false
	defer r.siteMoved()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		address, err := addressOfCode(ctx, q, requestPurpose(id), db.At(r.Now()))
		if errors.Is(err, db.ErrNotFound) {
			return ErrRequestCodeSpent
		} else if err != nil {
			return err
		}
		right, err := r.Codes.spend(ctx, q, requestPurpose(id), address, code)
		if wrong = err == nil && !right; err != nil || wrong {
			return err
		}
		all, err := accounts(ctx, q)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a account) bool { return a.Email == address })
		if i < 0 {
			return ErrRequestCodeSpent // they left meanwhile
		}
		by := all[i].person()
		if agree {
			return r.agree(ctx, q, by, id, "agreed by a code from an e-mail to ")
		}
		return r.finish(ctx, q, by, id, "declined", "declined by a code from an e-mail ", mayAgree(by))
	})
	if err == nil && wrong {
		err = ErrWrongCode
	}
	return db.Wrap(err, "decide request %s by a code", id)
}
