package identity

import (
	"errors"
	"net/http"
	"net/url"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages stand between the password and the workspace, for who has a second factor,
// and let a passkey in that needs no password.

const secondStepPath = "/sign-in/second"

// secondCookie holds the secret of a sign-in that waits for its second factor.
const secondCookie = "kith_second"

func (r *Room) secondRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in/second", Permission: web.Anyone, Handle: r.showSecondStep},
		{Pattern: "POST /sign-in/second", Permission: web.Anyone, Handle: r.secondStep},
		{Pattern: "POST /sign-in/passkey/begin", Permission: web.Anyone, Handle: r.beginPasskeyStep},
		{Pattern: "POST /sign-in/passkey", Permission: web.Anyone, Handle: r.signInByPasskey},
	}
}

func pendingOf(req *http.Request) string {
	secret := web.Cookie(req, secondCookie, signInPath)
	if len(secret) != secretLength {
		return ""
	}
	return secret
}

// goOn leads somebody whose password was right to their second factor.
func (r *Room) goOn(w http.ResponseWriter, req *http.Request, need *NeedSecond, next string) error {
	web.SetCookie(w, req, http.Cookie{Name: secondCookie, Value: need.Secret, Path: signInPath,
		SameSite: http.SameSiteLaxMode})
	to := secondStepPath
	if next != "" {
		to += "?next=" + url.QueryEscape(next)
	}
	return web.SeeOther(w, req, to, "")
}

type secondStepPage struct {
	ui.Base
	Form     ui.Form
	Next     string
	Passkeys bool
	Apps     bool
	Mailed   bool // codes by e-mail are all there is
	Sent     bool // one is on its way
}

func (r *Room) showSecondStep(w http.ResponseWriter, req *http.Request) error {
	return r.renderSecondStep(w, req, http.StatusOK, web.NewForm("next", req.URL.Query().Get("next")))
}

func (r *Room) renderSecondStep(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	_, all, err := r.Awaited(req.Context(), pendingOf(req))
	if errors.Is(err, ErrBegun) {
		return r.beginAgain(w, req)
	} else if err != nil {
		return err
	}
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	host, _, _ := r.party(site, req)
	page := secondStepPage{Base: plain(req, "Your second factor"), Form: f, Next: web.Local(f.Value("next"), ""),
		Mailed: onlyMailed(all), Sent: f.Yes("sent") || f.Has("code")}
	for _, x := range all {
		page.Passkeys = page.Passkeys || x.Kind == KindPasskey && x.Host == host
		page.Apps = page.Apps || x.Kind == KindApp
	}
	return web.Render(w, status, r.pages, "second-step", page)
}

// beginAgain sends somebody back whose password was right too long ago.
func (r *Room) beginAgain(w http.ResponseWriter, req *http.Request) error {
	return web.SeeOther(w, req, "/sign-in", "That took too long. Sign in again.")
}

func (r *Room) secondStep(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	if len(proof.Passkey) == 0 && proof.Code == "" {
		f.Add("code", "Enter the code")
		return r.renderSecondStep(w, req, http.StatusUnprocessableEntity, f)
	}
	from := r.visit(w, req)
	secret, err := r.SignInSecond(req.Context(), pendingOf(req), proof, from, req)
	if errors.Is(err, ErrBegun) && len(proof.Passkey) == 0 {
		return r.beginAgain(w, req)
	}
	if errors.Is(err, ErrBusy) {
		return errCrowded
	}
	words := proofWords
	if _, all, unknown := r.Awaited(req.Context(), pendingOf(req)); unknown == nil && onlyMailed(all) {
		words = mailedWords
	}
	if status := words(f, "", err); status != 0 {
		return r.renderSecondStep(w, req, status, f)
	}
	if err != nil {
		return err
	}
	web.SetCookie(w, req, http.Cookie{Name: secondCookie, Path: signInPath, MaxAge: -1,
		SameSite: http.SameSiteLaxMode})
	setCookie(w, req, secret)
	return web.SeeOther(w, req, web.Local(f.Value("next"), workHome), "")
}

// beginPasskeyStep gives a page's script the challenge of a passkey: one of whoever's
// password was right, or of anybody.
func (r *Room) beginPasskeyStep(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	personID := ""
	if f.Yes("second") {
		p, _, err := r.Awaited(req.Context(), pendingOf(req))
		if err != nil {
			return passkeyInWords(err)
		}
		personID = p.ID
	}
	c, err := r.BeginAnswer(req.Context(), personID, req)
	if err == nil && personID == "" {
		web.SetCookie(w, req, http.Cookie{Name: askedCookie, Value: hashed(c.Secret), Path: signInPath,
			MaxAge: int(ceremonyLife.Seconds()), SameSite: http.SameSiteStrictMode})
	}
	return answerJSON(w, c, err)
}

// askedCookie says which challenge of a passkey this browser asked for: one that another
// asked for signs nobody in here.
const askedCookie = "kith_asked"

func (r *Room) signInByPasskey(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	from := r.visit(w, req)
	asked, secret := web.Cookie(req, askedCookie, signInPath), ""
	if err = ErrBegun; proof.Challenge != "" && asked == hashed(proof.Challenge) {
		secret, err = r.SignInByPasskey(req.Context(), proof, from, req)
	}
	if status := proofWords(f, "", err); status != 0 {
		return r.renderSignIn(w, req, status, f)
	}
	if err != nil {
		return passkeyInWords(err)
	}
	setCookie(w, req, secret)
	return web.SeeOther(w, req, web.Local(f.Value("next"), workHome), "")
}
