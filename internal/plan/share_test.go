package plan

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// What is counted for somebody is what the list of actions has for them, whoever they are; and
// the program, for which nobody asks, counts none.
func TestCountsAreOfTheList(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		addYears(t, r)
		list, err := r.Priorities(ctx, 2024)
		if err != nil {
			t.Fatal(err)
		}
		id := list[2].ID
		rec := must(t)(r.AddRecommendation(ctx, manager, Recommendation{Words: "Ask fathers too.", SourceKind: FromAudit,
			Source: "Pre-birth", MadeOn: today}))
		for _, a := range []Action{
			{Title: "The council's", OrganisationID: "council", DoneOn: today, Evidence: "x"},
			{Title: "Another", OrganisationID: "council"},
			{Title: "The trust's", OrganisationID: "trust", DoneOn: today, Evidence: "x"},
			{Title: "Ann's own", OwnerID: "ann"},
			{Title: "Dropped", OrganisationID: "trust", DroppedOn: today, Evidence: "x"},
		} {
			a.SourceKind, a.Source, a.PriorityID, a.RecommendationID, a.DueOn = FromAudit, "x", db.Opt(id), db.Opt(rec), today
			must(t)(r.AddAction(ctx, manager, a))
		}
		both := colleague
		both.For = map[web.Permission][]string{access.PlanRead: {"trust", "council"}}
		for _, c := range []struct {
			name    string
			by      web.Person
			want    string
			without int
		}{
			{"the manager", manager, "2 of 4", 0},
			{"an agency's lead", partner, "1 of 2", 0},
			{"a colleague", colleague, "1 of 1", 0},
			{"who acts for two", both, "2 of 3", 0},
			{"who acts for none", reviewer, "0 of 0", 1},
			{"nobody", web.Person{}, "0 of 0", 1},
		} {
			t.Run(c.name, func(t *testing.T) {
				p, err := r.Priority(ctx, c.by, id)
				v, err2 := r.Recommendation(ctx, c.by, rec)
				some, _, err3 := priorities(ctx, r.Work, Filter{Text: "embedding", By: c.by, Limit: 9})
				recs, _, err4 := r.Recommendations(ctx, Filter{By: c.by, Limit: 9})
				without, n, err5 := r.Recommendations(ctx, Filter{State: "without", By: c.by, Limit: 9})
				if err != nil || err2 != nil || err3 != nil || err4 != nil || err5 != nil || len(some) != 1 || len(recs) != 1 {
					t.Fatal(err, err2, err3, err4, err5, some, recs)
				}
				for _, got := range []string{fmt.Sprintf("%d of %d", p.Done, p.Actions), fmt.Sprintf("%d of %d", v.Done, v.Actions),
					fmt.Sprintf("%d of %d", some[0].Done, some[0].Actions),
					fmt.Sprintf("%d of %d", recs[0].Done, recs[0].Actions)} {
					if got != c.want {
						t.Errorf("%s, want %s", got, c.want)
					}
				}
				if n != c.without || len(without) != n {
					t.Errorf("%d are without an action, want %d", n, c.without)
				}
				all, _, err := r.Actions(ctx, ActionFilter{PriorityID: id, By: c.by, Limit: 9})
				listed, done := 0, 0
				for _, a := range all {
					if a.Status != Dropped {
						listed++
					}
					if a.Status == Done {
						done++
					}
				}
				if got := fmt.Sprintf("%d of %d", done, listed); err != nil || got != c.want {
					t.Errorf("the list has %s, %v; want %s", got, err, c.want)
				}
			})
		}
	})
}

// What is found in the workspace names no review, and counts no actions for anybody.
func TestFoundNamesNoReview(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		addYears(t, r)
		list, err := r.Priorities(ctx, 2024)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []SourceKind{FromReview, FromAudit} {
			rec := must(t)(r.AddRecommendation(ctx, manager, Recommendation{Words: "Ask fathers too.", SourceKind: k,
				Source: "Rowan " + string(k), MadeOn: today}))
			must(t)(r.AddAction(ctx, manager, Action{Title: "Do it", SourceKind: k, Source: "Rowan " + string(k),
				RecommendationID: db.Opt(rec), PriorityID: db.Opt(list[0].ID), OrganisationID: "council", DueOn: today}))
		}
		var found strings.Builder
		for _, s := range r.Searchable() {
			docs, err := s.Read(ctx, r.Work, nil)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, d := range docs {
				ids = append(ids, d.Record)
				fmt.Fprintln(&found, d.Title, d.Details, d.Body)
			}
			if s.Describe == nil || len(ids) == 0 {
				continue
			}
			lines, err := s.Describe(ctx, r.Work, ids)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				fmt.Fprintln(&found, l.Details, l.Tag)
			}
		}
		got := found.String()
		if strings.Count(got, "Rowan audit") != 2 || !strings.Contains(got, "Recommendation · A review · 20 May 2024") {
			t.Errorf("what names a source is not found: %s", got)
		}
		for _, not := range []string{"Rowan review", "action", "In hand", " done"} {
			if strings.Contains(got, not) {
				t.Errorf("%q is found: %s", not, got)
			}
		}
	})
}

// The words for each share of the actions.
func TestShareWords(t *testing.T) {
	t.Parallel()
	all, agency, person := share{All: true, Organisation: true}, share{Organisation: true}, share{}
	for _, c := range []struct {
		in            share
		actions, done int64
		listed        int
		want          string
	}{
		{all, 4, 1, 4, "Actions: 1 of 4 done"},
		{all, 0, 0, 0, "Actions: None yet"},
		{all, 0, 0, 2, "Actions: All of them were dropped"},
		{agency, 1, 1, 1, "Your organisation's actions: 1 of 1 done"},
		{agency, 0, 0, 0, "Actions: None of its actions is your organisation's"},
		{agency, 0, 0, 2, "Your organisation's actions: All of them were dropped"},
		{person, 2, 1, 2, "Your actions: 1 of 2 done"},
		{person, 0, 0, 0, "Actions: None of its actions is yours"},
	} {
		key, words := c.in.Row(c.actions, c.done, c.listed)
		if got := key + ": " + words; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	for want, n := range map[string]Recommendation{"None of yours": {}, "In hand": {Actions: 2, Done: 1},
		"All of yours done": {Actions: 2, Done: 2}} {
		if got := agency.Standing(n).Words; got != want {
			t.Errorf("%+v: %q, want %q", n, got, want)
		}
	}
	if got := all.Standing(Recommendation{}).Words; got != "No action yet" {
		t.Error(got)
	}
}

// Where an action comes from, on Home and on its page, names a review to who may read it alone.
func TestWhence(t *testing.T) {
	t.Parallel()
	reads := partner
	reads.Permissions = map[web.Permission]bool{access.PlanRead: true, access.ReviewsRead: true}
	for _, c := range []struct {
		kind SourceKind
		by   web.Person
		want string
	}{
		{FromReview, partner, "From a review."},
		{FromReview, reads, "From Review: Rowan."},
		{FromReview, manager, "From Review: Rowan."},
		{FromAudit, partner, "From Audit: Rowan."},
	} {
		a := Action{SourceKind: c.kind, Source: "Rowan", OrganisationID: "trust", DueOn: today}
		if got := a.todo(c.by, today).Words; got != c.want {
			t.Errorf("%s, to %s: %q, want %q", c.kind, c.by.Name, got, c.want)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("seven, ", 12) // the eightieth letter is within a word
	for in, want := range map[string]string{
		"Ask about fathers.":     "Ask about fathers.",
		words:                    strings.Repeat("seven, ", 10) + "seven…",
		strings.Repeat("e", 90):  strings.Repeat("e", 79) + "…",
		strings.Repeat("é ", 40): strings.Repeat("é ", 40),
	} {
		if got := short(in); got != want {
			t.Errorf("short(%q) = %q, want %q", in, got, want)
		}
	}
}
