package identity

import (
	"errors"
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A code by e-mail as the second factor, for who has nothing else: weaker than the others,
// since a mailbox is often opened by the same password, and better than none.

const newMailedPath = accountPath + "/e-mail-codes/new"

func (r *Room) mailedRoutes() []web.Route {
	return []web.Route{
		{Pattern: "POST /sign-in/second/send", Permission: web.Anyone, Handle: r.sendSecond},
		{Pattern: "POST /work/account/e-mail-codes/begin", Permission: web.SignedIn, Handle: r.beginMailed, Early: true,
			Confirm: web.Always},
		{Pattern: "GET /work/account/e-mail-codes/new", Permission: web.SignedIn, Handle: r.newMailed, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/e-mail-codes/new", Permission: web.SignedIn, Handle: r.addMailed, Early: true,
			Confirm: web.Always},
	}
}

type newMailedPage struct {
	ui.Base
	Form  ui.Form
	Email string
}

// beginMailed sends a code to the person's own address.
func (r *Room) beginMailed(w http.ResponseWriter, req *http.Request) error {
	me := web.PersonOf(req)
	if me.Email == "" {
		return ErrNoEmail
	}
	if err := mayMail(req.Context(), r.Work, me.ID); err != nil {
		return err
	}
	if err := r.waited(req.Context(), r.Work, me.ID); err != nil {
		return err
	}
	if err := r.askMailed(req, me.Email); err != nil {
		return err
	}
	return web.SeeOther(w, req, newMailedPath, "")
}

// askMailed has a code sent that signing in, or going on, asks for.
func (r *Room) askMailed(req *http.Request, email string) error {
	return r.askFor(req, mailedPurpose, email)
}

// errCodesSent says that no other code was sent.
var errCodesSent = &web.Refusal{Status: http.StatusTooManyRequests, Title: "No other code was sent",
	Words: "Three were sent within the hour, and more are not sent. Go back and use the code of the newest e-mail, or " +
		"ask again in an hour."}

// askFor has a code of a purpose sent.
func (r *Room) askFor(req *http.Request, purpose, email string) error {
	err := r.Codes.Ask(req.Context(), purpose, email, Visit{Address: r.Address(req)})
	switch {
	case errors.Is(err, ErrBusy):
		return errCrowded
	case errors.Is(err, ErrTooMany):
		return errCodesSent
	}
	return err
}

func (r *Room) newMailed(w http.ResponseWriter, req *http.Request) error {
	return r.renderNewMailed(w, req, http.StatusOK, nil)
}

func (r *Room) renderNewMailed(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	me := web.PersonOf(req)
	b := accountBase(req, "Codes by e-mail")
	if me.First != "" {
		b.Crumbs, b.Nav, b.Back = nil, nil, ui.NavItem{Text: "Back", Href: secondPath}
	}
	return web.Render(w, status, r.pages, "new-mailed", newMailedPage{Base: b, Form: f, Email: me.Email})
}

func (r *Room) addMailed(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	codes, err := r.AddMailed(req.Context(), web.PersonOf(req), proof.Code, secretOf(req), Visit{Address: r.Address(req)})
	return r.added(w, req, f, codes, err, func(status int) error { return r.renderNewMailed(w, req, status, f) })
}

// sendSecond sends the code that a sign-in waits for.
func (r *Room) sendSecond(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p, all, err := r.Awaited(req.Context(), pendingOf(req))
	if errors.Is(err, ErrBegun) {
		return r.beginAgain(w, req)
	} else if err != nil {
		return err
	}
	if !onlyMailed(all) {
		return web.Conflict("No code can be sent", "Use your passkey, your app or a recovery code.")
	}
	if err := r.askMailed(req, p.Email); err != nil {
		return err
	}
	return r.renderSecondStep(w, req, http.StatusOK, web.NewForm("next", f.Value("next"), "sent", "yes"))
}
