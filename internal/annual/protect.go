package annual

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

// What a report that anybody may read can show of a figure:
//
//   - about children: totals only, never a cut, and a total from 1 to 5, or a
//     percentage of which those counted, those not counted or all of them are so
//     few, is hidden: figure.Value.Small says so, for this room as for Performance.
//   - about people at work: the total, and cuts that the definition calls
//     public, such as by sector; never by setting.
//   - what the partnership did: everything that the definition calls public.

// hiddenMark is what stands for a hidden value, as official statistics write it.
const hiddenMark = "[c]"

// hiddenWords say on a page what the mark stands for.
const hiddenWords = hiddenMark + " stands in the place of a number about so few children that one of them could be " +
	"recognised. It is hidden on purpose."

// explained gives hiddenWords for a page that has the mark, and "" for one that has not.
func explained(pages ...template.HTML) string {
	if slices.ContainsFunc(pages, func(h template.HTML) bool {
		return strings.Contains(string(h), hiddenMark+"</data>") || strings.Contains(string(h), "hidden, since it is so few")
	}) {
		return hiddenWords
	}
	return ""
}

// hides tells an author that readers see the mark instead of a value, and why; nil when they
// see it. On which side the few are is not said: with that the value could be guessed.
func hides(e *entry) error {
	i := slices.IndexFunc(e.values, hidden)
	switch {
	case i < 0:
		return nil
	case e.values[i].Denominator != nil:
		return wrong("Leave it so, give a longer period or more children together, or take it out.",
			"%s is a percentage of few children, or with few children on one side of it, so readers see %s in its place.",
			e.def.ID, hiddenMark)
	}
	return wrong("Leave it so, give a longer period, or take it out.",
		"%s is a number of very few children, so readers see %s in its place.", e.def.ID, hiddenMark)
}

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

// hidden reports whether a value is too small to be shown in a report.
func hidden(v figure.Value) bool { return v.Small() }

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

// shareOf says what a percentage is of, as “36 of 38”; "" for a count, and for what is hidden
// or not known.
func shareOf(v figure.Value) string {
	if hidden(v) || !v.Known() || v.Denominator == nil {
		return ""
	}
	return lang.Number(int(v.Numerator)) + " of " + lang.Number(int(*v.Denominator))
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
		return "About children: only the total is published. A total from 1 to 5 would be hidden, and so would a " +
			"percentage with so few on either side of it"
	case figure.Staff:
		return "About people at work: the total and the sectors are shown in full; single settings are not"
	}
	return "What the partnership did: shown in full"
}
