package release

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/sdc"
)

// A counted is a population: what is counted of one universe at one time, with the cuts of it
// that are published.
type counted struct {
	universe string
	def      *figure.Definition // that counts it, for words
	at       figure.Ask         // its time alone
	edition  int                // above 1 when what was published of it has been corrected
	total    int64
	cuts     []*cut
}

// A cut is a population in parts that add up to it.
type cut struct {
	dim   figure.Dimension
	codes []string // in the order of the records
	count map[string]int64
}

// Populations are named in the ledger as “cpp.open | 2024-03-31 | edition 2”; the first edition
// is not said.
const between = " | "

// base names a population without its edition.
func (p *counted) base() string { return baseName(p.universe, p.at) }

func baseName(universe string, at figure.Ask) string {
	if at.At.IsZero() {
		return universe + between + at.Period.String()
	}
	return universe + between + at.At.String()
}

// editionName names one edition of a population.
func editionName(base string, edition int) string {
	if edition <= 1 {
		return base
	}
	return fmt.Sprintf("%s%sedition %d", base, between, edition)
}

// readName takes the name of a population apart.
func readName(s string) (base, universe string, span period.Span, edition int, err error) {
	parts := strings.Split(s, between)
	if len(parts) < 2 || len(parts) > 3 {
		return "", "", span, 0, fmt.Errorf("%q names no population of a figure", s)
	}
	edition = 1
	if len(parts) == 3 {
		if _, err := fmt.Sscanf(parts[2], "edition %d", &edition); err != nil {
			return "", "", span, 0, fmt.Errorf("%q names no edition of a population", s)
		}
	}
	if _, err := period.ParseDate(parts[1]); err != nil { // else it is of a day, and no other time is a part of it
		if span, err = period.Parse(parts[1]); err != nil {
			return "", "", span, 0, fmt.Errorf("%q names no time of a population", s)
		}
	}
	return parts[0] + between + parts[1], parts[0], span, edition, nil
}

// A spot names a count within its population: its dimension and code, or nothing for the total.
type spot struct{ dim, code string }

func (s spot) codes() map[string]string {
	if s.dim == "" {
		return map[string]string{}
	}
	return map[string]string{s.dim: s.code}
}

// truth gives the count at a spot; ok is false where the population is not cut so.
func (p *counted) truth(s spot) (n int64, ok bool) {
	if s.dim == "" {
		return p.total, true
	}
	for _, c := range p.cuts {
		if c.dim.ID == s.dim {
			return c.count[s.code], true
		}
	}
	return 0, false
}

// whole is the dimension of a population that is published by its total only.
const whole = "all"

// Of a percentage whose counts no other figure gives: those that count, and the rest.
const (
	inPart       = "in part"
	inPartSuffix = " in part"
	isPart       = "counted"
	isRest       = "the rest"
)

// timeOf is an ask without what narrows it.
func timeOf(d *figure.Definition, ask figure.Ask) figure.Ask {
	if d.Kind == figure.Stock && ask.At.IsZero() {
		return figure.Ask{At: ask.Period.To}
	}
	return figure.Ask{Period: ask.Period, At: ask.At}
}

// gather finds the counts behind an answer about children.
func (c *Collection) gather(ctx context.Context, a *asked) error {
	if len(a.values) == 0 {
		return nil
	}
	of := a.values[0].Denominator
	switch {
	case of != nil && a.def.Share != nil:
		return c.gatherShare(ctx, a)
	case of != nil:
		p := c.add(&counted{universe: a.def.ID + inPartSuffix, def: a.def, at: timeOf(a.def, a.ask), total: *of})
		if len(p.cuts) == 0 {
			n := a.values[0].Numerator
			p.cuts = []*cut{{dim: figure.Dimension{ID: inPart}, codes: []string{isPart, isRest},
				count: map[string]int64{isPart: n, isRest: *of - n}}}
		}
		a.count, a.cut = p, inPart
		return nil
	}
	dim := a.ask.By
	for k := range a.ask.Where {
		dim = k
	}
	p, err := c.population(ctx, a.def, a.ask)
	if err != nil {
		return err
	}
	a.count, a.cut = p, dim
	if dim == "" {
		return nil
	}
	return c.divide(ctx, p, a.def, dim, a.ask.Sources)
}

// gatherShare finds the two counts that a percentage divides among those of another figure.
func (c *Collection) gatherShare(ctx context.Context, a *asked) error {
	share := a.def.Share
	d, err := c.figures.Get(ctx, share.Figure)
	if err != nil {
		return err
	}
	p, err := c.population(ctx, d, a.ask)
	if err != nil {
		return err
	}
	if err := c.divide(ctx, p, d, share.Dimension, a.ask.Sources); err != nil {
		return err
	}
	n, _ := p.truth(spot{share.Dimension, share.Value})
	if v := a.values[0]; n != v.Numerator || p.total != *v.Denominator {
		return refuse("Look at what was imported for it.", "%s does not agree with %s, of which it is a share.",
			a.def.ID, d.ID)
	}
	a.count, a.cut = p, share.Dimension
	return nil
}

// add keeps a population, once.
func (c *Collection) add(p *counted) *counted {
	if known := c.counts[p.base()]; known != nil {
		return known
	}
	c.counts[p.base()] = p
	c.names = append(c.names, p.base())
	return p
}

// population finds what a figure counts at the time of an ask.
func (c *Collection) population(ctx context.Context, d *figure.Definition, ask figure.Ask) (*counted, error) {
	at := timeOf(d, ask)
	universe := d.Universe
	if universe == "" {
		universe = d.ID
	}
	if p := c.counts[baseName(universe, at)]; p != nil {
		return p, nil
	}
	v, err := c.figures.One(ctx, d.ID, figure.Ask{Period: at.Period, At: at.At, Sources: ask.Sources})
	if err != nil {
		return nil, err
	}
	return c.add(&counted{universe: universe, def: d, at: at, total: v.Numerator}), nil
}

// divide cuts a population by a dimension, unless that has been done.
func (c *Collection) divide(ctx context.Context, p *counted, d *figure.Definition, by string, sources bool) error {
	if slices.ContainsFunc(p.cuts, func(x *cut) bool { return x.dim.ID == by }) {
		return nil
	}
	dim, ok := d.Dimension(by)
	if !ok {
		return fmt.Errorf("figure %s has no dimension %s", d.ID, by)
	}
	at := p.at
	at.By, at.Sources = by, sources
	values, err := c.figures.Compute(ctx, d.ID, at)
	if err != nil {
		return err
	}
	out := &cut{dim: dim, count: map[string]int64{}}
	sum, most := int64(0), int64(0)
	for _, v := range values {
		code := v.Dims[by]
		out.codes = append(out.codes, code)
		out.count[code] += v.Numerator
		sum, most = sum+v.Numerator, max(most, out.count[code])
	}
	switch {
	case sum != p.total:
		return refuse("Take it out and show the total.", "The records of %s %s do not say of every one which %s it is, "+
			"so it cannot be published by that.", d.ID, whenWords(at), strings.ToLower(dim.Title))
	case dim.Sensitive && most == sum && sum > 0:
		return refuse("Take it out and show the total.", "Everybody whom %s counts %s has the same %s. Whoever knows of a "+
			"child that it is counted would know this of the child.", d.ID, whenWords(at), strings.ToLower(dim.Title))
	}
	p.cuts = append(p.cuts, out)
	return nil
}

func whenWords(at figure.Ask) string {
	if at.At.IsZero() {
		return "in " + at.When()
	}
	return "on " + at.When()
}

// title names a table of a population, for people: "Children looked after by placement, 31 March 2024".
func (p *counted) title(c *cut) string {
	s := p.def.Title
	if c != nil && c.dim.Title != "" {
		s += " by " + strings.ToLower(c.dim.Title)
	}
	return s + ", " + p.at.When()
}

// label names a count of a table for people.
func (c *cut) label(code string) string {
	if code == sdc.Total {
		return "Total"
	}
	return lang.Sentence(c.dim.Words(code))
}

// tables are the population as disclosure control takes it.
func (p *counted) tables() []sdc.Table {
	name := editionName(p.base(), p.edition)
	if len(p.cuts) == 0 {
		return []sdc.Table{{Name: p.title(nil), Population: name, Dimensions: []sdc.Dimension{{Name: whole}},
			Cells: []sdc.Cell{{Codes: []string{sdc.Total}, Count: p.total}}}}
	}
	var out []sdc.Table
	for _, c := range p.cuts {
		t := sdc.Table{Name: p.title(c), Population: name, Dimensions: []sdc.Dimension{{Name: c.dim.ID}}}
		for _, code := range c.codes {
			t.Cells = append(t.Cells, sdc.Cell{Codes: []string{code}, Count: c.count[code]})
		}
		out = append(out, t)
		last := &out[len(out)-1]
		last.Cells = append(last.Cells, sdc.Cell{Codes: []string{sdc.Total}, Count: p.total})
	}
	return out
}

// spotOf gives the spot of a cell of a table.
func spotOf(t *sdc.Table, c *sdc.Cell) spot {
	if c.Codes[0] == sdc.Total {
		return spot{}
	}
	return spot{t.Dimensions[0].Name, c.Codes[0]}
}

// topped is the percentage that a share of nearly all is said to be, or more: so that those
// left out can still be any of the few that are hidden. 0 where it is not topped.
func (p *counted) topped() int64 {
	rest, ok := p.truth(spot{inPart, isRest})
	const few, most = figure.SmallBelow - 1, 90
	if !ok || rest < 1 || rest > few || p.total < 1 {
		return 0
	}
	if at := 100 * (p.total - few) / p.total; at >= most {
		return at
	}
	return 0
}

// fact is what a topped percentage tells of the rest.
func (p *counted) fact() (sdc.Fact, bool) {
	top := p.topped()
	if top == 0 {
		return sdc.Fact{}, false
	}
	ref := sdc.Ref{Population: editionName(p.base(), p.edition), Codes: spot{inPart, isRest}.codes()}
	return sdc.Fact{Name: p.title(nil) + ", at least", Parts: []sdc.Part{{Ref: ref, Factor: 1}}, Low: 1,
		High: p.total - (top*p.total+99)/100}, true
}
