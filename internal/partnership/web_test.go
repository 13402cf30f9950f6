package partnership

import (
	"encoding/csv"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// A browser asks as one person, who can be changed.
type browser struct {
	*testkit.Browser
	who *web.Person
}

func (w *world) as(permissions ...web.Permission) browser {
	mux := web.NewMux(slog.New(slog.NewTextHandler(w.t.Output(), nil)))
	p := web.Person{ID: "ada", Name: "Ada", Permissions: map[web.Permission]bool{}}
	for _, x := range permissions {
		p.Permissions[x] = true
	}
	mux.Person = func(*http.Request) (web.Person, error) { return p, nil }
	mux.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base {
		return ui.Base{SiteName: "Tidewell", Layout: ui.LayoutWork}
	}
	mux.Handle(w.Routes()...)
	return browser{testkit.NewBrowser(w.t, mux), &p}
}

// save fills the form of a page and posts it.
func (b browser) save(path string, form url.Values, status int, text string) string {
	b.T.Helper()
	return b.Want("POST", path, form, status, text)
}

// seen adds to a form what is seen on its page now.
func (b browser) seen(path string, form url.Values) url.Values {
	b.T.Helper()
	mark := b.Seen(path)
	if mark == "" {
		b.T.Fatal(path, "does not say what was seen")
	}
	form = maps.Clone(form)
	if form == nil {
		form = url.Values{}
	}
	form.Set("seen", mark)
	return form
}

// both has two people open a form and save what each wrote in a field. The second
// is shown both texts, nothing of the first is lost, and saving again keeps theirs. In the
// end the field has the text last.
func (b browser) both(path, field, first, second, last string, form url.Values) {
	b.T.Helper()
	of := func(text string) url.Values {
		v := maps.Clone(form)
		v.Set(field, text)
		return v
	}
	late := b.seen(path, of(second))
	me := *b.who
	b.who.ID, b.who.Name = "ben", "Ben"
	b.save(path, of(first), 303, "/work/")
	*b.who = me
	page := b.Want("POST", path, late, 409, "Ben changed this on")
	if !strings.Contains(page, "Saved meanwhile by somebody else:") {
		b.T.Errorf("%s: the other's text is not shown: %s", path, page)
	}
	unseen := of(second)
	unseen.Set("seen", "") // a form that says nothing of what was seen
	b.Want("POST", path, unseen, 409, "changed this")
	late.Set("seen", testkit.SeenIn(page))
	b.Want("POST", path, late, 303, "/work/")
	b.save(path, of(last), 303, "/work/")
}

// deletes opens the question at path, has somebody else change the record, and is
// asked again with what they wrote before the record goes.
func (b browser) deletes(path, to, field, value, edit string, form url.Values) {
	b.T.Helper()
	late := b.seen(path, nil)
	me := *b.who
	b.who.ID, b.who.Name = "ben", "Ben"
	form.Set(field, value)
	b.save(edit, form, 303, "/work/")
	*b.who = me
	page := b.Want("POST", path, late, 409, "Ben changed this on")
	if !strings.Contains(page, "What has changed") || !strings.Contains(page, value) {
		b.T.Errorf("%s: what was changed is not shown: %s", path, page)
	}
	late.Set("seen", testkit.SeenIn(page))
	b.Want("POST", path, late, 303, to)
}

// names gives the first column of a list's CSV.
func (b browser) names(path string) string {
	b.T.Helper()
	rows, err := csv.NewReader(b.Do("GET", path, nil).Body).ReadAll()
	if err != nil || len(rows) == 0 {
		b.T.Fatal(path, rows, err)
	}
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[0])
	}
	return strings.Join(out, ",")
}

// on adds the three fields of a date.
func on(v url.Values, name, date string) url.Values {
	if date != "" {
		d := day(date)
		v.Set(name+"-day", d.Format("2"))
		v.Set(name+"-month", d.Format("1"))
		v.Set(name+"-year", d.Format("2006"))
	}
	return v
}

func TestOrganisationPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		b := w.as(access.PartnershipRead, access.PartnershipManage, access.PeopleRead, access.PeopleManage)
		const at = "/work/organisations"
		b.Want("GET", at, nil, 200, "No organisations yet")
		b.Want("GET", at+"/new", nil, 200, "Statutory safeguarding partner"[1:])
		b.Want("POST", at+"/new", testkit.Pairs("name", "", "sector", "moon"), 422, "Choose the sector it belongs to")
		nhs := b.Want("POST", at+"/new", testkit.Pairs("name", "Tidewell <Health>", "sector", "health", "statutory", "yes"),
			303, at+"/")
		b.Want("POST", at+"/new", testkit.Pairs("name", "tidewell <health>", "sector", "health"), 409, "There is, or was")
		school := b.Want("POST", at+"/new", testkit.Pairs("name", "Quay School", "sector", "education"), 303, at+"/")
		academy := b.Want("POST", at+"/new", testkit.Pairs("name", "Academy", "sector", "education"), 303, at+"/")
		w.person("Ann", strings.TrimPrefix(school, at+"/"))
		page := b.Want("GET", nhs, nil, 200, "Tidewell &lt;Health&gt;")
		if !strings.Contains(page, "Statutory safeguarding partner") || !strings.Contains(page, "Nobody is known here yet") {
			t.Error(page)
		}
		b.Want("GET", school+"/edit", nil, 200, `value="Quay School"`)
		b.save(school+"/edit", testkit.Pairs("name", "Academy", "sector", "education"), 409, "merge the two")
		b.save(school+"/edit", testkit.Pairs("name", "", "sector", "education"), 422, "Enter the organisation’s name")
		b.save(school+"/edit", testkit.Pairs("name", "Quay Primary", "sector", "education"), 303, school)
		b.Want("GET", school, nil, 200, ">Ann</a>")

		b.both(school+"/edit", "name", "Quay Junior", "Quay Infants", "Quay Primary", testkit.Pairs("sector", "education"))

		for query, names := range map[string]string{
			"": "Academy,Quay Primary,Tidewell <Health>", "q=PRIM": "Quay Primary", "q=_": "",
			"sector=health": "Tidewell <Health>", "which=statutory": "Tidewell <Health>",
			"which=ended": "", "which=all&sort=name&dir=desc": "Tidewell <Health>,Quay Primary,Academy",
			"sort=people&dir=desc": "Quay Primary,Academy,Tidewell <Health>",
			"sort=sector":          "Academy,Quay Primary,Tidewell <Health>",
		} {
			b.Want("GET", at+"?"+query, nil, 200, "Organisations</h1>")
			if got := b.names(at + "?format=csv&" + query); got != names {
				t.Errorf("%s: %s", query, got)
			}
		}
		b.Want("GET", at+"?size=1&page=2", nil, 200, "1 of 3 organisations")

		b.Want("GET", school+"/end", nil, 200, "its people (1 now) and its seats on committees move there")
		b.Want("POST", school+"/end", testkit.Pairs(), 422, "Enter the day it ended")
		b.Want("POST", school+"/end", on(testkit.Pairs("successor", "academy"), "on", "2024-03-31"),
			303, academy)
		b.Want("GET", school, nil, 200, "Its place was taken by")
		b.Want("GET", school+"/end", nil, 409, "It has ended already")
		b.Want("GET", academy, nil, 200, ">Ann</a>")
		b.Want("POST", school+"/reopen", nil, 303, school)
		b.Want("POST", school+"/reopen", nil, 409, "It has not ended")
		b.Want("POST", school+"/end", on(testkit.Pairs(), "on", "2024-03-31"), 303, school)
		b.Want("GET", at+"?which=ended", nil, 200, "Quay Primary")
		b.Want("GET", at+"/none", nil, 404, "Page not found")

		reader := w.as(access.PartnershipRead)
		if page := reader.Want("GET", academy, nil, 200, "1 person is known here"); strings.Contains(page, "Ann") ||
			strings.Contains(page, "/end") {
			t.Error("a reader sees what is for others")
		}
		reader.Want("GET", at, nil, 200, "Academy")
		for _, path := range []string{at + "/new", academy + "/edit", academy + "/end"} {
			reader.Want("GET", path, nil, 404, "")
			reader.Want("POST", path, testkit.Pairs("name", "X", "sector", "health"), 404, "")
		}
		if page := reader.Want("GET", at, nil, 200, "Committees</a>"); strings.Contains(page, `href="/work/people"`) {
			t.Error("a reader of the partnership is led to people, whom they may not read")
		}
		b.Want("GET", at, nil, 200, `href="/work/people"`)
		w.as(access.TrainingRead).Want("GET", at, nil, 404, "")
	})
}

func TestCommitteePages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		nhs := w.organisation("Tidewell Health", "health")
		ann, ben := w.person("Ann Lee", nhs), w.person("Ben Lee", "")
		b := w.as(access.PartnershipRead, access.PartnershipManage)
		const at = "/work/committees"
		b.Want("GET", at, nil, 200, "No committees yet")
		b.Want("GET", at+"/new", nil, 200, "How often does it meet?")
		b.Want("POST", at+"/new", testkit.Pairs("name", "", "position", "x"), 422, "Enter the committee’s name")
		c := b.Want("POST", at+"/new", testkit.Pairs("name", "Executive", "purpose", "Decides", "meets", "Monthly",
			"position", "1"), 303, at+"/")
		b.Want("POST", at+"/new", testkit.Pairs("name", "executive"), 409, "There is a committee of this name")
		b.Want("POST", at+"/new", testkit.Pairs("name", "Learning", "position", "2"), 303, at+"/")
		b.Want("GET", at, nil, 200, "No chair")
		b.Want("GET", c+"/members/new", nil, 200, "Type a name or an e-mail address")
		b.Want("POST", c+"/members/new", testkit.Pairs("role", "king"), 422, "Say who it is")
		b.Want("POST", c+"/members/new", testkit.Pairs("role", "chair", "person", "zed"), 422,
			"Nobody here")
		b.Want("POST", c+"/members/new", on(testkit.Pairs("person", "Ann Lee", "person-chosen",
			ann+" Ann Lee", "role", "chair", "public", "yes"), "from", "2023-04-01"), 303, c)
		b.Want("POST", c+"/members/new", on(testkit.Pairs("person", "Ann Lee", "person-chosen",
			ann+" Ann Lee", "role", "member"), "from", "2023-04-01"), 409,
			"already sits")
		b.Want("POST", c+"/members/new", on(testkit.Pairs("person", "Ben Lee", "person-chosen",
			ben+" Ben Lee", "role", "member"), "from", "2023-04-01"), 303,
			c)
		b.Want("POST", c+"/members/new", on(testkit.Pairs("person", "nobody", "role", "member"), "from", "2023-04-01"),
			422, "Nobody here")
		b.Want("GET", at, nil, 200, "Ann Lee")
		page := b.Want("GET", c, nil, 200, "Named in public")
		_, rest, _ := strings.Cut(page[strings.Index(page, "Ben Lee"):], "/work/members/")
		seat := "/work/members/" + rest[:26] + "/edit"
		b.Want("GET", seat, nil, 200, "Ben Lee")
		b.save(seat, on(on(testkit.Pairs("role", "member"), "from", "2023-04-01"), "to", "2022-04-01"), 422,
			"Enter a day after they began")
		b.save(seat, on(on(testkit.Pairs("role", "adviser"), "from", "2023-04-01"), "to", "2023-12-31"), 303, c)
		b.Want("GET", c, nil, 200, "Former members")

		b.Want("GET", c+"/meetings/new", nil, 200, "When did they meet?")
		b.Want("POST", c+"/meetings/new", on(testkit.Pairs(), "held", "2030-01-01"), 422, "not in the future")
		m := b.Want("POST", c+"/meetings/new", on(testkit.Pairs("about", "Neglect"), "held", "2023-06-01"), 303,
			"/work/meetings/")
		b.Want("POST", c+"/meetings/new", on(testkit.Pairs(), "held", "2023-06-01"), 409, "noted already")
		m2 := b.Want("POST", c+"/meetings/new", on(testkit.Pairs(), "held", "2024-02-01"), 303, "/work/meetings/")
		page = b.Want("GET", m, nil, 200, "Ben Lee")
		_, rest, _ = strings.Cut(page, `name="state-`)
		field := "state-" + rest[:26]
		b.save(m, on(testkit.Pairs(field, "asleep"), "held", "2023-06-01"), 422, "Choose one of the options")
		b.save(m, on(testkit.Pairs(field, "present", "about", "Neglect"), "held", "2023-06-01"), 303, c)
		b.save(m2, on(testkit.Pairs(), "held", "2023-06-01"), 409, "Another meeting")
		b.Want("GET", m, nil, 200, `<option value="present" selected>`)
		b.Want("GET", c, nil, 200, "1 of 1")
		for query, names := range map[string]string{"": "Executive,Learning", "q=exec": "Executive", "which=ended": "",
			"sort=name&dir=desc": "Learning,Executive", "sort=met&which=all": "Executive,Learning"} {
			b.Want("GET", at+"?"+query, nil, 200, "Committees</h1>")
			if got := b.names(at + "?format=csv&" + query); got != names {
				t.Errorf("%s: %s", query, got)
			}
		}
		b.Want("GET", c+"/edit", nil, 200, `value="Executive"`)
		b.save(c+"/edit", testkit.Pairs("name", "learning"), 409, "There is a committee of this name")
		b.save(c+"/edit", testkit.Pairs("name", ""), 422, "Enter the committee’s name")
		b.both(c+"/edit", "name", "Executive group", "Executive circle", "Executive board", testkit.Pairs("position", "1"))
		b.both(seat, "role", "member", "vice-chair", "adviser", on(testkit.Pairs(), "from", "2023-04-01"))
		b.both(m, field, "apologies", "deputy", "present", on(testkit.Pairs("about", "Neglect"), "held", "2023-06-01"))
		b.Want("GET", m, nil, 200, "History of this record")
		b.Want("GET", c+"/end", nil, 200, "seats of everybody on it end")
		b.Want("POST", c+"/end", testkit.Pairs(), 422, "Enter the day it ended")
		b.Want("POST", c+"/end", on(testkit.Pairs(), "on", "2024-03-31"), 303, c)
		b.Want("POST", c+"/end", on(testkit.Pairs(), "on", "2024-03-31"), 409, "ended already")
		b.Want("GET", c, nil, 200, "It met until 31 March 2024")
		w.as(access.PartnershipRead).Want("GET", m, nil, 404, "")
	})
}

func TestAreaAndFundingPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("Tidewell Health", "health")
		b := w.as(access.PartnershipRead, access.PartnershipManage)
		const at = "/work/areas"
		b.Want("GET", at, nil, 200, "No areas yet")
		b.Want("GET", at+"/new", nil, 200, "GSS code")
		b.Want("POST", at+"/new", testkit.Pairs("code", "Tidewell", "name", "", "kind", "authority"), 422,
			"a letter and eight digits")
		b.Want("POST", at+"/new", testkit.Pairs("code", "e08000015", "name", "Tidewell", "kind", "authority", "covered",
			"yes"), 303, at)
		b.Want("POST", at+"/new", testkit.Pairs("code", "E08990001", "name", "Invented", "kind", "authority", "covered",
			"yes"), 409, "not the code of an English authority")
		b.Want("POST", at+"/new", testkit.Pairs("code", "E07000026", "name", "A district", "kind", "authority", "covered",
			"yes"), 409, "not the code of an English authority")
		b.Want("POST", at+"/new", testkit.Pairs("code", "E08000015", "name", "Again", "kind", "authority"), 409,
			"There is, or was")
		b.Want("POST", at+"/new", testkit.Pairs("code", "E05000001", "name", "North", "kind", "ward", "parent", "E08000015"),
			303, at)
		b.Want("POST", at+"/new", testkit.Pairs("code", "E05000002", "name", "Moon", "kind", "ward", "parent", "E99999999"),
			422, "")
		b.Want("POST", at+"/new", testkit.Pairs("code", "E05000002", "name", "South", "kind", "ward", "parent", "E08000015"),
			303, at)
		b.Want("GET", at+"/E05000001/edit", nil, 200, `<strong>E05000001</strong>`)
		b.save(at+"/E05000001/edit", testkit.Pairs("name", "North", "kind", "ward", "successors", "E05000002"), 422,
			"Enter the day it ended")
		b.save(at+"/E05000001/edit", on(testkit.Pairs("name", "North", "kind", "ward", "successors", "E05999999"), "ended",
			"2023-05-04"), 409, "first")
		b.save(at+"/E05000001/edit", on(testkit.Pairs("code", "E05000002", "name", "North", "kind", "ward", "parent",
			"E08000015", "successors", "e05000002"), "ended", "2023-05-04"), 303, at)
		b.Want("GET", at+"/E05000001/edit", nil, 200, "became, or became part of, South (E05000002)")
		b.Want("GET", at+"/E05000001/edit", nil, 200, "Ended: 4 May 2023; it was empty")
		for query, codes := range map[string]string{"": "E08000015,E05000002",
			"which=all&sort=code": "E05000001,E05000002,E08000015", "q=e05000002": "E05000002",
			"kind=ward&which=ended": "E05000001", "sort=name&dir=desc": "E08000015,E05000002"} {
			b.Want("GET", at+"?"+query, nil, 200, "areas</h1>")
			if got := b.names(at + "?format=csv&" + query); got != codes {
				t.Errorf("%s: %s", query, got)
			}
		}

		// An authority is chosen by name.
		b.Want("POST", at+"/new", testkit.Pairs("authority", "sussex", "covered", "yes"), 422,
			"Several authorities fit “sussex”")
		b.Want("POST", at+"/new", testkit.Pairs("authority", "E10000011", "covered", "yes"), 303, at)
		b.Want("GET", at+"/E10000011/edit", nil, 200, `value="East Sussex"`)
		b.Want("GET", at+"/E10000011/edit", nil, 200, `value="county" checked`)
		// One that was entered by a code that England does not have cannot be covered later.
		b.Want("POST", at+"/new", testkit.Pairs("code", "E08990001", "name", "Next door", "kind", "authority"), 303, at)
		b.save(at+"/E08990001/edit", testkit.Pairs("name", "Next door", "kind", "authority", "covered", "yes"), 409,
			"not the code of an English authority")

		b.both(at+"/E05000002/edit", "name", "South West", "South East", "South",
			testkit.Pairs("kind", "ward", "parent", "E08000015"))

		const money = "/work/funding"
		b.Want("GET", money, nil, 200, "No contributions to 2024-25")
		b.Want("GET", money+"/new", nil, 200, `value="2024-25"`)
		b.Want("POST", money+"/new", testkit.Pairs("year", "2024", "organisation", "moon", "amount", "lots"), 422,
			"Enter a financial year")
		b.Want("POST", money+"/new", testkit.Pairs("year", "2023/24", "organisation", "tidewell health",
			"amount", "12,500.50", "note", "Cash"), 303, money+"?year=2023-24")
		b.Want("POST", money+"/new", testkit.Pairs("year", "2023-24", "organisation", "Tidewell Health", "amount", "1"), 409,
			"there already")
		page := b.Want("GET", money, nil, 200, "£12,500.50")
		_, rest, _ := strings.Cut(page, money+"/new")
		_, rest, _ = strings.Cut(rest, `<a href="`+money+"/")
		one := money + "/" + rest[:26]
		b.Want("GET", one+"/edit", nil, 200, "by Tidewell Health")
		b.save(one+"/edit", testkit.Pairs("amount", ""), 422, "Enter the amount")
		b.save(one+"/edit", testkit.Pairs("amount", "99"), 303, money+"?year=2023-24")
		if got := b.Do("GET", money+"?format=csv&year=2023-24",
			nil).Body.String(); got != "year,organisation,pounds,note\r\n2023-24,Tidewell Health,99.00,\r\n" {
			t.Errorf("%q", got)
		}
		b.both(one+"/edit", "amount", "100", "101", "99", testkit.Pairs("note", ""))
		b.Want("GET", one+"/delete", nil, 200, "is taken away")
		b.save(one+"/delete", nil, 303, money)
		b.Want("GET", one+"/edit", nil, 404, "")
		b.Want("GET", money+"?year=%3Cb%3E", nil, 200, "&lt;b&gt;")
	})
}

// TestTemplates holds every template to its page.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "A page", SiteName: "Tidewell", Layout: ui.LayoutWork}
	c := Committee{ID: "c", Name: "Executive"}
	m := Member{ID: "m", Committee: "Executive", CommitteeID: "c", Person: "Ann", JobTitle: "Manager", Role: "chair",
		FromOn: day("2023-04-01")}
	fp := ui.FormPage{Base: base, Cancel: "/", Form: web.NewForm()}
	form := formPage{FormPage: fp, Save: "Save", Sectors: register.Standard().Choices(), Kinds: areaKindChoices(),
		Purposes: purposeChoices(), New: true}
	_, chart := fundingChart("2023-24", []Contribution{{Organisation: "A", Pence: 100}, {Organisation: "B", Pence: 300}})
	for name, page := range map[string]any{
		"organisations": organisationsPage{Base: base, List: ui.ReadList("/x", nil, "name"),
			Organisations: []listedOrganisation{{ID: "o", Name: "O", Statutory: true}}},
		"organisation": organisationPage{Base: base, Organisation: Organisation{ID: "o"}, Seats: []Member{m},
			People: []colleague{{"p", "Ann", ""}}, PeopleCount: 1, MayManage: true, MayAddPeople: true,
			History: []audittrail.Entry{{Act: "added"}}},
		"agencies": agenciesPage{FormPage: fp, Total: 60, Choices: agencyChoices,
			Rows: []agencyRow{{Organisation{ID: "o", Name: "O", Brought: true}, agencyField("o")}}},
		"organisation-form": form, "committee-form": form, "contribution-form": form, "contact-form": form,
		"sector-form": form, "words": wordsPage{FormPage: ui.FormPage{Base: base, Cancel: "/work/settings"},
			Groups: []wordGroup{{Title: "Where people ring", Example: "MASH",
				Fields: []wordField{{"term-front-door", "front door"}}}}},
		"area-form": areaFormPage{formPage: form, Changes: []areaChange{{"a", "A", "b", "B", day("2023-04-01")}}},
		"end":       endPage{FormPage: fp, Words: []string{"It ends."}, Act: "End it", Successor: true},
		"committees": committeesPage{Base: base, List: ui.ReadList("/x", nil, "order"),
			Committees: []listedCommittee{{ID: "c", Name: "C"}}, MayManage: true},
		"committee": committeePage{Base: base,
			History: []audittrail.Entry{{Act: "added", Changes: `[{"Field":"Name","To":"x"}]`}}, Committee: c, Members: []Member{m}, Former: []Member{m},
			Meetings: []heldMeeting{{ID: "m", HeldOn: day("2023-04-01")}}, MayManage: true},
		"member-form": memberFormPage{FormPage: fp, Save: "Add member", Committee: c,
			Roles: memberRoleChoices(), New: true},
		"meeting-form": meetingFormPage{FormPage: fp, Save: "Save", Committee: c,
			Attendance: []Attendance{{MemberID: "m", Person: "Ann", Organisation: "O"}}, States: attendanceChoices()},
		"areas": areasPage{Base: base, List: ui.ReadList("/x", nil, "kind"),
			Areas: []Area{{Code: "E08000015", Name: "T", Kind: "authority", Covered: true}}, MayManage: true},
		"funding": fundingPage{Base: base, List: ui.ReadList("/x", nil), Year: "2023-24",
			Years: ui.Choices("2023-24", "2023-24"), Contributions: []Contribution{{ID: "f", Organisation: "O", Pence: 100}},
			Chart: chart, MayManage: true},
		"settings": settingsPage{Base: base, Lacking: []string{"It is not known."},
			More: []ui.NavItem{{Text: "X", Href: "/x"}}},
		"sectors": sectorsPage{Base: base,
			Sectors: []sectorRow{{Sector: register.Sector{ID: "a", Title: "A"}, Used: "1 organisation"},
				{Sector: register.Sector{ID: "b", Title: "B", EndedOn: day("2024-03-31")}}}},
		"contacts": contactsPage{Base: base, Missing: []string{"A"},
			Contacts: []contactRow{{Contact{ID: "c", Name: "C", Number: "999", Purpose: "emergency"}, true}}},
	} {
		uitest.Page(t, pages, name, page)
	}
	if len(pages.Names()) != 20 {
		t.Errorf("a template is not tested: %v", pages.Names())
	}
}
