package training

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestAnswerBy: a held place leaves time to answer, which is never past, never in the night,
// and never after the session has begun.
func TestAnswerBy(t *testing.T) {
	t.Parallel()
	const layout = "2006-01-02 15:04"
	in := func(text string) time.Time {
		at, err := time.ParseInLocation(layout, text, clock.London)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ what, now, begins, want string }{
		{"weeks ahead", "2024-03-25 10:00", "2024-04-09 09:30", "2024-03-27 10:00"},
		{"over the beginning of summer time", "2024-03-30 10:00", "2024-04-09 09:30", "2024-04-01 11:00"},
		{"some days ahead", "2024-04-05 10:00", "2024-04-09 09:30", "2024-04-06 10:00"},
		{"offered in the night", "2024-04-05 02:00", "2024-04-20 09:30", "2024-04-07 09:00"},
		{"the evening before", "2024-04-08 18:00", "2024-04-09 09:30", "2024-04-09 09:00"},
		{"due at eight in the evening", "2024-04-06 20:00", "2024-04-20 09:30", "2024-04-08 20:00"},
		{"due later than that", "2024-04-06 20:01", "2024-04-20 09:30", "2024-04-09 09:00"},
		{"the morning of the day", "2024-04-09 08:00", "2024-04-09 14:00", "2024-04-09 09:00"},
		{"in the last hours", "2024-04-09 08:00", "2024-04-09 09:30", "2024-04-09 09:30"},
		{"a session that begins early", "2024-04-08 22:00", "2024-04-09 08:00", "2024-04-09 08:00"},
		{"a session in the evening", "2024-04-09 19:00", "2024-04-09 21:00", "2024-04-09 21:00"},
	} {
		now, begins := in(c.now), in(c.begins)
		got := answerBy(now, begins).In(clock.London)
		if got.Format(layout) != c.want {
			t.Errorf("%s: %s, want %s", c.what, got.Format(layout), c.want)
		}
		if !got.After(now) || got.After(begins) {
			t.Errorf("%s: %s is not between %s and %s", c.what, got, now, begins)
		}
	}
}

// A place that nobody answers for goes on by itself, to one after the other, and each is told.
func TestLapse(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		id := h.session("2024-04-09", 1)
		booking := h.book(id, ann)[0]
		for _, p := range []web.Person{bob, cat} {
			h.ok(h.Wait(t.Context(), p, id, p.ID))
		}
		_, err := h.CancelBooking(t.Context(), ann, booking)
		h.ok(err)
		lapse := func(want int) {
			t.Helper()
			n, err := h.Lapse(t.Context())
			h.ok(err)
			h.want("passed on", fmt.Sprint(n), fmt.Sprint(want))
		}
		lapse(0)
		late := h.turn(id, bob)
		h.at(time.Date(2024, 3, 27, 10, 0, 0, 0, time.UTC))
		lapse(1)
		h.want("held", h.offers(id), "Cat until 29 March 2024 at 10am")
		_, err = h.Take(t.Context(), bob, late)
		h.refused("too late", err, db.ErrNotFound)
		h.at(time.Date(2024, 4, 1, 10, 0, 0, 0, time.UTC))
		lapse(1)
		lapse(0)
		h.want("standing", h.standing(id)+": "+h.register(id), "open, 0 of 1, 0 waiting: Ann cancelled")
		h.want("e-mails", strings.Join(cutAt(h.emails()[4:], ","), "; "),
			"Bob: A place for you? Working together; Bob: No longer held: Working together; "+
				"Cat: A place for you? Working together; Cat: No longer held: Working together")

		// A place held when the session begins is nobody's afterwards.
		h.book(id, ann)
		h.ok(h.Wait(t.Context(), bob, id, bob.ID))
		h.at(time.Date(2024, 4, 9, 7, 0, 0, 0, time.UTC))
		b, err := liveBooking(t.Context(), h.Work, id, ann.ID)
		h.ok(err)
		_, err = h.CancelBooking(t.Context(), ann, b.ID)
		h.ok(err)
		h.want("held until it begins", h.offers(id), "Bob until 9 April 2024 at 9.30am")
		h.at(time.Date(2024, 4, 9, 8, 30, 0, 0, time.UTC))
		_, err = h.Take(t.Context(), bob, h.turn(id, bob))
		h.refused("taking it when it has begun", err, ErrNoOffer)
		lapse(1)
		h.want("standing", h.standing(id), "open, 0 of 1, 0 waiting")
	})
}

// Who waits and has no e-mail address cannot be asked, and has the place at once.
func TestOfferWithoutAddress(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann := h.person("Ann")
		id := h.session("2024-04-09", 1)
		booking := h.book(id, ann)[0]
		var bob string
		h.tx(func(q db.Q) (err error) {
			bob, _, err = h.People.Ensure(t.Context(), q, "Bob", "", "", "")
			return err
		})
		h.ok(h.Wait(t.Context(), officer, id, bob))
		_, err := h.CancelBooking(t.Context(), ann, booking)
		h.ok(err)
		h.want("register", h.register(id)+": "+h.standing(id), "Ann cancelled, Bob booked: open, 1 of 1, 0 waiting")
	})
}

// A session that moves after the last day for giving back in time lets everybody give back who
// had booked before.
func TestGivingBackAfterMove(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob := h.person("Ann"), h.person("Bob")
		id := h.session("2024-04-09", 3)
		before := h.book(id, ann)[0]
		h.at(time.Date(2024, 4, 8, 9, 0, 0, 0, time.UTC))
		h.saved(id, func(s *Session) { s.StartTime = "11:00" })
		h.at(time.Date(2024, 4, 8, 23, 30, 0, 0, time.UTC)) // the 9th in London
		after := h.book(id, bob)[0]
		for booking, want := range map[string]Status{before: Cancelled, after: LateCancelled} {
			as, err := h.CancelBooking(t.Context(), officer, booking)
			h.ok(err)
			h.want("given back", string(as), string(want))
		}
	})
}

// An officer closes a session while people book it: each has a place and was told of it, or
// was told that it is closed, and what is written agrees.
func TestClosingWhilePeopleBook(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		id := h.session("2024-04-09", 20)
		var people []web.Person
		for i := range 16 {
			people = append(people, h.person(fmt.Sprintf("Person%02d", i)))
		}
		var got atomic.Int64
		var wg sync.WaitGroup
		for i, p := range people {
			if i == len(people)/2 {
				wg.Go(func() { h.saved(id, func(s *Session) { s.State = Closed }) })
			}
			wg.Go(func() {
				switch _, err := h.Book(t.Context(), p, id, p.ID); {
				case err == nil:
					got.Add(1)
				case !errors.Is(err, ErrNotOpen):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		h.want("standing", h.standing(id), fmt.Sprintf("closed, %d of 20, 0 waiting", got.Load()))
		h.want("bookings and e-mails", fmt.Sprint(strings.Count(h.register(id), "booked"), len(h.emails())),
			fmt.Sprint(got.Load(), got.Load()))
	})
}

// Two officers move a session at once, each from the same page: one does, and the other is
// shown that it was moved. Nobody is told of two days.
func TestTwoMoveIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		id := h.session("2024-04-09", 5)
		h.book(id, h.person("Ann"))
		was, err := sessionByID(t.Context(), h.Work, id)
		h.ok(err)
		seen := web.NewForm("seen", fillSession(was).Mark()).Seen()
		results := make(chan error, 2)
		for _, time := range []string{"10:00", "11:00"} {
			go func() {
				now := was
				now.StartTime = time
				_, err := h.SaveSession(t.Context(), officer, now, seen)
				results <- err
			}()
		}
		both := []error{<-results, <-results}
		var changed *web.Changed
		if i := slices.Index(both, nil); i < 0 || !errors.As(both[1-i], &changed) {
			t.Error(both)
		}
		h.want("e-mails", fmt.Sprint(len(h.emails())), "2")
	})
}

// Two take the one place that is held, as by two windows, and the time for it runs out at the
// same moment: it is booked once, or passed on.
func TestTakingWhileItLapses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		id := h.session("2024-04-09", 1)
		booking := h.book(id, ann)[0]
		h.ok(h.Wait(t.Context(), bob, id, bob.ID))
		h.ok(h.Wait(t.Context(), cat, id, cat.ID))
		_, err := h.CancelBooking(t.Context(), ann, booking)
		h.ok(err)
		turn := h.turn(id, bob)
		h.at(time.Date(2024, 3, 27, 10, 0, 0, 0, time.UTC))
		var wg sync.WaitGroup
		var took atomic.Int64
		for range 2 {
			wg.Go(func() {
				switch _, err := h.Take(t.Context(), bob, turn); {
				case err == nil:
					took.Add(1)
				case !errors.Is(err, db.ErrNotFound) && !errors.Is(err, ErrBooked):
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			if _, err := h.Lapse(t.Context()); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		want := "open, 1 of 1, 1 waiting: Ann cancelled, Bob booked: "
		if took.Load() == 0 {
			want = "open, 1 of 1, 1 waiting: Ann cancelled: Cat until 29 March 2024 at 10am"
		}
		h.want("standing", h.standing(id)+": "+h.register(id)+": "+h.offers(id), want)
	})
}

// A session stays in sight until it is over: by its end, or by its day where no end is known.
func TestInSight(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ids := map[string]string{}
		for title, times := range map[string][3]string{"Ends at four": {"2024-07-01", "2024-07-01", "16:00"},
			"Without an end": {"2024-07-01", "2024-07-01", ""}, "Of three days": {"2024-06-30", "2024-07-02", "12:00"}} {
			ids[title] = h.sessionOf(h.course(title, "course"), times[0], 5)
			h.saved(ids[title], func(s *Session) { s.EndsOn, s.EndTime = period.MustDate(times[1]), times[2] })
		}
		for _, c := range []struct{ at, ahead, over string }{
			{"2024-06-30 08:00", "Of three days, Ends at four, Without an end", ""},
			{"2024-07-01 14:59", "Of three days, Ends at four, Without an end", ""},
			{"2024-07-01 15:00", "Of three days, Without an end", "Ends at four"}, // four o'clock in England
			{"2024-07-01 22:59", "Of three days, Without an end", "Ends at four"},
			{"2024-07-01 23:00", "Of three days", "Ends at four, Without an end"},
			{"2024-07-02 11:00", "", "Of three days, Ends at four, Without an end"},
		} {
			now, err := time.Parse("2006-01-02 15:04", c.at)
			h.ok(err)
			titles := func(f sessionFilter) string {
				f.Limit = 9
				list, err := sessions(t.Context(), h.Work, f)
				h.ok(err)
				n, err := countSessions(t.Context(), h.Work, f)
				h.ok(err)
				if n != len(list) {
					t.Errorf("%d of %d", len(list), n)
				}
				var out []string
				for _, s := range list {
					out = append(out, s.Course)
				}
				return strings.Join(out, ", ")
			}
			h.want(c.at+" ahead", titles(sessionFilter{Ahead: now}), c.ahead)
			h.want(c.at+" over", titles(sessionFilter{Over: now}), c.over)
		}

		// The register of one without an end is open on its day, and its room is told of it.
		h.at(time.Date(2024, 7, 1, 18, 0, 0, 0, time.UTC))
		at := ids["Without an end"]
		h.ok(h.AddWalkIn(t.Context(), officer, at, NewLearner{Name: "Zoe"}))
		h.want("standing", h.standing(at), "delivered, 0 of 5, 0 waiting")
	})
}
