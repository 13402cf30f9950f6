package ui

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
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
			n.Attr[i].Val = strings.Join(slices.DeleteFunc(strings.Fields(a.Val), func(c string) bool { return strings.HasPrefix(c, "tag-") }), " ")
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
	known := map[string]Option{"govuk-button--secondary": secondary(), "govuk-button--warning": warning(), "govuk-button--inverse": inverse()}
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

func characterCountCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Rows, MaxLength int
		CountType       string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.MaxLength == 0 {
		return "", leftOut("ours always has a limit")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	switch o.CountType {
	case "":
		opts = append(opts, maxLength(o.MaxLength))
	case "words":
		opts = append(opts, maxWords(o.MaxLength))
	default:
		return "", leftOut("ours counts characters without saying so, or words")
	}
	if o.Rows > 0 {
		opts = append(opts, rows(o.Rows))
	}
	return textarea(f, o.Name, o.Label.any(), opts...)
}

func textareaCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Rows int
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	if o.Rows > 0 {
		opts = append(opts, rows(o.Rows))
	}
	return textarea(f, o.Name, o.Label.any(), opts...)
}

func inputCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Type, InputMode string
		Prefix, Suffix  *struct{ Text string }
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	opts = append(opts, kind(o.Type), inputmode(o.InputMode))
	if o.Prefix != nil {
		opts = append(opts, prefix(o.Prefix.Text))
	}
	if o.Suffix != nil {
		opts = append(opts, suffix(o.Suffix.Text))
	}
	return input(f, o.Name, o.Label.any(), opts...)
}

func passwordCase(options json.RawMessage) (template.HTML, error) {
	var o fieldOptions
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Value != nil {
		return "", leftOut("ours never sends a password back")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	return passwordInput(f, o.Name, o.Label.any(), opts...)
}

func fileUploadCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Multiple, Javascript bool
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Javascript {
		return "", leftOut("ours is the browser's own file field")
	}
	if o.Value != nil {
		return "", leftOut("a browser gives a file field no value")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	if o.Multiple {
		opts = append(opts, multiple())
	}
	return fileUpload(f, o.Name, o.Label.any(), opts...)
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

func detailsCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fixtureWords
		ID, Classes, SummaryText string
		SummaryHTML              *string
		Open                     bool
		Attributes               map[string]any
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	if o.Open {
		opts = append(opts, opened())
	}
	if o.SummaryHTML != nil {
		return details(template.HTML(*o.SummaryHTML), o.any(), opts...)
	}
	return details(o.SummaryText, o.any(), opts...)
}

type blockCase struct {
	fixtureWords
	ID, Classes string
	Attributes  map[string]any
}

func insetCase(options json.RawMessage) (template.HTML, error) {
	var o blockCase
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	return inset(o.any(), opts...)
}

func warningTextCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		blockCase
		IconFallbackText string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.IconFallbackText != "" && o.IconFallbackText != "Warning" {
		return "", leftOut("ours always says Warning")
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	return warningText(o.any(), opts...)
}

func panelCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		blockCase
		TitleText string
		TitleHTML *string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if strings.Contains(o.Classes, "interruption") {
		return "", leftOut("ours confirms, and does not interrupt")
	}
	opts, err := common(o.Classes, "", o.Attributes)
	if err != nil {
		return "", err
	}
	if o.TitleHTML != nil {
		return panel(template.HTML(*o.TitleHTML), o.any(), opts...)
	}
	return panel(o.TitleText, o.any(), opts...)
}

func paginationCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Previous, Next struct{ Href string }
		LandmarkLabel  string
		Items          []struct {
			Number            any
			Href              string
			Current, Ellipsis bool
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if len(o.Items) == 0 {
		return "", leftOut("ours always lists the pages")
	}
	v := paginationView{Label: "Pagination", Previous: o.Previous.Href, Next: o.Next.Href}
	if o.LandmarkLabel != "" {
		v.Label = o.LandmarkLabel
	}
	for _, item := range o.Items {
		n, err := strconv.Atoi(fmt.Sprint(item.Number))
		if err != nil && !item.Ellipsis {
			return "", leftOut("our pages are numbers")
		}
		v.Pages = append(v.Pages, pageLink{Number: n, Href: item.Href, Current: item.Current, Gap: item.Ellipsis})
	}
	return render("pagination", v)
}

func skipLinkCase(options json.RawMessage) (template.HTML, error) {
	var o struct{ Text, Href string }
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Href != "" && o.Href != "#content" {
		return "", leftOut("ours leads to #content, which every page has")
	}
	return render("skip-link", o.Text)
}

func summaryListCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Classes    string
		Attributes map[string]any
		Rows       []struct {
			Key     struct{ Text string }
			Value   fixtureWords
			Actions struct {
				Items []struct{ Text, Href, VisuallyHiddenText string }
			}
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	var list []Row
	for _, r := range o.Rows {
		row := Row{Key: r.Key.Text, Value: r.Value.any()}
		if r.Key.Text == "" {
			return "", leftOut("our rows have a key")
		}
		if len(r.Actions.Items) > 1 {
			return "", leftOut("our rows have one act")
		}
		for _, a := range r.Actions.Items {
			if a.Text == "" {
				return "", leftOut("our acts have words")
			}
			row.Act, row.Href, row.About = a.Text, a.Href, a.VisuallyHiddenText
		}
		list = append(list, row)
	}
	opts, err := common(o.Classes, "", o.Attributes)
	if err != nil {
		return "", err
	}
	return summaryList(list, opts...)
}

func tabsCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		ID, Title, IDPrefix string
		Items               []struct {
			ID, Label string
			Panel     fixtureWords
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Title == "" {
		o.Title = "Contents"
	}
	if len(o.Items) == 0 {
		return "", leftOut("ours has tabs")
	}
	var list []Tab
	for i, item := range o.Items {
		if item.Label == "" {
			return "", leftOut("our tabs have labels")
		}
		if item.ID == "" {
			item.ID = fmt.Sprintf("%s-%d", o.IDPrefix, i+1)
		}
		body, ok := item.Panel.any().(template.HTML)
		if !ok {
			body = template.HTML(fmt.Sprintf(`<p class="govuk-body">%s</p>`, template.HTMLEscapeString(fmt.Sprint(item.Panel.any()))))
		}
		list = append(list, Tab{ID: item.ID, Label: item.Label, Body: body})
	}
	return tabs(o.ID, o.Title, list)
}

func taskListCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		IDPrefix string
		Items    []struct {
			Title  struct{ Text string }
			Href   string
			Hint   struct{ Text string }
			Status struct {
				Text string
				Tag  struct{ Text, Classes string }
			}
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.IDPrefix == "" {
		o.IDPrefix = "task-list"
	}
	var list []Task
	for _, item := range o.Items {
		task := Task{Title: item.Title.Text, Href: item.Href, Hint: item.Hint.Text, Status: item.Status.Text}
		if item.Title.Text == "" {
			return "", leftOut("our tasks have titles")
		}
		if t := item.Status.Tag; t.Text != "" {
			task.Status = t.Text
			for _, name := range []string{"good", "watch", "bad", "quiet"} {
				if t.Classes != "" && strings.HasPrefix(tones[name].class, t.Classes+" ") {
					task.Tone = name
				}
			}
			if task.Tone == "" {
				return "", leftOut("our tags have the tones good, watch, bad and quiet")
			}
		}
		list = append(list, task)
	}
	return taskList(o.IDPrefix, list)
}
