package sdc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// A change is something a publisher could do to a release that cannot be made
// safe.
type change struct {
	words   string
	release Release
	lost    int // how many cells it takes away
}

// tried is how many changes are judged before giving up.
const tried = 60

// suggest says what would make a release safe that is not; "" when nothing was found.
func suggest(ctx context.Context, r Release, o Options, res *Result) string {
	if res.Audit.Stopped {
		return "give it more time or a greater budget, or split the release"
	}
	if words := exposedWords(res); words != "" {
		return words // no change of the table makes that safe
	}
	if best, _ := smallestChange(ctx, r, o); best != nil {
		return best.words
	}
	return ""
}

// smallestChange finds the smallest change that makes a release safe, and what it is
// then: a percentage left out, two neighbouring categories put together, else a
// dimension left out. Of several as small it takes that which hides fewest counts.
// Both are nil when none was found.
func smallestChange(ctx context.Context, r Release, o Options) (best *change, after *Result) {
	changes := slices.Concat(silences(&r, &o), merges(&r, o.Ledger != nil), omissions(&r))
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.lost, b.lost) })
	if len(changes) > tried {
		changes = changes[:tried]
	}
	fewest := 0
	m := o.meter(ctx)
	for i := range changes {
		c := &changes[i]
		if best != nil && c.lost > best.lost {
			break
		}
		res, err := protect(m, c.release, o, asChosen)
		if errors.Is(err, ErrStopped) || err == nil && res.Audit.Stopped {
			break
		}
		if err != nil || !res.Safe {
			continue
		}
		if hidden, _ := res.hiddenCells(); best == nil || hidden < fewest {
			best, after, fewest = c, res, hidden
		}
	}
	return best, after
}

// exposedWords names small counts that must be shown, when these are the trouble.
func exposedWords(res *Result) string {
	for t, table := range res.Decisions {
		for c, d := range table {
			if d.Rule != "" && !d.Hidden {
				tab := &res.Released.Tables[t]
				return fmt.Sprintf("do not ask for %s to be shown: %s", tab.Label(tab.Cells[c].Codes), d.Rule.Words(res.profile))
			}
		}
	}
	return ""
}

// silences lists the facts that could be left unsaid.
func silences(r *Release, o *Options) []change {
	if o.Know != Usual && o.Know < K5 {
		return nil
	}
	var out []change
	for i, f := range r.Facts {
		less := *r
		less.Facts = slices.Delete(slices.Clone(r.Facts), i, i+1)
		out = append(out, change{words: "do not print the " + f.Name, release: less})
	}
	return out
}

// merges lists the ways to put two neighbouring lowest categories together.
func merges(r *Release, ledger bool) []change {
	var out []change
	for _, name := range dimensionNames(r) {
		codes, parent := lowestCodes(r, name)
		for i := 0; i+1 < len(codes); i++ {
			a, b := codes[i], codes[i+1]
			if parent[a] != parent[b] || siblings(codes, parent, a) < 3 {
				continue // two that are all there is: leaving the dimension out says that
			}
			merged := merge(r, name, a, b)
			if ledger {
				merged.Identities = append(slices.Clone(merged.Identities), bindings(r, name, a, b)...)
			}
			out = append(out, change{words: fmt.Sprintf("merge %s with %s in %s", a, b, name), release: merged,
				lost: countCells(r) - countCells(&merged)})
		}
	}
	return out
}

// dimensionNames lists the dimensions of a release, in its order.
func dimensionNames(r *Release) []string {
	var out []string
	for i := range r.Tables {
		for _, d := range r.Tables[i].Dimensions {
			if !slices.Contains(out, d.Name) {
				out = append(out, d.Name)
			}
		}
	}
	return out
}

// lowestCodes lists the codes of a dimension that are no total, in the order in
// which they first stand, with their parents.
func lowestCodes(r *Release, name string) (codes []string, parent map[string]string) {
	parent = map[string]string{}
	above := map[string]bool{Total: true}
	for i := range r.Tables {
		d := r.Tables[i].dimension(name)
		if d < 0 {
			continue
		}
		for c, up := range r.Tables[i].Dimensions[d].Parent {
			parent[c] = up
			above[up] = true
		}
		for _, c := range r.Tables[i].Cells {
			if !slices.Contains(codes, c.Codes[d]) {
				codes = append(codes, c.Codes[d])
			}
		}
	}
	return slices.DeleteFunc(codes, func(c string) bool { return above[c] }), parent
}

func siblings(codes []string, parent map[string]string, of string) int {
	n := 0
	for _, c := range codes {
		if parent[c] == parent[of] {
			n++
		}
	}
	return n
}

// dimension gives the number of a dimension by name, or -1.
func (t *Table) dimension(name string) int {
	return slices.IndexFunc(t.Dimensions, func(d Dimension) bool { return d.Name == name })
}

func countCells(r *Release) int {
	n := 0
	for i := range r.Tables {
		n += len(r.Tables[i].Cells)
	}
	return n
}

// merge puts two codes of a dimension together in all tables.
func merge(r *Release, name, a, b string) Release {
	out := *r
	out.Tables = slices.Clone(r.Tables)
	for i := range out.Tables {
		t := &out.Tables[i]
		d := t.dimension(name)
		if d < 0 {
			continue
		}
		both := a + " and " + b
		t.Dimensions = slices.Clone(t.Dimensions)
		up := map[string]string{}
		for c, p := range t.Dimensions[d].Parent {
			if c == a {
				up[both] = p
			} else if c != b {
				up[c] = p
			}
		}
		t.Dimensions[d].Parent = up
		t.Cells = fold(t, func(c *Cell) bool {
			if c.Codes[d] == a || c.Codes[d] == b {
				c.Codes[d] = both
			}
			return true
		})
	}
	return out
}

// fold copies a table's cells, changed, adding those together that come to have
// the same codes. A cell for which change is false is left out.
func fold(t *Table, change func(c *Cell) bool) []Cell {
	var out []Cell
	at := map[string]int{}
	for _, c := range t.Cells {
		c.Codes = slices.Clone(c.Codes)
		if !change(&c) {
			continue
		}
		k := fmt.Sprintf("%q", c.Codes)
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, c)
			continue
		}
		o := &out[i]
		o.Count += c.Count
		o.Hidden, o.Keep = o.Hidden || c.Hidden, o.Keep || c.Keep
		o.Cost, o.Largest, o.Contributors = max(o.Cost, c.Cost), max(o.Largest, c.Largest), max(o.Contributors,
			c.Contributors)
	}
	return out
}

// bindings tie merged codes to the two they are made of, which an earlier release
// may have printed.
func bindings(r *Release, name, a, b string) []Identity {
	var out []Identity
	for i := range r.Tables {
		t := &r.Tables[i]
		d := t.dimension(name)
		if d < 0 {
			continue
		}
		for _, c := range t.Cells {
			if c.Codes[d] != a {
				continue
			}
			ref := func(code string) Ref {
				codes := map[string]string{}
				for k, x := range c.Codes {
					codes[t.Dimensions[k].Name] = x
				}
				codes[name] = code
				return Ref{Population: t.Population, Codes: codes}
			}
			out = append(out, Identity{Parts: []Part{{ref(a + " and " + b), 1}, {ref(a), -1}, {ref(b), -1}}})
		}
	}
	return out
}

// omissions lists the dimensions that could be left out of the tables that have
// them, where a total is printed.
func omissions(r *Release) []change {
	var out []change
	for _, name := range dimensionNames(r) {
		o := *r
		o.Tables = nil
		for i := range r.Tables {
			t := r.Tables[i]
			if d := t.dimension(name); d >= 0 {
				if !hasTotal(&t, d) || len(t.Dimensions) == 1 {
					continue
				}
				t.Cells = fold(&t, func(c *Cell) bool {
					keep := c.Codes[d] == Total
					c.Codes = slices.Delete(c.Codes, d, d+1)
					return keep
				})
				t.Dimensions = slices.Delete(slices.Clone(t.Dimensions), d, d+1)
			}
			o.Tables = append(o.Tables, t)
		}
		if len(o.Tables) == len(r.Tables) {
			out = append(out, change{words: "leave " + name + " out", release: o, lost: countCells(r) - countCells(&o)})
		}
	}
	return out
}
