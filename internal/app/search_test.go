package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/plan"
	"kith/internal/reviews"
)

// asked is what a page of the workspace answers to somebody.
func asked(t *testing.T, a *App, who web.Person, at string) (int, string) {
	t.Helper()
	m := a.mux()
	m.Person = func(*http.Request) (web.Person, error) { return who, nil }
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
	return w.Code, w.Body.String()
}

func searchFor(words string) string { return searchPath + "?" + url.Values{"q": {words}}.Encode() }

// inRole is somebody with the permissions of a role.
func inRole(role string) web.Person {
	return web.Person{ID: "someone", Name: "Someone", Permissions: access.Of(role)}
}

var boss = web.Person{ID: "ada", Name: "Ada", Permissions: everything()}

// foundLinks are where the things lead that a page of results has.
func foundLinks(page string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`<li><a href="([^"]+)">(?:<mark>|[^<])`).FindAllStringSubmatch(inMain(page), -1) {
		if !strings.HasPrefix(m[1], searchPath) && !strings.HasPrefix(m[1], "/search") {
			out = append(out, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	return out
}

func inMain(page string) string {
	_, main, _ := strings.Cut(page, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

// TestSearchIsUpToDate: after a demonstration year, made by the rooms' own actions,
// imports and publishing, nothing that can be found is other than the records are.
func TestSearchIsUpToDate(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		a := demonstrationOn(t, engine)
		for name, x := range map[string]interface {
			Stale(context.Context) ([]string, error)
		}{"workspace": a.Search, "public": a.PublicSearch} {
			stale, err := x.Stale(t.Context())
			if err != nil || len(stale) > 0 {
				t.Errorf("%s, %s: %d are not as their records are, such as %.5q (%v)", engine, name, len(stale), stale, err)
			}
		}
	}
}

// TestSearchLinks: whatever somebody finds, in whatever role, they may open.
func TestSearchLinks(t *testing.T) {
	t.Parallel()
	a := demonstration(t)
	for _, role := range access.Roles() {
		who, seen := inRole(role.ID), 0
		var err error
		if who.ID, err = db.Get[string](t.Context(), a.Work, `SELECT person_id FROM identity_personas WHERE role = $1`,
			role.ID); err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"neglect", "add", "training", "report", "council", "child", "your", "committee"} {
			_, page := asked(t, a, who, searchFor(words))
			for _, at := range foundLinks(page) {
				seen++
				at, _, _ = strings.Cut(at, "#")
				if code, _ := asked(t, a, who, at); code != 200 {
					t.Errorf("%s finds %s by %q, which answers %d", role.ID, at, words, code)
				}
			}
		}
		if seen == 0 {
			t.Errorf("%s finds nothing", role.ID)
		}
	}
}

// TestSearchHides: for somebody who may not read reviews, a page of results is the same
// to the byte whether there is a review or not.
func TestSearchHides(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	questions := []string{"kaleidoscope", "kaleidoscpe", "review kaleidoscope", "case"}
	pages := func(role string) (out []string) {
		for _, q := range questions {
			_, page := asked(t, a, inRole(role), searchFor(q))
			out = append(out, inMain(page))
		}
		return out
	}
	before, beforeLead := pages("lay-member"), pages("review-lead")
	aware := period.MustDate("2026-03-02")
	if _, err := a.Reviews.AddReview(t.Context(), boss, reviews.Review{Reference: "Child Kaleidoscope",
		Kind: reviews.RapidReview, AwareOn: aware}); err != nil {
		t.Fatal(err)
	}
	if after := pages("lay-member"); !slices.Equal(before, after) {
		t.Errorf("a review shows to somebody who may not read it:\n%q\n%q", before, after)
	}
	if after := pages("review-lead"); slices.Equal(beforeLead, after) {
		t.Error("who may read reviews does not find one")
	}
}

// TestSearchFollows: what is added is found, by the words of the place as well; what is
// changed is found by its new words, and what is deleted no more.
func TestSearchFollows(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	finds := func(words string, want ...string) {
		t.Helper()
		code, page := asked(t, a, boss, searchFor(words))
		if got := foundLinks(page); code != 200 || !slices.Equal(got, want) {
			t.Errorf("%q: %d, %q, want %q", words, code, got, want)
		}
	}
	id, err := a.Plan.AddAction(t.Context(), boss, plan.Action{Title: "Say who may use the licence",
		SourceKind: plan.FromFamily, Source: "Parents’ forum", OwnerEmail: "", OrganisationID: db.Opt(organisation(t, a)),
		DueOn: period.MustDate("2027-01-31")})
	if err != nil {
		t.Fatal(err)
	}
	at := "/work/plan/actions/" + id
	finds("licences", at)
	finds("parents forum", at)
	finds("lisence")
	if _, page := asked(t, a, boss, searchFor("license")); !strings.Contains(page, "Did you mean") ||
		!strings.Contains(page, "licence") {
		t.Error("the nearest word is not offered")
	}
	x, err := a.Plan.Action(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	x.Title = "Buy the toolkit"
	if err := a.Plan.SaveAction(t.Context(), boss, x, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	finds("licence")
	finds("toolkit", at)
	if err := a.Plan.DeleteAction(t.Context(), boss, id, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	finds("toolkit")

	committee, err := a.Partnership.AddCommittee(t.Context(), boss, partnership.Committee{Name: "Night work"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Partnership.AddMeeting(t.Context(), boss, partnership.Meeting{CommitteeID: committee,
		HeldOn: period.MustDate("2026-02-24"), About: "Dentists and teeth"}); err != nil {
		t.Fatal(err)
	}
	finds("dentist", "/work/committees/"+committee)
	finds("night", "/work/committees/"+committee, "/work/committees/"+committee)
	finds("subgroup")
	if err := a.Partnership.SaveWords(t.Context(), boss, lang.Terms{"committee": "subgroup", "committees": "subgroups",
		"front door": "MASH"}, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	finds("subgroups", "/work/committees/new", "/work/committees", "/work/people", "/work/organisations",
		"/work/performance/figures/partnership.meetings")
	if _, page := asked(t, a, boss, searchFor("front door")); !strings.Contains(page, "<mark>MASH</mark>") {
		t.Error("the standard word does not find the place's own")
	}
}

// organisation adds an organisation.
func organisation(t *testing.T, a *App) string {
	t.Helper()
	id, err := a.Partnership.AddOrganisation(t.Context(), boss, partnership.Organisation{Name: "Harbour Trust",
		Sector: "health"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSearchTooMuch(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceAll})
	openSite(t, a)
	for _, at := range []string{searchFor(strings.Repeat("neglect ", 5000)), searchFor(strings.Repeat("a", 1<<20)),
		"/search?q=" + strings.Repeat("neglect+", 5000)} {
		code, page := asked(t, a, boss, at)
		if code != 400 || !strings.Contains(page, "too much to look for at once") || len(page) > 1<<16 {
			t.Errorf("%.30s…: %d, %d bytes", at, code, len(page))
		}
	}
	if code, page := asked(t, a, boss, searchPath); code != 200 || !strings.Contains(page, "Type a word or a name") {
		t.Error("an empty search does not say what to do")
	}
}

// TestPublicSearch: pages, chapters and published figures, however a word is written.
func TestPublicSearch(t *testing.T) {
	t.Parallel()
	a := demonstration(t)
	public := func(words string) string {
		code, page := asked(t, a, web.Person{}, "/search?"+url.Values{"q": {words}}.Encode())
		if code != 200 {
			t.Errorf("%q: %d", words, code)
		}
		return page
	}
	same := func(words string) []string {
		list := foundLinks(public(words))
		slices.Sort(list)
		return list
	}
	for _, pair := range [][2]string{{"children's", "childrens’"}, {"safeguard", "Safeguarding"}, {"kid", "child"}} {
		if one, other := same(pair[0]), same(pair[1]); len(one) == 0 || !slices.Equal(one, other) {
			t.Errorf("%q finds %q, and %q %q", pair[0], one, pair[1], other)
		}
	}
	for words, want := range map[string]string{
		"safegaurding":        "Did you mean <a href=\"/search?q=safeguarding\">safeguarding</a>",
		"journey of child":    `href="/report/2023-24/#journey-of-the-child"`,
		"child looked after":  `href="/report/2023-24/figures/cla.open-2024-03-31"`,
		"kaleidoscope":        "No page has all of these words",
		"hesper langstroth x": "No page has all of these words",
	} {
		if page := public(words); !strings.Contains(page, want) {
			t.Errorf("%q does not give %s:\n%s", words, want, inMain(page))
		}
	}
	for _, at := range same("neglect") {
		at, _, _ := strings.Cut(at, "#")
		if code, _ := asked(t, a, web.Person{}, at); code != 200 {
			t.Errorf("%s answers %d", at, code)
		}
	}
}
