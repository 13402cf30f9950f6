package indicators

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates
var templates embed.FS

// Routes mounts the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/performance", Permission: "figures:read", Handle: r.catalogue},
		{Pattern: "GET /work/performance/figures/{id}", Permission: "figures:read", Handle: r.showFigure},
		{Pattern: "GET /work/performance/attested", Permission: "figures:read", Handle: r.listAttested},
		{Pattern: "GET /work/performance/attested/new", Permission: "figures:attest", Handle: r.showAttest},
		{Pattern: "POST /work/performance/attested/new", Permission: "figures:attest", Handle: r.attest},
		{Pattern: "GET /work/performance/attested/{id}/replace", Permission: "figures:attest", Handle: r.showReplace},
		{Pattern: "POST /work/performance/attested/{id}/replace", Permission: "figures:attest", Handle: r.replace},
	}
}

// restricted is the permission to see counts of children cut small.
const restricted = "figures:restricted"

// rooms name the parts of the catalogue, by the first word of a figure's id, in
// the order of the yearly report.
var rooms = []struct{ prefix, title string }{
	{"contacts", "Front door"}, {"earlyhelp", "Early help"}, {"cin", "Children in need"}, {"cpp", "Child protection"},
	{"cla", "Looked-after children"}, {"training", "Training"}, {"conference", "The yearly conference"},
	{"reviews", "Reviews"}, {"audits", "Audits"}, {"plan", "Priorities and actions"},
	{"partnership", "The partnership"}, {"visits", "Websites"}, {"attested", "Attested by partners"},
}

func roomOf(id string) string {
	prefix, _, _ := strings.Cut(id, ".")
	for _, x := range rooms {
		if x.prefix == prefix {
			return x.title
		}
	}
	return "Other"
}

type cataloguePage struct {
	ui.Base
	Form      *web.Form
	Year      string
	Years     []ui.Choice
	Rooms     []ui.Choice
	Groups    []group
	Found     int
	MayAttest bool
	MayImport bool
}

type group struct {
	Title string
	Rows  []catalogueRow
}

type catalogueRow struct {
	ID, Title, Unit, Value, Words, Before, Protection string
}

// latest gives the year to look at unless the person says another: the newest
// that was imported, or the last that has ended.
func (r *Room) latest(ctx context.Context) (period.Year, error) {
	s, err := intake.LatestYear(ctx, r.Work)
	if err != nil {
		return 0, err
	}
	if y, err := period.ParseYear(s); err == nil {
		return y, nil
	}
	return period.YearOf(r.Now.Today()) - 1, nil
}

// years are the choices of year, newest first.
func (r *Room) years() []ui.Choice {
	this := period.YearOf(r.Now.Today())
	var out []ui.Choice
	for y := this; y > this-8; y-- {
		out = append(out, ui.Choice{Value: y.String(), Text: y.String()})
	}
	return out
}

func (r *Room) catalogue(w http.ResponseWriter, req *http.Request) error {
	ctx, v := req.Context(), req.URL.Query()
	year, err := r.latest(ctx)
	if err != nil {
		return err
	}
	if y, err := period.ParseYear(v.Get("year")); err == nil {
		year = y
	}
	p := cataloguePage{Base: web.Base(req, "Performance"), Year: year.String(), Years: r.years(),
		MayAttest: web.PersonOf(req).May("figures:attest"), MayImport: web.PersonOf(req).May("imports:manage"),
		Form: web.NewForm("q", v.Get("q"), "year", year.String(), "room", v.Get("room"))}
	for _, x := range rooms {
		p.Rooms = append(p.Rooms, ui.Choice{Value: x.title, Text: x.title})
	}
	byRoom := map[string][]catalogueRow{}
	var csvRows [][]string
	for _, d := range r.Figures.All() {
		room := roomOf(d.ID)
		if !matches(d, v.Get("q")) || v.Get("room") != "" && v.Get("room") != room {
			continue
		}
		row, err := r.row(ctx, d, year)
		if err != nil {
			return err
		}
		byRoom[room] = append(byRoom[room], row)
		csvRows = append(csvRows, []string{d.ID, d.Title, year.String(), row.Value, row.Words, d.Unit})
		p.Found++
	}
	if v.Get("format") == "csv" {
		return web.CSV(w, "figures-"+year.String()+".csv", []string{"id", "figure", "year", "value", "of", "unit"}, csvRows)
	}
	for _, x := range append(rooms, struct{ prefix, title string }{"", "Other"}) {
		if rows := byRoom[x.title]; len(rows) > 0 {
			p.Groups = append(p.Groups, group{x.title, rows})
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "catalogue", p)
}

func matches(d *figure.Definition, search string) bool {
	text := strings.ToLower(d.ID + " " + d.Title + " " + d.Counts)
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// row computes one line of the catalogue: the year's value and the year before's.
func (r *Room) row(ctx context.Context, d *figure.Definition, year period.Year) (catalogueRow, error) {
	row := catalogueRow{ID: d.ID, Title: d.Title, Unit: d.Unit, Protection: string(d.Protection)}
	v, err := r.Figures.One(ctx, d.ID, figure.Ask{Period: year.Span()})
	switch {
	case cannotTell(err):
		row.Value, row.Words = "–", "not held for "+year.String()
		var bad *figure.BadAsk
		if errors.As(err, &bad) {
			row.Words = "open it to choose a cut"
		}
		return row, nil
	case err != nil:
		return row, err
	}
	row.Value, row.Words = text(v), of(v)
	before, err := r.Figures.One(ctx, d.ID, figure.Ask{Period: (year - 1).Span()})
	if err == nil && before.Known() && before.Numerator != 0 {
		row.Before = text(before)
	} else if err != nil && !cannotTell(err) {
		return row, err
	}
	return row, nil
}

// cannotTell reports whether err says that there is no such value, rather than
// that something broke.
func cannotTell(err error) bool {
	var bad *figure.BadAsk
	var held *figure.NotHeld
	return errors.As(err, &bad) || errors.As(err, &held)
}

// text writes a value: 956, 33.3%, or – when it is not known.
func text(v figure.Value) string {
	switch {
	case !v.Known():
		return "–"
	case v.Denominator != nil:
		return strconv.FormatFloat(v.Number(), 'f', 1, 64) + "%"
	}
	return lang.Number(int(v.Numerator))
}

// of writes what a percentage is of, or a list's members.
func of(v figure.Value) string {
	if v.Denominator != nil {
		return fmt.Sprintf("%s of %s", lang.Number(int(v.Numerator)), lang.Number(int(*v.Denominator)))
	}
	return strings.Join(v.Items, "; ")
}

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
	Series     *ui.LineChart
	By         *byTable
	MayReplace []Attested
	Export     string
}

// A byTable is the value cut by one dimension.
type byTable struct {
	Title string
	Chart ui.BarChart
	Rows  []byRow
	Ratio bool
}

type byRow struct {
	Label, Value, Share string
}

// ask reads the question a figure page's address asks.
func (r *Room) ask(req *http.Request, d *figure.Definition) (figure.Ask, error) {
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
	year, err := r.latest(req.Context())
	ask.Period = year.Span()
	return ask, err
}

func (r *Room) showFigure(w http.ResponseWriter, req *http.Request) error {
	ctx, q := req.Context(), req.URL.Query()
	d, err := r.Figures.Get(req.PathValue("id"))
	if errors.Is(err, figure.ErrUnknown) {
		return web.ErrNotFound
	} else if err != nil {
		return err
	}
	ask, err := r.ask(req, d)
	if err != nil && !cannotTell(err) {
		return err
	}
	p := figurePage{Definition: d, Years: r.years()}
	if err != nil {
		p.Problem = sentence(err)
	}
	small := d.Protection == figure.Child && !web.PersonOf(req).May(restricted)
	if small && (q.Get("by") != "" || len(ask.Where) > 0) {
		return web.ErrNotFound
	}
	p.Base = web.Crumbs(web.Base(req, d.Title), "Performance", "/work/performance", d.Title, "")
	p.Form = web.NewForm("period", ask.Period.String(), "by", q.Get("by"))
	for k, v := range ask.Where {
		p.Form.Set(k, v)
	}
	if !small {
		for _, dim := range d.Dimensions {
			p.Cuts = append(p.Cuts, ui.Choice{Value: dim.ID, Text: dim.Title})
		}
	}
	if q.Get("format") != "" && p.Problem == "" {
		return r.export(w, req, d, ask)
	}
	if p.Problem == "" {
		if err := r.fill(ctx, &p, d, ask); err != nil {
			return err
		}
		// A share of what? A figure that needs a cut to have a value shows them all.
		by := q.Get("by")
		if by == "" && p.Problem != "" && len(p.Cuts) > 0 {
			by = p.Cuts[0].Value
		}
		if by != "" {
			p.Form.Set("by", by)
			if err := r.cut(ctx, &p, d, ask, by); err != nil {
				return err
			}
		}
	}
	query := req.URL.Query()
	query.Set("format", "csv")
	p.Export = "?" + query.Encode()
	return web.Render(w, http.StatusOK, r.pages, "figure", p)
}

// fill puts the value, its series and how it was worked out on the page.
func (r *Room) fill(ctx context.Context, p *figurePage, d *figure.Definition, ask figure.Ask) error {
	v, err := r.Figures.One(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	p.Known, p.Value, p.Note = v.Known(), text(v), v.Note
	p.Meaning = meaning(v)
	p.Rows = worked(v)
	p.Series, err = r.series(ctx, d, v.Ask)
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

// worked lists how a value was worked out.
func worked(v figure.Value) []ui.Row {
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
	for i, in := range v.Inputs {
		key := ""
		if i == 0 {
			key = "Came in by"
		}
		rows = append(rows, ui.Row{Key: key, Value: fmt.Sprintf("%s, SHA-256 %s", in.File, in.SHA256), Href: "/work/imports/" + url.PathEscape(in.Import), Act: "Open the import", About: in.File})
	}
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

func since(d *figure.Definition) string {
	if d.Since == "" {
		return ""
	}
	return ", used since " + d.Since
}

// seriesYears is how many years a figure's page looks back.
const seriesYears = 5

// series computes the same ask for the years before, as far as they are held.
func (r *Room) series(ctx context.Context, d *figure.Definition, ask figure.Ask) (*ui.LineChart, error) {
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
		v, err := r.Figures.One(ctx, d.ID, a)
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
	return &ui.LineChart{ID: "series", Title: d.Title + ", year by year", Labels: labels, Series: []ui.Series{{Name: d.Title, Values: values}}}, nil
}

// cut puts the value, divided by one dimension, on the page.
func (r *Room) cut(ctx context.Context, p *figurePage, d *figure.Definition, ask figure.Ask, by string) error {
	dim, ok := d.Dimension(by)
	if !ok {
		return nil
	}
	ask.By = by
	values, err := r.Figures.Compute(ctx, d.ID, ask)
	if cannotTell(err) {
		p.Problem = sentence(err)
		return nil
	} else if err != nil {
		return err
	}
	p.Problem = ""
	t := byTable{Title: "By " + strings.ToLower(dim.Title), Ratio: d.IsRatio()}
	var total int64
	for _, v := range values {
		total += v.Numerator
	}
	t.Chart = ui.BarChart{ID: "by", Title: d.Title + ", by " + strings.ToLower(dim.Title), Horizontal: true, Series: []ui.Series{{Name: d.Unit}}}
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

// export answers with the values as CSV or as the JSON of kith figure.
func (r *Room) export(w http.ResponseWriter, req *http.Request, d *figure.Definition, ask figure.Ask) error {
	ask.By = req.URL.Query().Get("by")
	values, err := r.Figures.Compute(req.Context(), d.ID, ask)
	if cannotTell(err) {
		return web.BadRequest(sentence(err))
	} else if err != nil {
		return err
	}
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
