package indicators

import (
	"context"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// suppliedFigures gives a definition for each figure that has a supplied value.
func suppliedFigures(ctx context.Context, s *figure.Snapshot) ([]figure.Definition, error) {
	all, err := allSupplied(ctx, s.Work)
	if err != nil {
		return nil, err
	}
	var out []figure.Definition
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(a Supplied) bool { return a.Figure != all[0].Figure })
		if n < 0 {
			n = len(all)
		}
		out = append(out, definition(all[:n]))
		all = all[n:]
	}
	return out, nil
}

func definition(values []Supplied) figure.Definition {
	newest := values[0]
	return figure.Definition{
		ID: newest.Figure, Title: newest.Title, Counts: newest.Counts, Unit: newest.Unit,
		Kind: figure.Kind(newest.Kind), Protection: strictest(values),
		Source: "Supplied: " + newest.Source, Version: 1, Since: period.YearOf(values[len(values)-1].To).String(),
		Watch: "A partner gave this number in a document; Kith did not count it.",
		Compute: func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
			standing, err := standingValues(ctx, s.Work, newest.Figure)
			if err != nil {
				return nil, err
			}
			var held []string
			for _, a := range standing {
				if ask.At == a.To && a.Kind == string(figure.Stock) || ask.Period == (period.Span{From: a.From, To: a.To}) {
					return []figure.Value{a.Value()}, nil
				}
				held = append(held, a.When())
			}
			return nil, &figure.NotHeld{Words: "it is supplied for " + strings.Join(held, "; ") + " only"}
		},
	}
}
