package reviews

import (
	"strings"
	"testing"

	"kith/internal/kit/period"
)

func day(s string) period.Date { return period.MustDate(s) }

// today is the day on which the tests take place, a Wednesday.
var today = day("2024-03-20")

var editions2 = []Edition{
	{"wt2018", "Working Together 2018", day("2018-07-04"), 5, 15, 6},
	{"wt2023", "Working Together 2023", day("2023-12-15"), 5, 15, 6},
}

func TestStageFollowsFromTheLastStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Review
		want Stage
	}{
		{"nothing yet", Review{}, Notification},
		{"aware", Review{AwareOn: today}, Notification},
		{"notified", Review{AwareOn: today, NotifiedOn: today}, Notification},
		{"held", Review{NotifiedOn: today, RapidOn: today}, InRapidReview},
		{"sent", Review{NotifiedOn: today, RapidSentOn: today}, InRapidReview},
		{"decided", Review{DecidedOn: today}, Decided},
		{"began", Review{DecidedOn: today, StartedOn: today}, InProgress},
		{"completed", Review{StartedOn: today, CompletedOn: today}, Completed},
		{"published", Review{CompletedOn: today, PublishedOn: today}, Published},
		{"closed", Review{NotifiedOn: today, ClosedOn: today}, Closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.in.stage(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNextSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Review
		want string
	}{
		{"an incident", Review{Kind: Statutory, AwareOn: today},
			"notified rapid rapid_sent decided started completed closed"},
		{"a rapid review sent", Review{Kind: RapidReview, RapidSentOn: today}, "decided started completed closed"},
		{"a learning review", Review{Kind: Learning, DecidedOn: today}, "started completed closed"},
		{"completed", Review{Kind: Learning, CompletedOn: today}, "published"},
		{"published", Review{Kind: Learning, CompletedOn: today, PublishedOn: today}, ""},
		{"closed", Review{Kind: Statutory, AwareOn: today, ClosedOn: today}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Stage = c.in.stage()
			var got []string
			for _, s := range c.in.Next() {
				got = append(got, s.ID)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	good := Review{Reference: "Rowan", Kind: Statutory, AwareOn: day("2024-03-01")}
	for _, c := range []struct {
		name   string
		change func(*Review)
		want   string // the fields at fault
	}{
		{"good", func(*Review) {}, ""},
		{"no reference", func(r *Review) { r.Reference = "" }, "reference"},
		{"no kind", func(r *Review) { r.Kind = "other" }, "kind"},
		{"no step", func(r *Review) { r.AwareOn = period.Date{} }, "aware"},
		{"a theme with the joining sign", func(r *Review) { r.Themes = Themes{"a|b"} }, "themes"},
		{"tomorrow", func(r *Review) { r.NotifiedOn = today.AddDays(1) }, "notified"},
		{"notified before aware", func(r *Review) { r.NotifiedOn = day("2024-02-28") }, "notified"},
		{"published and not completed", func(r *Review) { r.PublishedOn = today }, "completed"},
		{"completed and closed", func(r *Review) { r.CompletedOn, r.ClosedOn = today, today }, "closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := good
			c.change(&r)
			var got []string
			for _, p := range r.problems(today) {
				got = append(got, p.Field)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Review
		want string // a line a clock: due, state, what is left
	}{
		{"just aware", Review{Kind: Statutory, AwareOn: day("2024-03-18")}, `
			Notify the Panel 2024-03-25 Running 3 working days left
			Rapid review 2024-04-10 Running 13 working days left`}, // Good Friday and Easter Monday are no working days
		{"notified in time", Review{Kind: RapidReview, AwareOn: day("2024-03-04"), NotifiedOn: day("2024-03-11")}, `
			Notify the Panel 2024-03-11 In time
			Rapid review 2024-03-25 Running 3 working days left`},
		{"notified late and still to send", Review{Kind: Statutory, AwareOn: day("2024-02-12"), NotifiedOn: day("2024-02-20"),
			RapidOn: day("2024-03-01")}, `
			Notify the Panel 2024-02-19 Out of time
			Rapid review 2024-03-04 Late 12 working days late`},
		{"gone on without the dates", Review{Kind: Statutory, AwareOn: day("2023-08-01"), DecidedOn: day("2023-09-01")}, `
			Notify the Panel 2023-08-08 Not recorded
			Rapid review 2023-08-22 Not recorded
			Publish the review 2024-03-01 Late 13 working days late`},
		{"six months end with a shorter month", Review{Kind: Statutory, DecidedOn: day("2023-08-31")}, `
			Publish the review 2024-02-29 Late 14 working days late`},
		{"published in time", Review{Kind: Statutory, DecidedOn: day("2023-09-30"), CompletedOn: day("2024-03-01"),
			PublishedOn: day("2024-03-18")}, `
			Publish the review 2024-03-30 In time`},
		{"closed", Review{Kind: Statutory, AwareOn: day("2024-03-01"), NotifiedOn: day("2024-03-04"),
			ClosedOn: day("2024-03-11")}, `
			Notify the Panel 2024-03-08 In time
			Rapid review 2024-03-22 Stopped`},
		{"a learning review has none", Review{Kind: Learning, DecidedOn: day("2023-01-01")}, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, k := range clocks(c.in, editions2, today) {
				got = append(got, strings.TrimSpace(strings.Join([]string{k.Title, k.Due.String(), string(k.State), k.Left}, " ")))
			}
			var want []string
			for line := range strings.Lines(c.want) {
				if line = strings.TrimSpace(line); line != "" {
					want = append(want, line)
				}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestEditionInForce(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]string{"2017-01-01": "wt2018", "2023-12-14": "wt2018", "2023-12-15": "wt2023",
		"2030-01-01": "wt2023"} {
		if got := editionOn(editions2, day(on)).ID; got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}
