package audits

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// AddRound keeps a new Section 11 or 175 round and returns its id. It returns
// *Invalid or ErrTaken.
func (r *Room) AddRound(ctx context.Context, by web.Person, v Round) (string, error) {
	v.ID = r.NewID()
	if p := v.problems(); len(p) > 0 {
		return "", &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertRound(ctx, q, v, r.Now()); err != nil {
			return taken(err)
		}
		return r.note(ctx, q, by, "added", roundSubject, v.ID, v.Title)
	})
	if err != nil {
		return "", fmt.Errorf("add round %s: %w", v.Title, err)
	}
	return v.ID, nil
}

// ChangeRound keeps a round as it has been corrected. It returns *Invalid or
// ErrTaken.
func (r *Room) ChangeRound(ctx context.Context, by web.Person, v Round) error {
	if p := v.problems(); len(p) > 0 {
		return &Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateRound(ctx, q, v); err != nil {
			return taken(err)
		}
		return r.note(ctx, q, by, "changed", roundSubject, v.ID, v.Title)
	})
	return wrap(err, "change round %s", v.ID)
}

// CloseRound ends a round on a day: returns are no longer taken. The zero Date
// opens it again.
func (r *Room) CloseRound(ctx context.Context, by web.Person, id string, on period.Date) error {
	act := "closed"
	if on.IsZero() {
		act = "reopened"
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := round(ctx, q, id)
		if err != nil {
			return err
		}
		if err := closeRound(ctx, q, id, on); err != nil {
			return err
		}
		return r.note(ctx, q, by, act, roundSubject, id, v.Title)
	})
	return wrap(err, "close round %s", id)
}

// DeleteRound takes away a round that was entered by mistake. It returns
// ErrReturned when a return has come.
func (r *Room) DeleteRound(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := lockRound(ctx, q, id)
		if err != nil {
			return err
		}
		if v.Submitted > 0 {
			return ErrReturned
		}
		if err := deleteRound(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deleted", roundSubject, id, v.Title)
	})
	return wrap(err, "delete round %s", id)
}

// Ask asks organisations for their return, on a day, and tells how many had not
// been asked before. It returns ErrClosed.
func (r *Room) Ask(ctx context.Context, by web.Person, roundID string, organisationIDs []string, on period.Date) (int, error) {
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
		return r.note(ctx, q, by, "asked "+lang.Plural(n, "organisation", "organisations"), roundSubject, roundID, v.Title)
	})
	return n, wrap(err, "ask organisations in round %s", roundID)
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

// SetContact says who answers for an organisation in a round, and is chased; ""
// is nobody. It returns *Invalid when nobody has the address.
func (r *Room) SetContact(ctx context.Context, by web.Person, roundID, organisationID, email string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		var person register.Person
		var err error
		if email != "" {
			person, err = register.PersonByEmail(ctx, q, email)
		}
		if errors.Is(err, db.ErrNotFound) {
			return &Invalid{Problems: []ui.Problem{{Field: "contact", Text: "Nobody in the workspace has this email address: add the person first"}}}
		}
		if err != nil {
			return err
		}
		if err := setContact(ctx, q, roundID, organisationID, db.Opt(person.ID)); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed the contact of "+organisationID, roundSubject, roundID, email)
	})
	return wrap(err, "set contact of %s in round %s", organisationID, roundID)
}

// Mark moves an organisation's return to a state, since a day. Going back to an
// earlier state takes the later dates away. It returns *Invalid or ErrClosed.
func (r *Room) Mark(ctx context.Context, by web.Person, roundID, organisationID string, to State, on period.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := openRound(ctx, q, roundID); err != nil {
			return err
		}
		p, err := participant(ctx, q, roundID, organisationID)
		if err != nil {
			return err
		}
		return r.mark(ctx, q, by, p, to, on)
	})
	return wrap(err, "mark return of %s in round %s", organisationID, roundID)
}

// Answer is what an organisation does itself: it starts its return, or submits
// it, today. It returns ErrMoved for a return that was sent before, ErrClosed, or
// db.ErrNotFound when the person's organisation was not asked.
func (r *Room) Answer(ctx context.Context, by web.Person, roundID string, to State) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := openRound(ctx, q, roundID); err != nil {
			return err
		}
		p, err := participant(ctx, q, roundID, by.OrganisationID)
		if err != nil {
			return err
		}
		if p.Sent() || to != Started && to != Submitted {
			return ErrMoved
		}
		return r.mark(ctx, q, by, p, to, r.Now.Today())
	})
	return wrap(err, "answer round %s for %s", roundID, by.OrganisationID)
}

func (r *Room) mark(ctx context.Context, q db.Q, by web.Person, p Participant, to State, on period.Date) error {
	if !slices.Contains(states, to) {
		return &Invalid{Problems: []ui.Problem{{Field: "state", Text: "Choose how far the return has come"}}}
	}
	if on.IsZero() {
		return &Invalid{Problems: []ui.Problem{{Field: "on", Text: "Enter the date"}}}
	}
	p = p.marked(to, on)
	if problems := p.problems(r.Now.Today()); len(problems) > 0 {
		return &Invalid{Problems: problems}
	}
	if err := updateParticipant(ctx, q, p); err != nil {
		return err
	}
	return r.note(ctx, q, by, "marked the return of "+p.Organisation+" as "+p.State.Words(), roundSubject, p.RoundID, p.Organisation)
}

// Remove takes an organisation out of a round that should not have asked it. It
// returns ErrReturned when its return has come.
func (r *Room) Remove(ctx context.Context, by web.Person, roundID, organisationID string) error {
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
		if err := deleteParticipant(ctx, q, roundID, organisationID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "no longer asks "+p.Organisation, roundSubject, roundID, p.Organisation)
	})
	return wrap(err, "take %s out of round %s", organisationID, roundID)
}

// openRound reads a round to be changed in this transaction, or returns
// ErrClosed.
func openRound(ctx context.Context, q db.Q, id string) (Round, error) {
	v, err := lockRound(ctx, q, id)
	if err == nil && v.Closed() {
		err = ErrClosed
	}
	return v, err
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
// through, and counts all of them.
func (r *Room) Participants(ctx context.Context, roundID string, f ParticipantFilter) ([]Participant, int, error) {
	return participants(ctx, r.Work, roundID, f)
}
