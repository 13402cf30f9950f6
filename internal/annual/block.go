package annual

import (
	"context"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
)

// A fenced block shows figures as a table or a chart. It is lines of key and
// value:
//
//	```chart
//	figure: cla.open
//	at: 2022-03-31, 2023-03-31, 2024-03-31
//	kind: bar
//	title: Children looked after on 31 March
//	```
//
// With by, each value of the dimension is a row and each time a column. Without
// it, times are rows and figures columns; several figures at one time are rows.

// The most that a block may ask for.
const (
	maxBlock = 4000 // bytes
	maxTimes = 12
	maxRows  = 60
)

// Languages of fenced blocks that are read here.
const (
	blockTable = "figure-table"
	blockChart = "chart"
)

// chartKinds are the pictures there are.
var chartKinds = []string{"bar", "line", "pictogram"}

// parseBlock reads the lines of a fenced block. The number is that of the line
// at fault, from 1; 0 is the fence itself.
func parseBlock(s string) (settings, int, error) {
	if len(s) > maxBlock {
		return nil, 0, wrong("Make it two blocks.", "The block is too long.")
	}
	var out settings
	for i, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !ok || key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "":
			return nil, i + 1, wrong("Write each line as key: value, such as figure: training.attendances.",
				"Kith cannot read “%s”.", short(line))
		case value == "":
			return nil, i + 1, wrong("Give it a value or take the line out.", "%s has no value.", key)
		case out.has(key):
			return nil, i + 1, wrong("Keep one of them; several figures or times go on one line with commas.",
				"%s is there twice.", key)
		case len(out) == maxSettings:
			return nil, i + 1, wrong("", "There are more than %d lines.", maxSettings)
		}
		out = append(out, setting{key, value})
	}
	if !out.has("figure") {
		return nil, 0, wrong("Add the line figure: and the figure's id.", "The block does not say which figure to show.")
	}
	return out, 0, nil
}

// A grid is figures laid out in rows and columns.
type grid struct {
	Title   string
	Corner  string
	Columns []string
	Rows    []gridRow
	entries []*entry
	places  int
}

type gridRow struct {
	Label string
	Cells []cell // one for each column
}

// A cell is a value and the page that says how it was worked out.
type cell struct {
	Value release.Value
	page  string
}

// blockKeys are the keys that are not dimensions.
var blockKeys = []string{"figure", "period", "at", "years", "by", "kind", "title", "note", "places"}

// grid answers a block's settings.
func (w *writer) grid(ctx context.Context, s settings) (*grid, error) {
	var defs []*figure.Definition
	for _, id := range list(s.get("figure")) {
		d, err := w.definition(ctx, id)
		if err != nil {
			return nil, err
		}
		defs = append(defs, d)
	}
	times, err := w.times(defs[0], s)
	if err != nil {
		return nil, err
	}
	by := s.get("by")
	if by != "" && len(defs) > 1 {
		return nil, wrong("Keep one figure, or take by out.", "A block with by shows one figure.")
	}
	g := &grid{Title: s.get("title"), places: places(s)}
	for _, t := range times {
		for _, d := range defs {
			ask := figure.Ask{Period: t.Period, At: t.At, By: by}
			if err := where(d, s, blockKeys, &ask); err != nil {
				return nil, err
			}
			if by != "" && ask.Where[by] != "" {
				return nil, wrong("Take one of the two lines out.", "The block is cut by %s and also keeps one value of it.", by)
			}
			e, err := w.entry(ctx, d, ask)
			if err != nil {
				return nil, err
			}
			g.entries = append(g.entries, e)
		}
	}
	if by != "" {
		return g, g.cut(defs[0], by)
	}
	return g, g.series(defs, times)
}

// cut lays out one figure by a dimension: a row for each value, in the order in
// which the first time has them.
func (g *grid) cut(d *figure.Definition, by string) error {
	dim, _ := d.Dimension(by)
	g.Corner = dim.Title
	var values []string
	for _, e := range g.entries {
		g.Columns = append(g.Columns, moment(e.ask))
		for _, v := range e.values {
			if x := v.Dims[by]; !slices.Contains(values, x) {
				values = append(values, x)
			}
		}
	}
	if len(values) == 0 {
		return wrong("Choose another time, or take the block out.", "There is nothing to show: %s has no values %s.", d.ID,
			when(g.entries[0].ask))
	}
	if len(values) > maxRows {
		return wrong("Narrow the figure.", "The block would have %d rows, and %d are the most.", len(values), maxRows)
	}
	for _, x := range values {
		row := gridRow{Label: dim.Words(x)}
		for _, e := range g.entries {
			c := cell{release.None(d, e.ask), e.page}
			if i := slices.IndexFunc(e.values, func(v release.Value) bool { return v.Dims[by] == x }); i >= 0 {
				c.Value = e.values[i]
			}
			row.Cells = append(row.Cells, c)
		}
		g.Rows = append(g.Rows, row)
	}
	return nil
}

// series lays out figures over times.
func (g *grid) series(defs []*figure.Definition, times []figure.Ask) error {
	if len(times) == 1 && len(defs) > 1 {
		g.Corner, g.Columns = "Figure", []string{moment(g.entries[0].ask)}
		for i, d := range defs {
			g.Rows = append(g.Rows, gridRow{Label: d.Title, Cells: []cell{{g.entries[i].one(), g.entries[i].page}}})
		}
		return nil
	}
	g.Corner = "Year"
	if !g.entries[0].ask.At.IsZero() {
		g.Corner = "Date"
	}
	for _, d := range defs {
		g.Columns = append(g.Columns, d.Title)
	}
	for i := range times {
		first := g.entries[i*len(defs)]
		row := gridRow{Label: moment(first.ask)}
		for j := range defs {
			e := g.entries[i*len(defs)+j]
			row.Cells = append(row.Cells, cell{e.one(), e.page})
		}
		g.Rows = append(g.Rows, row)
	}
	return nil
}

// times reads the periods or dates of a block; none means the report's year.
func (w *writer) times(d *figure.Definition, s settings) ([]figure.Ask, error) {
	n := 0
	for _, k := range []string{"period", "at", "years"} {
		if s.has(k) {
			n++
		}
	}
	if n > 1 {
		return nil, wrong("Keep one of period, at and years.", "The block says its time twice.")
	}
	var out []figure.Ask
	for _, t := range list(s.get("at")) {
		day, err := period.ParseAnyDate(t)
		if err != nil {
			return nil, wrong("Write the date as 2024-03-31.", "%s is not a date.", t)
		}
		out = append(out, figure.Ask{At: day})
	}
	for _, t := range list(s.get("period") + s.get("years")) {
		spans, err := spansOf(t)
		if err != nil {
			return nil, err
		}
		for _, x := range spans {
			out = append(out, figure.Ask{Period: x})
		}
	}
	if len(out) == 0 {
		out = []figure.Ask{w.ownTime(d)}
	}
	if len(out) > maxTimes {
		return nil, wrong("", "The block has %d times, and %d are the most.", len(out), maxTimes)
	}
	return out, nil
}

// spansOf reads a period, or a run of years such as "2021-22 to 2023-24".
func spansOf(s string) ([]period.Span, error) {
	from, to, run := strings.Cut(s, " to ")
	if !run {
		x, err := period.Parse(s)
		if err != nil {
			return nil, wrong("", "%s.", lang.Sentence(err.Error()))
		}
		return []period.Span{x}, nil
	}
	a, err := period.ParseYear(from)
	if err != nil {
		return nil, wrong("", "%s.", lang.Sentence(err.Error()))
	}
	b, err := period.ParseYear(to)
	if err != nil {
		return nil, wrong("", "%s.", lang.Sentence(err.Error()))
	}
	var out []period.Span
	for y := a; y <= b && len(out) <= maxTimes; y++ {
		out = append(out, y.Span())
	}
	if len(out) == 0 {
		return nil, wrong("", "The years %s end before they begin.", s)
	}
	return out, nil
}

// list splits at commas.
func list(s string) []string {
	var out []string
	for x := range strings.SplitSeq(s, ",") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// places reads how many decimals a percentage is shown with.
func places(s settings) int {
	switch s.get("places") {
	case "1":
		return 1
	case "2":
		return 2
	}
	return 0
}
