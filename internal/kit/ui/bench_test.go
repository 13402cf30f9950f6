package ui_test

import (
	"fmt"
	"io"
	"net/url"
	"testing"
	"testing/fstest"

	"kith/internal/kit/ui"
)

// BenchmarkListOf200Rows is a workspace list as rooms write it, with a tag and
// a link in every row.
func BenchmarkListOf200Rows(b *testing.B) {
	set, err := ui.NewSet(fstest.MapFS{"list.html": {Data: []byte(`{{define "main"}}<h1>Courses</h1>
<form class="filter-bar" method="get" role="search" aria-label="Courses">{{input .List "q" "Search"}}{{selectBox .List "p" "Programme" .Programmes (firstChoice "All")}}{{keepSort .List}}{{button "Show" secondary}}</form>
<div class="table-scroll" role="region" aria-label="Courses" tabindex="0"><table><caption>Courses</caption>
<thead><tr>{{sortHeader .List "title" "Course"}}{{sortHeader .List "booked" "Booked" numeric}}<th scope="col">Status</th></tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row"><a href="/courses/{{.ID}}">{{.Title}}</a></th><td class="n">{{number .Booked}}</td><td>{{tag "good" "Open"}}</td></tr>
{{end}}</tbody></table></div>{{listFoot .List "csv"}}{{end}}`)}})
	if err != nil {
		b.Fatal(err)
	}
	type row struct {
		ID, Title string
		Booked    int
	}
	page := struct {
		ui.Base
		List       ui.List
		Programmes []ui.Choice
		Rows       []row
	}{Base: ui.Base{Title: "Courses", SiteName: "Tidewell", Layout: ui.LayoutWork},
		List: ui.ReadList("/courses", url.Values{}, "title", "booked")}
	page.List.Total = 1000
	for i := range 200 {
		page.Rows = append(page.Rows, row{fmt.Sprint(i), fmt.Sprintf("Course %d", i), i})
	}
	for b.Loop() {
		if err := set.Render(io.Discard, "list", page); err != nil {
			b.Fatal(err)
		}
	}
}
