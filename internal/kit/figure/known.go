package figure

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
)

// Fixed makes a Dimension's Values of values that never change.
func Fixed[T ~string](values ...T) func(context.Context, *Snapshot, Ask) ([]string, error) {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return func(context.Context, *Snapshot, Ask) ([]string, error) { return out, nil }
}

// Recorded makes a Dimension's Values of what the records of the work store have.
func Recorded(read func(context.Context, db.Reader) ([]string, error)) func(context.Context, *Snapshot, Ask) ([]string,
	error) {
	return func(ctx context.Context, s *Snapshot, _ Ask) ([]string, error) { return read(ctx, s.Work) }
}

// Months are the Values of a dimension of months: those of the period asked for.
func Months(_ context.Context, _ *Snapshot, ask Ask) ([]string, error) {
	var out []string
	for _, m := range ask.Period.Months() {
		out = append(out, m.From.Format("2006-01"))
	}
	return out, nil
}

// mostNamed is how many values a refusal names.
const mostNamed = 40

// Check reports as a *BadAsk what is wrong with an ask that somebody typed: a dimension
// that the figure does not have, or a value that the dimension does not have, with those
// there are. Compute takes any value: of one that nothing has, it counts nothing.
func (s *Snapshot) Check(ctx context.Context, id string, ask Ask) error {
	d, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if ask, err = d.check(ask); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(ask.Where)) {
		dim, _ := d.Dimension(k)
		if dim.Values == nil {
			continue
		}
		values, err := dim.Values(ctx, s, ask)
		if err != nil {
			return fmt.Errorf("the values of %s of figure %s: %w", k, id, err)
		}
		if !dim.has(values, ask.Where[k]) {
			return &BadAsk{fmt.Sprintf("%s has no %s %q; %s", id, k, ask.Where[k], thereAre(values))}
		}
	}
	return nil
}

// has reports whether a value is among those of the dimension.
func (d Dimension) has(values []string, value string) bool {
	return slices.ContainsFunc(values, func(v string) bool {
		return v == value || d.Names && names.Key(v) == names.Key(value)
	})
}

// thereAre names the values there are.
func thereAre(values []string) string {
	switch more := len(values) - mostNamed; {
	case len(values) == 0:
		return "there is none on record"
	case len(values) == 1:
		return "there is " + values[0]
	case more > 0:
		return fmt.Sprintf("there are %s and %s more", strings.Join(values[:mostNamed], ", "), lang.Number(more))
	}
	return "there are " + lang.Join(values)
}
