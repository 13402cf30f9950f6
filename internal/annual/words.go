package annual

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/lang"
)

// Words that stand for a figure are a claim that the figure lies between two
// bounds. The bounds follow from the words alone:
//
//	372, two, 33%        that number; a percentage is compared as it is rounded
//	over 600             above 600 and up to 700, the next number so rounded
//	at least 600         the same with 600
//	under 600            below 600 and from 500
//	nearly 600           below 600 by no more than half of that step
//	just over 600        above 600 by no more than half of it
//	about 600            half of it either way
//	a third, 1 in 3      within 1.5 percentage points
//	about a third        within 2.5 percentage points
//	nearly a third       up to 3 points below; just over, up to 3 above
//	over a third         up to 10 points above; under, up to 10 below
//	most, all, none      above half; every one; not one
//
// The step of a percentage is never more than 5 points.

// Tolerances of fractions, in percentage points.
const (
	tolFraction = 1.5
	tolAbout    = 2.5
	tolNear     = 3
	tolWide     = 10
)

// A claim is what words say of a number.
type claim struct {
	low, high     float64
	lowIn, highIn bool // whether the bound itself is meant
	percent       bool // a share is meant, and not a count
	either        bool // both may be meant: "none"
}

// holds reports whether the claim is true of v.
func (c claim) holds(v float64) bool {
	const slack = 1e-9 // thirds have no end
	low := v > c.low+slack || c.lowIn && v >= c.low-slack
	high := v < c.high-slack || c.highIn && v <= c.high+slack
	return low && high
}

// qualifiers are the words that may stand before a number, longest first.
var qualifiers = []struct {
	kind  string
	words []string
}{
	{"just over", []string{"just over", "slightly over", "slightly more than", "a little over", "just above"}},
	{"nearly", []string{"just under", "slightly under", "slightly fewer than", "slightly less than", "just below",
		"nearly", "almost", "close to"}},
	{"at least", []string{"at least", "no fewer than", "no less than"}},
	{"over", []string{"more than", "over", "above"}},
	{"under", []string{"fewer than", "less than", "under", "below"}},
	{"about", []string{"approximately", "in the region of", "about", "around", "roughly"}},
	{"", []string{"exactly"}},
}

var spaced = strings.NewReplacer("percentage", "percentage", "per cent", "%", "percent", "%", "%", " % ", "-", " ", "–",
	" ", " ", " ")

// fields splits words for comparing: "One-third" is "one", "third".
func fields(words string) []string {
	return strings.Fields(spaced.Replace(strings.ToLower(words)))
}

// readClaim reads what words say of a figure; ratio tells that it is a share.
func readClaim(words string, ratio bool) (claim, error) {
	rest := fields(words)
	switch joined := strings.Join(rest, " "); {
	case slices.Contains([]string{"most", "a majority", "the majority", "most of"}, joined):
		return claim{low: 50, high: 100, highIn: true, percent: true}.fits(ratio, words)
	case joined == "all" || joined == "every":
		return claim{low: 100, high: 100, lowIn: true, highIn: true, percent: true}.fits(ratio, words)
	case joined == "none" || joined == "no":
		return claim{lowIn: true, highIn: true, either: true}, nil
	}
	kind, rest := qualifier(rest)
	q, ok := readQuantity(rest)
	if !ok {
		return claim{}, wrong(`Use a number or a fraction, alone or after words such as "over", "nearly", "about" and "fewer than".`,
			"Kith cannot check the words %q.", words)
	}
	return q.claim(kind).fits(ratio, words)
}

// fits refuses words about a share for a count, and the other way round.
func (c claim) fits(ratio bool, words string) (claim, error) {
	switch {
	case c.percent && !ratio:
		return c, wrong("Use a number, or a figure that is a percentage.",
			"%q speaks of a share, and this figure is a count.", words)
	case !c.percent && ratio:
		return c, wrong(`Write it as a percentage ("33%") or a fraction ("one third").`,
			"%q speaks of a number, and this figure is a percentage.", words)
	}
	return c, nil
}

func qualifier(words []string) (kind string, rest []string) {
	if n := len(words); n > 2 && words[n-2] == "or" && words[n-1] == "more" {
		return "at least", words[:n-2]
	}
	for _, q := range qualifiers {
		for _, w := range q.words {
			if head := strings.Fields(w); len(words) > len(head) && slices.Equal(words[:len(head)], head) {
				return q.kind, words[len(head):]
			}
		}
	}
	return "", words
}

// claim gives the bounds of a quantity after a qualifier.
func (q quantity) claim(kind string) claim {
	n := q.value
	c := claim{percent: q.percent}
	if q.fraction {
		switch kind {
		case "over":
			c.low, c.high, c.highIn = n, n+tolWide, true
		case "at least":
			c.low, c.high, c.lowIn, c.highIn = n, n+tolWide, true, true
		case "under":
			c.low, c.high, c.lowIn = n-tolWide, n, true
		case "nearly":
			c.low, c.high, c.lowIn = n-tolNear, n, true
		case "just over":
			c.low, c.high, c.highIn = n, n+tolNear, true
		case "about":
			c.low, c.high, c.lowIn, c.highIn = n-tolAbout, n+tolAbout, true, true
		default:
			c.low, c.high, c.lowIn, c.highIn = n-tolFraction, n+tolFraction, true, true
		}
		return c
	}
	switch kind {
	case "over":
		c.low, c.high, c.highIn = n, n+q.up, true
	case "at least":
		c.low, c.high, c.lowIn, c.highIn = n, n+q.up, true, true
	case "under":
		c.low, c.high, c.lowIn = n-q.down, n, true
	case "nearly":
		c.low, c.high, c.lowIn = n-q.down/2, n, true
	case "just over":
		c.low, c.high, c.highIn = n, n+q.up/2, true
	case "about":
		c.low, c.high, c.lowIn, c.highIn = n-q.down/2, n+q.up/2, true, true
	default:
		c.low, c.high, c.lowIn, c.highIn = n, n, true, true
		if q.percent { // 33.7% may be written as 34%
			half := math.Pow10(-q.places) / 2
			c.low, c.high, c.highIn = n-half, n+half, false
		}
	}
	return c
}

// trueWords gives words that are true of a figure, the plain number first.
func trueWords(v float64, ratio bool) []string {
	var tries []string
	if ratio {
		tries = []string{lang.Decimal(v, 0) + "%", lang.Decimal(v, 1) + "%"}
		for _, f := range []string{"one in ten", "a fifth", "a quarter", "one third", "two fifths", "half", "three fifths",
			"two thirds", "three quarters", "four fifths", "nine in ten"} {
			tries = append(tries, f, "nearly "+f, "just over "+f)
		}
		tries = append(tries, "most")
	} else {
		tries = []string{lang.Words(int(v)), lang.Number(int(v))}
		for unit := math.Pow10(max(1, len(fmt.Sprint(int(v)))-2)); unit >= 10; unit /= 10 {
			down := math.Floor(v/unit) * unit
			tries = append(tries, "over "+lang.Decimal(down, 0), "nearly "+lang.Decimal(down+unit, 0),
				"about "+lang.Decimal(math.Round(v/unit)*unit, 0))
		}
	}
	var out []string
	for _, t := range tries {
		c, err := readClaim(t, ratio)
		if err == nil && c.holds(v) && !slices.Contains(out, t) && !strings.HasSuffix(t, " 0") {
			out = append(out, t)
		}
		if len(out) == 3 {
			break
		}
	}
	return out
}

// quoteAll writes words as a choice: “956”, “over 900” or “nearly 1,000”.
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "“" + w + "”"
	}
	return lang.JoinOr(quoted)
}

// checkWords holds words to a figure's value. shown is the value as it is
// written otherwise.
func checkWords(words string, v float64, ratio bool, shown string) error {
	c, err := readClaim(words, ratio)
	if err != nil {
		return err
	}
	if c.holds(v) {
		return nil
	}
	return untrue(trueWords(v, ratio), "“%s” is not true: the figure is %s.",
		words, shown)
}

var inWords = regexp.MustCompile(`(?i)^in words$`)
