package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
)

// schools is what a picker of the tests chooses among.
var schools = web.AmongAll("school", "schools", func(context.Context) ([]ui.Suggestion, error) {
	out := []ui.Suggestion{{ID: "s1", Words: "Gull Lane Primary"}, {ID: "s2", Words: "Gull Lane Infants"},
		{ID: "s3", Words: "St Mary's", More: "Harbour"}, {ID: "s4", Words: "Élan Academy", Also: "a free school"},
		{ID: "s5", Words: "Gull"}}
	for range 12 {
		out = append(out, ui.Suggestion{ID: "n", Words: "Northern school"})
	}
	return out, nil
})

// A filter takes an id, what was chosen, or words that name one record, and keeps the id in every
// address of the list; of anything else nothing is listed, and it is asked which is meant.
func TestPickFilter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, id, problem, href string }{
		{"", "", "", "/x?sort=name"},
		{"school=s3", "s3", "", "/x?school=s3&sort=name"},
		{"school=Gull+Lane+Primary&school-chosen=s1+Gull+Lane+Primary", "s1", "", "/x?school=s1&sort=name"},
		{"school=Gull+Lane+Infants&school-chosen=s1+Gull+Lane+Primary", "s2", "", "/x?school=s2&sort=name"},
		{"school=&school-chosen=s1+Gull+Lane+Primary", "", "", "/x?sort=name"},
		{"school=harbour", "s3", "", "/x?school=s3&sort=name"},
		{"school=st+marys", "s3", "", "/x?school=s3&sort=name"},
		{"school=elan", "s4", "", "/x?school=s4&sort=name"},
		{"school=free", "s4", "", "/x?school=s4&sort=name"},
		{"school=gull", "s5", "", "/x?school=s5&sort=name"},
		{"school=gull+lane", web.Unpicked, "Several schools fit “gull lane”: choose which is meant",
			"/x?school=gull+lane&sort=name"},
		{"school=north", web.Unpicked, "Many schools fit “north”: choose which is meant, or type more",
			"/x?school=north&sort=name"},
		{"school=sea", web.Unpicked, "No school here fits “sea”. Check the spelling, or try another word",
			"/x?school=sea&sort=name"},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		list := ui.ReadList("/x", query, "name")
		id, err := web.PickFilter(t.Context(), &list, "school", schools)
		if err != nil || id != c.id || list.Problem("school") != c.problem || !strings.HasPrefix(sorted(list), c.href) {
			t.Errorf("%s: %q, %q, %s, %v", c.query, id, list.Problem("school"), sorted(list), err)
		}
		if list.Filtered() != (c.id != "") {
			t.Errorf("%s: filtered %v", c.query, list.Filtered())
		}
	}
}

// sorted is the address of a list by name, without its direction.
func sorted(l ui.List) string { return strings.Replace(l.SortHref("name"), "dir=desc&", "", 1) }

// What a list is filtered by stands in the form with a way to take it off, and goes with the form.
func TestPickedFilterIsShown(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(fstest.MapFS{"x.html": {Data: []byte(
		`{{define "main"}}<h1>X</h1><form>{{recordPicker .List "course" "school" "School"}}</form>{{emptyList .List "Add one."}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{
		"school=s3&state=open&page=2&sort=name": {`<input type="hidden" name="school" value="s3">`, "St Mary&#39;s",
			`href="/x?sort=name&amp;state=open"`, `aria-label="Take off the filter School: St Mary&#39;s"`},
		"": {`placeholder="Type part of its title"`, `data-picker="/work/pick?kind=course"`},
		"school=gull+lane": {`type="radio" value="s1 gull lane"`, "choose which is meant",
			"Which one is meant?"},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		list := ui.ReadList("/x", values, "name")
		if _, err := web.PickFilter(t.Context(), &list, "school", schools); err != nil {
			t.Fatal(err)
		}
		html := uitest.Page(t, set, "x", struct {
			ui.Base
			List ui.List
		}{ui.Base{Title: "X"}, list})
		for _, w := range want {
			if !strings.Contains(html, w) {
				t.Errorf("%s lacks %s:\n%s", query, w, html)
			}
		}
		if strings.Contains(html, "look-for") {
			t.Errorf("%s has a button of its own", query)
		}
	}
}
