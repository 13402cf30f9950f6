package training

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages show people without an account their own bookings, and let them give places
// back. A code sent to their address lets them in.

// GuestPurpose is what such a code is for.
const GuestPurpose = "training"

// GuestHome is where the code leads.
const GuestHome = "/training/mine"

// Guests know who has shown a code by e-mail.
type Guests interface {
	// Guest tells the address of whoever makes a request; "" when they have shown none.
	Guest(req *http.Request) (address string, err error)
	// Door is the page that asks for a code.
	Door() string
	// Sends reports whether e-mail is sent here at all.
	Sends(ctx context.Context, q db.Reader) (bool, error)
	// Hand makes a code for an address, which is handed over where no e-mail is sent, in the place
	// of an earlier one, and says until when it works.
	Hand(ctx context.Context, q db.Q, address string) (code string, until time.Time, err error)
	// At lists the people of an address who have no account.
	At(ctx context.Context, q db.Reader, address string) (personIDs []string, err error)
}

// GuestRoutes are the pages for people without an account.
func (r *Room) GuestRoutes() []web.Route {
	return append(r.dateRoutes(), []web.Route{
		{Pattern: "GET /training/mine", Permission: web.Anyone, Handle: r.showGuest},
		{Pattern: "GET /training/mine/{id}/give-back", Permission: web.Anyone, Handle: r.confirmGiveBack},
		{Pattern: "POST /training/mine/{id}/give-back", Permission: web.Anyone, Handle: r.giveBack},
		{Pattern: "GET /training/mine/{id}/certificate", Permission: web.Anyone, Handle: r.showGuestCertificate},
		{Pattern: "POST /training/waiting/{id}/take", Permission: web.Anyone, Handle: r.guestTurn(0)},
		{Pattern: "POST /training/waiting/{id}/leave", Permission: web.Anyone, Handle: r.guestTurn(1)},
		{Pattern: "POST /training/waiting/{id}/keep", Permission: web.Anyone, Handle: r.guestTurn(2)},
		{Pattern: "GET /training/my-calendar/{person}", Permission: web.Anyone, Handle: r.showGuestFeed},
		{Pattern: "POST /training/my-calendar/{person}/make", Permission: web.Anyone, Handle: r.makeGuestFeed},
		{Pattern: "POST /training/my-calendar/{person}/stop", Permission: web.Anyone, Handle: r.stopGuestFeed},
		// Calendar programs cannot sign in, and whoever has the secret of an address is its owner.
		{Pattern: "GET " + feedRoot + "{secret}", Permission: web.Anyone, Handle: r.downloadFeed},
	}...)
}

// KnownGuest reports whether whoever has an address may have a code: somebody without an account,
// and somebody who is not known yet and may want to book. Whoever signs in has no need of one.
func (r *Room) KnownGuest(ctx context.Context, q db.Reader, address string) (bool, error) {
	ids, err := r.Guests.At(ctx, q, address)
	if err != nil {
		return false, err
	}
	if len(ids) > 0 {
		return true, nil
	}
	known, err := learnersAt(ctx, q, address)
	return len(known) == 0, err
}

// guestAddress finds the address that whoever is there has shown a code of, or leads to the
// page that asks for one: then it is "" and the answer is given.
func (r *Room) guestAddress(w http.ResponseWriter, req *http.Request) (address string, err error) {
	address, err = r.Guests.Guest(req)
	if err == nil && address == "" {
		err = web.SeeOther(w, req, r.Guests.Door(), "")
	}
	return address, err
}

// guest finds who is there, of those who have the address: where ids is nil the answer is given,
// or there is an error.
func (r *Room) guest(w http.ResponseWriter, req *http.Request) (ids []string, err error) {
	address, err := r.guestAddress(w, req)
	if err != nil || address == "" {
		return nil, err
	}
	ids, err = r.Guests.At(req.Context(), r.Work, address)
	if err == nil && len(ids) == 0 {
		err = web.ErrNotFound
	}
	return ids, err
}

type guestPage struct {
	ui.Base
	Address string
	Door    string   // where the reader leaves: the page that asks for a code
	Wanted  *Session // the session that the reader came for
	People  []guestPerson
}

// A guestPerson is one of those who have the address: an office may have one address.
type guestPerson struct {
	ID      string
	Name    string
	Ahead   []placeRow
	Waiting []waitRow
	Record  []placeRow
}

func (r *Room) showGuest(w http.ResponseWriter, req *http.Request) error {
	address, err := r.guestAddress(w, req)
	if err != nil || address == "" {
		return err
	}
	ids, err := r.Guests.At(req.Context(), r.Work, address)
	if err != nil {
		return err
	}
	page := guestPage{Wanted: r.wantedSession(req), Base: web.Base(req, "Your training bookings"),
		Address: address, Door: r.Guests.Door()}
	page.Flash, page.NoIndex = web.TakeFlash(w, req), true
	for _, id := range ids {
		p, err := r.guestPerson(req.Context(), id)
		if err != nil {
			return err
		}
		if len(p.Ahead)+len(p.Waiting)+len(p.Record) > 0 {
			page.People = append(page.People, p)
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "guest", page)
}

func (r *Room) guestPerson(ctx context.Context, id string) (guestPerson, error) {
	who, err := learnerByID(ctx, r.Work, id)
	if err != nil {
		return guestPerson{}, err
	}
	p := guestPerson{ID: id, Name: who.Name}
	if p.Waiting, err = r.waitRows(ctx, id, guestTurnsRoot); err != nil {
		return p, err
	}
	list, err := placesOf(ctx, r.Work, id)
	for _, x := range list {
		s := x.Session()
		row := placeRow{x, s.When(), s.Where(), r.Now().Before(s.Begins())}
		switch {
		case x.Status == Booked && r.Now().Before(s.Ends()):
			p.Ahead = append(p.Ahead, row)
		case x.Status.Came():
			p.Record = append(p.Record, row)
		}
	}
	slices.Reverse(p.Ahead) // the soonest first
	return p, err
}

// guestBooking finds a booking of whoever is there: as the answer is given when there is
// none of theirs, as is nil.
func (r *Room) guestBooking(w http.ResponseWriter, req *http.Request) (b Booking, as *web.Person, err error) {
	ids, err := r.guest(w, req)
	if err != nil || len(ids) == 0 {
		return b, nil, err
	}
	b, err = bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && !slices.Contains(ids, b.PersonID) {
		err = web.ErrNotFound
	}
	if err != nil {
		return b, nil, err
	}
	person := guestPersonOf(b.PersonID, b.Name)
	return b, &person, nil
}

func (r *Room) confirmGiveBack(w http.ResponseWriter, req *http.Request) error {
	b, as, err := r.guestBooking(w, req)
	if err != nil || as == nil {
		return err
	}
	s, err := sessionByID(req.Context(), r.Work, b.SessionID)
	if err != nil {
		return err
	}
	if b.Status != Booked || !r.Now().Before(s.Begins()) {
		return conflict(ErrOver)
	}
	page := web.Base(req, "Give back the place of "+b.Name+"?")
	page.NoIndex = true
	return web.Confirm(w, req, nil, page, "Give the place back", GuestHome, s.Course+", "+s.When()+".",
		r.heldAgainst(b, s, b.Name))
}

func (r *Room) giveBack(w http.ResponseWriter, req *http.Request) error {
	b, as, err := r.guestBooking(w, req)
	if err != nil || as == nil {
		return err
	}
	if _, err := r.CancelBooking(req.Context(), *as, b.ID); err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, GuestHome, "The place is given back. An e-mail says so.")
}
