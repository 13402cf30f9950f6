package web

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// A Difference is a field of a record's form that has another value than it had.
type Difference struct {
	Field    string // in words
	From, To string // "" for what is empty; both are "" where neither can be said in words
}

// longest is how long a text may be to be told of as it is, in characters. What is longer
// may say anything of anybody, and would outlive its correction.
const longest = 80

// anID finds what only the program reads: the id of a record.
var anID = regexp.MustCompile(`^[0-9a-z]{20,}$`)

// Differences lists what two forms of one record have otherwise, by the names of the
// fields. Of a long text it says only how long it is, and of a choice of another record
// only that it is another: a picker's words are told.
func Differences(was, now *Form) []Difference {
	names := map[string]bool{}
	for _, f := range []*Form{was, now} {
		for name := range f.values {
			if compared(was.values[name]) != compared(now.values[name]) && !chosen(name) && name != seenField &&
				name != onceField {
				names[partOf(name)] = true
			}
		}
	}
	var out []Difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d := Difference{Field: fieldWords(name), From: was.text(name), To: now.text(name)}
		if d.From == d.To {
			d.From, d.To = "", ""
		}
		out = append(out, d)
	}
	return out
}

// shownValues are the values of a field as people read them: those chosen in a picker of
// several are told by their words.
func shownValues(name string, values []string) []string {
	out := slices.Clone(values)
	if _, picked := strings.CutSuffix(name, ui.PickedField("")); picked {
		for i, v := range out {
			_, out[i], _ = strings.Cut(v, " ")
		}
	}
	return out
}

// text says what a field holds, in short.
func (f *Form) text(name string) string {
	if d, err := period.ParseAnyDate(f.values.Get(name+"-day") + " " + monthName(f.values.Get(name+"-month")) + " " +
		f.values.Get(name+"-year")); err == nil {
		return d.Words()
	}
	values := shownValues(name, f.values[name])
	slices.Sort(values)
	text := strings.TrimSpace(strings.Join(values, ", "))
	switch {
	case anID.MatchString(text):
		return "one of the choices"
	case len([]rune(text)) > longest || strings.Contains(text, "\n"):
		return fmt.Sprintf("a text of %s", lang.Plural(len(strings.Fields(text)), "word", "words"))
	}
	return text
}
