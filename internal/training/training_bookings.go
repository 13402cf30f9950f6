package training

import (
	"cmp"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A Status says what became of a booking.
type Status string

// The statuses of a booking, in the order in which they are listed.
const (
	Booked        Status = "booked"
	Attended      Status = "attended"
	WalkIn        Status = "walk-in"    // came without a booking
	LeftEarly     Status = "left-early" // came, and did not complete
	Partly        Status = "partly"     // came for so short a time that it does not count
	NoShow        Status = "no-show"
	LateCancelled Status = "late-cancelled" // given back too late for somebody else to come
	Cancelled     Status = "cancelled"
)

var statuses = []Status{Booked, Attended, WalkIn, LeftEarly, Partly, NoShow, LateCancelled, Cancelled}

// Came reports whether the person was there long enough: what the figures call an attendance.
func (s Status) Came() bool { return s == Attended || s == WalkIn || s == LeftEarly }

// Live reports whether the booking stands. A person has at most one on a session.
func (s Status) Live() bool { return s != Cancelled && s != LateCancelled }

// Holds reports whether the booking takes one of the session's places. Somebody
// who walks in takes none: the room had a chair to spare.
func (s Status) Holds() bool { return s.Live() && s != WalkIn }

// Words writes the status as people read it.
func (s Status) Words() string {
	switch s {
	case WalkIn:
		return "Walked in"
	case LeftEarly:
		return "Left early"
	case Partly:
		return "Partly attended, not counted"
	case NoShow:
		return "Did not come"
	case LateCancelled:
		return "Cancelled late"
	}
	return lang.Sentence(string(s))
}

// Tone is the tag's tone for the status.
func (s Status) Tone() string {
	switch s {
	case Booked, Attended, WalkIn:
		return "good"
	case LeftEarly, Partly, LateCancelled:
		return "watch"
	case NoShow:
		return "bad"
	}
	return "quiet"
}

// A Booking is one person's place on a session, and what became of it.
type Booking struct {
	ID             string
	SessionID      string
	PersonID       string
	OrganisationID db.Opt // as it was when booked, like the sector
	Sector         string
	Status         Status
	BookedOn       db.Date
	FromWaiting    bool   // the place came from the waiting list
	ImportID       string // the import that brought it; "" when booked here
	CalendarID     string // what calendars know it by, where that is not its own id
	Sequence       int64  // that the next calendar file about it has

	Name         string // the person's
	Email        string
	Organisation string
}

// cancelledAs says what becomes of a booking that is cancelled today. Who was
// given a place from the waiting list after the last day for giving it back could
// not have done so in time, and is not held to it; nor is anybody whose session was moved
// after that day.
func (b Booking) cancelledAs(s Session, today db.Date, notice int) Status {
	by := s.CancelBy(notice)
	moved := s.MovedOn.After(by) && !b.BookedOn.After(s.MovedOn)
	if !today.After(by) || moved || b.FromWaiting && b.BookedOn.After(by) {
		return Cancelled
	}
	return LateCancelled
}

// calendarID is what calendars know the booking by for as long as it lasts.
func (b Booking) calendarID() string { return cmp.Or(b.CalendarID, b.ID) }

// A Place is a booking as its owner sees it: with what they need of the session.
type Place struct {
	BookingID string
	Status    Status
	SessionID string
	StartsOn  db.Date
	EndsOn    db.Date
	StartTime string
	EndTime   string
	Mode      string
	Venue     string
	State     State
	Course    string
	Kind      string
}

// Session gives the session of the place, as far as the place knows it.
func (p Place) Session() Session {
	return Session{ID: p.SessionID, StartsOn: p.StartsOn, EndsOn: p.EndsOn, StartTime: p.StartTime, EndTime: p.EndTime,
		Mode: p.Mode, Venue: p.Venue, State: p.State, Course: p.Course, Kind: p.Kind}
}
