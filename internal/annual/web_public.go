package annual

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/publish"
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
	releasedReport
	Earlier []releasedReport
}

func (r *Room) showReleases(w http.ResponseWriter, req *http.Request) error {
	v, all, err := r.released(req.Context())
	if err != nil {
		return err
	}
	return r.send(w, req, v, "/report", func() (*publish.Answer, error) {
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
			p.Releases = append(p.Releases, releaseRow{releasedReport: x})
		}
		return r.page("releases", p)
	})
}

// Warm reads which reports are on the public site: see sites.Room.Warm.
func (r *Room) Warm(ctx context.Context) error {
	_, _, err := r.released(ctx)
	return err
}

// released lists what is on the public site, as it stands, with the view that keeps
// what is made of it.
func (r *Room) released(ctx context.Context) (*publish.View, []releasedReport, error) {
	v, err := r.Cache.View(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, err := publish.Fact(v, "annual.releases", func() (all []releasedReport, err error) {
		err = r.Cache.Read(ctx, func(ctx context.Context) error {
			all, err = releases(ctx, r.Public)
			return err
		})
		return all, err
	})
	if err != nil {
		return nil, nil, errors.Join(publish.Unavailable, err)
	}
	return v, all, nil
}

// send answers with what is made once for each state of the public store.
func (r *Room) send(w http.ResponseWriter, req *http.Request, v *publish.View, address string,
	make func() (*publish.Answer, error)) error {
	a, err := v.Answer(address, make)
	if err != nil {
		return err
	}
	return a.Send(w, req)
}

func (r *Room) page(name string, data any) (*publish.Answer, error) {
	var b bytes.Buffer
	if err := r.pages.Render(&b, name, data); err != nil {
		return nil, err
	}
	return publish.NewAnswer(b.Bytes(), "text/html; charset=utf-8", true)
}

// toFolder adds the slash at the end, from which the report's own addresses go
// on.
func (r *Room) toFolder(w http.ResponseWriter, req *http.Request) error {
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return err
	}
	http.Redirect(w, req, "/report/"+year.String()+"/", http.StatusMovedPermanently)
	return nil
}

// showReleased answers with a file of a published report: the newest version,
// or version-1/… for an earlier one.
func (r *Room) showReleased(w http.ResponseWriter, req *http.Request) error {
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return err
	}
	v, all, err := r.released(req.Context())
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(x releasedReport) bool { return x.Year != year.String() })
	rel, at, notice, err := chosen(all, req.PathValue("path"))
	if err != nil {
		return err
	}
	if at == "figures" {
		http.Redirect(w, req, req.URL.Path+"/", http.StatusMovedPermanently)
		return nil
	}
	name := fileName(at)
	// The file's own name, which is one, and not the address, which may be many.
	return r.send(w, req, v, fmt.Sprintf("/report/%s/version-%d/%s", rel.Year, rel.Version, name),
		func() (*publish.Answer, error) {
			var f storedFile
			err := r.Cache.Read(req.Context(), func(ctx context.Context) (err error) {
				f, err = releasedFileAt(ctx, r.Public, rel.Year, rel.Version, name)
				return err
			})
			if err != nil {
				return nil, err
			}
			if path.Ext(name) != ".html" {
				return publish.NewAnswer([]byte(f.Body), f.ContentType, true)
			}
			return r.page("released", framed(web.Base(req, ""), f.file(), notice))
		})
}

// chosen finds the release that an address means, and what is to be said of it.
func chosen(all []releasedReport, at string) (rel releasedReport, rest, notice string, err error) {
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
			notice = fmt.Sprintf("This is version %d, published on %s. It has been replaced by version %d.", n,
				lang.Date(rel.PublishedAt), all[0].Version)
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
