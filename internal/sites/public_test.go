package sites_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

// The subjects of the yearly summary's tiles: each has a page.
var tiles = strings.Fields(`trauma-informed-practice family-toolbox young-people harm-outside-the-home holiday-activities learning-reviews
	restorative-practice wellbeing-strategy systemic-practice big-learn icon learning-from-audits early-childhood-case-study neglect-gcp2
	domestic-abuse early-help-alliance published-review place-programme section-11-175 domestic-abuse-case-study seven-minute-briefings
	spotlight-sessions violence-against-women-and-girls professionals schools principles-and-values independent-scrutiny`)

func TestPublicPages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s, func(d *sites.Deps) {
			d.Report = reports{{Figure: "training.attendances", Value: "956", Raw: "956",
				Meaning: "attendances at 60 multi-agency training events", Note: "2023-24",
				Href: "/report/2023-24/figures/training.attendances"}}
		})
		must(t, r.LoadSample(t.Context(), editor))
		must(t, r.LoadSample(t.Context(), editor)) // a second time changes nothing
		must(t, r.PublishFrame(t.Context(), editor, web.Unwatched))
		d := newDesk(t, r)
		d.as = web.Person{}

		d.get("/", 200, "Everyone who works with children in Tidewell", "Worried about a child?", "01632 960 100", "at night",
			"Demonstration",
			"What do you need?", "The year in figures", `data-figure="training.attendances"`, "956", "How this was worked out",
			"Leave a page quickly", "nobody is tracked")
		d.get("/help", 200, ">999<", "01632 960 199", "0800 1111", "0808 800 5000", "last checked on 1 May 2024",
			"Trained advisers answer")
		d.get("/about", 200, "Tidewell Integrated Care Board", "Executive", "Relevant agencies", "Harbour Housing",
			"Our principles and values")
		d.get("/families", 200, "ICON", "Find out more")
		d.get("/professionals", 200, "Schools and safeguarding")
		d.get("/training", 200, "See dates and book", `href="/sign-in"`)
		d.get("/learning", 200, "7-minute briefings")
		d.get("/accessibility", 200, "Web Content Accessibility Guidelines")
		d.get("/privacy", 200, "We set no cookies")
		d.get("/contact", 200, "01632 960 180")
		d.get("/search?q=baby+shake", 200, "ICON")
		d.get("/search?q=zebra", 200, "No page has all of these words")
		d.get("/sitemap.xml", 200, "<loc>https://tidewell.example/hubs/learning-from-audits</loc>")
		d.get("/robots.txt", 200, "Disallow: /")
		if feed := d.get("/feed.xml", 200, `<feed xmlns="http://www.w3.org/2005/Atom">`,
			"<updated>2024-06-14T12:00:00Z</updated>", "<name>Tidewell Safeguarding"); strings.Contains(feed, "domestic-abuse") {
			t.Error("a page to leave quickly is in the feed")
		}
		for _, slug := range tiles {
			if slug != "professionals" {
				d.get("/hubs/"+slug, 200, "Tidewell Safeguarding Children Partnership")
			}
		}
		d.get("/hubs/professionals", 301)
		d.get("/hubs/nothing-here", 404)
		quiet := d.get("/hubs/domestic-abuse", 200, ">Leave this page<", `href="https://www.bbc.co.uk/weather"`,
			"<title>Support and advice</title>", "It cannot hide that you were here",
			"0808 2000 247")
		if strings.Index(quiet, `id="leave"`) > strings.Index(quiet, "govuk-skip-link") {
			t.Error("the way to leave is not what Tab comes to first")
		}
	})
}

// neutral is where a page to leave quickly stands.
func neutral(slug string) string {
	return sites.PublicAddress(sites.Hub, slug, sites.Words{Leaving: sites.Always})
}

// TestNeutralAddress: a page to leave quickly stands at an address that says nothing, its own
// name leads there and is kept nowhere, and nothing that the site shows has the name.
func TestNeutralAddress(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		must(t, r.LoadSample(t.Context(), editor))
		d := newDesk(t, r)
		d.as = web.Person{}
		for _, slug := range []string{"domestic-abuse", "young-people", "harm-outside-the-home"} {
			at := neutral(slug)
			if !regexp.MustCompile(`^/hubs/s-[a-z0-9]{6}$`).MatchString(at) {
				t.Errorf("%s stands at %s", slug, at)
			}
			w := d.do(httptest.NewRequest("GET", "/hubs/"+slug, nil))
			if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != at ||
				w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("/hubs/%s: %d %v", slug, w.Code, w.Header())
			}
			for _, path := range []string{"/", at, "/families", "/professionals", "/search?q=support", "/sitemap.xml",
				"/feed.xml", neutral("violence-against-women-and-girls")} {
				if page := d.get(path, 200); strings.Contains(page, "/hubs/"+slug) {
					t.Errorf("%s names /hubs/%s", path, slug)
				}
			}
		}
		// Where nobody could be hurt for reading it, a page stands at its own name again.
		d.as = editor
		must(t, r.SavePage(t.Context(), editor, sites.PageDraft{Slug: "domestic-abuse", Section: sites.Hub,
			Words: sites.Words{Title: "Domestic abuse", Summary: "Support", Markdown: "Words.", Leaving: sites.Never}},
			web.Unwatched))
		must(t, r.PublishPage(t.Context(), editor, "domestic-abuse", 2))
		d.as = web.Person{}
		w := d.do(httptest.NewRequest("GET", neutral("domestic-abuse"), nil))
		if w.Header().Get("Location") != "/hubs/domestic-abuse" {
			t.Errorf("what said nothing before leads to %q", w.Header().Get("Location"))
		}
		d.get("/hubs/domestic-abuse", 200, "Words.")
	})
}

// Every link of the sample leads somewhere.
func TestSampleLinks(t *testing.T) {
	t.Parallel()
	pages, err := sites.Sample()
	must(t, err)
	known := map[string]bool{"/report": true, "/sign-in": true}
	for _, p := range pages {
		known[sites.Address(p.Section, p.Slug)] = true
		if wrong := sites.CheckSlug(p.Section, p.Slug); wrong != "" {
			t.Errorf("%s: %s", p.Slug, wrong)
		}
	}
	for _, p := range pages {
		for _, l := range sites.CheckLinks(p.Markdown, func(path string) bool { return known[path] }) {
			t.Errorf("%s links to %s: %s", p.Slug, l.To, l.Why)
		}
	}
	for _, slug := range tiles {
		if !known["/hubs/"+slug] && !known["/"+slug] {
			t.Errorf("there is no page behind the tile %s", slug)
		}
	}
}

func TestEmptySite(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite), func(d *sites.Deps) { d.Partnership, d.Demo = nil, false })
	d := newDesk(t, r)
	d.as = web.Person{}
	home := d.get("/", 200, "working as one")
	for _, absent := range []string{"The year in figures", "Worried about a child?", "Demonstration", "/hubs/"} {
		if strings.Contains(home, absent) {
			t.Errorf("an empty site's home says %q", absent)
		}
	}
	for _, path := range []string{"/help", "/about", "/families", "/professionals", "/training", "/learning", "/search"} {
		d.get(path, 200)
	}
	for _, path := range []string{"/hubs/icon", "/about/icon"} {
		d.get(path, 404)
	}
	d.get("/contact", 200, "do not write to us")
	d.get("/robots.txt", 200, "Disallow: /work/", "Sitemap: https://tidewell.example/sitemap.xml")
}

// TestNoAddress: a site whose address nobody has said, or that was published with one, is
// never told to be where a request says it is.
func TestNoAddress(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	must(t, r.LoadSample(t.Context(), editor))
	d := newDesk(t, r)
	d.as = web.Person{}
	r.PublicURL = func() string { return "" }
	d.get("/sitemap.xml", 404)
	for _, path := range []string{"/robots.txt", "/feed.xml"} {
		if page := d.get(path, 200); strings.Contains(page, "example.com") || strings.Contains(page, "Sitemap") {
			t.Errorf("%s says where it is:\n%s", path, page)
		}
	}
	d.get("/feed.xml", 200, `<link href="/hubs/`, `<id>urn:kith/hubs/`)
	r.PublicURL = nil // a process that has only what was published
	must(t, r.PublishFrame(t.Context(), editor, web.Unwatched))
	d.get("/feed.xml", 200, `<link href="https://www.tidewell.example/hubs/`)
	if at := r.PublishedSite(t.Context()); at != "https://www.tidewell.example" {
		t.Errorf("published as %q", at)
	}
}

func TestKeeping(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.NewStores(t, db.SQLite))
	must(t, r.LoadSample(t.Context(), editor))
	d := newDesk(t, r)
	first := d.do(httptest.NewRequest("GET", "/hubs/neglect-gcp2", nil))
	if got := first.Header().Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	if len(first.Header()["Set-Cookie"]) > 0 {
		t.Error("a public page sets a cookie")
	}
	again := httptest.NewRequest("GET", "/hubs/neglect-gcp2", nil)
	again.Header.Set("If-None-Match", first.Header().Get("Etag"))
	again.Header.Set("Accept-Encoding", "br")
	if w := d.do(again); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("asked after with its tag, the page gives %d and %d bytes", w.Code, w.Body.Len())
	}
	small := httptest.NewRequest("GET", "/hubs/neglect-gcp2", nil)
	small.Header.Set("Accept-Encoding", "gzip, br")
	w := d.do(small)
	z, err := gzip.NewReader(w.Body)
	must(t, err)
	unzipped, err := io.ReadAll(z)
	must(t, err)
	if !bytes.Equal(unzipped, first.Body.Bytes()) || w.Header().Get("Content-Encoding") != "gzip" ||
		w.Header().Get("Etag") == first.Header().Get("Etag") {
		t.Errorf("zipped, the page is not the same page under another tag: %v", w.Header())
	}
	for _, path := range []string{neutral("domestic-abuse"), neutral("young-people"), neutral("icon"), "/help",
		"/families", "/search?q=hurt"} {
		w := d.do(httptest.NewRequest("GET", path, nil))
		if h := w.Header(); h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(w.Body.String(), `id="leave"`) {
			t.Errorf("%s cannot be left without a trace: %v", path, h)
		}
	}
}

// Two nodes share a public store: what one publishes shows at once on the node
// itself and within half a second on the other; what one takes down is in no node's
// answer once that is confirmed.
func TestNodesAgree(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		at := &hand{t: noon}
		one, two := nodeOf(t, s, at), nodeOf(t, s, at)
		a, b := newDesk(t, one), newDesk(t, two)
		published(t, one, "tides", "Tides", "In and out.")
		a.get("/hubs/tides", 200, "In and out.")
		b.get("/hubs/tides", 200, "In and out.")

		must(t, one.SavePage(t.Context(), editor,
			sites.PageDraft{Slug: "tides", Words: sites.Words{Title: "Tides", Summary: "s", Markdown: "Twice a day."}},
			web.Unwatched))
		a.get("/hubs/tides", 200, "In and out.") // saved is not published
		must(t, one.PublishPage(t.Context(), editor, "tides", 2))
		a.get("/hubs/tides", 200, "Twice a day.")
		b.get("/hubs/tides", 200, "In and out.")
		at.move(publish.Trust)
		b.get("/hubs/tides", 200, "Twice a day.")

		must(t, two.UnpublishPage(t.Context(), editor, "tides"))
		for _, node := range []*desk{a, b} {
			node.get("/hubs/tides", 404)
			node.get("/families", 200)
		}
	})
}

// The public pages need the public store alone.
func TestPublicFaceAlone(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	desk := newRoom(t, s)
	must(t, desk.LoadSample(t.Context(), editor))
	must(t, desk.PublishFrame(t.Context(), editor, web.Unwatched))
	face := newDesk(t, newRoom(t, testkit.Stores{Public: s.Public}, func(d *sites.Deps) {
		d.Work, d.Partnership = nil,
			nil
	}))
	face.get("/", 200, "Tidewell")
	face.get("/hubs/icon", 200, "babies cry")
	face.get("/work/sites", 404)
}

// When the store does not answer, whom to call is shown as it was known last. A
// page is not: it may have been taken down, and nobody can ask.
func TestStoreGone(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	at := &hand{t: noon}
	r := newRoom(t, s, func(d *sites.Deps) { d.Now = at.now })
	must(t, r.PublishFrame(t.Context(), editor, web.Unwatched))
	published(t, r, "tides", "Tides", "In and out.")
	d := newDesk(t, r)
	d.get("/help", 200, "01632 960 100")
	d.get("/hubs/tides", 200, "In and out.")
	must(t, s.Public.Close())
	at.move(publish.Trust)
	d.mux.Log = slog.New(slog.DiscardHandler)
	d.get("/help", 200, "01632 960 100")
	for path, says := range map[string]string{"/hubs/tides": "In and out.", "/families": "For families",
		"/sitemap.xml": "/hubs/tides"} { // as they stood: they stay up
		d.get(path, 200, says)
	}
	d.get("/search?q=tides", 503, "cannot be shown at the moment", "01632 960 100") // which asks the store

	never := newDesk(t, newRoom(t, s))
	never.mux.Log = slog.New(slog.DiscardHandler)
	never.get("/help", 503, "cannot be shown at the moment")
}
