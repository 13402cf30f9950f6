// Package lang writes numbers, lists, money and dates as plain British English.
//
// Every page, report, mail and command of the house says "1,234", "a, b and
// c", "3 places" and "31 March 2024" through this package, so that the same
// fact reads the same wherever it stands. Everything here is pure: a value in,
// words out. Times are shown as a person in the area would read them off a
// clock, which is always Europe/London, whatever the server's own zone.
package lang

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number with commas: 1,234 or -1,234,567.
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	return sign + grouped(digits)
}

// Decimal writes a number with commas and a fixed count of decimal places,
// halves rounded away from nought: Decimal(1234.25, 1) is 1,234.3.
func Decimal(x float64, places int) string {
	scale := math.Pow(10, float64(places))
	text := strconv.FormatFloat(math.Round(math.Abs(x)*scale)/scale, 'f', places, 64)
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if x < 0 && strings.Trim(text, "0.") != "" {
		sign = "-"
	}
	if rest == "" {
		return sign + grouped(whole)
	}
	return sign + grouped(whole) + "." + rest
}

// Percent writes part of whole as a whole percentage, halves rounded up:
// Percent(1, 3) is 33%. A share of nothing is "not applicable", never 0%.
func Percent(part, whole int) string {
	if whole == 0 {
		return "not applicable"
	}
	return Decimal(100*float64(part)/float64(whole), 0) + "%"
}

// Plural writes a number with the noun that fits it: 1 place, 1,200 places.
func Plural(n int, one, many string) string {
	return Number(n) + " " + Noun(n, one, many)
}

// Noun chooses the noun that fits a number, without the number.
func Noun(n int, one, many string) string {
	if n == 1 || n == -1 {
		return one
	}
	return many
}

// Join writes a list as a sentence would: "a", "a and b", "a, b and c".
func Join(items []string) string {
	return joinWith(items, "and")
}

// JoinOr is Join with "or" before the last.
func JoinOr(items []string) string {
	return joinWith(items, "or")
}

func joinWith(items []string, word string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + word + " " + items[last]
}

// Ordinal writes 1st, 2nd, 3rd, 11th.
func Ordinal(n int) string {
	return Number(n) + ordinalEnding(n)
}

func ordinalEnding(n int) string {
	if n < 0 {
		n = -n
	}
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// Words writes zero to ten in words and anything else in digits, as running
// text should.
func Words(n int) string {
	words := [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return Number(n)
}

// Sentence gives text a capital first letter: a sentence, a heading, a label.
func Sentence(text string) string {
	for i, r := range text {
		return strings.ToUpper(string(r)) + text[i+len(string(r)):]
	}
	return ""
}

// Money writes whole pence as pounds: £12, £12.50, -£1,000.
func Money(pence int) string {
	sign := ""
	if pence < 0 {
		sign, pence = "-", -pence
	}
	if pence%100 == 0 {
		return sign + "£" + Number(pence/100)
	}
	return fmt.Sprintf("%s£%s.%02d", sign, Number(pence/100), pence%100)
}

// Bytes writes a file's size for a person: 812 bytes, 14 KB, 2.3 MB.
func Bytes(n int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	switch {
	case n < kilo:
		return Plural(int(n), "byte", "bytes")
	case n < mega:
		return Decimal(float64(n)/kilo, 0) + " KB"
	}
	return Decimal(float64(n)/mega, 1) + " MB"
}

func grouped(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Slug makes of what people and files write a word that can stand in an address or
// an id: "Schools & colleges" is schools-colleges, and "…" is nothing.
func Slug(s string) string {
	cut := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), cut), "-")
}
