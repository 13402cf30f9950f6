package plan

import (
	"context"
	"embed"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

//go:embed all:templates
var templates embed.FS

const root = "/work/plan"

func href(year string) string { return root + "/years/" + year }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return append(slices.Concat(r.Files.Routes(r.evidence()), r.doingRoutes(), r.enquiryRoutes(), r.severalRoutes(),
		r.helperRoutes(), r.decisionRoutes()), []web.Route{
		{Pattern: "GET /work/plan", Permission: access.PlanRead, Handle: r.showCurrentPlan},
		{Pattern: "GET /work/plan/years/new", Permission: access.PlanManage, Handle: r.newPlan},
		{Pattern: "POST /work/plan/years/new", Permission: access.PlanManage, Handle: r.addPlan},
		{Pattern: "GET /work/plan/years/{year}", Permission: access.PlanRead, Handle: r.showPlan},
		{Pattern: "GET /work/plan/years/{year}/edit", Permission: access.PlanManage, Handle: r.editPlan},
		{Pattern: "POST /work/plan/years/{year}/edit", Permission: access.PlanManage, Handle: r.savePlan},
		{Pattern: "GET /work/plan/years/{year}/delete", Permission: access.PlanManage, Handle: r.confirmDeletePlan},
		{Pattern: "POST /work/plan/years/{year}/delete", Permission: access.PlanManage, Handle: r.deletePlan},

		{Pattern: "GET /work/plan/priorities", Permission: access.PlanRead, Handle: r.listPriorities},
		{Pattern: "GET /work/plan/years/{year}/priorities/new", Permission: access.PlanManage, Handle: r.newPriority},
		{Pattern: "POST /work/plan/years/{year}/priorities/new", Permission: access.PlanManage, Handle: r.addPriority},
		{Pattern: "GET /work/plan/priorities/{id}", Permission: access.PlanRead, Handle: r.showPriority},
		{Pattern: "GET /work/plan/priorities/{id}/edit", Permission: access.PlanManage, Handle: r.editPriority},
		{Pattern: "POST /work/plan/priorities/{id}/edit", Permission: access.PlanManage, Handle: r.savePriority},
		{Pattern: "GET /work/plan/priorities/{id}/judge", Permission: access.PlanManage, Handle: r.confirmJudgePriority},
		{Pattern: "POST /work/plan/priorities/{id}/judge", Permission: access.PlanManage, Handle: r.judgePriority},
		{Pattern: "GET /work/plan/priorities/{id}/delete", Permission: access.PlanManage, Handle: r.confirmDeletePriority},
		{Pattern: "POST /work/plan/priorities/{id}/delete", Permission: access.PlanManage, Handle: r.deletePriority},

		{Pattern: "GET /work/plan/actions", Permission: access.PlanRead, Handle: r.listActions,
			Many: []string{chosenField}},
		{Pattern: "GET /work/plan/actions/new", Permission: access.PlanManage, Handle: r.newAction},
		{Pattern: "POST /work/plan/actions/new", Permission: access.PlanManage, Handle: r.addAction},
		{Pattern: "GET /work/plan/actions/{id}", Permission: access.PlanRead, Handle: r.showAction},
		{Pattern: "GET /work/plan/actions/{id}/edit", Permission: access.PlanManage, Handle: r.editAction},
		{Pattern: "POST /work/plan/actions/{id}/edit", Permission: access.PlanManage, Handle: r.saveAction},
		{Pattern: "GET /work/plan/actions/{id}/finish", Permission: access.PlanManage, Handle: r.confirmFinishAction},
		{Pattern: "POST /work/plan/actions/{id}/finish", Permission: access.PlanManage, Handle: r.finishAction},
		{Pattern: "GET /work/plan/actions/{id}/drop", Permission: access.PlanManage, Handle: r.confirmDropAction},
		{Pattern: "POST /work/plan/actions/{id}/drop", Permission: access.PlanManage, Handle: r.dropAction},
		{Pattern: "GET /work/plan/actions/{id}/reopen", Permission: access.PlanManage, Handle: r.confirmReopenAction},
		{Pattern: "POST /work/plan/actions/{id}/reopen", Permission: access.PlanManage, Handle: r.reopenAction},
		{Pattern: "GET /work/plan/actions/{id}/delete", Permission: access.PlanManage, Handle: r.confirmDeleteAction},
		{Pattern: "POST /work/plan/actions/{id}/delete", Permission: access.PlanManage, Handle: r.deleteAction},

		{Pattern: "GET /work/plan/recommendations", Permission: access.PlanRead, Handle: r.listRecommendations},
		{Pattern: "GET /work/plan/recommendations/new", Permission: access.PlanManage, Handle: r.newRecommendation},
		{Pattern: "POST /work/plan/recommendations/new", Permission: access.PlanManage, Handle: r.addRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}", Permission: access.PlanRead, Handle: r.showRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}/edit", Permission: access.PlanManage, Handle: r.editRecommendation},
		{Pattern: "POST /work/plan/recommendations/{id}/edit", Permission: access.PlanManage, Handle: r.saveRecommendation},
		{Pattern: "GET /work/plan/recommendations/{id}/delete", Permission: access.PlanManage,
			Handle: r.confirmDeleteRecommendation},
		{Pattern: "POST /work/plan/recommendations/{id}/delete", Permission: access.PlanManage,
			Handle: r.deleteRecommendation},

		{Pattern: "GET /work/plan/scrutiny", Permission: access.PlanRead, Handle: r.listScrutinies},
		{Pattern: "GET /work/plan/scrutiny/new", Permission: access.PlanRead, Handle: r.newScrutiny},
		{Pattern: "POST /work/plan/scrutiny/new", Permission: access.PlanRead, Handle: r.addScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}", Permission: access.PlanRead, Handle: r.showScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}/edit", Permission: access.PlanRead, Handle: r.editScrutiny},
		{Pattern: "POST /work/plan/scrutiny/{id}/edit", Permission: access.PlanRead, Handle: r.saveScrutiny},
		{Pattern: "GET /work/plan/scrutiny/{id}/delete", Permission: access.PlanRead, Handle: r.confirmDeleteScrutiny},
		{Pattern: "POST /work/plan/scrutiny/{id}/delete", Permission: access.PlanRead, Handle: r.deleteScrutiny},
	}...)
}

// tabs are the pages of the room that stand side by side.
var tabs = []web.Tab{
	{Text: "The plan", Href: root, Permission: access.PlanRead},
	{Text: "Priorities", Href: prioritiesRoot, Permission: access.PlanRead},
	{Text: "Recommendations", Href: recommendationsRoot, Permission: access.PlanRead},
	{Text: "Actions", Href: actionsRoot, Permission: access.PlanRead},
	{Text: "Independent scrutiny", Href: scrutinyRoot, Permission: access.PlanRead},
}

// base is the frame of a page of the room: with the way to it, or among the tabs.
func base(req *http.Request, title string, way ...string) ui.Base {
	b := web.Base(req, title)
	if len(way) > 0 {
		return web.Crumbs(b, way...)
	}
	return web.Tabs(b, web.PersonOf(req), tabs)
}

// planPage is a year's plan on one page, as a partner reads it.
type planPage struct {
	ui.Base
	Plan       Plan
	None       bool // there is no plan at all
	Manage     bool
	Years      []ui.NavItem
	Priorities []priorityActions
	Partners   []Partner // how each stands to the plan, once they are asked
	Decides    bool      // the reader decides for one that has not agreed
	Asks       bool      // the reader may ask them
	Mark       string    // of the plan as the reader sees it
	History    []audittrail.Entry
}

// priorityActions is a priority with its actions.
type priorityActions struct {
	Priority
	Register actionTable
}

// showCurrentPlan shows the plan of this year, or the newest there is.
func (r *Room) showCurrentPlan(w http.ResponseWriter, req *http.Request) error {
	all, err := r.Plans(req.Context())
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return web.Render(w, http.StatusOK, r.pages, "plan", planPage{Base: base(req, "Business plan"), None: true,
			Manage: web.PersonOf(req).May(access.PlanManage)})
	}
	now := period.YearOf(r.Now.Today()).String()
	i := slices.IndexFunc(all, func(p Plan) bool { return p.Year <= now })
	return r.planPage(w, req, all[max(i, 0)], all)
}

func (r *Room) showPlan(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	all, err := r.Plans(req.Context())
	if err != nil {
		return err
	}
	return r.planPage(w, req, p, all)
}

func (r *Room) planPage(w http.ResponseWriter, req *http.Request, p Plan, all []Plan) error {
	ctx := req.Context()
	page := planPage{Base: base(req, p.Title), Plan: p, Manage: web.PersonOf(req).May(access.PlanManage)}
	for _, x := range all {
		page.Years = append(page.Years, ui.NavItem{Text: x.Year, Href: href(x.Year), Current: x.Year == p.Year})
	}
	list, err := prioritiesOf(ctx, r.Work, web.PersonOf(req), p.Year)
	if err != nil {
		return err
	}
	for _, x := range list {
		register, err := r.actionTable(ctx, x.Title, ActionFilter{PriorityID: x.ID, By: web.PersonOf(req)})
		if err != nil {
			return err
		}
		page.Priorities = append(page.Priorities, priorityActions{x, register})
	}
	if !p.AskedOn.IsZero() {
		if page.Partners, err = r.parties(ctx, r.Work, web.PersonOf(req), p.Year); err != nil {
			return err
		}
	}
	mine, found := yours(page.Partners)
	page.Decides, page.Mark = found && p.Waits() && mine.Last.Answer != register.Agreed, wholePlan(p).Mark()
	page.Asks = page.Manage && p.AskedOn.IsZero() && p.AgreedOn.IsZero()
	if page.History, err = audittrail.Of(ctx, r.Work, planSubject, p.Year); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "plan", page)
}

// An actionTable is the actions of one thing, the open ones first.
type actionTable struct {
	Of      string // what they are of: "this priority"
	Today   period.Date
	Impact  bool // with what changed
	Empty   string
	Actions []Action
}

func (r *Room) actionTable(ctx context.Context, of string, f ActionFilter) (actionTable, error) {
	f.Sort, f.Limit = "due", ui.EveryRow
	all, _, err := r.Actions(ctx, f)
	return actionTable{Of: of, Today: r.Now.Today(), Empty: shareOf(f.By).Empty(), Actions: all}, err
}

// planFormPage asks for the year only once.
type planFormPage struct {
	ui.FormPage
	New bool
}

// planForm gives what shows the form of a plan; year is "" for a new one.
func (r *Room) planForm(w http.ResponseWriter, req *http.Request, year, title string) func(int, *web.Form) error {
	cancel := root
	if year != "" {
		cancel = href(year)
	}
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "plan-form", planFormPage{
			ui.FormPage{Base: base(req, title, "Business plan", root, title, ""), Form: f, Cancel: cancel}, year == ""})
	}
}

func (r *Room) newPlan(w http.ResponseWriter, req *http.Request) error {
	next := (period.YearOf(r.Now.Today()) + 1).String()
	return r.planForm(w, req, "", "Add a plan")(http.StatusOK, web.NewRecord("year", next, "title", "Business plan "+next))
}

func (r *Room) addPlan(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.planForm(w, req, "", "Add a plan"), func(f *web.Form) (web.Done, error) {
		p := readPlan(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: href(p.Year), Words: "The plan was added."}, r.AddPlan(req.Context(), web.PersonOf(req), p)
	})
}

func (r *Room) editPlan(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return r.planForm(w, req, p.Year, "Change "+p.Title)(http.StatusOK, fillPlan(p))
}

func (r *Room) savePlan(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.planForm(w, req, was.Year, "Change "+was.Title), func(f *web.Form) (web.Done, error) {
		p := readPlan(f)
		p.Year = was.Year
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SavePlan(req.Context(), web.PersonOf(req), p, f.Seen())
		return web.Done{To: href(p.Year), Words: "The changes were saved."}, err
	})
}

// confirm asks before something is done to a record, whose page is back.
func confirm(w http.ResponseWriter, req *http.Request, record *web.Form, back, title, act string,
	words ...string) error {
	return web.Confirm(w, req, record, base(req, title, "Business plan", root, act, ""), act, back, words...)
}

func (r *Room) confirmDeletePlan(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return confirm(w, req, fillPlan(p), href(p.Year), "Delete "+p.Title+"?", "Delete the plan",
		"The plan will be deleted. This cannot be undone. A plan that has priorities cannot be deleted.")
}

func (r *Room) deletePlan(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeletePlan, func(seen web.Seen) (web.Done, error) {
		err := r.DeletePlan(req.Context(), web.PersonOf(req), req.PathValue("year"), seen)
		return web.Done{To: root, Words: "The plan was deleted."}, words(err, ErrUsed, errPlanUsed)
	})
}

var errPlanUsed = web.Conflict("A plan with priorities cannot be deleted",
	"Delete its priorities first, if they were entered by mistake too.")
