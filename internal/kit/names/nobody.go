package names

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// standIns are what people write where a name is not known yet, or is not to be given, as
// folded words. A number or a letter may stand behind each: Delegate 1, Guest B.
var standIns = []string{"delegate", "guest", "guest user", "place holder", "placeholder", "placeholder name", "unknown",
	"unknown user", "name unknown", "not known", "name not known", "no name", "no name given", "not given", "not provided",
	"not supplied", "not recorded", "name", "reserved", "reserved place", "spare", "spare place", "vacant", "vacancy",
	"attendee", "participant", "learner", "trainee", "person", "visitor", "user", "anonymous", "anonymous user", "anon",
	"withheld", "name withheld", "redacted", "staff", "staff member", "member of staff", "new starter", "various",
	"multiple", "several", "test", "test user", "n a", "none", "somebody", "someone", "colleague", "additional delegate",
	"additional guest", "extra delegate", "extra place"}

// numbered are roles that are a name's stand-in only with a number behind them: Teacher 2.
var numbered = []string{"teacher", "social worker", "nurse", "health visitor", "officer", "police officer", "worker",
	"practitioner", "manager", "school", "individual", "candidate", "student", "booking", "place", "seat", "agency"}

// later are words for what is still to be said.
var later = []string{"tbc", "tba", "tbd", "to be confirmed", "to be advised", "to be announced", "to be decided",
	"to follow"}

var numberBehind = regexp.MustCompile(`^(.*[a-z])(?: ?\d{1,4}| [a-z])$`)

// IsNobody reports whether what stands for a person's name names none: TBC, Delegate 1,
// Unknown, a number. Real names that are words of this sort, such as Guest behind a first
// name, are names.
func IsNobody(name string) bool {
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return true
	}
	words := strings.FieldsFunc(Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) > 1 && len(slices.Compact(slices.Clone(words))) == 1 {
		words = words[:1] // TBC TBC, of two columns
	}
	s := strings.Join(words, " ")
	if strings.Trim(s, "x") == "" || slices.Contains(standIns, s) {
		return true
	}
	for _, w := range later {
		if s == w || strings.HasPrefix(s, w+" ") {
			return true
		}
		if rest, ok := strings.CutSuffix(s, " "+w); ok && IsNobody(rest) {
			return true
		}
	}
	m := numberBehind.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	byNumber := unicode.IsDigit(rune(s[len(s)-1])) && slices.Contains(numbered, m[1])
	return byNumber || slices.Contains(standIns, m[1])
}
