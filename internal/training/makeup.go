package training

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

// A makeup tells what is in a figure's number and what is not: the kinds of event, and
// the programmes that come to the total.
type makeup struct {
	of    string // what is counted, in a sentence: "events"
	count func(context.Context, db.Reader, cut) ([]counting, error)
	// share: the number is a share of what is counted, and no sum of programmes.
	share bool
	// sector: it is one sector's share of them.
	sector bool
	// overlaps: one person can be in several programmes.
	overlaps bool
}

type compute = func(context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error)

// told adds the makeup to what a figure computes, where sources are asked for.
func (m makeup) told(of compute) compute {
	return func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
		values, err := of(ctx, s, ask)
		if err != nil || !ask.Sources {
			return values, err
		}
		said, err := m.say(ctx, s.Work, ask)
		if err != nil {
			return nil, fmt.Errorf("what a figure is made of: %w", err)
		}
		for i := range values {
			values[i].Makeup = said
		}
		return values, nil
	}
}

// say writes the sentences.
func (m makeup) say(ctx context.Context, q db.Reader, ask figure.Ask) ([]string, error) {
	byKind := ask
	byKind.By, byKind.Where = "kind", without(ask.Where, "kind")
	if m.sector {
		delete(byKind.Where, "sector")
	}
	n, err := m.count(ctx, q, cutOf(byKind))
	if err != nil {
		return nil, err
	}
	out := []string{m.kinds(ask, byCut(n))}
	if m.share || ask.By != "" || ask.Where["programme"] != "" || ask.Where["course"] != "" {
		return out, nil
	}
	byProgramme := ask
	byProgramme.By = "programme"
	if n, err = m.count(ctx, q, cutOf(byProgramme)); err != nil {
		return nil, err
	}
	if said := m.programmes(n); said != "" {
		out = append(out, said)
	}
	return out, nil
}

// kinds names every kind of event with its number: those that are in and those that
// are out.
func (m makeup) kinds(ask figure.Ask, n map[string]int64) string {
	only := ask.Where["kind"]
	all := ask.By == "kind" && only == ""
	if only == "" {
		only = "course"
	}
	var in, out []string
	for _, k := range kinds {
		said := fmt.Sprintf("%s (%s)", k.Text, lang.Number(int(n[k.Value])))
		if all || k.Value == only {
			in = append(in, said)
		} else {
			out = append(out, said)
		}
	}
	words := lang.Sentence(m.of) + " by kind of event. Counted: " + lang.Join(in) + "."
	if len(out) > 0 {
		words += " Not counted: " + lang.Join(out) + "."
	}
	if all {
		words += " Without this cut only full courses are counted."
	}
	return words
}

// programmes writes the total as the sum of its programmes: 60 + 31 + 39 = 130. Those
// of none are nothing to add.
func (m makeup) programmes(n []counting) string {
	var parts []string
	var sum int64
	for _, c := range n {
		if c.N > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", ProgrammeTitle(c.Cut), lang.Number(int(c.N))))
			sum += c.N
		}
	}
	switch {
	case len(parts) < 2:
		return ""
	case m.overlaps:
		return lang.Sentence(m.of) + " by programme: " + lang.Join(parts) +
			". Somebody in several programmes is once in the total, so they add up to more."
	}
	return lang.Sentence(m.of) + " by programme: " + strings.Join(parts, " + ") + " = " + lang.Number(int(sum)) + "."
}

// countCame and countBooked count what the bookings of a cut came to.
func countCame(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return outcomeCounts(ctx, q, c, func(o outcome) int64 { return o.Came })
}

func countBooked(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return outcomeCounts(ctx, q, c, func(o outcome) int64 { return o.Used + o.Wasted })
}

func outcomeCounts(ctx context.Context, q db.Reader, c cut, n func(outcome) int64) ([]counting, error) {
	list, err := outcomes(ctx, q, c)
	var out []counting
	for _, o := range list {
		out = append(out, counting{o.Cut, n(o)})
	}
	return out, err
}

func byCut(list []counting) map[string]int64 {
	out := map[string]int64{}
	for _, c := range list {
		out[c.Cut] = c.N
	}
	return out
}

// without copies what an ask is narrowed to, but for one dimension.
func without(where map[string]string, dimension string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, where)
	delete(out, dimension)
	return out
}
