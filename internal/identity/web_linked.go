package identity

import (
	"errors"
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages ask who comes from a directory for the first time to show, once, that the
// account here is theirs, and let them end that.

const linkingPath = "/sign-in/directory"

// linkCookie holds the secret of a sign-in that is to be linked.
const linkCookie = "kith_link"

func (r *Room) linkedRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in/directory", Permission: web.Anyone, Handle: r.showLinking},
		{Pattern: "POST /sign-in/directory", Permission: web.Anyone, Handle: r.linkAccount},
		{Pattern: "POST /sign-in/directory/send", Permission: web.Anyone, Handle: r.sendLinking},
		{Pattern: "POST /work/account/directories/{id}/end", Permission: web.SignedIn, Handle: r.endLinked},
	}
}

func linkingOf(req *http.Request) string {
	secret := web.Cookie(req, linkCookie, signInPath)
	if len(secret) != secretLength {
		return ""
	}
	return secret
}

// showWhose leads somebody from a directory to the page that asks whose account it is.
func (r *Room) showWhose(w http.ResponseWriter, req *http.Request, need *NeedLink) error {
	web.SetCookie(w, req, http.Cookie{Name: linkCookie, Value: need.Secret, Path: signInPath,
		SameSite: http.SameSiteLaxMode})
	return web.SeeOther(w, req, linkingPath, "")
}

type linkAccountPage struct {
	ui.Base
	Form     ui.Form
	Email    string
	Provider string
	Sent     bool // a code was asked for
}

func (r *Room) showLinking(w http.ResponseWriter, req *http.Request) error {
	return r.renderLinking(w, req, http.StatusOK, web.NewForm())
}

func (r *Room) renderLinking(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	p, provider, err := r.Linking(req.Context(), linkingOf(req))
	if errors.Is(err, ErrBegun) {
		return r.beginAgain(w, req)
	} else if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "link-account", linkAccountPage{Base: plain(req, "Is this account yours?"),
		Form: f, Email: p.Email, Provider: provider.Name, Sent: f.Yes("sent")})
}

// sendLinking sends a code to the address of the account.
func (r *Room) sendLinking(w http.ResponseWriter, req *http.Request) error {
	p, _, err := r.Linking(req.Context(), linkingOf(req))
	if errors.Is(err, ErrBegun) {
		return r.beginAgain(w, req)
	}
	if err == nil {
		err = r.askFor(req, linkingPurpose, p.Email)
	}
	if err != nil {
		return err
	}
	return r.renderLinking(w, req, http.StatusOK, web.NewForm("sent", "yes"))
}

func (r *Room) linkAccount(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	proof.Password, proof.Passkey = f.Value("password"), nil
	f.Set("password", "")
	if proof.Password == "" && proof.Code == "" {
		if f.Yes("sent") {
			f.Add("code", "Enter the code of the e-mail")
		} else {
			f.Add("password", "Enter your password")
		}
		return r.renderLinking(w, req, http.StatusUnprocessableEntity, f)
	}
	session, next, err := r.Link(req.Context(), linkingOf(req), proof, r.visit(w, req))
	var second *NeedSecond
	switch {
	case errors.As(err, &second):
		r.dropLinking(w, req)
		return r.goOn(w, req, second, next)
	case errors.Is(err, ErrBegun):
		return r.beginAgain(w, req)
	case errors.Is(err, ErrBusy):
		return errCrowded
	}
	if status := mailedWords(f, "", err); status != 0 {
		if proof.Password != "" {
			f.Set("sent", "")
		}
		return r.renderLinking(w, req, status, f)
	}
	if err != nil {
		return err
	}
	r.dropLinking(w, req)
	setCookie(w, req, session)
	return web.SeeOther(w, req, web.Local(next, workHome), "")
}

func (r *Room) dropLinking(w http.ResponseWriter, req *http.Request) {
	web.SetCookie(w, req, http.Cookie{Name: linkCookie, Path: signInPath, MaxAge: -1, SameSite: http.SameSiteLaxMode})
}

func (r *Room) endLinked(w http.ResponseWriter, req *http.Request) error {
	if err := r.EndLinked(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, accountPath, "Ended. Coming from there, you show once more that this account is yours.")
}
