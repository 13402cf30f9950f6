package app

import (
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/plan"
	"kith/internal/register"
)

// A teller is a room that says on Home what needs a person, and what of theirs is with others.
type teller interface {
	Todos(ctx context.Context, p web.Person) ([]web.Todo, error)
}

// A dated is a room that has days for the year on Home: those of a financial year that the
// person may know of.
type dated interface {
	Days(ctx context.Context, p web.Person, year string) ([]web.Day, error)
}

// tellers are the rooms that Home asks.
func (a *App) tellers() []teller {
	return []teller{a.Reviews, a.Audits, a.Plan, a.Training, a.Annual, a.Sites, a.Partnership, a.Imports, a.Duplicates,
		a.Identity, a.Letters}
}

// datedRooms are the rooms that have days for the year, in the order they are drawn.
func (a *App) datedRooms() []dated {
	return []dated{a.Partnership, a.Audits, a.Plan, a.Annual}
}

// todos asks every room.
func (a *App) todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var out []web.Todo
	for _, room := range a.tellers() {
		list, err := room.Todos(ctx, p)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// A reportCard says how far the yearly report is.
type reportCard struct {
	Title, Href, State string
	Written, Chapters  int
	Last               string // what the law says
}

// reportCard shows the report that is being written to those who write it, sign it or look at
// it for the partnership.
func (a *App) reportCard(ctx context.Context, p web.Person) (*reportCard, error) {
	if !p.May(access.ReportRead) || !p.May(access.PlanReadAll) {
		return nil, nil
	}
	x, err := a.Annual.Draft(ctx)
	if err != nil || x == nil {
		return nil, err
	}
	card := &reportCard{Title: x.Title, Href: "/work/report/" + x.Year, Written: x.Written, Chapters: x.Chapters}
	last := x.LastDay()
	card.Last = "By law it is published by " + last.Words()
	if n := a.Now.Today().DaysUntil(last); n > 0 {
		card.Last += ", in " + lang.Plural(n, "day", "days") + "."
	} else {
		card.Last += "."
	}
	return card, nil
}

// A step is one of the first steps of a new installation.
type step struct {
	Title, Words, Href, Act string
	Done                    bool
	Next                    bool // it is the first that is not taken
}

// firstSteps lists what to do first, in order, with what is done, to whoever keeps the
// settings; nil once all of it is done.
func (a *App) firstSteps(ctx context.Context, p web.Person) ([]step, error) {
	if !p.May(access.SettingsManage) {
		return nil, nil
	}
	profile, err := a.Partnership.Profile(ctx)
	if err != nil {
		return nil, err
	}
	contacts, err := a.Partnership.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	orgs, err := a.Partnership.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	people, err := a.Identity.WhoMay(ctx, a.Work, web.SignedIn)
	if err != nil {
		return nil, err
	}
	plans, err := a.Plan.Plans(ctx)
	if err != nil {
		return nil, err
	}
	imported, err := a.Imports.Any(ctx)
	if err != nil {
		return nil, err
	}
	reports, err := a.Annual.Any(ctx)
	if err != nil {
		return nil, err
	}
	all := []step{
		{"Say who the partnership is", "Its name, its area and the address of its website", "/work/settings", "Enter it",
			profile.Area != "" && profile.URL != "", false},
		{"Say whom to call about a child", "The numbers that stand on every public page", "/work/settings/contacts",
			"Add the numbers", slices.ContainsFunc(contacts, func(c partnership.Contact) bool {
				return c.Purpose == "front-door-day" // national numbers are there from the beginning
			}), false},
		{"Add the organisations", "The council, health, the police, schools and whoever else takes part",
			"/work/organisations/new", "Add one", len(orgs) > 0, false},
		{"Invite people", "Each with what they come to do; a list can be brought in at once", "/work/people/new",
			"Invite somebody", len(people) > 1, false},
		{"Begin the year’s plan", "Its priorities, and then what is to be done", "/work/plan/years/new", "Begin it",
			len(plans) > 0, false},
		{"Bring in the first file", "A return, training records or visits: it is looked at before it counts",
			"/work/imports/new", "Choose a file", imported, false},
		{"Begin the yearly report", "Its chapters fill as the year goes on", "/work/report/new", "Begin it", reports, false},
	}
	next := true
	for i := range all {
		if !all[i].Done && next {
			all[i].Next, next = true, false
		}
	}
	if next { // all is done
		return nil, nil
	}
	return all, nil
}

// Taken counts the steps that are taken, in words.
func taken(steps []step) string {
	n := 0
	for _, s := range steps {
		if s.Done {
			n++
		}
	}
	return strings.Join([]string{lang.Number(n), "of", lang.Number(len(steps)), "done"}, " ")
}

// StepsDone says how many of the first steps are taken.
func (p homePage) StepsDone() string { return taken(p.Steps) }

// partners are the statutory safeguarding partners, for the plan, which they decide on.
func (a *App) partners(ctx context.Context, q db.Reader) ([]plan.Partner, error) {
	list, err := a.Partnership.Partners(ctx, q)
	var out []plan.Partner
	for _, o := range list {
		out = append(out, plan.Partner{ID: o.ID, Name: o.Name})
	}
	return out, err
}

// statutoryPartners are the same for the yearly report, which they agree.
func (a *App) statutoryPartners(ctx context.Context, q db.Reader) ([]register.Organisation, error) {
	list, err := a.Partnership.Partners(ctx, q)
	var out []register.Organisation
	for _, o := range list {
		out = append(out, register.Organisation{ID: o.ID, Name: o.Name})
	}
	return out, err
}
