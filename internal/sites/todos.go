package sites

import (
	"context"
	"fmt"

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
	if p.May("sites:edit") {
		due, err := countPages(ctx, r.Work, pageFilter{DueBy: r.Now.Today().String()})
		if err != nil {
			return nil, fmt.Errorf("count pages due for review: %w", err)
		}
		if due > 0 {
			out = append(out, web.Todo{
				Title: lang.Plural(int(due), "page is", "pages are") + " due for review",
				Words: "Read each, mend what is no longer so, and give it a new review date.",
				Href:  "/work/sites?due=yes&sort=review", Act: "Review them", Late: true,
			})
		}
	}
	if !p.May("sites:publish") {
		return out, nil
	}
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

func (r *Room) contactsTodo(ctx context.Context, out []web.Todo) ([]web.Todo, error) {
	profile, err := r.publishedProfile(ctx)
	if err != nil {
		return nil, err
	}
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
