package app

import (
	"embed"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/once"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/partnership"
)

//go:embed templates
var templates embed.FS

// workPrefix is where the workspace is; everything else is the public face.
const workPrefix = "/work"

// Handler gives all that this process serves: the faces its configuration names.
func (a *App) Handler() http.Handler {
	m := a.mux()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) { ui.Assets().ServeHTTP(w, r) })
	mux.Handle("/", web.SameSite(m))
	served := http.NewServeMux()
	served.Handle("GET /healthz", http.HandlerFunc(a.health)) // by any name: who watches knows the machine
	served.Handle("/", web.Hosts(a.address, a.Hosts, mux))
	return guarded(served)
}

// guarded puts on every answer what keeps browsers safe: an asset, a refused form
// and the word on health never reach the pages, which set headers of their own.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func (a *App) mux() *web.Mux {
	m := web.NewMux(a.Log)
	m.Person, m.Base, m.Terms, m.Secure = a.person, a.base, a.terms, a.secure
	if a.Work != nil {
		m.Once = &once.Marks{DB: a.Work, Now: a.Now}
		m.Noting = (&noter{a: a}).note
	}
	if a.Work != nil {
		m.Pick = a.pick
	}
	if a.Identity != nil {
		m.Confirm = a.Identity.Confirm
	}
	if a.Face != FaceWork {
		m.Handle(a.Sites.WhileOpen(a.Sites.PublicRoutes()...)...)
		m.Handle(a.Sites.WhileOpen(a.Sites.Counted(a.Annual.PublicRoutes()...)...)...)
	} else {
		m.Handle(web.Route{Pattern: "GET /{$}", Permission: web.Anyone,
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				return web.SeeOther(w, r, workPrefix, "")
			}})
	}
	if a.Face != FacePublic {
		m.Handle(a.workRoutes()...)
		if a.Demo {
			m.Handle(a.Identity.DemoRoutes()...)
		}
	}
	return m
}

// workRoutes are the pages of the workspace.
func (a *App) workRoutes() []web.Route {
	return slices.Concat(a.routes(), a.Identity.Routes(), a.Partnership.Routes(), a.Imports.Routes(),
		a.Indicators.Routes(),
		a.Training.Routes(), a.Training.GuestRoutes(), a.Audits.Routes(), a.Reviews.Routes(), a.Plan.Routes(),
		a.Sites.Routes(), a.Annual.Routes(), a.Duplicates.Routes(), a.Letters.Routes())
}

// routes are the pages that belong to no room.
func (a *App) routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work", Permission: web.SignedIn, Handle: a.home},
		{Pattern: "GET " + ui.PickPath, Permission: web.SignedIn, Handle: a.suggest},
		{Pattern: "GET /work/search", Permission: web.SignedIn, Handle: a.findAnything},
		{Pattern: "GET /work/settings/outbox", Permission: access.OutboxRead, Handle: a.outbox},
		{Pattern: "GET /work/settings/outbox/{id}", Permission: access.OutboxRead, Handle: a.message},
		{Pattern: "GET /work/settings/trail", Permission: access.SettingsManage, Handle: a.trail},
		{Pattern: "GET /work/settings/jobs", Permission: access.SettingsManage, Handle: a.failedJobs},
		{Pattern: "GET /style-guide", Permission: web.Anyone, Handle: a.styleGuide},
	}
}

// settingsPages are the pages of settings that belong to no room.
var settingsPages = []partnership.SettingsPage{
	{Text: "Roles", Href: "/work/settings/roles", Permission: access.SettingsManage},
	{Text: "Signing in", Href: "/work/settings/signing-in", Permission: access.SettingsManage},
	{Text: "E-mail", Href: "/work/settings/email", Permission: access.SettingsManage},
	{Text: "Outbox", Href: "/work/settings/outbox", Permission: access.OutboxRead},
	{Text: "Reminders", Href: "/work/settings/reminders", Permission: access.SettingsManage},
	{Text: "Who did what", Href: "/work/settings/trail", Permission: access.SettingsManage},
	{Text: "What could not be done", Href: "/work/settings/jobs", Permission: access.SettingsManage},
}

// private reports whether a path is one for people who sign in.
func private(path string) bool {
	return path == workPrefix || strings.HasPrefix(path, workPrefix+"/") || strings.HasPrefix(path, "/sign") ||
		strings.HasPrefix(path, "/demo/") || strings.HasPrefix(path, "/password")
}

// person finds who is signed in. The public face asks nobody: it has no cookies.
func (a *App) person(r *http.Request) (web.Person, error) {
	if a.Identity == nil || !private(r.URL.Path) {
		return web.Person{}, nil
	}
	return a.Identity.Person(r)
}

// terms gives the partnership's own words; the standard ones while they cannot be
// read, and in a process without the workspace.
func (a *App) terms(r *http.Request) lang.Terms {
	terms, err := a.Register.Terms(r.Context())
	if err != nil {
		a.Log.Error("the partnership's own words", "error", err)
	}
	return terms
}

// base makes the frame of a page.
func (a *App) base(w http.ResponseWriter, r *http.Request, p web.Person) ui.Base {
	if a.Identity == nil || !private(r.URL.Path) {
		return a.Sites.PublicBase(r)
	}
	b := ui.Base{Layout: ui.LayoutPlain, SiteName: a.siteName(r), Demo: a.Demo, HomeHref: workPrefix, NoIndex: true}
	if p.ID == "" || !strings.HasPrefix(r.URL.Path, workPrefix) {
		b.HomeHref = "/"
		return b
	}
	b.Layout = ui.LayoutWork
	b.Terms = a.terms(r)
	b.Person = &ui.Who{Name: p.Name, Role: p.Role, AccountHref: "/work/account", SignOutHref: "/sign-out"}
	b.Nav, b.SearchHref = counted(navigation(p, r.URL.Path), a.waits(r.Context(), p)), searchPath
	if b.Flash = web.TakeFlash(w, r); b.Flash != nil {
		b.Flash.Text = b.Put(b.Flash.Text)
	}
	return b
}

func (a *App) siteName(r *http.Request) string {
	profile, err := a.Partnership.Profile(r.Context())
	if err != nil || profile.Area == "" {
		return "Kith"
	}
	return profile.Area
}

// A place is one part of the workspace.
type place struct {
	Title, Words, Href string
	permission         web.Permission
	besides            []string // other addresses that are part of it
	group              int      // they stand in groups: what is done, what is told, who and how
	key                string   // the letter that, after g, leads there
}

// places are the workspace's one navigation.
var places = []place{
	{Title: "Home", Href: "/work", permission: web.SignedIn, key: "h"},
	{Title: "Priorities and actions", Words: "The business plan, recommendations, actions and scrutiny",
		Href: "/work/plan", permission: access.PlanRead, group: 1, key: "p"},
	{Title: "Case reviews", Words: "Rapid reviews and practice reviews, with their clocks", Href: "/work/reviews",
		permission: access.ReviewsRead, group: 1, key: "c"},
	{Title: "Audits", Words: "Section 11 and 175 self-assessments, multi-agency audits", Href: "/work/audits",
		permission: access.AuditsRead, group: 1, key: "a"},
	{Title: "Training", Words: "Courses, bookings, registers and your own record", Href: "/work/training",
		permission: access.TrainingRead, group: 1, key: "t"},
	{Title: "Performance", Words: "Every figure, how it moved and how it was worked out", Href: "/work/performance",
		permission: access.FiguresRead, besides: []string{"/work/imports"}, group: 2, key: "f"},
	{Title: "Report", Words: "The yearly report: write, check and publish", Href: "/work/report",
		permission: access.ReportRead, group: 2, key: "r"},
	{Title: "Sites", Words: "The public pages and their visits", Href: "/work/sites", permission: access.SitesRead,
		group: 2, key: "s"},
	{Title: "People", Words: "People, organisations and {committees}", Href: "/work/people",
		permission: access.PeopleRead, besides: besidePeople, group: 3, key: "o"},
	// For those who may not see people, but may see what they belong to.
	{Title: "People", Words: "Organisations and {committees}", Href: "/work/organisations",
		permission: access.PartnershipRead, besides: besidePeople, group: 3, key: "o"},
	{Title: "Settings", Words: "The partnership’s own facts, contacts and outbox", Href: "/work/settings",
		permission: access.SettingsManage, group: 3, key: "e"},
}

// besidePeople are the other addresses under People. Each kind of record has an
// address of its own: /work/people/{id}/edit beside /work/people/organisations/{id}
// would be two patterns of which neither is the more exact.
var besidePeople = []string{"/work/organisations", "/work/committees", "/work/members", "/work/meetings", "/work/areas",
	"/work/funding", "/work/duplicates", "/work/sessions",
	"/work/invitations", "/work/joiners"}

// peopleTabs stand under the heading of the lists of people and what they belong
// to, which two rooms keep.
var peopleTabs = []web.Tab{
	{Text: "People", Href: "/work/people", Permission: access.PeopleRead},
	{Text: "Organisations", Href: "/work/organisations", Permission: access.PartnershipRead},
	{Text: "{Committees}", Href: "/work/committees", Permission: access.PartnershipRead},
	{Text: "Authorities and areas", Href: "/work/areas", Permission: access.PartnershipRead},
	{Text: "Funding", Href: "/work/funding", Permission: access.PartnershipRead},
	{Text: "Possible duplicates", Href: "/work/duplicates/people", Permission: access.TrainingManage},
}

// performanceTabs stand under the heading of the figures and of the imports that
// they are counted from, which two rooms keep.
var performanceTabs = []web.Tab{
	{Text: "Figures", Href: "/work/performance", Permission: access.FiguresRead},
	{Text: "Supplied figures", Href: "/work/performance/supplied", Permission: access.FiguresRead},
	{Text: "What we hold", Href: "/work/imports/held", Permission: access.ImportsRead},
	{Text: "Imports", Href: "/work/imports", Permission: access.ImportsRead},
}

// within reports whether an address is part of the place.
func (x place) within(path string) bool {
	if x.Href == workPrefix {
		return path == workPrefix
	}
	for _, at := range append([]string{x.Href}, x.besides...) {
		if path == at || strings.HasPrefix(path, at+"/") {
			return true
		}
	}
	return false
}

// placesOf lists the places that a person may go to, each name once.
func placesOf(p web.Person) []place {
	var out []place
	for _, x := range places {
		if p.May(x.permission) && !slices.ContainsFunc(out, func(y place) bool { return y.Title == x.Title }) {
			out = append(out, x)
		}
	}
	return out
}

func navigation(p web.Person, path string) []ui.NavItem {
	var out []ui.NavItem
	last := 0
	for _, x := range placesOf(p) {
		out = append(out, ui.NavItem{Text: x.Title, Href: x.Href, Current: x.within(path), Key: x.key,
			Begins: len(out) > 0 && x.group != last})
		last = x.group
	}
	return out
}
