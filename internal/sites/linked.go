package sites

import (
	"context"
	"fmt"
	"net/url"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// linkedFrom lists where the public finds a link to a page: the other pages on the
// site, and what other rooms have published. It reads the workspace alone, since a
// page may have to be taken down while the public store does not answer.
func (r *Room) linkedFrom(ctx context.Context, p Page) ([]ui.NavItem, error) {
	addresses := []string{p.Address()}
	if at := p.PublicAddress(); at != addresses[0] {
		addresses = append(addresses, at)
	}
	var others, out []ui.NavItem
	for _, address := range addresses {
		candidates, err := publicWordsWith(ctx, r.Work, address, p.Slug)
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			for _, l := range links(c.Markdown) {
				if u, err := url.Parse(l.To); err == nil && u.Host == "" && u.Path == address {
					out = append(out, ui.NavItem{Text: fmt.Sprintf("The page “%s” links to it", c.Title), Href: href(c.Slug)})
					break
				}
			}
		}
		if r.LinkedFrom == nil {
			continue
		}
		linked, err := r.LinkedFrom(ctx, address)
		if err != nil {
			return nil, err
		}
		others = append(others, linked...)
	}
	return append(others, out...), nil
}

// publicWords are what a page says on the site.
type publicWords struct{ Slug, Title, Markdown string }

// publicWordsWith lists the pages on the site, but for one, whose words have a text in
// them.
func publicWordsWith(ctx context.Context, q db.Reader, text, but string) ([]publicWords, error) {
	return db.All[publicWords](ctx, q, `
		SELECT v.slug, v.title, v.markdown
		FROM sites_pages p JOIN sites_versions v ON v.slug = p.slug AND v.version = p.published_version
		WHERE p.state = 'published' AND p.slug <> $1 AND v.markdown LIKE $2 ORDER BY v.title, v.slug`, but, "%"+text+"%")
}
