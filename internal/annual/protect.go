package annual

import (
	"html/template"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/release"
)

// What a report that anybody may read can show of a figure:
//
//   - about children: totals, and cuts by which its definition lets it be published, through
//     disclosure control (package release): what is small is hidden, and so is what would give
//     it away.
//   - about people at work: the total, and cuts that the definition calls
//     public, such as by sector; never by setting.
//   - what the partnership did: everything that the definition calls public.

// explained gives the words for the mark of a hidden value on a page that has it; "" for one
// that has not, or has the words already.
func explained(pages ...template.HTML) string {
	if slices.ContainsFunc(pages, func(h template.HTML) bool { return strings.Contains(string(h), release.Words) }) {
		return ""
	}
	if slices.ContainsFunc(pages, func(h template.HTML) bool {
		return strings.Contains(string(h), release.Mark+"</data>") || strings.Contains(string(h), missingWords)
	}) {
		return release.Words
	}
	return ""
}

// missingWords stand in a chart for what is hidden.
const missingWords = "hidden, so that no child is recognised"

// hides tells an author that readers see the mark instead of a value, and why; nil when they
// see it. On which side the few are is not said: with that the value could be guessed.
func hides(e *entry) error {
	i := slices.IndexFunc(e.values, release.Value.Hidden)
	switch {
	case i < 0:
		return nil
	case e.ask.By != "":
		return nil // most cuts of children have some, and the table itself says what they are
	case e.values[i].Ratio():
		return wrong("Leave it so, give a longer period or more children together, or take it out.",
			"%s is a percentage of few children, or with few children on one side of it, so readers see %s in its place.",
			e.def.ID, release.Mark)
	}
	return wrong("Leave it so, give a longer period, or take it out.",
		"%s is a number of very few children, or one from which such a number could be worked out, so readers see %s in "+
			"its place.", e.def.ID, release.Mark)
}

// shareOf says what a percentage is of, as “36 of 38”; "" for a count, and for what is hidden
// or not known.
func shareOf(v release.Value) string {
	n, _ := v.Count()
	of, ok := v.Of()
	if !ok || !v.Known() {
		return ""
	}
	return lang.Number(int(n)) + " of " + lang.Number(int(of))
}

// attested says beside a value that somebody vouches for it and no record does.
func attested(v release.Value) string {
	if !v.Supplied {
		return ""
	}
	return ` <span class="quiet">(supplied)</span>`
}

// protectionWords says what protects a figure.
func protectionWords(d *figure.Definition) string {
	switch d.Protection {
	case figure.Child:
		words := "About children: a number from 1 to 5 is hidden, and so is any other from which such a number could be " +
			"worked out"
		if len(release.Cuts(d)) == 0 {
			words += ". Only the total is published"
		}
		return words
	case figure.Staff:
		return "About people at work: the total and the sectors are shown in full; single settings are not"
	}
	return "What the partnership did: shown in full"
}
