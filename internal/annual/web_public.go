package annual

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// PublicRoutes are the pages of published reports. They read the public store
// only.
func (r *Room) PublicRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /report", Permission: web.Anyone, Handle: r.showReleases},
		{Pattern: "GET /report/{year}", Permission: web.Anyone, Handle: r.toFolder},
		{Pattern: "GET /report/{year}/{path...}", Permission: web.Anyone, Handle: r.showReleased},
	}
}

type releasesPage struct {
	ui.Base
	Releases []releaseRow
}

// A releaseRow is one year's report on the public site.
type releaseRow struct {
	released
	Earlier []released
}

func (r *Room) showReleases(w http.ResponseWriter, req *http.Request) error {
	all, err := releases(req.Context(), r.Public)
	if err != nil {
		return err
	}
	p := releasesPage{Base: web.Base(req, "Yearly reports")}
	p.Description = "The yearly reports of the partnership, with every figure and how it was worked out."
	for _, x := range all {
		if !x.WithdrawnAt.IsZero() {
			continue
		}
		if n := len(p.Releases); n > 0 && p.Releases[n-1].Year == x.Year {
			p.Releases[n-1].Earlier = append(p.Releases[n-1].Earlier, x)
			continue
		}
		p.Releases = append(p.Releases, releaseRow{released: x})
	}
	return web.Render(w, http.StatusOK, r.pages, "releases", p)
}

// toFolder adds the stroke at the end, from which the report's own addresses go
// on.
func (r *Room) toFolder(w http.ResponseWriter, req *http.Request) error {
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return err
	}
	http.Redirect(w, req, "/report/"+year.String()+"/", http.StatusMovedPermanently)
	return nil
}

type releasedPage struct {
	ui.Base
	Notice  string
	Content template.HTML
}

// showReleased answers with a file of a published report: the newest version,
// or version-1/… for an earlier one.
func (r *Room) showReleased(w http.ResponseWriter, req *http.Request) error {
	if body, ok := r.shelf.take(req.URL.Path); ok {
		return sendPage(w, body)
	}
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return err
	}
	all, err := releasesOf(req.Context(), r.Public, year.String())
	if err != nil {
		return err
	}
	at := req.PathValue("path")
	rel, at, notice, err := chosen(all, at)
	if err != nil {
		return err
	}
	if at == "figures" {
		http.Redirect(w, req, req.URL.Path+"/", http.StatusMovedPermanently)
		return nil
	}
	name := fileName(at)
	f, err := releasedFileAt(req.Context(), r.Public, rel.Year, rel.Version, name)
	if err != nil {
		return err
	}
	if path.Ext(name) == ".html" {
		p := releasedPage{Base: web.Base(req, f.Title), Notice: notice, Content: r.content(f.Body)}
		var page bytes.Buffer
		if err := r.pages.Render(&page, "released", p); err != nil {
			return err
		}
		r.shelf.keep(req.URL.Path, page.Bytes())
		return sendPage(w, page.Bytes())
	}
	w.Header().Set("Cache-Control", "public, no-cache")
	etag := `"` + f.SHA256[:min(16, len(f.SHA256))] + `"`
	w.Header().Set("ETag", etag)
	if strings.Contains(req.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return send(w, f.ContentType, []byte(f.Body))
}

// chosen finds the release that an address means, and what is to be said of it.
func chosen(all []released, at string) (rel released, rest, notice string, err error) {
	if len(all) == 0 {
		return rel, "", "", db.ErrNotFound
	}
	rel, rest = all[0], at
	if first, after, _ := strings.Cut(at, "/"); strings.HasPrefix(first, "version-") {
		n, err := strconv.ParseInt(strings.TrimPrefix(first, "version-"), 10, 64)
		if err != nil {
			return rel, "", "", db.ErrNotFound
		}
		found := false
		for _, x := range all {
			if x.Version == n {
				rel, found = x, true
			}
		}
		if !found {
			return rel, "", "", db.ErrNotFound
		}
		rest = after
		if n < all[0].Version {
			notice = fmt.Sprintf("This is version %d, published on %s. It has been replaced by version %d.", n, lang.Date(rel.PublishedAt), all[0].Version)
		}
	}
	if !rel.WithdrawnAt.IsZero() {
		return rel, "", "", &web.Refusal{Status: http.StatusGone, Title: "This report has been withdrawn",
			Words: fmt.Sprintf("It was withdrawn on %s. The reason given: %s", lang.Date(rel.WithdrawnAt), rel.WithdrawnWhy)}
	}
	return rel, rest, notice, nil
}

// A PublishedFigure is a figure of a published report, as its figures.json has
// it.
type PublishedFigure struct {
	ID     string            `json:"id"`
	Period string            `json:"period"`
	At     string            `json:"at"`
	Dims   map[string]string `json:"dims"`
	Value  *float64          `json:"value"` // nil when it is hidden
	Unit   string            `json:"unit"`
	Href   string            `json:"-"` // how it was worked out
}

// Newest gives the figures of the newest report on the public site, and its
// year; db.ErrNotFound when there is none.
func (r *Room) Newest(ctx context.Context) (year string, figures []PublishedFigure, err error) {
	all, err := releases(ctx, r.Public)
	if err != nil {
		return "", nil, fmt.Errorf("newest report: %w", err)
	}
	for _, x := range all {
		if !x.WithdrawnAt.IsZero() {
			continue
		}
		f, err := releasedFileAt(ctx, r.Public, x.Year, x.Version, "figures.json")
		if err != nil {
			return "", nil, fmt.Errorf("figures of report %s: %w", x.Year, err)
		}
		if err := json.Unmarshal([]byte(f.Body), &figures); err != nil {
			return "", nil, fmt.Errorf("figures of report %s: %w", x.Year, err)
		}
		pages, err := releasedPaths(ctx, r.Public, x.Year, x.Version)
		if err != nil {
			return "", nil, fmt.Errorf("pages of report %s: %w", x.Year, err)
		}
		for i, p := range figures {
			figures[i].Href = "/report/" + x.Year + "/figures/" // a value of a cut has no page of its own
			if slices.Contains(pages, "figures/"+p.page()+".html") {
				figures[i].Href += p.page()
			}
		}
		return x.Year, figures, nil
	}
	return "", nil, fmt.Errorf("newest report: %w", db.ErrNotFound)
}

// page names the figure's own page.
func (p PublishedFigure) page() string {
	when := p.Period
	if p.At != "" {
		when = p.At
	}
	return pageWords(p.ID, when, p.Dims, "")
}
