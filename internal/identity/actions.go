package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// Add adds a person. It returns ErrEmailTaken when somebody has the address.
func (r *Room) Add(ctx context.Context, by web.Person, p Person) (string, error) {
	p.ID, p.Active, p.CreatedAt, p.Email = r.NewID(), true, db.At(r.Now()), cleanEmail(p.Email)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertPerson(ctx, q, p); err != nil {
			return taken(err)
		}
		return r.note(ctx, q, by, "added", p.ID, p.Name)
	})
	if err != nil {
		return "", fmt.Errorf("add person: %w", err)
	}
	return p.ID, nil
}

// Edit changes who a person is. It returns ErrBeyond for somebody whose role may
// do more than by's, and ErrEmailTaken.
func (r *Room) Edit(ctx context.Context, by web.Person, p Person) error {
	p.Email = cleanEmail(p.Email)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		old, err := r.governed(ctx, q, by, p.ID)
		if err != nil {
			return err
		}
		if err := updatePerson(ctx, q, p); err != nil {
			return taken(err)
		}
		if old.Email != p.Email { // a link on its way to the old address must not work
			if err := deleteLinks(ctx, q, p.ID); err != nil {
				return err
			}
		}
		return r.note(ctx, q, by, "changed", p.ID, p.Name)
	})
	if err != nil {
		return fmt.Errorf("edit person %s: %w", p.ID, err)
	}
	return nil
}

// SetRoles gives a person exactly the roles named. Nobody can take from
// themselves what lets them manage people (ErrYourself), so that somebody always
// can.
func (r *Room) SetRoles(ctx context.Context, by web.Person, personID string, roleIDs []string) error {
	for _, id := range roleIDs {
		if _, ok := RoleByID(id); !ok {
			return fmt.Errorf("set roles: %w %q", ErrUnknownRole, id)
		}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := r.governed(ctx, q, by, personID)
		if err != nil {
			return err
		}
		if !mayGovern(by.Permissions, roleIDs) {
			return ErrBeyond
		}
		if by.ID == personID && !permissionsOf(roleIDs)["people:manage"] {
			return ErrYourself
		}
		if err := deleteRoles(ctx, q, personID); err != nil {
			return err
		}
		for _, id := range roleIDs {
			if err := insertRole(ctx, q, personID, id); err != nil {
				return err
			}
		}
		words := lang.Join(titlesOf(roleIDs))
		if words == "" {
			words = "none"
		}
		return r.note(ctx, q, by, "set the roles of", personID, p.Name+": "+words)
	})
	if err != nil {
		return fmt.Errorf("set roles of %s: %w", personID, err)
	}
	return nil
}

// Deactivate shuts a person out: their sessions end, links to them stop working
// and they can no longer be chosen. What they did stays.
func (r *Room) Deactivate(ctx context.Context, by web.Person, personID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := r.governed(ctx, q, by, personID)
		if err != nil {
			return err
		}
		if by.ID == personID {
			return ErrYourself
		}
		if err := setActive(ctx, q, personID, false); err != nil {
			return err
		}
		if _, err := deleteSessions(ctx, q, personID, ""); err != nil {
			return err
		}
		if err := deleteLinks(ctx, q, personID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deactivated", personID, p.Name)
	})
	if err != nil {
		return fmt.Errorf("deactivate %s: %w", personID, err)
	}
	return nil
}

// Activate lets a person in again, with the roles and password they had.
func (r *Room) Activate(ctx context.Context, by web.Person, personID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := r.governed(ctx, q, by, personID)
		if err != nil {
			return err
		}
		if err := setActive(ctx, q, personID, true); err != nil {
			return err
		}
		return r.note(ctx, q, by, "activated", personID, p.Name)
	})
	if err != nil {
		return fmt.Errorf("activate %s: %w", personID, err)
	}
	return nil
}

// EnsurePerson is a person as a file names them.
type EnsurePerson struct {
	Name           string
	Email          string
	JobTitle       string
	OrganisationID string
}

// Ensure finds the person that a file names, or adds them: by the address, or
// without one by the name within the organisation. Of somebody who is known,
// nothing is changed but what was blank. It is for importers, which call it in
// their own transaction and list whom they created.
func (r *Room) Ensure(ctx context.Context, q db.Q, e EnsurePerson) (id string, created bool, err error) {
	e.Name, e.JobTitle, e.Email = tidy(e.Name), tidy(e.JobTitle), cleanEmail(e.Email)
	p, err := find(ctx, q, e)
	if err == nil {
		return p.ID, false, r.complete(ctx, q, p, e)
	}
	if !errors.Is(err, db.ErrNotFound) {
		return "", false, fmt.Errorf("look for %s: %w", e.Name, err)
	}
	p = Person{ID: r.NewID(), Name: e.Name, Email: e.Email, JobTitle: e.JobTitle, OrganisationID: db.Opt(e.OrganisationID), Active: true, CreatedAt: db.At(r.Now())}
	if p.Name == "" {
		p.Name = e.Email
	}
	if p.Name == "" {
		return "", false, errors.New("a person needs a name or an email address")
	}
	added, err := insertPersonOnce(ctx, q, p)
	if err != nil {
		return "", false, fmt.Errorf("add %s: %w", p.Name, err)
	}
	if !added { // another import added them since
		p, err = find(ctx, q, e)
		return p.ID, false, err
	}
	return p.ID, true, nil
}

func find(ctx context.Context, q db.Reader, e EnsurePerson) (Person, error) {
	if e.Email != "" {
		return personByEmail(ctx, q, e.Email)
	}
	people, err := peopleLike(ctx, q, e.Name, e.OrganisationID)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(people, func(p Person) bool { return db.Fold(p.Name) == db.Fold(e.Name) })
	if i < 0 {
		return Person{}, db.ErrNotFound
	}
	return people[i], nil
}

// complete fills in what was not known of a person.
func (r *Room) complete(ctx context.Context, q db.Q, p Person, e EnsurePerson) error {
	before := p
	if p.JobTitle == "" {
		p.JobTitle = e.JobTitle
	}
	if p.OrganisationID == "" {
		p.OrganisationID = db.Opt(e.OrganisationID)
	}
	if p == before {
		return nil
	}
	return updatePerson(ctx, q, p)
}

// MoveOrganisation puts everybody of one organisation into another, when the one
// has become part of the other.
func (r *Room) MoveOrganisation(ctx context.Context, q db.Q, from, to string) (int64, error) {
	return moveOrganisation(ctx, q, from, to)
}

// AddUser makes somebody who can sign in, from the command line: a new person,
// or the one with the address, who gets the role and the password. It is how the
// first administrator comes to be.
func (r *Room) AddUser(ctx context.Context, name, email, role, password string) (string, error) {
	name, email = tidy(name), cleanEmail(email)
	if _, ok := RoleByID(role); !ok {
		return "", fmt.Errorf("add user: %w %q", ErrUnknownRole, role)
	}
	if name == "" || !strings.Contains(email, "@") {
		return "", errors.New("add user: a name and an email address are needed")
	}
	if problem := checkPassword(password, name, email); problem != "" {
		return "", fmt.Errorf("add user: the password cannot be used: %s", problem)
	}
	hash, err := r.hasher.hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("add user: %w", err)
	}
	var id string
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if id, _, err = r.Ensure(ctx, q, EnsurePerson{Name: name, Email: email}); err != nil {
			return err
		}
		if err := setActive(ctx, q, id, true); err != nil {
			return err
		}
		if err := insertRole(ctx, q, id, role); err != nil {
			return err
		}
		if err := putPassword(ctx, q, id, hash, db.At(r.Now())); err != nil {
			return err
		}
		if _, err := deleteSessions(ctx, q, id, ""); err != nil {
			return err
		}
		return r.note(ctx, q, web.Person{}, "added from the command line", id, name)
	})
	if err != nil {
		return "", fmt.Errorf("add user: %w", err)
	}
	return id, nil
}

// EnsurePersona makes, or finds, the person who plays a role in the
// demonstration. They have no password and can be entered only through
// DemoRoutes.
func (r *Room) EnsurePersona(ctx context.Context, role, name, organisationID string) (string, error) {
	ro, ok := RoleByID(role)
	if !ok {
		return "", fmt.Errorf("persona: %w %q", ErrUnknownRole, role)
	}
	var id string
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		id, _, err = r.Ensure(ctx, q, EnsurePerson{Name: name, Email: role + "@demonstration.example", JobTitle: ro.Title, OrganisationID: organisationID})
		if err != nil {
			return err
		}
		if err := insertRole(ctx, q, id, role); err != nil {
			return err
		}
		return putPersona(ctx, q, role, id)
	})
	if err != nil {
		return "", fmt.Errorf("persona %s: %w", role, err)
	}
	return id, nil
}

// Person finds a person by id.
func (r *Room) PersonByID(ctx context.Context, id string) (Person, error) {
	return personByID(ctx, r.Work, id)
}

// governed reads a person that by is about to change, and refuses when their
// role may do more than by's.
func (r *Room) governed(ctx context.Context, q db.Reader, by web.Person, personID string) (Person, error) {
	p, err := personByID(ctx, q, personID)
	if err != nil {
		return p, err
	}
	held, err := rolesOf(ctx, q, personID)
	if err != nil {
		return p, err
	}
	if !mayGovern(by.Permissions, held) {
		return p, ErrBeyond
	}
	return p, nil
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, personID, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: "person", SubjectID: personID, Detail: detail})
}

func taken(err error) error {
	if db.IsUnique(err) {
		return ErrEmailTaken
	}
	return err
}

// tidy makes one line of what a file or a person wrote.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }
