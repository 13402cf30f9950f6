package app

import (
	"net/http/httptest"
	"testing"

	"kith/internal/identity"
	"kith/internal/kit/db"
)

// TestOnlyPublicPagesAreZipped: a page that is the same for everybody is sent
// zipped, the report's with it. One that is made for a person, or of what somebody typed, never is: its size
// would tell of what it holds.
func TestOnlyPublicPagesAreZipped(t *testing.T) {
	t.Parallel()
	a := demonstration(t)
	secret, err := a.Identity.SignInAs(t.Context(), "business-manager", identity.Visit{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/": "gzip", "/families": "gzip", "/report/2023-24/": "gzip",
		"/report/2023-24/figures.json": "gzip",
		"/search?q=tides":              "", "/sign-in": "", "/work": "", "/work/training?q=neglect": "",
		"/work/report/2023-24/draft/":             "",
		"/work/report/2023-24/draft/figures.json": "",
	} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Cookie", "kith_session="+secret)
		w := httptest.NewRecorder()
		years[db.SQLite].pages.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); w.Code != 200 || got != want {
			t.Errorf("%s: status %d, Content-Encoding %q and not %q", path, w.Code, got, want)
		}
	}
}
