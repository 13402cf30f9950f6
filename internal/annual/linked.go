package annual

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// LinksTo lists where the published reports link to an address of the public site, each
// in a sentence, with the page it is on. It reads what was published in the workspace,
// so that it answers while the public store does not.
func (r *Room) LinksTo(ctx context.Context, address string) ([]ui.NavItem, error) {
	pages, err := publishedPagesWith(ctx, r.Work, html.EscapeString(address))
	if err != nil {
		return nil, fmt.Errorf("read which reports link to %s: %w", address, err)
	}
	there := regexp.QuoteMeta(html.EscapeString(address)) + `["#?]`
	anywhere, asTile := regexp.MustCompile(`href="`+there), regexp.MustCompile(`class="tile__link" href="`+there)
	var out []ui.NavItem
	for _, p := range pages {
		at := "/report/" + p.Year + "/" + strings.TrimSuffix(p.Path, "index.html")
		switch {
		case asTile.MatchString(p.Body):
			out = append(out, ui.NavItem{Text: "It is a link on the summary of the yearly report " + p.Year, Href: at})
		case anywhere.MatchString(p.Body):
			words := fmt.Sprintf("“%s” in the yearly report %s links to it", p.Title, p.Year)
			out = append(out, ui.NavItem{Text: words, Href: at})
		}
	}
	return out, nil
}

// A publishedPage is a page of a report that is on the public site.
type publishedPage struct{ Year, Path, Title, Body string }

// publishedPagesWith lists the pages of the reports that stand whose text has a link
// that begins with an address.
func publishedPagesWith(ctx context.Context, q db.Reader, address string) ([]publishedPage, error) {
	return db.All[publishedPage](ctx, q, `
		SELECT c.year, c.path, c.title, c.body
		FROM annual_contents c JOIN annual_reports r ON r.year = c.year AND r.version = c.version
		WHERE r.state = 'published' AND c.path LIKE '%.html' AND c.body LIKE $1 ORDER BY c.year DESC, c.path`,
		`%href="`+address+"%")
}
