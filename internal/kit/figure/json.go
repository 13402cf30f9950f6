package figure

import (
	"encoding/json"
	"math"
)

// MarshalJSON writes the value as kith figure and a report's figures.json do:
// counts as integers, percentages from 0 to 100 rounded to a hundredth, null for
// what cannot be known.
func (v Value) MarshalJSON() ([]byte, error) {
	out := struct {
		ID          string            `json:"id"`
		Period      string            `json:"period,omitempty"`
		At          string            `json:"at,omitempty"`
		Dims        map[string]string `json:"dims"`
		Value       any               `json:"value"`
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
		Numerator: &v.Numerator, Denominator: v.Denominator,
		Items: v.Items, Attested: v.Attested, Note: v.Note, Inputs: v.Inputs,
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
	switch {
	case !v.Known():
	case v.Denominator != nil:
		out.Value = math.Round(v.Number()*100) / 100
	default:
		out.Value = v.Numerator
	}
	return json.Marshal(out)
}
