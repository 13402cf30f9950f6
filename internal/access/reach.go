package access

import (
	"slices"

	"kith/internal/kit/web"
)

// ofOwn are the permissions that reach the records of an organisation alone, each with the
// one that reaches everybody's.
var ofOwn = map[web.Permission]web.Permission{TrainingBookOthers: TrainingManage, AuditsAnswer: AuditsManage}

// Holds reports whether a person holds a permission as it would reach in an
// organisation: what is for one organisation is not held for another.
func Holds(by web.Person, p web.Permission, organisationID string) bool {
	wider, own := ofOwn[p]
	if own && wider != "" && by.May(wider) {
		return true
	}
	if !own {
		return by.May(p)
	}
	// Of no organisation it reaches nothing, and only who has none themselves holds that.
	nowhere := organisationID == "" && by.OrganisationID == "" && len(by.For[p]) == 0
	return by.May(p) && (nowhere || slices.Contains(by.ActsFor(p), organisationID))
}

// A Power is a permission as somebody has it: for an organisation where it reaches no
// further than one.
type Power struct {
	Permission     web.Permission
	OrganisationID string // "" for what reaches everybody's records, or no organisation's
}

// Powers gives all that a person has.
func Powers(of web.Person) map[Power]bool {
	out := map[Power]bool{}
	for p, held := range of.Permissions {
		if !held {
			continue
		}
		if _, own := ofOwn[p]; !own || len(of.ActsFor(p)) == 0 {
			out[Power{Permission: p}] = true
			continue
		}
		for _, organisation := range of.ActsFor(p) {
			out[Power{p, organisation}] = true
		}
	}
	return out
}

// Lacks lists the permissions of powers that somebody does not hold as far as those reach,
// in the order of the constants.
func Lacks(by web.Person, powers map[Power]bool) []web.Permission {
	lacks := map[web.Permission]bool{}
	for x := range powers {
		if !Holds(by, x.Permission, x.OrganisationID) {
			lacks[x.Permission] = true
		}
	}
	return slices.DeleteFunc(Permissions(), func(p web.Permission) bool { return !lacks[p] })
}

// OfOwnOrganisation reports whether a role reaches as far as an organisation in something,
// so that for another organisation it is another power.
func (r Role) OfOwnOrganisation() bool {
	return slices.ContainsFunc(r.Permissions, func(p web.Permission) bool { _, own := ofOwn[p]; return own })
}

// ownWork are the permissions that reach no further than a person's own bookings and the work of
// their organisation.
var ownWork = []web.Permission{TrainingRead, TrainingBook, TrainingBookOthers, AuditsAnswer}

// BeyondOwnWork reports whether a person may do more than their own bookings and the work of their
// organisation.
func BeyondOwnWork(p web.Person) bool {
	for permission, held := range p.Permissions {
		if held && !slices.Contains(ownWork, permission) {
			return true
		}
	}
	return false
}
