package training

import (
	"errors"
	"fmt"
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type sessionFormPage struct {
	frame
	Form    *web.Form
	Action  string
	New     bool
	Courses []ui.Choice
	Modes   []ui.Choice
	States  []ui.Choice
	Cancel  string
	Booked  int // people who are told when time or place changes
}

var states = []ui.Choice{
	{Value: string(Planned), Text: "Planned", Hint: "Dated, and not yet offered"},
	{Value: string(Open), Text: "Open", Hint: "People can book"},
	{Value: string(Closed), Text: "Closed", Hint: "People can no longer book"},
	{Value: string(Delivered), Text: "Delivered", Hint: "It took place"},
}

func (r *Room) newSession(w http.ResponseWriter, req *http.Request) error {
	form := web.NewForm("course", req.URL.Query().Get("course"), "state", string(Open), "mode", "room")
	return r.sessionForm(w, req, http.StatusOK, form, nil)
}

// sessionForm shows the form of a session: was is the one that is changed, nil for
// a new one.
func (r *Room) sessionForm(w http.ResponseWriter, req *http.Request, status int, form *web.Form, was *Session) error {
	page := sessionFormPage{Form: form, Modes: modes, States: states}
	if was != nil {
		page.frame = r.frame(req, "Change the session", was.way()...)
		page.Action, page.Cancel, page.Booked = sessionHref(was.ID), sessionHref(was.ID), int(was.Taken)
		return r.render(w, status, "session-form", page)
	}
	page.frame = r.frame(req, "Add a session", "Sessions", home)
	page.New, page.Action, page.Cancel, page.States = true, home+"/sessions", home, states[:2]
	list, err := courses(req.Context(), r.Work, courseFilter{Limit: everything})
	if err != nil {
		return err
	}
	for _, c := range list {
		page.Courses = append(page.Courses, ui.Choice{Value: c.ID, Text: c.Title, Group: c.Programme})
	}
	return r.render(w, status, "session-form", page)
}

func (r *Room) addSession(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if _, err := courseByID(req.Context(), r.Work, form.Value("course")); errors.Is(err, db.ErrNotFound) {
		form.Add("course", "Choose the course") // first, as it stands first in the form
	} else if err != nil {
		return err
	}
	s := readSession(form, nil)
	if !form.OK() {
		return r.sessionForm(w, req, http.StatusUnprocessableEntity, form, nil)
	}
	id, err := r.AddSession(req.Context(), web.PersonOf(req), s)
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, sessionHref(id), "The session is added.")
}

func (r *Room) changeSession(w http.ResponseWriter, req *http.Request) error {
	s, err := r.changeable(req)
	if err != nil {
		return err
	}
	return r.sessionForm(w, req, http.StatusOK, fillSession(s), &s)
}

// changeable gives the session of the address, unless it was called off.
func (r *Room) changeable(req *http.Request) (Session, error) {
	s, err := sessionByID(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && s.State == CalledOff {
		err = conflict(ErrOver)
	}
	return s, err
}

func (r *Room) editSession(w http.ResponseWriter, req *http.Request) error {
	was, err := r.changeable(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	s := readSession(form, &was)
	if s.State == Delivered && r.Now.Today().Before(s.StartsOn) {
		form.Add("state", "Choose another: the session has not taken place yet")
	}
	if !form.OK() {
		return r.sessionForm(w, req, http.StatusUnprocessableEntity, form, &was)
	}
	told, err := r.EditSession(req.Context(), web.PersonOf(req), s)
	if errors.Is(err, ErrTooSmall) {
		form.Add("capacity", fmt.Sprintf("Enter %d or more: so many places are booked", was.Taken))
		return r.sessionForm(w, req, http.StatusUnprocessableEntity, form, &was)
	}
	if errors.Is(err, ErrDelivered) {
		form.Add("state", "Choose delivered: people are marked as having come")
		return r.sessionForm(w, req, http.StatusUnprocessableEntity, form, &was)
	}
	if err != nil {
		return conflict(err)
	}
	done := "The session is changed."
	if told > 0 {
		done = "The session is changed, and " + lang.Plural(told, "person is", "people are") + " told."
	}
	return web.SeeOther(w, req, sessionHref(s.ID), done)
}

type sessionCancelPage struct {
	frame
	Session Session
	Booked  int // people with a place
	Waiting int
	Told    int // those of them who have an address
	Form    *web.Form
}

func (r *Room) confirmCancelSession(w http.ResponseWriter, req *http.Request) error {
	return r.sessionCancelForm(w, req, http.StatusOK, nil)
}

func (r *Room) sessionCancelForm(w http.ResponseWriter, req *http.Request, status int, form *web.Form) error {
	s, err := r.changeable(req)
	if err != nil {
		return err
	}
	bookings, err := bookingsOf(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	waiting, err := waiters(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	page := sessionCancelPage{frame: r.frame(req, "Cancel the session", s.way()...), Session: s, Waiting: len(waiting), Form: form}
	for _, b := range bookings {
		switch {
		case b.Status.Came():
			return conflict(ErrDelivered)
		case b.Status == Booked:
			page.Booked++
			page.Told += one(b.Email != "")
		}
	}
	for _, x := range waiting {
		page.Told += one(x.Email != "")
	}
	return r.render(w, status, "session-cancel", page)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (r *Room) cancelSession(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	reason := form.Text("reason", "Enter the reason: everybody is told it", 500)
	if !form.OK() {
		return r.sessionCancelForm(w, req, http.StatusUnprocessableEntity, form)
	}
	told, err := r.CancelSession(req.Context(), web.PersonOf(req), req.PathValue("id"), reason)
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(req.PathValue("id")), "The session is cancelled, and "+lang.Plural(told, "person is", "people are")+" told.")
}
