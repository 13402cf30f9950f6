package partnership

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// AddOrganisation adds an organisation. It returns ErrNameTaken when there is, or was, one
// of the name.
func (r *Room) AddOrganisation(ctx context.Context, by web.Person, o Organisation) (string, error) {
	o.ID, o.Name = r.NewID(), tidy(o.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := knownSector(ctx, q, o.Sector); err != nil {
			return err
		}
		if err := insertOrganisation(ctx, q, o, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrNameTaken)
		}
		return r.note(ctx, q, by, "added", register.OrganisationSubject, o.ID, o.Name)
	})
	return o.ID, db.Wrap(err, "add organisation")
}

// SaveOrganisation keeps an organisation's name, sector and whether it is a
// statutory safeguarding partner or a relevant agency, as a form that showed what was
// seen has them. What a file brought is then looked at. It returns
// ErrNameOfAnother, or *web.Changed when somebody changed it meanwhile.
func (r *Room) SaveOrganisation(ctx context.Context, by web.Person, o Organisation, seen web.Seen) error {
	o.Name = tidy(o.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := knownSector(ctx, q, o.Sector); err != nil {
			return err
		}
		was, err := lockOrganisation(ctx, q, o.ID)
		if err != nil {
			return err
		}
		if was.SameAs != "" {
			return ErrMergedAway
		}
		if err := audittrail.Check(ctx, q, seen, register.OrganisationSubject, o.ID, fillOrganisation(was)); err != nil {
			return err
		}
		o.Brought = false
		if err := updateOrganisation(ctx, q, o); err != nil {
			return db.TakenAs(err, ErrNameOfAnother)
		}
		return r.note(ctx, q, by, "changed", register.OrganisationSubject, o.ID, o.Name,
			audittrail.Between(fillOrganisation(was), fillOrganisation(o)))
	})
	return db.Wrap(err, "change organisation %s", o.ID)
}

// EndOrganisation says that an organisation is no more from a day on, with nothing in its
// place. Its people stay with it until somebody moves them.
func (r *Room) EndOrganisation(ctx context.Context, by web.Person, id string, on db.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		o, err := r.open(ctx, q, id)
		if err != nil {
			return err
		}
		if err := endOrganisation(ctx, q, id, "", on); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended", register.OrganisationSubject, id, o.Name)
	})
	return db.Wrap(err, "end organisation %s", id)
}

// MergeOrganisation ends an organisation and names the one that took its place: its people
// and their seats move there, and files that still name the old one find the
// new. What was recorded of the old one stays as it was. It returns a web.Conflict where its
// people would get more than by may give.
func (r *Room) MergeOrganisation(ctx context.Context, by web.Person, id, into string, on db.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if id == into {
			return ErrSame
		}
		o, err := r.open(ctx, q, id)
		if err != nil {
			return err
		}
		successor, err := r.open(ctx, q, into)
		if err != nil {
			return err
		}
		if err := endOrganisation(ctx, q, id, db.Opt(into), on); err != nil {
			return err
		}
		if _, err := r.People.MoveOrganisation(ctx, q, by, id, into); err != nil {
			return fmt.Errorf("move its people: %w", err)
		}
		if err := moveSeats(ctx, q, id, into); err != nil {
			return err
		}
		return r.note(ctx, q, by, "merged", register.OrganisationSubject, id, o.Name+" into "+successor.Name)
	})
	return db.Wrap(err, "merge organisation %s into %s", id, into)
}

// ReopenOrganisation takes an end back, with any successor. It returns ErrNotEnded
// for one that has not ended, and ErrMergedAway for one that was another all along.
func (r *Room) ReopenOrganisation(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		o, err := lockOrganisation(ctx, q, id)
		if err != nil {
			return err
		}
		switch {
		case o.SameAs != "":
			return ErrMergedAway
		case !o.Ended():
			return ErrNotEnded
		}
		if err := reopenOrganisation(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened", register.OrganisationSubject, id, o.Name)
	})
	return db.Wrap(err, "reopen organisation %s", id)
}

// open reads an organisation that has not ended.
func (r *Room) open(ctx context.Context, q db.Reader, id string) (Organisation, error) {
	o, err := organisationByID(ctx, q, id)
	if err == nil && o.Ended() {
		err = ErrEnded
	}
	return o, err
}

// Ensure finds the organisation that a file names, or adds it; of one that has a
// successor it gives the successor. An organisation that is known keeps its
// sector, whatever the file says: ask Sector, and report the difference. An
// empty sector means "other". One that is added here is marked as brought, and is not a
// relevant agency until somebody says so. It is for importers, which call it in their own
// transaction and list what they created.
func (r *Room) Ensure(ctx context.Context, q db.Q, name, sector string) (id string, created bool, err error) {
	name = tidy(name)
	if sector == "" {
		sector = register.Other
	}
	if name == "" {
		return "", false, errors.New("an organisation needs a name")
	}
	o := Organisation{ID: r.NewID(), Name: name, Sector: sector}
	id, err = r.current(ctx, q, name)
	if !errors.Is(err, db.ErrNotFound) {
		return id, false, err
	}
	if err := knownSector(ctx, q, sector); err != nil {
		return "", false, fmt.Errorf("organisation %s: %w", name, err)
	}
	added, err := insertOrganisationOnce(ctx, q, o, db.At(r.Now()))
	if err != nil {
		return "", false, fmt.Errorf("add organisation %s: %w", name, err)
	}
	if !added { // another import added it since
		id, err = r.current(ctx, q, name)
		return id, false, err
	}
	return o.ID, true, nil
}

// maxSuccessors ends a walk along successors that somehow goes round.
const maxSuccessors = 20

func (r *Room) current(ctx context.Context, q db.Reader, name string) (string, error) {
	o, err := organisationByName(ctx, q, name)
	for n := 0; err == nil && o.SuccessorID != "" && n < maxSuccessors; n++ {
		o, err = organisationByID(ctx, q, string(o.SuccessorID))
	}
	return o.ID, db.Wrap(err, "look for organisation %s", name)
}

// Sector tells an organisation's sector.
func (r *Room) Sector(ctx context.Context, q db.Reader, id string) (string, error) {
	o, err := organisationByID(ctx, q, id)
	return o.Sector, err
}

// SetStatutory marks whether an organisation is a statutory safeguarding
// partner.
func (r *Room) SetStatutory(ctx context.Context, by web.Person, id string, statutory bool) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		o, err := organisationByID(ctx, q, id)
		if err != nil {
			return err
		}
		o.Statutory = statutory
		if err := updateOrganisation(ctx, q, o); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", register.OrganisationSubject, id, o.Name)
	})
	return db.Wrap(err, "mark organisation %s", id)
}

// knownSector returns ErrUnknownSector for what is no sector.
func knownSector(ctx context.Context, q db.Reader, id string) error {
	list, err := register.ReadSectors(ctx, q)
	if err != nil {
		return err
	}
	if _, ok := list.Get(id); !ok {
		return fmt.Errorf("%w %q", ErrUnknownSector, id)
	}
	return nil
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, subject, id, detail string,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, id, detail,
		more...)
}
