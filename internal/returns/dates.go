package returns

import (
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A dater reads the dates of one file and notes the odd ones.
type dater struct {
	file  string
	n     *notes
	cells *sheet.Cells
	// form tells whether a cell is written as the guide wants it, and says how.
	form  func(cell string) bool
	wants string
	odd   map[string]bool // fields whose form was noted already
}

// dayFirst is how the SSDA903 and local lists write dates; yearFirst how XML does.
func dayFirst(cell string) bool  { return len(cell) == 10 && cell[2] == '/' && cell[5] == '/' }
func yearFirst(cell string) bool { return len(cell) >= 10 && cell[4] == '-' && cell[7] == '-' }

// read gives the date in a cell: the zero date for an empty one, and ok false
// for what is no date, which is noted with what becomes of the row.
func (d *dater) read(cell, field string, line int64, then string) (date period.Date, ok bool) {
	m, err := d.cells.Date(field, cell, line)
	return d.judge(m.Date, err, cell, field, line, then)
}

// end gives the date in a cell for an end, as read does: the zero date also where words say
// that there is none yet.
func (d *dater) end(cell, field string, line int64, then string) (date period.Date, ok bool) {
	m, err := d.cells.End(field, cell, line)
	return d.judge(m.Date, err, cell, field, line, then)
}

func (d *dater) judge(date period.Date, err error, cell, field string, line int64, then string) (period.Date, bool) {
	switch {
	case err != nil, !date.IsZero() && (date.Year < 1900 || date.Year > 2100):
		d.n.add(d.file, line, field, ruleDate, "This is not a date such as %s. %s", d.wants, then)
		return period.Date{}, false
	case date.IsZero():
		return period.Date{}, true
	}
	if d.form != nil && !d.form(cell) && !d.odd[field] {
		d.odd[field] = true
		d.n.add(d.file, line, field, ruleDateForm,
			"Dates here are not written as %s, as the guide wants. They were understood; no need to fix them for Kith. Said "+
				"once for the column.", d.wants)
	}
	return date, true
}

// finish notes what was made of forms of cell in the file, and refuses a column
// whose dates would mislead.
func (d *dater) finish() error {
	if err := d.cells.Sound(); err != nil {
		return fatal(d.file, err)
	}
	d.n.readings = sheet.Together(d.n.readings, d.cells.Readings())
	for _, r := range d.cells.Remarks() {
		d.n.add(d.file, r.Line, r.Column, r.Rule, "%s", r.Words)
	}
	return nil
}
