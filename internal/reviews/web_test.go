package reviews

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{"lead": lead,
		"reader": {ID: "x", Permissions: map[web.Permission]bool{access.ReviewsRead: true}}, "outsider": {ID: "y"}}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		testkit.Scripts(t, people, nil, r.Routes()...)
	})
}

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	v := Review{ID: "r1", Reference: "Rowan", Kind: Statutory, Stage: Published, CompletedOn: today, PublishedOn: today,
		PublicationHref: "/reviews/rowan", BriefingHref: "https://example.org/rowan"}
	base := ui.Base{Title: "Rowan", Layout: ui.LayoutWork}
	made := map[string]any{
		"reviews": reviewsPage{Base: base, Manage: true, Kinds: ui.WordChoices(kinds), Stages: ui.WordChoices(stages),
			Reviews: []listRow{{Review: v}}},
		"review": reviewPage{Base: base, Manage: true, Review: v, Clocks: clocks(v, editions2, today),
			Steps: []stepRow{{"Published", today}}, History: []audittrail.Entry{{Act: "added"}}},
		"review-form": reviewFormPage{FormPage: ui.FormPage{Base: base, Cancel: root}, Kinds: ui.WordChoices(kinds),
			Steps: steps},
		"step": stepPage{FormPage: ui.FormPage{Base: base, Cancel: root}, Review: v},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
