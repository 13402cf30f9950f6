package search

import (
	"slices"
	"strings"
)

// everyday are words that mean the same to those who search. They are few, and each
// has a reason: a plural that stemming does not see, or a word that people say where
// records have another.
var everyday = [][]string{
	{"child", "children", "kid"},                         // a plural of its own, and what families say
	{"person", "people"},                                 // a plural of its own
	{"young person", "young people", "teenager", "teen"}, // records say the first two
	{"baby", "infant"},                                   // reviews say the second
	{"mother", "mum"},                                    // what families say
	{"father", "dad"},                                    // what families say
	{"domestic abuse", "domestic violence"},              // the law says abuse since 2021, and people both
	{"section 11", "s11"},                                // how practitioners write it
	{"section 175", "s175"},                              // how practitioners write it
	{"child protection plan", "cpp"},                     // how practitioners write it
	{"child sexual exploitation", "cse"},                 // how practitioners write it
	{"local authority designated officer", "lado"},       // how practitioners write it
	{"designated safeguarding lead", "dsl"},              // how schools write it
	{"unaccompanied asylum seeking children", "uasc"},    // how practitioners write it
	{"special educational need", "send", "sen"},          // how schools write it
	{"female genital mutilation", "fgm"},                 // how practitioners write it
	{"frightened", "scared", "afraid"},                   // what young people type
	{"e mail", "email"},                                  // written both ways
	{"online", "internet"},                               // records say the first
	{"missing", "ran away", "runaway", "run away"},       // records say the first
}

// most is how many words one phrase of a synonym has at the most.
const mostInPhrase = 5

// A unit is one thing that a question asks for: stems, any of which sets will do.
type unit struct {
	alternatives [][]string
	words        []word // as they were typed
}

// unitsOf cuts a question into what it asks for. same are more words that mean the
// same: the installation's own, or those that the editors of a site keep. A phrase
// that has a word passed over is left out, since what remains of it would find too
// much.
func unitsOf(text string, same ...[]string) []unit {
	phrases := map[string][][]string{}
	for _, list := range slices.Concat(everyday, same) {
		var all [][]string
		for _, p := range list {
			if stems := phrase(p); len(stems) > 0 {
				all = append(all, stems)
			}
		}
		for _, p := range all {
			key := strings.Join(p, " ")
			phrases[key] = append(phrases[key], all...)
		}
	}
	var out []unit
	typed := words(text)
	for len(typed) > 0 {
		n := min(mostInPhrase, len(typed))
		for ; n > 0; n-- {
			if all := phrases[joined(typed[:n])]; all != nil {
				out = append(out, unit{all, typed[:n]})
				break
			}
		}
		if n == 0 {
			if n = 1; !passed[typed[0].text] {
				out = append(out, unit{[][]string{{typed[0].stem}}, typed[:1]})
			}
		}
		typed = typed[n:]
	}
	return out
}

func phrase(text string) []string {
	var out []string
	for _, w := range words(text) {
		if passed[w.text] {
			return nil
		}
		out = append(out, w.stem)
	}
	return out
}

func joined(list []word) string {
	stems := make([]string, len(list))
	for i, w := range list {
		stems[i] = w.stem
	}
	return strings.Join(stems, " ")
}
