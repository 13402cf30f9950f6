package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var update = flag.Bool("update", false, "write the golden files of this package again")

const fixturesFolder = "../../../assets/node_modules/govuk-frontend/dist/govuk/components"

// leftOut is why a case of GOV.UK's is not one of ours.
type leftOut string

func (why leftOut) Error() string { return string(why) }

// TestConformance renders the cases of GOV.UK Frontend's own fixtures by our
// templates and compares the two as trees of elements. A case that uses an
// option ours do not offer is left out; testdata/conformance.txt lists every
// case, and why.
func TestConformance(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(fixturesFolder); err != nil {
		t.Fatalf("GOV.UK Frontend's fixtures are not installed: run make assets (%v)", err)
	}
	var report strings.Builder
	same := 0
	for _, c := range conformance {
		fmt.Fprintf(&report, "%s\n", c.component)
		for _, f := range readFixtures(t, c.component) {
			got, err := c.render(f.Options)
			var why leftOut
			switch {
			case errors.As(err, &why):
				fmt.Fprintf(&report, "  left out  %s: %s\n", f.Name, why)
				continue
			case err != nil:
				t.Errorf("%s, %s: %v", c.component, f.Name, err)
				continue
			}
			same++
			fmt.Fprintf(&report, "  same      %s\n", f.Name)
			gotTree, wantTree := tree(t, string(got), c.ours), tree(t, f.HTML, nil)
			if gotTree != wantTree {
				t.Errorf("%s, %s:\n--- ours\n%s--- GOV.UK's\n%s", c.component, f.Name, gotTree, wantTree)
			}
		}
	}
	t.Logf("%d cases are the same", same)
	golden(t, "testdata/conformance.txt", report.String())
}

type fixture struct {
	Name    string          `json:"name"`
	Options json.RawMessage `json:"options"`
	HTML    string          `json:"html"`
}

func readFixtures(t *testing.T, component string) []fixture {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(fixturesFolder, component, "fixtures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Fixtures []fixture }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	return file.Fixtures
}

// strictly reads a case's options into a struct of the options ours offer.
func strictly(options json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(options))
	d.DisallowUnknownFields()
	d.UseNumber()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return leftOut("ours has no option " + strings.Trim(name, `"`))
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return leftOut(fmt.Sprintf("in ours %s is never a %s", strings.ToLower(wrongType.Field), wrongType.Value))
	}
	return err
}

// tree writes HTML as indented elements with sorted attributes and classes and
// plain spaces, without what is ours alone.
func tree(t *testing.T, text string, ours func(*html.Node)) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "body",
		DataAtom: atom.Body})
	if err != nil {
		t.Fatal(err)
	}
	root := &html.Node{Type: html.ElementNode, Data: "root"}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	if ours != nil {
		ours(root)
	}
	var b strings.Builder
	for n := range root.ChildNodes() {
		writeTree(&b, n, 0)
	}
	return b.String()
}

func writeTree(b *strings.Builder, n *html.Node, depth int) {
	indent := strings.Repeat("  ", depth)
	if n.Type == html.TextNode {
		if words := strings.Join(strings.Fields(n.Data), " "); words != "" {
			fmt.Fprintf(b, "%s%s\n", indent, words)
		}
		return
	}
	var attrs []string
	for _, a := range n.Attr {
		if a.Key == "class" {
			classes := strings.Fields(a.Val)
			slices.Sort(classes)
			a.Val = strings.Join(classes, " ")
		}
		attrs = append(attrs, fmt.Sprintf(" %s=%q", a.Key, a.Val))
	}
	slices.Sort(attrs)
	fmt.Fprintf(b, "%s<%s%s>\n", indent, n.Data, strings.Join(attrs, ""))
	for child := range n.ChildNodes() {
		writeTree(b, child, depth+1)
	}
}

// golden compares with a file, or writes it when the test is run with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at the difference, and run the test with -update if it is right\n--- got\n%s\n--- "+
			"want\n%s", name, got, want)
	}
}

// Parts of fixtures' options, as GOV.UK writes them.
type (
	fixtureWords struct {
		Text *string `json:"text"`
		HTML *string `json:"html"`
	}
	labelOption struct {
		fixtureWords
		Classes       string `json:"classes"`
		IsPageHeading bool   `json:"isPageHeading"`
	}
	fieldOptions struct {
		ID           string                 `json:"id"`
		Name         string                 `json:"name"`
		Label        labelOption            `json:"label"`
		Hint         *fixtureWords          `json:"hint"`
		ErrorMessage *struct{ Text string } `json:"errorMessage"`
		Classes      string                 `json:"classes"`
		Value        any                    `json:"value"`
		Disabled     bool                   `json:"disabled"`
		Spellcheck   *bool                  `json:"spellcheck"`
		Autocomplete string                 `json:"autocomplete"`
		Attributes   map[string]any         `json:"attributes"`
	}
)

// any is the words as our components take them.
func (w fixtureWords) any() any {
	if w.HTML != nil {
		return template.HTML(*w.HTML)
	}
	if w.Text != nil {
		return *w.Text
	}
	return nil
}

// fixtureForm is a form with one field filled in.
type fixtureForm struct {
	values   map[string][]string
	problems map[string]string
}

func (f fixtureForm) Values(name string) []string { return f.values[name] }
func (f fixtureForm) Problem(name string) string  { return f.problems[name] }
func (f fixtureForm) Problems() []Problem         { return nil }
func (f fixtureForm) Value(name string) string {
	if len(f.values[name]) == 0 {
		return ""
	}
	return f.values[name][0]
}

// given makes our form and options from GOV.UK's.
func (o fieldOptions) given() (fixtureForm, []Option, error) {
	f := fixtureForm{values: map[string][]string{}, problems: map[string]string{}}
	if o.Value != nil {
		f.values[o.Name] = []string{fmt.Sprint(o.Value)}
	}
	if o.ErrorMessage != nil {
		f.problems[o.Name] = o.ErrorMessage.Text
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return f, nil, err
	}
	if o.Hint != nil {
		opts = append(opts, hint(o.Hint.any()))
	}
	if o.Disabled {
		opts = append(opts, disabled())
	}
	if o.Spellcheck != nil {
		opts = append(opts, spellcheck(*o.Spellcheck))
	}
	if o.Autocomplete != "" {
		opts = append(opts, autocomplete(o.Autocomplete))
	}
	more, err := o.Label.given("govuk-label--")
	return f, append(opts, more...), err
}

func (l labelOption) given(sizes string) ([]Option, error) {
	var opts []Option
	if l.IsPageHeading {
		opts = append(opts, heading())
	}
	if l.Classes == "govuk-visually-hidden" {
		return append(opts, hiddenLabel()), nil
	}
	if l.Classes != "" {
		letter, ok := strings.CutPrefix(l.Classes, sizes)
		if !ok {
			return nil, leftOut("our labels have sizes and no other classes")
		}
		opts = append(opts, size(letter))
	}
	return opts, nil
}

func common(classes, givenID string, attributes map[string]any) ([]Option, error) {
	var opts []Option
	if classes != "" {
		opts = append(opts, class(classes))
	}
	if givenID != "" {
		opts = append(opts, id(givenID))
	}
	for name, value := range attributes {
		a, err := attr(name, fmt.Sprint(value))
		if err != nil {
			return nil, err
		}
		opts = append(opts, a)
	}
	return opts, nil
}
