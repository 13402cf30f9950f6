package returns

import (
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// moves compares what a return would say with what is loaded for its year and for the year
// before: a file cut short, a column that was read as something else and a wrong year are
// seen by their figures. Of some months of the year it compares the same months.
func (r *Room) moves(ctx context.Context, q db.Reader, p *packedLoad, y period.Year, part period.Span) ([]intake.Move,
	error) {
	loaded := map[period.Year]map[string]int64{}
	for _, of := range []period.Year{y, y - 1} {
		before, err := totalsOf(ctx, q, p.Kind, of.String(), p.Authority)
		if err != nil {
			return nil, err
		}
		if !part.IsZero() {
			span := part
			if of < y {
				span = part.YearBefore()
			}
			before = slices.DeleteFunc(before, func(t total) bool { return !span.Contains(period.Date(t.To)) })
			if whole := of.Span(); !whole.Contains(span.From) || !whole.Contains(span.To) {
				before = nil // months of two years: neither alone has them all
			}
		}
		if len(before) > 0 {
			loaded[of] = sums(before)
		}
	}
	var after []total
	for _, m := range p.Measures {
		if m.Dimension == "" {
			after = append(after, total{m.Measure, m.To, m.Numerator})
		}
	}
	is := sums(after)
	var out []intake.Move
	for _, d := range r.Figures() {
		counts, some := map[period.Year]int64{}, false
		for of, was := range loaded {
			n, held := was[d.ID]
			counts[of] = n
			some = some || held
		}
		a, held := is[d.ID]
		if !some && !held {
			continue
		}
		title := d.Title
		if d.Numerator != "" {
			title = d.Numerator
		}
		out = append(out, intake.NewMove(title, y, counts, a))
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
