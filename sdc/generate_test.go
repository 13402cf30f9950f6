package sdc

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Random tables. Table k is the same in every run.

// A tableKind is a way to make a release.
type tableKind int

const (
	kindFlat     tableKind = iota // two dimensions, or one
	kindCube                      // three dimensions
	kindTree                      // two dimensions, one with sub-totals
	kindTrees                     // two dimensions, both with sub-totals
	kindTreeCube                  // three dimensions, one with sub-totals
	kindLinked                    // two tables that share a dimension
	kindGrouped                   // the same units under two hierarchies
	kindEarlier                   // a table and an earlier, coarser one
	kindMissing                   // totals that are not published
	kindFlow                      // tables tied by open + started − ended = open next
	kinds
)

func (k tableKind) String() string {
	return [...]string{"flat", "cube", "tree", "trees", "tree cube", "linked", "grouped",
		"earlier", "missing totals", "flow"}[k]
}

// A madeRelease has true counts, and says which tables two dimensions tie alone.
type madeRelease struct {
	seed    int
	kind    tableKind
	release Release
	profile Profile
}

// network says whether the release is one table of two dimensions, of which at
// most one has sub-totals: linear bounds are then whole.
func (m *madeRelease) network() bool {
	return (m.kind == kindFlat || m.kind == kindTree) && m.profile.Base <= 1
}

// makeRelease makes table k.
func makeRelease(k int) *madeRelease {
	rng := rand.New(rand.NewPCG(uint64(k), 20240401))
	m := &madeRelease{seed: k, kind: tableKind(k % int(kinds)), profile: makeProfile(rng)}
	m.release = Release{Name: fmt.Sprintf("table %d", k)}
	switch m.kind {
	case kindFlat:
		if k%20 == 0 { // or one dimension, perhaps with sub-totals
			w := newWorld(rng, between(rng, 2, 9))
			var tree map[string]string
			if rng.IntN(2) == 0 {
				tree = w.tree(rng, 0, "part")
			}
			m.add(w.table("Area", w.all(tree)))
			break
		}
		w := newWorld(rng, between(rng, 3, 8), between(rng, 3, 6))
		m.add(w.table("Area by age", w.all(nil, nil)))
		m.release.Tables[0].Dimensions[1].Sensitive = rng.IntN(4) == 0
	case kindCube:
		w := newWorld(rng, between(rng, 2, 4), between(rng, 2, 3), between(rng, 2, 3))
		m.add(w.table("Area by age by sex", w.all(nil, nil, nil)))
	case kindTree, kindTrees:
		w := newWorld(rng, between(rng, 4, 6), between(rng, 3, 5))
		var second map[string]string
		if m.kind == kindTrees {
			second = w.tree(rng, 1, "group")
		}
		m.add(w.table("Area by age", w.all(w.tree(rng, 0, "part"), second)))
	case kindTreeCube:
		w := newWorld(rng, between(rng, 3, 4), between(rng, 2, 3), 2)
		m.add(w.table("Area by age by sex", w.all(w.tree(rng, 0, "part"), nil, nil)))
	case kindMissing:
		if rng.IntN(2) == 0 {
			w := newWorld(rng, between(rng, 3, 7), between(rng, 3, 5))
			m.add(w.table("Area by age", w.all(nil, nil)))
		} else {
			w := newWorld(rng, between(rng, 2, 4), between(rng, 2, 3), 2)
			m.add(w.table("Area by age by sex", w.all(nil, nil, nil)))
		}
		m.dropTotals(rng)
	case kindLinked:
		w := newWorld(rng, between(rng, 3, 4), between(rng, 2, 4), between(rng, 2, 3))
		m.add(w.table("Area by age", []cut{{0, nil}, {1, nil}}))
		m.add(w.table("Area by sex", []cut{{0, nil}, {2, nil}}))
	case kindGrouped:
		w := newWorld(rng, between(rng, 5, 8), 2)
		m.add(w.table("County by age", w.all(w.tree(rng, 0, "county"), nil)))
		m.add(w.table("Size by age", w.all(w.tree(rng, 0, "size"), nil)))
	case kindEarlier:
		w := newWorld(rng, between(rng, 3, 4), between(rng, 2, 4), 2)
		m.add(w.table("Area by age by sex", w.all(nil, nil, nil)))
		m.add(w.table("Area by age, as published before", []cut{{0, nil}, {1, nil}}))
	case kindFlow:
		m.flow(rng, between(rng, 3, 5), between(rng, 2, 3))
	}
	return m
}

func (m *madeRelease) add(t Table) { m.release.Tables = append(m.release.Tables, t) }

// makeProfile is one of the kinds of rule: mostly 1 to 5 hidden and zeros shown.
func makeProfile(rng *rand.Rand) Profile {
	name := "dfe"
	kind := rng.IntN(10)
	if kind == 0 { // shown counts rounded
		name = "nhs"
	}
	p, err := ProfileNamed(name)
	if err != nil {
		panic(err)
	}
	switch kind {
	case 1: // zeros are hidden too
		p.ZerosShown = false
	case 2:
		p.Threshold, p.Values, p.SmallUpTo = 3, 3, 3
	}
	p.MinContributors, p.FullGroups = 0, false
	return p
}

// between gives a number from low to high, both included.
func between(rng *rand.Rand, low, high int) int { return low + rng.IntN(high-low+1) }

// A world holds the true count of each combination of lowest codes; every table
// is cut from it, so that tables agree.
type world struct {
	codes      [][]string
	counts     []int64
	population string
}

// A cut is a dimension of a world as a table uses it.
type cut struct {
	d      int
	parent map[string]string
}

var worldNames = []string{"area", "age", "sex"}

// newWorld makes a world of these numbers of categories. Its counts are mixed:
// around 1, 4 or 12, many zeros, a few large.
func newWorld(rng *rand.Rand, sizes ...int) *world {
	w := &world{population: "children 2024"}
	cells := 1
	for d, n := range sizes {
		cells *= n
		var codes []string
		for i := range n {
			codes = append(codes, fmt.Sprintf("%s%d", worldNames[d], i+1))
		}
		w.codes = append(w.codes, codes)
	}
	mean := []int{1, 4, 4, 12, 12}[rng.IntN(5)]
	zeros := []int{0, 5, 30}[rng.IntN(3)]
	for range cells {
		w.counts = append(w.counts, makeCount(rng, mean, zeros))
	}
	return w
}

func makeCount(rng *rand.Rand, mean, zeros int) int64 {
	switch {
	case rng.IntN(100) < zeros:
		return 0
	case rng.IntN(25) == 0:
		return int64(between(rng, 40, 150))
	}
	return int64(rng.IntN(2*mean + 1))
}

// all is a cut by all dimensions, with these hierarchies.
func (w *world) all(parents ...map[string]string) []cut {
	var cuts []cut
	for d, p := range parents {
		cuts = append(cuts, cut{d, p})
	}
	return cuts
}

// tree puts the codes of a dimension under two or three groups; now and then one
// stays directly under Total.
func (w *world) tree(rng *rand.Rand, d int, name string) map[string]string {
	parent := map[string]string{}
	n := len(w.codes[d])
	groups := 2
	if n > 5 && rng.IntN(2) == 0 {
		groups = 3
	}
	for i, at := range rng.Perm(n) {
		if i >= 2*groups && rng.IntN(6) == 0 {
			continue
		}
		parent[w.codes[d][at]] = fmt.Sprintf("%s %c", name, 'A'+i%groups)
	}
	return parent
}

// table cuts a table, with all its totals.
func (w *world) table(name string, cuts []cut) Table {
	t := Table{Name: name, Population: w.population}
	var grids [][]string
	for _, c := range cuts {
		t.Dimensions = append(t.Dimensions, Dimension{Name: worldNames[c.d], Parent: c.parent})
		codes := append([]string{Total}, w.codes[c.d]...)
		seen := map[string]bool{}
		for _, code := range w.codes[c.d] {
			if g := c.parent[code]; g != "" && !seen[g] {
				seen[g] = true
				codes = append(codes, g)
			}
		}
		grids = append(grids, codes)
	}
	for _, codes := range product(grids) {
		t.Cells = append(t.Cells, Cell{Codes: codes, Count: w.count(cuts, codes)})
	}
	return t
}

func product(grids [][]string) [][]string {
	all := [][]string{nil}
	for _, g := range grids {
		var longer [][]string
		for _, a := range all {
			for _, c := range g {
				longer = append(longer, append(append([]string(nil), a...), c))
			}
		}
		all = longer
	}
	return all
}

// count adds up what lies under a combination of codes.
func (w *world) count(cuts []cut, codes []string) int64 {
	sum := int64(0)
	at := make([]int, len(w.codes))
	for _, n := range w.counts {
		under := true
		for i, c := range cuts {
			own := w.codes[c.d][at[c.d]]
			under = under && (codes[i] == Total || codes[i] == own || codes[i] == c.parent[own])
		}
		if under {
			sum += n
		}
		for d := len(at) - 1; d >= 0; d-- {
			if at[d]++; at[d] < len(w.codes[d]) {
				break
			}
			at[d] = 0
		}
	}
	return sum
}

// dropTotals leaves out some or most totals, and some lowest combinations of none
// where those are no secret.
func (m *madeRelease) dropTotals(rng *rand.Rand) {
	t := &m.release.Tables[0]
	drop := 1 + rng.IntN(3) // of four
	var kept []Cell
	for _, c := range t.Cells {
		totals := strings.Count(strings.Join(c.Codes, " "), Total)
		none := totals == 0 && c.Count == 0 && m.profile.ZerosShown
		if totals > 0 && rng.IntN(4) < drop || none && rng.IntN(2) == 0 {
			continue
		}
		kept = append(kept, c)
	}
	t.Cells = kept
}

// flow makes four tables of one shape: open, started, ended, open a year later,
// and says of each cell that they are tied.
func (m *madeRelease) flow(rng *rand.Rand, sizes ...int) {
	open, started, ended := newWorld(rng, sizes...), newWorld(rng, sizes...), newWorld(rng, sizes...)
	next := newWorld(rng, sizes...)
	for i := range open.counts {
		ended.counts[i] = min(ended.counts[i], open.counts[i]+started.counts[i])
		next.counts[i] = open.counts[i] + started.counts[i] - ended.counts[i]
	}
	worlds := []*world{open, started, ended, next}
	for i, w := range worlds {
		w.population = []string{"open 2024", "started 2024", "ended 2024", "open 2025"}[i]
		m.add(w.table(w.population, w.all(nil, nil)))
	}
	for _, c := range m.release.Tables[0].Cells {
		id := Identity{}
		for i, w := range worlds {
			id.Parts = append(id.Parts, Part{Factor: []int64{1, 1, -1, -1}[i],
				Ref: Ref{Population: w.population, Codes: map[string]string{"area": c.Codes[0], "age": c.Codes[1]}}})
		}
		m.release.Identities = append(m.release.Identities, id)
	}
}

// hideNaively hides as a spreadsheet does: small counts, then in each line the
// smallest shown count until none has a single hidden one. Tables are hidden one
// by one, as if nobody thought of the others. The result is as printed.
func (m *madeRelease) hideNaively() Release {
	r := cloneRelease(&m.release)
	for i := range r.Tables {
		t := &r.Tables[i]
		for c := range t.Cells {
			t.Cells[c].Hidden = m.primary(t, c)
		}
		lines := tableLines(t)
		for hidden := true; hidden; {
			hidden = false
			for _, line := range lines {
				hidden = hideSecond(t, line) || hidden
			}
		}
	}
	return m.asPrinted(&r)
}

// primary says whether a count is hidden for its own sake: for being small, or
// none in a sensitive category.
func (m *madeRelease) primary(t *Table, cell int) bool {
	c := &t.Cells[cell]
	secret := false
	for d, code := range c.Codes {
		secret = secret || t.Dimensions[d].Sensitive && code != Total
	}
	return c.Count <= m.profile.Threshold && (c.Count > 0 || secret || !m.profile.ZerosShown)
}

// hideSecond hides the smallest shown count of a line with a single hidden one.
func hideSecond(t *Table, line []int) bool {
	hidden, best := 0, -1
	for _, c := range line {
		cell := &t.Cells[c]
		switch {
		case cell.Hidden:
			hidden++
		case cell.Count > 0 && (best < 0 || cell.Count < t.Cells[best].Count):
			best = c
		}
	}
	if hidden != 1 || best < 0 {
		return false
	}
	t.Cells[best].Hidden = true
	return true
}

// tableLines are the cells of each total and its parts along a dimension.
func tableLines(t *Table) [][]int {
	lines := map[string][]int{}
	var order []string
	put := func(d int, top string, codes []string, c int) {
		other := append([]string(nil), codes...)
		other[d] = top
		key := fmt.Sprint(d, other)
		if lines[key] == nil {
			order = append(order, key)
		}
		lines[key] = append(lines[key], c)
	}
	for c, cell := range t.Cells {
		for d, code := range cell.Codes {
			put(d, code, cell.Codes, c)
			if p := judgeParent(t, d, code); p != "" {
				put(d, p, cell.Codes, c)
			}
		}
	}
	var all [][]int
	for _, key := range order {
		if len(lines[key]) > 1 {
			all = append(all, lines[key])
		}
	}
	return all
}

// asPrinted takes the true counts out of what is hidden, and rounds what is shown.
func (m *madeRelease) asPrinted(r *Release) Release {
	printed := cloneRelease(r)
	for i := range printed.Tables {
		for c := range printed.Tables[i].Cells {
			cell := &printed.Tables[i].Cells[c]
			if cell.Hidden {
				cell.Count = 0
			} else {
				cell.Count = m.profile.round(cell.Count)
			}
		}
	}
	return printed
}

// showNeedless shows again each group of hidden counts without a small one: a
// reader who knows that nothing is hidden without need would be wrong about it.
func (m *madeRelease) showNeedless(r *Release) {
	model := judgeRead(r, &m.profile, K1)
	small := map[int]bool{}
	for i := range r.Tables {
		for c := range r.Tables[i].Cells {
			if m.primary(&m.release.Tables[i], c) {
				small[model.cell(&r.Tables[i], c)] = true
			}
		}
	}
	needless := map[int]bool{}
	for _, group := range model.hiddenGroups() {
		need := false
		for _, v := range group {
			need = need || small[v]
		}
		for _, v := range group {
			needless[v] = !need
		}
	}
	for i := range r.Tables {
		t := &r.Tables[i]
		for c := range t.Cells {
			if t.Cells[c].Hidden && needless[model.cell(t, c)] {
				t.Cells[c].Hidden = false
				t.Cells[c].Count = m.profile.round(m.release.Tables[i].Cells[c].Count)
			}
		}
	}
}

func cloneRelease(r *Release) Release {
	out := *r
	out.Tables = append([]Table(nil), r.Tables...)
	for i := range out.Tables {
		out.Tables[i].Cells = append([]Cell(nil), r.Tables[i].Cells...)
	}
	return out
}
