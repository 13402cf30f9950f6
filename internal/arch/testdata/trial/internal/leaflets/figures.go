package leaflets

import (
	"context"

	"kith/internal/kit/figure"
)

// Figures lists the figures this room offers.
func (r *Room) Figures() []figure.Definition {
	return []figure.Definition{{
		ID: "leaflets.stock", Title: "Leaflets in stock",
		Counts: "Leaflets of every title in use that the partnership had at the end of the day, to lend or hand out.",
		Unit:   "leaflets", Kind: figure.Stock, Protection: figure.Open, Version: 1,
		Source: "The partnership’s register of leaflets",
		Watch: "A count holds until the next one, so what was given out since a leaflet was last counted is still in " +
			"the number. A leaflet that is retired is not counted from that day on.",
		Compute: computeStock,
	}}
}

// computeStock answers for the days from the first count up to today: of others
// nothing is known.
func computeStock(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	if ask.At.After(s.Today()) {
		return nil, &figure.NotHeld{Words: "leaflets are counted up to today only"}
	}
	at, err := stockAt(ctx, s.Work, ask.At)
	switch {
	case err != nil:
		return nil, err
	case at.Since.IsZero():
		return nil, &figure.NotHeld{Words: "no leaflets have been counted yet"}
	case ask.At.Before(at.Since):
		return nil, &figure.NotHeld{Words: "leaflets have been counted since " + at.Since.Words() + " only"}
	}
	v := figure.Of(at.InAll)
	v.Rows = at.Titles
	return []figure.Value{v}, nil
}
