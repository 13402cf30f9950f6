package indicators

import (
	"net/url"
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
)

// TestTemplates type checks each page and holds its HTML to the rules of pages.
func TestTemplates(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Layout: ui.LayoutWork, Title: "Performance"}
	choices := ui.Choices("2023-24", "2023-24")
	rows := []catalogueRow{{ID: "cla.open", Title: "Children looked after", Unit: "children", Value: "777", Before: "794"}}
	uitest.Page(t, set, "catalogue", cataloguePage{Base: base, Form: web.NewForm(), Year: "2023-24", Years: choices,
		Subjects: choices, Groups: []group{{"Looked-after children", rows}}, Found: 1, MayImport: true})
	uitest.Page(t, set, "catalogue", cataloguePage{Base: base, Form: web.NewForm(), Year: "2023-24", Years: choices,
		Subjects: choices})

	d := &figure.Definition{ID: "cla.open", Title: "Children looked after", Unit: "children"}
	series := &ui.LineChart{ID: "series", Title: "Year by year", Labels: []string{"2023", "2024"},
		Series: []ui.Series{{Name: "Children", Values: []float64{794, 777}}}}
	by := &byTable{Title: "By age", Chart: ui.BarChart{ID: "by", Title: "By age", Labels: []string{"0 to 4"},
		Series: []ui.Series{{Name: "children", Values: []float64{215}}}}, Rows: []byRow{{"0 to 4", "215", "28%"}}}
	uitest.Page(t, set, "figure", figurePage{Base: base, Definition: d, Form: web.NewForm(), Years: choices, Cuts: choices,
		Known: true, Value: "777", Meaning: "children on 31 March 2024",
		Note: "Two authorities.", Makeup: []string{"60 + 31 = 91."},
		Inputs: []inputRow{{"Census", "census.xml", "ab"}},
		Rows:   []ui.Row{{Key: "What is counted", Value: "Children."}}, Series: series, By: by,
		Export: "?format=csv"})
	uitest.Page(t, set, "figure", figurePage{Base: base, Definition: d, Form: web.NewForm(), Years: choices,
		Problem: "It is not held."})

	day := period.MustDate("2024-03-31")
	a := Supplied{ID: "a1", Figure: "attested.x", Title: "X", Counts: "Xs.", Unit: "children", Counted: "children",
		Kind: "stock", From: day, To: day, Numerator: 64, Source: "A plan", Owner: "A head", GivenOn: day,
		Reason: "The final return"}
	list := ui.ReadList("/work/performance/supplied", url.Values{}, "title")
	list.Total, list.One, list.Many = 1, "value", "values"
	uitest.Page(t, set, "supplied",
		suppliedPage{Base: base, List: list, Rows: []suppliedRow{{a, "64", "watch", "Provisional"}}, MaySupply: true,
			Unsaid: []Supplied{a}})
	uitest.Page(t, set, "supplied", suppliedPage{Base: base, List: list})
	uitest.Page(t, set, "classify", classifyPage{FormPage: ui.FormPage{Base: base, Form: web.NewForm(), Cancel: "/"},
		Value: a, Counted: countedChoices(), AskSure: true})
	form := web.NewForm()
	form.Add("title", "Enter the figure’s name")
	page := suppliedFormPage{FormPage: ui.FormPage{Base: base, Form: form, Cancel: "/"},
		Kinds: ui.Choices("flow", "A period", "stock", "A day"), Counted: countedChoices(), AskSure: true,
		Standings: ui.Choices("final", "Final")}
	uitest.Page(t, set, "supplied-form", page)
	page.Replaces, page.Shown = &a, "64"
	uitest.Page(t, set, "supplied-form", page)
}
