package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/testkit/filestest"
)

// The people of the tests.
var (
	manager = web.Person{ID: "manager", Name: "Business Manager (demonstration)", Email: "manager@tidewell.example",
		Permissions: map[web.Permission]bool{access.PlanRead: true, access.PlanReadAll: true, access.PlanManage: true}}
	partner = web.Person{ID: "ann", Name: "Agency Lead (demonstration)", Email: "ann@trust.example",
		OrganisationID: "trust", Permissions: map[web.Permission]bool{access.PlanRead: true}}
	reviewer = web.Person{ID: "sam", Name: "Sam Reviewer (demonstration)", Email: "sam@scrutiny.example",
		Permissions: map[web.Permission]bool{access.PlanRead: true, access.PlanScrutinise: true}}
	signer = web.Person{ID: "dot", Name: "Dot Director (demonstration)", Email: "dot@tidewell.example",
		OrganisationID: "council",
		Permissions:    map[web.Permission]bool{access.PlanRead: true, access.PlanReadAll: true, access.ReportSign: true}}
	otherSigner = web.Person{ID: "eve", Name: "Eve Chief (demonstration)", Email: "eve@trust.example",
		OrganisationID: "trust", Permissions: signer.Permissions}
	colleague = web.Person{ID: "cat", Name: "Cat Colleague (demonstration)", Email: "cat@trust.example",
		OrganisationID: "trust", Permissions: map[web.Permission]bool{access.PlanRead: true}}
)

// signedUp are the people with an account.
type signedUp []web.Person

func (s signedUp) WhoMay(_ context.Context, _ db.Reader, permission web.Permission) ([]web.Person, error) {
	return slices.DeleteFunc(slices.Clone([]web.Person(s)), func(p web.Person) bool { return !p.May(permission) }), nil
}

// newRoom makes a room on fresh stores, on the tests' day, whose ids count up.
func newRoom(t testing.TB, s testkit.Stores) *Room {
	t.Helper()
	n := 0
	now := clock.Fixed(time.Date(2024, 5, 20, 9, 0, 0, 0, time.UTC))
	r, err := New(Deps{Work: s.Work, Now: now, NewID: func() string { n++; return fmt.Sprintf("p%04d", n) },
		Files: filestest.New(t, s, now, nil), Site: mail.Fixed(mail.Site{Address: "https://kith.example"}),
		Mail:   &mail.Outbox{DB: s.Work, Now: now, NewID: func() string { n++; return fmt.Sprintf("m%04d", n) }},
		People: signedUp{manager, partner, colleague, reviewer},
		Partners: func(context.Context, db.Reader) ([]Partner, error) {
			return []Partner{{ID: "council", Name: "Tidewell Council"}, {ID: "trust", Name: "Tidewell Health Trust"}}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	at := db.At(r.Now())
	err = s.Work.Tx(t.Context(), func(q db.Q) error {
		if err := db.Insert(t.Context(), q, `INSERT INTO organisations (id, name, folded, sector, created_at)`, [][]any{
			{"council", "Tidewell Council", "tidewell council", "local-authority", at},
			{"trust", "Tidewell Health Trust", "tidewell health trust", "health", at},
		}, ""); err != nil {
			return err
		}
		return db.Insert(t.Context(), q, `
			INSERT INTO people (id, name, folded, email, organisation_id, active, created_at)`, [][]any{
			{"manager", "Business Manager", "business manager", "manager@tidewell.example", nil, true, at},
			{"sam", "Sam Reviewer", "sam reviewer", "sam@scrutiny.example", nil, true, at},
			{"cat", "Cat Colleague", "cat colleague", "cat@trust.example", "trust", true, at},
			{"ann", "Ann Lead", "ann lead", "ann@trust.example", "trust", true, at},
			{"old", "Old Lead", "old lead", "old@trust.example", "trust", false, at},
		}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// must gives the id of a record that could be kept.
func must(t testing.TB) func(id string, err error) string {
	return func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}

// addYears keeps the plans of two years: the first was judged, the second has
// three priorities.
func addYears(t testing.TB, r *Room) {
	t.Helper()
	ctx := t.Context()
	for _, y := range []string{"2023-24", "2024-25"} {
		if err := r.AddPlan(ctx, manager, Plan{Year: y, Title: "Business plan " + y}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []Priority{
		{Year: "2023-24", Title: "Neglect", Outcome: "Less of it.", Status: Achieved, JudgedOn: today,
			Achieved: "GCP2 in use."},
		{Year: "2023-24", Title: "Exploitation", Outcome: "Found sooner.", Status: Partly, JudgedOn: today,
			Achieved: "A tool.", Remains: "Its use."},
		{Year: "2023-24", Title: "Voice", Outcome: "Heard.", Status: UnderWay},
		{Year: "2024-25", Title: "Systemic practice", Outcome: "One way of working."},
		{Year: "2024-25", Title: "Education", Outcome: "Schools act sooner."},
		{Year: "2024-25", Title: "Embedding change", Outcome: "Learning is used.", Place: 9},
	} {
		must(t)(r.AddPriority(ctx, manager, p))
	}
}

func TestPlanActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		addYears(t, r)
		if err := r.AddPlan(ctx, manager, Plan{Year: "2024-25", Title: "Again"}); !errors.Is(err, ErrTaken) {
			t.Errorf("the same year: %v", err)
		}
		if err := r.SavePlan(ctx, manager, Plan{Year: "2024-25", Title: "The plan", AgreedOn: today},
			web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.DeletePlan(ctx, manager, "2024-25", web.Unwatched); !errors.Is(err, ErrUsed) {
			t.Errorf("delete a plan with priorities: %v", err)
		}
		if _, err := r.AddPriority(ctx, manager, Priority{Year: "2030-31", Title: "x", Outcome: "y"}); !errors.Is(err,
			db.ErrNotFound) {
			t.Errorf("a priority without a plan: %v", err)
		}
		var invalid *ui.Invalid
		if _, err := r.AddPriority(ctx, manager, Priority{Year: "2024-25", OwnerEmail: "old@trust.example"}); !errors.As(err,
			&invalid) || fields(invalid.Problems) != "title outcome owner" {
			t.Errorf("an empty priority of somebody who has left: %v", err)
		}

		all, err := r.Priorities(ctx, 2024)
		if err != nil || titles(all) != "Systemic practice, Education, Embedding change" || all[2].Place != 9 {
			t.Fatalf("%+v, %v", all, err)
		}
		p := all[1]
		p.OwnerEmail, p.Title = "ANN@trust.example", "Safeguarding and education"
		if err := r.SavePriority(ctx, manager, p, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.JudgePriority(ctx, manager, p.ID, Judgement{NotAchieved, today, "", ""}, web.Unwatched); !errors.As(err,
			&invalid) {
			t.Errorf("judged without words: %v", err)
		}
		if err := r.JudgePriority(ctx, manager, p.ID, Judgement{NotAchieved, today, "", "All of it: the post was empty."},
			web.Unwatched); err != nil {
			t.Fatal(err)
		}
		p, err = r.Priority(ctx, manager, p.ID)
		if err != nil || p.Owner != "Ann Lead" || p.Status != NotAchieved || p.JudgedOn != today {
			t.Errorf("%+v, %v", p, err)
		}
		if err := r.JudgePriority(ctx, manager, p.ID, Judgement{UnderWay, today, "", ""}, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		progress, err := r.Progress(ctx, 2023)
		if err != nil || titles(progress) != "Neglect, Exploitation" || progress[1].Remains != "Its use." {
			t.Errorf("%+v, %v", progress, err)
		}
		must(t)(r.AddAction(ctx, manager, Action{Title: "Visit schools", SourceKind: FromPriority, PriorityID: db.Opt(p.ID),
			OrganisationID: "council", DueOn: today}))
		if err := r.DeletePriority(ctx, manager, p.ID, web.Unwatched); !errors.Is(err, ErrUsed) {
			t.Errorf("delete a priority with actions: %v", err)
		}
		if err := r.DeletePriority(ctx, manager, all[0].ID, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.AddPlan(ctx, manager, Plan{Year: "2025-26", Title: "By mistake"}); err != nil {
			t.Fatal(err)
		}
		if err := r.DeletePlan(ctx, manager, "2025-26", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if years, err := r.Plans(ctx); err != nil || len(years) != 2 || years[0].Year != "2024-25" ||
			years[0].AgreedOn != today {
			t.Errorf("%+v, %v", years, err)
		}
	})
}

func titles(all []Priority) string {
	var out []string
	for _, p := range all {
		out = append(out, p.Title)
	}
	return strings.Join(out, ", ")
}

func TestRegisterActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		rec := must(t)(r.AddRecommendation(ctx, manager, Recommendation{Words: "Ask fathers too.", SourceKind: FromReview,
			Source: "Rowan", MadeOn: day("2024-01-10")}))
		id := must(t)(r.AddAction(ctx, manager, Action{Title: "Change the form", SourceKind: FromReview, Source: "Rowan",
			RecommendationID: db.Opt(rec), OwnerEmail: "ann@trust.example", DueOn: day("2024-05-01")}))
		a, err := r.Action(ctx, id)
		if err != nil || a.OwnedBy() != "Ann Lead" || a.Recommendation != "Ask fathers too." || !a.Late(today) {
			t.Fatalf("%+v, %v", a, err)
		}
		var invalid *ui.Invalid
		if _, err := r.AddAction(ctx, manager, Action{Title: "x", SourceKind: FromReview, Source: "y",
			OwnerEmail: "nobody@x.example", DueOn: today}); !errors.As(err, &invalid) || fields(invalid.Problems) != "owner" {
			t.Errorf("an owner whom nobody knows: %v", err)
		}
		if err := r.DeleteRecommendation(ctx, manager, rec, web.Unwatched); !errors.Is(err, ErrUsed) {
			t.Errorf("delete a recommendation with actions: %v", err)
		}
		if err := r.FinishAction(ctx, manager, id, today, "", "", web.Unwatched); !errors.As(err, &invalid) {
			t.Errorf("done without evidence: %v", err)
		}
		if err := r.FinishAction(ctx, manager, id, period.Date{}, "The form", "", web.Unwatched); !errors.As(err, &invalid) {
			t.Errorf("done on no day: %v", err)
		}
		if err := r.FinishAction(ctx, manager, id, today, "The form", "Fathers are asked.", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.DropAction(ctx, manager, id, today, "x", web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("drop what is done: %v", err)
		}
		if err := r.DeleteAction(ctx, manager, id, web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("delete what is done: %v", err)
		}
		a, _ = r.Action(ctx, id)
		a.Title, a.OwnerEmail, a.OwnerID, a.OrganisationID = "Change both forms", "", "", "trust"
		if err := r.SaveAction(ctx, manager, a, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if a, _ = r.Action(ctx, id); a.Status != Done || a.Impact != "Fathers are asked." ||
			a.OwnedBy() != "Tidewell Health Trust" {
			t.Errorf("changed: %+v", a)
		}
		if v, err := r.Recommendation(ctx, manager, rec); err != nil || v.Actions != 1 || v.Done != 1 {
			t.Errorf("%+v, %v", v, err)
		}
		if err := r.ReopenAction(ctx, manager, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.ReopenAction(ctx, manager, id, web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("reopen what is open: %v", err)
		}
		if err := r.DropAction(ctx, manager, id, today, "The form is gone.", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if v, err := r.Recommendation(ctx, manager, rec); err != nil || v.Actions != 0 {
			t.Errorf("a dropped action counts: %+v, %v", v, err)
		}
		if err := r.DeleteRecommendation(ctx, manager, rec, web.Unwatched); !errors.Is(err, ErrUsed) {
			t.Errorf("delete a recommendation whose action was dropped: %v", err)
		}
		if err := r.DeleteAction(ctx, manager, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		v, _ := r.Recommendation(ctx, manager, rec)
		v.Response = "Agreed."
		if err := r.SaveRecommendation(ctx, manager, v, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		all, total, err := r.Recommendations(ctx, Filter{Text: "rowan", State: "without", By: manager, Limit: 9})
		if err != nil || total != 1 || all[0].Response != "Agreed." {
			t.Errorf("%+v, %v", all, err)
		}
		if err := r.DeleteRecommendation(ctx, manager, rec, web.Unwatched); err != nil {
			t.Fatal(err)
		}
	})
}

func TestScrutinyActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		id := must(t)(r.AddScrutiny(ctx, manager,
			Scrutiny{Subject: "The front door", Scrutineer: "Scrutineer (demonstration)", Method: "Visit",
				SeenOn: day("2024-02-01"), Challenge: "Who answers at night?"}))
		if all, total, err := r.Scrutinies(ctx, Filter{State: "waiting", Text: "visit", Limit: 9}); err != nil ||
			total != 1 || all[0].ID != id {
			t.Errorf("%+v, %v", all, err)
		}
		v, err := r.Scrutiny(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		v.Response, v.RespondedOn = "The duty team.", today
		if err := r.SaveScrutiny(ctx, manager, v, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, total, err := r.Scrutinies(ctx, Filter{State: "waiting", Limit: 9}); err != nil || total != 0 {
			t.Errorf("answered: %d, %v", total, err)
		}
		if err := r.DeleteScrutiny(ctx, manager, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Scrutiny(ctx, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

// addActions keeps five actions: late, due soon, due later, done late, dropped.
func addActions(t testing.TB, r *Room) {
	t.Helper()
	for _, a := range []Action{
		{Title: "Later", SourceKind: FromAudit, Source: "Pre-birth", OrganisationID: "trust", DueOn: day("2024-09-01")},
		{Title: "Done late", SourceKind: FromReview, Source: "Rowan", OrganisationID: "council", DueOn: day("2024-02-01"),
			DoneOn: day("2024-03-30"), Evidence: "x"},
		{Title: "Done after the year", SourceKind: FromReview, Source: "Rowan", OrganisationID: "council",
			DueOn: day("2024-03-31"), DoneOn: day("2024-04-01"), Evidence: "x"},
		{Title: "Soon", SourceKind: FromFamily, Source: "Parents' group", OwnerID: "ann", DueOn: day("2024-06-03")},
		{Title: "Late", SourceKind: FromAudit, Source: "Pre-birth", OrganisationID: "council", DueOn: day("2024-03-01")},
		{Title: "Dropped", SourceKind: FromScrutiny, Source: "Visit", OrganisationID: "trust", DueOn: day("2024-03-01"),
			DroppedOn: day("2024-03-02"), Evidence: "x"},
	} {
		must(t)(r.AddAction(t.Context(), manager, a))
	}
}

func TestActionLists(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		addActions(t, r)
		for _, c := range []struct {
			name string
			f    ActionFilter
			want string
		}{
			{"what is overdue comes first", ActionFilter{}, "Late, Soon, Later, Done late, Dropped, Done after the year"},
			{"late", ActionFilter{State: "late"}, "Late"},
			{"soon", ActionFilter{State: "soon"}, "Soon"},
			{"done", ActionFilter{State: "done"}, "Done late, Done after the year"},
			{"from a review, by title", ActionFilter{Kind: "review", Sort: "title"}, "Done after the year, Done late"},
			{"an organisation's, and its people's", ActionFilter{Organisation: "trust", State: "open"}, "Soon, Later"},
			{"text finds the source", ActionFilter{Text: "PARENTS'"}, "Soon"},
			{"an agency's own alone", ActionFilter{By: partner, State: "open"}, "Soon, Later"},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.f.Limit = 10
				if c.f.By.ID == "" {
					c.f.By = manager
				}
				all, total, err := r.Actions(ctx, c.f)
				var got []string
				for _, a := range all {
					got = append(got, a.Title)
				}
				if err != nil || strings.Join(got, ", ") != c.want || total != len(all) {
					t.Errorf("got %q of %d, %v; want %q", got, total, err, c.want)
				}
			})
		}
		todos, err := r.Todos(ctx, partner)
		if err != nil || len(todos) != 1 || todos[0].Title != "Soon" || todos[0].Late {
			t.Errorf("the partner's todos: %+v, %v", todos, err)
		}
		todos, err = r.Todos(ctx, manager)
		if err != nil || len(todos) != 2 || todos[0].Title != "1 action is late" || !todos[0].Late ||
			!todos[1].Others {
			t.Errorf("the manager's todos: %+v, %v", todos, err)
		}
		if todos, err := r.Todos(ctx, web.Person{ID: "x"}); err != nil || len(todos) != 0 {
			t.Errorf("todos of somebody else: %+v, %v", todos, err)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		addYears(t, r)
		addActions(t, r)
		registry := figure.NewRegistry(figure.Stores{Work: r.Work}, r.Figures()...)
		for _, c := range []struct {
			name, id, year string
			ask            figure.Ask
			want           string
		}{
			{"priorities", "plan.priorities", "2024-25", figure.Ask{}, "3 [Systemic practice, Education, Embedding change]"},
			{"priorities by status", "plan.priorities", "2023-24", figure.Ask{By: "status"},
				"achieved 1 [Neglect], partly 1 [Exploitation], not 0 [], under-way 1 [Voice]"},
			{"priorities of two years", "plan.priorities", "2023-04-01..2025-03-31",
				figure.Ask{Where: map[string]string{"status": "under-way"}},
				"4 [Voice, Systemic practice, Education, Embedding change]"},
			{"achieved", "plan.priorities_achieved", "2023-24", figure.Ask{}, "1 [Neglect]"},
			{"achieved, by how they were judged", "plan.priorities_achieved", "2023-24", figure.Ask{By: "status"},
				"achieved 1 [Neglect], partly 1 [Exploitation], not 0 []"},
			{"actions done", "plan.actions_done", "2023-24", figure.Ask{}, "1 []"},
			{"actions done in the next year", "plan.actions_done", "2024-25",
				figure.Ask{Where: map[string]string{"source": "review"}}, "1 []"},
			{"share done, without the dropped, by the year's end", "plan.actions_percent", "2023-24", figure.Ask{}, "1/3 []"},
			{"share by source", "plan.actions_percent", "2023-24", figure.Ask{By: "source"},
				"review 1/2 [], audit 0/1 [], scrutiny 0/0 [], family 0/0 [], priority 0/0 []"},
		} {
			t.Run(c.name, func(t *testing.T) {
				span, err := period.Parse(c.year)
				if err != nil {
					t.Fatal(err)
				}
				c.ask.Period = span
				values, err := registry.Compute(t.Context(), c.id, c.ask)
				var got []string
				for _, v := range values {
					n := fmt.Sprint(v.Numerator)
					if v.Denominator != nil {
						n = fmt.Sprintf("%d/%d", v.Numerator, *v.Denominator)
					}
					got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s [%s]", v.Dims[c.ask.By], n, strings.Join(v.Items, ", "))))
				}
				if err != nil || strings.Join(got, ", ") != c.want {
					t.Errorf("got %q, %v; want %q", strings.Join(got, ", "), err, c.want)
				}
			})
		}
		var held *figure.NotHeld
		for _, span := range []period.Span{period.Year(2019).Span(), {From: day("2023-01-01"), To: day("2023-12-31")}} {
			if _, err := registry.Compute(t.Context(), "plan.priorities", figure.Ask{Period: span}); !errors.As(err, &held) {
				t.Errorf("priorities of %s: %v", span, err)
			}
		}
	})
}
