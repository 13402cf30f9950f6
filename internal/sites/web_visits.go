package sites

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type framePage struct {
	ui.FormPage
	Published   []ui.Row
	Now         []ui.Row
	Same        bool
	PublishedAt db.Time
	MayPublish  bool
	Public      publish.State
	Unreadable  bool // the public store does not say what it shows
	Standing    openness
	MayShut     bool
}

// showFrame sets what the public sites say of the partnership beside what the
// partnership says now.
func (r *Room) showFrame(w http.ResponseWriter, req *http.Request) error {
	by := web.PersonOf(req)
	p := framePage{MayPublish: by.May(access.SitesPublish), MayShut: by.May(access.SettingsManage)}
	p.Base = web.Tabs(crumbs(req, "Name, contacts and structure"), by, tabs)
	was := ""
	var err error
	if p.Standing, err = r.openness(req.Context()); err != nil {
		return err
	}
	f, err := r.face(req.Context())
	if err != nil {
		p.Unreadable = true
	} else {
		p.Published = profileRows(f.profile)
		if was, err = f.profile.text(); err != nil {
			return err
		}
	}
	if p.Public, err = r.Outbox.State(req.Context(), kindFrame, frameKey); err != nil {
		return err
	}
	if !p.Unreadable {
		if p.PublishedAt, err = settingChanged(req.Context(), r.Public, "profile"); err != nil &&
			!errors.Is(err, db.ErrNotFound) {
			return err
		}
	}
	if r.Partnership != nil {
		now, err := r.profile(req.Context())
		if err != nil {
			return err
		}
		text, err := now.text()
		if err != nil {
			return err
		}
		p.Now, p.Form = profileRows(now), fillFrame(text)
		p.Same = !p.Unreadable && text == was
	}
	return web.Render(w, http.StatusOK, r.pages, "frame", p)
}

func profileRows(p Profile) []ui.Row {
	rows := []ui.Row{{Key: "Name", Value: orNone(p.Name)}, {Key: "Area", Value: orNone(p.Area)},
		{Key: "E-mail", Value: orNone(p.Email)}, {Key: "Address for post", Value: orNone(oneLine(p.Post))},
		{Key: "Address of the site", Value: orNone(p.Site)}}
	for _, c := range p.Contacts {
		rows = append(rows, ui.Row{Key: c.Name, Value: together(c.Phone, c.When, c.Who)})
	}
	rows = append(rows, ui.Row{Key: "Contacts checked", Value: orNone(p.CheckedOn.Words())},
		ui.Row{Key: "Statutory partners", Value: orNone(lang.Join(p.Statutory))})
	for _, b := range p.Bodies {
		rows = append(rows, ui.Row{Key: b.Name,
			Value: together(b.Does, b.Chair, lang.Plural(len(b.Members), "organisation", "organisations"))})
	}
	rows = append(rows, ui.Row{Key: "Relevant agencies", Value: lang.Number(len(p.Agencies))})
	return append(rows, factRows(p.Facts)...)
}

// together writes what there is of some words in one line.
func together(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " · ")
}

func (r *Room) publishFrame(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = r.PublishFrame(req.Context(), web.PersonOf(req), f.Seen())
	var changed *web.Changed
	switch {
	case errors.As(err, &changed):
		return web.Conflict("What the partnership says was changed meanwhile",
			"Go back and look at what it says now, then publish that.")
	case errors.Is(err, ErrNoProfile):
		return web.Conflict("There is nothing to publish yet",
			"Give the partnership its name and contacts in Settings first.")
	case errors.Is(err, publish.ErrWaiting): // the page says so, in red
		return web.SeeOther(w, req, "/work/sites/frame", "")
	case err != nil:
		return err
	}
	return web.SeeOther(w, req, "/work/sites/frame", "The public pages now show this")
}

type visitsPage struct {
	ui.Base
	List   ui.List
	Years  []ui.Choice
	Sites  []ui.Choice
	Total  int64
	Before string // the year before, in words; "" when it is not on record
	Year   string
	Note   string
	Chart  ui.Chart
	Months []visitMonth
}

type visitMonth struct {
	Month    string
	Visits   int64
	Imported bool
}

// showVisits shows a year's visits by month, as visits.total counts them.
func (r *Room) showVisits(w http.ResponseWriter, req *http.Request) error {
	ctx, list := req.Context(), ui.ReadList("/work/sites/visits", req.URL.Query())
	this := period.YearOf(r.Now.Today())
	year, err := period.ParseYear(list.Value("year"))
	if err != nil {
		year = this
	}
	p := visitsPage{Base: web.Tabs(crumbs(req, "Visits"), web.PersonOf(req), tabs), List: list, Year: year.String()}
	for y := this; y > this-8; y-- {
		p.Years = append(p.Years, ui.Choice{Value: y.String(), Text: y.String()})
	}
	var rec visitRecords
	err = figure.Stores{Work: r.Work, Public: r.Public, Now: r.Now}.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		if rec, err = records(ctx, s, year.Span()); err != nil {
			return err
		}
		p.Before, err = yearBefore(ctx, s, year, list.Value("site"))
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range rec.sites() {
		p.Sites = append(p.Sites, ui.Choice{Value: s, Text: SiteName(s)})
	}
	p.Months, p.Total = rec.byMonth(year.Span(), list.Value("site"))
	p.Note = missingMonths(year.Span(), rec.held, r.Now.Today())
	if list.Value("format") == "csv" {
		return visitsCSV(w, rec)
	}
	p.Chart = visitsChart(year, p.Months, r.Now.Today())
	return web.Render(w, http.StatusOK, r.pages, "visits", p)
}

// byMonth sums the months on record, of one site or of all.
func (rec visitRecords) byMonth(span period.Span, site string) ([]visitMonth, int64) {
	var out []visitMonth
	var total int64
	for _, month := range span.Months() {
		if !rec.held[month.From] {
			continue
		}
		v := visitMonth{Month: month.From.Format("January 2006")}
		for _, m := range rec.months {
			if m.Month == month.From && (site == "" || m.Site == site) {
				v.Visits += m.Visits
				v.Imported = v.Imported || m.Imported
			}
		}
		total += v.Visits
		out = append(out, v)
	}
	return out, total
}

// yearBefore says what the year before came to, where it is on record.
func yearBefore(ctx context.Context, s *figure.Snapshot, year period.Year, site string) (string, error) {
	ask := figure.Ask{Period: (year - 1).Span(), Where: map[string]string{}}
	if site != "" {
		ask.Where["site"] = site
	}
	values, err := visitsTotal(ctx, s, ask)
	var none *figure.NotHeld
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return lang.Number(int(values[0].Numerator)) + " in " + (year - 1).String(), nil
}

// visitsChart draws the months of a year up to today; one that nobody counted is
// a gap.
func visitsChart(year period.Year, months []visitMonth, today db.Date) ui.Chart {
	if len(months) < 2 {
		return nil // a line needs two points; the table says it all
	}
	c := ui.LineChart{ID: "visits", Title: "Visits by month, " + year.String(), First: "Month", Missing: "not counted"}
	var values []float64
	for _, span := range year.Span().Months() {
		if span.From.After(today) {
			break
		}
		name, value := span.From.Format("January 2006"), ui.Gap()
		if i := slices.IndexFunc(months, func(m visitMonth) bool { return m.Month == name }); i >= 0 {
			value = float64(months[i].Visits)
		}
		c.Labels, values = append(c.Labels, span.From.Format("Jan")), append(values, value)
	}
	c.Series = []ui.Series{{Name: "Visits", Values: values}}
	return c
}

func visitsCSV(w http.ResponseWriter, rec visitRecords) error {
	var rows [][]string
	for _, m := range rec.months {
		how := "counted"
		if m.Imported {
			how = "imported"
		}
		rows = append(rows, []string{m.Month.Format("2006-01"), m.Site, SiteName(m.Site), strconv.FormatInt(m.Visits, 10),
			how})
	}
	return web.CSV(w, "visits.csv", []string{"Month", "Site", "Name", "Visits", "How"}, rows)
}
