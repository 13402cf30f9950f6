package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/remind"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestReminders: whoever is to do an open action is offered to be reminded, until they say that
// it is done; and where nobody can open it, whoever it was given to is, who cannot be reached.
func TestReminders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		add := func(a Action) string {
			t.Helper()
			a.SourceKind, a.Source = FromReview, "Rowan"
			return must(t)(r.AddAction(ctx, manager, a))
		}
		one := add(Action{Title: "A person's", OwnerID: "ann", OrganisationID: "trust", DueOn: today.AddDays(7)})
		add(Action{Title: "An organisation's", OrganisationID: "trust", DueOn: today.AddDays(-7)})
		add(Action{Title: "Nobody's", OrganisationID: "council", DueOn: today})
		add(Action{Title: "Of who left", OwnerID: "old", OrganisationID: "council", DueOn: today})
		offered := func() []string {
			t.Helper()
			all, err := r.Reminders()[0].Open(ctx, s.Work)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, it := range all {
				out = append(out, fmt.Sprintf("%s: %s <%s>", it.Title, it.Name, it.Address))
				if it.Path != actionHref(it.RecordID) || it.Since != today {
					t.Errorf("%+v", it)
				}
			}
			slices.Sort(out)
			return out
		}
		want := []string{"A person's: " + partner.Name + " <ann@trust.example>",
			"An organisation's: " + partner.Name + " <ann@trust.example>",
			"An organisation's: " + colleague.Name + " <cat@trust.example>",
			"Nobody's: Tidewell Council <>", "Of who left: Old Lead <old@trust.example>"}
		if got := offered(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if err := r.ClaimAction(ctx, partner, one, "Form", "Asks", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if got := offered(); !slices.Equal(got, want[1:]) {
			t.Errorf("said to be done: got %q", got)
		}
	})
}

func TestReminderLetter(t *testing.T) {
	t.Parallel()
	a := Action{Title: "Visit schools", DueOn: today}
	for _, c := range []struct {
		change        func(*Action)
		late          int
		subject, text string
	}{
		{func(*Action) {}, 0, "Action due 20 May 2024: Visit schools", "ask for longer"},
		{func(*Action) {}, 7, "Late action: Visit schools", "It was due on 20 May 2024, 7 days ago."},
		{func(a *Action) { a.AskedUntil = today.AddDays(9) }, 1, "Late action: Visit schools", "Nobody has answered yet."},
		{func(a *Action) { a.Hindrance = "x" }, 0, "Action due 20 May 2024: Visit schools", "If it still is"},
	} {
		x := a
		c.change(&x)
		subject, text := reminder(x, remind.Moment{Today: today.AddDays(c.late), Due: today})
		if subject != c.subject || !strings.Contains(text, c.text) {
			t.Errorf("%q\n%s", subject, text)
		}
	}
}
