package training

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

func values(choices []ui.Choice) (out []string) {
	for _, c := range choices {
		out = append(out, c.Value)
	}
	return out
}

// readSession reads the form of a session: was is the one that is changed, nil for
// a new one.
func readSession(f *web.Form, was *Session) Session {
	s := Session{CourseID: f.Value("course")}
	allowed := states
	if was == nil {
		allowed = states[:2]
	} else {
		s.ID, s.CourseID = was.ID, was.CourseID
	}
	s.StartsOn = f.Date("starts_on", "Enter the day of the session")
	s.EndsOn = f.Date("ends_on", "")
	if s.EndsOn.IsZero() {
		s.EndsOn = s.StartsOn
	}
	s.StartTime = readClock(f, "start_time", "Enter the time at which it starts")
	s.EndTime = readClock(f, "end_time", "Enter the time at which it ends")
	s.Mode = f.OneOf("mode", "Choose how it is held", values(modes)...)
	need := ""
	if s.Mode == "room" {
		need = "Enter the place where it is held"
	}
	s.Venue = f.Text("venue", need, 200)
	s.Capacity = int64(f.Int("capacity", "Enter how many places there are", 1, 10_000))
	s.State = State(f.OneOf("state", "Choose how it stands", values(allowed)...))
	if f.OK() && !s.Ends().After(s.Begins()) {
		f.Add("end_time", "Enter an end that is after the start")
	}
	return s
}

func fillSession(s Session) *web.Form {
	f := web.NewForm("start_time", s.StartTime, "end_time", s.EndTime, "mode", s.Mode, "venue", s.Venue, "state",
		string(s.State))
	f.SetDate("starts_on", s.StartsOn)
	if s.EndsOn != s.StartsOn {
		f.SetDate("ends_on", s.EndsOn)
	}
	if s.Capacity > 0 {
		f.Set("capacity", strconv.FormatInt(s.Capacity, 10))
	}
	return f
}

// clockForm is how people write times: 9, 9.30, 09:30, 9.30am, 4pm; or by clockNames.
var clockForm = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d{2}))?\s*(am|pm)?$`)

// clockNames are times that have a name, as Kith itself writes them.
var clockNames = map[string]string{"midday": "12:00", "noon": "12:00", "12 noon": "12:00", "midnight": "00:00"}

func readClock(f *web.Form, name, missing string) string {
	text := f.Text(name, missing, 10)
	if text == "" {
		return ""
	}
	if said, ok := clockNames[strings.ToLower(text)]; ok {
		return said
	}
	const wrong = "Enter a time such as 9.30am or 14:00"
	m := clockForm.FindStringSubmatch(text)
	if m == nil {
		f.Add(name, wrong)
		return ""
	}
	hour, _ := strconv.Atoi(m[1]) // digits by the pattern
	minute, _ := strconv.Atoi("0" + m[2])
	switch {
	case m[3] != "" && (hour < 1 || hour > 12):
		hour = 99
	case m[3] == "pm" && hour < 12:
		hour += 12
	case m[3] == "am" && hour == 12:
		hour = 0
	}
	if hour > 23 || minute > 59 {
		f.Add(name, wrong)
		return ""
	}
	return time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04")
}

func readCourse(f *web.Form, programmes []ui.Choice) Course {
	return Course{
		Title:       f.Text("title", "Enter the course's title", 200),
		ProgrammeID: f.OneOf("programme", "Choose the programme", values(programmes)...),
		Kind:        f.OneOf("kind", "Choose the kind of course", values(kinds)...),
		Length:      f.Text("length", "", 100),
		About:       f.Text("about", "", 4000),
		Audience:    f.Text("audience", "", 1000),
	}
}

func fillCourse(c Course) *web.Form {
	return web.NewForm("title", c.Title, "programme", c.ProgrammeID, "kind", c.Kind, "length", c.Length, "about", c.About,
		"audience", c.Audience)
}

func readProgramme(f *web.Form) Programme {
	p := Programme{Title: f.Text("title", "Enter the programme's title", 100), ID: f.Text("id", "", 50),
		About: f.Text("about", "", 2000)}
	if p.ID == "" {
		p.ID = lang.Slug(p.Title)
	}
	if p.Title != "" && (p.ID == "" || lang.Slug(p.ID) != p.ID) {
		f.Add("id", "Use small letters and numbers with hyphens between them, such as multi-agency")
	}
	return p
}

// markField names the field of a booking on the register.
func markField(bookingID string) string { return "mark-" + bookingID }

// readRegister reads the marks of the bookings that the form has.
func readRegister(f *web.Form, bookings []Booking) map[string]Status {
	marked := map[string]Status{}
	for _, b := range bookings {
		m := Status(f.OneOf(markField(b.ID), "", values(markChoices)...))
		if m == Booked && (f.Yes("rest") || f.Value("act") == "all") {
			m = Attended
		}
		if m != "" {
			marked[b.ID] = m
		}
	}
	return marked
}

func fillRegister(bookings []Booking) *web.Form {
	f := web.NewForm()
	for _, b := range bookings {
		if slices.Contains(marks, b.Status) {
			f.Set(markField(b.ID), string(b.Status))
		}
	}
	return f
}

func (r *Room) readWalkIn(req *http.Request, f *web.Form) (who NewLearner, err error) {
	who = NewLearner{Name: f.Text("name", "Enter the person's name", 200), Email: f.Email("email", ""),
		JobTitle: f.Text("job_title", "", 200)}
	who.OrganisationID, err = f.Pick(req.Context(), "organisation", "Choose the organisation that they work for",
		r.employersFor(web.PersonOf(req)))
	return who, err
}
