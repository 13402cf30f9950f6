package training

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// marks are what a register can say of somebody with a booking; Booked means that
// nothing is said yet.
var marks = []Status{Booked, Attended, LeftEarly, Partly, NoShow}

// SaveRegister marks a session's register: what became of each booking, by its
// id. A session that somebody came to has been delivered. It says how many marks
// changed, and returns ErrNotYet before the day, ErrOver for a booking that was
// cancelled, and *web.Changed when somebody marked it meanwhile.
func (r *Room) SaveRegister(ctx context.Context, by web.Person, sessionID string, register map[string]Status,
	seen web.Seen) (int, error) {
	n := 0
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		s, err := r.registered(ctx, q, sessionID)
		if err != nil {
			return err
		}
		bookings, err := bookingsOf(ctx, q, sessionID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, sessionSubject, sessionID, fillRegister(bookings)); err != nil {
			return err
		}
		came := false
		if err := forgetMarks(ctx, q, sessionID); err != nil {
			return err
		}
		for _, b := range bookings {
			to, marked := register[b.ID]
			if !marked || to == b.Status {
				came = came || b.Status.Came()
				continue
			}
			if !slices.Contains(marks, to) || !slices.Contains(marks, b.Status) {
				return ErrOver
			}
			if ok, err := setStatus(ctx, q, b.ID, b.Status, to); err != nil || !ok {
				return errors.Join(err, ifNot(ok, ErrOver))
			}
			came = came || to.Came()
			n++
			if err := keepMark(ctx, q, sessionID, mark{b.ID, b.Status, to}); err != nil {
				return err
			}
		}
		if err := tally(ctx, q, sessionID); err != nil {
			return err
		}
		if err := r.deliver(ctx, q, s, came); err != nil {
			return err
		}
		now, err := bookingsOf(ctx, q, sessionID)
		if err != nil {
			return err
		}
		return r.noteBooking(ctx, q, by, "marked the register", sessionID, lang.Plural(n, "change", "changes"),
			audittrail.Between(countMarks(bookings), countMarks(now)))
	})
	return n, db.Wrap(err, "mark the register of session %s", sessionID)
}

// UndoRegister puts back the marks that the last saving of a session's register changed, those
// that nobody changed since, and says how many that is.
func (r *Room) UndoRegister(ctx context.Context, by web.Person, sessionID string) (n int, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		if _, err := r.registered(ctx, q, sessionID); err != nil {
			return err
		}
		last, err := lastMarks(ctx, q, sessionID)
		if err != nil {
			return err
		}
		before, err := bookingsOf(ctx, q, sessionID)
		if err != nil {
			return err
		}
		n = 0
		for _, m := range last {
			ok, err := setStatus(ctx, q, m.BookingID, m.Made, m.Was)
			if err != nil {
				return err
			}
			n += one(ok)
		}
		for _, step := range []func(context.Context, db.Q, string) error{forgetMarks, tally, restate} {
			if err := step(ctx, q, sessionID); err != nil {
				return err
			}
		}
		now, err := bookingsOf(ctx, q, sessionID)
		if err != nil {
			return err
		}
		return r.noteBooking(ctx, q, by, "undid the last marks of the register", sessionID,
			lang.Plural(n, "change", "changes"), audittrail.Between(countMarks(before), countMarks(now)))
	})
	return n, db.Wrap(err, "undo the register of session %s", sessionID)
}

// countMarks says how many of a session have each mark. The audit trail outlives what is
// kept of people, so it is told how many and not who.
func countMarks(bookings []Booking) *web.Form {
	n := map[Status]int{}
	for _, b := range bookings {
		n[b.Status]++
	}
	f := web.NewForm()
	for s, of := range n {
		f.Set(s.Words(), strconv.Itoa(of))
	}
	return f
}

// AddWalkIn adds somebody who came without a booking, whom the people of the
// installation may not know yet. Who had a booking after all is marked as
// attended.
func (r *Room) AddWalkIn(ctx context.Context, by web.Person, sessionID string, who NewLearner) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		s, err := r.registered(ctx, q, sessionID)
		if err != nil {
			return err
		}
		personID, _, err := r.People.Ensure(ctx, q, who.Name, who.Email, who.JobTitle, who.OrganisationID)
		if err != nil {
			return err
		}
		if err := r.attend(ctx, q, sessionID, personID); err != nil {
			return err
		}
		if err := tally(ctx, q, sessionID); err != nil {
			return err
		}
		if err := r.deliver(ctx, q, s, true); err != nil {
			return err
		}
		if err := r.Search.Changed(ctx, q, register.PersonSubject, personID); err != nil {
			return err
		}
		return r.noteBooking(ctx, q, by, "added a walk-in", sessionID, who.Name)
	})
	return db.Wrap(err, "add a walk-in to session %s", sessionID)
}

// A NewLearner is somebody as they give their name at the door.
type NewLearner struct {
	Name           string
	Email          string // may be empty
	JobTitle       string
	OrganisationID string
}

// attend writes down that a person came.
func (r *Room) attend(ctx context.Context, q db.Q, sessionID, personID string) error {
	b, err := liveBooking(ctx, q, sessionID, personID)
	if err == nil {
		if b.Status.Came() {
			return ErrBooked
		}
		_, err := setStatus(ctx, q, b.ID, b.Status, Attended)
		return err
	}
	if !errors.Is(err, db.ErrNotFound) {
		return err
	}
	who, err := learnerByID(ctx, q, personID)
	if err != nil {
		return err
	}
	return insertBooking(ctx, q, Booking{
		ID: r.NewID(), SessionID: sessionID, PersonID: personID, OrganisationID: who.OrganisationID, Sector: who.Sector,
		Status: WalkIn, BookedOn: r.Now.Today(),
	}, db.At(r.Now()))
}

// registered gives a session whose register can be marked: its day has come, and
// it was not called off.
func (r *Room) registered(ctx context.Context, q db.Reader, sessionID string) (Session, error) {
	s, err := sessionByID(ctx, q, sessionID)
	if err != nil {
		return s, err
	}
	switch {
	case s.State == CalledOff:
		return s, ErrOver
	case !s.dayCame(r.Now.Today()):
		return s, ErrNotYet
	}
	return s, nil
}

// deliver marks a session as delivered once somebody is known to have come.
func (r *Room) deliver(ctx context.Context, q db.Q, s Session, came bool) error {
	if !came || s.State == Delivered {
		return nil
	}
	if err := deleteWaiters(ctx, q, s.ID); err != nil {
		return err
	}
	if err := recount(ctx, q, s.ID); err != nil { // places held for those who waited are no longer
		return err
	}
	return setState(ctx, q, s.ID, Delivered)
}
