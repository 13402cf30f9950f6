package app

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/plan"
)

// TestTemplates type checks the pages that belong to no room.
func TestTemplates(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	list := ui.ReadList("/work/settings/outbox", url.Values{"q": {"ann"}}, "-created")
	list.Total, list.One, list.Many = 1, "e-mail", "e-mails"
	base, at := ui.Base{Layout: ui.LayoutWork, Title: "Home"}, db.At(time.Unix(0, 0))
	mine, others := needs([]web.Todo{
		{Title: "Rapid review: 6 working days left", Words: "Two agencies to go.", Href: "/x", Act: "Chase them", Late: true,
			Secret: true},
		{Title: "Y", Words: "Z.", Href: "/y", Act: "Agree", Post: "/y/agree", Mark: "m", Due: period.MustDate("2024-04-02")},
		{Title: "Z", Href: "/z", Act: "See it", Others: true}}, period.MustDate("2024-04-01"))
	uitest.Page(t, set, "home", homePage{Base: base, Greeting: "Good morning. Two things need you.", Line: "Monday",
		Needs: mine[:1], More: mine[1:], Others: others, Steps: []step{{Title: "Invite", Done: true}, {Title: "Begin",
			Href: "/b", Act: "Begin it", Next: true}, {Title: "Write", Href: "/w", Act: "Write it"}},
		Report:  &reportCard{Title: "Report", Href: "/r", Written: 2, Chapters: 5, Last: "By law."},
		Own:     &plan.Standing{Organisation: "Trust", Open: 3, Late: 1, Due: 4, InTime: 2, Href: "/a"},
		Year:    "2023-24",
		Figures: []homeFigure{{"777", "children looked after", "794", "/f"}},
		Sessions: []homeSession{{Title: "Neglect", Href: "/s", When: "Tue 9 April 2024", Where: "Online", Booked: "1 of 20",
			Tone: "good", Status: "Open"}},
		Calendar: drawYear([]web.Day{{Row: "Meetings", Title: "Board", Href: "/m", From: period.MustDate("2024-06-01")},
			{Row: "Meetings", Title: "Executive", Href: "/m", From: period.MustDate("2024-06-02")},
			{Row: "Rounds", Title: "Section 11", Href: "/m", From: period.MustDate("2024-03-02"),
				To: period.MustDate("2024-05-02")},
			{Row: "Report", Title: "Last day", Href: "/r", From: period.MustDate("2025-03-30"), Law: true}},
			period.YearOf(period.MustDate("2024-06-01")).Span(), period.MustDate("2024-05-20"))})
	uitest.Page(t, set, "home", homePage{Base: base, Greeting: "Good morning. Nothing needs you today."})
	email := mail.Entry{ID: "m", ToAddress: "ann@health.example", ToName: "Ann", Subject: "Your place", Body: "Hello",
		Calendar: "BEGIN", State: "failed", Problem: "no such mailbox", CreatedAt: at}
	uitest.Page(t, set, "outbox", outboxPage{Base: base, List: list, Messages: []mail.Entry{email}, Sending: true})
	uitest.Page(t, set, "outbox", outboxPage{Base: base})
	found := search.Page{At: searchPath, Query: "sea", In: "actions", Answer: search.Answer{Asked: true, Total: 3,
		Groups: []search.Found{{Group: search.Actions, Count: 2, More: true, Hits: []search.Hit{{Href: "/work/plan/actions/1",
			Tone: "good", Tag: "Done", Title: []search.Part{{Text: "Sea", Hit: true}},
			Details: []search.Part{{Text: "Tides"}}, Excerpt: []search.Part{{Text: "the sea"}}}}},
			{Group: search.Figures, Count: 1}}}}
	uitest.Page(t, set, "search", foundPage{base, found})
	uitest.Page(t, set, "search", foundPage{base, search.Page{}})
	uitest.Page(t, set, "search", foundPage{base, search.Page{Wrong: "No."}})
	uitest.Page(t, set, "search", foundPage{base, search.Page{Query: "sea", Answer: search.Answer{Asked: true}}})
	uitest.Page(t, set, "search", foundPage{base, search.Page{Query: "sea",
		Answer: search.Answer{Asked: true, Near: "tea"}}})
	uitest.Page(t, set, "message", messagePage{Base: base, Message: email})
	uitest.Page(t, set, "trail", trailPage{Base: base, List: list, Who: "Ann", Sealed: 2, SealedAt: at.Time,
		Subjects: ui.Choices("page", "page"), Kinds: ui.Choices("looked", "Looked"),
		Entries: []audittrail.Entry{{At: at, Person: "Ann", Act: "booked", Subject: "session", Detail: "Neglect"},
			{At: at, PersonID: "p", Act: "changed", Subject: "page", Reason: "It was wrong",
				Changes: `[{"Field":"Name","From":"a","To":"b"}]`},
			{At: at, Act: "imported", Subject: "Visits"}}})
	uitest.Page(t, set, "trail", trailPage{Base: base})
	uitest.Page(t, set, "jobs", jobsPage{Base: base,
		Failed: []jobs.Failed{{ID: "j", Kind: "mail.send", Problem: "no such mailbox", CreatedAt: at}}})
	uitest.Page(t, set, "jobs", jobsPage{Base: base})
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	// an hour later by the clock in England
	day := func(h int) time.Time { return time.Date(2024, 7, 1, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		at    time.Time
		name  string
		needs int
		want  string
	}{
		{day(8), "Maren Holloway", 4, "Good morning, Maren. Four things need you."},
		{day(11), "Dr Ann Ash", 1, "Good afternoon. One thing needs you."},
		{day(11), "A. Ash", 1, "Good afternoon. One thing needs you."},
		{day(20), "Business Manager (demonstration)", 0, "Good evening. Nothing needs you today."},
		{day(20), "Madonna", 0, "Good evening. Nothing needs you today."},
	} {
		if got := greeting(c.at, c.name, c.needs); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Home sorts by day: what cannot wait, what has a day, what has none; what waits for others
// stands by itself.
func TestNeeds(t *testing.T) {
	t.Parallel()
	day := period.MustDate
	mine, others := needs([]web.Todo{{Title: "any day"}, {Title: "friday", Due: day("2024-04-05")},
		{Title: "other", Others: true, Late: true}, {Title: "today", Due: day("2024-04-01")}, {Title: "now", Late: true},
		{Title: "tomorrow", Due: day("2024-04-02")}, {Title: "late", Due: day("2024-03-30"), Late: true},
		{Title: "next year", Due: day("2025-04-05")}}, day("2024-04-01"))
	var got []string
	for _, n := range mine {
		got = append(got, fmt.Sprintf("%s: %s, %s, %v", n.Title, n.When, n.Left, n.First))
	}
	want := []string{"now: Now, , true", "late: Sat 30 March, 2 days late, false", "today: Today, , false",
		"tomorrow: Tomorrow, Tue 2 April, false", "friday: Fri 5 April, in 4 days, false",
		"next year: 5 April 2025, , false", "any day: When you can, , false"}
	if !slices.Equal(got, want) || len(others) != 1 {
		t.Errorf("got %q and %d with others", got, len(others))
	}
}

// The year has what falls in it, in rows; words that would meet stand in lanes of their own.
func TestDrawYear(t *testing.T) {
	t.Parallel()
	day := period.MustDate
	c := drawYear([]web.Day{{Row: "Meetings", Title: "Executive", From: day("2024-06-03")},
		{Row: "Rounds", Title: "Section 11", From: day("2024-02-01"), To: day("2024-04-30")},
		{Row: "Meetings", Title: "Board", From: day("2024-06-01")}, {Row: "Meetings", Title: "Old", From: day("2024-03-31")},
		{Row: "Meetings", Title: "Board in March", From: day("2025-03-30")}}, period.YearOf(day("2024-06-01")).Span(),
		day("2024-05-20"))
	var got []string
	for _, r := range c.Rows {
		for _, p := range r.Points {
			got = append(got, fmt.Sprint(r.Title, " ", p.Text, " ", p.X, " ", p.Y, " ", p.Anchor, " ", p.Past))
		}
	}
	want := []string{"Meetings Board 310 63 start false", "Meetings Executive 315 97 start false",
		"Meetings Board in March 1104 63 end false", "Rounds Section 11 150 131 start true"}
	if !slices.Equal(got, want) || len(c.Months) != 12 || len(c.List) != 3 {
		t.Errorf("got %q, %d months, %d listed", got, len(c.Months), len(c.List))
	}
}

func TestNavigation(t *testing.T) {
	t.Parallel()
	p := web.Person{ID: "p", Permissions: map[web.Permission]bool{access.FiguresRead: true, access.PartnershipRead: true}}
	var got []string
	for _, n := range navigation(p, "/work/imports/new") {
		words := n.Text
		if n.Current {
			words += " (here)"
		}
		got = append(got, words)
	}
	if want := "[Home Performance (here) People]"; want != fmt.Sprint(got) {
		t.Errorf("got %v", got)
	}
}
