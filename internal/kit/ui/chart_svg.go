package ui

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/kit/lang"
)

// Charts are drawn on a narrow sheet, so that their words can still be read
// when it shrinks to a telephone of 320 pixels.
const (
	chartWidth  = 360.0
	labelSize   = 14.5
	smallSize   = 13.5
	lineSpacing = 1.2
)

// palette colours a series: the colour as it stands in the picture and the
// class by which a site repaints it.
var palette = [...]struct{ colour, class string }{
	{"#0b4f4a", "chart-1"}, {"#d1462f", "chart-2"}, {"#6b4fa0", "chart-3"}, {"#a96f00", "chart-4"},
}

const (
	inkColour   = "#14262b"
	ink2Colour  = "#465a60"
	lineColour  = "#d5dcd9"
	paperColour = "#fffdf9"
	softColour  = "#9bbeb8"
)

// drawing writes SVG. Everything that comes from outside goes through escape.
type drawing struct {
	strings.Builder
	id string
}

func escape(text string) string { return template.HTMLEscapeString(text) }

// num writes a coordinate: at most one decimal, the same on every machine.
func num(x float64) string {
	s := strconv.FormatFloat(math.Round(x*10)/10, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func (d *drawing) open(height float64, title, desc string) {
	fmt.Fprintf(d, `<svg class="chart-svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" overflow="visible" aria-labelledby="%s-title %[3]s-desc" font-family="Atkinson Hyperlegible Next, system-ui, sans-serif">`,
		num(chartWidth), num(height), escape(d.id))
	fmt.Fprintf(d, "\n"+`<title id="%s-title">%s</title><desc id="%[1]s-desc">%[3]s</desc>`+"\n", escape(d.id),
		escape(title), escape(desc))
}

func (d *drawing) close() template.HTML {
	d.WriteString("</svg>")
	return template.HTML(d.String())
}

// patterns defines a fill for each series after the first: a hatch, dots and
// bars, so that colour is never the only difference.
func (d *drawing) patterns(series int) {
	marks := [...]string{
		"", `patternTransform="rotate(45)"><rect width="8" height="8" fill="%s"/><path d="M1.5 0v8" stroke="#fff" stroke-width="2.4"/>`,
		`><rect width="8" height="8" fill="%s"/><circle cx="2" cy="2" r="1.4" fill="#fff"/><circle cx="6" cy="6" r="1.4" fill="#fff"/>`,
		`><rect width="8" height="8" fill="%s"/><path d="M0 4h8" stroke="#fff" stroke-width="2"/>`,
	}
	if series < 2 {
		return
	}
	d.WriteString("<defs>")
	for i := 1; i < min(series, len(marks)); i++ {
		fmt.Fprintf(d, `<pattern id="%s-fill-%d" width="8" height="8" patternUnits="userSpaceOnUse" `+marks[i]+`</pattern>`,
			escape(d.id), i+1, palette[i].colour)
	}
	d.WriteString("</defs>\n")
}

// paint is the fill of a series, as attributes.
func (d *drawing) paint(series int) string {
	if series == 0 {
		return fmt.Sprintf(`class="%s" fill="%s"`, palette[0].class, palette[0].colour)
	}
	return fmt.Sprintf(`fill="url(#%s-fill-%d)" stroke="%s" stroke-width="1.5"`, escape(d.id), series+1,
		palette[series].colour)
}

// nothing says that there is no number at all.
func (d *drawing) nothing(data chartData, y float64) {
	d.text(words{x: chartWidth / 2, y: y, lines: []string{lang.Sentence(data.say(Gap()))}, size: labelSize,
		anchor: "middle", quiet: true})
}

func (d *drawing) rect(x, y, w, h float64, paint string) {
	fmt.Fprintf(d, `<rect x="%s" y="%s" width="%s" height="%s" rx="2.5" %s/>`+"\n", num(x), num(y), num(w), num(h), paint)
}

func (d *drawing) rule(x1, y1, x2, y2 float64, colour string) {
	fmt.Fprintf(d, `<path d="M%s %sL%s %s" stroke="%s" stroke-width="1.5"/>`+"\n", num(x1), num(y1), num(x2), num(y2),
		colour)
}

// words are one or more lines of text.
type words struct {
	x, y   float64 // the first line's baseline
	lines  []string
	size   float64
	anchor string // start, middle or end
	bold   bool
	quiet  bool
	turned bool // written upwards
}

func (d *drawing) text(w words) {
	colour, class, weight := inkColour, "chart-ink", ""
	if w.quiet {
		colour, class = ink2Colour, "chart-ink-2"
	}
	if w.bold {
		weight = ` font-weight="700"`
	}
	anchor := ""
	if w.anchor != "" && w.anchor != "start" {
		anchor = ` text-anchor="` + w.anchor + `"`
	}
	turn := ""
	if w.turned {
		turn = fmt.Sprintf(` transform="rotate(-90 %s %s)"`, num(w.x), num(w.y))
	}
	for i, line := range w.lines {
		fmt.Fprintf(d, `<text class="%s" x="%s" y="%s" font-size="%s" fill="%s"%s%s%s>%s</text>`+"\n",
			class, num(w.x), num(w.y+float64(i)*w.size*lineSpacing), num(w.size), colour, weight, anchor, turn, escape(line))
	}
}

// textWidth is about how wide text is in our typeface, in bold; it errs on the
// wide side, so that nothing meets.
func textWidth(text string, size float64) float64 {
	narrow := 0
	for _, r := range text {
		if strings.ContainsRune("iIlj.,:;'!|() ", r) {
			narrow++
		}
	}
	return size * (0.6*float64(utf8.RuneCountInString(text)-narrow) + 0.32*float64(narrow))
}

// wrapped breaks text into lines no wider than width, between words.
func wrapped(text string, width, size float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && textWidth(longer, size) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}

func widest(lines []string, size float64) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, textWidth(l, size))
	}
	return w
}

// legend names the series in rows above the picture and returns the height it
// took.
func (d *drawing) legend(series []Series) float64 {
	if len(series) < 2 {
		return 0
	}
	x, y := 0.0, 2.0
	for i, s := range series {
		w := 20 + textWidth(s.Name, labelSize) + 16
		if x > 0 && x+w > chartWidth {
			x, y = 0, y+22
		}
		d.rect(x, y, 14, 14, d.paint(i))
		d.text(words{x: x + 20, y: y + 12.5, lines: []string{s.Name}, size: labelSize})
		x += w
	}
	return y + 28
}
