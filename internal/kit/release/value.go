package release

import (
	"encoding/json"
	"math"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

// Mark stands for a hidden value, as official statistics write it.
const Mark = "[c]"

// Words say on a page what the mark stands for.
const Words = Mark + " stands in the place of a number about so few children that one of them could be recognised, " +
	"or of another from which it could be worked out."

// A Value is a figure's answer as readers get it. What is hidden of it is not there: a Value
// that was not released, and the zero Value, have no number.
type Value struct {
	Definition *figure.Definition
	Ask        figure.Ask
	Dims       map[string]string // where the value stands: the Ask's Where, and By's value
	Supplied   bool              // somebody vouches for it and no record does
	Inputs     []Input           // the files it came from, if the Ask wants Sources

	number *number // nil when it is hidden
	most   int64   // the per cent that it is, or more; 0 when that is not said
	ratio  bool
	said   said
}

// An Input is a file that a value came from, as readers are told of it: without its SHA-256,
// from which whoever guesses the rows of a small file could see that the guess is right.
type Input struct {
	Import string `json:"import"`
	Kind   string `json:"kind"`
	File   string `json:"file"`
	// Commitment names the content of the file; "" until Value.Committed says under which salt.
	Commitment string `json:"commitment,omitempty"`

	sum string // its SHA-256
}

// A number is what readers see: a count or, with of, a part of a whole.
type number struct {
	count int64
	of    *int64
}

// said are the words that go with a number, and may say it.
type said struct {
	items          []string
	note, attested string
	rows, read     int64
}

// Hidden reports whether readers see the mark.
func (v Value) Hidden() bool { return v.number == nil && v.most == 0 }

// Known reports whether readers see a number: what is hidden or topped is none, nor is a
// percentage of nothing.
func (v Value) Known() bool { return v.number != nil && (v.number.of == nil || *v.number.of != 0) }

// Ratio reports whether the value is a percentage.
func (v Value) Ratio() bool { return v.ratio }

// Count gives the count, or what a percentage divides; ok is false when readers do not see it.
func (v Value) Count() (n int64, ok bool) {
	if v.number == nil {
		return 0, false
	}
	return v.number.count, true
}

// Of gives what a percentage is of; ok is false for a count, and for what readers do not see.
func (v Value) Of() (n int64, ok bool) {
	if v.number == nil || v.number.of == nil {
		return 0, false
	}
	return *v.number.of, true
}

// Number gives the count, or the percentage from 0 to 100; not a number where readers see none.
func (v Value) Number() float64 {
	switch {
	case !v.Known():
		return math.NaN()
	case v.number.of == nil:
		return float64(v.number.count)
	}
	return 100 * float64(v.number.count) / float64(*v.number.of)
}

// Shown writes the value for people, a percentage with so many decimal places.
func (v Value) Shown(places int) string {
	switch {
	case v.Hidden():
		return Mark
	case v.most > 0:
		return lang.Number(int(v.most)) + "% or more"
	case !v.Known():
		return "not applicable"
	case v.number.of != nil:
		return lang.Decimal(v.Number(), places) + "%"
	}
	return lang.Number(int(v.number.count))
}

// Raw writes the value for machines: a count, or a percentage to a hundredth; "" when readers
// see no number.
func (v Value) Raw() string {
	if !v.Known() {
		return ""
	}
	b, _ := json.Marshal(math.Round(v.Number()*100) / 100) // a finite number always marshals
	return string(b)
}

// Items are the names of what was counted, for a list that readers see.
func (v Value) Items() []string { return v.said.items }

// Note is what is to be said of this value alone; "" of a hidden one.
func (v Value) Note() string { return v.said.note }

// Attested says how a supplied value is known; "" of a hidden one.
func (v Value) Attested() string { return v.said.attested }

// RowsRead gives how many rows were read for the values of one ask; not of what is hidden.
func RowsRead(values []Value) (int64, bool) {
	var sum int64
	for _, v := range values {
		switch {
		case !v.Known():
			return 0, false
		case v.said.read > 0:
			return v.said.read, true
		}
		sum += v.said.rows
	}
	return sum, sum > 0
}

// MarshalJSON writes the value as a report's figures.json has it: as kith figure does, with
// null for what readers do not see.
func (v Value) MarshalJSON() ([]byte, error) {
	out := struct {
		ID          string            `json:"id"`
		Period      string            `json:"period,omitempty"`
		At          string            `json:"at,omitempty"`
		Dims        map[string]string `json:"dims"`
		Value       json.RawMessage   `json:"value"`
		Shown       string            `json:"shown,omitempty"`
		Numerator   *int64            `json:"numerator,omitempty"`
		Denominator *int64            `json:"denominator,omitempty"`
		Unit        string            `json:"unit"`
		Definition  int               `json:"definition"`
		Items       []string          `json:"items,omitempty"`
		Attested    string            `json:"attested,omitempty"`
		Note        string            `json:"note,omitempty"`
		Inputs      []Input           `json:"inputs"`
	}{
		ID: v.Definition.ID, Dims: v.Dims, Unit: v.Definition.Unit, Definition: v.Definition.Version,
		Items: v.said.items, Attested: v.said.attested, Note: v.said.note, Inputs: v.Inputs,
		Value: json.RawMessage("null"),
	}
	if out.Dims == nil {
		out.Dims = map[string]string{}
	}
	if out.Inputs == nil {
		out.Inputs = []Input{}
	}
	if v.Ask.At.IsZero() {
		out.Period = v.Ask.Period.String()
	} else {
		out.At = v.Ask.At.String()
	}
	if raw := v.Raw(); raw != "" {
		out.Value = json.RawMessage(raw)
	} else if v.number == nil {
		out.Shown = v.Shown(0)
	}
	if v.number != nil {
		out.Numerator, out.Denominator = &v.number.count, v.number.of
	}
	return json.Marshal(out)
}

// None is the value of an ask that nothing was counted for.
func None(d *figure.Definition, ask figure.Ask) Value {
	v := Value{Definition: d, Ask: ask, ratio: d.IsRatio(), number: &number{}}
	if v.ratio {
		v.number.of = new(int64) // nothing to take a share of
	}
	return v
}

// place is a value without its number.
func place(v figure.Value) Value {
	out := Value{Definition: v.Definition, Ask: v.Ask, Dims: v.Dims, Supplied: v.Attested != "",
		ratio: v.Denominator != nil}
	for _, in := range v.Inputs {
		out.Inputs = append(out.Inputs, Input{Import: in.Import, Kind: in.Kind, File: in.File, sum: in.SHA256})
	}
	return out
}

// open is a value with its number, and what is said of it.
func open(v figure.Value) Value {
	out := place(v)
	out.number = &number{v.Numerator, v.Denominator}
	out.said = said{v.Items, v.Note, v.Attested, v.Rows, v.Read}
	return out
}
