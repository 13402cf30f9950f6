package sdc

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// A Rule is the reason why a count is hidden for its own sake. It tells something
// of the count, so it is for the publisher's eyes and never printed beside it.
type Rule string

// The primary rules. No rule is "".
const (
	RuleSmall           Rule = "small count"
	RuleZero            Rule = "zero of a sensitive group"
	RuleFull            Rule = "full group"
	RuleDominated       Rule = "one contributor dominates"
	RuleFewContributors Rule = "too few contributors"
	RuleAverage         Rule = "average of few"
	RuleGivenBack       Rule = "gives a hidden count back"
)

// Words says in plain words why a count is hidden under a profile: "it is small:
// 1 to 5".
func (r Rule) Words(p Profile) string {
	switch r {
	case RuleSmall:
		first := int64(1)
		if !p.ZerosShown {
			first = 0
		}
		return "it is small: " + choices(first, max(first, p.Threshold), false)
	case RuleZero:
		return "it says that nobody in the group is in this category"
	case RuleFull:
		return "it says that everybody in the group is in this category"
	case RuleDominated:
		return fmt.Sprintf("one contributor brings more than %d %% of it", p.Dominance)
	case RuleFewContributors:
		return fmt.Sprintf("it has fewer than %d contributors", p.MinContributors)
	case RuleAverage:
		return fmt.Sprintf("it is an average of fewer than %d", p.MinAverage)
	case RuleGivenBack:
		return "with what else is printed, it gives a hidden count back"
	}
	return ""
}

// primaries gives for each cell of a table the rule by which it is hidden for its
// own sake, or "". Cells that are hidden already are left alone. A cell that must
// be shown (Keep) gets its rule all the same: whoever protects the table has to
// refuse it.
func primaries(t *Table, p *Profile) []Rule {
	rules := make([]Rule, len(t.Cells))
	empty := emptyGroups(t, p)
	for i := range t.Cells {
		if !t.Cells[i].Hidden {
			rules[i] = sizeRule(t, p, i, empty)
		}
	}
	for d := range t.Dimensions {
		if p.FullGroups && t.Dimensions[d].Sensitive {
			markFull(t, d, rules)
		}
	}
	for i := range t.Cells {
		if c := &t.Cells[i]; !c.Hidden && rules[i] == "" {
			rules[i] = contributorRule(p, c)
		}
	}
	return rules
}

// Exposed gives for each count of a table that is printed, though the profile would hide
// it for its own sake, the rule that it breaks; others have none. A table that was never
// protected hides nothing that could be worked out, and yet gives its small counts away.
func Exposed(t *Table, p Profile) map[int]Rule {
	out := map[int]Rule{}
	for cell, rule := range primaries(t, &p) {
		if rule != "" {
			out[cell] = rule
		}
	}
	return out
}

// zeroHidden says whether a zero would be hidden in that cell. Where a profile
// hides nothing for its size, it is not, even in a sensitive dimension: the symbol
// could then only mean 0, while a printed 0 may be another count rounded.
func zeroHidden(t *Table, p *Profile, cell int) bool {
	return !p.ZerosShown || p.Threshold > 0 && sensitive(t, cell)
}

// sensitive says whether a cell is of one category of a sensitive dimension.
func sensitive(t *Table, cell int) bool {
	for d, code := range t.Cells[cell].Codes {
		if d < len(t.Dimensions) && t.Dimensions[d].Sensitive && code != Total {
			return true
		}
	}
	return false
}

// emptyGroups gives the groups that are shown to have nobody in them, by their
// codes outside the sensitive dimensions. That nobody of nobody is in a category
// says nothing about anybody, and could not be hidden beside the total.
func emptyGroups(t *Table, p *Profile) map[string]bool {
	empty := map[string]bool{}
	for i := range t.Cells {
		c := &t.Cells[i]
		if p.ZerosShown && c.Count == 0 && !c.Hidden && len(c.Codes) == len(t.Dimensions) && !sensitive(t, i) {
			empty[t.groupKey(c.Codes)] = true
		}
	}
	return empty
}

// groupKey names the group of people whom a cell is about.
func (t *Table) groupKey(codes []string) string {
	return keyWithout(codes, func(d int) bool { return d < len(t.Dimensions) && t.Dimensions[d].Sensitive })
}

func sizeRule(t *Table, p *Profile, cell int, empty map[string]bool) Rule {
	count := t.Cells[cell].Count
	switch {
	case count == 0 && zeroHidden(t, p, cell) && sensitive(t, cell):
		if empty[t.groupKey(t.Cells[cell].Codes)] {
			return ""
		}
		return RuleZero
	case p.small(count):
		return RuleSmall
	}
	return ""
}

func contributorRule(p *Profile, c *Cell) Rule {
	switch {
	case c.Count <= 0:
		return ""
	case p.Dominance > 0 && moreThanShare(c.Largest, c.Count, p.Dominance):
		return RuleDominated
	case c.Contributors > 0 && c.Contributors < p.MinContributors:
		return RuleFewContributors
	}
	return ""
}

// moreThanShare says whether part is more than so many per cent of whole. The
// products are of 128 bits, so that none overflows.
func moreThanShare(part, whole, percent int64) bool {
	if part <= 0 {
		return false
	}
	ah, al := bits.Mul64(uint64(part), 100)
	bh, bl := bits.Mul64(uint64(whole), uint64(percent))
	return ah > bh || ah == bh && al > bl
}

// markFull marks the cells of dimension d that hold everybody of their group: the
// count with d at Total, or where that is not shown, at the nearest code above.
func markFull(t *Table, d int, rules []Rule) {
	tree := newLineage(t, d)
	for _, group := range tree.groups(t, d) {
		whole := slices.IndexFunc(group, func(i int) bool { return t.Cells[i].Codes[d] == Total })
		var above []int // cells on the way down to the present one
		for _, i := range group {
			code := t.Cells[i].Codes[d]
			for len(above) > 0 && !tree.under(code, t.Cells[above[len(above)-1]].Codes[d]) {
				above = above[:len(above)-1]
			}
			of := -1
			switch {
			case whole >= 0:
				of = group[whole]
			case len(above) > 0:
				of = above[len(above)-1]
			}
			if of >= 0 && rules[i] == "" && isFull(t, d, tree, i, of) {
				rules[i] = RuleFull
			}
			above = append(above, i)
		}
	}
}

// isFull says whether cell i holds all of cell of, which somebody could be in
// without being in i.
func isFull(t *Table, d int, tree *lineage, i, of int) bool {
	part, whole := &t.Cells[i], &t.Cells[of]
	return part.Count > 0 && part.Count == whole.Count && tree.elsewhere(part.Codes[d], whole.Codes[d])
}

// A lineage numbers the codes of a dimension from the top so that those below a
// code follow on it directly: what is below what is then a comparison of numbers,
// however deep the hierarchy.
type lineage struct {
	first map[string]int // the number of a code; Total has 0
	last  map[string]int // the greatest number below it
	used  []int          // how many codes before that number have cells
	depth map[string]int // how many codes with cells there are down to a code, with it
}

func newLineage(t *Table, d int) *lineage {
	published := map[string]bool{}
	for i := range t.Cells {
		if codes := t.Cells[i].Codes; len(codes) == len(t.Dimensions) && codes[d] != Total {
			published[codes[d]] = true
		}
	}
	l := &lineage{first: map[string]int{}, last: map[string]int{}, depth: map[string]int{}, used: []int{0}}
	l.number(childrenOf(&t.Dimensions[d], published), published)
	return l
}

// childrenOf gives the codes directly below each code, of those that have cells
// or a place in the hierarchy.
func childrenOf(dim *Dimension, published map[string]bool) map[string][]string {
	children := map[string][]string{}
	placed := map[string]bool{Total: true}
	place := func(code string) {
		if placed[code] {
			return
		}
		placed[code] = true
		parent, ok := dim.Parent[code]
		if !ok {
			parent = Total
		}
		children[parent] = append(children[parent], code)
	}
	for code := range published {
		place(code)
	}
	for code, parent := range dim.Parent {
		place(code)
		place(parent)
	}
	return children
}

// number walks down from Total. Codes in a circle are not reached and get no
// number: they are below nothing.
func (l *lineage) number(children map[string][]string, published map[string]bool) {
	type step struct {
		code string
		done bool // all below it have their numbers
		used int  // codes with cells above it
	}
	todo := []step{{code: Total}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.done {
			l.last[s.code] = len(l.used) - 2
			continue
		}
		n := 0
		if published[s.code] {
			n = 1
		}
		l.first[s.code] = len(l.used) - 1
		l.used = append(l.used, l.used[len(l.used)-1]+n)
		l.depth[s.code] = s.used + n
		todo = append(todo, step{code: s.code, done: true})
		for _, c := range children[s.code] {
			todo = append(todo, step{code: c, used: s.used + n})
		}
	}
}

// under says whether a code is below another, not the same.
func (l *lineage) under(code, top string) bool {
	return l.first[top] < l.first[code] && l.first[code] <= l.last[top]
}

// elsewhere says whether some code with cells is below top but neither below, nor
// above, nor the same as code.
func (l *lineage) elsewhere(code, top string) bool {
	if !l.under(code, top) {
		return false
	}
	count := func(c string) int { return l.used[l.last[c]+1] - l.used[l.first[c]] }
	self := l.used[l.first[top]+1] - l.used[l.first[top]]
	between := l.depth[code] - l.depth[top] - 1
	return count(top)-self-count(code)-between > 0
}

// groups gives the shown cells that differ only in dimension d together, those
// below a code after it.
func (l *lineage) groups(t *Table, d int) map[string][]int {
	groups := map[string][]int{}
	for i := range t.Cells {
		codes := t.Cells[i].Codes
		if t.Cells[i].Hidden || len(codes) != len(t.Dimensions) {
			continue
		}
		if _, ok := l.first[codes[d]]; !ok {
			continue
		}
		key := keyWithout(codes, func(i int) bool { return i == d })
		groups[key] = append(groups[key], i)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b int) int {
			return cmp.Or(cmp.Compare(l.first[t.Cells[a].Codes[d]], l.first[t.Cells[b].Codes[d]]), a-b)
		})
	}
	return groups
}

// keyWithout names the codes outside some dimensions, so that no two lists of
// codes have the same name.
func keyWithout(codes []string, out func(d int) bool) string {
	var b strings.Builder
	for d, c := range codes {
		if !out(d) {
			b.WriteString(strconv.Itoa(len(c)))
			b.WriteByte(':')
			b.WriteString(c)
		}
	}
	return b.String()
}
