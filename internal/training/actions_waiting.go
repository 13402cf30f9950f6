package training

import (
	"context"
	"errors"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Wait puts a person on the waiting list of a full session, and tells them.
func (r *Room) Wait(ctx context.Context, by web.Person, sessionID, personID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		who, err := learnerByID(ctx, q, personID)
		if err != nil {
			return err
		}
		if !learnerRules.May(by, access.Change, who.of()) {
			return db.ErrNotFound
		}
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		// Asking for a place, which the transaction gives back, settles what a page
		// seen a minute ago cannot: whether there is one.
		switch _, err := r.takePlace(ctx, q, sessionID); {
		case err == nil:
			return ErrNotFull
		case !errors.Is(err, db.ErrNotFound):
			return err
		}
		if why := r.whyNot(ctx, q, sessionID, personID); !errors.Is(why, ErrFull) {
			return why
		}
		return r.queueUp(ctx, q, by, sessionID, who)
	})
	return db.Wrap(err, "wait for session %s", sessionID)
}

// queueUp puts somebody at the end of a waiting list.
func (r *Room) queueUp(ctx context.Context, q db.Q, by web.Person, sessionID string, who learner) error {
	if err := insertWaiter(ctx, q, r.NewID(), sessionID, who.ID, db.At(r.Now())); err != nil {
		return db.TakenAs(err, ErrWaiting)
	}
	s, err := sessionByID(ctx, q, sessionID)
	if err != nil {
		return err
	}
	if err := r.tell(ctx, q, addressee{Name: who.Name, Email: who.Email}, s, joinedAs(int(s.Waiting))); err != nil {
		return err
	}
	return r.noteBooking(ctx, q, by, "joined the waiting list", sessionID, who.Name)
}

// Leave takes whoever has a turn on a waiting list off it, by the turn's id, and gives the
// session's. A place that was held for them is offered to the next.
func (r *Room) Leave(ctx context.Context, by web.Person, turnID string) (sessionID string, err error) {
	err = r.onTurn(ctx, by, turnID, func(q db.Q, w Waiter, s Session) error {
		sessionID = s.ID
		news, act := tookOff, "left the waiting list"
		if w.Offered() {
			news, act = declined, "left the place that was held"
		}
		return r.dropTurn(ctx, q, by, w, s, news, act)
	})
	return sessionID, err
}

// Take takes the place that is held for whoever has a turn, by the turn's id, and gives the
// session's. It returns ErrNoOffer when none is held any more.
func (r *Room) Take(ctx context.Context, by web.Person, turnID string) (sessionID string, err error) {
	err = r.onTurn(ctx, by, turnID, func(q db.Q, w Waiter, s Session) error {
		sessionID = s.ID
		if !w.Offered() || !r.Now().Before(s.Begins()) {
			return ErrNoOffer
		}
		return r.bookTurn(ctx, q, by, w, s, confirmed)
	})
	return sessionID, err
}

// KeepTurn notes that a change suits whoever waits, by the turn's id, and gives the session's.
func (r *Room) KeepTurn(ctx context.Context, by web.Person, turnID string) (sessionID string, err error) {
	err = r.onTurn(ctx, by, turnID, func(q db.Q, w Waiter, s Session) error {
		sessionID = s.ID
		if err := setAsked(ctx, q, w.ID, db.Time{}); err != nil {
			return err
		}
		return r.noteBooking(ctx, q, by, "kept the turn on the waiting list", s.ID, w.Name)
	})
	return sessionID, err
}

// EndWaiting takes everybody off a session's waiting list and tells them that no place has
// become free. Places held for somebody stay so. It says how many people it told.
func (r *Room) EndWaiting(ctx context.Context, by web.Person, sessionID string) (told int, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		s, err := sessionByID(ctx, q, sessionID)
		if err != nil {
			return err
		}
		waiting, err := waiters(ctx, q, sessionID)
		if err != nil {
			return err
		}
		for _, w := range waiting {
			if w.Offered() {
				continue
			}
			if err := deleteWaiter(ctx, q, w.ID); err != nil {
				return err
			}
			if err := r.tellWaiter(ctx, q, w, s, listEnded); err != nil {
				return err
			}
			told += one(w.Email != "")
		}
		return r.noteBooking(ctx, q, by, "ended the waiting list", sessionID, "")
	})
	return told, db.Wrap(err, "end the waiting list of session %s", sessionID)
}

// onTurn does something about a turn on a waiting list, for whoever may.
func (r *Room) onTurn(ctx context.Context, by web.Person, turnID string, do func(q db.Q, w Waiter, s Session) error,
) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		w, err := waiterByID(ctx, q, turnID)
		if err != nil {
			return err
		}
		if !bookingRules.May(by, access.Change, w.of()) {
			return db.ErrNotFound
		}
		if err := lockSession(ctx, q, w.SessionID); err != nil {
			return err
		}
		if w, err = waiterByID(ctx, q, turnID); err != nil { // as it is now that nobody else can change it
			return err
		}
		s, err := sessionByID(ctx, q, w.SessionID)
		if err != nil {
			return err
		}
		return do(q, w, s)
	})
	return db.Wrap(err, "turn %s on a waiting list", turnID)
}

// dropTurn ends a turn on a waiting list, and offers the place that was held, if one was, to
// the next.
func (r *Room) dropTurn(ctx context.Context, q db.Q, by web.Person, w Waiter, s Session, news notice,
	act string,
) error {
	if err := r.tellWaiter(ctx, q, w, s, news); err != nil {
		return err
	}
	if err := deleteWaiter(ctx, q, w.ID); err != nil {
		return err
	}
	if w.Offered() {
		if err := freePlace(ctx, q, s.ID); err != nil {
			return err
		}
	}
	if err := r.noteBooking(ctx, q, by, act, s.ID, w.Name); err != nil {
		return err
	}
	return r.promote(ctx, q, by, s.ID)
}

// bookTurn makes a booking of a turn, of which the place is held already.
func (r *Room) bookTurn(ctx context.Context, q db.Q, by web.Person, w Waiter, s Session, news notice) error {
	if err := deleteWaiter(ctx, q, w.ID); err != nil {
		return err
	}
	who, err := learnerByID(ctx, q, w.PersonID)
	if err != nil {
		return err
	}
	b := Booking{ID: w.ID, SessionID: s.ID, PersonID: w.PersonID, FromWaiting: true, Sequence: w.Sequence}
	return r.place(ctx, q, by, who, s, b, news)
}

// promote offers the places that are free to those who wait, in order. It is called in every
// transaction that frees a place, so that a place is free only when nobody waits. An offered
// place is held until the person answers or the time for it is over (Lapse). Somebody without
// an e-mail address could not be asked, and has the place at once.
func (r *Room) promote(ctx context.Context, q db.Q, by web.Person, sessionID string) error {
	waiting, err := waiters(ctx, q, sessionID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		switch _, err := liveBooking(ctx, q, sessionID, w.PersonID); {
		case err == nil: // an import has brought them a booking
			if err := deleteWaiter(ctx, q, w.ID); err != nil {
				return err
			}
			if w.Offered() {
				if err := freePlace(ctx, q, sessionID); err != nil {
					return err
				}
			}
			continue
		case !errors.Is(err, db.ErrNotFound):
			return err
		}
		if w.Offered() {
			continue
		}
		s, err := r.takeFor(ctx, q, sessionID, true)
		switch {
		case errors.Is(err, db.ErrNotFound):
			return nil // no more places
		case err != nil:
			return err
		}
		if w.Email == "" {
			err = r.bookTurn(ctx, q, by, w, s, confirmed)
		} else {
			err = r.offerTo(ctx, q, by, w, s, freed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// offerTo holds a place that is taken already for somebody, and asks them.
func (r *Room) offerTo(ctx context.Context, q db.Q, by web.Person, w Waiter, s Session, words string) error {
	w.AnswerBy = db.At(answerBy(r.Now(), s.Begins()))
	if err := setOffer(ctx, q, w.ID, w.AnswerBy); err != nil {
		return err
	}
	if err := r.tellWaiter(ctx, q, w, s, offer(words, w.AnswerBy)); err != nil {
		return err
	}
	return r.noteBooking(ctx, q, by, "offered a place", s.ID, w.Name)
}

// Lapse passes on the places that were held for people who did not answer in time, and says
// how many that is.
func (r *Room) Lapse(ctx context.Context) (n int, err error) {
	late, err := offeredPast(ctx, r.Work, db.At(r.Now()))
	if err != nil {
		return 0, db.Wrap(err, "look for places held too long")
	}
	for _, w := range late {
		err := r.Work.Tx(ctx, func(q db.Q) error {
			if err := lockSession(ctx, q, w.SessionID); err != nil {
				return err
			}
			w, err := waiterByID(ctx, q, w.ID)
			if err != nil {
				return err
			}
			if !w.Offered() || w.AnswerBy.After(r.Now()) {
				return nil // asked anew meanwhile
			}
			s, err := sessionByID(ctx, q, w.SessionID)
			if err != nil {
				return err
			}
			n++
			return r.dropTurn(ctx, q, web.Program(""), w, s, lapsed, "did not answer in time")
		})
		if err != nil && !errors.Is(err, db.ErrNotFound) { // not there: answered or merged meanwhile
			return n, db.Wrap(err, "pass on the place held for turn %s", w.ID)
		}
	}
	return n, nil
}

// lapseEvery is how often a process looks for places held too long.
const lapseEvery = time.Minute

// Run passes places on that were not answered for in time, until ctx ends. failed is told of
// each time that did not work.
func (r *Room) Run(ctx context.Context, failed func(error)) {
	t := time.NewTicker(lapseEvery)
	defer t.Stop()
	for {
		if _, err := r.Lapse(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// askWaiting asks everybody who waits whether a change of a session suits them. For whom a
// place is held is asked with the new day, and has time for it.
func (r *Room) askWaiting(ctx context.Context, q db.Q, by web.Person, s Session) (n int, err error) {
	waiting, err := waiters(ctx, q, s.ID)
	if err != nil {
		return 0, err
	}
	for _, w := range slices.DeleteFunc(waiting, func(w Waiter) bool { return w.Email == "" }) {
		n++
		if w.Offered() {
			err = r.offerTo(ctx, q, by, w, s, "The time or the place of this session has changed, and a place is held for you.")
		} else if err = setAsked(ctx, q, w.ID, db.At(r.Now())); err == nil {
			err = r.tellWaiter(ctx, q, w, s, askedWaiter)
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
