package imports

import (
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// compareBeside compares what is kept beside the year with what was kept of the same months,
// and of those of the year before; and where nothing was, with the same months of what is
// loaded of whole years.
func (r *Report) compareBeside(ctx context.Context, q db.Reader) error {
	part, y := r.Batch.Part, r.Batch.Year
	counts := make([]map[period.Year]int64, len(r.Moves))
	for i := range counts {
		counts[i] = map[period.Year]int64{}
	}
	words := map[period.Year]string{}
	for _, of := range []period.Year{y, y - 1} {
		k := r.key()
		if k.Year = of.String(); of < y && !part.Span.IsZero() {
			k.Months = part.Span.YearBefore().String()
		}
		held, err := currentImports(ctx, q, k)
		if err != nil {
			return err
		}
		for _, im := range held {
			moves, err := movesOf(ctx, q, im.ID)
			if err != nil {
				return err
			}
			words[of] = im.Period()
			for i, m := range r.Moves {
				if n, ok := countIn(moves, m.Title); ok {
					counts[i][of] = n
				}
			}
		}
	}
	own := part.Words(y.String())
	for i, m := range r.Moves {
		if len(counts[i]) == 0 && m.Against != "" {
			m.Period, m.Earlier, m.EarlierCount = own, "", 0
			switch before := part.Span; {
			case m.Against == y.String():
				m.Against, m.Beside = sameMonths(part, y), 2
			case !before.IsZero():
				m.Against = intake.Part{Span: before.YearBefore()}.Words("")
			}
			r.Moves[i] = m
			continue
		}
		n := intake.NewMove(m.Title, y, counts[i], m.After)
		n.Period = own
		switch {
		case n.Against == y.String() && words[y] == own:
			n.Against = own
		case n.Against == y.String():
			n.Against, n.Beside = words[y], 1
		case n.Against != "":
			n.Against = words[y-1]
		}
		if n.Earlier != "" {
			n.Earlier = words[y-1]
		}
		r.Moves[i] = n
	}
	return nil
}

// sameMonths says what is compared of a year that is loaded with a part of it.
func sameMonths(part intake.Part, y period.Year) string {
	if part.Span.IsZero() {
		return y.String() + " as it is loaded"
	}
	return "the same months of " + y.String()
}

// compareParts compares what nothing of its own time is loaded of with what is kept beside
// the year: final counts with the provisional ones whose place they take, and else the whole
// of a year, or more months of it, with the most months of it that there are.
func (r *Report) compareParts(ctx context.Context, q db.Reader) error {
	first := func(m intake.Move) bool { return !m.Replaces() && m.Beside == 0 }
	if !slices.ContainsFunc(r.Moves, first) {
		return nil
	}
	held, err := importsOfYear(ctx, q, r.key())
	if err != nil {
		return err
	}
	with, ok := r.nearest(held)
	if !ok {
		return nil
	}
	moves, err := movesOf(ctx, q, with.ID)
	if err != nil {
		return err
	}
	same := with.Months == monthsText(r.Batch.Part)
	for i, m := range r.Moves {
		n, counted := countIn(moves, m.Title)
		if !counted || !first(m) || !same && m.Against != "" {
			continue // the year before tells more than a part of this one
		}
		if m.Against != "" {
			m.Earlier, m.EarlierCount = m.Against, m.Before
		}
		m.Against, m.Before, m.Beside = with.Period(), n, 1
		if !same && m.After >= m.Before {
			m.Adds = 1 // more months hold more, which is no reason to ask
		}
		r.Moves[i] = m
	}
	return nil
}

// nearest gives what is kept beside the year that a report is best compared with.
func (r *Report) nearest(held []Import) (with Import, ok bool) {
	own := r.Batch.Part.Span
	for _, im := range held {
		span := im.Part().Span
		switch {
		case im.Months == monthsText(r.Batch.Part):
			return im, true
		case span.IsZero() || !own.IsZero() && (!own.Contains(span.From) || !own.Contains(span.To)):
			continue
		case !ok || longer(span, with.Part().Span):
			with, ok = im, true
		}
	}
	return with, ok
}

// longer reports whether a span has more days than another, or as many and later ones.
func longer(a, b period.Span) bool {
	x, y := a.From.DaysUntil(a.To), b.From.DaysUntil(b.To)
	return x > y || x == y && b.To.Before(a.To)
}

// countIn gives what a figure was by an import, by the figure's title.
func countIn(moves []intake.Move, title string) (int64, bool) {
	i := slices.IndexFunc(moves, func(m intake.Move) bool { return m.Title == title })
	if i < 0 {
		return 0, false
	}
	return moves[i].After, true
}
