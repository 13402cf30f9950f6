package training

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// A list of who came to an online meeting, as Teams and Zoom export it, is set beside the
// register of a session: whom it names, and for how long they were there.

// A present is somebody whom a meeting's file names.
type present struct {
	names  []string // as the file has them; Zoom has two of some
	email  string
	lasted time.Duration
	spells []spell // when they joined and left; nil where that cannot be read
	times  int     // how many rows there are of them
}

// A spell is from when to when somebody was there.
type spell struct{ from, to time.Time }

// Words is what the person is called.
func (p *present) Words() string { return cmp.Or(p.names[0], p.email) }

// Minutes is how long the person was there, in whole minutes.
func (p *present) Minutes() int { return int(p.lasted / time.Minute) }

// The columns of a meeting's file.
var meetingColumns = []sheet.Column{
	{Name: "name", Also: []string{"Full Name", "Name (Original Name)", "Participant", "User Name"}},
	{Name: "email", Also: []string{"useremail", "emailaddress", "e-mail", "Participant ID (UPN)"}},
	{Name: "duration", Also: []string{"In-Meeting Duration", "Duration (Minutes)", "Total Duration (Minutes)",
		"Time in Meeting (minutes)"}},
	{Name: "join", Also: []string{"Join Time", "First Join"}},
	{Name: "leave", Also: []string{"Leave Time", "Last Leave"}},
}

// A presentList is what a meeting's file says of one session.
type presentList struct {
	came []*present
	days meetingDays
	left int // rows of other days, which are not of this session
}

// readMeeting reads who came to a meeting on the days of a session. A file of another day,
// and one that does not say for how long people were there, is refused with an
// *intake.Fatal.
func readMeeting(f intake.File, s Session) (presentList, error) {
	file, err := sheet.Open(f, sheet.Usual)
	if err != nil {
		return presentList{}, intake.Unreadable(f.Name, err)
	}
	defer file.Close()
	t, err := file.Table(file.Sheets()[0])
	if err != nil {
		return presentList{}, intake.Unreadable(f.Name, err)
	}
	defer t.Close()
	sections, err := t.Sections()
	if err != nil {
		return presentList{}, intake.Unreadable(f.Name, err)
	}
	var above []sheet.Row
	for _, section := range sections {
		for i, row := range section.Rows {
			head := sheet.MatchHead(row.Cells, meetingColumns)
			if head.Index("name") < 0 || head.Index("duration") < 0 {
				continue
			}
			rows := section.Rows[i+1:]
			for _, r := range rows {
				if err := t.Within(head.Width, r); err != nil {
					return presentList{}, intake.Unreadable(f.Name, err)
				}
			}
			a := presentList{days: daysOf(s, head, rows, append(above, section.Rows[:i]...))}
			if why := a.days.refusal(s); why != "" {
				return presentList{}, intake.Refuse(f.Name, "%s", why)
			}
			return a, a.read(f.Name, head, rows, s)
		}
		above = append(above, section.Rows...)
	}
	return presentList{}, intake.Refuse(f.Name, "this is no list of who came to a meeting and for how long: it has no "+
		"row of headings with a name and a duration. From Teams give the attendance report, from Zoom the list of "+
		"participants")
}

func (a *presentList) read(name string, head sheet.Head, rows []sheet.Row, s Session) error {
	unit := time.Duration(0)
	if strings.Contains(strings.ToLower(head.As["duration"]), "minutes") {
		unit = time.Minute
	}
	at := map[string]*present{}
	for _, row := range rows {
		p := &present{names: spelled(row.Cell(head.Index("name"))), times: 1,
			email: strings.ToLower(row.Cell(head.Index("email")))}
		if !intake.IsAddress(p.email) {
			p.email = ""
		}
		if p.Words() == "" {
			continue
		}
		join, leave := row.Cell(head.Index("join")), row.Cell(head.Index("leave"))
		if day, dated := a.days.of(join); dated && !s.isOn(day) {
			a.left++
			continue
		}
		var err error
		if p.lasted, err = sheet.ReadDuration(row.Cell(head.Index("duration")), unit); err != nil {
			return &intake.Fatal{File: name, Line: row.Line,
				Words: "how long " + p.Words() + " was there cannot be read: " + err.Error()}
		}
		if sp, ok := a.days.spell(join, leave); ok {
			p.spells = []spell{sp}
		}
		key := cmp.Or(p.email, db.Fold(p.names[0]))
		if first := at[key]; first != nil {
			first.join(p)
			continue
		}
		at[key] = p
		a.came = append(a.came, p)
	}
	return nil
}

// join adds another row of the same person: they left and came back, or were there with
// two devices at once, which must not be counted twice.
func (p *present) join(more *present) {
	p.times++
	if p.spells == nil || more.spells == nil {
		p.spells, p.lasted = nil, max(p.lasted, more.lasted)
		return
	}
	p.spells = append(p.spells, more.spells...)
	slices.SortFunc(p.spells, func(a, b spell) int { return a.from.Compare(b.from) })
	p.lasted = 0
	until := p.spells[0].from
	for _, s := range p.spells {
		from := s.from
		if from.Before(until) {
			from = until
		}
		p.lasted += max(0, s.to.Sub(from))
		if s.to.After(until) {
			until = s.to
		}
	}
}

var (
	// marked is what programs put behind a name.
	marked   = regexp.MustCompile(`(?i)\s*\((?:guest|external|unverified|host|co-host|me|organi[sz]er)[^)]*\)$`)
	original = regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`)
)

// spelled gives the ways in which a name may be meant: Bob (Bob Birch) is either, and
// Ash, Ann is Ann Ash.
func spelled(name string) []string {
	for marked.MatchString(name) {
		name = marked.ReplaceAllString(name, "")
	}
	out := []string{name}
	if m := original.FindStringSubmatch(name); m != nil {
		out = []string{m[1], m[2]}
	}
	for i, n := range out {
		if last, first, ok := strings.Cut(n, ","); ok {
			out[i] = strings.TrimSpace(strings.TrimSpace(first) + " " + strings.TrimSpace(last))
		}
	}
	return out
}

// A meeting is a file set beside the bookings of a session.
type meeting struct {
	of        map[string]*present // by the booking's id
	strangers []*present          // whom no booking is of, or more than one could be
	notes     []string            // what to know of how the file was read
}

// meet finds whose booking each person is: by address, else by name where one booking
// only has it.
func meet(came []*present, bookings []Booking) meeting {
	m := meeting{of: map[string]*present{}}
	for _, byAddress := range []bool{true, false} {
		for _, p := range came {
			if m.has(p) {
				continue
			}
			var fits []Booking
			for _, b := range bookings {
				if m.of[b.ID] == nil && p.is(b, byAddress) {
					fits = append(fits, b)
				}
			}
			if len(fits) == 1 {
				m.of[fits[0].ID] = p
			}
		}
	}
	for _, p := range came {
		if !m.has(p) {
			m.strangers = append(m.strangers, p)
		}
	}
	return m
}

func (m *meeting) has(p *present) bool {
	for _, x := range m.of {
		if x == p {
			return true
		}
	}
	return false
}

func (p *present) is(b Booking, byAddress bool) bool {
	if byAddress {
		return p.email != "" && strings.EqualFold(p.email, b.Email)
	}
	return slices.ContainsFunc(p.names, func(n string) bool { return n != "" && db.Fold(n) == db.Fold(b.Name) })
}

// Shares of a session, in percent, from which somebody has attended it, and from which it counts
// as an attendance although they left early, where the officer does not say how many minutes;
// and how many minutes where the session has no times.
const wholeShare, countedShare, wholeMinutes, countedMinutes = 75, 50, 30, 20

// minutes is how long the session is, in minutes; 0 where that is not known.
func (s Session) minutes() int {
	from, err1 := time.Parse("15:04", s.StartTime)
	to, err2 := time.Parse("15:04", s.EndTime)
	if err1 != nil || err2 != nil || !to.After(from) || s.EndsOn != s.StartsOn {
		return 0
	}
	return int(to.Sub(from).Minutes())
}

// leastMinutes is how long somebody should have been at a session to have attended it, and
// how long for it to count.
func (s Session) leastMinutes() (whole, counted int) {
	if n := s.minutes(); n > 0 {
		return n * wholeShare / 100, n * countedShare / 100
	}
	return wholeMinutes, countedMinutes
}

// A bar is from how many minutes a session is attended, and from how many it counts.
type bar struct{ whole, counted int }

// mark says what becomes of the booking of somebody who was there for so long.
func (b bar) mark(minutes int) Status {
	switch {
	case minutes >= b.whole:
		return Attended
	case minutes >= b.counted:
		return LeftEarly
	}
	return Partly
}

// shortWords names those whom the marks of a bar leave uncounted, with how long they were there,
// and those who count although they left early; nothing where there are none.
func (b bar) shortWords(s Session, m *meeting, bookings []Booking) []string {
	of := map[Status][]string{}
	for _, x := range bookings {
		if p := m.of[x.ID]; p != nil {
			mark := b.mark(p.Minutes())
			of[mark] = append(of[mark], x.Name+" ("+lang.Plural(p.Minutes(), "minute", "minutes")+")")
		}
	}
	long := ""
	var out []string
	if n := s.minutes(); n > 0 {
		long = " of the session’s " + lang.Number(n)
	} else if most := m.longest(); 2*b.counted < most {
		out = append(out, fmt.Sprintf("The session has no times here, and somebody was there for %s. Who was there for %s "+
			"or more "+
			"counts: enter more minutes below if that is too few.", lang.Plural(most, "minute", "minutes"),
			lang.Number(b.counted)))
	}
	if list := of[Partly]; len(list) > 0 {
		out = append(out, fmt.Sprintf("Partly attended, and not counted, since they were there for less than %s%s: %s.",
			lang.Plural(b.counted, "minute", "minutes"), long, lang.Join(list)))
	}
	if list := of[LeftEarly]; len(list) > 0 {
		out = append(out, fmt.Sprintf("Left early, and counted, since they were there for %s or more%s: %s.",
			lang.Plural(b.counted, "minute", "minutes"), long, lang.Join(list)))
	}
	return out
}

// longest is how many minutes somebody was there at the most.
func (m *meeting) longest() (most int) {
	for _, p := range m.of {
		most = max(most, p.Minutes())
	}
	for _, p := range m.strangers {
		most = max(most, p.Minutes())
	}
	return most
}

// strangerWords lists those whom no booking is of.
func (m *meeting) strangerWords() []string {
	var out []string
	for _, p := range m.strangers {
		who := p.Words()
		if p.email != "" && p.email != who {
			who += ", " + p.email
		}
		out = append(out, who+": "+lang.Plural(p.Minutes(), "minute", "minutes"))
	}
	return out
}
