package training

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	goical "github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// parsed reads a calendar file by another library than the one that writes it, which refuses
// one that lacks what every file must have.
func parsed(t testing.TB, file string) *goical.Calendar {
	t.Helper()
	cal, err := goical.NewDecoder(strings.NewReader(file)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	if err := goical.NewEncoder(&strings.Builder{}).Encode(cal); err != nil {
		t.Errorf("%v in\n%s", err, file)
	}
	for line := range strings.SplitSeq(file, "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("the line %q is too long or broken", line)
		}
	}
	return cal
}

// text gives a property as text; "" where there is none.
func text(t testing.TB, props goical.Props, name string) string {
	t.Helper()
	got, err := props.Text(name)
	if err != nil {
		t.Error(name, err)
	}
	return got
}

// A calendar file stays whole whatever people type, and knows a day without a time and a
// session without an end.
func TestCalendar(t *testing.T) {
	t.Parallel()
	d := period.MustDate("2024-04-09")
	site := mail.Site{Name: `Tidewell: "Safer", together`,
		Address: "https://kith.example", From: "training@tidewell.example"}
	title := "Neglect; what now, \\ and\r\nBEGIN:VEVENT " + strings.Repeat("Wörter ", 30)
	file := calendar("", ics.MethodRequest, site, monday,
		appointment{ID: "b1", Sequence: 2, Standing: held, Name: `Una "Ann" O'Neil; x`, Address: "una@x.example",
			Session: Session{Course: title, StartsOn: d, EndsOn: d, StartTime: "09:30", EndTime: "12:00", Mode: "online"}},
		appointment{ID: "b2", Session: Session{Course: "Two days", StartsOn: d, EndsOn: d.AddDays(1), State: CalledOff}},
		appointment{ID: "b3", Session: Session{Course: "No end", StartsOn: d, EndsOn: d, StartTime: "14:00", Venue: "Hall"}})
	events := parsed(t, file).Events()
	if len(events) != 3 {
		t.Fatalf("%d events in\n%s", len(events), file)
	}
	first := events[0].Props
	if got, want := text(t, first, "SUMMARY"), oneLine(title); got != want {
		t.Errorf("the title is read as %q", got)
	}
	starts, err := events[0].DateTimeStart(time.UTC)
	if want := time.Date(2024, 4, 9, 8, 30, 0, 0, time.UTC); err != nil || !starts.Equal(want) {
		t.Errorf("it starts at %s, %v", starts, err)
	}
	if cn := first.Get("ATTENDEE").Params.Get("CN"); cn != "Una Ann O’Neil x" {
		t.Errorf("the attendee is %q", cn)
	}
	for _, want := range []string{"UID:b1@training.kith\r\n", "SEQUENCE:2\r\n", "LOCATION:Online\r\n",
		"DTSTAMP:20240325T100000Z\r\n", "DTSTART;VALUE=DATE:20240409\r\n", "DTEND;VALUE=DATE:20240411\r\n",
		"STATUS:CANCELLED\r\n"} {
		if !strings.Contains(file, want) {
			t.Errorf("no %q in\n%s", want, file)
		}
	}
	if events[2].Props.Get("DTEND") != nil || text(t, events[2].Props, "LOCATION") != "Hall" {
		t.Error("an end is made up")
	}
	none := calendar("", ics.MethodPublish, mail.Site{}, monday,
		appointment{ID: "b4", Session: Session{StartsOn: d, EndsOn: d}})
	if parsed(t, none).Events()[0].Props.Get("ORGANIZER").Value != "invalid:nomail" {
		t.Error("without an address of the partnership the file names another organiser")
	}
}

// The rules of summer time in a file are those of the clock in London, from when this program
// has sessions to when a calendar may look ahead.
func TestCalendarSummerTime(t *testing.T) {
	t.Parallel()
	zone := parsed(t, calendar("", ics.MethodPublish, mail.Site{}, monday, appointment{ID: "x"})).Children[0]
	onsets := 0
	for _, part := range zone.Children {
		rule, err := rrule.StrToRRule("DTSTART:" + part.Props.Get("DTSTART").Value + "Z\nRRULE:" +
			part.Props.Get("RRULE").Value)
		if err != nil {
			t.Fatal(err)
		}
		before, after := offset(t, part.Props.Get("TZOFFSETFROM").Value), offset(t, part.Props.Get("TZOFFSETTO").Value)
		for _, local := range rule.Between(monday.AddDate(-27, 0, 0), monday.AddDate(20, 0, 0), true) {
			at := local.Add(-before) // the onset is written by the clock as it was
			for moment, want := range map[time.Time]time.Duration{at.Add(-time.Second): before, at: after} {
				if _, got := moment.In(clock.London).Zone(); time.Duration(got)*time.Second != want {
					t.Errorf("at %s London is %d seconds ahead, and the file says %s", moment, got, want)
				}
			}
			onsets++
		}
	}
	if onsets < 2*46 {
		t.Errorf("only %d onsets are looked at", onsets)
	}
}

func offset(t *testing.T, text string) time.Duration {
	t.Helper()
	at, err := time.Parse("-0700", text)
	if err != nil {
		t.Fatal(err)
	}
	_, seconds := at.Zone()
	return time.Duration(seconds) * time.Second
}

// What each thing that becomes of a booking tells the person's calendar is in a file of
// testdata/calendar: what it is known by stays, and the sequence counts on.
func TestCalendarGoldens(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.site = mail.Site{Name: "Tidewell", Address: "https://kith.example", From: "training@tidewell.example"}
		ann, bob := h.person("Ann"), h.person("Bob")
		course := h.course("Neglect", "course")
		id := h.sessionOf(course, "2024-04-09", 1)
		known := map[string]string{}
		step := func(name, method, who string, sequence int) {
			t.Helper()
			h.calendarIs(known, name, method, who, sequence)
		}

		booking := h.book(id, ann)[0]
		step("book", "REQUEST", "Ann", 0)
		h.saved(id, func(s *Session) { s.StartTime, s.Venue = "10:00", "Quay House; room 2, first floor" })
		step("session-moved", "REQUEST", "Ann", 1)
		c, err := courseByID(t.Context(), h.Work, course)
		h.ok(err)
		c.Title = "Neglect, and what helps"
		h.ok(h.SaveCourse(t.Context(), officer, c, web.Unwatched))
		step("name-changed", "REQUEST", "Ann", 2)
		h.ok(h.Wait(t.Context(), bob, id, bob.ID))
		_, err = h.CancelBooking(t.Context(), ann, booking)
		h.ok(err)
		step("give-back", "CANCEL", "Ann", 3)
		step("place-offered", "PUBLISH", "Bob", 0)
		h.take(id, bob)
		step("place-taken", "REQUEST", "Bob", 1)
		h.saved(id, func(s *Session) { s.Capacity = 2 })
		h.book(id, ann)
		step("book-again", "REQUEST", "Ann", 0)
		_, err = h.CancelSession(t.Context(), officer, id, "The trainer is ill.")
		h.ok(err)
		step("session-cancelled", "CANCEL", "Ann", 1)
		step("session-cancelled-waited", "CANCEL", "Bob", 2)
		if len(known) != 3 {
			t.Errorf("two people and three bookings are known by %d names", len(known))
		}
	})
}

// saved changes a session.
func (h *house) saved(id string, change func(*Session)) {
	h.t.Helper()
	s, err := sessionByID(h.t.Context(), h.Work, id)
	h.ok(err)
	change(&s)
	_, err = h.SaveSession(h.t.Context(), officer, s, web.Unwatched)
	h.ok(err)
}

// calendarIs compares the newest calendar file sent to somebody with a golden one. known has
// the names of bookings so far, which in the golden files are booking-1 and so on.
func (h *house) calendarIs(known map[string]string, name, method, who string, sequence int) {
	h.t.Helper()
	file, err := db.Get[string](h.t.Context(), h.Work, `
		SELECT calendar FROM mail_outbox WHERE to_name = $1 AND calendar <> '' ORDER BY id DESC LIMIT 1`, who)
	h.ok(err)
	cal := parsed(h.t, file)
	event := cal.Events()[0].Props
	uid, _, _ := strings.Cut(text(h.t, event, "UID"), "@")
	if known[uid] == "" {
		known[uid] = fmt.Sprintf("booking-%d", len(known)+1)
	}
	h.want(name, text(h.t, cal.Props, "METHOD")+" "+event.Get("SEQUENCE").Value, fmt.Sprintf("%s %d", method, sequence))
	s, err := db.Get[string](h.t.Context(), h.Work, `SELECT id FROM training_sessions`)
	h.ok(err)
	whole := strings.ReplaceAll(strings.ReplaceAll(file, "\r\n ", ""), "\r\n", "\n") // folding is looked at by parsed
	got := strings.NewReplacer(uid+"@", known[uid]+"@", s, "session-1").Replace(whole)
	path := filepath.Join("testdata", "calendar", name+".ics")
	if *update {
		h.ok(os.MkdirAll(filepath.Dir(path), 0o755))
		h.ok(os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	h.ok(err)
	h.want(name, got, string(want))
}

// A person's own calendar is shown to whoever has its address, names nobody, and is gone with
// its address.
func TestFeed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.Guests = guests{}
		ann, bob := h.person("Ann"), h.person("Bob")
		h.book(h.sessionOf(h.course("Neglect", "course"), "2024-04-09", 5), ann, bob)
		h.book(h.sessionOf(h.course("Only Bob's", "course"), "2024-04-10", 5), bob)
		b := newBrowser(t, h)
		b.Handler = testkit.Mux(t, h.GuestRoutes()...)
		secret, err := h.MakeFeed(t.Context(), ann)
		h.ok(err)
		w := b.Do("GET", feedRoot+secret+".ics", nil)
		file := w.Body.String()
		if w.Code != 200 || w.Header().Get("Cache-Control") != "private, no-store" ||
			!strings.HasPrefix(w.Header().Get("Content-Type"), "text/calendar") {
			t.Error(w.Code, w.Header())
		}
		cal := parsed(t, file)
		if len(cal.Events()) != 1 || text(t, cal.Props, "METHOD") != "PUBLISH" || strings.Contains(file, "Ann") ||
			strings.Contains(file, ann.Email) {
			t.Error(file)
		}
		kept, err := db.Get[string](t.Context(), s.Work, `SELECT hash FROM training_feeds`)
		h.ok(err)
		if strings.Contains(kept, secret) {
			t.Error("the secret is kept as it is")
		}
		again, err := h.MakeFeed(t.Context(), ann)
		h.ok(err)
		for path, want := range map[string]int{secret + ".ics": 404, again + ".ics": 200, again: 404, "x.ics": 404} {
			if got := b.Do("GET", feedRoot+path, nil).Code; got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
		h.ok(h.StopFeed(t.Context(), ann))
		if got := b.Do("GET", feedRoot+again+".ics", nil).Code; got != 404 {
			t.Error("a calendar that was stopped answers", got)
		}

		// A guest has one too, for themselves alone.
		at := guestFeedRoot
		b.Cookies["guest"] = bob.Email
		b.Want("GET", at+ann.ID, nil, 404, "")
		b.Want("POST", at+ann.ID+"/make", nil, 404, "")
		b.Want("GET", at+bob.ID, nil, 200, "You have none yet")
		b.Want("POST", at+bob.ID+"/make", nil, 200, feedRoot)
		b.Want("POST", at+bob.ID+"/stop", nil, 303, at+bob.ID)
	})
}
