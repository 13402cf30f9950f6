package sites

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/sheet"
)

// What a table of visits says beside its plain rows, from which it cannot be told which numbers
// are meant: it is asked about before anything is loaded.

// wholes are what files call all the sites of a table together, as sheet.FoldName writes it,
// besides what is a total anywhere.
var wholes = []string{"wholesite", "thewholesite", "wholewebsite", "entiresite", "entirewebsite", "allofsite",
	"allofthesite", "allpages", "allcontent", "sitewide", "websitewide", "everything", "wholenetwork", "allsections",
	"allareas", "alldomains", "allhostnames", "allhosts", "allsubsites"}

// isWhole reports whether what stands for a site says that the row is of all of them.
func isWhole(site string) bool {
	return site != "" && (slices.Contains(wholes, sheet.FoldName(site)) || sheet.IsTotal(site))
}

// withoutWhole leaves out rows of all sites that stand beside rows of single ones: their visits
// would be counted twice. Where they do not come to the same number it is asked which is meant.
func (v *visitReader) withoutWhole(name string, rows []countedRow) []countedRow {
	single := map[spanOfRow]int64{}
	for _, r := range rows {
		if !r.whole {
			single[spanOfRow{r.when, r.month}] += r.count
		}
	}
	if len(single) == 0 {
		return rows // the table is of all sites and nothing else
	}
	var first *countedRow
	var of, without int
	var whole, others int64
	kept := rows[:0]
	for _, r := range rows {
		if !r.whole {
			kept = append(kept, r)
			continue
		}
		v.fault(name, r.line, "site", "total", "This row is a total of the others and is left out. Take it out of the file.")
		if first == nil {
			first = &countedRow{line: r.line, named: r.named}
		}
		n, beside := single[spanOfRow{r.when, r.month}]
		if !beside {
			without++
			continue
		}
		if n != r.count {
			of++
		}
		whole, others = whole+r.count, others+n
	}
	if of > 0 {
		v.doubt("%s has rows of “%s” beside rows of single sites, and they do not come to the same: %s and %s visits. The "+
			"rows of all sites are left out and the single ones counted. If all sites together are right, leave the single "+
			"ones out.", name, first.named, lang.Number(int(whole)), lang.Number(int(others)))
	}
	if without > 0 {
		v.doubt("%s has %s of “%s” of days that no row of a single site is of. They are left out, so that no visit of those "+
			"days is counted. If they are right, give those days a file of their own.", name,
			lang.Plural(without, "row", "rows"), first.named)
	}
	return kept
}

// leaveOut notes once for a word that rows with it are left out.
func (v *visitReader) leaveOut(name string, line int64, site string) {
	if key := sheet.FoldName(site); !v.told[key] {
		v.told[key] = true
		v.fault(name, line, "site", "left-out", "Rows that have %q here are left out, as you chose. Said once.", site)
	}
}

func (v *visitReader) doubt(format string, args ...any) {
	v.batch.Doubts = append(v.batch.Doubts, fmt.Sprintf(format, args...))
}

// A secondLog adds up another column of a table that could be its visits too.
type secondLog struct {
	taken, other string // the headers
	at           int
	sums         [2]int64 // of the column that is taken, and of the other
}

// secondOf finds another column of visits beside the one that is taken.
func secondOf(cells []string, head sheet.Head) secondLog {
	l := secondLog{taken: head.As["visits"], at: -1}
	i := slices.IndexFunc(visitColumns, func(c sheet.Column) bool { return c.Name == "visits" })
	called := append([]string{"visits"}, visitColumns[i].Also...)
	for i, cell := range cells {
		is := func(name string) bool { return sheet.FoldName(name) == sheet.FoldName(cell) }
		if slices.Contains(head.Twice, cell) && slices.ContainsFunc(called, is) {
			l.at, l.other = i, cell
			return l
		}
	}
	return l
}

func (l *secondLog) see(row sheet.Row, taken int64) {
	if l.at < 0 {
		return
	}
	if n, err := wholeNumber(row.Cell(l.at)); err == nil {
		l.sums[0], l.sums[1] = l.sums[0]+taken, l.sums[1]+n
	}
}

// doubtSecond asks which of two columns is meant, where they do not come to the same.
func (v *visitReader) doubtSecond(name string) {
	l := v.second
	if l.at < 0 || l.sums[0] == l.sums[1] {
		return
	}
	v.doubt("%s has the columns %s and %s, which both could be the visits and come to %s and %s. %s is taken. If the "+
		"other "+
		"is meant, take the first out of the file.", name, l.taken, l.other, lang.Number(int(l.sums[0])),
		lang.Number(int(l.sums[1])), l.taken)
}

// A namedSite is how a file calls a site, and the months that it has visits in.
type namedSite struct {
	named  string
	months map[db.Date]bool
}

// mostSites is how many sites are compared with each other.
const mostSites = 200

// doubtSpellings asks about two sites of almost one name of which one begins where the other
// ends: a site was most likely spelled in two ways.
func (v *visitReader) doubtSpellings() {
	all := map[string]*namedSite{}
	for _, of := range []map[monthOfSite]*countOfRows{v.months, v.days} {
		for k, c := range of {
			if all[k.site] == nil {
				all[k.site] = &namedSite{c.named, map[db.Date]bool{}}
			}
			all[k.site].months[k.month] = true
		}
	}
	ids := slices.Sorted(maps.Keys(all))
	if len(ids) > mostSites {
		return
	}
	for i, id := range ids {
		for _, other := range ids[i+1:] {
			a, b := all[id], all[other]
			near := names.Of(strings.ReplaceAll(id, "-", " ")).Near(names.Of(strings.ReplaceAll(other, "-", " ")))
			if near != names.Different && near != names.Initials && !a.overlaps(b) {
				v.doubt("“%s” and “%s” look to be one site in two spellings: no month has visits of both. As they are, they count "+
					"as two sites. If they are one, write it in one way.", cmp.Or(a.named, id), cmp.Or(b.named, other))
			}
		}
	}
}

func (s *namedSite) overlaps(o *namedSite) bool {
	for m := range s.months {
		if o.months[m] {
			return true
		}
	}
	return false
}

// siteChoices are what a word in the place of a site may stand for.
var siteChoices = intake.KeepOrLeave("A site of its own")
