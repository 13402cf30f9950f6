package sdc

import (
	"slices"
	"strings"
)

// A gridDim is one dimension of a grid: its codes, numbered, and how they sum.
type gridDim struct {
	code     []string
	number   map[string]int
	children [][]int
	root     int          // the number of Total, -1 when the dimension has none
	unseen   map[int]bool // codes that the table does not print, and whose counts need not be none
	nested   bool
}

// A grid is all combinations of a table's codes, each with a number.
type grid struct {
	t      *Table
	dims   []gridDim
	stride []int
	size   int
	order  []int // dimensions in the order in which equations are kept
}

// otherCode begins the code of what a dimension's printed categories leave out. The
// categories follow, since it is another count for other categories.
const otherCode = "\x00other"

// newGrid numbers a table's combinations. In linked tables a dimension without
// totals is given one, since another table may print it; and a category for what
// is left out, when another table shows that something is.
func newGrid(t *Table, linked bool, elsewhere func(dim, code string) bool, partly func(d int) bool) (*grid, error) {
	g := &grid{t: t, size: 1}
	for d := range t.Dimensions {
		dim, err := newGridDim(t, d, linked, elsewhere)
		if err != nil {
			return nil, err
		}
		g.dims = append(g.dims, *dim)
	}
	for d := range g.dims {
		if linked && !hasTotal(t, d) && partly(d) {
			g.dims[d].addOther()
		}
		g.stride = append(g.stride, g.size)
		if g.size *= len(g.dims[d].code); g.size > MaxCells {
			return nil, tableError(t, -1, "the table has more than %d combinations of its codes; split it, or leave a "+
				"dimension out", MaxCells)
		}
	}
	for d := range g.dims {
		g.order = append(g.order, d)
	}
	// The nested dimension first leaves each count in at most two equations, where
	// only one dimension of two is nested: that is what makes it a network.
	slices.SortStableFunc(g.order, func(a, b int) int {
		if g.dims[a].nested == g.dims[b].nested {
			return 0
		} else if g.dims[a].nested {
			return -1
		}
		return 1
	})
	return g, nil
}

func hasTotal(t *Table, d int) bool {
	return slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.Codes[d] == Total })
}

func newGridDim(t *Table, d int, linked bool, elsewhere func(dim, code string) bool) (*gridDim, error) {
	dim := &gridDim{number: map[string]int{}, root: -1, unseen: map[int]bool{}}
	add := func(code string) int {
		n, ok := dim.number[code]
		if !ok {
			n = len(dim.code)
			dim.number[code] = n
			dim.code = append(dim.code, code)
			dim.children = append(dim.children, nil)
		}
		return n
	}
	for i := range t.Cells {
		add(t.Cells[i].Codes[d])
	}
	if n, ok := dim.number[Total]; ok {
		dim.root = n
	} else if linked {
		dim.root = add(Total)
	}
	codes := slices.Clone(dim.code)
	for _, code := range codes {
		// A parent that no row names is a sub-total that is not printed.
		for at, steps := code, 0; at != Total; steps++ {
			if steps > len(t.Dimensions[d].Parent) {
				return nil, tableError(t, -1, "in %s the code %q is part of itself; mend the hierarchy", t.Dimensions[d].Name, code)
			}
			up, ok := t.Dimensions[d].Parent[at]
			if !ok || up == Total {
				break
			}
			add(up)
			at = up
		}
	}
	for _, code := range t.Dimensions[d].unprinted(dim.number, elsewhere) {
		dim.unseen[add(code)] = true
	}
	for n, code := range dim.code {
		if code == Total {
			continue
		}
		up := dim.root
		if parent, ok := t.Dimensions[d].Parent[code]; ok && parent != Total {
			up = dim.number[parent]
			dim.nested = true
		}
		if up >= 0 {
			dim.children[up] = append(dim.children[up], n)
		}
	}
	return dim, nil
}

// unprinted lists the codes of a hierarchy that are below a lowest code of the table
// and that another table prints: all parts of each such code.
func (d *Dimension) unprinted(number map[string]int, elsewhere func(dim, code string) bool) []string {
	split := map[string]bool{}
	for code, up := range d.Parent {
		if _, here := number[code]; !here && elsewhere(d.Name, code) {
			split[up] = true
		}
	}
	var out []string
	for code, up := range d.Parent {
		_, here := number[code]
		_, printed := number[up]
		if !here && printed && split[up] {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

// A coverage says whether a table's categories of a dimension are all there are.
type coverage uint8

const (
	untold   coverage = iota // hidden counts leave it open
	complete                 // they come to the totals that another table prints
	partial                  // they come to less
)

// covers compares a table's categories of dimension d, which it prints no total of,
// with the totals that another table prints.
func covers(t *Table, d int, printed map[string]int64) coverage {
	sum, open := map[string]int64{}, map[string]bool{}
	for i := range t.Cells {
		c := &t.Cells[i]
		if parent, ok := t.Dimensions[d].Parent[c.Codes[d]]; ok && parent != Total {
			continue
		}
		codes := slices.Clone(c.Codes)
		codes[d] = Total
		k := t.key(codes)
		sum[k] += c.Count
		open[k] = open[k] || c.Hidden
	}
	told := untold
	for k, s := range sum {
		total, ok := printed[k]
		switch {
		case !ok || open[k] && total >= s:
		case total > s:
			return partial
		case total > 0: // that none come to none tells nothing
			told = complete
		}
	}
	return told
}

func (d *gridDim) addOther() {
	var named []string
	for _, c := range d.children[d.root] {
		named = append(named, d.code[c])
	}
	slices.Sort(named)
	code := otherCode + strings.Join(named, "\x1d")
	other := len(d.code)
	d.unseen[other] = true
	d.number[code] = other
	d.code = append(d.code, code)
	d.children = append(d.children, nil)
	d.children[d.root] = append(d.children[d.root], other)
}

// index gives the number of a cell's combination.
func (g *grid) index(codes []string) int {
	at := 0
	for d, c := range codes {
		at += g.dims[d].number[c] * g.stride[d]
	}
	return at
}

func (g *grid) at(codes []int) int {
	at := 0
	for d, c := range codes {
		at += c * g.stride[d]
	}
	return at
}

// codes gives the codes of a combination.
func (g *grid) codes(at int) []int {
	out := make([]int, len(g.dims))
	for d := range g.dims {
		out[d] = at / g.stride[d] % len(g.dims[d].code)
	}
	return out
}

func (g *grid) names(codes []int) []string {
	out := make([]string, len(codes))
	for d, c := range codes {
		out[d] = g.dims[d].code[c]
	}
	return out
}

// each calls f for every combination; f must not keep codes.
func (g *grid) each(f func(at int, codes []int)) {
	codes := make([]int, len(g.dims))
	for at := range g.size {
		f(at, codes)
		for d := range codes {
			if codes[d]++; codes[d] < len(g.dims[d].code) {
				break
			}
			codes[d] = 0
		}
	}
}

// lowest says whether a combination is a total in no dimension.
func (g *grid) lowest(codes []int) bool {
	for d, c := range codes {
		if len(g.dims[d].children[c]) > 0 {
			return false
		}
	}
	return true
}

// unseen says whether a combination is of a code that the table does not print.
func (g *grid) unseen(codes []int) bool {
	for d, c := range codes {
		if g.dims[d].unseen[c] {
			return true
		}
	}
	return false
}

// implied says whether the equation of a total in dimension d follows from
// others: it is the sum of the same equation over the parts of an earlier
// dimension.
func (g *grid) implied(codes []int, d int) bool {
	for _, before := range g.order {
		if before == d {
			return false
		}
		if len(g.dims[before].children[codes[before]]) > 0 {
			return true
		}
	}
	return false
}

// above calls f for a combination and for every total it is part of.
func (g *grid) above(codes []int, f func(at int)) {
	var walk func(d, at int)
	walk = func(d, at int) {
		if d == len(codes) {
			f(at)
			return
		}
		for c := codes[d]; c >= 0; c = g.parent(d, c) {
			walk(d+1, at+c*g.stride[d])
		}
	}
	walk(0, 0)
}

func (g *grid) parent(d, code int) int {
	dim := &g.dims[d]
	if code == dim.root {
		return -1
	}
	if p, ok := g.t.Dimensions[d].Parent[dim.code[code]]; ok && p != Total {
		return dim.number[p]
	}
	return dim.root
}
