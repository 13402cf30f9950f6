package plan

import (
	"errors"
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const actionsRoot = root + "/actions"

func actionHref(id string) string { return actionsRoot + "/" + id }

type actionsPage struct {
	ui.Base
	List          ui.List
	Manage        bool
	Today         period.Date
	States        []ui.Choice
	Sources       []ui.Choice
	Organisations []ui.Choice
	Actions       []Action
}

func (r *Room) actionList(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(actionsRoot, req.URL.Query(), "due", "title", "source", "owner", "status", "done")
	list.One, list.Many = "action", "actions"
	f := ActionFilter{Text: list.Value("q"), State: list.Value("state"), Kind: list.Value("source"), Organisation: list.Value("organisation"),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := r.Actions(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		return r.exportActions(w, all)
	}
	list.Total = total
	orgs, err := register.Organisations(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "actions", actionsPage{Base: web.Base(req, "Actions"), List: list, Manage: web.PersonOf(req).May(manage),
		Today: r.Now.Today(), States: stateChoices(), Sources: sourceChoices(), Organisations: orgs, Actions: all})
}

func (r *Room) exportActions(w http.ResponseWriter, all []Action) error {
	var rows [][]string
	for _, a := range all {
		rows = append(rows, []string{a.Title, a.SourceKind.Words(), a.Source, a.Recommendation, a.Priority, a.Owner, a.Organisation,
			a.Standing(r.Now.Today()).Words, a.DueOn.String(), a.DoneOn.String(), a.DroppedOn.String(), a.Evidence, a.Impact})
	}
	return web.CSV(w, "actions.csv", []string{"Action", "From", "Source", "Recommendation", "Priority", "Owner", "Organisation",
		"Status", "Due", "Done", "Dropped", "Evidence", "Impact"}, rows)
}

type actionPage struct {
	ui.Base
	Action   Action
	Standing Tag
	Manage   bool
	Rows     []ui.Row
	History  []audittrail.Entry
}

func (r *Room) showAction(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := actionPage{Base: web.Crumbs(web.Base(req, a.Title), "Actions", actionsRoot, short(a.Title), ""), Action: a,
		Standing: a.Standing(r.Now.Today()), Manage: web.PersonOf(req).May(manage),
		Rows: []ui.Row{{Key: "Comes from", Value: from(a.SourceKind, a.Source)}, {Key: "Owner", Value: a.OwnedBy()}, {Key: "Due", Value: a.DueOn.Words()}}}
	if a.Status == Done {
		page.Rows = append(page.Rows, ui.Row{Key: "Done", Value: a.DoneOn.Words()}, ui.Row{Key: "Evidence", Value: a.Evidence}, ui.Row{Key: "What changed for children", Value: a.Impact})
	}
	if a.Status == Dropped {
		page.Rows = append(page.Rows, ui.Row{Key: "Dropped", Value: a.DroppedOn.Words()}, ui.Row{Key: "Why", Value: a.Evidence})
	}
	if page.History, err = audittrail.Of(req.Context(), r.Work, actionSubject, a.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "action", page)
}

// from says where something comes from: "Review: Rowan".
func from(k SourceKind, source string) string {
	if source == "" {
		return k.Words()
	}
	return k.Words() + ": " + source
}

type actionFormPage struct {
	ui.Base
	Form            ui.Form
	Cancel          string
	Sources         []ui.Choice
	Priorities      []ui.Choice
	Recommendations []ui.Choice
	Organisations   []ui.Choice
}

func (r *Room) actionForm(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) (err error) {
	ctx := req.Context()
	page := actionFormPage{Base: web.Crumbs(web.Base(req, title), "Actions", actionsRoot, short(title), ""), Form: f, Cancel: actionsRoot, Sources: sourceChoices()}
	if id != "" {
		page.Cancel = actionHref(id)
	}
	if page.Priorities, err = r.priorityChoices(ctx); err != nil {
		return err
	}
	if page.Recommendations, err = r.recommendationChoices(ctx); err != nil {
		return err
	}
	if page.Organisations, err = register.Organisations(ctx, r.Work); err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "action-form", page)
}

// newActionForm begins with where the action comes from, when the address names
// a recommendation or a priority.
func (r *Room) newActionForm(w http.ResponseWriter, req *http.Request) error {
	var a Action
	if id := req.URL.Query().Get("recommendation"); id != "" {
		v, err := r.Recommendation(req.Context(), id)
		if err != nil {
			return err
		}
		a.SourceKind, a.Source, a.RecommendationID = v.SourceKind, v.Source, db.Opt(v.ID)
	}
	if id := req.URL.Query().Get("priority"); id != "" {
		p, err := r.Priority(req.Context(), id)
		if err != nil {
			return err
		}
		a.SourceKind, a.PriorityID = FromPriority, db.Opt(p.ID)
	}
	return r.actionForm(w, req, http.StatusOK, "", "Add an action", actionForm(a))
}

func (r *Room) addAction(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	a := readAction(f)
	if !f.OK() {
		return r.actionForm(w, req, http.StatusUnprocessableEntity, "", "Add an action", f)
	}
	id, err := r.AddAction(req.Context(), web.PersonOf(req), a)
	if status := refused(f, err); status != 0 {
		return r.actionForm(w, req, status, "", "Add an action", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionHref(id), "The action was added.")
}

func (r *Room) editActionForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.actionForm(w, req, http.StatusOK, a.ID, "Change the action", actionForm(a))
}

func (r *Room) editAction(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	a := readAction(f)
	a.ID = was.ID
	if !f.OK() {
		return r.actionForm(w, req, http.StatusUnprocessableEntity, a.ID, "Change the action", f)
	}
	err = r.ChangeAction(req.Context(), web.PersonOf(req), a)
	if status := refused(f, err); status != 0 {
		return r.actionForm(w, req, status, a.ID, "Change the action", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionHref(a.ID), "The changes were saved.")
}

// endPage ends an action: done or dropped.
type endPage struct {
	ui.Base
	Form   ui.Form
	Action Action
	Cancel string
}

func (r *Room) endPage(w http.ResponseWriter, req *http.Request, status int, a Action, page, title string, f *web.Form) error {
	if a.Status != Open {
		return notOpen()
	}
	return web.Render(w, status, r.pages, page, endPage{
		Base: web.Crumbs(web.Base(req, title), "Actions", actionsRoot, short(a.Title), actionHref(a.ID), title, ""),
		Form: f, Action: a, Cancel: actionHref(a.ID)})
}

func notOpen() error {
	return web.Conflict("This action is not open", "It was done or dropped meanwhile. Reopen it if that is wrong.")
}

func (r *Room) endForm(w http.ResponseWriter, req *http.Request, page, title string) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("evidence", a.Evidence, "impact", a.Impact)
	f.SetDate("on", r.Now.Today())
	return r.endPage(w, req, http.StatusOK, a, page, title, f)
}

func (r *Room) finishForm(w http.ResponseWriter, req *http.Request) error {
	return r.endForm(w, req, "finish", "Mark as done")
}

func (r *Room) finish(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	on, evidence, impact := f.Date("on", "Enter when it was done"), f.Text("evidence", "Enter the evidence that it was done", 3000), f.Text("impact", "", 3000)
	if !f.OK() {
		return r.endPage(w, req, http.StatusUnprocessableEntity, a, "finish", "Mark as done", f)
	}
	err = r.Finish(req.Context(), web.PersonOf(req), a.ID, on, evidence, impact)
	if errors.Is(err, ErrMoved) {
		return notOpen()
	}
	if status := refused(f, err); status != 0 {
		return r.endPage(w, req, status, a, "finish", "Mark as done", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionHref(a.ID), "The action is done.")
}

func (r *Room) dropForm(w http.ResponseWriter, req *http.Request) error {
	return r.endForm(w, req, "drop", "Drop the action")
}

func (r *Room) drop(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	on, why := f.Date("on", "Enter when it was dropped"), f.Text("evidence", "Enter why it was dropped", 3000)
	if !f.OK() {
		return r.endPage(w, req, http.StatusUnprocessableEntity, a, "drop", "Drop the action", f)
	}
	err = r.Drop(req.Context(), web.PersonOf(req), a.ID, on, why)
	if errors.Is(err, ErrMoved) {
		return notOpen()
	}
	if status := refused(f, err); status != 0 {
		return r.endPage(w, req, status, a, "drop", "Drop the action", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionHref(a.ID), "The action was dropped.")
}

func (r *Room) reopenForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Status == Open {
		return isOpen()
	}
	return r.confirm(w, req, actionHref(a.ID), "Reopen this action?", "Reopen the action", a.Title,
		"It will no longer count as "+string(a.Status)+" in any figure. Its evidence stays, to be corrected.")
}

func isOpen() error {
	return web.Conflict("This action is open", "It has not been done or dropped.")
}

func (r *Room) reopen(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	err := r.Reopen(req.Context(), web.PersonOf(req), id)
	if errors.Is(err, ErrMoved) {
		return isOpen()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionHref(id), "The action was reopened.")
}

func (r *Room) deleteActionForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Action(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Status == Done {
		return cannotDelete()
	}
	return r.confirm(w, req, actionHref(a.ID), "Delete this action?", "Delete the action", a.Title,
		"It will be deleted. This cannot be undone. An action that is given up is dropped instead.")
}

func (r *Room) deleteAction(w http.ResponseWriter, req *http.Request) error {
	err := r.DeleteAction(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrMoved) {
		return cannotDelete()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, actionsRoot, "The action was deleted.")
}

func cannotDelete() error {
	return web.Conflict("An action that is done cannot be deleted", "It counts in the yearly report. If it was marked as done by mistake, reopen it first.")
}
