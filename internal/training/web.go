package training

import (
	"embed"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var templates embed.FS

// Routes lists the room's addresses.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/training", Permission: MayRead, Handle: r.listSessions},
		{Pattern: "GET /work/training/sessions/new", Permission: MayManage, Handle: r.newSession},
		{Pattern: "POST /work/training/sessions", Permission: MayManage, Handle: r.addSession},
		{Pattern: "GET /work/training/sessions/{id}", Permission: MayRead, Handle: r.showSession},
		{Pattern: "GET /work/training/sessions/{id}/edit", Permission: MayManage, Handle: r.changeSession},
		{Pattern: "POST /work/training/sessions/{id}", Permission: MayManage, Handle: r.editSession},
		{Pattern: "GET /work/training/sessions/{id}/cancel", Permission: MayManage, Handle: r.confirmCancelSession},
		{Pattern: "POST /work/training/sessions/{id}/cancel", Permission: MayManage, Handle: r.cancelSession},
		{Pattern: "GET /work/training/sessions/{id}/register", Permission: MayManage, Handle: r.showRegister},
		{Pattern: "POST /work/training/sessions/{id}/register", Permission: MayManage, Handle: r.markRegister},
		{Pattern: "POST /work/training/sessions/{id}/walk-ins", Permission: MayManage, Handle: r.addWalkIn},
		{Pattern: "POST /work/training/sessions/{id}/presentations", Permission: MayManage, Handle: r.addPresentation},
		{Pattern: "POST /work/training/sessions/{id}/presentations/{item}/remove", Permission: MayManage, Handle: r.removePresentation},
		{Pattern: "POST /work/training/sessions/{id}/stalls", Permission: MayManage, Handle: r.addStall},
		{Pattern: "POST /work/training/sessions/{id}/stalls/{item}/remove", Permission: MayManage, Handle: r.removeStall},

		{Pattern: "GET /work/training/sessions/{id}/book", Permission: MayBook, Handle: r.showBook},
		{Pattern: "POST /work/training/sessions/{id}/book", Permission: MayBook, Handle: r.book},
		{Pattern: "POST /work/training/sessions/{id}/wait", Permission: MayBook, Handle: r.wait},
		{Pattern: "POST /work/training/sessions/{id}/stop-waiting", Permission: MayBook, Handle: r.stopWaiting},
		{Pattern: "GET /work/training/bookings/{id}/cancel", Permission: MayBook, Handle: r.confirmCancel},
		{Pattern: "POST /work/training/bookings/{id}/cancel", Permission: MayBook, Handle: r.cancel},
		{Pattern: "GET /work/training/mine", Permission: MayBook, Handle: r.showMine},

		{Pattern: "GET /work/training/courses", Permission: MayRead, Handle: r.listCourses},
		{Pattern: "GET /work/training/courses/new", Permission: MayManage, Handle: r.newCourse},
		{Pattern: "POST /work/training/courses", Permission: MayManage, Handle: r.addCourse},
		{Pattern: "GET /work/training/courses/{id}", Permission: MayRead, Handle: r.showCourse},
		{Pattern: "GET /work/training/courses/{id}/edit", Permission: MayManage, Handle: r.changeCourse},
		{Pattern: "POST /work/training/courses/{id}", Permission: MayManage, Handle: r.editCourse},
		{Pattern: "GET /work/training/programmes/new", Permission: MayManage, Handle: r.newProgramme},
		{Pattern: "POST /work/training/programmes", Permission: MayManage, Handle: r.addProgramme},

		// Calendar programs cannot sign in. The feed says what is on offer, as any
		// poster would, and names nobody.
		{Pattern: "GET /work/training/calendar.ics", Permission: web.Anyone, Handle: r.calendarFeed},
	}
}

const home = "/work/training"

func sessionHref(id string) string { return home + "/sessions/" + id }
func courseHref(id string) string  { return home + "/courses/" + id }

// way gives the crumbs that lead to a session: its course, then its day.
func (s Session) way() []string {
	return []string{s.Course, courseHref(s.CourseID), s.StartsOn.Words(), sessionHref(s.ID)}
}

// A frame is what every page of the room has: who is looking, and where in the
// room they are.
type frame struct {
	ui.Base
	Tabs      []ui.NavItem
	MayManage bool
	MayBook   bool
}

// frame makes the frame of a page. Its address is looked for among the tabs, or
// stands under one of them by the crumbs given.
func (r *Room) frame(req *http.Request, title string, crumbs ...string) frame {
	p := web.PersonOf(req)
	f := frame{Base: web.Base(req, title), MayManage: p.May(MayManage), MayBook: p.May(MayBook)}
	if len(crumbs) > 0 {
		f.Base = web.Crumbs(f.Base, append([]string{"Training", home}, append(crumbs, title, "")...)...)
		return f
	}
	tabs := []ui.NavItem{{Text: "Sessions", Href: home}, {Text: "Courses", Href: home + "/courses"}}
	if f.MayBook {
		tabs = append(tabs, ui.NavItem{Text: "My training", Href: home + "/mine"})
	}
	for i, t := range tabs {
		tabs[i].Current = t.Href == req.URL.Path
	}
	f.Tabs = tabs
	return f
}

func (r *Room) render(w http.ResponseWriter, status int, name string, page any) error {
	return web.Render(w, status, r.pages, name, page)
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
	{ErrNotFull, "This session has places: book one instead of waiting."},
	{ErrOver, "This can no longer be changed. Look at how it stands now."},
	{ErrNotYet, "The register opens on the day of the session."},
	{ErrTooSmall, "More people have places than the session would hold. Cancel some of them first."},
	{ErrDelivered, "People are marked as having come to this session, so it was delivered and cannot be cancelled."},
	{ErrConference, "Only a conference has presentations and stalls."},
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

// everything is the most rows that a file to download has.
const everything = 100_000

// order writes a list's order as the queries know it.
func order(l ui.List) string {
	if l.Desc {
		return "-" + l.Sort
	}
	return l.Sort
}

// asked reports whether the address asks for a format to download.
func asked(req *http.Request, format string) bool { return req.URL.Query().Get("format") == format }

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func trimmed(req *http.Request, name string) string {
	return strings.TrimSpace(req.URL.Query().Get(name))
}
