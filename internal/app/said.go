package app

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"
)

// longestShown is how much of an argument is repeated in a message.
const longestShown = 80

// repeated finds an option that was given twice although it takes one answer: the last
// would hold, and the first be dropped in silence.
func repeated(at *kong.Node, args []string) string {
	seen := map[*kong.Flag]bool{}
	for i := 0; i < len(args); i++ {
		word := args[i]
		if word == "--" {
			return ""
		}
		if child := childNamed(at, word); child != nil {
			at = child
		}
		if !strings.HasPrefix(word, "-") || word == "-" {
			continue
		}
		f := flagNamed(at, word)
		if f == nil {
			continue // it is said elsewhere that there is none
		}
		if seen[f] && !f.IsCumulative() && f.Name != "help" {
			return "--" + f.Name
		}
		seen[f] = true
		if !f.IsBool() && !strings.Contains(word, "=") {
			i++
		}
	}
	return ""
}

// said gives the words of a message as they can be shown: arguments that it repeats are cut
// where they are long, and what a terminal would act on is written out.
func (c *cli) said(words string) string {
	var given []string
	for _, arg := range c.args {
		given = append(given, arg)
		if _, value, ok := strings.Cut(arg, "="); ok && strings.HasPrefix(arg, "-") {
			given = append(given, value)
		}
	}
	slices.SortFunc(given, func(a, b string) int { return len(b) - len(a) })
	for _, arg := range given {
		if short := shownArgument(arg); short != arg {
			words = strings.ReplaceAll(words, strconv.Quote(arg), `"`+short+`"`)
			words = strings.ReplaceAll(words, arg, short)
		}
	}
	return escaped(words, "\n\t")
}

func shownArgument(arg string) string {
	r := []rune(escaped(arg, ""))
	if len(r) > longestShown {
		return string(r[:longestShown]) + "…"
	}
	return string(r)
}

// escaped writes out what is no printable character, but for those allowed.
func escaped(s, allowed string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) || strings.ContainsRune(allowed, r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
