package training

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// These pages are the programme for everybody: what can be booked, and how, without an
// account. Whoever books shows a code that was sent to their address.

// DatesHome is the public programme.
const DatesHome = "/training/dates"

// wantedCookie remembers, while somebody waits for their code, the session that they came for.
const wantedCookie = "kith_wanted"

func dateHref(id string) string { return DatesHome + "/" + id }

func (r *Room) dateRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + DatesHome, Permission: web.Anyone, Handle: r.showDates},
		{Pattern: "GET " + DatesHome + "/{id}", Permission: web.Anyone, Handle: r.showDate},
		{Pattern: "POST " + DatesHome + "/{id}/book", Permission: web.Anyone, Handle: r.bookGuest, Adds: true},
	}
}

type datesPage struct {
	ui.Base
	Search   string
	Sessions []sessionRow
}

// showDates lists the sessions that can be booked, or waited for, or that are under way.
func (r *Room) showDates(w http.ResponseWriter, req *http.Request) error {
	page := datesPage{Base: web.Base(req, "Training dates"), Search: req.URL.Query().Get("q")}
	page.Description = "Training for everybody who works with children: dates, places left, and how to book."
	list, err := sessions(req.Context(), r.Work, sessionFilter{Ahead: r.Now(), Search: page.Search, Limit: ui.EveryRow})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(s Session) bool { return s.State != Open && s.State != Closed })
	page.Sessions = r.rows(list)
	return web.Render(w, http.StatusOK, r.pages, "dates", page)
}

// A datePage is one session, with the form to book for those who have shown a code.
type datePage struct {
	ui.FormPage
	Session       sessionRow
	Course        Course
	About         []ui.Row
	Full          bool
	Address       string // of whoever has shown a code
	People        []ui.Choice
	Organisations []ui.Choice
	SignIn        string
}

// newGuest is the choice of somebody whom the address does not know yet.
const newGuest = "new"

func (r *Room) showDate(w http.ResponseWriter, req *http.Request) error {
	return r.dateForm(w, req)(http.StatusOK, web.NewForm())
}

// dated gives a session that everybody may see.
func (r *Room) dated(ctx context.Context, id string) (Session, error) {
	s, err := sessionByID(ctx, r.Work, id)
	if err == nil && s.State == Planned {
		err = web.ErrNotFound
	}
	return s, err
}

func (r *Room) dateForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		ctx := req.Context()
		s, err := r.dated(ctx, req.PathValue("id"))
		if err != nil {
			return err
		}
		page := datePage{FormPage: ui.FormPage{Base: web.Base(req, s.Course), Form: f, Cancel: DatesHome},
			Session: r.rows([]Session{s})[0], About: r.about(s), Full: s.PlacesLeft() == 0}
		page.Base = web.Crumbs(page.Base, "Training dates", DatesHome, s.Course, "")
		page.Flash, page.NoIndex = web.TakeFlash(w, req), true
		page.SignIn = "/sign-in?next=" + sessionHref(s.ID)
		if page.Course, err = courseByID(ctx, r.Work, s.CourseID); err != nil {
			return err
		}
		if page.Address, err = r.Guests.Guest(req); err != nil {
			return err
		}
		if page.Address != "" {
			if err := r.guestChoices(ctx, &page, f); err != nil {
				return err
			}
		}
		return web.Render(w, status, r.pages, "date", page)
	}
}

// guestChoices lists whom a guest may book for: those who have the address, and somebody who is
// not known yet.
func (r *Room) guestChoices(ctx context.Context, page *datePage, f *web.Form) error {
	ids, err := r.Guests.At(ctx, r.Work, page.Address)
	if err != nil {
		return err
	}
	for _, id := range ids {
		who, err := learnerByID(ctx, r.Work, id)
		if err != nil {
			return err
		}
		page.People = append(page.People, ui.Choice{Value: id, Text: who.Name})
	}
	if len(ids) > 0 {
		page.People = append(page.People, ui.Choice{Value: newGuest, Text: "Somebody else who has this address"})
	}
	if f.Value("person") == "" {
		first := newGuest
		if len(ids) > 0 {
			first = ids[0]
		}
		f.Set("person", first)
	}
	page.Organisations, err = register.Organisations(ctx, r.Work)
	return err
}

// wantedSession is the session for which a guest came, if it can be booked.
func (r *Room) wantedSession(req *http.Request) *Session {
	id := web.Cookie(req, wantedCookie, "/")
	if id == "" {
		return nil
	}
	s, err := sessionByID(req.Context(), r.Work, id)
	if err != nil || !s.Bookable(r.Now()) {
		return nil
	}
	return &s
}

// bookGuest books a place for a guest, or puts them on the waiting list.
func (r *Room) bookGuest(w http.ResponseWriter, req *http.Request) error {
	s, err := r.dated(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	address, err := r.Guests.Guest(req)
	if err != nil {
		return err
	}
	if address == "" {
		// Only who wants a code has something remembered: whoever looks at the programme has no cookie.
		// Their page leads them to where the code is sent.
		web.SetCookie(w, req, http.Cookie{Name: wantedCookie, Value: s.ID, MaxAge: 3600, SameSite: http.SameSiteLaxMode})
		return web.SeeOther(w, req, GuestHome, "")
	}
	return web.Submit(w, req, r.dateForm(w, req), func(f *web.Form) (web.Done, error) {
		as, err := r.guestLearner(req.Context(), req.PathValue("id"), address, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		done, err := r.bookOrWait(req.Context(), as, req.PathValue("id"))
		if words, ok := said(err); ok {
			err = &ui.Taken{Field: "person", Text: words}
		}
		if err == nil {
			web.DropCookie(w, req, wantedCookie)
		}
		return web.Done{To: GuestHome, Words: done}, err
	})
}

// guestLearner reads for whom a guest books: one of those who have the address, or somebody new
// who has it.
func (r *Room) guestLearner(ctx context.Context, sessionID, address string, f *web.Form) (as web.Person, err error) {
	ids, err := r.Guests.At(ctx, r.Work, address)
	if err != nil {
		return as, err
	}
	id := cmp.Or(f.Value("person"), newGuest)
	if id != newGuest {
		if !slices.Contains(ids, id) {
			return as, web.ErrNotFound
		}
		who, err := learnerByID(ctx, r.Work, id)
		return guestPersonOf(who.ID, who.Name), err
	}
	who := NewLearner{Name: f.Text("name", "Enter your name", 200), JobTitle: f.Text("job_title", "", 200),
		Email: address, OrganisationID: f.Value("organisation")}
	orgs, err := register.Organisations(ctx, r.Work)
	if err != nil {
		return as, err
	}
	if !slices.Contains(valuesOf(orgs), who.OrganisationID) {
		f.Add("organisation", "Choose the organisation that you work for")
	}
	if !f.OK() {
		return as, nil
	}
	return r.AddGuest(ctx, sessionID, who)
}

// bookOrWait books a place, or puts somebody on the waiting list where none is left.
func (r *Room) bookOrWait(ctx context.Context, as web.Person, sessionID string) (done string, err error) {
	_, err = r.Book(ctx, as, sessionID, as.ID)
	if !errors.Is(err, ErrFull) {
		return "The place is booked. An e-mail says so, with a file for the calendar.", err
	}
	return "Every place is taken, so you are on the waiting list. An e-mail says so.", r.Wait(ctx, as, sessionID, as.ID)
}
