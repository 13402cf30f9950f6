package training

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Suggest finds what the room's pickers offer to words: courses, for those who give a session;
// whom by may book for, and the organisations to which they may add people. It returns
// web.ErrNotFound for a kind that is not by's to look among.
func (r *Room) Suggest(ctx context.Context, by web.Person, kind, typed string) (ui.Suggestions, error) {
	switch {
	case kind == ui.PickCourses && by.May(access.TrainingManage):
		return r.coursesFor().Find(ctx, typed)
	case kind == ui.PickColleagues && bookingRules.MayAny(by, access.Read):
		return r.colleaguesFor(by).Find(ctx, typed)
	case kind == ui.PickEmployers && bookingRules.MayAny(by, access.Read):
		return r.employersFor(by).Find(ctx, typed)
	}
	return ui.Suggestions{}, web.ErrNotFound
}

// coursesFor is how a form picks a course.
func (r *Room) coursesFor() web.Pickable {
	return web.AmongAll("course", "courses", func(ctx context.Context) ([]ui.Suggestion, error) {
		all, err := courses(ctx, r.Work, courseFilter{Limit: ui.EveryRow})
		var out []ui.Suggestion
		for _, c := range all {
			out = append(out, ui.Suggestion{ID: c.ID, Words: c.Title, More: c.Programme})
		}
		return out, err
	})
}

// colleaguesFor is how a form picks whom somebody books for, of those whom they may.
func (r *Room) colleaguesFor(by web.Person) web.Pickable {
	return web.AmongAll("colleague", "colleagues", func(ctx context.Context) ([]ui.Suggestion, error) {
		all, err := bookableFor(ctx, r.Work, by)
		var out []ui.Suggestion
		for _, p := range all {
			out = append(out, ui.Suggestion{ID: p.ID, Words: p.Name, More: p.Organisation})
		}
		return out, err
	})
}

// employersFor is how a form picks the organisation of somebody new, of those to which somebody
// may add people.
func (r *Room) employersFor(by web.Person) web.Pickable {
	return web.AmongAll("organisation", "organisations", func(ctx context.Context) ([]ui.Suggestion, error) {
		all, err := r.organisationsOf(ctx, by)
		var out []ui.Suggestion
		for _, o := range all {
			out = append(out, ui.Suggestion{ID: o.Value, Words: o.Text})
		}
		return out, err
	})
}
