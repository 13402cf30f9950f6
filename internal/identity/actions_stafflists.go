package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
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
	ErrStaffListDone = web.Conflict("This list was done already", "What was done stands on its page.")
	ErrStaffListSeen = web.Conflict("People were changed meanwhile",
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

// ApplyStaff does what the ticked rows of a list say, each by the rules of the page on which
// one person is changed, and keeps what was done. It returns ErrStaffListDone,
// ErrStaffListSeen or ErrNoReason, and then nothing was done.
func (r *Room) ApplyStaff(ctx context.Context, by web.Person, id string, how Applied) error {
	l, planned, err := r.PlannedStaff(ctx, by, id)
	switch {
	case err != nil:
		return err
	case !l.DoneAt.IsZero():
		return ErrStaffListDone
	case markOf(planned) != how.Seen:
		return ErrStaffListSeen
	}
	if how.Reason = tidy(how.Reason); how.Reason == "" && slices.ContainsFunc(planned, func(p PlannedRow) bool {
		return slices.Contains(how.Lines, p.Line) && p.asks(by)
	}) {
		return ErrNoReason
	}
	rows := make([]StaffRow, 0, len(planned))
	var stopped error
	for _, p := range planned {
		switch {
		case stopped != nil:
			p.StaffRow.Done = "Not done: something went wrong before it"
		case p.Acts() && slices.Contains(how.Lines, p.Line):
			stopped = r.applyRow(ctx, by, &p, how)
		case p.Acts():
			p.StaffRow.Done = "Left out: it was not ticked"
		default:
			p.StaffRow.Done = "Left out: " + p.Nothing
		}
		rows = append(rows, p.StaffRow)
	}
	content, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("keep what staff list %s did: %w", id, err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		return updateStaffList(ctx, q, id, string(content), by.ID, db.At(r.Now()))
	})
	return errors.Join(stopped, db.Wrap(err, "keep what staff list %s did", id))
}

// asks reports whether the row needs a second person.
func (p PlannedRow) asks(by web.Person) bool {
	return len(p.Waits) > 0 || p.active && !mayBecome(by, p.held, string(p.person.OrganisationID))
}

// applyRow does one row, and notes in it what was done or why not. What is no refusal of a
// rule is returned.
func (r *Room) applyRow(ctx context.Context, by web.Person, p *PlannedRow, how Applied) error {
	var err error
	if p.Joins() {
		err = r.applyJoin(ctx, by, p, how)
	} else if err = r.DeactivatePerson(ctx, by, p.PersonID, web.Unwatched); err == nil {
		p.StaffRow.Done = "Closed"
	}
	var refusal *web.Refusal
	var invalid *ui.Invalid
	var taken *ui.Taken
	why := ""
	switch {
	case errors.As(err, &refusal):
		why = refusal.Title
	case errors.As(err, &invalid):
		why = invalid.Problems[0].Text
	case errors.As(err, &taken):
		why = taken.Text
	case err != nil:
		p.StaffRow.Done = "Something went wrong"
		return err
	default:
		return nil
	}
	if p.StaffRow.Done != "" {
		p.StaffRow.Done += "; "
	}
	p.StaffRow.Done += "Not done: " + why
	return nil
}

// applyJoin adds somebody who joins, or lets them in again, and gives their roles.
func (r *Room) applyJoin(ctx context.Context, by web.Person, p *PlannedRow, how Applied) (err error) {
	var did []string
	defer func() { p.StaffRow.Done = lang.Sentence(lang.Join(did)) }()
	if p.PersonID == "" {
		p.PersonID, err = r.AddPerson(ctx, by, p.person)
		p.StaffRow.PersonID = p.PersonID
		if err != nil {
			return err
		}
		did = append(did, "added")
	} else if err := r.fillOrganisation(ctx, by, p.person); err != nil {
		return err
	}
	if p.active {
		waits, err := r.ActivatePerson(ctx, by, p.PersonID, how.Reason)
		if err != nil {
			return err
		}
		did = append(did, map[bool]string{true: "asked a second person to let them in again", false: "let in again"}[waits])
	}
	if len(p.given) == 0 {
		return nil
	}
	held, err := rolesOf(ctx, r.Work, p.PersonID) // as they are after the rows before
	if err != nil {
		return err
	}
	chosen := append(held.ids(), without(p.given.ids(), held.ids())...)
	waits, err := r.SaveRoles(ctx, by, p.PersonID, chosen, how.Reason, web.Unwatched)
	if err != nil {
		return err
	}
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return err
	}
	now := without(p.given.ids(), waits)
	if len(now) > 0 {
		did = append(did, "given "+lang.Join(known.titles(now)))
	}
	if len(waits) > 0 {
		did = append(did, "asked a second person to agree to "+lang.Join(known.titles(waits)))
	}
	if how.Links && len(now) > 0 && !p.active {
		sent, err := r.sendFirstLink(ctx, by, p.PersonID)
		if err != nil {
			return err
		}
		if sent {
			did = append(did, "sent a link to set a password")
		}
	}
	return nil
}

// fillOrganisation enters the organisation of somebody whose record names none.
func (r *Room) fillOrganisation(ctx context.Context, by web.Person, p Person) error {
	was, err := r.PersonByID(ctx, p.ID)
	if err != nil || was.OrganisationID == p.OrganisationID || was.OrganisationID != "" {
		return err
	}
	was.OrganisationID = p.OrganisationID
	_, err = r.SavePerson(ctx, by, was, "", web.Unwatched)
	return err
}

// sendFirstLink sends somebody who has no password a link to set one, where links can be sent.
func (r *Room) sendFirstLink(ctx context.Context, by web.Person, personID string) (sent bool, err error) {
	site, err := r.Site(ctx, r.Work)
	if err != nil || !site.Known() {
		return false, err
	}
	if _, err := passwordOf(ctx, r.Work, personID); !errors.Is(err, db.ErrNotFound) {
		return false, err
	}
	return true, r.SendLink(ctx, by, personID)
}

// DiscardStaffList forgets a list of which nothing was done.
func (r *Room) DiscardStaffList(ctx context.Context, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := staffList(ctx, q, id)
		if err == nil && !l.DoneAt.IsZero() {
			err = ErrStaffListDone
		}
		if err != nil {
			return err
		}
		return deleteStaffList(ctx, q, id)
	})
	return db.Wrap(err, "discard a staff list")
}
