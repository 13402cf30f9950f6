package annual

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
)

// A File is one file of a built report. The body of a page is its content alone:
// a frame is put round it when it is served, as the site has it then, or exported.
// Links in it lead to the report's other files, or to the public site from its root.
type File struct {
	Path        string // "index.html", "data/figures.csv"; always with forward slashes
	ContentType string
	Title       string // of a page
	Description string // of a page, in a sentence
	Body        []byte
}

// A Built report is its files in order of their paths, and what is wrong with
// its texts. With an error among the problems there are no files.
type Built struct {
	Year     string
	Title    string
	Files    []File
	Problems []Problem
}

// Build makes a year's report into files: the content of its pages, figures.json
// and data. The same records and texts make the same files, to the byte: no time,
// no machine and no order of a map is in them.
func (r *Room) Build(ctx context.Context, year string) (Built, error) {
	b, err := r.evaluate(ctx, year, true)
	if err != nil {
		return Built{}, fmt.Errorf("build report %s: %w", year, err)
	}
	out := Built{Year: year, Title: b.text.report.Title, Problems: b.problems}
	if Failing(out.Problems) {
		return out, nil
	}
	if out.Files, err = b.files(); err != nil {
		return Built{}, fmt.Errorf("build report %s: %w", year, err)
	}
	return out, nil
}

// Check lists what is wrong with a year's texts.
func (r *Room) Check(ctx context.Context, year string) ([]Problem, error) {
	b, err := r.evaluate(ctx, year, false)
	if err != nil {
		return nil, fmt.Errorf("check report %s: %w", year, err)
	}
	return b.problems, nil
}

// reportText is all that was written for a year.
type reportText struct {
	year     period.Year
	report   Report
	chapters []Chapter
	tiles    []Tile
}

// chapter finds a chapter by its part and slug.
func (t reportText) chapter(part, slug string) (Chapter, bool) {
	i := slices.IndexFunc(t.chapters, func(c Chapter) bool { return c.Part == part && c.Slug == slug })
	if i < 0 {
		return Chapter{}, false
	}
	return t.chapters[i], true
}

// evaluate reads a year's texts and turns them into HTML, over one snapshot, so
// that all of a report's figures are of one point in time. Files and pages are made
// of it afterwards. sources says whether the figures' own pages are wanted too.
func (r *Room) evaluate(ctx context.Context, year string, sources bool) (b *build, err error) {
	salt, err := r.publicSalt(ctx)
	if err != nil {
		return nil, err
	}
	err = r.Figures.Snapshot(ctx, func(s *figure.Snapshot) error {
		text, err := read(ctx, s.Work, year)
		if err != nil {
			return err
		}
		l, err := r.protected(ctx, s, text, sources)
		if err != nil {
			return err
		}
		l.salt = salt
		if b, err = r.compose(ctx, l, text); err != nil {
			return err
		}
		return b.check(ctx)
	})
	return b, err
}

// protected is the first pass over a year's texts: it asks for all that they show, and gives
// the ledger for the second, which answers with what readers may see and nothing else.
func (r *Room) protected(ctx context.Context, s *figure.Snapshot, t reportText, sources bool) (*ledger, error) {
	earlier, err := release.ReadLedger(ctx, s.Work)
	if err != nil {
		return nil, err
	}
	asks := release.Collect(s)
	if _, err := r.compose(ctx, newLedger(s, asks, sources), t); err != nil {
		return nil, err
	}
	released, err := r.door.Close(ctx, asks, earlier, releaseName(t.year))
	if err != nil {
		return nil, err
	}
	l := newLedger(s, released, sources)
	l.release = released
	return l, nil
}

// releaseName is what the ledger of what was released calls a report.
func releaseName(y period.Year) string { return "yearly report " + y.String() }

func read(ctx context.Context, q db.Reader, year string) (reportText, error) {
	y, err := yearOf(year)
	if err != nil {
		return reportText{}, err
	}
	t := reportText{year: y}
	if t.report, err = report(ctx, q, year); err != nil {
		return t, err
	}
	if t.chapters, err = chapters(ctx, q, year); err != nil {
		return t, err
	}
	t.tiles, err = tiles(ctx, q, year)
	return t, err
}

// A build is a report on its way to files.
type build struct {
	room     *Room
	text     reportText
	ledger   *ledger
	parts    map[string][]section // the parts of the report: chapters in HTML
	data     []dataFile
	prose    []prose
	problems []Problem
}

// A section is a chapter in HTML.
type section struct {
	Slug  string
	Title string
	Body  template.HTML
}

// compose turns every chapter into HTML. Each figure is asked for once.
func (r *Room) compose(ctx context.Context, l *ledger, t reportText) (*build, error) {
	b := &build{room: r, text: t, ledger: l, parts: map[string][]section{}}
	blocks, err := blockTemplates()
	if err != nil {
		return nil, err
	}
	anchors := map[string]map[string]int{PartReport: {}, PartSummary: {}}
	for _, part := range []string{PartReport, PartSummary} {
		for _, c := range t.chapters {
			if c.Part == part {
				anchors[part][c.Slug] = 1
			}
		}
	}
	for _, c := range t.chapters {
		w := &writer{year: t.year, ledger: b.ledger, blocks: blocks, linked: true, place: place{c.Part, c.Slug, c.Title},
			anchors: anchors[c.Part], fixes: chapterHref(c)}
		body, err := w.text(ctx, c.Markdown)
		if err != nil {
			return nil, fmt.Errorf("chapter %s: %w", c.Slug, err)
		}
		b.parts[c.Part] = append(b.parts[c.Part], section{c.Slug, c.Title, body})
		b.problems = append(b.problems, w.problems...)
		b.data = append(b.data, w.data...)
		b.prose = append(b.prose, w.prose...)
	}
	return b, nil
}

// check looks for numbers that were typed, and puts all problems in order.
func (b *build) check(ctx context.Context) error {
	all, err := b.ledger.candidates(ctx, &writer{year: b.text.year})
	if err != nil {
		return err
	}
	b.problems = append(b.problems, typed(b.prose, all)...)
	order := map[string]int{}
	for i, c := range b.text.chapters {
		order[c.Part+c.Slug] = i
	}
	slices.SortStableFunc(b.problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(order[x.Part+x.Chapter], order[y.Part+y.Chapter]), byLine(x, y))
	})
	return nil
}

// files makes the files of a report whose texts are sound.
func (b *build) files() ([]File, error) {
	var out []File
	add := func(name string, head ui.Base, body []byte) {
		out = append(out, File{Path: name, ContentType: ui.ContentType(name), Title: head.Title,
			Description: head.Description, Body: body})
	}
	page := func(name, tmpl string, head ui.Base, page any) error {
		var body bytes.Buffer
		if err := b.room.pages.Content(&body, tmpl, page); err != nil {
			return err
		}
		add(name, head, body.Bytes())
		return nil
	}
	index, summary, figures := b.indexPage(), b.summaryPage(), b.figuresPage()
	err := errors.Join(
		page("index.html", "report-index", index.Base, index),
		page("summary.html", "report-summary", summary.Base, summary),
		page("figures/index.html", "report-figures", figures.Base, figures))
	if err != nil {
		return nil, err
	}
	for _, e := range b.ledger.in() {
		p := b.figurePage(e)
		if err := page("figures/"+e.page+".html", "report-figure", p.Base, p); err != nil {
			return nil, err
		}
	}
	for _, d := range b.data {
		add("data/"+d.Name, ui.Base{}, d.Body)
	}
	list, err := b.figuresJSON()
	if err != nil {
		return nil, err
	}
	add("figures.json", ui.Base{}, list)
	table, err := b.figuresCSV()
	if err != nil {
		return nil, err
	}
	add("data/figures.csv", ui.Base{}, table)
	return inOrder(out)
}

// inOrder sorts files by their paths, of which no two may be the same.
func inOrder(files []File) ([]File, error) {
	slices.SortFunc(files, func(x, y File) int { return strings.Compare(x.Path, y.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, fmt.Errorf("two files are called %s", files[i].Path)
		}
	}
	return files, nil
}

// figuresJSON lists every figure in the report, as kith figure writes them.
func (b *build) figuresJSON() ([]byte, error) {
	list := []json.RawMessage{}
	for _, v := range b.values() {
		one, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("write figures.json: %w", err)
		}
		list = append(list, one)
	}
	var out bytes.Buffer
	raw, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write figures.json: %w", err)
	}
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("write figures.json: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// figuresCSV is the same as a table.
func (b *build) figuresCSV() ([]byte, error) {
	var rows [][]string
	for _, v := range b.values() {
		numerator, denominator, shownValue := "", "", v.Raw()
		if n, ok := v.Count(); ok {
			numerator = fmt.Sprint(n)
		} else {
			shownValue = v.Shown(0)
		}
		if n, ok := v.Of(); ok {
			denominator = fmt.Sprint(n)
		}
		var dims []string
		for _, k := range slices.Sorted(maps.Keys(v.Dims)) {
			dims = append(dims, k+"="+v.Dims[k])
		}
		span := ""
		if v.Ask.At.IsZero() {
			span = v.Ask.Period.String()
		}
		rows = append(rows, []string{v.Definition.ID, v.Definition.Title, span, v.Ask.At.String(), strings.Join(dims, "; "),
			shownValue, numerator, denominator, v.Definition.Unit, fmt.Sprint(v.Definition.Version)})
	}
	var out bytes.Buffer
	err := csvfile.Write(&out, []string{"id", "title", "period", "at", "dimensions", "value", "numerator", "denominator",
		"unit", "definition"}, rows)
	if err != nil {
		return nil, fmt.Errorf("write figures.csv: %w", err)
	}
	return out.Bytes(), nil
}

// values lists the report's values in a fixed order, each once: a cut may hold a
// value that the text also asks for by itself.
func (b *build) values() []release.Value {
	var out []release.Value
	seen := map[string]bool{}
	for _, e := range b.ledger.in() {
		for _, v := range e.values {
			key := release.Key(v.Definition.ID, figure.Ask{Period: v.Ask.Period, At: v.Ask.At, Where: v.Dims})
			if !seen[key] {
				seen[key] = true
				out = append(out, v)
			}
		}
	}
	return out
}
