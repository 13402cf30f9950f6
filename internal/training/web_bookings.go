package training

import (
	"cmp"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type bookPage struct {
	ui.FormPage
	Session  sessionRow
	About    []ui.Row
	Others   bool // the looker may book for colleagues
	ByName   bool // the looker may book for anybody
	Full     bool
	Bookable bool
	Notice   int
}

func (r *Room) confirmBook(w http.ResponseWriter, req *http.Request) error {
	return r.bookForm(w, req)(http.StatusOK, web.NewForm("person", web.PersonOf(req).ID))
}

// bookForm gives what shows the form for a place on a session, or on its waiting
// list.
func (r *Room) bookForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		s, err := sessionByID(req.Context(), r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		looker := web.PersonOf(req)
		page := bookPage{
			FormPage: ui.FormPage{Base: base(req, "Book a place", s.way()...), Form: f, Cancel: sessionHref(s.ID)},
			Session:  r.rows([]Session{s})[0], About: r.about(s), ByName: bookingRules.MayAll(looker, access.Change),
			Others:   bookingRules.MayAny(looker, access.Read),
			Bookable: s.Bookable(r.Now()), Full: s.PlacesLeft() == 0, Notice: r.Notice,
		}
		return web.Render(w, status, r.pages, "book", page)
	}
}

// forWhom reads for whom a form books: somebody by name or address, for those who
// may book for anybody; a colleague; or the looker.
func (r *Room) forWhom(req *http.Request, f *web.Form) (learner, error) {
	looker := web.PersonOf(req)
	id := cmp.Or(f.Value("person"), looker.ID)
	switch {
	case bookingRules.MayAll(looker, access.Change):
		p, err := register.PickPerson(req.Context(), r.Work, looker, f, "whom", "", "")
		if err != nil || !f.OK() {
			return learner{}, err
		}
		id = cmp.Or(p.ID, id)
	case bookingRules.MayAny(looker, access.Read):
		whom, err := f.Pick(req.Context(), "whom", "", r.colleaguesFor(looker))
		if err != nil || !f.OK() {
			return learner{}, err
		}
		id = cmp.Or(whom, id)
	}
	who, err := learnerByID(req.Context(), r.Work, id)
	if err == nil && !learnerRules.May(looker, access.Change, who.of()) {
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
		return "On the waiting list: " + who.Name +
				". They are told by e-mail, and asked when a place is free for them.",
			r.Wait(req.Context(), by, req.PathValue("id"), who.ID)
	})
}

// placeForm does something about a place on a session for whoever the form says,
// and shows the booking page again with what stood in the way.
func (r *Room) placeForm(w http.ResponseWriter, req *http.Request, act func(by web.Person, who learner) (done string,
	err error)) error {
	return web.Submit(w, req, r.bookForm(w, req), func(f *web.Form) (web.Done, error) {
		who, err := r.forWhom(req, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		done, err := act(web.PersonOf(req), who)
		if words, ok := said(err); ok {
			field := "person"
			if bookingRules.MayAny(web.PersonOf(req), access.Read) {
				field = "whom"
			}
			err = &ui.Taken{Field: field, Text: words}
		}
		return web.Done{To: sessionHref(req.PathValue("id")), Words: done}, err
	})
}

func (r *Room) confirmCancelBooking(w http.ResponseWriter, req *http.Request) error {
	b, err := bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	own := b.PersonID == web.PersonOf(req).ID
	if !bookingRules.May(web.PersonOf(req), access.Change, b.of()) {
		return web.ErrNotFound
	}
	s, err := sessionByID(req.Context(), r.Work, b.SessionID)
	if err != nil {
		return err
	}
	if b.Status != Booked || !r.Now().Before(s.Begins()) {
		return conflict(ErrOver)
	}
	title, act, whom := "Give back the place of "+b.Name+"?", "Give the place back", b.Name
	if own {
		title, act, whom = "Give your place back?", "Give my place back", "you"
	}
	waiting := "Nobody is waiting for the place."
	if s.Waiting > 0 {
		waiting = lang.Plural(int(s.Waiting), "person is", "people are") +
			" waiting: the place is offered to whoever has waited longest."
	}
	return web.Confirm(w, req, nil, base(req, title, s.way()...), act, sessionHref(s.ID), s.Course+", "+s.When()+".",
		r.heldAgainst(b, s, whom), waiting)
}

// heldAgainst says whether a place is given back in time.
func (r *Room) heldAgainst(b Booking, s Session, whom string) string {
	if b.cancelledAs(s, r.Now.Today(), r.Notice) == LateCancelled {
		return "The last day to do this in time was " + lang.Date(s.CancelBy(r.Notice)) +
			". It is recorded as a late cancellation."
	}
	return "This is in time: nothing is held against " + whom + "."
}

func (r *Room) cancelBooking(w http.ResponseWriter, req *http.Request) error {
	b, err := bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	as, err := r.CancelBooking(req.Context(), web.PersonOf(req), b.ID)
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
	ui.Base
	Ahead   []placeRow // places on what is to come
	Waiting []waitRow
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
	if req.URL.Query().Get("format") == "csv" {
		return mineCSV(w, list)
	}
	page := minePage{Base: base(req, "My training")}
	if page.Waiting, err = r.waitRows(req.Context(), looker.ID, turnsRoot); err != nil {
		return err
	}
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
	return web.Render(w, http.StatusOK, r.pages, "mine", page)
}

func mineCSV(w http.ResponseWriter, list []Place) error {
	var rows [][]string
	for _, p := range list {
		rows = append(rows, []string{p.Course, p.Kind, p.StartsOn.String(), p.EndsOn.String(), p.Mode, p.Venue,
			string(p.Status)})
	}
	return web.CSV(w, "my-training.csv", []string{"course", "kind", "starts_on", "ends_on", "mode", "venue", "status"},
		rows)
}
