package annual

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
)

// A dataFile is the numbers of one table or chart, to download.
type dataFile struct {
	Name string // "journey-of-the-child-children-looked-after.csv"
	Body []byte
}

// blockView is what the templates of blocks may use.
type blockView struct {
	Title   string
	Corner  string
	Columns []string
	Rows    []rowView
	Note    string
	Hidden  string // what the mark of a hidden number means; "" when there is none
	CSV     string
	Pages   []ui.NavItem
	Chart   ui.Chart
}

type rowView struct {
	Label string
	Cells []template.HTML
}

// block answers a fenced block.
func (w *writer) block(ctx context.Context, language string, s settings) (template.HTML, error) {
	g, err := w.grid(ctx, s)
	if err != nil {
		return "", err
	}
	if g.Title == "" {
		g.Title = g.title()
	}
	v := blockView{Title: g.Title, Corner: g.Corner, Columns: g.Columns, Note: s.get("note")}
	for _, r := range g.Rows {
		row := rowView{Label: r.Label}
		for _, c := range r.Cells {
			v.Hidden = cmp.Or(v.Hidden, release.For(c.Value))
			row.Cells = append(row.Cells, w.cell(c, g.places))
		}
		v.Rows = append(v.Rows, row)
	}
	name := w.anchor(w.place.Slug + "-" + Slug(g.Title))
	if w.linked {
		if v.CSV, err = w.csv(name, g); err != nil {
			return "", err
		}
		v.Pages = g.pages()
	}
	if language == blockTable {
		if s.has("kind") {
			return "", wrong("Take the line out, or make it a chart block.", "A table has no kind.")
		}
		return w.render("table-block", v)
	}
	if v.Chart, err = g.chart(name, s.get("kind")); err != nil {
		return "", err
	}
	return w.render("chart-block", v)
}

func (w *writer) render(name string, v any) (template.HTML, error) {
	var b bytes.Buffer
	if err := w.blocks.ExecuteTemplate(&b, name, v); err != nil {
		return "", &fault{fmt.Errorf("render %s: %w", name, err)}
	}
	return template.HTML(strings.TrimSpace(b.String())), nil
}

// title is what a grid is called when the author does not say.
func (g *grid) title() string {
	d := g.entries[0].def
	t := d.Title
	if by := g.entries[0].ask.By; by != "" {
		t += " by " + strings.ToLower(g.Corner)
	}
	if len(g.Columns) == 1 && g.entries[0].ask.By != "" {
		t += ", " + g.Columns[0]
	}
	return t
}

// pages leads to how the grid's figure was worked out: at its latest time, whose
// page leads to the others. Where there are several figures, each leads to its
// own page from its cell.
func (g *grid) pages() []ui.NavItem {
	last := g.entries[len(g.entries)-1]
	if slices.ContainsFunc(g.entries, func(e *entry) bool { return e.def != last.def }) {
		return nil
	}
	return []ui.NavItem{{Text: "How this was worked out", Href: "figures/" + last.page + ".html"}}
}

// tableDatum is a figure in a table.
func tableDatum(v release.Value, places int, class string) template.HTML {
	var b strings.Builder
	b.WriteString("<data")
	if class != "" {
		fmt.Fprintf(&b, ` class="%s"`, class)
	}
	if of := shareOf(v); of != "" {
		fmt.Fprintf(&b, ` data-of="%s"`, html.EscapeString(of))
	}
	// What is hidden has an empty value: HTML asks for the attribute.
	fmt.Fprintf(&b, ` value="%s" data-figure="%s">%s</data>%s`, html.EscapeString(v.Raw()),
		html.EscapeString(v.Definition.ID), html.EscapeString(v.Shown(places)), attested(v))
	return template.HTML(b.String())
}

// cell is a figure in a table of the text, leading to how it was worked out.
func (w *writer) cell(c cell, places int) template.HTML {
	if !w.linked {
		return tableDatum(c.Value, places, "")
	}
	return template.HTML(`<a href="figures/`+html.EscapeString(c.page)+`.html">`) + tableDatum(c.Value, places, "in") +
		"</a>"
}

// csv keeps the grid's numbers as a file and gives its address.
func (w *writer) csv(name string, g *grid) (string, error) {
	if w.place.Part == PartSummary { // the two parts may have chapters of one name
		name = "summary-" + name
	}
	header := append([]string{g.Corner}, g.Columns...)
	var rows [][]string
	for _, r := range g.Rows {
		row := []string{r.Label}
		for _, c := range r.Cells {
			row = append(row, cmp.Or(c.Value.Raw(), c.Value.Shown(0)))
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := csvfile.Write(&b, header, rows); err != nil {
		return "", &fault{fmt.Errorf("write %s.csv: %w", name, err)}
	}
	w.data = append(w.data, dataFile{Name: name + ".csv", Body: b.Bytes()})
	return "data/" + name + ".csv", nil
}

// chart draws the grid.
func (g *grid) chart(id, kind string) (ui.Chart, error) {
	if kind == "" {
		kind = "bar"
	}
	if !slices.Contains(chartKinds, kind) {
		return nil, wrong("Use kind: bar, line or pictogram.", "There is no chart of the kind “%s”.", kind)
	}
	if kind == "pictogram" {
		return g.pictogram(id)
	}
	var labels []string
	series := make([]ui.Series, len(g.Columns))
	ratio := g.Rows[0].Cells[0].Value.Ratio()
	for _, r := range g.Rows {
		labels = append(labels, r.Label)
		for i, c := range r.Cells {
			if c.Value.Definition.IsRatio() != ratio {
				return nil, wrong("Show them as a table, or as two charts.", "The chart would set counts beside percentages.")
			}
			series[i].Name = g.Columns[i]
			series[i].Values = append(series[i].Values, drawn(c.Value, g.places))
		}
	}
	if len(series) > 4 {
		return nil, wrong("Show fewer, or use a table.", "The chart would have %d sets of bars or lines, and 4 are the most.",
			len(series))
	}
	unit := ""
	if ratio {
		unit = "%"
	}
	missing := "not available"
	for _, r := range g.Rows {
		if slices.ContainsFunc(r.Cells, func(c cell) bool { return c.Value.Hidden() }) {
			missing = missingWords
		}
	}
	if kind == "line" {
		if len(labels) < 2 {
			return nil, wrong("Give it several times, or use kind: bar.", "A line needs two points.")
		}
		return ui.LineChart{ID: id, Title: g.Title, Labels: labels, Series: series, Unit: unit, Missing: missing,
			First: g.Corner}, nil
	}
	c := ui.BarChart{ID: id, Title: g.Title, Labels: labels, Series: series, Unit: unit, Missing: missing, First: g.Corner,
		Horizontal: true}
	if g.entries[0].ask.By == "" && len(series) == 1 && len(labels) > 1 {
		c.Highlight = labels[len(labels)-1]
	}
	return c, nil
}

// drawn is a value as a chart takes it.
func drawn(v release.Value, places int) float64 {
	if !v.Known() {
		return ui.Gap()
	}
	if !v.Ratio() {
		return v.Number()
	}
	scale := math.Pow10(places)
	return math.Round(v.Number()*scale) / scale
}

// pictogram shows shares of 100.
func (g *grid) pictogram(id string) (ui.Chart, error) {
	if len(g.Columns) != 1 {
		return nil, wrong("Give it one figure and one time.", "A pictogram shows one set of numbers.")
	}
	if len(g.Rows) > 5 {
		return nil, wrong("Use kind: bar.", "A pictogram of %d groups cannot be told apart.", len(g.Rows))
	}
	whole := 100.0
	if !g.Rows[0].Cells[0].Value.Ratio() {
		whole = 0
		for _, r := range g.Rows {
			whole += r.Cells[0].Value.Number()
		}
	}
	p := ui.Pictogram{ID: id, Title: g.Title}
	left := 100
	for _, r := range g.Rows {
		v := r.Cells[0].Value
		if !v.Known() || whole == 0 {
			return nil, wrong("Use a table.", "A pictogram cannot show a value that is hidden or not known.")
		}
		n := min(left, int(math.Round(100*v.Number()/whole)))
		left -= n
		p.Groups = append(p.Groups, ui.PictogramGroup{Name: r.Label, Count: n})
	}
	return p, nil
}

// anchor makes an id that the page has not got yet.
func (w *writer) anchor(want string) string {
	id := want
	for w.anchors[id] > 0 {
		w.anchors[want]++
		id = fmt.Sprintf("%s-%d", want, w.anchors[want])
	}
	w.anchors[id]++
	return id
}
