package identity

import (
	"errors"
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages let somebody without an account in, by a code that is sent to their address.

// codePath is where those pages are; the purpose follows. codeLink is where the link of an
// e-mail leads; its secret follows.
const (
	codePath = "/sign-in/code/"
	codeLink = "/sign-in/link/"
)

// guestCookie holds the secret of somebody who has shown a code.
const guestCookie = "kith_guest"

func (r *Room) codeRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in/code/{purpose}", Permission: web.Anyone, Handle: r.showAskCode},
		{Pattern: "POST /sign-in/code/{purpose}", Permission: web.Anyone, Handle: r.askCode},
		{Pattern: "POST /sign-in/code/{purpose}/enter", Permission: web.Anyone, Handle: r.enterCode},
		{Pattern: "POST /sign-in/code/{purpose}/leave", Permission: web.Anyone, Handle: r.leaveGuest},
		{Pattern: "GET /sign-in/link/{secret}", Permission: web.Anyone, Handle: r.showCodeLink},
		{Pattern: "POST /sign-in/link/{secret}", Permission: web.Anyone, Handle: r.useCodeLink},
	}
}

// Guest tells the address of whoever made a request, if they have shown a code for the
// purpose; "" when they have not.
func (c *Codes) Guest(req *http.Request, purpose string) (string, error) {
	secret := guestSecret(req)
	if secret == "" {
		return "", nil
	}
	address, err := guestAddress(req.Context(), c.room.Work, hashed(secret), purpose, db.At(c.room.Now()))
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return address, db.Wrap(err, "look a guest up")
}

// Door is the page that asks for a code of a purpose.
func (c *Codes) Door(purpose string) string { return codePath + purpose }

func guestSecret(req *http.Request) string {
	secret := web.Cookie(req, guestCookie, "/")
	if len(secret) != secretLength {
		return ""
	}
	return secret
}

type askCodePage struct {
	ui.Base
	Form    ui.Form
	Purpose Purpose
	Sent    string // the address that a code was asked for; "" before
	Enough  bool   // none was sent: three were asked for within the hour
	Link    string // the address of a link that was opened: the page has a button
	Paper   bool   // the reader has been handed a code, and enters it with their address
}

// purposeOf finds what a code is for.
func (r *Room) purposeOf(req *http.Request) (Purpose, error) {
	p, ok := r.Codes.Purpose(req.PathValue("purpose"))
	if !ok || p.Home == "" {
		return p, web.ErrNotFound
	}
	return p, nil
}

func (r *Room) renderCode(w http.ResponseWriter, req *http.Request, status int, page askCodePage) error {
	page.Base = plain(req, page.Purpose.Title)
	page.Flash = web.TakeFlash(w, req)
	return web.Render(w, status, r.pages, "ask-code", page)
}

func (r *Room) showAskCode(w http.ResponseWriter, req *http.Request) error {
	p, err := r.purposeOf(req)
	if err != nil {
		return err
	}
	return r.renderCode(w, req, http.StatusOK, askCodePage{Purpose: p, Paper: req.URL.Query().Has("paper")})
}

// askCode answers the same whoever asks.
func (r *Room) askCode(w http.ResponseWriter, req *http.Request) error {
	p, err := r.purposeOf(req)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	email := f.Email("email", "Enter your e-mail address")
	if !f.OK() {
		return r.renderCode(w, req, http.StatusUnprocessableEntity, askCodePage{Purpose: p, Form: f})
	}
	err = r.Codes.Ask(req.Context(), p.ID, email, Visit{Address: r.Address(req)})
	if errors.Is(err, ErrBusy) {
		return errCrowded
	}
	if err != nil && !errors.Is(err, ErrTooMany) {
		return err
	}
	return r.renderCode(w, req, http.StatusOK, askCodePage{Purpose: p, Sent: email, Enough: err != nil})
}

func (r *Room) enterCode(w http.ResponseWriter, req *http.Request) error {
	p, err := r.purposeOf(req)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	email, code := f.Email("email", "Enter your e-mail address"), f.Text("code", "Enter the code of the e-mail", 100)
	f.Set("code", "")
	again := func(status int) error {
		return r.renderCode(w, req, status, askCodePage{Purpose: p, Form: f, Sent: email, Paper: f.Yes("paper")})
	}
	if !f.OK() {
		return again(http.StatusUnprocessableEntity)
	}
	err = r.Codes.Check(req.Context(), p.ID, email, code, Visit{Address: r.Address(req)})
	var wait *Wait
	switch {
	case errors.As(err, &wait):
		f.Add("code", "Too many wrong codes. Wait "+wait.Words()+" and try again")
		return again(http.StatusTooManyRequests)
	case errors.Is(err, ErrWrongCode):
		f.Add("code", "That is not the code of the newest e-mail, or it is more than half an hour old. After five tries ask "+
			"for another")
		return again(http.StatusUnprocessableEntity)
	case errors.Is(err, ErrBusy):
		return errCrowded
	case err != nil:
		return err
	}
	return r.letIn(w, req, p, cleanEmail(email))
}

// letIn gives a guest their cookie and leads them on.
func (r *Room) letIn(w http.ResponseWriter, req *http.Request, p Purpose, address string) error {
	secret, err := r.Codes.enter(req.Context(), p.ID, address, guestSecret(req))
	if err != nil {
		return err
	}
	web.SetCookie(w, req, http.Cookie{Name: guestCookie, Value: secret, SameSite: http.SameSiteLaxMode})
	return web.SeeOther(w, req, p.Home, "")
}

// showCodeLink only shows: whoever opens a link for its reader, as mail programs do, uses
// nothing up.
func (r *Room) showCodeLink(w http.ResponseWriter, req *http.Request) error {
	p, address, err := r.Codes.OfLink(req.Context(), req.PathValue("secret"))
	if err != nil {
		return codeSpent(err)
	}
	return r.renderCode(w, req, http.StatusOK, askCodePage{Purpose: p, Link: address})
}

func (r *Room) useCodeLink(w http.ResponseWriter, req *http.Request) error {
	p, address, err := r.Codes.UseLink(req.Context(), req.PathValue("secret"))
	if err != nil {
		return codeSpent(err)
	}
	return r.letIn(w, req, p, address)
}

// codeSpent says that the link of a code works no more.
func codeSpent(err error) error {
	if errors.Is(err, ErrLinkSpent) {
		return &web.Refusal{Status: http.StatusGone, Title: "This link works no more",
			Words: "A code and its link work once, within half an hour, and only those of the newest e-mail. Ask for another."}
	}
	return err
}

func (r *Room) leaveGuest(w http.ResponseWriter, req *http.Request) error {
	p, err := r.purposeOf(req)
	if err != nil {
		return err
	}
	if err := r.Codes.leave(req.Context(), guestSecret(req)); err != nil {
		return err
	}
	web.DropCookie(w, req, guestCookie)
	return web.SeeOther(w, req, p.Home, "")
}
