package ui

import (
	"html/template"
	"math"
)

// BarChart compares amounts. Its axis always starts at nought.
type BarChart struct {
	ID         string // unique on the page
	Title      string
	Desc       string // in words, for those who do not see it; every value when empty
	Labels     []string
	Series     []Series // one, or up to four side by side
	Highlight  string   // with one series: the label in full colour among paler ones
	Horizontal bool     // lying down; a chart whose labels do not fit lies down by itself
	Unit       string   // "%"
	Missing    string   // what to say for a Gap: "hidden", "not collected"
	First      string   // heading of the labels in the table: "Sector"
}

func (c BarChart) data() chartData {
	return chartData{labels: c.Labels, series: c.Series[:min(len(c.Series), len(palette))], unit: c.Unit,
		missing: c.Missing}
}

// Table is the chart's numbers.
func (c BarChart) Table() Table {
	t := c.data().table(c.Title)
	t.First = c.First
	return t
}

// SVG draws the bars.
func (c BarChart) SVG() template.HTML {
	if data := c.data(); data.empty() {
		body := drawing{id: c.ID}
		body.nothing(data, 40)
		return c.finish(&body, 70)
	}
	if c.Horizontal || !c.fitsUpright() {
		return c.lying()
	}
	return c.upright()
}

func (c BarChart) describe() string {
	if c.Desc != "" {
		return c.Desc
	}
	return c.data().describe("Bar chart")
}

// slot is the width each label has when the bars stand.
func (c BarChart) slot() float64 { return chartWidth / float64(max(1, len(c.Labels))) }

func (c BarChart) fitsUpright() bool {
	d := c.data()
	for l, label := range c.Labels {
		lines := wrapped(label, c.slot()-6, smallSize)
		if widest(lines, smallSize) > c.slot()-2 || len(lines) > 3 {
			return false
		}
		for s := range d.series {
			if v := d.value(s, l); !isGap(v) && textWidth(d.say(v), smallSize) > c.slot()/float64(len(d.series)) {
				return false
			}
		}
	}
	return true
}

// paintFor is a bar's colour: paler when another one is to be seen first.
func (c BarChart) paintFor(d *drawing, series, label int) string {
	if len(c.Series) == 1 && c.Highlight != "" && c.Labels[label] != c.Highlight {
		return `class="chart-soft" fill="` + softColour + `"`
	}
	return d.paint(series)
}

func (c BarChart) lying() template.HTML {
	data := c.data()
	low, high := data.extent()
	const thickness, gap, between = 24.0, 4.0, 16.0

	labelWidth, valueWidth := 0.0, 0.0
	lines := make([][]string, len(c.Labels))
	for l, label := range c.Labels {
		lines[l] = wrapped(label, 0.36*chartWidth, labelSize)
		labelWidth = max(labelWidth, min(widest(lines[l], labelSize), 0.42*chartWidth))
		for s := range data.series {
			if v := data.value(s, l); !isGap(v) {
				valueWidth = max(valueWidth, textWidth(data.say(v), labelSize)+10)
			}
		}
	}
	left := labelWidth + 12
	if low < 0 {
		left += valueWidth
	}
	scale := (chartWidth - left - valueWidth) / (high - low)
	zero := left - low*scale

	var body drawing
	body.id = c.ID
	y := body.legend(data.series)
	top := y
	for l := range c.Labels {
		bars := float64(len(data.series))*(thickness+gap) - gap
		row := max(bars, float64(len(lines[l]))*labelSize*lineSpacing)
		body.text(words{x: 0, y: y + row/2 - float64(len(lines[l])-1)*labelSize*lineSpacing/2 + labelSize*0.35,
			lines: lines[l], size: labelSize, bold: c.Labels[l] == c.Highlight})
		barY := y + (row-bars)/2
		for s := range data.series {
			v := data.value(s, l)
			if isGap(v) {
				body.text(words{x: zero + 6, y: barY + thickness/2 + labelSize*0.35, lines: []string{data.say(v)}, size: smallSize,
					quiet: true})
				barY += thickness + gap
				continue
			}
			x, w := zero, v*scale
			at := words{x: zero + w + 7, y: barY + thickness/2 + labelSize*0.35, lines: []string{data.say(v)}, size: labelSize,
				bold: true}
			if v < 0 {
				x, w = zero+w, -w
				at.x, at.anchor = x-7, "end"
			}
			at.bold = c.Highlight == "" || c.Labels[l] == c.Highlight
			body.rect(x, barY, max(w, 1), thickness, c.paintFor(&body, s, l))
			body.text(at)
			barY += thickness + gap
		}
		y += row + between
	}
	y -= between - 4
	body.rule(zero, top-4, zero, y, inkColour)
	return c.finish(&body, y+2)
}

func (c BarChart) upright() template.HTML {
	data := c.data()
	low, high := data.extent()
	const tall = 190.0

	var body drawing
	body.id = c.ID
	top := body.legend(data.series) + labelSize + 6
	scale := tall / (high - low)
	zero := top + high*scale
	slot := c.slot()
	width := math.Min(64, (slot*0.72)/float64(max(1, len(data.series))))
	deepest := 0.0
	for l, label := range c.Labels {
		middle := (float64(l) + 0.5) * slot
		x := middle - width*float64(len(data.series))/2
		for s := range data.series {
			v := data.value(s, l)
			centre := x + width/2
			switch {
			case isGap(v):
				body.text(words{x: centre + smallSize*0.35, y: zero - 6, lines: []string{data.say(v)}, size: smallSize, quiet: true,
					turned: true})
			case v < 0:
				body.rect(x+1, zero, width-2, -v*scale, c.paintFor(&body, s, l))
				body.text(words{x: centre, y: zero - v*scale + smallSize + 2, lines: []string{data.say(v)}, size: smallSize,
					anchor: "middle", bold: true})
			default:
				body.rect(x+1, zero-v*scale, width-2, max(v*scale, 1), c.paintFor(&body, s, l))
				body.text(words{x: centre, y: zero - v*scale - 5, lines: []string{data.say(v)}, size: smallSize, anchor: "middle",
					bold: c.Highlight == "" || label == c.Highlight})
			}
			x += width
		}
		lines := wrapped(label, slot-6, smallSize)
		below := 18.0
		if low < 0 {
			below += -low*scale + 8
		}
		body.text(words{x: middle, y: zero + below, lines: lines, size: smallSize, anchor: "middle",
			bold: label == c.Highlight})
		deepest = max(deepest, below+float64(len(lines)-1)*smallSize*lineSpacing)
	}
	body.rule(0, zero, chartWidth, zero, inkColour)
	return c.finish(&body, zero+deepest+8)
}

// finish puts the drawing on its sheet, once its height is known.
func (c BarChart) finish(body *drawing, height float64) template.HTML {
	sheet := drawing{id: c.ID}
	sheet.open(height, c.Title, c.describe())
	sheet.patterns(len(c.data().series))
	sheet.WriteString(body.String())
	return sheet.close()
}
