package partnership

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// AddCommittee adds a committee. It returns ErrNameTaken when another that still
// meets has the name.
func (r *Room) AddCommittee(ctx context.Context, by web.Person, c Committee) (string, error) {
	c.ID, c.Name = r.NewID(), tidy(c.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertCommittee(ctx, q, c, db.At(r.Now())); err != nil {
			return nameTaken(err)
		}
		return r.note(ctx, q, by, "added", "committee", c.ID, c.Name)
	})
	if err != nil {
		return "", fmt.Errorf("add committee: %w", err)
	}
	return c.ID, nil
}

// EnsureCommittee finds the committee of a name that still meets, or adds it.
func (r *Room) EnsureCommittee(ctx context.Context, by web.Person, c Committee) (string, error) {
	id, err := openCommitteeByName(ctx, r.Work, tidy(c.Name))
	if errors.Is(err, db.ErrNotFound) {
		return r.AddCommittee(ctx, by, c)
	}
	return id, err
}

// EditCommittee changes what a committee is called and does.
func (r *Room) EditCommittee(ctx context.Context, by web.Person, c Committee) error {
	c.Name = tidy(c.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateCommittee(ctx, q, c); err != nil {
			return nameTaken(err)
		}
		return r.note(ctx, q, by, "changed", "committee", c.ID, c.Name)
	})
	if err != nil {
		return fmt.Errorf("edit committee %s: %w", c.ID, err)
	}
	return nil
}

// EndCommittee says that a committee meets no more; its seats end with it.
func (r *Room) EndCommittee(ctx context.Context, by web.Person, id string, on db.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := committeeByID(ctx, q, id)
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
	if err != nil {
		return fmt.Errorf("end committee %s: %w", id, err)
	}
	return nil
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
		err = insertMember(ctx, q, m)
		if db.IsUnique(err) {
			return ErrMemberAlready
		}
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "gave a seat on", "committee", c.ID, c.Name)
	})
	if err != nil {
		return "", fmt.Errorf("add member: %w", err)
	}
	return m.ID, nil
}

// EditMember changes a seat: what the member is on the committee, whether their
// name is public, and from when until when.
func (r *Room) EditMember(ctx context.Context, by web.Person, m Member) error {
	if !m.ToOn.IsZero() && m.ToOn.Before(m.FromOn) {
		return fmt.Errorf("edit member: %w", ErrOrder)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		old, err := memberByID(ctx, q, m.ID)
		if err != nil {
			return err
		}
		err = updateMember(ctx, q, m)
		if db.IsUnique(err) {
			return ErrMemberAlready
		}
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed a seat on", "committee", old.CommitteeID, old.Committee+": "+old.Person)
	})
	if err != nil {
		return fmt.Errorf("edit member %s: %w", m.ID, err)
	}
	return nil
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
		err = insertMeeting(ctx, q, m, db.At(r.Now()))
		if db.IsUnique(err) {
			return ErrMetAlready
		}
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "noted a meeting of", "committee", c.ID, c.Name+", "+m.HeldOn.Words())
	})
	if err != nil {
		return "", fmt.Errorf("add meeting: %w", err)
	}
	return m.ID, nil
}

// NoteMeeting changes what is known of a meeting, and who was there: states maps
// the ids of members to "present", "deputy", "apologies" or "absent".
func (r *Room) NoteMeeting(ctx context.Context, by web.Person, m Meeting, states map[string]string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		err := updateMeeting(ctx, q, m)
		if db.IsUnique(err) {
			return ErrMetAlready
		}
		if err != nil {
			return err
		}
		if err := deleteAttendance(ctx, q, m.ID); err != nil {
			return err
		}
		for _, member := range slices.Sorted(maps.Keys(states)) {
			if err := insertAttendance(ctx, q, m.ID, member, states[member]); err != nil {
				return fmt.Errorf("note %s: %w", member, err)
			}
		}
		return r.note(ctx, q, by, "noted who was at", "meeting", m.ID, m.HeldOn.Words())
	})
	if err != nil {
		return fmt.Errorf("note meeting %s: %w", m.ID, err)
	}
	return nil
}
