// Package release is the one way by which a number about a child leaves the program.
//
// A publication is made in two passes. In the first everything that it shows is asked of a
// Collection, which gives places for values and no number about a child. Close then puts
// all the counts behind them together as one release of package sdc, with everything that
// was released before (the Ledger), hides what has to be hidden, and judges what is left as
// a reader would. In the second pass the same is asked of the Release, which gives Values: a
// Value has no field for what is hidden of it, so that no text, picture, order or file that
// is made of one can give it away.
//
// Whole tables are protected, never single cells: where a text names one category, all of
// that cut are judged, and go into the ledger, as if they had been printed. A percentage is
// judged as the counts that it divides. Counts are tied to each other by what their figures
// declare (figure.Definition: Universe, Share, Identities) and by time: a year less eleven
// months is the twelfth. Only what is tied is protected together, so that a change in one
// place does not change what is hidden in another.
package release

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

// Answers are where a publication asks for its values: a Collection in the first pass, a
// Release in the second.
type Answers interface {
	// Ask answers an ask. Errors are *figure.NotHeld, *figure.BadAsk, a *Refused and the store's.
	Ask(ctx context.Context, d *figure.Definition, ask figure.Ask) ([]Value, error)
}

// A Refused says why an ask cannot be published at all, and what can, in words for its author.
type Refused struct{ Words, Fix string }

func (e *Refused) Error() string { return e.Words }

func refuse(fix, format string, args ...any) error {
	return &Refused{Words: fmt.Sprintf(format, args...), Fix: fix}
}

// A Collection gathers what a publication asks for. It writes nothing.
type Collection struct {
	figures *figure.Snapshot
	asked   map[string]*asked
	order   []*asked // as they were asked
	counts  map[string]*counted
	names   []string // of counts, in the order in which they were needed
}

// An asked is the answer to one ask.
type asked struct {
	def    *figure.Definition
	ask    figure.Ask
	values []figure.Value
	err    error
	count  *counted // behind an answer about children
	cut    string   // the dimension of it that is shown; "" for the total
}

// Collect begins the first pass over a snapshot, which has to stand until Close.
func Collect(s *figure.Snapshot) *Collection {
	return &Collection{figures: s, asked: map[string]*asked{}, counts: map[string]*counted{}}
}

// Publishable refuses an ask that no report may show, whatever its numbers are.
func Publishable(d *figure.Definition, ask figure.Ask) error {
	cuts := slices.Sorted(maps.Keys(ask.Where))
	if ask.By != "" {
		cuts = append(cuts, ask.By)
		slices.Sort(cuts)
	}
	if d.Protection == figure.Child && len(cuts) > 1 {
		return refuse("Keep one of them.", "%s is about children, and is published by one thing at a time, not by %s.", d.ID,
			lang.Join(cuts))
	}
	for _, c := range cuts {
		dim, ok := d.Dimension(c)
		switch {
		case !ok:
		case d.Protection == figure.Child && len(Cuts(d)) == 0:
			return refuse(fmt.Sprintf("Take %s out and show the total.", c), "%s is about children, and is published by its "+
				"total only.", d.ID)
		case d.Protection == figure.Child && !(dim.Public && dim.Partitions):
			return refuse(fmt.Sprintf("Take %s out and show the total.", c), "%s is about children, and is not published by %s.",
				d.ID, strings.ToLower(dim.Title))
		case !dim.Public:
			return refuse(fmt.Sprintf("Take %s out.", c), "%s is not published by %s, since it could point to people.", d.ID,
				strings.ToLower(dim.Title))
		}
	}
	return nil
}

// Cuts gives the dimensions by which a figure is published.
func Cuts(d *figure.Definition) []figure.Dimension {
	return slices.DeleteFunc(slices.Clone(d.Dimensions), func(x figure.Dimension) bool {
		return !x.Public || d.Protection == figure.Child && !(x.Partitions && d.Universe != "")
	})
}

// Key writes an ask so that two that mean the same are the same.
func Key(id string, a figure.Ask) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%s|%s", id, a.Period, a.At, a.By)
	for _, k := range slices.Sorted(maps.Keys(a.Where)) {
		fmt.Fprintf(&b, "|%q=%q", k, a.Where[k])
	}
	return b.String()
}

// Ask notes what a publication shows, and answers with the places of the values; those about
// children have no number yet.
func (c *Collection) Ask(ctx context.Context, d *figure.Definition, ask figure.Ask) ([]Value, error) {
	key := Key(d.ID, ask)
	a := c.asked[key]
	if a == nil {
		a = &asked{def: d, ask: ask}
		if a.err = Publishable(d, ask); a.err == nil {
			a.values, a.err = c.figures.Compute(ctx, d.ID, ask)
		}
		if a.err == nil && d.Protection == figure.Child {
			a.err = c.gather(ctx, a)
		}
		if a.err != nil && !telling(a.err) {
			return nil, a.err
		}
		c.asked[key] = a
		c.order = append(c.order, a)
	}
	return a.places(), a.err
}

// telling reports whether an error is an answer to whoever asks, and not a failure.
func telling(err error) bool {
	var held *figure.NotHeld
	var bad *figure.BadAsk
	var refused *Refused
	return errors.As(err, &held) || errors.As(err, &bad) || errors.As(err, &refused)
}

// places are the values as far as they can be told before anything is protected.
func (a *asked) places() []Value {
	var out []Value
	for _, v := range a.values {
		if a.def.Protection == figure.Child {
			out = append(out, place(v))
			continue
		}
		out = append(out, open(v))
	}
	return out
}

// Alone answers an ask as if nothing else were published: what is too small by itself has no
// number. It is for pages of the workspace that help an author, and never for readers.
func Alone(ctx context.Context, s *figure.Snapshot, d *figure.Definition, ask figure.Ask) ([]Value, error) {
	if err := Publishable(d, ask); err != nil {
		return nil, err
	}
	values, err := s.Compute(ctx, d.ID, ask)
	var out []Value
	for _, v := range values {
		if v.Small() {
			out = append(out, place(v))
			continue
		}
		out = append(out, open(v))
	}
	return out, err
}

// Held lists the values of a dimension that the records have at the time of an ask.
func Held(ctx context.Context, s *figure.Snapshot, id string, ask figure.Ask, dim string) ([]string, error) {
	values, err := s.Compute(ctx, id, figure.Ask{Period: ask.Period, At: ask.At, By: dim})
	var out []string
	for _, v := range values {
		out = append(out, v.Dims[dim])
	}
	slices.Sort(out)
	return out, err
}
