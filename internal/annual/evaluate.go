package annual

import (
	"context"
	"errors"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
)

// A writer turns texts into HTML for one kind of page, and gathers what is wrong
// with them.
type writer struct {
	year     period.Year
	ledger   *ledger
	blocks   *template.Template
	linked   bool   // figures lead to their pages; a preview has none
	fixes    string // where the text is mended, for whoever reads a draft; "" where nobody mends
	place    place
	problems []Problem
	slots    []template.HTML
	prose    []prose
	data     []dataFile
	anchors  map[string]int // ids of the page, and how often each was wanted
	hides    []error        // of the directive or block at hand: what readers are not shown, which its author has to know
}

// problem notes what is wrong on a line.
func (w *writer) problem(severity Severity, line int, err error) {
	p := Problem{Severity: severity, Part: w.place.Part, Chapter: w.place.Slug, Title: w.place.Title, Line: line,
		Text: err.Error()}
	if said, ok := err.(*wording); ok {
		p.Text, p.Fix = said.text, said.fix
	}
	w.problems = append(w.problems, p)
}

// definition finds a figure, or says which it could be.
func (w *writer) definition(ctx context.Context, id string) (*figure.Definition, error) {
	d, err := w.ledger.figures.Get(ctx, id)
	if err == nil {
		return d, nil
	} else if !errors.Is(err, figure.ErrUnknown) {
		return nil, &fault{err}
	}
	all, err := w.ledger.figures.All(ctx)
	if err != nil {
		return nil, &fault{err}
	}
	var near []string
	for _, x := range all {
		if alike(id, x.ID) {
			near = append(near, x.ID)
		}
	}
	if len(near) == 0 {
		return nil, wrong("Find it in the list of figures.", "There is no figure “%s”.", id)
	}
	return nil, wrong(fmt.Sprintf("Perhaps you mean %s.", lang.JoinOr(near[:min(len(near), 5)])),
		"There is no figure “%s”.", id)
}

// alike is true of ids with a word in common.
func alike(a, b string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	}
	for _, x := range split(b) {
		if slices.ContainsFunc(split(a), func(y string) bool {
			return len(x) > 2 && len(y) > 2 && (strings.HasPrefix(x, y) || strings.HasPrefix(y, x))
		}) {
			return true
		}
	}
	return false
}

// entry asks the ledger and notes that this chapter shows the answer.
func (w *writer) entry(ctx context.Context, d *figure.Definition, ask figure.Ask) (*entry, error) {
	e, err := w.ledger.find(ctx, d, ask)
	if err != nil {
		return nil, &fault{err}
	}
	if e.err != nil {
		return nil, e.err
	}
	if ask.By == "" && len(e.values) != 1 {
		return nil, &fault{fmt.Errorf("figure %s gave %d values and not one", d.ID, len(e.values))}
	}
	e.used(w.place)
	if said := hides(e); said != nil {
		w.hides = append(w.hides, said)
	}
	return e, nil
}

// A fault is an error that no author can fix; it stops the build.
type fault struct{ err error }

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// ownTime is what a directive without period or date means: the report's year.
func (w *writer) ownTime(d *figure.Definition) figure.Ask {
	if d.Kind == figure.Cumulative {
		return figure.Ask{At: w.year.End()}
	}
	return figure.Ask{Period: w.year.Span()}
}

// time reads a period or a date from two settings.
func (w *writer) time(d *figure.Definition, span, at string) (figure.Ask, error) {
	switch {
	case span != "" && at != "":
		return figure.Ask{}, wrong("Keep one of period and at.", "The figure's time is said twice.")
	case at != "":
		day, err := period.ParseAnyDate(at)
		if err != nil {
			return figure.Ask{}, wrong(`Write at="2024-03-31".`, "“%s” is not a date.", at)
		}
		return figure.Ask{At: day}, nil
	case span != "":
		s, err := period.Parse(span)
		if err != nil {
			return figure.Ask{}, wrong("", "%s.", lang.Sentence(err.Error()))
		}
		return figure.Ask{Period: s}, nil
	}
	return w.ownTime(d), nil
}

// where reads the settings that narrow a figure: all that are not among known.
func where(d *figure.Definition, s settings, known []string, ask *figure.Ask) error {
	for _, a := range s {
		if slices.Contains(known, a.Key) {
			continue
		}
		if _, ok := d.Dimension(a.Key); !ok {
			var ids []string
			for _, x := range d.Dimensions {
				ids = append(ids, x.ID)
			}
			if len(ids) == 0 {
				return wrong("Take it out.", "%s cannot be narrowed by %s: it has no dimensions.", d.ID, a.Key)
			}
			return wrong(fmt.Sprintf("It can be narrowed by %s.", lang.JoinOr(ids)), "%s cannot be narrowed by %s.", d.ID, a.Key)
		}
		if ask.Where == nil {
			ask.Where = map[string]string{}
		}
		ask.Where[a.Key] = a.Value
	}
	return nil
}

// The settings of each directive that are not dimensions.
var (
	figureKeys = []string{"period", "at", "as", "places"}
	changeKeys = []string{"period", "at", "since", "as"}
	listKeys   = []string{"period", "at", "by"}
)

// inline answers a directive in a sentence.
func (w *writer) inline(ctx context.Context, d directive, linked bool) (template.HTML, error) {
	def, err := w.definition(ctx, d.ID)
	if err != nil {
		return "", err
	}
	ask, err := w.time(def, d.Args.get("period"), d.Args.get("at"))
	if err != nil {
		return "", err
	}
	switch d.Verb {
	case "change":
		return w.change(ctx, def, ask, d.Args, linked)
	case "list":
		e, names, err := w.names(ctx, def, ask, d.Args)
		if err != nil {
			return "", err
		}
		if e.ask.By == "" {
			return w.datum(e, e.one().Raw(), "", lang.Join(names), linked), nil
		}
		for i := range names {
			names[i] = inSentence(names[i])
		}
		return w.datum(e, fmt.Sprint(len(names)), "list", lang.Join(names), linked), nil
	}
	if err := where(def, d.Args, figureKeys, &ask); err != nil {
		return "", err
	}
	e, err := w.entry(ctx, def, ask)
	if err != nil {
		return "", err
	}
	v := e.one()
	text := v.Shown(places(d.Args))
	if words := d.Args.get("as"); words != "" {
		if !v.Known() {
			return "", wrong("Take the words out.", "There is no number to hold “%s” to: the figure is %s.", words, text)
		}
		if n, ok := v.Count(); ok && inWords.MatchString(words) && !v.Ratio() {
			words = lang.Words(int(n))
		}
		if err := checkWords(words, v.Number(), v.Ratio(), v.Shown(1)); err != nil {
			return "", err
		}
		text = words
	}
	return w.datum(e, v.Raw(), "", text, linked), nil
}

// change answers a change directive.
func (w *writer) change(ctx context.Context, def *figure.Definition, ask figure.Ask, s settings,
	linked bool) (template.HTML, error) {
	if s.get("since") == "" {
		return "", wrong(`Add since="…", such as since="2022-03-31" or since="2022-23".`,
			"A change needs an earlier time to compare with.")
	}
	since := figure.Ask{}
	var err error
	if ask.At.IsZero() && def.Kind != figure.Stock {
		since, err = w.time(def, s.get("since"), "")
	} else {
		since, err = w.sinceDay(def, s.get("since"))
	}
	if err != nil {
		return "", err
	}
	for _, a := range []*figure.Ask{&ask, &since} {
		if err := where(def, s, changeKeys, a); err != nil {
			return "", err
		}
	}
	now, err := w.entry(ctx, def, ask)
	if err != nil {
		return "", err
	}
	then, err := w.entry(ctx, def, since)
	if err != nil {
		return "", err
	}
	if !endOf(then.ask).Before(endOf(now.ask)) {
		return "", wrong("Name an earlier time in since.", "The time compared with is not earlier.")
	}
	a, b := then.one(), now.one()
	if !a.Known() || !b.Known() {
		return "", wrong("Take the directive out.", "There is no change to show: the figure was %s and is %s.", a.Shown(0),
			b.Shown(0))
	}
	m := move{from: a.Number(), to: b.Number(), ratio: b.Ratio(), since: then.ask, now: now.ask}
	text := m.sayChange()
	if words := s.get("as"); words != "" {
		if err := checkChange(words, m); err != nil {
			return "", err
		}
		text = words
	}
	size := fmt.Sprintf("%.0f", m.to-m.from)
	if m.ratio {
		size = lang.Decimal(m.to-m.from, 2)
	}
	return w.datum(now, size, "change", text, linked), nil
}

// sinceDay reads the earlier day of a stock: a date, or a year, whose last day
// is meant.
func (w *writer) sinceDay(def *figure.Definition, s string) (figure.Ask, error) {
	if y, err := period.ParseYear(s); err == nil {
		return figure.Ask{At: y.End()}, nil
	}
	return w.time(def, "", s)
}

// inSentence writes words as they stand inside a sentence: "local authority",
// but "NHS trusts".
func inSentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	second, _ := utf8.DecodeRuneInString(words[size:])
	if unicode.IsUpper(second) {
		return words
	}
	return string(unicode.ToLower(first)) + words[size:]
}

// names answers a list directive: the names of what a list counts, or the values
// of a dimension that have something to count.
func (w *writer) names(ctx context.Context, def *figure.Definition, ask figure.Ask, s settings) (*entry, []string,
	error) {
	ask.By = s.get("by")
	if err := where(def, s, listKeys, &ask); err != nil {
		return nil, nil, err
	}
	if _, ok := def.Dimension(ask.By); ask.By != "" && !ok {
		return nil, nil, wrong("", "%s cannot be cut by %s.", def.ID, ask.By)
	}
	e, err := w.entry(ctx, def, ask)
	if err != nil {
		return nil, nil, err
	}
	if slices.ContainsFunc(e.values, release.Value.Hidden) {
		return nil, nil, wrong("Take the list out.", "%s has very few to name, who are children.", def.ID)
	}
	var names []string
	if ask.By == "" {
		names = e.one().Items()
	} else {
		dim, _ := def.Dimension(ask.By)
		for _, v := range e.values {
			if n, ok := v.Count(); ok && n > 0 {
				names = append(names, dim.Words(v.Dims[ask.By]))
			}
		}
	}
	if len(names) == 0 {
		return nil, nil, wrong("Use {{figure …}} for its number.", "%s has no names to list %s.", def.ID, when(ask))
	}
	return e, names, nil
}

// datum is a figure in running text, leading to how it was worked out. role is
// "" for the figure itself, "change" for how far it moved, "list" for how many
// names are listed.
func (w *writer) datum(e *entry, value, role, text string, linked bool) template.HTML {
	var b strings.Builder
	if linked && w.linked {
		fmt.Fprintf(&b, `<a href="figures/%s.html">`, html.EscapeString(e.page))
	}
	b.WriteString(`<data class="in"`)
	if of := shareOf(e.values[0]); role == "" && of != "" { // paper says it in brackets
		fmt.Fprintf(&b, ` data-of="%s"`, html.EscapeString(of+", "+moment(e.ask)))
	}
	name := "data-figure"
	if role != "" {
		name = "data-" + role
	}
	fmt.Fprintf(&b, ` value="%s" %s="%s">%s</data>`, html.EscapeString(value), name, html.EscapeString(e.def.ID),
		html.EscapeString(text))
	if linked && w.linked {
		b.WriteString("</a>")
	}
	if e.ask.By == "" {
		b.WriteString(attested(e.one()))
	}
	return template.HTML(b.String())
}
