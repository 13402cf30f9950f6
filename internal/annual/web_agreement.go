package annual

import (
	"context"
	"errors"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// agreementRoutes are the addresses at which the statutory partners are asked and answer.
func (r *Room) agreementRoutes() []web.Route {
	const at = "/work/report/{year}"
	return []web.Route{
		{Pattern: "GET " + at + "/propose", Permission: access.ReportEdit, Handle: r.confirmProposeReport},
		{Pattern: "POST " + at + "/propose", Permission: access.ReportEdit, Handle: r.proposeReport},
		{Pattern: "GET " + at + "/take-back", Permission: access.ReportEdit, Handle: r.confirmTakeBackReport},
		{Pattern: "POST " + at + "/take-back", Permission: access.ReportEdit, Handle: r.takeBackReport},
		{Pattern: "POST " + at + "/chase", Permission: access.ReportEdit, Handle: r.chaseReport},
		{Pattern: "GET " + at + "/ask-again", Permission: access.ReportEdit, Handle: r.confirmAskAgainReport},
		{Pattern: "POST " + at + "/ask-again", Permission: access.ReportEdit, Handle: r.askAgainReport},
		{Pattern: "GET " + at + "/agree", Permission: access.ReportSign, Handle: r.confirmAgreeReport},
		{Pattern: "POST " + at + "/agree", Permission: access.ReportSign, Handle: r.agreeReport},
		{Pattern: "GET " + at + "/request-change", Permission: access.ReportSign, Handle: r.confirmRequestChangeReport},
		{Pattern: "POST " + at + "/request-change", Permission: access.ReportSign, Handle: r.requestChangeReport},
		{Pattern: "GET " + at + "/decline", Permission: access.ReportSign, Handle: r.confirmDeclineReport},
		{Pattern: "POST " + at + "/decline", Permission: access.ReportSign, Handle: r.declineReport},
	}
}

// agreementBox is how the partners stand to a report, as one reader sees it.
type agreementBox struct {
	Agreement
	Report Report
	Sees   bool // the reader may see who answered what
	Asks   bool // and ask
	Mark   string
	// CameBack is what came back from those who are asked.
	CameBack mail.Back
}

func boxOf(by web.Person, rep Report, a Agreement) agreementBox {
	return agreementBox{Agreement: a, Report: rep, Sees: askedRules.MayAll(by, access.Read),
		Asks: askedRules.MayAll(by, access.Change), Mark: a.form().Mark()}
}

// proposePage asks whom to ask for each partner.
type proposePage struct {
	ui.FormPage
	Report   Report
	Partners []partnerField
	Holds    []hold // what is not right with the draft yet
}

// A partnerField is the field for who agrees for one partner.
type partnerField struct {
	Field, Label, Hint string
}

// signing lists who signs for each partner and can open the report.
func (r *Room) signing(ctx context.Context, partners []register.Organisation) ([][]web.Person, error) {
	list, err := r.People.WhoMay(ctx, r.Work, access.ReportSign)
	if err != nil {
		return nil, err
	}
	out := make([][]web.Person, len(partners))
	for i, o := range partners {
		for _, p := range list {
			if p.May(access.ReportRead) && askedRules.May(p, signFor, access.Object{OrganisationID: o.ID}) {
				out[i] = append(out[i], p)
			}
		}
	}
	return out, nil
}

func (r *Room) proposeForm(w http.ResponseWriter, req *http.Request, rep Report,
	partners []register.Organisation) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		p := proposePage{Report: rep}
		p.Base, p.Form, p.Cancel = r.yearBase(req, rep, "Ask the partners to agree"), f, href(rep.Year)
		sign, err := r.signing(req.Context(), partners)
		if err != nil {
			return err
		}
		for i, o := range partners {
			hint := "Nobody signs for it yet: give somebody of theirs a role that signs, under People"
			if len(sign[i]) > 0 {
				var names []string
				for _, x := range sign[i] {
					names = append(names, x.Name)
				}
				hint = lang.Join(names) + lang.Noun(len(names), " signs for it", " sign for it")
			}
			p.Partners = append(p.Partners, partnerField{signerField(i), o.Name, hint})
		}
		b, err := r.evaluate(req.Context(), rep.Year, false)
		if err != nil {
			return err
		}
		p.Holds = b.holds()
		return web.Render(w, status, r.pages, "propose", p)
	}
}

// proposing gives the report of a request and its partners, where they can be asked.
func (r *Room) proposing(req *http.Request) (Report, []register.Organisation, error) {
	rep, err := r.asked(req)
	if err != nil {
		return rep, nil, err
	}
	if _, err := openAsking(req.Context(), r.Work, rep.Year); err == nil {
		return rep, nil, errAsked
	} else if !errors.Is(err, db.ErrNotFound) {
		return rep, nil, err
	}
	partners, err := r.Partners(req.Context(), r.Work)
	if err == nil && len(partners) == 0 {
		err = web.Conflict("No statutory safeguarding partner is known here",
			"Say under Organisations which are the statutory safeguarding partners, then ask them.")
	}
	return rep, partners, err
}

func (r *Room) confirmProposeReport(w http.ResponseWriter, req *http.Request) error {
	rep, partners, err := r.proposing(req)
	if err != nil {
		return err
	}
	sign, err := r.signing(req.Context(), partners)
	if err != nil {
		return err
	}
	f := web.NewRecord()
	for i := range partners {
		if len(sign[i]) == 1 {
			f.Choose(signerField(i), sign[i][0].ID, register.PersonWords(sign[i][0].Name, sign[i][0].Email))
		}
	}
	return r.proposeForm(w, req, rep, partners)(http.StatusOK, f)
}

func (r *Room) proposeReport(w http.ResponseWriter, req *http.Request) error {
	rep, partners, err := r.proposing(req)
	if err != nil {
		return err
	}
	by := web.PersonOf(req)
	return web.Submit(w, req, r.proposeForm(w, req, rep, partners), func(f *web.Form) (web.Done, error) {
		p, err := r.readProposal(req.Context(), by, f, partners)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.ProposeReport(req.Context(), by, rep.Year, p)
		return web.Done{To: href(rep.Year) + "#agreement", Words: "The partners were asked, and told by e-mail."},
			inWordsOf(err)
	})
}

var (
	errAsked = web.Conflict("The partners are asked already",
		"Their answers are on the report’s page. Call it back there to ask others.")
	errNotAsked = web.Conflict("This report does not wait to be agreed",
		"It was called back or published meanwhile, or nobody has asked yet. What you wrote was not sent.")
)

// inWordsOf turns what an action of this file returns into what a person can do.
func inWordsOf(err error) error {
	switch {
	case errors.Is(err, ErrAsked):
		return errAsked
	case errors.Is(err, ErrNotAsked):
		return errNotAsked
	}
	return err
}

// agreementNow gives a report and how the partners stand to it, with the texts compared.
func (r *Room) agreementNow(req *http.Request) (Report, Agreement, error) {
	b, err := r.evaluate(req.Context(), req.PathValue("year"), false)
	if err != nil {
		return Report{}, Agreement{}, err
	}
	a, err := r.agreement(req.Context(), r.Work, b.text.report.Year, b.reading())
	if err == nil && a.Asking == nil {
		err = errNotAsked
	}
	return b.text.report, a, err
}

func (r *Room) confirmTakeBackReport(w http.ResponseWriter, req *http.Request) error {
	rep, a, err := r.agreementNow(req)
	if err != nil {
		return err
	}
	return web.Confirm(w, req, a.form(), r.yearBase(req, rep, "Call back what the partners were asked?"), "Call it back",
		href(rep.Year), "Nobody is asked to agree "+rep.Title+" any more. Those who were asked are told by e-mail.",
		"What they answered stays in the report’s history. You can ask again at any time.")
}

func (r *Room) takeBackReport(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmTakeBackReport, func(seen web.Seen) (web.Done, error) {
		year := req.PathValue("year")
		err := r.TakeBackReport(req.Context(), web.PersonOf(req), year, seen)
		return web.Done{To: href(year) + "#agreement", Words: "The partners are asked no more."}, inWordsOf(err)
	})
}

func (r *Room) chaseReport(w http.ResponseWriter, req *http.Request) error {
	year := req.PathValue("year")
	return web.Press(w, req, func(*web.Form) (web.Done, error) {
		n, err := r.ChaseReport(req.Context(), web.PersonOf(req), year)
		words := lang.Plural(n, "person was", "people were") + " reminded by e-mail."
		if n == 0 {
			words = "Nobody was written to: whoever has not answered was written to within the last day."
		}
		return web.Done{To: href(year) + "#agreement", Words: words}, inWordsOf(err)
	})
}

func (r *Room) confirmAskAgainReport(w http.ResponseWriter, req *http.Request) error {
	rep, a, err := r.agreementNow(req)
	if err == nil && !a.Again() {
		err = web.Conflict("Nobody has to be asked again", "Nothing has changed since those who answered read the report.")
	}
	if err != nil {
		return err
	}
	var names []string
	for _, s := range a.toAskAgain() {
		names = append(names, s.Who())
	}
	return web.Confirm(w, req, a.form(), r.yearBase(req, rep, "Ask again about the text as it is now?"), "Ask again",
		href(rep.Year), lang.Sentence(lang.Join(names))+" answered to an earlier text. They are told by e-mail.")
}

func (r *Room) askAgainReport(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmAskAgainReport, func(seen web.Seen) (web.Done, error) {
		year := req.PathValue("year")
		err := r.AskAgainReport(req.Context(), web.PersonOf(req), year, seen)
		return web.Done{To: href(year) + "#agreement", Words: "They were asked again, and told by e-mail."}, inWordsOf(err)
	})
}

// An askBox asks a reader of the draft to agree it.
type askBox struct {
	Report  Report
	By      string // who asks
	For     string // the partners that the reader answers for
	Words   string
	DueOn   period.Date
	Mine    Signer
	Mark    string   // of the text as it is read
	Changed []string // since the reader answered last
}

// askBoxOf is for those who are asked to agree a report; nil for everybody else.
func (r *Room) askBoxOf(ctx context.Context, by web.Person, rep Report, now reading) (*askBox, error) {
	if !by.May(access.ReportSign) {
		return nil, nil
	}
	a, err := r.agreement(ctx, r.Work, rep.Year, now)
	if err != nil || a.Asking == nil {
		return nil, err
	}
	mine := a.of(by)
	if len(mine) == 0 {
		return nil, nil
	}
	box := &askBox{Report: rep, By: a.Asking.AskedBy, Words: a.Asking.Words, DueOn: a.Asking.DueOn, Mine: mine[0],
		For: partnersOf(mine), Mark: now.form().Mark()}
	if mine[0].Last.Answer != "" {
		box.Changed = mine[0].Changed
	}
	return box, nil
}

// ChangedWords says what is not as it was when the reader answered.
func (b askBox) ChangedWords() string { return lang.Join(b.Changed) }

// partnersOf names the partners that somebody was asked for.
func partnersOf(mine []Signer) string {
	var names []string
	for _, s := range mine {
		names = append(names, s.Organisation)
	}
	return lang.Join(names)
}

// answerPage asks somebody for what they say to a report.
type answerPage struct {
	ui.FormPage
	Report     Report
	For        string
	Label, Act string
	Agrees     bool
	Chapters   []ui.Choice
	Changed    []string // what changed while they read; nil while nothing did
}

// An answering is one of the three ways to answer, as its page says it.
type answering struct {
	as                      register.Answer
	title, label, act, done string
}

var (
	agreeing   = answering{register.Agreed, "Agree the report?", "", "Agree", "You agreed the report."}
	requesting = answering{register.Change, "Ask for a change", "What should be changed?", "Ask for it",
		"You asked for a change."}
	declining = answering{register.Declined, "Decline to agree the report", "Why?", "Decline",
		"You declined to agree the report."}
)

// answer opens the page on which somebody answers, or keeps what they say.
func (r *Room) answer(w http.ResponseWriter, req *http.Request, way answering) error {
	ctx, by := req.Context(), web.PersonOf(req)
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	a, err := agreementOf(ctx, r.Work, rep.Year)
	if err != nil {
		return err
	}
	mine := a.of(by)
	switch {
	case a.Asking == nil:
		return errNotAsked
	case len(mine) == 0:
		return web.ErrNotFound
	}
	b, err := r.evaluate(ctx, rep.Year, false)
	if err != nil {
		return err
	}
	now := b.reading()
	titles := make([]string, 0, len(now))
	for _, t := range now[1:] {
		titles = append(titles, t.Title)
	}
	show := func(status int, f *web.Form) error {
		p := answerPage{Report: rep, For: partnersOf(mine), Label: way.label, Act: way.act,
			Agrees: way.as == register.Agreed, Chapters: ui.TextChoices(titles)}
		p.Base, p.Form, p.Cancel = r.yearBase(req, rep, way.title), f, draftHref(rep.Year)
		if f.ChangedWords() != "" {
			p.Changed = now.changedIn(f)
		}
		return web.Render(w, status, r.pages, "answer", p)
	}
	if req.Method == http.MethodGet {
		return show(http.StatusOK, now.form())
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		words, chapter := "", ""
		if way.as != register.Agreed {
			words = f.Text("words", "", maxWordsAsked)
		}
		if way.as == register.Change && f.Value("chapter") != "" {
			chapter = f.OneOf("chapter", "Choose one of the chapters there are", titles...)
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.AnswerReport(ctx, by, rep.Year, way.as, words, chapter, f.Seen())
		return web.Done{To: draftHref(rep.Year), Words: way.done + " " + a.Asking.AskedBy + " is told by e-mail."},
			inWordsOf(err)
	})
}

func (r *Room) confirmAgreeReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, agreeing)
}

func (r *Room) agreeReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, agreeing)
}

func (r *Room) confirmRequestChangeReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, requesting)
}

func (r *Room) requestChangeReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, requesting)
}

func (r *Room) confirmDeclineReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, declining)
}

func (r *Room) declineReport(w http.ResponseWriter, req *http.Request) error {
	return r.answer(w, req, declining)
}
