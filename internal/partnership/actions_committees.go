package partnership

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// AddCommittee adds a committee. It returns ErrCommitteeTaken when another that
// still meets has the name.
func (r *Room) AddCommittee(ctx context.Context, by web.Person, c Committee) (string, error) {
	c.ID, c.Name = r.NewID(), tidy(c.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertCommittee(ctx, q, c, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrCommitteeTaken)
		}
		return r.note(ctx, q, by, "added", "committee", c.ID, c.Name)
	})
	return c.ID, db.Wrap(err, "add committee")
}

// EnsureCommittee finds the committee of a name that still meets, or adds it.
func (r *Room) EnsureCommittee(ctx context.Context, by web.Person, c Committee) (string, error) {
	id, err := openCommitteeByName(ctx, r.Work, tidy(c.Name))
	if errors.Is(err, db.ErrNotFound) {
		return r.AddCommittee(ctx, by, c)
	}
	return id, err
}

// SaveCommittee keeps what a committee is called and does, as a form that showed what
// was seen has it. It returns ErrCommitteeTaken, or *web.Changed when somebody
// changed it meanwhile.
func (r *Room) SaveCommittee(ctx context.Context, by web.Person, c Committee, seen web.Seen) error {
	c.Name = tidy(c.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockCommittee(ctx, q, c.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "committee", c.ID, fillCommittee(was)); err != nil {
			return err
		}
		if err := updateCommittee(ctx, q, c); err != nil {
			return db.TakenAs(err, ErrCommitteeTaken)
		}
		return r.note(ctx, q, by, "changed", "committee", c.ID, c.Name,
			audittrail.Between(fillCommittee(was), fillCommittee(c)))
	})
	return db.Wrap(err, "change committee %s", c.ID)
}

// EndCommittee says that a committee meets no more; its seats end with it.
func (r *Room) EndCommittee(ctx context.Context, by web.Person, id string, on db.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockCommittee(ctx, q, id)
		if err != nil {
			return err
		}
		if c.Ended() {
			return ErrEnded
		}
		if err := endCommittee(ctx, q, id, on); err != nil {
			return err
		}
		if err := endSeats(ctx, q, id, on); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended", "committee", id, c.Name)
	})
	return db.Wrap(err, "end committee %s", id)
}

// AddMember gives somebody a seat on a committee, for their own organisation
// unless another is named. It returns ErrMemberAlready when they have one.
func (r *Room) AddMember(ctx context.Context, by web.Person, m Member) (string, error) {
	m.ID = r.NewID()
	if !m.ToOn.IsZero() && m.ToOn.Before(m.FromOn) {
		return "", fmt.Errorf("add member: %w", ErrOrder)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := committeeByID(ctx, q, m.CommitteeID)
		if err != nil {
			return err
		}
		if c.Ended() {
			return ErrEnded
		}
		if err := insertMember(ctx, q, m); err != nil {
			return db.TakenAs(err, ErrMemberAlready)
		}
		return r.note(ctx, q, by, "gave a seat on", "committee", c.ID, c.Name)
	})
	return m.ID, db.Wrap(err, "add member")
}

// SaveMember keeps a seat as a form that showed what was seen has it: what the member
// is on the committee, whether their name is public, and from when until when. It
// returns ErrSeatAlready, or *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveMember(ctx context.Context, by web.Person, m Member, seen web.Seen) error {
	if !m.ToOn.IsZero() && m.ToOn.Before(m.FromOn) {
		return fmt.Errorf("change member: %w", ErrOrder)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		old, err := lockMember(ctx, q, m.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "committee", old.CommitteeID, fillMember(old)); err != nil {
			return err
		}
		if err := updateMember(ctx, q, m); err != nil {
			return db.TakenAs(err, ErrSeatAlready)
		}
		return r.note(ctx, q, by, "changed a seat on", "committee", old.CommitteeID, old.Committee+": "+old.Person,
			audittrail.Between(fillMember(old), fillMember(m)))
	})
	return db.Wrap(err, "change member %s", m.ID)
}

// AddMeeting notes that a committee met. It returns ErrMetAlready when it did
// that day.
func (r *Room) AddMeeting(ctx context.Context, by web.Person, m Meeting) (string, error) {
	m.ID = r.NewID()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := committeeByID(ctx, q, m.CommitteeID)
		if err != nil {
			return err
		}
		if err := insertMeeting(ctx, q, m, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrMetAlready)
		}
		return r.note(ctx, q, by, "noted a meeting of", "committee", c.ID, c.Name+", "+m.HeldOn.Words())
	})
	return m.ID, db.Wrap(err, "add meeting")
}

// SaveMeeting keeps what is known of a meeting, and who was there, as a form that
// showed what was seen has it: states maps the ids of members to "present",
// "deputy", "apologies" or "absent". It returns ErrMetAlready, or *web.Changed when
// somebody changed the meeting or its attendance meanwhile.
func (r *Room) SaveMeeting(ctx context.Context, by web.Person, m Meeting, states map[string]string,
	seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, there, err := lockMeeting(ctx, q, m.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "meeting", m.ID, fillMeeting(was, there)); err != nil {
			return err
		}
		if err := updateMeeting(ctx, q, m); err != nil {
			return db.TakenAs(err, ErrMetAlready)
		}
		if err := deleteAttendance(ctx, q, m.ID); err != nil {
			return err
		}
		for _, member := range slices.Sorted(maps.Keys(states)) {
			if err := insertAttendance(ctx, q, m.ID, member, states[member]); err != nil {
				return fmt.Errorf("note %s: %w", member, err)
			}
		}
		return r.note(ctx, q, by, "noted who was at", "meeting", m.ID, m.HeldOn.Words(),
			audittrail.Between(fillMeeting(was, nil), fillMeeting(m, nil)))
	})
	return db.Wrap(err, "note meeting %s", m.ID)
}
