package annual

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

// What a report that anybody may read can show of a figure:
//
//   - about children: totals only, never a cut, and a total from 1 to 5 (or a
//     percentage of so few) is hidden. Disclosure control will decide more.
//   - about people at work: the total, and cuts that the definition calls
//     public, such as by sector; never by setting.
//   - what the partnership did: everything that the definition calls public.

// hiddenBelow is the first count of children that is shown, besides none.
const hiddenBelow = figure.SmallBelow

// hiddenMark is what stands for a hidden value, as official statistics write it.
const hiddenMark = "[c]"

// publishable refuses an ask whose answer a public report cannot show.
func publishable(d *figure.Definition, ask figure.Ask) error {
	var cuts []string
	for k := range ask.Where {
		cuts = append(cuts, k)
	}
	if ask.By != "" {
		cuts = append(cuts, ask.By)
	}
	slices.Sort(cuts)
	if d.Protection == figure.Child && len(cuts) > 0 {
		return wrong(fmt.Sprintf("Take %s out and show the total.", lang.Join(cuts)),
			"%s is about children, and is published by its total only.", d.ID)
	}
	for _, c := range cuts {
		dim, ok := d.Dimension(c)
		if ok && !dim.Public {
			return wrong(fmt.Sprintf("Take %s out.", c), "%s is not published by %s, since it could point to people.", d.ID,
				strings.ToLower(dim.Title))
		}
	}
	return nil
}

// hidden reports whether a value is too small to be shown.
func hidden(v figure.Value) bool {
	return v.Definition.Protection == figure.Child && v.Numerator > 0 && v.Numerator < hiddenBelow
}

// shown writes a value for people.
func shown(v figure.Value, places int) string {
	switch {
	case hidden(v):
		return hiddenMark
	case !v.Known():
		return "not applicable"
	case v.Denominator != nil:
		return lang.Decimal(v.Number(), places) + "%"
	}
	return lang.Number(int(v.Numerator))
}

// raw writes a value for machines, as figures.json has it; "" when there is none
// to show.
func raw(v figure.Value) string {
	switch {
	case hidden(v) || !v.Known():
		return ""
	case v.Denominator != nil:
		b, _ := json.Marshal(math.Round(v.Number()*100) / 100) // a finite number always marshals
		return string(b)
	}
	return fmt.Sprint(v.Numerator)
}

// attested says beside a value that somebody vouches for it and no record does.
func attested(v figure.Value) string {
	if v.Attested == "" {
		return ""
	}
	return ` <span class="quiet">(supplied)</span>`
}

// publicJSON is a value as figures.json has it: the array that kith figure
// writes, after protection.
func publicJSON(v figure.Value) (json.RawMessage, error) {
	b, err := json.Marshal(v)
	if err != nil || !hidden(v) {
		return b, err
	}
	var safe struct {
		ID         string            `json:"id"`
		Period     string            `json:"period,omitempty"`
		At         string            `json:"at,omitempty"`
		Dims       map[string]string `json:"dims"`
		Value      any               `json:"value"` // a count or, of a percentage, a decimal
		Shown      string            `json:"shown"`
		Unit       string            `json:"unit"`
		Definition int               `json:"definition"`
		Inputs     []figure.Input    `json:"inputs"`
	}
	if err := json.Unmarshal(b, &safe); err != nil {
		return nil, err
	}
	safe.Value, safe.Shown = nil, hiddenMark
	return json.Marshal(safe)
}

// protectionWords says what protects a figure.
func protectionWords(p figure.Protection) string {
	switch p {
	case figure.Child:
		return "About children: only the total is published, and a total from 1 to 5 would be hidden"
	case figure.Staff:
		return "About people at work: the total and the sectors are shown in full; single settings are not"
	}
	return "What the partnership did: shown in full"
}
