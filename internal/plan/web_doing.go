package plan

import (
	"context"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// doingRoutes are the addresses at which people do their own part of an action, and at which
// whoever looks after it answers them. Whose an action is, the room's rules say.
func (r *Room) doingRoutes() []web.Route {
	const at = actionsRoot + "/{id}"
	return []web.Route{
		{Pattern: "GET " + at + "/comment", Permission: access.PlanRead, Handle: r.confirmCommentAction},
		{Pattern: "POST " + at + "/comment", Permission: access.PlanRead, Handle: r.commentAction, Adds: true},
		{Pattern: "GET " + at + "/claim", Permission: access.PlanRead, Handle: r.confirmClaimAction},
		{Pattern: "POST " + at + "/claim", Permission: access.PlanRead, Handle: r.claimAction},
		{Pattern: "GET " + at + "/take-back", Permission: access.PlanRead, Handle: r.confirmTakeBackAction},
		{Pattern: "POST " + at + "/take-back", Permission: access.PlanRead, Handle: r.takeBackAction},
		{Pattern: "GET " + at + "/extend", Permission: access.PlanRead, Handle: r.confirmExtendAction},
		{Pattern: "POST " + at + "/extend", Permission: access.PlanRead, Handle: r.extendAction},
		{Pattern: "GET " + at + "/hinder", Permission: access.PlanRead, Handle: r.confirmHinderAction},
		{Pattern: "POST " + at + "/hinder", Permission: access.PlanRead, Handle: r.hinderAction},
		{Pattern: "GET " + at + "/clear", Permission: access.PlanRead, Handle: r.confirmClearAction},
		{Pattern: "POST " + at + "/clear", Permission: access.PlanRead, Handle: r.clearAction},
		{Pattern: "GET " + at + "/hand", Permission: access.PlanRead, Handle: r.confirmHandAction},
		{Pattern: "POST " + at + "/hand", Permission: access.PlanRead, Handle: r.handAction},
		{Pattern: "GET " + at + "/agree", Permission: access.PlanManage, Handle: r.confirmAgreeAction},
		{Pattern: "POST " + at + "/agree", Permission: access.PlanManage, Handle: r.agreeAction},
		{Pattern: "GET " + at + "/return", Permission: access.PlanManage, Handle: r.confirmReturnAction},
		{Pattern: "POST " + at + "/return", Permission: access.PlanManage, Handle: r.returnAction},
		{Pattern: "GET " + at + "/grant", Permission: access.PlanManage, Handle: r.confirmGrantAction},
		{Pattern: "POST " + at + "/grant", Permission: access.PlanManage, Handle: r.grantAction},
		{Pattern: "GET " + at + "/refuse", Permission: access.PlanManage, Handle: r.confirmRefuseAction},
		{Pattern: "POST " + at + "/refuse", Permission: access.PlanManage, Handle: r.refuseAction},
	}
}

// mine gives the action of a request to somebody who does it: to anybody else there is none.
func (r *Room) mine(req *http.Request, acts ...access.Act) (Action, error) {
	by := web.PersonOf(req)
	a, err := r.actionFor(req.Context(), by, req.PathValue("id"))
	if err != nil {
		return a, err
	}
	for _, act := range acts {
		if actionRules.May(by, act, a.of()) {
			return a, nil
		}
	}
	return a, web.ErrNotFound
}

// sayPage asks for words about an action, and for a day where that is asked for too.
type sayPage struct {
	ui.FormPage
	Action      Action
	Intro       string
	Label, Hint string
	Until       bool
	Act         string
}

// say gives what shows a page that asks for words.
func (r *Room) say(w http.ResponseWriter, req *http.Request, a Action, p sayPage, title string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		p.FormPage = ui.FormPage{Base: base(req, title, "Actions", actionsRoot, short(a.Title), actionHref(a.ID), title, ""),
			Form: f, Cancel: actionHref(a.ID)}
		p.Action = a
		return web.Render(w, status, r.pages, "say", p)
	}
}

// What the pages that ask for words ask.
var (
	commentPage = sayPage{Label: "What do you want to say?", Act: "Send",
		Hint: "Whoever else works on this action is told by e-mail. No child’s or family’s name"}
	extendPage = sayPage{Label: "Why?", Until: true, Act: "Ask for longer",
		Intro: "Whoever looks after the action agrees or says no. Until then the day stays as it is."}
	hinderPage = sayPage{Label: "What is in the way?", Act: "Tell them",
		Intro: "Whoever looks after the action is told, and can help. No child’s or family’s name."}
	clearPage  = sayPage{Label: "What was done about it? (optional)", Act: "It is out of the way"}
	returnPage = sayPage{Label: "What is still to be done?", Act: "Ask again",
		Intro: "The owner is told by e-mail. The action is theirs again."}
	refusePage = sayPage{Label: "Why not?", Act: "Do not give longer", Intro: "The owner is told by e-mail."}
)

// saying opens a page that asks for words.
func (r *Room) saying(w http.ResponseWriter, req *http.Request, p sayPage, title string, acts ...access.Act) error {
	a, err := r.mine(req, acts...)
	if err != nil {
		return err
	}
	if a.Status != Open {
		return errNotOpen
	}
	return r.say(w, req, a, p, title)(http.StatusOK, web.NewRecord())
}

// said answers a page that asked for words.
func (r *Room) said(w http.ResponseWriter, req *http.Request, p sayPage, title, done string,
	do func(f *web.Form, words string) error, acts ...access.Act) error {
	a, err := r.mine(req, acts...)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.say(w, req, a, p, title), func(f *web.Form) (web.Done, error) {
		text := f.Text("words", "", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: actionHref(a.ID), Words: done}, words(do(f, text), ErrMoved, errMoved)
	})
}

func (r *Room) confirmCommentAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.speaking(req)
	if err != nil {
		return err
	}
	return r.say(w, req, a, commentPage, "Say something")(http.StatusOK, web.NewRecord())
}

// speaking gives the action of a request to somebody who may say something at it.
func (r *Room) speaking(req *http.Request) (Action, error) {
	by := web.PersonOf(req)
	a, err := r.actionFor(req.Context(), by, req.PathValue("id"))
	if err == nil && !actionRules.May(by, access.Change, a.of(), saidField) {
		err = web.ErrNotFound
	}
	return a, err
}

func (r *Room) commentAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.speaking(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.say(w, req, a, commentPage, "Say something"), func(f *web.Form) (web.Done, error) {
		text := f.Text("words", "Write what you want to say", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.CommentAction(req.Context(), web.PersonOf(req), a.ID, text)
		return web.Done{To: actionHref(a.ID), Words: "Your words were sent."}, err
	})
}

func (r *Room) confirmExtendAction(w http.ResponseWriter, req *http.Request) error {
	return r.saying(w, req, extendPage, "Ask for longer", actionDo)
}

func (r *Room) extendAction(w http.ResponseWriter, req *http.Request) error {
	return r.said(w, req, extendPage, "Ask for longer", "You asked for longer.", func(f *web.Form, text string) error {
		until := f.Date("until", "Enter until when")
		if !f.OK() {
			return nil
		}
		return r.ExtendAction(req.Context(), web.PersonOf(req), req.PathValue("id"), until, text)
	}, actionDo)
}

func (r *Room) confirmHinderAction(w http.ResponseWriter, req *http.Request) error {
	return r.saying(w, req, hinderPage, "Say what is in the way", actionDo)
}

func (r *Room) hinderAction(w http.ResponseWriter, req *http.Request) error {
	return r.said(w, req, hinderPage, "Say what is in the way", "They were told what is in the way.",
		func(_ *web.Form, text string) error {
			return r.HinderAction(req.Context(), web.PersonOf(req), req.PathValue("id"), text)
		}, actionDo)
}

func (r *Room) confirmClearAction(w http.ResponseWriter, req *http.Request) error {
	return r.saying(w, req, clearPage, "Out of the way", actionDo, access.Change)
}

func (r *Room) clearAction(w http.ResponseWriter, req *http.Request) error {
	return r.said(w, req, clearPage, "Out of the way", "Nothing is in the way any more.",
		func(_ *web.Form, text string) error {
			return r.ClearAction(req.Context(), web.PersonOf(req), req.PathValue("id"), text)
		}, actionDo, access.Change)
}

func (r *Room) confirmReturnAction(w http.ResponseWriter, req *http.Request) error {
	return r.saying(w, req, returnPage, "Ask again", access.Change)
}

func (r *Room) returnAction(w http.ResponseWriter, req *http.Request) error {
	return r.said(w, req, returnPage, "Ask again", "The owner was asked again.", func(_ *web.Form, text string) error {
		return r.ReturnAction(req.Context(), web.PersonOf(req), req.PathValue("id"), text)
	}, access.Change)
}

func (r *Room) confirmRefuseAction(w http.ResponseWriter, req *http.Request) error {
	return r.saying(w, req, refusePage, "Do not give longer", access.Change)
}

func (r *Room) refuseAction(w http.ResponseWriter, req *http.Request) error {
	return r.said(w, req, refusePage, "Do not give longer", "The day stays as it was.",
		func(_ *web.Form, text string) error {
			return r.RefuseAction(req.Context(), web.PersonOf(req), req.PathValue("id"), text)
		}, access.Change)
}

// claimPage is the form by which an owner says that an action is done.
func (r *Room) claimPage(w http.ResponseWriter, req *http.Request, a Action) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if a.Claimed() && f.ChangedWords() == "" {
			return errMoved
		}
		return web.Render(w, status, r.pages, "claim", endPage{ui.FormPage{
			Base: base(req, "Mark done", "Actions", actionsRoot, short(a.Title), actionHref(a.ID), "Mark done", ""),
			Form: f, Cancel: actionHref(a.ID)}, a})
	}
}

func (r *Room) confirmClaimAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo)
	if err != nil {
		return err
	}
	if a.Status != Open {
		return errNotOpen
	}
	return r.claimPage(w, req, a)(http.StatusOK, fillClaim(a))
}

func (r *Room) claimAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.claimPage(w, req, a), func(f *web.Form) (web.Done, error) {
		impact, evidence := f.Text("impact", "", 3000), f.Text("evidence", "", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.ClaimAction(req.Context(), web.PersonOf(req), a.ID, evidence, impact, f.Seen())
		return web.Done{To: actionHref(a.ID), Words: "You said that it is done. It closes when that is agreed.",
			Undo: actionHref(a.ID) + "/take-back"}, words(err, ErrMoved, errMoved)
	})
}

// handPage is the form by which an action is handed to a colleague.
type handPage struct {
	ui.FormPage
	Action Action
	People int // to whom it can be handed
}

func (r *Room) handForm(w http.ResponseWriter, req *http.Request, a Action) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		list, err := r.colleagues(req.Context(), r.Work, a)
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "hand", handPage{FormPage: ui.FormPage{
			Base: base(req, "Hand it to somebody", "Actions", actionsRoot, short(a.Title), actionHref(a.ID),
				"Hand it to somebody", ""), Form: f, Cancel: actionHref(a.ID)}, Action: a,
			People: len(list)})
	}
}

func (r *Room) confirmHandAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo)
	if err != nil {
		return err
	}
	if a.Status != Open {
		return errNotOpen
	}
	return r.handForm(w, req, a)(http.StatusOK, fillHand(a))
}

func (r *Room) handAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.handForm(w, req, a), func(f *web.Form) (web.Done, error) {
		to, err := f.Pick(req.Context(), "to", "Choose who is to do it", r.doersOf(a))
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.HandAction(req.Context(), web.PersonOf(req), a.ID, to, f.Seen())
		done := web.Done{To: actionHref(a.ID), Words: "It was handed over, and they were told."}
		return done, words(err, ErrMoved, errMoved)
	})
}

func (r *Room) confirmTakeBackAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo)
	if err != nil {
		return err
	}
	if a.Status != Open || a.ClaimedOn.IsZero() && a.AskedUntil.IsZero() {
		return errMoved
	}
	return confirm(w, req, wholeAction(a), actionHref(a.ID), "Take this back?", "Take it back", a.Title,
		"The action is as it was before you said so. Whoever looks after it is told.")
}

func (r *Room) takeBackAction(w http.ResponseWriter, req *http.Request) error {
	return r.pressed(w, req, r.confirmTakeBackAction, "It was taken back.", r.TakeBackAction)
}

func (r *Room) confirmAgreeAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, access.Change)
	if err != nil {
		return err
	}
	if !a.Claimed() {
		return errMoved
	}
	return confirm(w, req, wholeAction(a), actionHref(a.ID), "Agree that this action is done?", "Agree", a.Title,
		a.Impact, a.Evidence, "It counts as done on "+a.ClaimedOn.Words()+", and the owner is told.")
}

func (r *Room) agreeAction(w http.ResponseWriter, req *http.Request) error {
	return r.pressed(w, req, r.confirmAgreeAction, "The action is done.", r.AgreeAction)
}

func (r *Room) confirmGrantAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, access.Change)
	if err != nil {
		return err
	}
	if a.Status != Open || a.AskedUntil.IsZero() {
		return errMoved
	}
	return confirm(w, req, wholeAction(a), actionHref(a.ID), "Give until "+a.AskedUntil.Words()+"?", "Give longer",
		a.Title, "It is then due on "+a.AskedUntil.Words()+" and not on "+a.DueOn.Words()+". The owner is told.")
}

func (r *Room) grantAction(w http.ResponseWriter, req *http.Request) error {
	return r.pressed(w, req, r.confirmGrantAction, "Longer was given.", r.GrantAction)
}

// pressed answers a button that needs no words, on the page of the action or on Home, where
// it then leads back to.
func (r *Room) pressed(w http.ResponseWriter, req *http.Request, show web.HandlerFunc, done string,
	do pressing) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, show, func(seen web.Seen) (web.Done, error) {
		to := actionHref(id)
		if req.PostFormValue("back") == "home" {
			to = "/work"
		}
		return web.Done{To: to, Words: done}, words(do(req.Context(), web.PersonOf(req), id, seen), ErrMoved, errMoved)
	})
}

type pressing func(ctx context.Context, by web.Person, id string, seen web.Seen) error

var errMoved = web.Conflict("This was changed meanwhile", "Look at the action as it stands now.")
