package ui

import (
	"html/template"
	"reflect"
	"strings"

	"kith/internal/kit/ids"
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

// Taken is the error of something that can be there only once, such as a
// reference: what is wrong, and at which field. A room declares one as a value,
// so that errors.Is finds it.
type Taken struct{ Field, Text string }

func (e *Taken) Error() string { return e.Text }

// Watched is a [Form] of a record that two people may change at once.
type Watched interface {
	Form
	// Mark is what was seen of the record when its form was opened.
	Mark() string
	// ChangedWords says who changed the record meanwhile, or "".
	ChangedWords() string
	// ChangedByReader says that it was the reader, in another window.
	ChangedByReader() bool
	// Theirs gives what the other person saved in a field, when it differs.
	Theirs(name string) (values []string, differs bool)
}

// Marked is a [Form] that knows the mark of its showing, by which it is kept only once.
type Marked interface {
	// Once is the mark that came back with the form; "" for one that is shown first.
	Once() string
}

// FormPage is a page with one form; pages that need more embed it.
type FormPage struct {
	Base
	Form   Form
	Cancel string // where to go without saving
}

// WordChoices makes choices of the values of a kind that has words for each.
func WordChoices[T interface {
	~string
	Words() string
}](all []T) []Choice {
	return ChoicesOf(all, func(v T) (string, string) { return string(v), v.Words() })
}

// ChoicesOf makes choices of anything that has a value and words.
func ChoicesOf[T any](all []T, of func(T) (value, text string)) []Choice {
	out := make([]Choice, 0, len(all))
	for _, v := range all {
		value, text := of(v)
		out = append(out, Choice{Value: value, Text: text})
	}
	return out
}

// TextChoices makes choices of values that are their own words.
func TextChoices(all []string) []Choice {
	return ChoicesOf(all, func(s string) (string, string) { return s, s })
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

// errorSummary lists every problem, each a link to its field, and says when
// somebody else changed the record meanwhile; nothing when there is neither.
func errorSummary(f Form) (template.HTML, error) {
	f = given(f)
	if w, ok := f.(Watched); ok && w.ChangedWords() != "" {
		v := changedView{Words: w.ChangedWords(), Yours: w.ChangedByReader(), Problems: f.Problems()}
		return render("changed-summary", v)
	}
	if len(f.Problems()) == 0 {
		return "", nil
	}
	return render("error-summary", errorSummaryView{Title: "There is a problem", Problems: f.Problems()})
}

type errorSummaryView struct {
	Title    string
	Problems []Problem
}

type changedView struct {
	Words    string
	Yours    bool
	Problems []Problem
}

// formFoot ends a form: its one main button, Cancel as a link, and, unseen, what
// the person saw of the record when they opened it and the mark of this showing.
func formFoot(f Form, act, cancel string, opts ...Option) (template.HTML, error) {
	v := formFootView{options: gather(opts), Act: act, Cancel: cancel}
	if w, ok := given(f).(Watched); ok {
		v.Mark = w.Mark()
	}
	v.Once = onceOf(f)
	b, err := button(act, opts...)
	if err != nil {
		return "", err
	}
	v.Button = b
	return render("form-foot", v)
}

// onceOf gives the mark of this showing of a form: the form's own, which one that comes
// back keeps, or a new one.
func onceOf(f Form) string {
	if o, ok := given(f).(Marked); ok && o.Once() != "" {
		return o.Once()
	}
	return ids.New()
}

// onceMark writes the mark of a form that adds something and has no formFoot.
func onceMark(f Form) (template.HTML, error) { return render("once-mark", onceOf(f)) }

type formFootView struct {
	options
	Act, Cancel, Mark, Once string
	Button                  template.HTML
}
