package plan

import (
	"errors"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const actionsRoot = root + "/actions"

func actionHref(id string) string { return actionsRoot + "/" + id }

type actionsPage struct {
	ui.Base
	List    ui.List
	Manage  bool
	Today   period.Date
	States  []ui.Choice
	Sources []ui.Choice
	Actions []Action
}

func (r *Room) listActions(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(actionsRoot, req.URL.Query(), "due", "title", "source", "owner", "status", "done")
	list.One, list.Many = "action", "actions"
	by := web.PersonOf(req)
	organisation, err := web.PickFilter(req.Context(), &list, "organisation", register.OrganisationsFor(r.Work, by))
	if err != nil {
		return err
	}
	f := ActionFilter{Text: list.Value("q"), State: list.Value("state"), Kind: list.Value("source"),
		Organisation: organisation, By: by, Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Actions(req.Context(), f)
	if err != nil {
		return err
	}
	for i, a := range all {
		all[i] = a.as(f.By)
	}
	if list.Exporting("csv") {
		if ids := list.Values(chosenField); list.Value(tickedField) != "" {
			if len(ids) == 0 {
				web.SetFlash(w, req, ui.Flash{Kind: ui.FlashNote, Text: "No action was chosen: tick those you mean."})
				return web.SeeOther(w, req, actionsRoot, "")
			}
			all = slices.DeleteFunc(all, func(a Action) bool { return !slices.Contains(ids, a.ID) })
		}
		return r.exportActions(w, all)
	}
	list.Query.Del(chosenField)
	list.Query.Del(tickedField)
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "actions", actionsPage{
		Base: base(req, "Actions"), List: list, Manage: by.May(access.PlanManage), Today: r.Now.Today(),
		States: stateChoices(), Sources: ui.WordChoices(sourceKinds), Actions: all})
}

func (r *Room) exportActions(w http.ResponseWriter, all []Action) error {
	var rows [][]string
	for _, a := range all {
		rows = append(rows, []string{a.Title, a.SourceKind.Words(), sourceCell(a.SourceKind, a.Source),
			a.Recommendation, a.Priority, a.Owner,
			a.Organisation,
			a.Standing(r.Now.Today()).Words, a.DueOn.String(), a.DoneOn.String(), a.DroppedOn.String(), a.Evidence, a.Impact})
	}
	return web.CSV(w, "actions.csv", []string{"Action", "From", "Source", "Recommendation", "Priority", "Owner",
		"Organisation",
		"Status", "Due", "Done", "Dropped", "Evidence", "Impact"}, rows)
}

type actionFormPage struct {
	ui.FormPage
	Sources []ui.Choice
}

// actionForm gives what shows the form of an action; cancel is the page before it.
func (r *Room) actionForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		ctx := req.Context()
		page := actionFormPage{Sources: ui.WordChoices(sourceKinds),
			FormPage: ui.FormPage{Base: base(req, title, "Actions", actionsRoot, title, ""), Form: f, Cancel: cancel}}
		if err := register.SayKept(ctx, r.Work, f, "organisation", "owner"); err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "action-form", page)
	}
}

// newAction begins with where the action comes from, when the address names
// a recommendation or a priority.
func (r *Room) newAction(w http.ResponseWriter, req *http.Request) error {
	var a Action
	if id := req.URL.Query().Get("recommendation"); id != "" {
		v, err := r.Recommendation(req.Context(), web.PersonOf(req), id)
		if err != nil {
			return err
		}
		a.SourceKind, a.Source, a.RecommendationID, a.Recommendation = v.SourceKind, v.Source, db.Opt(v.ID), v.Words
	}
	if id := req.URL.Query().Get("priority"); id != "" {
		p, err := r.Priority(req.Context(), web.PersonOf(req), id)
		if err != nil {
			return err
		}
		a.SourceKind, a.PriorityID, a.Priority = FromPriority, db.Opt(p.ID), p.Title
	}
	return r.actionForm(w, req, "Add an action", actionsRoot)(http.StatusOK, web.NewRecord().With(fillAction(a)))
}

func (r *Room) addAction(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.actionForm(w, req, "Add an action", actionsRoot), func(f *web.Form) (web.Done, error) {
		a, err := r.readAction(req, f, Action{})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddAction(req.Context(), web.PersonOf(req), a)
		return web.Done{To: actionHref(id), Words: "The action was added."}, err
	})
}

func (r *Room) editAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.actionForm(w, req, "Change the action", actionHref(a.ID))(http.StatusOK, fillAction(a))
}

func (r *Room) saveAction(w http.ResponseWriter, req *http.Request) error {
	was, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	show := r.actionForm(w, req, "Change the action", actionHref(was.ID))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		a, err := r.readAction(req, f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SaveAction(req.Context(), web.PersonOf(req), a, f.Seen())
		return web.Done{To: actionHref(a.ID), Words: "The changes were saved."}, err
	})
}

// endPage ends an action: done or dropped.
type endPage struct {
	ui.FormPage
	Action Action // it may have ended meanwhile, when the form has met that
}

// endForm gives what shows the form that ends an action.
func (r *Room) endForm(w http.ResponseWriter, req *http.Request, page, title string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		a, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
		if err != nil {
			return err
		}
		if a.Status != Open && f.ChangedWords() == "" {
			return errNotOpen
		}
		return web.Render(w, status, r.pages, page, endPage{ui.FormPage{
			Base: base(req, title, "Actions", actionsRoot, short(a.Title), actionHref(a.ID), title, ""),
			Form: f, Cancel: actionHref(a.ID)}, a})
	}
}

// confirmEnd opens the form that ends an action, as of today.
func (r *Room) confirmEnd(w http.ResponseWriter, req *http.Request, page, title string) error {
	a, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := fillEnd(a)
	f.OfferDate("on", r.Now.Today())
	return r.endForm(w, req, page, title)(http.StatusOK, f)
}

func (r *Room) confirmFinishAction(w http.ResponseWriter, req *http.Request) error {
	return r.confirmEnd(w, req, "finish", "Mark as done")
}

func (r *Room) finishAction(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.endForm(w, req, "finish", "Mark as done"), func(f *web.Form) (web.Done, error) {
		on := f.Date("on", "Enter when it was done")
		evidence := f.Text("evidence", "Enter the evidence that it was done", 3000)
		impact := f.Text("impact", "", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.FinishAction(req.Context(), web.PersonOf(req), id, on, evidence, impact, f.Seen())
		done := web.Done{To: actionHref(id), Words: "The action is done.", Undo: actionHref(id) + "/reopen"}
		return done, words(err, ErrMoved, errNotOpen)
	})
}

func (r *Room) confirmDropAction(w http.ResponseWriter, req *http.Request) error {
	return r.confirmEnd(w, req, "drop", "Drop the action")
}

func (r *Room) dropAction(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.endForm(w, req, "drop", "Drop the action"), func(f *web.Form) (web.Done, error) {
		on, why := f.Date("on", "Enter when it was dropped"), f.Text("evidence", "Enter why it was dropped", 3000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.DropAction(req.Context(), web.PersonOf(req), id, on, why, f.Seen())
		done := web.Done{To: actionHref(id), Words: "The action was dropped.", Undo: actionHref(id) + "/reopen"}
		return done, words(err, ErrMoved, errNotOpen)
	})
}

func (r *Room) confirmReopenAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Status == Open {
		return errOpen
	}
	return confirm(w, req, wholeAction(a), actionHref(a.ID), "Reopen this action?", "Reopen the action", a.Title,
		"It will no longer count as "+string(a.Status)+" in any figure. Its evidence stays, to be corrected.")
}

func (r *Room) reopenAction(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmReopenAction, func(seen web.Seen) (web.Done, error) {
		err := r.ReopenAction(req.Context(), web.PersonOf(req), id, seen)
		return web.Done{To: actionHref(id), Words: "The action was reopened."}, words(err, ErrMoved, errOpen)
	})
}

func (r *Room) confirmDeleteAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.actionFor(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Status == Done {
		return errDone
	}
	whole, n, err := r.actionWithFiles(req.Context(), r.Work, a)
	if err != nil {
		return err
	}
	words := []string{a.Title, "It will be deleted. This cannot be undone. An action that is given up is dropped instead."}
	if n > 0 {
		words = append(words, lang.Plural(n, "file that was added to it is erased with it.",
			"files that were added to it are erased with it."))
	}
	return confirm(w, req, whole, actionHref(a.ID), "Delete this action?", "Delete the action", words...)
}

func (r *Room) deleteAction(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteAction, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteAction(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: actionsRoot, Words: "The action was deleted."}, words(err, ErrMoved, errDone)
	})
}

// words gives, for an error that a person can act on, the page that says how.
func words(err, named, page error) error {
	if errors.Is(err, named) {
		return page
	}
	return err
}

var (
	errOpen    = web.Conflict("This action is open", "It has not been done or dropped.")
	errNotOpen = web.Conflict("This action is not open", "It was done or dropped meanwhile. Reopen it if that is wrong.")
	errDone    = web.Conflict("An action that is done cannot be deleted",
		"It counts in the yearly report. If it was marked as done by mistake, reopen it first.")
)
