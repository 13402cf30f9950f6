package sites_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

var noon = time.Date(2024, 6, 14, 12, 0, 0, 0, time.UTC)

// editor may do everything at the desk.
var editor = web.Person{Name: "Eddie Example", Permissions: map[web.Permission]bool{access.SitesRead: true,
	access.SitesEdit: true, access.SitesPublish: true}}

// tidewell is an invented partnership.
type tidewell struct{}

func (tidewell) PublicProfile(context.Context) (sites.Profile, error) {
	return sites.Profile{
		Name: "Tidewell Safeguarding Children Partnership", Area: "Tidewell", Email: "office@tidewell.example",
		Post:      "1 Quay Street",
		Site:      "https://www.tidewell.example",
		CheckedOn: db.Date{Year: 2024, Month: 5, Day: 1},
		Contacts: []sites.Contact{
			{Name: "Tidewell front door", Phone: "01632 960 100", When: "Monday to Friday, 9 am to 5 pm",
				Who: "Trained advisers answer"},
			{Name: "Out of hours", Phone: "01632 960 199", When: "Nights, weekends and bank holidays", Night: true},
		},
		Statutory: []string{"Tidewell Council", "Tidewell Integrated Care Board", "Tidewell Police"},
		Bodies: []sites.Body{{Name: "Executive", Does: "Decides together.",
			Chair: "the lead safeguarding partners in turn", Members: []string{"Tidewell Council", "Tidewell Police"}}},
		Agencies: []sites.Agency{{Name: "Tidewell Primary Trust", Sector: "Education"},
			{Name: "Harbour Housing", Sector: "Housing"}},
	}, nil
}

// reports has the headlines of a report.
type reports []sites.Headline

func (r reports) Headlines(context.Context) ([]sites.Headline, error) { return r, nil }

// desk is a room with its routes mounted, used by one person.
type desk struct {
	t       testing.TB
	room    *sites.Room
	mux     *web.Mux
	as      web.Person
	browser *testkit.Browser
}

func newRoom(t testing.TB, s testkit.Stores, change ...func(*sites.Deps)) *sites.Room {
	t.Helper()
	d := sites.Deps{Work: s.Work, Public: s.Public, Now: clock.Fixed(noon), NewID: ids.New, Partnership: tidewell{},
		PublicURL: func() string { return "https://tidewell.example/" },
		Demo:      true}
	for _, f := range change {
		f(&d)
	}
	if d.Work == nil {
		d.Cache = publish.NewCache(d.Public, d.Now)
	} else if d.Outbox == nil {
		d.Outbox, d.Cache = testkit.Publishing(t, testkit.Stores{Work: d.Work, Public: d.Public}, d.Now, nil)
	}
	r, err := sites.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newDesk(t testing.TB, room *sites.Room) *desk {
	d := &desk{t: t, room: room, as: editor,
		mux: web.NewMux(slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))}
	d.browser = testkit.NewBrowser(t, d.mux)
	d.mux.Person = func(*http.Request) (web.Person, error) { return d.as, nil }
	d.mux.Base = func(_ http.ResponseWriter, r *http.Request, _ web.Person) ui.Base {
		if strings.HasPrefix(r.URL.Path, "/work/") {
			return ui.Base{Layout: ui.LayoutWork, SiteName: "Tidewell"}
		}
		return room.PublicBase(r)
	}
	d.mux.Handle(room.PublicRoutes()...)
	if room.Work != nil {
		d.mux.Handle(room.Routes()...)
	}
	return d
}

func (d *desk) do(r *http.Request) *httptest.ResponseRecorder { return d.browser.Send(r) }

// get opens a page and checks its status, its HTML and that it says every one of
// words.
func (d *desk) get(path string, status int, words ...string) string {
	d.t.Helper()
	w := d.browser.Do("GET", path, nil)
	if to := w.Header().Get("Location"); w.Code == http.StatusMovedPermanently && status == http.StatusOK {
		w = d.browser.Do("GET", to, nil) // the page stands at an address that says nothing
	}
	return d.check("GET "+path, w, status, words)
}

// post sends a form: name, value, name, value ….
func (d *desk) post(path string, status int, pairs ...string) string {
	d.t.Helper()
	return d.check("POST "+path, d.browser.Do("POST", path, testkit.Pairs(pairs...)), status, nil)
}

func (d *desk) check(what string, w *httptest.ResponseRecorder, status int, words []string) string {
	d.t.Helper()
	body := w.Body.String()
	if w.Code != status {
		d.t.Errorf("%s: status %d, want %d\n%s", what, w.Code, status, testkit.Main(body))
	}
	d.says(what, body, words...)
	return body
}

func (d *desk) says(what, body string, words ...string) {
	d.t.Helper()
	for _, x := range words {
		if !strings.Contains(body, x) {
			d.t.Errorf("%s does not say %q\n%s", what, x, testkit.Main(body))
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seenAt gives the mark of what a page showed.
func seenAt(d *desk, path string) string {
	d.t.Helper()
	mark := d.browser.Seen(path)
	if mark == "" {
		d.t.Fatalf("%s does not say what was seen", path)
	}
	return mark
}

// published makes a page and publishes it.
func published(t testing.TB, r *sites.Room, slug, title, md string) {
	t.Helper()
	must(t, r.AddPage(t.Context(), editor, sites.PageDraft{Slug: slug, Section: sites.Hub,
		Words: sites.Words{Title: title, Summary: "About " + slug, Markdown: md}}))
	must(t, r.PublishPage(t.Context(), editor, slug, 1))
}

// table writes rows as aligned text is written in the tests' wants.
func table(rows ...any) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}
