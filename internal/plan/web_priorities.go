package plan

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const prioritiesRoot = root + "/priorities"

func priorityHref(id string) string { return prioritiesRoot + "/" + id }

type prioritiesPage struct {
	ui.Base
	List       ui.List
	Manage     bool
	Statuses   []ui.Choice
	Share      share // which of the actions are counted
	Priorities []Priority
}

func (r *Room) listPriorities(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(prioritiesRoot, req.URL.Query(), "-year", "title", "status")
	list.One, list.Many = "priority", "priorities"
	f := Filter{Text: list.Value("q"), State: list.Value("status"), Year: readYear(list.Value("year")),
		Sort: list.Sort, Desc: list.Desc, By: web.PersonOf(req)}
	f.Limit, f.Offset = list.Window()
	all, total, err := priorities(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		var rows [][]string
		for _, p := range all {
			rows = append(rows, []string{p.Year, p.Title, p.Outcome, p.Owner, p.Status.Words(), p.JudgedOn.String(), p.Achieved,
				p.Remains})
		}
		return web.CSV(w, "priorities.csv", []string{"Year", "Priority", "Outcome wanted", "Owner", "Status", "Judged",
			"Achieved", "Remains to do"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "priorities", prioritiesPage{
		Base: base(req, "Priorities"), List: list, Manage: web.PersonOf(req).May(access.PlanManage),
		Statuses: ui.WordChoices(statuses), Share: shareOf(f.By), Priorities: all})
}

type priorityPage struct {
	ui.Base
	Priority Priority
	Manage   bool
	Rows     []ui.Row
	Register actionTable
	History  []audittrail.Entry
}

func (r *Room) showPriority(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	p, err := r.Priority(ctx, web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := priorityPage{Base: base(req, p.Title, "Business plan "+p.Year, href(p.Year), p.Title, ""), Priority: p,
		Manage: web.PersonOf(req).May(access.PlanManage),
		Rows:   []ui.Row{{Key: "Plan", Value: p.Year, Href: href(p.Year), Act: "Open", About: "the plan of " + p.Year}}}
	if p.Owner != "" {
		page.Rows = append(page.Rows, ui.Row{Key: "Owner", Value: p.Owner})
	}
	if page.Register, err = r.actionTable(ctx, "this priority", ActionFilter{PriorityID: p.ID,
		By: web.PersonOf(req)}); err != nil {
		return err
	}
	key, words := shareOf(web.PersonOf(req)).Row(p.Actions, p.Done, len(page.Register.Actions))
	page.Rows = append(page.Rows, ui.Row{Key: key, Value: words})
	if page.History, err = audittrail.Of(ctx, r.Work, prioritySubject, p.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "priority", page)
}

// priorityForm gives what shows the form of a priority; cancel is the page before
// it.
func (r *Room) priorityForm(w http.ResponseWriter, req *http.Request, year, title, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "priority-form", ui.FormPage{
			Base: base(req, title, "Business plan "+year, href(year), title, ""), Form: f, Cancel: cancel})
	}
}

func (r *Room) newPriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Plan(req.Context(), req.PathValue("year"))
	if err != nil {
		return err
	}
	return r.priorityForm(w, req, p.Year, "Add a priority", href(p.Year))(http.StatusOK, web.NewRecord())
}

func (r *Room) addPriority(w http.ResponseWriter, req *http.Request) error {
	year := req.PathValue("year")
	show := r.priorityForm(w, req, year, "Add a priority", href(year))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		p, err := r.readPriority(req, f, Priority{Year: year})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		_, err = r.AddPriority(req.Context(), web.PersonOf(req), p)
		return web.Done{To: href(year), Words: "The priority was added."}, err
	})
}

func (r *Room) editPriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.priorityForm(w, req, p.Year, "Change "+p.Title, priorityHref(p.ID))(http.StatusOK, fillPriority(p))
}

func (r *Room) savePriority(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	show := r.priorityForm(w, req, was.Year, "Change "+was.Title, priorityHref(was.ID))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		p, err := r.readPriority(req, f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SavePriority(req.Context(), web.PersonOf(req), p, f.Seen())
		return web.Done{To: priorityHref(p.ID), Words: "The changes were saved."}, err
	})
}

type judgePage struct {
	ui.FormPage
	Priority Priority
	Statuses []ui.Choice
}

func (r *Room) judgeForm(w http.ResponseWriter, req *http.Request, p Priority) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		const title = "Progress on the priority"
		way := []string{"Business plan " + p.Year, href(p.Year), p.Title, priorityHref(p.ID), "Progress", ""}
		return web.Render(w, status, r.pages, "judge", judgePage{
			FormPage: ui.FormPage{Base: base(req, title, way...), Form: f, Cancel: priorityHref(p.ID)},
			Priority: p, Statuses: ui.WordChoices(statuses)})
	}
}

func (r *Room) confirmJudgePriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := fillJudgement(p)
	if p.JudgedOn.IsZero() {
		f.OfferDate("judged", r.Now.Today())
	}
	return r.judgeForm(w, req, p)(http.StatusOK, f)
}

func (r *Room) judgePriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.judgeForm(w, req, p), func(f *web.Form) (web.Done, error) {
		j := readJudgement(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.JudgePriority(req.Context(), web.PersonOf(req), p.ID, j, f.Seen())
		return web.Done{To: priorityHref(p.ID), Words: "The progress was saved."}, err
	})
}

func (r *Room) confirmDeletePriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if p.Actions > 0 {
		return errPriorityUsed
	}
	return confirm(w, req, wholePriority(p), priorityHref(p.ID), "Delete "+p.Title+"?", "Delete the priority",
		"The priority and its progress will be deleted, and every figure that counted it falls by one. This cannot be "+
			"undone.",
		"Delete a priority only when it was entered by mistake.")
}

func (r *Room) deletePriority(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Priority(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Confirmed(w, req, r.confirmDeletePriority, func(seen web.Seen) (web.Done, error) {
		err := r.DeletePriority(req.Context(), web.PersonOf(req), p.ID, seen)
		return web.Done{To: href(p.Year), Words: "The priority was deleted."}, words(err, ErrUsed, errPriorityUsed)
	})
}

var errPriorityUsed = web.Conflict("A priority with actions cannot be deleted",
	"Move its actions to another priority first, or delete them if they were entered by mistake too.")
