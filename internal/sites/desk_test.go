package sites_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

// The life of a page, from its first draft to off the site.
func TestPageLife(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s, func(d *sites.Deps) {
			d.LinkedFrom = func(_ context.Context, address string) ([]ui.NavItem, error) {
				if address != "/hubs/tides" {
					return nil, nil
				}
				return []ui.NavItem{{Text: "It is a link on the summary of the yearly report 2023-24",
					Href: "/report/2023-24/summary.html"}}, nil
			}
		})
		d := newDesk(t, r)
		words := []string{"title", "Tide tables", "summary", "When the water comes", "markdown",
			"## High\n\nSee [help](/help) and [moon](/hubs/moon)."}

		d.get("/work/sites", 200, "No pages yet", "Add a page")
		d.get("/work/sites/new", 200, "Where does it belong?")
		d.says("an empty form", d.post("/work/sites/new", 422, "section", "hub"), "Enter the page&#39;s title",
			"Enter a summary", "Write what the page says", "Enter the last part")
		d.says("a bad address", d.post("/work/sites/new", 422, append(words, "section", "hub", "slug", "Tide Tables")...),
			"Use small letters")
		d.says("a preview", d.post("/work/sites/new", 200, append(words, "section", "hub", "slug", "tides", "act",
			"preview")...), "Preview", "<h2>High</h2>", "1 link leads nowhere", "/hubs/moon")
		d.post("/work/sites/new", 303, append(words, "section", "hub", "slug", "tides", "shelves", "families", "shelves",
			"nonsense")...)
		d.says("the same address again", d.post("/work/sites/new", 409, append(words, "section", "hub", "slug", "tides")...),
			"There is already a page with this address")

		d.get("/work/sites", 200, "Tide tables", "Draft")
		d.get("/work/sites/pages/tides", 200, "/hubs/tides", "Version 1", "For families", "1 link leads nowhere",
			"There is no published page at this address")
		d.get("/work/sites/pages/tides/preview", 200, "This is a preview", "When the water comes")
		d.get("/hubs/tides", 404)

		d.get("/work/sites/pages/tides/publish", 200, "Publish this page?", "version 1", "Go back")
		d.post("/work/sites/pages/tides/publish", 400)
		d.says("a version not seen", d.post("/work/sites/pages/tides/publish", 409, "version", "7"),
			"was changed after you opened this")
		d.post("/work/sites/pages/tides/publish", 303, "version", "1")
		d.post("/work/sites/pages/tides/publish", 303, "version", "1") // twice is once
		d.get("/hubs/tides", 200, "When the water comes")

		seen := seenAt(d, "/work/sites/pages/tides/edit")
		d.says("a preview", d.post("/work/sites/pages/tides/edit", 200, "title", "Tides", "markdown", "## Low", "act",
			"preview", "seen", seen), "<h2>Low</h2>", html.EscapeString(seen))
		d.post("/work/sites/pages/tides/edit", 303, "title", "Tides", "summary", "Better", "markdown", "New words", "note",
			"Shorter", "seen", seen)
		d.get("/hubs/tides", 200, "When the water comes")
		d.get("/work/sites?state=waiting", 200, "Newer words not on the site")
		d.get("/work/sites/pages/tides", 200, "Shorter", "Version 2")

		d.get("/work/sites/pages/tides/versions/1", 200, "Bring this version back", "When the water comes")
		d.get("/work/sites/pages/tides/versions/9", 404)
		d.get("/work/sites/pages/tides/versions/x", 404)
		d.post("/work/sites/pages/tides/versions/1/restore", 303)
		d.get("/work/sites/pages/tides", 200, "Version 3", "Version 1 brought back", "When the water comes")

		// What still leads to it is named, on the site and in what other rooms published; a
		// draft, and a page whose address only begins the same, are not.
		for _, other := range [][]string{{"moon", "See [the tides](/hubs/tides#high)."},
			{"sun", "[Tables](/hubs/tides-of-old)"}, {"dust", "[Tides](/hubs/tides)"}} {
			d.post("/work/sites/new", 303, "section", "hub", "slug", other[0], "title", "On the "+other[0], "summary", "S",
				"markdown", other[1])
			if other[0] != "dust" {
				d.post("/work/sites/pages/"+other[0]+"/publish", 303, "version", "1")
			}
		}
		ask := d.get("/work/sites/pages/tides/unpublish", 200, "Take this page off the site?",
			`<a href="/work/sites/pages/moon">The page “On the moon” links to it</a>`,
			`<a href="/report/2023-24/summary.html">It is a link on the summary of the yearly report 2023-24</a>`)
		if strings.Contains(ask, "On the sun") || strings.Contains(ask, "On the dust") {
			t.Errorf("pages are named that do not lead there: %s", ask)
		}
		d.post("/work/sites/pages/tides/unpublish", 303)
		d.post("/work/sites/pages/tides/unpublish", 303)
		d.get("/hubs/tides", 404)
		d.get("/work/sites/pages/nothing", 404)
	})
}

// A page's words are text wherever they stand, whatever they are.
func TestEscaping(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	evil := `<script>alert("x")</script>`
	must(t, r.AddPage(t.Context(), editor, sites.PageDraft{Slug: "evil", Section: sites.Hub, Note: evil,
		Words: sites.Words{Title: evil, Summary: evil, Markdown: evil + "\n\n[a](javascript:alert) " + evil,
			Shelves: []string{"families"}}}))
	must(t, r.PublishPage(t.Context(), editor, "evil", 1))
	d := newDesk(t, r)
	for _, path := range []string{
		"/hubs/evil", "/families", "/search?q=script", "/search?q=" + "%3Cscript%3Ealert(%22x%22)", "/sitemap.xml",
		"/work/sites", "/work/sites?q=%3Cscript%3E",
		"/work/sites/pages/evil", "/work/sites/pages/evil/edit", "/work/sites/pages/evil/preview",
		"/work/sites/pages/evil/versions/1", "/work/sites/pages/evil/publish", "/work/sites/pages/evil/unpublish",
	} {
		page := d.get(path, 200)
		if strings.Contains(page, "<script>alert") || strings.Contains(page, `href="javascript`) {
			t.Errorf("%s lets a script through\n%s", path, testkit.Main(page))
		}
	}
}

func TestList(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		must(t, r.LoadSample(t.Context(), editor))
		must(t, r.AddPage(t.Context(), editor, sites.PageDraft{Slug: "old", Section: sites.Hub,
			ReviewOn: db.Date{Year: 2024, Month: 1, Day: 31}, Words: sites.Words{Title: "Zebra 100% crossing", Summary: "s",
				Markdown: "m"}}))
		d := newDesk(t, r)
		d.get("/work/sites", 200, "25 of 36 pages", "About us", "Next")
		d.get("/work/sites?page=2", 200, "11 of 36 pages", "Zebra")
		d.get("/work/sites?q=100%25", 200, "1 page", "Zebra")
		d.get("/work/sites?q=no_such", 200, "No pages match")
		d.get("/work/sites?section=legal", 200, "2 pages", "Privacy")
		d.get("/work/sites?state=draft", 200, "1 page", "Zebra")
		d.get("/work/sites?due=yes", 200, "1 page", "31 Jan 2024")
		for _, sort := range []string{"title", "section", "review", "updated"} {
			d.get("/work/sites?sort="+sort, 200, "25 of 36")
			d.get("/work/sites?dir=desc&sort="+sort, 200, "25 of 36")
		}
		if page := d.get("/work/sites?dir=desc&sort=title&size=1", 200); !strings.Contains(page, "Zebra") {
			t.Error("sorted by title from the end, the list does not begin with Zebra")
		}
		if page := d.get("/work/sites?sort=review&size=1", 200); !strings.Contains(page, "Zebra") {
			t.Error("sorted by review, the list does not begin with what is due")
		}
		csv := d.get("/work/sites?format=csv", 200, "Title,Address,Section", "Zebra 100% crossing,/hubs/old,Topic page,Draft")
		if n := strings.Count(csv, "\r\n"); n != 37 {
			t.Errorf("the CSV has %d lines, want 37", n)
		}
	})
}

// Of many who saw the same words and save at once, one does.
func TestSaveTogether(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		published(t, r, "tides", "Tides", "In and out.")
		d := newDesk(t, r)
		seen := seenAt(d, "/work/sites/pages/tides/edit")
		var saved, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				form := url.Values{"title": {fmt.Sprint("Tides ", i)}, "summary": {"s"}, "markdown": {"m"}, "seen": {seen}}
				req := httptest.NewRequest("POST", "/work/sites/pages/tides/edit", strings.NewReader(form.Encode()))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				switch code := d.do(req).Code; code {
				case 303:
					saved.Add(1)
				case 409:
					refused.Add(1)
				default:
					t.Error("status", code)
				}
			})
		}
		wg.Wait()
		if saved.Load() != 1 || refused.Load() != 7 {
			t.Errorf("%d saved and %d refused, want 1 and 7", saved.Load(), refused.Load())
		}
		if err := r.SavePage(t.Context(), editor, sites.PageDraft{Slug: "none"}, web.Unwatched); !errors.Is(err,
			db.ErrNotFound) {
			t.Errorf("saving a page that is not there: %v", err)
		}
	})
}

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		must(t, r.PublishFrame(t.Context(), editor, web.Unwatched)) // or the site is shut
		manager := editor
		manager.Permissions = maps.Clone(editor.Permissions)
		manager.Permissions[access.SettingsManage] = true
		testkit.Scripts(t, map[string]web.Person{"editor": editor, "manager": manager}, nil, slices.Concat(r.Routes(),
			r.WhileOpen(r.PublicRoutes()...))...)
	})
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	published(t, r, "tides", "Tides", "In and out.")
	d := newDesk(t, r)
	for _, c := range []struct {
		may         []web.Permission
		method, at  string
		wantRefused bool
	}{
		{[]web.Permission{access.SitesRead}, "GET", "/work/sites", false},
		{[]web.Permission{access.SitesRead}, "GET", "/work/sites/new", true},
		{[]web.Permission{access.SitesRead, access.SitesEdit}, "GET", "/work/sites/pages/tides/edit", false},
		{[]web.Permission{access.SitesRead, access.SitesEdit}, "GET", "/work/sites/pages/tides/publish", true},
		{[]web.Permission{access.SitesEdit}, "GET", "/work/sites", true},
	} {
		d.as = web.Person{ID: "p", Permissions: map[web.Permission]bool{}}
		for _, p := range c.may {
			d.as.Permissions[p] = true
		}
		want := 200
		if c.wantRefused {
			want = 404
		}
		d.get(c.at, want)
	}
	d.as = web.Person{ID: "p", Permissions: map[web.Permission]bool{access.SitesRead: true}}
	page := d.get("/work/sites/pages/tides", 200)
	if strings.Contains(page, "/edit") || strings.Contains(page, "/unpublish") {
		t.Error("somebody who may only read is offered to edit or publish")
	}
	for _, path := range []string{"/work/sites/new", "/work/sites/pages/tides/edit", "/work/sites/pages/tides/publish",
		"/work/sites/pages/tides/unpublish", "/work/sites/pages/tides/versions/1/restore", "/work/sites/frame/publish"} {
		d.post(path, 404)
	}
}

func TestFrame(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		d := newDesk(t, r)
		d.get("/work/sites/frame", 200, "Publish what the partnership says now", "01632 960 100")
		d.says("what nobody has seen", d.post("/work/sites/frame/publish", 409, "seen", "other"), "changed meanwhile")
		d.post("/work/sites/frame/publish", 303, "seen", seenAt(d, "/work/sites/frame"))
		d.get("/work/sites/frame", 200, "The site shows what the partnership says now", "1 May 2024")
		none := newRoom(t, s, func(d *sites.Deps) { d.Partnership = nil })
		if err := none.PublishFrame(t.Context(), editor, web.Unwatched); !errors.Is(err, sites.ErrNoProfile) {
			t.Errorf("publishing no profile: %v", err)
		}
		newDesk(t, none).post("/work/sites/frame/publish", 409)
	})
}

func TestTodos(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		now := noon
		r := newRoom(t, s, func(d *sites.Deps) { d.Now = clock.Clock(func() time.Time { return now }) })
		titles := func(p web.Person) string {
			todos, err := r.Todos(t.Context(), p)
			must(t, err)
			var out []string
			for _, x := range todos {
				out = append(out, x.Title)
			}
			return strings.Join(out, "\n")
		}
		if got := titles(editor); got != "The pages the law asks for lack 11 facts\nThe public site is shut" {
			t.Errorf("with nothing published: %s", got)
		}
		day := db.Date{Year: 2024, Month: 5, Day: 1}
		must(t, r.SaveFacts(t.Context(), editor, sites.Facts{Email: "office@tidewell.example", Telephone: "01632 960 180",
			Hours: "by day", Reply: "soon", Controller: "Tidewell Council", Officer: "dpo@tidewell.example",
			Hosting: "Nothing.", Compliance: "full", PreparedOn: day, TestedOn: day, TestedBy: "us"}, web.Unwatched))
		must(t, r.PublishFrame(t.Context(), editor, web.Unwatched))
		if got := titles(editor); got != "" {
			t.Errorf("with nothing to do: %s", got)
		}
		published(t, r, "tides", "Tides", "In and out.")
		must(t, r.SavePage(t.Context(), editor,
			sites.PageDraft{Slug: "tides", ReviewOn: db.Date{Year: 2024, Month: 12, Day: 1},
				Words: sites.Words{Title: "T", Summary: "s", Markdown: "m"}}, web.Unwatched))
		if got := titles(editor); got != "1 page has newer words that are not on the site" {
			t.Errorf("with a page to publish: %s", got)
		}
		now = time.Date(2024, 12, 1, 9, 0, 0, 0, time.UTC)
		want := "1 page is due for review\n1 page has newer words that are not on the site\nCheck whom to call when " +
			"worried about a child"
		if got := titles(editor); got != want {
			t.Errorf("half a year on:\n%s\nwant\n%s", got, want)
		}
		if got := titles(web.Person{ID: "reader", Permissions: map[web.Permission]bool{access.SitesRead: true}}); got != "" {
			t.Errorf("a reader is asked to do %s", got)
		}
	})
}
