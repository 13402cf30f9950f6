package training

import (
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A Waiter is somebody on a waiting list.
type Waiter struct {
	ID        string // a booking that comes of it has the same
	SessionID string
	PersonID  string
	JoinedAt  db.Time
	AnswerBy  db.Time // until when a place is held for them; zero when none is
	AskedAt   db.Time // when they were asked whether a change suits; zero when there is nothing to answer
	Sequence  int64   // that the next calendar file to them has

	Name           string
	Email          string
	OrganisationID db.Opt
}

// Offered reports whether a place is held for them until they answer.
func (w Waiter) Offered() bool { return !w.AnswerBy.IsZero() }

// Asked reports whether they have not said yet if a change suits them.
func (w Waiter) Asked() bool { return !w.AskedAt.IsZero() }

// of gives whose turn it is.
func (w Waiter) of() access.Object {
	return access.Object{PersonID: w.PersonID, OrganisationID: string(w.OrganisationID)}
}

// Words says what whoever keeps the list waits for.
func (w Waiter) Words() string {
	switch {
	case w.Offered():
		return "a place is held until " + lang.DateTime(w.AnswerBy.Time)
	case w.Asked():
		return "asked whether the change suits, no answer yet"
	}
	return ""
}

// A Wait is a turn on a waiting list as its owner sees it.
type Wait struct {
	ID       string
	AnswerBy db.Time
	AskedAt  db.Time
	Session
}

// Offered reports whether a place is held until its owner answers.
func (w Wait) Offered() bool { return !w.AnswerBy.IsZero() }

// Asked reports whether its owner has not said yet if a change suits them.
func (w Wait) Asked() bool { return !w.AskedAt.IsZero() }

// The hours in which somebody can be expected to read an e-mail and answer, in England.
const (
	morning = 9  // an answer is due no earlier
	evening = 20 // and no later
)

// patience is how long a place is held, by how much time is left before the session begins:
// the nearer it is, the sooner the next person has to be asked.
var patience = []struct{ left, held time.Duration }{
	{7 * 24 * time.Hour, 48 * time.Hour},
	{2 * 24 * time.Hour, 24 * time.Hour},
	{12 * time.Hour, 4 * time.Hour},
	{3 * time.Hour, time.Hour},
}

// answerBy gives until when a place that is offered now is held: never past, never in the night, and never
// after the session has begun. In the last hours before it the place is held until it begins,
// since nobody else could be asked in time.
func answerBy(now, begins time.Time) time.Time {
	left, by := begins.Sub(now), begins
	for _, p := range patience {
		if left >= p.left {
			by = now.Add(p.held)
			break
		}
	}
	local := by.In(clock.London)
	switch h := local.Hour(); {
	case h < morning:
		by = atHour(local, 0, morning)
	case h > evening || h == evening && local.Minute() > 0:
		by = atHour(local, 1, morning)
	}
	if by.After(begins) {
		by = begins
	}
	return by.UTC().Truncate(time.Minute)
}

// atHour is an hour by the clock in England, days after the day of t.
func atHour(t time.Time, days, hour int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, 0, 0, 0, clock.London)
}
