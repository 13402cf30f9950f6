package indicators

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What a supplied figure counts decides how it is protected, and not whoever enters it:
// children and families, what is done with them, and whatever is not known are protected
// as children. It can become stricter afterwards and never laxer, since what stood under
// the stricter rule may have been read beside it.

// A counted is one answer to what a supplied figure counts.
type counted struct {
	id, text, hint string
	protection     figure.Protection
}

var counteds = []counted{
	{"children", "Children or young people", "Babies, pupils and young adults too", figure.Child},
	{"families", "Families, parents or carers", "", figure.Child},
	{"work", "What was done with children or families",
		"Referrals, assessments, plans, appointments, placements, offences", figure.Child},
	{"staff", "People at work", "Practitioners, volunteers, members of a board", figure.Staff},
	{"partnership", "What agencies or the partnership did", "Meetings, events, audits, documents, money", figure.Open},
	{"other", "Something else", "It is protected as if it counted children", figure.Child},
}

// countedOf finds an answer by its id; what is not there is of children.
func countedOf(id string) counted {
	if i := slices.IndexFunc(counteds, func(c counted) bool { return c.id == id }); i >= 0 {
		return counteds[i]
	}
	return counted{text: "Nobody has said", protection: figure.Child}
}

// Protection says how the value is protected.
func (a Supplied) Protection() figure.Protection { return countedOf(a.Counted).protection }

// CountedWords say what the figure counts, as it was said.
func (a Supplied) CountedWords() string { return countedOf(a.Counted).text }

// strictness orders the protections: the greater hides more.
func strictness(p figure.Protection) int {
	return slices.Index([]figure.Protection{figure.Open, figure.Staff, figure.Child}, p)
}

// strictest gives the strictest protection of a figure's values.
func strictest(values []Supplied) figure.Protection {
	p := figure.Open
	for _, a := range values {
		if strictness(a.Protection()) > strictness(p) {
			p = a.Protection()
		}
	}
	return p
}

func countedChoices() []ui.Choice {
	var out []ui.Choice
	for _, c := range counteds {
		out = append(out, ui.Choice{Value: c.id, Text: c.text, Hint: c.hint})
	}
	return out
}

// aboutChildren are words for children and families, and for what is only ever done with them.
var aboutChildren = regexp.MustCompile(`(?i)\b(child|children|childhood|young (?:people|person|adult|carer)s?|youths?|` +
	`bab(?:y|ies)|infants?|toddlers?|teenagers?|adolescents?|pupils?|students?|girls?|boys?|famil(?:y|ies)|parents?|` +
	`mothers?|fathers?|carers?|siblings?|households?|care[- ]leavers?|referrals?|contacts|section 47|s47|` +
	`looked[- ]after|victims?|births?|deaths?)\b`)

// readCounted reads what a figure counts. Where the answer leaves it unprotected and its own
// words speak of children, the answer is asked for again: a unit of children is refused,
// other words are for the person to say.
func readCounted(f *web.Form, title, counts, unit string) string {
	var ids []string
	for _, c := range counteds {
		ids = append(ids, c.id)
	}
	id := f.OneOf("counted", "Choose what it counts", ids...)
	sure := f.Yes("sure")
	c := countedOf(id)
	if id == "" || c.protection == figure.Child {
		return id
	}
	if word := aboutChildren.FindString(unit); word != "" {
		f.Add("counted", fmt.Sprintf("The number counts “%s”. Choose children, families, or what was done with them", unit))
	} else if word := aboutChildren.FindString(title + "\n" + counts); word != "" && !sure {
		f.Add("sure", fmt.Sprintf("It speaks of “%s”. Say that it counts none, or choose another answer above",
			strings.ToLower(word)))
	}
	return id
}

// sureAsked reports whether the form has to ask once more that no child is counted.
func sureAsked(f *web.Form) bool { return f.Problem("sure") != "" || f.Value("sure") != "" }

// readClassification reads the form that says what a figure counts, and why.
func readClassification(f *web.Form, a Supplied) (counted, reason string) {
	return readCounted(f, a.Title, a.Counts, a.Unit), f.Text("reason", "Say how you know", 300)
}

// fillCounted fills the form that says what a figure counts.
func fillCounted(a Supplied) *web.Form { return web.NewForm("counted", a.Counted) }

// laxerThan is what is wrong with an answer that protects a figure less than before.
func laxerThan(was Supplied) error {
	words := "“" + was.Title + "” is protected as “" + was.CountedWords() +
		"”, and its values may have been read so. Give what counts something else another name"
	if was.Counted == "" {
		words = "Nobody has said yet what “" + was.Title + "” counts. Say it there first"
	}
	return &ui.Invalid{Problems: []ui.Problem{{Field: "counted", Text: words}}}
}
