package annual

import (
	"errors"
	"strings"
	"unicode"

	"kith/internal/kit/lang"
)

// What a report must be to be published: it has content, which is at least one chapter with
// words of its own or a figure; no chapter and no section of the summary is left empty,
// since readers would find a heading with nothing under it; and there is no error. Warnings
// do not stop it.

// ErrUnfinished is returned for a report without content, or with an empty chapter.
var ErrUnfinished = errors.New("the report is not finished")

// A hold is what keeps a report from being published, with the way to it.
type hold struct {
	Words string
	Href  string
	Act   string // what to do, as a link; "" where the person may not
}

// extent is how much a chapter says.
type extent struct{ Words, Figures int }

// Empty reports whether a chapter says nothing.
func (e extent) Empty() bool { return e.Words == 0 && e.Figures == 0 }

// extent counts a chapter's words, without its headings, and the figures it shows.
func (b *build) extent(c Chapter) extent {
	var e extent
	at := place{c.Part, c.Slug, c.Title}
	for _, p := range b.prose {
		if p.place == at && !p.heading {
			e.Words += wordsIn(p.text)
		}
	}
	for _, x := range b.ledger.in() {
		for _, used := range x.uses {
			if used == at {
				e.Figures++
			}
		}
	}
	return e
}

// wordsIn counts what has a letter or a digit in it: what stands for a directive has not.
func wordsIn(text string) int {
	n := 0
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// errorsIn counts the errors of a chapter, and the warnings.
func (b *build) errorsIn(c Chapter) (errs, warnings int) {
	for _, p := range b.problems {
		if p.Part != c.Part || p.Chapter != c.Slug {
			continue
		}
		if p.Severity == Error {
			errs++
		} else {
			warnings++
		}
	}
	return errs, warnings
}

// holds lists what keeps the report from being published, in the order of its chapters.
func (b *build) holds() []hold {
	at := href(b.text.report.Year)
	content := false
	var out []hold
	for _, c := range b.text.chapters {
		e := b.extent(c)
		content = content || c.Part == PartReport && !e.Empty()
		name := "“" + c.Title + "”"
		if c.Part == PartSummary {
			name += " of the summary"
		}
		switch errs, _ := b.errorsIn(c); {
		case errs > 0:
			h := hold{Words: name + " has " + lang.Plural(errs, "error", "errors"), Href: chapterHref(c), Act: "Fix"}
			if errs > 1 {
				h.Href, h.Act = at+"/draft/", "See them"
			}
			out = append(out, h)
		case e.Empty():
			out = append(out, hold{name + " has no text: write it, or take it out", chapterHref(c), "Write it"})
		}
	}
	if !content {
		h := hold{"No chapter has words or a figure yet", at + "#report", ""}
		out = append([]hold{h}, out...)
	}
	return out
}

// ready gives ErrProblems or ErrUnfinished for a report that must not be published.
func (b *build) ready() error {
	switch {
	case Failing(b.problems):
		return ErrProblems
	case len(b.holds()) > 0:
		return ErrUnfinished
	}
	return nil
}
