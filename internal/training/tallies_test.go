package training

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// tallied are queries of what is kept, and of what the bookings say.
var tallied = map[string][2]string{
	"tallies": {
		`SELECT session_id || ' ' || sector || ' ' || came || ' ' || used || ' ' || wasted FROM training_tallies ORDER BY 1`,
		`SELECT session_id || ' ' || sector || ' ' || sum(CASE WHEN status IN ('attended', 'walk-in', 'left-early') THEN 1
			ELSE 0 END)
			|| ' ' || sum(CASE WHEN status IN ('attended', 'left-early', 'partly') THEN 1 ELSE 0 END)
			|| ' ' || sum(CASE WHEN status IN ('no-show', 'late-cancelled') THEN 1 ELSE 0 END)
			FROM training_bookings WHERE status NOT IN ('booked', 'cancelled') GROUP BY session_id, sector ORDER BY 1`,
	},
	"attended": {
		`SELECT session_id || ' ' || person_id || ' ' || sector FROM training_attended ORDER BY 1`,
		`
			SELECT session_id || ' ' || person_id || ' ' || sector FROM training_bookings
				WHERE status IN ('attended', 'walk-in', 'left-early') ORDER BY 1`,
	},
	"sources": {
		`SELECT session_id || ' ' || sector || ' ' || import_id FROM training_sources ORDER BY 1`,
		`SELECT session_id || ' ' || sector || ' ' FROM training_bookings
			UNION SELECT session_id || ' ' || sector || ' ' || import_id FROM training_bookings WHERE import_id <> ''
			UNION SELECT session_id || ' ' || sector || ' ' || marked_import FROM training_bookings WHERE marked_import <> ''
				ORDER BY 1`,
	},
}

// TestTalliesAndMemory does things at random, as people and imports do. After each
// the tallies are what the bookings say, and a figure that is remembered is what it
// would be if it were computed now.
func TestTalliesAndMemory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		registry := figure.NewRegistry(figure.Stores{Work: s.Work, Now: h.Now}, h.Figures()...)
		course := h.course("Working together", "course")
		booked := 0
		both := period.Span{From: period.MustDate("2023-04-01"), To: period.MustDate("2025-03-31")}
		sectors := []string{"health", "police", "education"}
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			h.at(monday)
			var bookings, loaded []string
			sessions := []string{h.sessionOf(course, "2024-03-25", 40), h.sessionOf(course, "2024-04-02", 2)}
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				session := rapid.SampledFrom(sessions).Draw(r, "session")
				sector := rapid.SampledFrom(sectors).Draw(r, "sector")
				n++
				// Booked and given back a while before, or a day before, and marked long after.
				h.at(rapid.SampledFrom([]time.Time{monday.AddDate(0, 0, -14), monday.AddDate(0, 0, -1),
					monday.AddDate(0, 1, 0)}).Draw(r, "when"))
				// What is refused changes nothing, which is as good a step as another.
				switch act := rapid.SampledFrom([]string{"book", "book", "cancel", "mark", "walk in", "import", "withdraw",
					"close"}).Draw(r, "act"); act {
				case "book":
					who := h.person(fmt.Sprintf("P%d of %s (%s)", n, sector, sector))
					id, err := h.Book(t.Context(), officer, session, who.ID)
					if refused(r, act, err); err == nil {
						bookings, booked = append(bookings, id), booked+1
					}
				case "cancel":
					if len(bookings) > 0 {
						_, err := h.CancelBooking(t.Context(), officer, rapid.SampledFrom(bookings).Draw(r, "booking"))
						refused(r, act, err)
					}
				case "mark":
					if len(bookings) > 0 {
						as := rapid.SampledFrom([]Status{Booked, Attended, NoShow, LeftEarly, Partly}).Draw(r, "as")
						id := rapid.SampledFrom(bookings).Draw(r, "booking")
						b, err := bookingByID(t.Context(), s.Work, id)
						h.ok(err)
						_, err = h.SaveRegister(t.Context(), officer, b.SessionID, map[string]Status{id: as}, web.Unwatched)
						refused(r, act, err)
					}
				case "walk in":
					refused(r, act, h.AddWalkIn(t.Context(), officer, session,
						NewLearner{Name: fmt.Sprintf("W%d", n), Email: fmt.Sprintf("w%d@example.org", n)}))
				case "import":
					var rows []string
					for i := range rapid.IntRange(1, 4).Draw(r, "rows") {
						status := rapid.SampledFrom([]string{"attended", "no-show", "cancelled", "late-cancelled", "walk-in"}).Draw(r,
							"status")
						rows = append(rows, fmt.Sprintf(
							"Working together,multi-agency,course,2024-03-%02d,,online,,P%d,p%d@example.org,,%s,%s,%s,", 24+i%2, n-i, n-i,
							sector, sector, status))
					}
					rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, rows...)}, sure)
					h.ok(err)
					loaded = append(loaded, rep.ImportID)
				case "withdraw":
					if len(loaded) > 0 {
						_, err := h.imports.Withdraw(t.Context(), loaded[len(loaded)-1], officer)
						refused(r, act, err)
						loaded = loaded[:len(loaded)-1]
					}
				case "close":
					if n%5 == 0 { // seldom, since nothing happens on a session that was called off
						_, err := h.CancelSession(t.Context(), officer, session, "No trainer")
						refused(r, act, err)
					}
				}
				for name, q := range tallied {
					kept, err := db.All[string](t.Context(), s.Work, q[0])
					h.ok(err)
					said, err := db.All[string](t.Context(), s.Work, q[1])
					h.ok(err)
					if got, want := strings.Join(kept, "\n"), strings.Join(said, "\n"); got != want {
						r.Fatalf("%s: kept\n%s\nand the bookings say\n%s", name, got, want)
					}
				}
				fresh := figure.NewRegistry(figure.Stores{Work: s.Work, Now: h.Now}, h.Figures()...)
				for _, id := range []string{"training.events", "training.attendances", "training.people",
					"training.places_used_percent"} {
					for _, by := range []string{"", "programme"} {
						ask := figure.Ask{Period: both, By: by, Sources: by == ""}
						got, err := registry.Compute(t.Context(), id, ask)
						h.ok(err)
						want, err := fresh.Compute(t.Context(), id, ask)
						h.ok(err)
						if a, b := sourced(got), sourced(want); a != b {
							r.Fatalf("%s by %q: remembered %s, and it is %s", id, by, a, b)
						}
					}
				}
			}
		})
		if booked < 20 {
			t.Errorf("%d people were booked", booked)
		}
	})
}

// refused fails on an error that is not the room's word to a person.
func refused(r *rapid.T, act string, err error) {
	for _, word := range []error{nil, ErrBooked, ErrFull, ErrNotOpen, ErrOver, ErrNotYet, ErrDelivered, db.ErrNotFound} {
		if errors.Is(err, word) {
			return
		}
	}
	r.Fatalf("%s: %v", act, err)
}

// sourced writes values with where they came from.
func sourced(values []figure.Value) string {
	var out []string
	for _, v := range values {
		s := fmt.Sprint(v.Dims, v.Numerator, v.Rows, v.Inputs)
		if v.Denominator != nil {
			s += fmt.Sprint("/", *v.Denominator)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// TestBookingAtOnce: bookings on many sessions at the same time wait for nobody in
// a ring, and each is counted.
func TestBookingAtOnce(t *testing.T) {
	t.Parallel()
	const at, each = 64, 4
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		course := h.course("Working together", "course")
		var sessions, people []string
		for range 4 {
			sessions = append(sessions, h.sessionOf(course, "2024-04-09", at*each))
		}
		for i := range at * each {
			people = append(people, h.person(fmt.Sprintf("P%d of Health (health)", i)).ID)
		}
		count := func() (n int64) {
			h.ok(s.Work.Snapshot(t.Context(), func(r db.Reader) error {
				changes, err := db.Changes(t.Context(), r)
				n = changes["training_bookings"]
				return err
			}))
			return n
		}
		before := count()
		var wg sync.WaitGroup
		for i := range at {
			wg.Go(func() {
				for j := range each {
					if _, err := h.Book(t.Context(), officer, sessions[(i+j)%len(sessions)], people[i*each+j]); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := count() - before; n != at*each {
			t.Errorf("%d changes counted of %d", n, at*each)
		}
	})
}
