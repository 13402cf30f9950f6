package reviews

import (
	"context"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// Searchable is what can be found of the room: the lines of the register, by those who
// may read it, and nothing that is written about a case.
func (r *Room) Searchable() []search.Source {
	return []search.Source{{Kind: subject, Group: search.Reviews, Permissions: []web.Permission{access.ReviewsRead},
		Confidential: true, Read: findable, Describe: describe}}
}

func findable(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := reviewsAmong(ctx, q, ids)
	var out []search.Document
	for _, v := range list {
		out = append(out, search.Document{Record: v.ID, Permission: access.ReviewsRead, Href: "/work/reviews/" + v.ID,
			Title: v.Reference, Details: v.about(), Day: v.Began()})
	}
	return out, err
}

func describe(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := reviewsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, v := range list {
		out[v.ID] = search.Line{Details: v.about(), Tone: v.Stage.Tone(), Tag: v.Stage.Words()}
	}
	return out, err
}

// about says of which kind a review is and what its themes are.
func (r Review) about() string {
	return strings.Join(append([]string{r.Kind.Words()}, r.Themes...), " · ")
}
