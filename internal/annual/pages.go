package annual

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed parts/*.html
var partFiles embed.FS

// blockTemplates are the tables and charts of a text, parsed once.
var blockTemplates = sync.OnceValues(func() (*template.Template, error) {
	t, err := template.New("blocks").Funcs(ui.Funcs()).ParseFS(partFiles, "parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("annual: %w", err)
	}
	return t, nil
})

// head is what a page of the report tells the frame that it is put into.
func head(title, description string) ui.Base { return ui.Base{Title: title, Description: description} }

type indexPage struct {
	ui.Base
	Year     string
	Heading  string
	Chapters []section
	Summary  bool
	Figures  int
	Known    []knownRow
	Hidden   string // what the mark of a hidden number means; "" when there is none
}

func (b *build) indexPage() indexPage {
	t := b.text.report
	return indexPage{
		Base: head(t.Title, t.Title+", with every figure and how it was worked out."),
		Year: t.Year, Heading: t.Title, Chapters: b.parts[PartReport],
		Summary: len(b.parts[PartSummary]) > 0, Figures: len(b.values()), Hidden: explained(bodies(b.parts[PartReport])...),
		Known: b.knownRows(),
	}
}

// A knownRow is a figure in the list that is printed behind the report, where nothing can be
// pressed: with its time, and a percentage with what it is a share of.
type knownRow struct{ Title, When, Value, Of string }

func (b *build) knownRows() []knownRow {
	var out []knownRow
	for _, v := range b.values() {
		e := &entry{def: v.Definition, ask: figure.Ask{Period: v.Ask.Period, At: v.Ask.At, Where: v.Dims}}
		out = append(out, knownRow{heading(e), lang.Sentence(when(e.ask)), v.Shown(0), shareOf(v)})
	}
	return out
}

// bodies are the texts of chapters.
func bodies(list []section) []template.HTML {
	var out []template.HTML
	for _, s := range list {
		out = append(out, s.Body)
	}
	return out
}

type summaryPage struct {
	ui.Base
	Year        string
	Lead        string
	Hidden      string
	Sections    []section
	Left, Right []tileView
}

// A tileView is a tile with its colour.
type tileView struct{ Title, Href, Tone string }

// tones follow one another down the sides; the two sides begin differently.
var tones = []string{"brand", "amber", "coral", "plum", "sea"}

func (b *build) summaryPage() summaryPage {
	year := b.text.year.String()
	p := summaryPage{
		Base: head(year+" in two pages", "The yearly report for "+year+" on two pages."),
		Year: year, Lead: b.text.report.Lead, Sections: b.parts[PartSummary],
		Hidden: explained(bodies(b.parts[PartSummary])...),
	}
	half := (len(b.text.tiles) + 1) / 2
	for i, t := range b.text.tiles {
		v := tileView{t.Title, t.Href, tones[i%len(tones)]}
		if i < half {
			p.Left = append(p.Left, v)
			continue
		}
		p.Right = append(p.Right, v)
	}
	return p
}

type figuresPage struct {
	ui.Base
	Year    string
	Hidden  string
	Figures []figureRow
}

// A figureRow is one figure in the list of all.
type figureRow struct {
	Title string
	When  string
	Datum template.HTML
	Href  string
}

func (b *build) figuresPage() figuresPage {
	p := figuresPage{Base: head("Every figure in the report",
		"Every figure in the yearly report, and how it was worked out."), Year: b.text.year.String()}
	for _, e := range b.ledger.in() {
		row := figureRow{Title: heading(e), When: lang.Sentence(when(e.ask)), Href: e.page + ".html"}
		if e.ask.By == "" {
			row.Datum = tableDatum(e.one(), 0, "")
		} else {
			row.Datum = template.HTML(lang.Plural(len(e.values), "row", "rows"))
		}
		p.Figures = append(p.Figures, row)
		p.Hidden = cmp.Or(p.Hidden, explained(row.Datum))
	}
	return p
}

// heading names what an entry shows: "Training attendances: multi-agency".
func heading(e *entry) string {
	var words []string
	for _, k := range slices.Sorted(maps.Keys(e.ask.Where)) {
		dim, _ := e.def.Dimension(k)
		words = append(words, strings.ToLower(dim.Words(e.ask.Where[k])))
	}
	s := e.def.Title
	if len(words) > 0 {
		s += ": " + strings.Join(words, ", ")
	}
	if e.ask.By != "" {
		dim, _ := e.def.Dimension(e.ask.By)
		s += ", by " + strings.ToLower(dim.Title)
	}
	return s
}

type figurePage struct {
	ui.Base
	Heading string
	Hidden  string
	Value   string
	Raw     string
	ID      string
	Meaning string
	Before  string
	Items   []string
	How     []ui.Row
	Picture ui.Chart   // of a cut, or of the figure over time; nil when there is none
	Table   *blockView // of a cut
	Series  []seriesRow
	Uses    []ui.NavItem
}

// A seriesRow is the same figure at one time.
type seriesRow struct {
	When    string
	Datum   template.HTML
	Href    string // "" for this page
	Current bool
}

// figurePage says how a figure was worked out.
func (b *build) figurePage(e *entry) figurePage {
	title := heading(e)
	p := figurePage{
		Base:    head(title+" "+when(e.ask), "How the figure was worked out: "+title+", "+when(e.ask)+"."),
		Heading: title, ID: e.def.ID, Meaning: meaning(e), How: how(e),
	}
	if e.ask.By == "" {
		p.Value, p.Raw, p.Items = e.one().Shown(0), e.one().Raw(), e.one().Items()
		p.Hidden = release.For(e.one())
	} else {
		p.Table, p.Picture = cutTable(e)
		p.Hidden = release.For(e.values...)
	}
	others := b.ledger.others(e)
	if e.ask.By == "" && len(others) > 0 {
		p.Series, p.Before, p.Picture = seriesOf(e, others)
		for _, row := range p.Series {
			p.Hidden = cmp.Or(p.Hidden, explained(row.Datum))
		}
	}
	for _, u := range e.uses {
		link := ui.NavItem{Text: u.Title, Href: "../index.html#" + u.Slug}
		if u.Part == PartSummary {
			link = ui.NavItem{Text: u.Title + " (on two pages)", Href: "../summary.html#" + u.Slug}
		}
		p.Uses = append(p.Uses, link)
	}
	return p
}

// meaning says what the big number counts: "attendances in 2023-24".
func meaning(e *entry) string {
	if e.def.IsRatio() {
		return when(e.ask)
	}
	if e.def.Kind == figure.Cumulative && !e.ask.At.IsZero() {
		return e.def.Unit + " up to " + e.ask.At.Words()
	}
	return e.def.Unit + " " + when(e.ask)
}

// cutTable lays a cut out, with its picture.
func cutTable(e *entry) (*blockView, ui.Chart) {
	g := &grid{entries: []*entry{e}}
	if err := g.cut(e.def, e.ask.By); err != nil {
		return nil, nil // an empty cut is refused where it is used
	}
	g.Title = heading(e) + ", " + g.Columns[0]
	v := &blockView{Title: g.Title, Corner: g.Corner, Columns: g.Columns}
	for _, r := range g.Rows {
		v.Rows = append(v.Rows, rowView{r.Label, []template.HTML{tableDatum(r.Cells[0].Value, 0, "")}})
	}
	return v, g.picture()
}

// picture draws the grid on a figure's own page; nil when it cannot be drawn,
// since the table there says the same.
func (g *grid) picture() ui.Chart {
	c, err := g.chart("picture", "bar")
	if err != nil || len(g.Rows) < 2 {
		return nil
	}
	return c
}

// seriesOf lists the figure over time, says what it was the time before, and
// draws it.
func seriesOf(e *entry, others []*entry) (rows []seriesRow, before string, picture ui.Chart) {
	all := append(slices.Clone(others), e)
	slices.SortStableFunc(all, func(a, b *entry) int { return endOf(a.ask).Compare(endOf(b.ask)) })
	g := &grid{entries: all, Title: heading(e) + " over time", Corner: "When", Columns: []string{e.def.Title}}
	for i, x := range all {
		g.Rows = append(g.Rows, gridRow{moment(x.ask), []cell{{x.one(), x.page}}})
		row := seriesRow{When: lang.Sentence(when(x.ask)), Datum: tableDatum(x.one(), 0, ""), Href: x.page + ".html",
			Current: x == e}
		rows = append(rows, row)
		if x == e && i > 0 {
			before = comparison(all[i-1], e)
		}
	}
	picture = g.picture()
	if bars, ok := picture.(ui.BarChart); ok {
		bars.Highlight = moment(e.ask)
		picture = bars
	}
	return rows, before, picture
}

// comparison says what the figure was before, and how it moved.
func comparison(then, now *entry) string {
	a, b := then.one(), now.one()
	if !a.Known() || !b.Known() {
		return ""
	}
	m := move{from: a.Number(), to: b.Number(), ratio: b.Ratio(), since: then.ask, now: now.ask}
	return fmt.Sprintf("%s %s; it has %s", a.Shown(0), when(then.ask), m.sayChange())
}

// how are the rows of "How this was worked out".
func how(e *entry) []ui.Row {
	d := e.def
	rows := []ui.Row{{Key: "What is counted", Value: d.Counts}}
	add := func(key string, value any) { rows = append(rows, ui.Row{Key: key, Value: value}) }
	if e.ask.By == "" && d.Numerator != "" {
		add("Worked out as", division(d, e.one()))
	}
	if e.ask.At.IsZero() {
		add("Period", lang.Sentence(e.ask.Period.Words()))
	} else {
		add("On", "The end of "+e.ask.At.Words())
	}
	source := d.Source
	if d.Edition != "" {
		source += " (" + d.Edition + ")"
	}
	if source != "" {
		add("From", source)
	}
	if n, ok := release.RowsRead(e.values); ok {
		add("Rows read", lang.Number(int(n)))
	}
	if came := inputsOf(e); came != "" {
		add("Came in by", came)
	}
	definition := fmt.Sprintf("%s, version %d", d.ID, d.Version)
	if d.Since != "" {
		definition += ", since " + d.Since
	}
	add("Definition", definition)
	add("Protection", protectionWords(d))
	if d.Watch != "" {
		add("Take care", d.Watch)
	}
	for _, v := range e.values {
		if v.Note() != "" {
			add("Note", v.Note())
		}
		if v.Attested() != "" {
			add("How it is known", v.Attested())
		}
	}
	return rows
}

// division says what was divided by what, with the numbers when they are shown.
func division(d *figure.Definition, v release.Value) string {
	n, _ := v.Count()
	of, ok := v.Of()
	if !ok {
		return d.Numerator + ", divided by " + inSentence(d.Denominator)
	}
	return fmt.Sprintf("%s (%s), divided by %s (%s)", d.Numerator, lang.Number(int(n)), inSentence(d.Denominator),
		lang.Number(int(of)))
}

// inputsOf lists the files a figure came from, each with its commitment.
func inputsOf(e *entry) template.HTML {
	var seen []string
	for _, v := range e.values {
		for _, in := range v.Inputs {
			line := template.HTMLEscapeString(in.File)
			if in.Commitment != "" {
				line += ", commitment <code>" + in.Commitment + "</code>"
			}
			if !slices.Contains(seen, line) {
				seen = append(seen, line)
			}
		}
	}
	slices.Sort(seen)
	return template.HTML(strings.Join(seen, "<br>"))
}
