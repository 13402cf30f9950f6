package sites

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A searchPage is the public search.
type searchPage struct {
	ui.Base
	search.Page
}

// firstHits is how many things of each group a search shows at first.
const firstHits = 10

// search finds pages, chapters of yearly reports and published figures. What was
// looked for is kept nowhere.
func (r *Room) search(w http.ResponseWriter, req *http.Request) error {
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	base := web.Crumbs(f.baseAt("/search", "Search", ""), "Home", "/", "Search", "")
	base = f.toLeave(base)
	base.NoIndex, base.TabTitle = true, "Search"
	var found search.Page
	var status int
	err = r.Cache.Read(req.Context(), func(ctx context.Context) (err error) {
		found, status, err = r.PublicSearch.Page(ctx, "/search", req.URL.Query(), search.Question{
			May: func(permission web.Permission) bool { return permission == web.Anyone }}, firstHits, base.Put)
		return err
	})
	if err != nil && req.Context().Err() == nil {
		return errors.Join(publish.Unavailable, err)
	} else if err != nil {
		return err
	}
	r.CountVisit(req)
	w.Header().Set("Referrer-Policy", "no-referrer") // or a link would say what was looked for
	return web.Render(w, status, r.pages, "search", searchPage{base, found})
}

// own are the addresses that always answer, whatever is published.
var own = []string{"/", "/help", "/about", "/families", "/professionals", "/training", "/learning"}

// knows reports whether something answers at an address of the public site.
func (r *Room) knows(f *face) func(path string) bool {
	return func(path string) bool {
		if slices.Contains(own, path) || path == "/search" || f.byAddress[path] != nil || f.shown[path] != nil {
			return true
		}
		if r.Elsewhere != nil {
			return r.Elsewhere(path)
		}
		return path == "/sign-in" || path == "/report" || strings.HasPrefix(path, "/report/")
	}
}

type siteURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

func (r *Room) sitemap(w http.ResponseWriter, req *http.Request) error {
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	at := r.siteAddress(f)
	if at == "" {
		return web.ErrNotFound // a sitemap has whole addresses or is none
	}
	set := struct {
		XMLName xml.Name  `xml:"urlset"`
		NS      string    `xml:"xmlns,attr"`
		URLs    []siteURL `xml:"url"`
	}{NS: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	for _, path := range own {
		set.URLs = append(set.URLs, siteURL{Loc: at + path})
	}
	for i := range f.pages {
		if p := &f.pages[i]; !slices.Contains(own, p.Address) {
			set.URLs = append(set.URLs, siteURL{at + p.Address, p.PublishedAt.Format("2006-01-02")})
		}
	}
	for _, p := range f.standard {
		set.URLs = append(set.URLs, siteURL{Loc: at + p.Address})
	}
	return writeXML(w, req, "application/xml; charset=utf-8", set)
}

// writeXML answers with a document that a program reads.
func writeXML(w http.ResponseWriter, req *http.Request, media string, doc any) error {
	b := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(b).Encode(doc); err != nil {
		return fmt.Errorf("write %s: %w", req.URL.Path, err)
	}
	a, err := publish.NewAnswer(b.Bytes(), media, true)
	if err != nil {
		return err
	}
	return a.Send(w, req)
}

// A feedEntry is one page in the feed.
type feedEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Summary string   `xml:"summary"`
	Link    feedLink `xml:"link"`
}

type feedLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr,omitempty"`
}

// feedPages is how many pages the feed has.
const feedPages = 20

// feed lists the pages published last, for those who follow the site. One that has no
// page has no date either: nothing was ever changed. A page to leave quickly is not
// among them: a reader would keep it.
func (r *Room) feed(w http.ResponseWriter, req *http.Request) error {
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	at := r.siteAddress(f)
	doc := struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Title   string      `xml:"title"`
		ID      string      `xml:"id"`
		Updated string      `xml:"updated,omitempty"`
		Author  string      `xml:"author>name"`
		Link    feedLink    `xml:"link"`
		Entries []feedEntry `xml:"entry"`
	}{Title: f.name(), ID: feedID(at, "/"), Author: f.name(), Link: feedLink{at + "/feed.xml", "self"}}
	for i, p := range f.newest(feedPages) {
		if i == 0 {
			doc.Updated = atomTime(p.PublishedAt)
		}
		doc.Entries = append(doc.Entries, feedEntry{p.Title, feedID(at, p.Address), atomTime(p.PublishedAt), p.Summary,
			feedLink{Href: at + p.Address}})
	}
	return writeXML(w, req, "application/atom+xml; charset=utf-8", doc)
}

// newest lists the n pages published last, newest first.
func (f *face) newest(n int) []*shownPage {
	var out []*shownPage
	for i := range f.pages {
		if !f.pages[i].risky() {
			out = append(out, &f.pages[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *shownPage) int { return b.PublishedAt.Compare(a.PublishedAt.Time) })
	return out[:min(len(out), n)]
}

func atomTime(t db.Time) string { return t.Format("2006-01-02T15:04:05Z") }

// feedID names a page in the feed, for good where the site's address is known.
func feedID(at, path string) string { return cmp.Or(at, "urn:kith") + path }

// siteAddress is where the site is, as search engines are told: what Settings say, in a
// process without the workspace what was published of them, and "" while nobody has said.
// It is never what a request says.
func (r *Room) siteAddress(f *face) string {
	at := ""
	if r.PublicURL != nil {
		at = r.PublicURL()
	}
	return strings.TrimSuffix(cmp.Or(at, f.profile.Site), "/")
}

// PublishedSite is where the site is, by what was published; "" while that does not say.
func (r *Room) PublishedSite(ctx context.Context) string {
	f, err := r.face(ctx)
	if err != nil {
		return ""
	}
	return f.profile.Site
}

func (r *Room) robots(w http.ResponseWriter, req *http.Request) error {
	text := "User-agent: *\nDisallow: /work/\nDisallow: /search\nDisallow: /sign-in\n"
	if f, err := r.face(req.Context()); err == nil && r.siteAddress(f) != "" {
		text += "Sitemap: " + r.siteAddress(f) + "/sitemap.xml\n"
	}
	if r.Demo {
		text = "User-agent: *\nDisallow: /\n"
	}
	a, err := publish.NewAnswer([]byte(text), "text/plain; charset=utf-8", true)
	if err != nil {
		return err
	}
	return a.Send(w, req)
}
