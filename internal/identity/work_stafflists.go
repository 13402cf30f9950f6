package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// StaffListKind is the kind of job that does what a list of joiners and leavers says.
const StaffListKind = "staff-list"

// A confirmedList is what somebody confirmed of a list.
type confirmedList struct {
	Rows   map[int64]string `json:"rows"` // by line: what each would do, as it was shown
	Reason string           `json:"reason"`
	Links  bool             `json:"links"`
}

// ticked is how many rows of a list that is being done are to be.
func (l StaffList) ticked() (int, error) {
	var how confirmedList
	err := json.Unmarshal([]byte(l.How), &how)
	return len(how.Rows), db.Wrap(err, "read what was confirmed of staff list %s", l.ID)
}

// doStaffList is the job: it does the rows one after the other, each by the rules of the page on
// which one person is changed, and keeps after each what was done. When it is begun again after a
// node stopped, it goes on with the rows that are left.
func (r *Room) doStaffList(ctx context.Context, id string) error {
	l, err := staffList(ctx, r.Work, id)
	if errors.Is(err, db.ErrNotFound) || err == nil && !l.Running() {
		return nil
	} else if err != nil {
		return db.Wrap(err, "do staff list %s", id)
	}
	var how confirmedList
	if err := json.Unmarshal([]byte(l.How), &how); err != nil {
		return fmt.Errorf("read what was confirmed of staff list %s: %w", id, err)
	}
	by, err := r.confirmer(ctx, string(l.BegunBy))
	if err != nil {
		return db.Wrap(err, "do staff list %s", id)
	}
	begun, err := begunRows(ctx, r.Work, id)
	if err != nil {
		return db.Wrap(err, "do staff list %s", id)
	}
	_, planned, err := r.PlannedStaff(ctx, by, id)
	if err != nil {
		return err
	}
	before := map[int64]string{}
	for _, b := range begun {
		before[b.Line] = b.Content
	}
	rows := make([]StaffRow, 0, len(planned))
	var stopped error
	for _, p := range planned {
		if content, again := before[p.Line]; content != "" {
			if err := json.Unmarshal([]byte(content), &p.StaffRow); err != nil {
				return fmt.Errorf("read a row of staff list %s: %w", id, err)
			}
		} else if p, stopped, err = r.doStaffRow(ctx, by, id, p, how, again, stopped); err != nil {
			return err
		}
		rows = append(rows, p.StaffRow)
	}
	content, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("keep what staff list %s did: %w", id, err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error { return endStaffList(ctx, q, id, string(content), db.At(r.Now())) })
	return errors.Join(stopped, db.Wrap(err, "keep what staff list %s did", id))
}

// confirmer is who confirmed a list, with what they may do now.
func (r *Room) confirmer(ctx context.Context, personID string) (web.Person, error) {
	all, err := accounts(ctx, r.Work)
	for _, a := range all {
		if a.ID == personID {
			return a.person(), err
		}
	}
	return web.Person{ID: personID}, err
}

// doStaffRow does one row, which was begun before where again is true, and keeps what became of it.
// err is why the list cannot go on now; stopped is what went wrong in a row, after which none is
// done.
func (r *Room) doStaffRow(ctx context.Context, by web.Person, listID string, p PlannedRow, how confirmedList,
	again bool, stopped error) (PlannedRow, error, error) {
	does, ticked := how.Rows[p.Line]
	switch {
	case !ticked && (p.Acts() || p.Nothing == ""):
		p.StaffRow.Done = "Left out: it was not ticked"
	case !ticked:
		p.StaffRow.Done = "Left out: " + p.Nothing
	case stopped != nil:
		p.StaffRow.Done = "Not done: something went wrong before it"
	case !by.May(access.PeopleManage):
		p.StaffRow.Done = "Not done: who confirmed the list manages people no more"
	case again && !p.Acts():
		p.StaffRow.Done = "Done" // before the node stopped that was doing it
	case !again && p.Does != does:
		p.StaffRow.Done = "Not done: people were changed meanwhile, and it would do something else now"
	default:
		if err := r.Work.Tx(ctx, func(q db.Q) error { return beginStaffRow(ctx, q, listID, p.Line) }); err != nil {
			return p, stopped, db.Wrap(err, "begin a row of staff list %s", listID)
		}
		stopped = r.applyRow(ctx, by, &p, how)
		if ctx.Err() != nil { // the node stops: another goes on with this row
			return p, stopped, context.Cause(ctx)
		}
		content, err := json.Marshal(p.StaffRow)
		if err != nil {
			return p, stopped, fmt.Errorf("keep a row of staff list %s: %w", listID, err)
		}
		err = r.Work.Tx(ctx, func(q db.Q) error { return endStaffRow(ctx, q, listID, p.Line, string(content)) })
		if err != nil {
			return p, stopped, db.Wrap(err, "keep a row of staff list %s", listID)
		}
	}
	return p, stopped, nil
}

// asks reports whether the row needs a second person.
func (p PlannedRow) asks(by web.Person) bool {
	return len(p.Waits) > 0 || p.active && !mayBecome(by, p.held, string(p.person.OrganisationID))
}

// applyRow does one row, and notes in it what was done or why not. What is no refusal of a
// rule is returned.
func (r *Room) applyRow(ctx context.Context, by web.Person, p *PlannedRow, how confirmedList) error {
	var err error
	if p.Joins() {
		err = r.applyJoin(ctx, by, p, how)
	} else if err = r.DeactivatePerson(ctx, by, p.PersonID, web.Unwatched); err == nil {
		p.StaffRow.Done = "Closed"
	}
	if errors.Is(err, ErrNotActive) && !p.Joins() { // by another node, which was slow
		p.StaffRow.Done, err = "Closed", nil
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
func (r *Room) applyJoin(ctx context.Context, by web.Person, p *PlannedRow, how confirmedList) (err error) {
	var did []string
	defer func() { p.StaffRow.Done = lang.Sentence(lang.Join(did)) }()
	if p.PersonID == "" {
		word := "added"
		p.PersonID, err = r.AddPerson(ctx, by, p.person)
		if errors.Is(err, ErrPersonTaken) { // meanwhile, perhaps by another node, which was slow
			var there Person
			there, err = find(ctx, r.Work, EnsurePerson{Name: p.Name, Email: p.Email,
				OrganisationID: string(p.person.OrganisationID)})
			p.PersonID, word = there.ID, "here already"
		}
		p.StaffRow.PersonID = p.PersonID
		if err != nil {
			return err
		}
		did = append(did, word)
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
