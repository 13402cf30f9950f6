package sites

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
)

// Every template fits its page struct, with everything filled in and with
// nothing.
func TestTemplates(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "A page", SiteName: "Tidewell"}
	ways := []way{{"Early help", "Who helps", "/hubs/early-help", "coral"}}
	broken := []Link{{Text: "moon", To: "/hubs/moon", Why: "There is no published page at this address"}}
	line := pageLine{Page: Page{Slug: "tides", Section: Hub, State: Published, Version: 2, PublishedVersion: 1,
		ReviewOn: db.Date{Year: 2024, Month: 5, Day: 1}}, Href: "/work/sites/pages/tides", Late: true, Tone: "watch",
		Standing: "Newer words not on the site"}
	line.Title = "Tides"
	rows := []ui.Row{{Key: "Name", Value: "Tidewell"}}
	form := ui.FormPage{Base: base, Form: web.NewForm("title", "Tides"), Cancel: root}
	profile := Profile{Name: "Tidewell", Contacts: []Contact{{Name: "Front door", Phone: "01632 960 100"}},
		CheckedOn: db.Date{Year: 2024, Month: 5, Day: 1}, Statutory: []string{"Council"},
		Bodies: []Body{{Name: "Executive", Does: "Decides.", Chair: "each in turn", Members: []string{"Council"}}}}
	chart := visitsChart(2023, []visitMonth{{Month: "April 2023", Visits: 5}, {Month: "June 2023", Visits: 7}},
		db.Date{Year: 2024, Month: 5, Day: 1})
	list := ui.ReadList("/work/sites", nil, "title")
	found := search.Page{Query: "sea", In: "pages", Answer: search.Answer{Total: 2, More: true, Groups: []search.Found{
		{Group: search.Pages, Count: 1, More: true, Hits: []search.Hit{{Href: "/hubs/sea", Tone: "good", Tag: "Open",
			Title: []search.Part{{Text: "Sea", Hit: true}}, Details: []search.Part{{Text: "Tides"}},
			Excerpt: []search.Part{{Text: "the sea"}}}}}, {Group: search.Figures, Count: 1}}}}
	pages := map[string][]any{
		"home": {homePage{Base: base}, homePage{Base: base, Area: "Tidewell", Ways: ways,
			Headlines: []Headline{{Figure: "a.b", Value: "956", Raw: "956", Meaning: "attendances"}}}},
		"help": {helpPage{Base: base}, helpPage{Base: base, Own: profile.Contacts, Everywhere: national,
			CheckedOn: profile.CheckedOn, Body: "<p>Words</p>"}},
		"about": {aboutPage{Base: base},
			aboutPage{Base: base, Profile: profile, Sectors: []sectorAgencies{{"Education", []string{"A school"}}},
				Body: "<p>Words</p>", Ways: ways}},
		"front": {frontPage{Base: base}, frontPage{Base: base, Summary: "Sum", Body: "<p>Words</p>", Ways: ways,
			SignIn: "/sign-in"}},
		"article": {articlePage{Base: base, Heading: "Tides"}, articlePage{Base: base, Heading: "Tides", Quiet: true,
			Ways: ways, Listed: ways, Preview: "/work/sites/pages/tides"}},
		"search": {searchPage{Base: base}, searchPage{base, found}, searchPage{base, search.Page{Query: "sea", Wrong: "No."}},
			searchPage{base, search.Page{Query: "sea"}}, searchPage{base, search.Page{Query: "sea",
				Answer: search.Answer{Near: "tea"}}}},
		"list": {listPage{Base: base, List: list}, listPage{Base: base, List: list, Sections: Sections(), States: states,
			Pages: []pageLine{line}, MayEdit: true}},
		"show": {showPage{Base: base, Line: line, Rows: rows},
			showPage{Base: base, Line: line, Rows: rows, Links: broken, Versions: []Version{{Version: 1}}, MayEdit: true,
				MayPublish: true}},
		"edit": {editPage{FormPage: form, New: true, Sections: Sections(), Shelves: Shelves()},
			editPage{FormPage: form, Shelves: Shelves(), Preview: true, Body: "<p>Words</p>", Links: broken}},
		"publish": {decisionPage{FormPage: ui.FormPage{Base: base}, Line: line},
			decisionPage{FormPage: form, Line: line, Links: broken}},
		"unpublish": {decisionPage{FormPage: form, Line: line},
			decisionPage{FormPage: form, Line: line, From: []ui.NavItem{{Text: "A page links to it", Href: "/a"}}}},
		"version": {versionPage{Base: base, Version: Version{Version: 1, Words: Words{Title: "Tides"}, Note: "First"},
			MayEdit: true, Restore: "/work/sites/pages/tides/versions/1/restore"}},
		"frame": {framePage{FormPage: form, Published: rows, Same: true},
			framePage{FormPage: form, Published: rows, Now: rows, MayPublish: true, MayShut: true},
			framePage{FormPage: form, Standing: openness{Shut: true, Lacks: []Lack{LacksName}}}},
		"shut": {shutPage{Base: base, Everywhere: national}, shutPage{Base: base, Closed: true}},
		"statutory": {statutoryPage{Base: base, Rows: rows, MayEdit: true, Waits: true, Pages: []statutoryLine{
			{Title: "Privacy", Address: "/privacy", Tone: "good", Standing: "Standard words", Href: "/new", Act: "Write",
				Missing: []ui.NavItem{{Text: "Data controller"}, {Text: "Name", Href: "/work/settings"}}},
			{Title: "Contact us", Address: "/contact", Tone: "good", Standing: "Your own words", Own: true}}}},
		"facts":     {factsPage{FormPage: form, Compliances: complianceChoices(), LeaveTo: leaveTo}},
		"shut-site": {shutSitePage{form}},
		"visits": {visitsPage{Base: base, List: list},
			visitsPage{Base: base, List: list, Years: ui.Choices("2023-24", "2023-24"), Total: 12, Before: "9 in 2022-23",
				Year: "2023-24", Note: "Not all", Chart: chart,
				Months: []visitMonth{{Month: "April 2023", Visits: 5, Imported: true}}}},
	}
	for _, name := range set.Names() {
		if len(pages[name]) == 0 {
			t.Errorf("the template %s is not tested", name)
		}
		for _, p := range pages[name] {
			uitest.Page(t, set, name, p)
		}
	}
}

// One number that answers by day is not promised by night, and a national number
// is shown once.
func TestContacts(t *testing.T) {
	t.Parallel()
	day := Contact{Name: "Front door", Phone: "01632 960 100", When: "By day."}
	night := Contact{Name: "Night team", Phone: "01632960100", Night: true}
	for _, c := range []struct {
		name           string
		contacts       []Contact
		note, nightly  string
		own, elsewhere int
	}{
		{"by day alone", []Contact{day}, "", "", 1, 3},
		{"one number day and night", []Contact{day, night}, "day and night", "01632 960 100", 2, 3},
		{"Childline in the partnership's words", []Contact{day, {Name: "Childline", Phone: "08001111"}}, "", "", 1, 3},
	} {
		f := &face{profile: Profile{Name: "Tidewell", Contacts: c.contacts}}
		worried := (&Room{}).frame(f).Worried
		if worried.Note != c.note || worried.NightPhone != c.nightly {
			t.Errorf("%s: note %q, by night %q", c.name, worried.Note, worried.NightPhone)
		}
		own, everywhere := f.profile.sides()
		if len(own) != c.own || len(everywhere) != c.elsewhere {
			t.Errorf("%s: %d of our own and %d elsewhere", c.name, len(own), len(everywhere))
		}
	}
	if got := (Contact{When: "By day.", Who: "Advisers."}).Words(); got != "By day. Advisers." {
		t.Errorf("words %q", got)
	}
}
