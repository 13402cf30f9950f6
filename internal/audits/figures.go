package audits

import (
	"context"
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
	returnDims := []figure.Dimension{
		{ID: "standard", Title: "Standard", Label: func(v string) string { return Standard(v).Words() }, Public: true,
			Values: figure.Fixed(standards...)},
		{ID: "sector", Title: "Sector", Label: r.Register.SectorTitle, Public: true,
			Values: figure.Recorded(register.SectorIDs)},
	}
	const source = "The partnership's register of Section 11 and 175 self-assessments"
	const leftOut = "A self-assessment for which no answer has been entered at all is left out, and said so."
	return []figure.Definition{
		{
			ID: "audits.multi_agency", Title: "Multi-agency audits",
			Counts: "Multi-agency audits that were completed in the period. In each, several agencies looked together at how " +
				"children were helped, on one theme.",
			Unit: "audits", Kind: figure.Flow, Protection: figure.Open, Source: "The partnership's register of audits",
			Version: 1,
			Watch: "Counts audits and not the cases looked at in them, and by the day of completion, though the " +
				"learning may have been shared later.",
			Dimensions: []figure.Dimension{{ID: "theme", Title: "Theme", Public: true, Values: figure.Recorded(themes),
				Names: true}},
			Compute: multiAgency,
		},
		{
			ID: "audits.returns", Title: "Section 11 and 175 self-assessments sent in",
			Counts: "Self-assessments that organisations, and schools and colleges, sent in for the year.",
			Unit:   "returns", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 2,
			Watch: "Belongs to the financial year of the self-assessment, whenever the answer came. An organisation " +
				"that is asked about several topics answers several times, and each counts. " + leftOut,
			Dimensions: returnDims, Compute: returns(false),
		},
		{
			ID: "audits.returns_percent", Title: "Share of Section 11 and 175 self-assessments that were sent in",
			Counts: "Of the self-assessments that organisations, and schools and colleges, were asked for in the year, " +
				"the share that was sent in.",
			Numerator:   "Self-assessments of the year that were sent in",
			Denominator: "Self-assessments of the year that were asked for",
			Unit:        "%", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 2,
			Watch: "Belongs to the financial year of the self-assessment, whenever the answer came. It says who " +
				"answered and not how well they do. " + leftOut,
			Dimensions: returnDims, Compute: returns(true),
		},
	}
}

// multiAgency counts the audits completed in the period.
func multiAgency(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	all, err := completedIn(ctx, s.Work, ask.Period)
	if err != nil {
		return nil, err
	}
	if w := ask.Where["theme"]; w != "" {
		all = slices.DeleteFunc(all, func(a Audit) bool { return db.Fold(a.Theme) != db.Fold(w) })
	}
	if ask.By == "" {
		return []figure.Value{count(all)}, nil
	}
	byTheme := map[string][]Audit{}
	for _, a := range all {
		byTheme[db.Fold(a.Theme)] = append(byTheme[db.Fold(a.Theme)], a)
	}
	var out []figure.Value
	for _, some := range byTheme {
		out = append(out, count(some).At("theme", some[0].Theme))
	}
	slices.SortFunc(out, func(a, b figure.Value) int {
		return strings.Compare(db.Fold(a.Dims["theme"]), db.Fold(b.Dims["theme"]))
	})
	return out, nil
}

func count(of []Audit) figure.Value {
	v := figure.Of(int64(len(of)))
	v.Rows = v.Numerator
	for _, a := range of {
		v.Items = append(v.Items, a.Title)
	}
	return v
}

// returns counts the returns of the period's rounds, or their share of those
// asked for.
func returns(share bool) func(context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error) {
	return func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
		first, last, ok := wholeYears(ask.Period)
		if !ok {
			return nil, &figure.NotHeld{Words: "self-assessments belong to a financial year: ask for one, such as 2023-24"}
		}
		all, err := returnCounts(ctx, s.Work, first.String(), last.String())
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(c returnCount) bool {
			return !c.at("standard", ask.Where["standard"]) || !c.at("sector", ask.Where["sector"])
		})
		all, without := known(all)
		if len(all) == 0 {
			return nil, nothingEntered(ask, without)
		}
		note := ""
		if len(without) > 0 {
			note = "Without " + lang.Join(without) + ", for which no answer has been entered."
		}
		if ask.By == "" {
			v := total(all, share)
			v.Note = note
			return []figure.Value{v}, nil
		}
		values, err := dimensionValues(ctx, s.Work, ask.By, all)
		if err != nil {
			return nil, err
		}
		var out []figure.Value
		for _, x := range values {
			some := slices.DeleteFunc(slices.Clone(all), func(c returnCount) bool { return !c.at(ask.By, x) })
			if len(some) > 0 {
				v := total(some, share).At(ask.By, x)
				v.Note = note
				out = append(out, v)
			}
		}
		return out, nil
	}
}

// known leaves out the rounds for which nothing has been entered, and names them: that
// nobody answered is not known of them, and 0 % would say that it is.
func known(all []returnCount) (of []returnCount, without []string) {
	for _, c := range all {
		name := c.Standard.Words() + ", " + c.Round
		switch {
		case c.Known:
			of = append(of, c)
		case !slices.Contains(without, name):
			without = append(without, name)
		}
	}
	return of, without
}

// nothingEntered says that there is nothing to count.
func nothingEntered(ask figure.Ask, without []string) error {
	if len(without) == 0 {
		return &figure.NotHeld{Words: "nothing was entered: no self-assessment was asked for in " + ask.When()}
	}
	return &figure.NotHeld{Words: "nothing was entered: no answer has been entered for " + lang.Join(without)}
}

// total adds counts up.
func total(all []returnCount, share bool) figure.Value {
	var asked, submitted int64
	for _, c := range all {
		asked, submitted = asked+c.Asked, submitted+c.Submitted
	}
	v := figure.Of(submitted)
	if share {
		v = figure.Ratio(submitted, asked)
	}
	v.Rows = asked
	return v
}

// at reports whether the count stands at a value of a dimension; "" is all of
// them.
func (c returnCount) at(dim, value string) bool {
	if dim == "standard" {
		return value == "" || string(c.Standard) == value
	}
	return value == "" || c.Sector == value
}

// dimensionValues lists the values of a dimension in the order to show them. A
// sector that counts name and the register does not know stands last.
func dimensionValues(ctx context.Context, q db.Reader, dim string, all []returnCount) ([]string, error) {
	var out []string
	if dim == "standard" {
		for _, s := range standards {
			out = append(out, string(s))
		}
		return out, nil
	}
	sectors, err := register.ReadSectors(ctx, q)
	if err != nil {
		return nil, err
	}
	out = sectors.IDs()
	for _, c := range all {
		if !slices.Contains(out, c.Sector) {
			out = append(out, c.Sector)
		}
	}
	return out, nil
}

// wholeYears gives the first and last financial year that lie wholly in a span.
func wholeYears(span period.Span) (first, last period.Year, ok bool) {
	first, last = period.YearOf(span.From), period.YearOf(span.To)
	if first.Span().From.Before(span.From) {
		first++
	}
	if last.End().After(span.To) {
		last--
	}
	return first, last, first <= last
}
