package leaflets

import (
	"testing"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{"keeper": keeper, "reader": reader, "outsider": {ID: "y"}}
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
	l := Leaflet{ID: "l1", Title: "Safer sleep", Audience: "Parents", ReviewOn: today, InStock: 1200, Owner: "Ann Lead"}
	base := ui.Base{Title: "Safer sleep", Layout: ui.LayoutWork}
	made := map[string]any{
		"leaflets": leafletsPage{Base: base, Manage: true, States: ui.WordChoices(states),
			Leaflets: []Leaflet{l}, Today: today},
		"leaflet": leafletPage{Base: base, Leaflet: l, State: Due, Manage: true,
			History: []audittrail.Entry{{Act: "added"}}},
		"leaflet-form": leafletFormPage{ui.FormPage{Base: base, Cancel: root}},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
