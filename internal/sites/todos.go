package sites

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// checkContactsEvery is how many months the contacts on every public page are
// trusted for.
const checkContactsEvery = 6

// Todos lists what the sites need of a person: pages whose review has come, pages
// with words nobody has published, contacts nobody has checked.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var out []web.Todo
	if p.May(access.SitesEdit) {
		due, err := countPages(ctx, r.Work, pageFilter{DueBy: r.Now.Today().String()})
		if err != nil {
			return nil, fmt.Errorf("count pages due for review: %w", err)
		}
		if due > 0 {
			out = append(out, web.Todo{
				Title: lang.Plural(int(due), "page is", "pages are") + " due for review",
				Words: "Read each, fix what is no longer so, and give it a new review date.",
				Href:  "/work/sites?due=yes&sort=review", Act: "Review them", Late: true,
			})
		}
	}
	if pageRules.MayAny(p, access.Change) {
		lacks, err := r.statutoryTodos(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, lacks...)
	}
	if !p.May(access.SitesPublish) && !p.May(access.SettingsManage) {
		return out, nil
	}
	s, err := r.openness(ctx)
	if err != nil {
		return nil, err
	}
	if s.Shut {
		next := s.Next()
		out = append(out, web.Todo{Title: "The public site is shut", Words: s.Words(), Href: next.Href, Act: next.Text,
			Late: true})
	}
	if !p.May(access.SitesPublish) {
		return out, nil
	}
	public, err := r.publicTodos(ctx)
	if err != nil {
		return nil, err
	}
	out = append(public, out...)
	waiting, err := countPages(ctx, r.Work, pageFilter{State: "waiting"})
	if err != nil {
		return nil, fmt.Errorf("count pages to publish: %w", err)
	}
	if waiting > 0 {
		out = append(out, web.Todo{
			Title: lang.Plural(int(waiting), "page has", "pages have") + " newer words that are not on the site",
			Words: "The site shows what was published last.",
			Href:  "/work/sites?state=waiting", Act: "Look at them",
		})
	}
	return r.contactsTodo(ctx, out)
}

// statutoryTodos asks for what the pages that the law asks for cannot say yet.
func (r *Room) statutoryTodos(ctx context.Context) ([]web.Todo, error) {
	if r.Partnership == nil {
		return nil, nil
	}
	now, err := r.profile(ctx)
	if err != nil {
		return nil, err
	}
	pages, err := r.statutoryPages(ctx)
	if err != nil {
		return nil, err
	}
	titles := map[string]bool{}
	for _, page := range pages {
		for _, f := range missing(page.Markdown, now) {
			titles[f.Title] = true
		}
	}
	if len(titles) == 0 {
		return nil, nil
	}
	return []web.Todo{{Title: "The pages the law asks for lack " + lang.Plural(len(titles), "fact", "facts"),
		Words: "Privacy, accessibility and contact leave out what nobody has entered.", Href: statutoryHref,
		Act: "Enter them"}}, nil
}

// publicTodos lists the pages that the public should no longer see and may still,
// and those that could not be published.
func (r *Room) publicTodos(ctx context.Context) ([]web.Todo, error) {
	unsettled, err := r.Outbox.Unsettled(ctx, kindPage)
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, slug := range slices.Sorted(maps.Keys(unsettled)) {
		s := unsettled[slug]
		if s.Tries == 0 {
			continue // it was decided a moment ago
		}
		todo := web.Todo{Title: "The page /" + slug + " could not be published", Words: s.Words() + ". " + s.Tried(),
			Href: "/work/sites/pages/" + slug, Act: "See what to do", Late: true}
		if s.StillPublic() {
			todo.Title = "The page /" + slug + " is still public and should not be"
		}
		out = append(out, todo)
	}
	return out, nil
}

func (r *Room) contactsTodo(ctx context.Context, out []web.Todo) ([]web.Todo, error) {
	f, err := r.lastFace(ctx)
	if err != nil {
		return append(out, web.Todo{
			Title: "The public site does not answer",
			Words: "What is published cannot be read. Tell whoever runs the server.",
			Href:  "/work/sites", Act: "See the pages", Late: true,
		}), nil
	}
	profile := f.profile
	by := profile.CheckedOn.AddMonths(checkContactsEvery)
	if profile.Name == "" || profile.CheckedOn.IsZero() || by.After(r.Now.Today()) {
		return out, nil
	}
	return append(out, web.Todo{
		Title: "Check whom to call when worried about a child",
		Words: "The numbers on every public page were last checked on " + profile.CheckedOn.Words() + ".",
		Href:  "/work/sites/frame", Act: "Check them", Due: by, Late: true,
	}), nil
}
