package leaflets

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// The people of the tests.
var (
	keeper = web.Person{ID: "ann", Name: "Ann Lead", Permissions: map[web.Permission]bool{
		access.LeafletsRead: true, access.LeafletsManage: true, access.PeopleRead: true}}
	reader = web.Person{ID: "ben", Name: "Ben Moss", Permissions: map[web.Permission]bool{access.LeafletsRead: true}}
)

// newRoom makes a room on fresh stores, on the tests' day, whose ids count up.
func newRoom(t testing.TB, s testkit.Stores) *Room {
	t.Helper()
	n := 0
	r, err := New(Deps{Work: s.Work, Now: on(today),
		NewID: func() string { n++; return fmt.Sprintf("l%02d", n) }})
	if err != nil {
		t.Fatal(err)
	}
	now := db.At(r.Now())
	err = s.Work.Tx(t.Context(), func(q db.Q) error {
		return db.Insert(t.Context(), q, `INSERT INTO people (id, name, folded, email, active, created_at)`, [][]any{
			{"ann", "Ann Lead", "ann lead", "ann@trust.example", true, now},
			{"ben", "Ben Moss", "ben moss", "ben@trust.example", true, now},
		}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// on is a clock that stands at nine in the morning of a day.
func on(d period.Date) clock.Clock {
	return clock.Fixed(time.Date(d.Year, d.Month, d.Day, 9, 0, 0, 0, time.UTC))
}

// add keeps a leaflet and fails the test when it cannot.
func add(t testing.TB, r *Room, l Leaflet) string {
	t.Helper()
	id, err := r.AddLeaflet(t.Context(), keeper, l)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		id := add(t, r, Leaflet{Title: "Safer sleep", Audience: "Parents", InStock: 40, ReviewOn: today, OwnerID: "ann"})

		again := Leaflet{Title: " SAFER  sleep", Audience: "x", ReviewOn: today, OwnerID: "ann"}
		if _, err := r.AddLeaflet(ctx, keeper, again); !errors.Is(err, ErrTaken) {
			t.Errorf("the same title: %v", err)
		}
		var invalid *ui.Invalid
		if _, err := r.AddLeaflet(ctx, keeper, Leaflet{}); !errors.As(err, &invalid) || len(invalid.Problems) != 4 {
			t.Errorf("an empty leaflet: %v", err)
		}
		l, err := r.Leaflet(ctx, id)
		if err != nil || l.InStock != 40 || l.Owner != "Ann Lead" || l.Retired() {
			t.Fatalf("%+v, %v", l, err)
		}
		l.Audience, l.InStock = "Parents of babies", 30
		if err := r.SaveLeaflet(ctx, keeper, l, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.RetireLeaflet(ctx, keeper, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.RetireLeaflet(ctx, keeper, id, web.Unwatched); !errors.Is(err, ErrRetired) {
			t.Errorf("retire what is retired: %v", err)
		}
		if err := r.SaveLeaflet(ctx, keeper, l, web.Unwatched); err != nil { // as it was before it was retired
			t.Fatal(err)
		}
		if l, err = r.Leaflet(ctx, id); err != nil || l.InStock != 30 || l.RetiredOn != today {
			t.Errorf("changed: %+v, %v", l, err)
		}
		if h, err := r.History(ctx, id); err != nil || len(h) != 4 || h[0].Person != keeper.Name {
			t.Errorf("history: %+v, %v", h, err)
		}
		if err := r.DeleteLeaflet(ctx, keeper, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"save": r.SaveLeaflet(ctx, keeper, l, web.Unwatched),
			"retire": r.RetireLeaflet(ctx, keeper, id, web.Unwatched),
			"delete": r.DeleteLeaflet(ctx, keeper, id, web.Unwatched)} {
			if !errors.Is(err, db.ErrNotFound) {
				t.Errorf("%s what is deleted: %v", name, err)
			}
		}
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		add(t, r, Leaflet{Title: "Zebra", Audience: "Children", InStock: 5, ReviewOn: today.AddDays(1), OwnerID: "ann"})
		add(t, r, Leaflet{Title: "Apple", Audience: "Parents", InStock: 100, ReviewOn: today, OwnerID: "ann"})
		old := add(t, r, Leaflet{Title: "Moss", Audience: "Schools", InStock: 20, ReviewOn: day("2024-05-19"),
			OwnerID: "ben"})
		if err := r.RetireLeaflet(ctx, keeper, old, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			f    Filter
			want string
			all  int
		}{
			{"all", Filter{Limit: 9}, "Apple Moss Zebra", 3},
			{"a page", Filter{Limit: 1, Offset: 1}, "Moss", 3},
			{"the most first", Filter{Sort: "stock", Desc: true, Limit: 9}, "Apple Moss Zebra", 3},
			{"the fewest first", Filter{Sort: "stock", Limit: 9}, "Zebra Moss Apple", 3},
			{"the next to be reviewed", Filter{Sort: "review", Limit: 9}, "Moss Apple Zebra", 3},
			{"by title", Filter{Text: "PPL", Limit: 9}, "Apple", 1},
			{"by whom it is for", Filter{Text: "Parent", Limit: 9}, "Apple", 1},
			{"due", Filter{State: string(Due), Limit: 9}, "Apple", 1},
			{"in use", Filter{State: string(InUse), Limit: 9}, "Zebra", 1},
			{"retired", Filter{State: string(Retired), Limit: 9}, "Moss", 1},
		} {
			list, total, err := r.Leaflets(ctx, c.f)
			var got []string
			for _, l := range list {
				got = append(got, l.Title)
				if c.f.State != "" && string(l.State(today)) != c.f.State {
					t.Errorf("%s: %s is %s", c.name, l.Title, l.State(today))
				}
			}
			if err != nil || strings.Join(got, " ") != c.want || total != c.all {
				t.Errorf("%s: %v of %d, %v", c.name, got, total, err)
			}
		}
	})
}

// The stock is what was counted by the date asked, of what was then in use.
func TestStock(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		figures := figure.NewRegistry(figure.Stores{Work: s.Work, Now: on(day("2024-05-23"))}, r.Figures()...)
		var none *figure.NotHeld
		if _, err := figures.One(ctx, "leaflets.stock", figure.Ask{At: today}); !errors.As(err, &none) {
			t.Errorf("before any count: %v", err)
		}
		sleep := Leaflet{Title: "Safer sleep", Audience: "Parents", InStock: 40, ReviewOn: today, OwnerID: "ann"}
		sleep.ID = add(t, r, sleep)
		r.Now = on(day("2024-05-21"))
		add(t, r, Leaflet{Title: "Moss", Audience: "Schools", InStock: 7, ReviewOn: today, OwnerID: "ann"})
		for _, n := range []int64{30, 25} { // the last count of a day is the day's
			sleep.InStock = n
			if err := r.SaveLeaflet(ctx, keeper, sleep, web.Unwatched); err != nil {
				t.Fatal(err)
			}
		}
		r.Now = on(day("2024-05-23"))
		if err := r.RetireLeaflet(ctx, keeper, sleep.ID, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]int64{"2024-05-20": 40, "2024-05-21": 32, "2024-05-22": 32, "2024-05-23": 7} {
			if v, err := figures.One(ctx, "leaflets.stock", figure.Ask{At: day(at)}); err != nil || v.Numerator != want {
				t.Errorf("on %s: %d, %v; want %d", at, v.Numerator, err, want)
			}
		}
		for _, at := range []string{"2024-05-19", "2024-05-24"} {
			if _, err := figures.One(ctx, "leaflets.stock", figure.Ask{At: day(at)}); !errors.As(err, &none) {
				t.Errorf("on %s: %v", at, err)
			}
		}
	})
}

func TestTodos(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		for i, l := range []Leaflet{{Title: "Soon", ReviewOn: today.AddDays(14), OwnerID: "ben"},
			{Title: "Late", ReviewOn: today, OwnerID: "ben"}, {Title: "Later", ReviewOn: today.AddDays(15), OwnerID: "ben"},
			{Title: "Gone", ReviewOn: today, OwnerID: "ben"}} {
			l.Audience = "Parents"
			id := add(t, r, l)
			if i == 3 {
				if err := r.RetireLeaflet(ctx, keeper, id, web.Unwatched); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, c := range []struct {
			by   web.Person
			want string
		}{
			{reader, "Review due: Late (late); Review due: Soon"},
			{keeper, "1 leaflet is due for review (late)"},
			{web.Person{ID: "ben"}, ""},
		} {
			todos, err := r.Todos(ctx, c.by)
			var got []string
			for _, x := range todos {
				if x.Late {
					x.Title += " (late)"
				}
				got = append(got, x.Title)
			}
			if err != nil || strings.Join(got, "; ") != c.want {
				t.Errorf("%s: %q, %v", c.by.Name, got, err)
			}
		}
	})
}
