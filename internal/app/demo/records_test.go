package demo_test

import (
	"slices"
	"strings"
	"testing"

	"kith/internal/app/demo"
	"kith/internal/kit/period"
)

// known holds every organisation and every address that records may name.
func known() (organisations, emails map[string]bool) {
	organisations, emails = map[string]bool{}, map[string]bool{}
	for _, o := range demo.Organisations() {
		organisations[o.Name] = true
	}
	for _, p := range demo.People() {
		emails[p.Email] = true
	}
	for _, l := range demo.Leaders {
		emails[l.Email] = true
	}
	return organisations, emails
}

func within(d period.Date, y period.Year) bool { return y.Span().Contains(d) }

func TestReviewsAndAudits(t *testing.T) {
	t.Parallel()
	today := period.NewDate(2026, 11, 23)
	published, completed := map[string]int{}, map[string]int{}
	for _, r := range demo.Reviews(today) {
		if within(r.Published, 2023) {
			published[r.Kind]++
		}
		if within(r.Completed, 2023) {
			completed[r.Kind]++
		}
		last := period.Date{}
		for _, d := range []period.Date{r.Aware, r.Notified, r.Rapid, r.RapidSent, r.Decided, r.Started, r.Completed,
			r.Published, r.Closed} {
			if !d.IsZero() && (d.Before(last) || d.After(today)) {
				t.Errorf("%s: steps out of order at %s", r.Reference, d)
			}
			if !d.IsZero() {
				last = d
			}
		}
	}
	equal(t, "statutory reviews published", published["statutory"], 2)
	equal(t, "learning reviews completed", completed["learning"], 2)
	equal(t, "commissioned reviews completed", completed["commissioned"], 1)

	var themes []string
	for _, a := range demo.Audits(today) {
		if within(a.Completed, 2023) {
			themes = append(themes, a.Theme)
		}
	}
	want := []string{"Children aged 0 to 5 who are looked after", "Parental substance misuse", "Pre-birth arrangements",
		"Child exploitation"}
	if !slices.Equal(themes, want) {
		t.Errorf("audits of 2023-24: %q", themes)
	}
}

func TestRounds(t *testing.T) {
	t.Parallel()
	today := period.NewDate(2026, 11, 23)
	organisations, _ := known()
	for _, r := range demo.Rounds(today) {
		submitted := 0
		for _, a := range r.Returns {
			equal(t, "known: "+a.Organisation, organisations[a.Organisation], true)
			if !a.Submitted.IsZero() {
				submitted++
				if a.Started.Before(r.Opened) || a.Submitted.Before(a.Started) || !a.Moderated.IsZero() &&
					a.Moderated.Before(a.Submitted) || a.Submitted.After(today) {
					t.Errorf("%s: days of %s out of order", r.Title, a.Organisation)
				}
			}
		}
		t.Logf("%s %s: %d asked, %d submitted", r.Standard, r.Year, len(r.Returns), submitted)
		if r.Standard == "section-11" {
			equal(t, "asked", len(r.Returns), 38)
		}
		if r.Year == 2023 {
			equal(t, "submitted", submitted, map[string]int{"section-11": 36, "section-175": 105}[r.Standard])
		}
	}
}

// Whoever and whatever a record names is there.
func TestNames(t *testing.T) {
	t.Parallel()
	today := period.NewDate(2026, 11, 23)
	organisations, emails := known()
	org := func(where, name string) {
		if name != "" && !organisations[name] {
			t.Errorf("%s names %q", where, name)
		}
	}
	who := func(where, email string) {
		if email != "" && !emails[email] {
			t.Errorf("%s names %q", where, email)
		}
	}
	for _, p := range demo.Personas {
		org(p.Role, p.Organisation)
		if p.Organisation != "" && !emails[p.Role+"@demonstration.example"] {
			t.Errorf("the %s has no training record", p.Role)
		}
	}
	for _, l := range demo.Leaders {
		org(l.Name, l.Organisation)
	}
	for _, c := range demo.Committees {
		seated := map[string]bool{}
		for _, s := range c.Members {
			who(c.Name, s.Email)
			seated[s.Email] = true
		}
		for _, m := range c.Meetings {
			for _, e := range append(m.Apologies, m.Deputies...) {
				equal(t, c.Name+" seats "+e, seated[e], true)
			}
			if !within(m.On, 2023) || !period.IsWorkingDay(m.On) {
				t.Errorf("%s met on %s", c.Name, m.On)
			}
		}
	}
	for _, c := range demo.Contributions {
		org("contributions", c.Organisation)
	}
	for _, r := range demo.Reviews(today) {
		org(r.Reference, r.Commissioner)
	}
	for _, a := range demo.Audits(today) {
		for _, o := range a.Agencies {
			org(a.Title, o)
		}
	}
	priorities := map[string]bool{"": true}
	for _, y := range demo.PlanYears {
		for _, p := range y.Priorities {
			who(p.Title, p.Owner)
			priorities[p.Title] = true
			equal(t, p.Title+" is judged", !p.Judged.IsZero(), p.Status != "under-way")
		}
	}
	equal(t, "priorities of 2024-25", len(demo.PlanYears[1].Priorities), 3)
	for _, r := range demo.Recommendations(today) {
		for _, a := range r.Actions {
			who(a.Title, a.Owner)
			org(a.Title, a.Organisation)
			equal(t, "priority "+a.Priority, priorities[a.Priority], true)
			equal(t, a.Title+" has words of its owner", a.Evidence != "", a.Status == "done" || a.Says != "")
		}
	}
	for _, s := range demo.Scrutinies {
		equal(t, "scrutineer", s.Scrutineer, "Rosalind Achterberg")
	}
	equal(t, "presentations", len(demo.BigLearn.Presentations), 18)
	equal(t, "stalls", len(demo.BigLearn.Stalls), 32)
	for _, p := range demo.BigLearn.Presentations {
		org(p.Title, p.Organisation)
	}
	stalls := map[string]bool{}
	for _, s := range demo.BigLearn.Stalls {
		org("stalls", s)
		equal(t, "second stall of "+s, stalls[s], false)
		stalls[s] = true
	}
	for _, c := range demo.Contacts {
		if !strings.HasPrefix(c.Number, "01632 960") {
			t.Errorf("%s has the number %s", c.Name, c.Number)
		}
	}
}

func TestUpcomingSessions(t *testing.T) {
	t.Parallel()
	_, emails := known()
	taught, held := map[string]bool{}, false
	for _, b := range rows(t, "training-history.csv") {
		taught[b["course"]+b["programme"]+b["kind"]] = true
		held = held || b["course"] == demo.BigLearn.Course && day(b["session_start"]) == demo.BigLearn.On
	}
	equal(t, "the Big Learn is in the training history", held, true)
	for _, today := range []period.Date{period.NewDate(2024, 12, 20), period.NewDate(2026, 11, 23)} {
		full, last := 0, 0
		for _, s := range demo.UpcomingSessions(today) {
			if !s.On.After(today) || !period.IsWorkingDay(s.On) || s.Until.Before(s.On) || len(s.Booked) > s.Capacity {
				t.Errorf("%s on %s: %d of %d", s.Course, s.On, len(s.Booked), s.Capacity)
			}
			equal(t, "taught before: "+s.Course, taught[s.Course+s.Programme+s.Kind], true)
			seen := map[string]bool{}
			for _, e := range s.Booked {
				if !emails[e] || seen[e] {
					t.Errorf("%s books %q", s.Course, e)
				}
				seen[e] = true
			}
			switch s.Capacity - len(s.Booked) {
			case 0:
				full++
			case 1:
				last++
			}
		}
		equal(t, "full sessions", full, 1)
		equal(t, "sessions with one place", last, 1)
	}
}
