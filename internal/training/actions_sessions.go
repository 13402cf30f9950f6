package training

import (
	"context"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// AddProgramme adds a programme. Its id is a word that files and reports use.
func (r *Room) AddProgramme(ctx context.Context, by web.Person, p Programme) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertProgramme(ctx, q, p, "", db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrProgrammeTaken)
		}
		return r.trail().Note(ctx, q, by, "added", programmeSubject, p.ID, p.Title)
	})
	return db.Wrap(err, "add programme %s", p.ID)
}

// AddCourse adds a course to a programme and gives its id.
func (r *Room) AddCourse(ctx context.Context, by web.Person, c Course) (string, error) {
	c.ID = r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertCourse(ctx, q, c, "", db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrCourseTaken)
		}
		return r.trail().Note(ctx, q, by, "added", courseSubject, c.ID, c.Title)
	})
	return c.ID, db.Wrap(err, "add course %s", c.Title)
}

// SaveCourse changes what is said of a course. It returns *web.Changed when somebody
// changed it since it was seen.
func (r *Room) SaveCourse(ctx context.Context, by web.Person, c Course, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockCourse(ctx, q, c.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, courseSubject, c.ID, fillCourse(was)); err != nil {
			return err
		}
		if err := updateCourse(ctx, q, c); err != nil {
			return db.TakenAs(err, ErrCourseTaken)
		}
		if was.Title != c.Title {
			if err := r.tellNewName(ctx, q, c.ID); err != nil {
				return err
			}
		}
		return r.trail().Note(ctx, q, by, "changed", courseSubject, c.ID, c.Title,
			audittrail.Between(fillCourse(was), fillCourse(c)))
	})
	return db.Wrap(err, "change course %s", c.ID)
}

// tellNewName tells whoever has a place on a session to come of a course that it is called
// something else now, so that their calendar says what they will look for.
func (r *Room) tellNewName(ctx context.Context, q db.Q, courseID string) error {
	list, err := sessions(ctx, q, sessionFilter{CourseID: courseID, Ahead: r.Now(), Limit: ui.EveryRow})
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.State == CalledOff {
			continue
		}
		if _, err := r.tellBooked(ctx, q, s, renamed); err != nil {
			return err
		}
	}
	return nil
}

// AddSession dates a course and gives the session's id.
func (r *Room) AddSession(ctx context.Context, by web.Person, s Session) (string, error) {
	s.ID = r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertSession(ctx, q, s, "", db.At(r.Now())); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", s.ID, s.When())
	})
	return s.ID, db.Wrap(err, "add a session of course %s", s.CourseID)
}

// SaveSession changes a session. When its time or place changes, everybody who has a place is
// told and everybody who waits is asked; when booking closes, those who wait are told.
// SaveSession says how many that is. Places added are offered to those who wait. It returns
// *web.Changed when somebody changed the session since it was seen.
func (r *Room) SaveSession(ctx context.Context, by web.Person, s Session, seen web.Seen) (told Told, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, s.ID); err != nil {
			return err
		}
		was, err := sessionByID(ctx, q, s.ID)
		if err != nil {
			return err
		}
		if was.State == CalledOff {
			return ErrOver
		}
		if err := audittrail.Check(ctx, q, seen, sessionSubject, s.ID, fillSession(was)); err != nil {
			return err
		}
		if err := stays(ctx, q, s); err != nil {
			return err
		}
		moved := was.When() != s.When() || was.Mode != s.Mode || was.Venue != s.Venue
		s.Sequence, s.MovedOn = was.Sequence, was.MovedOn
		if moved {
			s.Sequence, s.MovedOn = s.Sequence+1, r.Now.Today()
		}
		if err := updateSession(ctx, q, s); err != nil {
			if db.IsCheck(err) {
				return ErrTooSmall
			}
			return err
		}
		s.Course = was.Course
		if told, err = r.tellOfChange(ctx, q, by, s, moved, was.State == Open && s.State != Open); err != nil {
			return err
		}
		if err := r.note(ctx, q, by, "changed", s.ID, s.When(),
			audittrail.Between(fillSession(was), fillSession(s))); err != nil {
			return err
		}
		return r.promote(ctx, q, by, s.ID)
	})
	return told, db.Wrap(err, "change session %s", s.ID)
}

// tellOfChange tells those whom a change of a session is about: that it has moved, that booking
// has closed. What is over is told to nobody.
func (r *Room) tellOfChange(ctx context.Context, q db.Q, by web.Person, s Session, moved, closed bool) (told Told,
	err error) {
	if !r.Now().Before(s.Ends()) {
		return told, nil
	}
	if moved {
		if told.Places, err = r.tellBooked(ctx, q, s, changed); err != nil {
			return told, err
		}
		told.Waiting, err = r.askWaiting(ctx, q, by, s)
	} else if closed {
		told.Waiting, err = r.tellWaiting(ctx, q, s, always(closedToWaiters))
	}
	return told, err
}

// stays refuses to make anything but delivered of a session that people came to.
func stays(ctx context.Context, q db.Reader, s Session) error {
	if s.State == Delivered {
		return nil
	}
	bookings, err := bookingsOf(ctx, q, s.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(bookings, func(b Booking) bool { return b.Status.Came() }) {
		return ErrDelivered
	}
	return nil
}

// CancelSession calls a session off and tells everybody who has a place or waits
// for one, with the reason. It says how many were told.
func (r *Room) CancelSession(ctx context.Context, by web.Person, sessionID, reason string) (told Told, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockSession(ctx, q, sessionID); err != nil {
			return err
		}
		s, err := sessionByID(ctx, q, sessionID)
		if err != nil {
			return err
		}
		if s.State == CalledOff {
			return ErrOver
		}
		s.State, s.Sequence = CalledOff, s.Sequence+1
		if err := stays(ctx, q, s); err != nil {
			return err
		}
		if err := updateSession(ctx, q, s); err != nil {
			return err
		}
		if told.Places, err = r.tellBooked(ctx, q, s, calledOff(reason)); err != nil {
			return err
		}
		if told.Waiting, err = r.tellWaiting(ctx, q, s, always(calledOff(reason))); err != nil {
			return err
		}
		if err := cancelAll(ctx, q, sessionID); err != nil {
			return err
		}
		if err := deleteWaiters(ctx, q, sessionID); err != nil {
			return err
		}
		if err := recount(ctx, q, sessionID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "cancelled", sessionID, reason)
	})
	return told, db.Wrap(err, "cancel session %s", sessionID)
}

// AddPresentation adds a presentation to a conference.
func (r *Room) AddPresentation(ctx context.Context, by web.Person, p Presentation) (string, error) {
	p.ID = r.NewID()
	err := r.onConference(ctx, p.SessionID, func(q db.Q) error {
		if err := insertPresentation(ctx, q, p, db.At(r.Now())); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added a presentation", p.SessionID, p.Title)
	})
	return p.ID, err
}

// RemovePresentation takes a presentation out of a conference.
func (r *Room) RemovePresentation(ctx context.Context, by web.Person, sessionID, id string) error {
	return r.onConference(ctx, sessionID, func(q db.Q) error {
		if err := deletePresentation(ctx, q, sessionID, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "removed a presentation", sessionID, "")
	})
}

// AddStall gives an organisation a stall at a conference: one each.
func (r *Room) AddStall(ctx context.Context, by web.Person, s Stall) (string, error) {
	s.ID = r.NewID()
	err := r.onConference(ctx, s.SessionID, func(q db.Q) error {
		if err := insertStall(ctx, q, s, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrStallTaken)
		}
		return r.note(ctx, q, by, "added a stall", s.SessionID, s.Organisation)
	})
	return s.ID, err
}

// RemoveStall takes a stall away from a conference.
func (r *Room) RemoveStall(ctx context.Context, by web.Person, sessionID, id string) error {
	return r.onConference(ctx, sessionID, func(q db.Q) error {
		if err := deleteStall(ctx, q, sessionID, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "removed a stall", sessionID, "")
	})
}

// onConference runs f in a transaction if the session is a conference.
func (r *Room) onConference(ctx context.Context, sessionID string, f func(db.Q) error) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		s, err := sessionByID(ctx, q, sessionID)
		if err != nil {
			return err
		}
		if !s.IsConference() {
			return ErrConference
		}
		return f(q)
	})
	return db.Wrap(err, "conference %s", sessionID)
}

// CourseIDs gives the id of every course by its title.
func (r *Room) CourseIDs(ctx context.Context) (map[string]string, error) {
	list, err := courses(ctx, r.Work, courseFilter{Limit: ui.EveryRow})
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, c := range list {
		ids[c.Title] = c.ID
	}
	return ids, nil
}

// SessionOn finds the first session of a course that begins on a day; it returns
// db.ErrNotFound when there is none.
func (r *Room) SessionOn(ctx context.Context, course string, day db.Date) (string, error) {
	return sessionOn(ctx, r.Work, course, day)
}
