package app

import (
	"context"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// searchPath is where the workspace's search is.
const searchPath = "/work/search"

// offerSearch collects what rooms offer to be found.
func (a *App) offerSearch() {
	a.PublicSearch.Offer(a.Sites.PublicSearchable()...)
	a.PublicSearch.Offer(a.Annual.PublicSearchable()...)
	if a.Search == nil {
		return
	}
	a.Search.Offer(
		search.Source{Kind: "deed", Group: search.Do, Permissions: permissionsOf(deeds), Fixed: true,
			Read: findableDeeds, Follows: onWords},
		search.Source{Kind: "place", Group: search.GoTo, Permissions: permissionsOf(allPlaces()), Fixed: true,
			Read: findablePlaces, Follows: onWords})
	for _, sources := range [][]search.Source{
		a.Identity.Searchable(), a.Partnership.Searchable(), a.Plan.Searchable(), a.Reviews.Searchable(),
		a.Audits.Searchable(), a.Training.Searchable(), a.Indicators.Searchable(), a.Annual.Searchable(),
		a.Sites.Searchable(),
	} {
		a.Search.Offer(sources...)
	}
}

// onWords has documents made again when the partnership changes its own words.
var onWords = map[string]func(context.Context, db.Reader, string) ([]string, error){register.TermsSubject: nil}

// A deed is something that a person can begin or go to from anywhere.
type deed struct {
	Title, Words, Href string
	permission         web.Permission
}

// deeds are found by what they are called, with terms marked.
var deeds = []deed{
	{"Add an action", "For a priority, a recommendation or by itself", "/work/plan/actions/new", access.PlanManage},
	{"Add a recommendation", "From a review, an audit or scrutiny", "/work/plan/recommendations/new", access.PlanManage},
	{"Add a scrutiny note", "What the scrutineer saw and asked", "/work/plan/scrutiny/new", access.PlanManage},
	{"Begin a plan for a year", "A new business plan", "/work/plan/years/new", access.PlanManage},
	{"Add a case review", "With the clock of its steps", "/work/reviews/new", access.ReviewsManage},
	{"Add a multi-agency audit", "With who takes part", "/work/audits/multi-agency/new", access.AuditsManage},
	{"Begin a self-assessment", "Section 11 or 175: ask organisations for their return", "/work/audits/rounds/new",
		access.AuditsManage},
	{"Add a session", "A date for a course of the programme", "/work/training/sessions/new", access.TrainingManage},
	{"Add a course", "To the training programme", "/work/training/courses/new", access.TrainingManage},
	{"Book training", "Sessions with places left", "/work/training", access.TrainingBook},
	{"Import a file", "A return, training records or visits", "/work/imports/new", access.ImportsManage},
	{"Supply a figure", "One that no record here can prove", "/work/performance/supplied/new", access.FiguresAttest},
	{"Begin a yearly report", "A new year, with its chapters", "/work/report/new", access.ReportEdit},
	{"Write a page", "For the public site", "/work/sites/new", access.SitesEdit},
	{"Add a person", "With an account and roles", "/work/people/new", access.PeopleManage},
	{"Add an organisation", "To the list of organisations", "/work/organisations/new", access.PartnershipManage},
	{"Add a {committee}", "With its members and meetings", "/work/committees/new", access.PartnershipManage},
	{"Check a contact", "Numbers that the public is given", "/work/settings/contacts", access.SettingsManage},
}

// permissionsOf lists the permissions that deeds ask for, each once.
func permissionsOf(list []deed) []web.Permission {
	var out []web.Permission
	for _, d := range list {
		if !slices.Contains(out, d.permission) {
			out = append(out, d.permission)
		}
	}
	return out
}

// found makes of deeds what is found, in the installation's words.
func found(ctx context.Context, q db.Reader, list []deed) ([]search.Document, error) {
	terms, err := register.ReadTerms(ctx, q)
	var out []search.Document
	for _, d := range list {
		out = append(out, search.Document{Record: d.Href, Permission: d.permission, Href: d.Href, Title: terms.Put(d.Title),
			Details: terms.Put(d.Words)})
	}
	return out, err
}

func findableDeeds(ctx context.Context, q db.Reader, _ []string) ([]search.Document, error) {
	return found(ctx, q, deeds)
}

func findablePlaces(ctx context.Context, q db.Reader, _ []string) ([]search.Document, error) {
	return found(ctx, q, allPlaces())
}

// allPlaces are the parts of the workspace, the pages beside each and those of
// settings, each address once.
func allPlaces() []deed {
	var out []deed
	add := func(d deed) {
		if !slices.ContainsFunc(out, func(x deed) bool { return x.Href == d.Href }) {
			out = append(out, d)
		}
	}
	for _, p := range places {
		add(deed{p.Title, p.Words, p.Href, p.permission})
	}
	for _, t := range slices.Concat(peopleTabs, performanceTabs) {
		add(deed{t.Text, "", t.Href, t.Permission})
	}
	for _, p := range settingsPages {
		add(deed{p.Text, "Settings", p.Href, p.Permission})
	}
	for _, p := range otherPlaces {
		add(p)
	}
	return out
}

// otherPlaces are pages that no navigation of app names.
var otherPlaces = []deed{
	{"Your account", "Your name, password and where you are signed in", "/work/account", web.SignedIn},
	{"Your training record", "What you booked and attended", "/work/training/mine", access.TrainingBook},
	{"Courses", "Training programme", "/work/training/courses", access.TrainingRead},
	{"Actions", "Priorities and actions", "/work/plan/actions", access.PlanRead},
	{"Recommendations", "Priorities and actions", "/work/plan/recommendations", access.PlanRead},
	{"Scrutiny", "Priorities and actions", "/work/plan/scrutiny", access.PlanRead},
	{"Self-assessments", "Section 11 and 175, under audits", "/work/audits/rounds", access.AuditsRead},
	{"Visits", "To the public site", "/work/sites/visits", access.SitesRead},
	{"Contacts", "Settings: whom to call about a child", "/work/settings/contacts", access.SettingsManage},
	{"Sectors", "Settings", "/work/settings/sectors", access.SettingsManage},
	{"Your own words", "Settings: what you call the {front door} and others", "/work/settings/words/edit",
		access.SettingsManage},
}

// shownOfGroup is how many things of a group the first page has.
const shownOfGroup = 5

// A foundPage is a page of the workspace's search.
type foundPage struct {
	ui.Base
	search.Page
}

func (a *App) findAnything(w http.ResponseWriter, r *http.Request) error {
	p, base := web.PersonOf(r), web.Base(r, "Search")
	what, status, err := a.Search.Page(r.Context(), searchPath, r.URL.Query(),
		search.Question{May: p.May, Scopes: scopesOf(p), Same: search.OwnWords(base.Terms)}, shownOfGroup, base.Put)
	if err != nil {
		return err
	}
	base.Title, base.Searched = what.Heading(), what.Query
	return web.Render(w, status, a.pages, "search", foundPage{base, what})
}

// scopesOf gives the scopes of records that a person is among with a permission: their own,
// and those of the organisations that it counts for.
func scopesOf(p web.Person) func(web.Permission) []string {
	return func(permission web.Permission) []string {
		out := []string{"person:" + p.ID}
		for _, id := range p.ActsFor(permission) {
			out = append(out, "organisation:"+id)
		}
		return out
	}
}
