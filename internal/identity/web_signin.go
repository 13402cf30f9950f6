package identity

import (
	"errors"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// workHome is where signing in leads when no page was asked for.
const workHome = "/work"

// DemoRoutes lists the address that signs in as a persona. It is mounted in the
// demonstration and nowhere else.
func (r *Room) DemoRoutes() []web.Route {
	return []web.Route{{Pattern: "POST /demo/sign-in", Permission: web.Anyone, Handle: r.demoSignIn}}
}

type signInPage struct {
	ui.Base
	Form     ui.Form
	Next     string
	Already  string // the name of who is signed in
	Personas []access.Role
	Passkeys bool // they can be used at this address
	// Providers are directories that people can sign in with.
	Providers []Provider
}

func (r *Room) showSignIn(w http.ResponseWriter, req *http.Request) error {
	return r.renderSignIn(w, req, http.StatusOK, web.NewForm("next", req.URL.Query().Get("next")))
}

func (r *Room) renderSignIn(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	page := signInPage{Base: plain(req, "Sign in"), Form: f, Next: web.Local(f.Value("next"), ""),
		Already: web.PersonOf(req).Name}
	page.Flash = web.TakeFlash(w, req)
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	_, _, noParty := r.party(site, req)
	page.Passkeys = noParty == nil
	if page.Providers, err = providers(req.Context(), r.Work); err != nil {
		return err
	}
	if r.Demo {
		held, err := personaRoles(req.Context(), r.Work)
		if err != nil {
			return err
		}
		for _, ro := range access.Roles() {
			for _, id := range held {
				if id == ro.ID {
					page.Personas = append(page.Personas, ro)
				}
			}
		}
	}
	return web.Render(w, status, r.pages, "sign-in", page)
}

// plain is the frame of the pages at the door.
func plain(req *http.Request, title string) ui.Base {
	b := web.Base(req, title)
	b.Layout, b.Nav, b.Crumbs, b.NoIndex = ui.LayoutPlain, nil, nil, true
	return b
}

func (r *Room) signIn(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	email, password := f.Text("email", "Enter your e-mail address", 254), f.Value("password")
	f.Set("password", "") // never sent back
	if password == "" {
		f.Add("password", "Enter your password")
	}
	if !f.OK() {
		return r.renderSignIn(w, req, http.StatusUnprocessableEntity, f)
	}
	from := r.visit(w, req)
	secret, err := r.SignIn(req.Context(), email, password, from)
	var second *NeedSecond
	switch {
	case errors.As(err, &second):
		return r.goOn(w, req, second, web.Local(f.Value("next"), ""))
	case errors.Is(err, ErrWrong):
		f.Add("email", "The e-mail address or the password is not right")
		return r.renderSignIn(w, req, http.StatusUnprocessableEntity, f)
	case errors.Is(err, ErrTooMany):
		words, _ := tooMany(err)
		f.Add("email", words)
		return r.renderSignIn(w, req, http.StatusTooManyRequests, f)
	case errors.Is(err, ErrBusy):
		return errCrowded
	case err != nil:
		return err
	}
	setCookie(w, req, secret)
	return web.SeeOther(w, req, web.Local(f.Value("next"), workHome), "")
}

// errCrowded sends somebody away for a moment: more are at the door than it lets in.
var errCrowded = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "Many people are signing in",
	Words: "Try again in a minute."}

func (r *Room) demoSignIn(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	from := Visit{Address: r.Address(req), Browser: req.UserAgent(), Old: secretOf(req)}
	secret, err := r.SignInAs(req.Context(), f.Value("persona"), from)
	if errors.Is(err, db.ErrNotFound) {
		return web.BadRequest("There is no persona of that name in the demonstration. Choose one on the sign-in page.")
	}
	if err != nil {
		return err
	}
	setCookie(w, req, secret)
	return web.SeeOther(w, req, web.Local(f.Value("next"), workHome), "")
}

func (r *Room) signOut(w http.ResponseWriter, req *http.Request) error {
	var there *ui.Flash
	if secret := secretOf(req); secret != "" {
		var err error
		if there, err = r.signedOutAt(req); err != nil {
			return err
		}
		if err := r.SignOut(req.Context(), secret); err != nil {
			return err
		}
	}
	forget(w, req)
	if there != nil {
		web.SetFlash(w, req, *there)
		return web.SeeOther(w, req, "/sign-in", "")
	}
	return web.SeeOther(w, req, "/sign-in", "You are signed out.")
}

type forgottenPage struct {
	ui.Base
	Form ui.Form
	Sent bool
	// Enough is whether none was sent: three were asked for within the hour.
	Enough bool
}

func (r *Room) showForgotten(w http.ResponseWriter, req *http.Request) error {
	return web.Render(w, http.StatusOK, r.pages, "forgotten", forgottenPage{Base: plain(req, "Set a new password")})
}

// forgotten answers the same whether or not somebody has the address.
func (r *Room) forgotten(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	page := forgottenPage{Base: plain(req, "Set a new password"), Form: f}
	email := f.Email("email", "Enter your e-mail address")
	if !f.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "forgotten", page)
	}
	err = r.Forgotten(req.Context(), email, Visit{Address: r.Address(req)})
	if errors.Is(err, ErrNoAddress) {
		f.Add("email", "Links cannot be sent yet, to anybody: ask the partnership’s business team")
		return web.Render(w, http.StatusConflict, r.pages, "forgotten", page)
	}
	if errors.Is(err, ErrBusy) {
		return errCrowded
	}
	if err != nil && !errors.Is(err, ErrTooMany) {
		return err
	}
	page.Base, page.Sent, page.Enough = plain(req, "Look in your mail"), true, err != nil
	return web.Render(w, http.StatusOK, r.pages, "forgotten", page)
}

type setPasswordPage struct {
	ui.Base
	Form  ui.Form
	Name  string
	Email string
}

func (r *Room) showSetPassword(w http.ResponseWriter, req *http.Request) error {
	p, err := r.LinkOwner(req.Context(), req.PathValue("secret"))
	if err != nil {
		return spentInWords(err)
	}
	return web.Render(w, http.StatusOK, r.pages, "set-password", setPasswordPage{Base: plain(req, "Choose your password"),
		Name: p.Name, Email: p.Email})
}

func (r *Room) setPasswordByLink(w http.ResponseWriter, req *http.Request) error {
	secret := req.PathValue("secret")
	p, err := r.LinkOwner(req.Context(), secret)
	if err != nil {
		return spentInWords(err)
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	password, err := r.readPassword(req.Context(), f, "password", p)
	if err != nil {
		return err
	}
	if !f.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "set-password",
			setPasswordPage{Base: plain(req, "Choose your password"), Form: f, Name: p.Name, Email: p.Email})
	}
	if err := r.UseLink(req.Context(), secret, password); err != nil {
		return spentInWords(err)
	}
	return web.SeeOther(w, req, "/sign-in", "Your password is set. Sign in with it.")
}

// spentInWords says that a link works no more. One that never was gets the same
// answer.
func spentInWords(err error) error {
	if errors.Is(err, ErrLinkSpent) {
		return &web.Refusal{Status: http.StatusGone, Title: "This link works no more",
			Words: "A link to set a password works once, within an hour. Ask for another on the sign-in page."}
	}
	return err
}

type accountPage struct {
	ui.Base
	Form     ui.Form
	Rows     []ui.Row
	Sessions []Session
	Password bool // there is one to change
	Factors  []Factor
	Linked   []Linked // accounts of directories that sign in as them
	Codes    int      // recovery codes that are left
}

func (r *Room) showAccount(w http.ResponseWriter, req *http.Request) error {
	return r.renderAccount(w, req, http.StatusOK, nil)
}

func (r *Room) renderAccount(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	ctx, me := req.Context(), web.PersonOf(req)
	p, err := personByID(ctx, r.Work, me.ID)
	if err != nil {
		return err
	}
	_, err = passwordOf(ctx, r.Work, me.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	page := accountPage{Base: web.Base(req, "Your account"), Form: f, Password: err == nil,
		Rows: append([]ui.Row{{Key: "Name", Value: p.Name}, {Key: "Role", Value: me.Role}}, personRows(p, me, true)...)}
	if page.Factors, err = factorsOf(ctx, r.Work, me.ID); err != nil {
		return err
	}
	if page.Linked, err = linkedOf(ctx, r.Work, me.ID); err != nil {
		return err
	}
	if page.Codes, err = recoveryCodesLeft(ctx, r.Work, me.ID); err != nil {
		return err
	}
	if page.Sessions, err = sessionsOf(ctx, r.Work, me.ID, db.At(r.Now()), db.At(r.Now().Add(-sessionIdle))); err != nil {
		return err
	}
	here, err := r.sessionHere(req)
	if err != nil {
		return err
	}
	for i := range page.Sessions {
		page.Sessions[i].current = page.Sessions[i].ID == here
	}
	return web.Render(w, status, r.pages, "account", page)
}

func (r *Room) changePassword(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	me := web.PersonOf(req)
	old := f.Value("old")
	f.Set("old", "")
	if old == "" {
		f.Add("old", "Enter the password you have now")
	}
	fresh, err := r.readPassword(req.Context(), f, "fresh", Person{Name: me.Name, Email: me.Email})
	if err != nil {
		return err
	}
	if !f.OK() {
		return r.renderAccount(w, req, http.StatusUnprocessableEntity, f)
	}
	renewed, err := r.ChangePassword(req.Context(), me, old, fresh, secretOf(req))
	switch {
	case errors.Is(err, ErrWrong):
		f.Add("old", "That is not the password you have now")
		return r.renderAccount(w, req, http.StatusUnprocessableEntity, f)
	case errors.Is(err, ErrTooMany):
		words, _ := tooMany(err)
		f.Add("old", words)
		return r.renderAccount(w, req, http.StatusTooManyRequests, f)
	case err != nil:
		return err
	}
	setCookie(w, req, renewed)
	return web.SeeOther(w, req, "/work/account", "Your password is changed. You are signed out everywhere else.")
}
