package app

import (
	"encoding/json"
	"net/http"
	"strings"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// pick finds what a picker offers to words: only what the person may see.
func (a *App) pick(r *http.Request, by web.Person, kind, typed string) (ui.Suggestions, error) {
	ctx := r.Context()
	of, _, _ := strings.Cut(kind, ":")
	switch of {
	case ui.PickPriorities, ui.PickRecommendations, ui.PickDoers, ui.PickHelpers:
		return a.Plan.Suggest(ctx, by, kind, typed)
	case ui.PickCourses, ui.PickColleagues, ui.PickEmployers:
		return a.Training.Suggest(ctx, by, kind, typed)
	case ui.PickAuthorities:
		return register.Authorities().Find(ctx, typed)
	}
	return register.Suggest(ctx, a.Work, by, kind, typed)
}

// suggest answers a picker while somebody types in it.
func (a *App) suggest(w http.ResponseWriter, r *http.Request) error {
	found := ui.Suggestions{Rows: []ui.Suggestion{}} // of no kind, nothing
	if kind := r.URL.Query().Get("kind"); kind != "" {
		var err error
		if found, err = a.pick(r, web.PersonOf(r), kind, r.URL.Query().Get("q")); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(found)
}
