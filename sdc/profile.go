package sdc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a profile's percentages, rates and averages are made from.
const (
	// PercentReleased makes them from the counts as printed, where those are not
	// rounded; a hidden count has none.
	PercentReleased = "released"
	// PercentRounded makes them from numerator and denominator after rounding.
	PercentRounded = "rounded"
	// PercentNone prints none.
	PercentNone = "none"
)

// A Profile is a publisher's rule for small counts, as data: what is hidden, what
// is rounded, what a reader is told of it, and how much must stay unknown.
type Profile struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Title says in a sentence what the profile does; Source where it is from:
	// title, publisher, edition. Notes says what was decided here because the
	// source is silent; it may be left out.
	Title  string `json:"title"`
	Source string `json:"source"`
	Notes  string `json:"notes,omitempty"`
	// Symbol stands in the place of a hidden count: "[c]".
	Symbol string `json:"symbol"`
	// Threshold is the greatest count that is hidden for being small; 0 hides none.
	Threshold int64 `json:"threshold"`
	// ZerosShown says that a count of none is printed as 0. Otherwise it is hidden
	// as small counts are. Zeros of sensitive dimensions are hidden either way.
	ZerosShown bool `json:"zeros_shown"`
	// Base is what shown counts are rounded to, to the nearest (halves upward); 0
	// or 1 is no rounding.
	Base int64 `json:"base"`
	// Values is the protection interval: how many whole numbers, at least, a hidden
	// count must be able to be.
	Values int64 `json:"values"`
	// SmallUpTo is the greatest count that must not be worked out where it is not
	// printed or only printed rounded; at least Threshold.
	SmallUpTo int64 `json:"small_up_to"`
	// Percent is PercentReleased, PercentRounded or PercentNone.
	Percent string `json:"percent"`
	// PercentPlaces and RatePlaces are the decimal places of percentages and rates.
	PercentPlaces int `json:"percent_places"`
	RatePlaces    int `json:"rate_places"`
	// MinAverage is the least number of people or things behind an average.
	MinAverage int64 `json:"min_average"`
	// Dominance is the share, in whole per cent, that one contributor may bring; a
	// count to which one brings more is hidden. 0 is no such rule.
	Dominance int64 `json:"dominance"`
	// MinContributors is how many contributors a count must have to be shown, where
	// their number is known. 0 is no such rule.
	MinContributors int64 `json:"min_contributors"`
	// FullGroups says that a count is hidden when it says that everybody in a group
	// is in one category of a sensitive dimension.
	FullGroups bool `json:"full_groups"`
}

// round gives a shown count as it is printed. A count so great that the multiple
// above it does not fit is rounded down.
func (p *Profile) round(x int64) int64 {
	if p.Base <= 1 {
		return x
	}
	rest := x % p.Base
	down := x - rest
	if rest >= p.Base-p.Base/2 && down <= unbounded-p.Base {
		return down + p.Base
	}
	return down
}

// reading gives the least and greatest true count that a printed count can be of.
// A number that the profile never prints is taken at its word.
func (p *Profile) reading(printed int64) (lo, hi int64) {
	if p.Base <= 1 || printed < 0 || printed%p.Base != 0 {
		return printed, printed
	}
	lo, hi = p.class(printed)
	if p.small(hi) { // then only a printed 0 is one, of none
		return printed, printed
	}
	if p.small(lo) {
		lo = p.Threshold + 1
	}
	return lo, hi
}

// class gives the least and greatest count that round to a multiple of the base,
// hidden or not.
func (p *Profile) class(multiple int64) (lo, hi int64) {
	above := p.Base - 1 - p.Base/2
	hi = unbounded
	if multiple <= unbounded-above {
		hi = multiple + above
	}
	return max(0, multiple-p.Base/2), hi
}

// small says whether a count is hidden for its size.
func (p *Profile) small(x int64) bool {
	return x <= p.Threshold && (x > 0 || !p.ZerosShown)
}

// A ProfileError says all that is wrong with a profile at once.
type ProfileError struct {
	Name     string // of the profile, as far as it could be read
	Problems []string
}

// Error gives all problems, in words.
func (e *ProfileError) Error() string {
	return fmt.Sprintf("profile %q: %s", e.Name, strings.Join(e.Problems, "; "))
}

// Bounds of what a profile may ask for. No published rule comes near them; they
// keep arithmetic on counts far from overflow.
const (
	maxProfileNumber = 1_000_000
	maxPlaces        = 6
	maxProfileText   = 2000
	maxSymbol        = 20 // characters
)

// faults collects what is wrong, in plain words.
type faults []string

func (ps *faults) unless(good bool, format string, args ...any) {
	if !good {
		*ps = append(*ps, fmt.Sprintf(format, args...))
	}
}

// Validate says what is wrong with a profile, all of it at once, as a
// *ProfileError; nil when it can be used.
func (p Profile) Validate() error {
	if ps := p.faults(); len(ps) > 0 {
		return &ProfileError{Name: p.Name, Problems: ps}
	}
	return nil
}

func (p *Profile) faults() faults {
	var ps faults
	p.checkTexts(&ps)
	inRange := p.checkNumbers(&ps)
	p.checkRatios(&ps)
	if inRange {
		p.checkSizes(&ps)
	}
	return ps
}

func (p *Profile) checkTexts(ps *faults) {
	ps.unless(nameable(p.Name), "name %q: use 1 to 40 small letters a-z, digits and dashes, a letter first", p.Name)
	for _, f := range []struct {
		key, text string
		optional  bool
	}{
		{"version", p.Version, false}, {"title", p.Title, false},
		{"source", p.Source, false}, {"notes", p.Notes, true},
	} {
		ps.unless(f.optional || strings.TrimSpace(f.text) != "", "%s is empty", f.key)
		ps.unless(len(f.text) <= maxProfileText, "%s is longer than %d bytes", f.key, maxProfileText)
		ps.unless(printable(f.text), "%s holds characters that cannot be printed", f.key)
	}
	if words := symbolProblem(p.Symbol); words != "" {
		*ps = append(*ps, words)
	}
}

// checkNumbers says whether all numbers are in range, so that sums of them are
// safe to make.
func (p *Profile) checkNumbers(ps *faults) bool {
	before := len(*ps)
	for _, f := range []struct {
		key    string
		number int64
		most   int64
	}{
		{"threshold", p.Threshold, maxProfileNumber},
		{"base", p.Base, maxProfileNumber},
		{"values", p.Values, maxProfileNumber},
		{"small_up_to", p.SmallUpTo, maxProfileNumber},
		{"percent_places", int64(p.PercentPlaces), maxPlaces},
		{"rate_places", int64(p.RatePlaces), maxPlaces},
		{"min_average", p.MinAverage, maxProfileNumber},
		{"dominance", p.Dominance, 99},
		{"min_contributors", p.MinContributors, maxProfileNumber},
	} {
		ps.unless(f.number >= 0 && f.number <= f.most, "%s %d: use a whole number from 0 to %d", f.key, f.number, f.most)
	}
	return len(*ps) == before
}

func (p *Profile) checkRatios(ps *faults) {
	switch p.Percent {
	case PercentReleased, PercentNone:
	case PercentRounded:
		ps.unless(p.Base != 0 && p.Base != 1, "percent %q needs a base to round to; use %q, or set base", PercentRounded,
			PercentReleased)
	default:
		*ps = append(*ps, fmt.Sprintf("percent %q: use %q, %q or %q", p.Percent, PercentReleased, PercentRounded,
			PercentNone))
	}
}

// checkSizes holds threshold, base, zeros, values and small_up_to against each
// other: each may be right alone and give a count away together.
func (p *Profile) checkSizes(ps *faults) {
	ps.unless(p.Threshold > 0 || p.Base > 1,
		"threshold %d and base %d: nothing is hidden and nothing rounded; set one of them", p.Threshold, p.Base)
	ps.unless(p.Threshold > 0 || p.ZerosShown, "threshold 0 with zeros hidden: the symbol could only mean 0; set "+
		"zeros_shown to true, or a threshold")
	ps.unless(p.Threshold > 0 || !p.FullGroups, "full_groups with threshold 0: the symbol itself would say that "+
		"everybody is meant; set full_groups to false, or a threshold")
	ps.unless(p.SmallUpTo >= p.Threshold, "small_up_to %d is below threshold %d; make it at least %d", p.SmallUpTo,
		p.Threshold, p.Threshold)
	ps.unless(p.SmallUpTo > 0, "small_up_to 0 protects no count; make it at least 1")
	ps.unless(p.MinAverage > p.SmallUpTo, "min_average %d: an average of so few tells of a count that must not be "+
		"known; make it at least %d", p.MinAverage, p.SmallUpTo+1)
	ps.unless(p.Values >= 2, "values %d would let a hidden count be worked out; make it at least 2", p.Values)
	p.checkFit(ps)
	if most, why := p.mostValues(); p.Values > most {
		ps.unless(most < 2, "values %d cannot be kept: %s; make it at most %d", p.Values, why, most)
		ps.unless(most >= 2, "values %d cannot be kept: %s; make threshold or base greater", p.Values, why)
	}
}

// checkFit refuses a threshold that ends within a class of rounding: the printed
// number of that class would then stand for fewer counts than the base.
func (p *Profile) checkFit(ps *faults) {
	if p.Base <= 1 || p.Threshold == 0 {
		return
	}
	next := p.Threshold + 1
	printed := p.round(next)
	lo, hi := p.class(printed)
	if next == lo {
		return
	}
	*ps = append(*ps, fmt.Sprintf("threshold %d and base %d do not fit: a printed %d could only be %s; make threshold %d",
		p.Threshold, p.Base, printed, choices(next, hi, lo == 0 && p.ZerosShown), hi))
}

// choices names the whole numbers from lo to hi: "6 or 7", "6 to 9".
func choices(lo, hi int64, orNone bool) string {
	words := strconv.FormatInt(lo, 10)
	switch hi - lo {
	case 0:
	case 1:
		words += fmt.Sprintf(" or %d", hi)
	default:
		words += fmt.Sprintf(" to %d", hi)
	}
	if orNone {
		return "0 or " + words
	}
	return words
}

// mostValues gives how many whole numbers the profile itself leaves for the count
// that it protects least, and says which that is.
func (p *Profile) mostValues() (int64, string) {
	most, why := int64(unbounded), ""
	if p.Threshold > 0 {
		first := int64(1)
		if !p.ZerosShown {
			first = 0
		}
		most = p.Threshold - first + 1
		why = fmt.Sprintf("the symbol alone says that a count is %s", choices(first, p.Threshold, false))
	}
	if p.Base > 1 {
		printed := p.round(p.Threshold + 1)
		if p.Threshold == 0 {
			printed = 0
		}
		if lo, hi := p.class(printed); hi-lo+1 < most {
			most = hi - lo + 1
			why = fmt.Sprintf("a printed %d is of %s", printed, choices(lo, hi, false))
		}
	}
	return most, why
}

func nameable(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != "" && len(name) <= 40
}

func printable(text string) bool {
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(text)
}

// symbolProblem says why a symbol cannot stand in the place of a count, or "".
func symbolProblem(symbol string) string {
	bare := strings.ToLower(strings.Trim(symbol, "[]"))
	_, notNumber := strconv.ParseFloat(bare, 64)
	switch {
	case strings.TrimSpace(symbol) == "":
		return "symbol is empty; use [c]"
	case !printable(symbol) || strings.TrimSpace(symbol) != symbol || utf8.RuneCountInString(symbol) > maxSymbol:
		return fmt.Sprintf("symbol %q: use at most %d printable characters with no space around them", symbol, maxSymbol)
	case notNumber == nil || strings.ContainsFunc(symbol, unicode.IsNumber):
		return fmt.Sprintf("symbol %q could be read as a number; use [c]", symbol)
	case symbol == "." || symbol == ":":
		return fmt.Sprintf("symbol %q: the Government Analysis Function asks for letters in square brackets instead; use [c]",
			symbol)
	case bare == "z" || bare == "x" || bare == "k" || bare == "low":
		return fmt.Sprintf("symbol %q already means something else to readers of statistics; use [c]", symbol)
	case strings.ContainsRune("=+-@–—−", []rune(symbol)[0]):
		return fmt.Sprintf("symbol %q could be read as none, as a sign or as a formula; use [c]", symbol)
	}
	return ""
}

// Advice says what could be better in a profile that can be used, in plain words.
func (p Profile) Advice() []string {
	var advice []string
	if !strings.HasPrefix(p.Symbol, "[") || !strings.HasSuffix(p.Symbol, "]") {
		advice = append(advice, fmt.Sprintf("the Government Analysis Function asks for letters in square brackets, such as "+
			"[c], where this profile has %q", p.Symbol))
	}
	return advice
}
