package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// told gives whom the e-mails since the last call went to, and what about.
func told(t testing.TB, r *Room) func() []string {
	n := 0
	return func() []string {
		t.Helper()
		all, err := r.Mail.Newest(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range all[:len(all)-n] {
			who, _, _ := strings.Cut(m.ToAddress, "@")
			about, _, _ := strings.Cut(m.Subject, ": ")
			out = append(out, who+": "+about)
			if !strings.Contains(m.Body, "https://kith.example/work/plan/") {
				t.Errorf("no link in %q", m.Body)
			}
		}
		n = len(all)
		slices.Sort(out)
		return out
	}
}

// TestWhoIsTold: whoever has to act next is written to, nobody else, and never whoever did it.
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		new := told(t, r)
		id := must(t)(r.AddAction(ctx, manager, Action{Title: "Ask who lives there", SourceKind: FromReview,
			Source: "Rowan", OrganisationID: "trust", DueOn: today.AddDays(20)}))
		want := func(step string, err error, who ...string) {
			t.Helper()
			if got := new(); err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: told %q, %v; want %q", step, got, err, who)
			}
		}
		want("given to an organisation", nil, "ann: Action for you", "cat: Action for you")
		want("a question of the manager", r.CommentAction(ctx, manager, id, "How is it going?"),
			"ann: About your action", "cat: About your action")
		want("its answer", r.CommentAction(ctx, partner, id, "Well."), "manager: About an action")
		want("handed over", r.HandAction(ctx, partner, id, "cat", web.Unwatched), "cat: Action for you")
		want("asked for longer", r.ExtendAction(ctx, colleague, id, today.AddDays(40), "Half term"),
			"manager: Longer asked for")
		want("not given", r.RefuseAction(ctx, manager, id, "The panel meets before"), "cat: About your action")
		want("hindered", r.HinderAction(ctx, colleague, id, "No form"), "manager: About an action")
		want("cleared", r.ClearAction(ctx, manager, id, ""), "cat: About your action")
		want("said to be done", r.ClaimAction(ctx, colleague, id, "The form", "Teams ask", web.Unwatched),
			"manager: Said to be done")
		want("sent back", r.ReturnAction(ctx, manager, id, "Which form?"), "cat: About your action")
		want("said again", r.ClaimAction(ctx, colleague, id, "Form 7", "Teams ask", web.Unwatched),
			"manager: Said to be done")
		want("taken back", r.TakeBackAction(ctx, colleague, id, web.Unwatched), "manager: About an action")
		want("said again", r.ClaimAction(ctx, colleague, id, "Form 7", "Teams ask", web.Unwatched),
			"manager: Said to be done")
		want("agreed", r.AgreeAction(ctx, manager, id, web.Unwatched), "cat: About your action")
		a, err := r.Action(ctx, id)
		if err != nil || a.Status != Done || a.DoneOn != today || a.Evidence != "Form 7" || a.OwnerID != "cat" {
			t.Errorf("in the end: %+v, %v", a, err)
		}
		must(t)(r.AddAction(ctx, manager, Action{Title: "Old", SourceKind: FromReview, Source: "Rowan",
			OrganisationID: "trust", DueOn: today.AddDays(-1)}))
		want("one that was due when it was entered", nil)
		must(t)(r.AddAction(ctx, manager, Action{Title: "Nobody's", SourceKind: FromReview, Source: "Rowan",
			OwnerID: "old", OrganisationID: "council", DueOn: today}))
		want("nobody can open it", nil)
	})
}

// TestOwnersAlone: what an owner does, others do not, and nothing is done twice.
func TestOwnersAlone(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		id := must(t)(r.AddAction(ctx, manager, Action{Title: "Ask", SourceKind: FromReview, Source: "Rowan",
			OrganisationID: "trust", DueOn: today}))
		other := web.Person{ID: "ben", Name: "Ben", OrganisationID: "council", Permissions: partner.Permissions}
		for name, err := range map[string]error{
			"another agency claims":   r.ClaimAction(ctx, other, id, "x", "y", web.Unwatched),
			"another agency asks":     r.ExtendAction(ctx, other, id, today.AddDays(3), "x"),
			"another agency says":     r.CommentAction(ctx, other, id, "x"),
			"another agency hands":    r.HandAction(ctx, other, id, "cat", web.Unwatched),
			"another agency clears":   r.ClearAction(ctx, other, id, "x"),
			"the owner agrees itself": r.AgreeAction(ctx, partner, id, web.Unwatched),
			"the owner gives longer":  r.GrantAction(ctx, partner, id, web.Unwatched),
			"the manager claims":      r.ClaimAction(ctx, manager, id, "x", "y", web.Unwatched),
		} {
			if !errors.Is(err, db.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, err := range map[string]error{
			"agreed before it was said": r.AgreeAction(ctx, manager, id, web.Unwatched),
			"returned before":           r.ReturnAction(ctx, manager, id, "x"),
			"longer, nobody asked":      r.GrantAction(ctx, manager, id, web.Unwatched),
			"taken back, nothing said":  r.TakeBackAction(ctx, partner, id, web.Unwatched),
			"nothing in the way":        r.ClearAction(ctx, partner, id, ""),
		} {
			if !errors.Is(err, ErrMoved) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := r.ClaimAction(ctx, partner, id, "Form", "Ask", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if a, err := r.Action(ctx, id); err != nil || a.Late(today.AddDays(9)) {
			t.Errorf("said to be done and late: %v", err)
		}
		if err := r.FinishAction(ctx, manager, id, today, "Form 7", "Asks", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		said, err := r.saidTo(ctx, partner, Action{ID: id, OrganisationID: "trust"})
		if err != nil || len(said) != 2 || said[1].Kind != Closed {
			t.Errorf("said: %+v, %v", said, err)
		}
	})
}

// TestScrutineersOwn: the scrutineer's words reach those who keep the plan, and the answer them.
func TestScrutineersOwn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		new := told(t, r)
		want := func(step string, err error, who ...string) {
			t.Helper()
			if got := new(); err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: told %q, %v; want %q", step, got, err, who)
			}
		}
		line, err := r.AddEnquiry(ctx, reviewer, Enquiry{Question: "Who lives there?", DueOn: today})
		want("opened", err, "manager: Line of enquiry")
		id, err := r.AddScrutiny(ctx, reviewer, Scrutiny{Subject: "Records", Scrutineer: "Sam", Method: "Visit",
			SeenOn: today, Challenge: "When?", EnquiryID: db.Opt(line)})
		want("recorded", err, "manager: Scrutiny")
		note, err := r.Scrutiny(ctx, id)
		if err != nil || note.AuthorID != "sam" || note.Enquiry != "Who lives there?" {
			t.Errorf("the note: %+v, %v", note, err)
		}
		todos, err := r.Todos(ctx, reviewer)
		if err != nil || len(todos) != 2 || todos[0].Others || !todos[1].Others {
			t.Errorf("the scrutineer's Home: %+v, %v", todos, err)
		}
		todos, err = r.Todos(ctx, manager)
		if err != nil || len(todos) != 1 || todos[0].Act != "Answer" {
			t.Errorf("the manager's Home: %+v, %v", todos, err)
		}
		note.Response, note.RespondedOn = "In July", today
		want("answered", r.SaveScrutiny(ctx, manager, note, web.Unwatched), "sam: Answered")
		want("judged", r.CloseEnquiry(ctx, reviewer, line, today, Assured, "It is so.", web.Unwatched), "manager: Judged")
		if err := r.CloseEnquiry(ctx, reviewer, line, today, Assured, "Again.", web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("judged twice: %v", err)
		}
		if err := r.DeleteEnquiry(ctx, reviewer, line, web.Unwatched); !errors.Is(err, ErrUsed) {
			t.Errorf("deleted with notes: %v", err)
		}
		mine := must(t)(r.AddScrutiny(ctx, manager, Scrutiny{Subject: "By the manager", Scrutineer: "Sam",
			Method: "Visit", SeenOn: today, Seen: "x"}))
		want("written for the scrutineer", nil)
		if err := r.DeleteScrutiny(ctx, reviewer, mine, web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
	})
}

// TestDecisions: partners are asked once, what each decides reaches those who keep the plan,
// and nobody agrees to what they have not seen.
func TestDecisions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		r.People = signedUp{manager, signer}
		new := told(t, r)
		if err := r.AddPlan(ctx, manager, Plan{Year: "2024-25", Title: "The plan", Summary: "Two things."}); err != nil {
			t.Fatal(err)
		}
		if err := r.DecidePlan(ctx, signer, "2024-25", register.Agreed, "", web.Unwatched); !errors.Is(err, ErrMoved) {
			t.Errorf("agreed before it was asked: %v", err)
		}
		want := func(step string, err error, who ...string) {
			t.Helper()
			if got := new(); err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: told %q, %v; want %q", step, got, err, who)
			}
		}
		want("proposed", r.ProposePlan(ctx, manager, "2024-25", web.Unwatched), "dot: For you to decide")
		todos, err := r.Todos(ctx, signer)
		if err != nil || len(todos) != 1 || todos[0].Post != href("2024-25")+"/agree" || todos[0].Others ||
			len(todos[0].Also) != 3 {
			t.Errorf("the partner's Home: %+v, %v", todos, err)
		}
		if err := r.SavePlan(ctx, manager, Plan{Year: "2024-25", Title: "Another plan"}, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		var changed *web.Changed
		seen := web.NewForm("seen", todos[0].Mark).Seen()
		if err := r.DecidePlan(ctx, signer, "2024-25", register.Agreed, "", seen); !errors.As(err, &changed) {
			t.Errorf("agreed to a plan that was changed: %v", err)
		}
		want("agreed", r.DecidePlan(ctx, signer, "2024-25", register.Agreed, "", web.Unwatched),
			"manager: Tidewell Council agreed")
		todos, err = r.Todos(ctx, signer)
		if err != nil || len(todos) != 1 || !todos[0].Others {
			t.Errorf("after it: %+v, %v", todos, err)
		}
		if err := r.DecidePlan(ctx, manager, "2024-25", register.Agreed, "", web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the manager agrees: %v", err)
		}
		want("the other", r.DecidePlan(ctx, otherSigner, "2024-25", register.Agreed, "", web.Unwatched),
			"manager: Tidewell Health Trust agreed")
		if p, err := r.Plan(ctx, "2024-25"); err != nil || p.AgreedOn != today || p.Waits() {
			t.Errorf("in the end: %+v, %v", p, err)
		}
	})
}
