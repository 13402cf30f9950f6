package ui

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// LineChart shows change over time, one to four series, each with its own
// colour, dashes and point, and its name at its end.
type LineChart struct {
	ID      string // unique on the page
	Title   string
	Desc    string // in words; every value when empty
	Labels  []string
	Series  []Series
	Unit    string
	Missing string // what to say for a Gap
	First   string // heading of the labels in the table: "Quarter"
	Zoom    bool   // the axis need not start at nought
}

func (c LineChart) data() chartData {
	return chartData{labels: c.Labels, series: c.Series[:min(len(c.Series), len(palette))], unit: c.Unit,
		missing: c.Missing}
}

// Table is the chart's numbers.
func (c LineChart) Table() Table {
	t := c.data().table(c.Title)
	t.First = c.First
	return t
}

var dashes = [...]string{"", "9 5", "2 5", "14 4 2 4 2 4"}

// plot is where on the sheet a value goes.
type plot struct {
	left, right, top, bottom float64
	low, high, step          float64
	columns                  int
}

func (p plot) x(i int) float64 {
	if p.columns < 2 {
		return (p.left + p.right) / 2
	}
	return p.left + float64(i)*(p.right-p.left)/float64(p.columns-1)
}

func (p plot) y(v float64) float64 {
	return p.bottom - (v-p.low)*(p.bottom-p.top)/(p.high-p.low)
}

func (c LineChart) plot(data chartData) plot {
	low, high := data.extent()
	if c.Zoom {
		low, high = data.spread()
	}
	step := niceStep(high-low, 4)
	p := plot{top: 14, bottom: 204, step: step, columns: len(c.Labels)}
	p.low, p.high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	for v := p.low; v <= p.high+step/2; v += step {
		p.left = max(p.left, textWidth(tickLabel(v, step)+c.Unit, smallSize)+8)
	}
	p.left += 6
	p.right = chartWidth - c.endWidth(data) - 12
	return p
}

// spread is the least and greatest value, without nought.
func (d chartData) spread() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for s := range d.series {
		for l := range d.labels {
			if v := d.value(s, l); !isGap(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if low >= high {
		return d.extent()
	}
	return low, high
}

const endColumn = 104.0

// endLines are the words at the end of a series: its name and last value.
func (c LineChart) endLines(data chartData, series int) []string {
	name := data.series[series].Name
	last := c.lastValue(data, series)
	switch {
	case len(data.series) == 1 || name == "":
		return []string{data.say(last)}
	case isGap(last):
		return wrapped(name, endColumn, smallSize)
	}
	return wrapped(name+" "+data.say(last), endColumn, smallSize)
}

func (c LineChart) lastValue(data chartData, series int) float64 {
	for l := len(c.Labels) - 1; l >= 0; l-- {
		if v := data.value(series, l); !isGap(v) {
			return v
		}
	}
	return Gap()
}

func (c LineChart) endWidth(data chartData) float64 {
	w := 0.0
	for s := range data.series {
		w = max(w, widest(c.endLines(data, s), smallSize))
	}
	return min(w, endColumn+20)
}

// SVG draws the lines.
func (c LineChart) SVG() template.HTML {
	data := c.data()
	p := c.plot(data)
	desc := c.Desc
	if desc == "" {
		desc = data.describe("Line chart")
	}
	sheet, body := drawing{id: c.ID}, drawing{id: c.ID}
	if data.empty() {
		body.nothing(data, 40)
		sheet.open(70, c.Title, desc)
		sheet.WriteString(body.String())
		return sheet.close()
	}
	for i := 0; ; i++ {
		v := p.low + float64(i)*p.step
		if v > p.high+p.step/2 {
			break
		}
		colour := lineColour
		if math.Abs(v) < p.step/1e6 {
			colour = inkColour
		}
		body.rule(p.left, p.y(v), p.right, p.y(v), colour)
		body.text(words{x: p.left - 8, y: p.y(v) + smallSize*0.35, lines: []string{tickLabel(v, p.step) + c.Unit},
			size: smallSize, anchor: "end", quiet: true})
	}
	deep := c.columnLabels(&body, p)
	for s := range data.series {
		c.line(&body, p, data, s)
	}
	c.ends(&body, p, data)
	sheet.open(p.bottom+deep, c.Title, desc)
	sheet.WriteString(body.String())
	return sheet.close()
}

// columnLabels names the columns: all of them, in narrow lines if need be, or
// every second, third and so on back from the last, which always stands.
func (c LineChart) columnLabels(d *drawing, p plot) float64 {
	const space = 8.0
	if len(c.Labels) == 0 {
		return 24
	}
	if deep, all := c.wrappedLabels(d, p); all {
		return deep
	}
	last := len(c.Labels) - 1
	middle := func(i int) float64 {
		w := textWidth(c.Labels[i], smallSize)
		return min(max(p.x(i), w/2), chartWidth-w/2)
	}
	fits := func(stride int) bool {
		for i := last; i-stride >= 0; i -= stride {
			apart := middle(i) - middle(i-stride)
			if apart < (textWidth(c.Labels[i], smallSize)+textWidth(c.Labels[i-stride], smallSize))/2+space {
				return false
			}
		}
		return true
	}
	stride := 1
	for !fits(stride) {
		stride++
	}
	for i := last; i >= 0; i -= stride {
		d.text(words{x: middle(i), y: p.bottom + 20, lines: []string{c.Labels[i]}, size: smallSize, anchor: "middle"})
	}
	return 30
}

// wrappedLabels names every column, in lines as narrow as the column, when
// that can be done.
func (c LineChart) wrappedLabels(d *drawing, p plot) (height float64, done bool) {
	if len(c.Labels) < 2 {
		return 0, false
	}
	column := p.x(1) - p.x(0) - 8
	lines := make([][]string, len(c.Labels))
	most := 0
	for i, label := range c.Labels {
		lines[i] = wrapped(label, column, smallSize)
		most = max(most, len(lines[i]))
		if widest(lines[i], smallSize) > column || len(lines[i]) > 3 {
			return 0, false
		}
	}
	for i := range lines {
		w := widest(lines[i], smallSize)
		d.text(words{x: min(max(p.x(i), w/2), chartWidth-w/2), y: p.bottom + 20, lines: lines[i], size: smallSize,
			anchor: "middle"})
	}
	return 30 + float64(most-1)*smallSize*lineSpacing, true
}

func (c LineChart) line(d *drawing, p plot, data chartData, s int) {
	var path strings.Builder
	joined := false
	for l := range c.Labels {
		v := data.value(s, l)
		if isGap(v) {
			joined = false
			continue
		}
		verb := "M"
		if joined {
			verb = "L"
		}
		fmt.Fprintf(&path, "%s%s %s", verb, num(p.x(l)), num(p.y(v)))
		joined = true
	}
	class, colour := strings.Replace(palette[s].class, "chart-", "chart-line-", 1), palette[s].colour
	dash := ""
	if dashes[s] != "" {
		dash = ` stroke-dasharray="` + dashes[s] + `"`
	}
	fmt.Fprintf(d, `<path class="%s" d="%s" fill="none" stroke="%s" stroke-width="3" stroke-linejoin="round"%s/>`+"\n",
		class, path.String(), colour, dash)
	for l := range c.Labels {
		if v := data.value(s, l); !isGap(v) {
			d.point(s, p.x(l), p.y(v))
		}
	}
}

// point marks a value: a circle, a square, a diamond or a triangle.
func (d *drawing) point(series int, x, y float64) {
	const r = 4.5
	paint := fmt.Sprintf(`class="%s" fill="%s" stroke="%s" stroke-width="1.5"`, palette[series].class,
		palette[series].colour, paperColour)
	switch series {
	case 0:
		fmt.Fprintf(d, `<circle cx="%s" cy="%s" r="%s" %s/>`+"\n", num(x), num(y), num(r), paint)
	case 1:
		fmt.Fprintf(d, `<path d="M%s %sh9v9h-9z" %s/>`+"\n", num(x-r), num(y-r), paint)
	case 2:
		fmt.Fprintf(d, `<path d="M%s %sl5.5 5.5-5.5 5.5-5.5-5.5z" %s/>`+"\n", num(x), num(y-5.5), paint)
	default:
		fmt.Fprintf(d, `<path d="M%s %sl5.5 9.5h-11z" %s/>`+"\n", num(x), num(y-5.5), paint)
	}
}

// ends writes each series' name beside its last value, moved apart where two
// would meet.
func (c LineChart) ends(d *drawing, p plot, data chartData) {
	type end struct {
		series int
		lines  []string
		top    float64
		height float64
	}
	const space = 3.0
	var all []end
	for s := range data.series {
		lines := c.endLines(data, s)
		last := c.lastValue(data, s)
		if isGap(last) {
			continue
		}
		height := float64(len(lines)) * smallSize * lineSpacing
		all = append(all, end{s, lines, p.y(last) - height/2, height})
	}
	slices.SortStableFunc(all, func(a, b end) int {
		if a.top != b.top {
			if a.top < b.top {
				return -1
			}
			return 1
		}
		return a.series - b.series
	})
	for i := 1; i < len(all); i++ {
		all[i].top = max(all[i].top, all[i-1].top+all[i-1].height+space)
	}
	floor := p.bottom + 4
	for i := len(all) - 1; i >= 0; i-- {
		all[i].top = min(all[i].top, floor-all[i].height)
		floor = all[i].top - space
	}
	for _, e := range all {
		d.text(words{x: p.right + 12, y: e.top + smallSize, lines: e.lines, size: smallSize, bold: true})
	}
}
