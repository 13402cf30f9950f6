package app

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kith/sdc"
)

// A numberBand is a code such as 5-17.
type numberBand struct {
	code   string
	lo, hi int
}

var bandOfNumbers = regexp.MustCompile(`^(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})$`)

// evidentBands looks for bands of a dimension that others come to, as 0-17 is 0-4 and
// 5-17, in a table and in what was released before of the same population.
func evidentBands(r *sdc.Release, l *sdc.Ledger) []string {
	var earlier []sdc.Table
	if l != nil {
		for _, e := range l.Entries() {
			earlier = append(earlier, e.Tables...)
		}
	}
	var out []string
	for _, t := range r.Tables {
		for d, dim := range t.Dimensions {
			mine := bandsOf(&t, d)
			all := maps.Clone(mine)
			for _, e := range earlier {
				at := slices.IndexFunc(e.Dimensions, func(x sdc.Dimension) bool { return x.Name == dim.Name })
				if at >= 0 && e.Population == t.Population {
					maps.Copy(all, bandsOf(&e, at))
				}
			}
			for _, words := range covers(dim, all, mine) {
				if !slices.Contains(out, words) {
					out = append(out, words)
				}
			}
		}
	}
	return out
}

func bandsOf(t *sdc.Table, d int) map[string]numberBand {
	out := map[string]numberBand{}
	for i := range t.Cells {
		code := t.Cells[i].Codes[d]
		m := bandOfNumbers.FindStringSubmatch(code)
		if m == nil {
			continue
		}
		lo, _ := strconv.Atoi(m[1])
		hi, _ := strconv.Atoi(m[2])
		if lo <= hi {
			out[code] = numberBand{code, lo, hi}
		}
	}
	return out
}

// covers says which bands are others together, where at least one of them is of the table
// and that is not known of its sub-totals.
func covers(dim sdc.Dimension, all, mine map[string]numberBand) []string {
	list := slices.SortedFunc(maps.Values(all), func(a, b numberBand) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(b.hi, a.hi), cmp.Compare(a.code, b.code))
	})
	var out []string
	for _, whole := range list {
		parts := cover(list, whole, whole.lo)
		known, of := true, mine[whole.code].code != ""
		var names []string
		for _, p := range parts {
			names = append(names, p.code)
			known = known && dim.Parent[p.code] == whole.code
			of = of || mine[p.code].code != ""
		}
		if len(parts) > 1 && !known && of {
			out = append(out, dim.Name+": "+whole.code+" = "+strings.Join(names, " + "))
		}
	}
	return out
}

// cover finds bands that follow one another from lo to the end of whole, the longest first.
func cover(list []numberBand, whole numberBand, lo int) []numberBand {
	if lo == whole.hi+1 {
		return []numberBand{}
	}
	for _, b := range list {
		if b.lo != lo || b.hi > whole.hi || b.lo == whole.lo && b.hi == whole.hi {
			continue
		}
		if rest := cover(list, whole, b.hi+1); rest != nil {
			return append([]numberBand{b}, rest...)
		}
	}
	return nil
}
