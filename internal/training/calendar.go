package training

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// calendar writes sessions as an iCalendar file. Times are in UTC, which every
// calendar program shows by its own clock: a named time zone would have to carry
// its rules along, and some programs ignore them. link gives where each session is for whoever
// gets the file; "" for nowhere.
func calendar(name string, now time.Time, link func(Session) string, sessions ...Session) string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Kith//Training//EN")
	cal.SetMethod(ics.MethodPublish)
	if name != "" {
		cal.SetXWRCalName(name)
	}
	for _, s := range sessions {
		e := cal.AddEvent(s.ID + "@training.kith")
		e.SetDtStampTime(now)
		e.SetSequence(int(s.Sequence))
		e.SetSummary(oneLine(s.Course))
		e.SetLocation(oneLine(s.Where()))
		if at := link(s); at != "" {
			e.SetURL(at)
		}
		e.SetStatus(ics.ObjectStatusConfirmed)
		if s.State == CalledOff {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
		if s.StartTime == "" {
			e.SetAllDayStartAt(s.StartsOn.Time())
			e.SetAllDayEndAt(s.EndsOn.AddDays(1).Time()) // the end is the first day that is free again
			continue
		}
		e.SetStartAt(s.Begins())
		e.SetEndAt(s.Ends())
	}
	return cal.Serialize(ics.WithNewLineWindows)
}

// oneLine keeps what a person typed from ending the line of the file.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
