package returns

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// moves compares what a return would say with what is loaded for its year or, where
// nothing is, with the year before: a file cut short, a column that was read as
// something else and a wrong year are seen by their figures.
func (r *Room) moves(ctx context.Context, q db.Reader, res *Result) ([]intake.Move, error) {
	against := res.Year
	before, err := totalsOf(ctx, q, res.Kind, against.String(), res.Authority)
	if err == nil && len(before) == 0 {
		against--
		before, err = totalsOf(ctx, q, res.Kind, against.String(), res.Authority)
	}
	if err != nil || len(before) == 0 {
		return nil, err
	}
	var after []total
	for _, m := range res.Measures {
		if m.Dimension == "" {
			after = append(after, total{m.ID, m.Span.To, m.Numerator})
		}
	}
	was, is := sums(before), sums(after)
	var out []intake.Move
	for _, d := range r.Figures() {
		b, counted := was[d.ID]
		a, counts := is[d.ID]
		if !counted && !counts {
			continue
		}
		title := d.Title
		if d.Numerator != "" {
			title = d.Numerator
		}
		out = append(out, intake.Move{Title: title, Period: res.Year.String(), Against: against.String(), Before: b,
			After: a})
	}
	return out, nil
}

// sums adds up the months of each flow, and takes the last day of each stock.
func sums(list []total) map[string]int64 {
	out, last := map[string]int64{}, map[string]db.Date{}
	for _, t := range list {
		switch {
		case specOfMeasure[t.Measure].flow:
			out[t.Measure] += t.Numerator
		case last[t.Measure].IsZero() || last[t.Measure].Before(t.To):
			out[t.Measure], last[t.Measure] = t.Numerator, t.To
		}
	}
	return out
}
