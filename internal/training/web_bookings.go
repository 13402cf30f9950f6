package training

import (
	"errors"
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type bookPage struct {
	frame
	Session    sessionRow
	About      []ui.Row
	Form       *web.Form
	Colleagues []ui.Choice // whom the looker may book for, themselves first
	ByEmail    bool        // the looker may book for anybody
	Full       bool
	Bookable   bool
	Notice     int
}

func (r *Room) showBook(w http.ResponseWriter, req *http.Request) error {
	return r.bookForm(w, req, http.StatusOK, web.NewForm("person", web.PersonOf(req).ID))
}

func (r *Room) bookForm(w http.ResponseWriter, req *http.Request, status int, form *web.Form) error {
	s, err := sessionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	looker := web.PersonOf(req)
	page := bookPage{
		frame: r.frame(req, "Book a place", s.way()...), Session: r.rows([]Session{s})[0], About: r.about(s), Form: form,
		ByEmail: looker.May(MayManage), Bookable: s.Bookable(r.Now()), Full: s.PlacesLeft() == 0, Notice: r.Notice,
	}
	if looker.May(MayBookOthers) && !page.ByEmail {
		if page.Colleagues, err = r.colleagues(req, looker); err != nil {
			return err
		}
	}
	return r.render(w, status, "book", page)
}

func (r *Room) colleagues(req *http.Request, looker web.Person) ([]ui.Choice, error) {
	list, err := colleagues(req.Context(), r.Work, looker.OrganisationID)
	if err != nil {
		return nil, err
	}
	out := []ui.Choice{{Value: looker.ID, Text: looker.Name + " (you)"}}
	for _, p := range list {
		if p.ID != looker.ID {
			out = append(out, ui.Choice{Value: p.ID, Text: p.Name})
		}
	}
	return out, nil
}

// forWhom reads for whom a form books: somebody by their address, for those who
// may book for anybody; a colleague; or the looker.
func (r *Room) forWhom(req *http.Request, form *web.Form) (learner, error) {
	looker := web.PersonOf(req)
	if form.Value("email") != "" && looker.May(MayManage) {
		email := form.Email("email", "")
		if !form.OK() {
			return learner{}, errForm
		}
		who, err := learnerByEmail(req.Context(), r.Work, email)
		if errors.Is(err, db.ErrNotFound) {
			form.Add("email", "Nobody is known by this address. Add the person under People first")
			return who, errForm
		}
		return who, err
	}
	id := form.Value("person")
	if id == "" {
		id = looker.ID
	}
	who, err := learnerByID(req.Context(), r.Work, id)
	if err == nil && !mayBookFor(looker, who.ID, string(who.OrganisationID)) {
		err = db.ErrNotFound
	}
	return who, err
}

func (r *Room) book(w http.ResponseWriter, req *http.Request) error {
	return r.placeForm(w, req, func(by web.Person, who learner) (string, error) {
		_, err := r.Book(req.Context(), by, req.PathValue("id"), who.ID)
		return bookedWords(by, who), err
	})
}

// bookedWords says what was done, and where the confirmation goes.
func bookedWords(by web.Person, who learner) string {
	words := "Your place is booked."
	if by.ID != who.ID {
		words = "A place is booked for " + who.Name + "."
	}
	if who.Email != "" {
		words += " A confirmation goes to " + who.Email + "."
	}
	return words
}

func (r *Room) wait(w http.ResponseWriter, req *http.Request) error {
	return r.placeForm(w, req, func(by web.Person, who learner) (string, error) {
		return "On the waiting list: " + who.Name + ". The next place that becomes free is theirs, and they are told by email.",
			r.Wait(req.Context(), by, req.PathValue("id"), who.ID)
	})
}

func (r *Room) stopWaiting(w http.ResponseWriter, req *http.Request) error {
	return r.placeForm(w, req, func(by web.Person, who learner) (string, error) {
		return "No longer on the waiting list: " + who.Name + ".", r.StopWaiting(req.Context(), by, req.PathValue("id"), who.ID)
	})
}

// placeForm does something about a place on a session for whoever the form says,
// and shows the booking page again with what stood in the way.
func (r *Room) placeForm(w http.ResponseWriter, req *http.Request, act func(by web.Person, who learner) (done string, err error)) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	who, err := r.forWhom(req, form)
	if errors.Is(err, errForm) {
		return r.bookForm(w, req, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	done, err := act(web.PersonOf(req), who)
	if words, ok := said(err); ok {
		form.Add("person", words)
		return r.bookForm(w, req, http.StatusConflict, form)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, sessionHref(req.PathValue("id")), done)
}

type bookingCancelPage struct {
	frame
	Session sessionRow
	Booking Booking
	Own     bool
	Waiting int // people on the waiting list
	Late    bool
	By      db.Date // until when it would have been in time
	Form    *web.Form
}

func (r *Room) confirmCancel(w http.ResponseWriter, req *http.Request) error {
	b, err := bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	looker := web.PersonOf(req)
	if !mayBookFor(looker, b.PersonID, string(b.OrganisationID)) {
		return web.ErrNotFound
	}
	s, err := sessionByID(req.Context(), r.Work, b.SessionID)
	if err != nil {
		return err
	}
	if b.Status != Booked || !r.Now().Before(s.Begins()) {
		return conflict(ErrOver)
	}
	page := bookingCancelPage{
		frame: r.frame(req, "Cancel the booking", s.way()...), Session: r.rows([]Session{s})[0], Booking: b, Own: b.PersonID == looker.ID, Waiting: int(s.Waiting),
		Late: b.cancelledAs(s, r.Now.Today(), r.Notice) == LateCancelled, By: s.CancelBy(r.Notice),
	}
	return r.render(w, http.StatusOK, "booking-cancel", page)
}

func (r *Room) cancel(w http.ResponseWriter, req *http.Request) error {
	b, err := bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	as, err := r.Cancel(req.Context(), web.PersonOf(req), b.ID)
	if err != nil {
		return conflict(err)
	}
	done := "The booking is cancelled."
	if as == LateCancelled {
		done = "The booking is cancelled, and recorded as a late cancellation."
	}
	return web.SeeOther(w, req, sessionHref(b.SessionID), done)
}

type minePage struct {
	frame
	Ahead   []placeRow // places on what is to come
	Waiting []sessionRow
	Record  []placeRow // what was attended, the newest first
	Missed  []placeRow // what else became of past bookings
	Events  string     // "4 sessions"
}

// A placeRow is a person's place as their record shows it.
type placeRow struct {
	Place
	When, Where string
	Returnable  bool // it can be given back
}

func (r *Room) showMine(w http.ResponseWriter, req *http.Request) error {
	looker := web.PersonOf(req)
	list, err := placesOf(req.Context(), r.Work, looker.ID)
	if err != nil {
		return err
	}
	if asked(req, "csv") {
		return mineCSV(w, list)
	}
	waiting, err := waitingOf(req.Context(), r.Work, looker.ID)
	if err != nil {
		return err
	}
	page := minePage{frame: r.frame(req, "My training"), Waiting: r.rows(waiting)}
	for _, p := range list {
		s := p.Session()
		row := placeRow{p, s.When(), s.Where(), r.Now().Before(s.Begins())}
		switch {
		case p.Status == Booked && r.Now().Before(s.Ends()):
			page.Ahead = append([]placeRow{row}, page.Ahead...) // the soonest first
		case p.Status.Came():
			page.Record = append(page.Record, row)
		case p.Status != Cancelled:
			page.Missed = append(page.Missed, row)
		}
	}
	page.Events = lang.Plural(len(page.Record), "session", "sessions")
	return r.render(w, http.StatusOK, "mine", page)
}

func mineCSV(w http.ResponseWriter, list []Place) error {
	var rows [][]string
	for _, p := range list {
		rows = append(rows, []string{p.Course, p.Kind, p.StartsOn.String(), p.EndsOn.String(), p.Mode, p.Venue, string(p.Status)})
	}
	return web.CSV(w, "my-training.csv", []string{"course", "kind", "starts_on", "ends_on", "mode", "venue", "status"}, rows)
}
