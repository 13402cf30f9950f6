package training

import (
	"strings"
	"testing"

	"kith/internal/kit/remind"
	"kith/internal/testkit"
)

// Whoever has a place is reminded of it, where they can open the page; who gave theirs back, or
// whose session is called off, is not.
func TestReminders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		near, off := h.session("2024-03-26", 5), h.session("2024-03-27", 5)
		booked := h.book(near, ann, bob)
		h.book(off, cat)
		h.book(h.session("2024-09-26", 5), cat)
		_, err := h.CancelSession(t.Context(), officer, off, "")
		h.ok(err)
		_, err = h.CancelBooking(t.Context(), bob, booked[1])
		h.ok(err)
		open := func() remind.Item {
			t.Helper()
			list, err := h.Reminders()[0].Open(t.Context(), s.Work)
			h.ok(err)
			if len(list) != 1 || list[0].Name != "Ann" || list[0].RecordID != booked[0] {
				t.Fatal(list)
			}
			return list[0]
		}
		item := open()
		h.want("with an account", item.PersonID+" "+item.Path, ann.ID+" "+sessionHref(near))
		subject, text := item.Letter(remind.Moment{Today: h.Now.Today(), Due: item.Due})
		if !strings.HasPrefix(subject, "Tomorrow: Working together") ||
			!strings.Contains(text, "9.30am to 4pm\nHarbour Hall") ||
			!strings.Contains(text, "as soon as you know") {
			t.Error(subject, text)
		}
		h.Guests = guests{}
		item = open()
		h.want("without", item.PersonID+" "+item.Path, " "+GuestHome)
		if !item.Public {
			t.Error("a guest is led to where an account is needed")
		}
	})
}
