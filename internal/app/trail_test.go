package app

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/reviews"
)

// TestTrailInOwnWords: who did what is read, searched and downloaded in the
// partnership's own words, though it is kept in the program's.
func TestTrailInOwnWords(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	boss := web.Person{ID: "ada", Name: "Ada", Permissions: everything()}
	if _, err := a.Partnership.AddCommittee(t.Context(), boss, partnership.Committee{Name: "Night work"}); err != nil {
		t.Fatal(err)
	}
	terms := lang.Terms{"committee": "subgroup", "committees": "subgroups"}
	if err := a.Partnership.SaveWords(t.Context(), boss, terms, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	m := a.mux()
	m.Person = func(*http.Request) (web.Person, error) { return boss, nil }
	for _, at := range []string{"", "?q=subgroup", "?q=added+Subgroup", "?q=committee", "?format=csv"} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/work/settings/trail"+at, nil))
		page := w.Body.String()
		if _, main, ok := strings.Cut(page, "<tbody>"); ok {
			page, _, _ = strings.Cut(main, "</tbody>")
		}
		if w.Code != 200 || !strings.Contains(page, "subgroup: Night work") &&
			!strings.Contains(page, "subgroup,Night work") ||
			strings.Contains(page, "committee") {
			t.Errorf("%s: %d\n%s", at, w.Code, page)
		}
	}
}

// TestLookingIsNoted: who read, took away and was refused what is protected stands in who
// did what, each reading once an hour, and in no record's history.
func TestLookingIsNoted(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	boss := web.Person{ID: "ada", Name: "Ada", Permissions: everything(), Proved: true}
	nurse := web.Person{ID: "pat", Name: "Pat", Permissions: access.Of("practitioner")}
	reader := web.Person{ID: "lee", Name: "Lee", Permissions: map[web.Permission]bool{access.FiguresRead: true}}
	admin := web.Person{ID: "ira", Name: "Ira", Permissions: access.Of("administrator"), Proved: true}
	review, err := a.Reviews.AddReview(t.Context(), boss, reviews.Review{Reference: "RR-1",
		Kind: reviews.RapidReview, AwareOn: a.Now.Today(), NotifiedOn: a.Now.Today()})
	if err != nil {
		t.Fatal(err)
	}
	m := a.mux()
	get := func(p web.Person, at string, want int) string {
		t.Helper()
		m.Person = func(*http.Request) (web.Person, error) { return p, nil }
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
		if w.Code != want {
			t.Errorf("%s as %s: %d", at, p.Name, w.Code)
		}
		return w.Body.String()
	}
	get(nurse, "/work/reviews/"+review, 404)
	get(nurse, "/work/reviews/"+review, 404)
	get(nurse, "/work/people?format=csv", 404)
	get(boss, "/work/people?format=csv", 200)
	get(boss, "/work/people?format=csv", 200) // each download is one
	get(boss, "/work/people", 200)
	page := get(boss, "/work/reviews/"+review, 200)
	page += get(boss, "/work/reviews/"+review, 200)
	if strings.Contains(page, "Ada read") {
		t.Error("reading stands in the history of the record")
	}
	rows := func(p web.Person, query string) []string {
		t.Helper()
		all, err := csv.NewReader(strings.NewReader(get(p, "/work/settings/trail?format=csv&"+query, 200))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range all[1:] {
			out = append(out, strings.Join(r[1:5], "|"))
		}
		slices.Sort(out)
		return out
	}
	same := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", what, got, want)
		}
	}
	same("refusals", rows(boss, "kind=refusals"), "Pat|was refused|address|GET /work/people",
		"Pat|was refused|address|GET /work/reviews/{id}")
	// A record that is not there, or not for them, is a refusal too; an address that is none is not.
	get(boss, "/work/plan/actions/nothing", 404)
	get(boss, "/work/nothing", 404)
	same("what is missing", rows(boss, "kind=refusals&person=ada"), "Ada|was refused|address|GET /work/plan/actions/{id}")
	// Small counts of children are shown to few, and each look at them is noted; other figures are not.
	get(boss, "/work/performance/figures/cla.open", 200)
	get(boss, "/work/performance/figures/training.attendances", 200)
	get(reader, "/work/performance/figures/cla.open", 200)
	same("restricted figures", rows(boss, "kind=looked&subject=restricted+figure"), "Ada|read|restricted figure|")
	same("looking", rows(boss, "kind=looked&q=people"), "Ada|downloaded|file|people.csv from /work/people",
		"Ada|downloaded|file|people.csv from /work/people")
	same("reading", rows(boss, "kind=looked&subject=review"), "Ada|read|review|")
	same("changes", rows(boss, "kind=changes&subject=review"), "Ada|added|review|RR-1")
	same("of one person", rows(boss, "person=pat&subject=address&q=reviews"),
		"Pat|was refused|address|GET /work/reviews/{id}")
	same("of another day", rows(boss, "to=2001-01-01"))
	same("by who may not read reviews", rows(admin, "subject=review"))
	same("the trail itself", rows(boss, "kind=looked&q=who-did-what.csv&person=ira"),
		"Ira|downloaded|file|who-did-what.csv from /work/settings/trail")

	// What was changed is told to who may read the record.
	if err := a.Reviews.SaveReview(t.Context(), boss, reviews.Review{ID: review, Reference: "RR-2",
		Kind: reviews.RapidReview, AwareOn: a.Now.Today(), NotifiedOn: a.Now.Today()}, web.Unwatched); err != nil {
		t.Fatal(err)
	}
	const told = "Reference: RR-2; it was RR-1"
	if !strings.Contains(get(boss, "/work/settings/trail", 200), told) ||
		!strings.Contains(get(boss, "/work/reviews/"+review, 200), told) {
		t.Error("nobody is told what was changed")
	}
	if page := get(admin, "/work/settings/trail", 200); strings.Contains(page, "RR-") {
		t.Error("who may not read reviews is told what was changed in one")
	}

	// Somebody who tries every address does not fill the records.
	for i := range 2 * mostRefusals {
		get(nurse, fmt.Sprintf("/work/reviews/try-%d", i), 404)
	}
	if n := len(rows(boss, "kind=refusals&person=pat")); n != mostRefusals+1 {
		t.Errorf("%d refusals are noted", n)
	}
	// Nor does it hide a try at something else behind many.
	get(nurse, "/work/reviews/try-again", 404)
	get(nurse, "/work/audits/rounds/hidden", 404)
	same("behind many", rows(boss, "kind=refusals&person=pat&q=audits"),
		"Pat|was refused|address|GET /work/audits/rounds/{id}"+moreRefusals)
	// What cannot be noted is not given.
	if err := a.Work.Exec1(t.Context(), `ALTER TABLE audit_chain RENAME TO audit_chain_gone`); err != nil {
		t.Fatal(err)
	}
	if page := get(boss, "/work/people?format=csv", 500); strings.Contains(page, "job_title") {
		t.Error("a download goes out that is not noted")
	}
	get(nurse, "/work/audits/rounds/x", 404)
	get(boss, "/work/plan/actions/other", 404)
}
