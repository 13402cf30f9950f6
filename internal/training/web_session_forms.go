package training

import (
	"errors"
	"fmt"
	"net/http"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type sessionFormPage struct {
	ui.FormPage
	New bool
	// NoCourses says that there is nothing yet that a session could be a date of.
	NoCourses bool
	Modes     []ui.Choice
	States    []ui.Choice
	Booked    int // people who are told when time or place changes
	Waiting   int // people who are asked then
}

var states = []ui.Choice{
	{Value: string(Planned), Text: "Planned", Hint: "Dated, and not yet offered"},
	{Value: string(Open), Text: "Open", Hint: "People can book"},
	{Value: string(Closed), Text: "Closed", Hint: "People can no longer book"},
	{Value: string(Delivered), Text: "Delivered", Hint: "It took place"},
}

func (r *Room) newSession(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord("state", string(Open), "mode", "room")
	if id := req.URL.Query().Get("course"); id != "" {
		c, err := courseByID(req.Context(), r.Work, id)
		if err != nil {
			return err
		}
		f.Choose("course", c.ID, c.Title)
	}
	return r.newSessionForm(w, req)(http.StatusOK, f)
}

func (r *Room) newSessionForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := sessionFormPage{FormPage: ui.FormPage{Base: base(req, "Add a session", "Sessions", root), Form: f,
			Cancel: root},
			New: true, Modes: modes, States: states[:2]}
		courses, err := countCourses(req.Context(), r.Work, courseFilter{})
		if err != nil {
			return err
		}
		page.NoCourses = courses == 0
		return web.Render(w, status, r.pages, "session-form", page)
	}
}

func (r *Room) addSession(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newSessionForm(w, req), func(f *web.Form) (web.Done, error) {
		// First, as it stands first in the form.
		course, err := f.Pick(req.Context(), "course", "Choose the course", r.coursesFor())
		if err != nil {
			return web.Done{}, err
		}
		s := readSession(f, nil)
		s.CourseID = course
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddSession(req.Context(), web.PersonOf(req), s)
		return web.Done{To: sessionHref(id), Words: "The session is added."}, err
	})
}

// sessionForm gives what shows the form of a session that is there.
func (r *Room) sessionForm(w http.ResponseWriter, req *http.Request, was Session) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "session-form", sessionFormPage{
			FormPage: ui.FormPage{Base: base(req, "Change the session", was.way()...), Form: f, Cancel: sessionHref(was.ID)},
			Modes:    modes, States: states, Booked: int(was.Taken), Waiting: int(was.Waiting)})
	}
}

func (r *Room) editSession(w http.ResponseWriter, req *http.Request) error {
	s, err := r.changeable(req)
	if err != nil {
		return err
	}
	return r.sessionForm(w, req, s)(http.StatusOK, fillSession(s))
}

// changeable gives the session of the address, unless it was called off.
func (r *Room) changeable(req *http.Request) (Session, error) {
	s, err := sessionByID(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && s.State == CalledOff {
		err = conflict(ErrOver)
	}
	return s, err
}

func (r *Room) saveSession(w http.ResponseWriter, req *http.Request) error {
	was, err := r.changeable(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.sessionForm(w, req, was), func(f *web.Form) (web.Done, error) {
		s := readSession(f, &was)
		if s.State == Delivered && r.Now.Today().Before(s.StartsOn) {
			f.Add("state", "Choose another: the session has not taken place yet")
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		told, err := r.SaveSession(req.Context(), web.PersonOf(req), s, f.Seen())
		switch {
		case errors.Is(err, ErrTooSmall):
			f.Add("capacity", fmt.Sprintf("Enter %d or more: so many places are booked", was.Taken))
			return web.Done{}, nil
		case errors.Is(err, ErrDelivered):
			f.Add("state", "Choose delivered: people are marked as having come")
			return web.Done{}, nil
		}
		return web.Done{To: sessionHref(s.ID), Words: changedWords(was, s, told)}, conflict(err)
	})
}

// changedWords says what was done, who was told, and what waits for whoever did it.
func changedWords(was, now Session, told Told) string {
	words := "The session is changed."
	if told.Places > 0 {
		words = "The session is changed, and " + lang.Plural(told.Places, "person is", "people are") + " told."
	}
	switch {
	case told.Waiting == 0:
	case was.State == Open && now.State != Open && told.Places == 0:
		words += " " + lang.Plural(told.Waiting, "person who waits keeps the turn and is",
			"people who wait keep their turns and are") +
			" told. A place that becomes free is offered to them."
	default:
		words += " " + lang.Plural(told.Waiting, "person who waits is", "people who wait are") +
			" asked whether it still suits. Their answers stand on this page."
	}
	return words
}

type sessionCancelPage struct {
	ui.FormPage
	Session Session
	Booked  int // people with a place
	Waiting int
	Told    int // those of them who have an address
}

func (r *Room) confirmCancelSession(w http.ResponseWriter, req *http.Request) error {
	return r.sessionCancelForm(w, req)(http.StatusOK, web.NewForm())
}

func (r *Room) sessionCancelForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
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
		page := sessionCancelPage{
			FormPage: ui.FormPage{Base: base(req, "Cancel the session", s.way()...), Form: f, Cancel: sessionHref(s.ID)},
			Session:  s, Waiting: len(waiting),
		}
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
		return web.Render(w, status, r.pages, "session-cancel", page)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (r *Room) cancelSession(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.sessionCancelForm(w, req), func(f *web.Form) (web.Done, error) {
		reason := f.Text("reason", "Enter the reason: everybody is told it", 500)
		if !f.OK() {
			return web.Done{}, nil
		}
		told, err := r.CancelSession(req.Context(), web.PersonOf(req), id, reason)
		done := "The session is cancelled, and " + lang.Plural(told.Places+told.Waiting, "person is", "people are") + " told."
		return web.Done{To: sessionHref(id), Words: done}, conflict(err)
	})
}
