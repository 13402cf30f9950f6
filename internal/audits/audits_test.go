package audits

import (
	"strings"
	"testing"

	"kith/internal/kit/period"
)

func day(s string) period.Date { return period.MustDate(s) }

// today is the day on which the tests take place.
var today = day("2024-03-20")

func TestStageFollowsFromTheLastStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Audit
		want Stage
		next string
	}{
		{"nothing yet", Audit{}, Planned, "started completed"},
		{"began", Audit{StartedOn: today}, UnderWay, "completed"},
		{"completed", Audit{StartedOn: today, CompletedOn: today}, Completed, "shared"},
		{"shared", Audit{CompletedOn: today, SharedOn: today}, Shared, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var next []string
			for _, s := range c.in.Next() {
				next = append(next, s.ID)
			}
			if got := c.in.stage(); got != c.want || strings.Join(next, " ") != c.next {
				t.Errorf("got %q then %q, want %q then %q", got, next, c.want, c.next)
			}
		})
	}
}

func TestAuditProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Audit)
		want   string // the fields at fault
	}{
		{"good", func(*Audit) {}, ""},
		{"no title", func(a *Audit) { a.Title = "" }, "title"},
		{"no theme", func(a *Audit) { a.Theme = "" }, "theme"},
		{"begins tomorrow", func(a *Audit) { a.StartedOn = today.AddDays(1) }, "started"},
		{"completed before it began", func(a *Audit) { a.StartedOn, a.CompletedOn = today, today.AddDays(-1) }, "completed"},
		{"shared and not completed", func(a *Audit) { a.SharedOn, a.Findings = today, "Good." }, "completed"},
		{"shared without findings", func(a *Audit) { a.CompletedOn, a.SharedOn = today, today }, "findings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Audit{Title: "Pre-birth", Theme: "Pre-birth arrangements"}
			c.change(&a)
			var got []string
			for _, p := range a.problems(today) {
				got = append(got, p.Field)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRoundProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Round)
		want   string
	}{
		{"good", func(*Round) {}, ""},
		{"no standard", func(r *Round) { r.Standard = "" }, "standard"},
		{"a calendar year", func(r *Round) { r.Year = "2024" }, "year"},
		{"no dates", func(r *Round) { r.OpenedOn, r.DueOn = period.Date{}, period.Date{} }, "opened due"},
		{"due before it opens", func(r *Round) { r.DueOn = day("2023-01-01") }, "due"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Round{Standard: Section175, Year: "2023-24", Title: "Safer workforce", OpenedOn: day("2023-11-01"),
				DueOn: day("2024-03-07")}
			c.change(&r)
			var got []string
			for _, p := range r.problems() {
				got = append(got, p.Field)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRoundStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, opened, due, closed string
		asked, submitted          int64
		want                      string
	}{
		{"open", "2024-01-01", "2024-04-01", "", 3, 1, "Open"},
		{"opens later", "2024-04-01", "2024-05-01", "", 3, 0, "Not yet open"},
		{"late", "2024-01-01", "2024-03-19", "", 3, 2, "Late"},
		{"due today", "2024-01-01", "2024-03-20", "", 3, 2, "Open"},
		{"all in", "2024-01-01", "2024-03-19", "", 3, 3, "All in"},
		{"closed", "2024-01-01", "2024-03-19", "2024-03-20", 3, 2, "Closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Round{OpenedOn: day(c.opened), DueOn: day(c.due), Asked: c.asked, Submitted: c.submitted}
			if c.closed != "" {
				r.ClosedOn = day(c.closed)
			}
			if got := r.Status(today).Words; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMarking(t *testing.T) {
	t.Parallel()
	asked := Participant{State: Asked, AskedOn: day("2024-01-08")}
	submitted := asked.marked(Submitted, day("2024-02-01"))
	for _, c := range []struct {
		name string
		in   Participant
		want string // asked, started, submitted, moderated
	}{
		{"started", asked.marked(Started, day("2024-01-20")), "2024-01-08 2024-01-20 - -"},
		{"submitted, never started", submitted, "2024-01-08 - 2024-02-01 -"},
		{"moderated", submitted.marked(Moderated, day("2024-02-09")), "2024-01-08 - 2024-02-01 2024-02-09"},
		{"moderated at once had come", asked.marked(Moderated, day("2024-02-09")), "2024-01-08 - 2024-02-09 2024-02-09"},
		{"taken back", submitted.marked(Asked, today), "2024-01-08 - - -"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range []period.Date{c.in.AskedOn, c.in.StartedOn, c.in.SubmittedOn, c.in.ModeratedOn} {
				if s := d.String(); s != "" {
					got = append(got, s)
				} else {
					got = append(got, "-")
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if p := asked.marked(Submitted, day("2024-01-01")).problems(today); len(p) != 1 {
		t.Errorf("submitted before it was asked: %v", p)
	}
	if p := asked.marked(Submitted, today.AddDays(1)).problems(today); len(p) != 1 {
		t.Errorf("submitted tomorrow: %v", p)
	}
}

func TestWholeYears(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2023-24": "2023-24 2023-24", "2021-04-01..2024-03-31": "2021-22 2023-24", "2023": "none", "2023-24Q4": "none",
		"2022-10-01..2024-03-31": "2023-24 2023-24",
	} {
		span, err := period.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if first, last, ok := wholeYears(span); ok {
			got = first.String() + " " + last.String()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
