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

// Add adds an organisation. It returns ErrNameTaken when there is, or was, one
// of the name.
func (r *Room) Add(ctx context.Context, by web.Person, o Organisation) (string, error) {
	o.ID, o.Name = r.NewID(), tidy(o.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := knownSector(ctx, q, o.Sector); err != nil {
			return err
		}
		if err := insertOrganisation(ctx, q, o, db.At(r.Now())); err != nil {
			return nameTaken(err)
		}
		return r.note(ctx, q, by, "added", "organisation", o.ID, o.Name)
	})
	if err != nil {
		return "", fmt.Errorf("add organisation: %w", err)
	}
	return o.ID, nil
}

// Edit changes an organisation's name, sector and whether it is a statutory
// safeguarding partner.
func (r *Room) Edit(ctx context.Context, by web.Person, o Organisation) error {
	o.Name = tidy(o.Name)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := knownSector(ctx, q, o.Sector); err != nil {
			return err
		}
		if err := updateOrganisation(ctx, q, o); err != nil {
			return nameTaken(err)
		}
		return r.note(ctx, q, by, "changed", "organisation", o.ID, o.Name)
	})
	if err != nil {
		return fmt.Errorf("edit organisation %s: %w", o.ID, err)
	}
	return nil
}

// End says that an organisation is no more from a day on, with nothing in its
// place. Its people stay with it until somebody moves them.
func (r *Room) End(ctx context.Context, by web.Person, id string, on db.Date) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		o, err := r.open(ctx, q, id)
		if err != nil {
			return err
		}
		if err := endOrganisation(ctx, q, id, "", on); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended", "organisation", id, o.Name)
	})
	if err != nil {
		return fmt.Errorf("end organisation %s: %w", id, err)
	}
	return nil
}

// Merge ends an organisation and names the one that took its place: its people
// and their seats move there, and files that still name the old one find the
// new. What was recorded of the old one stays as it was.
func (r *Room) Merge(ctx context.Context, by web.Person, id, into string, on db.Date) error {
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
		if _, err := r.People.MoveOrganisation(ctx, q, id, into); err != nil {
			return fmt.Errorf("move its people: %w", err)
		}
		if err := moveSeats(ctx, q, id, into); err != nil {
			return err
		}
		return r.note(ctx, q, by, "merged", "organisation", id, o.Name+" into "+successor.Name)
	})
	if err != nil {
		return fmt.Errorf("merge organisation %s into %s: %w", id, into, err)
	}
	return nil
}

// Reopen takes an end back, with any successor.
func (r *Room) Reopen(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		o, err := organisationByID(ctx, q, id)
		if err != nil {
			return err
		}
		if err := reopenOrganisation(ctx, q, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "reopened", "organisation", id, o.Name)
	})
	if err != nil {
		return fmt.Errorf("reopen organisation %s: %w", id, err)
	}
	return nil
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
// empty sector means "other". It is for importers, which call it in their own
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
	if err != nil {
		return "", fmt.Errorf("look for organisation %s: %w", name, err)
	}
	return o.ID, nil
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
		return r.note(ctx, q, by, "changed", "organisation", id, o.Name)
	})
	if err != nil {
		return fmt.Errorf("mark organisation %s: %w", id, err)
	}
	return nil
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

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, subject, id, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: subject, SubjectID: id, Detail: detail})
}

func nameTaken(err error) error {
	if db.IsUnique(err) {
		return ErrNameTaken
	}
	return err
}
