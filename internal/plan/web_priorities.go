package plan

import (
	"errors"
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const prioritiesRoot = root + "/priorities"

func priorityHref(id string) string { return prioritiesRoot + "/" + id }

type prioritiesPage struct {
	ui.Base
	List       ui.List
	Statuses   []ui.Choice
	Priorities []Priority
}

func (r *Room) priorityList(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(prioritiesRoot, req.URL.Query(), "-year", "title", "status")
	list.One, list.Many = "priority", "priorities"
	f := Filter{Text: list.Value("q"), State: list.Value("status"), Year: readYear(list.Value("year")),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := priorities(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, p := range all {
			rows = append(rows, []string{p.Year, p.Title, p.Outcome, p.Owner, p.Status.Words(), p.JudgedOn.String(), p.Achieved, p.Remains})
		}
		return web.CSV(w, "priorities.csv", []string{"Year", "Priority", "Outcome wanted", "Owner", "Status", "Judged", "Achieved", "Remains to do"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "priorities", prioritiesPage{Base: web.Base(req, "Priorities"), List: list, Statuses: statusChoices(), Priorities: all})
}

type priorityPage struct {
	ui.Base
	Priority Priority
	Manage   bool
	Today    period.Date
	Rows     []ui.Row
	Register []Action
	History  []audittrail.Entry
}

func (r *Room) showPriority(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	p, err := r.Priority(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := priorityPage{Base: web.Crumbs(web.Base(req, p.Title), "Business plan "+p.Year, href(p.Year), p.Title, ""), Priority: p,
		Manage: web.PersonOf(req).May(manage), Today: r.Now.Today(),
		Rows: []ui.Row{{Key: "Outcome wanted", Value: p.Outcome}, {Key: "Owner", Value: p.Owner},
			{Key: "Actions", Value: lang.Number(int(p.Done)) + " of " + lang.Number(int(p.Actions)) + " done"}}}
	if page.Register, err = r.actionsOf(ctx, ActionFilter{PriorityID: p.ID}); err != nil {
		return err
	}
	if page.History, err = audittrail.Of(ctx, r.Work, prioritySubject, p.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "priority", page)
}

func (r *Room) priorityForm(w http.ResponseWriter, req *http.Request, status int, year, id, title string, f *web.Form) error {
	page := formPage{Base: web.Crumbs(web.Base(req, title), "Business plan "+year, href(year), title, ""), Form: f, Cancel: href(year)}
	if id != "" {
		page.Cancel = priorityHref(id)
	}
	return web.Render(w, status, r.pages, "priority-form", page)
}

func (r *Room) newPriorityForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return r.priorityForm(w, req, http.StatusOK, p.Year, "", "Add a priority", web.NewForm())
}

func (r *Room) addPriority(w http.ResponseWriter, req *http.Request) error {
	of, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p := readPriority(f)
	p.Year = of.Year
	if !f.OK() {
		return r.priorityForm(w, req, http.StatusUnprocessableEntity, p.Year, "", "Add a priority", f)
	}
	_, err = r.AddPriority(req.Context(), web.PersonOf(req), p)
	if status := refused(f, err); status != 0 {
		return r.priorityForm(w, req, status, p.Year, "", "Add a priority", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(p.Year), "The priority was added.")
}

func (r *Room) editPriorityForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.priorityForm(w, req, http.StatusOK, p.Year, p.ID, "Change "+p.Title, priorityForm(p))
}

func (r *Room) editPriority(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p := readPriority(f)
	p.ID = was.ID
	if p.Place == 0 {
		p.Place = was.Place
	}
	if !f.OK() {
		return r.priorityForm(w, req, http.StatusUnprocessableEntity, was.Year, p.ID, "Change "+was.Title, f)
	}
	err = r.ChangePriority(req.Context(), web.PersonOf(req), p)
	if status := refused(f, err); status != 0 {
		return r.priorityForm(w, req, status, was.Year, p.ID, "Change "+was.Title, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, priorityHref(p.ID), "The changes were saved.")
}

type judgePage struct {
	ui.Base
	Form     ui.Form
	Priority Priority
	Statuses []ui.Choice
	Cancel   string
}

func (r *Room) judgePage(w http.ResponseWriter, req *http.Request, status int, p Priority, f *web.Form) error {
	return web.Render(w, status, r.pages, "judge", judgePage{
		Base: web.Crumbs(web.Base(req, "Progress on the priority"), "Business plan "+p.Year, href(p.Year), p.Title, priorityHref(p.ID), "Progress", ""),
		Form: f, Priority: p, Statuses: statusChoices(), Cancel: priorityHref(p.ID)})
}

func (r *Room) judgeForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("status", string(p.Status), "achieved", p.Achieved, "remains", p.Remains)
	on := p.JudgedOn
	if on.IsZero() {
		on = r.Now.Today()
	}
	f.SetDate("judged", on)
	return r.judgePage(w, req, http.StatusOK, p, f)
}

func (r *Room) judge(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	as, on := Status(f.Text("status", "Choose how the priority is judged", 20)), f.Date("judged", "")
	achieved, remains := f.Text("achieved", "", 3000), f.Text("remains", "", 3000)
	if !f.OK() {
		return r.judgePage(w, req, http.StatusUnprocessableEntity, p, f)
	}
	err = r.Judge(req.Context(), web.PersonOf(req), p.ID, as, on, achieved, remains)
	if status := refused(f, err); status != 0 {
		return r.judgePage(w, req, status, p, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, priorityHref(p.ID), "The progress was saved.")
}

func (r *Room) deletePriorityForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if p.Actions > 0 {
		return priorityUsed()
	}
	return r.confirm(w, req, priorityHref(p.ID), "Delete "+p.Title+"?", "Delete the priority",
		"The priority and its progress will be deleted, and every figure that counted it falls by one. This cannot be undone.",
		"Delete a priority only when it was entered by mistake.")
}

func (r *Room) deletePriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	err = r.DeletePriority(req.Context(), web.PersonOf(req), p.ID)
	if errors.Is(err, ErrUsed) {
		return priorityUsed()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(p.Year), "The priority was deleted.")
}

func priorityUsed() error {
	return web.Conflict("A priority with actions cannot be deleted", "Move its actions to another priority first, or delete them if they were entered by mistake too.")
}
