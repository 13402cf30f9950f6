package sites

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/register"
)

// Figures lists the figures this room offers.
func (r *Room) Figures() []figure.Definition {
	return []figure.Definition{{
		ID:    "visits.total",
		Title: "Visits to the websites",
		Counts: "Times that a person opened a page of the partnership's websites from outside: by typing the address, " +
			"from a bookmark or a message, or by a link on another website. " +
			"Going on to more pages of the same site is the same visit.",
		Unit: "visits", Kind: figure.Flow, Protection: figure.Open,
		Source: "Counted by the websites themselves, without cookies; for earlier months, totals imported from the " +
			"counter used then.",
		Edition: "Kith, visits 1",
		Watch: "A visit is not a person: somebody who comes on three days, or opens the address three times, makes three " +
			"visits. Search engines and other programs that say what they are, " +
			"and pages a browser fetches in advance, are left out. A month that was imported is taken as imported, in place " +
			"of any days counted in it; its counter may have meant something else by a visit.",
		Version: 1, Since: "2023-24",
		Dimensions: []figure.Dimension{
			{ID: "site", Title: "Website", Label: SiteName, Public: true, Values: visitedSites},
			{ID: "month", Title: "Month", Label: monthWords, Public: true, Values: figure.Months},
		},
		Compute: visitsTotal,
	}}
}

// SiteName gives the words for a site.
func SiteName(site string) string {
	if site == MainSite {
		return "Partnership website"
	}
	return lang.Sentence(strings.ReplaceAll(site, "-", " "))
}

func monthWords(month string) string {
	d, err := period.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	return d.Format("January 2006")
}

// A MonthOfVisits is what one site had in one month.
type MonthOfVisits struct {
	Month    db.Date // its first day
	Site     string
	Visits   int64
	Imported bool
	rows     int64    // of totals imported or days counted
	imports  []string // that it came from
}

// visitRecords are the visits of a period by month and site, and where they come
// from.
type visitRecords struct {
	months []MonthOfVisits // by month, then site
	held   map[db.Date]bool
}

// records reads the visits of a period. The rule where both exist is here: an
// imported month replaces the days counted in it, site by site.
func records(ctx context.Context, s *figure.Snapshot, span period.Span) (visitRecords, error) {
	rec := visitRecords{held: map[db.Date]bool{}}
	imported, err := importedTotals(ctx, s.Work, span.From.StartOfMonth(), span.To)
	if err != nil {
		return rec, fmt.Errorf("read imported visits: %w", err)
	}
	counted, err := countedVisits(ctx, s.Public, span.From, span.To)
	if err != nil {
		return rec, fmt.Errorf("read counted visits: %w", err)
	}
	type key struct {
		month db.Date
		site  string
	}
	sums := map[key]*MonthOfVisits{}
	at := func(month db.Date, site string) *MonthOfVisits {
		k := key{month, site}
		if sums[k] == nil {
			sums[k] = &MonthOfVisits{Month: month, Site: site}
		}
		rec.held[month] = true
		return sums[k]
	}
	for _, t := range imported {
		if part := (period.Span{From: t.Month, To: t.Month.EndOfMonth()}); part.From.Before(span.From) ||
			part.To.After(span.To) {
			return rec, &figure.NotHeld{Words: fmt.Sprintf("the visits of %s were imported as one total; ask for whole months",
				t.Month.Format("January 2006"))}
		}
		m := at(t.Month, t.Site)
		m.Visits, m.Imported = m.Visits+t.Visits, true
		m.rows++
		if !slices.Contains(m.imports, t.ImportID) {
			m.imports = append(m.imports, t.ImportID)
		}
	}
	for _, c := range counted {
		if m := at(c.Day.StartOfMonth(), c.Site); !m.Imported {
			m.Visits += c.Visits
			m.rows++
		}
	}
	for _, m := range sums {
		rec.months = append(rec.months, *m)
	}
	slices.SortFunc(rec.months, func(a, b MonthOfVisits) int {
		return cmp.Or(a.Month.Compare(b.Month),
			cmp.Compare(a.Site, b.Site))
	})
	return rec, holdQuietMonths(ctx, s, span, rec.held)
}

// holdQuietMonths adds the months in which counting ran and nobody came.
func holdQuietMonths(ctx context.Context, s *figure.Snapshot, span period.Span, held map[db.Date]bool) error {
	first, err := firstCounted(ctx, s.Public)
	if err != nil {
		return fmt.Errorf("find the first visit: %w", err)
	}
	for _, m := range span.Months() {
		if !first.IsZero() && !m.From.Before(first.StartOfMonth()) && !m.From.After(s.Today()) {
			held[m.From] = true
		}
	}
	return nil
}

func visitsTotal(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	rec, err := records(ctx, s, ask.Period)
	if err != nil {
		return nil, err
	}
	months, err := askedMonths(ask, rec.held)
	if err != nil {
		return nil, err
	}
	value := func(keep func(MonthOfVisits) bool) figure.Value {
		var v figure.Value
		var imports []string
		for _, m := range rec.months {
			if slices.Contains(months, m.Month) && (ask.Where["site"] == "" || ask.Where["site"] == m.Site) && keep(m) {
				v.Numerator, v.Rows = v.Numerator+m.Visits, v.Rows+m.rows
				imports = append(imports, m.imports...)
			}
		}
		if ask.Sources && err == nil {
			slices.Sort(imports)
			v.Inputs, err = register.Inputs(ctx, s.Work, slices.Compact(imports))
		}
		if ask.By != "month" && ask.Where["month"] == "" {
			v.Note = missingMonths(ask.Period, rec.held, s.Today())
		}
		return v
	}
	var out []figure.Value
	switch ask.By {
	case "month":
		for _, month := range months {
			out = append(out, value(func(m MonthOfVisits) bool { return m.Month == month }).At("month", month.Format("2006-01")))
		}
	case "site":
		for _, site := range rec.sites() {
			if ask.Where["site"] == "" || ask.Where["site"] == site {
				out = append(out, value(func(m MonthOfVisits) bool { return m.Site == site }).At("site", site))
			}
		}
	default:
		out = []figure.Value{value(func(MonthOfVisits) bool { return true })}
	}
	if err != nil {
		return nil, fmt.Errorf("find the imports of visits: %w", err)
	}
	return out, nil
}

// visitedSites lists the sites that had visits in the period of an ask.
func visitedSites(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]string, error) {
	rec, err := records(ctx, s, ask.Period)
	return rec.sites(), err
}

// sites lists the sites with visits, the partnership's own first.
func (rec visitRecords) sites() []string {
	var out []string
	for _, m := range rec.months {
		if !slices.Contains(out, m.Site) {
			out = append(out, m.Site)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(boolFirst(a == MainSite, b == MainSite), strings.Compare(a, b))
	})
	return out
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// askedMonths lists the months of an ask that there are records of.
func askedMonths(ask figure.Ask, held map[db.Date]bool) ([]db.Date, error) {
	var out []db.Date
	for _, m := range ask.Period.Months() {
		if held[m.From] && (ask.Where["month"] == "" || ask.Where["month"] == m.From.Format("2006-01")) {
			out = append(out, m.From)
		}
	}
	if len(out) == 0 {
		return nil, &figure.NotHeld{Words: fmt.Sprintf(
			"there are no visits on record for %s; import the past totals first", ask.Period.Words())}
	}
	return out, nil
}

// missingMonths says which months of a period, up to today, nobody counted.
func missingMonths(span period.Span, held map[db.Date]bool, today db.Date) string {
	var out []string
	for _, m := range span.Months() {
		if !held[m.From] && !m.From.After(today) {
			out = append(out, m.From.Format("January 2006"))
		}
	}
	switch n := len(span.Months()); {
	case len(out) == 0:
		return ""
	case len(out) > 6:
		return fmt.Sprintf("There are no records for %d of the %d months.", len(out), n)
	}
	return "There are no records for " + lang.Join(out) + "."
}
