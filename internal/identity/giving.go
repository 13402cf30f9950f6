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
func mayBecome(by web.Person, roleIDs []string, organisationID string) bool {
	return len(access.Lacks(by, access.Of(roleIDs...), organisationID)) == 0
}

// added gives the permissions that roles give above those held.
func added(held, chosen []string) map[web.Permission]bool {
	had, out := access.Of(held...), access.Of(chosen...)
	for p := range had {
		delete(out, p)
	}
	return out
}

// mayTake reports whether somebody may take roles away, or shut their account out.
// That gives nothing to anybody, so who manages people may; but whoever may manage
// people or the settings is shut out only by who may manage the settings, or holds all
// of it.
func mayTake(by web.Person, roleIDs []string, organisationID string) bool {
	theirs := access.Of(roleIDs...)
	return by.May(access.SettingsManage) || mayBecome(by, roleIDs, organisationID) ||
		!theirs[access.PeopleManage] && !theirs[access.SettingsManage]
}

// without lists what is in a list and not in another.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// anybody lets whoever manages people begin an act that is decided role by role.
func anybody(web.Person, []string, string) bool { return true }

// divide parts the roles chosen for a person into those that by gives, or that they
// have, and those that need a second person.
func (r *Room) divide(by web.Person, p Person, held, chosen []string) (given, second []string) {
	for _, id := range chosen {
		if len(access.Lacks(by, added(held, []string{id}), string(p.OrganisationID))) > 0 {
			second = append(second, id)
		} else {
			given = append(given, id)
		}
	}
	return given, second
}
