package training

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

func TestBook(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann of Tidewell Council (local-authority)"), h.person("Bob of Tidewell Council"),
			h.person("Cat")
		id := h.session("2024-04-09", 2)
		h.book(id, ann)
		_, err := h.Book(t.Context(), ann, id, ann.ID)
		h.refused("twice", err, ErrBooked)
		_, err = h.Book(t.Context(), ann, id, bob.ID)
		h.refused("for a colleague, without the permission", err, db.ErrNotFound)
		ann.Permissions[access.TrainingBookOthers] = true
		_, err = h.Book(t.Context(), ann, id, cat.ID)
		h.refused("for somebody elsewhere", err, db.ErrNotFound)
		if _, err = h.Book(t.Context(), ann, id, bob.ID); err != nil {
			t.Error("for a colleague:", err)
		}
		_, err = h.Book(t.Context(), cat, id, cat.ID)
		h.refused("when full", err, ErrFull)
		_, err = h.Book(t.Context(), ann, id, ann.ID)
		h.refused("who has a place is told so, though it is full", err, ErrBooked)
		_, err = h.Book(t.Context(), cat, "none", cat.ID)
		h.refused("no such session", err, db.ErrNotFound)
		h.want("register", h.register(id), "Ann booked, Bob booked")
		h.want("standing", h.standing(id), "open, 2 of 2, 0 waiting")
		if got := len(h.emails()); got != 2 {
			t.Errorf("%d e-mails, want one for each booking that was made", got)
		}
	})
}

func TestNotOpen(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann := h.person("Ann")
		for _, c := range []struct {
			name string
			make func() string
		}{
			{"yesterday's", func() string { return h.session("2024-03-24", 9) }},
			{"begun this morning", func() string { return h.session("2024-03-25", 9) }},
			{"called off", func() string {
				id := h.session("2024-04-09", 9)
				_, err := h.CancelSession(t.Context(), officer, id, "")
				h.ok(err)
				return id
			}},
			{"of which no capacity is known", func() string { return h.session("2024-04-09", 0) }},
		} {
			_, err := h.Book(t.Context(), ann, c.make(), ann.ID)
			h.refused(c.name, err, ErrNotOpen)
		}
	})
}

func TestConfirmation(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.book(h.session("2024-04-09", 2), h.person("Ann"))
		emails, err := h.outbox.Newest(t.Context(), 1)
		h.ok(err)
		for _, want := range []string{"Dear Ann,", "Tue 9 April 2024, 9.30am to 4pm", "Harbour Hall",
			"give the place back by 4 April 2024", "https://kith.example/work/training/sessions/"} {
			if !strings.Contains(emails[0].Body, want) {
				t.Errorf("the e-mail does not say %q:\n%s", want, emails[0].Body)
			}
		}
		for _, want := range []string{"BEGIN:VCALENDAR\r\n", "METHOD:REQUEST\r\n",
			"DTSTART;TZID=Europe/London:20240409T093000\r\n", "DTEND;TZID=Europe/London:20240409T160000\r\n",
			"LOCATION:Harbour Hall\r\n", "STATUS:CONFIRMED\r\n"} {
			if !strings.Contains(emails[0].Calendar, want) {
				t.Errorf("the calendar file has no %q:\n%s", want, emails[0].Calendar)
			}
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat, dan := h.person("Ann"), h.person("Bob"), h.person("Cat"), h.person("Dan")
		id := h.session("2024-04-09", 1)
		booking := h.book(id, ann)[0]
		_, err := h.CancelBooking(t.Context(), bob, booking)
		h.refused("another's booking", err, db.ErrNotFound)
		h.refused("waiting with a place", h.Wait(t.Context(), ann, id, ann.ID), ErrBooked)
		h.ok(h.Wait(t.Context(), bob, id, bob.ID))
		h.refused("waiting twice", h.Wait(t.Context(), bob, id, bob.ID), ErrWaiting)
		h.ok(h.Wait(t.Context(), cat, id, cat.ID))
		h.ok(h.Wait(t.Context(), dan, id, dan.ID))
		_, err = h.Leave(t.Context(), cat, h.turn(id, cat))
		h.ok(err)
		h.want("standing", h.standing(id), "open, 1 of 1, 2 waiting")

		as, err := h.CancelBooking(t.Context(), ann, booking)
		h.ok(err)
		h.want("in time", string(as), "cancelled")
		h.want("whoever waited longest is offered the place", h.offers(id), "Bob until 27 March 2024 at 10am")
		h.want("standing", h.standing(id), "open, 1 of 1, 2 waiting")
		got := h.emails()
		h.want("e-mails", strings.Join(cutAt(got[1:], ","), "; "),
			"Bob: On the waiting list: Working together; Cat: On the waiting list: Working together; "+
				"Dan: On the waiting list: Working together; Cat: Waiting list: Working together; "+
				"Ann: Cancelled: Working together; Bob: A place for you? Working together")
		h.take(id, bob)
		h.want("and has it when they take it", h.standing(id)+": "+h.register(id),
			"open, 1 of 1, 1 waiting: Ann cancelled, Bob booked")
		_, err = h.CancelBooking(t.Context(), ann, booking)
		h.refused("twice", err, ErrOver)

		// Three working days before the 9th is the 4th, and now it is the 8th.
		h.at(time.Date(2024, 4, 8, 9, 0, 0, 0, time.UTC))
		b, err := liveBooking(t.Context(), h.Work, id, bob.ID)
		h.ok(err)
		as, err = h.CancelBooking(t.Context(), bob, b.ID)
		h.ok(err)
		h.want("too late", string(as), "late-cancelled")
		h.take(id, dan)
		d, err := liveBooking(t.Context(), h.Work, id, dan.ID)
		h.ok(err)
		as, err = h.CancelBooking(t.Context(), dan, d.ID)
		h.ok(err)
		h.want("who got the place too late to give it back", string(as), "cancelled")
		h.want("standing", h.standing(id), "open, 0 of 1, 0 waiting")
		h.refused("waiting where there is a place", h.Wait(t.Context(), cat, id, cat.ID), ErrNotFull)

		again := h.book(id, ann)[0]
		h.at(time.Date(2024, 4, 9, 8, 30, 0, 0, time.UTC))
		_, err = h.CancelBooking(t.Context(), ann, again)
		h.refused("after it has begun", err, ErrOver)
	})
}

// cutAt cuts each of list at the first sep, and drops the numbers that tell the
// tests' courses apart.
func cutAt(list []string, sep string) (out []string) {
	for _, s := range list {
		s, _, _ = strings.Cut(s, sep)
		if i := strings.LastIndex(s, " id"); i > 0 {
			s = s[:i]
		}
		out = append(out, s)
	}
	return out
}

func TestSaveSession(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		id := h.session("2024-04-09", 2)
		h.book(id, ann, bob)
		h.ok(h.Wait(t.Context(), cat, id, cat.ID))
		ses, err := sessionByID(t.Context(), h.Work, id)
		h.ok(err)

		ses.Capacity = 1
		_, err = h.SaveSession(t.Context(), officer, ses, web.Unwatched)
		h.refused("fewer places than bookings", err, ErrTooSmall)
		ses.Capacity = 3
		told, err := h.SaveSession(t.Context(), officer, ses, web.Unwatched)
		h.ok(err)
		h.want("a place more", h.standing(id)+": "+h.register(id)+": "+h.offers(id),
			"open, 3 of 3, 1 waiting: Ann booked, Bob booked: Cat until 27 March 2024 at 10am")
		h.want("told of that", fmt.Sprint(told), "{0 0}")
		h.take(id, cat)

		ses.Venue = "Quay House"
		told, err = h.SaveSession(t.Context(), officer, ses, web.Unwatched)
		h.ok(err)
		h.want("told of another place", fmt.Sprint(told), "{3 0}")
		emails, err := h.outbox.Newest(t.Context(), 1)
		h.ok(err)
		if !strings.Contains(emails[0].Calendar, "SEQUENCE:2\r\n") || !strings.Contains(emails[0].Body, "Quay House") {
			t.Error("calendars are not told of the change:", emails[0])
		}
	})
}

func TestCancelSession(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob := h.person("Ann"), h.person("Bob")
		id := h.session("2024-04-09", 1)
		h.book(id, ann)
		h.ok(h.Wait(t.Context(), bob, id, bob.ID))
		told, err := h.CancelSession(t.Context(), officer, id, "The trainer is ill.")
		h.ok(err)
		h.want("told", fmt.Sprint(told), "{1 1}")
		h.want("standing", h.standing(id)+": "+h.register(id), "cancelled, 0 of 1, 0 waiting: Ann cancelled")
		emails, err := h.outbox.Newest(t.Context(), 2)
		h.ok(err)
		if !strings.Contains(emails[0].Body, "The trainer is ill.") || emails[0].Calendar != "" ||
			!strings.Contains(emails[1].Calendar, "METHOD:CANCEL\r\n") ||
			!strings.Contains(emails[1].Calendar, "STATUS:CANCELLED\r\n") {
			t.Error("the e-mails:", emails)
		}
		_, err = h.CancelSession(t.Context(), officer, id, "")
		h.refused("twice", err, ErrOver)

		gone := h.session("2024-03-22", 1)
		h.ok(h.AddWalkIn(t.Context(), officer, gone, NewLearner{Name: "Zoe"}))
		_, err = h.CancelSession(t.Context(), officer, gone, "")
		h.refused("one that people came to", err, ErrDelivered)
	})
}

func TestRegister(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		id := h.session("2024-04-09", 3)
		b := h.book(id, ann, bob, cat)
		_, err := h.SaveRegister(t.Context(), officer, id, map[string]Status{b[0]: Attended}, web.Unwatched)
		h.refused("before the day", err, ErrNotYet)

		h.at(time.Date(2024, 4, 9, 15, 0, 0, 0, time.UTC))
		n, err := h.SaveRegister(t.Context(), officer, id, map[string]Status{b[0]: Attended, b[1]: NoShow}, web.Unwatched)
		h.ok(err)
		h.want("marked", fmt.Sprint(n), "2")
		h.want("standing", h.standing(id), "delivered, 3 of 3, 0 waiting")
		_, err = h.SaveRegister(t.Context(), officer, id, map[string]Status{b[0]: WalkIn}, web.Unwatched)
		h.refused("a booking as a walk-in", err, ErrOver)
		n, err = h.SaveRegister(t.Context(), officer, id, map[string]Status{b[0]: LeftEarly, b[1]: NoShow}, web.Unwatched)
		h.ok(err)
		h.want("corrected", fmt.Sprint(n), "1")

		h.ok(h.AddWalkIn(t.Context(), officer, id, NewLearner{Name: "Dan", Email: "dan@example.org"}))
		h.ok(h.AddWalkIn(t.Context(), officer, id, NewLearner{Name: "Cat", Email: "cat@example.org"}))
		h.refused("a second time", h.AddWalkIn(t.Context(), officer, id, NewLearner{Name: "Dan", Email: "dan@example.org"}),
			ErrBooked)
		h.want("register", h.register(id), "Ann left-early, Bob no-show, Cat attended, Dan walk-in")
		h.want("a walk-in has a chair, and no place", h.standing(id), "delivered, 3 of 3, 0 waiting")
	})
}

func TestConference(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		id := h.sessionOf(h.course("The Big Learn", "conference"), "2024-06-20", 400)
		p, err := h.AddPresentation(t.Context(), officer, Presentation{SessionID: id, Title: "Listening to babies",
			Organisation: "Harbour Trust"})
		h.ok(err)
		_, err = h.AddStall(t.Context(), officer, Stall{SessionID: id, Organisation: "Harbour Trust"})
		h.ok(err)
		_, err = h.AddStall(t.Context(), officer, Stall{SessionID: id, Organisation: "harbour  trust"})
		h.refused("a second stall", err, ErrStallTaken)
		h.ok(h.RemovePresentation(t.Context(), officer, id, p))
		h.refused("twice", h.RemovePresentation(t.Context(), officer, id, p), db.ErrNotFound)
		_, err = h.AddStall(t.Context(), officer, Stall{SessionID: h.session("2024-06-20", 3), Organisation: "Harbour Trust"})
		h.refused("at a course", err, ErrConference)
		h.refused("a programme of the same name",
			h.AddProgramme(t.Context(), officer, Programme{ID: "multi-agency", Title: "Again"}), ErrProgrammeTaken)
	})
}

// Sixty-four people want the last 20 places at once: 20 get one, the others are
// told that it is full, and what is written agrees.
func TestLastPlaces(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		const wanting, places = 64, 20
		h := newHouse(t, s.Work)
		id := h.session("2024-04-09", places)
		var people []web.Person
		for i := range wanting {
			people = append(people, h.person(fmt.Sprintf("Person%02d", i)))
		}
		var got, full atomic.Int64
		var wg sync.WaitGroup
		for _, p := range people {
			wg.Go(func() {
				switch _, err := h.Book(t.Context(), p, id, p.ID); {
				case err == nil:
					got.Add(1)
				case errors.Is(err, ErrFull):
					full.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		h.want("got a place, and not", fmt.Sprint(got.Load(), full.Load()), fmt.Sprint(places, wanting-places))
		h.want("standing", h.standing(id), "open, 20 of 20, 0 waiting")
		h.want("bookings and e-mails", fmt.Sprint(strings.Count(h.register(id), "booked"), len(h.emails())), "20 20")
	})
}

// People give places back while others join the waiting list: in the end nobody
// waits beside a free place.
func TestWaitingWhilePlacesFree(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		id := h.session("2024-04-09", 8)
		var have, want []web.Person
		for i := range 8 {
			have = append(have, h.person(fmt.Sprintf("Has%d", i)))
			want = append(want, h.person(fmt.Sprintf("Wants%d", i)))
		}
		bookings := h.book(id, have...)
		var wg sync.WaitGroup
		for i := range have {
			wg.Go(func() {
				if _, err := h.CancelBooking(t.Context(), have[i], bookings[i]); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if err := h.Wait(t.Context(), want[i], id, want[i].ID); err != nil && !errors.Is(err, ErrNotFull) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		ses, err := sessionByID(t.Context(), h.Work, id)
		h.ok(err)
		held := int64(strings.Count(h.offers(id), "until"))
		if ses.PlacesLeft() > 0 && ses.Waiting > held {
			t.Errorf("%d places are free and %d people wait", ses.PlacesLeft(), ses.Waiting)
		}
		h.want("places taken are bookings and held", fmt.Sprint(strings.Count(h.register(id), " booked")+
			strings.Count(h.offers(id), "until")), fmt.Sprint(ses.Taken))
	})
}

// BenchmarkBook books places one after the other, each on the disk before the
// next: the figure is bookings a second.
func BenchmarkBook(b *testing.B) {
	h := newHouse(b, testkit.NewStores(b, db.SQLite).Work)
	h.NewID = ids.New
	course := h.course("Working together", "course")
	people := make([]web.Person, 500)
	for i := range people {
		people[i] = h.person(fmt.Sprintf("Person%03d", i))
	}
	var id string
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		p := people[n%len(people)]
		if n%len(people) == 0 {
			b.StopTimer()
			id = h.sessionOf(course, period.MustDate("2024-04-09").AddDays(n/len(people)).String(), 1000)
			b.StartTimer()
		}
		if _, err := h.Book(b.Context(), p, id, p.ID); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
}
