package identity

import (
	"slices"

	"kith/internal/access"
	"kith/internal/kit/web"
)

// Nobody gives what they do not hold (docs/adr/0018-giving.md). Three rules say what
// somebody who manages people may do to an account; the roles themselves are not named
// in any of them, so that a new permission is guarded from the day it is made.

// mayBecome reports whether somebody holds all that an account's roles give. Changing
// its address, sending a link to it or letting it in again are ways to become it.
func mayBecome(by web.Person, held roles, organisationID string) bool {
	return len(access.Lacks(by, held.powers(organisationID))) == 0
}

// added gives what roles give to somebody of an organisation above what they have.
func added(held, chosen roles, organisationID string) map[access.Power]bool {
	out := chosen.powers(organisationID)
	for p := range held.powers(organisationID) {
		delete(out, p)
	}
	return out
}

// moved gives what roles give in another organisation above what they give in one.
func moved(held roles, from, to string) map[access.Power]bool {
	out := held.powers(to)
	for p := range held.powers(from) {
		delete(out, p)
	}
	return out
}

// mayTake reports whether somebody may take roles away, or shut their account out.
// That gives nothing to anybody, so who manages people may; but whoever may manage
// people or the settings is shut out only by who may manage the settings, or holds all
// of it.
func mayTake(by web.Person, held roles, organisationID string) bool {
	theirs := held.person(web.Person{})
	return by.May(access.SettingsManage) || mayBecome(by, held, organisationID) ||
		!theirs.May(access.PeopleManage) && !theirs.May(access.SettingsManage)
}

// without lists what is in a list and not in another.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// anybody lets whoever manages people begin an act that is decided role by role.
func anybody(web.Person, roles, string) bool { return true }

// divide parts the roles chosen for a person into those that by gives, or that they
// have, and those that need a second person.
func divide(by web.Person, p Person, held, chosen roles) (given, second roles) {
	for _, g := range chosen {
		if len(access.Lacks(by, added(held, roles{g}, string(p.OrganisationID)))) > 0 {
			second = append(second, g)
		} else {
			given = append(given, g)
		}
	}
	return given, second
}
