package sdc

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// What is printed in the place of a percentage or rate that there is none of.
const (
	// NotApplicable: its denominator is 0.
	NotApplicable = "[z]"
	// NotAvailable: the profile prints no percentages and rates.
	NotAvailable = "[x]"
)

// A Ratio is a number made from two counts: numerator × Per ÷ denominator, to so
// many decimal places, halves upward. Per is 100 for a percentage, 10,000 for a
// rate per 10,000 and 1 for an average.
//
// A printed ratio is handled as a whole number of units of its last place, called
// scaled: 12.5 % with one place is 125.
type Ratio struct {
	Numerator, Denominator Ref
	Per                    int64
	Places                 int
}

// A PublishedCount is a count as readers get it.
type PublishedCount struct {
	Hidden  bool
	Printed int64
}

var errRatio = errors.New("a ratio needs a denominator and a per of at least 1, 0 to 9 decimal places and no " +
	"negative number")

// errTooGreat is for numbers with which exact arithmetic of 64 bits ends.
var errTooGreat = errors.New("the numbers of the ratio are too great")

// unitsPer gives what numerator = denominator is in units of the last place.
func unitsPer(per int64, places int) (int64, error) {
	if per < 1 || places < 0 || places > 9 {
		return 0, errRatio
	}
	for range places {
		if per > unbounded/10 {
			return 0, errTooGreat
		}
		per *= 10
	}
	return per, nil
}

// scaledRatio rounds numerator × per ÷ denominator, halves upward.
func scaledRatio(num, den, per int64, places int) (*big.Int, error) {
	units, err := unitsPer(per, places)
	if err != nil {
		return nil, err
	}
	if num < 0 || den < 1 {
		return nil, errRatio
	}
	twice := new(big.Int).Mul(big.NewInt(num), big.NewInt(units))
	twice.Lsh(twice, 1).Add(twice, big.NewInt(den))
	return twice.Div(twice, new(big.Int).Lsh(big.NewInt(den), 1)), nil
}

// printScaled writes a scaled number with its point.
func printScaled(scaled *big.Int, places int) string {
	digits := scaled.String()
	if places == 0 {
		return digits
	}
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - places
	return digits[:point] + "." + digits[point:]
}

// ReadPrinted reads a number as printed, "12.5" or "12.5%", to its scaled value
// and its decimal places.
func ReadPrinted(printed string) (scaled int64, places int, err error) {
	whole, decimals, point := strings.Cut(strings.TrimSuffix(printed, "%"), ".")
	if whole == "" || point && decimals == "" || len(decimals) > 9 {
		return 0, 0, fmt.Errorf("%q is no number of at most 9 decimal places, such as 12.5", printed)
	}
	for _, r := range whole + decimals {
		if r < '0' || r > '9' {
			return 0, 0, fmt.Errorf("%q is no number such as 12.5", printed)
		}
		if scaled > (unbounded-int64(r-'0'))/10 {
			return 0, 0, fmt.Errorf("%q is too great", printed)
		}
		scaled = scaled*10 + int64(r-'0')
	}
	return scaled, len(decimals), nil
}

// CountsBehind gives the least and greatest count whose ratio to a known
// denominator is printed as scaled (125 for 12.5 with one place). When there is
// none, lo is greater than hi; so too for numbers that make no ratio.
func CountsBehind(scaled, denominator, per int64, places int) (lo, hi int64) {
	units, err := unitsPer(per, places)
	if err != nil || denominator < 1 || scaled < 0 {
		return 1, 0
	}
	// (2·scaled − 1)·denominator ≤ 2·units·count < (2·scaled + 1)·denominator
	doubled := new(big.Int).Lsh(big.NewInt(units), 1)
	edge := func(step int64) *big.Int { // the first count that reaches it
		e := new(big.Int).Lsh(big.NewInt(scaled), 1)
		e.Add(e, big.NewInt(step)).Mul(e, big.NewInt(denominator))
		e.Add(e, doubled).Sub(e, big.NewInt(1))
		return e.Div(e, doubled)
	}
	first, end := edge(-1), edge(1)
	if !first.IsInt64() {
		return 1, 0
	}
	lo, hi = max(0, first.Int64()), unbounded
	if end.IsInt64() {
		hi = end.Int64() - 1
	}
	return lo, hi
}

// GivesBack says whether the printed ratio of a count to a known denominator can
// be of no other count, for a reader who knows the count to be between least and
// most. Without such knowledge that is 0 and math.MaxInt64.
func GivesBack(count, denominator, per int64, places int, least, most int64) bool {
	scaled, err := scaledRatio(count, denominator, per, places)
	if err != nil || !scaled.IsInt64() {
		return false
	}
	lo, hi := CountsBehind(scaled.Int64(), denominator, per, places)
	return max(lo, least) == count && min(hi, most) == count
}

// Ratio gives what may be printed for numerator × per ÷ denominator: the profile's
// symbol when either count is hidden, "[z]" when the denominator is 0, "[x]" when
// the profile prints no ratios.
//
// It is made from what is printed of the two counts and from nothing else, so it
// tells a reader nothing that could not be worked out from them; that holds also
// when the rest of the denominator is hidden. Where the profile rounds, so are
// both counts here. A count that the profile would have hidden for its size, or
// that is no count, is treated as hidden.
func (p Profile) Ratio(num, den PublishedCount, per int64, places int) string {
	if p.Percent != PercentReleased && p.Percent != PercentRounded {
		return NotAvailable
	}
	if p.conceals(num) || p.conceals(den) {
		return p.Symbol
	}
	n, d := p.round(num.Printed), p.round(den.Printed)
	if d == 0 {
		return NotApplicable
	}
	scaled, err := scaledRatio(n, d, per, places)
	if err != nil {
		return p.Symbol
	}
	return printScaled(scaled, places)
}

func (p *Profile) conceals(s PublishedCount) bool {
	return s.Hidden || s.Printed < 0 || p.small(s.Printed)
}

// AverageAllowed says whether an average of n may be printed.
func (p Profile) AverageAllowed(n int64) bool {
	return n > 0 && n >= p.MinAverage
}

// Facts gives what a reader learns of the true counts from a printed ratio that
// was made from them, when both are counts of the release. (A ratio that
// Profile.Ratio gave says nothing new: it has no facts.)
//
// The unit is the doubled count in units of the last place, so that all is in
// whole numbers: with U = Per·10^Places and s the scaled number,
//
//	2·U·numerator − (2·s − 1)·denominator ≥ 0
//	(2·s + 1)·denominator − 2·U·numerator ≥ 1
//
// each divided by what its factors have in common. The first is left out for
// s = 0, where it says nothing. High is math.MaxInt64: there is no upper limit.
func (r Ratio) Facts(scaled int64) ([]Fact, error) {
	units, err := unitsPer(r.Per, r.Places)
	if err != nil {
		return nil, err
	}
	if scaled < 0 {
		return nil, errRatio
	}
	if units > unbounded/2 || scaled > (unbounded-1)/2 {
		return nil, errTooGreat
	}
	name := r.name(scaled)
	upper := r.inequality(name, -2*units, 2*scaled+1, 1)
	if scaled == 0 {
		return []Fact{upper}, nil
	}
	return []Fact{r.inequality(name, 2*units, -(2*scaled - 1), 0), upper}, nil
}

// inequality says that the two counts with their factors come to at least low, 0
// or 1: dividing by a common factor leaves either as it is, in whole numbers.
func (r Ratio) inequality(name string, num, den, low int64) Fact {
	g := gcd(max(num, -num), max(den, -den))
	return Fact{
		Name:  name,
		Parts: []Part{{Ref: r.Numerator, Factor: num / g}, {Ref: r.Denominator, Factor: den / g}},
		Low:   low,
		High:  unbounded,
	}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// FactOver gives what a reader learns of the numerator from a printed ratio whose
// denominator is known from elsewhere, such as the number of children who live in
// an area. The unit is the count itself.
func (r Ratio) FactOver(scaled, denominator int64) (Fact, error) {
	return r.between(r.name(scaled), scaled, denominator)
}

func (r Ratio) between(name string, scaled, denominator int64) (Fact, error) {
	lo, hi := CountsBehind(scaled, denominator, r.Per, r.Places)
	if lo > hi {
		return Fact{}, fmt.Errorf("no count is behind %s with a denominator of %d", name, denominator)
	}
	return Fact{Name: name, Parts: []Part{{Ref: r.Numerator, Factor: 1}}, Low: lo, High: hi}, nil
}

// BarFact gives what a reader learns of a count from the length of its bar in a
// chart, measured in whole pixels, when a bar for countFull is pixelsFull long.
// The unit is the count itself. It takes bars to be drawn to the nearest pixel; a
// program that cuts off the part of a pixel draws one up to half a pixel shorter.
func BarFact(ref Ref, pixels, pixelsFull, countFull int64) (Fact, error) {
	r := Ratio{Numerator: ref, Per: pixelsFull}
	return r.between(fmt.Sprintf("a bar of %d pixels for %s", pixels, ref), pixels, countFull)
}

// name says what is printed: "12.5 per 100, sex Girls of Children in the grand total of Children".
func (r Ratio) name(scaled int64) string {
	words := fmt.Sprintf("%s per %d, %s", printScaled(big.NewInt(scaled), max(0, min(r.Places, 9))), r.Per, r.Numerator)
	if r.Denominator.Population != "" || len(r.Denominator.Codes) > 0 {
		words += " in " + r.Denominator.String()
	}
	return words
}
