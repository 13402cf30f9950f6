package ui

import (
	"html/template"
	"reflect"
	"strings"
)

// Form is what a field needs to know of the form it stands in: what the person
// entered and what is wrong with it. A nil Form is an empty one.
type Form interface {
	// Value is the first value entered for a field.
	Value(name string) string
	// Values are all values of a field that takes several.
	Values(name string) []string
	// Problem is what is wrong with a field, in plain words, or "".
	Problem(name string) string
	// Problems are all of them, in the order of the fields.
	Problems() []Problem
}

// Problem is one thing wrong with what a person entered.
type Problem struct {
	Field string // the field's name; a link in the error summary leads there
	Text  string // what to do about it: "Enter the course's title"
}

// Invalid is the error of something that was to be kept and cannot be as it is:
// all that is wrong with it at once, for the form that is shown again.
type Invalid struct{ Problems []Problem }

func (e *Invalid) Error() string {
	words := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		words[i] = p.Text
	}
	return strings.Join(words, "; ")
}

// Choice is one thing to choose among radios, checkboxes or a select.
type Choice struct {
	Value     string
	Text      string
	Hint      string
	Group     string // select only: neighbours with the same group stand under one heading
	Divider   string // radios and checkboxes: a word such as "or" before this choice
	Exclusive bool   // checkboxes: "None of these" unticks the others
	Disabled  bool
}

// Choices makes choices from pairs of value and text.
func Choices(pairs ...string) []Choice {
	choices := make([]Choice, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		choices = append(choices, Choice{Value: pairs[i], Text: pairs[i+1]})
	}
	return choices
}

type emptyForm struct{}

func (emptyForm) Value(string) string    { return "" }
func (emptyForm) Values(string) []string { return nil }
func (emptyForm) Problem(string) string  { return "" }
func (emptyForm) Problems() []Problem    { return nil }

// given turns a nil form, or a nil pointer inside a form, into an empty one:
// a page that is opened for the first time has no form yet.
func given(f Form) Form {
	if f == nil {
		return emptyForm{}
	}
	if v := reflect.ValueOf(f); v.Kind() == reflect.Pointer && v.IsNil() {
		return emptyForm{}
	}
	return f
}

// errorSummary lists every problem, each a link to its field; nothing when
// there is none.
func errorSummary(f Form) (template.HTML, error) {
	problems := given(f).Problems()
	if len(problems) == 0 {
		return "", nil
	}
	return render("error-summary", errorSummaryView{Title: "There is a problem", Problems: problems})
}

type errorSummaryView struct {
	Title    string
	Problems []Problem
}
