package training

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A sessionRow is a session as lists show it.
type sessionRow struct {
	Session
	Tone, Word string // of its tag
	Offered    bool   // somebody can book it, or wait for it
}

type sessionsPage struct {
	ui.Base
	List       ui.List
	Manage     bool
	Sessions   []sessionRow
	Programmes []ui.Choice
	Whens      []ui.Choice
	Places     []ui.Choice
	MayTake    bool // the looker is here to take places, not to manage them
}

var (
	whens  = ui.Choices("30", "Next 30 days", "past", "Past", "all", "Past and to come")
	places = ui.Choices("left", "With places", "full", "Full", "few", "Less than a third booked")
)

// readSessionFilter reads the list's filters from the address.
func (r *Room) readSessionFilter(list ui.List) sessionFilter {
	f := sessionFilter{Search: list.Value("q"), Programme: list.Value("programme"), Places: list.Value("places"),
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	today := r.Now.Today()
	switch list.Value("when") {
	case "30":
		f.Ahead, f.To = r.Now(), today.AddDays(30)
	case "past":
		f.Over = r.Now()
	case "all":
	default:
		f.Ahead = r.Now()
	}
	return f
}

func (r *Room) listSessions(w http.ResponseWriter, req *http.Request) error {
	first := "starts"
	if req.URL.Query().Get("when") == "past" {
		first = "-starts" // the latest of what is over
	}
	list := ui.ReadList(root, req.URL.Query(), first, "title", "taken")
	list.One, list.Many = "session", "sessions"
	f := r.readSessionFilter(list)
	all, err := sessions(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportSessions(w, all)
	}
	if list.Total, err = countSessions(req.Context(), r.Work, f); err != nil {
		return err
	}
	choices, err := r.programmeChoices(req)
	if err != nil {
		return err
	}
	looker := web.PersonOf(req)
	return web.Render(w, http.StatusOK, r.pages, "sessions", sessionsPage{
		Base: base(req, "Training sessions"), List: list, Manage: looker.May(access.TrainingManage), Sessions: r.rows(all),
		Programmes: choices, Whens: whens, Places: places, MayTake: looker.May(access.TrainingBook) &&
			!looker.May(access.TrainingManage)})
}

func (r *Room) rows(list []Session) (out []sessionRow) {
	for _, s := range list {
		tone, word := s.Tag(r.Now())
		out = append(out, sessionRow{s, tone, word, s.Bookable(r.Now())})
	}
	return out
}

func exportSessions(w http.ResponseWriter, all []Session) error {
	var rows [][]string
	for _, s := range all {
		rows = append(rows, []string{s.Course, s.ProgrammeID, s.Kind, s.StartsOn.String(), s.StartTime, s.EndsOn.String(),
			s.EndTime, s.Mode, s.Venue,
			digits(s.Capacity), digits(s.Taken), digits(s.Waiting), string(s.State)})
	}
	return web.CSV(w, "training-sessions.csv", []string{"course", "programme", "kind", "starts_on", "start_time",
		"ends_on", "end_time", "mode", "venue",
		"capacity", "taken", "waiting", "state"}, rows)
}

// downloadCalendar gives the sessions that people can book, for calendar programs.
func (r *Room) downloadCalendar(w http.ResponseWriter, req *http.Request) error {
	list, err := sessions(req.Context(), r.Work, sessionFilter{Ahead: r.Now(), State: Open, Limit: ui.EveryRow})
	if err != nil {
		return err
	}
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	var events []appointment
	for _, s := range list {
		events = append(events, appointment{ID: s.ID, Sequence: s.Sequence, Session: s, Link: linkFor(site, false)(s)})
	}
	return writeCalendar(w, "training.ics", calendar("Training", ics.MethodPublish, site, r.Now(), events...))
}

type sessionPage struct {
	ui.FormPage
	Manage        bool
	MayBook       bool
	Session       sessionRow
	About         []ui.Row
	AboutCourse   string    // what its course says of itself
	Mine          *Booking  // the looker's own booking that stands
	Turn          []waitRow // the looker's own turn on the waiting list, if they have one
	Bookable      bool      // somebody can book or wait
	Places        string    // how many are left: "3 of 20 places are left"
	Next          string    // what whoever runs training has to do next
	Offer         string    // what the looker can do about a place: "Book a place"
	Bookings      []Booking // those that the looker may see
	CameBack      mail.Back // from their addresses
	Codes         bool      // no e-mail is sent: codes are printed and handed over
	Waiters       []Waiter
	Presentations []Presentation
	Stalls        []Stall
	Begun         bool
	History       []audittrail.Entry // for those who manage training
	CSV           string
}

func (r *Room) showSession(w http.ResponseWriter, req *http.Request) error {
	page, err := r.sessionPage(req)
	if errors.Is(err, db.ErrNotFound) { // a link from before it was merged into another
		if merged, err := readMergedSessions(req.Context(), r.Work); err == nil && merged[req.PathValue("id")] != "" {
			return web.SeeOther(w, req, sessionHref(merged.kept(req.PathValue("id"))), "")
		}
	}
	if err != nil {
		return err
	}
	if req.URL.Query().Get("format") == "csv" {
		return bookingsCSV(w, page.Bookings)
	}
	return web.Render(w, http.StatusOK, r.pages, "session", page)
}

func (r *Room) sessionPage(req *http.Request) (sessionPage, error) {
	ctx, looker := req.Context(), web.PersonOf(req)
	s, err := sessionByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return sessionPage{}, err
	}
	page := sessionPage{
		FormPage: ui.FormPage{Base: base(req, s.Course+", "+s.StartsOn.Words(), s.Course, courseHref(s.CourseID))},
		Manage:   looker.May(access.TrainingManage), MayBook: looker.May(access.TrainingBook),
		Session: r.rows([]Session{s})[0], About: r.about(s)[2:], // when and where stand under the title
		Bookable: s.Bookable(r.Now()), Begun: s.dayCame(r.Now.Today()), CSV: sessionHref(s.ID) + "?format=csv",
	}
	page.Crumbs[len(page.Crumbs)-1].Text = s.StartsOn.Words() // the course stands before it
	course, err := courseByID(ctx, r.Work, s.CourseID)
	if err != nil {
		return page, err
	}
	page.AboutCourse = course.About
	if page.Bookings, page.Mine, err = r.bookingsFor(req, s.ID); err != nil {
		return page, err
	}
	var addresses []string
	for _, b := range page.Bookings {
		addresses = append(addresses, b.Email)
	}
	if page.CameBack, err = mail.ReturnedOf(ctx, r.Work, addresses...); err != nil {
		return page, err
	}
	if page.Manage && r.Guests != nil {
		sends, err := r.Guests.Sends(ctx, r.Work)
		if err != nil {
			return page, err
		}
		page.Codes = !sends
	}
	waiting, err := waiters(ctx, r.Work, s.ID)
	if err != nil {
		return page, err
	}
	if page.Turn, err = r.waitRows(ctx, looker.ID, turnsRoot); err != nil {
		return page, err
	}
	page.Turn = slices.DeleteFunc(page.Turn, func(w waitRow) bool { return w.Session.ID != s.ID })
	page.Offer, page.Places = page.offer(looker), placesWords(s)
	if page.Manage {
		page.Next = s.next(r.Now(), r.Notice)
	}
	if s.IsConference() {
		if page.Presentations, err = presentations(ctx, r.Work, s.ID); err != nil {
			return page, err
		}
		if page.Stalls, err = stalls(ctx, r.Work, s.ID); err != nil {
			return page, err
		}
	}
	if page.Manage {
		page.Waiters = waiting
		page.History, err = audittrail.Of(ctx, r.Work, sessionSubject, s.ID)
	}
	for i, x := range page.History {
		if x.Detail != "" { // of whom, mostly
			page.History[i].Act += " (" + x.Detail + ")"
		}
	}
	return page, err
}

// placesWords says how many places are left.
func placesWords(s Session) string {
	switch left := int(s.PlacesLeft()); {
	case s.Capacity == 0 || s.State == CalledOff || s.State == Delivered:
		return ""
	case left == 0:
		return fmt.Sprintf("All %d places are taken", s.Capacity)
	default:
		return fmt.Sprintf("%d of %s left", left, lang.Plural(int(s.Capacity), "place", "places"))
	}
}

// next says what whoever runs training has to do next about a session; "" for nothing.
func (s Session) next(now time.Time, notice int) string {
	waiting := lang.Plural(int(s.Waiting), "person waits", "people wait")
	switch {
	case s.State == CalledOff || s.State == Delivered:
		return ""
	case s.Over(now):
		return "Next: mark the register. Until then nobody counts as having come."
	case !now.Before(s.Begins()):
		return "It is under way: the register is open."
	case s.State == Planned:
		return "Next: open booking. Until then nobody can book."
	case s.State == Closed && s.Waiting > 0:
		return "Booking is closed, and " + waiting + ". Add places, or end the waiting list."
	case s.Waiting > 0:
		return waiting + ". A place that is given back is offered by itself; more places can be added."
	case s.TooFew(clock.Fixed(now).Today()):
		return "Few have booked. Places can be given back in time until " + lang.Day(s.CancelBy(notice)) + "."
	}
	return ""
}

// offer says what the looker can do about a place, for themselves or others.
func (p *sessionPage) offer(looker web.Person) string {
	others := bookingRules.MayAny(looker, access.Read)
	switch {
	case !p.Bookable || !p.MayBook || (p.Mine != nil || len(p.Turn) > 0) && !others:
		return ""
	case p.Session.PlacesLeft() == 0:
		return "Join the waiting list"
	case p.Mine != nil:
		return "Book for somebody else"
	}
	return "Book a place"
}

// bookingsFor gives the bookings of a session that the looker may look through, and the
// looker's own that stands.
func (r *Room) bookingsFor(req *http.Request, sessionID string) (shown []Booking, mine *Booking, err error) {
	ctx, looker := req.Context(), web.PersonOf(req)
	if shown, err = bookingsShownTo(ctx, r.Work, looker, sessionID); err != nil {
		return nil, nil, err
	}
	own, err := liveBooking(ctx, r.Work, sessionID, looker.ID)
	if errors.Is(err, db.ErrNotFound) {
		return shown, nil, nil
	}
	return shown, &own, err
}

func bookingsCSV(w http.ResponseWriter, bookings []Booking) error {
	var rows [][]string
	for _, b := range bookings {
		rows = append(rows, []string{b.Name, b.Email, b.Organisation, b.Sector, string(b.Status), b.BookedOn.String()})
	}
	return web.CSV(w, "training-bookings.csv", []string{"person", "email", "organisation", "sector", "status",
		"booked_on"}, rows)
}

func (r *Room) about(s Session) []ui.Row {
	booked := lang.Number(int(s.Taken))
	if s.Capacity > 0 {
		booked = fmt.Sprintf("%s of %s", booked, lang.Plural(int(s.Capacity), "place", "places"))
	}
	rows := []ui.Row{{Key: "When", Value: s.When()}, {Key: "Where", Value: s.Where()}}
	if how := modeWords(s.Mode); how != s.Where() {
		rows = append(rows, ui.Row{Key: "How", Value: how})
	}
	rows = append(rows, ui.Row{Key: "Booked", Value: booked})
	if s.Bookable(r.Now()) {
		waiting := "Nobody"
		if s.Waiting > 0 {
			waiting = lang.Plural(int(s.Waiting), "person", "people")
		}
		rows = append(rows, ui.Row{Key: "Waiting", Value: waiting},
			ui.Row{Key: "Give a place back by", Value: lang.Day(s.CancelBy(r.Notice))})
	}
	return rows
}
