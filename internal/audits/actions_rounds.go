package audits

import (
	"context"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// AddRound keeps a new Section 11 or 175 round and returns its id. It returns
// *ui.Invalid or ErrTaken.
func (r *Room) AddRound(ctx context.Context, by web.Person, v Round) (string, error) {
	v.ID = r.NewID()
	if p := v.problems(); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertRound(ctx, q, v, r.Now()); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		return r.noteRound(ctx, q, by, "added", v.ID, v.Title)
	})
	return v.ID, db.Wrap(err, "add self-assessment %s", v.Title)
}

// SaveRound keeps a round as it has been corrected on a form that showed what was
// seen. It returns *ui.Invalid, ErrTaken, or *web.Changed when somebody changed the
// round meanwhile.
func (r *Room) SaveRound(ctx context.Context, by web.Person, v Round, seen web.Seen) error {
	if p := v.problems(); len(p) > 0 {
		return &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockRound(ctx, q, v.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, roundSubject, v.ID, fillRound(was)); err != nil {
			return err
		}
		if err := updateRound(ctx, q, v); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		return r.noteRound(ctx, q, by, "changed", v.ID, v.Title,
			audittrail.Between(fillRound(was), fillRound(v)))
	})
	return db.Wrap(err, "change self-assessment %s", v.ID)
}

// CloseRound ends a round on a day: returns are no longer taken. It returns
// ErrClosed for one that was closed before, or *web.Changed when somebody changed it
// since the person saw it.
func (r *Room) CloseRound(ctx context.Context, by web.Person, id string, on period.Date, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := openRound(ctx, q, id)
		if err != nil {
			return err
		}
		if err := checkRound(ctx, q, seen, v); err != nil {
			return err
		}
		if err := closeRound(ctx, q, id, on); err != nil {
			return err
		}
		return r.noteRound(ctx, q, by, "closed", id, v.Title)
	})
	return db.Wrap(err, "close self-assessment %s", id)
}

// ReopenRound takes back that a round was closed. It returns ErrNotClosed for one
// that is not, or *web.Changed.
func (r *Room) ReopenRound(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRound(ctx, q, id)
		if err != nil {
			return err
		}
		if err := v.mustBeClosed(); err != nil {
			return err
		}
		if err := checkRound(ctx, q, seen, v); err != nil {
			return err
		}
		if err := closeRound(ctx, q, id, period.Date{}); err != nil {
			return err
		}
		return r.noteRound(ctx, q, by, "reopened", id, v.Title)
	})
	return db.Wrap(err, "reopen self-assessment %s", id)
}

// DeleteRound takes away a round that was entered by mistake. It returns
// ErrReturns when a return has come, or *web.Changed.
func (r *Room) DeleteRound(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRound(ctx, q, id)
		if err != nil {
			return err
		}
		if err := v.mustHaveNoReturns(); err != nil {
			return err
		}
		if err := checkRound(ctx, q, seen, v); err != nil {
			return err
		}
		if err := deleteRound(ctx, q, id); err != nil {
			return err
		}
		return r.noteRound(ctx, q, by, "deleted", id, v.Title)
	})
	return db.Wrap(err, "delete self-assessment %s", id)
}

// AskRound asks organisations for their return, on a day, and tells how many had not
// been asked before. It returns ErrClosed.
func (r *Room) AskRound(ctx context.Context, by web.Person, roundID string, organisationIDs []string,
	on period.Date) (int, error) {
	n := 0
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := openRound(ctx, q, roundID)
		if err != nil {
			return err
		}
		for _, org := range organisationIDs {
			added, err := insertParticipant(ctx, q, roundID, org, on)
			if err != nil {
				return err
			}
			n += int(added)
		}
		return r.noteRound(ctx, q, by, "asked "+lang.Plural(n, "organisation", "organisations"), roundID, v.Title)
	})
	return n, db.Wrap(err, "ask organisations in self-assessment %s", roundID)
}

// InSectors lists the organisations of some sectors, to be asked together.
func (r *Room) InSectors(ctx context.Context, sectors []string) ([]string, error) {
	all, err := register.OrganisationList(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range all {
		if slices.Contains(sectors, o.Sector) {
			out = append(out, o.ID)
		}
	}
	return out, nil
}

// SaveParticipant keeps what an officer notes of one organisation on a form that
// showed what was seen: who answers for it and is chased ("" is nobody), and, when
// that has changed, how far its return has come since a day. Going back to an
// earlier state takes the later dates away. It returns *ui.Invalid, ErrClosed, or
// *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveParticipant(ctx context.Context, by web.Person, p Participant, on period.Date, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRound(ctx, q, p.RoundID)
		if err != nil {
			return err
		}
		was, err := participant(ctx, q, p.RoundID, p.OrganisationID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, roundSubject, p.RoundID, fillParticipant(was)); err != nil {
			return err
		}
		if p.State != was.State {
			if err := v.mustBeOpen(); err != nil {
				return err
			}
			if err := r.mark(ctx, q, by, was, p.State, on); err != nil {
				return err
			}
		}
		if p.ContactID == was.ContactID {
			return nil
		}
		return r.setContact(ctx, q, by, was, p.ContactID)
	})
	return db.Wrap(err, "change %s in self-assessment %s", p.OrganisationID, p.RoundID)
}

func (r *Room) setContact(ctx context.Context, q db.Q, by web.Person, p Participant, person db.Opt) error {
	name := "nobody"
	if person != "" {
		var err error
		if name, err = register.PersonName(ctx, q, string(person)); err != nil {
			return err
		}
	}
	if err := setContact(ctx, q, p.RoundID, p.OrganisationID, person); err != nil {
		return err
	}
	now, err := participant(ctx, q, p.RoundID, p.OrganisationID)
	if err != nil {
		return err
	}
	return r.noteRound(ctx, q, by, "changed the contact of "+p.Organisation, p.RoundID, name,
		audittrail.Between(fillParticipant(p), fillParticipant(now)))
}

// AnswerRound is what an organisation does itself: it starts its return, or submits
// it, today. It returns ErrBegun or ErrAnswered for what was done before, ErrTooLate
// in a closed round, or db.ErrNotFound when by does not answer for the organisation or it
// was not asked.
func (r *Room) AnswerRound(ctx context.Context, by web.Person, roundID, organisationID string, to State) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRound(ctx, q, roundID)
		if err != nil {
			return err
		}
		p, err := participant(ctx, q, roundID, organisationID)
		switch {
		case err != nil:
			return err
		case !answerRules.May(by, answerDo, p.of()):
			return db.ErrNotFound
		case v.Closed():
			return ErrTooLate
		case p.Sent():
			return ErrAnswered
		case to == Started && p.State != Asked:
			return ErrBegun
		}
		return r.mark(ctx, q, by, p, to, r.Now.Today())
	})
	return db.Wrap(err, "answer self-assessment %s for %s", roundID, organisationID)
}

func (r *Room) mark(ctx context.Context, q db.Q, by web.Person, p Participant, to State, on period.Date) error {
	if !slices.Contains(states, to) {
		return &ui.Invalid{Problems: []ui.Problem{{Field: "state", Text: "Choose how far the answer has come"}}}
	}
	if on.IsZero() {
		return &ui.Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
	}
	was := fillParticipant(p)
	p = p.marked(to, on)
	if problems := p.problems(r.Now.Today()); len(problems) > 0 {
		return &ui.Invalid{Problems: problems}
	}
	if err := updateParticipant(ctx, q, p); err != nil {
		return err
	}
	return r.noteRound(ctx, q, by, "marked the answer of "+p.Organisation+" as "+p.State.Words(), p.RoundID,
		p.Organisation, audittrail.Between(was, fillParticipant(p)))
}

// RemoveParticipant takes an organisation out of a round that should not have asked it. It
// returns ErrReturned when its return has come, or *web.Changed when somebody changed
// its contact or state since the person saw them.
func (r *Room) RemoveParticipant(ctx context.Context, by web.Person, roundID, organisationID string,
	seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := openRound(ctx, q, roundID); err != nil {
			return err
		}
		p, err := participant(ctx, q, roundID, organisationID)
		if err != nil {
			return err
		}
		if p.Sent() {
			return ErrReturned
		}
		if err := audittrail.Check(ctx, q, seen, roundSubject, roundID, fillParticipant(p)); err != nil {
			return err
		}
		if err := deleteParticipant(ctx, q, roundID, organisationID); err != nil {
			return err
		}
		return r.noteRound(ctx, q, by, "no longer asks "+p.Organisation, roundID, p.Organisation)
	})
	return db.Wrap(err, "take %s out of self-assessment %s", organisationID, roundID)
}

// checkRound compares what a person saw of a round, and of how many it asks and who
// has answered, with it as it is kept now.
func checkRound(ctx context.Context, q db.Q, seen web.Seen, v Round) error {
	return audittrail.Check(ctx, q, seen, roundSubject, v.ID, fillWholeRound(v))
}

// openRound reads a round to be changed in this transaction, or returns
// ErrClosed.
func openRound(ctx context.Context, q db.Q, id string) (Round, error) {
	v, err := lockRound(ctx, q, id)
	if err != nil {
		return v, err
	}
	return v, v.mustBeOpen()
}

func (r *Room) noteRound(ctx context.Context, q db.Q, by web.Person, act, id, detail string,
	more ...audittrail.More) error {
	return r.trail().Note(ctx, q, by, act, roundSubject, id, detail, more...)
}

// Round gives one round.
func (r *Room) Round(ctx context.Context, id string) (Round, error) {
	return round(ctx, r.Work, id)
}

// Rounds lists a page of the rounds that a filter lets through, and counts all of
// them.
func (r *Room) Rounds(ctx context.Context, f RoundFilter) ([]Round, int, error) {
	return rounds(ctx, r.Work, f)
}

// Participants lists a page of a round's organisations that a filter lets
// through and whose answers somebody may read, and counts all of them.
func (r *Room) Participants(ctx context.Context, by web.Person, roundID string, f ParticipantFilter) ([]Participant,
	int, error) {
	return participants(ctx, r.Work, by, roundID, f)
}
