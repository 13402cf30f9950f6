package annual

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// A number typed into a text goes stale and proves nothing. The author is warned of every
// number that is a figure's, and offered that figure (offers.go); of one that the records
// contradict; and of any other from 10 up, unless the words around it show that it names
// something (a date, an age, a page, a section, a telephone) rather than counts it.

const (
	months = `(?:January|February|March|April|May|June|July|August|September|October|November|December)`
	dash   = `[-–/]`
)

// names are the numbers that name things.
var names = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b\d{1,2}(?:st|nd|rd|th)?(?: (?:of )?` + months + `)(?: \d{4})?`, // 31 March 2024
	months + ` \d{4}\b`, // March 2024
	`\b(?:19|20)\d\d ?` + dash + ` ?(?:(?:19|20)\d\d|\d\d)\b`, // 2023-24
	`\b(?:19|20)\d\d\b`,      // 2024
	`\b\d+(?:st|nd|rd|th)\b`, // 21st
	// aged 16 to 25
	`\b(?:aged?|ages|from age|children under|children over)[ -]\d{1,2}(?: ?(?:to|and|` + dash + `) ?\d{1,2})?\b`,
	// under 18s
	`\b(?:under|over)[ -]\d{1,2}s\b|\bunder[ -](?:1|2|5|11|16|18|25)\b`,
	// 12 weeks
	`\b\d{1,2}(?: ?(?:to|and|` + dash +
		`) ?\d{1,2})?[- ](?:years?|months?|weeks?|days?|hours?|minutes?|working days?)(?:[- ]olds?)?\b`,
	`\b(?:pages?|sections?|regulations?|articles?|chapters?|paragraphs?|volumes?|schedules?|annex|appendix)` +
		`(?: \d{1,3}[a-z]?\b)(?:(?:, ?| and | to |/|-|–)\d{1,3}[a-z]?\b)*`,
	// no year is the 956th: “In the year 956 practitioners came”
	`\b(?:parts?|versions?|stages?|levels?|tables?|standards?|years?|steps?|phases?|tiers?|rooms?|groups?)` +
		`(?: \d{1,2}[a-z]?\b)(?:(?:, ?| and | to |/|-|–)\d{1,2}[a-z]?\b)*`,
	`\b(?:call|ring|phone|telephone|text|dial)(?: on)? [\d ]{3,}`,
	`\b0\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{3,4})?\b`,
	`\b(?:999|111|112|101)\b`,
	`\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b`,
	`\bper [\d,]+`,
	`\b(?:had|of|in every) 100\b`,
	`\b\d+ ?/ ?\d+\b`,
	`\b[a-z]+-?\d[\d./]*`, // GCP2, COVID-19, S11/175
	`\b\d+[a-z]+\b`,       // 3D
}, "|"))

var (
	aYear     = regexp.MustCompile(`^(?:19|20)\d\d$`)
	dated     = regexp.MustCompile(`(?i)\b(?:in|since|by|from|until|till|to|and|during|before|after|of|for|` + months + `)\s*$`)
	earlier   = regexp.MustCompile(`(?i)\byear before\b|\bprevious year\b|\blast year\b|\bearlier\b`)
	wordAfter = regexp.MustCompile(`^\s+([\pL’'-]+)`)
)

var digits = regexp.MustCompile(
	`\d[\d,]*(?:\.\d+)?(?: (?:hundred|thousand|million)\b)?(?: ?%| (?:per cent|percent)\b)?`)

// blanked gives a text of the same length without what names something. A number that looks
// like a year counts when what it would count stands right behind it and no date's word
// before it: “2014 practitioners”.
func blanked(text string, counted map[string]bool) string {
	out := []byte(text)
	for _, at := range names.FindAllStringIndex(text, -1) {
		if aYear.MatchString(text[at[0]:at[1]]) && !dated.MatchString(text[:at[0]]) {
			if m := wordAfter.FindStringSubmatch(text[at[1]:]); m != nil && counted[stem(m[1])] {
				continue
			}
		}
		for i := at[0]; i < at[1]; i++ {
			out[i] = ' '
		}
	}
	return string(out)
}

// A typedNumber is a number in running text.
type typedNumber struct {
	quantity
	at     int      // in the text of its prose, with the words before it that qualify it
	words  string   // as it is typed: "nearly 1,000"
	number string   // without what qualifies it: "1,000"
	kind   string   // of what qualifies it; "" for none
	before bool     // its text speaks of an earlier year
	after  []string // the words behind it, as stems
	// It is in words; and below ten, which words often say without counting: “one of them”.
	spelled, few bool
}

// numbersIn finds the numbers in a text that count something, in digits or in words.
func numbersIn(p prose, counted map[string]bool) []typedNumber {
	var out []typedNumber
	d := inDigits(p.text)
	text := blanked(d.text, counted)
	for _, at := range digits.FindAllStringIndex(text, -1) {
		typed := strings.TrimRight(text[at[0]:at[1]], ",")
		q, ok := readQuantity(fields(typed))
		if !ok {
			continue
		}
		from, to := d.written(at[0], false), d.written(at[0]+len(typed), true)
		number := p.text[from:to]
		m, spelled := d.numeral(at[0])
		n := typedNumber{quantity: q, at: from, number: number, words: number,
			before: earlier.MatchString(p.text), spelled: spelled, few: spelled && m.belowTen}
		before := strings.ToLower(p.text[:from])
		for _, x := range qualifiers {
			for _, w := range x.words {
				if i := len(before) - len(w) - 1; n.kind == "" && x.kind != "" && strings.HasSuffix(before, w+" ") &&
					(i == 0 || before[i-1] == ' ') {
					n.kind, n.at, n.words = x.kind, i, p.text[i:from]+number
				}
			}
		}
		rest, _, _ := strings.Cut(p.text[to:], ". ")
		for i, word := range strings.Fields(rest) {
			if i == 6 {
				break
			}
			n.after = append(n.after, stem(word))
		}
		out = append(out, n)
	}
	return out
}

// typed warns of the numbers in the texts that the records state, that they contradict, or
// that nothing vouches for. all are the figures that a number may mean.
func typed(texts []prose, all []*entry) []Problem {
	counted := countedWords(all)
	var out []Problem
	for _, p := range texts {
		for _, n := range numbersIn(p, counted) {
			w := &writer{place: p.place}
			meant := meantBy(n, all)
			var against *entry
			if len(meant) == 0 {
				against = contradicted(n, all)
			}
			switch {
			case len(meant) > 0:
				w.problem(Warning, p.line(n.at), itIs(n, meant))
			case against != nil:
				meant = []*entry{against}
				w.problem(Warning, p.line(n.at), wrong("Write "+n.directive(against)+".",
					"“%s %s” is typed. If it means %s, the records say %s.", n.words, wordBehind(p, n), known(against),
					against.one().Shown(n.places)))
			case n.value >= 10:
				w.problem(Warning, p.line(n.at),
					wrong("Use a figure, or take the number out, so that the report says only what its records show.",
						"%s is typed, and no record vouches for it.", n.written()))
			}
			for i := range w.problems {
				w.problems[i].Offers = offersFor(p, n, meant, against == nil)
			}
			out = append(out, w.problems...)
		}
		for _, found := range fewChildren.FindAllStringSubmatchIndex(p.text, -1) {
			at := found[2:4] // without what stands before it
			w := &writer{place: p.place}
			w.problem(Warning, p.line(at[0]), wrong("Leave it if it says nothing of children here; else use a figure, which "+
				"hides what is too small, or write it without the number.",
				"Does “%s” count children of the partnership’s? So few could be recognised.", p.text[at[0]:at[1]]))
			out = append(out, w.problems...)
		}
	}
	return out
}

// wordBehind is the word that a number counts, as it is typed.
func wordBehind(p prose, n typedNumber) string {
	m := wordAfter.FindStringSubmatch(p.text[n.at+len(n.words):])
	if m == nil {
		return ""
	}
	return m[1]
}

// fewChildren finds a count of so few children that it is asked about, in words or not.
// What says how old children are, or how many of every so many, counts none.
var fewChildren = regexp.MustCompile(`(?i)(?:^|[^-\w])((?:one|two|three|four|five|[1-5])(?: (?:more|other|young|younger|older|` +
	`local|looked[- ]after|disabled|unborn|of the|of our|of these|of those)){0,2} ` +
	`(?:child(?:ren)?|bab(?:y|ies)|infants?|toddlers?|boys?|girls?|siblings?|teenagers?|adolescents?|` +
	`young (?:people|person|persons)|young (?:men|man|women|woman)|pupils?|care leavers?))\b`)

// ask writes the directive that shows an entry.
func ask(e *entry) string {
	if e.ask.By != "" {
		return fmt.Sprintf("%s and name the %s", directiveOf(e), e.ask.By)
	}
	return directiveOf(e).String()
}

func directiveOf(e *entry) directive {
	d := directive{Verb: "figure", ID: e.def.ID}
	if e.ask.At.IsZero() {
		d.Args = settings{{"period", e.ask.Period.String()}}
	} else {
		d.Args = settings{{"at", e.ask.At.String()}}
	}
	for _, k := range slices.Sorted(maps.Keys(e.ask.Where)) {
		d.Args = append(d.Args, setting{k, e.ask.Where[k]})
	}
	return d
}

// A prose is the running text of one block, for finding numbers typed in it.
type prose struct {
	place   place
	heading bool
	text    string
	spots   []spot
}

// A spot says on which line, and where in the source, a part of a prose begins.
type spot struct{ at, line, source int }

// source gives where in the source a place in the prose is.
func (p prose) source(at int) int {
	from := 0
	for _, s := range p.spots {
		if s.at > at {
			break
		}
		from = s.source + at - s.at
	}
	return from
}

// line gives the line of a place in the prose.
func (p prose) line(at int) int {
	line := 1
	for _, s := range p.spots {
		if s.at > at {
			break
		}
		line = s.line
	}
	return line
}

// gather collects the running text of every block, without directives and code.
func (w *writer) gather(tree ast.Node, source []byte, lines lineIndex) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading, extast.KindTableCell:
			p := proseOf(n, source, lines, w.place)
			p.heading = n.Kind() == ast.KindHeading
			w.prose = append(w.prose, p)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

func proseOf(block ast.Node, source []byte, lines lineIndex, at place) prose {
	p := prose{place: at}
	var b strings.Builder
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			p.spots = append(p.spots, spot{b.Len(), lines.of(n.Segment.Start), n.Segment.Start})
			b.WriteString(textOf(n, source))
		case *ast.String:
			b.WriteString(textOf(n, source))
		case *directiveNode:
			b.WriteString(" ~ ")
		case *ast.CodeSpan, *ast.AutoLink:
			b.WriteString(" ~ ")
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	p.text = b.String()
	return p
}
