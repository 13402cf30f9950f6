package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kith/internal/kit/lang"
)

// Cells reads the cells of one file by their columns: every kind of file reads
// dates and words for nothing through it, so that a form of cell means the same
// everywhere. What it made of a column is remembered, and told once by Remarks.
type Cells struct {
	// serials says that numbers are a workbook's own dates, which needs no remark.
	serials, from1904 bool
	columns           map[string]*columnLog
	order             []string
	// The table, and how many of its rows had been read when the cells began.
	table        *Table
	full, veiled int64
}

// A columnLog counts what was made of the cells of one column.
type columnLog struct {
	made [len(remarks)]tallied
	// Of the dates in numbers alone, those that can be read with the day first
	// only, and with the month first only.
	dayFirst, monthFirst tallied
	orders               orderLog
	// Dates in numbers alone with the year last, and every other date.
	numbers, others int64
}

// A tallied is how many cells there were of a sort, and the line of the first.
type tallied struct{ count, line int64 }

func (t *tallied) add(line int64) {
	if t.count++; t.count == 1 {
		t.line = line
	}
}

// The sorts of remark.
const (
	emptyWords = iota
	openDates
	openWords
	shortYears
	numberDates
	unknownWords
)

var remarks = [...]struct{ rule, one, many, then string }{
	emptyWords: {"empty-word", "cell says", "cells say", "NULL, N/A, a dash or another word for nothing, and %s read " +
		"as empty. If something is known, put it in; else leave such cells empty."},
	openDates: {"no-date", "cell has", "cells have", "a date that stands for “none”, such as 31/12/9999 or 01/01/1900, " +
		"and %s read as empty. Leave such cells empty."},
	openWords: {"open-word", "cell says", "cells say", "“open”, “ongoing” or the like in the place of an end, and %s " +
		"read as still open. Leave such cells empty."},
	shortYears: {"short-year", "date has", "dates have", "a year of two digits and %s read as day, month, year: 00 to " +
		"49 as 2000 to 2049, 50 to 99 as 1950 to 1999. If that is wrong, export dates as 14/06/2023."},
	numberDates: {"number-date", "date is", "dates are", "the number by which a spreadsheet keeps a date, and %s read " +
		"as such. If that is wrong, give the column the format of a date and export it again."},
	unknownWords: {"unknown-word", "cell says", "cells say", "“unknown”, “TBC” or the like in the place of a date, " +
		"and %s read as a date that is not known. If it is known, put it in."},
}

// A Remark says what was made of a form of cell in a column, once for the column.
type Remark struct {
	Column string
	Line   int64 // of the first such cell
	Rule   string
	Words  string
}

// NewCells gives a reader for the cells of a file that is no Table, such as XML.
func NewCells() *Cells { return &Cells{columns: map[string]*columnLog{}} }

// Cells gives a reader for the cells of the table.
func (t *Table) Cells() *Cells {
	c := NewCells()
	c.serials, c.from1904 = t.serials, t.from1904
	c.table, c.full, c.veiled = t, t.full, t.veiled.count
	return c
}

func (c *Cells) column(name string) *columnLog {
	l := c.columns[name]
	if l == nil {
		l = &columnLog{}
		c.columns[name] = l
		c.order = append(c.order, name)
	}
	return l
}

// Text gives what a cell says: "" for a word for nothing.
func (c *Cells) Text(column, cell string, line int64) string {
	if cell == "" || !IsNothing(cell) {
		return cell
	}
	c.column(column).made[emptyWords].add(line)
	return ""
}

// Date reads a cell as a date with or without a time of day: the zero Moment for
// an empty cell, a word for nothing, or a date that stands for none.
func (c *Cells) Date(column, cell string, line int64) (Moment, error) {
	if cell == "" {
		return Moment{}, nil
	}
	l := c.column(column)
	if d, ok := quickDate(cell); ok && !isOpen(d) {
		l.orders.half(d.Day, cell[2] == '/', line)
		if cell[2] == '/' {
			l.numbers++
			if d.Day > mostMonths {
				l.dayFirst.add(line)
			}
		} else {
			l.others++
			if d.Day > mostMonths {
				l.orders.monthSecond.add(line)
			}
		}
		return Moment{Date: d}, nil
	}
	if IsNothing(cell) {
		l.made[emptyWords].add(line)
		return Moment{}, nil
	}
	if saysUnknown(cell) {
		l.made[unknownWords].add(line)
		return Moment{}, nil
	}
	if cell[0] == '0' && noDate.MatchString(cell) {
		l.made[openDates].add(line)
		return Moment{}, nil
	}
	r, err := readDate(cell, c.from1904)
	if r.monthFirst {
		l.monthFirst.add(line)
	}
	l.orders.see(r, line)
	switch {
	case err != nil:
		return Moment{}, err
	case isOpen(r.Date):
		l.made[openDates].add(line)
		return Moment{}, nil
	case r.shortYear:
		l.made[shortYears].add(line)
	case r.serial && !c.serials:
		l.made[numberDates].add(line)
	}
	if r.numbers || r.serial || r.yearFirst {
		l.orders.half(r.Date.Day, r.numbers, line)
	}
	if r.dayFirst {
		l.dayFirst.add(line)
	}
	if r.numbers {
		l.numbers++
	} else {
		l.others++
	}
	return r.Moment, nil
}

// End reads a cell as the day on which something ended, as Date does: the zero Moment
// also for words that say that it has not. Words for an end that is not known are an error: what
// they stand for is not open.
func (c *Cells) End(column, cell string, line int64) (Moment, error) {
	if saysOpen(cell) {
		c.column(column).made[openWords].add(line)
		return Moment{}, nil
	}
	if saysUnknown(cell) {
		return Moment{}, errors.New("this is not a date such as 14/06/2023 or 2023-06-14")
	}
	return c.Date(column, cell, line)
}

// Time reads a cell as a time of day, 15:04: "" for an empty cell, a word for nothing,
// or midnight, which spreadsheets write for none. Of a date with a time it gives the
// time: programs that have no type for a time write 30/12/1899 09:30.
func (c *Cells) Time(column, cell string, line int64) (string, error) {
	if cell = c.Text(column, cell, line); cell == "" || cell == "0" {
		return "", nil
	}
	at, err := ReadTime(cell)
	if err != nil {
		r, notDate := readDate(cell, c.from1904)
		if notDate != nil || r.Time == "" {
			return "", err
		}
		at = r.Time
	}
	if at == midnight {
		at = ""
	}
	return at, nil
}

// A Reading says how dates of one form were read in a column. It tells the form and never
// what a cell says: that may be about a child.
type Reading struct {
	Column  string
	Written string // an example of the form, which is no cell of the file
	Read    string // what was made of it
	Cells   int64  // how many there were
	Doubt   string // why it may be wrong; "" where it is sure
}

// Readings tells how the dates read so far were read, by column and form.
func (c *Cells) Readings() []Reading {
	var out []Reading
	for _, name := range c.order {
		l := c.columns[name]
		if l.numbers > 0 {
			r := Reading{Column: name, Written: "31/01/2024", Read: "day, month, year", Cells: l.numbers}
			if l.dayFirst.count == 0 {
				r.Doubt = "no day is over 12, so the file does not show that the day stands first"
			}
			out = append(out, r)
		}
		if l.others > 0 {
			out = append(out, Reading{Column: name, Written: "2024-01-31 or 31 January 2024", Read: "the date that it says",
				Cells: l.others})
		}
	}
	return out
}

// Together adds the readings of one file to those of others, column by column.
func Together(all, more []Reading) []Reading {
	for _, r := range more {
		i := slices.IndexFunc(all, func(x Reading) bool { return x.Column == r.Column && x.Written == r.Written })
		if i < 0 {
			all = append(all, r)
			continue
		}
		all[i].Cells += r.Cells
		all[i].Doubt = cmp.Or(all[i].Doubt, r.Doubt)
	}
	return all
}

// Remarks tells what was made of the cells read so far.
func (c *Cells) Remarks() []Remark {
	var out []Remark
	for _, name := range c.order {
		for sort, m := range c.columns[name].made {
			if m.count == 0 {
				continue
			}
			r := remarks[sort]
			out = append(out, Remark{Column: name, Line: m.line, Rule: r.rule,
				Words: fmt.Sprintf("%s "+r.then+" Said once for the column.", lang.Plural(int(m.count), r.one, r.many),
					lang.Noun(int(m.count), "was", "were"))})
		}
	}
	return out
}

// Sound refuses cells that would give wrong numbers though none is at fault by itself.
//
// A column whose dates were written with the month first, as far as can be told: of a
// date such as 04/07/2023 it cannot, so that all of them would be in a wrong month.
//
// A workbook of which more than a few rows are hidden, most often by a filter that
// somebody left on: they may be meant, or be what was not to be given.
// Limits.HiddenRows says that they are meant.
func (c *Cells) Sound() error {
	if err := c.soundRows(); err != nil {
		return err
	}
	for _, name := range c.order {
		l := c.columns[name]
		if l.monthFirst.count > l.dayFirst.count {
			return problem(ErrCells, l.monthFirst.line, "the dates of the column %s are written with the month first, and "+
				"dates here are read with the day first, so that many would be counted in a wrong month; set the column's "+
				"format to 14/06/2023 or 2023-06-14 and export it again", name)
		}
		if err := l.bothOrders(name); err != nil {
			return err
		}
		if err := l.orders.sound(name); err != nil {
			return err
		}
	}
	return nil
}

// Hidden rows beyond so many, and beyond one in so many, are asked about.
const fewHidden, hiddenOneIn = 2, 20

func (c *Cells) soundRows() error {
	if c.table == nil || c.table.limit.HiddenRows {
		return nil
	}
	all, hidden := c.table.full-c.full, c.table.veiled.count-c.veiled
	if hidden <= max(fewHidden, all/hiddenOneIn) {
		return nil
	}
	return problem(ErrHidden, c.table.veiled.line, "%s of the %s rows are hidden in the workbook, by a filter or by "+
		"hand, and it cannot be told whether they are to be counted; show all rows (in Excel: Data, Clear), delete those "+
		"that are not meant, save the workbook and give it again", lang.Number(int(hidden)), lang.Number(int(all)))
}

// fullWidth is the first of the signs of full width, which stand in the order of ASCII from “!”.
const fullWidth = '！'

// Clean takes away what cannot be seen in a cell: space around it, byte order
// marks, soft hyphens, marks of no width or of direction; a no-break space is a
// space, and letters, digits and signs of full width are those of a usual keyboard.
func Clean(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < 0x80
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.Cf, r):
				return -1
			case unicode.Is(unicode.Zs, r):
				return ' '
			case r >= fullWidth && r <= fullWidth+'~'-'!':
				return r - fullWidth + '!'
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}
