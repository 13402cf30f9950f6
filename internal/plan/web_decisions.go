package plan

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// decisionRoutes are the addresses at which the safeguarding partners are asked and decide.
func (r *Room) decisionRoutes() []web.Route {
	const at = root + "/years/{year}"
	return []web.Route{
		{Pattern: "GET " + at + "/propose", Permission: access.PlanManage, Handle: r.confirmProposePlan},
		{Pattern: "POST " + at + "/propose", Permission: access.PlanManage, Handle: r.proposePlan},
		{Pattern: "GET " + at + "/agree", Permission: access.ReportSign, Handle: r.confirmAgreePlan},
		{Pattern: "POST " + at + "/agree", Permission: access.ReportSign, Handle: r.agreePlan},
		{Pattern: "GET " + at + "/question", Permission: access.ReportSign, Handle: r.confirmQuestionPlan},
		{Pattern: "POST " + at + "/question", Permission: access.ReportSign, Handle: r.questionPlan},
		{Pattern: "GET " + at + "/decline", Permission: access.ReportSign, Handle: r.confirmDeclinePlan},
		{Pattern: "POST " + at + "/decline", Permission: access.ReportSign, Handle: r.declinePlan},
	}
}

func (r *Room) confirmProposePlan(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	if !p.AskedOn.IsZero() || !p.AgreedOn.IsZero() {
		return errMoved
	}
	return confirm(w, req, wholePlan(p), href(p.Year), "Ask the safeguarding partners to agree "+p.Title+"?",
		"Ask them", "Those who sign for a partner are told by e-mail. When all of them agree, the plan is agreed.")
}

func (r *Room) proposePlan(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmProposePlan, func(seen web.Seen) (web.Done, error) {
		year := req.PathValue("year")
		err := r.ProposePlan(req.Context(), web.PersonOf(req), year, seen)
		return web.Done{To: href(year), Words: "The partners were asked."}, words(err, ErrMoved, errMoved)
	})
}

// deciding gives the plan of a request to somebody who decides on it for a partner.
func (r *Room) deciding(req *http.Request) (Plan, error) {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return p, err
	}
	all, err := r.parties(req.Context(), r.Work, web.PersonOf(req), p.Year)
	if err != nil {
		return p, err
	}
	if _, found := yours(all); !found {
		return p, web.ErrNotFound
	}
	if !p.Waits() {
		return p, errNotAsked
	}
	return p, nil
}

func (r *Room) confirmAgreePlan(w http.ResponseWriter, req *http.Request) error {
	p, err := r.deciding(req)
	if err != nil {
		return err
	}
	return confirm(w, req, wholePlan(p), href(p.Year), "Agree "+p.Title+"?", "Agree", p.Summary,
		"You agree for your organisation. Whoever keeps the plan is told.")
}

func (r *Room) agreePlan(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmAgreePlan, func(seen web.Seen) (web.Done, error) {
		year := req.PathValue("year")
		to := href(year)
		if req.PostFormValue("back") == "home" {
			to = "/work"
		}
		err := r.DecidePlan(req.Context(), web.PersonOf(req), year, register.Agreed, "", seen)
		return web.Done{To: to, Words: "You agreed the plan."}, words(err, ErrMoved, errNotAsked)
	})
}

// decidePage asks a partner for words to a plan.
type decidePage struct {
	ui.FormPage
	Plan       Plan
	Label, Act string
}

func (r *Room) decideForm(w http.ResponseWriter, req *http.Request, p Plan, title, label, act string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "decide", decidePage{FormPage: ui.FormPage{
			Base: base(req, title, "Business plan "+p.Year, href(p.Year), title, ""), Form: f, Cancel: href(p.Year)},
			Plan: p, Label: label, Act: act})
	}
}

// decide answers a page that asked for words to a plan, or opens it where nothing was posted.
func (r *Room) decide(w http.ResponseWriter, req *http.Request, as register.Answer, title, label, act,
	done string) error {
	p, err := r.deciding(req)
	if err != nil {
		return err
	}
	show := r.decideForm(w, req, p, title, label, act)
	if req.Method == http.MethodGet {
		return show(http.StatusOK, web.NewRecord())
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		text := f.Text("words", "", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.DecidePlan(req.Context(), web.PersonOf(req), p.Year, as, text, f.Seen())
		return web.Done{To: href(p.Year), Words: done}, words(err, ErrMoved, errNotAsked)
	})
}

func (r *Room) confirmQuestionPlan(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, register.Question, "Ask a question", "What do you ask?", "Ask", "")
}

func (r *Room) questionPlan(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, register.Question, "Ask a question", "What do you ask?", "Ask", "Your question was sent.")
}

func (r *Room) confirmDeclinePlan(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, register.Declined, "Decline the plan", "Why?", "Decline", "")
}

func (r *Room) declinePlan(w http.ResponseWriter, req *http.Request) error {
	return r.decide(w, req, register.Declined, "Decline the plan", "Why?", "Decline", "You declined the plan.")
}

var errNotAsked = web.Conflict("This plan does not wait to be agreed",
	"It was agreed meanwhile, or nobody has asked the partners yet.")
