// Package figure says what a figure is.
//
// A Definition tells in plain English what is counted and over what, and
// computes it: there is no second way to count. Rooms offer definitions; a
// Registry holds them all and answers Asks. What comes back is a Value with its
// numerator and denominator, the rows read and the imports it came from, so that
// whoever shows the number can also show how it was worked out.
package figure

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"kith/internal/kit/period"
)

// A Kind says how a figure stands in time.
type Kind string

// The kinds. A flow is counted over a period; a stock is how many there are at
// the end of a day; a cumulative figure is everything up to the end of a day,
// and can also be asked over a period; a list is a flow whose members have names.
const (
	Flow       Kind = "flow"
	Stock      Kind = "stock"
	Cumulative Kind = "cumulative"
	List       Kind = "list"
)

// A Protection says whom a figure is about, and so what may be published.
type Protection string

// The protections. Counts of children are published by their total only, until
// disclosure control judges the rest; counts of staff by setting are for the
// partnership; what the partnership did is open.
const (
	Child Protection = "child"
	Staff Protection = "staff"
	Open  Protection = "open"
)

// A Dimension is something a figure may be cut by.
type Dimension struct {
	ID    string // such as "sector"
	Title string // such as "Sector"
	// Label gives the words for a value; nil shows the value itself.
	Label func(value string) string
	// Public says that a public report may show this cut.
	Public bool
}

// Words gives the words for one of the dimension's values.
func (d Dimension) Words(value string) string {
	if d.Label == nil {
		return value
	}
	return d.Label(value)
}

// A Definition is one figure: what it means, and how it is computed.
type Definition struct {
	ID     string // such as "training.attendances"; a contract, never reused
	Title  string // such as "Training attendances"
	Counts string // what is counted, a sentence or two for somebody who does not know the field
	// Numerator and Denominator say what a ratio divides; Numerator is empty for
	// a count.
	Numerator, Denominator string
	Unit                   string // what the number counts: "attendances"; "%" for a percentage
	Kind                   Kind
	Protection             Protection
	Source                 string // the records or the standard it comes from
	Edition                string // the edition of that standard
	Watch                  string // what a reader could misunderstand
	Version                int    // counts up when the definition changes
	Since                  string // the first year this version is used for
	Dimensions             []Dimension
	// Compute answers an Ask that the Registry has checked. Without By it gives
	// one value; with By one for each value of the dimension, in the order to
	// show them.
	Compute func(ctx context.Context, ask Ask) ([]Value, error)
}

// Dimension finds one of the dimensions by its id.
func (d *Definition) Dimension(id string) (Dimension, bool) {
	i := slices.IndexFunc(d.Dimensions, func(x Dimension) bool { return x.ID == id })
	if i < 0 {
		return Dimension{}, false
	}
	return d.Dimensions[i], true
}

// IsRatio reports whether the figure is a percentage of a denominator.
func (d *Definition) IsRatio() bool { return d.Unit == "%" }

// An Ask is one question: over a Period or at a date (one of the two), narrowed
// by Where (dimension id to value), cut by By.
type Ask struct {
	Period period.Span
	At     period.Date
	Where  map[string]string
	By     string
}

// When writes the ask's period or date as people read it.
func (a Ask) When() string {
	if a.At.IsZero() {
		if y, ok := a.Period.Year(); ok {
			return y.String()
		}
		return a.Period.Words()
	}
	return a.At.Words()
}

// An Input is a file that a value was computed from.
type Input struct {
	Import string `json:"import"` // id of the import
	Kind   string `json:"kind"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// A Value is a figure's answer.
type Value struct {
	Definition *Definition
	Ask        Ask
	Dims       map[string]string // where the value stands: the Ask's Where, and By's value
	// Numerator is the count, or what a ratio divides; Denominator is nil for a
	// count.
	Numerator   int64
	Denominator *int64
	Rows        int64    // rows read to compute it
	Items       []string // the names of what was counted, for a list
	Inputs      []Input
	Note        string // what is to be said of this value alone
	Attested    string // how it is known, when it was attested and not computed
}

// Known reports whether the value is a number: a ratio over nothing is not.
func (v Value) Known() bool { return v.Denominator == nil || *v.Denominator != 0 }

// Number gives the count, or the percentage from 0 to 100.
func (v Value) Number() float64 {
	switch {
	case v.Denominator == nil:
		return float64(v.Numerator)
	case *v.Denominator == 0:
		return math.NaN()
	}
	return 100 * float64(v.Numerator) / float64(*v.Denominator)
}

// Of makes a count.
func Of(n int64) Value { return Value{Numerator: n} }

// Ratio makes a percentage.
func Ratio(n, of int64) Value { return Value{Numerator: n, Denominator: &of} }

// At puts the value at one value of a dimension.
func (v Value) At(dim, value string) Value {
	dims := map[string]string{dim: value}
	for k, x := range v.Dims {
		dims[k] = x
	}
	v.Dims = dims
	return v
}

// ErrUnknown is returned for a figure that no room offers.
var ErrUnknown = errors.New("unknown figure")

// A NotHeld says that the records cannot answer an ask, and what they can.
type NotHeld struct{ Words string }

func (e *NotHeld) Error() string { return e.Words }

// A BadAsk says what is wrong with an ask, in words for the person who asked.
type BadAsk struct{ Words string }

func (e *BadAsk) Error() string { return e.Words }

// A Registry holds every figure of the installation.
type Registry struct {
	byID map[string]*Definition
	// More, when set, gives the figures that are not known when the program
	// starts, because people define them: the attested ones.
	More func() ([]Definition, error)
}

// NewRegistry makes a registry of definitions. It panics on a definition without
// id or compute, or with the id of another: that is a fault of the program.
func NewRegistry(defs ...Definition) *Registry {
	r := &Registry{byID: map[string]*Definition{}}
	for _, d := range defs {
		if d.ID == "" || d.Compute == nil || d.Counts == "" || d.Protection == "" || d.Kind == "" || r.byID[d.ID] != nil {
			panic("figure " + d.ID + " is incomplete or defined twice")
		}
		r.byID[d.ID] = &d
	}
	return r
}

// Get finds a definition by its id, or returns ErrUnknown.
func (r *Registry) Get(id string) (*Definition, error) {
	if d := r.byID[id]; d != nil {
		return d, nil
	}
	more, err := r.more()
	if err != nil {
		return nil, err
	}
	for i := range more {
		if more[i].ID == id {
			return &more[i], nil
		}
	}
	return nil, fmt.Errorf("%w %q", ErrUnknown, id)
}

func (r *Registry) more() ([]Definition, error) {
	if r.More == nil {
		return nil, nil
	}
	return r.More()
}

// All lists the definitions by id. Those that people defined are left out while
// they cannot be read.
func (r *Registry) All() []*Definition {
	var out []*Definition
	for _, d := range r.byID {
		out = append(out, d)
	}
	more, _ := r.more()
	for i := range more {
		out = append(out, &more[i])
	}
	slices.SortFunc(out, func(a, b *Definition) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Compute answers an ask. A stock asked over a period is given as at its last
// day. Errors are ErrUnknown, a *BadAsk, a *NotHeld, or the store's.
func (r *Registry) Compute(ctx context.Context, id string, ask Ask) ([]Value, error) {
	d, err := r.Get(id)
	if err != nil {
		return nil, err
	}
	if ask, err = d.check(ask); err != nil {
		return nil, err
	}
	values, err := d.Compute(ctx, ask)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", id, err)
	}
	for i := range values {
		values[i].Definition, values[i].Ask = d, ask
		dims := map[string]string{}
		for k, x := range ask.Where {
			dims[k] = x
		}
		for k, x := range values[i].Dims {
			dims[k] = x
		}
		values[i].Dims = dims
	}
	return values, nil
}

// One answers an ask without By, which has a single value.
func (r *Registry) One(ctx context.Context, id string, ask Ask) (Value, error) {
	ask.By = ""
	values, err := r.Compute(ctx, id, ask)
	if err != nil {
		return Value{}, err
	}
	if len(values) != 1 {
		return Value{}, fmt.Errorf("figure %s gave %d values and not one", id, len(values))
	}
	return values[0], nil
}

func (d *Definition) check(ask Ask) (Ask, error) {
	if ask.At.IsZero() == ask.Period.IsZero() {
		return ask, &BadAsk{fmt.Sprintf("ask for %s over a period (2023-24) or at a date (2024-03-31), one of the two", d.ID)}
	}
	if d.Kind == Stock && ask.At.IsZero() {
		ask.At, ask.Period = ask.Period.To, period.Span{}
	}
	if (d.Kind == Flow || d.Kind == List) && !ask.At.IsZero() {
		return ask, &BadAsk{fmt.Sprintf("%s is counted over a period, such as 2023-24, and not at a date", d.ID)}
	}
	ids := make([]string, 0, len(ask.Where)+1)
	for k := range ask.Where {
		ids = append(ids, k)
	}
	if ask.By != "" {
		ids = append(ids, ask.By)
	}
	slices.Sort(ids)
	for _, k := range ids {
		if _, ok := d.Dimension(k); !ok {
			return ask, &BadAsk{fmt.Sprintf("%s cannot be cut by %q; it can be cut by %s", d.ID, k, d.dimensionIDs())}
		}
	}
	return ask, nil
}

func (d *Definition) dimensionIDs() string {
	var out []string
	for _, x := range d.Dimensions {
		out = append(out, x.ID)
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", ")
}
