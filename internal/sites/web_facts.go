package sites

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const statutoryHref = root + "/statutory"

// A statutoryPage lists the pages that the law asks for, and what they cannot say yet.
type statutoryPage struct {
	ui.Base
	Pages   []statutoryLine
	Rows    []ui.Row
	MayEdit bool
	Waits   bool // what is entered is not what the public sees
}

// A statutoryLine is one of the pages.
type statutoryLine struct {
	Title, Address string
	Own            bool   // somebody wrote words for it
	Tone, Standing string // of those
	Href, Act      string
	Missing        []ui.NavItem // each with where whoever looks may enter it; nowhere where they may not
}

func (r *Room) listStatutory(w http.ResponseWriter, req *http.Request) error {
	by := web.PersonOf(req)
	p := statutoryPage{Base: web.Tabs(crumbs(req, "Pages the law asks for"), by, tabs), MayEdit: by.May(access.SitesEdit)}
	now, err := r.profileNow(req)
	if err != nil {
		return err
	}
	pages, err := r.statutoryPages(req.Context())
	if err != nil {
		return err
	}
	for _, own := range pages {
		l := statutoryLine{Title: own.Title, Address: own.PublicAddress(), Tone: "good", Standing: "Standard words",
			Href: root + "/new?standard=" + own.Slug, Act: "Write your own words"}
		if own.Version > 0 {
			l.Own, l.Href, l.Act, l.Standing = true, href(own.Slug), "See your words", "Your own words"
			if own.State == Draft {
				l.Tone, l.Standing = "watch", "Standard words; yours are a draft"
			} else if own.Waiting() {
				l.Tone, l.Standing = "watch", "Your own words, with newer ones not on the site"
			}
		}
		for _, f := range missing(own.Markdown, now) {
			item := ui.NavItem{Text: f.Title, Href: f.At}
			if f.At == settingsHref && !by.May(access.SettingsManage) || f.At == factsHref && !p.MayEdit {
				item.Href = ""
			}
			l.Missing = append(l.Missing, item)
		}
		p.Pages = append(p.Pages, l)
	}
	p.Rows = factRows(now.Facts)
	if f, err := r.lastFace(req.Context()); err == nil {
		was, err := f.profile.text()
		if err != nil {
			return err
		}
		text, err := now.text()
		if err != nil {
			return err
		}
		p.Waits = text != was
	}
	return web.Render(w, http.StatusOK, r.pages, "statutory", p)
}

// statutoryPages are the pages that the law asks for: in the partnership's own words where
// somebody wrote some, else in the standard ones, which have no version.
func (r *Room) statutoryPages(ctx context.Context) ([]Page, error) {
	own, err := pagesAmong(ctx, r.Work, standardSlugs)
	if err != nil {
		return nil, fmt.Errorf("read the pages the law asks for: %w", err)
	}
	out := make([]Page, len(standardSlugs))
	for i, slug := range standardSlugs {
		d, _ := Standard(slug)
		out[i] = Page{Slug: slug, Section: d.Section, Words: d.Words}
		for _, p := range own {
			if p.Slug == slug && p.Section == d.Section {
				out[i] = p
			}
		}
	}
	return out, nil
}

// profileNow is what may be published now; empty where there is no partnership.
func (r *Room) profileNow(req *http.Request) (Profile, error) {
	if r.Partnership == nil {
		return Profile{}, nil
	}
	return r.profile(req.Context())
}

func factRows(f Facts) []ui.Row {
	compliance := ""
	for _, c := range compliances {
		if c.value == f.Compliance {
			compliance = c.words
		}
	}
	return []ui.Row{
		{Key: "E-mail address for the public", Value: orNone(f.Email)},
		{Key: "Telephone of the office", Value: orNone(together(f.Telephone, f.Hours))},
		{Key: "How soon you reply", Value: orNone(f.Reply)},
		{Key: "Data controller", Value: orNone(f.Controller)},
		{Key: "Data protection officer", Value: orNone(f.Officer)},
		{Key: "What the server’s own logs keep", Value: orNone(f.Hosting)},
		{Key: "How accessible the website is", Value: orNone(compliance)},
		{Key: "What is not accessible", Value: orNone(strings.Join(f.NotAccessible, "; "))},
		{Key: "Statement prepared on", Value: orNone(f.PreparedOn.Words())},
		{Key: "Tested", Value: orNone(together(f.TestedOn.Words(), f.TestedBy))},
		{Key: "“Leave this page” opens", Value: together(f.toLeave())},
	}
}

// toLeave is where leaving a page leads, and what that is called.
func (f Facts) toLeave() (words, href string) {
	if f.LeaveTo == "" {
		return leaveWords, leaveTo
	}
	return f.LeaveWords, f.LeaveTo
}

// A factsPage is the form of the facts.
type factsPage struct {
	ui.FormPage
	Compliances []ui.Choice
	LeaveTo     string
}

func (r *Room) factsForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		base := crumbs(req, "What the pages the law asks for say", "Pages the law asks for", statutoryHref)
		return web.Render(w, status, r.pages, "facts", factsPage{FormPage: ui.FormPage{Base: base, Form: f,
			Cancel: statutoryHref}, Compliances: complianceChoices(), LeaveTo: leaveTo})
	}
}

func (r *Room) editFacts(w http.ResponseWriter, req *http.Request) error {
	f, err := factsOf(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.factsForm(w, req)(http.StatusOK, fillFacts(f))
}

func (r *Room) saveFacts(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.factsForm(w, req), func(f *web.Form) (web.Done, error) {
		facts := readFacts(f, r.Now.Today())
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveFacts(req.Context(), web.PersonOf(req), facts, f.Seen())
		return web.Done{To: statutoryHref, Words: "Saved. The public sees it once it is published."}, err
	})
}

// readFacts reads the form of the facts. Nothing has to be entered: what is missing is left
// out of the pages.
func readFacts(f *web.Form, today db.Date) Facts {
	line := func(name string) string { return oneLine(f.Text(name, "", maxSummary)) }
	out := Facts{Email: line("email"), Telephone: line("telephone"), Hours: line("hours"), Reply: line("reply"),
		Controller: line("controller"), Officer: line("officer"), Hosting: line("hosting"),
		NotAccessible: f.Lines("not_accessible", 4000), PreparedOn: f.Date("prepared_on", ""),
		TestedOn: f.Date("tested_on", ""), TestedBy: line("tested_by"), LeaveTo: f.Link("leave_to"),
		LeaveWords: line("leave_words")}
	if f.Value("compliance") != "" {
		out.Compliance = f.OneOf("compliance", "Choose how accessible the website is", "full", "part", "none")
	}
	if out.Email != "" && (strings.Count(out.Email, "@") != 1 || strings.Contains(out.Email, " ")) {
		f.Add("email", "Enter an e-mail address, such as office@example.org")
	}
	if out.Telephone != "" && !strings.ContainsAny(out.Telephone, "0123456789") {
		f.Add("telephone", "Enter a telephone number")
	}
	if out.Compliance == "full" && len(out.NotAccessible) > 0 {
		f.Add("not_accessible", "Something is listed that is not accessible: choose Partly, or take it out")
	}
	if (out.Compliance == "part" || out.Compliance == "none") && len(out.NotAccessible) == 0 {
		f.Add("not_accessible", "List what is not accessible: the law asks for it")
	}
	for name, day := range map[string]db.Date{"prepared_on": out.PreparedOn, "tested_on": out.TestedOn} {
		if day.After(today) {
			f.Add(name, "This day has not come yet")
		}
	}
	switch {
	case out.LeaveTo != "" && !strings.HasPrefix(out.LeaveTo, "https://"):
		f.Add("leave_to", "Enter an address that begins with https://")
	case out.LeaveTo != "" && out.LeaveWords == "":
		f.Add("leave_words", "Say in a few words what opens, such as the weather")
	}
	return out
}

func fillFacts(x Facts) *web.Form {
	f := web.NewForm("email", x.Email, "telephone", x.Telephone, "hours", x.Hours, "reply", x.Reply, "controller",
		x.Controller, "officer", x.Officer, "hosting", x.Hosting, "compliance", x.Compliance, "not_accessible",
		strings.Join(x.NotAccessible, "\n"), "tested_by", x.TestedBy, "leave_to", x.LeaveTo, "leave_words", x.LeaveWords)
	f.SetDate("prepared_on", x.PreparedOn)
	f.SetDate("tested_on", x.TestedOn)
	return f
}
