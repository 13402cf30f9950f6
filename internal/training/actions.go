package training

import (
	"context"
	"errors"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Book gives a person a place on a session and queues the confirmation. It
// returns ErrBooked, ErrFull or ErrNotOpen when the person cannot have one, and
// db.ErrNotFound when by may not book for them.
func (r *Room) Book(ctx context.Context, by web.Person, sessionID, personID string) (string, error) {
	b := Booking{ID: r.NewID(), SessionID: sessionID, PersonID: personID}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		// Others who book the same session wait from takePlace until the commit, so
		// what can be read before is.
		who, err := learnerByID(ctx, q, personID)
		if err != nil {
			return err
		}
		if !learnerRules.May(by, access.Change, who.of()) {
			return db.ErrNotFound
		}
		s, err := r.takePlace(ctx, q, sessionID)
		switch {
		case errors.Is(err, db.ErrNotFound):
			return r.whyNot(ctx, q, sessionID, personID)
		case err != nil:
			return err
		}
		news := confirmed
		if by.ID != who.ID {
			news = bookedBy(by.Name)
		}
		return r.place(ctx, q, by, who, s, b, news)
	})
	return b.ID, db.Wrap(err, "book session %s for %s", sessionID, personID)
}

// takePlace takes a place now; db.ErrNotFound means that none is left.
func (r *Room) takePlace(ctx context.Context, q db.Q, sessionID string) (Session, error) {
	return r.takeFor(ctx, q, sessionID, false)
}

// takeFor is takePlace, for whoever has waited when waited is true.
func (r *Room) takeFor(ctx context.Context, q db.Q, sessionID string, waited bool) (Session, error) {
	return takePlace(ctx, q, sessionID, r.Now.Today(), r.Now().In(clock.London).Format("15:04"), waited)
}

// place writes the booking of a place just taken on a session, and tells the person.
func (r *Room) place(ctx context.Context, q db.Q, by web.Person, who learner, s Session, b Booking, news notice) error {
	b.OrganisationID, b.Sector, b.Status, b.BookedOn = who.OrganisationID, who.Sector, Booked, r.Now.Today()
	to := addressee{who.Name, who.Email, b.ID, b.Sequence}
	b.Sequence++
	if err := insertBooking(ctx, q, b, db.At(r.Now())); err != nil {
		return db.TakenAs(err, ErrBooked)
	}
	if err := r.tell(ctx, q, to, s, news); err != nil {
		return err
	}
	return r.noteBooking(ctx, q, by, "booked", s.ID, who.Name)
}

// whyNot says why a place could not be taken. A person who has a place is told so
// before being told that there is none left.
func (r *Room) whyNot(ctx context.Context, q db.Q, sessionID, personID string) error {
	s, err := sessionByID(ctx, q, sessionID)
	if err != nil {
		return err
	}
	switch _, err := liveBooking(ctx, q, sessionID, personID); {
	case err == nil:
		return ErrBooked
	case !errors.Is(err, db.ErrNotFound):
		return err
	}
	if s.Bookable(r.Now()) {
		return ErrFull
	}
	return ErrNotOpen
}

// CancelBooking gives a place back; whoever has waited longest gets it. The booking
// ends as cancelled, or as late-cancelled when it is too late for that, and
// CancelBooking says which.
func (r *Room) CancelBooking(ctx context.Context, by web.Person, bookingID string) (Status, error) {
	var as Status
	err := r.Work.Tx(ctx, func(q db.Q) error {
		b, err := bookingByID(ctx, q, bookingID)
		if err != nil {
			return err
		}
		if !bookingRules.May(by, access.Change, b.of()) {
			return db.ErrNotFound
		}
		s, err := sessionByID(ctx, q, b.SessionID)
		if err != nil {
			return err
		}
		if !r.Now().Before(s.Begins()) {
			return ErrOver
		}
		if err := lockSession(ctx, q, s.ID); err != nil {
			return err
		}
		as = b.cancelledAs(s, r.Now.Today(), r.Notice)
		if ok, err := setStatus(ctx, q, b.ID, Booked, as); err != nil || !ok {
			return errors.Join(err, ifNot(ok, ErrOver))
		}
		if err := tally(ctx, q, s.ID); err != nil {
			return err
		}
		if err := freePlace(ctx, q, s.ID); err != nil {
			return err
		}
		if err := r.tellBooking(ctx, q, b, s, givenBack(as)); err != nil {
			return err
		}
		if err := r.noteBooking(ctx, q, by, string(as), s.ID, b.Name); err != nil {
			return err
		}
		return r.promote(ctx, q, by, s.ID)
	})
	return as, db.Wrap(err, "cancel booking %s", bookingID)
}

// What the audit trail calls the things of this room.
const (
	sessionSubject   = "training session"
	courseSubject    = "training course"
	programmeSubject = "training programme"
)

func (r *Room) trail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}

// note writes the audit trail: by did something to a session, for a person.
func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, sessionID, detail string,
	more ...audittrail.More) error {
	return r.trail().Note(ctx, q, by, act, sessionSubject, sessionID, detail, more...)
}

// noteBooking is note for what changes nothing that a session is found by: bookings
// come in their hundreds a second.
func (r *Room) noteBooking(ctx context.Context, q db.Q, by web.Person, act, sessionID, detail string,
	more ...audittrail.More) error {
	trail := r.trail()
	trail.Search = nil
	return trail.Note(ctx, q, by, act, sessionSubject, sessionID, detail, more...)
}

// ifNot gives err unless ok.
func ifNot(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}
