package figure_test

import (
	"context"
	"errors"
	"testing"

	"kith/internal/kit/figure"
)

// TestCheck: what somebody typed that is not there is refused with what is.
func TestCheck(t *testing.T) {
	t.Parallel()
	d := figure.Definition{ID: "t.check", Counts: "Things.", Kind: figure.Flow, Protection: figure.Open,
		Dimensions: []figure.Dimension{{ID: "kind", Values: figure.Fixed("a", "b")}, {ID: "month", Values: figure.Months},
			{ID: "course", Values: figure.Fixed("Working Together"), Names: true}, {ID: "empty", Values: figure.Fixed[string]()},
			{ID: "any"}},
		Compute: func(context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error) { return nil, nil }}
	r := figure.NewRegistry(figure.Stores{}, d)
	for _, c := range []struct{ key, value, by, want string }{
		{"kind", "a", "", ""},
		{"any", "x", "kind", ""},
		{"month", "2023-06", "", ""},
		{"course", "working together", "", ""},
		{"kind", "A", "", `t.check has no kind "A"; there are a and b`},
		{"course", "Neglect", "", `t.check has no course "Neglect"; there is Working Together`},
		{"empty", "x", "", `t.check has no empty "x"; there is none on record`},
		{"knd", "a", "", `t.check cannot be cut by "knd"; it can be cut by kind, month, course, empty, any`},
		{"kind", "a", "knd", `t.check cannot be cut by "knd"; it can be cut by kind, month, course, empty, any`},
	} {
		ask := year
		ask.By, ask.Where = c.by, map[string]string{c.key: c.value}
		err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error { return s.Check(t.Context(), d.ID, ask) })
		var bad *figure.BadAsk
		switch {
		case c.want == "" && err != nil, c.want != "" && (!errors.As(err, &bad) || bad.Words != c.want):
			t.Errorf("%s=%s by %q: %v; want %q", c.key, c.value, c.by, err, c.want)
		}
	}
}

func TestRowsRead(t *testing.T) {
	t.Parallel()
	own := []figure.Value{{Rows: 568}, {Rows: 388}}
	shared := []figure.Value{{Rows: 5, Read: 7}, {Rows: 4, Read: 7}}
	if a, b := figure.RowsRead(own), figure.RowsRead(shared); a != 956 || b != 7 {
		t.Errorf("read %d and %d rows; want 956 and 7", a, b)
	}
}
