package sites

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// Searchable is what can be found of the room in the workspace: every page as it is
// written there.
func (r *Room) Searchable() []search.Source {
	return []search.Source{{Kind: subject, Group: search.Papers, Permissions: []web.Permission{access.SitesRead},
		Read: findablePages, Describe: describePages}}
}

// PublicSearchable is what the public can find of the room: every page as it is on the
// site.
func (r *Room) PublicSearchable() []search.Source {
	return []search.Source{{Kind: subject, Group: search.Pages, Permissions: []web.Permission{web.Anyone},
		Read: findablePublished}}
}

func findablePages(ctx context.Context, q db.Reader, slugs []string) ([]search.Document, error) {
	list, err := pagesAmong(ctx, q, slugs)
	var out []search.Document
	for _, p := range list {
		out = append(out, search.Document{Record: p.Slug, Permission: access.SitesRead, Href: "/work/sites/pages/" + p.Slug,
			Title: p.Title, Details: "Page of the site", Body: p.Summary + "\n" + search.TextOf(string(Render(p.Markdown))),
			Day: dayOf(p.UpdatedAt)})
	}
	return out, err
}

// dayOf gives the day of a moment.
func dayOf(at db.Time) db.Date { return period.DateOf(at.Time) }

func describePages(ctx context.Context, q db.Reader, slugs []string) (map[string]search.Line, error) {
	list, err := pagesAmong(ctx, q, slugs)
	out := map[string]search.Line{}
	for _, p := range list {
		l := search.Line{Details: "Page of the site · " + p.Address(), Tone: "good", Tag: "On the site"}
		switch {
		case p.State == Draft:
			l.Tone, l.Tag = "quiet", "Draft"
		case p.Waiting():
			l.Tone, l.Tag = "watch", "Newer words not on the site"
		}
		out[p.Slug] = l
	}
	return out, err
}

func findablePublished(ctx context.Context, q db.Reader, slugs []string) ([]search.Document, error) {
	list, err := publishedAmong(ctx, q, slugs)
	var out []search.Document
	for _, p := range list {
		out = append(out, search.Document{Record: p.Slug, Permission: web.Anyone,
			Href:  PublicAddress(p.Section, p.Slug, p.words()),
			Title: p.Title, Details: p.Summary, Body: search.TextOf(fill(p.Body, Profile{})), Day: dayOf(p.PublishedAt)})
	}
	return out, err
}
