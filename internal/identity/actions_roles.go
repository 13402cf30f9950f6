package identity

import (
	"context"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// These actions give people their powers, take them away, and shut them out.

// SaveRoles gives a person exactly the roles named, on a form that showed what was
// seen. Roles that give what by does not hold are not given: they wait for a second
// person, with the reason why, and waits says them in words. Nobody can take from themselves what
// lets them manage people (ErrOwnRoles), so that somebody always can. It returns
// ErrBeyond or ErrNoReason too.
func (r *Room) SaveRoles(ctx context.Context, by web.Person, personID string, roleIDs []string, reason string,
	seen web.Seen) (waits []string, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := holdRoles(ctx, q); err != nil {
			return err
		}
		known, err := readCatalogue(ctx, q)
		if err != nil {
			return err
		}
		chosen, err := known.give(roleIDs)
		if err != nil {
			return err
		}
		p, held, err := r.governed(ctx, q, by, personID, anybody)
		if err != nil {
			return err
		}
		if taken := without(held.ids(), chosen.ids()); len(taken) > 0 && !mayTake(by, held, string(p.OrganisationID)) {
			return ErrBeyond
		}
		if err := audittrail.Check(ctx, q, seen, subject, personID, fillRoles(held.ids()), actRoles); err != nil {
			return err
		}
		if by.ID == personID && !chosen.person(by).May(access.PeopleManage) {
			return ErrOwnRoles
		}
		given, second := divide(by, p, held, chosen)
		if len(chosen) > 0 {
			if err := onlyAccount(ctx, q, p); err != nil {
				return err
			}
		}
		for _, g := range second {
			if err := r.ask(ctx, q, by, p, askRole, g.String(), reason); err != nil {
				return err
			}
		}
		waits = known.titles(second.ids())
		if slices.Equal(given.ids(), held.ids()) {
			return nil // nothing but what waits was new
		}
		return r.giveRoles(ctx, q, by, p, known, given)
	})
	return waits, db.Wrap(err, "set roles of %s", personID)
}

// giveRoles makes roles exactly those that a person has.
func (r *Room) giveRoles(ctx context.Context, q db.Q, by web.Person, p Person, known catalogue, given roles) error {
	before, err := keepers(ctx, q)
	if err != nil {
		return err
	}
	if err := deleteRoles(ctx, q, p.ID); err != nil {
		return err
	}
	for _, id := range given.ids() {
		if err := insertRole(ctx, q, p.ID, id); err != nil {
			return err
		}
	}
	if err := before.remain(ctx, q); err != nil {
		return err
	}
	words := lang.Join(known.titles(given.ids()))
	if words == "" {
		words = "none"
	}
	return r.note(ctx, q, by, actRoles+words, p.ID, p.Name)
}

// DeactivatePerson shuts a person out: their sessions end, links to them stop
// working and they can no longer be chosen. What they did stays. It returns
// ErrYourself, ErrBeyond or ErrNotActive, or *web.Changed when somebody changed the
// person since by saw them.
func (r *Room) DeactivatePerson(ctx context.Context, by web.Person, personID string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, _, err := r.governed(ctx, q, by, personID, mayTake)
		switch {
		case err != nil:
			return err
		case by.ID == personID:
			return ErrYourself
		case !p.Active:
			return ErrNotActive
		}
		if err := audittrail.Check(ctx, q, seen, subject, personID, fillPerson(p), actAdded, actChanged); err != nil {
			return err
		}
		if err := holdRoles(ctx, q); err != nil {
			return err
		}
		before, err := keepers(ctx, q)
		if err != nil {
			return err
		}
		if err := setActive(ctx, q, personID, false); err != nil {
			return err
		}
		if err := before.remain(ctx, q); err != nil {
			return err
		}
		if _, err := deleteSessions(ctx, q, personID, ""); err != nil {
			return err
		}
		if err := r.endWays(ctx, q, by, personID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "deactivated", personID, p.Name)
	})
	return db.Wrap(err, "deactivate %s", personID)
}

// ActivatePerson lets a person in again, with the roles and password they had. Where
// their roles give what by does not hold it waits for a second person, with the reason
// why, and waits is true. It returns ErrActive or ErrNoReason.
func (r *Room) ActivatePerson(ctx context.Context, by web.Person, personID, reason string) (waits bool, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, held, err := r.governed(ctx, q, by, personID, anybody)
		switch {
		case err != nil:
			return err
		case p.Active:
			return ErrActive
		}
		if waits = !mayBecome(by, held, string(p.OrganisationID)); waits {
			return r.ask(ctx, q, by, p, askActivate, "", reason)
		}
		return r.activate(ctx, q, by, p)
	})
	return waits, db.Wrap(err, "activate %s", personID)
}

func (r *Room) activate(ctx context.Context, q db.Q, by web.Person, p Person) error {
	if err := setActive(ctx, q, p.ID, true); err != nil {
		return err
	}
	return r.note(ctx, q, by, "activated", p.ID, p.Name)
}

// governed holds a person that by is about to change, with their roles, and returns
// ErrBeyond where by may not, or ErrMergedAway where another record is kept of the person.
func (r *Room) governed(ctx context.Context, q db.Q, by web.Person, personID string,
	may func(by web.Person, held roles, organisationID string) bool) (Person, roles, error) {
	p, err := lockPerson(ctx, q, personID)
	if err != nil {
		return p, nil, err
	}
	if p.SameAs != "" {
		return p, nil, ErrMergedAway
	}
	held, err := rolesOf(ctx, q, personID)
	if err == nil && !may(by, held, string(p.OrganisationID)) {
		err = ErrBeyond
	}
	return p, held, err
}
