package partnership

import (
	"context"

	"kith/internal/kit/figure"
	"kith/internal/register"
)

// Figures lists the figures that the room offers.
func (r *Room) Figures() []figure.Definition {
	return []figure.Definition{
		{
			ID: "partnership.meetings", Title: "Meetings of the partnership’s {committees}",
			Counts: "Days on which a {committee} of the partnership met.",
			Unit:   "meetings", Kind: figure.Flow, Protection: figure.Open, Version: 1, Since: "2021-22",
			Source: "The partnership’s own record of its meetings",
			Watch:  "A meeting that nobody noted is not counted. A {committee} that meets twice in a day counts once.",
			Dimensions: []figure.Dimension{{ID: "committee", Title: "{Committee}", Public: true,
				Values: figure.Recorded(committeeNames)}},
			Compute: computeMeetings,
		},
		{
			ID: "partnership.funding", Title: "What partners contribute",
			Counts: "What organisations pay towards the partnership’s costs of a financial year, in whole pounds.",
			Unit:   "pounds", Kind: figure.Flow, Protection: figure.Open, Version: 1, Since: "2021-22",
			Source: "The partnership’s own record of contributions",
			Watch: "Money only: rooms, posts and time that partners give are not counted. Each value is rounded to the " +
				"pound, so parts may differ from the whole by a pound or two.",
			Dimensions: []figure.Dimension{{ID: "organisation", Title: "Organisation", Public: true,
				Values: figure.Recorded(organisationNames)},
				{ID: "sector", Title: "Sector", Label: r.Register.SectorTitle, Public: true,
					Values: figure.Recorded(register.SectorIDs)}},
			Compute: computeFunding,
		},
	}
}

// A tally is how much there is of one value of a dimension, and from how many
// rows.
type tally struct {
	Value string
	Sum   int64
	Rows  int64
}

// counted makes values of tallies; without a cut there is one, even of nothing.
func counted(by string, list []tally, unit int64) []figure.Value {
	if by == "" {
		var all tally
		for _, t := range list {
			all.Sum, all.Rows = all.Sum+t.Sum, all.Rows+t.Rows
		}
		list = []tally{all}
	}
	var out []figure.Value
	for _, t := range list {
		v := figure.Of((t.Sum + unit/2) / unit)
		v.Rows = t.Rows
		if by != "" {
			v = v.At(by, t.Value)
		}
		out = append(out, v)
	}
	return out
}

func computeMeetings(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	list, err := meetingTally(ctx, s.Work, ask.Period.From, ask.Period.To, ask.Where["committee"])
	if err != nil {
		return nil, err
	}
	return counted(ask.By, list, 1), nil
}

func computeFunding(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	year, ok := ask.Period.Year()
	if !ok {
		return nil, &figure.NotHeld{Words: "Contributions are held by financial year: ask for a year such as 2023-24"}
	}
	list, err := fundingTally(ctx, s.Work, year.String(), ask.By, ask.Where["organisation"], ask.Where["sector"])
	if err != nil {
		return nil, err
	}
	return counted(ask.By, list, 100), nil
}
