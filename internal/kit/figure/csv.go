package figure

import (
	"math"
	"strconv"
)

// CSVHeader gives the columns of a figure's values as CSV.
func CSVHeader(d *Definition) []string {
	out := []string{"id", "period_or_date"}
	for _, dim := range d.Dimensions {
		out = append(out, dim.ID)
	}
	return append(out, "value", "numerator", "denominator", "unit")
}

// CSVRows gives values as rows under CSVHeader. What is not known is empty.
func CSVRows(d *Definition, values []Value) [][]string {
	var out [][]string
	for _, v := range values {
		when := v.Ask.At.String()
		if when == "" {
			when = v.Ask.Period.String()
		}
		row := []string{d.ID, when}
		for _, dim := range d.Dimensions {
			row = append(row, v.Dims[dim.ID])
		}
		number, of := "", ""
		if v.Known() {
			number = strconv.FormatFloat(math.Round(v.Number()*100)/100, 'f', -1, 64)
		}
		if v.Denominator != nil {
			of = strconv.FormatInt(*v.Denominator, 10)
		}
		out = append(out, append(row, number, strconv.FormatInt(v.Numerator, 10), of, d.Unit))
	}
	return out
}
