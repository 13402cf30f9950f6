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
{{input .Form "email" "E-mail address" (hint "We only use it to send joining details") (kind "email") (autocomplete "email")}}
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
		"templates/book.html": {Data: []byte(bookTemplate)},
		"templates/other.html": {Data: []byte(
			`{{define "main"}}<h1>Other</h1>{{end}}{{define "head"}}<meta name="x" content="y">{{end}}`)},
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

func TestTitleOfAPageWithProblems(t *testing.T) {
	t.Parallel()
	set := bookSet(t)
	page := bookPage{Base: ui.Base{Title: "Book", SiteName: "Tidewell"}, Form: oneProblem{}}
	got := uitest.Page(t, set, "book", page)
	for _, want := range []string{
		"<title>Error: Book – Tidewell</title>", `<a href="#email">Enter an e-mail address</a>`,
		`aria-describedby="email-hint email-error"`, `value="&lt;ann&gt;"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

type oneProblem struct{}

func (oneProblem) Value(name string) string {
	if name == "email" {
		return "<ann>"
	}
	return ""
}
func (oneProblem) Values(string) []string { return nil }
func (oneProblem) Problem(name string) string {
	if name == "email" {
		return "Enter an e-mail address"
	}
	return ""
}
func (oneProblem) Problems() []ui.Problem { return []ui.Problem{{"email", "Enter an e-mail address"}} }

func TestFormMayBeANilPointer(t *testing.T) {
	t.Parallel()
	var none *pointerForm
	uitest.Page(t, bookSet(t), "book", bookPage{Base: ui.Base{Title: "Book"}, Form: none})
}

type pointerForm struct{ value string }

func (f *pointerForm) Value(string) string    { return f.value }
func (f *pointerForm) Values(string) []string { return []string{f.value} }
func (f *pointerForm) Problem(string) string  { return f.value }
func (f *pointerForm) Problems() []ui.Problem { return nil }

func TestRefusedSets(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, text, want string }{
		{"no templates", "notes.txt", "", "look for templates"},
		{"no main", "templates/a.html", `{{define "head"}}{{end}}`, `does not define "main"`},
		{"unknown function", "templates/a.html", `{{define "main"}}{{inputt}}{{end}}`, `function "inputt" not defined`},
		{"bad part", "templates/_a.html", `{{define "main"}}{{if}}{{end}}`, "missing value for if"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set, err := ui.NewSet(fstest.MapFS{tt.file: {Data: []byte(tt.text)}})
			if err == nil {
				err = set.Render(&strings.Builder{}, "a", struct{ ui.Base }{})
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

func TestRefusedPages(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"unknown tone", `{{tag "great" "Open"}}`, "use good, watch, bad or quiet"},
		{"unknown banner", `{{banner "loud" "Saved"}}`, "use done, note or problem"},
		{"inline style", `{{button "Go" (attr "style" "color:red")}}`, "may not be set"},
		{"inline script", `{{button "Go" (attr "onclick" "go()")}}`, "may not be set"},
		{"unknown icon", `{{icon "unicorn"}}`, "there is no picture"},
		{"half a number", `{{number "12"}}`, "is not a whole number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set, err := ui.NewSet(fstest.MapFS{"a.html": {Data: []byte(`{{define "main"}}` + tt.text + `{{end}}`)}})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			err = set.Render(&b, "a", struct{ ui.Base }{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
			if b.Len() > 0 {
				t.Errorf("half a page was sent: %s", b.String())
			}
		})
	}
	if err := bookSet(t).Render(&strings.Builder{}, "nowhere", nil); err == nil {
		t.Error("a page that is not there was rendered")
	}
}

func TestStyleGuideInEveryLayout(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{ui.LayoutPlain, ui.LayoutWork, ui.LayoutPublic} {
		t.Run("layout "+layout, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := ui.StyleGuide(&b, ui.Base{SiteName: "Tidewell", Layout: layout,
				Worried: &ui.Worried{Href: "/worried", Emergency: "999", DayPhone: "01632 960 100"}}); err != nil {
				t.Fatal(err)
			}
			uitest.HTML(t, "style guide", b.String())
		})
	}
}
