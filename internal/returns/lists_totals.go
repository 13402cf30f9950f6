package returns

import (
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// Rows below or between the others that add them up are no contacts and no early help. They
// are called many things, and sometimes nothing.

// isTotal reports whether a row says something of other rows, and by which column that is
// known.
func (r *listReader) isTotal(row sheet.Row) (column string, is bool) {
	cell := func(col string) string { return row.Cell(r.list.head.Index(col)) }
	numbered := r.list.head.Index(colRecord) >= 0 || r.list.head.Index(colChild) >= 0
	before := r.last
	r.last = cell(colRecord)
	named := false
	for _, col := range []string{colRecord, colChild} {
		if sheet.IsSummary(cell(col)) {
			return col, true
		}
		named = named || !sheet.IsNothing(cell(col)) && !sheet.IsPeriod(cell(col))
	}
	switch {
	case named && r.countsRows(row, before):
		return colRecord, true
	case named:
		return "", false
	}
	for _, c := range r.spec.columns {
		if sheet.IsTotal(cell(c.Name)) {
			return c.Name, true
		}
	}
	if !numbered {
		return "", false
	}
	for _, col := range []string{colSource, colOutcome, colSex, colEthnic} {
		if isNumber(cell(col)) && len(r.words[col]) == 0 {
			if _, how := codes()[wordSets[col]].group(cell(col)); how == odd {
				return col, true // a count where a word belongs
			}
		}
	}
	if sheet.IsPeriod(cell(colRecord)) || sheet.IsPeriod(cell(colChild)) {
		return colRecord, r.saysNothing(row)
	}
	return "", false
}

// countsRows reports whether the number of a record is how many rows there are before it, and
// no number in a sequence.
func (r *listReader) countsRows(row sheet.Row, before string) bool {
	n := number(strings.ReplaceAll(row.Cell(r.list.head.Index(colRecord)), ",", ""))
	return n > fewLosses && (n == r.sinceTotal || n == len(r.rows)+r.lost.count+r.copies.count) &&
		number(before) != n-1 && sheet.IsNothing(row.Cell(r.list.head.Index(colChild))) && r.saysNothing(row)
}

// saysNothing reports whether a row tells nothing of a child, of where it came from or of what
// came of it.
func (r *listReader) saysNothing(row sheet.Row) bool {
	for _, col := range []string{colBorn, colExpected, colAge, colSex, colEthnic, colSource, colOutcome, "organisation"} {
		if !sheet.IsNothing(row.Cell(r.list.head.Index(col))) {
			return false
		}
	}
	return true
}

// bare counts a row with a date and nothing else, in a list whose rows have a number.
func (r *listReader) bare(row sheet.Row) {
	record, child := r.list.head.Index(colRecord), r.list.head.Index(colChild)
	if (record >= 0 || child >= 0) && sheet.IsNothing(row.Cell(record)) && sheet.IsNothing(row.Cell(child)) &&
		r.saysNothing(row) {
		r.nameless.add(row.Line)
	}
}

// checkNameless asks about rows with a date and nothing else.
func (r *listReader) checkNameless() {
	if r.nameless.count == 0 {
		return
	}
	r.n.doubt(r.list.file.Name, r.nameless.line, r.spec.date, ruleTotal, "%s a date and nothing else: no number, nothing "+
		"about a child, no source. Look whether they add up other rows; if so, take them out.",
		lang.Plural(r.nameless.count, "row has", "rows have"))
}

// isNumber reports whether a cell is a number as counts are written: 122, 1,204.
func isNumber(cell string) bool { return number(strings.ReplaceAll(cell, ",", "")) >= 0 && cell != "" }

// checkUncounted asks about a list many of whose rows are not counted. Rows outside the year
// are not among them where the list says that it is of more.
func (r *listReader) checkUncounted(outside int) {
	if r.list.says.covers(r.year.Span()) {
		outside = 0
	}
	askUncounted(r.n, r.list.file.Name, r.spec.date, "rows", len(r.rows)+r.lost.count+r.copies.count+r.totals,
		reason{r.lost.count, "a cell cannot be read or is empty"},
		reason{r.copies.count, "there twice"},
		reason{outside, "outside " + r.year.String()}, reason{r.totals, "taken for totals"})
}

// checkUntold asks about a list many of whose outcomes are not understood.
func (r *listReader) checkUntold() {
	if r.untold.count < manyUntold || r.untold.count*uncountedOneIn <= len(r.rows) {
		return
	}
	r.n.doubt(r.list.file.Name, r.untold.first.Line, colOutcome, ruleCode, "%s of the %s contacts have an outcome that "+
		"is not written in a way that is read, so that none of them counts as a referral. Look whether some of them are.",
		lang.Number(r.untold.count), lang.Number(len(r.rows)))
}

// shiftedOneIn is the share of rows with a cell from another column that may be slips.
const shiftedOneIn = 20

// askShifted asks about a table many of whose rows have cells that belong in another column.
func (t *tallied) askShifted(n *notes, file string, all int) {
	if t.count <= max(all/shiftedOneIn, fewLosses) {
		return
	}
	n.doubt(file, t.line, "", ruleShifted, "In %s of the %s rows a cell holds what belongs in another column, such as a "+
		"date or the word for a source under the outcome. Look whether the cells of these rows have moved to the left or "+
		"to the right of their headers.", lang.Number(t.count), lang.Number(all))
}

// shortestWord is how long a word is that tells which column it belongs in.
const shortestWord = 3

// belongsElsewhere reports whether a cell that is no word of its own set is one of another
// that lists have, or is a date.
func belongsElsewhere(own, cell string) bool {
	return strays(own, cell, []string{"source", "outcome", "sex", "ethnic_group"})
}

// elsewhere reports whether a cell that is no code of its own set is one of another of the
// table, or is a date.
func (t *tableSpec) elsewhere(own, cell string) bool {
	var sets []string
	for _, c := range t.columns {
		if c.codes != "" {
			sets = append(sets, c.codes)
		}
	}
	return strays(own, cell, sets)
}

func strays(own, cell string, sets []string) bool {
	if _, err := sheet.ReadDate(cell); err == nil && strings.ContainsAny(cell, "/-") {
		return true
	}
	for _, set := range sets {
		if set == own {
			continue
		}
		if g, how := codes()[set].group(cell); how == exact || how == inWords && g != unknown && len(cell) >= shortestWord {
			return true
		}
	}
	return false
}
