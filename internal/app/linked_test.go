package app

import (
	"strings"
	"testing"
)

// TestTakingDownNamesTheTile: the question before a page is taken off the site names the
// tile of the published report that leads to it.
func TestTakingDownNamesTheTile(t *testing.T) {
	t.Parallel()
	v := visitorAs(t, "business-manager")
	summary := v.get("/report/2023-24/summary").Body.String()
	for _, after := range strings.Split(summary, `class="tile__link" href="/hubs/`)[1:] {
		slug, _, _ := strings.Cut(after, `"`)
		page := v.get("/work/sites/pages/" + slug + "/unpublish")
		if page.Code != 200 {
			continue // a tile may lead to what is no page of the desk
		}
		if !strings.Contains(page.Body.String(), "It is a link on the summary of the yearly report 2023-24") {
			t.Errorf("%s: %s", slug, page.Body)
		}
		return
	}
	t.Fatalf("no tile of the report leads to a page: %s", summary)
}
