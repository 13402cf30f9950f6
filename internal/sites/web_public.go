package sites

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// PublicRoutes lists the public pages: open to anyone, without cookies.
func (r *Room) PublicRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Permission: web.Anyone, Handle: r.home},
		{Pattern: "GET /help", Permission: web.Anyone, Handle: r.help},
		{Pattern: "GET /about", Permission: web.Anyone, Handle: r.about},
		{Pattern: "GET /families", Permission: web.Anyone, Handle: r.front},
		{Pattern: "GET /professionals", Permission: web.Anyone, Handle: r.front},
		{Pattern: "GET /training", Permission: web.Anyone, Handle: r.front},
		{Pattern: "GET /learning", Permission: web.Anyone, Handle: r.front},
		{Pattern: "GET /hubs/{slug}", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /about/{slug}", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /help/{slug}", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /legal/{slug}", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /contact", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /accessibility", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /privacy", Permission: web.Anyone, Handle: r.article},
		{Pattern: "GET /search", Permission: web.Anyone, Handle: r.search},
		{Pattern: "GET /feed.xml", Permission: web.Anyone, Handle: r.feed},
		{Pattern: "GET /sitemap.xml", Permission: web.Anyone, Handle: r.sitemap},
		{Pattern: "GET /robots.txt", Permission: web.Anyone, Handle: r.robots},
	}
}

// A way is a link with words under it, shown as a tile.
type way struct{ Title, Words, Href, Tone string }

var tones = []string{"brand", "coral", "plum", "amber", "sea"}

func waysTo(pages []*shownPage) []way {
	out := make([]way, len(pages))
	for i, p := range pages {
		out[i] = way{Title: p.Title, Words: p.Summary, Href: p.Address, Tone: tones[i%len(tones)]}
	}
	return out
}

// onShelf lists the published pages on a shelf, by title, but one.
func (f *face) onShelf(shelf, except string) []*shownPage {
	var out []*shownPage
	for i := range f.pages {
		if p := &f.pages[i]; p.on(shelf) && p.Slug != except {
			out = append(out, p)
		}
	}
	return out
}

type homePage struct {
	ui.Base
	Area      string
	Ways      []way
	Headlines []Headline
}

// needs are the things most people come for; one whose page is not published
// is left out.
var needs = []way{
	{"Find help for your family", "Who can help, with what, and how to reach them", "/families", "brand"},
	{"Leave a page quickly", "Domestic abuse: support, and how to stay safe online", "/hubs/domestic-abuse", "coral"},
	{"I’m under 18", "Pages for you, in plain words", "/hubs/young-people", "plum"},
	{"Book training", "Courses for everyone who works with children", "/training", "amber"},
	{"Read a 7-minute briefing", "One subject, one page, three questions for your team", "/hubs/seven-minute-briefings",
		"brand"},
	{"Complete your school’s audit", "Section 11 and Section 175: what it asks and why", "/hubs/section-11-175", "coral"},
}

func (r *Room) home(w http.ResponseWriter, req *http.Request) error {
	return r.serve(w, req, "/", func(f *face) (*publish.Answer, error) { return r.homeAnswer(req.Context(), f) })
}

func (r *Room) homeAnswer(ctx context.Context, f *face) (*publish.Answer, error) {
	p := homePage{Base: f.baseAt("/", "", "The council, police, health services and schools of "+f.area()+
		", working together to keep children safe."), Area: f.area()}
	p.FullWidth = true
	if r.Report != nil {
		err := r.Cache.Read(ctx, func(ctx context.Context) (err error) {
			p.Headlines, err = r.Report.Headlines(ctx)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read the report's headlines: %w", err)
		}
	}
	for _, n := range needs {
		if !strings.HasPrefix(n.Href, "/hubs/") || f.byAddress[n.Href] != nil {
			n.Href = f.at(n.Href)
			p.Ways = append(p.Ways, n)
		}
	}
	return r.page("home", p, true)
}

type helpPage struct {
	ui.Base
	Own, Everywhere []Contact
	CheckedOn       db.Date
	Body            template.HTML
}

func (r *Room) help(w http.ResponseWriter, req *http.Request) error {
	f, err := r.lastFace(req.Context()) // whom to call is told whatever happens
	if err != nil {
		return err
	}
	return r.answer(w, req, f, "/help", func(f *face) (*publish.Answer, error) {
		p := helpPage{Base: f.baseAt("/help", "Worried about a child?", "Whom to call in "+f.area()+", by day and by night."),
			CheckedOn: f.profile.CheckedOn}
		p.Own, p.Everywhere = f.profile.sides()
		p.Base = f.toLeave(web.Crumbs(p.Base, "Home", "/", "Worried about a child?", ""))
		if words := f.byAddress["/help"]; words != nil {
			p.Body = words.HTML()
		}
		return r.page("help", p, false)
	})
}

type aboutPage struct {
	ui.Base
	Profile Profile
	Sectors []sectorAgencies
	Body    template.HTML
	Ways    []way
}

type sectorAgencies struct {
	Sector string
	Names  []string
}

func (r *Room) about(w http.ResponseWriter, req *http.Request) error {
	return r.serve(w, req, "/about", func(f *face) (*publish.Answer, error) {
		p := aboutPage{Base: f.baseAt("/about", "About us", "Who the partnership is, and how it is organised."),
			Profile: f.profile, Ways: waysTo(f.onShelf("about", "about"))}
		p.Base = web.Crumbs(p.Base, "Home", "/", "About us", "")
		for _, a := range f.profile.Agencies {
			i := slices.IndexFunc(p.Sectors, func(s sectorAgencies) bool { return s.Sector == a.Sector })
			if i < 0 {
				i = len(p.Sectors)
				p.Sectors = append(p.Sectors, sectorAgencies{Sector: a.Sector})
			}
			p.Sectors[i].Names = append(p.Sectors[i].Names, a.Name)
		}
		if words := f.byAddress["/about"]; words != nil {
			p.Body = words.HTML()
		}
		return r.page("about", p, true)
	})
}

type frontPage struct {
	ui.Base
	Summary string
	Body    template.HTML
	Ways    []way
	SignIn  string // where to book; only on the training page
}

// fronts are what front pages are called until words for them are published.
var fronts = map[string][2]string{
	"/families":      {"For families", "Help for your family, and how to ask for it."},
	"/professionals": {"For professionals", "For everyone who works or volunteers with children."},
	"/training":      {"Training", "Courses for everyone who works with children."},
	"/learning":      {"Learning", "What we have learned, and what changed because of it."},
}

func (r *Room) front(w http.ResponseWriter, req *http.Request) error {
	address := req.URL.Path
	return r.serve(w, req, address, func(f *face) (*publish.Answer, error) {
		title, summary := fronts[address][0], fronts[address][1]
		var body template.HTML
		risky := Risky(Front, strings.TrimPrefix(address, "/"), Words{})
		if words := f.byAddress[address]; words != nil {
			title, summary, body = words.Title, words.Summary, words.HTML()
			risky = words.risky()
		}
		shelf := strings.TrimPrefix(address, "/")
		p := frontPage{Base: f.baseAt(address, title, summary), Summary: summary, Body: body,
			Ways: waysTo(f.onShelf(shelf, shelf))}
		p.Base = web.Crumbs(p.Base, "Home", "/", title, "")
		if address == "/training" {
			p.SignIn = r.programme()
		}
		if risky {
			p.Base = f.toLeave(p.Base)
		}
		return r.page("front", p, !risky)
	})
}

func (r *Room) programme() string {
	if r.Programme == "" {
		return "/sign-in"
	}
	return r.Programme
}

type articlePage struct {
	ui.Base
	Heading  string
	Summary  string
	Body     template.HTML
	Quiet    bool
	Ways     []way
	Listed   []way // what the page itself is the front of
	Updated  db.Time
	Preview  string // where the words are edited, when this is only a preview
	Problems []Link
}

func (r *Room) article(w http.ResponseWriter, req *http.Request) error {
	address := req.URL.Path
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	p := f.shown[address]
	if p == nil { // before the cache, which unknown addresses must not fill
		if to := f.addressOf(req.PathValue("slug")); to != "" {
			w.Header().Set("Cache-Control", "no-store") // a browser keeps neither where it was asked for
			http.Redirect(w, req, to, http.StatusMovedPermanently)
			return nil
		}
		return web.ErrNotFound
	}
	return r.answer(w, req, f, address, func(f *face) (*publish.Answer, error) {
		return r.page("article", f.articleOf(p), !p.risky())
	})
}

// addressOf finds where a published page is, for links that name it in another
// section, by its name where its address says nothing, or by what said nothing before.
func (f *face) addressOf(slug string) string {
	for _, p := range f.shown {
		if p.Slug == slug || neutral(p.Slug) == slug {
			return p.Address
		}
	}
	return ""
}

// articleOf makes the page of a published page.
func (f *face) articleOf(s *shownPage) articlePage {
	p := articlePage{
		Base:    f.baseAt(s.Address, s.Title, s.Summary),
		Heading: s.Title, Summary: s.Summary, Body: s.HTML(), Quiet: s.Quiet, Updated: s.PublishedAt,
	}
	if s.risky() {
		p.Base = f.toLeave(p.Base)
	}
	switch {
	case s.Quiet:
		p.SiteClass = "site-quiet"
	case s.Slug == youngPeople:
		p.SiteClass = "site-young"
	}
	crumbs := []string{"Home", "/"}
	switch first := slices.IndexFunc(splitShelves(s.Shelves), func(x string) bool { return fronts["/"+x][0] != "" }); {
	case s.Section == About && s.Address != "/contact":
		crumbs = append(crumbs, "About us", "/about")
	case s.Section == Help:
		crumbs = append(crumbs, "Worried about a child?", "/help")
	case first >= 0:
		shelf := splitShelves(s.Shelves)[first]
		crumbs = append(crumbs, fronts["/"+shelf][0], "/"+shelf)
		if !s.Quiet {
			p.Ways = waysTo(neighbours(f.onShelf(shelf, ""), s.Slug, 3))
		}
	}
	p.Base = web.Crumbs(p.Base, append(crumbs, s.Title, "")...)
	if s.Quiet {
		p.Base = quiet(p.Base)
	}
	if s.Section == Hub && choiceText(Shelves(), s.Slug) != s.Slug {
		p.Listed = waysTo(f.onShelf(s.Slug, s.Slug))
		p.Ways = nil
	}
	return p
}

// youngPeople is the page for those under 18, in colours of its own.
const youngPeople = "young-people"

// neighbours gives the n pages that follow a page on its shelf, round the end.
func neighbours(pages []*shownPage, slug string, n int) []*shownPage {
	at := slices.IndexFunc(pages, func(p *shownPage) bool { return p.Slug == slug })
	var out []*shownPage
	for i := 1; i < len(pages) && len(out) < n; i++ {
		out = append(out, pages[(at+i+len(pages))%len(pages)])
	}
	return out
}
