package annual

import (
	"errors"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// contributionRoutes are the addresses at which agencies are asked to contribute, and answer.
// Those of one contribution stand outside of the report, which whoever is asked may have no right
// to read.
func (r *Room) contributionRoutes() []web.Route {
	const asked, at = "/work/report/{year}/contributions/new", "/work/contributions/{id}"
	return []web.Route{
		{Pattern: "GET " + asked, Permission: access.ReportEdit, Handle: r.newContribution},
		{Pattern: "POST " + asked, Permission: access.ReportEdit, Handle: r.addContribution},
		{Pattern: "GET " + at, Permission: web.SignedIn, Handle: r.showContribution},
		{Pattern: "GET " + at + "/give", Permission: web.SignedIn, Handle: r.confirmGiveContribution},
		{Pattern: "POST " + at + "/give", Permission: web.SignedIn, Handle: r.giveContribution},
		{Pattern: "GET " + at + "/decline", Permission: web.SignedIn, Handle: r.confirmDeclineContribution},
		{Pattern: "POST " + at + "/decline", Permission: web.SignedIn, Handle: r.declineContribution},
		{Pattern: "GET " + at + "/take-back", Permission: access.ReportEdit, Handle: r.confirmTakeBackContribution},
		{Pattern: "POST " + at + "/take-back", Permission: access.ReportEdit, Handle: r.takeBackContribution},
		{Pattern: "GET " + at + "/use", Permission: access.ReportEdit, Handle: r.confirmUseContribution},
		{Pattern: "POST " + at + "/use", Permission: access.ReportEdit, Handle: r.useContribution},
	}
}

type askPage struct {
	ui.FormPage
	Report   Report
	Chapters []ui.Choice
}

func (r *Room) contributionForm(w http.ResponseWriter, req *http.Request, rep Report) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		list, err := chapters(req.Context(), r.Work, rep.Year)
		if err != nil {
			return err
		}
		p := askPage{Report: rep}
		p.Chapters = ui.ChoicesOf(list, func(c Chapter) (string, string) { return c.ID, c.readTitle() })
		p.Base, p.Form, p.Cancel = r.yearBase(req, rep, "Ask an agency to contribute"), f, href(rep.Year)
		return web.Render(w, status, r.pages, "ask", p)
	}
}

func (r *Room) newContribution(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return r.contributionForm(w, req, rep)(http.StatusOK, web.NewRecord("chapter", req.URL.Query().Get("chapter")))
}

func (r *Room) addContribution(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	ctx, by := req.Context(), web.PersonOf(req)
	return web.Submit(w, req, r.contributionForm(w, req, rep), func(f *web.Form) (web.Done, error) {
		c := Contribution{Year: rep.Year, ChapterID: db.Opt(f.Text("chapter", "", 40))}
		who, err := register.PickPerson(ctx, r.Work, by, f, "person", "Choose who is asked", "")
		if err != nil {
			return web.Done{}, err
		}
		c.PersonID = who.ID
		c.Asked, c.DueOn = f.Text("asked", "Say what you ask them to write", maxWordsAsked),
			f.Date("due", "Enter the day by which you want it")
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err = r.AddContribution(ctx, by, c)
		return web.Done{To: href(rep.Year) + "#contributions", Words: who.Name + " was asked, and told by e-mail."}, err
	})
}

// contributionPage is one contribution, for whoever was asked and for those who write the report.
type contributionPage struct {
	ui.FormPage
	Contribution Contribution
	Overdue      bool
	Gives        bool // it is the reader's to answer
	Manages      bool // the reader writes the report
	MayUse       bool // it can be put into its chapter
	CameBack     mail.Back
	History      []audittrail.Entry
}

// readable finds the contribution that an address names, for somebody who may do something
// with it.
func (r *Room) readable(req *http.Request, do access.Act) (Contribution, error) {
	c, err := contribution(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && !contributionRules.May(web.PersonOf(req), do, c.of()) {
		err = web.ErrNotFound
	}
	return c, err
}

// contributionBase is the frame of a page of a contribution. Who may not read the report has no
// way to it.
func (r *Room) contributionBase(req *http.Request, c Contribution, title string, below bool) ui.Base {
	var way []string
	if web.PersonOf(req).May(access.ReportRead) {
		way = append(way, "Yearly reports", root, c.Year, href(c.Year))
	}
	if below {
		way = append(way, "Contribution", contributionHref(c.ID))
	}
	return web.Crumbs(web.Base(req, title), way...)
}

func (r *Room) showContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := r.readable(req, access.Read)
	if err != nil {
		return err
	}
	ctx, by := req.Context(), web.PersonOf(req)
	p := contributionPage{Contribution: c, Overdue: c.Overdue(r.Now.Today()),
		Gives:   c.Waiting() && contributionRules.May(by, contribute, c.of()),
		Manages: contributionRules.May(by, access.Change, c.of())}
	p.Base = r.contributionBase(req, c, "Contribution: "+c.For(), false)
	p.MayUse = p.Manages && c.Given() && c.UsedAt.IsZero() && c.Chapter != ""
	if p.Manages {
		if p.CameBack, err = mail.ReturnedOf(ctx, r.Work, c.Email); err != nil {
			return err
		}
		if p.History, err = audittrail.Of(ctx, r.Work, contributionSubject, c.ID); err != nil {
			return err
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "contribution", p)
}

var errAnswered = web.Conflict("This contribution waits for nobody any more",
	"It was given, declined or called back meanwhile. What you wrote was not kept.")

// answerForm opens the page on which somebody answers what they were asked, or keeps the answer.
func (r *Room) answerForm(w http.ResponseWriter, req *http.Request, template, title string,
	keep func(c Contribution, f *web.Form) (web.Done, error)) error {
	c, err := r.readable(req, contribute)
	if err == nil && !c.Waiting() {
		err = errAnswered
	}
	if err != nil {
		return err
	}
	show := func(status int, f *web.Form) error {
		p := contributionPage{Contribution: c, Overdue: c.Overdue(r.Now.Today())}
		p.Base, p.Form, p.Cancel = r.contributionBase(req, c, title, true), f, contributionHref(c.ID)
		return web.Render(w, status, r.pages, template, p)
	}
	if req.Method == http.MethodGet {
		return show(http.StatusOK, fillContribution(c))
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		done, err := keep(c, f)
		if errors.Is(err, ErrAnswered) {
			err = errAnswered
		}
		return done, err
	})
}

func (r *Room) confirmGiveContribution(w http.ResponseWriter, req *http.Request) error {
	return r.giveContribution(w, req)
}

func (r *Room) giveContribution(w http.ResponseWriter, req *http.Request) error {
	const title = "Write your contribution"
	return r.answerForm(w, req, "contribute", title, func(c Contribution, f *web.Form) (web.Done, error) {
		text := f.Text("text", "Write your contribution", maxContribution)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.GiveContribution(req.Context(), web.PersonOf(req), c.ID, text, f.Seen())
		return web.Done{To: contributionHref(c.ID), Words: "Thank you. " + c.AskedBy + " is told."}, err
	})
}

func (r *Room) confirmDeclineContribution(w http.ResponseWriter, req *http.Request) error {
	return r.declineContribution(w, req)
}

func (r *Room) declineContribution(w http.ResponseWriter, req *http.Request) error {
	const title = "Decline to contribute"
	return r.answerForm(w, req, "not-contribute", title, func(c Contribution, f *web.Form) (web.Done, error) {
		why := f.Text("why", "Say why, so that it can be asked of somebody else", maxWordsAsked)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.DeclineContribution(req.Context(), web.PersonOf(req), c.ID, why, f.Seen())
		return web.Done{To: contributionHref(c.ID), Words: "You declined. " + c.AskedBy + " is told."}, err
	})
}

// maxContribution is the longest that a contribution may be, in characters.
const maxContribution = 30_000

func (r *Room) confirmTakeBackContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := r.readable(req, access.Change)
	if err == nil && !c.Waiting() {
		err = errAnswered
	}
	if err != nil {
		return err
	}
	return web.Confirm(w, req, fillContribution(c), r.contributionBase(req, c, "Ask "+c.Person+" no more?", true),
		"Call it back", contributionHref(c.ID), "They are told by e-mail that it is not needed.")
}

func (r *Room) takeBackContribution(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmTakeBackContribution, func(seen web.Seen) (web.Done, error) {
		id := req.PathValue("id")
		err := r.TakeBackContribution(req.Context(), web.PersonOf(req), id, seen)
		if errors.Is(err, ErrAnswered) {
			err = errAnswered
		}
		return web.Done{To: contributionHref(id), Words: "It is asked for no more."}, err
	})
}

var errCannotUse = web.Conflict("This cannot be put into a chapter",
	"It is in the chapter already, was not given, or the chapter was taken out.")

func (r *Room) confirmUseContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := r.readable(req, access.Change)
	if err == nil && (!c.Given() || !c.UsedAt.IsZero() || c.Chapter == "") {
		err = errCannotUse
	}
	if err != nil {
		return err
	}
	return web.Confirm(w, req, fillContribution(c), r.contributionBase(req, c, "Put it into “"+c.Chapter+"”?", true),
		"Put it in", contributionHref(c.ID), "The "+lang.Plural(wordsIn(c.Text), "word stands", "words stand")+
			" at the end of the chapter then, as a new version. Edit them there like any text.")
}

func (r *Room) useContribution(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmUseContribution, func(seen web.Seen) (web.Done, error) {
		c, err := r.readable(req, access.Change)
		if err != nil {
			return web.Done{}, err
		}
		err = r.UseContribution(req.Context(), web.PersonOf(req), c.ID, seen)
		switch {
		case errors.Is(err, ErrAnswered):
			err = errCannotUse
		case errors.Is(err, ErrTooLong):
			err = web.Conflict("The chapter would be too long", "Make two chapters of it first, or shorten it.")
		}
		return web.Done{To: chapterHref(Chapter{Year: c.Year, ID: string(c.ChapterID)}),
			Words: "It stands at the end of the chapter."}, err
	})
}
