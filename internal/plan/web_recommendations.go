package plan

import (
	"net/http"
	"slices"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
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
	Share           share // which of the actions are counted
	Recommendations []Recommendation
}

func (r *Room) listRecommendations(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(recommendationsRoot, req.URL.Query(), "-made", "words", "source")
	list.One, list.Many = "recommendation", "recommendations"
	f := Filter{Text: list.Value("q"), Kind: list.Value("source"), State: list.Value("state"),
		Sort: list.Sort, Desc: list.Desc, By: web.PersonOf(req)}
	share := shareOf(f.By)
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Recommendations(req.Context(), f)
	if err != nil {
		return err
	}
	for i, v := range all {
		all[i] = v.as(f.By)
	}
	if list.Exporting("csv") {
		var rows [][]string
		for _, v := range all {
			rows = append(rows, []string{v.Words, v.SourceKind.Words(), sourceCell(v.SourceKind, v.Source),
				v.MadeOn.String(), v.Response,
				strconv.FormatInt(v.Actions, 10), strconv.FormatInt(v.Done, 10)})
		}
		actions := "Actions"
		if !share.All {
			actions = share.yours()
		}
		return web.CSV(w, "recommendations.csv", []string{"Recommendation", "From", "Source", "Made", "Response", actions,
			"Done"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "recommendations", recommendationsPage{
		Base: base(req, "Recommendations"), List: list, Manage: web.PersonOf(req).May(access.PlanManage),
		Sources: ui.WordChoices(sourceKinds),
		States:  ui.Choices("without", share.Without()), Share: share, Recommendations: all})
}

type recommendationPage struct {
	ui.Base
	Recommendation Recommendation
	Short          string // its heading: its words, or their beginning where they are long
	Standing       Tag
	Manage         bool
	Rows           []ui.Row
	Register       actionTable
	History        []audittrail.Entry
}

func (r *Room) showRecommendation(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	v, err := r.Recommendation(ctx, web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := recommendationPage{Base: base(req, "Recommendation", "Recommendations", recommendationsRoot, short(v.Words),
		""),
		Recommendation: v, Short: short(v.Words), Standing: shareOf(web.PersonOf(req)).Standing(v),
		Manage: web.PersonOf(req).May(access.PlanManage),
		Rows:   []ui.Row{{Key: "Comes from", Value: v.as(web.PersonOf(req)).From()}, {Key: "Made", Value: v.MadeOn.Words()}}}
	if page.Register, err = r.actionTable(ctx, "this recommendation", ActionFilter{Recommendation: v.ID,
		By: web.PersonOf(req)}); err != nil {
		return err
	}
	page.Register.Impact = slices.ContainsFunc(page.Register.Actions, func(a Action) bool { return a.Impact != "" })
	key, words := shareOf(web.PersonOf(req)).Row(v.Actions, v.Done, len(page.Register.Actions))
	page.Rows = append(page.Rows, ui.Row{Key: key, Value: words})
	if page.History, err = r.historyOf(ctx, recommendationRules.May(web.PersonOf(req), access.Read, access.Object{},
		reviewField), recommendationSubject, v.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "recommendation", page)
}

type recommendationFormPage struct {
	ui.FormPage
	Sources []ui.Choice
}

// recommendationForm gives what shows the form of a recommendation; cancel is the
// page before it.
func (r *Room) recommendationForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "recommendation-form", recommendationFormPage{
			ui.FormPage{Base: base(req, title, "Recommendations", recommendationsRoot, title, ""), Form: f, Cancel: cancel},
			ui.WordChoices(sourceKinds)})
	}
}

func (r *Room) newRecommendation(w http.ResponseWriter, req *http.Request) error {
	return r.recommendationForm(w, req, "Add a recommendation", recommendationsRoot)(http.StatusOK, web.NewRecord())
}

func (r *Room) addRecommendation(w http.ResponseWriter, req *http.Request) error {
	show := r.recommendationForm(w, req, "Add a recommendation", recommendationsRoot)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		v := readRecommendation(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddRecommendation(req.Context(), web.PersonOf(req), v)
		const words = "The recommendation was added. Now add what is done about it."
		return web.Done{To: recommendationHref(id), Words: words}, err
	})
}

func (r *Room) editRecommendation(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Recommendation(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	show := r.recommendationForm(w, req, "Change the recommendation", recommendationHref(v.ID))
	return show(http.StatusOK, fillRecommendation(v))
}

func (r *Room) saveRecommendation(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if _, err := r.Recommendation(req.Context(), web.PersonOf(req), id); err != nil {
		return err
	}
	show := r.recommendationForm(w, req, "Change the recommendation", recommendationHref(id))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		v := readRecommendation(f)
		v.ID = id
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveRecommendation(req.Context(), web.PersonOf(req), v, f.Seen())
		return web.Done{To: recommendationHref(id), Words: "The changes were saved."}, err
	})
}

func (r *Room) confirmDeleteRecommendation(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Recommendation(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Actions > 0 {
		return errRecommendationUsed
	}
	return confirm(w, req, fillRecommendation(v), recommendationHref(v.ID),
		"Delete this recommendation?", "Delete the recommendation", v.Words,
		"It will be deleted. This cannot be undone. Delete a recommendation only when it was entered by mistake.")
}

func (r *Room) deleteRecommendation(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteRecommendation, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteRecommendation(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		done := web.Done{To: recommendationsRoot, Words: "The recommendation was deleted."}
		return done, words(err, ErrUsed, errRecommendationUsed)
	})
}

var errRecommendationUsed = web.Conflict("A recommendation with actions cannot be deleted",
	"What was done about it would lose its reason. Delete its actions first, if they were entered by mistake too.")
