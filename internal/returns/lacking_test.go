package returns

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// TestLackingAuthority: a total over several authorities says which of them has no
// return for the time asked.
func TestLackingAuthority(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, err := New(Deps{Work: s.Work})
		if err != nil {
			t.Fatal(err)
		}
		put := func(id, authority string, y period.Year) {
			t.Helper()
			if err := s.Work.Tx(t.Context(), func(q db.Q) error {
				res := &Result{Kind: SSDA903, Year: y, Authority: authority, Rows: 9,
					Measures: []Measure{{ID: lookedAfter, Span: on(y.End()), Numerator: 5}}}
				return packed(res, nil).store(t.Context(), q, id)
			}); err != nil {
				t.Fatal(err)
			}
		}
		put("i1", "E08000015", 2022)
		put("i2", "E08000015", 2023)
		put("i3", "E08000012", 2022)
		reg := figure.NewRegistry(figure.Stores{Work: s.Work}, r.Figures()...)
		for _, c := range []struct {
			at   period.Date
			n    int64
			note string
		}{
			{period.Year(2022).End(), 10, ""},
			{period.Year(2023).End(), 5, "Without Liverpool, whose return for this time is not loaded."},
		} {
			v, err := reg.One(t.Context(), lookedAfter, figure.Ask{At: c.at})
			if err != nil || v.Numerator != c.n || v.Note != c.note {
				t.Errorf("%s: %d %q %v", c.at, v.Numerator, v.Note, err)
			}
		}
	})
}
