package audits

import (
	"context"
	"errors"
	"fmt"
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
)

// The people of the tests.
var (
	officer = web.Person{ID: "officer", Name: "Quality Officer (demonstration)",
		Permissions: map[web.Permission]bool{access.AuditsRead: true, access.AuditsManage: true}}
	school = web.Person{ID: "head", Name: "School Lead (demonstration)", OrganisationID: "north",
		Permissions: map[web.Permission]bool{access.AuditsAnswer: true}}
	head = web.Person{ID: "two", Name: "Head of two (demonstration)", OrganisationID: "council",
		Permissions: map[web.Permission]bool{access.AuditsAnswer: true},
		For:         map[web.Permission][]string{access.AuditsAnswer: {"south", "west"}}}
)

// A postbox keeps what is queued, for a test to read.
type postbox struct{ sent []mail.Message }

func (p *postbox) Queue(_ context.Context, _ db.Q, m mail.Message) error {
	p.sent = append(p.sent, m)
	return nil
}

// newRoom makes a room on fresh stores, on the tests' day, whose ids count up,
// among five organisations.
func newRoom(t testing.TB, s testkit.Stores) (*Room, *postbox) {
	t.Helper()
	n, box := 0, &postbox{}
	r, err := New(Deps{Work: s.Work, Now: clock.Fixed(time.Date(2024, 3, 20, 9, 0, 0, 0, time.UTC)), Mail: box,
		Site:  mail.Fixed(mail.Site{Address: "https://work.tidewell.example"}),
		NewID: func() string { n++; return fmt.Sprintf("a%02d", n) }})
	if err != nil {
		t.Fatal(err)
	}
	now := db.At(r.Now())
	err = s.Work.Tx(t.Context(), func(q db.Q) error {
		var orgs [][]any
		for _, o := range []string{"council Tidewell Council local-authority", "trust Tidewell Health Trust health",
			"north North School education", "south South School education", "west West College education"} {
			f := strings.Fields(o)
			name := strings.Join(f[1:len(f)-1], " ")
			orgs = append(orgs, []any{f[0], name, db.Fold(name), f[len(f)-1], now})
		}
		if err := db.Insert(t.Context(), q, `INSERT INTO organisations (id, name, folded, sector, created_at)`, orgs,
			""); err != nil {
			return err
		}
		return db.Insert(t.Context(), q, `
			INSERT INTO people (id, name, folded, email, organisation_id, active, created_at)`, [][]any{
			{"head", "Ada North", "ada north", "ada@north.example", "north", true, now},
			{"deputy", "Bo South", "bo south", "bo@south.example", "south", true, now},
			{"left", "Cy South", "cy south", "cy@south.example", "south", false, now},
		}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, box
}

// add keeps an audit and fails the test when it cannot.
func add(t testing.TB, r *Room, a Audit) string {
	t.Helper()
	id, err := r.AddAudit(t.Context(), officer, a)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// addRound keeps a round that asks every school, and the council too when it is
// of Section 11.
func addRound(t testing.TB, r *Room, s Standard, title string) string {
	t.Helper()
	id, err := r.AddRound(t.Context(), officer, Round{Standard: s, Year: "2023-24", Title: title,
		OpenedOn: day("2024-01-08"), DueOn: day("2024-03-07")})
	if err != nil {
		t.Fatal(err)
	}
	whom := []string{"north", "south", "west"}
	if s == Section11 {
		whom = []string{"council", "trust"}
	}
	if n, err := r.AskRound(t.Context(), officer, id, whom, day("2024-01-08")); err != nil || n != len(whom) {
		t.Fatal(n, err)
	}
	return id
}

// mark moves an organisation's return to a state, and leaves its contact.
func mark(r *Room, roundID, organisationID string, to State, on period.Date) error {
	p, err := participant(context.Background(), r.Work, roundID, organisationID)
	if err != nil {
		return err
	}
	p.State = to
	return r.SaveParticipant(context.Background(), officer, p, on, web.Unwatched)
}

func TestAuditActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		ctx := t.Context()
		var invalid *ui.Invalid
		if _, err := r.AddAudit(ctx, officer, Audit{}); !errors.As(err, &invalid) || len(invalid.Problems) != 2 {
			t.Errorf("an empty audit: %v", err)
		}
		id := add(t, r, Audit{Title: "Pre-birth", Theme: "Pre-birth arrangements", Cases: 6, DueOn: day("2024-03-01"),
			Agencies: IDs{"trust", "council", "trust"}})
		a, err := r.Audit(ctx, id)
		if err != nil || a.Stage != Planned || strings.Join(a.Agencies, " ") != "council trust" {
			t.Fatalf("%+v, %v", a, err)
		}
		if todos, err := r.Todos(ctx, officer); err != nil || len(todos) != 1 ||
			todos[0].Title != "Audit overdue: Pre-birth" || !todos[0].Late {
			t.Errorf("todos: %+v, %v", todos, err)
		}
		for _, c := range []struct {
			step, findings string
			want           Stage
			ok             bool
		}{
			{"shared", "x", Planned, false},
			{"started", "", UnderWay, true},
			{"started", "", UnderWay, false},
			{"completed", "", Completed, true},
			{"shared", "", Completed, false}, // nothing was found yet
			{"shared", "Plans come earlier than they did.", Shared, true},
		} {
			if err := r.StepAudit(ctx, officer, id, c.step, today, c.findings, web.Unwatched); (err == nil) != c.ok {
				t.Errorf("%s: %v", c.step, err)
			}
			if a, _ := r.Audit(ctx, id); a.Stage != c.want {
				t.Errorf("after %s: %s, want %s", c.step, a.Stage, c.want)
			}
		}
		if err := r.DeleteAudit(ctx, officer, id, web.Unwatched); !errors.Is(err, ErrCompleted) {
			t.Errorf("delete what is completed: %v", err)
		}
		if err := r.ReopenAudit(ctx, officer, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		a, _ = r.Audit(ctx, id)
		a.Title, a.Agencies = "Before birth", nil
		if err := r.SaveAudit(ctx, officer, a, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if a, _ = r.Audit(ctx, id); a.Title != "Before birth" || a.Agencies != nil || a.Stage != UnderWay {
			t.Errorf("changed: %+v", a)
		}
		if err := r.DeleteAudit(ctx, officer, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Audit(ctx, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestRoundActions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		ctx := t.Context()
		id := addRound(t, r, Section175, "Safer workforce")
		if _, err := r.AddRound(ctx, officer, Round{Standard: Section175, Year: "2023-24", Title: "safer  WORKFORCE",
			OpenedOn: today, DueOn: today}); !errors.Is(err, ErrTaken) {
			t.Errorf("the same round: %v", err)
		}
		if n, err := r.AskRound(ctx, officer, id, []string{"north", "trust"}, today); err != nil || n != 1 {
			t.Errorf("asked again: %d, %v", n, err)
		}
		if err := r.RemoveParticipant(ctx, officer, id, "trust", web.Unwatched); err != nil {
			t.Fatal(err)
		}

		if err := r.AnswerRound(ctx, school, id, "north", Started); err != nil {
			t.Fatal(err)
		}
		if err := r.AnswerRound(ctx, school, id, "north", Started); !errors.Is(err, ErrBegun) {
			t.Errorf("started twice: %v", err)
		}
		if err := r.AnswerRound(ctx, school, id, "north", Submitted); err != nil {
			t.Fatal(err)
		}
		if err := r.AnswerRound(ctx, school, id, "north", Submitted); !errors.Is(err, ErrAnswered) {
			t.Errorf("submitted twice: %v", err)
		}
		if err := r.AnswerRound(ctx, head, id, "south", Started); err != nil {
			t.Errorf("the head of two schools: %v", err)
		}
		if err := r.AnswerRound(ctx, school, id, "south", Submitted); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("for another: %v", err)
		}
		if err := r.AnswerRound(ctx, head, id, "council", Submitted); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("not asked: %v", err)
		}
		if err := mark(r, id, "south", Moderated, today); err != nil {
			t.Fatal(err)
		}
		var invalid *ui.Invalid
		if err := mark(r, id, "west", Submitted, today.AddDays(1)); !errors.As(err, &invalid) {
			t.Errorf("submitted tomorrow: %v", err)
		}
		v, err := r.Round(ctx, id)
		if err != nil || v.Asked != 3 || v.Submitted != 2 || v.Came() != "2 of 3 submitted (67%)" {
			t.Errorf("%+v, %v", v, err)
		}
		if err := r.DeleteRound(ctx, officer, id, web.Unwatched); !errors.Is(err, ErrReturns) {
			t.Errorf("delete a round with returns: %v", err)
		}
		if err := r.RemoveParticipant(ctx, officer, id, "south", web.Unwatched); !errors.Is(err, ErrReturned) {
			t.Errorf("remove who has answered: %v", err)
		}
		if err := r.CloseRound(ctx, officer, id, today, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.AnswerRound(ctx, school, id, "north", Submitted); !errors.Is(err, ErrTooLate) {
			t.Errorf("answer in a closed round: %v", err)
		}
		for name, err := range map[string]error{
			"close": r.CloseRound(ctx, officer, id, today, web.Unwatched), "mark": mark(r, id, "west", Started, today),
			"remove": r.RemoveParticipant(ctx, officer, id, "west", web.Unwatched),
		} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%s in a closed round: %v", name, err)
			}
		}
		if _, err := r.ChaseRound(ctx, officer, id); !errors.Is(err, ErrClosed) {
			t.Errorf("chase in a closed round: %v", err)
		}
		if err := r.ReopenRound(ctx, officer, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := r.ReopenRound(ctx, officer, id, web.Unwatched); !errors.Is(err, ErrNotClosed) {
			t.Errorf("reopen an open round: %v", err)
		}
		v.Title = "Safer recruitment"
		if err := r.SaveRound(ctx, officer, v, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		empty := addRound(t, r, Section11, "Thresholds")
		if err := r.DeleteRound(ctx, officer, empty, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		all, total, err := r.Rounds(ctx, RoundFilter{Text: "safer", Limit: 9})
		if err != nil || total != 1 || all[0].Title != "Safer recruitment" || all[0].Closed() {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestChasing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, box := newRoom(t, s)
		ctx := t.Context()
		id := addRound(t, r, Section175, "Safer workforce")
		for org, person := range map[string]db.Opt{"north": "head", "south": "deputy"} {
			p := Participant{RoundID: id, OrganisationID: org, ContactID: person, State: Asked}
			if err := r.SaveParticipant(ctx, officer, p, period.Date{}, web.Unwatched); err != nil {
				t.Fatal(err)
			}
		}
		if err := mark(r, id, "south", Submitted, day("2024-03-01")); err != nil {
			t.Fatal(err)
		}
		todos, err := r.Todos(ctx, school)
		if err != nil || len(todos) != 1 || todos[0].Title != "Section 175 self-assessment: Safer workforce" ||
			!todos[0].Late {
			t.Errorf("the school's todos: %+v, %v", todos, err)
		}
		todos, err = r.Todos(ctx, officer)
		if err != nil || len(todos) != 1 || todos[0].Title != "Section 175: 2 schools and colleges to go" {
			t.Errorf("the officer's todos: %+v, %v", todos, err)
		}

		n, err := r.ChaseRound(ctx, officer, id)
		if err != nil || n != 1 || len(box.sent) != 1 {
			t.Fatalf("chased %d, %v", n, err)
		}
		m := box.sent[0]
		if m.ToAddress != "ada@north.example" || !strings.Contains(m.Body, "It was due on 7 March 2024.") ||
			!strings.Contains(m.Body, "https://work.tidewell.example/work/audits/rounds/"+id+"/answer") {
			t.Errorf("%+v", m)
		}
		if n, err := r.ChaseRound(ctx, officer, id); err != nil || n != 0 {
			t.Errorf("chased again: %d, %v", n, err)
		}
		c, err := r.Missing(ctx, id)
		if err != nil || len(c.Reachable) != 0 || len(c.Recent) != 1 || len(c.NoContact) != 1 ||
			c.NoContact[0].Organisation != "West College" {
			t.Errorf("%+v, %v", c, err)
		}
		r.Now = clock.Fixed(r.Now().Add(25 * time.Hour))
		if n, err := r.ChaseRound(ctx, officer, id); err != nil || n != 1 {
			t.Errorf("chased the next day: %d, %v", n, err)
		}
		next := addRound(t, r, Section175, "Attendance")
		if c, err := r.Missing(ctx, next); err != nil || len(c.Reachable) != 2 || c.Reachable[0].Contact != "Ada North" {
			t.Errorf("who answered before is asked again: %+v, %v", c, err)
		}
		all, total, err := r.Participants(ctx, officer, id, ParticipantFilter{State: "missing", Sort: "chased", Desc: true,
			Limit: 1})
		if err != nil || total != 2 || all[0].Organisation != "North School" || all[0].Chased != 2 {
			t.Errorf("%+v of %d, %v", all, total, err)
		}
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		addYear(t, r)
		for _, c := range []struct {
			name string
			f    Filter
			want string
		}{
			{"newest completed first, the open ones last", Filter{Sort: "completed", Desc: true},
				"Exploitation, Before birth, Substances, Little ones, Older, Planned"},
			{"stage", Filter{Stage: "planned"}, "Planned"},
			{"theme", Filter{Theme: "child EXPLOITATION"}, "Exploitation"},
			{"text finds the theme", Filter{Text: "parental"}, "Substances"},
			{"year", Filter{Year: period.Year(2022).Span()}, "Older"},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.f.Limit = 10
				all, total, err := r.Audits(t.Context(), c.f)
				if got := titles(all); err != nil || got != c.want || total != len(all) {
					t.Errorf("got %q of %d, %v; want %q", got, total, err, c.want)
				}
			})
		}
		done, err := r.Completed(t.Context(), period.Year(2023).Span())
		if got := titles(done); err != nil || got != "Little ones, Substances, Before birth, Exploitation" {
			t.Errorf("completed: %q, %v", got, err)
		}
	})
}

// addYear keeps the four audits of the year, and two that must not be counted.
func addYear(t testing.TB, r *Room) {
	t.Helper()
	for _, a := range []Audit{
		{Title: "Little ones", Theme: "Children aged 0 to 5 who are looked after", CompletedOn: day("2023-06-01")},
		{Title: "Substances", Theme: "Parental substance misuse", CompletedOn: day("2023-09-01")},
		{Title: "Before birth", Theme: "Pre-birth arrangements", CompletedOn: day("2023-12-01")},
		{Title: "Exploitation", Theme: "Child exploitation", CompletedOn: day("2024-03-19")},
		{Title: "Older", Theme: "Neglect", CompletedOn: day("2023-03-31")},
		{Title: "Planned", Theme: "Neglect", DueOn: day("2024-06-01")},
	} {
		add(t, r, a)
	}
}

func titles(all []Audit) string {
	var out []string
	for _, a := range all {
		out = append(out, a.Title)
	}
	return strings.Join(out, ", ")
}

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		addYear(t, r)
		schools, others := addRound(t, r, Section175, "Safer workforce"), addRound(t, r, Section11, "Thresholds")
		for _, x := range []struct{ round, org string }{{schools, "north"}, {schools, "south"}, {others, "trust"}} {
			if err := mark(r, x.round, x.org, Submitted, today); err != nil {
				t.Fatal(err)
			}
		}
		registry := figure.NewRegistry(figure.Stores{Work: r.Work}, r.Figures()...)
		silent := addRound(t, r, Section175, "Attendance") // nothing is entered for it
		for _, c := range []struct {
			name, id string
			ask      figure.Ask
			want     string
		}{
			{"audits", "audits.multi_agency", figure.Ask{}, "4 [Little ones, Substances, Before birth, Exploitation]"},
			{"audits by theme", "audits.multi_agency", figure.Ask{By: "theme"},
				"Child exploitation 1 [Exploitation], Children aged 0 to 5 who are looked after 1 [Little ones], Parental " +
					"substance misuse 1 [Substances], Pre-birth arrangements 1 [Before birth]"},
			{"audits on one theme", "audits.multi_agency",
				figure.Ask{Where: map[string]string{"theme": "Pre-Birth arrangements"}}, "1 [Before birth]"},
			{"returns", "audits.returns", figure.Ask{}, "3 []"},
			{"returns by standard", "audits.returns", figure.Ask{By: "standard"}, "section-11 1 [], section-175 2 []"},
			{"returns by sector", "audits.returns", figure.Ask{By: "sector"},
				"local-authority 0 [], health 1 [], education 2 []"},
			{"share", "audits.returns_percent", figure.Ask{}, "3/5 []"},
			{"share of schools", "audits.returns_percent", figure.Ask{Where: map[string]string{"standard": "section-175"}},
				"2/3 []"},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.ask.Period = period.Year(2023).Span()
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
		share := func(where map[string]string) (figure.Value, error) {
			return registry.One(t.Context(), "audits.returns_percent",
				figure.Ask{Period: period.Year(2023).Span(), Where: where})
		}
		if v, err := share(nil); err != nil ||
			v.Note != "Without Section 175, Attendance, for which no answer has been entered." {
			t.Errorf("a round without an answer: %q, %v", v.Note, err)
		}
		var held *figure.NotHeld
		for _, x := range []struct{ round, org string }{{schools, "north"}, {schools, "south"}} {
			if err := mark(r, x.round, x.org, Asked, today); err != nil {
				t.Fatal(err)
			}
		}
		if v, err := share(map[string]string{"standard": "section-175"}); !errors.As(err, &held) ||
			!strings.Contains(held.Words, "nothing was entered") {
			t.Errorf("schools when nothing was entered: %v %%, %v", v.Number(), err)
		}
		before := figure.Ask{Period: period.Year(2021).Span()}
		if v, err := registry.One(t.Context(), "audits.returns_percent", before); !errors.As(err, &held) {
			t.Errorf("a year without a round: %v %%, %v", v.Number(), err)
		}
		if v, err := r.Round(t.Context(), silent); err != nil || strings.Contains(v.Came(), "%") {
			t.Errorf("the page of a round without an answer: %q, %v", v.Came(), err)
		}
		if _, err := registry.Compute(t.Context(), "audits.returns",
			figure.Ask{Period: period.Span{From: day("2023-01-01"), To: day("2023-12-31")}}); !errors.As(err, &held) {
			t.Errorf("returns of a calendar year: %v", err)
		}
	})
}
