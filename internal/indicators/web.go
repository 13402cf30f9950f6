package indicators

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

//go:embed templates templates/_*.html
var templates embed.FS

const root = "/work/performance"

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/performance", Permission: access.FiguresRead, Handle: r.listFigures},
		{Pattern: "GET /work/performance/figures/{id}", Permission: access.FiguresRead, Handle: r.showFigure},
		{Pattern: "GET /work/performance/supplied", Permission: access.FiguresRead, Handle: r.listSupplied},
		{Pattern: "GET /work/performance/supplied/new", Permission: supply, Handle: r.newSupplied},
		{Pattern: "POST /work/performance/supplied/new", Permission: supply, Handle: r.addSupplied},
		{Pattern: "GET /work/performance/supplied/{id}/replace", Permission: supply, Handle: r.confirmReplaceSupplied},
		{Pattern: "POST /work/performance/supplied/{id}/replace", Permission: supply, Handle: r.replaceSupplied,
			Adds: true},
		{Pattern: "GET /work/performance/supplied/{id}/classify", Permission: supply, Handle: r.confirmClassifySupplied},
		{Pattern: "POST /work/performance/supplied/{id}/classify", Permission: supply, Handle: r.classifySupplied},
	}
}

// supply is the permission to supply figures that no record can prove.
const supply = access.FiguresAttest

// base is the frame of a page of the room, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"Performance", root}, way...)...)
}

// rooms name the parts of the catalogue, by the first word of a figure's id, in
// the order of the yearly report.
var rooms = []struct{ prefix, title string }{
	{"contacts", "{Front door}"}, {"earlyhelp", "Early help"}, {"cin", "Children in need"}, {"cpp", "Child protection"},
	{"cla", "{Looked-after children}"}, {"training", "Training"}, {"conference", "The annual event"},
	{"reviews", "Case reviews"}, {"audits", "Audits"}, {"plan", "Priorities and actions"},
	{"partnership", "The partnership"}, {"visits", "Websites"}, {"attested", "Supplied by partners"},
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
	Subjects  []ui.Choice
	Groups    []group
	Found     int
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
func (r *Room) latest(ctx context.Context, q db.Reader) (period.Year, error) {
	s, err := register.LatestYear(ctx, q)
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

func (r *Room) listFigures(w http.ResponseWriter, req *http.Request) error {
	ctx, v, person := req.Context(), req.URL.Query(), web.PersonOf(req)
	var year period.Year
	var rows []catalogueRow
	err := r.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		if year, err = period.ParseYear(v.Get("year")); err != nil {
			if year, err = r.latest(ctx, s.Work); err != nil {
				return err
			}
		}
		rows, err = catalogueRows(ctx, s, year, v.Get("q"), v.Get("room"), !access.SeesSmallCounts(person))
		return err
	})
	if err != nil {
		return err
	}
	p := cataloguePage{Base: web.Tabs(web.Base(req, "Performance"), person, r.Tabs), Year: year.String(), Years: r.years(),
		MayImport: person.May(access.ImportsManage),
		Form:      web.NewForm("q", v.Get("q"), "year", year.String(), "room", v.Get("room"))}
	for _, x := range rooms {
		p.Subjects = append(p.Subjects, ui.Choice{Value: x.title, Text: p.Put(x.title)})
	}
	byRoom := map[string][]catalogueRow{}
	var csvRows [][]string
	for _, row := range rows {
		byRoom[roomOf(row.ID)] = append(byRoom[roomOf(row.ID)], row)
		csvRows = append(csvRows, []string{row.ID, row.Title, year.String(), row.Value, row.Words, row.Unit})
	}
	p.Found = len(rows)
	if v.Get("format") == "csv" {
		return web.CSV(w, "figures-"+year.String()+".csv", []string{"id", "figure", "year", "value", "of", "unit"}, csvRows)
	}
	for _, x := range append(rooms, struct{ prefix, title string }{"", "Other"}) {
		if rows := byRoom[x.title]; len(rows) > 0 {
			p.Groups = append(p.Groups, group{p.Put(x.title), rows})
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

// catalogueRows computes the lines of the catalogue that match a search, and stand
// in a part of it; "" is every part. small leaves out what is about very few children.
func catalogueRows(ctx context.Context, s *figure.Snapshot, year period.Year, search, room string,
	small bool) ([]catalogueRow, error) {
	all, err := s.All(ctx)
	if err != nil {
		return nil, err
	}
	var out []catalogueRow
	for _, d := range all {
		if !matches(d, search) || room != "" && room != roomOf(d.ID) {
			continue
		}
		row, err := computeRow(ctx, s, d, year, small)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// computeRow computes one line of the catalogue: the year's value and the year
// before's.
func computeRow(ctx context.Context, s *figure.Snapshot, d *figure.Definition, year period.Year,
	small bool) (catalogueRow, error) {
	row := catalogueRow{ID: d.ID, Title: d.Title, Unit: d.Unit, Protection: string(d.Protection)}
	v, err := s.One(ctx, d.ID, figure.Ask{Period: year.Span()})
	switch {
	case cannotTell(err):
		row.Value, row.Words = "–", "not held for "+year.String()
		var bad *figure.BadAsk
		if errors.As(err, &bad) {
			row.Words = "open it to see its parts"
		}
		return row, nil
	case err != nil:
		return row, err
	}
	row.Value, row.Words = text(v), of(v)
	if small && v.Small() {
		row.Value, row.Words = v.SmallWords(), ""
	}
	before, err := s.One(ctx, d.ID, figure.Ask{Period: (year - 1).Span()})
	if err == nil && before.Known() && before.Numerator != 0 {
		row.Before = text(before)
		if small && before.Small() {
			row.Before = before.SmallWords()
		}
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
