package training

import (
	"embed"
	"errors"
	"net/http"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var templates embed.FS

// Routes lists the room's addresses.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/training", Permission: access.TrainingRead, Handle: r.listSessions},
		{Pattern: "GET /work/training/sessions/new", Permission: access.TrainingManage, Handle: r.newSession},
		{Pattern: "POST /work/training/sessions/new", Permission: access.TrainingManage, Handle: r.addSession},
		{Pattern: "GET /work/training/sessions/{id}", Permission: access.TrainingRead, Handle: r.showSession},
		{Pattern: "GET /work/training/sessions/{id}/edit", Permission: access.TrainingManage, Handle: r.editSession},
		{Pattern: "POST /work/training/sessions/{id}/edit", Permission: access.TrainingManage, Handle: r.saveSession},
		{Pattern: "GET /work/training/sessions/{id}/cancel", Permission: access.TrainingManage,
			Handle: r.confirmCancelSession},
		{Pattern: "POST /work/training/sessions/{id}/cancel", Permission: access.TrainingManage, Handle: r.cancelSession},
		{Pattern: "GET /work/training/sessions/{id}/register/edit", Permission: access.TrainingManage,
			Handle: r.editRegister},
		{Pattern: "POST /work/training/sessions/{id}/register/edit", Permission: access.TrainingManage,
			Handle: r.saveRegister},
		{Pattern: "POST /work/training/sessions/{id}/register/undo", Permission: access.TrainingManage,
			Handle: r.undoRegister},
		{Pattern: "GET /work/training/sessions/{id}/register", Permission: access.TrainingManage, Handle: r.showRegister},
		{Pattern: "POST /work/training/sessions/{id}/register/match", Permission: access.TrainingManage,
			Handle: r.matchRegister},
		// The forms of these stand on the page of the register, and of the session.
		{Pattern: "POST /work/training/sessions/{id}/walk-ins/new", Permission: access.TrainingManage, Handle: r.addWalkIn},
		{Pattern: "POST /work/training/sessions/{id}/presentations/new", Permission: access.TrainingManage,
			Handle: r.addPresentation},
		{Pattern: "POST /work/training/sessions/{id}/presentations/{item}/remove", Permission: access.TrainingManage,
			Handle: r.removePresentation},
		{Pattern: "POST /work/training/sessions/{id}/stalls/new", Permission: access.TrainingManage, Handle: r.addStall},
		{Pattern: "POST /work/training/sessions/{id}/stalls/{item}/remove", Permission: access.TrainingManage,
			Handle: r.removeStall},

		{Pattern: "GET /work/training/sessions/{id}/book", Permission: access.TrainingBook, Handle: r.confirmBook},
		{Pattern: "POST /work/training/sessions/{id}/book", Permission: access.TrainingBook, Handle: r.book,
			Adds: true},
		// For those who book for others; the rules of bookings decide who that is.
		{Pattern: "GET /work/training/sessions/{id}/people/new", Permission: access.TrainingBook, Handle: r.newPeople},
		{Pattern: "POST /work/training/sessions/{id}/people/new", Permission: access.TrainingBook, Handle: r.addPeople},
		{Pattern: "POST /work/training/sessions/{id}/people/match", Permission: access.TrainingBook,
			Handle: r.matchPeople},
		{Pattern: "POST /work/training/sessions/{id}/wait", Permission: access.TrainingBook, Handle: r.wait,
			Adds: true},
		{Pattern: "GET /work/training/bookings/{id}/certificate", Permission: access.TrainingBook,
			Handle: r.showCertificate},
		{Pattern: "GET /work/training/bookings/{id}/cancel", Permission: access.TrainingBook, Handle: r.confirmCancelBooking},
		{Pattern: "POST /work/training/bookings/{id}/cancel", Permission: access.TrainingBook, Handle: r.cancelBooking},
		{Pattern: "GET /work/training/bookings/{id}/code", Permission: access.TrainingManage, Handle: r.confirmCodeBooking},
		{Pattern: "POST /work/training/bookings/{id}/code", Permission: access.TrainingManage, Handle: r.codeBooking,
			Confirm: web.Always},
		{Pattern: "POST /work/training/waiting/{id}/take", Permission: access.TrainingBook, Handle: r.takeTurn},
		{Pattern: "POST /work/training/waiting/{id}/leave", Permission: access.TrainingBook, Handle: r.leaveTurn},
		{Pattern: "POST /work/training/waiting/{id}/keep", Permission: access.TrainingBook, Handle: r.keepTurn},
		{Pattern: "GET /work/training/sessions/{id}/waiting/end", Permission: access.TrainingManage,
			Handle: r.confirmEndWaiting},
		{Pattern: "POST /work/training/sessions/{id}/waiting/end", Permission: access.TrainingManage,
			Handle: r.endWaiting},
		{Pattern: "GET /work/training/mine/calendar", Permission: access.TrainingBook, Handle: r.showFeed},
		{Pattern: "POST /work/training/mine/calendar/make", Permission: access.TrainingBook, Handle: r.makeFeed},
		{Pattern: "POST /work/training/mine/calendar/stop", Permission: access.TrainingBook, Handle: r.stopFeed},
		{Pattern: "GET /work/training/mine", Permission: access.TrainingBook, Handle: r.showMine},

		{Pattern: "GET /work/training/courses", Permission: access.TrainingRead, Handle: r.listCourses},
		{Pattern: "GET /work/training/courses/new", Permission: access.TrainingManage, Handle: r.newCourse},
		{Pattern: "POST /work/training/courses/new", Permission: access.TrainingManage, Handle: r.addCourse},
		{Pattern: "GET /work/training/courses/{id}", Permission: access.TrainingRead, Handle: r.showCourse},
		{Pattern: "GET /work/training/courses/{id}/edit", Permission: access.TrainingManage, Handle: r.editCourse},
		{Pattern: "POST /work/training/courses/{id}/edit", Permission: access.TrainingManage, Handle: r.saveCourse},
		{Pattern: "GET /work/training/programmes/new", Permission: access.TrainingManage, Handle: r.newProgramme},
		{Pattern: "POST /work/training/programmes/new", Permission: access.TrainingManage, Handle: r.addProgramme},

		// Calendar programs cannot sign in. The feed says what is on offer, as any
		// poster would, and names nobody.
		{Pattern: "GET /work/training/calendar.ics", Permission: web.Anyone, Handle: r.downloadCalendar},
	}
}

const (
	root        = "/work/training"
	coursesRoot = root + "/courses"
)

func sessionHref(id string) string  { return root + "/sessions/" + id }
func registerHref(id string) string { return sessionHref(id) + "/register/edit" }
func courseHref(id string) string   { return coursesRoot + "/" + id }

// way gives the crumbs that lead to a session: its course, then its day.
func (s Session) way() []string {
	return []string{s.Course, courseHref(s.CourseID), s.StartsOn.Words(), sessionHref(s.ID)}
}

// tabs are the pages of the room that stand side by side.
var tabs = []web.Tab{
	{Text: "Sessions", Href: root, Permission: access.TrainingRead},
	{Text: "Courses", Href: coursesRoot, Permission: access.TrainingRead},
	{Text: "My training", Href: root + "/mine", Permission: access.TrainingBook},
}

// base is the frame of a page of the room: with the way to it, or among the tabs.
func base(req *http.Request, title string, way ...string) ui.Base {
	b := web.Base(req, title)
	if len(way) == 0 {
		return web.Tabs(b, web.PersonOf(req), tabs)
	}
	return web.Crumbs(b, append([]string{"Training", root}, append(way, title, "")...)...)
}

// refusals are the words for errors that a person can act on.
var refusals = []struct {
	err   error
	words string
}{
	{ErrFull, "No place is left on this session."},
	{ErrNotOpen, "This session is not open for booking."},
	{ErrBooked, "There is already a place on this session for that person."},
	{ErrWaiting, "That person is already on the waiting list."},
	{ErrNoOffer, "The place is no longer held: the time to answer was over, or it was answered before."},
	{ErrNotFull, "This session has places: book one instead of waiting."},
	{ErrOver, "This can no longer be changed. Look at how it stands now."},
	{ErrNotYet, "The register opens on the day of the session."},
	{ErrTooSmall, "More people have places than the session would hold. Cancel some of them first."},
	{ErrDelivered, "People are marked as having come to this session, so it was delivered and cannot be cancelled."},
	{ErrConference, "Only an annual event has presentations and stalls."},
}

// said gives the words for an error that a person can act on.
func said(err error) (string, bool) {
	for _, x := range refusals {
		if errors.Is(err, x.err) {
			return x.words, true
		}
	}
	return "", false
}

// conflict turns an error that a person can act on into a page that says so.
func conflict(err error) error {
	if words, ok := said(err); ok {
		return web.Conflict("That cannot be done now", words)
	}
	return err
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }
