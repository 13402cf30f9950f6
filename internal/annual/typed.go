package annual

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// A number typed into a text goes stale and proves nothing. The author is warned
// of every number that one of the report's figures already states, and of any
// other from 10 up, unless the words around it show that it names something (a
// date, an age, a page, a section, a telephone) rather than counts it.

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
	`\b(?:pages?|sections?|regulations?|articles?|chapters?|parts?|annex|appendix|versions?|stages?|levels?|tables?|standards?|years?|steps?|phases?|paragraphs?|volumes?|schedules?|tiers?|rooms?|group|groups)(?: \d+[a-z]?\b)(?:(?:, ?| and | to |/|-|–)\d+[a-z]?\b)*`,
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

var digits = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?(?: ?%| per cent)?`)

// typed warns of the numbers in the texts that the report's figures state, or
// that nothing vouches for.
func typed(texts []prose, l *ledger) []Problem {
	stated := map[string]*entry{}
	for _, key := range slices.Sorted(maps.Keys(l.entries)) {
		e := l.entries[key]
		if e.err != nil || len(e.uses) == 0 {
			continue
		}
		for _, v := range e.values {
			if n := shown(v, 0); stated[n] == nil {
				stated[n] = e
			}
		}
	}
	var out []Problem
	for _, p := range texts {
		// What names something is blanked out, so that places stay the same.
		text := names.ReplaceAllStringFunc(p.text, func(s string) string { return strings.Repeat(" ", len(s)) })
		for _, at := range digits.FindAllStringIndex(text, -1) {
			number := strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(text[at[0]:at[1]], " per cent", "%"), " %", "%"),
				",")
			w := &writer{place: p.place}
			switch e := stated[number]; {
			case e != nil:
				w.problem(Warning, p.line(at[0]), wrong("Write "+ask(e)+".", "%s is typed, where %s states it.", number, e.def.ID))
			case value(number) >= 10:
				w.problem(Warning, p.line(at[0]),
					wrong("Use a figure, or take the number out, so that the report says only what its records show.",
						"%s is typed, and no record vouches for it.", number))
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

// fewChildren finds a count of so few children that it is asked about, in words or not.
// What says how old children are, or how many of every so many, counts none.
var fewChildren = regexp.MustCompile(`(?i)(?:^|[^-\w])((?:one|two|three|four|five|[1-5])(?: (?:more|other|young|younger|older|` +
	`local|looked[- ]after|disabled|unborn|of the|of our|of these|of those)){0,2} ` +
	`(?:child(?:ren)?|bab(?:y|ies)|infants?|toddlers?|boys?|girls?|siblings?|teenagers?|adolescents?|` +
	`young (?:people|person|persons)|young (?:men|man|women|woman)|pupils?|care leavers?))\b`)

func value(number string) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSuffix(number, "%"), ",", ""), 64)
	if err != nil {
		return 0
	}
	return v
}

// ask writes the directive that shows an entry.
func ask(e *entry) string {
	d := directive{Verb: "figure", ID: e.def.ID}
	if e.ask.At.IsZero() {
		d.Args = settings{{"period", e.ask.Period.String()}}
	} else {
		d.Args = settings{{"at", e.ask.At.String()}}
	}
	for _, k := range slices.Sorted(maps.Keys(e.ask.Where)) {
		d.Args = append(d.Args, setting{k, e.ask.Where[k]})
	}
	if e.ask.By != "" {
		return fmt.Sprintf("%s and name the %s", d, e.ask.By)
	}
	return d.String()
}

// A prose is the running text of one block, for finding numbers typed in it.
type prose struct {
	place   place
	heading bool
	text    string
	spots   []spot
}

// A spot says on which line a part of a prose begins.
type spot struct{ at, line int }

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
			p.spots = append(p.spots, spot{b.Len(), lines.of(n.Segment.Start)})
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
