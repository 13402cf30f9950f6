package annual

import (
	"context"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// A Drafted is how far the report is that is being written.
type Drafted struct {
	Year, Title       string
	Written, Chapters int // chapters that have words, of all
}

// LastDay is the last day by which the law has the report of a year published: the end of the
// September after the year. (Working Together to Safeguard Children 2023, chapter 2.)
func (d Drafted) LastDay() period.Date { return lawDay(d.Year) }

func lawDay(year string) period.Date {
	y, err := period.ParseYear(year)
	if err != nil {
		return period.Date{}
	}
	return period.NewDate(y.End().Year, 9, 30)
}

// Draft gives the newest report when it is not published yet; nil when there is none.
func (r *Room) Draft(ctx context.Context) (*Drafted, error) {
	all, err := reports(ctx, r.Work)
	if err != nil || len(all) == 0 || all[0].State != Draft {
		return nil, db.Wrap(err, "the report that is being written")
	}
	out := &Drafted{Year: all[0].Year, Title: all[0].Title}
	list, err := chapters(ctx, r.Work, out.Year)
	for _, c := range list {
		out.Chapters++
		if strings.TrimSpace(c.Markdown) != "" {
			out.Written++
		}
	}
	return out, db.Wrap(err, "the chapters of %s", out.Year)
}

// Any reports whether a report was begun.
func (r *Room) Any(ctx context.Context) (bool, error) {
	all, err := reports(ctx, r.Work)
	return len(all) > 0, db.Wrap(err, "whether there is a report")
}

// Days are the last days by which reports have to be published that are not.
func (r *Room) Days(ctx context.Context, p web.Person, year string) ([]web.Day, error) {
	if !p.May(access.ReportRead) {
		return nil, nil
	}
	all, err := reports(ctx, r.Work)
	if err != nil {
		return nil, db.Wrap(err, "days of reports in %s", year)
	}
	var out []web.Day
	for _, x := range all {
		if x.Version > 0 || period.YearOf(lawDay(x.Year)).String() != year {
			continue
		}
		out = append(out, web.Day{Row: "Report", Title: "Last day by law for " + x.Year, Href: href(x.Year),
			From: lawDay(x.Year), Law: true})
	}
	return out, nil
}
