package training

import (
	"cmp"
	netmail "net/mail"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
)

// A standing is how a session stands in one person's calendar.
type standing string

// The standings in a calendar.
const (
	nowhere standing = ""        // nothing is sent to the calendar
	held    standing = "held"    // they have a place
	offered standing = "offered" // a place is held for them, until they answer
	gone    standing = "gone"    // it is to be taken out
)

// An appointment is one session in one person's calendar, as RFC 5545 has an event.
type appointment struct {
	ID       string // what it is known by for as long as the booking lasts; the session's own where it is nobody's
	Sequence int64  // counts what the calendar was told of it, from 0
	Standing standing
	Session  Session
	Name     string // whose calendar it is; "" for anybody's
	Address  string
	Link     string // where it is seen; "" for nowhere
}

// method says what a calendar program is to do with an e-mailed appointment, by RFC 5546. A
// place that is only offered is published: a calendar's own buttons would answer nobody.
func (a appointment) method() ics.Method {
	switch a.Standing {
	case held:
		return ics.MethodRequest
	case gone:
		return ics.MethodCancel
	}
	return ics.MethodPublish
}

// london is the time zone of every session, as calendar files name it.
const london = "Europe/London"

// calendar writes an iCalendar file of appointments, which is called name where it is one to
// subscribe to.
func calendar(name string, method ics.Method, site mail.Site, now time.Time, list ...appointment) string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Kith//Training//EN")
	cal.SetMethod(method)
	if name != "" {
		cal.SetXWRCalName(name)
		cal.SetXWRTimezone(london)
	}
	addLondon(cal)
	for _, a := range list {
		a.write(cal.AddEvent(a.ID+"@training.kith"), site, now)
	}
	return cal.Serialize(ics.WithNewLineWindows)
}

func (a appointment) write(e *ics.VEvent, site mail.Site, now time.Time) {
	s := a.Session
	e.SetDtStampTime(now)
	e.SetSequence(int(a.Sequence))
	summary := oneLine(s.Course)
	e.SetStatus(ics.ObjectStatusConfirmed)
	switch {
	case a.Standing == gone || s.State == CalledOff:
		e.SetStatus(ics.ObjectStatusCancelled)
	case a.Standing == offered:
		e.SetStatus(ics.ObjectStatusTentative)
		summary = "Offered: " + summary
	}
	e.SetSummary(summary)
	if s.Mode != "" || s.Venue != "" {
		e.SetLocation(oneLine(s.Where()))
	}
	if a.Link != "" {
		e.SetURL(a.Link)
	}
	if words := linkWords[a.Standing]; words != "" && a.Link != "" {
		e.SetDescription(words + " " + a.Link) // many programs do not show the address by itself
	}
	a.writeTimes(e)
	organiser(e, site)
	if a.Standing == held || a.Standing == gone {
		// Nobody reads what a calendar program answers: it is asked not to.
		e.AddAttendee(a.Address, ics.WithCN(plainName(a.Name)), ics.ParticipationStatusAccepted, ics.WithRSVP(false))
	}
}

// linkWords say what the link of an appointment is for.
var linkWords = map[standing]string{nowhere: "See it:", held: "See it, or give the place back:",
	offered: "Take the place, or leave it:"}

// writeTimes writes when a session is, by the clock in London: its days alone where no time
// is known, and no end where none is.
func (a appointment) writeTimes(e *ics.VEvent) {
	s := a.Session
	if s.StartTime == "" {
		e.SetAllDayStartAt(s.StartsOn.Time())
		e.SetAllDayEndAt(s.EndsOn.AddDays(1).Time()) // the end is the first day that is free again
		return
	}
	e.SetProperty(ics.ComponentPropertyDtStart, localTime(s.StartsOn, s.StartTime), ics.WithTZID(london))
	if s.EndTime != "" {
		e.SetProperty(ics.ComponentPropertyDtEnd, localTime(s.EndsOn, s.EndTime), ics.WithTZID(london))
	}
}

func localTime(d db.Date, hhmm string) string {
	return d.Format("20060102") + "T" + strings.ReplaceAll(hhmm, ":", "") + "00"
}

// organiser writes whom the appointment is from. Every file has to name one: while no address
// is set, the word that mail programs know for none.
func organiser(e *ics.VEvent, site mail.Site) {
	from, err := netmail.ParseAddress(site.From)
	if err != nil {
		e.SetProperty(ics.ComponentPropertyOrganizer, "invalid:nomail")
		return
	}
	e.SetOrganizer(from.Address, ics.WithCN(plainName(cmp.Or(site.Name, from.Name, from.Address))))
}

// summerTime are the rules of the clock in London since 1996, for programs that know no zone
// by its name. Those before 1996 no session of ours is under.
var summerTime = []struct {
	zone           func(ics.ComponentBase) ics.Component
	from, to, name string
	start, month   string
}{
	{func(b ics.ComponentBase) ics.Component { return &ics.Daylight{ComponentBase: b} }, "+0000", "+0100", "BST",
		"19960331T010000", "3"},
	{func(b ics.ComponentBase) ics.Component { return &ics.Standard{ComponentBase: b} }, "+0100", "+0000", "GMT",
		"19961027T020000", "10"},
}

func addLondon(cal *ics.Calendar) {
	zone := cal.AddTimezone(london)
	for _, x := range summerTime {
		var b ics.ComponentBase
		b.AddProperty(ics.ComponentPropertyDtStart, x.start)
		b.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), x.from)
		b.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), x.to)
		b.AddProperty(ics.ComponentProperty(ics.PropertyTzname), x.name)
		b.AddRrule("FREQ=YEARLY;BYMONTH=" + x.month + ";BYDAY=-1SU")
		zone.Components = append(zone.Components, x.zone(b))
	}
}

// oneLine keeps what a person typed from ending the line of the file.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainName makes of a person's name what may stand in a parameter of a property, where
// nothing can be escaped.
func plainName(s string) string {
	s = strings.NewReplacer(`"`, "", `'`, "’", ",", " ", ";", " ", ":", " ", `\`, " ").Replace(s)
	return oneLine(s)
}
