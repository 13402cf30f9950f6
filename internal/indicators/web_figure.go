package indicators

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/figure"
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
	Makeup     []string
	Problem    string
	Rows       []ui.Row
	Inputs     []inputRow
	Series     *ui.LineChart
	By         *byTable
	Export     string
	from       origin
	status     int
}

// An inputRow is a file that the values on the page were counted from.
type inputRow struct {
	Return, File, SHA256 string
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

// ownKeys are the parts of a figure page's address that narrow nothing.
var ownKeys = []string{"period", "at", "by", "format"}

// ask reads the question a figure page's address asks.
func (r *Room) ask(req *http.Request, s *figure.Snapshot, d *figure.Definition) (figure.Ask, error) {
	q := req.URL.Query()
	ask := figure.Ask{Where: map[string]string{}}
	for k := range q {
		if v := q.Get(k); v != "" && !slices.Contains(ownKeys, k) {
			ask.Where[k] = v
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
	p := figurePage{Years: r.years(), status: http.StatusOK}
	p.from.opens = web.PersonOf(req).May(access.ImportsRead)
	p.from.title = func(kind string) string {
		if r.Returns == nil {
			return ""
		}
		return p.Put(r.Returns(kind))
	}
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
	if len(p.from.values) > 0 {
		p.Rows = worked(p.from)
		for _, in := range p.from.inputs() {
			p.Inputs = append(p.Inputs, inputRow{p.from.title(in.Kind), in.File, in.SHA256})
		}
	}
	query := req.URL.Query()
	query.Set("format", "csv")
	p.Export = "?" + query.Encode()
	return web.Render(w, p.status, r.pages, "figure", p)
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
	if err == nil {
		typed := ask
		typed.By = q.Get("by")
		err = s.Check(ctx, d.ID, typed)
	}
	if err != nil && !cannotTell(err) {
		return nil, err
	}
	p.Definition = d
	if err != nil {
		p.Problem = sentence(err)
	}
	if bad := new(figure.BadAsk); errors.As(err, &bad) {
		p.status = http.StatusBadRequest
	}
	small := d.Protection == figure.Child && !access.SeesSmallCounts(web.PersonOf(req))
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
	switch {
	case p.Problem != "" && q.Get("format") != "":
		return nil, web.BadRequest(p.Problem)
	case p.Problem != "":
		return nil, nil
	}
	if q.Get("format") != "" {
		values, err := exportValues(ctx, s, d, ask, q.Get("by"), q.Get("format") == "json")
		if err == nil && small && slices.ContainsFunc(values, figure.Value.Small) {
			return nil, web.Conflict("This figure is about very few children", "Its number is shown to those who may see "+
				"such figures.")
		}
		return values, err
	}
	if err := fill(ctx, s, p, d, ask, small); err != nil {
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

// fill puts the value, its series and how it was worked out on the page; small leaves out
// what is about very few children.
func fill(ctx context.Context, s *figure.Snapshot, p *figurePage, d *figure.Definition, ask figure.Ask,
	small bool) error {
	ask.Sources = true
	v, err := s.One(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	if small && v.Small() {
		p.Known, p.Value, p.Meaning = true, v.SmallWords(), d.Unit+" "+whenOf(v)
		p.Note = "It is about very few children, so its number and how it was worked out are shown to those who may see " +
			"such figures."
		p.Series, err = series(ctx, s, d, v.Ask, small)
		return err
	}
	p.Known, p.Value, p.Note = v.Known(), text(v), v.Note
	if !v.Known() && p.Note == "" {
		p.Note = "Nothing was entered that it could be a share of."
	}
	p.Meaning, p.Makeup = meaning(v), v.Makeup
	p.from.values = []figure.Value{v}
	p.Series, err = series(ctx, s, d, v.Ask, small)
	return err
}

// whenOf says over which period, or on which day, a value is.
func whenOf(v figure.Value) string {
	switch {
	case v.Ask.At.IsZero():
		return "in " + v.Ask.When()
	case v.Definition.Kind == figure.Cumulative:
		return "up to " + v.Ask.When()
	}
	return "on " + v.Ask.When()
}

// meaning says beside the big number what it is.
func meaning(v figure.Value) string {
	when := whenOf(v)
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

// seriesYears is how many years a figure's page looks back.
const seriesYears = 5

// series computes the same ask for the years before, as far as they are held; small leaves
// out what is about very few children.
func series(ctx context.Context, s *figure.Snapshot, d *figure.Definition, ask figure.Ask,
	small bool) (*ui.LineChart, error) {
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
		case err != nil || !v.Known() || !seen && v.Numerator == 0 || small && v.Small():
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
	ask.By, ask.Sources = by, true
	values, err := s.Compute(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	p.Problem = ""
	if !p.from.cutInto(values) && len(values) > 0 {
		p.Makeup = values[0].Makeup
	}
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
