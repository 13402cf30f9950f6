package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages are for the second person: what waits for them, why, and their yes or no.

const requestsRoot = "/work/requests"

// Href is where a request is decided.
func (q Request) Href() string { return requestsRoot + "/" + q.ID }

// namedSeconds is how many of those who may agree are named.
const namedSeconds = 3

// secondsInWords says who may agree.
func secondsInWords(may []account) string {
	if len(may) == 0 {
		return "It needs a second person, and nobody here may agree yet. Whoever looks after the machine can add the first " +
			"person with this role"
	}
	return "It needs a second person: " + namesInWords(may)
}

// namesInWords names the first of those who may agree, "" where there is nobody.
func namesInWords(may []account) string {
	var names []string
	for _, a := range may[:min(len(may), namedSeconds)] {
		names = append(names, a.Name)
	}
	if more := len(may) - len(names); more > 0 {
		names = append(names, lang.Plural(more, "other", "others"))
	}
	return lang.JoinOr(names)
}

// secondsInWords says who may agree to a request.
func (q Request) secondsInWords(may []account) string {
	if q.keptSetting() && len(may) == 0 {
		return "It needs a second person, and nobody here may agree yet. Whoever looks after the machine can " +
			keptSettings[q.Kind].machine
	}
	return secondsInWords(may)
}

// secondWords says who may agree to what makes somebody able to sign in as a person; ""
// where whoever asks holds all that the person does.
func (r *Room) secondWords(req *http.Request, p Person) (string, error) {
	ctx, me := req.Context(), web.PersonOf(req)
	held, err := rolesOf(ctx, r.Work, p.ID)
	if err != nil || mayBecome(me, held, string(p.OrganisationID)) {
		return "", err
	}
	all, err := accounts(ctx, r.Work)
	if err != nil {
		return "", err
	}
	made, err := r.made(ctx, r.Work, me.ID)
	may := seconds(me, p.ID, held.powers(string(p.OrganisationID)), string(p.OrganisationID), all, made)
	return secondsInWords(may), err
}

// A weighed is a request with who may decide it.
type weighed struct {
	Request
	Seconds string // in words
	Yours   bool   // the reader may agree
	ByEmail []account
	Asked   bool // the reader asked for it, or manages people: may take it back
}

// weighAll gives the requests that a person may see.
func (r *Room) weighAll(ctx context.Context, q db.Reader, me web.Person, all []Request) ([]weighed, error) {
	if len(all) == 0 {
		return nil, nil
	}
	people, err := accounts(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []weighed
	for _, rq := range all {
		w, err := r.weigh(ctx, q, rq, people)
		if err != nil {
			return nil, err
		}
		x := weighed{Request: rq, Seconds: rq.secondsInWords(w.may), Asked: rq.askedBy(me),
			Yours: slices.ContainsFunc(w.may, func(a account) bool { return a.ID == me.ID })}
		if x.Asked {
			x.ByEmail = partners(w.may)
		}
		if x.Yours || x.Asked {
			out = append(out, x)
		}
	}
	return out, nil
}

// Todos says what waits for a person to agree to.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	waiting, err := waitingRequests(ctx, r.Work, db.At(r.Now()))
	if err != nil {
		return nil, db.Wrap(err, "requests that wait")
	}
	list, err := r.weighAll(ctx, r.Work, p, waiting)
	if err != nil {
		return nil, db.Wrap(err, "requests that wait")
	}
	list = slices.DeleteFunc(list, func(x weighed) bool { return !x.Yours })
	if len(list) == 0 {
		return nil, nil
	}
	first := list[0]
	todo := web.Todo{Title: "A second person is needed: " + first.About(), Href: first.Href(), Act: "Decide",
		Words: first.Asker + " asks " + first.What() + ".", Due: period.DateOf(lang.London(first.Until.Time))}
	if n := len(list); n > 1 {
		todo.Title, todo.Href = lang.Sentence(lang.Words(n))+" requests need a second person", requestsRoot
		todo.Words = "The first: " + todo.Words
	}
	return []web.Todo{todo}, nil
}

// About says whom or what a request is about.
func (q Request) About() string {
	switch q.Kind {
	case askChange:
		return "the role " + q.role
	case askWebsite, askFrom, askMail:
		return keptSettings[q.Kind].about
	}
	return q.Person
}

// givesWords says what a request lets somebody do.
func (r *Room) givesWords(ctx context.Context, rq Request) ([]string, error) {
	switch rq.Kind {
	case askFactor:
		return []string{"Only their own mailbox says that this is " + rq.Person + ". Telephone them on a number that you " +
			"know, and ask whether they set a password.",
			"If you agree, they may add a passkey or an app at once, and go on with all that their roles allow.",
			"If you decline, their password ends and they are signed out. They can have another link sent."}, nil
	case askChange:
		return r.changeWords(ctx, rq.Value)
	case askWebsite, askFrom, askMail:
		return r.keptWords(ctx, rq)
	}
	held, err := rolesOf(ctx, r.Work, rq.PersonID)
	if err != nil {
		return nil, err
	}
	if rq.Kind == askRole {
		known, err := readCatalogue(ctx, r.Work)
		if err != nil {
			return nil, err
		}
		if held, err = known.give([]string{rq.Value}); errors.Is(err, ErrUnknownRole) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	var out []string
	for _, g := range held {
		out = append(out, g.Title+": "+g.ComesTo)
	}
	return out, nil
}

type requestsPage struct {
	ui.Base
	Yours, Others []weighed
}

// Several reports whether there is more than one for the reader, who may then tick them.
func (p requestsPage) Several() bool { return len(p.Yours) > 1 }

func (r *Room) listRequests(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	waiting, err := waitingRequests(ctx, r.Work, db.At(r.Now()))
	if err != nil {
		return err
	}
	list, err := r.weighAll(ctx, r.Work, web.PersonOf(req), waiting)
	if err != nil {
		return err
	}
	page := requestsPage{Base: web.Crumbs(web.Base(req, "What needs a second person"), "Home", "/work",
		"What needs a second person", "")}
	for _, x := range list {
		if x.Yours {
			page.Yours = append(page.Yours, x)
		} else {
			page.Others = append(page.Others, x)
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "requests", page)
}

// agreeRequests agrees to those that were ticked.
func (r *Room) agreeRequests(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	was, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	agreed, failed, err := r.AgreeRequests(req.Context(), web.PersonOf(req), f.Values("requests"))
	if err != nil {
		return err
	}
	words := lang.Sentence(lang.Plural(agreed, "request is", "requests are")) + " agreed. They hold from now on."
	switch {
	case len(f.Values("requests")) == 0:
		words = "Nothing was agreed: tick what you agree to."
	case len(failed) > 0:
		words = fmt.Sprintf("%d agreed. %s could not be: they were decided, taken back or changed meanwhile.", agreed,
			lang.Sentence(lang.Plural(len(failed), "other", "others")))
	case agreed == 1:
		words = "Agreed. It holds from now on."
	}
	return r.decided(w, req, was, words)
}

type requestPage struct {
	ui.Base
	Request weighed
	Rows    []ui.Row
	Gives   []string // what it lets them do, in words
	Waits   bool
	Lately  []audittrail.Entry // what others did to the account, as far back as broughtIn
}

// lately lists what others than its owner did to an account lately: who agrees gives power
// to whoever can sign in to it now.
func (r *Room) lately(ctx context.Context, me web.Person, personID string) ([]audittrail.Entry, error) {
	all, err := audittrail.Of(ctx, r.Work, subject, personID)
	since := r.Now().Add(-broughtIn)
	all = slices.DeleteFunc(all, func(e audittrail.Entry) bool {
		return e.PersonID == personID || e.At.Before(since)
	})
	for i := range all {
		if !me.May(access.PeopleRead) {
			all[i].Changes = ""
		}
	}
	return all, err
}

func (r *Room) showRequest(w http.ResponseWriter, req *http.Request) error {
	ctx, me := req.Context(), web.PersonOf(req)
	rq, err := requestByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	list, err := r.weighAll(ctx, r.Work, me, []Request{rq})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return web.ErrNotFound
	}
	page := requestPage{Request: list[0], Waits: rq.State == "waiting" && rq.Until.After(r.Now()),
		Base: web.Crumbs(web.Base(req, "A second person for "+rq.About()), "Home", "/work", "What needs a second person",
			requestsRoot, lang.Sentence(rq.About()), "")}
	if page.Gives, err = r.givesWords(ctx, rq); err != nil {
		return err
	}
	if page.Lately, err = r.lately(ctx, me, rq.PersonID); err != nil {
		return err
	}
	signsIn := "Signs in with"
	if rq.OfNobody() {
		signsIn = rq.Asker + " signs in with"
	}
	person := ui.Row{Key: "For", Value: lang.Sentence(rq.About())}
	if !rq.OfNobody() && me.May(access.PeopleRead) {
		person.Href, person.Act, person.About = href(rq.PersonID), "See", "the person"
	}
	page.Rows = []ui.Row{person}
	if !rq.OfNobody() {
		of, err := personByID(ctx, r.Work, rq.PersonID)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, ui.Row{Key: "Organisation", Value: cmp.Or(of.Organisation, "None named")})
	}
	page.Rows = append(page.Rows, ui.Row{Key: signsIn, Value: rq.Email},
		ui.Row{Key: "Asked by", Value: rq.Asker + ", " + lang.DateTime(rq.AskedAt.Time)},
		ui.Row{Key: "Why", Value: rq.Reason})
	switch {
	case page.Waits:
		page.Rows = append(page.Rows, ui.Row{Key: "Waits until", Value: lang.Date(lang.London(rq.Until.Time))})
	case rq.Decider != "":
		page.Rows = append(page.Rows, ui.Row{Key: lang.Sentence(rq.State) + " by",
			Value: rq.Decider + ", " + lang.DateTime(rq.Decided.Time)})
	}
	return web.Render(w, http.StatusOK, r.pages, "request", page)
}

// decide answers a button of a request.
func (r *Room) decide(w http.ResponseWriter, req *http.Request, words string,
	act func(context.Context, web.Person, string) error) error {
	was, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	if err := act(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return r.decided(w, req, was, words)
}

// decided leads back to the list, or says where to go on where what was agreed is that the
// website has another address: nothing may answer at this one any more.
func (r *Room) decided(w http.ResponseWriter, req *http.Request, was mail.Site, words string) error {
	now, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	if now.Address == was.Address || !now.Known() {
		return web.SeeOther(w, req, requestsRoot, words)
	}
	return web.Render(w, http.StatusOK, r.pages, "decide", decidePage{Base: plain(req, "Agree, or not"),
		Done: words + " The website is at " + now.Address + " now.", Next: now.Link("/work")})
}

func (r *Room) agreeRequest(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, "Agreed. It holds from now on.", r.AgreeRequest)
}

func (r *Room) declineRequest(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, "Declined. Nothing was changed.", r.DeclineRequest)
}

func (r *Room) withdrawRequest(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, "Taken back. Nothing was changed.", r.WithdrawRequest)
}

func (r *Room) sendCode(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	id := req.PathValue("id")
	if err := r.SendCode(req.Context(), web.PersonOf(req), id, f.Value("person")); err != nil {
		return err
	}
	const words = "An e-mail with a code is on its way to them. It works for 30 minutes."
	return web.SeeOther(w, req, requestsRoot+"/"+id, words)
}

type decidePage struct {
	ui.Base
	Form ui.Form
	Done string // what was done, in words; "" while it is asked
	Next string // where to go on, where that is another address
}

// Decisions are the answers there are.
func (decidePage) Decisions() []ui.Choice {
	return ui.Choices("agree", "Yes, I agree", "decline", "No, I do not")
}

// showDecide asks for a code. It tells nothing of the request: the e-mail does.
func (r *Room) showDecide(w http.ResponseWriter, req *http.Request) error {
	page := decidePage{Base: plain(req, "Agree, or not"), Form: web.NewForm()}
	return web.Render(w, http.StatusOK, r.pages, "decide", page)
}

func (r *Room) decideByCode(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	page := decidePage{Base: plain(req, "Agree, or not"), Form: f}
	code := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, f.Value("code"))
	if code == "" {
		f.Add("code", "Enter the code from the e-mail")
	}
	decision := f.OneOf("decision", "Say whether you agree", "agree", "decline")
	if f.OK() {
		err := r.DecideByCode(req.Context(), req.PathValue("id"), code, decision == "agree")
		switch {
		case errors.Is(err, ErrWrongCode):
			f.Add("code", "That is not the code. Look at the newest e-mail")
		case errors.Is(err, db.ErrNotFound):
			return ErrRequestCodeSpent
		case err != nil:
			return err
		case decision == "agree":
			page.Done = "You agreed. It holds from now on, and stands in the records with your name."
		default:
			page.Done = "You declined. Nothing was changed."
		}
	}
	status := http.StatusOK
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, status, r.pages, "decide", page)
}
