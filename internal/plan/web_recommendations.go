package plan

import (
	"errors"
	"net/http"
	"strconv"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const recommendationsRoot = root + "/recommendations"

func recommendationHref(id string) string { return recommendationsRoot + "/" + id }

type recommendationsPage struct {
	ui.Base
	List            ui.List
	Manage          bool
	Sources         []ui.Choice
	States          []ui.Choice
	Recommendations []Recommendation
}

func (r *Room) recommendationList(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(recommendationsRoot, req.URL.Query(), "-made", "words", "source")
	list.One, list.Many = "recommendation", "recommendations"
	f := Filter{Text: list.Value("q"), Kind: list.Value("source"), State: list.Value("state"),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := r.Recommendations(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, v := range all {
			rows = append(rows, []string{v.Words, v.SourceKind.Words(), v.Source, v.MadeOn.String(), v.Response,
				strconv.FormatInt(v.Actions, 10), strconv.FormatInt(v.Done, 10)})
		}
		return web.CSV(w, "recommendations.csv", []string{"Recommendation", "From", "Source", "Made", "Response", "Actions", "Done"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "recommendations", recommendationsPage{Base: web.Base(req, "Recommendations"), List: list,
		Manage: web.PersonOf(req).May(manage), Sources: sourceChoices(), States: ui.Choices("without", "Without an action"), Recommendations: all})
}

type recommendationPage struct {
	ui.Base
	Recommendation Recommendation
	Manage         bool
	Today          period.Date
	Rows           []ui.Row
	Register       []Action
	History        []audittrail.Entry
}

func (r *Room) showRecommendation(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	v, err := r.Recommendation(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := recommendationPage{Base: web.Crumbs(web.Base(req, "Recommendation"), "Recommendations", recommendationsRoot, short(v.Words), ""), Recommendation: v,
		Manage: web.PersonOf(req).May(manage), Today: r.Now.Today(),
		Rows: []ui.Row{{Key: "Comes from", Value: from(v.SourceKind, v.Source)}, {Key: "Made", Value: v.MadeOn.Words()}, {Key: "What the partners say", Value: v.Response}}}
	if page.Register, err = r.actionsOf(ctx, ActionFilter{Recommendation: v.ID}); err != nil {
		return err
	}
	if page.History, err = audittrail.Of(ctx, r.Work, recommendationSubject, v.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "recommendation", page)
}

type recommendationFormPage struct {
	ui.Base
	Form    ui.Form
	Cancel  string
	Sources []ui.Choice
}

func (r *Room) recommendationForm(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) error {
	page := recommendationFormPage{Base: web.Crumbs(web.Base(req, title), "Recommendations", recommendationsRoot, title, ""),
		Form: f, Cancel: recommendationsRoot, Sources: sourceChoices()}
	if id != "" {
		page.Cancel = recommendationHref(id)
	}
	return web.Render(w, status, r.pages, "recommendation-form", page)
}

func (r *Room) newRecommendationForm(w http.ResponseWriter, req *http.Request) error {
	return r.recommendationForm(w, req, http.StatusOK, "", "Add a recommendation", web.NewForm())
}

func (r *Room) addRecommendation(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readRecommendation(f)
	if !f.OK() {
		return r.recommendationForm(w, req, http.StatusUnprocessableEntity, "", "Add a recommendation", f)
	}
	id, err := r.AddRecommendation(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.recommendationForm(w, req, status, "", "Add a recommendation", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, recommendationHref(id), "The recommendation was added. Now add what is done about it.")
}

func (r *Room) editRecommendationForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Recommendation(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.recommendationForm(w, req, http.StatusOK, v.ID, "Change the recommendation", recommendationForm(v))
}

func (r *Room) editRecommendation(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Recommendation(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readRecommendation(f)
	v.ID = was.ID
	if !f.OK() {
		return r.recommendationForm(w, req, http.StatusUnprocessableEntity, v.ID, "Change the recommendation", f)
	}
	err = r.ChangeRecommendation(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.recommendationForm(w, req, status, v.ID, "Change the recommendation", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, recommendationHref(v.ID), "The changes were saved.")
}

func (r *Room) deleteRecommendationForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Recommendation(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Actions > 0 {
		return recommendationUsed()
	}
	return r.confirm(w, req, recommendationHref(v.ID), "Delete this recommendation?", "Delete the recommendation", v.Words,
		"It will be deleted. This cannot be undone. Delete a recommendation only when it was entered by mistake.")
}

func (r *Room) deleteRecommendation(w http.ResponseWriter, req *http.Request) error {
	err := r.DeleteRecommendation(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrUsed) {
		return recommendationUsed()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, recommendationsRoot, "The recommendation was deleted.")
}

func recommendationUsed() error {
	return web.Conflict("A recommendation with actions cannot be deleted", "What was done about it would lose its reason. Delete its actions first, if they were entered by mistake too.")
}
