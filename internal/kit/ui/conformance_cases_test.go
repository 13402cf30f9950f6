package ui

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// conformance says, for each component, how a case's options are put to ours,
// and takes away what is ours alone.
var conformance = []struct {
	component string
	render    func(json.RawMessage) (template.HTML, error)
	ours      func(*html.Node)
}{
	{"back-link", backLinkCase, nil},
	{"breadcrumbs", breadcrumbsCase, nil},
	{"button", buttonCase, nil},
	{"character-count", characterCountCase, nil},
	{"checkboxes", checkboxesCase, nil},
	{"date-input", dateInputCase, withoutPrefix},
	{"details", detailsCase, nil},
	{"error-summary", errorSummaryCase, nil},
	{"file-upload", fileUploadCase, nil},
	{"input", inputCase, nil},
	{"inset-text", insetCase, nil},
	{"notification-banner", bannerCase, nil},
	{"pagination", paginationCase, nil},
	{"panel", panelCase, nil},
	{"password-input", passwordCase, nil},
	{"radios", radiosCase, nil},
	{"select", selectCase, nil},
	{"skip-link", skipLinkCase, nil},
	{"summary-list", summaryListCase, nil},
	{"tabs", tabsCase, nil},
	{"tag", tagCase, withoutShape},
	{"task-list", taskListCase, withoutShape},
	{"textarea", textareaCase, nil},
	{"warning-text", warningTextCase, nil},
}

// withoutShape takes from a tag its shape and the class of its tone.
func withoutShape(root *html.Node) {
	var shapes []*html.Node
	for n := range root.Descendants() {
		for i, a := range n.Attr {
			if a.Key != "class" {
				continue
			}
			if a.Val == "tag-shape" {
				shapes = append(shapes, n)
			}
			n.Attr[i].Val = strings.Join(slices.DeleteFunc(strings.Fields(a.Val),
				func(c string) bool { return strings.HasPrefix(c, "tag-") }), " ")
		}
	}
	for _, n := range shapes {
		n.Parent.RemoveChild(n)
	}
}

// dateName is a field's name where GOV.UK's case has none: ours always has.
const dateName = "ours"

func withoutPrefix(root *html.Node) {
	for n := range root.Descendants() {
		for i, a := range n.Attr {
			if a.Key == "name" {
				n.Attr[i].Val = strings.TrimPrefix(a.Val, dateName+"-")
			}
		}
	}
}

func backLinkCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Text, Href, Classes string
		Attributes          map[string]any
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Href == "" {
		o.Href = "#"
	}
	opts, err := common(o.Classes, "", o.Attributes)
	if err != nil {
		return "", err
	}
	return backLink(o.Href, o.Text, opts...)
}

func breadcrumbsCase(options json.RawMessage) (template.HTML, error) {
	var o struct{ Items []NavItem }
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	return breadcrumbs(o.Items)
}

func buttonCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fixtureWords
		Href, Name, Value, Type, Classes, ID string
		Disabled, IsStartButton              bool
		PreventDoubleClick                   *bool
		Attributes                           map[string]any
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Type != "" && o.Type != "submit" {
		return "", leftOut("ours is always a submit button")
	}
	if o.HTML != nil && o.IsStartButton {
		return "", leftOut("our start button takes text")
	}
	if o.PreventDoubleClick != nil && !*o.PreventDoubleClick {
		return "", leftOut("ours says it or leaves it out")
	}
	var rest []string
	var opts []Option
	known := map[string]Option{"govuk-button--secondary": secondary(), "govuk-button--warning": warning(),
		"govuk-button--inverse": inverse()}
	for _, c := range strings.Fields(o.Classes) {
		if known[c] != nil {
			opts = append(opts, known[c])
			continue
		}
		rest = append(rest, c)
	}
	more, err := common(strings.Join(rest, " "), o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	opts = append(opts, more...)
	if o.Disabled {
		opts = append(opts, disabled())
	}
	if o.IsStartButton {
		opts = append(opts, start())
	}
	if o.PreventDoubleClick != nil {
		opts = append(opts, oneClick())
	}
	if o.Href != "" {
		return linkButton(o.any(), o.Href, opts...)
	}
	return button(o.any(), append(opts, named(o.Name, o.Value))...)
}

func errorSummaryCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		TitleText string
		ErrorList []struct{ Text, Href string }
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.TitleText != "" && o.TitleText != "There is a problem" {
		return "", leftOut("our title is always There is a problem")
	}
	if len(o.ErrorList) == 0 {
		return "", leftOut("ours is not shown without problems")
	}
	var problems problemsOnly
	for _, e := range o.ErrorList {
		problems = append(problems, Problem{strings.TrimPrefix(e.Href, "#"), e.Text})
	}
	return errorSummary(problems)
}

type problemsOnly []Problem

func (problemsOnly) Value(string) string    { return "" }
func (problemsOnly) Values(string) []string { return nil }
func (problemsOnly) Problem(string) string  { return "" }
func (p problemsOnly) Problems() []Problem  { return p }

func tagCase(options json.RawMessage) (template.HTML, error) {
	var o struct{ Text, Classes string }
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	for _, name := range []string{"good", "watch", "bad", "quiet"} {
		if strings.HasPrefix(tones[name].class, o.Classes+" ") {
			return tag(name, o.Text)
		}
	}
	return "", leftOut("ours has the tones good, watch, bad and quiet")
}

func bannerCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Text          *string
		Type, TitleID string
		Classes       string
		Attributes    map[string]any
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Text == nil {
		return "", leftOut("ours takes one line of text")
	}
	kind := FlashNote
	if o.Type == "success" {
		kind = FlashDone
	}
	opts, err := common(o.Classes, o.TitleID, o.Attributes)
	if err != nil {
		return "", err
	}
	return banner(kind, *o.Text, opts...)
}
