package annual

import (
	"context"
	"path"
	"regexp"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// figuresKind is what the public finds the figures of a report as.
const figuresKind = "published figure"

// Searchable is what can be found of the room in the workspace: the report of each
// year, with its chapters as they are written now.
func (r *Room) Searchable() []search.Source {
	return []search.Source{{Kind: subject, Group: search.Papers, Permissions: []web.Permission{access.ReportRead},
		Read: findableReports}}
}

// PublicSearchable is what the public can find of the room: the chapters and the
// figures of the last version of each year's report that is on the site.
func (r *Room) PublicSearchable() []search.Source {
	anyone := []web.Permission{web.Anyone}
	return []search.Source{
		{Kind: subject, Group: search.Report, Permissions: anyone, Read: findableChapters},
		{Kind: figuresKind, Group: search.Figures, Permissions: anyone, Read: findableFigures},
	}
}

// placed is what a text has in the place of a figure, which is not yet worked out, and
// linked what it has for a link.
var (
	placed = regexp.MustCompile(`\{\{[^}]*\}\}|(?m)^:::.*$`)
	linked = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

func findableReports(ctx context.Context, q db.Reader, years []string) ([]search.Document, error) {
	list, err := reportsAmong(ctx, q, years)
	if err != nil {
		return nil, err
	}
	var out []search.Document
	for _, p := range list {
		out = append(out, search.Document{Record: p.Year, Permission: access.ReportRead, Href: "/work/report/" + p.Year,
			Title: p.Title, Details: "Yearly report " + p.Year, Body: p.Lead, Day: lastDay(p.Year)})
	}
	all, err := chaptersAmong(ctx, q, years)
	for _, c := range all {
		d := search.Document{Record: c.Year, Item: c.ID, Permission: access.ReportRead, Title: c.Title,
			Href: "/work/report/" + c.Year + "/draft/#" + c.Slug, Details: "Chapter of the report " + c.Year,
			Body: linked.ReplaceAllString(placed.ReplaceAllString(c.Markdown, "…"), "$1"), Day: lastDay(c.Year)}
		if c.Part == PartSummary {
			d.Href, d.Details = "/work/report/"+c.Year+"/draft/summary#"+c.Slug, "Summary of the report "+c.Year
		}
		out = append(out, d)
	}
	return out, err
}

// lastDay gives the last day of a report's year.
func lastDay(year string) period.Date {
	y, err := period.ParseYear(year)
	if err != nil {
		return period.Date{}
	}
	return y.End()
}

func findableChapters(ctx context.Context, q db.Reader, years []string) ([]search.Document, error) {
	list, err := releasedPages(ctx, q, years)
	var out []search.Document
	for _, p := range list {
		if path.Ext(p.Path) != ".html" || isFigure(p.Path) {
			continue
		}
		whole := p.document("Report " + p.Year)
		begin, heads := p.Body, chapterHead.FindAllStringSubmatchIndex(p.Body, -1)
		for i, at := range heads {
			if i == 0 {
				begin = p.Body[:at[0]]
			}
			to := len(p.Body)
			if i+1 < len(heads) {
				to = heads[i+1][0]
			}
			d := whole
			id := p.Body[at[2]:at[3]]
			d.Item, d.Href, d.Details = p.Path+"#"+id, whole.Href+"#"+id, p.Title
			d.Title, d.Body = search.TextOf(p.Body[at[4]:at[5]]), search.TextOf(p.Body[at[1]:to])
			if id != "contents" { // it only repeats the others
				out = append(out, d)
			}
		}
		whole.Body = search.TextOf(begin)
		out = append(out, whole)
	}
	return out, err
}

// chapterHead is where a chapter begins in a page that the program wrote.
var chapterHead = regexp.MustCompile(`(?s)<h2 id="([^"]+)"[^>]*>(.*?)</h2>`)

func findableFigures(ctx context.Context, q db.Reader, years []string) ([]search.Document, error) {
	list, err := releasedPages(ctx, q, years)
	var out []search.Document
	for _, p := range list {
		if path.Ext(p.Path) == ".html" && isFigure(p.Path) {
			out = append(out, p.document("How it was counted, report "+p.Year))
		}
	}
	return out, err
}

func isFigure(path string) bool { return strings.HasPrefix(path, "figures/") }

// document is what a whole page is found by.
func (p releasedPage) document(details string) search.Document {
	at := strings.TrimSuffix(strings.TrimSuffix(p.Path, ".html"), "index")
	return search.Document{Record: p.Year, Item: p.Path, Permission: web.Anyone, Href: "/report/" + p.Year + "/" + at,
		Title: p.Title, Details: details, Body: search.TextOf(p.Body), Day: lastDay(p.Year)}
}
