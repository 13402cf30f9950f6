package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Part is a piece of a text; Hit says that the search found it.
type Part struct {
	Text string
	Hit  bool
}

// A marker knows the stems that a question asked for.
type marker map[string]bool

func newMarker(units []unit) marker {
	m := marker{}
	for _, u := range units {
		for _, stems := range u.alternatives {
			for _, s := range stems {
				m[s] = true
			}
		}
	}
	return m
}

// mark cuts a text where words begin and end that were found.
func (m marker) mark(text string) []Part {
	var out []Part
	at := 0
	for _, w := range words(text) {
		if !m[w.stem] || passed[w.text] {
			continue
		}
		if w.from > at {
			out = append(out, Part{Text: text[at:w.from]})
		}
		out = append(out, Part{text[w.from:w.to], true})
		at = w.to
	}
	if at < len(text) {
		out = append(out, Part{Text: text[at:]})
	}
	return out
}

func marked(parts []Part) bool { return slices.ContainsFunc(parts, func(p Part) bool { return p.Hit }) }

// around is how many letters of an excerpt stand before and after the first word that
// was found.
const around = 70

// excerpt gives the part of a text round the first word that was found; nothing where
// none was.
func (m marker) excerpt(text string) []Part {
	for _, w := range words(text) {
		if !m[w.stem] || passed[w.text] {
			continue
		}
		from, to := max(0, w.from-around), min(len(text), w.to+around)
		for from > 0 && !utf8.RuneStart(text[from]) {
			from--
		}
		for to < len(text) && !utf8.RuneStart(text[to]) {
			to++
		}
		before, after := "", ""
		if from > 0 {
			if i := strings.IndexFunc(text[from:w.from], unicode.IsSpace); i >= 0 {
				from += i + 1
			}
			before = "…"
		}
		if to < len(text) {
			if i := strings.LastIndexFunc(text[w.to:to], unicode.IsSpace); i >= 0 {
				to = w.to + i
			}
			after = "…"
		}
		return m.mark(before + strings.Join(strings.Fields(text[from:to]), " ") + after)
	}
	return nil
}
