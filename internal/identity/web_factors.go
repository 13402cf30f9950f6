package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages add, name and remove a person's own second factors.

const (
	accountPath = "/work/account"
	secondPath  = accountPath + "/second-factor"
	newAppPath  = accountPath + "/apps/new"
)

// factorRoutes are the addresses of second factors, for those who sign in. Who has to set
// one up first can use what that takes.
func (r *Room) factorRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/account/second-factor", Permission: web.SignedIn, Handle: r.showSecondFactor, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/second-factor/ask-second", Permission: web.SignedIn, Handle: r.askSecond, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/passkeys/begin", Permission: web.SignedIn, Handle: r.beginPasskey, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/passkeys/new", Permission: web.SignedIn, Handle: r.addPasskey, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/apps/begin", Permission: web.SignedIn, Handle: r.beginApp, Early: true,
			Confirm: web.Always},
		{Pattern: "GET /work/account/apps/new", Permission: web.SignedIn, Handle: r.newApp, Early: true,
			Confirm: web.Always},
		{Pattern: "POST /work/account/apps/new", Permission: web.SignedIn, Handle: r.addApp, Early: true,
			Confirm: web.Always},
		{Pattern: "GET /work/account/apps/picture", Permission: web.SignedIn, Handle: r.downloadPicture, Early: true,
			Confirm: web.Always},
		{Pattern: "GET /work/account/factors/{id}/edit", Permission: web.SignedIn, Handle: r.editFactor},
		{Pattern: "POST /work/account/factors/{id}/edit", Permission: web.SignedIn, Handle: r.saveFactor},
		{Pattern: "GET /work/account/factors/{id}/delete", Permission: web.SignedIn, Handle: r.confirmDeleteFactor},
		{Pattern: "POST /work/account/factors/{id}/delete", Permission: web.SignedIn, Handle: r.deleteFactor,
			Confirm: web.Always},
		{Pattern: "GET /work/account/recovery-codes/renew", Permission: web.SignedIn,
			Handle: r.confirmRenewRecoveryCodes},
		{Pattern: "POST /work/account/recovery-codes/renew", Permission: web.SignedIn, Handle: r.renewRecoveryCodes,
			Confirm: web.Always},
		{Pattern: "GET /work/people/{id}/reset-factors", Permission: access.PeopleManage, Handle: r.confirmResetFactors},
		{Pattern: "POST /work/people/{id}/reset-factors", Permission: access.PeopleManage, Handle: r.resetFactorsOf,
			Confirm: web.Always},
	}
}

// accountBase is the frame of a page of the account.
func accountBase(req *http.Request, title string) ui.Base {
	return web.Crumbs(web.Base(req, title), "Your account", accountPath, title, "")
}

type secondFactorPage struct {
	ui.Base
	Form     ui.Form
	Factors  []Factor
	Needed   bool // the role asks for one, and there is none
	Weak     bool // codes by e-mail are not enough for the role
	Passkeys bool // they can be had at this address
	Email    string
	Name     string
	Waits    time.Time // until when the first passkey or app waits; zero where it does not
	Asked    bool      // somebody was asked to vouch
	Seconds  string    // who can, in words
}

func (r *Room) showSecondFactor(w http.ResponseWriter, req *http.Request) error {
	return r.renderSecondFactor(w, req, http.StatusOK, nil)
}

func (r *Room) renderSecondFactor(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	ctx, me := req.Context(), web.PersonOf(req)
	all, err := factorsOf(ctx, r.Work, me.ID)
	if err != nil {
		return err
	}
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return err
	}
	_, _, noParty := r.party(site, req)
	page := secondFactorPage{Base: accountBase(req, "Add a second factor"), Form: f, Factors: all, Needed: me.First != "",
		Passkeys: noParty == nil, Email: me.Email, Name: Session{Browser: req.UserAgent()}.Where()}
	if page.Weak, err = needsFactor(ctx, r.Work, me.ID); err != nil {
		return err
	}
	if err := r.fillWaits(ctx, &page, me); err != nil {
		return err
	}
	if page.Needed {
		page.Base.Crumbs, page.Base.Nav = nil, nil
	}
	return web.Render(w, status, r.pages, "second-factor", page)
}

// fillWaits says on the page how long the first passkey or app waits, and who can end that.
func (r *Room) fillWaits(ctx context.Context, page *secondFactorPage, me web.Person) (err error) {
	if page.Waits, err = r.factorWaits(ctx, r.Work, me.ID); err != nil || page.Waits.IsZero() {
		return err
	}
	waiting, err := waitingFor(ctx, r.Work, me.ID, db.At(r.Now()))
	if err != nil {
		return err
	}
	page.Asked = slices.ContainsFunc(waiting, func(x Request) bool { return x.Kind == askFactor })
	all, err := accounts(ctx, r.Work)
	if err != nil {
		return err
	}
	w, err := r.weigh(ctx, r.Work, Request{Kind: askFactor, PersonID: me.ID, AskedBy: me.ID}, all)
	page.Seconds = namesInWords(w.may)
	return err
}

// askSecond asks somebody to vouch for who set their password by a link.
func (r *Room) askSecond(w http.ResponseWriter, req *http.Request) error {
	if err := r.AskVouching(req.Context(), web.PersonOf(req)); err != nil {
		return err
	}
	return web.SeeOther(w, req, secondPath, "Asked. Telephone them, so that they know that it is you.")
}

func (r *Room) beginPasskey(w http.ResponseWriter, req *http.Request) error {
	if err := r.waited(req.Context(), r.Work, web.PersonOf(req).ID); err != nil {
		return err
	}
	c, err := r.BeginPasskey(req.Context(), web.PersonOf(req), req)
	return answerJSON(w, c, err)
}

// answerJSON gives the script of a page what it asked for.
func answerJSON(w http.ResponseWriter, c Challenge, err error) error {
	if err != nil {
		return passkeyInWords(err)
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(c)
}

// passkeyInWords says why there can be no passkey.
func passkeyInWords(err error) error {
	if errors.Is(err, ErrNoParty) {
		return web.Conflict("Passkeys cannot be used at this address",
			"They need the address of the website, with https, in Settings. Use an app or a code instead.")
	}
	if errors.Is(err, ErrPasskey) || errors.Is(err, ErrBegun) {
		return web.Conflict("There is no passkey to use here", "Use an app or a code instead.")
	}
	return err
}

// proofOf reads a proof from a form, whose secrets are never sent back. prefix begins the
// names of its fields.
func proofOf(f *web.Form, prefix string) Proof {
	p := Proof{Code: clip(f.Value(prefix+"code"), 200), Passkey: []byte(f.Value(prefix + "passkey")),
		Challenge: f.Value(prefix + "challenge")}
	for _, name := range []string{"code", "passkey", "challenge"} {
		f.Set(prefix+name, "")
	}
	return p
}

// proofWords puts what was wrong with a proof on the form: the status to answer with, or 0
// for what is no fault of the proof's.
func proofWords(f *web.Form, prefix string, err error) int {
	var w *Wait
	switch {
	case errors.As(err, &w):
		f.Add(prefix+"code", "Too many wrong tries. Wait "+w.Words()+" and try again")
		return http.StatusTooManyRequests
	case errors.Is(err, ErrWrong):
		f.Add(prefix+"password", "That is not your password")
	case errors.Is(err, ErrWrongCode):
		f.Add(prefix+"code", "That is not the code, or it was used before. An app shows another one every half minute")
	case errors.Is(err, ErrPasskey):
		f.Add(prefix+"passkey", "The passkey was not accepted. Try again, or use another way")
	case errors.Is(err, ErrBegun):
		f.Add(prefix+"passkey", "That took too long. Try again")
	default:
		return 0
	}
	return http.StatusUnprocessableEntity
}

// mailedWords is proofWords where the code can only have come by e-mail.
func mailedWords(f *web.Form, prefix string, err error) int {
	if !errors.Is(err, ErrWrongCode) || errors.Is(err, ErrWrong) {
		return proofWords(f, prefix, err)
	}
	f.Add(prefix+"code", "That is not the code of the newest e-mail, or it was used before")
	return http.StatusUnprocessableEntity
}

// wordsFor gives mailedWords for somebody who has no app and no passkey, and proofWords otherwise.
func (r *Room) wordsFor(ctx context.Context, personID string) (func(*web.Form, string, error) int, error) {
	all, err := factorsOf(ctx, r.Work, personID)
	if len(all) == 0 || onlyMailed(all) {
		return mailedWords, err
	}
	return proofWords, err
}

func (r *Room) addPasskey(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	codes, err := r.AddPasskey(req.Context(), web.PersonOf(req), f.Value("name"), proof, secretOf(req), req)
	return r.added(w, req, f, codes, err, func(status int) error { return r.renderSecondFactor(w, req, status, f) })
}

// added answers when a factor was added: with the recovery codes that are shown once, with
// the account, or with what is wrong.
func (r *Room) added(w http.ResponseWriter, req *http.Request, f *web.Form, codes []string, err error,
	again func(status int) error) error {
	if status := f.Refuse(err); status != 0 {
		return again(status)
	}
	if status := proofWords(f, "", err); status != 0 {
		return again(status)
	}
	if err != nil {
		return err
	}
	if len(codes) > 0 {
		return r.showRecoveryCodes(w, req, codes)
	}
	return web.SeeOther(w, req, accountPath, "Added. From now on signing in asks for a second factor.")
}

type recoveryCodesPage struct {
	ui.Base
	Codes []string
}

// showRecoveryCodes answers with codes that are shown this once.
func (r *Room) showRecoveryCodes(w http.ResponseWriter, req *http.Request, codes []string) error {
	b := accountBase(req, "Your recovery codes")
	b.PrintFooter = "Keep this where nobody else finds it, and not beside your computer."
	return web.Render(w, http.StatusOK, r.pages, "recovery-codes", recoveryCodesPage{Base: b, Codes: codes})
}

func (r *Room) beginApp(w http.ResponseWriter, req *http.Request) error {
	if err := r.waited(req.Context(), r.Work, web.PersonOf(req).ID); err != nil {
		return err
	}
	if err := r.BeginApp(req.Context(), web.PersonOf(req)); err != nil {
		return err
	}
	return web.SeeOther(w, req, newAppPath, "")
}

type newAppPage struct {
	ui.Base
	Form ui.Form
	Key  string // in groups of four
}

func (r *Room) newApp(w http.ResponseWriter, req *http.Request) error {
	return r.renderNewApp(w, req, http.StatusOK, web.NewForm("name", "App on my phone"))
}

func (r *Room) renderNewApp(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	me := web.PersonOf(req)
	key, err := r.BegunApp(req.Context(), me)
	if errors.Is(err, ErrBegun) {
		return web.SeeOther(w, req, secondPath, "")
	} else if err != nil {
		return err
	}
	b := accountBase(req, "Set up an app")
	if me.First != "" {
		b.Crumbs, b.Nav, b.Back = nil, nil, ui.NavItem{Text: "Back", Href: secondPath}
	}
	return web.Render(w, status, r.pages, "new-app", newAppPage{Base: b, Form: f, Key: appWords(key)})
}

func (r *Room) addApp(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof := proofOf(f, "")
	codes, err := r.AddApp(req.Context(), web.PersonOf(req), f.Value("name"), proof.Code, secretOf(req))
	if errors.Is(err, ErrBegun) {
		return web.SeeOther(w, req, secondPath, "That took too long. Begin again.")
	}
	return r.added(w, req, f, codes, err, func(status int) error { return r.renderNewApp(w, req, status, f) })
}

// downloadPicture is the picture of the app that is being set up.
func (r *Room) downloadPicture(w http.ResponseWriter, req *http.Request) error {
	key, err := r.BegunApp(req.Context(), web.PersonOf(req))
	if errors.Is(err, ErrBegun) {
		return web.ErrNotFound
	} else if err != nil {
		return err
	}
	picture, err := appPicture(key)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(picture)
	return err
}

// fillFactor fills the form that renames a factor.
func fillFactor(f Factor) *web.Form { return web.NewForm("name", f.Name) }

type factorFormPage struct {
	ui.FormPage
	Kind string
}

func (r *Room) factorForm(w http.ResponseWriter, req *http.Request, f Factor) func(int, *web.Form) error {
	return func(status int, form *web.Form) error {
		b := accountBase(req, "Rename “"+f.Name+"”")
		return web.Render(w, status, r.pages, "factor-form", factorFormPage{Kind: f.KindWords(),
			FormPage: ui.FormPage{Base: b, Form: form, Cancel: accountPath}})
	}
}

func (r *Room) editFactor(w http.ResponseWriter, req *http.Request) error {
	f, err := factorOf(req.Context(), r.Work, web.PersonOf(req).ID, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.factorForm(w, req, f)(http.StatusOK, fillFactor(f))
}

func (r *Room) saveFactor(w http.ResponseWriter, req *http.Request) error {
	me := web.PersonOf(req)
	was, err := factorOf(req.Context(), r.Work, me.ID, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.factorForm(w, req, was), func(f *web.Form) (web.Done, error) {
		err := r.RenameFactor(req.Context(), me, was.ID, f.Value("name"), f.Seen())
		return web.Done{To: accountPath, Words: "Renamed."}, err
	})
}

func (r *Room) confirmDeleteFactor(w http.ResponseWriter, req *http.Request) error {
	f, err := factorOf(req.Context(), r.Work, web.PersonOf(req).ID, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Confirm(w, req, nil, accountBase(req, "Remove “"+f.Name+"”?"), "Remove it", accountPath,
		"It can no longer be used to sign in. With the last one your recovery codes stop working too, and your password "+
			"alone is enough.")
}

func (r *Room) deleteFactor(w http.ResponseWriter, req *http.Request) error {
	if err := r.RemoveFactor(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, accountPath, "Removed.")
}

func (r *Room) confirmRenewRecoveryCodes(w http.ResponseWriter, req *http.Request) error {
	n, err := factorsLeft(req.Context(), r.Work, web.PersonOf(req).ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNoFactors
	}
	return web.Confirm(w, req, nil, accountBase(req, "Make new recovery codes?"), "Make new codes", accountPath,
		"You are shown ten new codes, once. The ones you have stop working.")
}

func (r *Room) renewRecoveryCodes(w http.ResponseWriter, req *http.Request) error {
	codes, err := r.RenewRecoveryCodes(req.Context(), web.PersonOf(req))
	if err != nil {
		return err
	}
	return r.showRecoveryCodes(w, req, codes)
}

type resetFormPage struct {
	ui.FormPage
	Second string // who may agree, in words, where by may not alone
}

func (r *Room) resetForm(w http.ResponseWriter, req *http.Request, p Person) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		second, err := r.secondWords(req, p)
		if err != nil {
			return err
		}
		b := base(req, "Reset the second factor of "+p.Name+"?", p.Name, href(p.ID), "Reset", "")
		return web.Render(w, status, r.pages, "reset-form", resetFormPage{Second: second,
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: href(p.ID)}})
	}
}

func (r *Room) confirmResetFactors(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.resetForm(w, req, p)(http.StatusOK, web.NewForm())
}

func (r *Room) resetFactorsOf(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.resetForm(w, req, p), func(f *web.Form) (web.Done, error) {
		reason := f.Text("reason", "", 300)
		if !f.OK() {
			return web.Done{}, nil
		}
		waits, err := r.ResetFactors(req.Context(), web.PersonOf(req), p.ID, reason)
		words := "Reset. They sign in with their password, and were told by e-mail."
		if waits {
			words = "This waits until a second person agrees."
		}
		return web.Done{To: href(p.ID), Words: words}, err
	})
}
