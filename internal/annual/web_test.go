package annual

import (
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// A site is the room's pages as one person sees them.
type site struct {
	t       *testing.T
	mux     *web.Mux
	browser *testkit.Browser
	who     web.Person
	room    *Room
	base    func() ui.Base // of public pages
}

func newSite(t *testing.T, r *Room, who web.Person) *site {
	t.Helper()
	m := web.NewMux(slog.New(slog.NewTextHandler(t.Output(), nil)))
	s := &site{t: t, mux: m, browser: testkit.NewBrowser(t, m), who: who, room: r, base: publicBase}
	m.Person = func(*http.Request) (web.Person, error) { return s.who, nil }
	m.Base = func(_ http.ResponseWriter, req *http.Request, _ web.Person) ui.Base {
		if strings.HasPrefix(req.URL.Path, "/work/") {
			return ui.Base{SiteName: "Kith", Layout: ui.LayoutWork}
		}
		return s.base()
	}
	m.Handle(r.Routes()...)
	m.Handle(r.PublicRoutes()...)
	return s
}

// get asks for a page.
func (s *site) get(path string, code int, want ...string) string {
	s.t.Helper()
	return s.answer(http.MethodGet, path, nil, code, want)
}

// seenAt gives the mark of what a page showed; "" when it shows nothing to change.
func (s *site) seenAt(path string) string { return s.browser.Seen(path) }

// post sends a form: name, value, name, value …. Its page has been opened before,
// unless the form says what was seen.
func (s *site) post(path string, code int, form []string, want ...string) string {
	s.t.Helper()
	return s.answer(http.MethodPost, path, testkit.Pairs(form...), code, want)
}

func (s *site) answer(method, path string, form url.Values, code int, want []string) string {
	s.t.Helper()
	rec := s.browser.Do(method, path, form)
	body := rec.Body.String()
	if rec.Code != code {
		s.t.Fatalf("%s %s: code %d, want %d\n%s", method, path, rec.Code, code, testkit.Main(body))
	}
	for _, w := range want {
		if !strings.Contains(body, w) {
			s.t.Errorf("%s %s: has not %q\n%s", method, path, w, body)
		}
	}
	if at := rec.Header().Get("Location"); at != "" {
		return at
	}
	return body
}

// chapterAt finds the address of a chapter on the year's page.
func (s *site) chapterAt(title string) string {
	s.t.Helper()
	page := s.get("/work/report/2023-24", http.StatusOK)
	m := regexp.MustCompile(`<a href="(/work/report/2023-24/chapters/[^"]+)">` + title + `</a>`).FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("the chapter %q is not on the page\n%s", title, page)
	}
	return m[1]
}

// TestTheYearOfAReport reads as the story of the room: a report is begun,
// written, checked, published, changed and withdrawn.
func TestTheYearOfAReport(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, stores testkit.Stores) {
		s := newSite(t, newRoom(t, stores), ann)
		const year = "/work/report/2023-24"

		s.get("/work/report", 200, "No reports yet")
		s.get("/report", 200, "No report has been published yet")
		s.get("/work/report/new", 200, "Financial year")
		s.post("/work/report/new", 422, []string{"year", "2023", "title", ""}, "Enter a financial year", "title")
		s.post("/work/report/new", 303, []string{"year", "2023-24", "title", "Yearly report 2023-24", "outline", "yes"})
		s.post("/work/report/new", 409, []string{"year", "2023-24", "title", "Again"},
			"There is already a report for this year")
		s.get("/work/report", 200, "Yearly report 2023-24", "Draft")
		s.get("/work/report?q=nothing", 200, "No reports match")
		s.get("/work/report?format=csv", 200, "2023-24,Yearly report 2023-24,Draft")
		s.get(year, 200, "Introduction", "Communication", "It cannot be published yet",
			"No chapter has words or a figure yet", "“Introduction” has no text: write it, or take it out", "Not begun",
			"0 of 10 chapters written", "has not been published")
		s.get(year+"/publish", 200, "It cannot be published yet", "No chapter has words")
		s.post(year+"/publish", 409, publishForm, "A chapter has no text")
		s.get(year+"/edit", 200, "Yearly report 2023-24")
		s.post(year+"/edit", 422, []string{"title", ""}, "Enter the report")
		untitled := s.seenAt(year + "/edit")
		s.post(year+"/edit", 303, []string{"title", "Our year 2023-24", "lead", "What we did."})
		s.post(year+"/edit", 409, []string{"title", "The year", "seen", untitled}, "The year", "Our year 2023-24",
			"Saved meanwhile by you, in another window")

		// A chapter with words that are not true.
		at := s.chapterAt("Training")
		chapter := strings.TrimSuffix(at, "/edit")
		s.get(at, 200, "Find a figure", "Nothing")
		s.post(at, 200, []string{"act", "find", "q", "attendances", "title", "Training", "markdown", "Kept."},
			"Kept.", "{{figure &#34;training.attendances&#34; period=&#34;2023-24&#34;}}", "1,449")
		s.post(at, 200, []string{"act", "enter", "q", "looked after", "title", "Training", "markdown", "Kept."}, "Kept.",
			"Children looked after", `data-report-editor="unsaved"`)
		s.post(at, 200, []string{"act", "enter", "title", "Training", "markdown", "Kept."}, "How your text will look")
		s.post(at, 200, []string{"put", `{{figure "cla.open"}}`, "title", "Training", "markdown", "Kept."}, "Kept.\n\n{{figure",
			"stands at the end of the text", `data-report-editor="unsaved"`)
		const numbers = "We took 24,312 contacts, and 956 came."
		typedIn := s.post(at, 200, []string{"act", "preview", "title", "Training", "markdown", numbers},
			"24,312 is typed. It is Contacts to children’s social care, in 2023-24.", "Put in all 2 figures", "Use the figure")
		key := regexp.MustCompile(`name="take" value="(\d+\.\d)"`).FindStringSubmatch(typedIn)
		if key == nil {
			t.Fatal("nothing is offered")
		}
		s.post(at, 200, []string{"take", key[1], "title", "Training", "markdown", numbers},
			"{{figure &#34;contacts.received&#34; period=&#34;2023-24&#34;}} contacts, and 956 came.", "1 change has been made")
		s.post(at, 200, []string{"take", "all", "title", "Training", "markdown", numbers},
			"}} contacts, and {{figure", "2 changes have been made to the text. Save to keep it.")
		s.post(at, 200, []string{"take", key[1], "title", "Training", "markdown", "24,312"}, "nothing was put in")
		untrue := `We met {{figure "training.attendances" programme="multi-agency" as="over 1,000"}} people, and 77 more.`
		s.post(at, 200, []string{"act", "preview", "title", "Training", "markdown", untrue},
			"“over 1,000” is not true: the figure is 956.", "“956”", "Line 1", "77 is typed", "over 1,000", "These would be:",
			"Use “over 950”")
		saw := s.seenAt(at)
		s.post(at, 303, []string{"act", "save", "title", "Training", "markdown", untrue})
		s.get(year, 200, "1 error", "1 warning", "“Training” has 1 error", `edit?line=1#markdown">Line 1</a>`,
			"is not true: the figure is 956. And 1 more.")
		s.get(year+"/check", 200, "Training, line 1", "over 1,000")
		s.get(year+"/publish", 200, "It cannot be published yet", "“Training” has 1 error")
		s.post(year+"/publish", 409, publishForm, "cannot be published yet")
		s.get(year+"/draft/", 200, "1 error keeps the report from being published", "Communication",
			`<a href="/work/report/2023-24/draft/#fault-training">Training, line 1</a>`, `id="fault-training"`,
			"These words would be true", at+"?line=1#markdown", "people, and 77 more.")
		s.get(year+"/download", 409, "cannot be built yet")

		// Two people at one text: the second is shown both.
		s.post(at, 409, []string{"act", "save", "title", "Training", "markdown", "Mine.", "seen", saw}, "Mine.", "over 1,000",
			"Saved meanwhile by you, in another window", "You changed this in another window on")
		good := `We met {{figure "training.attendances" programme="multi-agency"}} people.`
		s.post(at, 303, []string{"act", "save", "title", "Training", "markdown", good})
		s.post(at, 422, []string{"act", "save", "title", "", "markdown", good}, "Enter the chapter", "We met")
		s.get(chapter+"/versions", 200, "Version 1", "Version 3", "Ann Author")
		s.get(chapter+"/versions/2", 200, "over 1,000", "Restore this text")
		s.get(chapter+"/versions/9", 404)
		s.post(chapter+"/versions/2/restore", 409, []string{"over", "2"}, "The chapter has changed")
		s.post(chapter+"/versions/2/restore", 303, []string{"over", "3"})
		s.get(chapter+"/versions", 200, "Version 2 restored")
		s.post(chapter+"/versions/3/restore", 303, []string{"over", "4"})

		// Order, chapters out and in, tiles.
		s.get(chapter+"/move", 200, "Where should it stand?", "At the beginning", "After “Audits”")
		ordered := s.seenAt(chapter + "/move")
		s.post(chapter+"/move", 303, []string{"after", "first"})
		s.post(chapter+"/move", 409, []string{"after", "first", "seen", ordered}, "changed this")
		s.post(chapter+"/move", 404, []string{"after", "nothing"})
		s.get(chapter+"/remove", 200, "Take out “Training”")
		s.post(chapter+"/remove", 409, []string{"version", "1"}, "The chapter has changed")
		s.post(chapter+"/remove", 303, []string{"version", "5"})
		s.get(at, 404)
		s.get(year, 200, "Taken out", "Put back")
		s.post(chapter+"/put-back", 303, nil)
		s.get(year+"/chapters/new?part=summary", 200, "The summary on two pages")
		s.post(year+"/chapters/new", 409, []string{"title", "Training", "part", "report"},
			"There is already a chapter of that title")
		s.post(year+"/chapters/new", 422, []string{"title", "", "part", ""}, "Enter the chapter", "Choose where it belongs")
		s.post(year+"/chapters/new", 303, []string{"title", "Training", "part", "summary"})
		all, err := chapters(t.Context(), stores.Work, "2023-24")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if strings.TrimSpace(c.Markdown) == "" {
				s.post(chapterHref(c), 303, []string{"act", "save", "title", c.Title, "markdown", "What we did."})
			}
		}
		s.get(year, 200, "The report can be published", "10 of 10 chapters written", "No errors")
		s.get(year+"/tiles/edit", 200, "One a line")
		s.post(year+"/tiles/edit", 422, []string{"tiles", "Family toolbox\nBad | javascript:alert(1)"},
			"Line 1: write the title", "tiles")
		noTiles := s.seenAt(year + "/tiles/edit")
		s.post(year+"/tiles/edit", 303,
			[]string{"tiles", "Family toolbox | /hubs/family-toolbox\nScrutiny | /hubs/independent-scrutiny"})
		s.post(year+"/tiles/edit", 409, []string{"seen", noTiles, "tiles", "Mine | /mine"}, "Mine | /mine",
			"Family toolbox | /hubs/family-toolbox")
		s.get(year+"/figures?q=looked", 200, "Children looked after", "777")
		s.get(year+"/figures?format=csv", 200, "cla.open")

		// The draft, then the public site.
		s.get(year+"/draft/", 200, "Our year 2023-24", "956")
		s.get(year+"/draft/summary", 200, "2023-24 in two pages", "Family toolbox", "What we did.")
		s.get(year+"/draft/figures.json", 200, `"training.attendances"`)
		s.get(year+"/draft/nothing", 404)
		s.get(year+"/download", 200, "report-2023-24/index.html")
		s.get("/report/2023-24/", 404)
		s.get(year+"/publish", 200, "as version 1", "11 chapters and 1 figure")
		before := s.seenAt(year + "/publish")
		s.post(year+"/publish", 303, publishForm)
		s.get("/report", 200, "Our year 2023-24", "version 1")
		if to := s.get("/report/2023-24", 301); to != "/report/2023-24/" {
			t.Errorf("the year without slash leads to %s", to)
		}
		s.get("/report/2023-24/", 200, "956", "Worried about a child?", "01632 960 100")
		s.get("/report/2023-24/summary", 200, `href="/hubs/family-toolbox"`)
		s.get("/report/2023-24/summary.html", 200, "Family toolbox")
		linked := func(address string) string {
			t.Helper()
			list, err := s.room.LinksTo(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, x := range list {
				out = append(out, x.Text+": "+x.Href)
			}
			return strings.Join(out, ", ")
		}
		if got := linked("/hubs/family-toolbox"); got != "It is a link on the summary of the yearly report 2023-24: "+
			"/report/2023-24/summary.html" {
			t.Error(got)
		}
		if got := linked("/hubs/family"); got != "" {
			t.Errorf("another address that begins the same: %s", got)
		}
		if to := s.get("/report/2023-24/figures", 301); to != "/report/2023-24/figures/" {
			t.Errorf("the figures without slash lead to %s", to)
		}
		s.get("/report/2023-24/figures/", 200, "Training attendances")
		s.get("/report/2023-24/figures/training.attendances-2023-24-programme-multi-agency", 200, "How this was worked out",
			"commitment <code>", "1,337", "version 1")
		s.get("/report/2023-24/figures.json", 200, `"value": 956`)
		s.get("/report/2023-24/data/figures.csv", 200,
			"training.attendances,Training attendances,2023-24,,programme=multi-agency,956")
		s.get("/report/2022-23/", 404)
		s.get("/report/2023-2024/", 404)
		s.get("/report/2023-24/nothing", 404)

		// A second version leaves the first as it was.
		s.post(at, 303, []string{"act", "save", "title", "Training", "markdown", good + " Thank you."})
		s.post(year+"/publish", 409, []string{"seen", before, "why", unagreed}, unagreed, "changed this")
		s.post(year+"/publish", 303, publishForm)
		s.get("/report/2023-24/", 200, "Thank you.")
		if first := s.get("/report/2023-24/version-1/", 200, "has been replaced by version 2"); strings.Contains(first,
			"Thank you.") {
			t.Error("the first version has changed")
		}
		s.get("/report/2023-24/version-3/", 404)

		// Withdrawn, with the reason.
		s.get(year+"/withdraw", 200, "in every version")
		s.post(year+"/withdraw", 422, []string{"why", ""}, "Say why")
		s.post(year+"/withdraw", 303, []string{"why", "A table was wrong."})
		s.get("/report/2023-24/", 410, "A table was wrong.", "12 September 2024")
		s.get("/report/2023-24/version-1/summary", 410)
		s.get("/report", 200, "No report has been published yet")
		s.get(year, 200, "Withdrawn", "A table was wrong.")
		if got := linked("/hubs/family-toolbox"); got != "" {
			t.Errorf("a report that is withdrawn: %s", got)
		}
		s.get(year+"/withdraw", 409)
		s.post(year+"/withdraw", 409, []string{"why", "Again."})
		s.post(year+"/publish", 303, publishForm)
		s.get("/report/2023-24/", 200, "Thank you.")
		s.get("/report/2023-24/version-2/", 410)
	})
}

func TestNoOneWithoutPermission(t *testing.T) {
	t.Parallel()
	r := liteRoom(t)
	reader := web.Person{ID: "p2", Name: "Rita Reader", Permissions: map[web.Permission]bool{access.ReportRead: true}}
	s := newSite(t, r, reader)
	s.get("/work/report", 200, "Yearly report 2023-24")
	s.get("/work/report/2023-24", 200, "Journey of the child")
	s.get("/work/report/2023-24/tiles/edit", 404)
	s.get("/work/report/2023-24/publish", 404)
	s.post("/work/report/2023-24/publish", 404, nil)
}

// TestTemplates holds every template to its page's struct.
func TestTemplates(t *testing.T) {
	t.Parallel()
	r := liteRoom(t)
	form := ui.FormPage{Form: web.NewForm("title", "Audits"), Cancel: root}
	c, err := r.evaluate(t.Context(), "2023-24", true)
	if err != nil {
		t.Fatal(err)
	}
	b := c.text
	rep, list := b.report, ui.ReadList("/work/report", nil)
	chapter := b.chapters[0]
	given := Contribution{ID: "x", Year: "2023-24", Asked: "What you did.", Text: "Much.", State: Gave, AskedBy: "Ann",
		Person: "Lea", Organisation: "Trust", Chapter: "Training", DueOn: b.year.End()}
	pages := map[string]any{
		"add": addPage{FormPage: form, Parts: partChoices}, "begin": beginPage{form},
		"ask":            askPage{FormPage: form, Report: rep},
		"contribution":   contributionPage{FormPage: form, Contribution: given, Manages: true, MayUse: true, Overdue: true},
		"contribute":     contributionPage{FormPage: form, Contribution: given},
		"not-contribute": contributionPage{FormPage: form, Contribution: given},
		"give":           givePage{FormPage: form, Chapter: chapter}, "step": givePage{FormPage: form, Chapter: chapter,
			Stages: stageChoices},
		"answer": answerPage{FormPage: form, Report: rep, For: "Tidewell Council", Label: "Why?", Act: "Decline",
			Changed: []string{"Training", "the figures of Audits"}, Chapters: ui.Choices("Audits", "Audits")},
		"propose": proposePage{FormPage: form, Report: rep, Holds: []hold{{"No text", "/x", "Write it"}},
			Partners: []partnerField{{signerField(0), "Tidewell Council", "Dot Director signs for it"}}},
		"check": checkPage{Report: rep,
			Problems: []problemRow{{Problem: Problem{Severity: Error, Title: "Audits", Line: 3, Text: "Wrong."}, Href: "/x"}},
			Errors:   1},
		"draft": draftPage{framedPage: framedPage{Content: `<h1>Report</h1><p id="x">y</p>`},
			Ask:    &askBox{Report: rep, By: "Ann", For: "Tidewell Council", Changed: []string{"Training"}},
			Faults: []faultRow{{Problem{Title: "Training", Line: 3, Text: "No."}, "#x", "/edit"}}},
		"editor": editorPage{FormPage: form, Chapter: chapter, Found: []foundFigure{{Title: "Visits"}}, Query: "visits"},
		"picker": pickerPage{Report: rep, List: list, Figures: []foundFigure{{Title: "Visits"}}},
		"publish": publishPage{FormPage: form, Report: rep, Warnings: 1, Holds: []hold{{"No text", "/x", "Write it"}},
			Agreed: []string{"Dot"}, Missing: []string{"Eve"}},
		"hidden": hiddenPage{Report: rep, Hidden: c.ledger.release.Hidden, Why: true, Corrects: true, Open: c.openRows(),
			Refused: []release.Refusal{{Titles: []string{"Plans by age"}}}},
		"released": framedPage{Notice: "Old.", Content: "<h1>Report</h1>"},
		"releases": releasesPage{Releases: []releaseRow{{Earlier: []releasedReport{{Version: 1}}}}},
		"remove":   chapterPage{Report: rep, Chapter: chapter}, "title": reportFormPage{form, rep},
		"tiles":    reportFormPage{form, rep},
		"version":  chapterPage{Report: rep, Chapter: chapter, Version: &Version{Version: 3}},
		"versions": chapterPage{Report: rep, Chapter: chapter, Versions: []Version{{Version: 1}}},
		"withdraw": reportFormPage{form, rep}, "move": movePage{FormPage: form, Chapter: chapter,
			Places: ui.Choices(beginning, "At the beginning")},
		"year": yearPage{Report: rep, Chapters: chapterTable{"Chapters", "Chapter", []chapterRow{{Chapter: chapter, Errors: 2,
			First: &Problem{Line: 3, Text: "No."}, Late: true}}, true, list, nil},
			Sections: chapterTable{"S", "Section", nil, true, list, nil}, Holds: []hold{{"No text", "#x", "Write it"}},
			Removed: b.chapters[:1], MayEdit: true, Contributions: []Contribution{given},
			Agreement: agreementBox{Report: rep, Sees: true, Asks: true, Mark: "m",
				Agreement: Agreement{Asking: &Asking{AskedBy: "Ann", Words: "Please."}, Signers: []Signer{{Name: "Dot",
					Changed: []string{"Training"}, Last: Reply{Answer: register.Agreed, At: db.At(morning)}}, {Name: "Eve"}}}}},
		"years":        yearsPage{List: list, Reports: []Report{rep}, States: stateChoices},
		"report-index": c.indexPage(), "report-summary": c.summaryPage(), "report-figures": c.figuresPage(),
		"report-figure": c.figurePage(c.ledger.in()[0]),
	}
	for _, name := range r.pages.Names() {
		page, ok := pages[name]
		if !ok {
			t.Errorf("no test renders the page %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) { uitest.Page(t, r.pages, name, page) })
	}
}
