// Package names tells whether two texts name the same: a person, a course, an
// organisation, an e-mail address. People and programs write one name in many ways
// that look alike on a page and are different bytes: a straight apostrophe and a
// curly one, a hyphen and a dash, é as one character or as two, a space that does
// not break, marks that nobody can see.
//
// Key is the one comparison key. Whatever compares or matches names asks for it, and
// an index that promises "one of each name" stands on it. Fold is the same with
// accents taken off, for finding only: a person who types e finds é, but Rene and
// René are two people until somebody says otherwise. Email is for addresses.
//
// Near says whether two names are so much alike that somebody should look at them.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key gives what is compared in the place of a name: composed (Unicode NFC), without
// regard to case, with one apostrophe, one kind of quotation mark and one dash,
// "and" for "&", single spaces, and nothing that cannot be seen. It is for comparing
// and is never shown. Key of a key is the same key.
func Key(s string) string {
	if isPlain(s) {
		return spaced(strings.ToLower(s))
	}
	s = strings.Map(one, s)
	s = norm.NFC.String(strings.ToLower(cases.Fold().String(norm.NFC.String(s)))) // folding alone leaves a few capitals
	return spaced(strings.Map(one, s))                                            // folding can bring an apostrophe: ŉ
}

// Fold gives the text of a search column, or of what is searched for: the key,
// without accents.
func Fold(s string) string {
	key := Key(s)
	if isPlain(key) {
		return key
	}
	key = norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(key)))
	return Key(unaccented.Replace(key))
}

// unaccented are letters that people type without their mark, and that do not come
// apart into a letter and a mark.
var unaccented = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i",
	"ħ", "h", "ŧ", "t")

// Email gives an e-mail address as it is kept and compared: lower case, without space
// around it and what cannot be seen, and with the apostrophe and hyphen that a keyboard
// writes, where a word processor has put others.
func Email(s string) string {
	if !isPlain(s) {
		s = strings.Map(one, s)
		s = strings.Map(one, norm.NFC.String(strings.ToLower(norm.NFC.String(s))))
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// isPlain reports whether a text is ASCII, which most are: there is nothing to
// compose, and one way to write each mark.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '\r' || s[i] == '`' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// spaced writes "and" for "&", and puts single spaces between words.
func spaced(s string) string {
	if strings.Contains(s, "&") {
		s = strings.ReplaceAll(s, "&", " and ")
	}
	return strings.Join(strings.Fields(s), " ")
}

// one gives the one character that stands for all that look like it; -1 for what
// cannot be seen.
func one(r rune) rune {
	switch r {
	case '’', '‘', 'ʼ', '`', '´', 'ʹ', '′', '‛', '＇', 'ʻ', 'ʽ':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
		return '-'
	case '＆', '﹠':
		return '&'
	case '\u034f', '\u180b', '\u180c', '\u180d', '\u115f', '\u1160', '\u3164', '\uffa0': // join or fill, and show nothing
		return -1
	case '\t', '\n', '\r', '\u0085', '\u2028', '\u2029':
		return ' '
	}
	switch {
	case r < 0x80 && r >= ' ' && r != 0x7f:
		return r
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), r >= '\ufe00' && r <= '\ufe0f',
		r >= 0xe0100 && r <= 0xe01ef:
		return -1
	}
	return r
}
