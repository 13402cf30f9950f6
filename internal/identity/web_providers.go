package identity

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages let staff of an agency in by its directory, and say in Settings which
// directories there are.

// awayCookie holds the secret of a sign-in that is at a directory.
const awayCookie = "kith_away"

func (r *Room) providerRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in/with/{id}", Permission: web.Anyone, Handle: r.leaveFor},
		{Pattern: "GET /sign-in/with/{id}/out", Permission: web.Anyone, Handle: r.signOutThere},
		{Pattern: "GET /sign-in/back", Permission: web.Anyone, Handle: r.comeBack},
		{Pattern: "GET /work/settings/directories/new", Permission: access.SettingsManage, Handle: r.newProvider},
		{Pattern: "POST /work/settings/directories/new", Permission: access.SettingsManage, Handle: r.addProvider,
			Confirm: web.Always},
		{Pattern: "GET /work/settings/directories/{id}/edit", Permission: access.SettingsManage, Handle: r.editProvider},
		{Pattern: "POST /work/settings/directories/{id}/edit", Permission: access.SettingsManage, Handle: r.saveProvider,
			Confirm: web.Always},
		{Pattern: "GET /work/settings/directories/{id}/remove", Permission: access.SettingsManage,
			Handle: r.confirmRemoveProvider},
		{Pattern: "POST /work/settings/directories/{id}/remove", Permission: access.SettingsManage, Handle: r.removeProvider,
			Confirm: web.Always},
	}
}

func (r *Room) leaveFor(w http.ResponseWriter, req *http.Request) error {
	asked, session := req.URL.Query(), ""
	if asked.Get("confirm") == "yes" {
		session = secretOf(req)
	}
	to, secret, err := r.LeaveFor(req.Context(), req.PathValue("id"), web.Local(asked.Get("next"), ""), session)
	if err != nil {
		return providerInWords(err)
	}
	web.SetCookie(w, req, http.Cookie{Name: awayCookie, Value: secret, Path: signInPath, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, req, to, http.StatusSeeOther)
	return nil
}

func (r *Room) comeBack(w http.ResponseWriter, req *http.Request) error {
	secret, said := web.Cookie(req, awayCookie, signInPath), req.URL.Query()
	if len(secret) != secretLength || subtle.ConstantTimeCompare([]byte(secret), []byte(said.Get("state"))) != 1 {
		return r.beginAgain(w, req)
	}
	web.SetCookie(w, req, http.Cookie{Name: awayCookie, Path: signInPath, MaxAge: -1, SameSite: http.SameSiteLaxMode})
	from := r.visit(w, req)
	session, next, err := r.ComeBack(req.Context(), secret, said.Get("code"), from)
	var second *NeedSecond
	var link *NeedLink
	switch {
	case errors.As(err, &link):
		return r.showWhose(w, req, link)
	case errors.As(err, &second):
		return r.goOn(w, req, second, next)
	case errors.Is(err, ErrBegun):
		return r.beginAgain(w, req)
	case err != nil:
		return providerInWords(err)
	}
	if session != "" { // otherwise the one there is was confirmed
		setCookie(w, req, session)
	}
	return web.SeeOther(w, req, web.Local(next, workHome), "")
}

// providerInWords says what went wrong with a directory.
func providerInWords(err error) error {
	refuse := func(title, words string) error {
		return &web.Refusal{Status: http.StatusConflict, Title: title, Words: words}
	}
	switch {
	case errors.Is(err, ErrProviderDown):
		return refuse("Your organisation’s sign-in does not answer as it should",
			"Try again in a minute, or sign in with your password. If it goes on, tell your organisation’s IT service.")
	case errors.Is(err, ErrProviderSaid):
		return refuse("Your organisation’s sign-in did not let you through",
			"Try again, or sign in with your password. If you have no access there, ask your organisation’s IT service.")
	case errors.Is(err, ErrNotVouched):
		return refuse("Your organisation’s sign-in did not confirm your e-mail address",
			"It has to confirm an address of your organisation. Sign in with your password, or ask the partnership’s business "+
				"team.")
	case errors.Is(err, ErrNotAsked):
		return refuse("Your organisation’s sign-in did not ask you again",
			"So it could not confirm that it is you. Go back, and use a code by e-mail.")
	case errors.Is(err, ErrNotYou):
		return refuse("Your organisation’s sign-in knows you as somebody else",
			"Nothing was confirmed. Sign in there as the person you are signed in as here.")
	case errors.Is(err, ErrNobodyVouched):
		return refuse("Nobody with your e-mail address signs in here",
			"Your organisation’s sign-in knows you, but nobody has given you a role here yet. Ask the partnership’s business "+
				"team.")
	}
	return err
}

// signedOutAt leads who signed in with a directory to where they sign out there; nil for
// others.
func (r *Room) signedOutAt(req *http.Request) (*ui.Flash, error) {
	way, err := wayOfSession(req.Context(), r.Work, hashed(secretOf(req)))
	id, ok := strings.CutPrefix(way, wayProvider)
	if err != nil || !ok {
		return nil, err
	}
	list, err := providers(req.Context(), r.Work)
	for _, p := range list {
		if p.ID == id && p.EndSession != "" {
			return &ui.Flash{Kind: ui.FlashDone,
				Text: "You are signed out here, and may still be signed in with " + p.Name + ".",
				Href: "/sign-in/with/" + p.ID + "/out", LinkText: "Sign out there too"}, err
		}
	}
	return nil, err
}

// signOutThere leads to where people sign out of a directory.
func (r *Room) signOutThere(w http.ResponseWriter, req *http.Request) error {
	p, err := providerByID(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && p.EndSession == "" {
		err = web.ErrNotFound
	}
	if err != nil {
		return err
	}
	http.Redirect(w, req, p.EndSession, http.StatusSeeOther)
	return nil
}

// fillProvider fills the form of a directory. Its secret is never shown.
func fillProvider(p Provider) *web.Form {
	return web.NewForm("name", p.Name, "issuer", p.Issuer, "client_id", p.ClientID, "domains", p.Domains)
}

func readProvider(f *web.Form, known bool) Provider {
	p := Provider{Name: tidy(f.Text("name", "Enter what the sign-in page calls it", 60)),
		Issuer:       f.Text("issuer", "Enter the issuer’s address", 500),
		ClientID:     f.Text("client_id", "Enter the client id", 300),
		ClientSecret: strings.TrimSpace(clip(f.Value("client_secret"), 500))}
	f.Set("client_secret", "")
	if p.ClientSecret == "" && !known {
		f.Add("client_secret", "Enter the client secret")
	}
	if words := checkIssuer(p.Issuer); p.Issuer != "" && words != "" {
		f.Add("issuer", words)
	}
	var domains []string
	for _, d := range f.Lines("domains", 2000) {
		d = strings.ToLower(strings.TrimPrefix(d, "@"))
		if strings.ContainsAny(d, "@/: \t*") || !strings.Contains(d, ".") {
			f.Add("domains", "Enter what stands after the @, one a line, such as council.example")
		}
		domains = append(domains, d)
	}
	if len(domains) == 0 {
		f.Add("domains", "Enter the domains of the addresses that it may vouch for")
	}
	p.Domains = strings.Join(domains, "\n")
	return p
}

type providerFormPage struct {
	ui.FormPage
	Returns string // the address that the directory sends people back to
	Known   bool   // there is a secret, which an empty field keeps
}

func (r *Room) providerForm(w http.ResponseWriter, req *http.Request, title string, known bool) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		site, err := r.Site(req.Context(), r.Work)
		if err != nil {
			return err
		}
		b := signingInBase(req, title, "Signing in", signingInPath, title, "")
		return web.Render(w, status, r.pages, "provider-form", providerFormPage{Known: known,
			Returns:  site.Link(providerBack),
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: signingInPath}})
	}
}

func (r *Room) newProvider(w http.ResponseWriter, req *http.Request) error {
	return r.providerForm(w, req, "Add a directory", false)(http.StatusOK, web.NewRecord())
}

func (r *Room) addProvider(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.providerForm(w, req, "Add a directory", false), func(f *web.Form) (web.Done, error) {
		p := readProvider(f, false)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.AddProvider(req.Context(), web.PersonOf(req), p)
		return web.Done{To: signingInPath, Words: p.Name + " is added. It stands on the sign-in page."}, err
	})
}

func (r *Room) editProvider(w http.ResponseWriter, req *http.Request) error {
	p, err := providerByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.providerForm(w, req, "Change "+p.Name, true)(http.StatusOK, fillProvider(p))
}

func (r *Room) saveProvider(w http.ResponseWriter, req *http.Request) error {
	was, err := providerByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.providerForm(w, req, "Change "+was.Name, true), func(f *web.Form) (web.Done, error) {
		p := readProvider(f, true)
		p.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveProvider(req.Context(), web.PersonOf(req), p, f.Seen())
		return web.Done{To: signingInPath, Words: "Saved."}, err
	})
}

func (r *Room) confirmRemoveProvider(w http.ResponseWriter, req *http.Request) error {
	p, err := providerByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	b := signingInBase(req, "Remove "+p.Name+"?", "Signing in", signingInPath, "Remove", "")
	return web.Confirm(w, req, fillProvider(p), b, "Remove it", signingInPath,
		"Nobody can sign in with it any more. Who has no password sets one by a link. Who is signed in stays so "+
			"until they sign out.")
}

func (r *Room) removeProvider(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmRemoveProvider, func(seen web.Seen) (web.Done, error) {
		err := r.RemoveProvider(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: signingInPath, Words: "Removed."}, err
	})
}
