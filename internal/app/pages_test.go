package app

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
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
	uitest.Page(t, set, "home", homePage{Base: base, Greeting: "Good morning. Two things need you.",
		Todos: []web.Todo{{Title: "Rapid review: 6 working days left", Words: "Two agencies to go.", Href: "/x",
			Act: "Chase them", Late: true}, {Title: "Y", Words: "Z.", Href: "/y", Act: "Open"}},
		Year:    "2023-24",
		Figures: []homeFigure{{"777", "children looked after", "794 the year before", "/f"}},
		Sessions: []homeSession{{Title: "Neglect", Href: "/s", When: "Tue 9 April 2024", Where: "Online", Booked: "1 of 20",
			Tone: "good", Status: "Open"}},
		Places: places[1:]})
	uitest.Page(t, set, "home", homePage{Base: base, Greeting: "Good morning. Nothing needs you today."})
	email := mail.Entry{ID: "m", ToAddress: "ann@health.example", ToName: "Ann", Subject: "Your place", Body: "Hello",
		Calendar: "BEGIN", State: "failed", Problem: "no such mailbox", CreatedAt: at}
	uitest.Page(t, set, "outbox", outboxPage{Base: base, List: list, Messages: []mail.Entry{email}, Server: true})
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
		todos int
		want  string
	}{
		{day(8), 4, "Good morning. Four things need you."},
		{day(11), 1, "Good afternoon. One thing needs you."},
		{day(20), 0, "Good evening. Nothing needs you today."},
	} {
		if got := greeting(c.at, c.todos); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
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
