package plan

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed all:templates
var files embed.FS

// The permissions of the room.
const (
	read   = "plan:read"
	manage = "plan:manage"
)

const root = "/work/plan"

func href(year string) string { return root + "/years/" + year }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/plan", Permission: read, Handle: r.current},
		{Pattern: "GET /work/plan/years/new", Permission: manage, Handle: r.newForm},
		{Pattern: "POST /work/plan/years/new", Permission: manage, Handle: r.add},
		{Pattern: "GET /work/plan/years/{year}", Permission: read, Handle: r.show},
		{Pattern: "GET /work/plan/years/{year}/edit", Permission: manage, Handle: r.editForm},
		{Pattern: "POST /work/plan/years/{year}/edit", Permission: manage, Handle: r.edit},
		{Pattern: "GET /work/plan/years/{year}/delete", Permission: manage, Handle: r.deleteForm},
		{Pattern: "POST /work/plan/years/{year}/delete", Permission: manage, Handle: r.delete},

		{Pattern: "GET /work/plan/priorities", Permission: read, Handle: r.priorityList},
		{Pattern: "GET /work/plan/years/{year}/priorities/new", Permission: manage, Handle: r.newPriorityForm},
		{Pattern: "POST /work/plan/years/{year}/priorities/new", Permission: manage, Handle: r.addPriority},
		{Pattern: "GET /work/plan/priorities/{id}", Permission: read, Handle: r.showPriority},
		{Pattern: "GET /work/plan/priorities/{id}/edit", Permission: manage, Handle: r.editPriorityForm},
		{Pattern: "POST /work/plan/priorities/{id}/edit", Permission: manage, Handle: r.editPriority},
		{Pattern: "GET /work/plan/priorities/{id}/progress", Permission: manage, Handle: r.judgeForm},
		{Pattern: "POST /work/plan/priorities/{id}/progress", Permission: manage, Handle: r.judge},
		{Pattern: "GET /work/plan/priorities/{id}/delete", Permission: manage, Handle: r.deletePriorityForm},
		{Pattern: "POST /work/plan/priorities/{id}/delete", Permission: manage, Handle: r.deletePriority},

		{Pattern: "GET /work/plan/actions", Permission: read, Handle: r.actionList},
		{Pattern: "GET /work/plan/actions/new", Permission: manage, Handle: r.newActionForm},
		{Pattern: "POST /work/plan/actions/new", Permission: manage, Handle: r.addAction},
		{Pattern: "GET /work/plan/actions/{id}", Permission: read, Handle: r.showAction},
		{Pattern: "GET /work/plan/actions/{id}/edit", Permission: manage, Handle: r.editActionForm},
		{Pattern: "POST /work/plan/actions/{id}/edit", Permission: manage, Handle: r.editAction},
		{Pattern: "GET /work/plan/actions/{id}/done", Permission: manage, Handle: r.finishForm},
		{Pattern: "POST /work/plan/actions/{id}/done", Permission: manage, Handle: r.finish},
		{Pattern: "GET /work/plan/actions/{id}/drop", Permission: manage, Handle: r.dropForm},
		{Pattern: "POST /work/plan/actions/{id}/drop", Permission: manage, Handle: r.drop},
		{Pattern: "GET /work/plan/actions/{id}/reopen", Permission: manage, Handle: r.reopenForm},
		{Pattern: "POST /work/plan/actions/{id}/reopen", Permission: manage, Handle: r.reopen},
		{Pattern: "GET /work/plan/actions/{id}/delete", Permission: manage, Handle: r.deleteActionForm},
		{Pattern: "POST /work/plan/actions/{id}/delete", Permission: manage, Handle: r.deleteAction},

		{Pattern: "GET /work/plan/recommendations", Permission: read, Handle: r.recommendationList},
		{Pattern: "GET /work/plan/recommendations/new", Permission: manage, Handle: r.newRecommendationForm},
		{Pattern: "POST /work/plan/recommendations/new", Permission: manage, Handle: r.addRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}", Permission: read, Handle: r.showRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}/edit", Permission: manage, Handle: r.editRecommendationForm},
		{Pattern: "POST /work/plan/recommendations/{id}/edit", Permission: manage, Handle: r.editRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}/delete", Permission: manage, Handle: r.deleteRecommendationForm},
		{Pattern: "POST /work/plan/recommendations/{id}/delete", Permission: manage, Handle: r.deleteRecommendation},

		{Pattern: "GET /work/plan/scrutiny", Permission: read, Handle: r.scrutinyList},
		{Pattern: "GET /work/plan/scrutiny/new", Permission: manage, Handle: r.newScrutinyForm},
		{Pattern: "POST /work/plan/scrutiny/new", Permission: manage, Handle: r.addScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}", Permission: read, Handle: r.showScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}/edit", Permission: manage, Handle: r.editScrutinyForm},
		{Pattern: "POST /work/plan/scrutiny/{id}/edit", Permission: manage, Handle: r.editScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}/delete", Permission: manage, Handle: r.deleteScrutinyForm},
		{Pattern: "POST /work/plan/scrutiny/{id}/delete", Permission: manage, Handle: r.deleteScrutiny},
	}
}

// everything is more rows than a list can have.
const everything = 1 << 30

// planPage is a year's plan on one page, as a partner reads it.
type planPage struct {
	ui.Base
	Plan       Plan
	None       bool // there is no plan at all
	Manage     bool
	Today      period.Date
	Years      []ui.NavItem
	Priorities []priorityActions
	History    []audittrail.Entry
}

// priorityActions is a priority with its actions.
type priorityActions struct {
	Priority
	Register []Action
}

// current shows the plan of this year, or the newest there is.
func (r *Room) current(w http.ResponseWriter, req *http.Request) error {
	all, err := r.Plans(req.Context())
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return web.Render(w, http.StatusOK, r.pages, "plan", planPage{Base: web.Base(req, "Business plan"), None: true, Manage: web.PersonOf(req).May(manage)})
	}
	now := period.YearOf(r.Now.Today()).String()
	i := slices.IndexFunc(all, func(p Plan) bool { return p.Year <= now })
	return r.onePage(w, req, all[max(i, 0)], all)
}

func (r *Room) show(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	all, err := r.Plans(req.Context())
	if err != nil {
		return err
	}
	return r.onePage(w, req, p, all)
}

func (r *Room) onePage(w http.ResponseWriter, req *http.Request, p Plan, all []Plan) error {
	ctx := req.Context()
	page := planPage{Base: web.Base(req, p.Title), Plan: p, Manage: web.PersonOf(req).May(manage), Today: r.Now.Today()}
	for _, x := range all {
		page.Years = append(page.Years, ui.NavItem{Text: x.Year, Href: href(x.Year), Current: x.Year == p.Year})
	}
	list, err := prioritiesOf(ctx, r.Work, p.Year)
	if err != nil {
		return err
	}
	for _, x := range list {
		register, err := r.actionsOf(ctx, ActionFilter{PriorityID: x.ID})
		if err != nil {
			return err
		}
		page.Priorities = append(page.Priorities, priorityActions{x, register})
	}
	if page.History, err = audittrail.Of(ctx, r.Work, planSubject, p.Year); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "plan", page)
}

// actionsOf lists all the actions that a filter lets through, the open ones
// first.
func (r *Room) actionsOf(ctx context.Context, f ActionFilter) ([]Action, error) {
	f.Sort, f.Limit = "due", everything
	all, _, err := r.Actions(ctx, f)
	return all, err
}

// formPage adds or changes a record.
type formPage struct {
	ui.Base
	Form   ui.Form
	Cancel string
}

// planFormPage is formPage for a plan, whose year is asked for only once.
type planFormPage struct {
	formPage
	New bool
}

func (r *Room) form(w http.ResponseWriter, req *http.Request, status int, year, title string, f *web.Form) error {
	page := planFormPage{formPage{Base: web.Crumbs(web.Base(req, title), "Business plan", root, title, ""), Form: f, Cancel: root}, year == ""}
	if year != "" {
		page.Cancel = href(year)
	}
	return web.Render(w, status, r.pages, "plan-form", page)
}

func (r *Room) newForm(w http.ResponseWriter, req *http.Request) error {
	next := period.YearOf(r.Now.Today()) + 1
	return r.form(w, req, http.StatusOK, "", "Add a plan", web.NewForm("year", next.String(), "title", "Business plan "+next.String()))
}

func (r *Room) add(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p := readPlan(f)
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, "", "Add a plan", f)
	}
	err = r.AddPlan(req.Context(), web.PersonOf(req), p)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, "", "Add a plan", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(p.Year), "The plan was added.")
}

func (r *Room) editForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return r.form(w, req, http.StatusOK, p.Year, "Change "+p.Title, planForm(p))
}

func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p := readPlan(f)
	p.Year = was.Year
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, p.Year, "Change "+was.Title, f)
	}
	err = r.ChangePlan(req.Context(), web.PersonOf(req), p)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, p.Year, "Change "+was.Title, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(p.Year), "The changes were saved.")
}

type confirmPage struct {
	ui.Base
	Words  []string // what will happen
	Act    string
	Cancel string
}

// confirm asks before something is done to a record, whose page is back.
func (r *Room) confirm(w http.ResponseWriter, req *http.Request, back, title, act string, words ...string) error {
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{
		Base:  web.Crumbs(web.Base(req, title), "Business plan", root, act, ""),
		Words: words, Act: act, Cancel: back})
}

func (r *Room) deleteForm(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return r.confirm(w, req, href(p.Year), "Delete "+p.Title+"?", "Delete the plan",
		"The plan will be deleted. This cannot be undone. A plan that has priorities cannot be deleted.")
}

func (r *Room) delete(w http.ResponseWriter, req *http.Request) error {
	err := r.DeletePlan(req.Context(), web.PersonOf(req), req.PathValue("year"))
	if errors.Is(err, ErrUsed) {
		return web.Conflict("A plan with priorities cannot be deleted", "Delete its priorities first, if they were entered by mistake too.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, root, "The plan was deleted.")
}
