package audits

import (
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed all:templates
var files embed.FS

const root = "/work/audits"

func href(id string) string { return root + "/multi-agency/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/audits", Permission: access.AuditsRead, Handle: r.listAudits},
		{Pattern: "GET /work/audits/multi-agency/new", Permission: access.AuditsManage, Handle: r.newAudit},
		{Pattern: "POST /work/audits/multi-agency/new", Permission: access.AuditsManage, Handle: r.addAudit,
			Many: []string{ui.PickedField("agencies")}},
		{Pattern: "GET /work/audits/multi-agency/{id}", Permission: access.AuditsRead, Handle: r.showAudit},
		{Pattern: "GET /work/audits/multi-agency/{id}/edit", Permission: access.AuditsManage, Handle: r.editAudit},
		{Pattern: "POST /work/audits/multi-agency/{id}/edit", Permission: access.AuditsManage, Handle: r.saveAudit,
			Many: []string{ui.PickedField("agencies")}},
		{Pattern: "GET /work/audits/multi-agency/{id}/step", Permission: access.AuditsManage, Handle: r.confirmStepAudit},
		{Pattern: "POST /work/audits/multi-agency/{id}/step", Permission: access.AuditsManage, Handle: r.stepAudit},
		{Pattern: "GET /work/audits/multi-agency/{id}/reopen", Permission: access.AuditsManage, Handle: r.confirmReopenAudit},
		{Pattern: "POST /work/audits/multi-agency/{id}/reopen", Permission: access.AuditsManage, Handle: r.reopenAudit},
		{Pattern: "GET /work/audits/multi-agency/{id}/delete", Permission: access.AuditsManage, Handle: r.confirmDeleteAudit},
		{Pattern: "POST /work/audits/multi-agency/{id}/delete", Permission: access.AuditsManage, Handle: r.deleteAudit},

		{Pattern: "GET /work/audits/rounds", Permission: access.AuditsRead, Handle: r.listRounds},
		{Pattern: "GET /work/audits/rounds/new", Permission: access.AuditsManage, Handle: r.newRound},
		{Pattern: "POST /work/audits/rounds/new", Permission: access.AuditsManage, Handle: r.addRound},
		{Pattern: "GET /work/audits/rounds/{id}", Permission: access.AuditsRead, Handle: r.showRound},
		{Pattern: "GET /work/audits/rounds/{id}/edit", Permission: access.AuditsManage, Handle: r.editRound},
		{Pattern: "POST /work/audits/rounds/{id}/edit", Permission: access.AuditsManage, Handle: r.saveRound},
		{Pattern: "GET /work/audits/rounds/{id}/close", Permission: access.AuditsManage, Handle: r.confirmCloseRound},
		{Pattern: "POST /work/audits/rounds/{id}/close", Permission: access.AuditsManage, Handle: r.closeRound},
		{Pattern: "GET /work/audits/rounds/{id}/reopen", Permission: access.AuditsManage, Handle: r.confirmReopenRound},
		{Pattern: "POST /work/audits/rounds/{id}/reopen", Permission: access.AuditsManage, Handle: r.reopenRound},
		{Pattern: "GET /work/audits/rounds/{id}/delete", Permission: access.AuditsManage, Handle: r.confirmDeleteRound},
		{Pattern: "POST /work/audits/rounds/{id}/delete", Permission: access.AuditsManage, Handle: r.deleteRound},
		{Pattern: "GET /work/audits/rounds/{id}/ask", Permission: access.AuditsManage, Handle: r.confirmAskRound},
		{Pattern: "POST /work/audits/rounds/{id}/ask", Permission: access.AuditsManage, Handle: r.askRound,
			Adds: true, Many: []string{"sectors", ui.PickedField("organisations")}},
		{Pattern: "GET /work/audits/rounds/{id}/chase", Permission: access.AuditsManage, Handle: r.confirmChaseRound},
		{Pattern: "POST /work/audits/rounds/{id}/chase", Permission: access.AuditsManage, Handle: r.chaseRound},
		{Pattern: "GET /work/audits/rounds/{id}/answer", Permission: access.AuditsAnswer, Handle: r.confirmAnswerRound},
		{Pattern: "POST /work/audits/rounds/{id}/answer", Permission: access.AuditsAnswer, Handle: r.answerRound},
		{Pattern: "GET /work/audits/rounds/{id}/organisations/{org}/edit", Permission: access.AuditsManage,
			Handle: r.editParticipant},
		{Pattern: "POST /work/audits/rounds/{id}/organisations/{org}/edit", Permission: access.AuditsManage,
			Handle: r.saveParticipant},
		{Pattern: "GET /work/audits/rounds/{id}/organisations/{org}/remove", Permission: access.AuditsManage,
			Handle: r.confirmRemoveParticipant},
		{Pattern: "POST /work/audits/rounds/{id}/organisations/{org}/remove", Permission: access.AuditsManage,
			Handle: r.removeParticipant},
	}
}

// The titles of the two lists of the room.
const (
	auditsTitle = "Multi-agency audits"
	roundsTitle = "Section 11 and 175 self-assessments"
)

// base is the frame of a page about a multi-agency audit, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{auditsTitle, root}, way...)...)
}

// listBase is the frame of a list of the room, beside the other.
func listBase(req *http.Request, title string) ui.Base {
	return web.Tabs(web.Base(req, title), web.PersonOf(req), []web.Tab{
		{Text: auditsTitle, Href: root, Permission: access.AuditsRead},
		{Text: roundsTitle, Href: roundsRoot, Permission: access.AuditsRead}})
}

type auditsPage struct {
	ui.Base
	List   ui.List
	Manage bool
	Today  period.Date
	Stages []ui.Choice
	Themes []ui.Choice
	Audits []Audit
}

func (r *Room) listAudits(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(root, req.URL.Query(), "-completed", "title", "theme", "stage", "due")
	list.One, list.Many = "audit", "audits"
	f := Filter{Text: list.Value("q"), Stage: list.Value("stage"), Theme: list.Value("theme"), Sort: list.Sort,
		Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	if y, err := period.ParseYear(list.Value("year")); err == nil {
		f.Year = y.Span()
	}
	all, total, err := r.Audits(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return r.exportAudits(w, req, all)
	}
	list.Total = total
	used, err := themes(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "audits", auditsPage{Base: listBase(req, auditsTitle), List: list,
		Manage: web.PersonOf(req).May(access.AuditsManage), Today: r.Now.Today(), Stages: ui.WordChoices(stages),
		Themes: ui.TextChoices(used), Audits: all})
}

func (r *Room) exportAudits(w http.ResponseWriter, req *http.Request, all []Audit) error {
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

func (r *Room) showAudit(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	a, err := r.Audit(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := agencies(ctx, r.Work, a.ID)
	if err != nil {
		return err
	}
	page := auditPage{Base: base(req, a.Title, a.Title, ""), Audit: a, Manage: web.PersonOf(req).May(access.AuditsManage),
		Late: a.Late(r.Now.Today()),
		Rows: []ui.Row{{Key: "Theme", Value: a.Theme}, {Key: "Method", Value: a.Method},
			{Key: "Agencies taking part", Value: lang.Join(names)}, {Key: "To be completed by", Value: a.DueOn.Words()}}}
	if cases := casesWords(a); cases != "" {
		page.Rows = slices.Insert(page.Rows, 2, ui.Row{Key: "Cases looked at", Value: cases})
	}
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

type auditFormPage struct {
	ui.FormPage
	Steps []Step
}

// auditForm gives what shows the form of an audit; cancel is the page before it.
func (r *Room) auditForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "audit-form", auditFormPage{
			FormPage: ui.FormPage{Base: base(req, title, title, ""), Form: f, Cancel: cancel}, Steps: steps})
	}
}

func (r *Room) newAudit(w http.ResponseWriter, req *http.Request) error {
	return r.auditForm(w, req, "Add an audit", root)(http.StatusOK, web.NewRecord())
}

func (r *Room) addAudit(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.auditForm(w, req, "Add an audit", root), func(f *web.Form) (web.Done, error) {
		a, err := r.readAudit(req.Context(), web.PersonOf(req), f, Audit{})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddAudit(req.Context(), web.PersonOf(req), a)
		return web.Done{To: href(id), Words: "The audit was added."}, err
	})
}

func (r *Room) editAudit(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := fillAudit(req.Context(), r.Work, a)
	if err != nil {
		return err
	}
	return r.auditForm(w, req, "Change "+a.Title, href(a.ID))(http.StatusOK, f)
}

func (r *Room) saveAudit(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.auditForm(w, req, "Change "+was.Title, href(was.ID)), func(f *web.Form) (web.Done, error) {
		a, err := r.readAudit(req.Context(), web.PersonOf(req), f, was)
		a.ID = was.ID
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SaveAudit(req.Context(), web.PersonOf(req), a, f.Seen())
		return web.Done{To: href(a.ID), Words: "The changes were saved."}, err
	})
}

type stepPage struct {
	ui.FormPage
	Audit Audit
	Next  []ui.Choice
}

func (r *Room) stepForm(w http.ResponseWriter, req *http.Request, a Audit) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if len(a.Next()) == 0 {
			return web.Conflict("There is no next step", "The learning of this audit was shared. Reopen it if that is wrong.")
		}
		const title = "Record the next step"
		return web.Render(w, status, r.pages, "step", stepPage{
			FormPage: ui.FormPage{Base: base(req, title, a.Title, href(a.ID), title, ""), Form: f, Cancel: href(a.ID)}, Audit: a,
			Next: ui.ChoicesOf(a.Next(), func(s Step) (string, string) { return s.ID, s.Words })})
	}
}

func (r *Room) confirmStepAudit(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := fillStep(a)
	f.OfferDate("on", r.Now.Today())
	return r.stepForm(w, req, a)(http.StatusOK, f)
}

func (r *Room) stepAudit(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.stepForm(w, req, a), func(f *web.Form) (web.Done, error) {
		step := f.Text("step", "Choose what happened", 20)
		on := f.Date("on", "Enter the date")
		findings := f.Text("findings", "", 500)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.StepAudit(req.Context(), web.PersonOf(req), a.ID, step, on, findings, f.Seen())
		done := web.Done{To: href(a.ID), Words: "The step was recorded."}
		if !a.Ended() { // else reopening it would take back more than this step
			done.Undo = href(a.ID) + "/reopen"
		}
		return done, err
	})
}

func (r *Room) confirmReopenAudit(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if !a.Ended() {
		return ErrOpen
	}
	now, err := fillAudit(req.Context(), r.Work, a)
	if err != nil {
		return err
	}
	b := base(req, "Reopen "+a.Title+"?", a.Title, href(a.ID), "Reopen", "")
	return web.Confirm(w, req, now, b, "Reopen the audit", href(a.ID),
		"Its dates of completion and of sharing the learning will be taken away, and it will no longer count as completed "+
			"in any figure.",
		"Who reopened it, and when, stays in its history.")
}

func (r *Room) reopenAudit(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmReopenAudit, func(seen web.Seen) (web.Done, error) {
		err := r.ReopenAudit(req.Context(), web.PersonOf(req), id, seen)
		return web.Done{To: href(id), Words: "The audit was reopened."}, err
	})
}

func (r *Room) confirmDeleteAudit(w http.ResponseWriter, req *http.Request) error {
	a, err := r.Audit(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if a.Ended() {
		return ErrCompleted
	}
	now, err := fillAudit(req.Context(), r.Work, a)
	if err != nil {
		return err
	}
	b := base(req, "Delete "+a.Title+"?", a.Title, href(a.ID), "Delete", "")
	return web.Confirm(w, req, now, b, "Delete the audit", href(a.ID),
		"The audit, its dates and the list of agencies will be deleted. This cannot be undone.",
		"Delete an audit only when it was entered by mistake.")
}

func (r *Room) deleteAudit(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteAudit, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteAudit(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: root, Words: "The audit was deleted."}, err
	})
}
