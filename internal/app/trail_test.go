package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/partnership"
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
