package returns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A listReader reads the rows of one list.
type listReader struct {
	spec   listSpec
	list   foundList
	n      *notes
	year   period.Year
	part   period.Span      // the months asked for; zero for the year
	seen   map[uint64]int32 // rows that had an identity → line
	rows   []listedCase
	groups words
	dates  dater
	ids    *sheet.Identifiers
	// lost are rows that cannot be read, copies those that were there before.
	lost, copies losses
	yesNo        bool            // outcomes say yes or no
	words        intake.Said     // what a person said that words stand for
	leftOut      map[string]bool // words of which it is noted that their rows are left out
	// Outcomes that were understood, and those that were not.
	told   int
	untold losses
	// Contacts with no outcome, and the line of the first.
	blank, blankAt int64
	totals         int     // rows taken for totals of others
	sinceTotal     int     // rows since the last that was a total of others
	last           string  // the number of the record before
	nameless       tallied // rows with a date and hardly anything else
	strayed        bool    // a cell of the row being read belongs in another column
	shifted        tallied // such rows
	ages           ageCheck
	twins          twins
	aged           twins    // rows that tell an age and no date of birth
	plain          *repeats // rows that tell neither
	places         placeCheck
	before         []string    // what the rows before told
	born           period.Date // of the child of the row being read
}

func (r *listReader) note(line int64, field, rule, format string, args ...any) {
	r.n.add(r.list.file.Name, line, field, rule, format, args...)
}

func (r *listReader) dater(cells *sheet.Cells) dater {
	return dater{file: r.list.file.Name, n: r.n, cells: cells, wants: "14/06/2023", odd: map[string]bool{}}
}

func (r *listReader) read(ctx context.Context) error {
	name := r.list.file.Name
	book, err := openBook(r.list.file, r.spec.kind)
	if err != nil {
		return err
	}
	defer book.Close()
	rows, err := book.Table(r.list.sheet)
	if err != nil {
		return fatal(name, err)
	}
	defer rows.Close()
	r.dates = r.dater(rows.Cells())
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			r.n.fixes(name, rows.Fixes())
			return r.finish()
		}
		if err != nil {
			return fatal(name, err)
		}
		if row.Line <= r.list.line {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r.n.row(name)
		if err := rows.Within(r.list.head.Width, row); err != nil {
			return fatal(name, err)
		}
		r.places.see(row)
		if r.unwanted(row) {
			continue
		}
		totals, counted := r.totals, len(r.rows)
		if err := r.take(row); err != nil {
			return fatal(name, err)
		}
		if len(r.rows) > counted {
			r.list.spare.see(row)
		}
		if book.Format == sheet.Text && !r.list.head.Fits(row.Cells) && r.totals == totals {
			r.note(row.Line, "", ruleShape, shortRow, lang.Plural(len(row.Cells), "cell", "cells"), r.list.head.Width)
		}
	}
}

// finish refuses a list whose form of cells left out most of its rows.
func (r *listReader) finish() error {
	if err := r.dates.finish(); err != nil {
		return err
	}
	if err := r.places.ask(r.n, r.list.file.Name); err != nil {
		return err
	}
	if err := r.soundOutcomes(); err != nil {
		return err
	}
	if err := r.checkBlankOutcomes(); err != nil {
		return err
	}
	r.checkUntold()
	r.checkNameless()
	r.shifted.askShifted(r.n, r.list.file.Name, len(r.rows))
	r.ages.ask(r.n, r.list.file.Name, colBorn)
	r.twins.ask(r.n, r.list.file.Name, colChild, listAlikeOneIn)
	r.plain.ask(r.n, r.list.file.Name, r.spec.thing[1])
	r.list.spare.ask(r.n, r.list.file.Name, r.spec.thing[1])
	r.aged.askRows(r.n, r.list.file.Name, colChild, r.spec.thing[1])
	if err := r.lost.refuse(len(r.rows) + r.copies.count); err != nil && len(r.rows) > 0 {
		return err
	}
	return r.copies.refuse(len(r.rows))
}

// Outcomes that are not known, beyond so many and one in so many rows, are too many
// to say of a list that none of its contacts became a referral.
const manyUntold, untoldOneIn = 10, 20

// soundOutcomes refuses a list whose outcomes are not understood: most of those that
// are filled in, or so many that it is no wonder that none was read as a referral.
func (r *listReader) soundOutcomes() error {
	referred := r.anyReferred()
	most := r.untold.count > max(r.told, fewLosses)
	if !most && (referred || r.untold.count < max(manyUntold, len(r.rows)/untoldOneIn)) {
		return nil
	}
	first := "not one of the outcomes is written in a way that is read, so that no contact would be counted as a referral"
	switch {
	case r.told > 0 && most:
		first = fmt.Sprintf("%s of the %s outcomes are not written in a way that is read, so that too few contacts would "+
			"be counted as referrals", lang.Number(r.untold.count), lang.Number(r.untold.count+r.told))
	case r.told > 0:
		first = fmt.Sprintf("no contact would be counted as a referral, and %s of the %s outcomes are not written in a way "+
			"that is read, so that they may be the referrals", lang.Number(r.untold.count),
			lang.Number(r.untold.count+r.told))
	}
	return &intake.Fatal{File: r.untold.first.File, Line: r.untold.first.Line, Words: first + ". Write “Referral” for " +
		"those that became one, or give the column the name “progressed to referral” with yes or no in it"}
}

// anyReferred reports whether a contact became a referral.
func (r *listReader) anyReferred() bool {
	return slices.ContainsFunc(r.rows, func(c listedCase) bool { return r.groups.text(c.outcome) == "referral" })
}

// numbers reads the numbers of a row's record and child.
func (r *listReader) numbers(row sheet.Row) (record, child string, err error) {
	for _, col := range []struct {
		name string
		read func(column, cell string, line int64) (string, error)
		into *string
	}{{colRecord, sheet.ReadIdentifier, &record}, {colChild, r.ids.Read, &child}} {
		cell := r.dates.cells.Text(col.name, row.Cell(r.list.head.Index(col.name)), row.Line)
		if *col.into, err = col.read(col.name, cell, row.Line); err != nil {
			return "", "", err
		}
	}
	return record, child, nil
}

// take reads one row. An error is a fault for which the whole list is refused.
func (r *listReader) take(row sheet.Row) error {
	cell := func(col string) string { return row.Cell(r.list.head.Index(col)) }
	record, child, err := r.numbers(row)
	if err != nil {
		return err
	}
	if col, is := r.isTotal(row); is {
		r.note(row.Line, col, ruleTotal, totalLeftOut)
		r.sinceTotal = 0
		r.totals++
		return nil
	}
	r.sinceTotal++
	left := "The row was left out."
	on, ok := r.dates.read(cell(r.spec.date), r.spec.date, row.Line, left)
	if !ok {
		r.lost.add(r.n)
		return nil
	}
	if on.IsZero() {
		r.note(row.Line, r.spec.date, ruleMissingValue, "There is no date. The row was left out; put in the date.")
		r.lost.add(r.n)
		return nil
	}
	r.n.contents.Hold(r.list.file.Name, child+record, child, record, on.String())
	if first, field, how := r.again(row, record, child, on); first > 0 {
		r.note(row.Line, field, ruleDuplicate, "%s as line %d, so the two rows are one %s. It is counted once; take one row "+
			"out.", how, first, r.spec.thing[0])
		r.copies.add(r.n)
		return nil
	}
	to, ok := r.dates.end(cell(colEnd), colEnd, row.Line, "The row is counted by its start.")
	if ok && !to.IsZero() && to.Before(on) {
		r.note(row.Line, colEnd, ruleEndsBefore, "The end is before the start. The row was left out; fix one of the two.")
		r.lost.add(r.n)
		return nil
	}
	r.strayed = false
	age := r.age(row.Line, cell, on)
	sex := r.code(row.Line, colSex, cell(colSex), "sex", "not-recorded")
	source := r.code(row.Line, colSource, cell(colSource), "source", "other")
	outcome := r.outcome(row.Line, cell(colOutcome))
	r.code(row.Line, colEthnic, cell(colEthnic), "ethnic_group", unknown)
	r.tell(r.born.String(), on.String(), sex, source, outcome, age)
	r.twins.add(row.Line, r.born, on.String(), sex, source, outcome)
	what := r.allBut(row, colRecord, colChild)
	if record != "" && child != "" {
		k := fingerprint(append(what, "alike", child)...)
		if first := r.seen[k]; first > 0 {
			r.note(row.Line, colRecord, ruleTwins, "The row says the same as line %d in every column but its number. Both are "+
				"counted; take one out if they are one %s.", first, r.spec.thing[0])
		} else {
			r.seen[k] = int32(row.Line)
		}
	}
	switch {
	case r.born.IsZero() && age != unknown:
		r.aged.see(row.Line, what...)
	case r.born.IsZero():
		r.plain.see(row.Line, what...)
	}
	if r.strayed {
		r.shifted.add(row.Line)
	}
	r.bare(row)
	r.rows = append(r.rows, listedCase{line: int32(row.Line), day: pack32(on), end: pack32(to), age: r.groups.of(age),
		sex: r.groups.of(sex), source: r.groups.of(source), outcome: r.groups.of(outcome)})
	return nil
}

// toldTogether is how many rows that tell no child from another tell one list from another.
const toldTogether = 8

// tell takes what a row tells without its numbers. What tells no child from another is taken
// together with the rows before it.
func (r *listReader) tell(born string, what ...string) {
	if born != "" {
		r.n.contents.Tell(r.list.file.Name, append(what, born)...)
		return
	}
	if len(r.before) == toldTogether {
		r.before = r.before[:copy(r.before, r.before[1:])]
	}
	if r.before = append(r.before, strings.Join(what, "\x00")); len(r.before) == toldTogether {
		r.n.contents.Tell(r.list.file.Name, r.before...)
	}
}

// allBut gives the cells of a row in the columns that are read, without some.
func (r *listReader) allBut(row sheet.Row, without ...string) []string {
	var out []string
	for _, c := range r.spec.columns {
		if !slices.Contains(without, c.Name) {
			out = append(out, row.Cell(r.list.head.Index(c.Name)))
		}
	}
	return out
}

// outcome reads what became of a contact: in words, or as a yes or no to whether
// it became a referral.
func (r *listReader) outcome(line int64, cell string) string {
	if g := r.said(colOutcome, cell, line); g != "" {
		r.told++
		return g
	}
	if g := r.yesOrNo(cell); g != "" {
		r.told++
		return g
	}
	before := r.n.byRule[ruleCode]
	g := r.code(line, colOutcome, cell, "outcome", "other")
	switch {
	case r.n.byRule[ruleCode] > before:
		r.untold.add(r.n)
	case g != unknown:
		r.told++
	case sheet.IsNothing(cell):
		if r.blank++; r.blank == 1 {
			r.blankAt = line
		}
	}
	return g
}

// yesOrNo reads an outcome whose header asks whether a contact became a referral; "" for one
// that does not answer that.
func (r *listReader) yesOrNo(cell string) string {
	yes, known := sheet.ReadBool(cell)
	switch {
	case !r.yesNo || !known:
		return ""
	case yes:
		return "referral"
	}
	return "no-further-action"
}

// again gives the line on which the same record was already, the column that tells, and how
// the two are the same: by its number where there is one, else by child and date where a list
// has children, and then only when the whole row is the same or one child cannot start twice
// in a day.
func (r *listReader) again(row sheet.Row, id, child string, on period.Date) (first int64, field, how string) {
	var k uint64
	field = colChild
	switch {
	case id != "" && child != "":
		k, field, how = fingerprint("record", id, child), colRecord, "The row has the same number and the same child"
	case id != "":
		k, field, how = fingerprint("record", id), colRecord, "The row has the same number"
	case child == "":
		return 0, "", ""
	case r.spec.kind == EarlyHelp:
		k, how = fingerprint("start", child, on.String()), "The row has the same child and the same start"
	default:
		cells := slices.Clone(row.Cells)
		cells[r.list.head.Index(colChild)] = child // however it is written
		k, how = fingerprint(cells...), "The row says the same in every column"
	}
	first = int64(r.seen[k])
	if first == 0 {
		r.seen[k] = int32(row.Line)
	}
	return first, field, how
}

func (r *listReader) age(line int64, cell func(string) string, on period.Date) string {
	r.born = period.Date{}
	born, ok := r.dates.read(cell(colBorn), colBorn, line, "The age is counted as not known.")
	if !ok {
		return unknown
	}
	if r.born = r.ages.see(r.n, r.list.file.Name, colBorn, line, born, on); r.born != born {
		return unknown
	}
	expected, _ := r.dates.read(cell(colExpected), colExpected, line, "No figure depends on it.")
	if !born.IsZero() || !expected.IsZero() {
		return ageBand(born, expected, on)
	}
	age := r.dates.cells.Text(colAge, cell(colAge), line)
	switch years, err := sheet.ReadAge(age); {
	case age == "":
		return unknown
	case strings.EqualFold(age, "unborn"):
		return "unborn"
	case err == nil && years < oldestChild:
		return ageGroup(years)
	case err == nil:
		r.note(line, colAge, ruleAge, "A child is not %d or older. The age is counted as not known.", oldestChild)
		return unknown
	}
	r.note(line, colAge, ruleCode, "This is not an age such as 5, 5 years or 18 months. It is counted as not known.")
	return unknown
}

// said gives the group that a person said a word stands for; "" where they did not.
func (r *listReader) said(field, cell string, line int64) string {
	if len(r.words[field]) == 0 {
		return ""
	}
	if g := r.words.Of(field, r.dates.cells.Text(field, cell, line)); isGroup(wordSets[field], g) {
		return g
	}
	return ""
}

// code gives the group of a cell; what is not in the set goes to the group for
// others, and is noted.
func (r *listReader) code(line int64, field, cell, set, other string) string {
	if g := r.said(field, cell, line); g != "" {
		return g
	}
	g, how := codes()[set].group(r.dates.cells.Text(field, cell, line))
	if how != odd {
		if g == unknown && set == "sex" {
			return other
		}
		return g
	}
	r.strayed = r.strayed || belongsElsewhere(set, cell)
	r.note(line, field, ruleCode, "%s is not one of the ways in which %s is read. It is counted as “%s”. "+
		"Write it in full, or by its code in the children in need census.", shown(cell), field, label(set, other))
	return other
}

// count counts what the list has, for every month that it is counted for.
func (r *listReader) count(t *tally) {
	outcomes := r.spec.kind == Contacts && r.list.head.Index(colOutcome) >= 0
	for _, month := range r.span().Months() {
		if r.spec.kind == EarlyHelp {
			t.none(helpStarted, month, false)
			continue
		}
		t.none(contactsReceived, month, false)
		if outcomes {
			t.none(contactsReferred, month, true)
		}
	}
	for _, row := range r.rows {
		month := period.Month(row.on().Year, row.on().Month)
		age, source, outcome := r.groups.text(row.age), r.groups.text(row.source), r.groups.text(row.outcome)
		if r.spec.kind == EarlyHelp {
			t.add(helpStarted, month, "age_band", age, "sex", r.groups.text(row.sex), "source", source)
			continue
		}
		if !outcomes {
			t.add(contactsReceived, month, "age_band", age, "source", source)
			continue
		}
		t.add(contactsReceived, month, "age_band", age, "source", source, "outcome", outcome)
		t.share(contactsReferred, month, outcome == "referral", "age_band", age, "source", source)
	}
}

func (r *listReader) summary() []string {
	first, last, referred := r.rows[0].on(), r.rows[0].on(), 0
	for _, row := range r.rows {
		on := row.on()
		if on.Before(first) {
			first = on
		}
		if on.After(last) {
			last = on
		}
		if r.groups.text(row.outcome) == "referral" {
			referred++
		}
	}
	text := fmt.Sprintf("%s from %s to %s", lang.Plural(len(r.rows), r.spec.thing[0], r.spec.thing[1]), first.Words(),
		last.Words())
	if r.spec.kind == Contacts && r.list.head.Index(colOutcome) >= 0 {
		text += fmt.Sprintf(", of which %s", lang.Plural(referred, "became a referral", "became referrals"))
	}
	return []string{text + "."}
}
