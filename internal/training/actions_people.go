package training

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A Wanted is somebody for whom a place is wanted: known by an id, or to be added.
type Wanted struct {
	PersonID string
	New      NewLearner // when PersonID is empty
}

// Placed is what became of the people of a list.
type Placed struct {
	Booked, Waiting, Already int
}

// Words says it: "3 people are booked, 1 is on the waiting list."
func (p Placed) Words() string {
	words := lang.Plural(p.Booked, "person is", "people are") + " booked"
	if p.Waiting > 0 {
		words += fmt.Sprintf(", and %s on the waiting list", lang.Plural(p.Waiting, "person is", "people are"))
	}
	if p.Already > 0 {
		words += fmt.Sprintf(". %s a place or waited already", lang.Plural(p.Already, "person had", "people had"))
	}
	return words + ". Each is told by e-mail."
}

// BookPeople gives each of a list a place on a session, in order, and puts them on its waiting
// list when there are no more. Who is not known yet is added first. All of them are booked, or
// none. It returns ErrNotOpen, and db.ErrNotFound when by may not book for one of them.
func (r *Room) BookPeople(ctx context.Context, by web.Person, sessionID string, list []Wanted) (p Placed, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		s, err := sessionByID(ctx, q, sessionID)
		if err != nil {
			return err
		}
		if !s.Bookable(r.Now()) {
			return ErrNotOpen
		}
		p = Placed{}
		for _, w := range list {
			who, err := r.wanted(ctx, q, by, w)
			if err != nil {
				return err
			}
			if err := r.placeOrQueue(ctx, q, by, sessionID, who, &p); err != nil {
				return err
			}
		}
		return nil
	})
	return p, db.Wrap(err, "book %d people on session %s", len(list), sessionID)
}

// wanted finds somebody for whom a place is wanted, or adds them, and sees that by may.
func (r *Room) wanted(ctx context.Context, q db.Q, by web.Person, w Wanted) (learner, error) {
	added := false
	if w.PersonID == "" {
		whole := access.Object{OrganisationID: w.New.OrganisationID}
		if !bookingRules.May(by, access.Change, whole) {
			return learner{}, db.ErrNotFound
		}
		if w.New.Email != "" {
			known, err := learnersAt(ctx, q, w.New.Email)
			if err != nil {
				return learner{}, err
			}
			for _, x := range known { // an address of another agency's gives nobody a hold of its owner
				if !learnerRules.May(by, access.Change, x.of()) {
					return learner{}, db.ErrNotFound
				}
			}
		}
		var err error
		w.PersonID, added, err = r.People.Ensure(ctx, q, w.New.Name, w.New.Email, w.New.JobTitle, w.New.OrganisationID)
		if err != nil {
			return learner{}, err
		}
	}
	who, err := learnerByID(ctx, q, w.PersonID)
	if err != nil {
		return who, err
	}
	if !learnerRules.May(by, access.Change, who.of()) {
		return who, db.ErrNotFound
	}
	if added {
		err = r.Search.Changed(ctx, q, register.PersonSubject, who.ID)
	}
	return who, err
}

// placeOrQueue books a place for somebody, or puts them on the waiting list when none is left.
func (r *Room) placeOrQueue(ctx context.Context, q db.Q, by web.Person, sessionID string, who learner,
	p *Placed,
) error {
	if what, err := standsOn(ctx, q, sessionID, who.ID); err != nil || what != "" {
		p.Already += one(what != "")
		return err
	}
	s, err := r.takePlace(ctx, q, sessionID)
	if errors.Is(err, db.ErrNotFound) {
		p.Waiting++
		return r.queueUp(ctx, q, by, sessionID, who)
	}
	if err != nil {
		return err
	}
	p.Booked++
	return r.place(ctx, q, by, who, s, Booking{ID: r.NewID(), SessionID: sessionID, PersonID: who.ID}, bookedBy(by.Name))
}

// AddGuest adds somebody who has shown that an address is theirs, and who wants a place on a
// session. It returns ErrNotOpen when none can be had, and adds nobody then.
func (r *Room) AddGuest(ctx context.Context, sessionID string, who NewLearner) (as web.Person, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		s, err := sessionByID(ctx, q, sessionID)
		if err != nil {
			return err
		}
		if !s.Bookable(r.Now()) {
			return ErrNotOpen
		}
		id, added, err := r.People.Ensure(ctx, q, who.Name, who.Email, who.JobTitle, who.OrganisationID)
		if err != nil {
			return err
		}
		ids, err := r.Guests.At(ctx, q, who.Email)
		if err != nil {
			return err
		}
		if !slices.Contains(ids, id) { // who signs in books by signing in
			return db.ErrNotFound
		}
		as = guestPersonOf(id, who.Name)
		if !added {
			return nil
		}
		if err := r.noteBooking(ctx, q, as, "added themselves, by a code", sessionID, who.Name); err != nil {
			return err
		}
		return r.Search.Changed(ctx, q, register.PersonSubject, id)
	})
	return as, db.Wrap(err, "add a guest for session %s", sessionID)
}
