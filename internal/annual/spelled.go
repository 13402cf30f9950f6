package annual

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Authors write numbers in words too: “nine hundred and fifty-six practitioners”. Running text
// is looked through with such numbers put into digits, so that one rule says of both what names
// something, what a figure states and what nothing vouches for.

// spelledNumber reads a whole number in words: "nine", "hundred", "and", "fifty", "six". It
// reads no other way of putting such words together, "nineteen sixty" or "two three" say.
func spelledNumber(words []string) (float64, bool) {
	if len(words) > 1 && words[0] == "a" && scales[words[1]] > 0 {
		words = append([]string{"one"}, words[1:]...)
	}
	total, rest := 0.0, words
	for _, scale := range []string{"million", "thousand"} {
		if i := slices.Index(rest, scale); i >= 0 {
			v, ok := spelledGroup(rest[:i])
			if !ok || v == 0 {
				return 0, false
			}
			total += v * scales[scale]
			if rest = rest[i+1:]; len(rest) == 0 {
				return total, true
			}
		}
	}
	if total > 0 && rest[0] == "and" { // “a thousand and one”
		rest = rest[1:]
	}
	v, ok := spelledGroup(rest)
	return total + v, ok && (total == 0 || v > 0)
}

// spelledGroup reads what stands before a thousand or a million, or behind: below a thousand,
// or so many hundred, as in “twelve hundred”.
func spelledGroup(words []string) (float64, bool) {
	i := slices.Index(words, "hundred")
	if i < 0 {
		return spelledTens(words)
	}
	v, ok := spelledTens(words[:i])
	if !ok || v == 0 || v > 19 {
		return 0, false
	}
	rest := words[i+1:]
	if len(rest) == 0 {
		return 100 * v, true
	}
	if rest[0] == "and" {
		rest = rest[1:]
	}
	more, ok := spelledTens(rest)
	return 100*v + more, ok && more > 0
}

// spelledTens reads a number below a hundred.
func spelledTens(words []string) (float64, bool) {
	if len(words) == 0 || len(words) > 2 {
		return 0, false
	}
	if len(words) == 1 {
		if i := slices.Index(smallWords, words[0]); i >= 0 {
			return float64(i), true
		}
	}
	tens := slices.Index(tensWords, words[0])
	if tens < 0 {
		return 0, false
	}
	v := float64(20 + 10*tens)
	if len(words) == 1 {
		return v, true
	}
	ones := slices.Index(smallWords, words[1])
	return v + float64(ones), ones > 0 && ones < 10
}

// A numeral is a number in words that was put into digits.
type numeral struct {
	at, end  int // in the text with digits
	from, to int // in the text as it was written
	belowTen bool
}

// A digited is a text with its numbers in digits.
type digited struct {
	text string
	made []numeral // in order
}

// written gives where a place in the text with digits is in the text as it was written; a place
// inside a number is at its beginning, or with end at its end.
func (d digited) written(at int, end bool) int {
	shift := 0
	for _, m := range d.made {
		switch {
		case at <= m.at && !(end && at == m.end):
			return at + shift
		case at < m.end && !end:
			return m.from
		case at <= m.end:
			return m.to
		}
		shift = m.to - m.end
	}
	return at + shift
}

// numeral gives the number in words that stands at a place in the text with digits.
func (d digited) numeral(at int) (numeral, bool) {
	i := slices.IndexFunc(d.made, func(m numeral) bool { return m.at == at })
	if i < 0 {
		return numeral{}, false
	}
	return d.made[i], true
}

var (
	aWord = regexp.MustCompile(`\pL+`)
	// joins may stand between two words of one number.
	joins = regexp.MustCompile(`^(?:[ \n\x{00a0}]|[ \n]?[-‐‑])$`)
	// An ordinal or a compound: “twenty-first century”, “a three-fold rise”, “sixty-odd”.
	compound = regexp.MustCompile(`^[-‐‑]\pL`)
	// parts of a whole are shares, and no counts: “two in five”, “nine out of ten”.
	inEvery = regexp.MustCompile(`(?i)^ (?:in|out of) (?:every )?(?:a )?(\pL+)`)
)

// inDigits puts the numbers in words of a text into digits. Words that are parts of a fraction,
// an ordinal or another word stay.
func inDigits(text string) digited {
	words := aWord.FindAllStringIndex(text, -1)
	var out strings.Builder
	var d digited
	last := 0
	for i := 0; i < len(words); {
		n, v := spelledAt(text, words[i:])
		if n == 0 {
			i++
			continue
		}
		from, to := words[i][0], words[i+n-1][1]
		if m := inEvery.FindStringSubmatchIndex(text[to:]); m != nil && n == 1 &&
			isSpelled(text[to+m[2]:to+m[3]]) { // neither of the two counts anything
			i += len(aWord.FindAllString(text[from:to+m[1]], -1))
			continue
		}
		i += n
		part := i < len(words) && joined(text, words[i-1], words[i]) && fractionWord(text[words[i][0]:words[i][1]])
		if part || strings.HasSuffix(text[:from], "-") || compound.MatchString(text[to:]) {
			continue
		}
		out.WriteString(text[last:from])
		m := numeral{at: out.Len(), from: from, to: to, belowTen: v < 10}
		out.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
		m.end, last = out.Len(), to
		d.made = append(d.made, m)
	}
	out.WriteString(text[last:])
	d.text = out.String()
	return d
}

// spelledAt reads the longest number that the first of the words begin, and gives how many of
// them it takes; 0 where they begin none.
func spelledAt(text string, words [][]int) (int, float64) {
	const most = 16 // nine hundred and ninety-nine million ... and ninety-nine
	var read []string
	n, value := 0, 0.0
	for i, at := range words[:min(most, len(words))] {
		word := strings.ToLower(text[at[0]:at[1]])
		if !isSpelled(word) && scales[word] == 0 && word != "and" && word != "a" ||
			i > 0 && !joined(text, words[i-1], at) {
			break
		}
		read = append(read, word)
		if v, ok := spelledNumber(read); ok {
			n, value = i+1, v
		}
	}
	return n, value
}

func joined(text string, a, b []int) bool { return joins.MatchString(text[a[1]:b[0]]) }

// isSpelled reports whether a word is a number below a hundred.
func isSpelled(word string) bool {
	_, ok := spelledTens([]string{strings.ToLower(word)})
	return ok
}

// fractionWord reports whether a word makes a fraction of the number before it: “two thirds”.
func fractionWord(word string) bool {
	_, ok := readFraction([]string{"one", strings.ToLower(word)})
	return ok
}
