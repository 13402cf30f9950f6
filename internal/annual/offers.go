package annual

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/release"
)

// A number that an author typed and that is a figure's is offered that figure: one press
// puts the directive in its place. What is too small to be published is never offered, nor
// told by what it is not.

// An Offer is a figure that may be put in the place of a typed number, or words that are true
// in the place of those that are not.
type Offer struct {
	Key       string // names it among the offers of a text
	Title     string // of the figure: "Contacts received, in 2024-25"
	Directive string
	Sure      bool // no other figure is likely meant, so that it may be taken with others
	from, to  int  // in the text
	words     string
}

// contradicts is how near a typed number must be to a figure's to contradict it, as a
// part of the number: what is further away counts something else.
const contradicts = 0.25

// candidates are the figures that a typed number may mean: those the report shows, and
// every other in its year and the year before, whole or cut once as it may be published.
func (l *ledger) candidates(ctx context.Context, w *writer) ([]*entry, error) {
	var out []*entry
	seen := map[string]bool{}
	add := func(e *entry) {
		for _, v := range e.values {
			one := &entry{def: e.def, ask: e.ask, values: []release.Value{v}, uses: e.uses,
				own: endOf(e.ask) == w.year.End()}
			if e.ask.By != "" {
				one.ask.By, one.ask.Where = "", maps.Clone(e.ask.Where)
				if one.ask.Where == nil {
					one.ask.Where = map[string]string{}
				}
				one.ask.Where[e.ask.By] = v.Dims[e.ask.By]
			}
			if key := release.Key(e.def.ID, one.ask); !seen[key] && v.Known() {
				seen[key] = true
				out = append(out, one)
			}
		}
	}
	for _, e := range l.in() {
		add(e)
	}
	all, err := l.figures.All(ctx)
	if err != nil {
		return nil, err
	}
	others := newLedger(l.figures, alone{l.figures}, false) // what is only looked at is not in the report
	for _, d := range all {
		before := &writer{year: w.year - 1}
		asks := []figure.Ask{w.ownTime(d), before.ownTime(d)}
		for _, dim := range d.Dimensions {
			if cut := w.ownTime(d); dim.Public && d.Protection != figure.Child {
				cut.By = dim.ID
				asks = append(asks, cut)
			}
		}
		for _, ask := range asks {
			e := l.asked(d, ask)
			if e == nil {
				if e, err = others.find(ctx, d, ask); err != nil {
					return nil, err
				}
			}
			if e.err == nil {
				add(e)
			}
		}
	}
	return out, nil
}

// known names a value: "Contacts received, in 2024-25".
func known(e *entry) string { return heading(e) + ", " + when(e.ask) }

// written is the number as problems say it: "33%".
func (n typedNumber) written() string {
	if n.spelled {
		return "“" + n.number + "”"
	}
	return strings.NewReplacer(" per cent", "%", " percent", "%", " %", "%").Replace(n.number)
}

// directive writes what to put in the place of the number.
func (n typedNumber) directive(e *entry) string {
	d := directiveOf(e)
	if n.percent && n.places > 0 && n.kind == "" {
		d.Args = append(d.Args, setting{"places", fmt.Sprint(min(n.places, 2))})
	}
	if n.kind != "" && n.isTrueOf(e.one()) {
		d.Args = append(d.Args, setting{"as", strings.ToLower(n.words[:1]) + n.words[1:]})
	}
	if n.few && n.kind == "" && !n.percent {
		d.Args = append(d.Args, setting{"as", "in words"})
	}
	return d.String()
}

// isTrueOf reports whether the number, with what qualifies it, is true of a value.
func (n typedNumber) isTrueOf(v release.Value) bool {
	return n.percent == v.Ratio() && n.claim(n.kind).holds(v.Number())
}

// meantBy gives the figures that a number states, the likeliest first. One that the text
// does not speak of is meant only when the number is large enough not to be so by chance.
func meantBy(n typedNumber, all []*entry) []*entry {
	var out []*entry
	for _, e := range all {
		about := n.about(e)
		switch {
		case !n.isTrueOf(e.one()), n.few && about == 0:
		case len(e.uses) > 0 && (n.kind == "" || about > 0),
			n.value >= 10 && about > 0,
			n.kind == "" && n.value >= 100 && math.Mod(n.value, 100) != 0:
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(n.weight(b), n.weight(a)), cmp.Compare(len(a.ask.Where), len(b.ask.Where)))
	})
	return out[:min(len(out), 3)]
}

// weight says how likely a number means a figure.
func (n typedNumber) weight(e *entry) int {
	weight := 2 * n.about(e)
	if len(e.uses) > 0 {
		weight++
	}
	if e.own != n.before {
		weight++
	}
	return weight
}

// about counts the words behind the number that are the figure's own.
func (n typedNumber) about(e *entry) int {
	k := 0
	own := wordsOf(e.def.Title + " " + e.def.Unit)
	for _, word := range n.after {
		if own[word] {
			k++
		}
	}
	return k
}

// sure reports whether the first of the figures that a number may mean is the one.
func (n typedNumber) sure(meant []*entry) bool {
	return len(meant) == 1 || n.about(meant[0]) > 0 && n.weight(meant[0]) > n.weight(meant[1])
}

// itIs says which figure a number is.
func itIs(n typedNumber, meant []*entry) error {
	e := meant[0]
	if !n.sure(meant) {
		var titles []string
		for _, e := range meant {
			titles = append(titles, known(e))
		}
		return wrong("Choose the one it means.", "%s is typed. It may be %s.", n.written(), strings.Join(titles, "; or "))
	}
	counts := ""
	if unit := e.def.Unit; unit != "%" && n.about(e) == 0 {
		counts = "; it counts " + unit
	}
	return wrong("Write "+n.directive(e)+".", "%s is typed. It is %s%s.", n.written(), known(e), counts)
}

// contradicted finds the figure that a number speaks of and is not true of: the same thing
// is counted, and the number is near. Of several that count the same thing, the words behind
// the number must tell which. Nil when there is none.
func contradicted(n typedNumber, all []*entry) *entry {
	if n.percent || n.value < 10 || len(n.after) == 0 {
		return nil
	}
	alike := 0
	var best *entry
	for _, e := range all {
		v := e.one()
		words := strings.Fields(e.def.Unit)
		if v.Ratio() || len(e.ask.Where) > 0 || len(words) == 0 || stem(words[len(words)-1]) != n.after[0] {
			continue
		}
		if best == nil || best.def != e.def {
			alike++
		}
		far := math.Abs(v.Number() - n.value)
		if far > contradicts*n.value || n.about(e) < 1 {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(n.about(best), n.about(e)),
			cmp.Compare(far, math.Abs(best.one().Number()-n.value))) < 0 {
			best = e
		}
	}
	if best != nil && alike > 1 && n.about(best) < 2 {
		return nil
	}
	return best
}

// offersFor are the offers at one number.
func offersFor(p prose, n typedNumber, meant []*entry, bulk bool) []Offer {
	var out []Offer
	from := p.source(n.at)
	for i, e := range meant {
		d := n.directive(e)
		out = append(out, Offer{Key: fmt.Sprintf("%d.%d", from, i), Title: known(e), Directive: d,
			Sure: bulk && i == 0 && n.sure(meant), from: from, to: from + len(n.words), words: n.words})
	}
	return out
}

// offers are the true words in the place of a directive's.
func (e *wording) offers(n *directiveNode, d directive) []Offer {
	var out []Offer
	typed := "{{" + n.inside + "}}"
	for i, words := range e.instead {
		d := d
		d.Args = d.Args.with("as", words)
		out = append(out, Offer{Key: fmt.Sprintf("%d.%d", n.start, i), Title: "“" + words + "”", Directive: d.String(),
			from: n.start, to: n.start + len(typed), words: typed})
	}
	return out
}

// take puts figures in the places of typed numbers: the offer of a key, or with "all" every
// one that is sure. It gives the text and how many were put in.
func take(markdown string, problems []Problem, key string) (string, int) {
	var taken []Offer
	for _, p := range problems {
		for _, o := range p.Offers {
			if o.Key == key || key == "all" && o.Sure {
				taken = append(taken, o)
			}
		}
	}
	slices.SortFunc(taken, func(a, b Offer) int { return cmp.Compare(b.from, a.from) })
	n := 0
	for _, o := range taken {
		if o.to > len(markdown) || markdown[o.from:o.to] != o.words { // a line ends in it, say
			continue
		}
		markdown = markdown[:o.from] + o.Directive + markdown[o.to:]
		n++
	}
	return markdown, n
}

// sureOffers counts the offers that may be taken together.
func sureOffers(problems []Problem) int {
	n := 0
	for _, p := range problems {
		for _, o := range p.Offers {
			if o.Sure {
				n++
			}
		}
	}
	return n
}

// countedWords are what the figures count, as stems.
func countedWords(all []*entry) map[string]bool {
	out := map[string]bool{"people": true, "practitioner": true, "famil": true}
	for _, e := range all {
		for word := range wordsOf(e.def.Unit) {
			out[word] = true
		}
	}
	return out
}

// little are the words of titles that say nothing of what is counted.
var little = []string{"of", "the", "in", "and", "on", "by", "with", "to", "a", "an", "for", "at", "from", "or", "who",
	"were"}

// wordsOf gives the words of a text as stems.
func wordsOf(text string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		if s := stem(word); s != "" && !slices.Contains(little, strings.ToLower(word)) {
			out[s] = true
		}
	}
	return out
}

// stem makes a word comparable: "Families," is "famil".
func stem(word string) string {
	word = strings.ToLower(strings.Trim(word, ".,;:!?()“”‘’\"'-–"))
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(word, "s"), "ie"), "y")
}
