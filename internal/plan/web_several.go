package plan

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const (
	chosenField = "actions" // has the id of each action that is ticked in the list
	heldField   = "chosen"  // has, on the page of an act, the id of each and the mark of it as it was seen
	tickedField = "ticked"  // says that those ticked are meant, and no others
	mostChosen  = 200       // as many as a page of the list can have
)

func (r *Room) severalRoutes() []web.Route {
	many := []string{chosenField, heldField}
	return []web.Route{
		{Pattern: "GET /work/plan/actions/give", Permission: access.PlanManage, Handle: r.confirmGiveActions, Many: many},
		{Pattern: "POST /work/plan/actions/give", Permission: access.PlanManage, Handle: r.giveActions, Many: many},
		{Pattern: "GET /work/plan/actions/move", Permission: access.PlanManage, Handle: r.confirmMoveActions, Many: many},
		{Pattern: "POST /work/plan/actions/move", Permission: access.PlanManage, Handle: r.moveActions, Many: many},
	}
}

// severalPage asks for what is to be done to several actions, and says what could not be.
type severalPage struct {
	ui.FormPage
	Actions []chosenAction
	Done    string // what was done to those that are not listed any more
	Not     []NotDone
}

// A chosenAction is one of them, with the mark of it as the reader sees it.
type chosenAction struct {
	Action
	Mark string
}

// Held is the action and its mark, as the form sends them.
func (c chosenAction) Held() string { return c.ID + " " + c.Mark }

// severalForm gives what shows the page of an act on several actions. not are those that it
// could not be done to, which are the ones that stay chosen.
func (r *Room) severalForm(w http.ResponseWriter, req *http.Request, page, title string, done *int,
	not *[]NotDone, did string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		p := severalPage{FormPage: ui.FormPage{Base: base(req, title, "Actions", actionsRoot, title, ""), Form: f,
			Cancel: actionsRoot}, Not: *not}
		ids := f.Values(chosenField)
		for _, c := range chosenIn(f) {
			ids = append(ids, c.ID)
		}
		if len(p.Not) > 0 {
			ids = nil
			for _, x := range p.Not {
				ids = append(ids, x.ID)
			}
			p.Done = "None was " + did + "."
			if *done > 0 {
				p.Done = lang.Sentence(lang.Words(*done)) + " " + lang.Noun(*done, "was", "were") + " " + did + "."
			}
		}
		for i, id := range ids {
			if i == mostChosen || slices.Contains(ids[:i], id) {
				continue
			}
			a, err := r.actionFor(req.Context(), web.PersonOf(req), id)
			if errors.Is(err, db.ErrNotFound) || errors.Is(err, web.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if len(p.Not) > 0 && a.Status != Open {
				continue // it cannot be done to that one at all
			}
			p.Actions = append(p.Actions, chosenAction{a, wholeAction(a).Mark()})
		}
		return web.Render(w, status, r.pages, page, p)
	}
}

// chosenIn reads the actions that a form is about.
func chosenIn(f *web.Form) []Chosen {
	var out []Chosen
	for _, held := range f.Values(heldField) {
		id, mark, _ := strings.Cut(held, " ")
		if len(out) < mostChosen && !slices.ContainsFunc(out, func(c Chosen) bool { return c.ID == id }) {
			out = append(out, Chosen{ID: id, Seen: web.SeenAs(mark)})
		}
	}
	return out
}

// onSeveral opens the page of an act on the actions that the address names.
func (r *Room) onSeveral(w http.ResponseWriter, req *http.Request, page, title string) error {
	var pairs []string
	for _, id := range req.URL.Query()[chosenField] {
		pairs = append(pairs, chosenField, id)
	}
	return r.severalForm(w, req, page, title, new(int), new([]NotDone), "")(http.StatusOK, web.NewForm(pairs...))
}

const (
	giveTitle = "Give the actions to another owner"
	moveTitle = "Move the day that the actions are due"
)

func (r *Room) confirmGiveActions(w http.ResponseWriter, req *http.Request) error {
	return r.onSeveral(w, req, "give", giveTitle)
}

func (r *Room) giveActions(w http.ResponseWriter, req *http.Request) error {
	var n int
	var not []NotDone
	show := r.severalForm(w, req, "give", giveTitle, &n, &not, "given")
	return web.Submit(w, req, show, func(f *web.Form) (done web.Done, err error) {
		by, ctx := web.PersonOf(req), req.Context()
		organisation, err := register.PickOrganisation(ctx, r.Work, by, f, "organisation", "", "")
		if err != nil {
			return done, err
		}
		owner, err := register.PickPerson(ctx, r.Work, by, f, "owner", "", "")
		if err != nil {
			return done, err
		}
		if owner.ID == "" && organisation.ID == "" && f.OK() {
			f.Add("owner", "Name a person, or choose an organisation: every action has an owner")
		}
		if !f.OK() {
			return done, nil
		}
		n, not, err = r.GiveActions(ctx, by, chosenIn(f), db.Opt(owner.ID), db.Opt(organisation.ID))
		return severalDone(n, not, "given"), againOr(err, not)
	})
}

func (r *Room) confirmMoveActions(w http.ResponseWriter, req *http.Request) error {
	return r.onSeveral(w, req, "move", moveTitle)
}

func (r *Room) moveActions(w http.ResponseWriter, req *http.Request) error {
	var n int
	var not []NotDone
	show := r.severalForm(w, req, "move", moveTitle, &n, &not, "moved")
	return web.Submit(w, req, show, func(f *web.Form) (done web.Done, err error) {
		to := f.Date("due", "Enter the day they are to be due")
		reason := f.Text("reason", "Say why: their owners are told", 1000)
		if !to.IsZero() && to.Before(r.Now.Today()) {
			f.Add("due", "Enter a day from today on")
		}
		if !f.OK() {
			return done, nil
		}
		n, not, err = r.MoveActions(req.Context(), web.PersonOf(req), chosenIn(f), to, reason)
		return severalDone(n, not, "moved"), againOr(err, not)
	})
}

// againOr shows the page again, with those that could not be done and why, when there are any.
func againOr(err error, not []NotDone) error {
	if err == nil && len(not) > 0 {
		return web.ErrAgain
	}
	return err
}

func severalDone(n int, not []NotDone, did string) web.Done {
	if n == 0 && len(not) == 0 {
		return web.Done{To: actionsRoot, Words: "No action was chosen: tick those you mean."}
	}
	return web.Done{To: actionsRoot, Words: lang.Plural(n, "action was", "actions were") + " " + did +
		". Their owners are told by e-mail."}
}
