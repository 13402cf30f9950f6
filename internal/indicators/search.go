package indicators

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Searchable is what can be found of the room: the figures there are and what each
// counts. Their values are on their own pages, where small numbers are judged.
func (r *Room) Searchable() []search.Source {
	return []search.Source{{Kind: "figure", Group: search.Figures, Permissions: []web.Permission{access.FiguresRead},
		Fixed: true, Read: r.findable,
		Follows: map[string]func(context.Context, db.Reader, string) ([]string, error){register.TermsSubject: nil,
			subject: nil}}}
}

func (r *Room) findable(ctx context.Context, q db.Reader, _ []string) ([]search.Document, error) {
	terms, err := register.ReadTerms(ctx, q)
	if err != nil {
		return nil, err
	}
	all, err := r.Figures.Definitions(ctx, q)
	var out []search.Document
	for _, d := range all {
		out = append(out, search.Document{Record: d.ID, Permission: access.FiguresRead, Href: root + "/figures/" + d.ID,
			Title: d.Title, Details: "Figure · " + terms.Put(roomOf(d.ID)), Body: d.Counts})
	}
	return out, err
}
