package training

import (
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestReplacedComesBack: what a later file had taken the place of comes back when that is
// withdrawn, in whatever order files are withdrawn, and with the marks on bookings made here.
func TestReplacedComesBack(t *testing.T) {
	t.Parallel()
	ann := web.Person{ID: "p", Name: "Ann"}
	first := []string{row("Ann", "2024-04-09", "attended"), row("Bob", "2024-04-09", "attended"),
		row("Cat", "2024-04-10", "attended")}
	second := []string{row("Ann", "2024-04-09", "no-show"), row("Dan", "2024-04-09", "attended")}
	third := []string{row("Eve", "2024-04-09", "walk-in"), row("Ann", "2024-04-09", "left-early")}
	for name, c := range map[string]struct {
		withdraw []int // of the three, in this order
		like     []int // what is then there, as if only these had been loaded
		back     int   // imports of which something came back by the first
	}{
		"the last":                   {[]int{2}, []int{0, 1}, 1},
		"the last two":               {[]int{2, 1}, []int{0}, 1},
		"the second before the last": {[]int{1, 2}, []int{0}, 0},
		"the first, then the last":   {[]int{0, 2}, []int{1}, 0},
		"the first and the second":   {[]int{0, 1}, []int{2}, 0},
		"all":                        {[]int{1, 0, 2}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				files := []string{write(t, first...), write(t, second...), write(t, third...)}
				want := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
				h := newHouse(t, s.Work)
				for _, x := range []*house{want, h} {
					id := x.sessionOf(x.course("Working together", "course"), "2024-04-09", 9)
					x.book(id, x.person("Ann"), x.person("Bob"))
				}
				for _, i := range c.like {
					_, err := want.imports.Load(t.Context(), "training-history", []string{files[i]}, sure)
					want.ok(err)
				}
				var ids []string
				for _, f := range files {
					rep, err := h.imports.Load(t.Context(), "training-history", []string{f}, sure)
					h.ok(err)
					ids = append(ids, rep.ImportID)
				}
				for i, n := range c.withdraw {
					back, err := h.imports.Withdraw(t.Context(), ids[n], ann)
					h.ok(err)
					if i == 0 && len(back) != c.back {
						t.Errorf("%d came back, not %d", len(back), c.back)
					}
				}
				// A session that a file had delivered is closed, and not open again, without it.
				h.want("sessions", h.dump(), strings.ReplaceAll(want.dump(), ", open,", ", closed,"))
				kept, err := db.Get[int](t.Context(), s.Work, `
					SELECT (SELECT count(*) FROM training_replaced) + (SELECT count(*) FROM training_replaced_bookings)
						+ (SELECT count(*) FROM training_replaced_marks)`)
				if h.ok(err); len(c.withdraw) == 3 && kept != 0 {
					t.Errorf("%d rows are kept of nothing", kept)
				}
			})
		})
	}
}
