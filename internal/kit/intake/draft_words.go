package intake

import (
	"slices"

	"kith/internal/kit/sheet"
)

// A wordCount counts the different words of a column, as they are written.
type wordCount struct {
	rows   map[string]int
	order  []string
	filled int
	more   bool // there are more different ones than are counted
	// What the cells are that have something in them.
	dates, numbers int
}

func (c *wordCount) add(word string) {
	if word != "" {
		c.filled++
	}
	if _, seen := c.rows[word]; !seen {
		if len(c.order) >= mostWords {
			c.more = true
			return
		}
		if c.rows == nil {
			c.rows = map[string]int{}
		}
		c.order = append(c.order, word)
		if _, err := sheet.ReadDate(word); err == nil && word != "" {
			c.dates++
		} else if word != "" && isNumber(word) {
			c.numbers++
		}
	}
	c.rows[word]++
}

// alike is how many rows have a word, at the least, that is shown of a list about children,
// and how many have each on average in its column: names, numbers and notes of children
// differ from row to row, and a row that has shifted puts one where a word belongs.
const alike = 3

// listed gives the words to ask about.
func (c *wordCount) listed(private bool) []string {
	if !private {
		return c.order
	}
	if c.more || alike*len(c.order) > c.filled+c.rows[""] {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.order), func(word string) bool {
		return c.rows[word] < alike || len([]rune(word)) > longestSample || isValue(word)
	})
}

// told says what is in a column about children: the words that many rows share, or else of
// what form most are.
func (c *wordCount) told() []string {
	words := slices.DeleteFunc(c.listed(true), func(word string) bool { return word == "" })
	different := len(c.order)
	if c.rows[""] > 0 {
		different--
	}
	switch {
	case different == 0:
		return nil
	case 2*c.dates > different:
		return []string{"dates"}
	case 2*c.numbers > different:
		return []string{"numbers"}
	case len(words) > 0:
		return words[:min(sampled, len(words))]
	}
	return []string{"words that differ from row to row"}
}
