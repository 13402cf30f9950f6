package audits

import (
	"embed"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed all:templates
var files embed.FS

// The permissions of the room.
const (
	read   = "audits:read"
	manage = "audits:manage"
	answer = "audits:answer"
)

const root = "/work/audits"

func href(id string) string { return root + "/multi-agency/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/audits", Permission: read, Handle: r.list},
		{Pattern: "GET /work/audits/multi-agency/new", Permission: manage, Handle: r.newForm},
		{Pattern: "POST /work/audits/multi-agency/new", Permission: manage, Handle: r.add},
		{Pattern: "GET /work/audits/multi-agency/{id}", Permission: read, Handle: r.show},
		{Pattern: "GET /work/audits/multi-agency/{id}/edit", Permission: manage, Handle: r.editForm},
		{Pattern: "POST /work/audits/multi-agency/{id}/edit", Permission: manage, Handle: r.edit},
		{Pattern: "GET /work/audits/multi-agency/{id}/step", Permission: manage, Handle: r.stepForm},
		{Pattern: "POST /work/audits/multi-agency/{id}/step", Permission: manage, Handle: r.step},
		{Pattern: "GET /work/audits/multi-agency/{id}/reopen", Permission: manage, Handle: r.reopenForm},
		{Pattern: "POST /work/audits/multi-agency/{id}/reopen", Permission: manage, Handle: r.reopen},
		{Pattern: "GET /work/audits/multi-agency/{id}/delete", Permission: manage, Handle: r.deleteForm},
		{Pattern: "POST /work/audits/multi-agency/{id}/delete", Permission: manage, Handle: r.delete},

		{Pattern: "GET /work/audits/rounds", Permission: read, Handle: r.roundList},
		{Pattern: "GET /work/audits/rounds/new", Permission: manage, Handle: r.newRoundForm},
		{Pattern: "POST /work/audits/rounds/new", Permission: manage, Handle: r.addRound},
		{Pattern: "GET /work/audits/rounds/{id}", Permission: read, Handle: r.showRound},
		{Pattern: "GET /work/audits/rounds/{id}/edit", Permission: manage, Handle: r.editRoundForm},
		{Pattern: "POST /work/audits/rounds/{id}/edit", Permission: manage, Handle: r.editRound},
		{Pattern: "GET /work/audits/rounds/{id}/close", Permission: manage, Handle: r.closeForm},
		{Pattern: "POST /work/audits/rounds/{id}/close", Permission: manage, Handle: r.close},
		{Pattern: "GET /work/audits/rounds/{id}/delete", Permission: manage, Handle: r.deleteRoundForm},
		{Pattern: "POST /work/audits/rounds/{id}/delete", Permission: manage, Handle: r.deleteRound},
		{Pattern: "GET /work/audits/rounds/{id}/ask", Permission: manage, Handle: r.askForm},
		{Pattern: "POST /work/audits/rounds/{id}/ask", Permission: manage, Handle: r.ask},
		{Pattern: "GET /work/audits/rounds/{id}/chase", Permission: manage, Handle: r.chaseForm},
		{Pattern: "POST /work/audits/rounds/{id}/chase", Permission: manage, Handle: r.chase},
		{Pattern: "GET /work/audits/rounds/{id}/answer", Permission: answer, Handle: r.answerForm},
		{Pattern: "POST /work/audits/rounds/{id}/answer", Permission: answer, Handle: r.answer},
		{Pattern: "GET /work/audits/rounds/{id}/organisations/{org}", Permission: manage, Handle: r.participantForm},
		{Pattern: "POST /work/audits/rounds/{id}/organisations/{org}", Permission: manage, Handle: r.participant},
		{Pattern: "GET /work/audits/rounds/{id}/organisations/{org}/remove", Permission: manage, Handle: r.removeForm},
		{Pattern: "POST /work/audits/rounds/{id}/organisations/{org}/remove", Permission: manage, Handle: r.remove},
	}
}

type listPage struct {
	ui.Base
	List   ui.List
	Manage bool
	Today  period.Date
	Stages []ui.Choice
	Themes []ui.Choice
	Audits []Audit
}

func (r *Room) list(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(root, req.URL.Query(), "-completed", "title", "theme", "stage", "due")
	list.One, list.Many = "audit", "audits"
	f := Filter{Text: list.Value("q"), Stage: list.Value("stage"), Theme: list.Value("theme"),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if y, err := period.ParseYear(list.Value("year")); err == nil {
		f.Year = y.Span()
	}
	if list.Value("format") == "csv" {
		return r.export(w, req, f)
	}
	all, total, err := r.Audits(req.Context(), f)
	if err != nil {
		return err
	}
	list.Total = total
	used, err := themes(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "list", listPage{Base: web.Base(req, "Multi-agency audits"), List: list,
		Manage: web.PersonOf(req).May(manage), Today: r.Now.Today(), Stages: stageChoices(), Themes: plainChoices(used), Audits: all})
}

// everything is more rows than a list can have.
const everything = 1 << 30

func (r *Room) export(w http.ResponseWriter, req *http.Request, f Filter) error {
	f.Limit, f.Offset = everything, 0
	all, _, err := r.Audits(req.Context(), f)
	if err != nil {
		return err
	}
	header := []string{"Title", "Theme", "Stage", "Method", "Cases", "Due"}
	for _, s := range steps {
		header = append(header, s.Words)
	}
	header = append(header, "Agencies", "Findings", "Learning")
	var rows [][]string
	for _, a := range all {
		names, err := agencies(req.Context(), r.Work, a.ID)
		if err != nil {
			return err
		}
		row := []string{a.Title, a.Theme, a.Stage.Words(), a.Method, casesWords(a), a.DueOn.String()}
		for _, s := range steps {
			row = append(row, s.On(a).String())
		}
		rows = append(rows, append(row, strings.Join(names, "; "), a.Findings, a.LearningHref))
	}
	return web.CSV(w, "multi-agency-audits.csv", header, rows)
}

// casesWords is how many cases were looked at, "" when that was not said.
func casesWords(a Audit) string {
	if a.Cases == 0 {
		return ""
	}
	return strconv.FormatInt(a.Cases, 10)
}

type auditPage struct {
	ui.Base
	Audit   Audit
	Manage  bool
	Late    bool
	Rows    []ui.Row
	Steps   []stepRow
	History []audittrail.Entry
}

type stepRow struct {
	Words string
	On    period.Date
}

func (r *Room) show(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	a, err := r.Audit(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := agencies(ctx, r.Work, a.ID)
	if err != nil {
		return err
	}
	page := auditPage{Base: web.Crumbs(web.Base(req, a.Title), "Multi-agency audits", root, a.Title, ""), Audit: a,
		Manage: web.PersonOf(req).May(manage), Late: a.Late(r.Now.Today()),
		Rows: []ui.Row{{Key: "Theme", Value: a.Theme}, {Key: "Method", Value: a.Method}, {Key: "Cases looked at", Value: casesWords(a)},
			{Key: "Agencies taking part", Value: lang.Join(names)}, {Key: "To be completed by", Value: a.DueOn.Words()}, {Key: "What was found", Value: a.Findings}}}
	for _, s := range steps {
		if on := s.On(a); !on.IsZero() {
			page.Steps = append(page.Steps, stepRow{s.Words, on})
		}
	}
	if page.History, err = audittrail.Of(ctx, r.Work, auditSubject, a.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "audit", page)
}

type formPage struct {
	ui.Base
	Form   ui.Form
	Cancel string
	Steps  []Step
}

func (r *Room) form(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) error {
	page := formPage{Base: web.Crumbs(web.Base(req, title), "Multi-agency audits", root, title, ""), Form: f, Cancel: root, Steps: steps}
	if id != "" {
		page.Cancel = href(id)
	}
	return web.Render(w, status, r.pages, "form", page)
}

func (r *Room) newForm(w http.ResponseWriter, req *http.Request) error {
	return r.form(w, req, http.StatusOK, "", "Add an audit", web.NewForm())
}

func (r *Room) add(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	a, err := r.readAudit(req.Context(), f)
	if err != nil {
		return err
	}
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, "", "Add an audit", f)
	}
	id, err := r.Add(req.Context(), web.PersonOf(req), a)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, "", "Add an audit", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(id), "The audit was added.")
}

func (r *Room) editForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := agencies(req.Context(), r.Work, a.ID)
	if err != nil {
		return err
	}
	return r.form(w, req, http.StatusOK, a.ID, "Change "+a.Title, auditForm(a, names))
}

func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	a, err := r.readAudit(req.Context(), f)
	if err != nil {
		return err
	}
	a.ID = was.ID
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, a.ID, "Change "+was.Title, f)
	}
	err = r.Change(req.Context(), web.PersonOf(req), a)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, a.ID, "Change "+was.Title, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(a.ID), "The changes were saved.")
}

type stepPage struct {
	ui.Base
	Form   ui.Form
	Audit  Audit
	Next   []ui.Choice
	Cancel string
}

func (r *Room) stepPage(w http.ResponseWriter, req *http.Request, status int, a Audit, f *web.Form) error {
	if len(a.Next()) == 0 {
		return web.Conflict("There is no next step", "The learning of this audit was shared. Reopen it if that is wrong.")
	}
	return web.Render(w, status, r.pages, "step", stepPage{
		Base: web.Crumbs(web.Base(req, "Record the next step"), "Multi-agency audits", root, a.Title, href(a.ID), "Record the next step", ""),
		Form: f, Audit: a, Next: stepChoices(a.Next()), Cancel: href(a.ID)})
}

func (r *Room) stepForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("findings", a.Findings)
	f.SetDate("on", r.Now.Today())
	return r.stepPage(w, req, http.StatusOK, a, f)
}

func (r *Room) step(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	step := f.Text("step", "Choose what happened", 20)
	on := f.Date("on", "Enter the date")
	findings := f.Text("findings", "", 500)
	if !f.OK() {
		return r.stepPage(w, req, http.StatusUnprocessableEntity, a, f)
	}
	err = r.Take(req.Context(), web.PersonOf(req), a.ID, step, on, findings)
	if errors.Is(err, ErrMoved) {
		return web.Conflict("That step can no longer be recorded", "The audit has gone on meanwhile. Open it again to see where it stands.")
	}
	if status := refused(f, err); status != 0 {
		return r.stepPage(w, req, status, a, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(a.ID), "The step was recorded.")
}

type confirmPage struct {
	ui.Base
	Words  []string // what will happen
	Act    string
	Cancel string
}

func (r *Room) confirm(w http.ResponseWriter, req *http.Request, a Audit, title, act string, words ...string) error {
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{
		Base:  web.Crumbs(web.Base(req, title), "Multi-agency audits", root, a.Title, href(a.ID), act, ""),
		Words: words, Act: act, Cancel: href(a.ID)})
}

func (r *Room) reopenForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if !a.Ended() {
		return notEnded()
	}
	return r.confirm(w, req, a, "Reopen "+a.Title+"?", "Reopen the audit",
		"Its dates of completion and of sharing the learning will be taken away, and it will no longer count as completed in any figure.",
		"Who reopened it, and when, stays in its history.")
}

func (r *Room) reopen(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	err := r.Reopen(req.Context(), web.PersonOf(req), id)
	if errors.Is(err, ErrMoved) {
		return notEnded()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(id), "The audit was reopened.")
}

func notEnded() error {
	return web.Conflict("This audit is open", "It has not been completed.")
}

func (r *Room) deleteForm(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Ended() {
		return cannotDelete()
	}
	return r.confirm(w, req, a, "Delete "+a.Title+"?", "Delete the audit",
		"The audit, its dates and the list of agencies will be deleted. This cannot be undone.",
		"Delete an audit only when it was entered by mistake.")
}

func (r *Room) delete(w http.ResponseWriter, req *http.Request) error {
	err := r.Delete(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrMoved) {
		return cannotDelete()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, root, "The audit was deleted.")
}

func cannotDelete() error {
	return web.Conflict("A completed audit cannot be deleted", "It is part of the yearly report. If it was marked as completed by mistake, reopen it first.")
}
