package search

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"kith/internal/kit/names"
	"kith/internal/kit/web"
)

// A word is one word of a text.
type word struct {
	text     string // folded, without apostrophes
	stem     string
	from, to int // its bytes in the text
}

// longest is how many letters of a word count: more is no word that people type.
const longest = 40

// passed are words that stand in nearly everything and say nothing of it. They are few:
// "it" may be the IT course, and "after" is half of "looked after".
var passed = map[string]bool{"a": true, "an": true, "and": true, "at": true, "by": true, "for": true, "in": true,
	"of": true, "on": true, "or": true, "the": true, "to": true, "with": true}

// words splits a text: at all that is no letter or digit, except apostrophes, which
// are left out, so that children's, children’s and childrens are one word.
func words(text string) []word {
	var out []word
	start := -1
	end := func(at int) {
		if start < 0 {
			return
		}
		folded := strings.ReplaceAll(names.Fold(text[start:at]), "'", "")
		if utf8.RuneCountInString(folded) > longest {
			folded = string([]rune(folded)[:longest])
		}
		if folded != "" {
			out = append(out, word{folded, english.Stem(folded, true), start, at})
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
		case start >= 0 && (unicode.IsMark(r) || unicode.Is(unicode.Cf, r) || names.Fold(string(r)) == "'"):
		default:
			end(i)
		}
	}
	end(len(text))
	return out
}

// stemsOf gives the stems of texts, each once and without those passed over.
func stemsOf(texts ...string) []string {
	var out []string
	for _, t := range texts {
		for _, w := range words(t) {
			if !passed[w.text] {
				out = append(out, w.stem)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A class stands for who may find a document of a kind.
type class string

func classOf(kind string, permission web.Permission, scope string) class {
	sum := sha256.Sum256([]byte(kind + "\x00" + string(permission) + "\x00" + scope))
	return class(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5])))
}

// Where a stem stands in a document.
const (
	inTitle  = "t"
	anywhere = "w"
)

// stem is how the index keeps a stem of a class: of a to z and 0 to 9 only, whatever
// language a word is of.
func (c class) stem(where, stem string) string {
	var b strings.Builder
	b.WriteString(string(c) + where)
	for _, r := range stem {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "x%05x", r)
		}
	}
	return b.String()
}

// mostStems is how many stems of a document are kept: a long report chapter has some
// 2,000.
const mostStems = 20_000

// indexed gives a document's stems as the index keeps them.
func (d Document) indexed() string {
	c := classOf(d.Kind, d.Permission, d.Scope)
	var out []string
	for _, s := range stemsOf(d.Title) {
		out = append(out, c.stem(inTitle, s))
	}
	for _, s := range stemsOf(d.Title, d.Details, d.Body) {
		out = append(out, c.stem(anywhere, s))
	}
	return strings.Join(out[:min(len(out), mostStems)], " ")
}

// shortest is how long a word is at least that another may be a misspelling of.
const shortest = 4

// vocabulary gives the words of a document that may be offered in the place of a
// misspelt one.
func (d Document) vocabulary() []string {
	var out []string
	for _, t := range []string{d.Title, d.Details, d.Body} {
		for _, w := range words(t) {
			if utf8.RuneCountInString(w.text) >= shortest && !strings.ContainsFunc(w.text, unicode.IsDigit) {
				out = append(out, w.text)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), mostStems)]
}
