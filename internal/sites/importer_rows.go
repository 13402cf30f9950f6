package sites

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A countedRow is one row of a table of visits that could be read.
type countedRow struct {
	line  int64
	when  db.Date // the day, or the first of the month
	month bool    // when is a whole month
	site  string
	named string // the site as the file calls it
	count int64
	cells string // the whole row, to know it again
	whole bool   // it is of all sites, by its name
}

// A spanOfRow is the days that a row is of.
type spanOfRow struct {
	when  db.Date
	month bool
}

// fewLost is how many rows that cannot be read make a file of which most are lost.
const fewLost = 2

func (v *visitReader) fault(name string, line int64, field, rule, words string, args ...any) {
	v.batch.Add(intake.Finding{File: name, Line: line, Field: field, Rule: rule, Message: fmt.Sprintf(words, args...)})
}

// row reads one row, or finds fault with it.
func (v *visitReader) row(name string, cells *sheet.Cells, head sheet.Head, row sheet.Row) (countedRow, bool) {
	v.batch.Rows++
	v.batch.FileRows[name]++
	when, count := row.Cell(head.Index("date")), row.Cell(head.Index("visits"))
	site := cells.Text("site", row.Cell(head.Index("site")), row.Line)
	if sheet.IsTotal(when) {
		v.fault(name, row.Line, "date", "total",
			"This row is a total of the others and is left out. Take it out of the file.")
		return countedRow{}, false
	}
	if v.words.LeavesOut("site", site) {
		v.leaveOut(name, row.Line, site)
		return countedRow{}, false
	}
	out := countedRow{line: row.Line, named: site, site: SiteID(site), cells: strings.Join(row.Cells, "\x00"),
		whole: v.words.Of("site", site) != intake.AsItIs && isWhole(site)}
	v.points.see(count, row.Line)
	var err error
	if out.when, out.month, err = whenOf(cells, when, row.Line); err != nil {
		v.lost++
		if lacksYear(when) {
			v.fault(name, row.Line, "date", "date", "%q has no year: write each month with its year, such as June 2023; the "+
				"row is left out", when)
			return countedRow{}, false
		}
		v.fault(name, row.Line, "date", "date",
			"%q is not a month or a date, such as June 2023, 2023-06 or 14/06/2023; the row is left out", when)
		return countedRow{}, false
	}
	if out.count, err = wholeNumber(count); err != nil {
		v.lost++
		v.fault(name, row.Line, "visits", "number", "%q is not a whole number of visits; the row is left out", count)
		return countedRow{}, false
	}
	v.firsts.see(when, row.Line)
	v.second.see(row, out.count)
	if year := period.YearOf(out.when); v.src.Year != 0 && year != v.src.Year {
		v.other[year]++
		v.fault(name, row.Line, "date", "year", "%s is not in %s; the row is left out", out.when.Format("January 2006"),
			v.src.Year)
		return countedRow{}, false
	}
	return out, true
}

// add counts the rows of a table, but for those that are there already in another
// row: copies, a site that is the sum of the others, and parts of a row that is of all.
func (v *visitReader) add(name string, rows []countedRow, head sheet.Head) error {
	rows, err := v.withoutCopies(name, rows, len(head.Extra) == 0)
	if err != nil {
		return err
	}
	rows = v.withoutWhole(name, rows)
	for _, c := range wordColumns(rows, head) {
		rows = v.withoutParts(name, rows, c)
	}
	sum, certain := sumOfOthers(rows)
	said := false
	for _, r := range rows {
		if sum != "" && r.site == sum && !said {
			said = true
			then := "so that its rows are totals and are left out. Take them out of the file."
			if !certain {
				then = "which may be chance: they are counted. If its row is a total, take it out of the file."
			}
			v.fault(name, r.line, "site", "total", "The visits of %q are the sum of the other sites', %s", r.named, then)
		}
		if certain && r.site == sum {
			continue
		}
		v.kept++
		v.contents.Hold(name, "", r.when.String(), strconv.FormatBool(r.month), r.site, strconv.FormatInt(r.count, 10))
		v.dated[r.when]++
		v.keep(name, r)
	}
	return nil
}

// A place is the days and the site that a row is of.
type place struct {
	spanOfRow
	site string
}

// A placedRow is where the first row of a place stands, and what it says.
type placedRow struct {
	file  string
	line  int64
	count int64
}

// withoutCopies leaves out rows that are there twice, in one file or two. Of plain rows,
// which nothing but the days and the site tells apart, another number for the same days and
// site is refused: whether it is more visits or the right number cannot be told.
func (v *visitReader) withoutCopies(name string, rows []countedRow, plain bool) ([]countedRow, error) {
	whole := map[string]int64{}
	kept := rows[:0]
	for _, r := range rows {
		if first := whole[r.cells]; first > 0 {
			v.fault(name, r.line, "visits", "duplicate", "The same row is on line %d. It is counted once; take one out.", first)
			continue
		}
		whole[r.cells] = r.line
		at := place{spanOfRow{r.when, r.month}, r.site}
		if first, there := v.placed[at]; there && plain {
			where := fmt.Sprintf("line %d", first.line)
			if first.file != name {
				where += " of " + first.file
			}
			if first.count != r.count {
				return nil, &intake.Fatal{File: name, Line: r.line, Words: fmt.Sprintf("%s has another number for the same days "+
					"and site, %s and here %s, and which is right cannot be told; leave one row of them, or give each site its "+
					"own name", where, lang.Number(int(first.count)), lang.Number(int(r.count)))}
			}
			v.fault(name, r.line, "visits", "duplicate", "%s has the same days, site and visits. They are counted once; take "+
				"one out.", lang.Sentence(where))
			continue
		}
		if plain {
			v.placed[at] = placedRow{name, r.line, r.count}
		}
		kept = append(kept, r)
	}
	return kept, nil
}

// certainSum is a sum too large for a site's visits to be it by chance.
const certainSum = 100

// sumOfOthers finds the site whose visits are the sum of all others' on the same
// days, wherever it stands; "" when there is none. It needs two other sites with
// visits to be told by, and over two spans of days, or with a large number, it is
// certain.
func sumOfOthers(rows []countedRow) (site string, certain bool) {
	type siteCounts struct {
		count map[string]int64
		all   int64
		some  int // sites with visits
	}
	spans := map[spanOfRow]*siteCounts{}
	for _, r := range rows {
		k := spanOfRow{r.when, r.month}
		s := spans[k]
		if s == nil {
			s = &siteCounts{count: map[string]int64{}}
			spans[k] = s
		}
		if s.count[r.site] == 0 && r.count > 0 {
			s.some++
		}
		s.count[r.site] += r.count
		s.all += r.count
	}
	differs, proof := map[string]bool{}, map[string]int64{}
	for _, s := range spans {
		for site, n := range s.count {
			switch {
			case 2*n != s.all:
				differs[site] = true
			case s.some > 2:
				proof[site] += max(certainSum/2, n)
			}
		}
	}
	for site, sum := range proof {
		if !differs[site] {
			return site, sum >= certainSum
		}
	}
	return "", false
}

var monthForms = []string{"2006-01", "January 2006", "Jan 2006", "Jan-2006", "01/2006", "2006/01", "200601", "Jan-06",
	"January-2006", "January, 2006"}

// whenOf reads a month or a date: the first of the month, or the day. Years far
// from now are taken for slips.
func whenOf(cells *sheet.Cells, s string, line int64) (when db.Date, month bool, err error) {
	for _, form := range monthForms {
		if t, err := time.Parse(form, s); err == nil {
			return inReason(period.DateOf(t), true)
		}
	}
	m, err := cells.Date("date", s, line)
	if err != nil {
		return db.Date{}, false, err
	}
	return inReason(m.Date, false)
}

func inReason(d db.Date, month bool) (db.Date, bool, error) {
	if d.Year < 1995 || d.Year > 2100 {
		return db.Date{}, false, fmt.Errorf("there were no visits to websites in %d", d.Year)
	}
	return d, month, nil
}

var (
	pointsOfThousands = regexp.MustCompile(`^[1-9]\d{0,2}(?:\.\d{3})+$`)
	otherPoint        = regexp.MustCompile(`^\d+\.\d+$`)
)

// A pointLog remembers how the numbers of a table that have a point are written.
type pointLog struct {
	line   int64 // of the first that is written as 1.000; 0 for none
	others bool  // some have decimals that cannot be thousands, so that none of them are
}

func (p *pointLog) see(cell string, line int64) {
	switch {
	case pointsOfThousands.MatchString(cell):
		if p.line == 0 {
			p.line = line
		}
	case otherPoint.MatchString(cell):
		p.others = true
	}
}

// sound refuses numbers such as 1.000, which may be one or one thousand.
func (p *pointLog) sound(name string) error {
	if p.line == 0 || p.others {
		return nil
	}
	return &intake.Fatal{File: name, Line: p.line, Words: "the visits are written with a point and three digits, as " +
		"1.000, which may be one or one thousand; write them without a point, as 1000, and give the file again"}
}

// wholeNumber reads a count such as 3,412 or, from a workbook, 3412.0.
func wholeNumber(s string) (int64, error) {
	s = strings.NewReplacer(",", "", " ", "").Replace(s)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > maxVisits || f != math.Trunc(f) {
		return 0, fmt.Errorf("%q is not a whole number of visits", s)
	}
	return int64(f), nil
}
