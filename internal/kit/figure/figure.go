// Package figure says what a figure is.
//
// A Definition tells in plain English what is counted and over what, and
// computes it: there is no second way to count. Rooms offer definitions; a
// Registry holds them all and answers Asks over a Snapshot of the stores. What
// comes back is a Value with its numerator and denominator and, when asked for, the
// rows read and the imports it came from, so that whoever shows the number can also
// show how it was worked out.
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

// The protections. Counts of children are published through disclosure control
// (package release); counts of staff by setting are for the
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
	// Values lists the values there are for an Ask to be narrowed to; nil takes any.
	Values func(ctx context.Context, s *Snapshot, ask Ask) ([]string, error)
	// Names says that the values are names, however their letters are written.
	Names bool
	// Partitions says that whatever is counted has exactly one of the values, so that the
	// values add up to the total. Only such cuts of figures about children are published.
	Partitions bool
	// Sensitive says that a value tells something of a person, such as a harm: that all who
	// are counted have one value would tell it of each.
	Sensitive bool
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
	// Universe names what is counted, for disclosure control: counts of one universe at one
	// time are of the same children, or the same events. A figure about children without one
	// is published by its total only.
	Universe string
	// Share says which counts a percentage divides, where a figure gives them; else nothing
	// else that is published counts them.
	Share *Share
	// Identities hold between counts of this figure and of others at one time.
	Identities []Identity
	// Compute answers an Ask that the Registry has checked, from the stores as the
	// Snapshot has them, its Today, and nothing else: what is read elsewhere can
	// change without the remembered answer being forgotten. Without By it gives one value; with
	// By one for each value of the dimension, in the order to show them.
	Compute func(ctx context.Context, s *Snapshot, ask Ask) ([]Value, error)
}

// A Share is a part of another figure: its count where Dimension is Value, over its total.
type Share struct{ Figure, Dimension, Value string }

// An Identity says that its terms come to nothing, as in: in need − with a plan − without = 0.
type Identity []Term

// A Term is a count with its factor: the total of a figure or, without one, a Count that no
// figure gives, in words. Counts in the same words are the same count.
type Term struct {
	Factor int64
	Figure string
	Count  string
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
	// Sources asks for the Rows and Inputs of each value as well, which cost more
	// to find than the value: only where they are shown.
	Sources bool
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
	Rows        int64    // rows read to compute it, if the Ask wants Sources
	Read        int64    // rows read for all values of the Ask, where it is not the sum of their Rows
	Items       []string // the names of what was counted, for a list
	Inputs      []Input  // the files it came from, if the Ask wants Sources
	Note        string   // what is to be said of this value alone
	Makeup      []string // sentences on what is in the number and what is not, if the Ask wants Sources
	Attested    string   // how it is known, when it was attested and not computed
}

// RowsRead gives how many rows were read to answer the ask that gave the values: the
// parts of a cut share what was read for all of them, or each has its own.
func RowsRead(values []Value) int64 {
	var sum int64
	for _, v := range values {
		if v.Read > 0 {
			return v.Read
		}
		sum += v.Rows
	}
	return sum
}

// Known reports whether the value is a number: a ratio over nothing is not.
func (v Value) Known() bool { return v.Denominator == nil || *v.Denominator != 0 }

// SmallBelow is the first count of children that everybody may see, besides none.
const SmallBelow = 6

// FewerWords stand for a count of children that is too small for everybody to see.
var FewerWords = fmt.Sprintf("fewer than %d", SmallBelow)

// SmallWords stand for a value that is Small: of a percentage they say only that it is not
// shown, since it is the children behind it who are few.
func (v Value) SmallWords() string {
	if v.Denominator != nil {
		return "not shown"
	}
	return FewerWords
}

// Small reports whether a value is about so few children that it is shown only to those
// who may see such: a count of 1 to 5, or a percentage of which the children counted, or
// those not counted, or all of them, are so few.
func (v Value) Small() bool {
	if v.Definition == nil || v.Definition.Protection != Child {
		return false
	}
	few := func(n int64) bool { return n > 0 && n < SmallBelow }
	return few(v.Numerator) || v.Denominator != nil && (few(*v.Denominator) || few(*v.Denominator-v.Numerator))
}

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
