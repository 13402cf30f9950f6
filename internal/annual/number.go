package annual

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A quantity is a number, or a share, as words write it.
type quantity struct {
	value    float64
	percent  bool    // written as a percentage
	fraction bool    // written as a fraction: "a third", "two in five"
	up, down float64 // its own rounding: how far to the next such number, either way
	places   int     // decimals it is written with
}

var (
	digitsForm = regexp.MustCompile(`^(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?$`)
	smallWords = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	tensWords = []string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	scales    = map[string]float64{"hundred": 100, "thousand": 1000, "million": 1e6}
	parts     = []string{"half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
)

// readQuantity reads "24,000", "six hundred", "50%", "one third", "two in five".
func readQuantity(words []string) (quantity, bool) {
	if q, ok := readFraction(words); ok {
		return q, true
	}
	if len(words) == 0 {
		return quantity{}, false
	}
	percent := words[len(words)-1] == "%"
	if percent {
		words = words[:len(words)-1]
	}
	value, places, ok := readNumber(words)
	if !ok {
		return quantity{}, false
	}
	q := quantity{value: value, percent: percent, places: places}
	q.up, q.down = rounding(value, places)
	if percent {
		q.up, q.down = min(q.up, 5), min(q.down, 5)
	}
	return q, true
}

// readNumber reads a number in digits, with or without a scale, or in words.
func readNumber(words []string) (value float64, places int, ok bool) {
	if len(words) == 0 {
		return 0, 0, false
	}
	if m := digitsForm.FindStringSubmatch(words[0]); m != nil {
		v, err := strconv.ParseFloat(strings.ReplaceAll(words[0], ",", ""), 64)
		switch {
		case err != nil || len(words) > 2:
			return 0, 0, false
		case len(words) == 2:
			return math.Round(v * scales[words[1]]), 0, scales[words[1]] > 0
		}
		return v, len(m[2]), true
	}
	value, ok = spelledNumber(words)
	return value, 0, ok
}

// readFraction reads "half", "a third", "three quarters", "two in five", "1 in 3".
func readFraction(words []string) (quantity, bool) {
	if n := len(words); n > 1 && words[n-1] == "of" {
		words = words[:n-1]
	}
	over, under := 0.0, 0.0
	switch {
	case len(words) == 1 && words[0] == "half":
		over, under = 1, 2
	case len(words) == 2:
		over, under = countOf(words[0]), partOf(words[1])
	case len(words) == 3 && words[1] == "in":
		over, under = countOf(words[0]), countOf(words[2])
	case len(words) == 4 && words[1] == "out" && words[2] == "of":
		over, under = countOf(words[0]), countOf(words[3])
	}
	if over < 1 || under < 2 || over >= under || under > 100 {
		return quantity{}, false
	}
	return quantity{value: 100 * over / under, fraction: true, percent: true}, true
}

func countOf(word string) float64 {
	if word == "a" {
		return 1
	}
	v, places, ok := readNumber([]string{word})
	if !ok || places > 0 {
		return 0
	}
	return v
}

func partOf(word string) float64 {
	word = strings.TrimSuffix(strings.Replace(word, "halves", "half", 1), "s")
	for i, p := range parts {
		if p == word {
			return float64(i + 2)
		}
	}
	return 0
}

// rounding tells to what a number looks rounded: 600 to the next hundred, 24,000
// to the next thousand, 372 to the next one. Below 1,000 the next such number is
// 900: a number that is itself a whole unit looks down by a tenth of it.
func rounding(v float64, places int) (up, down float64) {
	if places > 0 {
		s := math.Pow10(-places)
		return s, s
	}
	if v == 0 {
		return 1, 1
	}
	up = 1
	for math.Mod(v, up*10) == 0 {
		up *= 10
	}
	down = up
	if v == up && up > 1 {
		down = up / 10
	}
	return up, down
}
