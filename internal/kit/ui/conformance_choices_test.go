package ui

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
)

// choiceItem is a radio, a checkbox or a select's option, as GOV.UK writes it.
type choiceItem struct {
	Value       any
	Text        string
	Hint        struct{ Text string }
	Checked     *bool
	Selected    *bool
	Disabled    bool
	Divider     string
	Behaviour   string
	Conditional *struct{ HTML string }
}

type choicesCase struct {
	Name         string
	IDPrefix     string
	ID           string
	Label        labelOption
	Hint         *fixtureWords
	ErrorMessage *struct{ Text string }
	Classes      string
	Attributes   map[string]any
	Disabled     bool
	Value        any
	Values       []any
	Fieldset     *struct{ Legend labelOption }
	Items        []choiceItem
}

// read puts a case's choices to ours: what is picked goes into the form, and a
// divider onto the choice after it.
func (o *choicesCase) read(options json.RawMessage) (fixtureForm, []Choice, []Option, error) {
	if err := strictly(options, o); err != nil {
		return fixtureForm{}, nil, nil, err
	}
	givenID := o.IDPrefix
	if givenID == "" {
		givenID = o.ID
	}
	f, opts, err := fieldOptions{ID: givenID, Name: o.Name, Label: o.Label, Hint: o.Hint, ErrorMessage: o.ErrorMessage,
		Classes: o.Classes, Disabled: o.Disabled, Attributes: o.Attributes}.given()
	if err != nil {
		return f, nil, nil, err
	}
	if o.Fieldset != nil {
		more, err := o.Fieldset.Legend.given("govuk-fieldset__legend--")
		if err != nil {
			return f, nil, nil, err
		}
		opts = append(opts, more...)
	}
	picked := append([]any{}, o.Values...)
	if o.Value != nil {
		picked = append(picked, o.Value)
	}
	for _, v := range picked {
		f.values[o.Name] = append(f.values[o.Name], fmt.Sprint(v))
	}
	choices, more, err := o.choices(&f)
	return f, choices, append(opts, more...), err
}

func (o *choicesCase) choices(f *fixtureForm) ([]Choice, []Option, error) {
	var choices []Choice
	var opts []Option
	divider := ""
	for _, item := range o.Items {
		if item.Divider != "" {
			divider = item.Divider
			continue
		}
		if item.Value == nil {
			return nil, nil, leftOut("our choices have values")
		}
		value := fmt.Sprint(item.Value)
		for _, on := range []*bool{item.Checked, item.Selected} {
			if on != nil && !*on && (o.Value != nil || len(o.Values) > 0) {
				return nil, nil, leftOut("in ours the form alone says what is picked")
			}
			if on != nil && *on {
				f.values[o.Name] = append(f.values[o.Name], value)
			}
		}
		if item.Conditional != nil && item.Conditional.HTML != "" {
			opts = append(opts, reveal(value, template.HTML(item.Conditional.HTML)))
		}
		choices = append(choices, Choice{Value: value, Text: item.Text, Hint: item.Hint.Text, Divider: divider,
			Exclusive: item.Behaviour == "exclusive", Disabled: item.Disabled})
		divider = ""
	}
	if divider != "" {
		return nil, nil, leftOut("our dividers stand before a choice")
	}
	return choices, opts, nil
}

func (o *choicesCase) legend() any {
	if o.Fieldset == nil {
		return nil
	}
	return o.Fieldset.Legend.any()
}

func radiosCase(options json.RawMessage) (template.HTML, error) {
	var o choicesCase
	f, choices, opts, err := o.read(options)
	if err != nil {
		return "", err
	}
	return radios(f, o.Name, o.legend(), choices, opts...)
}

func checkboxesCase(options json.RawMessage) (template.HTML, error) {
	var o choicesCase
	f, choices, opts, err := o.read(options)
	if err != nil {
		return "", err
	}
	return checkboxes(f, o.Name, o.legend(), choices, opts...)
}

func selectCase(options json.RawMessage) (template.HTML, error) {
	var o choicesCase
	f, choices, opts, err := o.read(options)
	if err != nil {
		return "", err
	}
	return selectBox(f, o.Name, o.Label.any(), choices, opts...)
}

// dateItem is one box of a date, as GOV.UK writes it.
type dateItem struct {
	Name, Classes string
	Value         any
	Error         *bool
}

func dateInputCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		ID, NamePrefix, Classes string
		Fieldset                *struct{ Legend labelOption }
		Hint                    *fixtureWords
		ErrorMessage            *struct{ Text string }
		Attributes              map[string]any
		Values                  map[string]any
		Day, Month, Year        *dateItem
		Items                   []dateItem
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Fieldset == nil || o.Fieldset.Legend.any() == nil {
		return "", leftOut("our dates have a legend")
	}
	if o.NamePrefix == "" {
		o.NamePrefix = dateName
	}
	f, opts, err := fieldOptions{ID: o.ID, Name: o.NamePrefix, Label: o.Fieldset.Legend, Hint: o.Hint,
		ErrorMessage: o.ErrorMessage,
		Classes:      o.Classes, Attributes: o.Attributes}.given()
	if err != nil {
		return "", err
	}
	for name, value := range o.Values {
		f.values[o.NamePrefix+"-"+strings.TrimPrefix(name, o.NamePrefix+"-")] = []string{fmt.Sprint(value)}
	}
	items := map[string]*dateItem{"day": o.Day, "month": o.Month, "year": o.Year}
	for i, item := range o.Items {
		if len(o.Items) != 3 || item.Name != []string{"day", "month", "year"}[i] {
			return "", leftOut("our dates are a day, a month and a year")
		}
		items[item.Name] = &item
	}
	if err := f.dateParts(o.NamePrefix, items); err != nil {
		return "", err
	}
	return dateInput(f, o.NamePrefix, o.Fieldset.Legend.any(), opts...)
}

// dateParts puts the three boxes' values and problems into the form.
func (f fixtureForm) dateParts(name string, items map[string]*dateItem) error {
	excused := false // a box that is said to be right leaves the others wrong
	for part, item := range items {
		if item == nil {
			item = &dateItem{}
			items[part] = item
		}
		excused = excused || (item.Error != nil && !*item.Error)
	}
	for part, item := range items {
		wrong := excused && item.Error == nil || item.Error != nil && *item.Error
		if item.Value != nil {
			f.values[name+"-"+part] = []string{fmt.Sprint(item.Value)}
		}
		for _, c := range strings.Fields(item.Classes) {
			switch {
			case c == "govuk-input--error":
				wrong = true
			case part == "year" && c == "govuk-input--width-4", part != "year" && c == "govuk-input--width-2":
			default:
				return leftOut("our boxes have no classes of their own")
			}
		}
		if wrong {
			if f.problems[name] == "" {
				return leftOut("in ours a box is wrong when a problem says so")
			}
			f.problems[name+"-"+part] = f.problems[name]
		}
		if item.Name != "" && item.Name != part {
			return leftOut("our boxes are named day, month and year")
		}
	}
	return nil
}
