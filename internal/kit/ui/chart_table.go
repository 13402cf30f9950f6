package ui

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/lang"
)

// Table is the numbers of a chart as rows and columns.
type Table struct {
	Caption string
	First   string // heading of the labels' column; "Group" when empty
	Columns []string
	Rows    []TableRow
	Unit    string // after each number: "%"
	Missing string // what is said where there is no number
}

// TableRow is one label and its numbers.
type TableRow struct {
	Label  string
	Values []float64
}

// Cells are a row's numbers as a person reads them.
func (t Table) Cells(r TableRow) []string {
	d := chartData{unit: t.Unit, missing: t.Missing}
	for _, row := range t.Rows {
		d.series = append(d.series, Series{Values: row.Values})
		d.labels = make([]string, max(len(d.labels), len(row.Values)))
	}
	cells := make([]string, len(r.Values))
	for i, v := range r.Values {
		cells[i] = d.say(v)
	}
	return cells
}

// FirstHeading is the heading of the labels' column.
func (t Table) FirstHeading() string {
	if t.First == "" {
		return "Group"
	}
	return t.First
}

// CSV is the same table as a file, with plain numbers and, where there is no
// number, the words that say so.
func (t Table) CSV() ([]byte, error) {
	var b bytes.Buffer
	var records [][]string
	for _, r := range t.Rows {
		record := []string{r.Label}
		for i, v := range r.Values {
			if isGap(v) {
				record = append(record, t.Cells(r)[i])
				continue
			}
			record = append(record, strconv.FormatFloat(v, 'f', -1, 64))
		}
		records = append(records, record)
	}
	if err := csvfile.Write(&b, append([]string{t.FirstHeading()}, t.Columns...), records); err != nil {
		return nil, fmt.Errorf("write %s as CSV: %w", t.Caption, err)
	}
	return b.Bytes(), nil
}

// niceStep chooses a step for an axis: 1, 2 or 5 times a power of ten, so that
// span takes about the wanted number of steps.
func niceStep(span float64, wanted int) float64 {
	rough := span / float64(wanted)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= rough {
			return m * power
		}
	}
	return 10 * power
}

func tickLabel(v, step float64) string {
	places := 0
	if step < 1 {
		places = int(math.Ceil(-math.Log10(step)))
	}
	return lang.Decimal(v, places)
}
