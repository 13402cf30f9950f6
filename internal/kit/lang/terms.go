package lang

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Terms are the words of one installation for things that different places call
// differently. The program's own texts have the standard word, marked: templates as
// {{.Term "front door"}}, other texts as "contacts with the {front door}". The zero
// Terms says every standard word as it stands.
type Terms map[string]string

// Word gives what this place says for a standard word. A capital at the beginning
// is kept.
func (t Terms) Word(standard string) string {
	first, size := utf8.DecodeRuneInString(standard)
	word, ok := t[string(unicode.ToLower(first))+standard[size:]]
	if !ok {
		return standard
	}
	if unicode.IsUpper(first) {
		return Sentence(word)
	}
	return word
}

// Standard gives a text that people typed with the standard words in place of this
// place's: what to look for in texts that were kept with the standard ones. It is in
// small letters.
func (t Terms) Standard(text string) string {
	text = strings.ToLower(text)
	for _, standard := range slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(t[b]), len(t[a])), cmp.Compare(a, b)) // subgroups before subgroup
	}) {
		if word := strings.ToLower(t[standard]); word != "" {
			text = strings.ReplaceAll(text, word, standard)
		}
	}
	return text
}

var marked = regexp.MustCompile(`\{([A-Za-z][A-Za-z' -]*)\}`)

// Put writes this place's words into a text of the program that has them marked.
func (t Terms) Put(text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return marked.ReplaceAllStringFunc(text, func(m string) string { return t.Word(m[1 : len(m)-1]) })
}
