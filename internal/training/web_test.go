package training

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A browser asks the room for pages as one person.
type browser struct {
	t   *testing.T
	h   *house
	mux *web.Mux
	as  web.Person
}

func newBrowser(t *testing.T, h *house) *browser {
	b := &browser{t: t, h: h, mux: web.NewMux(slog.New(slog.NewTextHandler(io.Discard, nil)))}
	b.mux.Person = func(*http.Request) (web.Person, error) { return b.as, nil }
	b.mux.Handle(h.Routes()...)
	return b
}

// get asks for a page, wants its status and each of some texts (or, after a "!",
// not), and checks its HTML.
func (b *browser) get(path string, status int, texts ...string) string {
	b.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil), status, texts...)
}

// post sends a form of pairs of name and value.
func (b *browser) post(path, form string, status int, texts ...string) string {
	b.t.Helper()
	values := url.Values{}
	for pair := range strings.SplitSeq(form, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if k != "" {
			values.Set(k, v)
		}
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req, status, texts...)
}

func (b *browser) do(req *http.Request, status int, texts ...string) string {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.mux.ServeHTTP(w, req)
	body := w.Body.String()
	if w.Code != status {
		b.t.Errorf("%s %s: status %d, want %d\n%s", req.Method, req.URL, w.Code, status, plainText(body))
	}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		uitest.HTML(b.t, req.URL.Path, body)
		body = plainText(body)
	}
	for _, want := range texts {
		want, not := strings.CutPrefix(want, "!")
		if strings.Contains(body, want) == not {
			b.t.Errorf("%s %s: has %q: %t, in\n%s", req.Method, req.URL, want, not, body)
		}
	}
	return w.Header().Get("Location")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plainText gives what a page says, with single spaces.
func plainText(page string) string {
	_, page, _ = strings.Cut(page, "</title>")
	return strings.Join(strings.Fields(strings.NewReplacer("&#39;", "'", "&amp;", "&").Replace(tags.ReplaceAllString(page, " "))), " ")
}

// A practitioner finds a session, books, meets what cannot be done, and gives the
// place back.
func TestBookingPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		b := newBrowser(t, h)
		ann, bob := h.person("Ann of Tidewell Council (local-authority)"), h.person("Bob of Tidewell Council")
		id := h.sessionOf(h.course("Neglect", "course"), "2024-04-09", 1)
		at := sessionHref(id)

		b.as = ann
		b.get("/work/training", 200, "Neglect", "Tue 9 April 2024, 9.30am to 4pm", "0 of 1", "Open", "1 session", "!Add a session")
		b.get(at, 200, "0 of 1 place", "Book a place", "Thursday 4 April 2024", "!Who is booked")
		b.get(at+"/book", 200, "Book a place", "three working days", "!Whom is it for")
		if to := b.post(at+"/book", "person="+ann.ID, 303); to != at {
			t.Errorf("booking leads to %s", to)
		}
		b.get(at, 200, "You have a place.", "Full", "Give it back", "!Join the waiting list", "!somebody else")
		b.post(at+"/book", "person="+ann.ID, 409, "already a place on this session")
		b.post(at+"/book", "person="+bob.ID, 404)
		b.get("/work/training/mine", 200, "Ahead of you", "Neglect", "Give back")

		b.as = bob
		b.post(at+"/book", "", 409, "No place is left", "Join the waiting list")
		b.post(at+"/wait", "", 303)
		b.get(at, 200, "You are on the waiting list")
		b.post(at+"/wait", "", 409, "already on the waiting list")
		b.get("/work/training/mine", 200, "Waiting")

		b.as = ann
		mine := h.book1(id, ann)
		b.get("/work/training/bookings/"+mine+"/cancel", 200, "Give your place back?", "in time", "1 person is waiting")
		b.as = bob
		b.get("/work/training/bookings/"+mine+"/cancel", 404)
		b.post("/work/training/bookings/"+mine+"/cancel", "", 404)
		b.as = ann
		b.post("/work/training/bookings/"+mine+"/cancel", "", 303)
		b.post("/work/training/bookings/"+mine+"/cancel", "", 409, "can no longer be changed")
		h.want("the place went on", h.register(id), "Ann cancelled, Bob booked")

		b.as = web.Person{}
		b.get("/work/training", 303)
		b.get("/work/training/calendar.ics", 200, "BEGIN:VCALENDAR", "SUMMARY:Neglect", "!Bob")
	})
}

// book1 gives the id of a person's booking that stands.
func (h *house) book1(sessionID string, p web.Person) string {
	h.t.Helper()
	b, err := liveBooking(h.t.Context(), h.Work, sessionID, p.ID)
	h.ok(err)
	return b.ID
}

// An agency's lead sees and books their own organisation's staff, and no others.
func TestAgencyLeadPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	b := newBrowser(t, h)
	lead, staff, other := h.person("Lea of Tidewell Health (health)"), h.person("Sam of Tidewell Health"), h.person("Oli of Harbour School (education)")
	lead.Permissions[MayBookOthers] = true
	id := h.session("2024-04-09", 5)
	h.book(id, other)
	b.as = lead
	b.get(sessionHref(id)+"/book", 200, "Whom is it for?", "Lea (you)", "Sam", "!Oli")
	b.post(sessionHref(id)+"/book", "person="+staff.ID, 303)
	b.post(sessionHref(id)+"/book", "person="+other.ID, 404)
	b.get(sessionHref(id), 200, "Who is booked", "Sam", "!Oli")
	b.get(sessionHref(id)+"?format=csv", 200, "Sam,sam@example.org,Tidewell Health,health,booked,2024-03-25", "!Oli")
	b.post("/work/training/bookings/"+h.book1(id, other)+"/cancel", "", 404)
	b.post("/work/training/bookings/"+h.book1(id, staff)+"/cancel", "", 303)
}

// The training officer adds a programme, a course and a session, changes it, marks
// its register, and cancels another.
func TestOfficerPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		b := newBrowser(t, h)
		b.as = officer
		b.get("/work/training", 200, "No sessions are dated", "Add a session")
		b.get("/work/training/courses", 200, "There are no courses yet", "Add a programme")
		b.get("/work/training/programmes/new", 200, "Add a programme")
		b.post("/work/training/programmes", "title=", 422, "Enter the programme's title")
		b.post("/work/training/programmes", "title=Multi-agency", 303)
		b.post("/work/training/programmes", "title=Multi-agency", 409, "already a programme of this name")
		b.post("/work/training/programmes", "title=X&id=Not A Word", 422, "small letters and numbers")
		b.get("/work/training/courses/new?programme=multi-agency", 200, "Add a course")
		b.post("/work/training/courses", "title=", 422, "Enter the course's title", "Choose the programme", "Choose the kind of course")
		course := b.post("/work/training/courses", "title=Neglect&programme=multi-agency&kind=course&length=Half a day&audience=Everybody", 303)
		b.post("/work/training/courses", "title=NEGLECT&programme=multi-agency&kind=course", 409, "already has a course of this title")
		b.get(course, 200, "Half a day", "Everybody", "No session is dated")
		b.get(course+"/edit", 200, "Change the course")
		b.post(course, "title=Neglect and GCP2&programme=multi-agency&kind=course", 303)
		b.get("/work/training/courses?q=gcp2", 200, "Neglect and GCP2", "1 course")
		b.get("/work/training/courses?q=nothing", 200, "No courses match")
		b.get("/work/training/courses?format=csv", 200, "Neglect and GCP2,multi-agency,course")

		b.get("/work/training/sessions/new", 200, "Add a session", "Neglect and GCP2", "!Delivered")
		b.post("/work/training/sessions", "mode=room&state=delivered", 422, "Choose the course", "Enter the day of the session", "Enter the time at which it starts",
			"Enter the place where it is held", "Enter how many places there are", "Choose how it stands")
		id := strings.TrimPrefix(course, "/work/training/courses/")
		fields := "course=" + id + "&starts_on-day=9&starts_on-month=4&starts_on-year=2024&end_time=4pm&mode=room&venue=Harbour Hall&state=open"
		b.post("/work/training/sessions", fields+"&start_time=5pm&capacity=20", 422, "Enter an end that is after the start")
		b.post("/work/training/sessions", fields+"&start_time=25:00&capacity=20", 422, "Enter a time such as 9.30am or 14:00")
		at := b.post("/work/training/sessions", fields+"&start_time=9.30&capacity=20", 303)
		ann := h.person("Ann")
		b.post(at+"/book", "email=nobody@example.org", 422, "Nobody is known by this address")
		b.post(at+"/book", "email=ann@example.org", 303)
		b.get(at, 200, "1 of 20 places", "Ann", "What was done here", "Olive Officer booked (Ann)")
		b.get(at+"/edit", 200, "1 person has a place", "Delivered")
		b.post(at, fields+"&start_time=10am&capacity=20", 303)
		b.get("/work/training?when=30&places=few&programme=multi-agency&q=gcp2&sort=taken&dir=desc", 200, "10am to 4pm", "1 of 20")
		b.get("/work/training?places=full", 200, "No sessions match")
		b.get("/work/training?format=csv", 200, "Neglect and GCP2,multi-agency,course,2024-04-09,10:00,2024-04-09,16:00,room,Harbour Hall,20,1,0,open")
		b.get(at+"/register", 409, "The register opens on the day")
		b.post(at, strings.Replace(fields, "state=open", "state=delivered", 1)+"&start_time=10am&capacity=20", 422, "has not taken place yet")
		b.post(at, fields+"&start_time=10am&capacity=0", 422, "Enter a whole number from 1 to 10000")

		h.at(time.Date(2024, 4, 9, 15, 0, 0, 0, time.UTC))
		_, err := h.Organisations.(organisations).Ensure1(h, "Harbour School", "education")
		h.ok(err)
		b.get(at, 200, "Mark the register")
		b.get(at+"/register", 200, "Mark of Ann", "Nobody came without a booking", "Harbour School")
		b.post(at+"/register", "mark-"+h.book1(strings.TrimPrefix(at, "/work/training/sessions/"), ann)+"=booked&rest=yes", 303)
		b.post(at+"/walk-ins", "name=&email=x", 422, "Enter the person's name", "Enter an email address in the form", "Choose the organisation")
		org, err := h.Organisations.(organisations).Ensure1(h, "Harbour School", "")
		h.ok(err)
		b.post(at+"/walk-ins", "name=Zoe&organisation="+org, 303)
		b.post(at+"/walk-ins", "name=Zoe&organisation="+org, 409, "already marked as having come")
		b.get(at+"/register", 200, "Zoe, Harbour School")
		b.get(at, 200, "Delivered", "Attended", "Walked in")
		b.get(at+"/cancel", 409, "cannot be cancelled")
		b.post(at, fields+"&start_time=10am&capacity=20", 422, "Choose delivered")
		b.get(course, 200, "Delivered")
		b.get("/work/training/sessions/none", 404)
	})
}

// Ensure1 is Ensure in a transaction of its own.
func (o organisations) Ensure1(h *house, name, sector string) (id string, err error) {
	err = h.Work.Tx(h.t.Context(), func(q db.Q) error {
		id, _, err = o.Ensure(h.t.Context(), q, name, sector)
		return err
	})
	return id, err
}

func TestCancelSessionAndConferencePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	b := newBrowser(t, h)
	b.as = officer
	id := h.sessionOf(h.course("The Big Learn", "conference"), "2024-06-20", 1)
	at := sessionHref(id)
	ann, bob := h.person("Ann"), h.person("Bob")
	h.book(id, ann)
	h.ok(h.Wait(t.Context(), bob, id, bob.ID))

	b.get(at, 200, "Presentations", "Stalls", "None is entered yet.", "Bob, since 25 March 2024 at 10am")
	b.post(at+"/presentations", "presentation=", 422, "Enter the presentation's title")
	b.post(at+"/presentations", "presentation=Listening to babies&presenter=Harbour Trust", 303)
	b.post(at+"/stalls", "stall=Harbour Trust", 303)
	b.post(at+"/stalls", "stall=harbour trust", 422, "already has a stall")
	b.get(at, 200, "Listening to babies", "Remove the stall of Harbour Trust")
	list, err := stalls(t.Context(), h.Work, id)
	h.ok(err)
	b.post(at+"/stalls/"+list[0].ID+"/remove", "", 303)
	talks, err := presentations(t.Context(), h.Work, id)
	h.ok(err)
	b.post(at+"/presentations/"+talks[0].ID+"/remove", "", 303)
	b.post(sessionHref(h.session("2024-06-20", 1))+"/stalls", "stall=Harbour Trust", 409, "Only a conference")

	b.get(at+"/cancel", 200, "1 person has a place and loses it", "1 person waits for one", "2 people are told")
	b.post(at+"/cancel", "reason=", 422, "Enter the reason")
	b.post(at+"/cancel", "reason=The hall is flooded.", 303)
	b.get(at, 200, "Cancelled", "!Book a place", "!Mark the register")
	b.get(at+"/edit", 409)
	b.post(at+"/book", "email=ann@example.org", 409, "not open for booking")
}

// Who may not do a thing is told what somebody is told who asks for what is not
// there.
func TestPermissions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	b := newBrowser(t, h)
	b.as = h.person("Ann")
	at := sessionHref(h.session("2024-04-09", 5))
	for _, path := range []string{"/work/training/sessions/new", at + "/edit", at + "/cancel", at + "/register", "/work/training/courses/new", "/work/training/programmes/new"} {
		b.get(path, 404)
	}
	for _, path := range []string{"/work/training/sessions", at, at + "/cancel", at + "/register", at + "/walk-ins", at + "/stalls", at + "/presentations", "/work/training/courses", "/work/training/programmes"} {
		b.post(path, "", 404)
	}
	b.as.Permissions = map[string]bool{MayRead: true}
	b.get(at, 200, "!Book a place")
	b.get(at+"/book", 404)
	for _, rt := range h.Routes() {
		if rt.Permission == web.Anyone && rt.Pattern != "GET /work/training/calendar.ics" {
			t.Errorf("%s is open to anyone", rt.Pattern)
		}
	}
}

// Every template fits its page, and is sound when it has everything and nothing.
func TestTemplates(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	f := frame{Base: ui.Base{Title: "Title"}, MayManage: true, MayBook: true, Tabs: []ui.NavItem{{Text: "Sessions", Href: "/"}}}
	s := sessionRow{Session: Session{ID: "s", Course: "Neglect", Capacity: 2, Taken: 2, Kind: "conference", State: Open}, Tone: "good", Word: "Open"}
	s.StartsOn, s.EndsOn = period.MustDate("2024-04-09"), period.MustDate("2024-04-09")
	place := placeRow{Place{BookingID: "b", SessionID: "s", Course: "Neglect", Status: Attended}, s.When(), s.Where(), true}
	l := ui.ReadList("/", url.Values{"q": {"x"}}, "starts")
	form := web.NewForm("person", "p")
	form.Add("person", "Wrong")
	row := ui.Row{Key: "When", Value: "Soon"}
	pages := map[string][]any{
		"sessions":       {sessionsPage{}, sessionsPage{frame: f, List: l, Sessions: []sessionRow{s}}},
		"session":        {sessionPage{Session: s}, sessionPage{frame: f, Session: s, About: []ui.Row{row}, Mine: &Booking{ID: "b", Status: Booked}, Bookable: true, Offer: "Book a place", Begun: true, Bookings: []Booking{{ID: "b", Name: "Ann", Status: Booked}}, Waiters: []Waiter{{Name: "Bob"}}, Presentations: []Presentation{{ID: "p", Title: "T"}}, Stalls: []Stall{{ID: "st", Organisation: "O"}}, Trail: []audittrail.Entry{{Act: "booked"}}}},
		"session-form":   {sessionFormPage{}, sessionFormPage{frame: f, New: true, Modes: modes, States: states, Booked: 2}},
		"session-cancel": {sessionCancelPage{}, sessionCancelPage{frame: f, Session: s.Session, Booked: 1, Waiting: 2, Told: 3}},
		"register":       {registerPage{Session: s}, registerPage{frame: f, Session: s, Rows: []registerRow{{Booking{ID: "b", Name: "Ann"}, "mark-b", markChoices()}}, WalkIns: []Booking{{Name: "Zoe"}}, Unmarked: 1}},
		"book":           {bookPage{}, bookPage{frame: f, Session: s, Form: form, Bookable: true, Full: true, Notice: 3}, bookPage{frame: f, Session: s, Form: form, Bookable: true, Notice: 3, ByEmail: true}, bookPage{frame: f, Session: s, Form: form, Bookable: true, Colleagues: modes}},
		"booking-cancel": {bookingCancelPage{}, bookingCancelPage{frame: f, Session: s, Own: true, Late: true, Waiting: 2}},
		"mine":           {minePage{}, minePage{frame: f, Ahead: []placeRow{place}, Record: []placeRow{place}, Missed: []placeRow{place}, Waiting: []sessionRow{s}}},
		"courses":        {coursesPage{}, coursesPage{frame: f, List: l, Courses: []courseRow{{Course{ID: "c", Title: "Neglect"}, "Course"}}}},
		"course":         {coursePage{frame: frame{Base: ui.Base{Title: "T"}}}, coursePage{frame: f, About: []ui.Row{row}, Ahead: []sessionRow{s}, Past: []sessionRow{s}}},
		"course-form":    {courseFormPage{}, courseFormPage{frame: f, Form: form, Kinds: kinds}},
		"programme-form": {programmeFormPage{}, programmeFormPage{frame: f, Form: form}},
	}
	for _, name := range h.pages.Names() {
		if !slices.ContainsFunc(pages[name], func(any) bool { return true }) {
			t.Errorf("the template %s is in no test", name)
		}
		for _, page := range pages[name] {
			uitest.Page(t, h.pages, name, page)
		}
	}
}

func TestTodos(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann := h.person("Ann")
		course := h.course("Neglect", "course")
		later := h.sessionOf(course, "2024-06-09", 9)
		soon := h.sessionOf(course, "2024-03-28", 9)
		gone := h.sessionOf(course, "2024-03-26", 2)
		h.book(later, ann)
		h.book(gone, ann)
		todos := func(p web.Person) string {
			list, err := h.Todos(t.Context(), p)
			h.ok(err)
			var out []string
			for _, x := range list {
				out = append(out, x.Title)
			}
			return strings.Join(out, "; ")
		}
		h.want("officer", todos(officer), "Few have booked: Neglect")
		h.want("Ann", todos(ann), "Your next training: Neglect")
		h.at(time.Date(2024, 4, 3, 9, 0, 0, 0, time.UTC))
		h.want("a week and a day after, officer", todos(officer), "Register to mark: Neglect")
		list, err := h.Todos(t.Context(), ann)
		h.ok(err)
		h.want("Ann's next is the one ahead", list[0].Href, sessionHref(later))
		h.want("nobody", todos(web.Person{}), "")
		_ = soon
	})
}

// BenchmarkList answers with a list of 200 sessions.
func BenchmarkList(b *testing.B) {
	h := newHouse(b, testkit.NewStores(b, db.SQLite).Work)
	course, day := h.course("Working together", "course"), period.MustDate("2024-04-09")
	for i := range 300 {
		h.sessionOf(course, day.AddDays(i).String(), 20)
	}
	mux := web.NewMux(slog.New(slog.NewTextHandler(io.Discard, nil)))
	mux.Person = func(*http.Request) (web.Person, error) { return officer, nil }
	mux.Handle(h.Routes()...)
	for b.Loop() {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/work/training?size=200", nil))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
