package training

import (
	"fmt"
	"slices"
	"strings"
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

	// Where a file has the times in columns of their own; else they stand with the dates.
	colStartTime column = "start_time"
	colEndTime   column = "end_time"
	// Where a file has a person's name in two columns.
	colFirstName column = "first_name"
	colLastName  column = "last_name"
)

// header is the documented header, in order.
var header = []column{colCourse, colProgramme, colKind, colStart, colEnd, colMode, colVenue, colPerson, colEmail,
	colJobTitle, colOrganisation, colSector, colStatus, colBookedOn}

// apart are columns that a file may have, and that it does not lack without them.
var apart = []column{colStartTime, colEndTime, colFirstName, colLastName}

// all are the columns that are read.
var all = slices.Concat(header, apart)

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
	"time": colStartTime, "session-time": colStartTime, "session-start-time": colStartTime, "begins": colStartTime,
	"event-start-time": colStartTime, "event-time": colStartTime,
	"session-end-time": colEndTime, "event-end-time": colEndTime, "finish-time": colEndTime, "finish": colEndTime,
	"ends":     colEndTime,
	"delivery": colMode, "delivery-mode": colMode, "delivery-method": colMode, "format": colMode,
	"location": colVenue, "place": colVenue,
	"attendee": colPerson, "attendee-name": colPerson, "delegate": colPerson, "delegate-name": colPerson,
	"name": colPerson, "full-name": colPerson, "learner": colPerson, "learner-name": colPerson,
	"email-address": colEmail, "e-mail": colEmail, "e-mail-address": colEmail, "delegate-email": colEmail,
	"attendee-email": colEmail, "work-email": colEmail,
	"delegate-email-address": colEmail, "attendee-email-address": colEmail, "learner-email": colEmail,
	"forename": colFirstName, "given-name": colFirstName, "delegate-first-name": colFirstName,
	"surname": colLastName, "family-name": colLastName, "delegate-last-name": colLastName, "delegate-surname": colLastName,
	"job": colJobTitle, "role": colJobTitle, "job-role": colJobTitle, "position": colJobTitle,
	"agency": colOrganisation, "organisation-name": colOrganisation, "organization": colOrganisation,
	"organisation-agency": colOrganisation, "agency-organisation": colOrganisation,
	"delegate-organisation": colOrganisation, "delegate-agency": colOrganisation,
	"employer": colOrganisation, "setting": colOrganisation, "agency-name": colOrganisation,
	"agency-type": colSector, "organisation-type": colSector, "agency-sector": colSector,
	"attended": colStatus, "delegate-status": colStatus,
	"attendance": colStatus, "attendance-status": colStatus, "booking-status": colStatus, "outcome": colStatus,
	"booking-date": colBookedOn, "date-booked": colBookedOn, "booked-date": colBookedOn, "registered-on": colBookedOn,
}

// timesToo are names that mean a date, unless another column has the date: a file
// with Event Date, Start and End has the times in the last two.
var timesToo = map[string]column{"start": colStartTime, "end": colEndTime}

// columnOf finds the column that a header names, and whether it does so by the
// column's own name.
func columnOf(name string) (c column, own, ok bool) {
	s := lang.Slug(name)
	for _, c := range all {
		if s == lang.Slug(string(c)) {
			return c, true, true
		}
	}
	c, ok = alsoCalled[s]
	return c, false, ok
}

// statusOf reads what became of a booking: in words, or as a yes or no to whether
// the person came. A cross is neither, for in registers it is either.
func statusOf(cell string) (Status, bool) {
	if s, ok := statusWords[lang.Slug(cell)]; ok {
		return s, true
	}
	yes, known := sheet.ReadBool(cell)
	switch {
	case !known, strings.EqualFold(cell, "x"):
		return "", false
	case yes:
		return Attended, true
	}
	return NoShow, true
}

// Words in files, as lang.Slug writes them, for what we call otherwise.
var (
	statusWords = map[string]Status{
		"booked": Booked, "registered": Booked, "confirmed": Booked, "allocated": Booked,
		"attended": Attended, "present": Attended, "completed": Attended, "complete": Attended, "attended-in-full": Attended,
		"yes": Attended, "y": Attended,
		"walk-in": WalkIn, "walkin": WalkIn, "walked-in": WalkIn, "unbooked": WalkIn, "attended-unbooked": WalkIn,
		"left-early": LeftEarly, "partial": LeftEarly, "partially-attended": LeftEarly, "incomplete": LeftEarly,
		"partly": Partly, "partly-attended": Partly, "partly-attended-not-counted": Partly, "left-too-early": Partly,
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

// when reads a date with or without a time of day, which is "" when there is none
// or when it is midnight: spreadsheets write midnight for "no time". An empty cell
// and a date that stands for none are the zero date.
func when(cells *sheet.Cells, c column, cell string, line int64) (db.Date, string, error) {
	m, err := cells.Date(string(c), cell, line)
	if err != nil || !m.Date.IsZero() && (m.Date.Year < firstYear || m.Date.Year > lastYear) {
		return db.Date{}, "", fmt.Errorf("%q is not a date such as 14/06/2023 or 2023-06-14", cell)
	}
	return m.Date, m.Time, nil
}

// The years that a session can be of: outside them a date is a slip of the pen.
const firstYear, lastYear = 1990, 2100

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

func columnList(columns []column) string {
	var out []string
	for _, c := range columns {
		out = append(out, string(c))
	}
	return lang.Join(out)
}
