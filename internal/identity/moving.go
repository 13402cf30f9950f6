package identity

import (
	"context"
	"maps"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
)

// An organisation that becomes part of another takes its people along, and with them what
// their roles let them do for their organisation. That gives power in the other one, so the
// rule for giving (docs/adr/0018-giving.md) holds for it too.

// in gives what somebody's roles allow once one organisation is another.
func (a account) in(from, to string) map[access.Power]bool {
	become := func(organisation string) string {
		if organisation == from {
			return to
		}
		return organisation
	}
	held := slices.Clone(a.roles)
	for i := range held {
		held[i].For = become(held[i].For)
	}
	return held.powers(become(string(a.OrganisationID)))
}

// with gives what somebody's roles allow in an organisation that another has become part of,
// as power over what was the other's.
func (a account) with(from, to string) map[access.Power]bool {
	out := map[access.Power]bool{}
	for p := range a.roles.powers(string(a.OrganisationID)) {
		if p.OrganisationID == to {
			out[access.Power{Permission: p.Permission, OrganisationID: from}] = true
		}
	}
	return out
}

// movedBeyond names those who could do more, once one organisation is part of another, than
// somebody may give: the people of the one for the other, and those of the other for what
// was the one's. Of some people, or of everybody when who is nil.
func movedBeyond(ctx context.Context, q db.Reader, by web.Person, from, to string, who []string) ([]string, error) {
	all, err := accounts(ctx, q)
	var out []string
	for _, a := range all {
		if who != nil && !slices.Contains(who, a.ID) {
			continue
		}
		more := a.in(from, to)
		if who == nil {
			maps.Copy(more, a.with(from, to))
		}
		for p := range a.roles.powers(string(a.OrganisationID)) {
			delete(more, p)
		}
		if len(access.Lacks(by, more)) > 0 {
			out = append(out, a.Name)
		}
	}
	return out, err
}

// movedWords says who stands in the way of a merge, and what to do; "" for nobody.
func movedWords(who []string) string {
	if len(who) == 0 {
		return ""
	}
	return lang.Join(who) + " would then act for the other organisation too, which is more than you may give. " +
		"Somebody who may act for it can merge them; or take that role away first, merge, and give it again: it then waits " +
		"for a second person."
}

// refusesMove is merge.Offer.Refuses for organisations.
func refusesMove(ctx context.Context, q db.Reader, by web.Person, from, to string, moved []merge.Change) ([]string,
	error) {
	var who []string
	if moved != nil {
		who = []string{}
	}
	for _, c := range moved {
		switch c.Table {
		case "people":
			who = append(who, c.Of("id"))
		case "identity_person_roles":
			who = append(who, c.Of("person_id"))
		}
	}
	names, err := movedBeyond(ctx, q, by, from, to, who)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	return []string{movedWords(names)}, nil
}

// MoveOrganisation puts everybody of one organisation, and every role that was given for it,
// into another, when the one has become part of the other. It returns a web.Conflict where
// that would give somebody more than by holds in the other one.
func (r *Room) MoveOrganisation(ctx context.Context, q db.Q, by web.Person, from, to string) (int64, error) {
	if err := holdRoles(ctx, q); err != nil {
		return 0, err
	}
	names, err := movedBeyond(ctx, q, by, from, to, nil)
	if err != nil {
		return 0, err
	}
	if len(names) > 0 {
		return 0, web.Conflict("Its people cannot be moved yet", movedWords(names))
	}
	return moveOrganisation(ctx, q, from, to)
}
