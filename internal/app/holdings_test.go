package app

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// TestHoldings: what hangs on people is found in every room, and stands where it says.
func TestHoldings(t *testing.T) {
	a := open(t, Config{Dir: installed(t, demonstration(t)), Demo: true})
	w := worldOf(t, a)
	w.furnish(t)
	m := a.mux()
	boss := w.person["business-manager"]
	boss.Permissions = everything()
	m.Person = func(*http.Request) (web.Person, error) { return boss, nil }
	kinds := map[string]int{}
	for _, id := range must[[]string](t)(db.All[string](t.Context(), a.Work, `SELECT id FROM people ORDER BY id`)) {
		for _, h := range must[[]web.Holding](t)(a.holdings(t.Context(), a.Work, id)) {
			if kinds[h.What]++; kinds[h.What] > 1 {
				continue
			}
			rec := httptest.NewRecorder()
			m.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, h.Href, nil))
			if rec.Code != http.StatusOK || h.Title == "" || h.May == "" {
				t.Errorf("%+v: %d", h, rec.Code)
			}
		}
	}
	got := strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")
	if want := "Action, Page to keep right, Priority, Seat, Self-assessment, Training booking"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}
