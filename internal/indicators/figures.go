package indicators

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// attestedFigures gives a definition for each figure that has an attested value.
func (r *Room) attestedFigures() ([]figure.Definition, error) {
	// The registry is asked without a context; a bound keeps a lost database from
	// holding a page for ever.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	all, err := allAttested(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("attested figures: %w", err)
	}
	var out []figure.Definition
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(a Attested) bool { return a.Figure != all[0].Figure })
		if n < 0 {
			n = len(all)
		}
		out = append(out, definition(all[:n]))
		all = all[n:]
	}
	return out, nil
}

func definition(values []Attested) figure.Definition {
	newest := values[0]
	return figure.Definition{
		ID: newest.Figure, Title: newest.Title, Counts: newest.Counts, Unit: newest.Unit,
		Kind: figure.Kind(newest.Kind), Protection: figure.Protection(newest.Protection),
		Source: "Attested: " + newest.Source, Version: 1, Since: period.YearOf(values[len(values)-1].To).String(),
		Watch: "A partner gave this number in a document; Kith did not count it.",
		Compute: func(_ context.Context, ask figure.Ask) ([]figure.Value, error) {
			var held []string
			for _, a := range values {
				if a.ReplacedBy != "" {
					continue
				}
				if ask.At == a.To && a.Kind == string(figure.Stock) || ask.Period == (period.Span{From: a.From, To: a.To}) {
					return []figure.Value{a.Value()}, nil
				}
				held = append(held, a.When())
			}
			return nil, &figure.NotHeld{Words: "it is attested for " + strings.Join(held, "; ") + " only"}
		},
	}
}
