package plan

import (
	"context"
	"slices"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// Figures lists the figures this room offers.
func (r *Room) Figures() []figure.Definition {
	status := figure.Dimension{ID: "status", Title: "How it stands",
		Label: func(v string) string { return Status(v).Words() }, Public: true, Values: figure.Fixed(statuses...)}
	source := figure.Dimension{ID: "source", Title: "Where it comes from",
		Label: func(v string) string { return SourceKind(v).Words() }, Public: true,
		Values: figure.Fixed(sourceKinds...)}
	return []figure.Definition{
		{
			ID: "plan.priorities", Title: "Priorities of the business plan",
			Counts: "What the partnership set out to improve in the year, as its business plan names it.",
			Unit:   "priorities", Kind: figure.List, Protection: figure.Open, Source: "The partnership's business plan",
			Version:    1,
			Watch:      "Belongs to the year of the plan, which is often agreed before the year begins.",
			Dimensions: []figure.Dimension{status}, Compute: priorityFigure(""),
		},
		{
			ID: "plan.priorities_achieved", Title: "Priorities achieved",
			Counts: "Priorities of the year's business plan that the partners judged, at its end, to have been achieved in " +
				"full.",
			Unit: "priorities", Kind: figure.List, Protection: figure.Open,
			Source: "The partnership's business plan and its review at the year's end", Version: 1,
			Watch: "Cut by how each was judged, it lists those partly and not achieved as well; without that cut, only " +
				"those achieved in full are counted. It is the partners' own judgement.",
			Dimensions: []figure.Dimension{status}, Compute: priorityFigure(Achieved),
		},
		{
			ID: "plan.actions_done", Title: "Actions done",
			Counts: "Actions in the partnership's register that were done in the period, from reviews, audits, scrutiny, " +
				"families and the business plan.",
			Unit: "actions", Kind: figure.Flow, Protection: figure.Open, Source: "The partnership's register of actions",
			Version: 1,
			Watch: "Counted by the day the action was done, with evidence, whenever it was due. It says what was done " +
				"and not what changed for children.",
			Dimensions: []figure.Dimension{source}, Compute: doneFigure,
		},
		{
			ID: "plan.actions_percent", Title: "Share of actions done",
			Counts:      "Of the actions that fell due in the period, the share that had been done by its end.",
			Numerator:   "Actions due in the period that were done by its end",
			Denominator: "Actions due in the period, without those dropped",
			Unit:        "%", Kind: figure.Flow, Protection: figure.Open, Source: "The partnership's register of actions",
			Version: 1,
			Watch: "An action done late, but before the period ended, counts as done. An action whose due date was " +
				"moved counts where it is due now.",
			Dimensions: []figure.Dimension{source}, Compute: percentFigure,
		},
	}
}

// priorityFigure lists the priorities of the period's plans that stand at a
// status; only is the status without any cut, "" all of them.
func priorityFigure(only Status) func(context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error) {
	return func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
		first, last, ok := wholeYears(ask.Period)
		if !ok {
			return nil, &figure.NotHeld{Words: "a business plan belongs to a financial year: ask for one, such as 2024-25"}
		}
		if n, err := plansBetween(ctx, s.Work, first.String(), last.String()); err != nil {
			return nil, err
		} else if n == 0 {
			return nil, &figure.NotHeld{Words: "there is no business plan for " + ask.When()}
		}
		all, err := prioritiesBetween(ctx, s.Work, first.String(), last.String())
		if err != nil {
			return nil, err
		}
		if ask.By == "" {
			at := only
			if w := ask.Where["status"]; w != "" {
				at = Status(w)
			}
			return []figure.Value{priorityCount(all, at)}, nil
		}
		var out []figure.Value
		for _, s := range statuses {
			if w := ask.Where["status"]; (w == "" || w == string(s)) && (only == "" || s.judged()) {
				v := priorityCount(all, s).At("status", string(s))
				v.Read = v.Rows // each part is found among all of them
				out = append(out, v)
			}
		}
		return out, nil
	}
}

// priorityCount counts and names the priorities at a status; "" is all of them.
func priorityCount(all []Priority, at Status) figure.Value {
	v := figure.Of(0)
	for _, p := range all {
		if at == "" || p.Status == at {
			v.Numerator++
			v.Items = append(v.Items, p.Title)
		}
	}
	v.Rows = int64(len(all))
	return v
}

func doneFigure(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	all, err := actionsDone(ctx, s.Work, ask.Period)
	if err != nil {
		return nil, err
	}
	return bySource(ask, all, func(some []Action) figure.Value { return figure.Of(int64(len(some))) }), nil
}

func percentFigure(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	all, err := actionsDue(ctx, s.Work, ask.Period)
	if err != nil {
		return nil, err
	}
	return bySource(ask, all, func(some []Action) figure.Value {
		var done int64
		for _, a := range some {
			if !a.DoneOn.IsZero() && !a.DoneOn.After(ask.Period.To) {
				done++
			}
		}
		return figure.Ratio(done, int64(len(some)))
	}), nil
}

// bySource counts actions as the ask has them narrowed and cut.
func bySource(ask figure.Ask, all []Action, count func([]Action) figure.Value) []figure.Value {
	from := func(kind string) []Action {
		return slices.DeleteFunc(slices.Clone(all), func(a Action) bool { return kind != "" && string(a.SourceKind) != kind })
	}
	value := func(kind string) figure.Value {
		some := from(kind)
		v := count(some)
		v.Rows = int64(len(some))
		return v
	}
	if ask.By == "" {
		return []figure.Value{value(ask.Where["source"])}
	}
	var out []figure.Value
	for _, k := range sourceKinds {
		if w := ask.Where["source"]; w == "" || w == string(k) {
			out = append(out, value(string(k)).At("source", string(k)))
		}
	}
	return out
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
