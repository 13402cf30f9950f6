package access

import (
	"slices"
	"strings"

	"kith/internal/kit/web"
)

// A GivenRole is a role as somebody has it: for their own organisation, or for another.
type GivenRole struct {
	Role
	For string // the organisation that it was given for; "" is the person's own
}

// String writes a role as it is given: ROLE or ROLE@ORGANISATION.
func (g GivenRole) String() string {
	if g.For == "" {
		return g.ID
	}
	return g.ID + "@" + g.For
}

// ParseGiven parts a role as it is written by String.
func ParseGiven(s string) (roleID, organisationID string) {
	roleID, organisationID, _ = strings.Cut(s, "@")
	return roleID, organisationID
}

// With gives a person with all that roles, as they have them, allow together. A role that
// is retired allows nothing.
func With(p web.Person, given []GivenRole) web.Person {
	p.Permissions, p.For = map[web.Permission]bool{}, nil
	reaches := map[web.Permission][]string{}
	for _, g := range given {
		if g.Retired {
			continue
		}
		organisation := g.For
		if organisation == "" {
			organisation = p.OrganisationID
		}
		for _, x := range g.Permissions {
			p.Permissions[x] = true
			if organisation != "" && !slices.Contains(reaches[x], organisation) {
				reaches[x] = append(reaches[x], organisation)
			}
		}
	}
	for x, list := range reaches {
		if len(list) == 1 && list[0] == p.OrganisationID {
			continue
		}
		if p.For == nil {
			p.For = map[web.Permission][]string{}
		}
		p.For[x] = list
	}
	return p
}
