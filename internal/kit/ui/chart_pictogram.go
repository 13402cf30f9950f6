package ui

import (
	"fmt"
	"html/template"
	"strings"

	"kith/internal/kit/lang"
)

// Pictogram shows shares as people: "if our area had 100 children". The groups
// do not overlap; each is coloured and drawn its own way.
type Pictogram struct {
	ID     string // unique on the page
	Title  string
	Desc   string // in words; every group when empty
	Of     int    // how many people; 100 when nought
	Groups []PictogramGroup
	Rest   string // what the others are; nothing is said when empty
}

// PictogramGroup is so many of the people.
type PictogramGroup struct {
	Name  string // "live in the most deprived tenth of neighbourhoods"
	Count int
}

const peopleARow = 20

func (c Pictogram) of() int {
	if c.Of <= 0 {
		return 100
	}
	return c.Of
}

func (c Pictogram) groups() []PictogramGroup { return c.Groups[:min(len(c.Groups), len(palette))] }

// Table is the groups as rows.
func (c Pictogram) Table() Table {
	t := Table{Caption: c.Title, Columns: []string{fmt.Sprintf("Of %s", lang.Number(c.of()))}}
	rest := c.of()
	for _, g := range c.groups() {
		t.Rows = append(t.Rows, TableRow{Label: lang.Sentence(g.Name), Values: Numbers(g.Count)})
		rest -= g.Count
	}
	if c.Rest != "" {
		t.Rows = append(t.Rows, TableRow{Label: lang.Sentence(c.Rest), Values: Numbers(rest)})
	}
	return t
}

func (c Pictogram) describe() string {
	if c.Desc != "" {
		return c.Desc
	}
	parts := make([]string, 0, len(c.Groups))
	for _, g := range c.groups() {
		parts = append(parts, lang.Number(g.Count)+" "+g.Name)
	}
	return fmt.Sprintf("Of %s: %s.", lang.Number(c.of()), lang.Join(parts))
}

// SVG draws the people in rows, the groups first, and names the groups below.
func (c Pictogram) SVG() template.HTML {
	const across, down = chartWidth / peopleARow, 34.0
	groups := c.groups()
	var body drawing
	body.id = c.ID
	next, upTo := 0, 0
	for i, g := range groups {
		upTo = min(upTo+max(g.Count, 0), c.of())
		fmt.Fprintf(&body, `<path %s d="%s"/>`+"\n", body.person(i, len(groups)), people(next, upTo, across, down))
		next = upTo
	}
	if next < c.of() {
		fmt.Fprintf(&body, `<path class="chart-soft" fill="%s" d="%s"/>`+"\n", softColour, people(next, c.of(), across, down))
	}
	y := float64((c.of()+peopleARow-1)/peopleARow)*down + 10
	for i, g := range groups {
		y = body.personLegend(fmt.Sprintf(`<path %s d="%s"/>`, body.person(i, len(groups)), person(4, y)), y, lang.Number(g.Count)+" "+
			g.Name)
	}
	if c.Rest != "" {
		y = body.personLegend(fmt.Sprintf(`<path class="chart-soft" fill="%s" d="%s"/>`, softColour, person(4, y)), y,
			lang.Number(c.of()-next)+" "+c.Rest)
	}
	sheet := drawing{id: c.ID}
	sheet.open(y, c.Title, c.describe())
	sheet.patterns(len(groups))
	sheet.WriteString(body.String())
	return sheet.close()
}

func (d *drawing) personLegend(shape string, y float64, text string) float64 {
	lines := wrapped(text, chartWidth-34, labelSize)
	d.WriteString(shape + "\n")
	d.text(words{x: 28, y: y + 19, lines: lines, size: labelSize})
	return y + max(38, float64(len(lines))*labelSize*lineSpacing+14)
}

// person is a group's paint: coral first, because a pictogram calls, and hatched where
// there is another group, so that colour is not the only difference.
func (d *drawing) person(group, of int) string {
	switch {
	case group == 0 && of == 1:
		return `class="chart-2" fill="` + palette[1].colour + `"`
	case group == 0:
		return d.paint(1)
	case group == 1:
		return `class="chart-1" fill="` + palette[0].colour + `"`
	}
	return d.paint(group)
}

// people are the people numbered from (inclusive) to upTo (not).
func people(from, upTo int, across, down float64) string {
	var b strings.Builder
	for i := from; i < upTo; i++ {
		b.WriteString(person(float64(i%peopleARow)*across+across/2-6, float64(i/peopleARow)*down))
	}
	return b.String()
}

// person is a head and a body, twelve wide and thirty high.
func person(x, y float64) string {
	return fmt.Sprintf("M%s %sa5 5 0 1 1 0 10 5 5 0 1 1 0-10zM%s %sa6 6 0 0 1 6 6v6a5 5 0 0 1-5 5h-2a5 5 0 0 "+
		"1-5-5v-6a6 6 0 0 1 6-6z",
		num(x+6), num(y+1), num(x+6), num(y+12.5))
}
