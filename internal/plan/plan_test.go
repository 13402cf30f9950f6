package plan

import (
	"strings"
	"testing"

	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

func day(s string) period.Date { return period.MustDate(s) }

// today is the day on which the tests take place.
var today = day("2024-05-20")

// fields lists the fields that problems are about.
func fields(problems []ui.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Field)
	}
	return strings.Join(out, " ")
}

func TestPlanProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   Plan
		want string
	}{
		"good":            {Plan{Year: "2024-25", Title: "Plan"}, ""},
		"a calendar year": {Plan{Year: "2024", Title: "Plan"}, "year"},
		"years apart":     {Plan{Year: "2024-26", Title: "Plan"}, "year"},
		"no title":        {Plan{Year: "2024-25"}, "title"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fields(c.in.problems()); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPriorityProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Priority)
		want   string
	}{
		{"good", func(*Priority) {}, ""},
		{"no title, no outcome", func(p *Priority) { p.Title, p.Outcome = "", "" }, "title outcome"},
		{"judged without words", func(p *Priority) { p.Status, p.JudgedOn = Partly, today }, "achieved remains"},
		{"judged tomorrow", func(p *Priority) { p.Status, p.JudgedOn, p.Achieved = Achieved, today.AddDays(1), "All." },
			"judged"},
		{"achieved, nothing remains", func(p *Priority) { p.Status, p.JudgedOn, p.Achieved = Achieved, today, "All." }, ""},
		{"not achieved, and why", func(p *Priority) { p.Status, p.JudgedOn, p.Remains = NotAchieved, today, "All of it." },
			""},
		{"an unknown status", func(p *Priority) { p.Status = "maybe" }, "status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Priority{Title: "Education", Outcome: "Schools act sooner.", Status: UnderWay}
			c.change(&p)
			if got := fields(p.problems(today)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestActionProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Action)
		want   string
	}{
		{"good", func(*Action) {}, ""},
		{"empty", func(a *Action) { *a = Action{} }, "title source_kind source organisation due"},
		{"from a review without its name", func(a *Action) { a.SourceKind = FromReview }, "source"},
		{"from a priority without one", func(a *Action) { a.PriorityID = "" }, "priority"},
		{"a person is owner enough", func(a *Action) { a.OwnerID, a.OrganisationID = "ann", "" }, ""},
		{"done without evidence", func(a *Action) { a.DoneOn = today }, "evidence"},
		{"dropped without a reason", func(a *Action) { a.DroppedOn = today }, "evidence"},
		{"done and dropped", func(a *Action) { a.DoneOn, a.DroppedOn, a.Evidence = today, today, "x" }, "done"},
		{"done tomorrow", func(a *Action) { a.DoneOn, a.Evidence = today.AddDays(1), "x" }, "on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Action{Title: "Do it", SourceKind: FromPriority, PriorityID: "p1", OrganisationID: "council", DueOn: today}
			c.change(&a)
			if got := fields(a.problems(today)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestActionStanding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Action
		want string
	}{
		{"due in a month", Action{DueOn: today.AddDays(30)}, "Open"},
		{"due in fifteen days", Action{DueOn: today.AddDays(15)}, "Open"},
		{"due in fourteen days", Action{DueOn: today.AddDays(14)}, "Due soon"},
		{"due today", Action{DueOn: today}, "Due soon"},
		{"was due yesterday", Action{DueOn: today.AddDays(-1)}, "Overdue"},
		{"done late", Action{DueOn: today.AddDays(-9), DoneOn: today}, "Done"},
		{"dropped", Action{DueOn: today.AddDays(-9), DroppedOn: today}, "Dropped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Status = c.in.status()
			if got := c.in.Standing(today).Words; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRecommendationAndScrutinyProblems(t *testing.T) {
	t.Parallel()
	if got := fields(Recommendation{}.problems(today)); got != "words source_kind source made" {
		t.Errorf("an empty recommendation: %q", got)
	}
	for want, n := range map[string]Recommendation{"No action yet": {}, "In hand": {Actions: 2, Done: 1},
		"All actions done": {Actions: 2, Done: 2}} {
		if got := n.Standing().Words; got != want {
			t.Errorf("%+v: %q, want %q", n, got, want)
		}
	}
	if got := fields(Scrutiny{}.problems(today)); got != "subject scrutineer method seen_on observed" {
		t.Errorf("an empty note: %q", got)
	}
	note := Scrutiny{Subject: "Front door", Scrutineer: "Scrutineer", Method: "Visit", SeenOn: today, Challenge: "Why?"}
	if got := note.Standing().Words; got != "Awaiting an answer" {
		t.Errorf("unanswered: %q", got)
	}
	note.Response = "Because."
	if got := fields(note.problems(today)); got != "responded" {
		t.Errorf("answered on no day: %q", got)
	}
	note.RespondedOn = today.AddDays(-1)
	if got := fields(note.problems(today)); got != "responded" {
		t.Errorf("answered before it was asked: %q", got)
	}
}
