package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// A SaidKind says what somebody did by what they said at an action.
type SaidKind string

// The kinds of what is said.
const (
	Comment   SaidKind = "comment"
	SaidDone  SaidKind = "claimed"
	TakenBack SaidKind = "taken-back"
	SentBack  SaidKind = "sent-back"
	Closed    SaidKind = "closed"
	Asked     SaidKind = "asked"
	Longer    SaidKind = "longer"
	NotLonger SaidKind = "not-longer"
	Hindered  SaidKind = "hindered"
	Cleared   SaidKind = "cleared"
	Handed    SaidKind = "handed"
	Moved     SaidKind = "moved"
	Helping   SaidKind = "helper"
	NoHelper  SaidKind = "no-helper"
)

// A Said is one thing that somebody said at an action. Its fields are in the order of the
// columns that queries select.
type Said struct {
	ID       string
	ActionID string
	Kind     SaidKind
	PersonID string
	Person   string // the name as it was
	Words    string
	Day      period.Date // until when was asked or agreed
	At       db.Time
}

// Did says what the person did, after their name; "" for a comment, whose words say it.
func (s Said) Did() string {
	switch s.Kind {
	case SaidDone:
		return "said that it is done"
	case TakenBack:
		return "took back what they had asked or said"
	case SentBack:
		return "asked again"
	case Closed:
		return "agreed that it is done"
	case Asked:
		return "asked for longer, until " + s.Day.Words()
	case Longer:
		return "gave longer, until " + s.Day.Words()
	case NotLonger:
		return "did not give longer"
	case Hindered:
		return "said what is in the way"
	case Cleared:
		return "said that nothing is in the way any more"
	case Helping:
		return "asked " + s.Words + " to help"
	case NoHelper:
		return "took " + s.Words + " off those who help"
	case Moved:
		return "moved the day it is due to " + s.Day.Words()
	case Handed:
		return "handed it to " + s.Words
	}
	return ""
}

// Says are the words that the person wrote.
func (s Said) Says() string {
	if s.Kind == Handed || s.Kind == Helping || s.Kind == NoHelper {
		return "" // the words are who
	}
	return s.Words
}

const saidColumns = `id, action_id, kind, person_id, person, words, day, created_at FROM plan_said`

func saidAt(ctx context.Context, q db.Reader, action string) ([]Said, error) {
	return db.All[Said](ctx, q, `SELECT `+saidColumns+` WHERE action_id = $1 ORDER BY created_at, id`, action)
}

func insertSaid(ctx context.Context, q db.Q, s Said) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_said (id, action_id, kind, person_id, person, words, day, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, s.ActionID, string(s.Kind), s.PersonID, s.Person, s.Words, s.Day, s.At)
	return err
}

// saidTo gives what was said at an action, for a person; nil for one who may not read it.
func (r *Room) saidTo(ctx context.Context, by web.Person, a Action) ([]Said, error) {
	if !actionRules.May(by, access.Read, a.of(), saidField) {
		return nil, nil
	}
	return saidAt(ctx, r.Work, a.ID)
}
