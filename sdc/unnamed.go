package sdc

import (
	"cmp"
	"slices"
	"strings"
)

// An UnnamedTotal is a code that seems to be the total of its dimension and is not
// named Total. Taken for a category it would leave its parts without the protection
// that a total asks for: of 30, 3, 40 and All 73, one hidden count is worked out.
type UnnamedTotal struct {
	Dimension, Code string
	// Count is the greatest that the code has in any line, and Lines in how many lines
	// it is more than 0 and the sum of the other codes.
	Count int64
	Lines int
	// Differs says that the code is named as a total and is not the sum of the others:
	// one of the numbers is wrong, or a category is left out.
	Differs bool
}

// How much must agree before a code that no name gives away is taken for a total where a
// single other code stands beside it: two that are alike may be so by chance. Of three or
// more one line is enough, since nothing but a question comes of it.
const (
	enoughCounted = 20
	enoughAlike   = 2
)

// UnnamedTotals finds the codes of a table that seem to be totals by what they count:
// in every line of the dimension the code is the sum of the codes that stand beside it,
// as far as they are shown. Codes with parts, and a dimension whose own Total is
// another number, have none. It asks for less where the name says total or all.
func UnnamedTotals(t *Table) []UnnamedTotal {
	var out []UnnamedTotal
	for d := range t.Dimensions {
		s := newSummer(t, d)
		for _, line := range t.lines(d) {
			s.take(line)
		}
		out = append(out, s.found()...)
	}
	return out
}

// lines gives the cells that differ in one dimension only, in the order of the table.
func (t *Table) lines(d int) [][]int {
	at := map[string]int{}
	var out [][]int
	var key strings.Builder
	for i := range t.Cells {
		key.Reset()
		for other, code := range t.Cells[i].Codes {
			if other != d {
				key.WriteString(code)
				key.WriteByte(0)
			}
		}
		n, ok := at[key.String()]
		if !ok {
			n = len(out)
			at[key.String()] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

// summer looks over the lines of one dimension.
type summer struct {
	t       *Table
	d       int
	parent  map[string]string
	parents map[string]bool // codes that have parts
	codes   map[string]*summed
	order   []string
}

// summed is what is known of one code.
type summed struct {
	lines, most       int64
	counted           int64 // of all lines that agree
	several           int   // lines that agree and have two others that are not 0
	differs, possible bool  // possible: it is shown, and the others do not exceed it
}

func newSummer(t *Table, d int) *summer {
	s := &summer{t: t, d: d, parent: t.Dimensions[d].Parent, parents: map[string]bool{}, codes: map[string]*summed{}}
	for _, p := range s.parent {
		s.parents[p] = true
	}
	return s
}

// top gives the code directly below Total that a code is part of, and whether one on
// the way up to it, which it is counted in, has a count in the line.
func (s *summer) top(code string, line map[string]bool) (top string, within bool) {
	for range len(s.parent) + 1 { // a table that goes round in circles is refused elsewhere
		p, ok := s.parent[code]
		if !ok || p == Total {
			return code, within
		}
		code, within = p, within || line[p]
	}
	return code, true
}

// take adds one line.
func (s *summer) take(line []int) {
	shown := make(map[string]bool, len(line))
	for _, i := range line {
		shown[s.t.Cells[i].Codes[s.d]] = true
	}
	// The sum of the codes below Total, how many are not 0, how many are hidden, and Total.
	var sum, total int64
	some, hidden, totalShown := 0, 0, false
	of := map[string]bool{} // those codes that a count that is not 0 is part of
	for _, i := range line {
		c := &s.t.Cells[i]
		code := c.Codes[s.d]
		if code == Total {
			total, totalShown = c.Count, !c.Hidden
			continue
		}
		top, within := s.top(code, shown)
		switch {
		case within:
		case c.Hidden:
			hidden++
		default:
			sum += c.Count
		}
		if !within && (c.Hidden || c.Count > 0) && !of[top] {
			of[top] = true
			some++
		}
	}
	for _, i := range line {
		c := &s.t.Cells[i]
		code := c.Codes[s.d]
		if _, below := s.parent[code]; code == Total || below && s.parent[code] != Total || s.parents[code] {
			continue
		}
		s.judge(code, c, sum, hidden, some, totalShown && !c.Hidden && total != c.Count)
	}
}

// judge notes what one line says of a code.
func (s *summer) judge(code string, c *Cell, sum int64, hidden, some int, another bool) {
	k := s.codes[code]
	if k == nil {
		k = &summed{}
		s.codes[code] = k
		s.order = append(s.order, code)
	}
	others := sum - c.Count // of a hidden one nothing is in the sum
	switch {
	case c.Hidden:
	case another, hidden == 0 && others != c.Count, others > c.Count:
		k.differs = true
	case hidden > 0:
		k.possible = k.possible || some > 1
	case c.Count > 0:
		k.lines++
		k.most = max(k.most, c.Count)
		k.counted += c.Count
		if some > 2 {
			k.several++
		}
	}
}

// found gives the codes that seem to be totals.
func (s *summer) found() []UnnamedTotal {
	var out []UnnamedTotal
	for _, code := range s.order {
		k := s.codes[code]
		named := totalWords(code)
		enough := k.several > 0 || k.lines >= enoughAlike && k.counted >= enoughCounted
		switch {
		case k.differs && named != exactly, len(s.order) < 2:
			continue
		case !k.differs && !enough && (named == not || k.lines == 0 && !k.possible):
			continue
		}
		out = append(out, UnnamedTotal{Dimension: s.t.Dimensions[s.d].Name, Code: code, Count: k.most, Lines: int(k.lines),
			Differs: k.differs})
	}
	slices.SortStableFunc(out, func(a, b UnnamedTotal) int { return cmp.Compare(b.Lines, a.Lines) })
	return out
}

// NamedTotal says whether a name means a total and nothing else, as Total, All and Both
// sexes do.
func NamedTotal(name string) bool { return totalWords(name) == exactly }

// What a name says of being a total.
type naming int

const (
	not     naming = iota
	maybe          // a word of it does, as in "All boys"
	exactly        // it means nothing else, as "All" or "Grand total"
)

func totalWords(code string) naming {
	if code == "" {
		return maybe // as spreadsheets leave it
	}
	said := not
	words := strings.FieldsFunc(strings.ToLower(code), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r > 0x7f) })
	for i, w := range words {
		switch w {
		case "total", "totals", "subtotal", "overall", "everyone", "everybody", "altogether":
			said = exactly
		case "all", "both":
			said = max(said, maybe)
			if len(words) == 1 {
				said = exactly
			}
		case "persons", "people", "children", "combined", "together", "sum", "any":
			if said = max(said, maybe); i > 0 && words[0] == "all" {
				said = exactly
			}
		case "ages", "areas", "sexes", "genders", "groups", "categories", "sites", "wards", "districts":
			if i > 0 && (words[0] == "all" || words[0] == "both") {
				said = exactly
			}
		}
	}
	return said
}
