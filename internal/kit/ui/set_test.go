package ui_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
)

type bookPage struct {
	ui.Base
	Form    ui.Form
	List    ui.List
	Sectors []ui.Choice
}

const bookTemplate = `{{define "main"}}{{errorSummary .Form}}<h1>{{.Title}}</h1>
<form method="post" novalidate>
{{input .Form "email" "Email address" (hint "We only use it to send joining details") (kind "email") (autocomplete "email")}}
{{selectBox .Form "sector" "Sector" .Sectors (firstChoice "Choose a sector")}}
{{radios .Form "mode" "How?" .Sectors (reveal "health" (input .Form "phone" "Telephone"))}}
{{dateInput .Form "held_on" "Date"}}
{{button "Save" oneClick}} {{button "Delete" warning (named "act" "delete")}} {{linkButton "Cancel" "/x" secondary}}
</form>
<table><caption>c</caption><thead><tr>{{sortHeader .List "name" "Name"}}</tr></thead></table>
{{listFoot .List "csv"}}{{template "part" .}}{{end}}`

func bookSet(t *testing.T) *ui.Set {
	t.Helper()
	set, err := ui.NewSet(fstest.MapFS{
		"templates/book.html":  {Data: []byte(bookTemplate)},
		"templates/other.html": {Data: []byte(`{{define "main"}}<h1>Other</h1>{{end}}{{define "head"}}<meta name="x" content="y">{{end}}`)},
		"templates/_part.html": {Data: []byte(`{{define "part"}}<p>Shared by {{.SiteName}}</p>{{end}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestPagesInEveryLayout(t *testing.T) {
	t.Parallel()
	set := bookSet(t)
	for _, layout := range []string{ui.LayoutPlain, ui.LayoutWork, ui.LayoutPublic} {
		t.Run("layout "+layout, func(t *testing.T) {
			t.Parallel()
			page := bookPage{Base: ui.Base{Title: "Book", Layout: layout, SiteName: "Tidewell", Demo: true,
				Person: &ui.Who{Name: "Ann", SignOutHref: "/sign-out"}, Nav: []ui.NavItem{{Text: "Home", Href: "/"}}}}
			got := uitest.Page(t, set, "book", page)
			if !strings.Contains(got, "<p>Shared by Tidewell</p>") {
				t.Errorf("the shared part is missing:\n%s", got)
			}
		})
	}
}
