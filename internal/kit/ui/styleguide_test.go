package ui

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
)

func TestStyleGuideFitsItsPage(t *testing.T) {
	t.Parallel()
	set, err := styleGuideSet()
	if err != nil {
		t.Fatal(err)
	}
	page, err := set.Template("styleguide")
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTML(page, newStyleGuidePage(Base{})); err != nil {
		t.Error(err)
	}
}

// TestStyleGuideIsNoError: it shows a problem, and has none.
func TestStyleGuideIsNoError(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := StyleGuide(&b, Base{SiteName: "Tidewell"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>Style guide – Tidewell</title>",
		`<a href="#lists" aria-current="page">Sessions</a>`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the style guide lacks %s", want)
		}
	}
	if alone, err := subnav("Training", []NavItem{{Text: "Sessions", Href: "/"}}); err != nil || alone != "" {
		t.Errorf("one page alone has a navigation: %q, %v", alone, err)
	}
}

// TestEveryFunctionIsKnown keeps the guide for those who write pages whole: a
// function that README.md does not name is one that nobody finds.
func TestEveryFunctionIsKnown(t *testing.T) {
	t.Parallel()
	guide := readGuide(t)
	for name := range Funcs() {
		if inLayoutsOnly[name] {
			continue
		}
		if !namedIn(guide, name) {
			t.Errorf("README.md does not say what %s does", name)
		}
	}
}

// inLayoutsOnly are functions that pages have no need of.
var inLayoutsOnly = map[string]bool{"asset": true, "flash": true, "skipLink": true}

func readGuide(t *testing.T) string {
	t.Helper()
	guide, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(guide)
}

func namedIn(guide, name string) bool {
	return regexp.MustCompile("[`({ ]" + name + "[`)} ]").MatchString(guide)
}
