package training

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
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
	*testkit.Browser
	h  *house
	as web.Person
}

func newBrowser(t *testing.T, h *house) *browser {
	mux := testkit.Mux(t, h.Routes()...)
	b := &browser{Browser: testkit.NewBrowser(t, mux), h: h}
	mux.Person = func(*http.Request) (web.Person, error) { return b.as, nil }
	return b
}

// get asks for a page, wants its status and each of some texts (or, after a "!",
// not), and gives where it leads.
func (b *browser) get(path string, status int, texts ...string) string {
	b.T.Helper()
	return b.want(http.MethodGet, path, nil, status, texts)
}

// post sends a form of pairs of name and value: name=value&name=value.
func (b *browser) post(path, form string, status int, texts ...string) string {
	b.T.Helper()
	values := url.Values{}
	for pair := range strings.SplitSeq(form, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if k != "" {
			values.Set(k, v)
		}
	}
	return b.want(http.MethodPost, path, values, status, texts)
}

func (b *browser) want(method, path string, form url.Values, status int, texts []string) string {
	b.T.Helper()
	w := b.Do(method, path, form)
	body := w.Body.String()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		body = plainText(body)
	}
	if w.Code != status {
		b.T.Errorf("%s %s: status %d, want %d\n%s", method, path, w.Code, status, body)
	}
	for _, want := range texts {
		want, not := strings.CutPrefix(want, "!")
		if strings.Contains(body, want) == not {
			b.T.Errorf("%s %s: has %q: %t, in\n%s", method, path, want, not, body)
		}
	}
	return w.Header().Get("Location")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plainText gives what a page says, with single spaces.
func plainText(page string) string {
	_, page, _ = strings.Cut(page, "</title>")
	return strings.Join(strings.Fields(strings.NewReplacer("&#39;", "'", "&amp;",
		"&").Replace(tags.ReplaceAllString(page, " "))), " ")
}

// The pages do what the scripts of testdata say, each beginning with one course,
// Neglect, and the people whom it names. The register's begins on the day of a
// session that Ann and Bob had booked.
func TestPages(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("there are no scripts", err)
	}
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				h := newHouse(t, s.Work)
				people, vars := h.cast()
				if name == "register" {
					at := h.sessionOf(vars["COURSE"], "2024-04-09", 9)
					h.book(at, people["ann"], people["bob"])
					h.at(time.Date(2024, 4, 9, 15, 0, 0, 0, time.UTC))
					vars["AT"] = sessionHref(at)
				}
				testkit.RunScript(t, file, string(text), people, vars, h.Routes()...)
			})
		})
	}
}

// cast makes the people of the scripts, and what the scripts may name.
func (h *house) cast() (people map[string]web.Person, vars map[string]string) {
	people = map[string]web.Person{
		"officer": officer, "ann": h.person("Ann of Tidewell Council (local-authority)"),
		"bob": h.person("Bob of Tidewell Council"),
		"lea": h.person("Lea of Tidewell Health (health)"), "sam": h.person("Sam of Tidewell Health"),
		"oli": h.person("Oli of Harbour School (education)"),
	}
	people["lea"].Permissions[access.TrainingBookOthers] = true
	return people, map[string]string{
		"COURSE": h.course("Neglect", "course"), "BOB": people["bob"].ID, "SAM": people["sam"].ID, "OLI": people["oli"].ID,
		"SCHOOL": people["oli"].OrganisationID,
	}
}

// Who may not do a thing is told what somebody is told who asks for what is not
// there.
func TestPermissions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	b := newBrowser(t, h)
	b.as = h.person("Ann")
	at := sessionHref(h.session("2024-04-09", 5))
	for _, path := range []string{"/work/training/sessions/new", at + "/edit", at + "/cancel", at + "/register/edit",
		"/work/training/courses/new", "/work/training/programmes/new"} {
		b.get(path, 404)
	}
	for _, path := range []string{"/work/training/sessions/new", at + "/edit", at + "/cancel", at + "/register/edit",
		at + "/walk-ins/new", at + "/stalls/new", at + "/presentations/new", "/work/training/courses/new",
		"/work/training/programmes/new"} {
		b.post(path, "", 404)
	}
	b.as.Permissions = map[web.Permission]bool{access.TrainingRead: true}
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
	b := ui.Base{Title: "Title", Tabs: []ui.NavItem{{Text: "Sessions", Href: "/"}}}
	s := sessionRow{Session: Session{ID: "s", Course: "Neglect", Capacity: 2, Taken: 2, Kind: "conference", State: Open},
		Tone: "good", Word: "Open"}
	s.StartsOn, s.EndsOn = period.MustDate("2024-04-09"), period.MustDate("2024-04-09")
	offered := s
	offered.Offered = true
	place := placeRow{Place{BookingID: "b", SessionID: "s", Course: "Neglect", Status: Attended}, s.When(), s.Where(),
		true}
	turns := []waitRow{{Wait{ID: "w", Session: s.Session}, "/x"},
		{Wait{ID: "v", Session: s.Session, AnswerBy: db.At(monday)}, "/y"},
		{Wait{ID: "u", Session: s.Session, AskedAt: db.At(monday)}, "/z"}}
	l := ui.ReadList("/", url.Values{"q": {"x"}}, "starts")
	form := web.NewForm("person", "p")
	form.Add("person", "Wrong")
	f, wrong := ui.FormPage{Base: b, Cancel: "/"}, ui.FormPage{Base: b, Form: form, Cancel: "/"}
	row := ui.Row{Key: "When", Value: "Soon"}
	pages := map[string][]any{
		"sessions": {sessionsPage{}, sessionsPage{Base: b, Manage: true, List: l, Sessions: []sessionRow{s}}},
		"session": {sessionPage{Session: s}, sessionPage{FormPage: f, Manage: true, MayBook: true, Session: s,
			About: []ui.Row{row}, Mine: &Booking{ID: "b", Status: Booked}, Bookable: true, Offer: "Book a place", Begun: true,
			Bookings:      []Booking{{ID: "b", Name: "Ann", Status: Booked}},
			Waiters:       []Waiter{{ID: "w", Name: "Bob"}, {ID: "x", Name: "Cat", AnswerBy: db.At(monday)}},
			Presentations: []Presentation{{ID: "p", Title: "T"}}, Stalls: []Stall{{ID: "st", Organisation: "O"}},
			History: []audittrail.Entry{{Act: "booked"}}}},
		"session-form": {sessionFormPage{}, sessionFormPage{FormPage: f, New: true, Modes: modes, States: states,
			Booked: 2}, sessionFormPage{FormPage: f, New: true, NoCourses: true}},
		"session-cancel": {sessionCancelPage{}, sessionCancelPage{FormPage: f, Session: s.Session, Booked: 1, Waiting: 2,
			Told: 3}},
		"register": {registerPage{Session: s},
			registerPage{FormPage: f, Session: s, Met: true, Strangers: []string{"Bob: 3 minutes"},
				Rows:    []registerRow{{Booking{ID: "b", Name: "Ann"}, "mark-b", markChoices, "90 minutes"}},
				WalkIns: []Booking{{Name: "Zoe"}}, Unmarked: 1},
			registerPage{FormPage: f, Session: s, Undo: 2, Unmarked: 1,
				Rows: []registerRow{{Booking: Booking{ID: "b", Name: "Ann"}, Field: "mark-b", Marks: markChoices}}}},
		"certificate": {certificatePage{Base: b, Mine: "/", From: "Tidewell", Session: s.Session,
			Booking: Booking{ID: "b", Name: "Ann", Organisation: "O"}, Course: Course{Length: "A day"}},
			certificatePage{Base: b, Mine: "/", Session: s.Session}},
		"register-sheet": {sheetPage{Base: ui.Base{Title: "T"}, Session: s.Session},
			sheetPage{Base: b, Session: s.Session, Rows: []Booking{{Name: "Ann"}}, Empty: []int{0}, Begun: true}},
		"code-sheet": {codePage{Base: b, Who: learner{Name: "Una", Email: "una@x.example", Organisation: "O"}, Until: monday,
			Code: "1234 5678", Address: "https://x.example/sign-in/code/training", Hands: "Ann", Done: "/"}},
		"book": {bookPage{}, bookPage{FormPage: wrong, Session: s, Bookable: true, Full: true, Notice: 3},
			bookPage{FormPage: wrong, Session: s, Bookable: true, Notice: 3, ByName: true},
			bookPage{FormPage: wrong, Session: s, Bookable: true, Others: true}},
		"mine": {minePage{}, minePage{Base: b, Ahead: []placeRow{place}, Record: []placeRow{place},
			Missed: []placeRow{place}, Waiting: turns}},
		"feed": {feedPage{Base: ui.Base{Title: "T"}}, feedPage{Base: b, At: "/x", Mine: "/", Made: db.At(monday)},
			feedPage{Base: b, At: "/x", Mine: "/", Whose: "Una", Made: db.At(monday), Address: "https://x.example/a.ics"}},
		"courses": {coursesPage{},
			coursesPage{Base: b, Manage: true, List: l, Courses: []courseRow{{Course{ID: "c", Title: "Neglect"}, "Course"}}}},
		"course": {coursePage{Base: ui.Base{Title: "T"}}, coursePage{Base: b, Manage: true, About: []ui.Row{row},
			Ahead: []sessionRow{s}, Past: []sessionRow{s}}},
		"course-form": {courseFormPage{}, courseFormPage{FormPage: wrong, Kinds: kinds}},
		"guest": {guestPage{Base: ui.Base{Title: "T"}}, guestPage{Base: b, Address: "a@x.example",
			People: []guestPerson{{Name: "Una",
				Ahead: []placeRow{place}, Waiting: turns, Record: []placeRow{place}}}}},
		"dates": {datesPage{Base: ui.Base{Title: "T"}}, datesPage{Base: b, Search: "x", Sessions: []sessionRow{s}}},
		"date": {datePage{Session: s}, datePage{FormPage: f, Session: offered, Full: true, SignIn: "/in"},
			datePage{FormPage: wrong, Session: offered, Address: "a@x.example", Organisations: modes},
			datePage{FormPage: f, Session: offered, Address: "a@x.example", Organisations: modes, People: modes}},
		"people": {peoplePage{FormPage: f, Session: s}, peoplePage{FormPage: wrong, Session: s,
			Ready: true,
			Rows: []peopleRow{askedAbout(pastedRow{pastedLine: pastedLine{Number: 1, Text: "Ann"}, As: asNew, AsksOrg: true}),
				askedAbout(pastedRow{pastedLine: pastedLine{Number: 2}, Fits: []learner{{ID: "l", Name: "Ann"}}}),
				askedAbout(pastedRow{pastedLine: pastedLine{Number: 3}, As: asOut, Why: "has a place", Settled: true})}}},
		"programme-form": {ui.FormPage{}, wrong},
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
		h.at(time.Date(2024, 3, 26, 7, 0, 0, 0, time.UTC))
		h.want("officer, on the day", todos(officer), "Today: Neglect; Few have booked: Neglect")
		h.want("Ann, on the day", todos(ann), "Your next training: Neglect")
		h.at(monday)
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
