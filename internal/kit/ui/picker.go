package ui

import "html/template"

// A picker asks for one person among more than a list can hold. Somebody types a
// name or an e-mail address; with JavaScript they choose among suggestions,
// without it the form comes back and asks which of those found is meant. What is
// typed stands in the field of the picker's name; a second field, ChosenField, has
// the id of the person chosen, and the words they were chosen by: when the words
// are changed afterwards, the choice no longer counts.

// Where pickers of people find them, and where somebody new is added.
const (
	findPeople = "/work/people/find"
	addPerson  = "/work/people/new"
)

// ChosenField names the field that has who, or what, was chosen in a picker.
func ChosenField(name string) string { return name + "-chosen" }

// ChosenValue is what stands in a ChosenField: an id, and the words it was chosen by.
func ChosenValue(id, words string) string { return id + " " + words }

// An Offer is what a picker says to words that do not name one person.
type Offer struct {
	Choices []Choice // those found, by their ids
	MayAdd  bool     // nobody was found, and the person may add somebody
}

// Offering is a [Form] that may have to ask which one is meant.
type Offering interface {
	Form
	// Offered gives what is offered at a field, when something is.
	Offered(name string) (Offer, bool)
}

// A Suggestion is a person as a picker suggests them while one types.
type Suggestion struct {
	ID    string `json:"id"`
	Words string `json:"words"` // what then stands in the field
	More  string `json:"more"`  // to tell them from others of their name
}

type pickerView struct {
	field
	Find, Add          string
	ChosenName, Chosen string
	Radios             template.HTML
}

// personPicker asks for a person by name or e-mail address.
func personPicker(f Form, name string, label any, opts ...Option) (template.HTML, error) {
	f = given(f)
	v := pickerView{field: newField(f, name, label, opts), Find: findPeople, ChosenName: ChosenField(name)}
	v.Kind, v.Autocomplete, v.Spellcheck, v.Chosen = "text", "off", "false", f.Value(v.ChosenName)
	if v.Hint == nil {
		v.Hint = "A name or an e-mail address"
	}
	offering, ok := f.(Offering)
	if !ok {
		return render("picker", v)
	}
	offer, ok := offering.Offered(name)
	switch {
	case ok && len(offer.Choices) > 0:
		choices := make([]Choice, len(offer.Choices))
		for i, c := range offer.Choices {
			choices[i] = c
			choices[i].Value = ChosenValue(c.Value, v.Value)
		}
		var err error
		if v.Radios, err = radios(f, v.ChosenName, "Who is meant?", choices, small()); err != nil {
			return "", err
		}
	case ok && offer.MayAdd:
		v.Add = addPerson
	}
	return render("picker", v)
}
