package ui

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"kith/internal/kit/lang"
)

// Chart is a picture of numbers that can also be read as a table.
type Chart interface {
	// SVG is the picture, with its title and description inside.
	SVG() template.HTML
	// Table is the same numbers.
	Table() Table
}

// Series is one line, or one colour of bars.
type Series struct {
	Name   string
	Values []float64
}

// Gap is a number that is not there: hidden, or not collected. It is said to
// be missing and never drawn as nought.
func Gap() float64 { return math.NaN() }

func isGap(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// Numbers makes a series' values from whole numbers.
func Numbers(values ...int) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}

// chartData is what bars and lines share.
type chartData struct {
	labels  []string
	series  []Series
	unit    string
	missing string
}

func (d chartData) value(series, label int) float64 {
	if series >= len(d.series) || label >= len(d.series[series].Values) {
		return Gap()
	}
	return d.series[series].Values[label]
}

// empty says whether there is no number at all.
func (d chartData) empty() bool {
	for s := range d.series {
		for l := range d.labels {
			if !isGap(d.value(s, l)) {
				return false
			}
		}
	}
	return true
}

// extent is the least and greatest value, with nought between them.
func (d chartData) extent() (low, high float64) {
	for s := range d.series {
		for l := range d.labels {
			if v := d.value(s, l); !isGap(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if low == high {
		high = 1
	}
	return low, high
}

func (d chartData) places() int {
	for s := range d.series {
		for l := range d.labels {
			if v := d.value(s, l); !isGap(v) && v != math.Trunc(v) {
				return 1
			}
		}
	}
	return 0
}

// say writes a value as a person reads it, or that it is not there.
func (d chartData) say(v float64) string {
	if isGap(v) {
		if d.missing == "" {
			return "not available"
		}
		return d.missing
	}
	return lang.Decimal(v, d.places()) + d.unit
}

// describe puts the whole chart in words, for those who do not see it.
func (d chartData) describe(kind string) string {
	var b strings.Builder
	b.WriteString(kind)
	b.WriteString(".")
	for i, s := range d.series {
		b.WriteString(" ")
		if s.Name != "" {
			b.WriteString(s.Name + ": ")
		}
		for l, label := range d.labels {
			if l > 0 {
				b.WriteString("; ")
			}
			fmt.Fprintf(&b, "%s, %s", label, d.say(d.value(i, l)))
		}
		b.WriteString(".")
	}
	return b.String()
}

func (d chartData) table(caption string) Table {
	t := Table{Caption: caption, Missing: d.missing, Unit: d.unit}
	for _, s := range d.series {
		t.Columns = append(t.Columns, s.Name)
	}
	if len(t.Columns) == 1 && t.Columns[0] == "" {
		t.Columns[0] = "Number"
	}
	for l, label := range d.labels {
		row := TableRow{Label: label}
		for s := range d.series {
			row.Values = append(row.Values, d.value(s, l))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// chart is a figure: caption, picture, and the same numbers as a table that
// opens. Options: (note "…") under the picture, (link "Download CSV" "/x").
func chart(c Chart, opts ...Option) (template.HTML, error) {
	table, err := figureTable(c)
	if err != nil {
		return "", err
	}
	return render("chart", struct {
		options
		Title      string
		SVG, Table template.HTML
	}{gather(opts), c.Table().Caption, c.SVG(), table})
}

// figureTable is the table of a chart's numbers by itself.
func figureTable(c Chart) (template.HTML, error) {
	return render("figure-table", c.Table())
}
