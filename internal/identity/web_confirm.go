package identity

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What is weighty asks again who it is, when the person last showed it a while ago
// (web.Route.Confirm). The page that asks carries the whole form that was sent, goes to
// the same address, and what was sent goes on to its handler as if nobody had asked.

const confirmPath = accountPath + "/confirm"

// confirmFields begin the names of what the page asks for, so that they are no field of
// the form that it carries.
const confirmFields = "confirm-you-"

func (r *Room) confirmRoutes() []web.Route {
	return []web.Route{
		{Pattern: "POST /work/account/confirm", Permission: web.SignedIn, Handle: r.confirmYou, Early: true},
		{Pattern: "POST /work/account/confirm/send", Permission: web.SignedIn, Handle: r.sendConfirm, Early: true},
		{Pattern: "GET /work/account/confirmed", Permission: web.SignedIn, Handle: r.showConfirmed, Early: true},
		{Pattern: "POST /work/account/confirm/begin", Permission: web.SignedIn, Handle: r.beginConfirm, Early: true},
	}
}

type confirmYouPage struct {
	ui.Base
	Form     ui.Form
	To       string   // where the form is posted
	Kept     []ui.Row // what was sent: Key and Value are a field's
	Files    bool     // files were sent, and have to be chosen again
	Password bool     // there is one to ask for
	Codes    bool     // there is an app, or recovery codes
	Passkeys bool     // there is a passkey for this address
	// Of who has neither a password nor a second factor:
	Mailed    bool
	Sent      bool     // a code is on its way
	Provider  Provider // that they signed in with; no ID for none
	Elsewhere string   // where it confirms
	Stays     bool     // there are entries to keep, so it does that in a tab of its own
}

// confirmedPath is where a directory sends back who confirmed in a tab of its own.
const confirmedPath = accountPath + "/confirmed"

// Confirm asks whoever made a request to show that it is they, for web.Mux.Confirm: it
// reports whether they just did, or answers with the page that asks.
func (r *Room) Confirm(w http.ResponseWriter, req *http.Request) (bool, error) {
	if req.Method != http.MethodPost {
		return false, r.askAgain(w, req, http.StatusOK, web.NewForm("next", req.URL.RequestURI()), confirmPath, false)
	}
	if kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); kind == "multipart/form-data" {
		return false, r.askAgain(w, req, http.StatusOK, web.NewForm("next", req.URL.Path), confirmPath, true)
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return false, err
	}
	proof, given := confirmProof(f)
	for name := range req.PostForm { // the form is read from here by the handler too
		if strings.HasPrefix(name, confirmFields) {
			delete(req.PostForm, name)
		}
	}
	if !given {
		return false, r.askAgain(w, req, http.StatusOK, f, req.URL.RequestURI(), false)
	}
	return r.shown(w, req, f, proof, req.URL.RequestURI())
}

// shown checks a proof, or asks again and says what was wrong.
func (r *Room) shown(w http.ResponseWriter, req *http.Request, f *web.Form, proof Proof, to string) (bool, error) {
	here := Visit{Address: r.Address(req)}
	err := r.ConfirmYou(req.Context(), web.PersonOf(req), secretOf(req), proof, here, req)
	if errors.Is(err, ErrBusy) {
		return false, errCrowded
	}
	words, problem := r.wordsFor(req.Context(), web.PersonOf(req).ID)
	if problem != nil {
		return false, problem
	}
	if status := words(f, confirmFields, err); status != 0 {
		return false, r.askAgain(w, req, status, f, to, false)
	}
	return err == nil, err
}

// confirmProof reads what the page that asks was given; given says that it was.
func confirmProof(f *web.Form) (proof Proof, given bool) {
	given = slices.ContainsFunc([]string{"password", "code", "passkey"}, func(name string) bool {
		return f.Has(confirmFields + name)
	})
	proof = proofOf(f, confirmFields)
	proof.Password = f.Value(confirmFields + "password")
	f.Set(confirmFields+"password", "")
	return proof, given
}

// askAgain shows the page that asks, with all that was sent.
func (r *Room) askAgain(w http.ResponseWriter, req *http.Request, status int, f *web.Form, to string,
	files bool) error {
	ctx, me := req.Context(), web.PersonOf(req)
	all, err := factorsOf(ctx, r.Work, me.ID)
	if err != nil {
		return err
	}
	_, err = passwordOf(ctx, r.Work, me.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	page := confirmYouPage{Base: web.Base(req, "Confirm that it is you"), Form: f, To: to, Files: files,
		Password: err == nil, Codes: len(all) > 0}
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return err
	}
	host, _, _ := r.party(site, req)
	page.Passkeys = slices.ContainsFunc(all, func(x Factor) bool { return x.Kind == KindPasskey && x.Host == host })
	for _, name := range f.Names() {
		for _, v := range f.Values(name) {
			if !strings.HasPrefix(name, confirmFields) {
				page.Kept = append(page.Kept, ui.Row{Key: name, Value: v})
			}
		}
	}
	if page.Mailed = !page.Password && len(all) == 0 && me.Email != ""; page.Mailed {
		page.Sent = f.Value(confirmFields+"sent") != ""
		if err := r.confirmElsewhere(req, &page); err != nil {
			return err
		}
	}
	return web.Render(w, status, r.pages, "confirm-you", page)
}

// confirmElsewhere offers who signed in with a directory to confirm there. What they
// entered stays on the page, and the directory opens in another.
func (r *Room) confirmElsewhere(req *http.Request, page *confirmYouPage) error {
	way, err := wayOfSession(req.Context(), r.Work, hashed(secretOf(req)))
	id, ok := strings.CutPrefix(way, wayProvider)
	if err != nil || !ok {
		return err
	}
	page.Provider, err = providerByID(req.Context(), r.Work, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	next := confirmedPath
	if page.Stays = page.To != confirmPath; !page.Stays {
		next = web.Local(page.Form.Value("next"), workHome)
	}
	page.Elsewhere = "/sign-in/with/" + id + "?" + url.Values{"confirm": {"yes"}, "next": {next}}.Encode()
	return err
}

// sendConfirm sends a code to who has nothing else to confirm with, and shows the page again
// with all that it carries.
func (r *Room) sendConfirm(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	me := web.PersonOf(req)
	if only, err := r.onlyDirectory(req.Context(), me); err != nil {
		return err
	} else if !only {
		return web.Conflict("No code can be sent", "Use your password, your passkey or your app.")
	}
	if err := r.askMailed(req, me.Email); err != nil {
		return err
	}
	to := web.Local(f.Value(confirmFields+"to"), confirmPath)
	f.Set(confirmFields+"sent", "yes")
	return r.askAgain(w, req, http.StatusOK, f, to, false)
}

// onlyDirectory reports whether somebody has neither a password nor a second factor.
func (r *Room) onlyDirectory(ctx context.Context, me web.Person) (bool, error) {
	all, err := factorsOf(ctx, r.Work, me.ID)
	if err != nil || len(all) > 0 || me.Email == "" {
		return false, err
	}
	_, err = passwordOf(ctx, r.Work, me.ID)
	if errors.Is(err, db.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// showConfirmed tells who confirmed in a tab of its own where to go on.
func (r *Room) showConfirmed(w http.ResponseWriter, req *http.Request) error {
	return web.Render(w, http.StatusOK, r.pages, "confirmed", web.Base(req, "Confirmed"))
}

// confirmYou answers for a page that was only opened: it leads there when it is shown who
// it is.
func (r *Room) confirmYou(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	proof, _ := confirmProof(f)
	proved, err := r.shown(w, req, f, proof, confirmPath)
	if err != nil || !proved {
		return err
	}
	return web.SeeOther(w, req, web.Local(f.Value("next"), workHome), "")
}

// beginConfirm gives the page's script the challenge of a passkey of the person's.
func (r *Room) beginConfirm(w http.ResponseWriter, req *http.Request) error {
	c, err := r.BeginAnswer(req.Context(), web.PersonOf(req).ID, req)
	return answerJSON(w, c, err)
}
