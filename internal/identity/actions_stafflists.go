package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
)

// How long staff lists are kept: one that waits is somebody's work of the day, one that was
// done says what happened.
const (
	staffListWaits = 24 * time.Hour
	staffListKept  = 90 * 24 * time.Hour
)

// Errors of staff lists.
var (
	ErrStaffListDone  = web.Conflict("This list was done already", "What was done stands on its page.")
	ErrStaffListBegun = web.Conflict("This list is being done", "Its page says how far it is.")
	ErrStaffListSeen  = web.Conflict("People were changed meanwhile",
		"So what this list would do is not what you saw. Nothing was done: open the list again and look.")
)

// AddStaffList reads a file of people who join and leave, and keeps its rows until they are
// confirmed, for a day. It returns a *intake.Fatal for a file that cannot be read.
func (r *Room) AddStaffList(ctx context.Context, by web.Person, file intake.File) (string, error) {
	rows, err := readStaffList(file)
	if err != nil {
		return "", err
	}
	markDoubles(rows)
	content, err := json.Marshal(rows)
	if err != nil {
		return "", fmt.Errorf("add a staff list: %w", err)
	}
	now := r.Now()
	l := StaffList{ID: r.NewID(), File: clip(file.Name, 200), Content: string(content), MadeAt: db.At(now)}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		err := deleteOldStaffLists(ctx, q, db.At(now.Add(-staffListWaits)), db.At(now.Add(-staffListKept)))
		if err != nil {
			return err
		}
		return insertStaffList(ctx, q, l, by.ID)
	})
	return l.ID, db.Wrap(err, "add a staff list")
}

// rows reads the rows of a list.
func (l StaffList) rows() (rows []StaffRow, err error) {
	err = json.Unmarshal([]byte(l.Content), &rows)
	return rows, db.Wrap(err, "read the rows of staff list %s", l.ID)
}

// PlannedStaff gives a list with what each of its rows would do now, done by who asks, or did.
func (r *Room) PlannedStaff(ctx context.Context, by web.Person, id string) (l StaffList, rows []PlannedRow, err error) {
	err = r.Work.Snapshot(ctx, func(q db.Reader) error {
		if l, err = staffList(ctx, q, id); err != nil {
			return err
		}
		read, err := l.rows()
		if err != nil {
			return err
		}
		rows, err = r.planStaff(ctx, q, by, read)
		return err
	})
	return l, rows, db.Wrap(err, "plan staff list %s", id)
}

// Applied says how a staff list is to be done.
type Applied struct {
	Lines  []int64 // the rows that were ticked
	Reason string  // for second persons, where one is needed
	Links  bool    // who gets a role and has no password is sent a link to set one
	Seen   string  // markOf what was shown
}

// ApplyStaff has what the ticked rows of a list say done, by a job. It returns ErrStaffListDone,
// ErrStaffListBegun, ErrStaffListSeen or ErrNoReason, and then nothing is done.
func (r *Room) ApplyStaff(ctx context.Context, by web.Person, id string, how Applied) error {
	l, planned, err := r.PlannedStaff(ctx, by, id)
	switch {
	case err != nil:
		return err
	case !l.DoneAt.IsZero():
		return ErrStaffListDone
	case l.Running():
		return ErrStaffListBegun
	case markOf(planned) != how.Seen:
		return ErrStaffListSeen
	}
	if how.Reason = tidy(how.Reason); how.Reason == "" && slices.ContainsFunc(planned, func(p PlannedRow) bool {
		return slices.Contains(how.Lines, p.Line) && p.asks(by)
	}) {
		return ErrNoReason
	}
	confirmed := confirmedList{Rows: map[int64]string{}, Reason: how.Reason, Links: how.Links}
	for _, p := range planned {
		if p.Acts() && slices.Contains(how.Lines, p.Line) {
			confirmed.Rows[p.Line] = p.Does
		}
	}
	content, err := json.Marshal(confirmed)
	if err != nil {
		return fmt.Errorf("begin staff list %s: %w", id, err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		first, err := beginStaffList(ctx, q, id, by.ID, string(content))
		if err != nil {
			return err
		}
		if !first {
			return ErrStaffListBegun
		}
		return r.Jobs.Enqueue(ctx, q, StaffListKind, id)
	})
	return db.Wrap(err, "begin staff list %s", id)
}

// DiscardStaffList forgets a list of which nothing was done.
func (r *Room) DiscardStaffList(ctx context.Context, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := staffList(ctx, q, id)
		if err == nil && !l.DoneAt.IsZero() {
			err = ErrStaffListDone
		}
		if err == nil && l.Running() {
			err = ErrStaffListBegun
		}
		if err != nil {
			return err
		}
		return deleteStaffList(ctx, q, id)
	})
	return db.Wrap(err, "discard a staff list")
}
