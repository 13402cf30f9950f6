package identity

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// crowd adds n people; names come more than once, and every seventh has left.
func crowd(t testing.TB, s testkit.Stores, n int) {
	t.Helper()
	var rows [][]any
	at := db.At(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	for i := range n {
		name := fmt.Sprintf("Person %05d", i*7919%n/3)
		rows = append(rows, []any{fmt.Sprintf("p%06d", i), name, db.Fold(name), "", fmt.Sprintf("Job %d", i%50), i%7 != 0,
			at})
	}
	err := s.Work.Tx(context.Background(), func(q db.Q) error {
		return db.Insert(context.Background(), q,
			`INSERT INTO people (id, name, folded, email, job_title, active, created_at)`, rows, "")
	})
	if err != nil {
		t.Fatal(err)
	}
}

var nextPage, previousPage = regexp.MustCompile(`href="([^"]*)" rel="next"`),
	regexp.MustCompile(`href="([^"]*)" rel="prev"`)

// TestPeoplePaging walks the list from its first page to the last and back, by the
// links of the pages, and finds everybody once each way.
func TestPeoplePaging(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		crowd(t, s, 101)
		for _, f := range []peopleFilter{
			{Active: "yes"}, {}, {Desc: true}, {Active: "no"}, {Search: "person 0001", Desc: true},
			{Sort: "job", Active: "yes"}, {Sort: "organisation"},
		} {
			all := f
			all.Limit = ui.EveryRow
			want, total, err := people(t.Context(), s.Work, all)
			if err != nil || len(want) != total || total == 0 {
				t.Fatalf("%+v: %d of %d people, %v", f, len(want), total, err)
			}
			if f.byName() && !slices.IsSortedFunc(want, func(a, b listedPerson) int {
				if f.Desc {
					a, b = b, a
				}
				return cmp.Compare(a.Name+a.ID, b.Name+b.ID)
			}) {
				t.Errorf("%+v: not in the order of names", f)
			}
			f.Limit = 8
			var forward, back []listedPerson
			for {
				page, _, err := people(t.Context(), s.Work, f)
				if err != nil {
					t.Fatal(err)
				}
				forward = append(forward, page...)
				if len(forward) >= total || len(page) == 0 {
					break
				}
				f.Offset += f.Limit
				if f.byName() {
					f.After = page[len(page)-1].ID
				}
			}
			if !slices.Equal(forward, want) {
				t.Errorf("%+v: forward gave %d people, not the %d of the list", f, len(forward), len(want))
			}
			if !f.byName() {
				continue
			}
			f.After, f.Before = "", want[len(want)-1].ID
			for {
				page, _, err := people(t.Context(), s.Work, f)
				if err != nil {
					t.Fatal(err)
				}
				back = append(slices.Clone(page), back...)
				if page[0].ID == want[0].ID {
					break
				}
				f.Before = page[0].ID
			}
			if !slices.Equal(back, want[:len(want)-1]) {
				t.Errorf("%+v: backwards gave %d people, not the %d before the last", f, len(back), len(want)-1)
			}
		}
		// A page beside somebody who is not there is the page of its number.
		gone, _, err := people(t.Context(), s.Work, peopleFilter{After: "nobody", Limit: 5, Offset: 5})
		counted, _, err2 := people(t.Context(), s.Work, peopleFilter{Limit: 5, Offset: 5})
		if err != nil || err2 != nil || !slices.Equal(gone, counted) {
			t.Errorf("beside nobody: %v, not %v (%v, %v)", gone, counted, err, err2)
		}
	})
}

// TestAddressesAreNoWayToPeople: whose address somebody may not see is found by their name
// alone, and stands in no line of the search.
func TestAddressesAreNoWayToPeople(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "administrator")
		w.organisation("school", "Tide School")
		add := func(name, email string, organisation db.Opt) web.Person {
			id, err := w.AddPerson(w.ctx(), boss, Person{Name: name, Email: email, OrganisationID: organisation})
			w.is(err, nil)
			return web.Person{ID: id, OrganisationID: string(organisation),
				Permissions: map[web.Permission]bool{access.PeopleRead: true}}
		}
		lead := add("José School", "lead@school.example", "school")
		add("Near", "near&far@school.example", "school")
		add("Far", "schools&more@school.example", "")
		for _, c := range []struct {
			by           web.Person
			search, want string
		}{
			{lead, "school.example", "José School, Near"},
			{lead, "school", "José School, Near"},
			{lead, "far", "Far, Near"},
			{lead, "more", ""},
			{lead, "jose", "José School"},
			{web.Person{ID: "x", Permissions: lead.Permissions}, "school", "José School"},
			{web.Person{ID: "x", Permissions: lead.Permissions}, "school.example", ""},
			{boss, "school.example", "Far, José School, Near"},
		} {
			list, total, err := people(w.ctx(), s.Work, peopleFilter{Search: c.search, By: c.by, Limit: 10})
			w.is(err, nil)
			var got []string
			for _, p := range list {
				got = append(got, p.Name)
			}
			if strings.Join(got, ", ") != c.want || total != len(got) {
				t.Errorf("%s finds %v of %d by %q, and not %s", c.by.ID, got, total, c.search, c.want)
			}
		}
		docs, err := findable(w.ctx(), s.Work, nil)
		w.is(err, nil)
		lines, err := describe(w.ctx(), s.Work, nil)
		w.is(err, nil)
		if all := fmt.Sprint(docs, lines); len(docs) != 4 || strings.Contains(all, ".example") {
			t.Errorf("the search has %s", all)
		}
		// One's own is no secret, whatever one's role.
		pat, b := w.user("Pat", "practitioner"), w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", pat.Email, "password", password), 303, "/work")
		b.Want("GET", "/work/account", nil, 200, pat.Email)
	})
}

// TestPeopleLinks follows the links of the pages themselves.
func TestPeopleLinks(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		crowd(t, s, 101)
		boss := w.user("Ada", "administrator")
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, "/work")
		var forward, back []string
		walk := func(at string, link *regexp.Regexp, to *[]string) string {
			for last := ""; ; {
				page := b.Want("GET", at, nil, 200, "of 102 people")
				*to = append(*to, regexp.MustCompile(`Person \d{5}`).FindAllString(page, -1)...)
				m := link.FindStringSubmatch(page)
				if last = at; m == nil {
					return last
				}
				at = html.UnescapeString(m[1])
			}
		}
		last := walk("/work/people?active=all&size=10", nextPage, &forward)
		if len(forward) != 101 || !slices.IsSorted(forward) {
			t.Errorf("forward: %d people, sorted: %v", len(forward), slices.IsSorted(forward))
		}
		if !strings.Contains(last, "page=11") {
			t.Errorf("the last page is %s", last)
		}
		if first := walk(last, previousPage, &back); len(back) != 101 || strings.Contains(first, "page=2") {
			t.Errorf("back: %d people, to %s", len(back), first)
		}
		b.Want("GET", strings.Replace(last, "after=", "format=csv&after=", 1), nil, 200, "Person 00000")
	})
}

// BenchmarkPeople: a page of the list out of 100,000 people, as it is served.
func BenchmarkPeople(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		s := testkit.NewStores(b, engine)
		crowd(b, s, 100_000)
		ids, err := db.All[string](b.Context(), s.Work, `SELECT id FROM people ORDER BY folded, id LIMIT 1 OFFSET 50000`)
		if err != nil {
			b.Fatal(err)
		}
		for name, query := range map[string]string{
			"first":          "",
			"after":          "?page=2001&after=" + ids[0],
			"by number":      "?page=2001",
			"last, everyone": "?active=all&page=4000",
			"searched":       "?q=" + url.QueryEscape("person 00123"),
			"by job":         "?sort=job",
		} {
			b.Run(string(engine)+"/"+name, func(b *testing.B) {
				mux := testkit.Mux(b, open(b, s).Routes()...)
				me := web.Person{ID: ids[0], Name: "Bench", Permissions: map[web.Permission]bool{access.PeopleRead: true}}
				mux.Person = func(*http.Request) (web.Person, error) { return me, nil }
				for b.Loop() {
					w := httptest.NewRecorder()
					mux.ServeHTTP(w, httptest.NewRequest("GET", root+query, nil))
					if w.Code != 200 {
						b.Fatal(w.Code, w.Body.String())
					}
				}
			})
		}
	}
}
