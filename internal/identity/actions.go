package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// subject is what the audit trail calls a person.
const subject = register.PersonSubject

// AddPerson adds a person. It returns ErrPersonTaken when there is one of the name with
// the address.
func (r *Room) AddPerson(ctx context.Context, by web.Person, p Person) (string, error) {
	p.ID, p.Active, p.CreatedAt, p.Email = r.NewID(), true, db.At(r.Now()), cleanEmail(p.Email)
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertPerson(ctx, q, p); err != nil {
			return db.TakenAs(err, ErrPersonTaken)
		}
		return r.note(ctx, q, by, actAdded, p.ID, p.Name)
	})
	return p.ID, db.Wrap(err, "add person")
}

// What the trail says of those acts that change what a form of a person shows.
// Signing in stands in the same trail, and changes none.
const (
	actAdded   = "added"
	actChanged = "changed"
	actRoles   = "set the roles to "
)

// SavePerson changes who a person is, on a form that showed what was seen. Another
// address for somebody whose roles give what by does not hold waits for a second person,
// with the reason why; then waits is true and everything else is saved. It returns
// ErrBeyond, ErrOrganisation or ErrNoReason for what by may not do alone, ErrPersonTaken
// or ErrAddressUsed, or *web.Changed when somebody changed the person meanwhile.
func (r *Room) SavePerson(ctx context.Context, by web.Person, p Person, reason string, seen web.Seen) (waits bool,
	err error) {
	p.Email = cleanEmail(p.Email)
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := holdRoles(ctx, q); err != nil {
			return err
		}
		if err := lockAddress(ctx, q, p.Email); err != nil {
			return err
		}
		old, held, err := r.governed(ctx, q, by, p.ID, mayTake)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, p.ID, fillPerson(old), actAdded, actChanged); err != nil {
			return err
		}
		if used, err := anotherSignsIn(ctx, q, p.Email, p.ID); err != nil || used && len(held) > 0 {
			return errors.Join(err, ErrAddressUsed)
		}
		if len(access.Lacks(by, moved(held, string(old.OrganisationID), string(p.OrganisationID)))) > 0 {
			return ErrOrganisation
		}
		if waits = p.Email != old.Email && !mayBecome(by, held, string(p.OrganisationID)); waits {
			if err := r.ask(ctx, q, by, old, askAddress, p.Email, reason); err != nil {
				return err
			}
			p.Email, p.Mailbox = old.Email, old.Mailbox
		}
		if opens := old.Shared() && !p.Shared() && p.Email == old.Email; opens && !mayBecome(by, held,
			string(p.OrganisationID)) {
			if err := r.ask(ctx, q, by, old, askMailbox, "", reason); err != nil {
				return err
			}
			p.Mailbox, waits = old.Mailbox, true
		}
		had, err := keepers(ctx, q)
		if err != nil {
			return err
		}
		if err := r.change(ctx, q, by, old, p, held); err != nil {
			return err
		}
		return had.remain(ctx, q) // whose mailbox several read, manages nothing
	})
	return waits, db.Wrap(err, "change person %s", p.ID)
}

// change keeps what is new of a person.
func (r *Room) change(ctx context.Context, q db.Q, by web.Person, old, p Person, held roles) error {
	if err := updatePerson(ctx, q, p); err != nil {
		return db.TakenAs(err, ErrPersonTaken)
	}
	if old.Email != p.Email {
		if err := r.readdress(ctx, q, by, old, p, held); err != nil {
			return err
		}
	}
	now, err := personByID(ctx, q, p.ID)
	if err != nil {
		return err
	}
	return r.note(ctx, q, by, actChanged, p.ID, p.Name,
		audittrail.Between(fillPerson(old), fillPerson(now)))
}

// readdress ends every way into an account that led to the address it had, and sends a link to
// the new one. Who reads an address for a while, and puts it back, has nothing left: no
// session, no password they set, no passkey they added. Who changes their own goes on: they
// have just shown that it is they.
func (r *Room) readdress(ctx context.Context, q db.Q, by web.Person, old, p Person, held roles) error {
	if err := r.endWays(ctx, q, by, p.ID); err != nil {
		return err
	}
	if by.ID == p.ID {
		return r.tellOldAddress(ctx, q, by, old, held)
	}
	for _, end := range []func(context.Context, db.Q, string) error{deletePassword, deleteRecoveryCodes} {
		if err := end(ctx, q, p.ID); err != nil {
			return err
		}
	}
	if _, err := deleteSessions(ctx, q, p.ID, ""); err != nil {
		return err
	}
	if _, err := deleteFactors(ctx, q, p.ID); err != nil {
		return err
	}
	if _, err := deleteAllLinked(ctx, q, p.ID); err != nil {
		return err
	}
	if err := deleteBegun(ctx, q, p.ID, ""); err != nil {
		return err
	}
	if err := r.tellOldAddress(ctx, q, by, old, held); err != nil {
		return err
	}
	if len(held) == 0 || !p.Active || !p.Addressed() {
		return nil
	}
	return r.firstLink(ctx, q, by, p)
}

// tellOldAddress writes to the address that somebody signed in with until now, so that
// nobody's account is led away without their knowing.
func (r *Room) tellOldAddress(ctx context.Context, q db.Q, by web.Person, old Person, held roles) error {
	if !old.Addressed() || len(held) == 0 || !old.Active {
		return nil
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	return r.Mail.Queue(ctx, q, mail.Message{ToAddress: old.Email, ToName: old.Name,
		Subject: "Your e-mail address was changed", Body: addressChanged(old, by, site.Name)})
}

// onlyAccount holds an address and returns ErrAddressOfAnother when somebody else signs
// in with it: one address leads to one account.
func onlyAccount(ctx context.Context, q db.Q, p Person) error {
	if err := lockAddress(ctx, q, p.Email); err != nil {
		return err
	}
	used, err := anotherSignsIn(ctx, q, p.Email, p.ID)
	if err == nil && used {
		err = ErrAddressOfAnother
	}
	return err
}

// EnsurePerson is a person as a file names them.
type EnsurePerson struct {
	Name           string
	Email          string
	JobTitle       string
	OrganisationID string
}

// Ensure finds the person that a file names, or adds them: by name and address, or
// without an address by the name within the organisation. Staff who share an office's
// address are told apart by their names. A record that was merged into another leads to
// that. Of somebody who is known, nothing is changed but what was blank. It is for
// importers, which call it in their own transaction and list whom they created.
func (r *Room) Ensure(ctx context.Context, q db.Q, e EnsurePerson) (id string, created bool, err error) {
	e.Name, e.JobTitle, e.Email = tidy(e.Name), tidy(e.JobTitle), cleanEmail(e.Email)
	if names.Email(e.Name) == e.Email {
		e.Name = "" // an address in the place of a name says no more than the address
	}
	p, err := find(ctx, q, e)
	if err == nil {
		return p.ID, false, r.complete(ctx, q, p, e)
	}
	if !errors.Is(err, db.ErrNotFound) {
		return "", false, fmt.Errorf("look for %s: %w", e.Name, err)
	}
	p = Person{ID: r.NewID(), Name: e.Name, Email: e.Email, JobTitle: e.JobTitle, OrganisationID: db.Opt(e.OrganisationID),
		Active: true, CreatedAt: db.At(r.Now())}
	if p.Name == "" {
		p.Name = e.Email
	}
	if p.Name == "" {
		return "", false, errors.New("a person needs a name or an e-mail address")
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
		all, err := peopleByEmail(ctx, q, e.Email)
		if err != nil {
			return Person{}, err
		}
		return current(ctx, q, all, chosenByName(all, e))
	}
	people, err := peopleLike(ctx, q, e.Name, e.OrganisationID)
	if err != nil {
		return Person{}, err
	}
	return current(ctx, q, people, named(people, e.Name))
}

// named finds the first of a name; -1 for nobody.
func named(people []Person, name string) int {
	return slices.IndexFunc(people, func(p Person) bool { return names.Key(p.Name) == names.Key(name) })
}

// chosenByName finds whom a name means among those who have an address: who has the
// name, or its words in another order, or else who is known by nothing but the address. Without a name it is the one
// person there is; of several nobody says which.
func chosenByName(all []Person, e EnsurePerson) int {
	if i := named(all, e.Name); i >= 0 && e.Name != "" {
		return i
	}
	if i := slices.IndexFunc(all, func(p Person) bool { return names.Person(p.Name) == names.Person(e.Name) }); i >= 0 &&
		e.Name != "" {
		return i
	}
	if i := named(all, e.Email); i >= 0 {
		return i
	}
	if e.Name == "" && len(all) > 0 && (len(all) == 1 || all[1].SameAs != "") {
		return 0
	}
	return -1
}

// maxMerges ends a walk along merged records that somehow goes round.
const maxMerges = 20

// current gives one of a list, or the record that it was merged into.
func current(ctx context.Context, q db.Reader, list []Person, i int) (Person, error) {
	if i < 0 {
		return Person{}, db.ErrNotFound
	}
	p := list[i]
	var err error
	for n := 0; err == nil && p.SameAs != "" && n < maxMerges; n++ {
		p, err = personByID(ctx, q, string(p.SameAs))
	}
	return p, err
}

// complete fills in what was not known of a person.
func (r *Room) complete(ctx context.Context, q db.Q, p Person, e EnsurePerson) error {
	before := p
	if p.Name == p.Email && e.Name != "" {
		p.Name = e.Name
	}
	if p.JobTitle == "" {
		p.JobTitle = e.JobTitle
	}
	if p.OrganisationID == "" {
		// Whoever has a role could do more for an organisation: a person says where they belong.
		held, err := rolesOf(ctx, q, p.ID)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			p.OrganisationID = db.Opt(e.OrganisationID)
		}
	}
	if p == before {
		return nil
	}
	return updatePerson(ctx, q, p)
}

// RoleCalled finds the role that a word on the command line means, by its id or its name; "" where
// there is none. offered lists what can be written.
func (r *Room) RoleCalled(ctx context.Context, word string) (id string, offered []string, err error) {
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return "", nil, db.Wrap(err, "find a role")
	}
	for _, x := range known.offered() {
		if x.Own {
			offered = append(offered, strconv.Quote(x.Title))
		} else {
			offered = append(offered, x.ID)
		}
	}
	if ids, unknown := known.rolesIn(word); unknown == "" && len(ids) == 1 {
		id = ids[0]
	}
	return id, offered, nil
}

// AddUser makes, or finds, somebody who can sign in, with their first password and one
// role: whoever has a role with the address, or the name and the address. What they have
// already is not changed. It returns ErrSignsIn for somebody who has a password, and
// ErrUnknownRole.
func (r *Room) AddUser(ctx context.Context, name, email, role, password string) (string, error) {
	name, email = tidy(name), cleanEmail(email)
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return "", fmt.Errorf("add user: %w", err)
	}
	if x, ok := known.role(role); !ok || x.Retired {
		return "", fmt.Errorf("add user: %w %q", ErrUnknownRole, role)
	}
	if name == "" || !strings.Contains(email, "@") {
		return "", errors.New("add user: a name and an e-mail address are needed")
	}
	hash, err := r.usable(ctx, password, name, email)
	if err != nil {
		return "", fmt.Errorf("add user: %w", err)
	}
	var id string
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockAddress(ctx, q, email); err != nil {
			return err
		}
		used, err := anotherSignsIn(ctx, q, email, "")
		if err != nil {
			return err
		}
		if used { // whoever signs in with an address is meant, however the name is written
			p, err := accountByEmail(ctx, q, email)
			if err != nil {
				return err
			}
			id = p.ID
		} else if id, _, err = r.Ensure(ctx, q, EnsurePerson{Name: name, Email: email}); err != nil {
			return err
		}
		if _, err := passwordOf(ctx, q, id); !errors.Is(err, db.ErrNotFound) {
			return cmp.Or(err, ErrSignsIn)
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
		return r.note(ctx, q, web.Person{}, "added from the command line", id, name)
	})
	return id, db.Wrap(err, "add user")
}

// NoPasswordYet reports whether the person of an e-mail address has a role and no password.
func (r *Room) NoPasswordYet(ctx context.Context, email string) (bool, error) {
	p, err := accountByEmail(ctx, r.Work, cleanEmail(email))
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	var held roles
	if err == nil {
		held, err = rolesOf(ctx, r.Work, p.ID)
	}
	if err == nil && len(held) > 0 {
		if _, err = passwordOf(ctx, r.Work, p.ID); errors.Is(err, db.ErrNotFound) {
			return true, nil
		}
	}
	return false, db.Wrap(err, "look for who has no password")
}

// SignsIn reports whether the person of an e-mail address has a password.
func (r *Room) SignsIn(ctx context.Context, email string) (bool, error) {
	p, err := accountByEmail(ctx, r.Work, cleanEmail(email))
	if err == nil {
		_, err = passwordOf(ctx, r.Work, p.ID)
	}
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil, db.Wrap(err, "look for who signs in")
}

// GivePassword replaces the password of somebody who signs in and ends what they are
// signed in to; it activates nobody. It returns ErrNoPassword when there is nobody.
func (r *Room) GivePassword(ctx context.Context, email, password string) error {
	p, err := accountByEmail(ctx, r.Work, cleanEmail(email))
	if errors.Is(err, db.ErrNotFound) {
		return ErrNoPassword
	} else if err != nil {
		return fmt.Errorf("give a password: %w", err)
	}
	hash, err := r.usable(ctx, password, p.Name, p.Email)
	if err != nil {
		return fmt.Errorf("give a password: %w", err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := passwordOf(ctx, q, p.ID); errors.Is(err, db.ErrNotFound) {
			return ErrNoPassword
		} else if err != nil {
			return err
		}
		if err := putPassword(ctx, q, p.ID, hash, db.At(r.Now())); err != nil {
			return err
		}
		if err := setPasswordMailed(ctx, q, p.ID, db.Time{}); err != nil { // whoever has the machine vouches
			return err
		}
		if _, err := deleteSessions(ctx, q, p.ID, ""); err != nil {
			return err
		}
		if _, err := deleteAllLinked(ctx, q, p.ID); err != nil {
			return err
		}
		return r.note(ctx, q, web.Person{}, "given a new password from the command line", p.ID, p.Name)
	})
	return db.Wrap(err, "give a password")
}

// usable hashes a password of somebody, if it can be used.
func (r *Room) usable(ctx context.Context, password, name, email string) (string, error) {
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return "", err
	}
	if problem := checkPassword(password, name, email, site.Name); problem != "" {
		return "", fmt.Errorf("the password cannot be used: %s", problem)
	}
	return r.hasher.hash(ctx, "", password)
}

// EnsurePersona makes, or finds, the person who plays a role in the
// demonstration. They have no password and can be entered only through
// DemoRoutes.
func (r *Room) EnsurePersona(ctx context.Context, role, name, organisationID string) (string, error) {
	ro, ok := access.RoleByID(role)
	if !ok {
		return "", fmt.Errorf("persona: %w %q", ErrUnknownRole, role)
	}
	var id string
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		id, _, err = r.Ensure(ctx, q, EnsurePerson{Name: name, Email: role + "@demonstration.example", JobTitle: ro.Title,
			OrganisationID: organisationID})
		if err != nil {
			return err
		}
		if err := insertRole(ctx, q, id, role); err != nil {
			return err
		}
		if err := putPersona(ctx, q, role, id); err != nil {
			return err
		}
		return r.Search.Changed(ctx, q, subject, id)
	})
	return id, db.Wrap(err, "persona %s", role)
}

// PersonByID finds a person by id.
func (r *Room) PersonByID(ctx context.Context, id string) (Person, error) {
	return personByID(ctx, r.Work, id)
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, personID, detail string,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, personID, detail,
		more...)
}

// tidy makes one line of what a file or a person wrote.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }
