package identity

import (
	"strings"
	"testing"

	"kith/internal/kit/remind"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestReminders: who may agree is offered to be reminded of what waits, and who printed an
// invitation of one that nobody used; nothing that was decided or has ended.
func TestReminders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ira := w.user("Ira", "administrator") // holds no review, and may ask
		ada, pat := w.user("Ada", "business-manager"), w.user("Pat", "practitioner")
		_, err := w.SaveRoles(w.ctx(), ira, pat.ID, []string{"practitioner", "review-lead"}, "Leads from May", web.Unwatched)
		w.is(err, nil)
		_, _, err = w.Invite(w.ctx(), ada, pat.ID, "Ms Porter", []string{"practitioner"})
		w.is(err, nil)
		open := func(n int) []remind.Item {
			t.Helper()
			items, err := w.Reminders()[n].Open(w.ctx(), s.Work)
			w.is(err, nil)
			return items
		}
		asked := open(0)
		if len(asked) != 1 || asked[0].PersonID != ada.ID || asked[0].Since.IsZero() {
			t.Fatalf("%+v", asked)
		}
		if _, text := asked[0].Letter(remind.Moment{Today: w.Now.Today(), Due: asked[0].Due}); !strings.Contains(text,
			"Ira asks that Pat becomes Review lead.\n\nWhy: Leads from May\n\nNobody has answered yet.") {
			t.Error(text)
		}
		invited := open(1)
		if len(invited) != 1 || invited[0].PersonID != ada.ID || invited[0].Title != "Invitation for Pat" {
			t.Fatalf("%+v", invited)
		}
		if _, text := invited[0].Letter(remind.Moment{Today: w.Now.Today(), Due: invited[0].Due}); !strings.Contains(text,
			"which Ms Porter hands over, has not been used") {
			t.Error(text)
		}
		w.now = w.now.Add(inviteLife)
		if got := open(1); len(got) != 0 {
			t.Errorf("an invitation that has ended: %+v", got)
		}
		w.is(w.WithdrawRequest(w.ctx(), ira, asked[0].RecordID), nil)
		if got := open(0); len(got) != 0 {
			t.Errorf("a request that was taken back: %+v", got)
		}
	})
}
