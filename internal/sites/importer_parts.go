package sites

import (
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// wordColumns gives where the columns stand that are none of those read and have
// words in them: by such a one, as Segment or Device, the visits of a day are cut.
func wordColumns(rows []countedRow, head sheet.Head) []int {
	numbers := map[int]bool{}
	for _, i := range head.At {
		numbers[i] = true
	}
	for _, r := range rows {
		for i, cell := range strings.Split(r.cells, "\x00") {
			if _, err := strconv.ParseFloat(strings.TrimSuffix(strings.ReplaceAll(cell, ",", ""), "%"), 64); err == nil {
				numbers[i] = true
			}
		}
	}
	var out []int
	for i := range head.Width {
		if !numbers[i] {
			out = append(out, i)
		}
	}
	return out
}

// alls are what counters call all that a column tells apart, as sheet.FoldName writes it.
// A page may be called “All our courses”, so that these are whole cells.
var alls = []string{"allusers", "allsessions", "allvisitors", "alltraffic", "alldevices", "allsegments", "allchannels",
	"allpages", "allsources", "allcountries", "allbrowsers", "everyone"}

// isAll reports whether a cell says that a row is of all that its column tells apart:
// All Users, or a total. An address such as /all is of one page.
func isAll(cell string) bool {
	return !strings.HasPrefix(cell, "/") && (slices.Contains(alls, sheet.FoldName(cell)) || sheet.IsTotal(cell))
}

// withoutParts leaves out rows that are part of another of the same days and site,
// which by the column is of all. The row of all is kept, for segments may overlap. A
// row that has fewer visits than one of the others is not of all of them.
func (v *visitReader) withoutParts(name string, rows []countedRow, column int) []countedRow {
	type counts struct {
		all, most int64
		has       bool // a row of all
	}
	places := map[place]*counts{}
	of := func(r countedRow) (*counts, bool) {
		k := place{spanOfRow{r.when, r.month}, r.site}
		if places[k] == nil {
			places[k] = &counts{}
		}
		return places[k], isAll(strings.Split(r.cells, "\x00")[column])
	}
	for _, r := range rows {
		c, all := of(r)
		if all {
			c.has, c.all = true, max(c.all, r.count)
		} else {
			c.most = max(c.most, r.count)
		}
	}
	var first int64
	left := 0
	kept := slices.DeleteFunc(rows, func(r countedRow) bool {
		c, all := of(r)
		part := !all && c.has && c.all >= c.most
		if part {
			if left++; left == 1 {
				first = r.line
			}
		}
		return part
	})
	if left > 0 {
		v.fault(name, first, "visits", "total", "%s of the same days and site as a row of all, such as All Users, and "+
			"%s left out: their visits are in that row. Leave only one sort in the file.",
			lang.Plural(left, "row is", "rows are"), lang.Noun(left, "was", "were"))
	}
	return kept
}
