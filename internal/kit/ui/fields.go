package ui

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
)

// field is what the templates of all fields see.
type field struct {
	options
	Name  string
	ID    string
	Label any
	Error string
	Value string
	// Theirs is what somebody else saved in the field meanwhile, in words; it is
	// shown when it differs from what stands here.
	Theirs      string
	TheirsShown bool
	TheirsYours bool // it was the reader who saved it, in another window
	// before is described first, as GOV.UK orders them
	before string
}

func newField(f Form, name string, label any, opts []Option) field {
	f = given(f)
	v := field{options: gather(opts), Name: name, ID: name, Label: label}
	if v.GivenID != "" {
		v.ID = v.GivenID
	}
	v.Error = f.Problem(name)
	v.Value = f.Value(name)
	if w, ok := f.(Watched); ok {
		var theirs []string
		theirs, v.TheirsShown = w.Theirs(name)
		v.TheirsYours = w.ChangedByReader()
		v.Theirs = strings.Join(theirs, ", ")
	}
	if v.Value == "" && len(f.Values(name)) == 0 {
		v.Value = v.Fallback
	}
	return v
}

// DescribedBy lists the ids of the words that explain the field.
func (v field) DescribedBy() string {
	var ids []string
	if v.before != "" {
		ids = append(ids, v.before)
	}
	if v.Hint != nil {
		ids = append(ids, v.ID+"-hint")
	}
	if v.Error != "" {
		ids = append(ids, v.ID+"-error")
	}
	if v.TheirsShown {
		ids = append(ids, v.ID+"-theirs")
	}
	return strings.Join(ids, " ")
}

// LabelClass and LegendClass carry the label's size.
func (v field) LabelClass() string { return v.labelled("govuk-label") }

// LegendClass is LabelClass for the legend of a group.
func (v field) LegendClass() string { return v.labelled("govuk-fieldset__legend") }

func (v field) labelled(block string) string {
	names := block
	if v.Size != "" {
		names += " " + block + "--" + v.Size
	}
	if v.HiddenLabel {
		names += " govuk-visually-hidden"
	}
	return names
}

// Affixed says whether the input stands between a prefix and a suffix.
func (v field) Affixed() bool { return v.Prefix != "" || v.Suffix != "" }

func input(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	v := newField(f, name, label, opts)
	if v.Kind == "" {
		v.Kind = "text"
	}
	return render("input", v)
}

func passwordInput(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	v := newField(f, name, label, opts)
	v.Value = "" // a password is never sent back to the page
	if v.Autocomplete == "" {
		v.Autocomplete = "current-password"
	}
	return render("password-input", v)
}

func textarea(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	v := newField(f, name, label, opts)
	if v.Lines == 0 {
		v.Lines = 5
	}
	if v.MaxLength == 0 && v.MaxWords == 0 {
		return render("textarea", v)
	}
	v.before = v.ID + "-info"
	return render("character-count", v)
}

// Limit says the most a counted textarea takes.
func (v field) Limit() string {
	if v.MaxWords > 0 {
		return fmt.Sprintf("You can enter up to %d words", v.MaxWords)
	}
	return fmt.Sprintf("You can enter up to %d characters", v.MaxLength)
}

func fileUpload(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	return render("file-upload", newField(f, name, label, opts))
}

// dateField is a date in one box: for filters, and for dates copied from
// somewhere else. The browser's own date picker helps where there is one.
func dateField(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	v := newField(f, name, label, opts)
	v.Kind = "date"
	v.classes = append(v.classes, "input-date")
	return render("input", v)
}

// choiceView is one radio, checkbox or option as its template sees it.
type choiceView struct {
	Choice
	ID     string
	Picked bool
	Reveal template.HTML
}

// DescribedBy names the choice's own hint.
func (c choiceView) DescribedBy() string {
	if c.Hint == "" {
		return ""
	}
	return c.ID + "-item-hint"
}

type choicesView struct {
	field
	Choices []choiceView
	Groups  []choiceGroup
}

// BoxDescribedBy is what explains one checkbox: its own hint, and the field's
// words too when no fieldset carries them.
func (v choicesView) BoxDescribedBy(c choiceView) string {
	if v.Label != nil {
		return c.DescribedBy()
	}
	return strings.TrimSpace(v.DescribedBy() + " " + c.DescribedBy())
}

type choiceGroup struct {
	Name    string
	Choices []choiceView
}

func newChoices(f Form, name string, label any, choices []Choice, opts []Option) choicesView {
	v := choicesView{field: newField(f, name, label, opts)}
	if w, ok := given(f).(Watched); ok && v.TheirsShown {
		theirs, _ := w.Theirs(name)
		v.Theirs = choiceWords(choices, theirs)
	}
	picked := given(f).Values(name)
	if len(picked) == 0 && v.Value != "" {
		picked = []string{v.Value}
	}
	place := 0 // a divider takes a number too, as in GOV.UK's own ids
	for _, c := range choices {
		if c.Divider != "" {
			place++
		}
		place++
		item := choiceView{Choice: c, ID: v.ID, Picked: slices.Contains(picked, c.Value), Reveal: v.revealFor(c.Value)}
		if place > 1 {
			item.ID = fmt.Sprintf("%s-%d", v.ID, place)
		}
		v.Choices = append(v.Choices, item)
		if last := len(v.Groups) - 1; last >= 0 && v.Groups[last].Name == c.Group {
			v.Groups[last].Choices = append(v.Groups[last].Choices, item)
			continue
		}
		v.Groups = append(v.Groups, choiceGroup{Name: c.Group, Choices: []choiceView{item}})
	}
	return v
}

// choiceWords gives the words of chosen values.
func choiceWords(choices []Choice, values []string) string {
	var out []string
	for _, x := range values {
		i := slices.IndexFunc(choices, func(c Choice) bool { return c.Value == x })
		switch {
		case i >= 0:
			out = append(out, choices[i].Text)
		case x != "":
			out = append(out, x)
		}
	}
	return strings.Join(out, ", ")
}

func radios(f Form, name string, legend any, choices []Choice, opts ...Option) (template.HTML, error) {
	return render("radios", newChoices(f, name, legend, choices, opts))
}

func checkboxes(f Form, name string, legend any, choices []Choice, opts ...Option) (template.HTML, error) {
	return render("checkboxes", newChoices(f, name, legend, withKept(f, name, choices), opts))
}

// anID finds what only the program reads: the id of a record.
var anID = regexp.MustCompile(`[0-9a-z]{20,}`)

// withKept adds to the choices of a record's form those that it has and that are not offered
// any more, so that saving the form does not drop what it did not show.
func withKept(f Form, name string, choices []Choice) []Choice {
	if _, ok := f.(Watched); !ok || given(f).Problem(name) != "" {
		return choices
	}
	for _, v := range given(f).Values(name) {
		if v == "" || slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == v }) {
			continue
		}
		text := v + " (not offered any more)"
		if anID.MatchString(v) {
			text = "As it was: not offered any more"
		}
		choices = append(slices.Clip(choices), Choice{Value: v, Text: text})
	}
	return choices
}

// checkbox is a single box to tick; its value is "yes".
func checkbox(f Form, name string, label string, opts ...Option) (template.HTML, error) {
	v := newChoices(f, name, nil, []Choice{{Value: "yes", Text: label}}, opts)
	if words, ok := v.Hint.(string); ok {
		v.Choices[0].Hint, v.Hint = words, nil
	}
	return render("checkboxes", v)
}

// searchedFrom is how many choices a select has when typing finds one sooner than
// looking does: the browser then offers to search in it.
const searchedFrom = 25

func selectBox(f Form, name string, label any, choices []Choice, opts ...Option) (template.HTML, error) {
	v := newChoices(f, name, label, withKept(f, name, choices), opts)
	if len(choices) >= searchedFrom {
		v.attrs = append(v.attrs, "data-searched")
	}
	return render("select", v)
}

// datePart is one of the three boxes of a date.
type datePart struct {
	Name, ID, Label, Value string
	Width                  int
	Wrong                  bool
}

type dateView struct {
	field
	Parts []datePart
}

// dateInput asks for a day, a month and a year in three boxes, named after the
// field: held_on-day, held_on-month and held_on-year.
func dateInput(f Form, name string, legend any, opts ...Option) (template.HTML, error) {
	f = given(f)
	v := dateView{field: newField(f, name, legend, opts)}
	partial := false
	for i, label := range []string{"Day", "Month", "Year"} {
		part := strings.ToLower(label)
		p := datePart{Name: name + "-" + part, ID: v.ID + "-" + part, Label: label, Width: 2}
		if i == 2 {
			p.Width = 4
		}
		p.Value = f.Value(p.Name)
		problem := f.Problem(p.Name)
		p.Wrong = problem != ""
		partial = partial || p.Wrong
		if v.Error == "" {
			v.Error = problem
		}
		v.Parts = append(v.Parts, p)
		if w, ok := f.(Watched); ok {
			theirs, differs := w.Theirs(p.Name)
			v.TheirsShown = v.TheirsShown || differs
			v.Theirs = strings.TrimSpace(v.Theirs + " " + strings.Join(theirs, " "))
		}
	}
	for i := range v.Parts { // a problem with no part named is one with the whole date
		v.Parts[i].Wrong = v.Parts[i].Wrong || (v.Error != "" && !partial)
	}
	return render("date-input", v)
}
