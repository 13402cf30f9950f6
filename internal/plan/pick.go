package plan

import (
	"cmp"
	"context"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Suggest finds what the room's pickers offer to words: priorities and recommendations for those
// who write actions, and to whom an action can be handed for those who do it. It returns
// web.ErrNotFound for a kind that is not by's to look among.
func (r *Room) Suggest(ctx context.Context, by web.Person, kind, typed string) (ui.Suggestions, error) {
	kind, id, _ := strings.Cut(kind, ":")
	switch {
	case kind == ui.PickPriorities && by.May(access.PlanManage):
		return r.prioritiesFor().Find(ctx, typed)
	case kind == ui.PickRecommendations && by.May(access.PlanManage):
		return r.recommendationsFor().Find(ctx, typed)
	case kind == ui.PickDoers || kind == ui.PickHelpers:
		a, err := r.actionFor(ctx, by, id)
		if err != nil {
			return ui.Suggestions{}, err
		}
		if kind == ui.PickHelpers && asksHelp(by, a) {
			return r.helpersFor(by, a).Find(ctx, typed)
		}
		if kind == ui.PickDoers && actionRules.May(by, actionDo, a.of()) {
			return r.doersOf(a).Find(ctx, typed)
		}
	}
	return ui.Suggestions{}, web.ErrNotFound
}

// prioritiesFor is how a form picks a priority of any year, the newest year first.
func (r *Room) prioritiesFor() web.Pickable {
	return web.AmongAll("priority", "priorities", func(ctx context.Context) ([]ui.Suggestion, error) {
		all, _, err := priorities(ctx, r.Work, Filter{Sort: "year", Desc: true, Limit: ui.EveryRow})
		var out []ui.Suggestion
		for _, p := range all {
			out = append(out, ui.Suggestion{ID: p.ID, Words: p.Title, More: p.Year})
		}
		return out, err
	})
}

// recommendationsFor is how a form picks a recommendation, the newest first.
func (r *Room) recommendationsFor() web.Pickable {
	return web.AmongAll("recommendation", "recommendations", func(ctx context.Context) ([]ui.Suggestion, error) {
		all, _, err := recommendations(ctx, r.Work, Filter{Sort: "made", Desc: true, Limit: ui.EveryRow})
		var out []ui.Suggestion
		for _, v := range all {
			out = append(out, ui.Suggestion{ID: v.ID, Words: short(v.Words), Also: v.Words,
				More: cmp.Or(v.Source, v.SourceKind.Words())})
		}
		return out, err
	})
}

// doersOf is how a form picks to whom an action is handed.
func (r *Room) doersOf(a Action) web.Pickable {
	return web.AmongAll("colleague", "colleagues", func(ctx context.Context) ([]ui.Suggestion, error) {
		list, err := r.colleagues(ctx, r.Work, a)
		var out []ui.Suggestion
		for _, p := range list {
			out = append(out, ui.Suggestion{ID: p.ID, Words: p.Name, More: p.Organisation})
		}
		return out, err
	})
}

// helpersFor is how a form picks who is asked to help.
func (r *Room) helpersFor(by web.Person, a Action) web.Pickable {
	return web.AmongAll("colleague", "colleagues", func(ctx context.Context) ([]ui.Suggestion, error) {
		list, err := r.canHelp(ctx, r.Work, by, a)
		var out []ui.Suggestion
		for _, p := range list {
			out = append(out, ui.Suggestion{ID: p.ID, Words: p.Name, More: p.Organisation})
		}
		return out, err
	})
}
