package reviews

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

// lead may do everything in the room.
var lead = web.Person{ID: "lead", Name: "Review Lead (demonstration)",
	Permissions: map[web.Permission]bool{access.ReviewsRead: true, access.ReviewsManage: true}}

// newRoom makes a room on fresh stores, on the tests' day, whose ids count up.
func newRoom(t testing.TB, s testkit.Stores) *Room {
	t.Helper()
	n := 0
	r, err := New(Deps{Work: s.Work, Now: clock.Fixed(time.Date(2024, 3, 20, 9, 0, 0, 0, time.UTC)),
		NewID: func() string { n++; return fmt.Sprintf("r%02d", n) }})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Work.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `
			INSERT INTO organisations (id, name, folded, sector, created_at)
				VALUES ('la', 'Tidewell Council', 'tidewell council', 'local-authority', $1)`, db.At(r.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// add keeps a review and fails the test when it cannot.
func add(t testing.TB, r *Room, v Review) string {
	t.Helper()
	id, err := r.AddReview(t.Context(), lead, v)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// the demonstration year: two statutory reviews published, two learning reviews
// and one commissioned completed, and others that must not be counted.
func addYear(t testing.TB, r *Room) {
	t.Helper()
	for _, v := range []Review{
		{Reference: "Rowan", Kind: Statutory, NotifiedOn: day("2022-11-01"), CompletedOn: day("2023-03-20"),
			PublishedOn: day("2023-05-10"), Themes: Themes{"Neglect", "Harm outside the home"}},
		{Reference: "Ash", Kind: Statutory, DecidedOn: day("2023-04-01"), CompletedOn: day("2023-10-02"),
			PublishedOn: day("2024-03-31").AddDays(-20), Themes: Themes{"Neglect"}},
		{Reference: "Hazel and Fern", Kind: Learning, DecidedOn: day("2023-05-01"), CompletedOn: day("2023-09-01"),
			Themes: Themes{"neglect"}},
		{Reference: "The Alder family", Kind: Learning, DecidedOn: day("2023-05-01"), CompletedOn: day("2024-01-15")},
		{Reference: "Willow", Kind: Commissioned, DecidedOn: day("2023-05-01"), CompletedOn: day("2023-12-01"),
			CommissionerID: "la"},
		{Reference: "Older", Kind: Statutory, CompletedOn: day("2023-01-01"), PublishedOn: day("2023-03-31")},
		{Reference: "Elm", Kind: RapidReview, AwareOn: day("2024-03-18"), NotifiedOn: day("2024-03-20")},
	} {
		add(t, r, v)
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		id := add(t, r, Review{Reference: "Rowan", Kind: Statutory, AwareOn: day("2024-03-18"),
			Themes: Themes{"Neglect", "neglect", "Harm outside the home"}, CommissionerID: "la"})

		if _, err := r.AddReview(ctx, lead, Review{Reference: " ROWAN ", Kind: Learning, DecidedOn: today}); !errors.Is(err,
			ErrTaken) {
			t.Errorf("the same reference: %v", err)
		}
		var invalid *ui.Invalid
		if _, err := r.AddReview(ctx, lead, Review{}); !errors.As(err, &invalid) || len(invalid.Problems) != 3 {
			t.Errorf("an empty review: %v", err)
		}
		v, err := r.Review(ctx, lead, id)
		if err != nil || v.Commissioner != "Tidewell Council" ||
			strings.Join(v.Themes, "; ") != "Neglect; Harm outside the home" || v.Stage != Notification {
			t.Fatalf("%+v, %v", v, err)
		}

		for _, c := range []struct {
			step string
			on   period.Date
			want Stage
			err  error
		}{
			{"published", today, Notification, ErrMoved},
			{"notified", day("2024-03-19"), Notification, nil},
			{"notified", day("2024-03-19"), Notification, ErrMoved},
			{"rapid", day("2024-03-20"), InRapidReview, nil},
			{"completed", day("2024-03-20"), Completed, nil},
			{"closed", today, Completed, ErrMoved},
			{"published", day("2024-03-20"), Published, nil},
		} {
			if err := r.StepReview(ctx, lead, id, c.step, c.on); !errors.Is(err, c.err) {
				t.Errorf("%s: %v, want %v", c.step, err, c.err)
			}
			if v, err := r.Review(ctx, lead, id); err != nil || v.Stage != c.want {
				t.Errorf("after %s: %s, %v; want %s", c.step, v.Stage, err, c.want)
			}
		}
		if err := r.DeleteReview(ctx, lead, id, web.Unwatched); !errors.Is(err, ErrPublished) {
			t.Errorf("delete what is published: %v", err)
		}
		if err := r.ReopenReview(ctx, lead, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if v, _ = r.Review(ctx, lead, id); v.Stage != InRapidReview || !v.PublishedOn.IsZero() {
			t.Errorf("reopened: %+v", v)
		}
		if err := r.ReopenReview(ctx, lead, id, web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("reopen what is open: %v", err)
		}
		if err := r.StepReview(ctx, lead, id, "closed", day("2024-03-01")); !errors.As(err, &invalid) {
			t.Errorf("closed before it began: %v", err)
		}
		v.Kind, v.Themes = RapidReview, nil
		if err := r.SaveReview(ctx, lead, v, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if v, _ = r.Review(ctx, lead, id); v.Kind != RapidReview || v.Themes != nil {
			t.Errorf("changed: %+v", v)
		}
		if h, err := r.History(ctx, id); err != nil || len(h) != 7 || h[0].Person != lead.Name {
			t.Errorf("history: %+v, %v", h, err)
		}
		if err := r.DeleteReview(ctx, lead, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Review(ctx, lead, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		addYear(t, r)
		for _, c := range []struct {
			name string
			f    Filter
			want string
		}{
			{"by reference", Filter{Sort: "reference"}, "Ash, Elm, Hazel and Fern, Older, Rowan, The Alder family, Willow"},
			{"newest published first, the unpublished last", Filter{Sort: "published", Desc: true, Text: "e"},
				"Older, Elm, Hazel and Fern, The Alder family"},
			{"kind", Filter{Kind: "statutory"}, "Rowan, Older, Ash"},
			{"stage", Filter{Stage: "completed", Sort: "reference"}, "Hazel and Fern, The Alder family, Willow"},
			{"theme, however written", Filter{Theme: "NEGLECT", Sort: "reference"}, "Ash, Hazel and Fern, Rowan"},
			{"year", Filter{Year: period.Year(2022).Span(), Sort: "reference"}, "Older, Rowan"},
			{"signs of LIKE are text", Filter{Text: "%"}, ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.f.Limit = 10
				all, total, err := r.Reviews(t.Context(), lead, c.f)
				if got := references(all); err != nil || got != c.want || total != len(all) {
					t.Errorf("got %q of %d, %v; want %q", got, total, err, c.want)
				}
			})
		}
		all, total, err := r.Reviews(t.Context(), lead, Filter{Sort: "reference", Limit: 2, Offset: 2})
		if got := references(all); err != nil || got != "Hazel and Fern, Older" || total != 7 {
			t.Errorf("second page: %q of %d, %v", got, total, err)
		}
		published, err := r.Published(t.Context(), period.Year(2023).Span())
		if got := references(published); err != nil || got != "Rowan, Ash" {
			t.Errorf("published: %q, %v", got, err)
		}
		todos, err := r.Todos(t.Context(), lead)
		if err != nil || len(todos) != 1 || todos[0].Title != "Rapid review: 13 working days left" || todos[0].Late {
			t.Errorf("todos: %+v, %v", todos, err)
		}
		if todos, err := r.Todos(t.Context(), web.Person{ID: "x"}); err != nil || len(todos) != 0 {
			t.Errorf("todos of somebody else: %+v, %v", todos, err)
		}
	})
}

func references(all []Review) string {
	var out []string
	for _, v := range all {
		out = append(out, v.Reference)
	}
	return strings.Join(out, ", ")
}

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		addYear(t, r)
		for _, v := range []Review{
			{Reference: "Held and sent", Kind: RapidReview, RapidOn: day("2023-03-30"), RapidSentOn: day("2023-04-03"),
				ClosedOn: day("2023-04-20")},
			{Reference: "Only sent", Kind: RapidReview, RapidSentOn: day("2023-06-05"), ClosedOn: day("2023-06-07")},
			{Reference: "Only held", Kind: RapidReview, RapidOn: day("2023-07-05")},
			{Reference: "Never held", Kind: RapidReview, AwareOn: day("2023-07-05"), ClosedOn: day("2023-07-07")},
		} {
			if _, err := r.AddReview(t.Context(), lead, v); err != nil {
				t.Fatal(err)
			}
		}
		registry := figure.NewRegistry(figure.Stores{Work: r.Work}, r.Figures()...)
		for _, c := range []struct {
			name, id string
			ask      figure.Ask
			want     string
		}{
			{"published", "reviews.published", figure.Ask{}, "2 [Rowan, Ash]"},
			{"statutory published", "reviews.published", figure.Ask{Where: map[string]string{"kind": "statutory"}},
				"2 [Rowan, Ash]"},
			{"learning completed", "reviews.completed", figure.Ask{Where: map[string]string{"kind": "learning"}},
				"2 []"},
			{"commissioned completed", "reviews.completed", figure.Ask{Where: map[string]string{"kind": "commissioned"}},
				"1 []"},
			{"completed by kind", "reviews.completed", figure.Ask{By: "kind"},
				"statutory 1 [Ash], learning 2 [], commissioned 1 [], rapid-review 2 [], " +
					"national 0 []"},
			{"rapid reviews held", "reviews.rapid", figure.Ask{Where: map[string]string{"kind": "rapid-review"}}, "2 []"},
			{"published by theme", "reviews.published", figure.Ask{By: "theme"},
				"Harm outside the home 1 [Rowan], Neglect 2 [Rowan, Ash]"},
			{"published about one theme, by kind", "reviews.published",
				figure.Ask{By: "kind", Where: map[string]string{"kind": "statutory", "theme": "harm outside the home"}},
				"statutory 1 [Rowan]"},
			{"notified, without names", "reviews.notified", figure.Ask{}, "1 []"},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.ask.Period = period.Year(2023).Span()
				values, err := registry.Compute(t.Context(), c.id, c.ask)
				var got []string
				for _, v := range values {
					got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d [%s]", v.Dims[c.ask.By], v.Numerator,
						strings.Join(v.Items, ", "))))
				}
				if err != nil || strings.Join(got, ", ") != c.want {
					t.Errorf("got %q, %v; want %q", strings.Join(got, ", "), err, c.want)
				}
			})
		}
	})
}
