package training

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// A column is something that a training history says of a booking.
type column string

// The columns, by the names that the documented header has.
const (
	colCourse       column = "course"
	colProgramme    column = "programme"
	colKind         column = "kind"
	colStart        column = "session_start"
	colEnd          column = "session_end"
	colMode         column = "mode"
	colVenue        column = "venue"
	colPerson       column = "person"
	colEmail        column = "email"
	colJobTitle     column = "job_title"
	colOrganisation column = "organisation"
	colSector       column = "sector"
	colStatus       column = "status"
	colBookedOn     column = "booked_on"
)

// header is the documented header, in order.
var header = []column{colCourse, colProgramme, colKind, colStart, colEnd, colMode, colVenue, colPerson, colEmail,
	colJobTitle, colOrganisation, colSector, colStatus, colBookedOn}

// needed are the columns without which the figures cannot be counted. A person is
// needed too, by name or by address.
var needed = []column{colCourse, colProgramme, colKind, colStart, colSector, colStatus}

// alsoCalled are the other names of columns that are understood, as lang.Slug writes
// them. docs/rooms/training.md lists them.
var alsoCalled = map[string]column{
	"course-title": colCourse, "course-name": colCourse, "event": colCourse, "event-title": colCourse,
	"event-name": colCourse, "training": colCourse, "title": colCourse,
	"program": colProgramme, "programme-name": colProgramme, "training-programme": colProgramme, "strand": colProgramme,
	"event-type": colKind, "course-type": colKind, "type": colKind,
	"start-date": colStart, "start": colStart, "date": colStart, "course-date": colStart, "event-date": colStart,
	"session-date": colStart, "session-start-date": colStart,
	"end-date": colEnd, "end": colEnd, "event-end-date": colEnd, "session-end-date": colEnd,
	"delivery": colMode, "delivery-mode": colMode, "delivery-method": colMode, "format": colMode,
	"location": colVenue, "place": colVenue,
	"attendee": colPerson, "attendee-name": colPerson, "delegate": colPerson, "delegate-name": colPerson,
	"name": colPerson, "full-name": colPerson, "learner": colPerson, "learner-name": colPerson,
	"email-address": colEmail, "e-mail": colEmail, "e-mail-address": colEmail, "delegate-email": colEmail,
	"attendee-email": colEmail, "work-email": colEmail,
	"job": colJobTitle, "role": colJobTitle, "job-role": colJobTitle, "position": colJobTitle,
	"agency": colOrganisation, "organisation-name": colOrganisation, "organization": colOrganisation,
	"employer": colOrganisation, "setting": colOrganisation, "agency-name": colOrganisation,
	"agency-type": colSector, "organisation-type": colSector, "agency-sector": colSector,
	"attendance": colStatus, "attendance-status": colStatus, "booking-status": colStatus, "outcome": colStatus,
	"booking-date": colBookedOn, "date-booked": colBookedOn, "booked-date": colBookedOn, "registered-on": colBookedOn,
}

// columnOf finds the column that a header names.
func columnOf(name string) (column, bool) {
	s := lang.Slug(name)
	for _, c := range header {
		if s == lang.Slug(string(c)) {
			return c, true
		}
	}
	c, ok := alsoCalled[s]
	return c, ok
}

// Words in files, as lang.Slug writes them, for what we call otherwise.
var (
	statusWords = map[string]Status{
		"booked": Booked, "registered": Booked, "confirmed": Booked, "allocated": Booked,
		"attended": Attended, "present": Attended, "completed": Attended, "complete": Attended, "attended-in-full": Attended,
		"yes": Attended, "y": Attended,
		"walk-in": WalkIn, "walkin": WalkIn, "walked-in": WalkIn, "unbooked": WalkIn, "attended-unbooked": WalkIn,
		"left-early": LeftEarly, "partial": LeftEarly, "partially-attended": LeftEarly, "incomplete": LeftEarly,
		"no-show": NoShow, "noshow": NoShow, "did-not-attend": NoShow, "did-not-come": NoShow, "dna": NoShow,
		"absent": NoShow, "not-attended": NoShow, "no": NoShow, "n": NoShow,
		"late-cancelled": LateCancelled, "late-cancellation": LateCancelled, "cancelled-late": LateCancelled,
		"late-canceled": LateCancelled,
		"cancelled":     Cancelled, "canceled": Cancelled, "withdrawn": Cancelled, "cancelled-in-time": Cancelled,
	}
	fileKinds = map[string]string{
		"course": "course", "full": "course", "full-course": "course", "training": "course", "training-event": "course",
		"full-training-event": "course", "full-day": "course", "half-day": "course", "workshop": "course",
		"briefing": "briefing", "spotlight": "briefing", "spotlight-session": "briefing", "7-minute-briefing": "briefing",
		"lunch-and-learn": "briefing",
		"conference":      "conference", "annual-event": "conference", "e-learning": "e-learning", "elearning": "e-learning",
		"online-course": "e-learning", "other": "other",
	}
	fileModes = map[string]string{
		"online": "online", "virtual": "online", "teams": "online", "ms-teams": "online", "microsoft-teams": "online",
		"zoom": "online", "remote": "online", "webinar": "online",
		"room": "room", "face-to-face": "room", "in-person": "room", "classroom": "room", "f2f": "room", "in-a-room": "room",
		"on-site": "room", "venue": "room",
	}
)

// timeOfDay finds the time in a date with a time: 14/06/2023 9:30, 2023-06-14T13.30.
var timeOfDay = regexp.MustCompile(`[ T,]+([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d(?:\.\d+)?)?\s*(am|pm|AM|PM|Z)?$`)

// when reads a date with or without a time of day, which is "" when there is none
// or when it is midnight: spreadsheets write midnight for "no time".
func when(t *sheet.Table, cell string) (db.Date, string, error) {
	if m := timeOfDay.FindStringSubmatchIndex(cell); m != nil {
		d, err := t.Date(strings.TrimSpace(cell[:m[0]]))
		if err == nil {
			return d, dayTime(timeOfDay.FindStringSubmatch(cell)), nil
		}
	}
	d, err := t.Date(cell)
	if err != nil || d.Year < firstYear || d.Year > lastYear {
		return db.Date{}, "", fmt.Errorf("%q is not a date such as 14/06/2023 or 2023-06-14", cell)
	}
	return d, serialTime(cell), nil
}

// The years that a session can be of: outside them a date is a slip of the pen.
const firstYear, lastYear = 1990, 2100

func dayTime(m []string) string {
	hour, _ := strconv.Atoi(m[1]) // two digits by the pattern
	switch half := strings.ToLower(m[3]); {
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	return atTime(hour, m[2])
}

func atTime(hour int, minute string) string {
	if hour == 0 && minute == "00" {
		return ""
	}
	return fmt.Sprintf("%02d:%s", hour, minute)
}

// serialTime reads the time out of the number by which a workbook keeps a date:
// the part of a day after the point.
func serialTime(cell string) string {
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || n < 1 {
		return ""
	}
	minutes := int(math.Round((n - math.Floor(n)) * 24 * 60))
	t := time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC)
	return atTime(t.Hour(), fmt.Sprintf("%02d", t.Minute()))
}

// longestText is how much of a cell is kept: nobody's name or title is longer.
const longestText = 300

// plain makes a cell fit to be kept: one line, no control characters, not
// endless.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longestText {
		s = string(r[:longestText])
	}
	return s
}
