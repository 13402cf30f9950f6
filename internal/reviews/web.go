package reviews

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

//go:embed all:templates
var files embed.FS

const root = "/work/reviews"

func href(id string) string { return root + "/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/reviews", Permission: access.ReviewsRead, Handle: r.listReviews},
		{Pattern: "GET /work/reviews/new", Permission: access.ReviewsManage, Handle: r.newReview},
		{Pattern: "POST /work/reviews/new", Permission: access.ReviewsManage, Handle: r.addReview},
		{Pattern: "GET /work/reviews/{id}", Permission: access.ReviewsRead, Handle: r.showReview},
		{Pattern: "GET /work/reviews/{id}/edit", Permission: access.ReviewsManage, Handle: r.editReview},
		{Pattern: "POST /work/reviews/{id}/edit", Permission: access.ReviewsManage, Handle: r.saveReview},
		{Pattern: "GET /work/reviews/{id}/step", Permission: access.ReviewsManage, Handle: r.confirmStepReview},
		{Pattern: "POST /work/reviews/{id}/step", Permission: access.ReviewsManage, Handle: r.stepReview},
		{Pattern: "GET /work/reviews/{id}/reopen", Permission: access.ReviewsManage, Handle: r.confirmReopenReview},
		{Pattern: "POST /work/reviews/{id}/reopen", Permission: access.ReviewsManage, Handle: r.reopenReview},
		{Pattern: "GET /work/reviews/{id}/delete", Permission: access.ReviewsManage, Handle: r.confirmDeleteReview},
		{Pattern: "POST /work/reviews/{id}/delete", Permission: access.ReviewsManage, Handle: r.deleteReview},
	}
}

// base is the frame of a page of the room, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	b := web.Base(req, title)
	if len(way) > 0 {
		b = web.Crumbs(b, append([]string{"Case reviews", root}, way...)...)
	}
	return b
}

type reviewsPage struct {
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

func (r *Room) listReviews(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(root, req.URL.Query(), "-began", "reference", "stage", "completed", "published")
	list.One, list.Many = "review", "reviews"
	f := Filter{Text: list.Value("q"), Kind: list.Value("kind"), Stage: list.Value("stage"), Theme: list.Value("theme"),
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	if y, err := period.ParseYear(list.Value("year")); err == nil {
		f.Year = y.Span()
	}
	by := web.PersonOf(req)
	var all []Review
	var total int
	var used []string
	err := r.Work.As(by).Read(req.Context(), func(q db.Reader) (err error) {
		if all, total, err = reviews(req.Context(), q, by, f); err == nil {
			used, err = themes(req.Context(), q)
		}
		return err
	})
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportReviews(w, all)
	}
	list.Total = total
	rows, err := r.rows(req.Context(), all)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "reviews", reviewsPage{
		Base: base(req, "Case reviews"), List: list, Manage: web.PersonOf(req).May(access.ReviewsManage),
		Kinds:  ui.WordChoices(kinds),
		Stages: ui.WordChoices(stages), Themes: ui.TextChoices(used), Reviews: rows})
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

func exportReviews(w http.ResponseWriter, all []Review) error {
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
	Learned string // where what the review recommends stands; "" for who may not read the plan
	History []audittrail.Entry
}

type stepRow struct {
	Words string
	On    period.Date
}

func (r *Room) showReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := reviewPage{Base: base(req, v.Reference, v.Reference, ""), Review: v,
		Manage: web.PersonOf(req).May(access.ReviewsManage)}
	if page.Clocks, err = r.Clocks(req.Context(), v); err != nil {
		return err
	}
	if page.History, err = r.History(req.Context(), v.ID); err != nil {
		return err
	}
	if web.PersonOf(req).May(access.PlanRead) {
		page.Learned = "/work/plan/recommendations?" + url.Values{"source": {"review"}, "q": {v.Reference}}.Encode()
	}
	page.Rows = []ui.Row{{Key: "Themes", Value: strings.Join(v.Themes, ", ")},
		{Key: "Commissioned by", Value: v.CommissionedBy()}}
	for _, s := range steps {
		if on := s.On(v); !on.IsZero() {
			page.Steps = append(page.Steps, stepRow{s.Words, on})
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "review", page)
}

type reviewFormPage struct {
	ui.FormPage
	Kinds        []ui.Choice
	Steps, Later []Step // those asked for at once, and those that can be opened
}

// reviewForm gives what shows the form of a review; cancel is the page before it.
func (r *Room) reviewForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if err := register.SayKept(req.Context(), r.Work, f, "commissioner"); err != nil {
			return err
		}
		now, later := askedNow(f)
		return web.Render(w, status, r.pages, "review-form", reviewFormPage{
			FormPage: ui.FormPage{Base: base(req, title, title, ""), Form: f, Cancel: cancel},
			Kinds:    ui.WordChoices(kinds), Steps: now, Later: later})
	}
}

// askedNow divides the steps of a form: the first and those that have a date, or something
// wrong with it, are asked for at once; nine empty dates are not.
func askedNow(f *web.Form) (now, later []Step) {
	for i, s := range steps {
		said := f.Problem(s.ID) + f.Value(s.ID)
		for _, part := range []string{"-day", "-month", "-year"} {
			said += f.Problem(s.ID+part) + f.Value(s.ID+part)
		}
		if i == 0 || said != "" {
			now = append(now, s)
			continue
		}
		later = append(later, s)
	}
	return now, later
}

func (r *Room) newReview(w http.ResponseWriter, req *http.Request) error {
	return r.reviewForm(w, req, "Add a review", root)(http.StatusOK, web.NewRecord())
}

func (r *Room) addReview(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.reviewForm(w, req, "Add a review", root), func(f *web.Form) (web.Done, error) {
		v, err := r.readReview(req, f, Review{})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddReview(req.Context(), web.PersonOf(req), v)
		return web.Done{To: href(id), Words: "The review was added."}, err
	})
}

func (r *Room) editReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.reviewForm(w, req, "Change "+v.Reference, href(v.ID))(http.StatusOK, fillReview(v))
}

func (r *Room) saveReview(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.reviewForm(w, req, "Change "+was.Reference, href(was.ID)),
		func(f *web.Form) (web.Done, error) {
			v, err := r.readReview(req, f, was)
			if err != nil || !f.OK() {
				return web.Done{}, err
			}
			err = r.SaveReview(req.Context(), web.PersonOf(req), v, f.Seen())
			return web.Done{To: href(v.ID), Words: "The changes were saved."}, err
		})
}

type stepPage struct {
	ui.FormPage
	Review Review
	Next   []ui.Choice
}

func (r *Room) stepForm(w http.ResponseWriter, req *http.Request, v Review) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if len(v.Next()) == 0 {
			return web.Conflict("There is no next step",
				"This review is "+strings.ToLower(v.Stage.Words())+". Reopen it if that is wrong.")
		}
		const title = "Record the next step"
		next := ui.ChoicesOf(v.Next(), func(s Step) (string, string) { return s.ID, s.Words })
		return web.Render(w, status, r.pages, "step", stepPage{
			FormPage: ui.FormPage{Base: base(req, title, v.Reference, href(v.ID), title, ""), Form: f, Cancel: href(v.ID)},
			Review:   v, Next: next})
	}
}

func (r *Room) confirmStepReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("step", req.URL.Query().Get("step"))
	f.SetDate("on", r.Now.Today())
	return r.stepForm(w, req, v)(http.StatusOK, f)
}

func (r *Room) stepReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.stepForm(w, req, v), func(f *web.Form) (web.Done, error) {
		step := f.Text("step", "Choose what happened", 20)
		on := f.Date("on", "Enter the date")
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.StepReview(req.Context(), web.PersonOf(req), v.ID, step, on)
		if errors.Is(err, ErrMoved) {
			err = web.Conflict("That step can no longer be recorded",
				"The review has gone on meanwhile. Open it again to see where it stands.")
		}
		done := web.Done{To: href(v.ID), Words: "The step was recorded."}
		if !v.Ended() { // else reopening it would take back more than this step
			done.Undo = href(v.ID) + "/reopen"
		}
		return done, err
	})
}

func (r *Room) confirmReopenReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.Ended() {
		return errOpen
	}
	b := base(req, "Reopen "+v.Reference+"?", v.Reference, href(v.ID), "Reopen", "")
	return web.Confirm(w, req, fillReview(v), b, "Reopen the review", href(v.ID),
		"Its dates of completion, publication and closing will be taken away, and it will no longer count as completed or "+
			"published in any figure.",
		"Who reopened it, and when, stays in its history.")
}

func (r *Room) reopenReview(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmReopenReview, func(seen web.Seen) (web.Done, error) {
		err := r.ReopenReview(req.Context(), web.PersonOf(req), id, seen)
		if errors.Is(err, ErrMoved) {
			err = errOpen
		}
		return web.Done{To: href(id), Words: "The review was reopened."}, err
	})
}

func (r *Room) confirmDeleteReview(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Review(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Stage == Published {
		return errPublished
	}
	b := base(req, "Delete "+v.Reference+"?", v.Reference, href(v.ID), "Delete", "")
	return web.Confirm(w, req, fillReview(v), b, "Delete the review", href(v.ID),
		"The review, its dates and its themes will be deleted, and every figure that counted it falls by one. This cannot "+
			"be undone.",
		"Delete a review only when it was entered by mistake. One that came to nothing is closed without review instead.")
}

func (r *Room) deleteReview(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteReview, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteReview(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		if errors.Is(err, ErrPublished) {
			err = errPublished
		}
		return web.Done{To: root, Words: "The review was deleted."}, err
	})
}

var (
	errOpen      = web.Conflict("This review is open", "It has not been completed, published or closed.")
	errPublished = web.Conflict("A published review cannot be deleted",
		"It is part of the yearly report. If it was marked as published by mistake, reopen it first.")
)
