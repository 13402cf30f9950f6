package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Likeness is a reason to think that two names are of one thing. "" is none.
type Likeness string

// The likenesses, the surest first.
const (
	Same      Likeness = "same"     // one key
	Accents   Likeness = "accents"  // the same but for accents and full stops
	WordOrder Likeness = "order"    // the same words in another order: Ash, Ann
	Initials  Likeness = "initials" // a word is the first letter of the other's: A. Ash
	OneLetter Likeness = "letter"   // one letter more, fewer, other, or two changed about
	Different Likeness = ""         // none of these
)

// shortest is how many letters a name has at least in which one may be wrong: of
// two of three letters half of all differ by one.
const shortest = 5

// Near says how alike two names are.
func Near(a, b string) Likeness {
	if Key(a) == Key(b) {
		return Same
	}
	x, y := Bare(a), Bare(b)
	if x == "" || y == "" {
		return Different
	}
	if x == y {
		return Accents
	}
	v, w := strings.Fields(x), strings.Fields(y)
	if sorted(v) == sorted(w) {
		return WordOrder
	}
	if initials(v, w) {
		return Initials
	}
	if digits(x) == digits(y) && min(len(x), len(y)) >= shortest && oneEdit(x, y) {
		return OneLetter
	}
	return Different
}

// Bare is a name as its words: without accents, and without punctuation.
func Bare(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ReplaceAll(Fold(s), "'", ""), func(r rune) bool {
		return strings.ContainsRune(" .,;:()[]/\"-", r)
	}), " ")
}

// Words gives the words of a name in one order, for putting like names beside each
// other.
func Words(s string) string { return sorted(strings.Fields(Bare(s))) }

func sorted(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// initials reports whether two names are the same but for words that one of them has
// as a letter. At least one word stands in full in both.
func initials(a, b []string) bool {
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	full, short := 0, 0
	for i := range a {
		x, y := a[i], b[i]
		switch {
		case x == y && utf8.RuneCountInString(x) > 1:
			full++
		case x == y:
		case utf8.RuneCountInString(x) == 1 && strings.HasPrefix(y, x), utf8.RuneCountInString(y) == 1 &&
			strings.HasPrefix(x, y):
			short++
		default:
			return false
		}
	}
	return full > 0 && short > 0
}

// digits are the digits of a name: Level 1 and Level 2 are no slip of the pen.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// oneEdit reports whether one letter put in, taken out or changed, or two neighbours
// changed about, makes b of a.
func oneEdit(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return slices.Equal(x[i:], y[i+1:])
	}
	if i == len(x) {
		return false // the same
	}
	if slices.Equal(x[i+1:], y[i+1:]) {
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}
