package ui

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// A picker asks for one record, or several, among more than a list can hold: a person, an
// organisation. Somebody types part of a name; with JavaScript they choose among
// suggestions, without it a button beside the field shows the form again, as it was filled
// in, with those found to choose among. What is typed stands in the field of the picker's
// name. A second field, ChosenField, has the id of the one chosen and the words it was
// chosen by: when the words are changed afterwards, the choice no longer counts. Where
// several can be chosen, each is a box that is ticked, PickedField, and what is typed is one
// more to add.

// The kinds of record that pickers choose among, which the address PickPath answers for.
const (
	PickPeople          = "person"
	PickOrganisations   = "organisation"
	PickCourses         = "course"
	PickPriorities      = "priority"
	PickRecommendations = "recommendation"
	PickAuthorities     = "authority"
	PickColleagues      = "colleague" // whom one may book for
	PickEmployers       = "employer"  // the organisations to which one may add people
	PickHelpers         = "helper"    // who can help with an action: "helper:" and its id
	PickDoers           = "doer"      // to whom an action can be handed: "doer:" and its id
)

// PickPath is where pickers find what fits: PickPath?kind=person&q=words.
const PickPath = "/work/pick"

// LookField is the button of a picker without script. Its value is a kind and the name of a
// field: the form it is sent with is shown again, with what was found for the words there.
const LookField = "look-for"

// ChosenField names the field that has who, or what, was chosen in a picker.
func ChosenField(name string) string { return name + "-chosen" }

// PickedField names the field that has each of those chosen where there may be several.
func PickedField(name string) string { return name + "-picked" }

// ChosenValue is what stands in a ChosenField: an id, and the words it was chosen by.
func ChosenValue(id, words string) string { return id + " " + words }

// An Offer is what a picker says to words that do not name one record.
type Offer struct {
	Choices []Choice // those found, by their ids
	More    bool     // there are more of them
	Typed   string   // what was looked for
	Add     string   // where one that is not here is added, for who may; "" for others
}

// Words say what was found.
func (o Offer) Words() string {
	switch {
	case o.Typed == "":
		return "Type part of a name, then look again"
	case len(o.Choices) == 0:
		return "Nothing fits “" + o.Typed + "”"
	case o.More:
		return "More fit “" + o.Typed + "” than are shown: type more of the name, or choose"
	}
	return "What fits “" + o.Typed + "”"
}

// Offering is a [Form] that may have to ask which one is meant.
type Offering interface {
	Form
	// Offered gives what is offered at a field, when something is.
	Offered(name string) (Offer, bool)
	// Kept says of what is chosen at a field why it could not be chosen anew; "" when it could.
	Kept(name string) string
}

// A Suggestion is a record as a picker suggests it while one types.
type Suggestion struct {
	ID    string `json:"id"`
	Words string `json:"words"` // what then stands in the field
	Name  string `json:"name"`  // what is shown, when it is shorter than Words
	More  string `json:"more"`  // to tell it from others of its name
	Also  string `json:"-"`     // what else it is found by
}

// Suggestions are what a picker is answered.
type Suggestions struct {
	Rows []Suggestion `json:"rows"`
	More bool         `json:"more"` // there are more than these
	Add  string       `json:"add"`  // where one that is not here is added; "" for who may not
}

// Offer makes of suggestions what a form offers to words.
func (s Suggestions) Offer(typed string) Offer {
	o := Offer{More: s.More, Typed: typed, Add: s.Add}
	for _, x := range s.Rows {
		text := x.Name
		if text == "" {
			text = x.Words
		}
		o.Choices = append(o.Choices, Choice{Value: ChosenValue(x.ID, x.Words), Text: text, Hint: x.More})
	}
	return o
}

// pickWords are what the picker of each kind says.
var pickWords = map[string]struct{ hint, ask, add string }{
	PickPeople:        {"Type a name or an e-mail address", "Who is meant?", "Somebody who is not here yet"},
	PickOrganisations: {"Type part of its name", "Which is meant?", "One that is not here yet"},

	PickCourses:         {"Type part of its title", "Which is meant?", "One that is not here yet"},
	PickPriorities:      {"Type part of its title or its year", "Which is meant?", "One that is not here yet"},
	PickRecommendations: {"Type words of it, or what it comes from", "Which is meant?", "One that is not here yet"},
	PickAuthorities:     {"Type part of its name, or its code", "Which is meant?", ""},
	PickColleagues:      {"Type part of their name", "Who is meant?", ""},
	PickEmployers:       {"Type part of its name", "Which is meant?", "One that is not here yet"},
	PickHelpers:         {"Type part of their name", "Who is meant?", ""},
	PickDoers:           {"Type part of their name", "Who is meant?", ""},
}

type pickerView struct {
	field
	PickedName         string
	ChosenName, Chosen string
	Find, Look         string
	AddWords, Add      string
	Found, Kept        string
	Several            bool
	Radios             template.HTML
	Picked             []choiceView
	Filter             bool   // it stands in the filters of a list, which need no button of its own
	By, Without        string // what a list is filtered by, and its address without that
}

// recordPicker asks for a record of any of the kinds.
func recordPicker(f Form, kind, name string, label any, opts ...Option) (template.HTML, error) {
	return picker(f, kind, name, label, opts)
}

func personPicker(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	return picker(f, PickPeople, name, label, opts)
}

func organisationPicker(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	return picker(f, PickOrganisations, name, label, opts)
}

// kindOf gives the kind of "colleague:ID", which is looked for beside another record.
func kindOf(kind string) string {
	kind, _, _ = strings.Cut(kind, ":")
	return kind
}

// picker asks for one record of a kind; for several with the option several. In the filters of
// a [List] it shows what the list is filtered by, with a way to take that off.
func picker(f Form, kind, name string, label any, opts []Option) (template.HTML, error) {
	f = given(f)
	words := pickWords[kindOf(kind)]
	v := pickerView{field: newField(f, name, label, opts), Find: PickPath + "?kind=" + kind, Look: kind + " " + name,
		ChosenName: ChosenField(name), PickedName: PickedField(name), AddWords: words.add}
	v.Kind, v.Autocomplete, v.Spellcheck, v.Chosen = "text", "off", "false", f.Value(v.ChosenName)
	v.Several = v.options.Several
	if list, ok := f.(List); ok {
		v.Filter = true
		if by, ok := list.Picked(name); ok {
			v.By, v.Value, v.Without = by, f.Value(name), list.Without(name)
			return render("picker-filter", v)
		}
		v.attrs = append(v.attrs, `placeholder="`+template.HTMLEscapeString(words.hint)+`"`)
	} else if v.Hint == nil {
		v.Hint = words.hint
	}
	if v.Several {
		if w, ok := f.(Watched); ok {
			theirs, differs := w.Theirs(v.PickedName)
			v.Theirs, v.TheirsShown = strings.Join(chosenWords(theirs), ", "), differs
		}
		for i, value := range f.Values(v.PickedName) {
			_, text, _ := strings.Cut(value, " ")
			v.Picked = append(v.Picked, choiceView{ID: v.ID + "-picked-" + strconv.Itoa(i), Picked: true,
				Choice: Choice{Value: value, Text: text}})
		}
	}
	offering, ok := f.(Offering)
	if !ok {
		return render("picker", v)
	}
	v.Kept = offering.Kept(name)
	offer, ok := offering.Offered(name)
	if !ok {
		return render("picker", v)
	}
	v.Found = offer.Words()
	if !v.Filter {
		v.Add = offer.Add
	}
	if v.Error != "" {
		v.Found = "" // the problem says it
	}
	if len(offer.Choices) == 0 {
		return render("picker", v)
	}
	choices := slices.DeleteFunc(slices.Clone(offer.Choices), func(c Choice) bool {
		return v.Several && slices.Contains(f.Values(v.PickedName), c.Value)
	})
	var err error
	if v.Several && len(choices) == 0 {
		v.Found = "It is chosen already"
		return render("picker", v)
	}
	if v.Several {
		v.Radios, err = checkboxes(f, v.PickedName, words.ask, choices, small(), id(v.ID+"-found"))
		return rendered("picker", v, err)
	}
	// Chosen by the words that stand in the field, so that changing them takes the choice back.
	choices = make([]Choice, len(offer.Choices))
	for i, c := range offer.Choices {
		choices[i] = c
		chosen, _, _ := strings.Cut(c.Value, " ")
		choices[i].Value = ChosenValue(chosen, v.Value)
	}
	v.Radios, err = radios(f, v.ChosenName, words.ask, choices, small())
	return rendered("picker", v, err)
}

func rendered(name string, v any, err error) (template.HTML, error) {
	if err != nil {
		return "", err
	}
	return render(name, v)
}

// chosenWords gives the words of chosen values.
func chosenWords(values []string) []string {
	var out []string
	for _, x := range values {
		_, words, _ := strings.Cut(x, " ")
		out = append(out, words)
	}
	return out
}
