package indicators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type figurePage struct {
	ui.Base
	Definition *figure.Definition
	Form       *web.Form
	Years      []ui.Choice
	Cuts       []ui.Choice
	Known      bool
	Value      string
	Meaning    string
	Note       string
	Problem    string
	Rows       []ui.Row
	Inputs     []figure.Input
	Series     *ui.LineChart
	By         *byTable
	opens      bool // the looker may open imports
	Export     string
}

// A byTable is the value cut by one dimension.
type byTable struct {
	Title string
	First string // the heading of the parts' names
	Chart ui.BarChart
	Rows  []byRow
	Ratio bool
}

type byRow struct {
	Label, Value, Share string
}

// ask reads the question a figure page's address asks.
func (r *Room) ask(req *http.Request, s *figure.Snapshot, d *figure.Definition) (figure.Ask, error) {
	q := req.URL.Query()
	ask := figure.Ask{Where: map[string]string{}}
	for _, dim := range d.Dimensions {
		if v := q.Get(dim.ID); v != "" {
			ask.Where[dim.ID] = v
		}
	}
	if at := q.Get("at"); at != "" {
		day, err := period.ParseAnyDate(at)
		if err != nil {
			return ask, &figure.BadAsk{Words: err.Error()}
		}
		ask.At = day
		return ask, nil
	}
	if s := q.Get("period"); s != "" {
		span, err := period.Parse(s)
		if err != nil {
			return ask, &figure.BadAsk{Words: err.Error()}
		}
		ask.Period = span
		return ask, nil
	}
	year, err := r.latest(req.Context(), s.Work)
	ask.Period = year.Span()
	return ask, err
}

func (r *Room) showFigure(w http.ResponseWriter, req *http.Request) error {
	p := figurePage{Years: r.years(), opens: web.PersonOf(req).May(access.ImportsRead)}
	var exported []figure.Value
	err := r.Figures.Snapshot(req.Context(), func(s *figure.Snapshot) (err error) {
		exported, err = r.answer(req, s, &p)
		return err
	})
	if err != nil {
		return err
	}
	if exported != nil {
		return export(w, req, p.Definition, exported)
	}
	query := req.URL.Query()
	query.Set("format", "csv")
	p.Export = "?" + query.Encode()
	return web.Render(w, http.StatusOK, r.pages, "figure", p)
}

// answer computes what a figure's page shows, or the values to export when the
// address asks for a file.
func (r *Room) answer(req *http.Request, s *figure.Snapshot, p *figurePage) ([]figure.Value, error) {
	ctx, q := req.Context(), req.URL.Query()
	d, err := s.Get(ctx, req.PathValue("id"))
	if errors.Is(err, figure.ErrUnknown) {
		return nil, web.ErrNotFound
	} else if err != nil {
		return nil, err
	}
	ask, err := r.ask(req, s, d)
	if err != nil && !cannotTell(err) {
		return nil, err
	}
	p.Definition = d
	if err != nil {
		p.Problem = sentence(err)
	}
	small := d.Protection == figure.Child && !web.PersonOf(req).May(access.FiguresRestricted)
	if small && (q.Get("by") != "" || len(ask.Where) > 0) {
		return nil, web.ErrNotFound
	}
	p.Base = base(req, d.Title, d.Title, "")
	p.Form = web.NewForm("period", ask.Period.String(), "by", q.Get("by"))
	for k, v := range ask.Where {
		p.Form.Set(k, v)
	}
	if !small {
		for _, dim := range d.Dimensions {
			p.Cuts = append(p.Cuts, ui.Choice{Value: dim.ID, Text: dim.Title})
		}
	}
	if p.Problem != "" {
		return nil, nil
	}
	if q.Get("format") != "" {
		return exportValues(ctx, s, d, ask, q.Get("by"), q.Get("format") == "json")
	}
	if err := fill(ctx, s, p, d, ask); err != nil {
		return nil, err
	}
	// A share of what? A figure that needs a cut to have a value shows them all.
	by := q.Get("by")
	if by == "" && p.Problem != "" && len(p.Cuts) > 0 {
		by = p.Cuts[0].Value
	}
	if by == "" {
		return nil, nil
	}
	p.Form.Set("by", by)
	return nil, cut(ctx, s, p, d, ask, by)
}

// fill puts the value, its series and how it was worked out on the page.
func fill(ctx context.Context, s *figure.Snapshot, p *figurePage, d *figure.Definition, ask figure.Ask) error {
	ask.Sources = true
	v, err := s.One(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	p.Known, p.Value, p.Note = v.Known(), text(v), v.Note
	if !v.Known() && p.Note == "" {
		p.Note = "Nothing was entered that it could be a share of."
	}
	p.Meaning = meaning(v)
	p.Rows, p.Inputs = worked(v, p.opens), v.Inputs
	p.Series, err = series(ctx, s, d, v.Ask)
	return err
}

// meaning says beside the big number what it is.
func meaning(v figure.Value) string {
	when := "in " + v.Ask.When()
	if !v.Ask.At.IsZero() {
		when = "on " + v.Ask.When()
		if v.Definition.Kind == figure.Cumulative {
			when = "up to " + v.Ask.When()
		}
	}
	where := ""
	for _, k := range slices.Sorted(keys(v.Ask.Where)) {
		if dim, ok := v.Definition.Dimension(k); ok {
			where += ", " + strings.ToLower(dim.Title) + " " + dim.Words(v.Ask.Where[k])
		}
	}
	if v.Denominator != nil {
		return of(v) + " " + when + where
	}
	return v.Definition.Unit + " " + when + where
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

var protections = map[figure.Protection]string{
	figure.Child: "About children: only the total is published until disclosure control has judged a table",
	figure.Staff: "About staff: shown to the partnership; small settings are not published",
	figure.Open:  "What the partnership did: shown in full",
}

// worked lists how a value was worked out; open says that the looker may open the
// imports it came from.
func worked(v figure.Value, open bool) []ui.Row {
	d := v.Definition
	rows := []ui.Row{{Key: "What is counted", Value: d.Counts}}
	if d.Numerator != "" {
		rows = append(rows, ui.Row{Key: "Divided", Value: d.Numerator + " (" + lang.Number(int(v.Numerator)) + ")"})
	}
	if d.Denominator != "" && v.Denominator != nil {
		rows = append(rows, ui.Row{Key: "By", Value: d.Denominator + " (" + lang.Number(int(*v.Denominator)) + ")"})
	}
	if v.Ask.At.IsZero() {
		rows = append(rows, ui.Row{Key: "Period", Value: v.Ask.Period.Words()})
	} else {
		rows = append(rows, ui.Row{Key: "Date", Value: v.Ask.At.Words()})
	}
	if len(v.Items) > 0 {
		rows = append(rows, ui.Row{Key: "They are", Value: strings.Join(v.Items, "; ")})
	}
	rows = append(rows, ui.Row{Key: "From", Value: strings.TrimSpace(d.Source + " " + d.Edition)})
	if v.Rows > 0 {
		rows = append(rows, ui.Row{Key: "Rows read", Value: lang.Number(int(v.Rows))})
	}
	rows = append(rows, cameIn(v.Inputs, open)...)
	if v.Attested != "" {
		rows = append(rows, ui.Row{Key: "How it is known", Value: v.Attested})
	}
	if d.Watch != "" {
		rows = append(rows, ui.Row{Key: "Take care", Value: d.Watch})
	}
	rows = append(rows,
		ui.Row{Key: "Definition", Value: fmt.Sprintf("%s, version %d%s", d.ID, d.Version, since(d))},
		ui.Row{Key: "Protection", Value: protections[d.Protection]})
	return rows
}

// cameIn lists the imports that a value was counted from, with their files, and
// leads to them those who may open them.
func cameIn(inputs []figure.Input, open bool) []ui.Row {
	var imports []string
	files := map[string][]string{}
	for _, in := range inputs {
		if len(files[in.Import]) == 0 {
			imports = append(imports, in.Import)
		}
		files[in.Import] = append(files[in.Import], in.File)
	}
	var rows []ui.Row
	for i, id := range imports {
		row := ui.Row{Value: lang.Join(files[id])}
		if i == 0 {
			row.Key = "Came in by"
		}
		if open {
			row.Href, row.Act, row.About = "/work/imports/"+url.PathEscape(id), "Open the import", "of "+files[id][0]
		}
		rows = append(rows, row)
	}
	return rows
}

func since(d *figure.Definition) string {
	if d.Since == "" {
		return ""
	}
	return ", used since " + d.Since
}

// seriesYears is how many years a figure's page looks back.
const seriesYears = 5

// series computes the same ask for the years before, as far as they are held.
func series(ctx context.Context, s *figure.Snapshot, d *figure.Definition, ask figure.Ask) (*ui.LineChart, error) {
	ask.Sources = false
	var labels []string
	var values []float64
	seen := false
	for back := seriesYears - 1; back >= 0; back-- {
		a := ask
		label := ""
		if ask.At.IsZero() {
			for range back {
				a.Period = a.Period.YearBefore()
			}
			label = a.Period.String()
		} else {
			a.At = ask.At.AddYears(-back)
			label = a.At.Format("Jan 2006")
		}
		v, err := s.One(ctx, d.ID, a)
		switch {
		case err != nil && !cannotTell(err):
			return nil, err
		case err != nil || !v.Known() || !seen && v.Numerator == 0:
			if seen {
				labels, values = append(labels, label), append(values, ui.Gap())
			}
		default:
			seen = true
			labels, values = append(labels, label), append(values, v.Number())
		}
	}
	if len(labels) < 2 {
		return nil, nil
	}
	return &ui.LineChart{ID: "series", Title: d.Title + ", year by year", Labels: labels,
		Series: []ui.Series{{Name: d.Title, Values: values}}}, nil
}

// cut puts the value, divided by one dimension, on the page.
func cut(ctx context.Context, s *figure.Snapshot, p *figurePage, d *figure.Definition, ask figure.Ask,
	by string) error {
	dim, ok := d.Dimension(by)
	if !ok {
		return nil
	}
	ask.By = by
	values, err := s.Compute(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	p.Problem = ""
	t := byTable{Title: "By " + strings.ToLower(dim.Title), First: dim.Title, Ratio: d.IsRatio()}
	var total int64
	for _, v := range values {
		total += v.Numerator
	}
	t.Chart = ui.BarChart{ID: "by", Title: d.Title + ", by " + strings.ToLower(dim.Title), Horizontal: true,
		Series: []ui.Series{{Name: d.Unit}}}
	for _, v := range values {
		label := dim.Words(v.Dims[by])
		row := byRow{Label: label, Value: text(v)}
		if t.Ratio {
			row.Share = of(v)
		} else if total > 0 {
			row.Share = strconv.FormatFloat(100*float64(v.Numerator)/float64(total), 'f', 1, 64) + "%"
		}
		t.Rows = append(t.Rows, row)
		t.Chart.Labels = append(t.Chart.Labels, label)
		n := ui.Gap()
		if v.Known() {
			n = v.Number()
		}
		t.Chart.Series[0].Values = append(t.Chart.Series[0].Values, n)
	}
	p.By = &t
	return nil
}

// exportValues computes what a file is to hold; never nil without an error. The
// JSON names the files behind each value, the CSV does not.
func exportValues(ctx context.Context, s *figure.Snapshot, d *figure.Definition, ask figure.Ask, by string,
	sources bool) ([]figure.Value, error) {
	ask.By, ask.Sources = by, sources
	values, err := s.Compute(ctx, d.ID, ask)
	if cannotTell(err) {
		return nil, web.BadRequest(sentence(err))
	} else if err != nil {
		return nil, err
	}
	return append([]figure.Value{}, values...), nil
}

// export answers with the values as CSV or as the JSON of kith figure.
func export(w http.ResponseWriter, req *http.Request, d *figure.Definition, values []figure.Value) error {
	if req.URL.Query().Get("format") == "json" {
		w.Header().Set("Content-Type", "application/json")
		return json.NewEncoder(w).Encode(values)
	}
	return web.CSV(w, d.ID+".csv", figure.CSVHeader(d), figure.CSVRows(d, values))
}

// sentence makes words for a person of an error that cannotTell.
func sentence(err error) string {
	var bad *figure.BadAsk
	var held *figure.NotHeld
	s := err.Error()
	if errors.As(err, &bad) {
		s = bad.Words
	} else if errors.As(err, &held) {
		s = held.Words
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
