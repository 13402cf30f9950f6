package release

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/kit/figure"
	"kith/sdc"
)

// A Release is what a publication may show, and the line of the ledger that says so. True
// counts are not in it.
type Release struct {
	Refusals []Refusal    // what cannot be made safe; with one, nothing may be published
	Hidden   []HiddenCell // what readers do not see, for whoever guards data

	answers  map[string]answer
	profile  sdc.Profile
	judged   int64 // the line of the ledger up to which it was judged
	printed  sdc.Release
	corrects bool
}

// An answer is what readers get of one ask.
type answer struct {
	values []Value
	err    error
}

// A HiddenCell is a count that readers do not see. Why tells small counts from others, and is
// for those who may see small counts.
type HiddenCell struct{ Table, Label, Why string }

// A Refusal is a group of tables that cannot be made safe, and the smallest change that would do.
type Refusal struct {
	Titles []string
	fix    fix
	keys   []string // of the asks that show it
}

// Of reports whether an ask shows what is refused.
func (r Refusal) Of(d *figure.Definition, ask figure.Ask) bool {
	return slices.Contains(r.keys, Key(d.ID, ask))
}

// Words say why nothing can be published, for an author.
func (r Refusal) Words() string {
	return fmt.Sprintf("Children could be worked out from %s, whatever is hidden.", titles(r.Titles))
}

// FixWords say the smallest change that would do.
func (r Refusal) FixWords() string {
	switch {
	case len(r.fix.titles) == 0:
		return "Take them out."
	case !r.fix.stays:
		return fmt.Sprintf("Take out %s.", titles(r.fix.titles))
	case len(r.fix.titles) == 1:
		return fmt.Sprintf("Take out %s; the total may stay.", titles(r.fix.titles))
	}
	return fmt.Sprintf("Take out %s; the totals may stay.", titles(r.fix.titles))
}

// Corrects reports whether a number that was printed before is another one now.
func (r *Release) Corrects() bool { return r.corrects }

// Ask answers from what is released. What was not collected is an error of the program, since
// nothing judged it.
func (r *Release) Ask(_ context.Context, d *figure.Definition, ask figure.Ask) ([]Value, error) {
	a, ok := r.answers[Key(d.ID, ask)]
	if !ok {
		return nil, fmt.Errorf("%s was not collected before it was shown", Key(d.ID, ask))
	}
	return a.values, a.err
}

// For gives everybody's words under a table: what the mark stands for, where it is there.
func For(values ...Value) string {
	if slices.ContainsFunc(values, Value.Hidden) {
		return Words
	}
	return ""
}
