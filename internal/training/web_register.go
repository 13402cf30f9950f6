package training

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type registerPage struct {
	frame
	Session       sessionRow
	Rows          []registerRow
	WalkIns       []Booking
	Unmarked      int
	Form          *web.Form // of the marks
	WalkIn        *web.Form // of somebody who walked in
	Organisations []ui.Choice
}

// A registerRow is one booking to mark.
type registerRow struct {
	Booking
	Field string // the name of its field
	Marks []ui.Choice
}

// markChoices are what a register can say of a booking.
func markChoices() (out []ui.Choice) {
	for _, m := range marks {
		text := m.Words()
		if m == Booked {
			text = "Not marked"
		}
		out = append(out, ui.Choice{Value: string(m), Text: text})
	}
	return out
}

const markField = "mark-" // and the booking's id

func (r *Room) showRegister(w http.ResponseWriter, req *http.Request) error {
	return r.register(w, req, http.StatusOK, nil)
}

// register shows a session's register. walkIn is a form about somebody at the door
// that has problems.
func (r *Room) register(w http.ResponseWriter, req *http.Request, status int, walkIn *web.Form) error {
	s, err := r.registered(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return conflict(err)
	}
	bookings, err := bookingsOf(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	page := registerPage{frame: r.frame(req, "Register", s.way()...), Session: r.rows([]Session{s})[0], Form: web.NewForm(), WalkIn: walkIn}
	for _, b := range bookings {
		switch {
		case b.Status == WalkIn:
			page.WalkIns = append(page.WalkIns, b)
		case slices.Contains(marks, b.Status):
			page.Form.Set(markField+b.ID, string(b.Status))
			page.Rows = append(page.Rows, registerRow{b, markField + b.ID, markChoices()})
			page.Unmarked += one(b.Status == Booked)
		}
	}
	if page.Organisations, err = register.Organisations(req.Context(), r.Work); err != nil {
		return err
	}
	return r.render(w, status, "register", page)
}

func (r *Room) markRegister(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	marked := map[string]Status{}
	for name := range req.PostForm {
		id, ok := strings.CutPrefix(name, markField)
		if !ok {
			continue
		}
		marked[id] = Status(form.OneOf(name, "", values(markChoices())...))
		if marked[id] == Booked && form.Yes("rest") {
			marked[id] = Attended
		}
	}
	if !form.OK() {
		return web.BadRequest("A mark on the register was not understood. Go back and send it again.")
	}
	n, err := r.MarkAttendance(req.Context(), web.PersonOf(req), req.PathValue("id"), marked)
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(req.PathValue("id"))+"/register", "The register is saved: "+lang.Plural(n, "mark", "marks")+" changed.")
}

func (r *Room) addWalkIn(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	who := readWalkIn(form)
	if !form.OK() {
		return r.register(w, req, http.StatusUnprocessableEntity, form)
	}
	err = r.AddWalkIn(req.Context(), web.PersonOf(req), req.PathValue("id"), who)
	if errors.Is(err, ErrBooked) {
		form.Add("name", "This person is already marked as having come")
		return r.register(w, req, http.StatusConflict, form)
	}
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(req.PathValue("id"))+"/register", who.Name+" is on the register.")
}

func (r *Room) addPresentation(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The presentation is added.", func(f *web.Form, by web.Person, id string) error {
		p := Presentation{SessionID: id, Title: f.Text("presentation", "Enter the presentation's title", 200), Organisation: f.Text("presenter", "", 200)}
		if !f.OK() {
			return errForm
		}
		_, err := r.AddPresentation(req.Context(), by, p)
		return err
	})
}

func (r *Room) addStall(w http.ResponseWriter, req *http.Request) error {
	return r.conferenceForm(w, req, "The stall is added.", func(f *web.Form, by web.Person, id string) error {
		s := Stall{SessionID: id, Organisation: f.Text("stall", "Enter the organisation that has the stall", 200)}
		if !f.OK() {
			return errForm
		}
		_, err := r.AddStall(req.Context(), by, s)
		if errors.Is(err, ErrTaken) {
			f.Add("stall", "This organisation already has a stall")
			return errForm
		}
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

// errForm says that the form has problems, and is to be shown again with them.
var errForm = errors.New("the form has problems")

// conferenceForm does one of the small acts on a conference's page.
func (r *Room) conferenceForm(w http.ResponseWriter, req *http.Request, done string, act func(f *web.Form, by web.Person, id string) error) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = act(form, web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, errForm) {
		page, err := r.sessionPage(req)
		if err != nil {
			return err
		}
		page.Form = form
		return r.render(w, http.StatusUnprocessableEntity, "session", page)
	}
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(req.PathValue("id")), done)
}
