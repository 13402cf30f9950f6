package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Likeness is a reason to think that two names are of one thing. "" is none.
type Likeness string

// The likenesses, the surest first.
const (
	Same      Likeness = "same"     // one key
	Accents   Likeness = "accents"  // the same but for accents and full stops
	Written   Likeness = "written"  // the same but for a title or an abbreviation: Dr Ann Ash, N.H.S., Ltd, St
	WordOrder Likeness = "order"    // the same words in another order: Ash, Ann
	Initials  Likeness = "initials" // a word is the first letter of the other's: A. Ash
	OneLetter Likeness = "letter"   // one letter more, fewer, other, or two changed about
	Different Likeness = ""         // none of these
)

// shortest is how many letters a name has at least in which one may be wrong: of
// two of three letters half of all differ by one.
const shortest = 5

// A Form is a name made ready for comparing with many others.
type Form struct {
	Key    string // as Key gives it
	Bare   string // its words: without accents, and without punctuation
	Plain  string // the same without a title, and with abbreviations in one form
	Sorted string // the words of Plain in one order
	words  []string
}

// Of makes a name ready.
func Of(s string) Form {
	f := Form{Key: Key(s)}
	bare := strings.FieldsFunc(strings.ReplaceAll(Fold(f.Key), "'", ""), func(r rune) bool {
		return strings.ContainsRune(" .,;:()[]/\"-", r)
	})
	f.words = plain(bare)
	f.Bare, f.Plain = strings.Join(bare, " "), strings.Join(lettersTogether(f.words), " ")
	f.Sorted = sorted(f.words)
	return f
}

// Words are the name's words, in its own order, without a title and with abbreviations in
// full.
func (f Form) Words() []string { return f.words }

// titles stand before a name and are left out as often.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "mx": true, "dr": true, "doctor": true,
	"prof": true, "professor": true, "rev": true, "revd": true, "reverend": true, "sir": true, "dame": true, "cllr": true,
	"councillor": true, "pc": true, "dc": true, "ds": true, "di": true, "dci": true, "sgt": true, "insp": true}

// inFull are abbreviations that stand for one word in the names of organisations, and that
// word.
var inFull = map[string]string{"ltd": "limited", "st": "saint", "dept": "department", "assoc": "association",
	"univ": "university", "hosp": "hospital", "sch": "school", "ctr": "centre", "center": "centre", "org": "organisation",
	"organization": "organisation", "govt": "government", "comm": "community"}

// fewestWords is how many words a name keeps beside a title that is taken off: Mr Ash and
// Mrs Ash are two.
const fewestWords = 2

// plain gives the words of a name without the titles it begins with, and without "the", and
// abbreviations as the words they stand for. A title may also stand behind a surname and
// its comma: Ash, Dr Ann.
func plain(words []string) []string {
	var out []string
	left := len(words)
	for i, w := range words {
		if left > fewestWords && i < fewestWords && titles[w] || i == 0 && w == "the" && left > 1 {
			left--
			continue
		}
		if full, ok := inFull[w]; ok {
			w = full
		}
		out = append(out, w)
	}
	return out
}

// lettersTogether makes one word of letters that stand alone side by side: N H S is NHS.
func lettersTogether(words []string) []string {
	var out []string
	open := false
	for _, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		alone := n == len(w) && unicode.IsLetter(r)
		if alone && open {
			out[len(out)-1] += w
			continue
		}
		out, open = append(out, w), alone
	}
	return out
}

// Near says how alike two names are.
func (f Form) Near(g Form) Likeness {
	switch {
	case f.Key == g.Key:
		return Same
	case f.Bare == "" || g.Bare == "":
		return Different
	case f.Bare == g.Bare:
		return Accents
	case f.Plain == g.Plain:
		return Written
	case f.Sorted == g.Sorted:
		return WordOrder
	case initials(f.words, g.words):
		return Initials
	case min(len(f.Plain), len(g.Plain)) >= shortest && oneEdit(f.Plain, g.Plain) && digits(f.Plain) == digits(g.Plain):
		return OneLetter
	}
	return Different
}

// Person gives the key of a person's name without regard to the order of its words and the
// comma between them: Ash, Ann is Ann Ash. It is for people who have one address.
func Person(s string) string {
	return sorted(strings.FieldsFunc(Key(s), func(r rune) bool { return r == ' ' || r == ',' }))
}

// Near says how alike two names are.
func Near(a, b string) Likeness { return Of(a).Near(Of(b)) }

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
	if d := len(a) - len(b); d > utf8.UTFMax || -d > utf8.UTFMax {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) {
		i-- // to where the character begins
	}
	x, y := []rune(a[i:]), []rune(b[min(i, len(b)):])
	if len(x) > len(y) {
		x, y = y, x
	}
	switch {
	case len(y)-len(x) > 1, len(y) == 0:
		return false
	case len(x) < len(y):
		return slices.Equal(x, y[1:])
	case slices.Equal(x[1:], y[1:]):
		return true
	}
	return len(x) > 1 && x[0] == y[1] && x[1] == y[0] && slices.Equal(x[2:], y[2:])
}
