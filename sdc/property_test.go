package sdc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A people is the true count of each combination of categories, from which tables
// are cut that agree with each other.
type people struct {
	names  []string
	codes  [][]string
	counts []int64
}

func drawPeople(t *rapid.T, most int) *people {
	w := &people{}
	cells := 1
	dims := min(most, rapid.SampledFrom([]int{2, 2, 2, 1, 3}).Draw(t, "dimensions"))
	for d := range dims {
		n := rapid.IntRange(2, 5-dims).Draw(t, "categories")
		w.names = append(w.names, string(rune('A'+d)))
		var codes []string
		for i := range n {
			codes = append(codes, fmt.Sprintf("%c%d", 'a'+d, i+1))
		}
		w.codes = append(w.codes, codes)
		cells *= n
	}
	w.counts = rapid.SliceOfN(rapid.SampledFrom([]int64{0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 20, 33, 80}), cells,
		cells).Draw(t, "counts")
	return w
}

// table cuts a table: dimensions that are not in it are added up. tree puts the
// first two categories of a dimension under a sub-total.
func (w *people) table(name string, dims []int, tree map[int]bool) Table {
	table := Table{Name: name}
	codes := [][]string{}
	for _, d := range dims {
		dim := Dimension{Name: w.names[d]}
		list := slices.Clone(w.codes[d])
		if tree[d] {
			part := "first " + w.names[d]
			dim.Parent = map[string]string{list[0]: part, list[1]: part}
			list = append(list, part)
		}
		table.Dimensions = append(table.Dimensions, dim)
		codes = append(codes, append(list, Total))
	}
	for _, c := range product(codes) {
		table.Cells = append(table.Cells, Cell{Codes: c, Count: w.count(&table, dims, c)})
	}
	return table
}

func (w *people) count(table *Table, dims []int, codes []string) int64 {
	sum := int64(0)
	for i, x := range w.counts {
		at, in := i, true
		var who []string
		for d := range w.codes {
			who = append(who, w.codes[d][at%len(w.codes[d])])
			at /= len(w.codes[d])
		}
		for k, d := range dims {
			in = in && (codes[k] == Total || codes[k] == who[d] || table.Dimensions[k].Parent[who[d]] == codes[k])
		}
		if in {
			sum += x
		}
	}
	return sum
}

func (w *people) whole() []int {
	dims := make([]int, len(w.codes))
	for d := range dims {
		dims[d] = d
	}
	return dims
}

// drawTable draws one table with all its totals, at times with sub-totals or a
// dimension without its total.
func drawTable(t *rapid.T) Table {
	w := drawPeople(t, 3)
	tree := map[int]bool{}
	if len(w.codes[0]) > 2 {
		tree[0] = rapid.Bool().Draw(t, "sub-totals")
	}
	table := w.table("now", w.whole(), tree)
	if rapid.IntRange(0, 5).Draw(t, "no total") == 0 {
		table.Cells = slices.DeleteFunc(table.Cells, func(c Cell) bool { return c.Codes[0] == Total })
	}
	return headline(table)
}

// headline says that the greatest count must be shown. A small table without such a
// count is also held against readers who replay its protection, which takes long.
func headline(table Table) Table {
	most := 0
	for i, c := range table.Cells {
		if c.Count > table.Cells[most].Count {
			most = i
		}
	}
	table.Cells[most].Keep = table.Cells[most].Count > 9
	return table
}

// drawPrinted draws a table as somebody might print it, with symbols anywhere but
// in the place of a zero.
func drawPrinted(t *rapid.T) Table {
	table := drawTable(t)
	one := rapid.IntRange(2, 6).Draw(t, "one hidden in")
	for i := range table.Cells {
		c := &table.Cells[i]
		c.Hidden = c.Count > 0 && (c.Count <= 5 || rapid.IntRange(1, one).Draw(t, "hidden") == 1)
	}
	return table
}

func drawProfile(t *rapid.T, names ...string) Profile {
	return mustProfile(t, rapid.SampledFrom(names).Draw(t, "profile"))
}

func alone(table Table) Release { return Release{Name: table.Name, Tables: []Table{table}} }

// A property holds for the protection of any table.
type property struct {
	o   Options
	r   Release
	res *Result
}

func (p *property) each(f func(was Cell, now Cell, d Decision)) {
	for t := range p.r.Tables {
		for c := range p.r.Tables[t].Cells {
			f(p.r.Tables[t].Cells[c], p.res.Released.Tables[t].Cells[c], p.res.Decisions[t][c])
		}
	}
}

// TestPropertyRelease: what is shown is true, what is small is hidden, none is
// not, and the verdict is the attacker's.
func TestPropertyRelease(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := property{o: Options{Profile: drawProfile(t, "dfe", "threshold10", "nhs")}, r: alone(drawTable(t))}
		if rapid.IntRange(0, 15).Draw(t, "no headline") == 15 {
			for i := range p.r.Tables[0].Cells {
				p.r.Tables[0].Cells[i].Keep = false
			}
		}
		p.res = protected(t, p.o, p.r)
		p.check(t)
	})
}

func (p *property) check(t *rapid.T) {
	prof := p.o.Profile
	p.each(func(was, now Cell, d Decision) {
		switch {
		case now.Hidden != d.Hidden:
			t.Errorf("%v: hidden is %v, and the decision says otherwise", was.Codes, now.Hidden)
		case now.Hidden && now.Count != 0:
			t.Errorf("%v is hidden with a count of %d", was.Codes, now.Count)
		case now.Hidden && was.Count == 0 && prof.ZerosShown:
			t.Errorf("%v is 0 and hidden", was.Codes)
		case !now.Hidden && prof.small(was.Count):
			t.Errorf("%v is %d and shown", was.Codes, was.Count)
		case !now.Hidden && now.Count != prof.round(was.Count):
			t.Errorf("%v is %d and shown as %d", was.Codes, was.Count, now.Count)
		}
	})
	again := attacked(t, p.o, p.res.Released)
	if again.Stands != p.res.Safe {
		t.Errorf("safe is %v and an attack says %v: %v", p.res.Safe, again.Stands, again.faults(5))
	}
	if a, b := auditText(t, p.res.Audit), auditText(t, again); a != b {
		t.Errorf("the audit has not what an attack on the printed release finds\n%s\n%s", a, b)
	}
}

// auditText is an audit as JSON, without how much work it was.
func auditText(t rapid.TB, a *Audit) string {
	b := *a
	b.Work = 0
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPropertyTruth: the true counts are always among those that an attacker holds
// possible.
func TestPropertyTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10", "nhs"),
			Know: rapid.SampledFrom([]Knowledge{K0, K1, K2}).Draw(t, "know")}
		r := alone(drawTable(t))
		res := protected(t, o, r)
		if !res.Safe {
			return
		}
		for _, j := range res.Audit.Cells {
			if x := r.Tables[j.Table].Cells[j.Cell].Count; x < j.Low || x > j.High {
				t.Errorf("%s is %d, and %v says %d to %d", j.Label, x, o.Know, j.Low, j.High)
			}
		}
	})
}

// TestPropertyTwice: protecting what is protected hides nothing more.
func TestPropertyTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		first := protected(t, o, alone(drawTable(t)))
		if !first.Safe {
			return
		}
		second := protected(t, o, first.Released)
		if !second.Safe {
			t.Errorf("it was safe, and no more is: %v", second.Audit.faults(5))
		}
		if a, b := cells(&first.Released.Tables[0]), cells(&second.Released.Tables[0]); a != b {
			t.Errorf("it was\n%s\nand now is\n%s", a, b)
		}
	})
}

// disguise puts the rows of a table in another order, its dimensions too, and gives
// its codes other names.
func disguise(t *rapid.T, table Table) Table {
	return rearranged(table, rapid.Permutation(rangeOf(len(table.Dimensions))).Draw(t, "order of dimensions"),
		rapid.Permutation(rangeOf(len(table.Cells))).Draw(t, "order of rows"))
}

// rearranged gives the dimensions and rows of a table in some order, under other
// names, which sort the other way.
func rearranged(table Table, order, rows []int) Table {
	out := Table{Name: table.Name}
	rename := func(code string) string {
		if code == Total {
			return code
		}
		return string('z'-code[len(code)-1]%16) + code
	}
	for _, d := range order {
		dim := Dimension{Name: "n" + table.Dimensions[d].Name, Parent: map[string]string{}}
		for c, p := range table.Dimensions[d].Parent {
			dim.Parent[rename(c)] = rename(p)
		}
		out.Dimensions = append(out.Dimensions, dim)
	}
	for _, i := range rows {
		c := table.Cells[i]
		codes := c.Codes
		c.Codes = nil
		for _, d := range order {
			c.Codes = append(c.Codes, rename(codes[d]))
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

func rangeOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// spansOf are the intervals of an audit, whatever they are of.
func spansOf(a *Audit) string {
	var out []string
	for _, list := range [][]Verdict{a.Cells, a.Derived} {
		var part []string
		for _, j := range list {
			part = append(part, fmt.Sprint(j.Low, j.High, j.Stands))
		}
		slices.Sort(part)
		out = append(out, strings.Join(part, "; "))
	}
	return strings.Join(out, " | ")
}

// distinct makes all lowest counts of a table different, so that no two cells are
// alike but for their names.
func distinct(t *rapid.T) Table {
	w := drawPeople(t, 3)
	w.counts = rapid.Permutation([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 19, 24, 30, 37, 45, 54, 64, 75, 87,
		100, 114, 129, 145, 162}).Draw(t, "counts")[:len(w.counts)]
	return headline(w.table("now", w.whole(), map[int]bool{0: len(w.codes[0]) > 2 && rapid.Bool().Draw(t, "sub-totals")}))
}

// TestPropertyDisguise: neither the order of rows and dimensions nor the names of
// codes change what an attack finds.
func TestPropertyDisguise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10"), Know: K1}
		table := drawPrinted(t)
		a, b := attacked(t, o, alone(table)), attacked(t, o, alone(disguise(t, table)))
		if a.Stands != b.Stands || spansOf(a) != spansOf(b) {
			t.Errorf("it was %s and is %s", spansOf(a), spansOf(b))
		}
	})
}

// TestPropertyRenamed: what is protected depends on no name.
func TestPropertyRenamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		table := drawTable(t)
		dims, rows := rangeOf(len(table.Dimensions)), rangeOf(len(table.Cells))
		a, b := protected(t, o, alone(table)), protected(t, o, alone(rearranged(table, dims, rows)))
		if x, y := auditText(t, unnamed(a.Audit)), auditText(t, unnamed(b.Audit)); x != y {
			t.Errorf("it was %s and is %s", x, y)
		}
	})
}

// unnamed is an audit without the names of counts.
func unnamed(a *Audit) *Audit {
	b := *a
	b.Cells, b.Derived = slices.Clone(a.Cells), slices.Clone(a.Derived)
	for _, list := range [][]Verdict{b.Cells, b.Derived} {
		for i := range list {
			list[i].Label = ""
		}
	}
	return &b
}

// TestPropertyShuffled: whether a table can be protected does not depend on the
// order of its rows and dimensions. (Which of two equally dear sets is hidden may.)
func TestPropertyShuffled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		table := distinct(t)
		a, b := protected(t, o, alone(table)), protected(t, o, alone(disguise(t, table)))
		if a.Safe != b.Safe {
			t.Errorf("safe %v, %d hidden: %s\nsafe %v, %d hidden: %s", a.Safe, cellsHidden(a.Released), spansOf(a.Audit), b.Safe,
				cellsHidden(b.Released), spansOf(b.Audit))
		}
	})
}

// TestPropertyKeep: what must be shown is shown, and never at the cost of a small
// count.
func TestPropertyKeep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		table := drawTable(t)
		for i := range table.Cells {
			table.Cells[i].Keep = rapid.IntRange(0, 4).Draw(t, "keep") == 0
		}
		p := property{o: o, r: alone(table)}
		p.res = protected(t, o, p.r)
		p.each(func(was, now Cell, d Decision) {
			if was.Keep && now.Hidden {
				t.Errorf("%v must be shown and is hidden", was.Codes)
			}
			if p.res.Safe && !now.Hidden && o.Profile.small(was.Count) {
				t.Errorf("%v is %d, shown and called safe", was.Codes, was.Count)
			}
		})
		if p.res.Safe {
			p.check(t)
		}
	})
}

// within says whether each interval of b is within that of a, for the counts that
// both have.
func within(t *rapid.T, about string, a, b *Audit) {
	at := map[string]Verdict{}
	for _, j := range a.Cells {
		at[j.Label] = j
	}
	for _, j := range b.Cells {
		if was, ok := at[j.Label]; ok && (j.Low < was.Low || j.High > was.High) {
			t.Errorf("%s: %s was %d to %d and is %d to %d", about, j.Label, was.Low, was.High, j.Low, j.High)
		}
	}
}
