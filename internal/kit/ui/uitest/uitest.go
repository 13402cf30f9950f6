// Package uitest checks pages the way every room should: the template fits its
// struct, the page renders, and its HTML is sound.
//
// The checks on HTML are those that never depend on the page: one h1, headings
// that do not skip a level, every field labelled, every id once and every
// reference to an id answered, tables with a caption and scopes, no inline
// style or script. A real browser checks the rest.
package uitest

import (
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"kith/internal/kit/ui"
)

// Page type checks a page's template against a page struct, renders it and
// checks the HTML, which it returns.
func Page(t testing.TB, set *ui.Set, name string, page any) string {
	t.Helper()
	template, err := set.Template(name)
	if err != nil {
		t.Fatal(err)
	}
	if template == nil {
		t.Fatalf("there is no page %q; there are %s", name, strings.Join(set.Names(), ", "))
	}
	if err := templatecheck.CheckHTML(template, page); err != nil {
		t.Errorf("page %s does not fit %T: %v", name, page, err)
	}
	var b strings.Builder
	if err := set.Render(&b, name, page); err != nil {
		t.Fatal(err)
	}
	HTML(t, name, b.String())
	return b.String()
}

// HTML checks one whole page of HTML.
func HTML(t testing.TB, name, page string) {
	t.Helper()
	for _, fault := range Faults(page) {
		t.Errorf("%s: %s", name, fault)
	}
}
