package audits

import (
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestReminders: who has not answered is offered to be reminded, and not on the day they were
// written to anyway.
func TestReminders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		ctx := t.Context()
		id := addRound(t, r, Section175, "Safer workforce")
		if err := r.SaveParticipant(ctx, officer, Participant{RoundID: id, OrganisationID: "north", ContactID: "head",
			State: Asked}, period.Date{}, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if err := mark(r, id, "south", Submitted, day("2024-03-01")); err != nil {
			t.Fatal(err)
		}
		open := func() map[string]remind.Item {
			all, err := r.Reminders()[0].Open(ctx, s.Work)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]remind.Item{}
			for _, it := range all {
				out[it.RecordID] = it
			}
			return out
		}
		got := open()
		north, west := got[id+"/north"], got[id+"/west"]
		if len(got) != 2 || north.PersonID != "head" || north.Address != "ada@north.example" || west.Address != "" ||
			!strings.HasPrefix(north.Path, roundHref(id)+"/answer") {
			t.Fatalf("%+v", got)
		}
		subject, text := north.Letter(remind.Moment{Today: r.Now.Today(), Due: north.Due})
		if !strings.HasPrefix(subject, "Section 175 self-assessment: Safer workforce, due 7 March 2024") ||
			!strings.Contains(text, "North School has not yet sent its Section 175 self-assessment") ||
			!strings.Contains(text, "It was due on 7 March 2024, 13 days ago.") {
			t.Errorf("%s\n%s", subject, text)
		}
		if err := s.Work.Tx(ctx, func(q db.Q) error { return north.Done(ctx, q) }); err != nil {
			t.Fatal(err)
		}
		if got := open(); len(got) != 1 || got[id+"/west"].RecordID == "" {
			t.Errorf("who was written to today is offered again: %+v", got)
		}
		if c, err := r.Missing(ctx, id); err != nil || len(c.Recent) != 1 {
			t.Errorf("the button writes again: %+v, %v", c, err)
		}
	})
}
