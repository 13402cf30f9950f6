package sites

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the pages that a person keeps right, for handing over when they leave.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	type page struct{ Slug, Title string }
	list, err := db.All[page](ctx, q, `
		SELECT slug, title FROM sites_pages WHERE owner_id = $1 ORDER BY sort_title, slug`, personID)
	var out []web.Holding
	for _, p := range list {
		out = append(out, web.Holding{What: "Page to keep right", Title: p.Title, Href: href(p.Slug), May: access.SitesRead})
	}
	return out, db.Wrap(err, "list the pages of %s", personID)
}
