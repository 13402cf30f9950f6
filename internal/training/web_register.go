package training

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// registerPage has three forms: that of the marks, that of a meeting's file, and that of
// somebody who walked in.
type registerPage struct {
	ui.FormPage
	Session   sessionRow
	Rows      []registerRow
	WalkIns   []Booking
	Unmarked  int
	WalkIn    *web.Form
	Meeting   *web.Form
	Met       bool     // the marks are by a meeting's file, and not saved
	Strangers []string // whom the file names and no booking is of
	Notes     []string // what to know of how the file was read
	Undo      int      // marks that the last saving changed and that can be put back
}

// registerForms are the forms of a page that is shown again; those that are nil are as
// they are when it is opened.
type registerForms struct {
	marks, walkIn, meeting *web.Form
	met                    *meeting
}

// A registerRow is one booking to mark.
type registerRow struct {
	Booking
	Field   string // the name of its field
	Marks   []ui.Choice
	Present string // how long a meeting's file says that they were there
}

// markChoices are what a register can say of a booking.
var markChoices = ui.ChoicesOf(marks, func(m Status) (string, string) {
	if m == Booked {
		return string(m), "Not marked"
	}
	return string(m), m.Words()
})

func (r *Room) editRegister(w http.ResponseWriter, req *http.Request) error {
	return r.renderRegister(w, req, http.StatusOK, registerForms{})
}

// renderRegister shows a session's register: with the marks that a form has, or those
// there are; and with the forms of a meeting's file and of somebody at the door.
func (r *Room) renderRegister(w http.ResponseWriter, req *http.Request, status int, forms registerForms) error {
	s, err := r.registered(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return conflict(err)
	}
	bookings, err := bookingsOf(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	if forms.marks == nil {
		forms.marks = fillRegister(bookings)
	}
	if forms.meeting == nil {
		whole, counted := s.leastMinutes()
		forms.meeting = web.NewForm("least", strconv.Itoa(whole), "counted", strconv.Itoa(counted))
	}
	undo, err := lastMarks(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	page := registerPage{Undo: len(undo),
		FormPage: ui.FormPage{Base: base(req, "Register", s.way()...), Form: forms.marks, Cancel: sessionHref(s.ID)},
		Session:  r.rows([]Session{s})[0], WalkIn: forms.walkIn, Meeting: forms.meeting, Met: forms.met != nil,
	}
	if page.Met {
		page.Strangers, page.Notes = forms.met.strangerWords(), forms.met.notes
	}
	for _, b := range bookings {
		switch {
		case b.Status == WalkIn:
			page.WalkIns = append(page.WalkIns, b)
		case slices.Contains(marks, b.Status):
			row := registerRow{Booking: b, Field: markField(b.ID), Marks: markChoices, Present: "not in the file"}
			if page.Met && forms.met.of[b.ID] != nil {
				row.Present = lang.Plural(forms.met.of[b.ID].Minutes(), "minute", "minutes")
			}
			page.Rows = append(page.Rows, row)
			page.Unmarked += one(b.Status == Booked)
		}
	}
	return web.Render(w, status, r.pages, "register", page)
}

func (r *Room) saveRegister(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	show := func(status int, f *web.Form) error { return r.renderRegister(w, req, status, registerForms{marks: f}) }
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		bookings, err := bookingsOf(req.Context(), r.Work, id)
		if err != nil {
			return web.Done{}, err
		}
		marked := readRegister(f, bookings)
		if !f.OK() {
			return web.Done{}, nil
		}
		n, err := r.SaveRegister(req.Context(), web.PersonOf(req), id, marked, f.Seen())
		done := "The register is saved: " + lang.Plural(n, "mark", "marks") + " changed."
		return web.Done{To: registerHref(id), Words: done}, conflict(err)
	})
}

func (r *Room) undoRegister(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	n, err := r.UndoRegister(req.Context(), web.PersonOf(req), id)
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, registerHref(id), "Undone: "+lang.Plural(n, "mark is", "marks are")+" as before.")
}

// sheetPage is a register on paper.
type sheetPage struct {
	ui.Base
	Session Session
	Rows    []Booking
	Empty   []int // lines for those who come without a booking
	Begun   bool  // the register can be marked
}

// emptyLines is how many of those there are.
const emptyLines = 8

// showRegister shows a session's register to print and sign, before the day and on it.
func (r *Room) showRegister(w http.ResponseWriter, req *http.Request) error {
	s, err := r.changeable(req)
	if err != nil {
		return err
	}
	bookings, err := bookingsOf(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "register-sheet", sheetPage{
		Base: base(req, "Register to sign", s.way()...), Session: s, Empty: make([]int, emptyLines),
		Begun: s.dayCame(r.Now.Today()),
		Rows:  slices.DeleteFunc(bookings, func(b Booking) bool { return !b.Status.Live() })})
}

func (r *Room) addWalkIn(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	show := func(status int, f *web.Form) error { return r.renderRegister(w, req, status, registerForms{walkIn: f}) }
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		who, err := r.readWalkIn(req, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.AddWalkIn(req.Context(), web.PersonOf(req), id, who)
		if errors.Is(err, ErrBooked) {
			err = &ui.Taken{Field: "name", Text: "This person is already marked as having come"}
		}
		return web.Done{To: registerHref(id), Words: who.Name + " is on the register."}, conflict(err)
	})
}

func (r *Room) addPresentation(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The presentation is added.", func(f *web.Form, by web.Person, id string) error {
		p := Presentation{SessionID: id, Title: f.Text("presentation", "Enter the presentation's title", 200),
			Organisation: f.Text("presenter", "", 200)}
		if !f.OK() {
			return nil
		}
		_, err := r.AddPresentation(req.Context(), by, p)
		return err
	})
}

func (r *Room) addStall(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The stall is added.", func(f *web.Form, by web.Person, id string) error {
		s := Stall{SessionID: id, Organisation: f.Text("stall", "Enter the organisation that has the stall", 200)}
		if !f.OK() {
			return nil
		}
		_, err := r.AddStall(req.Context(), by, s)
		return err
	})
}

func (r *Room) removePresentation(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The presentation is removed.", func(_ *web.Form, by web.Person, id string) error {
		return r.RemovePresentation(req.Context(), by, id, req.PathValue("item"))
	})
}

func (r *Room) removeStall(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The stall is removed.", func(_ *web.Form, by web.Person, id string) error {
		return r.RemoveStall(req.Context(), by, id, req.PathValue("item"))
	})
}

// conferenceForm does one of the small acts on a conference's page.
func (r *Room) conferenceForm(w http.ResponseWriter, req *http.Request, done string,
	act func(f *web.Form, by web.Person, id string) error) error {
	id := req.PathValue("id")
	show := func(status int, f *web.Form) error {
		page, err := r.sessionPage(req)
		if err != nil {
			return err
		}
		page.Form = f
		return web.Render(w, status, r.pages, "session", page)
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		return web.Done{To: sessionHref(id), Words: done}, conflict(act(f, web.PersonOf(req), id))
	})
}
