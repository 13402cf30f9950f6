package training

import (
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// A State says where a session stands. It moves planned → open → closed →
// delivered, back between the first three, and to cancelled from any of them.
type State string

// The states of a session.
const (
	Planned   State = "planned" // dated, not yet offered
	Open      State = "open"    // people can book
	Closed    State = "closed"  // people can no longer book
	Delivered State = "delivered"
	CalledOff State = "cancelled"
)

// A Session is one dated run of a course.
type Session struct {
	ID        string
	CourseID  string
	StartsOn  db.Date
	EndsOn    db.Date
	StartTime string // 09:30 by the clock in England; "" when not known
	EndTime   string
	Mode      string // online, room, or "" when not recorded
	Venue     string
	Capacity  int64 // 0 when not known: then nobody can book
	Taken     int64
	State     State
	Sequence  int64   // counts the changes of its time and place
	MovedOn   db.Date // the last day on which its time or place was changed

	Course      string // the course's title
	Kind        string
	ProgrammeID string
	Waiting     int64 // people on the waiting list
}

// PlacesLeft is never negative: training_sessions_not_overbooked holds it in the
// schema.
func (s Session) PlacesLeft() int64 { return max(0, s.Capacity-s.Taken) }

// IsConference reports whether the session has presentations and stalls.
func (s Session) IsConference() bool { return s.Kind == "conference" }

// Where says where the session is held.
func (s Session) Where() string {
	if s.Mode == "online" && s.Venue == "" {
		return "Online"
	}
	if s.Venue == "" {
		return "Not recorded"
	}
	return s.Venue
}

// When writes the date and times: Tue 9 April 2024, 9.30am to 4pm.
func (s Session) When() string {
	words := s.StartsOn.Format("Mon 2 January 2006")
	if s.EndsOn != s.StartsOn {
		words += " to " + s.EndsOn.Format("Mon 2 January 2006")
	}
	if s.StartTime == "" {
		return words
	}
	words += ", " + clockWords(s.StartTime)
	if s.EndTime != "" {
		words += " to " + clockWords(s.EndTime)
	}
	return words
}

// Begins is the moment at which the session begins: the start of its day when no
// time is known.
func (s Session) Begins() time.Time { return moment(s.StartsOn, s.StartTime) }

// Ends is the moment at which the session is over: the end of its last day when
// no time is known.
func (s Session) Ends() time.Time {
	if s.EndTime == "" {
		return moment(s.EndsOn.AddDays(1), "")
	}
	return moment(s.EndsOn, s.EndTime)
}

// Bookable reports whether somebody could book now, were there a place.
func (s Session) Bookable(now time.Time) bool {
	return s.State == Open && s.Capacity > 0 && now.Before(s.Begins())
}

// dayCame reports whether its first day has come, from which on its register can be marked.
func (s Session) dayCame(today db.Date) bool { return !today.Before(s.StartsOn) }

// Over reports whether the session has ended.
func (s Session) Over(now time.Time) bool { return !now.Before(s.Ends()) }

// Register is the address of its register.
func (s Session) Register() string { return registerHref(s.ID) }

// Tag gives the tone and the word of the session's standing at a moment.
func (s Session) Tag(now time.Time) (tone, word string) {
	today := clock.Fixed(now).Today()
	begun := s.StartsOn.Before(today) || s.StartTime != "" && !now.Before(s.Begins())
	switch {
	case s.State == CalledOff:
		return "quiet", "Cancelled"
	case s.State == Delivered:
		return "quiet", "Delivered"
	case s.Over(now):
		return "watch", "Register to mark"
	case begun:
		return "good", "Under way"
	case s.State == Planned:
		return "quiet", "Planned"
	case s.State == Closed:
		return "quiet", "Closed"
	case s.StartsOn == today:
		return "good", "Today"
	case s.Taken >= s.Capacity:
		return "watch", "Full"
	case s.TooFew(today):
		return "bad", "Too few"
	}
	return "good", "Open"
}

// soon is how many days ahead a session that few have booked is worth worrying
// about, and fewShare how small a share of its places is few: a third.
const (
	soon     = 14
	fewShare = 3
)

// TooFew reports whether the session is near and less than a third booked.
func (s Session) TooFew(today db.Date) bool {
	return s.State == Open && s.Taken*fewShare < s.Capacity && today.DaysUntil(s.StartsOn) <= soon
}

// CancelBy gives the last day on which a place can be given back in time: the
// last working day after which notice working days remain, the session's included.
func (s Session) CancelBy(notice int) db.Date {
	d := s.StartsOn
	for n := 0; n < notice; d = d.AddDays(-1) {
		if period.IsWorkingDay(d) {
			n++
		}
	}
	for notice > 0 && !period.IsWorkingDay(d) {
		d = d.AddDays(-1) // nobody is told to ring on a Sunday
	}
	return d
}

// moment is a day and a time by the clock in England, as an instant.
func moment(d db.Date, hhmm string) time.Time {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		t = time.Time{} // no time of day: midnight
	}
	return time.Date(d.Year, d.Month, d.Day, t.Hour(), t.Minute(), 0, 0, clock.London).UTC()
}

// clockWords writes 09:30 as 9.30am.
func clockWords(hhmm string) string {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		return hhmm
	}
	return lang.Clock(time.Date(2000, 1, 1, t.Hour(), t.Minute(), 0, 0, time.UTC)) // in winter London keeps UTC
}
