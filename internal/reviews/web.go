package reviews

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

//go:embed all:templates
var files embed.FS

// The permissions of the room.
const (
	read   = "reviews:read"
	manage = "reviews:manage"
)

const root = "/work/reviews"

func href(id string) string { return root + "/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/reviews", Permission: read, Handle: r.list},
		{Pattern: "GET /work/reviews/new", Permission: manage, Handle: r.newForm},
		{Pattern: "POST /work/reviews/new", Permission: manage, Handle: r.add},
		{Pattern: "GET /work/reviews/{id}", Permission: read, Handle: r.show},
		{Pattern: "GET /work/reviews/{id}/edit", Permission: manage, Handle: r.editForm},
		{Pattern: "POST /work/reviews/{id}/edit", Permission: manage, Handle: r.edit},
		{Pattern: "GET /work/reviews/{id}/step", Permission: manage, Handle: r.stepForm},
		{Pattern: "POST /work/reviews/{id}/step", Permission: manage, Handle: r.step},
		{Pattern: "GET /work/reviews/{id}/reopen", Permission: manage, Handle: r.reopenForm},
		{Pattern: "POST /work/reviews/{id}/reopen", Permission: manage, Handle: r.reopen},
		{Pattern: "GET /work/reviews/{id}/delete", Permission: manage, Handle: r.deleteForm},
		{Pattern: "POST /work/reviews/{id}/delete", Permission: manage, Handle: r.delete},
	}
}

type listPage struct {
	ui.Base
	List    ui.List
	Manage  bool
	Kinds   []ui.Choice
	Stages  []ui.Choice
	Themes  []ui.Choice
	Reviews []listRow
}

type listRow struct {
	Review
	Clock *Clock // the one that is due first, while any is open
}

func (r *Room) list(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(root, req.URL.Query(), "-began", "reference", "stage", "completed", "published")
	list.One, list.Many = "review", "reviews"
	f := Filter{Text: list.Value("q"), Kind: list.Value("kind"), Stage: list.Value("stage"), Theme: list.Value("theme"),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if y, err := period.ParseYear(list.Value("year")); err == nil {
		f.Year = y.Span()
	}
	if list.Value("format") == "csv" {
		return r.export(w, req, f)
	}
	all, total, err := r.Reviews(req.Context(), f)
	if err != nil {
		return err
	}
	list.Total = total
	rows, err := r.rows(req.Context(), all)
	if err != nil {
		return err
	}
	used, err := themes(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "list", listPage{Base: web.Base(req, "Reviews"), List: list,
		Manage: web.PersonOf(req).May(manage), Kinds: kindChoices(), Stages: stageChoices(), Themes: themeChoices(used), Reviews: rows})
}

// rows puts to each review the clock that is due first.
func (r *Room) rows(ctx context.Context, all []Review) ([]listRow, error) {
	in, err := editions(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	var rows []listRow
	for _, v := range all {
		row := listRow{Review: v}
		for _, c := range clocks(v, in, r.Now.Today()) {
			if c.Open() && (row.Clock == nil || c.Due.Before(row.Clock.Due)) {
				row.Clock = &c
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// everything is more rows than a list can have.
const everything = 1 << 30

func (r *Room) export(w http.ResponseWriter, req *http.Request, f Filter) error {
	f.Limit, f.Offset = everything, 0
	all, _, err := r.Reviews(req.Context(), f)
	if err != nil {
		return err
	}
	header := []string{"Reference", "Kind", "Stage", "Themes", "Commissioned by"}
	for _, s := range steps {
		header = append(header, s.Words)
	}
	header = append(header, "Publication", "Briefing")
	var rows [][]string
	for _, v := range all {
		row := []string{v.Reference, v.Kind.Words(), v.Stage.Words(), strings.Join(v.Themes, "; "), v.CommissionedBy()}
		for _, s := range steps {
			row = append(row, s.On(v).String())
		}
		rows = append(rows, append(row, v.PublicationHref, v.BriefingHref))
	}
	return web.CSV(w, "reviews.csv", header, rows)
}

type reviewPage struct {
	ui.Base
	Review  Review
	Manage  bool
	Rows    []ui.Row
	Clocks  []Clock
	Steps   []stepRow
	History []audittrail.Entry
}

type stepRow struct {
	Words string
	On    period.Date
}

func (r *Room) show(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := reviewPage{Base: web.Crumbs(web.Base(req, v.Reference), "Reviews", root, v.Reference, ""), Review: v,
		Manage: web.PersonOf(req).May(manage)}
	if page.Clocks, err = r.Clocks(req.Context(), v); err != nil {
		return err
	}
	if page.History, err = r.History(req.Context(), v.ID); err != nil {
		return err
	}
	page.Rows = []ui.Row{{Key: "Kind", Value: v.Kind.Words()}, {Key: "Themes", Value: strings.Join(v.Themes, ", ")}, {Key: "Commissioned by", Value: v.CommissionedBy()}}
	for _, s := range steps {
		if on := s.On(v); !on.IsZero() {
			page.Steps = append(page.Steps, stepRow{s.Words, on})
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "review", page)
}

type formPage struct {
	ui.Base
	Form          ui.Form
	Cancel        string
	Kinds         []ui.Choice
	Organisations []ui.Choice
	Steps         []Step
}

func (r *Room) form(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) error {
	organisations, err := register.Organisations(req.Context(), r.Work)
	if err != nil {
		return err
	}
	page := formPage{Base: web.Crumbs(web.Base(req, title), "Reviews", root, title, ""), Form: f, Cancel: root,
		Kinds: kindChoices(), Organisations: organisations, Steps: steps}
	if id != "" {
		page.Cancel = href(id)
	}
	return web.Render(w, status, r.pages, "form", page)
}

func (r *Room) newForm(w http.ResponseWriter, req *http.Request) error {
	return r.form(w, req, http.StatusOK, "", "Add a review", web.NewForm())
}

func (r *Room) add(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readReview(f)
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, "", "Add a review", f)
	}
	id, err := r.Add(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, "", "Add a review", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(id), "The review was added.")
}

func (r *Room) editForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.form(w, req, http.StatusOK, v.ID, "Change "+v.Reference, reviewForm(v))
}

func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readReview(f)
	v.ID = was.ID
	if !f.OK() {
		return r.form(w, req, http.StatusUnprocessableEntity, v.ID, "Change "+was.Reference, f)
	}
	err = r.Change(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.form(w, req, status, v.ID, "Change "+was.Reference, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(v.ID), "The changes were saved.")
}

type stepPage struct {
	ui.Base
	Form   ui.Form
	Review Review
	Next   []ui.Choice
	Cancel string
}

func (r *Room) stepPage(w http.ResponseWriter, req *http.Request, status int, v Review, f *web.Form) error {
	if len(v.Next()) == 0 {
		return web.Conflict("There is no next step", "This review is "+strings.ToLower(v.Stage.Words())+". Reopen it if that is wrong.")
	}
	return web.Render(w, status, r.pages, "step", stepPage{
		Base: web.Crumbs(web.Base(req, "Record the next step"), "Reviews", root, v.Reference, href(v.ID), "Record the next step", ""),
		Form: f, Review: v, Next: stepChoices(v.Next()), Cancel: href(v.ID)})
}

func (r *Room) stepForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("step", req.URL.Query().Get("step"))
	f.SetDate("on", r.Now.Today())
	return r.stepPage(w, req, http.StatusOK, v, f)
}

func (r *Room) step(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	step := f.Text("step", "Choose what happened", 20)
	on := f.Date("on", "Enter the date")
	if !f.OK() {
		return r.stepPage(w, req, http.StatusUnprocessableEntity, v, f)
	}
	err = r.Take(req.Context(), web.PersonOf(req), v.ID, step, on)
	if errors.Is(err, ErrMoved) {
		return web.Conflict("That step can no longer be recorded", "The review has gone on meanwhile. Open it again to see where it stands.")
	}
	if status := refused(f, err); status != 0 {
		return r.stepPage(w, req, status, v, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(v.ID), "The step was recorded.")
}

type confirmPage struct {
	ui.Base
	Words  []string // what will happen
	Act    string
	Cancel string
}

func (r *Room) confirm(w http.ResponseWriter, req *http.Request, v Review, title, act string, words ...string) error {
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{
		Base:  web.Crumbs(web.Base(req, title), "Reviews", root, v.Reference, href(v.ID), act, ""),
		Words: words, Act: act, Cancel: href(v.ID)})
}

func (r *Room) reopenForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.Ended() {
		return web.Conflict("This review is open", "It has not been completed, published or closed.")
	}
	return r.confirm(w, req, v, "Reopen "+v.Reference+"?", "Reopen the review",
		"Its dates of completion, publication and closing will be taken away, and it will no longer count as completed or published in any figure.",
		"Who reopened it, and when, stays in its history.")
}

func (r *Room) reopen(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	err := r.Reopen(req.Context(), web.PersonOf(req), id)
	if errors.Is(err, ErrMoved) {
		return web.Conflict("This review is open", "It has not been completed, published or closed.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(id), "The review was reopened.")
}

func (r *Room) deleteForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Stage == Published {
		return cannotDelete()
	}
	return r.confirm(w, req, v, "Delete "+v.Reference+"?", "Delete the review",
		"The review, its dates and its themes will be deleted, and every figure that counted it falls by one. This cannot be undone.",
		"Delete a review only when it was entered by mistake. One that came to nothing is closed without review instead.")
}

func (r *Room) delete(w http.ResponseWriter, req *http.Request) error {
	err := r.Delete(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrPublished) {
		return cannotDelete()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, root, "The review was deleted.")
}

func cannotDelete() error {
	return web.Conflict("A published review cannot be deleted", "It is part of the yearly report. If it was marked as published by mistake, reopen it first.")
}
